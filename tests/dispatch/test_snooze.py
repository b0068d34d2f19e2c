"""Reminders put off and ticked off: each comes back once, when it was said to, and never early."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.errors import Conflict, NotFound
from bot.rules.budget import DeliveryClass
from bot.rules.outbox import TODAY as TODAY_KIND
from bot.rules.people import Caller
from bot.rules.snoozing import Snooze
from bot.services.reminders import Reminders
from bot.store import today as today_store
from tests.office import KINDS, Office

NOW, TODAY = DeliveryClass.NOW, DeliveryClass.TODAY
WEDNESDAY = datetime(2026, 3, 11, 9, tzinfo=UTC)


class Desk:
    """Lan, her squad, and what she does with what she is reminded of."""

    def __init__(self, office: Office, lan: Any, person: int) -> None:
        self.office, self.lan, self.person = office, lan, person
        self.reminders = Reminders(office.database, office.clock)
        self.caller = Caller(office.slack.team_id, lan.id)
        self.kinds = [replace(kind, ticks=True, snoozes=True) for kind in KINDS]

    async def run(self, **by: float) -> None:
        self.office.hands.move(**by)
        await self.office.dispatcher(kinds=self.kinds).drain()

    async def line(self, n: int, **more: Any) -> int:
        given = {"person_id": self.person, "delivery_class": TODAY, "n": n, **more}
        return await self.office.send(**given)

    async def tick(self, key: str) -> bool:
        async with self.office.database.write() as tx:
            office = self.office
            return await today_store.tick(tx, office.workspace_id, key, office.clock.now())

    @property
    def messages(self) -> list[Any]:
        return list(self.office.slack.dm(self.lan))


@pytest.fixture
async def desk(any_office: Office) -> Desk:
    squad = await any_office.squad()
    return Desk(any_office, *(await any_office.person("Lan", squad=squad)))


async def test_a_line_put_off_until_tomorrow_is_in_tomorrows_today(desk: Desk) -> None:
    key = await desk.line(1, dedupe_key="finding:1")
    await desk.line(2)
    await desk.run()  # ten in the morning
    hour = await desk.reminders.snooze(desk.caller, key, Snooze.HOUR)
    assert abs(hour.until - desk.office.clock.now() - timedelta(hours=1)) < timedelta(minutes=1)
    found = await desk.reminders.snooze(desk.caller, key, Snooze.TOMORROW)  # thought better of it
    assert (found.until, found.zone) == (WEDNESDAY, "Europe/London")
    await desk.run(seconds=2)
    (today,) = desk.messages
    assert "comes back Wed 11 Mar 2026 09:00" in today.shown
    assert today.text == "Today: one thing for you"
    await desk.run(hours=3)
    assert len(desk.messages) == 1
    await desk.run(hours=20, minutes=1)
    assert len(desk.messages) == 2
    assert "line 1" in desk.messages[1].shown
    with pytest.raises(Conflict, match="reminder_came_back"):
        await desk.reminders.snooze(desk.caller, key, Snooze.TOMORROW)
    # What settles it knows only the first one: both are ticked off.
    assert await desk.tick("finding:1")
    await desk.run(seconds=2)
    assert ["~line 1~" in each.shown for each in desk.messages] == [True, True]
    assert desk.messages[1].text == "Today: all done"


async def test_an_hour_is_an_hour_within_hours_and_budget(desk: Desk) -> None:
    first = await desk.line(1)
    await desk.run()
    await desk.reminders.snooze(desk.caller, first, Snooze.HOUR)
    await desk.run(minutes=59)
    assert len(desk.messages) == 1
    await desk.run(minutes=2)
    assert desk.messages[1].text == "note 1"
    assert "today.line" in desk.messages[1].actions
    rows = [each for each in await desk.office.states() if each[0] == "sent"]
    assert rows
    # Another hour is after working hours: then it comes the next morning.
    again = (await _copy(desk, first)).id
    desk.office.hands.move(hours=5)
    found = await desk.reminders.snooze(desk.caller, again, Snooze.HOUR)
    assert found.until == WEDNESDAY
    await desk.run(hours=2)
    assert len(desk.messages) == 2


async def _copy(desk: Desk, key: int) -> Any:
    async with desk.office.database.read() as connection:
        row = await today_store._by_key(
            connection, desk.office.workspace_id, today_store.again_key(key)
        )
    assert row is not None
    return row


async def test_until_i_am_back_needs_time_off(desk: Desk) -> None:
    key = await desk.line(1)
    await desk.run()
    with pytest.raises(Conflict, match="snooze_no_timeoff"):
        await desk.reminders.snooze(desk.caller, key, Snooze.BACK)
    await desk.office.time_off(desk.person, "2026-03-12", "2026-03-13")
    found = await desk.reminders.snooze(desk.caller, key, Snooze.BACK)
    assert found.until == datetime(2026, 3, 16, 9, tzinfo=UTC)  # after the weekend


async def test_what_would_be_over_or_is_not_ones_own_is_not_put_off(desk: Desk) -> None:
    office = desk.office
    over = await desk.line(1, not_after=office.clock.now() + timedelta(hours=3))
    waiting = await desk.line(2, not_before=office.clock.now() + timedelta(days=1))
    other, _ = await office.person("Ben")
    await desk.run()
    with pytest.raises(Conflict, match="snooze_over"):
        await desk.reminders.snooze(desk.caller, over, Snooze.TOMORROW)
    for caller, key in [
        (Caller(office.slack.team_id, other.id), over),
        (desk.caller, waiting),
        (desk.caller, 10**9),
    ]:
        with pytest.raises(NotFound, match="no_reminder"):
            await desk.reminders.snooze(caller, key, Snooze.HOUR)
        with pytest.raises(NotFound, match="no_reminder"):
            await desk.reminders.tick(caller, key)
        with pytest.raises(NotFound, match="no_reminder"):
            await desk.reminders.show_rest(caller, key)


async def test_a_long_today_shows_the_rest_when_asked_and_both_are_ticked(desk: Desk) -> None:
    keys = [await desk.line(n) for n in range(20)]
    await desk.run()
    (today,) = desk.messages
    assert "today.rest" in today.actions
    carrier = (await desk.office.row(keys[0])).carrier_id
    assert carrier is not None
    assert (await desk.office.row(carrier)).kind == TODAY_KIND
    for _ in range(2):  # clicked twice
        await desk.reminders.show_rest(desk.caller, carrier)
    await desk.run(seconds=2)
    _, rest = desk.messages
    assert rest.text == "8 more things of today"
    await desk.reminders.tick(desk.caller, keys[19])
    await desk.reminders.snooze(desk.caller, keys[18], Snooze.TOMORROW)
    await desk.run(seconds=5)
    today, rest = desk.messages
    assert today.text == "Today: 18 things for you"
    assert "~line 19~" in rest.shown
    assert "comes back" in rest.shown
