"""Quality digests: planned by the clock or asked for by a manager, put together when they leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import clock
from bot.errors import Conflict
from bot.rules import roles
from bot.rules.blockers import Lost, lost_of, plan_left, share_lost
from bot.rules.calendar import DateSpan, WorkCalendar
from bot.rules.digests import (
    Cadence,
    Digest,
    Edition,
    Period,
    Progress,
    ProjectDigest,
    TopCategory,
    Trend,
    count_working_days,
    day_scores,
    period,
    planned_audits,
    risks_of,
    trend_days,
    window_of,
)
from bot.rules.occurrences import DueOccurrence
from bot.rules.people import Caller, Role
from bot.rules.quality import QualityGroup, against_target, movement, top_categories, total_group
from bot.rules.reports import Scope
from bot.rules.roles import Act
from bot.rules.squads import Squad, Where
from bot.services import coaching_effects, digest_planning, lookup
from bot.services.forecasts import of_project
from bot.services.occurring import OccurringService
from bot.services.oneonone_seats import rarely_met_in
from bot.services.pulse_results import of_digest
from bot.services.signals import Found
from bot.services.why import explain
from bot.store import (
    blockers,
    digests,
    draws,
    escalations,
    outbox,
    recipients,
    reports,
    schedules,
    signals,
    squads,
)
from bot.store.reports import Tallies

SAME_COMMAND: Final = timedelta(seconds=30)

_DAY: Final = timedelta(days=1)


class Planned(StrEnum):
    """What became of a digest that the clock (or the shell) asked for."""

    QUEUED = "queued"
    OVER = "over"  # that day's was queued before
    NO_CHANNEL = "no_channel"  # the squad has nowhere to post it


@dataclass(frozen=True, slots=True)
class Posting:
    """Where a digest that was asked for will appear."""

    squad: str
    channel: str


@dataclass(frozen=True, slots=True)
class _Ground:
    """What all figures of one digest stand on."""

    squad: Squad
    calendar: WorkCalendar
    period: Period
    edition: Edition

    @property
    def until(self) -> DateSpan:
        """The digest's days without one that is not over yet, for which the plan is not due."""
        now = self.period.now
        over = self.edition.day - _DAY
        return DateSpan(now.first, max(now.first, min(now.last, over)))


