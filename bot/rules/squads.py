"""Squads as everybody passes them around, and the decisions about who may be what in one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final

from bot.rules.announcements import Announcement
from bot.rules.half_days import HalfDay
from bot.rules.people import (
    PRESENT,
    IdentityKind,
    IndividualFigures,
    PersonRef,
    Role,
    SquadState,
    Status,
)

# The columns' lengths (models/squads.py); longer input is refused, never cut.
NAME_LIMIT: Final = 80
TAG_LIMIT: Final = 40
LINK_LIMIT: Final = 3000
TAGS_PER_MEMBER: Final = 20
"""More tags than this are a sign of notes kept as tags, and no list could show them."""

DEFAULT_DAYS: Final = frozenset({0, 1, 2, 3, 4})
DEFAULT_HOURS: Final = (time(9), time(18))
SYNCS_LIMIT: Final = 20
"""More meetings than this no squad has; each is an entry of the plan and a schedule."""
DEFAULT_LENGTH: Final = 30
DEFAULT_LEAD: Final = 30
"""Minutes that a sync takes, and that its agenda is posted before it."""


class ChannelUse(StrEnum):
    """What a squad's channel is for."""

    TEAM = "team"
    QUESTIONS = "questions"
    DIGEST = "digest"


class SyncKind(StrEnum):
    """What a regular meeting is for."""

    SYNC = "sync"
    REVIEW = "review"  # with the delivery team, what was delivered and what comes
    TOUCHPOINT = "touchpoint"  # with the client


class PauseReason(StrEnum):
    """Why a member is paused: by code, so that no text about a person is kept.

    None of them is about the quality of work: a pause for that needs a second person.
    """

    REQUEST = "request"  # the person asked for it
    LEAVE = "leave"  # a long absence
    NO_WORK = "no-work"  # nothing to do for now
    ACCESS = "access"  # no tool, no access


class Skip(StrEnum):
    """Why somebody who was named is left as they are."""

    BOT = "bot"
    INACTIVE = "inactive"  # deactivated in Slack
    NEVER_MANAGER = "never_manager"  # a guest or Slack Connect user
    NOT_MEMBER = "not_member"
    HAS_WORK = "has_work"  # removing would take submissions, audits or feedback away
    MANAGER = "manager"  # only an admin takes a manager out
    NEEDS_SECOND = "needs_second"  # probation and offboarding take a second person's word
    MANY_TAGS = "many_tags"


class Step(StrEnum):
    """A step on the way to a live squad, in the order in which they are best taken."""

    PEOPLE = "people"
    PROJECT = "project"
    GUIDELINES = "guidelines"
    IMPORT = "import"
    FIRST_AUDIT = "first_audit"
    SCHEDULE = "schedule"
    GO_LIVE = "go_live"


@dataclass(frozen=True, slots=True, kw_only=True)
class Squad:
    """A squad with all its settings; weekdays count from 0 = Monday, the target is a share."""

    id: int
    workspace_id: int
    name: str
    state: SquadState
    individual_figures: IndividualFigures
    language: str
    zone: str
    working_days: frozenset[int]
    work_start: time
    work_end: time
    created_at: datetime
    country: str | None = None
    subdivision: str | None = None
    half_days: tuple[HalfDay, ...] = ()
    quiet_start: time | None = None
    quiet_end: time | None = None
    quality_target: float | None = None
    team_channel: str | None = None
    questions_channel: str | None = None
    digest_channel: str | None = None
    live_at: datetime | None = None

    @property
    def quiet(self) -> tuple[time, time] | None:
        """The hours in which a bot keeps still, as far as people set none of their own."""
        if self.quiet_start is None or self.quiet_end is None:
            return None
        return self.quiet_start, self.quiet_end

    @property
    def channels(self) -> frozenset[str]:
        """The ids of the squad's channels."""
        return frozenset(
            filter(None, (self.team_channel, self.questions_channel, self.digest_channel))
        )

    def channel(self, use: ChannelUse) -> str | None:
        """Return the id of the channel for one use."""
        return {
            ChannelUse.TEAM: self.team_channel,
            ChannelUse.QUESTIONS: self.questions_channel,
            ChannelUse.DIGEST: self.digest_channel,
        }[use]


@dataclass(frozen=True, slots=True, kw_only=True)
class SquadMember:
    """A member; `kind` is None for an external contributor not in Slack, who is never `active`."""

    person: PersonRef
    status: Status
    roles: frozenset[Role]
    tags: tuple[str, ...] = ()
    kind: IdentityKind | None = None
    active: bool = False
    welcomed_at: datetime | None = None
    joined_at: datetime | None = None

    @property
    def present(self) -> bool:
        """Whether the member takes part in the squad's everyday life."""
        return self.status in PRESENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Sync:
    """A regular meeting of a squad, at a local time of the squad's zone.

    On every working day, or on one `weekday` (0 = Monday). An empty `audience` is everybody in the
    squad. A meeting on a day before `effective_day` is still at `earlier_time`
    (`bot.rules.schedules.meeting_start`).
    """

    id: int
    name: str
    local_time: time
    link: str | None = None
    squad_id: int = 0
    kind: SyncKind = SyncKind.SYNC
    weekday: int | None = None
    minutes: int = DEFAULT_LENGTH
    lead_minutes: int = DEFAULT_LEAD
    audience: frozenset[Role] = frozenset()
    effective_day: date | None = None
    earlier_time: time | None = None


