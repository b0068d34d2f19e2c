"""What is sent about a change of status, and a case as its readers see it."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules import status_cases as rules
from bot.rules.budget import DeliveryClass
from bot.rules.home import home_intents
from bot.rules.outbox import DeliveryState, Intent, Operation
from bot.rules.status_cases import Able, Case, CaseState, Stored
from bot.services.unit import Unit
from bot.store import findings, people, squads, status_cases, today

_OUT = frozenset({DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.UNKNOWN})


def key(kind: str, case_id: int, person_id: int) -> str:
    """Return the dedupe key of a message about a case; one of each kind for each person."""
    return f"{kind}:{case_id}:{person_id}"


async def ask(unit: Unit, case: Stored, able: Able) -> None:
    """Ask everybody who may confirm a proposal; the first who says so decides."""
    those = rules.deciders(able, case.person_id, case.proposed_by)
    for person_id in sorted(those):
        await unit.send(
            Intent(
                kind=rules.CONFIRM,
                delivery_class=DeliveryClass.NOW,
                person_id=person_id,
                squad_id=case.squad_id,
                ids={"case_id": case.case_id},
                dedupe_key=key(rules.CONFIRM, case.case_id, person_id),
                not_after=case.proposed_at + rules.CONFIRM_WITHIN,
            )
        )
    await unit.send(*home_intents([*sorted(those), case.proposed_by]))


async def say_decided(unit: Unit, case: Stored) -> None:
    """Tell whoever proposed it what the second person said."""
    await unit.send(
        Intent(
            kind=rules.DECIDED,
            delivery_class=DeliveryClass.NOW,
            person_id=case.proposed_by,
            squad_id=case.squad_id,
            ids={"case_id": case.case_id},
            dedupe_key=key(rules.DECIDED, case.case_id, case.proposed_by),
        )
    )


async def tell(unit: Unit, case: Stored) -> None:
    """Tell the person what holds for them now, why, and how to answer, if they are in Slack."""
    if await _is_external(unit, case.person_id):
        return
    await unit.send(
        Intent(
            kind=rules.TOLD,
            delivery_class=DeliveryClass.NOW,
            person_id=case.person_id,
            squad_id=case.squad_id,
            ids={"case_id": case.case_id},
            dedupe_key=key(rules.TOLD, case.case_id, case.person_id),
        )
    )


async def pass_answer(unit: Unit, case: Stored, reader_id: int) -> None:
    """Bring the person's answer to a manager who had no part in it."""
    await unit.send(
        Intent(
            kind=rules.ANSWERED,
            delivery_class=DeliveryClass.NOW,
            person_id=reader_id,
            squad_id=case.squad_id,
            ids={"case_id": case.case_id},
            dedupe_key=key(rules.ANSWERED, case.case_id, reader_id),
        )
    )


async def say_lifted(unit: Unit, squad_id: int, person_id: int) -> None:
    """Tell the person that they are active again, if they are in Slack."""
    if await _is_external(unit, person_id):
        return
    await unit.send(
        Intent(
            kind=rules.LIFTED,
            delivery_class=DeliveryClass.NOW,
            person_id=person_id,
            squad_id=squad_id,
            ids={"squad_id": squad_id},
        )
    )


async def _is_external(unit: Unit, person_id: int) -> bool:
    """Whether somebody is known by name alone; whoever proposed it tells them."""
    named = await people.refs(unit.tx, [person_id])
    return person_id not in named or named[person_id].user_id is None


async def refresh(unit: Unit, case: Stored) -> None:
    """Change what was sent about a case to what holds now, and the Home tabs that show it."""
    able = await status_cases.able(unit.tx, unit.workspace_id, case.squad_id, case.person_id)
    those = able.managers | able.admins
    keys = [(rules.CONFIRM, person_id) for person_id in sorted(those)]
    keys.append((rules.TOLD, case.person_id))
    keys += [(rules.ANSWERED, person_id) for person_id in sorted(those)]
    for kind, person_id in keys:
        name = key(kind, case.case_id, person_id)
        sent = await findings.delivery(unit.tx, unit.workspace_id, name)
        if sent is None:
            continue
        if kind == rules.CONFIRM or case.state is CaseState.LIFTED:
            await today.tick(unit.tx, unit.workspace_id, name, unit.now)
        if sent.carrier_id is None and sent.state in _OUT:
            await _update(unit, case, person_id, sent.id)
    involved = {case.person_id, case.proposed_by, *those}
    await unit.send(*home_intents(sorted(involved)))


async def _update(unit: Unit, case: Stored, person_id: int, target_id: int) -> None:
    await unit.send(
        Intent(
            kind=rules.CHANGED,
            delivery_class=DeliveryClass.ANSWER,
            operation=Operation.UPDATE,
            person_id=person_id,
            squad_id=case.squad_id,
            ids={"case_id": case.case_id},
            target_id=target_id,
        )
    )


async def case_of(
    connection: AsyncConnection, stored: Stored, now: datetime, reader_id: int, zone: str | None
) -> Case | None:
    """Return a case as somebody reads it; None if the squad is archived or gone."""
    squad = await squads.get(connection, stored.workspace_id, stored.squad_id)
    if squad is None:
        return None
    able = await status_cases.able(
        connection, stored.workspace_id, stored.squad_id, stored.person_id
    )
    hears = stored.answered_to or rules.hears(able, stored)
    keys = {stored.person_id, stored.proposed_by, stored.confirmed_by, stored.closed_by, hears}
    named = await people.refs(connection, [each for each in keys if each is not None])
    return Case(
        stored=stored,
        squad=squad.name,
        person=named[stored.person_id],
        proposer=named[stored.proposed_by],
        confirmer=named.get(stored.confirmed_by or 0),
        closer=named.get(stored.closed_by or 0),
        hears=named.get(hears or 0),
        deciders=rules.deciders(able, stored.person_id, stored.proposed_by),
        managers=able.managers,
        open=rules.obstacle(stored, able, now) is None,
        reader_id=reader_id,
        zone=zone or squad.zone,
    )
