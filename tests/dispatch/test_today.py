"""Few messages: hours, budgets, and the Today message that carries what can wait."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import update

from bot.dispatch.kinds import all_kinds
from bot.rules.budget import DeliveryClass
from bot.rules.outbox import DeliveryState
from bot.store import outbox as outbox_store
from bot.store import today as today_store
from bot.store.database import Database
from models import Squad
from tests.fakes.slack import Fault
from tests.fakes.slack.rates import Rates
from tests.office import MORNING, Office, open_office

# What ticks a line off where no Done is offered.
SETTLED = {
    "actions.due": "the action is done",
    "announcement.line": "Got it, or it is withdrawn",
    "audits.disputed": "the dispute is decided or taken back",
    "audits.feedback": "Acknowledge",
    "audits.reminder": "Acknowledge",
    "blockers.late": "the blocker is cleared",
    "blockers.next": "the blocker is cleared or taken",
    "blockers.told": "the blocker is cleared or taken",
    "coaching.message": "Read, or Thank you",
    "disputes.late": "the dispute is decided or taken back",
    "disputes.review": "the last finding is looked at",
    "escalations.asked": "the question is answered, joined or taken back",
    "escalations.half": "the question is answered, joined or taken back",
    "escalations.overdue": "the question is answered, joined or taken back",
    "escalations.passed": "the question is answered",
    "escalations.passed_late": "the question is answered",
    "oneonone.soon": "it has begun: not_after",
    "pulse.poll": "nothing: what one does with a poll is not to be seen",
    "pulse.reminder": "nothing: the same",
    "reworks.due": "written anew when a task is mended",
    "reworks.overdue": "written anew when a task is mended",
    "session.count": "the attendance is there",
    "session.quiz": "the quiz is taken",
    "session.soon": "it has begun: not_after",
    "sittings.feedback": "Acknowledge",
    "sittings.reminder": "Acknowledge",
    "status_cases.confirm": "it is confirmed or declined",
    "verified.expiring": "it is kept or retired",
}
NOW, TODAY, ANSWER = DeliveryClass.NOW, DeliveryClass.TODAY, DeliveryClass.ANSWER
SENT, DROPPED, CARRIED = DeliveryState.SENT, DeliveryState.DROPPED, DeliveryState.CARRIED
NIGHT = datetime(2026, 3, 10, 3, 0, tzinfo=UTC)


async def _run(office: Office, **by: float) -> None:
    """Let time pass, then send what is due."""
    office.hands.move(**by)
    await office.dispatcher().drain()


async def _lan(office: Office, **more: Any) -> tuple[Any, int, int]:
    squad = await office.squad()
    user, person = await office.person("Lan", squad=squad, **more)
    return user, person, squad


async def test_lines_wait_for_the_morning_and_come_in_one_message(sqlite_store: Database) -> None:
    async with open_office(sqlite_store, NIGHT) as office:
        lan, person, _ = await _lan(office)
        keys = [await office.send(person_id=person, delivery_class=TODAY, n=n) for n in range(1, 4)]
        await _run(office)
        assert office.slack.dm(lan) == []
        await _run(office, hours=6, minutes=1)
        (today,) = office.slack.dm(lan)
        assert "Today: 3 things for you" in today.text
        assert [f"line {n}" in today.shown for n in (1, 2, 3)] == [True] * 3
        assert today.actions == ["do_it", "today.line"] * 3
        assert [(await office.row(key)).state for key in keys] == [SENT] * 3


async def test_a_second_today_comes_after_midday_and_no_third(fast_office: Office) -> None:
    office = fast_office
    lan, person, _ = await _lan(office)
    for n in range(4):
        await office.send(person_id=person, delivery_class=TODAY, n=n)
        await _run(office, minutes=10)
    assert len(office.slack.dm(lan)) == 1
    await _run(office, hours=2)  # 12:40
    assert len(office.slack.dm(lan)) == 2
    assert [f"line {n}" in office.slack.dm(lan)[1].shown for n in range(4)] == [
        False,
        True,
        True,
        True,
    ]
    await office.send(person_id=person, delivery_class=TODAY, n=9)
    await _run(office, hours=1)
    assert len(office.slack.dm(lan)) == 2
    await _run(office, hours=20)  # the next morning
    assert "line 9" in office.slack.dm(lan)[2].shown


@pytest.mark.parametrize(("role", "day"), [("contributor", 3), ("manager", 5)])
async def test_over_budget_becomes_a_line_with_its_button(
    fast_office: Office, role: str, day: int
) -> None:
    office = fast_office
    lan, person, _ = await _lan(office, role=role)
    for n in range(day + 2):
        await office.send(person_id=person, delivery_class=NOW, n=n)
        await _run(office, seconds=5)
    messages = office.slack.dm(lan)
    # The last place of the day is kept for the Today message.
    assert [each.text for each in messages[:-1]] == [f"note {n}" for n in range(day - 1)]
    assert messages[-1].text.startswith("Today:")
    assert len(messages) == day
    await _run(office, hours=23)
    assert office.slack.dm(lan)[-1].actions != []
    shown = "\n".join(each.shown for each in office.slack.dm(lan))
    assert [f"{n}" in shown for n in range(day + 2)] == [True] * (day + 2)


async def test_an_answer_is_never_held_or_counted(sqlite_store: Database) -> None:
    async with open_office(sqlite_store, NIGHT) as office:
        lan, person, _ = await _lan(office)
        for n in range(8):
            await office.send(person_id=person, n=n)
            await _run(office, seconds=2)
        assert len(office.slack.dm(lan)) == 8


async def test_class_now_waits_for_working_hours_of_the_persons_zone(
    sqlite_store: Database,
) -> None:
    async with open_office(sqlite_store, MORNING) as office:  # 10:00 in London, 06:00 in New York
        lan, person, _ = await _lan(office, zone="America/New_York")
        key = await office.send(person_id=person, delivery_class=NOW)
        useless = await office.send(
            person_id=person,
            delivery_class=NOW,
            n=2,
            not_after=MORNING.replace(hour=11),
        )
        await _run(office)
        row = await office.row(key)
        assert (row.state, row.reason) == (DeliveryState.WAITING, "outside_hours")
        assert row.due_at == datetime(2026, 3, 10, 13, 0, tzinfo=UTC)  # 09:00, summer time there
        assert (await office.row(useless)).reason == "expires_waiting"
        await _run(office, hours=3, minutes=1)
        assert [each.text for each in office.slack.dm(lan)] == ["note 1"]


async def test_time_off_and_weekends_hold_what_is_unprompted(fast_office: Office) -> None:
    office = fast_office
    lan, person, _ = await _lan(office)
    await office.time_off(person, "2026-03-10", "2026-03-13")
    await office.send(person_id=person, delivery_class=NOW)
    await _run(office)
    for _ in range(5):
        await _run(office, hours=24)
        assert office.slack.dm(lan) == []
    await _run(office, hours=24)  # Monday
    assert [each.text for each in office.slack.dm(lan)] == ["note 1"]


async def test_who_has_no_squad_has_office_hours_of_their_zone(sqlite_store: Database) -> None:
    async with open_office(sqlite_store, NIGHT) as office:
        lan, person = await office.person("Lan")
        await office.send(person_id=person, delivery_class=NOW)
        await _run(office)
        assert office.slack.dm(lan) == []
        await _run(office, hours=6, minutes=1)
        assert len(office.slack.dm(lan)) == 1


async def test_a_change_of_the_squads_hours_takes_effect_at_once(sqlite_store: Database) -> None:
    async with open_office(sqlite_store, NIGHT) as office:
        lan, person, squad = await _lan(office)
        await office.send(person_id=person, delivery_class=TODAY)
        await _run(office)
        async with office.database.write() as tx:
            early = MORNING.replace(hour=2).time()
            await tx.execute(update(Squad).where(Squad.id == squad).values(work_start=early))
        await _run(office, minutes=6)
        assert len(office.slack.dm(lan)) == 1


async def test_lines_that_no_longer_hold_are_left_out(fast_office: Office) -> None:
    office = fast_office
    lan, person, _ = await _lan(office)
    gone = await office.send(person_id=person, delivery_class=TODAY, ids={"n": 1, "gone": True})
    broken = await office.send(person_id=person, delivery_class=TODAY, kind="broken")
    late = await office.send(
        person_id=person, delivery_class=TODAY, not_after=office.clock.now(), n=3
    )
    kept = await office.send(person_id=person, delivery_class=TODAY, kind="careful", n=4)
    await _run(office, seconds=1)
    (today,) = office.slack.dm(lan)
    assert "note 4" in today.shown  # without a line of its own, its message is the line
    rows = [await office.row(key) for key in (gone, broken, late, kept)]
    assert [(row.state.value, row.reason) for row in rows] == [
        ("dropped", "gone"),
        ("refused", "rendering_failed"),
        ("dropped", "past_not_after"),
        ("sent", None),
    ]


async def test_a_today_with_nothing_left_is_not_sent_nor_counted(fast_office: Office) -> None:
    office = fast_office
    lan, person, _ = await _lan(office)
    await office.send(person_id=person, delivery_class=TODAY, ids={"n": 1, "gone": True})
    await _run(office)
    assert office.slack.dm(lan) == []
    await office.send(person_id=person, delivery_class=TODAY, n=2)
    await _run(office, minutes=6)
    assert "line 2" in office.slack.dm(lan)[0].shown


async def test_ticking_off_edits_the_message_without_a_new_one(fast_office: Office) -> None:
    office = fast_office
    lan, person, _ = await _lan(office)
    await office.send(person_id=person, delivery_class=TODAY, n=1, dedupe_key="finding:1")
    await office.send(person_id=person, delivery_class=TODAY, n=2, dedupe_key="finding:2")
    await _run(office)
    assert await _tick(office, "finding:1")
    assert await _tick(office, "finding:1")  # clicked twice
    await _run(office, seconds=2)
    (today,) = office.slack.dm(lan)
    assert (today.edits, today.actions) == (1, ["do_it", "today.line"])
    assert "~line 1~" in today.shown
    assert "Today: one thing for you" in today.text
    assert await _tick(office, "finding:2")
    await _run(office, seconds=2)
    (today,) = office.slack.dm(lan)
    assert (today.text, today.actions) == ("Today: all done", [])


async def test_what_was_done_before_the_today_is_left_out(sqlite_store: Database) -> None:
    async with open_office(sqlite_store, NIGHT) as office:
        _, person, _ = await _lan(office)
        await office.send(person_id=person, delivery_class=TODAY, dedupe_key="finding:1")
        assert not await _tick(office, "finding:1")
        assert not await _tick(office, "finding:never")


async def _tick(office: Office, key: str) -> bool:
    async with office.database.write() as tx:
        return await today_store.tick(tx, office.workspace_id, key, office.clock.now())


async def test_lines_end_as_their_message_ends(fast_office: Office) -> None:
    office = fast_office
    _, person, _ = await _lan(office)
    office.slack.faults.add(method="chat.postMessage", error="messages_tab_disabled")
    key = await office.send(person_id=person, delivery_class=TODAY)
    await _run(office)
    row = await office.row(key)
    assert (row.state, row.reason) == (DeliveryState.REFUSED, "messages_tab_disabled")


async def test_a_today_in_doubt_is_settled_once_with_its_lines(fast_office: Office) -> None:
    office = fast_office
    lan, person, _ = await _lan(office)
    office.slack.faults.add(method="chat.postMessage", kind=Fault.DROP_AFTER)
    key = await office.send(person_id=person, delivery_class=TODAY)
    await _run(office)
    assert (await office.row(key)).state is CARRIED
    await _run(office, seconds=31)
    assert (await office.row(key)).state is SENT
    assert len(office.slack.dm(lan)) == 1


async def test_lines_of_a_rehearsing_squad_or_an_unreachable_person_end(
    fast_office: Office,
) -> None:
    office = fast_office
    squad = await office.squad(state="rehearsal")
    lan, person = await office.person("Lan", squad=squad)
    gone, left = await office.person("Ada")
    await office.deactivate(gone)
    keys = [
        await office.send(person_id=person, delivery_class=TODAY, squad_id=squad),
        await office.send(person_id=left, delivery_class=TODAY),
    ]
    await _run(office)
    assert office.slack.dm(lan) == []
    assert [(await office.row(key)).reason for key in keys] == ["rehearsal", "user_inactive"]


async def test_a_long_list_is_cut_and_the_rest_waits(sqlite_store: Database) -> None:
    rates = Rates(posts_per_minute=None)
    async with open_office(sqlite_store, MORNING, rates=rates) as office:
        lan, person, _ = await _lan(office)
        for n in range(35):
            await office.send(person_id=person, delivery_class=TODAY, n=n)
        await _run(office)
        (today,) = office.slack.dm(lan)
        assert today.text == "Today: 30 things for you"
        assert today.shown.count("line ") == 12
        async with office.database.read() as connection:
            states = await outbox_store.counts(connection, office.workspace_id)
        assert states == {"sent": 31, "waiting": 5}


async def test_class_today_to_a_channel_is_simply_posted(fast_office: Office) -> None:
    team = fast_office.slack.add_channel("team")
    await fast_office.send(channel=team.id, delivery_class=TODAY)
    await fast_office.dispatcher().drain()
    assert fast_office.posts(team) == ["note 1"]


async def test_a_clock_set_back_makes_no_second_today_and_forgets_no_budget(
    fast_office: Office,
) -> None:
    office = fast_office
    lan, person, _ = await _lan(office)
    await office.send(person_id=person, delivery_class=TODAY, n=1)
    await _run(office, minutes=30)
    for n in (2, 3, 4):
        await office.send(person_id=person, delivery_class=NOW, n=n)
        await _run(office, seconds=5)
    assert len(office.slack.dm(lan)) == 3
    await _run(office, hours=-1)  # half past nine again
    await office.send(person_id=person, delivery_class=TODAY, n=5)
    await office.send(person_id=person, delivery_class=NOW, n=6)
    for _ in range(14):
        await _run(office, minutes=30)
    assert len(office.slack.dm(lan)) == 3, "the day's three messages were sent before"
    await _run(office, hours=16, minutes=31)
    assert len(office.slack.dm(lan)) == 4
    shown = office.slack.dm(lan)[-1].shown
    assert [f"line {n}" in shown for n in (4, 5, 6)] == [True] * 3


async def test_a_message_does_not_take_the_place_of_a_today_that_is_planned(
    fast_office: Office,
) -> None:
    office = fast_office
    lan, person, _ = await _lan(office)
    await office.send(person_id=person, delivery_class=TODAY, n=1)
    await office.send(person_id=person, delivery_class=NOW, n=2)
    await _run(office)
    assert len(office.slack.dm(lan)) == 2
    await office.send(person_id=person, delivery_class=TODAY, n=3)
    await office.send(person_id=person, delivery_class=NOW, n=4)
    await _run(office, hours=2, minutes=5)  # both are due now, and one place is left
    await _run(office, minutes=30)
    texts = [each.text for each in office.slack.dm(lan)]
    assert len(texts) == 3
    assert texts[-1].startswith("Today")


async def test_two_squads_share_one_today_and_one_budget(fast_office: Office) -> None:
    office = fast_office
    first, second = await office.squad(), await office.squad()
    lan, person = await office.person("Lan", squad=first)
    for n, squad in enumerate([first, second] * 4):
        given = {"person_id": person, "squad_id": squad, "n": n}
        await office.send(delivery_class=TODAY if n < 4 else NOW, **given)
    await _run(office)
    await _run(office, minutes=1)
    assert len(office.slack.dm(lan)) == 3
    today = next(each for each in office.slack.dm(lan) if each.text.startswith("Today"))
    assert today.text == "Today: 4 things for you"


def test_every_line_can_be_settled() -> None:
    by_others = {kind.name for kind in all_kinds() if kind.line is not None and not kind.ticks}
    assert by_others == set(SETTLED)
