"""What a person reads when something cannot be done: what, where, and what to do next."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "error.database_busy": (
        "The database is busy with something longer. Nothing was changed; please try again"
        " in a moment."
    ),
    "error.internal": (
        "Something went wrong on my side, and nothing was changed. Please try again; if it stays,"
        " tell your admin this reference: `{reference}`."
    ),
    "error.timed_out": (
        "That took longer than Slack allows me. It may still have been saved: please look before"
        " you try again. Reference: `{reference}`."
    ),
    "error.old_button": (
        "This button is from an older version and no longer works. Please run the command again."
    ),
    "error.expired_trigger": (
        "The form took too long to open (Slack allows three seconds). Please try again."
    ),
    "error.form_refused": "Slack would not open the form. Please try again in a moment.",
    "error.unknown_command": "I do not know `{command}`. `/muster` lists what I can do for you.",
    "error.unknown_person": "I cannot find {name} in this workspace.",
    "error.guest_or_bot": "Muster keeps no record for bots; {name} is one.",
    "error.not_set_up": (
        "Muster is not set up in this workspace yet. A Slack admin or owner starts with"
        " `/muster setup`."
    ),
    "error.not_connected": (
        "Muster is not connected to this Slack workspace. Whoever runs it starts it with this"
        " workspace's token."
    ),
    "error.org_wide_install": (
        "This token belongs to an app installed for a whole organisation. Muster serves one"
        " workspace: please install the app there and use that token."
    ),
    "error.manifest_prefix": (
        "A prefix holds only small letters, digits, - and _, for example ops-."
    ),
    "error.manifest_command": "{command} has {length} characters and Slack takes {limit}.",
    "error.manifest_origin": (
        "Slack calls an https address without a path, for example https://bot.example.org."
    ),
    "error.no_squad": "You are not in a squad yet. A manager adds you with `/squad add @you`.",
    "error.which_squad": (
        "You are in several squads ({squads}). Please name one, or run the command in its channel."
    ),
    "error.unknown_squad": "There is no squad called “{squad}” here. Known: {known}.",
    "error.unknown_project": "There is no project called “{project}” here. Known: {known}.",
    "error.which_project": (
        "This squad works on several projects ({projects}). Please name one, as in `{example}`."
    ),
    "error.no_project": "This squad has no project yet. A manager adds one with `/squad project`.",
    "error.empty_text": "There is nothing in it yet. Please write at least a few words.",
    "error.text_too_long": "That is {length} characters; {limit} is the most I can keep.",
}
