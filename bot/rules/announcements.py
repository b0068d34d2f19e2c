"""Announcements to squads: who must get one, when they are reminded, and who has got it."""

import html
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from bot.errors import BadInput
from bot.rules import commands
from bot.rules.calendar import (
    WorkCalendar,
    next_working_instant,
    windows,
    work_day_of,
    work_day_range,
)
from bot.rules.outbox import DeliveryState
from bot.rules.people import PersonRef

# Kinds of deliveries.
POST: Final = "announcement.post"  # in a channel, and its changes
LINE: Final = "announcement.line"  # in Today, for who has not confirmed
COUNT: Final = "announcement.count"  # to whoever made it: how many have got it
OFFER: Final = "announcement.offer"  # to managers: announce this version of the guidelines
HELD: Final = "announcement.held"  # to its author: it was not posted while a squad rehearsed

SQUADS_FIELD: Final = "squads"
TEXT_FIELD: Final = "text"
REPLY_BY_FIELD: Final = "reply_by"
REPLY_FIELD: Final = "reply"

TEXT_LIMIT: Final = 3000  # of a text field in a form
WRITTEN_LIMIT: Final = 9000
"""As Slack is sent it, where `&`, `<` and `>` take five and four: a message holds some 13,000."""

REPLY_LIMIT: Final = 1000
SQUADS_AT_ONCE: Final = 20

LINES: Final = 2
"""PRODUCT D8: who has not confirmed finds it in Today at most twice."""

LOOK_AGAIN: Final = timedelta(hours=1)
"""How soon somebody who joined, or who did not confirm, is noticed."""

OPEN_FOR: Final = timedelta(days=28)
"""Later nobody is reminded; who joins after that reads the guidelines instead."""

