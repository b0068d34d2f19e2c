"""The Home tab: what it shows of a person's day, and the intent that publishes it.

It is written at send time from what is true by then, so publishing it twice does no harm.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.rules.announcements import Own as Announced
from bot.rules.blockers import Blocked, Case
from bot.rules.budget import DeliveryClass
from bot.rules.disputes import Case as DisputeCase
from bot.rules.disputes import Reviews
from bot.rules.escalations import OpenCase
from bot.rules.findings import Feedback, Unread
from bot.rules.numbers import Rate
from bot.rules.occurrences import Pending
from bot.rules.oneonones import Mine as OneOnOnes
from bot.rules.outbox import Intent, Listed, Operation
from bot.rules.people import Actor, IdentityKind, Role
from bot.rules.pulse import Sheet
from bot.rules.pulse_results import Results
from bot.rules.questions import Mine
from bot.rules.reworks import SquadReworks
from bot.rules.reworks import Task as Rework
from bot.rules.roles import Act, may
from bot.rules.sessions import Own as OwnSession
from bot.rules.sittings import Progress, Sitting
from bot.rules.squads import Checklist
from bot.rules.status_cases import Case as StatusCase
from bot.rules.timeoff import Absence

TAB: Final = "home.tab"

RECENT: Final = timedelta(days=14)
"""How far back one's own feedback is listed."""

FIGURES: Final = timedelta(days=28)
"""What one's own figures are about: long enough for an interval that says something."""

REFUSED: Final = timedelta(days=7)
REHEARSED: Final = timedelta(days=14)
MANAGED_SHOWN: Final = 4
"""Squads whose sections fit into Slack's 100 blocks beside everything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFigures:
    """One's own acceptance rate in a project over the squad-local days `first` to `last`."""

    squad: str
    project: str
    first: date
    last: date
    score: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPart:
    """What concerns the person themselves: recent feedback, figures, coming time off.

    `blocked` is what keeps them from working now, `disputes` their own appeals, `reworks` what
    came back to be mended.
    """

    recent: tuple[Feedback, ...]
    more_recent: int
    figures: tuple[OwnFigures, ...]
    away: tuple[Absence, ...]
    questions: tuple[Mine, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    disputes: tuple[DisputeCase, ...] = ()
    reworks: tuple[Rework, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SquadPart:
    """What a manager or admin sees of one squad.

    `checklist` is None for a live squad. `unread` is None for who may not see who has not read
    their feedback, `questions` for who does not answer them, `blockers` for who does not manage the
    squad. `people` says that they may see where its contributors stand. `rehearsed` counts what
    would have been sent since `REHEARSED`.
    """

    squad_id: int
    squad: str
    checklist: Checklist | None
    unread: tuple[Unread, ...] | None
    refused: tuple[Listed, ...]
    rehearsed: int
    coming: tuple[Pending, ...]
    questions: tuple[OpenCase, ...] | None = None
    blockers: tuple[Case, ...] | None = None
    reviews: tuple[Reviews, ...] = ()
    people: bool = False
    reworks: SquadReworks | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminPart:
    """What an admin sees of the workspace; `refused` is of all squads."""

    has_squads: bool
    refused: tuple[Listed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeSheet:
    """Everything the Home tab shows, but the lines of Today, which their kinds write.

    `waiting` are the person's findings to acknowledge, `proposals` the changes of a status that
    they may confirm or made, `statuses` what holds for themselves. `may_set_up` is True for a Slack
    admin while the workspace has no admin of its own.
    """

    actor: Actor
    waiting: tuple[Feedback, ...]
    own: OwnPart
    squads: tuple[SquadPart, ...] = ()
    more_squads: int = 0
    admin: AdminPart | None = None
    may_set_up: bool = False
    to_decide: tuple[DisputeCase, ...] = ()
    proposals: tuple[StatusCase, ...] = ()
    statuses: tuple[StatusCase, ...] = ()
    sittings: tuple[tuple[Sitting, Progress], ...] = ()
    polls: tuple[Sheet, ...] = ()
    polled: tuple[Results, ...] = ()
    announced: tuple[Announced, ...] = ()
    sessions: tuple[OwnSession, ...] = ()
    one_on_ones: OneOnOnes | None = None

    @property
    def has_squad(self) -> bool:
        """Whether the person is in any squad."""
        return bool(self.actor.memberships)


def home_intents(person_ids: Iterable[int], cause: str | None = None) -> list[Intent]:
    """Return what publishes the Home tabs of people anew; at most once for each `cause` if given.

    Without one the transaction that it is part of happens once already.
    """
    return [
        Intent(
            kind=TAB,
            delivery_class=DeliveryClass.ANSWER,
            operation=Operation.PUBLISH,
            person_id=person_id,
            dedupe_key=None if cause is None else f"home:{person_id}:{cause}"[:200],
        )
        for person_id in dict.fromkeys(person_ids)
    ]


def may_set_up(actor: Actor, *, has_admins: bool) -> bool:
    """Tell whether the person is the one to run the set-up: a Slack admin, before any of ours."""
    return actor.slack_admin and actor.kind is IdentityKind.MEMBER and not has_admins


def contributes(actor: Actor) -> Sequence[int]:
    """Return the squads in which the person's own work is audited."""
    return [
        membership.squad_id
        for membership in actor.memberships
        if Role.CONTRIBUTOR in actor.roles_in(membership.squad_id)
    ]


def may_be_blocked(sheet: HomeSheet) -> bool:
    """Tell whether the person works in a squad in which nothing is known to keep them from it."""
    blocked = {each.stored.squad_id for each in sheet.own.blocked}
    return any(
        membership.squad_id not in blocked
        and may(sheet.actor, Act.REPORT_BLOCKER, membership.squad_id)
        for membership in sheet.actor.memberships
    )