class Digests(OccurringService):
    """Plans digests, posts one on demand, and tells dispatch what stands in them."""

    # For the clock.

    async def plan(self, occurrence: DueOccurrence) -> Planned:
        """Queue a squad's digest, once for its slot."""
        workspace_id = occurrence.workspace_id
        found = await self._outside(workspace_id, [occurrence])
        async with self.occurring(occurrence) as unit:
            if unit is None:
                return Planned.OVER
            planned = await digest_planning.plan_all(
                unit.tx, workspace_id, [occurrence], found, unit.now
            )
            intents, posted = planned[occurrence.schedule.id]
            await unit.send(*intents)
            return Planned.QUEUED if posted else Planned.NO_CHANNEL

    async def plan_all(self, workspace_id: int, due: Sequence[DueOccurrence]) -> int:
        """Do what `plan` does for many of a workspace at once; return how many it was for.

        They are of one kind.
        """
        found = await self._outside(workspace_id, due)
        async with self.occurring_all(due) as (tx, ours, now):
            planned = await digest_planning.plan_all(tx, workspace_id, ours, found, now)
            intents = [intent for each in planned.values() for intent in each.intents]
            await outbox.add(tx, workspace_id, intents, now)
            return len(ours)

    async def _outside(self, workspace_id: int, due: Sequence[DueOccurrence]) -> Found:
        async with self._database.read() as connection:
            return await digest_planning.outside(connection, workspace_id, due)

    # For people.

    async def post_now(self, caller: Caller, where: Where, key: str | None) -> Posting:
        """Queue the digest of today so far; for managers and admins. Typed twice it is one.

        Raises NotAllowed, NotFound, BadInput("which_squad"), Conflict("no_digest_channel").
        """
        async with self.writing(caller) as unit:
            squad = await lookup.find_squad(unit, where)
            roles.require(unit.actor, Act.POST_DIGEST, squad.id)
            if squad.digest_channel is None:
                raise Conflict("no_digest_channel", squad=squad.name)
            posting = Posting(squad.name, squad.digest_channel)
            if await unit.begin(key, SAME_COMMAND) is not None:
                return posting
            edition = Edition(
                workspace_id=unit.workspace_id,
                squad_id=squad.id,
                cadence=Cadence.DAILY,
                day=clock.local_day(unit.now, squad.zone),
                so_far=True,
            )
            projects = await digests.projects_of(unit.tx, unit.workspace_id, [squad.id])
            parts = digest_planning.messages(
                edition, squad.digest_channel, projects.get(squad.id, ())
            )
            await unit.send(*(intent for intent, _ in parts))
            await unit.log("digest.asked", squad_id=squad.id)
            await unit.finish(key, squad_id=squad.id)
            return posting

    # For dispatch and the shell.

    async def content(self, edition: Edition) -> Digest | None:
        """Return what an edition says by now; None if the squad is archived or gone."""
        async with self._database.read() as connection:
            ground = await _ground(connection, edition)
            if ground is None:
                return None
            scopes = await reports.scopes(connection, edition.workspace_id, edition.squad_id)
            now = self._clock.now()
            is_quiet = not any([await _has_news(connection, scope, ground) for scope in scopes])
            is_quiet = is_quiet and not await _lost(connection, ground, ground.period.news, now)
            return Digest(
                edition=edition,
                squad=ground.squad.name,
                period=ground.period,
                is_quiet=is_quiet,
                projects=()
                if is_quiet
                else tuple([await _project(connection, scope, ground, now) for scope in scopes]),
                lost=await _lost(connection, ground, ground.period.now, now),
                polls=await of_digest(connection, ground.squad, ground.period.now)
                if edition.cadence is Cadence.WEEKLY
                else (),
                rarely_met=await rarely_met_in(
                    connection, edition.workspace_id, edition.squad_id, now
                )
                if edition.cadence is Cadence.WEEKLY
                else 0,
            )

    async def trend(self, edition: Edition, project_id: int) -> Trend | None:
        """Return what the chart of a project shows; None if the digest is quiet or nothing is left.

        The score of a day is the one that the daily digest of the next working day gave.
        """
        async with self._database.read() as connection:
            ground = await _ground(connection, edition)
            scope = await reports.scope(
                connection, edition.workspace_id, edition.squad_id, project_id
            )
            if ground is None or scope is None or not await _has_news(connection, scope, ground):
                return None
            shown = trend_days(ground.calendar, edition)
            last = ground.period.now.last
            begin, end = scope.period(window_of(ground.calendar, shown[0]), last)
            audits = await digests.random_audits(connection, scope, begin, end)
        days = ((clock.local_day(at, scope.zone), tally) for at, tally in audits)
        scores = day_scores(ground.calendar, shown, last, days)
        return Trend(project=scope.project, target=scope.target, days=scores)


async def _ground(connection: AsyncConnection, edition: Edition) -> _Ground | None:
    squad = await squads.get(connection, edition.workspace_id, edition.squad_id)
    if squad is None:
        return None
    at = clock.to_utc(edition.day, squad.work_start, squad.zone)
    calendar = await schedules.calendar(
        connection, edition.workspace_id, edition.squad_id, at, until=at
    )
    if calendar is None:
        return None
    return _Ground(squad, calendar, period(calendar, edition), edition)


async def _tally(connection: AsyncConnection, scope: Scope, span: DateSpan) -> Tallies:
    return await reports.tally(connection, scope, *scope.period(span.first, span.last))


async def _has_news(connection: AsyncConnection, scope: Scope, ground: _Ground) -> bool:
    news = await _tally(connection, scope, ground.period.news)
    return bool(news.audits) or any(work.submissions for work in news.work)


