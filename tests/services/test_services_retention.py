"""What is past its time goes at night, by kind; what counts stays. Time is moved, not mocked."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.errors import BadInput
from bot.rules import retention as rules
from bot.rules.retention import DataKind
from bot.services import retention as service
from models import (
    Blocker,
    Coaching,
    Dispute,
    Finding,
    LedgerEntry,
    OutboxRow,
    Question,
    StatusCase,
    Submission,
    TimeOff,
)
from tests.handlers.auditing import REJECT, audited, finding
from tests.harness import MORNING, House
from tests.scenes import Scene, open_scene

WORDS = "words of somebody"


@pytest.fixture
async def scene(any_house: House) -> Scene:
    return await open_scene(any_house)


async def fill(scene: Scene) -> None:
    """Put a row of each kind there, of this morning."""
    ana, mia = scene.person(scene.ana), scene.person(scene.mia)
    squad = {"squad_id": scene.squad_id}
    await scene.submission("T-1", scene.ana, url="https://tool.example/1")
    await audited(scene, REJECT | finding(scene, note=WORDS))
    (found,) = await scene.rows(Finding)
    for state in ("open", "decided"):
        await scene.insert(
            Dispute,
            finding_id=found.id,
            opened_by=ana,
            reason=WORDS,
            state=state,
            opened_at=MORNING,
        )
    await scene.insert(
        Coaching, **squad, person_id=ana, by_id=mia, kind="praise", body=WORDS, created_at=MORNING
    )
    await scene.insert(
        Question,
        **squad,
        asker_id=ana,
        text=WORDS,
        via="slash",
        private=True,
        asked_at=MORNING,
        outcome="none",
        passages=[],
    )
    await scene.insert(
        TimeOff,
        person_id=ana,
        first_day=date(2026, 3, 9),
        last_day=date(2026, 3, 9),
        reason=WORDS,
        created_at=MORNING,
    )
    await scene.insert(
        Blocker,
        **squad,
        person_id=ana,
        kind="no_work",
        note=WORDS,
        opened_at=MORNING,
        closed_at=MORNING,
        lost_s=0,
    )
    for state, closed in (("lifted", MORNING), ("in_force", None)):
        await scene.insert(
            StatusCase,
            **squad,
            person_id=ana,
            status="probation",
            before="active",
            kind="conduct",
            reason=WORDS,
            answer=WORDS,
            state=state,
            proposed_by=mia,
            proposed_at=MORNING,
            closed_at=closed,
        )


async def night(scene: Scene) -> int:
    """Do what the nightly job does of it; returns how many rows it took."""
    gone = 0
    housekeeping = scene.house.services.housekeeping
    async with scene.house.database.read() as connection:
        terms = await service.terms(connection, scene.house.workspace_id)
    for forget, before in service.forgetting(terms, scene.house.hands.time):
        gone += await housekeeping._in_pieces(forget, scene.house.workspace_id, before)
    return gone


COLUMNS: list[tuple[DataKind, Any, str]] = [
    (DataKind.QUESTIONS, Question, "text"),
    (DataKind.TIME_OFF, TimeOff, "reason"),
    (DataKind.COACHING, Coaching, "body"),
    (DataKind.BLOCKERS, Blocker, "note"),
]


@pytest.mark.parametrize(("kind", "table", "column"), COLUMNS)
async def test_a_text_goes_when_its_time_is_over_and_its_row_stays(
    scene: Scene, kind: DataKind, table: Any, column: str
) -> None:
    await fill(scene)
    days = rules.TERMS[kind].days
    assert days is not None
    scene.house.move(days=days - 1)
    await night(scene)
    assert [getattr(row, column) for row in await scene.rows(table)] == [WORDS]
    scene.house.move(days=2)
    await night(scene)
    (row,) = await scene.rows(table)
    assert not getattr(row, column)
    assert await night(scene) == 0


async def test_what_still_goes_on_keeps_its_words(scene: Scene) -> None:
    await fill(scene)
    scene.house.move(days=3650)
    await night(scene)
    assert [row.reason for row in await scene.rows(Dispute)] == [WORDS, ""]
    assert [(row.reason, row.answer) for row in await scene.rows(StatusCase)] == [
        ("", None),
        (WORDS, WORDS),
    ]
    assert await scene.rows(LedgerEntry) == []


async def test_work_is_kept_until_a_time_is_set(scene: Scene) -> None:
    await fill(scene)
    scene.house.move(days=3650)
    await night(scene)
    (work,) = await scene.rows(Submission)
    assert (work.label, work.url) == ("car", "https://tool.example/1")
    done = await scene.house.services.retention.set_days(DataKind.WORK, 400)
    assert (done.days, done.standard) == (400, False)
    await night(scene)
    (work,) = await scene.rows(Submission)
    assert (work.label, work.url) == (None, None)
    (row,) = await scene.rows(Finding)
    assert (row.note, row.severity) == (None, "error")


async def test_never_keeps_for_good(scene: Scene) -> None:
    await fill(scene)
    await scene.house.services.retention.set_days(DataKind.COACHING, rules.NEVER)
    scene.house.move(days=3650)
    await night(scene)
    assert [row.body for row in await scene.rows(Coaching)] == [WORDS]


async def test_sent_messages_go_and_what_waits_stays(scene: Scene) -> None:
    await fill(scene)
    await scene.house.drain()
    scene.house.move(days=91)
    await night(scene)
    assert {row.state for row in await scene.rows(OutboxRow)} <= {"waiting", "carried"}


@pytest.mark.parametrize(
    ("text", "code"),
    [("1", "retention_short"), ("soon", "retention_days"), ("-5", "retention_days")],
)
def test_what_cannot_be_set(text: str, code: str) -> None:
    with pytest.raises(BadInput, match=code):
        rules.read_days(DataKind.LEDGER, text)


def test_a_kind_is_read_and_an_unknown_one_names_the_known() -> None:
    assert rules.read_kind("Time-Off") is DataKind.TIME_OFF
    with pytest.raises(BadInput, match="retention_kind"):
        rules.read_kind("cookies")
    assert rules.read_days(DataKind.LEDGER, "never") == rules.NEVER


def test_every_kind_has_a_term_and_something_that_removes_it() -> None:
    assert set(rules.TERMS) == set(DataKind) == set(service.retention.FORGET)
    for kind, each in rules.kept({DataKind.WORK: 0}).items():
        assert each.days is None or each.days >= rules.TERMS[kind].least
        assert each.before(MORNING) == (each.days and MORNING - timedelta(days=each.days))
