"""Whose turn it is: order within a lane, answers first, and nothing overtakes what is in doubt."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from bot.rules.budget import DeliveryClass
from bot.rules.outbox import Intent, Operation
from bot.store import lanes, outbox
from bot.store.database import Database
from models import OutboxRow, Person, Workspace

NOW = datetime(2026, 3, 10, 10, tzinfo=UTC)
ANSWER, SOON, TODAY = DeliveryClass.ANSWER, DeliveryClass.NOW, DeliveryClass.TODAY


@pytest.fixture
async def workspace(database: Database) -> int:
    async with database.write() as tx:
        statement = insert(Workspace).values(name="w", created_at=NOW).returning(Workspace.id)
        key = (await tx.execute(statement)).scalar_one()
        for name in ("Ada", "Lan"):
            await tx.execute(
                insert(Person).values(workspace_id=key, name=name, zone_set=False, created_at=NOW)
            )
        return key


async def _people(database: Database) -> list[int]:
    async with database.read() as connection:
        return list((await connection.scalars(select(Person.id).order_by(Person.id))).all())


async def _add(database: Database, workspace: int, **fields: Any) -> int:
    given = {"kind": "note", "delivery_class": SOON, **fields}
    async with database.write() as tx:
        return await outbox.add_one(tx, workspace, Intent(**given), NOW)


async def _change(database: Database, key: int, **values: Any) -> None:
    async with database.write() as tx:
        await tx.execute(update(OutboxRow).where(OutboxRow.id == key).values(**values))


async def _heads(
    database: Database, workspace: int, paused: Sequence[Operation] = (), limit: int = 100
) -> list[int]:
    async with database.read() as connection:
        found = await lanes.heads(connection, workspace, NOW, limit, paused)
        return [each.id for each in found]


async def test_one_of_each_lane_in_order(database: Database, workspace: int) -> None:
    ada, lan = await _people(database)
    first = await _add(database, workspace, person_id=ada)
    await _add(database, workspace, person_id=ada)
    second = await _add(database, workspace, channel="C1")
    await _add(database, workspace, channel="C1")
    third = await _add(database, workspace, person_id=lan)
    assert await _heads(database, workspace) == [first, second, third]
    assert await _heads(database, workspace, limit=2) == [first, second]


async def test_answers_come_first_everywhere(database: Database, workspace: int) -> None:
    ada, lan = await _people(database)
    await _add(database, workspace, person_id=ada)
    other = await _add(database, workspace, person_id=lan)
    answer = await _add(database, workspace, person_id=ada, delivery_class=ANSWER)
    assert await _heads(database, workspace) == [answer, other]


@pytest.mark.parametrize(
    "trouble",
    [
        {"state": "unknown", "due_at": NOW + timedelta(seconds=30)},
        {"state": "sending"},
        {"reason": "limited", "due_at": NOW + timedelta(seconds=30)},
        {"reason": "not_sent", "due_at": NOW + timedelta(seconds=30)},
    ],
)
async def test_nothing_overtakes_what_is_in_trouble(
    database: Database, workspace: int, trouble: dict[str, Any]
) -> None:
    first = await _add(database, workspace, channel="C1")
    await _add(database, workspace, channel="C1", delivery_class=ANSWER)
    await _change(database, first, **trouble)
    assert await _heads(database, workspace) == []
    await _change(database, first, state="unknown", due_at=NOW)
    assert await _heads(database, workspace) == [first]


async def test_what_waits_for_hours_holds_nobody_up(database: Database, workspace: int) -> None:
    ada, _ = await _people(database)
    held = await _add(database, workspace, person_id=ada)
    await _change(database, held, reason="outside_hours", due_at=NOW + timedelta(hours=9))
    answer = await _add(database, workspace, person_id=ada, delivery_class=ANSWER)
    assert await _heads(database, workspace) == [answer]


async def test_a_change_keeps_its_place_behind_its_message(
    database: Database, workspace: int
) -> None:
    first = await _add(database, workspace, channel="C1")
    await _add(
        database,
        workspace,
        channel="C1",
        delivery_class=ANSWER,
        operation=Operation.UPDATE,
        target_id=first,
    )
    assert await _heads(database, workspace) == [first]


async def test_paused_operations_do_not_fill_the_list(database: Database, workspace: int) -> None:
    ada, lan = await _people(database)
    await _add(database, workspace, person_id=ada, operation=Operation.PUBLISH)
    other = await _add(database, workspace, person_id=lan)
    assert await _heads(database, workspace, [Operation.PUBLISH], limit=1) == [other]


async def test_lines_of_today_are_not_sent_by_themselves(
    database: Database, workspace: int
) -> None:
    ada, _ = await _people(database)
    await _add(database, workspace, person_id=ada, delivery_class=TODAY)
    carrier = await _add(database, workspace, person_id=ada, delivery_class=TODAY, kind="today")
    assert await _heads(database, workspace) == [carrier]


async def test_other_workspaces_and_the_future_are_left_alone(
    database: Database, workspace: int
) -> None:
    await _add(database, workspace, channel="C1", not_before=NOW + timedelta(seconds=1))
    assert await _heads(database, workspace) == []
    assert await _heads(database, workspace + 1) == []
    async with database.read() as connection:
        assert await lanes.busy_workspaces(connection, NOW) == []
        assert await lanes.busy_workspaces(connection, NOW + timedelta(seconds=1)) == [workspace]


async def test_disowned_deliveries_are_looked_at_after_their_request_can_have_ended(
    database: Database, workspace: int
) -> None:
    old = await _add(database, workspace, channel="C1")
    ours = await _add(database, workspace, channel="C2")
    await _change(database, old, state="sending", fence=3, claimed_at=NOW, attempts=1)
    await _change(database, ours, state="sending", fence=4, claimed_at=NOW, attempts=1)
    async with database.write() as tx:
        later = NOW + timedelta(minutes=1)
        assert await lanes.disown(tx, workspace, 4, later, timedelta(seconds=45)) == 1
    async with database.read() as connection:
        left = await outbox.get(connection, old)
        mine = await outbox.get(connection, ours)
    assert left is not None
    assert mine is not None
    assert (left.state.value, left.due_at) == ("unknown", NOW + timedelta(seconds=45))
    assert mine.state.value == "sending"
