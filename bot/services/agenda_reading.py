"""What a meeting's post says, read from the store when it leaves; a part of `bot.services.agenda`.

Every statement is bounded by the instant of the meeting before, not by how long the squad exists.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import clock
from bot.rules import agenda as rules
from bot.rules import explaining
from bot.rules.action_items import ActionItem
from bot.rules.agenda import Agenda, Focus, Meeting, Pace, Topic
from bot.rules.calendar import DateSpan, WorkCalendar
from bot.rules.digests import count_working_days
from bot.rules.forecasts import BatchForecast
from bot.rules.occurrences import sync_target
from bot.rules.people import PersonRef
from bot.rules.reports import Scope
from bot.rules.schedules import meeting_start
from bot.rules.squads import Squad, SyncKind
from bot.services.citations import Citations
from bot.services.forecasts import of_project
from bot.store import (
    action_items,
    agenda,
    agenda_news,
    meetings,
    people,
    reports,
    schedules,
    squads,
    syncs,
    timeoff,
)

PROJECTS: Final = 3
"""Projects whose pace is told; a squad with more reads the digest."""

DATES: Final = 3
"""Batches of a project with their dates: those that have to be done first."""

NEWS: Final = 8
PRAISE: Final = 5

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Ground:
    """What all parts of one agenda stand on."""

    meeting: Meeting
    squad: Squad
    calendar: WorkCalendar
    scopes: Sequence[Scope]
    since: datetime
    now: datetime

    @property
    def key(self) -> tuple[int, int]:
        """Workspace and squad."""
        return self.meeting.workspace_id, self.meeting.squad_id

    @property
    def period(self) -> tuple[datetime, datetime]:
        """What is news: from the last meeting's post to this one's, half-open."""
        return self.since, self.meeting.planned_at

    @property
    def project_ids(self) -> list[int]:
        """The squad's projects."""
        return [scope.project_id for scope in self.scopes]


async def read(
    connection: AsyncConnection, meeting: Meeting, now: datetime
) -> tuple[Agenda, Scope | None] | None:
    """Return an agenda without the quotation of its focus, and the focus's project.

    None if the squad is archived or gone.
    """
    ground = await _ground(connection, meeting, now)
    if ground is None:
        return None
    sync = await syncs.get(connection, meeting.workspace_id, meeting.sync_id)
    starts_at = meeting.starts_at
    if sync is not None:
        starts_at = meeting_start(sync, meeting.day, ground.squad.zone)
    found = Agenda(
        squad=ground.squad,
        sync=sync,
        meeting=replace(meeting, starts_at=starts_at),
        now=now,
        since=ground.since,
    )
    if sync is not None and sync.weekday is not None:
        found = await _with_left_out(connection, ground, found)
    found = await _with_topics(connection, ground, found)
    waiting, answered = await agenda_news.counts(connection, *ground.key, ground.since, now)
    rulings, answers = await agenda_news.news(
        connection, meeting.workspace_id, ground.project_ids, *ground.period, NEWS
    )
    found = replace(
        found,
        waiting=waiting,
        answered=answered,
        rulings=tuple(rulings),
        # What was ruled and kept as an answer in one go is said once.
        answers=tuple(one for one in answers if one not in rulings),
        pace=await _pace(connection, ground),
    )
    if meeting.kind is SyncKind.TOUCHPOINT:
        return found, None
    found = replace(found, actions=tuple(await _actions(connection, ground)))
    if meeting.kind is SyncKind.REVIEW:
        return found, None
    return await _of_sync(connection, ground, found)


async def _ground(connection: AsyncConnection, meeting: Meeting, now: datetime) -> _Ground | None:
    key = meeting.workspace_id, meeting.squad_id
    squad = await squads.get(connection, *key)
    if squad is None:
        return None
    spoken = await meetings.spoken_until(connection, meeting)
    return _Ground(
        meeting=meeting,
        squad=squad,
        calendar=schedules.calendar_of(squad, meeting.planned_at, meeting.planned_at),
        scopes=await reports.scopes(connection, *key),
        since=rules.since(*spoken, meeting.kind, meeting.planned_at),
        now=now,
    )


async def _with_left_out(connection: AsyncConnection, ground: _Ground, found: Agenda) -> Agenda:
    """Return the agenda with which of the next weeks' meetings do not take place, and why."""
    target, squad, day = sync_target(ground.meeting.sync_id), ground.squad, ground.meeting.day
    plans = await schedules.of_squad(connection, *ground.key)
    plan = next((each.schedule for each in plans if each.schedule.target == target), None)
    if plan is None:
        return found
    until = ground.meeting.starts_at + explaining.LOOKED_AHEAD
    calendar = schedules.calendar_of(squad, ground.meeting.starts_at, until)
    skipped, resumes = explaining.left_out(plan, calendar, {}, day)
    if skipped:
        last = day + explaining.LOOKED_AHEAD
        names = explaining.holiday_names(squad.country, squad.subdivision, day, last)
        skipped, _ = explaining.left_out(plan, calendar, names, day)
    return replace(found, left_out=skipped, resumes=resumes)


