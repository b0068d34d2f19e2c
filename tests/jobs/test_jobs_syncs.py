"""Agendas of syncs on the clock's side: before each meeting, once, and told when they are not."""

import asyncio
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.errors import BadInput, NotAllowed, NotFound
from bot.rules import schedules as plans
from bot.rules.agenda import MeetingState
from bot.rules.half_days import HalfDay, written
from bot.rules.occurrences import SkipReason
from bot.rules.people import Role
from bot.rules.schedules import ScheduleKind
from bot.rules.squads import Sync, SyncKind, Where
from bot.services.schedules import NOT_POSTED, SKIPPED
from bot.services.syncs import Syncs
from bot.store import downtimes, syncs
from jobs.ticker import Ticker
from models import SlackIdentity, SyncMeeting
from tests.jobs.clockwork import Clockwork

DAILY = Sync(id=0, name="Daily", local_time=time(9, 30))


class Meetings:
    """Kestrel, managed by Mia, with a process whose ticker looks at it."""

    def __init__(self, works: Clockwork) -> None:
        self.works = works
        self.process = works.process()
        self.syncs = Syncs(self.process.database, self.process.clock)

    async def open(self, **squad: Any) -> "Meetings":
        self.squad_id = await self.works.squad(**({"team_channel": "C0TEAM"} | squad))
        self.mia = await self.works.person("Mia", self.squad_id, "manager")
        await self.works.keep_only(ScheduleKind.SYNC)
        self.where = Where(squad_id=self.squad_id)
        return self

    async def put(self, sync: Sync = DAILY) -> Any:
        return await self.syncs.put(self.mia, self.where, sync)

    async def stored(self) -> list[Sync]:
        async with self.works.database.read() as connection:
            return await syncs.of_squad(connection, self.works.workspace_id, self.squad_id)

    async def waits_for(self) -> str | None:
        return await self.works.waits_for(ScheduleKind.SYNC)


async def test_an_agenda_comes_before_each_meeting_once_with_two_processes(
    works: Clockwork,
) -> None:
    it = await Meetings(works).open()
    works.process(behind=timedelta(seconds=2))
    changed = await it.put()
    assert await it.waits_for() == "2026-03-09 09:00"
    assert changed.first.utc < changed.first.moment
    assert f"{changed.first.moment:%H:%M}" == "09:30"
    await works.until("2026-03-16 08:00", timedelta(hours=3))
    days = ["2026-03-09", "2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13"]
    assert await works.posts() == days
    assert await it.waits_for() == "2026-03-16 09:00"


async def test_a_weekly_review_has_its_day_length_lead_and_audience(works: Clockwork) -> None:
    it = await Meetings(works).open()
    review = Sync(
        id=0,
        name="Delivery review",
        local_time=time(15),
        kind=SyncKind.REVIEW,
        weekday=3,
        minutes=45,
        lead_minutes=120,
        audience=frozenset({Role.MANAGER, Role.DELIVERY}),
        link="https://meet.example.com/x",
    )
    await it.put(review)
    assert await it.waits_for() == "2026-03-12 13:00"
    (kept,) = await it.stored()
    assert kept == replace(review, id=kept.id, squad_id=it.squad_id)
    await it.put(replace(kept, weekday=None, lead_minutes=0))
    assert await it.waits_for() == "2026-03-09 15:00"
    async with works.database.read() as connection:
        assert await syncs.get(connection, works.workspace_id + 1, kept.id) is None
        assert (
            await syncs.by_name(connection, works.workspace_id, it.squad_id, "Delivery review")
            == (await it.stored())[0]
        )


async def test_moved_after_todays_ran_and_back_again_it_counts_from_the_next(
    works: Clockwork,
) -> None:
    it = await Meetings(works).open()
    await it.put()
    await works.until("2026-03-09 09:05", timedelta(hours=1))
    later = await it.put(replace(DAILY, name="daily", local_time=time(11)))
    assert (later.ran, later.today) == (True, False)
    (kept,) = await it.stored()
    assert (kept.name, kept.effective_day) == ("Daily", date(2026, 3, 10))
    today, tomorrow = (
        plans.meeting_start(kept, date(2026, 3, day), "UTC").time() for day in (9, 10)
    )
    assert (today, tomorrow) == (time(9, 30), time(11))
    back = await it.put()
    assert back.ran
    await works.until("2026-03-10 12:00", timedelta(hours=1))
    assert await works.posts() == ["2026-03-09", "2026-03-10"]