COUNTED_AFTER: Final = 2
"""Working days after which its author reads how many have got it, where no reply is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be announced; `reply_by` is typed, and read in the first squad's zone.

    `instead_of` is the announcement that these squads were not told of while they rehearsed; its
    text stands for one that was left empty.
    """

    text: str
    squad_ids: tuple[int, ...]
    reply_by: str = ""
    version_id: int | None = None
    instead_of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """An announcement as it is stored; `posts` has squad -> its post's key in the outbox."""

    id: int
    workspace_id: int
    author_id: int
    text: str
    reply_by: datetime | None
    version_id: int | None
    created_at: datetime
    edited_at: datetime | None
    withdrawn_at: datetime | None
    next_at: datetime | None
    posts: Mapping[int, int | None]

    @property
    def squad_ids(self) -> tuple[int, ...]:
        """The squads that it is for."""
        return tuple(self.posts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Somebody has got it, and what they replied."""

    person_id: int
    confirmed_at: datetime
    reply: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """An announcement as its messages show it: `got` of `asked` have got it; `zone` is of times."""

    announcement: Announcement
    author: PersonRef
    squads: tuple[str, ...]
    zone: str
    asked: int
    got: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """An announcement as one person's messages show it; `receipt` is None before they have it."""

    sheet: Sheet
    asked: bool
    receipt: Receipt | None
    may_change: bool = False

    @property
    def open(self) -> bool:
        """Whether it still waits for this person."""
        announcement = self.sheet.announcement
        return self.asked and announcement.withdrawn_at is None and self.receipt is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who was asked, in the managers' list."""

    person: PersonRef
    receipt: Receipt | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What a click on its details shows: `readers` are None for whom they are not to see."""

    own: Own
    readers: tuple[Reader, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A new version of guidelines that a manager may announce to squads on the project."""

    project: str
    version: str
    version_id: int
    sections: tuple[str, ...]
    squad_ids: tuple[int, ...]
    announced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What squads were not told of while they rehearsed, and are live since; `zone` is theirs."""

    announcement: Announcement
    squads: Mapping[int, str]
    zone: str

    @property
    def whole(self) -> bool:
        """Whether nobody else was told of it either."""
        return self.squads.keys() == self.announcement.posts.keys()


@dataclass(frozen=True, slots=True)
class Said:
    """What became of one person's lines so far."""

    number: int
    state: DeliveryState
    settled_at: datetime | None


def read_text(text: str) -> str:
    """Return what is announced as it was meant. Raises BadInput("empty_text", "text_too_long")."""
    meant = commands.unescape(text).strip()
    if not meant:
        raise BadInput("empty_text", field=TEXT_FIELD)
    if len(meant) > TEXT_LIMIT:
        raise BadInput("text_too_long", length=len(meant), limit=TEXT_LIMIT, field=TEXT_FIELD)
    written = len(html.escape(meant, quote=False))
    if written > WRITTEN_LIMIT:
        raise BadInput("text_too_long", length=written, limit=WRITTEN_LIMIT, field=TEXT_FIELD)
    return meant


def read_reply(text: str) -> str:
    """Return a reply as it was meant. Raises BadInput("empty_text", "text_too_long")."""
    meant = commands.unescape(text).strip()
    if not meant:
        raise BadInput("empty_text", field=REPLY_FIELD)
    if len(meant) > REPLY_LIMIT:
        raise BadInput("text_too_long", length=len(meant), limit=REPLY_LIMIT, field=REPLY_FIELD)
    return meant


def stays_rehearsed(announcement: Announcement, live_at: datetime | None) -> bool:
    """Tell whether a squad that is live by now, since `live_at`, was still in rehearsal then.

    Nobody there hears of it any more, unless it is announced again.
    """
    return live_at is not None and live_at > announcement.created_at


def morning(calendar: WorkCalendar, moment: datetime, days: int) -> datetime | None:
    """Return when the working hours of the `days`-th working day after that of `moment` begin."""
    day = work_day_of(calendar, moment)
    _, tomorrow = work_day_range(calendar, day, day)
    later = (each.start for each in windows(calendar, tomorrow) if each.start >= tomorrow)
    return next(islice(later, days - 1, None), None)


def first_line_at(calendar: WorkCalendar, seen: datetime, *, posted: bool) -> datetime | None:
    """Return when somebody is first reminded of what they could know of since `seen`.

    Where there is a post it is the working day after it, for the post can be read on its own day;
    where there is none, or they joined after it, at once. None if they never work.
    """
    return morning(calendar, seen, 1) if posted else next_working_instant(calendar, seen)


def next_line(
    said: Said | None, calendar: WorkCalendar, reply_by: datetime | None, now: datetime
) -> int | None:
    """Return the number of the line that is to be planned now; None if there is none (yet).

    The second comes once the first was read on an earlier working day: on the day by which a reply
    is due or, without one, two working days after the first.
    """
    if said is None:
        return 1
    if said.number >= LINES or said.state is not DeliveryState.SENT or said.settled_at is None:
        return None
    today = work_day_of(calendar, now)
    if today <= work_day_of(calendar, said.settled_at):
        return None
    if reply_by is not None:
        return said.number + 1 if today >= work_day_of(calendar, reply_by) else None
    due = morning(calendar, said.settled_at, 2)
    return said.number + 1 if due is not None and now >= due else None


def open_until(announcement: Announcement) -> datetime:
    """Return until when people are reminded of an announcement."""
    latest = announcement.reply_by or announcement.created_at
    return latest + OPEN_FOR


def next_look(announcement: Announcement, now: datetime) -> datetime | None:
    """Return when the clock must look at it again; None once nobody is reminded any more."""
    if announcement.withdrawn_at is not None or now >= open_until(announcement):
        return None
    return now + LOOK_AGAIN


def waits_for(asked: Collection[int], receipts: Collection[Receipt], author_id: int) -> set[int]:
    """Return who has not got it yet; whoever wrote it has."""
    return set(asked) - {each.person_id for each in receipts} - {author_id}


def count_slot(now: datetime) -> datetime:
    """Return when a post's count is next written: at most once a minute, whoever clicks."""
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)