def _group(tallies: Tallies) -> QualityGroup:
    return total_group(tallies.audits, next(iter(tallies.work), None))


async def _project(
    connection: AsyncConnection, scope: Scope, ground: _Ground, at: datetime
) -> ProjectDigest:
    span = ground.period.now
    tallies = await _tally(connection, scope, span)
    before = _group(await _tally(connection, scope, ground.period.before))
    found = await reports.tally_categories(connection, scope, *scope.period(span.first, span.last))
    sections = await digests.sections(connection, scope)
    now = _group(tallies)
    # Behind a button in the daily one, for it reads the audits of five weeks one by one.
    weekly = ground.edition.cadence is Cadence.WEEKLY
    dates = await of_project(connection, scope, ground.calendar, ground.edition.day)
    return ProjectDigest(
        project_id=scope.project_id,
        project=scope.project,
        target=scope.target,
        now=now,
        standing=against_target(now.score, scope.target),
        movement=movement(now.score, before.score),
        top=tuple(
            TopCategory(errors, sections.get(errors.category))
            for errors in top_categories(tallies.audits, found)
        ),
        until=ground.until.last,
        volume=await _volume(connection, scope, ground),
        coverage=await _coverage(connection, scope, ground),
        squads=await digests.squads(connection, scope),
        dates=dates,
        signals=await signals.get(connection, scope, ground.edition.signals),
        why=await explain(connection, scope, span) if weekly else None,
        questions=await digests.questions(connection, scope, *scope.period(span.first, span.last)),
        risks=risks_of(now, found, dates),
        drawn=await draws.coverage(connection, scope, *scope.period(span.first, span.last)),
        coaching=await coaching_effects.lately(connection, scope, at) if weekly else None,
    )


async def _volume(connection: AsyncConnection, scope: Scope, ground: _Ground) -> Progress | None:
    if scope.planned_volume is None:
        return None
    span = ground.until
    period = scope.period(span.first, span.last)
    done = await digests.handed_in(connection, scope, *period)
    planned = scope.planned_volume * count_working_days(ground.calendar, span)
    return Progress(done, plan_left(planned, await _share_lost(connection, scope, *period)))


async def _share_lost(
    connection: AsyncConnection, scope: Scope, begin: datetime, end: datetime
) -> float:
    """Return the share of their working time that the project's contributors lost to blockers.

    Of the contributors of all its squads, for the plan is of all of them: blockers in these squads
    against the working time of whoever contributes now. Auditors and managers hand nothing in.
    """
    squad_ids = await digests.squad_ids(connection, scope)
    found = await blockers.within(connection, scope.workspace_id, squad_ids, begin, end)
    if not found:
        return 0.0
    people: set[int] = set()
    for squad_id in squad_ids:
        able = [Role.CONTRIBUTOR]
        people.update(await escalations.on_duty(connection, scope.workspace_id, squad_id, able))
    calendars = await recipients.calendars(connection, scope.workspace_id, people, begin)
    return share_lost(calendars, found, begin, end)


async def _lost(
    connection: AsyncConnection, ground: _Ground, span: DateSpan, now: datetime
) -> Lost | None:
    """Return what people of the squad lost to blockers in it on squad-local days, up to now."""
    squad = ground.squad
    begin, end = clock.day_range(span.first, span.last, squad.zone)
    args = (begin, min(end, now))
    found = await blockers.within(connection, squad.workspace_id, [squad.id], *args)
    people = {each.person_id for each in found}
    calendars = await recipients.calendars(connection, squad.workspace_id, people, begin)
    return lost_of(calendars, found, *args)


async def _coverage(connection: AsyncConnection, scope: Scope, ground: _Ground) -> Progress | None:
    planned = planned_audits(
        ground.calendar,
        ground.until,
        contributors=await digests.contributors(connection, scope),
        per_week=scope.audits_per_week,
    )
    if not planned:
        return None
    return Progress(_group(await _tally(connection, scope, ground.until)).score.n, planned)