async def test_removed_and_added_again_it_is_the_same_one_and_today_runs_once(
    works: Clockwork,
) -> None:
    it = await Meetings(works).open()
    await it.put()
    await works.until("2026-03-09 09:05", timedelta(hours=3))
    (kept,) = await it.stored()
    await it.syncs.remove(it.mia, it.where, name="DAILY")
    assert (await it.stored(), await it.waits_for()) == ([], None)
    with pytest.raises(NotFound):
        await it.syncs.remove(it.mia, it.where, sync_id=kept.id)
    await it.put(replace(DAILY, name="daily", local_time=time(12)))
    (again,) = await it.stored()
    assert (again.id, again.name) == (kept.id, "daily")
    await works.until("2026-03-10 13:00", timedelta(hours=1))
    assert await works.posts() == ["2026-03-09", "2026-03-10"]


async def test_a_meeting_moved_closer_has_its_agenda_at_once(works: Clockwork) -> None:
    it = await Meetings(works).open()
    await it.put()
    works.hands.to("2026-03-09 08:50")
    moved = await it.put(replace(DAILY, local_time=time(9, 10)))
    assert moved.today
    await works.tick()
    assert await works.posts() == ["2026-03-09"]
    (kept,) = await it.stored()
    assert plans.meeting_start(kept, date(2026, 3, 9), "UTC").time() == time(9, 10)


async def test_a_time_that_has_passed_leaves_todays_meeting_where_it_was(
    works: Clockwork,
) -> None:
    it = await Meetings(works).open()
    await it.put()
    works.hands.to("2026-03-09 08:50")
    moved = await it.put(replace(DAILY, local_time=time(8)))
    assert not moved.today
    (kept,) = await it.stored()
    assert plans.meeting_start(kept, date(2026, 3, 9), "UTC").time() == time(9, 30)
    for morning in ("2026-03-09 09:00", "2026-03-10 08:00"):
        works.hands.to(morning)
        await works.tick()
    assert await works.posts() == ["2026-03-09", "2026-03-10"]


async def test_what_a_downtime_took_is_told_in_the_channel_and_to_the_managers(
    works: Clockwork,
) -> None:
    it = await Meetings(works).open()
    await it.put()
    works.hands.to("2026-03-09 08:39")
    await works.until("2026-03-09 08:40", timedelta(minutes=1))
    works.hands.to("2026-03-09 10:00")
    await works.tick()
    assert await works.posts() == []
    ((_, ids, _),) = await works.intents(NOT_POSTED)
    ((person, same, _),) = await works.intents(SKIPPED)
    assert (ids["first"], same, person is not None) == ("2026-03-09", ids, True)
    missed = await it.process.schedules.missed(
        works.workspace_id, ids["schedule_id"], ids["first"], ids["last"]
    )
    assert missed is not None
    assert missed.down is not None
    assert (missed.sync, missed.reason) == ("Daily", SkipReason.ASLEEP)
    assert [f"{at:%H:%M}" for at in (missed.down.start, missed.down.end)] == ["08:40", "10:00"]


async def test_yesterdays_agenda_is_missed_by_nobody_in_the_channel(works: Clockwork) -> None:
    it = await Meetings(works).open()
    await it.put()
    works.hands.to("2026-03-10 08:00")
    await works.tick()
    assert await works.intents(NOT_POSTED) == []
    assert len(await works.intents(SKIPPED)) == 1


