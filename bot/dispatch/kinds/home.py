"""A person's Home tab, written from what is true when it is published."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import structlog

from bot.dispatch.kind import Desk, Drop, HomeView, Kind, Rendered
from bot.errors import UserError
from bot.rules import announcements, disputes, oneonones, sessions
from bot.rules.blockers import LATE, NEXT, TOLD
from bot.rules.escalations import ASKED, HALF, OVERDUE
from bot.rules.home import (
    MANAGED_SHOWN,
    REFUSED,
    REHEARSED,
    TAB,
    AdminPart,
    HomeSheet,
    SquadPart,
    may_set_up,
)
from bot.rules.oneonones import Mine
from bot.rules.outbox import Delivery, EndReason
from bot.rules.people import Actor, Caller, Role
from bot.rules.pulse import RESULTS_LINE, Sheet
from bot.rules.pulse_results import Results
from bot.rules.reworks import DUE, SquadReworks
from bot.rules.reworks import LATE as LATE_REWORK
from bot.rules.reworks import OVERDUE as OVERDUE_REWORK
from bot.rules.roles import Act, may, may_see_people
from bot.rules.squads import Checklist, Where
from bot.rules.status_cases import CONFIRM
from bot.services.audit_feedback import FEEDBACK, REMINDER
from bot.services.bundle import Services
from bot.services.outbox import is_store_trouble
from bot.views.home import UTC, tab
from bot.views.oneonones import coming_on_home
from bot.views.outbox import Line

log = structlog.get_logger("muster.dispatch")

RESULTS_FOR: Final = timedelta(days=14)
RESULTS_SHOWN: Final = 2
"""Results of polls that Home shows, and for how long after the close."""

# Findings to acknowledge and disputes to decide have lists of their own on Home.
_LISTED_ELSEWHERE: Final = frozenset(
    {
        announcements.LINE,
        sessions.DAY,
        sessions.QUIZ,
        FEEDBACK,
        REMINDER,
        RESULTS_LINE,
        DUE,
        OVERDUE_REWORK,
        CONFIRM,
        disputes.ASKED,
        disputes.LATE,
        disputes.REVIEW,
    }
)


async def render(desk: Desk, delivery: Delivery) -> Rendered:
    """Return the whole tab of the person whom the delivery names."""
    if delivery.person_id is None:
        return Drop(EndReason.NOTHING_LEFT)
    home = desk.services.home
    caller = await home.caller(delivery.workspace_id, delivery.person_id)
    if caller is None:
        return Drop(EndReason.NOT_IN_SLACK)
    async with home.together():
        sheet = await _sheet(desk, caller)
        me, zone = sheet.actor.person_id, sheet.actor.zone or UTC
        rows = await home.lines(delivery.workspace_id, me, zone)
    elsewhere = _LISTED_ELSEWHERE
    if any(squad.questions for squad in sheet.squads):
        elsewhere |= {ASKED, HALF, OVERDUE}
    if any(squad.blockers for squad in sheet.squads):
        elsewhere |= {TOLD, NEXT, LATE}
    if any(squad.reworks for squad in sheet.squads):
        elsewhere |= {LATE_REWORK}
    lines = [
        await _line(desk, row)
        for row in rows
        if row.kind not in elsewhere and not _in_list(row, sheet.one_on_ones)
    ]
    shown = [line for line in lines if line is not None]
    return HomeView(tab(desk.words, sheet, shown, desk.now))


def _in_list(row: Delivery, mine: Mine | None) -> bool:
    """Tell whether a line says no more than what Home lists of one-on-ones.

    That one was moved, or that two people meet no more, the list does not say.
    """
    seats = [] if mine is None else coming_on_home(mine)
    if row.kind in {oneonones.EVE, oneonones.SOON_KIND}:
        return row.ids["one_on_one_id"] in {each.upcoming[0].one_on_one_id for each in seats}
    if row.kind == oneonones.PLANNED:
        return row.ids["pair_id"] in {each.pair.pair_id for each in seats}
    return False


async def _line(desk: Desk, row: Delivery) -> Line | None:
    """Return a line of Today if it still holds; one that fails must not keep the tab back."""
    kind = desk.kinds.get(row.kind)
    if kind is None or kind.line is None or row.kind_version not in kind.versions:
        return None
    try:
        line = await kind.line(desk, row)
    except Exception as error:
        if is_store_trouble(error):
            raise  # the whole tab is tried again
        if not isinstance(error, UserError):
            log.exception("a line could not be written", delivery=row.id, kind=row.kind)
        return None
    return None if isinstance(line, Drop) or line.done else line


async def _polls(desk: Desk, caller: Caller) -> tuple[tuple[Sheet, ...], tuple[Results, ...]]:
    """Return open polls for the caller, and the results of the last weeks that they may see."""
    open_ones, _, seen = await desk.services.pulse.overview(caller)
    late = [each for each in seen if each.closed_at and each.closed_at >= desk.now - RESULTS_FOR]
    results = desk.services.pulse_results
    shown = [await results.results(caller, each.id) for each in late[:RESULTS_SHOWN]]
    return tuple(open_ones), tuple(shown)


async def _sheet(desk: Desk, caller: Caller) -> HomeSheet:
    services = desk.services
    actor = await services.people.actor(caller)
    admins = await services.workspaces.admins(caller)
    polls, polled = await _polls(desk, caller)
    sheet = HomeSheet(
        actor=actor,
        waiting=tuple(await services.audits.open_feedback(caller)),
        own=replace(
            await services.home.own(caller),
            blocked=await services.blockers.mine(caller),
            disputes=await services.disputes.mine(caller),
            reworks=await services.reworks.mine(caller),
        ),
        sittings=tuple(await services.sittings.under_way(caller)),
        may_set_up=may_set_up(actor, has_admins=bool(admins)),
        to_decide=await services.disputes.waiting(caller),
        proposals=await services.status_cases.waiting(caller),
        statuses=await services.status_cases.mine(caller),
        polls=polls,
        polled=polled,
        announced=tuple(await services.announcements.open(caller)),
        sessions=tuple(await services.sessions.coming(caller)),
        one_on_ones=await services.oneonones.mine(caller) if actor.memberships else None,
    )
    todo = {each.squad.id: each for each in await services.squads.checklists(caller)}
    arranged = _arranged(actor, todo)
    shown = list(arranged.items())[:MANAGED_SHOWN]
    return replace(
        sheet,
        squads=tuple(
            [await _squad(desk, caller, actor, key, name, todo.get(key)) for key, name in shown]
        ),
        more_squads=len(arranged) - len(shown),
        admin=await _admin(desk, actor) if actor.is_admin else None,
    )


def _arranged(actor: Actor, todo: dict[int, Checklist]) -> dict[int, str]:
    """Return the squads the person arranges: their own first, then what an admin sees rehearsed."""
    found = {
        membership.squad_id: membership.squad
        for membership in actor.memberships
        if Role.MANAGER in actor.roles_in(membership.squad_id)
    }
    return found | {key: each.squad.name for key, each in todo.items()}


async def _squad(
    desk: Desk, caller: Caller, actor: Actor, key: int, name: str, todo: Checklist | None
) -> SquadPart:
    services = desk.services
    unread = None
    if may(actor, Act.READ_DISPUTE, key):
        unread = tuple(await services.audits.unacknowledged(caller, key))
    plan = await services.schedules.plan(caller, Where(squad_id=key))
    rehearsed = 0
    if todo is not None:
        rehearsed = len(await services.outbox.rehearsed(caller, key, desk.now - REHEARSED))
    return SquadPart(
        squad_id=key,
        squad=name,
        checklist=todo,
        unread=unread,
        refused=tuple(await services.outbox.squad_refusals(caller, key, desk.now - REFUSED)),
        rehearsed=rehearsed,
        coming=tuple(each for each in plan.entries if each.due_at is not None),
        questions=tuple(await services.duty.waiting(caller, key))
        if may(actor, Act.ANSWER_QUESTION, key)
        else None,
        blockers=tuple(await services.blockers.waiting(caller, key))
        if may(actor, Act.CLEAR_BLOCKER, key)
        else None,
        reviews=await services.disputes.to_review(caller, key)
        if may(actor, Act.READ_DISPUTE, key)
        else (),
        people=may_see_people(actor, key),
        reworks=await _reworks(services, caller, actor, key),
    )


async def _reworks(
    services: Services, caller: Caller, actor: Actor, key: int
) -> SquadReworks | None:
    if not may(actor, Act.CANCEL_REWORK, key):
        return None
    found = await services.reworks.managed(caller, key)
    return found if found.open else None


async def _admin(desk: Desk, actor: Actor) -> AdminPart:
    services = desk.services
    return AdminPart(
        has_squads=await services.home.has_squads(actor.workspace_id),
        refused=tuple(await services.outbox.refusals(actor.workspace_id, desk.now - REFUSED)),
    )


KIND = Kind(name=TAB, render=render)
