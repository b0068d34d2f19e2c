"""Words of the workspace: setting it up, its admins, and what `/muster` shows a person."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "command.muster.usage": (
        "/muster   or   /muster COMMAND …   or   /muster quiet until 15:00   or   /muster me"
    ),
    "command.muster.example": "/muster audit T-1042",
    "command.muster.what": "Show what I can do for you, and where things stand.",
    "command.version": "Muster {version}",
    "workspace.admin_help": (
        "*Admins*  `/muster setup` (the first one), `/muster admin add @ana`,"
        " `/muster admin remove @ana`, `/muster grant @ben manager Kestrel`,"
        " `/muster revoke @ben manager Kestrel`, `/squad create Kestrel Europe/Berlin`"
    ),
    "workspace.set_up": (
        "Muster is set up and you are its first admin.\n"
        "Next: `/squad create Kestrel Europe/Berlin`, then"
        " `/muster grant @someone manager Kestrel`. A second admin is wise:"
        " `/muster admin add @someone`."
    ),
    "workspace.set_up_before": "Muster is set up already. Its admins: {admins}.",
    "workspace.admin_added": "{person} is an admin now. Admins: {admins}.",
    "workspace.admin_was": "{person} was an admin already. Admins: {admins}.",
    "workspace.admin_removed": "{person} is no longer an admin. Admins: {admins}.",
    "workspace.admin_was_not": "{person} was not an admin. Admins: {admins}.",
    "workspace.admins": "Admins: {admins}.",
    "workspace.squad": "*{squad}* · {state} · you: {roles}, {status}",
    "workspace.squad_managers": "Managers: {managers}",
    "workspace.squad_next": "Next: {step}",
    "workspace.squad_none": (
        "You are not in a squad yet. A manager adds you with `/squad add @you`."
    ),
    "workspace.waiting.one": "One message waits for you; it comes in your working hours.",
    "workspace.waiting.other": "{n} messages wait for you; they come in your working hours.",
    "workspace.waiting_none": "No message waits for you.",
    # The shell.
    "workspace.shell.none": "Nobody administers Muster here yet.",
    "workspace.shell.admin": "{name} ({user})",
    "workspace.shell.not_in_slack": "not seen in Slack yet",
    "workspace.shell.added": "{name} is an admin now.",
    "workspace.shell.was": "{name} was an admin already.",
    "workspace.shell.removed": "{name} is no longer an admin.",
    "workspace.shell.was_not": "{name} was not an admin.",
    # What cannot be done.
    "error.not_allowed_administer": (
        "That is for Muster's admins. `/muster admin list` says who they are."
    ),
    "error.setup_needs_slack_admin": (
        "Only an admin or owner of this Slack workspace can set Muster up. Ask one of them to type"
        " `/muster setup`."
    ),
    "error.never_admin": (
        "{name} cannot be an admin: guests, people of other workspaces, bots and deactivated"
        " accounts cannot."
    ),
    "error.last_admin": (
        "{name} is the last admin. Add another one first: `/muster admin add @someone`."
    ),
    "error.admin_arguments": (
        "Please write `/muster admin add @someone`, `/muster admin remove @someone` or"
        " `/muster admin list`."
    ),
    "error.grant_arguments": (
        "Please write `/muster grant @someone manager Kestrel` or"
        " `/muster revoke @someone manager Kestrel`."
    ),
    "error.unknown_user_id": (
        "I know nobody called {user} yet. Let them type `/muster` once in Slack, or use their"
        " e-mail address."
    ),
    "error.not_a_user": (
        "“{user}” is neither a Slack user id, as in U0123ABCD, nor an e-mail address."
    ),
}