async def test_a_short_gap_is_no_downtime_and_a_clock_set_back_runs_nothing_twice(
    works: Clockwork,
) -> None:
    it = await Meetings(works).open()
    works.process(behind=timedelta(seconds=3))
    await it.put()
    works.hands.to("2026-03-09 08:52")
    await works.until("2026-03-09 09:20", timedelta(minutes=4))
    works.hands.to("2026-03-09 08:20")  # somebody sets the server's clock
    await works.until("2026-03-09 09:04", timedelta(minutes=4))
    assert await works.posts() == ["2026-03-09"]
    assert sum(each.ticker.failures for each in works.processes) == 0
    async with works.database.read() as connection:
        seen = await downtimes.last_beat(connection)
        assert seen is not None
        assert abs(seen - works.hands.time) <= timedelta(minutes=1, seconds=3)
        first = works.hands.time - timedelta(hours=3)
        assert await downtimes.between(connection, first, works.hands.time) is None


async def test_a_half_day_takes_the_meeting_after_it_away(works: Clockwork) -> None:
    it = await Meetings(works).open()
    await it.put(replace(DAILY, local_time=time(16)))
    half = written(HalfDay(date(2026, 3, 10), None, time(13)))
    await works.change_squad(it.squad_id, half_days=[half])
    await works.until("2026-03-12 08:00", timedelta(minutes=30))
    assert await works.posts() == ["2026-03-09", "2026-03-11"]


async def test_many_meetings_at_once_are_planned_together_each_once_and_as_alone(
    works: Clockwork,
) -> None:
    squads = [await works.squad(f"Squad {n}", team_channel=f"C0TEAM{n}") for n in range(3)]
    nowhere = await works.squad("Nowhere", team_channel=None)
    process = works.process()
    service = Syncs(process.database, process.clock)
    for squad_id in (*squads, nowhere):
        mia = await works.person(f"Mia {squad_id}", squad_id, "manager")
        await works.person(f"Ben {squad_id}", squad_id, "contributor")
        for name in ("Daily", "Second"):
            await service.put(mia, Where(squad_id=squad_id), replace(DAILY, name=name))
    await works.keep_only(ScheduleKind.SYNC)
    tickers = [Ticker(each.ticker._container) for each in (process, works.process())]
    works.hands.to("2026-03-09 09:00")
    await asyncio.gather(*(ticker.tick() for ticker in tickers))
    assert sum(ticker.failures for ticker in tickers) == 0
    assert await works.happened() == 8 * [("2026-03-09", "done")]
    posts = await works.intents("agenda.post")
    assert len(posts) == 8  # of the squad without a channel, to its one manager
    assert len({row.ids["meeting_id"] for row in posts}) == 8
    assert sum(row.person_id is not None for row in posts) == 2
    async with works.database.read() as connection:
        led = (
            await connection.execute(
                select(SyncMeeting.squad_id, SyncMeeting.facilitator_id, SyncMeeting.starts_at)
            )
        ).all()
    assert {row.starts_at for row in led} == {works.hands.time + timedelta(minutes=30)}
    for squad_id in squads:  # two meetings in a row are not led by the same person
        assert len({row.facilitator_id for row in led if row.squad_id == squad_id} - {None}) == 2
    await tickers[0].tick()
    assert len(await works.intents("agenda.post")) == 8


class Twofold:
    """Two squads with a daily meeting at the same time, in both of which it is Bo's turn."""

    def __init__(self, works: Clockwork) -> None:
        self.works = works
        process = works.process()
        self.service = Syncs(process.database, process.clock)
        self.ticker = Ticker(process.ticker._container)
        self.bo = 0
        self.squads: list[int] = []

    async def open(self, *leads: int) -> "Twofold":
        """Make them; `leads` are the minutes before the meeting at which their posts leave."""
        works = self.works
        self.squads = [
            await works.squad(f"Squad {n}", team_channel=f"C0TEAM{n}") for n in range(len(leads))
        ]
        # Bo joined both before anybody else.
        bo = await works.person("Bo", self.squads[0], "contributor")
        self.bo = int(bo.user_id[1:])
        await works.join(self.squads[1], self.bo, "contributor")
        for squad_id, lead in zip(self.squads, leads, strict=True):
            works.hands.time += timedelta(minutes=1)
            mia = await works.person(f"Mia {squad_id}", squad_id, "manager")
            where = Where(squad_id=squad_id)
            await self.service.put(mia, where, replace(DAILY, lead_minutes=lead))
        await works.keep_only(ScheduleKind.SYNC)
        return self

    async def led(self, day: str) -> list[int | None]:
        """Return who leads the squads' meetings of a day that are planned."""
        statement = select(SyncMeeting.facilitator_id).where(SyncMeeting.slot == day)
        async with self.works.database.read() as connection:
            found = await connection.scalars(statement.order_by(SyncMeeting.squad_id))
            return list(found)


