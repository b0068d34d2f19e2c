"""What is noted after a meeting: decisions, notes and actions, written on by several people."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.errors import BadInput
from bot.rules.action_items import ActionItem
from bot.rules.agenda import Meeting
from bot.rules.people import PersonRef
from bot.rules.squads import Squad

NOTES_LIMIT: Final = 3000
"""Slack's own for a text field."""

ACTIONS_IN_FORM: Final = 3
"""Actions that one form takes; whoever has more opens it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """What was noted of a meeting, to be written on: by whom it was written last, if anybody."""

    meeting: Meeting
    squad: Squad
    edited_by: PersonRef | None = None
    actions: tuple[ActionItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAction:
    """What somebody is to do, as it is written down; `owner` is a Slack user id.

    `number` is its place in the form, so that it is found there again.
    """

    number: int
    owner: str
    text: str
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesForm:
    """Notes as somebody sends them, written on top of `revision`."""

    meeting_id: int
    revision: int
    decisions: str | None
    notes: str | None
    actions: tuple[NewAction, ...] = ()


@dataclass(frozen=True, slots=True)
class Clash:
    """Somebody else wrote on the notes meanwhile: what they wrote; nothing was stored."""

    notes: Notes


def checked(text: str | None, field: str) -> str | None:
    """Return a text without outer spaces, None if nothing is left.

    Raises BadInput("notes_long").
    """
    stripped = (text or "").strip()
    if len(stripped) > NOTES_LIMIT:
        raise BadInput("notes_long", limit=NOTES_LIMIT, field=field)
    return stripped or None
