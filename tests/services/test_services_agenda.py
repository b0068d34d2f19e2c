"""Agendas on each kind of database: planned once, read in few statements, actions said daily."""

import asyncio
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, update

from bot.clock import Clock
from bot.errors import NotAllowed, NotFound
from bot.rules.guidelines import GuidelinesRequest
from bot.rules.meetings import Clash, NewAction, NotesForm
from bot.rules.occurrences import DueOccurrence
from bot.rules.people import Caller
from bot.rules.schedules import ScheduleKind
from bot.rules.squads import Sync, SyncKind, Where
from bot.services import bundle
from bot.services.agenda import Planned
from bot.services.bundle import Services
from bot.store.database import Database
from models import (
    ActionItem,
    AgendaTopic,
    Batch,
    Coaching,
    EdgeCase,
    Escalation,
    Finding,
    OutboxRow,
    Squad,
    SyncMeeting,
    TimeOff,
    VerifiedAnswer,
)
from tests import guided
from tests.services.quality_world import TEAM, World, open_world

TUESDAY = datetime.fromisoformat("2026-03-10T09:00:00+00:00")
TODAY = TUESDAY.date()
STATEMENTS = 30
MIA, BO, CY = Caller(TEAM, "U0MIA"), Caller(TEAM, "U0BO"), Caller(TEAM, "U0CY")


PAGE = """# Trucks

## 4.2 Load

A truck has a load area. Its box ends where the load does.

```
A pickup with an open load area.
```
"""


class Hands:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = TUESDAY

    def __call__(self) -> datetime:
        return self.time


class Stage:
    """A squad with a sync at ten, and its services."""

    def __init__(self, world: World, services: Services, hands: Hands) -> None:
        self.world, self.services, self.hands = world, services, hands
        self.people: dict[str, int] = {}
        self.sync_id = 0

    async def build(self) -> None:
        for name, role in (("Mia", "manager"), ("Bo", "contributor"), ("Cy", "contributor")):
            key = await self.world.person(name, f"U0{name.upper()}", roles=(role,))
            self.people[name] = key
        sync = Sync(id=0, squad_id=self.world.squad_id, name="Stand-up", local_time=time(10))
        where = Where(squad_id=self.world.squad_id)
        planned = await self.services.syncs.put(MIA, where, sync)
        self.sync_id = planned.sync.id if planned.sync else 0

    async def due(self) -> DueOccurrence | None:
        for pending in await self.services.schedules.due(50, None):
            if pending.schedule.kind is ScheduleKind.SYNC:
                return (await self.services.schedules.sort(pending))[1]
        return None

    async def meet(self, day: date = TODAY) -> int:
        """Let the sync of a day be planned; returns the meeting's key."""
        self.hands.time = datetime.combine(day, time(9, 30), TUESDAY.tzinfo)
        occurrence = await self.due()
        assert occurrence is not None
        await self.services.agenda.plan(occurrence)
        return int((await self.rows(SyncMeeting))[-1].id)

    async def rows(self, table: type[Any]) -> list[Any]:
        async with self.world.database.read() as connection:
            return list(await connection.execute(select(table.__table__).order_by(table.id)))


@pytest.fixture
async def stage(database: Database) -> Stage:
    world = await open_world(database, team_channel="C0TEAM")
    hands = Hands()
    made = Stage(world, bundle.build(database, Clock(source=hands)), hands)
    await made.build()
    return made


async def test_two_clocks_plan_one_meeting(stage: Stage) -> None:
    stage.hands.time = TUESDAY + timedelta(minutes=30)
    occurrence = await stage.due()
    assert occurrence is not None
    plans = (stage.services.agenda.plan(occurrence) for _ in range(2))
    assert sorted(await asyncio.gather(*plans)) == [Planned.OVER, Planned.QUEUED]
    (meeting,) = await stage.rows(SyncMeeting)
    assert meeting.starts_at == TUESDAY + timedelta(hours=1)
    assert meeting.facilitator_id in stage.people.values()
    (row,) = [row for row in await stage.rows(OutboxRow) if row.kind == "agenda.post"]
    assert row.not_after == TUESDAY + timedelta(hours=1, minutes=10)


