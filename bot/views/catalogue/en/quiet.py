"""A person's own quiet hours."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "quiet.hours": (
        "From {start} to {end} ({zone}) I send you nothing unprompted, on top of your working"
        " hours."
    ),
    "quiet.until": "Until {moment} ({zone}) I send you nothing unprompted.",
    "quiet.end": "`/muster quiet off` ends that.",
    "quiet.off": "You have no quiet hours. I still keep to your working hours.",
    "quiet.form.title": "Quiet hours",
    "quiet.form.what": (
        "Times are of your clock ({zone}), as in 12:30. What you ask me I still answer at once;"
        " what waits comes afterwards. An empty field means no quiet."
    ),
    "quiet.form.start": "Every day from",
    "quiet.form.end": "Every day to",
    "quiet.form.until": "Only once, until",
    "error.quiet_half": "Quiet hours need both times, as in 12:00 and 13:30.",
    "error.bad_quiet": (
        "“{text}” does not say when it is quiet. Please write it as in"
        " `/muster quiet 12:00-13:30`, `/muster quiet until 15:00` or `/muster quiet off`."
    ),
}