async def test_who_is_in_two_squads_that_meet_at_once_leads_one_of_them(works: Clockwork) -> None:
    it = await Twofold(works).open(30, 30)
    works.hands.to("2026-03-09 09:00")
    await it.ticker.tick()
    led = await it.led("2026-03-09")
    assert len(led) == 2
    assert led.count(it.bo) == 1
    assert None not in led
    posts = await works.intents("agenda.post")
    assert len({row.ids["meeting_id"] for row in posts}) == len(posts) == 2
    # Nobody else there, Bo leads both rather than nobody.
    async with works.database.write() as tx:
        others = SlackIdentity.person_id != it.bo
        await tx.execute(update(SlackIdentity).where(others).values(active=False))
    works.hands.to("2026-03-10 09:00")
    await it.ticker.tick()
    assert await it.led("2026-03-10") == [it.bo, it.bo]


async def test_so_they_do_where_the_posts_leave_at_different_times(works: Clockwork) -> None:
    it = await Twofold(works).open(30, 10)
    works.hands.to("2026-03-09 09:00")
    await it.ticker.tick()
    assert await it.led("2026-03-09") == [it.bo]
    works.hands.to("2026-03-09 09:20")
    await it.ticker.tick()
    led = await it.led("2026-03-09")
    assert led[0] == it.bo
    assert led[1] not in {it.bo, None}
    # A meeting that was skipped takes nobody's time.
    works.hands.to("2026-03-10 09:00")
    await it.ticker.tick()
    async with works.database.write() as tx:
        first = SyncMeeting.slot == "2026-03-10"
        values = {"facilitator_id": it.bo, "state": MeetingState.SKIPPED.value}
        await tx.execute(update(SyncMeeting).where(first).values(values))
    works.hands.to("2026-03-10 09:20")
    await it.ticker.tick()
    assert await it.led("2026-03-10") == [it.bo, it.bo]


async def test_what_fails_together_is_tried_one_by_one(sqlite_works: Clockwork) -> None:
    works = sqlite_works
    it = await Meetings(works).open()
    await it.put()
    await it.put(replace(DAILY, name="Second"))

    async def fail(*_: Any) -> None:
        raise RuntimeError

    container = it.process.ticker._container
    jobs = {ScheduleKind.SYNC: it.process.posting.run}
    ticker = Ticker(container, jobs, {ScheduleKind.SYNC: fail})
    works.hands.to("2026-03-09 09:00")
    await ticker.tick()
    assert await works.posts() == ["2026-03-09", "2026-03-09"]
    assert ticker.failures == 0


async def test_who_may_and_what_does_not_fit(sqlite_works: Clockwork) -> None:
    it = await Meetings(sqlite_works).open()
    noor = await sqlite_works.person("Noor", it.squad_id, "contributor")
    with pytest.raises(NotAllowed):
        await it.syncs.put(noor, it.where, DAILY)
    with pytest.raises(NotAllowed):
        await it.syncs.of_squad(noor, it.where)
    for n in range(20):
        await it.put(replace(DAILY, name=f"Sync {n}"))
    with pytest.raises(BadInput, match="many_syncs"):
        await it.put(replace(DAILY, name="One more"))
    first, second, *_ = await it.stored()
    with pytest.raises(BadInput, match="sync_exists"):
        await it.put(replace(second, name=first.name.upper()))
    with pytest.raises(NotFound, match="sync_gone"):
        await it.put(replace(second, id=9999))
    assert len(await it.stored()) == 20