async def test_a_weekly_meeting_knows_which_of_the_next_ones_are_left_out(stage: Stage) -> None:
    where, key = Where(squad_id=stage.world.squad_id), stage.world.workspace_id
    async with stage.world.database.write() as tx:
        half = ["2026-03-17 until 09:45", "2026-03-24 from 11:00", "2026-03-31 until 12:00"]
        await tx.execute(update(Squad).values(half_days=half))
    daily = await stage.services.agenda.content(key, await stage.meet())
    assert daily is not None
    assert (daily.left_out, daily.resumes) == ((), None)
    stage.hands.time = TUESDAY
    weekly = Sync(id=0, squad_id=0, name="Review", local_time=time(10), weekday=TODAY.weekday())
    await stage.services.syncs.put(MIA, where, weekly)
    found = await stage.services.agenda.content(key, await stage.meet())
    assert found is not None
    assert [each.slot for each in found.left_out] == ["2026-03-17", "2026-03-24"]
    assert found.resumes == date(2026, 3, 31)


async def test_of_two_who_write_at_once_one_sees_both(stage: Stage) -> None:
    meeting_id = await stage.meet()

    def form(text: str, owner: str, revision: int = 0) -> NotesForm:
        action = NewAction(number=0, owner=owner, text=text, due=TODAY)
        return NotesForm(
            meeting_id=meeting_id, revision=revision, decisions=None, notes=text, actions=(action,)
        )

    found = await asyncio.gather(
        stage.services.meetings.write(BO, form("ours", "U0CY"), "one"),
        stage.services.meetings.write(CY, form("theirs", "U0BO"), "two"),
    )
    (clash,) = [each for each in found if isinstance(each, Clash)]
    lost = BO if isinstance(found[0], Clash) else CY
    assert clash.notes.meeting.notes in {"ours", "theirs"}
    assert len(await stage.rows(ActionItem)) == 1
    again = form("both", "U0MIA", clash.notes.meeting.revision)
    for _ in range(2):  # Slack sends the same form twice
        kept = await stage.services.meetings.write(lost, again, "three")
        assert not isinstance(kept, Clash)
    assert len(await stage.rows(ActionItem)) == 2
    with pytest.raises(NotFound):
        await stage.services.meetings.write(lost, form("x", "U0NOBODY", 2), "four")
    (meeting,) = await stage.rows(SyncMeeting)
    assert (meeting.notes, meeting.revision) == ("both", 2)


async def test_actions_are_planned_once_a_day_until_done(stage: Stage) -> None:
    meeting_id = await stage.meet()
    action = NewAction(number=0, owner="U0BO", text="Tidy up", due=TODAY + timedelta(days=1))
    form = NotesForm(
        meeting_id=meeting_id, revision=0, decisions=None, notes=None, actions=(action,)
    )
    await stage.services.meetings.write(CY, form, "one")
    # Friday is off.
    await stage.world.add(
        TimeOff,
        person_id=stage.people["Bo"],
        first_day=TODAY + timedelta(days=3),
        last_day=TODAY + timedelta(days=3),
        created_at=TUESDAY,
    )
    said = set()
    for day in range(8):
        stage.hands.time = datetime.combine(TODAY + timedelta(days=day), time(2), TUESDAY.tzinfo)
        for _ in range(2):
            await stage.services.action_items.plan(stage.world.workspace_id)
    for row in await stage.rows(OutboxRow):
        if row.kind == "actions.due":
            said.add(row.due_at.date())
            assert row.due_at.hour == 9
            assert row.not_after > row.due_at
    assert sorted(said) == [TODAY + timedelta(days=n) for n in (1, 2, 6, 7)]
    (item,) = await stage.rows(ActionItem)
    await stage.world.person("Dee", "U0DEE", roles=("contributor",))
    with pytest.raises(NotAllowed):
        await stage.services.action_items.done(Caller(TEAM, "U0DEE"), item.id)
    for _ in range(2):
        await stage.services.action_items.done(BO, item.id)
    before = len(await stage.rows(OutboxRow))
    stage.hands.time += timedelta(days=5)
    assert await stage.services.action_items.plan(stage.world.workspace_id) == 0
    assert len(await stage.rows(OutboxRow)) == before


