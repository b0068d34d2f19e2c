"""The workspace's own jobs: admins hear of what did not arrive, and old rows go."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select

from bot.rules.schedules import ScheduleKind
from bot.services import housekeeping
from bot.store import schedules as store
from bot.store import workspaces
from models import Effect, OutboxRow, Schedule
from tests.jobs.clockwork import Clockwork

HOUR = timedelta(hours=1)


async def outbox_row(works: Clockwork, state: str, settled: datetime | None, **more: Any) -> int:
    values = {
        "workspace_id": works.workspace_id,
        "channel": "C1",
        "operation": "post",
        "kind": "note",
        "ids": {},
        "delivery_class": "now",
        "state": state,
        "due_at": works.hands.time,
        "created_at": works.hands.time,
        "settled_at": settled,
    }
    async with works.database.write() as tx:
        statement = insert(OutboxRow).values(**(values | more)).returning(OutboxRow.id)
        return (await tx.execute(statement)).scalar_one()


async def admin(works: Clockwork, name: str) -> int:
    caller = await works.person(name, None)
    async with works.database.write() as tx:
        person_id = int(caller.user_id[1:])  # people and users are numbered alike here
        await workspaces.add_admin(tx, works.workspace_id, person_id, works.hands.time)
    return person_id


async def test_each_admin_hears_once_of_what_was_refused_since_the_last_report(
    works: Clockwork,
) -> None:
    await works.workspace_schedules()
    await works.keep_only(ScheduleKind.REFUSALS_REPORT)
    admins = [await admin(works, "Ada"), await admin(works, "Ben")]
    works.process()
    works.process()
    await works.until("2026-03-09 07:00", HOUR)
    assert await works.intents("refusals") == []  # nothing was refused
    await outbox_row(works, "refused", works.hands.time)
    await works.until("2026-03-10 05:00", HOUR)
    assert await works.intents("refusals") == []
    await works.until("2026-03-12 07:00", HOUR)
    told = await works.intents("refusals")
    assert sorted(each.person_id for each in told) == admins
    assert {each.delivery_class for each in told} == {"today"}
    assert {each.ids["since"] for each in told} == {"2026-03-09T06:00:00+00:00"}


async def test_managers_hear_of_what_their_channels_did_not_get_and_of_nothing_else(
    works: Clockwork,
) -> None:
    await works.workspace_schedules()
    await works.keep_only(ScheduleKind.REFUSALS_REPORT)
    mine, other = await works.squad("Kestrel"), await works.squad("Heron")
    both = await admin(works, "Ada")
    mia = int((await works.person("Mia", mine, "manager")).user_id[1:])
    await works.person("Bo", mine, "contributor")
    await works.person("Una", other, "manager")
    works.process()
    now = works.hands.time
    await outbox_row(works, "refused", now, squad_id=mine, reason="is_archived")
    await outbox_row(works, "parked", now, squad_id=mine)
    # What a person did not get is for the admins alone, and so is what belongs to no squad.
    await outbox_row(works, "refused", now, squad_id=other, channel=None, person_id=mia)
    await outbox_row(works, "dropped", now, squad_id=other)
    await outbox_row(works, "refused", now)
    await works.until("2026-03-11 07:00", HOUR)
    told = await works.intents("refusals")
    assert {each.person_id: each.ids.get("squad_id") for each in told} == {both: None, mia: mine}
    assert len(told) == 2
    # An admin who manages the squad as well reads of all of it in one line.
    async with works.database.write() as tx:
        await workspaces.add_admin(tx, works.workspace_id, mia, works.hands.time)
    await outbox_row(works, "refused", works.hands.time, squad_id=mine)
    await works.until("2026-03-12 07:00", HOUR)
    again = (await works.intents("refusals"))[2:]
    assert {each.person_id: each.ids.get("squad_id") for each in again} == {both: None, mia: None}


async def test_a_report_after_an_outage_reaches_back_to_the_one_before(works: Clockwork) -> None:
    await works.workspace_schedules()
    await works.keep_only(ScheduleKind.REFUSALS_REPORT)
    await admin(works, "Ada")
    works.process()
    await works.until("2026-03-09 07:00", HOUR)
    await outbox_row(works, "parked", works.hands.time)
    works.hands.to("2026-03-12 20:00")  # too late for the day's report
    await works.tick()
    assert await works.intents("refusals") == []
    await works.until("2026-03-13 06:00", HOUR)
    (told,) = await works.intents("refusals")
    assert told.ids["since"] == "2026-03-09T06:00:00+00:00"


async def test_what_was_sent_or_dropped_is_no_refusal(works: Clockwork) -> None:
    await works.workspace_schedules()
    await admin(works, "Ada")
    works.process()
    await outbox_row(works, "sent", works.hands.time)
    await outbox_row(works, "dropped", works.hands.time)
    await works.until("2026-03-09 07:00", HOUR)
    assert await works.intents("refusals") == []


async def test_old_effects_and_ended_deliveries_go_and_the_rest_stays(
    works: Clockwork, monkeypatch: Any
) -> None:
    monkeypatch.setattr(housekeeping, "CHUNK", 3)
    await works.workspace_schedules()
    await works.keep_only(ScheduleKind.HOUSEKEEPING)
    now = works.hands.time
    old, long_ago = now - timedelta(hours=47), now - timedelta(days=91)
    async with works.database.write() as tx:
        for n in range(7):
            await tx.execute(
                insert(Effect).values(
                    workspace_id=works.workspace_id, key=f"old:{n}", created_at=old
                )
            )
        await tx.execute(
            insert(Effect).values(
                workspace_id=works.workspace_id,
                key="young",
                created_at=now - timedelta(hours=45),
            )
        )
    gone = [await outbox_row(works, "sent", long_ago) for _ in range(4)]
    carrier = await outbox_row(works, "sent", long_ago)
    gone.append(await outbox_row(works, "sent", long_ago, carrier_id=carrier))
    target = await outbox_row(works, "sent", long_ago)
    kept = [
        target,
        await outbox_row(works, "sent", now, target_id=target),
        await outbox_row(works, "waiting", None),
        await outbox_row(works, "refused", now),
    ]
    works.process()
    works.hands.to("2026-03-09 02:00")
    await works.tick()
    async with works.database.read() as connection:
        assert list(await connection.scalars(select(Effect.key))) == ["young"]
        left = set(await connection.scalars(select(OutboxRow.id)))
    assert left - {carrier} == set(kept)
    await works.until("2026-03-10 03:00", HOUR)
    async with works.database.read() as connection:
        assert set(await connection.scalars(select(OutboxRow.id))) == set(kept)
    assert gone
    assert [state for _, state in await works.happened()] == ["done", "done"]


async def test_defaults_are_made_once_and_left_as_they_were_changed(works: Clockwork) -> None:
    squad = await works.squad()
    await works.workspace_schedules()
    async with works.database.write() as tx:
        await store.ensure_defaults(tx, works.workspace_id, squad, "Asia/Tokyo", works.hands.time)
        await store.ensure_workspace_defaults(tx, works.workspace_id, works.hands.time)
    async with works.database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(Schedule)) == 5
        assert set(await connection.scalars(select(Schedule.zone))) == {"UTC"}
        assert set(await connection.scalars(select(Schedule.target))) == {
            "workspace",
            f"squad:{squad}",
        }