async def still_open(
    connection: AsyncConnection, workspace_id: int, found: Sequence[Topic]
) -> list[Topic]:
    """Return the topics without those that close by themselves, for their cause is settled."""
    causes = {topic.cause for topic in found if topic.cause is not None}
    waiting = await agenda.unsettled(connection, workspace_id, causes)
    return [topic for topic in found if topic.cause is None or topic.cause in waiting]


def ages(calendar: WorkCalendar, found: Sequence[Topic], today: date) -> dict[int, int]:
    """Return on how many working days each topic was open before today."""
    return {
        topic.id: rules.working_days_open(
            calendar, clock.local_day(topic.created_at, calendar.zone), today
        )
        for topic in found
    }


async def _with_topics(connection: AsyncConnection, ground: _Ground, found: Agenda) -> Agenda:
    workspace_id, squad_id = ground.key
    kind = ground.meeting.kind
    topics, count = await agenda.open_topics(connection, workspace_id, squad_id, kind, rules.READ)
    kept = await still_open(connection, workspace_id, topics)
    today = clock.local_day(ground.now, ground.squad.zone)
    return replace(
        found,
        topics=tuple(kept),
        topics_open=count - (len(topics) - len(kept)),
        ages=ages(ground.calendar, kept, today),
    )


async def _actions(connection: AsyncConnection, ground: _Ground) -> list[ActionItem]:
    return await action_items.open_in(connection, *ground.key)


async def _of_sync(
    connection: AsyncConnection, ground: _Ground, found: Agenda
) -> tuple[Agenda, Scope | None]:
    """Return what only the team's own sync has: the focus, who is away, who leads, praise."""
    focus, scope = await _focus(connection, ground)
    away, back = await _absent(connection, ground)
    leader = ground.meeting.facilitator_id
    known = await people.refs(connection, [leader]) if leader is not None else {}
    praised = await agenda_news.praise(connection, *ground.key, *ground.period, PRAISE)
    done = replace(
        found,
        focus=focus,
        away=away,
        back=back,
        facilitator=known.get(leader) if leader is not None else None,
        praise=tuple(praised),
    )
    return done, scope


async def _focus(connection: AsyncConnection, ground: _Ground) -> tuple[Focus | None, Scope | None]:
    top = await agenda_news.top_error(connection, *ground.key, ground.project_ids, *ground.period)
    if top is None:
        return None, None
    category_id, project_id, name, section, errors, made_by = top
    scope = next(one for one in ground.scopes if one.project_id == project_id)
    example = None
    if made_by >= rules.PEOPLE_FOR_EXAMPLE:
        common = await agenda_news.common_label(
            connection, *ground.key, project_id, category_id, *ground.period
        )
        if common is not None and common[1] >= rules.PEOPLE_FOR_EXAMPLE:
            example = common[0]
    focus = Focus(
        category=name,
        project=scope.project,
        errors=errors,
        people=made_by,
        section=section,
        example=example,
    )
    return focus, scope


async def quoted(citations: Citations, found: Agenda, scope: Scope | None) -> Agenda:
    """Return the agenda with what the guidelines say about its focus."""
    focus = found.focus
    if focus is None or scope is None or focus.section is None:
        return found
    key = (scope.workspace_id, scope.project_id)
    cited = (await citations.quoted(*key, [focus.section])).get(focus.section)
    own = None
    if cited is not None and focus.example is None:
        own = await citations.example(*key, focus.section)
    return replace(found, focus=replace(focus, cited=cited, own=own))


async def _absent(
    connection: AsyncConnection, ground: _Ground
) -> tuple[tuple[PersonRef, ...], tuple[PersonRef, ...]]:
    """Return who is away on the meeting's day, and who came back since the last: never why."""
    today = ground.meeting.day
    before = min(clock.local_day(ground.since, ground.squad.zone), today - _DAY)
    found = await timeoff.of_squad(connection, *ground.key, before, today)
    away = {ref.person_id: ref for ref, absence in found if absence.first <= today <= absence.last}
    back = {ref.person_id: ref for ref, absence in found if absence.last < today}
    return tuple(away.values()), tuple(ref for key, ref in back.items() if key not in away)


async def _pace(connection: AsyncConnection, ground: _Ground) -> tuple[Pace, ...]:
    """Return how the first projects went on the days since the last meeting that are over.

    Batches' dates are told of the first project that has some, or in a review of all of them.
    """
    scopes = ground.scopes[:PROJECTS]
    if not scopes:
        return ()
    zone = ground.squad.zone
    last = ground.meeting.day - _DAY
    first = min(clock.local_day(ground.since, zone), last)
    begin, end = clock.day_range(first, last, zone)
    keys = [scope.project_id for scope in scopes]
    done = await agenda_news.handed_in(connection, ground.key[0], keys, begin, end)
    days = count_working_days(ground.calendar, DateSpan(first, last))
    found = []
    with_dates = ground.meeting.kind is not SyncKind.SYNC
    told = False
    for scope in scopes:
        dates: tuple[BatchForecast, ...] = ()
        if with_dates or not told:
            args = (connection, scope, ground.calendar, ground.meeting.day)
            dates = await of_project(*args, most=DATES)
            told = told or bool(dates)
        planned = None if scope.planned_volume is None else scope.planned_volume * days
        found.append(
            Pace(
                project=scope.project,
                done=done.get(scope.project_id, 0),
                planned=planned,
                dates=dates,
            )
        )
    return tuple(found)