async def fill(stage: Stage) -> None:
    """Let there be something in each part of an agenda."""
    world, bo, mia = stage.world, stage.people["Bo"], stage.people["Mia"]
    await world.project("Signs", world.squad_id, planned_volume=10)
    category = await world.category("Loose box", "4.2")
    yesterday = TUESDAY - timedelta(hours=20)
    for n in range(3):
        made = await world.submission(bo, yesterday, label="car")
        await world.audit(made, bo, mia, yesterday + timedelta(minutes=n), errors=(category,))
    common = {"project_id": world.project_id, "squad_id": world.squad_id}
    await world.add(EdgeCase, **common, title="A", ruling="B", ruled_by=mia, ruled_at=yesterday)
    await world.add(
        VerifiedAnswer,
        **common,
        question="Q",
        answer="A",
        verifier_id=mia,
        state="used",
        verified_at=yesterday,
        expires_at=TUESDAY + timedelta(days=90),
        created_at=yesterday,
    )
    escalation = await world.add(
        Escalation,
        **common,
        named=False,
        state="open",
        opened_at=yesterday,
        due_at=yesterday + timedelta(hours=1),
    )
    for kind, key in (("question", escalation), ("dispute", 1), ("feedback", 1), (None, None)):
        await world.add(
            AgendaTopic,
            squad_id=world.squad_id,
            kind="sync",
            author_id=bo,
            text="T",
            created_at=yesterday,
            cause_kind=kind,
            cause_id=key,
        )
    await world.add(TimeOff, person_id=bo, first_day=TODAY, last_day=TODAY, created_at=yesterday)
    await world.add(
        Coaching,
        squad_id=world.squad_id,
        person_id=bo,
        by_id=mia,
        kind="praise",
        body="Thanks",
        created_at=yesterday,
        shared_at=yesterday,
    )
    await world.add(
        Batch,
        project_id=world.project_id,
        name="B1",
        size=100,
        due=TODAY + timedelta(days=9),
        created_at=yesterday,
    )
    await world.add(
        ActionItem,
        squad_id=world.squad_id,
        owner_id=bo,
        text="Do",
        due=TODAY,
        source="sync",
        source_id=1,
        private=False,
        created_by=mia,
        created_at=yesterday,
    )
    async with world.database.write() as tx:
        await tx.execute(update(Finding).values(delivered_at=TUESDAY - timedelta(days=5)))


async def test_an_agenda_takes_few_statements(stage: Stage, tmp_path: Path) -> None:
    await fill(stage)
    guided.write(tmp_path / "guide", {"trucks.md": PAGE})
    request = GuidelinesRequest(project="Reviews", version="1.0", base_url="https://guide.example")
    await stage.services.guidelines.import_at_shell(request, tmp_path / "guide")
    meeting_id = await stage.meet()
    said: list[str] = []

    def heard(*args: Any) -> None:
        said.append(str(args[2]))

    engines = {stage.world.database._reader.sync_engine}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", heard)
    found = await stage.services.agenda.content(stage.world.workspace_id, meeting_id)
    for engine in engines:
        event.remove(engine, "before_cursor_execute", heard)
    assert found is not None
    assert found.focus is not None
    assert (found.focus.errors, found.focus.people, found.focus.example) == (3, 1, None)
    assert found.focus.cited is not None
    assert "A truck has a load area" in found.focus.cited.excerpt
    assert found.focus.own is not None
    assert found.focus.own.excerpt == "A pickup with an open load area."
    assert [one.title for one in found.rulings] == ["A"]
    assert [one.title for one in found.answers] == ["Q"]
    assert (found.waiting.feedback, found.waiting.questions) == (3, 1)
    assert [one.name for one in found.away] == ["Bo"]
    assert len(found.praise) == 1
    assert len(found.actions) == 1
    assert len(found.pace) == 2
    assert any(pace.dates for pace in found.pace)
    # Of the four topics two are settled: there are no such disputes; feedback 1 is still open.
    assert [one.cause.kind.value if one.cause else None for one in found.topics] == [
        "question",
        "feedback",
        None,
    ]
    assert found.topics_open == 3
    assert found.facilitator is not None
    assert found.facilitator.name != "Bo"
    assert 10 < len(said) <= STATEMENTS, "\n".join(said)


async def test_strangers_and_clients_read_no_agenda(stage: Stage) -> None:
    world = stage.world
    meeting_id = await stage.meet()
    await world.person("Cleo", "U0CLEO", roles=("client",))
    await world.person("Dee", "U0DEE")
    where = Where(squad_id=world.squad_id)
    added = await stage.services.agenda.add(BO, where, SyncKind.SYNC, "Signs", None)
    form = NotesForm(meeting_id=meeting_id, revision=0, decisions=None, notes="x")
    for caller in (Caller(TEAM, "U0CLEO"), Caller(TEAM, "U0DEE")):
        for asked in (
            stage.services.agenda.listing(caller, where),
            stage.services.agenda.add(caller, where, SyncKind.TOUCHPOINT, "x", None),
            stage.services.agenda.close(caller, added.topic.id),
            stage.services.meetings.notes(caller, meeting_id),
            stage.services.meetings.write(caller, form, None),
            stage.services.meetings.skip(caller, meeting_id),
        ):
            with pytest.raises(NotAllowed):
                await asked
    assert len(await stage.rows(AgendaTopic)) == 1
