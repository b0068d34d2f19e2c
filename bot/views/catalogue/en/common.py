"""Words that several capabilities share."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "common.save": "Save",
    "common.cancel": "Cancel",
    "common.close": "Close",
    "common.open_form": "Open the form",
    "common.none": "none",
    "failure.title": "That did not work",
    "command.form_ready": "The form for `{command}` is ready.",
    "command.overview": "*What I can do for you, {name}*",
    "common.and_more": "and {n} more",
    "common.usage": "*Usage:* `{usage}`\n*Example:* `{example}`",
    "common.delete_advice": "What you wrote is visible in the channel; you may want to delete it.",
    "common.private_here": "I answer this one privately. {advice}",
    "common.continue_privately": "Continue privately",
}
