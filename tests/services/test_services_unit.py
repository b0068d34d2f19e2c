"""The unit of work: what is gathered, and how little is done under SQLite's one write lock."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot.errors import BadInput
from bot.rules.audits import Severity, Verdict
from bot.rules.budget import DeliveryClass
from bot.rules.findings import AuditForm, FindingForm
from bot.rules.outbox import Intent
from models import OutboxRow
from tests.harness import House
from tests.scenes import Scene, open_scene


@pytest.fixture
async def scene(house: House) -> Scene:
    return await open_scene(house)


def about(scene: Scene, number: int) -> Intent:
    return Intent(
        kind="t.about",
        delivery_class=DeliveryClass.ANSWER,
        person_id=scene.person(scene.ana),
        ids={"number": number},
    )


async def test_messages_are_stored_at_the_end_in_their_order(scene: Scene) -> None:
    service = scene.house.services.audits
    async with service.writing(scene.house.caller(scene.abe)) as unit:
        await unit.send(about(scene, 1))
        await unit.send(about(scene, 2), about(scene, 3))
    assert [row.ids["number"] for row in await scene.planned("t.about")] == [1, 2, 3]


async def test_what_fails_sends_nothing(scene: Scene) -> None:
    async def fail() -> None:
        async with scene.house.services.audits.writing(scene.house.caller(scene.abe)) as unit:
            await unit.send(about(scene, 1))
            raise BadInput("empty_text")

    with pytest.raises(BadInput):
        await fail()
    assert await scene.rows(OutboxRow) == []


@contextmanager
def under_lock() -> Iterator[list[str]]:
    """Collect the statements between BEGIN IMMEDIATE and the commit of the same connection."""
    held: set[Any] = set()
    statements: list[str] = []

    def before(connection: Any, _cursor: Any, sql: str, *_rest: Any) -> None:
        if sql == "BEGIN IMMEDIATE":
            held.add(connection)
        elif connection in held:
            statements.append(sql)

    def after(connection: Any) -> None:
        held.discard(connection)

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "commit", after)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", before)
        event.remove(Engine, "commit", after)


# A rejection also sends the task back: the rework, its line in the ledger, whose Home shows it. A
# correction has the earlier audit to end with its disputes, and what was said, put off and sent
# back of it to change.
@pytest.mark.parametrize(("times", "most"), [(1, 12), (2, 25)], ids=["first", "corrected"])
async def test_a_recorded_audit_holds_the_write_lock_for_few_statements(
    scene: Scene, times: int, most: int
) -> None:
    wrong = FindingForm(severity=Severity.ERROR, section="4.2", note="a truck")
    submission_id = await scene.submission("T-1", scene.ana)
    form = AuditForm(submission_id=submission_id, verdict=Verdict.REJECTED, findings=(wrong,))
    caller = scene.house.caller(scene.abe)
    for number in range(times):
        with under_lock() as statements:
            await scene.house.services.audits.record(caller, form, f"view:{number}")
    assert 0 < len(statements) <= most, "\n".join(each[:110] for each in statements)
