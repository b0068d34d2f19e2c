"""Pages for a client: drafted and released by managers; a client reads what was released."""

from datetime import timedelta
from typing import Final

from bot import clock
from bot.errors import BadInput, Conflict, NotAllowed, NotFound
from bot.rules import roles
from bot.rules.budget import DeliveryClass
from bot.rules.calendar import DateSpan
from bot.rules.client_pages import (
    BODY_FIELD,
    BODY_LIMIT,
    POST,
    Page,
    PageFigures,
    PageState,
    ProjectFigures,
)
from bot.rules.outbox import Intent
from bot.rules.people import Caller
from bot.rules.quality import top_categories, total_group
from bot.rules.reports import Scope
from bot.rules.roles import Act
from bot.rules.squads import Squad, Where
from bot.services import lookup
from bot.services.behind import calendar_of
from bot.services.forecasts import of_project
from bot.services.unit import Service, Unit
from bot.store import client_pages, digests, reports

SAME_COMMAND: Final = timedelta(seconds=30)
_DAY: Final = timedelta(days=1)


class ClientPages(Service):
    """Drafts, edits, releases and shows pages."""

    async def begin(
        self, caller: Caller, where: Where, days: DateSpan | None
    ) -> PageFigures | tuple[Page, ...]:
        """Return what a manager's draft is written from; for others what was released to them.

        Without days those of the last whole week. Raises NotAllowed("not_allowed_release_page"),
        BadInput("range_ends_before_start"), and as `lookup.find_squad`.
        """
        async with self.reading(caller) as unit:
            squad = await lookup.find_squad(unit, where)
            if not roles.may(unit.actor, Act.RELEASE_PAGE, squad.id):
                if not roles.may_see_squad(unit.actor, squad.id, released=True):
                    raise NotAllowed("not_allowed_release_page")
                return tuple(await client_pages.released(unit.tx, unit.workspace_id, squad.id))
            span = days or _last_week(unit, squad)
            if span.last < span.first:
                raise BadInput("range_ends_before_start", first=span.first, last=span.last)
            scopes = await reports.scopes(unit.tx, unit.workspace_id, squad.id)
            return PageFigures(
                squad_id=squad.id,
                squad=squad.name,
                span=span,
                projects=tuple([await _figures(unit, scope, span) for scope in scopes]),
            )

    async def draft(self, caller: Caller, figures: PageFigures, body: str, key: str | None) -> Page:
        """Store a draft. Typed twice it is one. Raises NotAllowed("not_allowed_release_page")."""
        async with self.writing(caller) as unit:
            roles.require(unit.actor, Act.RELEASE_PAGE, figures.squad_id)
            prior = await unit.begin(key, SAME_COMMAND)
            if prior is not None:
                return await _get(unit, int(prior["page_id"]))
            page_id = await client_pages.add(
                unit.tx, unit.workspace_id, figures, body, unit.actor.person_id, unit.now
            )
            await unit.log("page.drafted", squad_id=figures.squad_id, page_id=page_id)
            await unit.finish(key, page_id=page_id)
            return await _get(unit, page_id)

    async def open(self, caller: Caller, page_id: int) -> Page:
        """Return a draft to edit.

        Raises NotFound("page_gone"), NotAllowed("not_allowed_release_page"),
        Conflict("page_released").
        """
        async with self.reading(caller) as unit:
            return await _draft(unit, page_id)

    async def save(
        self, caller: Caller, page_id: int, body: str | None, channel: str | None, key: str | None
    ) -> Page:
        """Store an edited draft, and release it if a channel is given. Sent twice it is once.

        Raises as `open`, BadInput("empty_text") and ("text_too_long").
        """
        if not body:
            raise BadInput("empty_text", field=BODY_FIELD)
        if len(body) > BODY_LIMIT:
            raise BadInput("text_too_long", field=BODY_FIELD, length=len(body), limit=BODY_LIMIT)
        async with self.writing(caller) as unit:
            if await unit.begin(key) is not None:
                return await _get(unit, page_id)
            page = await _draft(unit, page_id)
            by = unit.actor.person_id
            args = (unit.tx, unit.workspace_id, page_id, body, by, unit.now)
            if not await client_pages.edit(*args, channel=channel):
                raise Conflict("page_released")
            if channel is not None:
                await unit.send(
                    Intent(
                        kind=POST,
                        delivery_class=DeliveryClass.ANSWER,
                        channel=channel,
                        squad_id=page.squad_id,
                        ids={"page_id": page_id},
                        dedupe_key=f"{POST}:{page_id}",
                    )
                )
                await unit.log("page.released", squad_id=page.squad_id, page_id=page_id)
            await unit.finish(key, page_id=page_id)
            return await _get(unit, page_id)

    async def discard(self, caller: Caller, page_id: int) -> None:
        """Remove a draft for good; one that is gone is gone. Raises as `open`."""
        async with self.writing(caller) as unit:
            if await client_pages.get(unit.tx, unit.workspace_id, page_id) is None:
                return
            page = await _draft(unit, page_id)
            if not await client_pages.discard(unit.tx, unit.workspace_id, page_id):
                raise Conflict("page_released")
            await unit.log("page.discarded", squad_id=page.squad_id, page_id=page_id)

    async def released(self, workspace_id: int, page_id: int) -> Page | None:
        """Return a page for dispatch; None if it is not released."""
        async with self._database.read() as connection:
            page = await client_pages.get(connection, workspace_id, page_id)
        return page if page is not None and page.state is PageState.RELEASED else None


async def _get(unit: Unit, page_id: int) -> Page:
    page = await client_pages.get(unit.tx, unit.workspace_id, page_id)
    if page is None:
        raise NotFound("page_gone")
    roles.require(unit.actor, Act.RELEASE_PAGE, page.squad_id)
    return page


async def _draft(unit: Unit, page_id: int) -> Page:
    page = await _get(unit, page_id)
    if page.state is not PageState.DRAFT:
        raise Conflict("page_released")
    return page


def _last_week(unit: Unit, squad: Squad) -> DateSpan:
    today = clock.local_day(unit.now, squad.zone)
    monday = today - today.weekday() * _DAY
    return DateSpan(monday - 7 * _DAY, monday - _DAY)


async def _figures(unit: Unit, scope: Scope, span: DateSpan) -> ProjectFigures:
    period = scope.period(span.first, span.last)
    tallies = await reports.tally(unit.tx, scope, *period)
    group = total_group(tallies.audits, next(iter(tallies.work), None))
    found = await reports.tally_categories(unit.tx, scope, *period)
    sections = await digests.sections(unit.tx, scope)
    calendar = await calendar_of(unit.tx, scope, unit.now)
    today = clock.local_day(unit.now, scope.zone)
    return ProjectFigures(
        project=scope.project,
        score=group.score,
        target=scope.target,
        handed_in=group.submissions or 0,
        top=tuple(
            (one, sections.get(one.category)) for one in top_categories(tallies.audits, found)
        ),
        dates=await of_project(unit.tx, scope, calendar, today),
    )
