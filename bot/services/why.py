"""Why quality moved: the random audits of a squad's days beside those of the four weeks before."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import clock
from bot.errors import NotFound
from bot.rules.calendar import DateSpan
from bot.rules.changes import FIRST_QUARTER_DAYS, JudgedWork, tenure_band
from bot.rules.decomposition import take_apart
from bot.rules.digests import Cadence, Edition, period
from bot.rules.people import Caller
from bot.rules.reports import Scope
from bot.rules.why import Why, weeks_before
from bot.services.behind import calendar_of, figures_of
from bot.services.unit import Service
from bot.store import why
from bot.store.why import RandomAudit


async def explain(connection: AsyncConnection, scope: Scope, now: DateSpan) -> Why | None:
    """Take the change of a score apart; None if there are no random audits on either side."""
    before = weeks_before(now)
    spans = [scope.period(span.first, span.last) for span in (now, before)]
    found = [await why.random_audits(connection, scope, *span) for span in spans]
    if not all(found):
        return None
    begun = await _begun(connection, scope, found, spans[1][0])
    works = [_works(audits, begun) for audits in found]
    # Some thousand audits take a tenth of a second, in which clicks must not wait.
    breakdown = await asyncio.to_thread(take_apart, works[0], works[1])
    if breakdown is None:
        return None
    return Why(
        squad=scope.squad, project=scope.project, now=now, before=before, breakdown=breakdown
    )


async def _begun(
    connection: AsyncConnection,
    scope: Scope,
    found: Sequence[Sequence[RandomAudit]],
    begin: datetime,
) -> Mapping[int, datetime] | None:
    """Return when everybody's work was first audited; None if nobody's beginning can be known.

    Where the audits themselves began only lately everybody would seem to have joined with them.
    """
    first = await why.first_audit(connection, scope)
    if first is None or begin - first < timedelta(days=FIRST_QUARTER_DAYS):
        return None
    people = {one.contributor_id for audits in found for one in audits}
    return await why.first_audits(connection, scope.workspace_id, people)


def _works(audits: Sequence[RandomAudit], begun: Mapping[int, datetime] | None) -> list[JudgedWork]:
    """Weights count only if every audit of the period has one, as in the score itself."""
    weighted = all(one.weight is not None for one in audits)

    def tenure(one: RandomAudit) -> str | None:
        if begun is None or one.contributor_id not in begun:
            return None
        return tenure_band((one.audited_at - begun[one.contributor_id]).days).value

    return [
        JudgedWork(
            rejected=one.rejected,
            weight=one.weight if weighted and one.weight is not None else 1.0,
            faults=one.faults,
            version=one.version,
            batch=one.batch,
            tenure=tenure(one),
        )
        for one in audits
    ]


class Explanations(Service):
    """Why a score moved, for those who may see it."""

    async def explain(
        self, caller: Caller, squad_id: int, project_id: int, now: DateSpan | None = None
    ) -> Why:
        """Return why the score of squad-local days moved, by default of the last ten worked ones.

        Raises NotAllowed("not_allowed_see_squad_figures"), NotFound("project_gone"),
        ("squad_gone"), or ("why_unknown") without random audits on either side.
        """
        async with self.reading(caller) as unit:
            scope = await figures_of(unit, squad_id, project_id)
            span = now
            if span is None:
                calendar = await calendar_of(unit.tx, scope, unit.now)
                edition = Edition(
                    workspace_id=unit.workspace_id,
                    squad_id=squad_id,
                    cadence=Cadence.DAILY,
                    day=clock.local_day(unit.now, scope.zone),
                )
                span = period(calendar, edition).now
            found = await explain(unit.tx, scope, span)
        if found is None:
            raise NotFound("why_unknown")
        return found