@dataclass(frozen=True, slots=True)
class Where:
    """Which squad is meant: by key (a form), by name, else by the channel of the command."""

    named: str | None = None
    channel: str | None = None
    squad_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """A squad with its people, in the order of their names, and its syncs.

    `statuses_of` are the people whose status the reader may know.
    """

    squad: Squad
    members: tuple[SquadMember, ...]
    statuses_of: frozenset[int]
    syncs: tuple[Sync, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SquadDraft:
    """What a new squad starts with; all of it was checked by `bot.rules.squad_input`."""

    name: str
    zone: str
    working_days: frozenset[int] = DEFAULT_DAYS
    hours: tuple[time, time] = DEFAULT_HOURS
    channels: Mapping[ChannelUse, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SquadChanges:
    """Which settings to change: only those that are named; None clears one that may be empty.

    `fields` maps a column of the squad to its new value.
    """

    fields: Mapping[str, object]

    @property
    def moves_schedules(self) -> bool:
        """Whether planned occurrences have to be computed again."""
        return bool(
            self.fields.keys()
            & {
                "zone",
                "working_days",
                "work_start",
                "work_end",
                "country",
                "subdivision",
                "half_days",
            }
        )


@dataclass(frozen=True, slots=True)
class Skipped:
    """Somebody who was named and left as they are, and why."""

    name: str
    user_id: str | None
    why: Skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleChanged:
    """What became of the people named in one command."""

    squad: Squad
    changed: tuple[PersonRef, ...] = ()
    unchanged: tuple[PersonRef, ...] = ()
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WentLive:
    """A squad that is live: who is welcomed by this, and whom Slack cannot reach.

    `held` is what it was not told of while it rehearsed, as far as whoever took it live may
    announce it.
    """

    squad: Squad
    welcomed: tuple[PersonRef, ...]
    unreachable: tuple[PersonRef, ...]
    already: bool
    held: tuple[Announcement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SquadFacts:
    """What a checklist is read from."""

    managers: int
    contributors: int
    projects: int
    guidelines: bool
    submissions: bool
    audits: bool
    schedules: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """The way to a live squad: each step, and whether it is done."""

    squad: Squad
    steps: Mapping[Step, bool]

    @property
    def done(self) -> bool:
        """Whether nothing is left to do."""
        return all(self.steps.values())

    @property
    def following(self) -> Step | None:
        """The first step that is not done."""
        return next((step for step, done in self.steps.items() if not done), None)


def checklist(squad: Squad, facts: SquadFacts) -> Checklist:
    """Tell from the data which steps are done."""
    return Checklist(
        squad=squad,
        steps={
            Step.PEOPLE: facts.managers > 0 and facts.contributors > 0,
            Step.PROJECT: facts.projects > 0,
            Step.GUIDELINES: facts.guidelines,
            Step.IMPORT: facts.submissions,
            Step.FIRST_AUDIT: facts.audits,
            Step.SCHEDULE: facts.schedules > 0 and squad.digest_channel is not None,
            Step.GO_LIVE: squad.state is SquadState.LIVE,
        },
    )


def first_status(state: SquadState, roles: frozenset[Role]) -> Status:
    """Return the status of somebody who is added.

    Whoever is added while a squad is rehearsed is its existing team; a contributor who joins a
    live one is new to the work.
    """
    joins = state is SquadState.LIVE and roles <= {Role.CONTRIBUTOR}
    return Status.ONBOARDING if joins else Status.ACTIVE


def may_change_status(current: Status, wanted: Status) -> bool:
    """Tell whether one manager alone may change a status.

    Probation and offboarding, into them and out of them, need a second person's confirmation.
    """
    return {current, wanted} <= {Status.ONBOARDING, Status.ACTIVE, Status.PAUSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """What a person's one welcome says: their squad, its managers, and when they are written to.

    `hours` are on the wall clock of `zone`, the person's own where they set them.
    """

    squad: Squad
    managers: tuple[PersonRef, ...]
    hours: tuple[time, time]
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a member stands now and who manages, for a message that was planned earlier."""

    squad: Squad
    status: Status
    managers: tuple[PersonRef, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterChange:
    """How several members are to be changed; exactly one thing at a time."""

    roles: frozenset[Role] | None = None
    status: Status | None = None
    reason: PauseReason | None = None
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
