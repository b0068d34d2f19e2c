"""Words of coaching: the form, what the member reads, and sharing praise."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "command.coach.usage": "/coach @someone [praise: | coaching:] text",
    "command.coach.example": "/coach @ana praise: your notes on T-1042 saved us an hour",
    "command.coach.what": "Tell a member of your squad something, privately. Without text a form"
    " opens.",
    "coaching.form.title": "Tell someone",
    "coaching.form.send": "Send",
    "coaching.form.person": "Who",
    "coaching.form.person.placeholder": "A member of your squad",
    "coaching.form.person.in_squad": "{name} · {squad}",
    "coaching.form.more": "Not everybody fits in this list; `/coach @someone text` reaches anyone"
    " in your squads.",
    "coaching.form.kind": "What",
    "coaching.form.body": "Your words",
    "coaching.form.privacy": "Only this person reads it. Praise is shown to the team if they say"
    " so.",
    "coaching.kind.feedback": "Feedback",
    "coaching.kind.praise": "Praise",
    "coaching.kind.coaching": "Coaching",
    "coaching.saved.title": "Sent",
    "coaching.saved": "{arrival} Only they see it.",
    "coaching.message.feedback": "{name} has feedback for you",
    "coaching.message.praise": "{name} praises your work",
    "coaching.message.coaching": "{name} has a word of coaching for you",
    "coaching.thanks": "Thanks",
    "coaching.share": "Share with the team",
    "coaching.share.hint": "Only you see this. *Share with the team* posts it in your team"
    " channel.",
    "coaching.thanked": "You said thanks.",
    "coaching.was_shared": "Shared with the team.",
    "coaching.read": "Read",
    "coaching.shared": "{name} praises {person}",
    "error.not_allowed_coach": "That is for the managers and auditors of a squad.",
    "error.own_coaching": "This is about others. Your own notes are better kept elsewhere.",
    "error.not_a_member": (
        "This person is not an active member of a squad that you manage or audit. A manager adds"
        " people with `/squad add @someone`."
    ),
    "error.nobody_here": (
        "There is nobody else in your squads yet. A manager adds people with `/squad add @someone`."
    ),
    "error.coach_who": "Please choose whom you mean.",
    "error.coach_arguments": (
        "I expected one person and then your words, as in `/coach @ana your notes on T-1042"
        " helped`."
    ),
    "error.no_coaching": "This message is no longer there.",
    "error.not_your_coaching": "Only the person it was written for can do this.",
    "error.only_praise_is_shared": "Only praise can be shared with the team.",
    "error.no_team_channel": (
        "Your squad has no team channel yet, so there is nowhere to share it. A manager sets one"
        " with `/squad`."
    ),
}
