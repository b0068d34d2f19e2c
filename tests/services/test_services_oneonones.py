"""One-on-ones on each kind of database: set up, kept while people come and go, moved, settled."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from bot import clock
from bot.errors import BadInput, Conflict, NotAllowed, NotFound
from bot.rules.oneonone_terms import Takes
from bot.rules.oneonones import SOON, SOON_UNTIL, MeetingState, Why
from bot.rules.squads import Where
from bot.store import erasing, oneonone_topics, oneonones
from bot.store.database import Database
from models import (
    Member,
    OneOnOnePair,
    OneOnOneTopic,
    SlackIdentity,
    Squad,
    TimeOff,
)
from tests.services.one_on_one_world import BO, CY, MIA, MONDAY, TERMS, UNA, Rota
from tests.services.quality_world import open_world


@pytest.fixture
async def rota(database: Database) -> Rota:
    found = Rota(await open_world(database))
    await found.add("Mia", "manager")
    await found.add("Una", "manager")
    for name in ("Bo", "Cy", "Di"):
        await found.add(name, "contributor")
    await found.add("Ed", "auditor")
    await found.add("Fay", "delivery")
    return found


async def test_set_up_plans_six_weeks_for_contributors_and_auditors(rota: Rota) -> None:
    draft = await rota.setups.draft(MIA, rota.world.squad_id, TERMS, [])
    assert [each.person.name for each in draft.places if each.home] != []
    assert {each.person.name for each in draft.places} == {"Bo", "Cy", "Di", "Ed"}
    assert (draft.fits.people, draft.fits.needed, draft.fits.held) == (4, 60, 360)
    assert draft.fits.suffices
    assert await rota.rows() == []

    await rota.set_up()
    planned = await rota.planned()
    assert len(planned) == 4
    assert all(len(each) in {3, 4} for each in planned.values())
    days = {at.strftime("%a") for each in planned.values() for at, _ in each}
    assert days <= {"Tue", "Wed", "Thu"}
    told = await rota.sent("oneonone.planned")
    assert {each.person_id for each in told} == set(planned)
    assert {each.delivery_class for each in told} == {"today"}
    near = [row for row in await rota.rows() if row.reminded == 0]
    assert near
    assert all(row.starts_at <= MONDAY + timedelta(days=8) for row in near)
    soon = await rota.sent("oneonone.soon")
    assert len(soon) == 2 * len(near)
    begins = {row.id: row.starts_at for row in near}
    for each in soon:
        start = begins[each.ids["one_on_one_id"]]
        assert (each.due_at, each.not_after) == (start - SOON, start + SOON_UNTIL)
    # Again it changes nothing, by form and by night.
    before = await rota.rows()
    await rota.set_up()
    await rota.keep()
    assert [row[:12] for row in await rota.rows()] == [row[:12] for row in before]


async def test_numbers_say_when_hours_do_not_suffice(rota: Rota) -> None:
    for name in ("Gil", "Hal"):
        await rota.add(name, "contributor")
    await rota.world.database.ping()
    key = rota.keys["Hal"]
    from models import Person  # noqa: PLC0415 - one test changes somebody's zone

    await rota.change(Person, Person.id == key, zone="Pacific/Auckland", zone_set=True)
    tight = replace(TERMS, days=frozenset({1}), hours=(time(10), time(11)))
    fits = (await rota.setups.draft(MIA, rota.world.squad_id, tight, [])).fits
    assert (fits.people, fits.needed, fits.held) == (6, 90, 60)
    assert not fits.suffices
    assert [each.name for each in fits.without] == ["Hal"]
    assert len(fits.crowded) == 1


async def test_who_may_and_whom(rota: Rota) -> None:
    with pytest.raises(NotAllowed, match="not_allowed_hold_one_on_ones"):
        await rota.setups.start(BO, Where(squad_id=rota.world.squad_id))
    for name in ("Fay", "Mia"):
        with pytest.raises(BadInput, match="oneonone_not_member"):
            await rota.setups.draft(MIA, rota.world.squad_id, TERMS, [f"U0{name.upper()}"])
    await rota.set_up(UNA, replace(TERMS, link=None), rota.keys["Bo"], rota.keys["Mia"])
    draft = await rota.set_up(MIA, TERMS)
    assert {each.person.name for each in draft.places} == {"Cy", "Di", "Ed"}
    assert [(one.name, two.name) for one, two in draft.taken] == [("Bo", "Una")]
    start = await rota.setups.start(UNA, Where(squad_id=rota.world.squad_id))
    assert start.terms.takes is Takes.CHOSEN
    assert set(start.named) == {"U0BO", "U0MIA"}
    busy = [row.starts_at for row in await rota.rows(manager_id=rota.keys["Mia"])]
    led = [row.starts_at for row in await rota.rows(person_id=rota.keys["Mia"])]
    assert not set(busy) & set(led)


async def test_joining_leaving_and_pausing_move_nobody_else(rota: Rota) -> None:
    await rota.set_up()
    before = await rota.planned()
    await rota.add("Gil", "contributor")
    await rota.keep()
    after = await rota.planned()
    assert {key: after[key] for key in before} == before
    assert after[rota.keys["Gil"]]
    told = await rota.sent("oneonone.planned")
    assert {each.person_id for each in told[-2:]} == {rota.keys["Gil"], rota.keys["Mia"]}

    bo = rota.keys["Bo"]
    await rota.change(Member, Member.person_id == bo, status="paused")
    await rota.keep()
    less = await rota.planned()
    assert bo not in less
    assert {key: less[key] for key in less} == {key: after[key] for key in less}
    assert {row.why for row in await rota.rows(person_id=bo)} == {Why.LEFT.value}
    assert [each.person_id for each in await rota.sent("oneonone.left")] == [rota.keys["Mia"]]

    await rota.change(Member, Member.person_id == bo, status="active")
    await rota.change(SlackIdentity, SlackIdentity.user_id == "U0CY", active=False)
    await rota.keep()
    again = await rota.planned()
    assert bo in again
    assert rota.keys["Cy"] not in again


async def test_a_managers_people_go_to_another_with_their_topics(rota: Rota) -> None:
    await rota.set_up(MIA)
    seat, topic_id = await rota.meetings.add_topic(BO, "my contract", None, None)
    await rota.meetings.share(BO, topic_id)
    await rota.meetings.add_topic(MIA, "Bo seems tired", "U0BO", None)
    await rota.change(Member, Member.person_id == rota.keys["Mia"], status="offboarded")
    await rota.keep()
    assert await rota.planned() == {}
    await rota.set_up(UNA, replace(TERMS, hours=(time(13), time(16))))
    planned = await rota.planned()
    assert len(planned) == 4
    assert {row.manager_id for row in await rota.rows(state="planned")} == {rota.keys["Una"]}
    (page,) = await rota.meetings.with_whom(BO, "U0UNA")
    assert page.pair.pair_id != seat.pair.pair_id
    async with rota.database.read() as connection:
        texts = (await connection.execute(select(OneOnOneTopic.text, OneOnOneTopic.shared))).all()
    assert sorted(texts) == [("Bo seems tired", False), ("my contract", True)]

    # With a second manager who takes the rest the people go over by themselves.
    await rota.change(Member, Member.person_id == rota.keys["Mia"], status="active")
    await rota.change(Member, Member.person_id == rota.keys["Una"], status="offboarded")
    await rota.keep()
    (page,) = await rota.meetings.with_whom(BO, "U0MIA")
    assert page.upcoming


async def test_time_off_moves_within_the_round_and_a_month_away_is_said(rota: Rota) -> None:
    await rota.set_up()
    before = await rota.planned()
    bo, di = rota.keys["Bo"], rota.keys["Di"]
    hit = before[bo][1][0]
    await rota.off("Bo", hit.date(), hit.date())
    assert await rota.keep() == 1
    after = await rota.planned()
    assert {key: after[key] for key in after if key != bo} == {
        key: before[key] for key in before if key != bo
    }
    moved = after[bo][1]
    assert moved[0].date() != hit.date()
    assert moved[1] == 1
    told = await rota.sent("oneonone.moved")
    assert {(each.person_id, each.delivery_class) for each in told} == {
        (bo, "today"),
        (rota.keys["Mia"], "today"),
    }

    away = await rota.off("Mia", date(2026, 3, 16), date(2026, 4, 10))
    await rota.keep()
    lost = [row for row in await rota.rows(person_id=di) if row.why == "no_time"]
    assert lost
    assert {row.state for row in lost} == {"cancelled"}
    await rota.change(TimeOff, TimeOff.id == away, cancelled_at=rota.now)
    await rota.keep()
    assert not [row for row in await rota.rows(person_id=di) if row.why == "no_time"]

    await rota.change(TimeOff, TimeOff.id == away, cancelled_at=None)
    await rota.keep()
    rota.now = datetime(2026, 4, 13, 7, tzinfo=UTC)
    await rota.keep()
    rows = await rota.rows(person_id=di)
    assert [row.state for row in rows if row.why == "no_time"] == ["missed"] * len(lost)
    first = [row for row in rows if row.starts_at < MONDAY + timedelta(days=13)]
    assert {row.state for row in first} == {"unknown"}


async def test_moved_by_hand_both_are_told_once_and_reminded_anew(rota: Rota) -> None:
    await rota.set_up()
    (first,) = (await rota.rows(person_id=rota.keys["Bo"]))[:1]
    choices = await rota.meetings.choices(BO, first.id)
    assert choices.places
    taken = {row.starts_at for row in await rota.rows() if row.id != first.id}
    assert not taken & set(choices.places)
    target = choices.places[0]
    told = await rota.meetings.move(BO, first.id, 0, target, "form:1")
    again = await rota.meetings.move(BO, first.id, 0, target, "form:1")
    assert told == again
    assert (told.meeting.starts_at, told.meeting.revision) == (target, 1)
    sent = await rota.sent("oneonone.moved")
    assert [each.person_id for each in sent] == [rota.keys["Mia"]]
    near = min(target, first.starts_at) <= MONDAY + timedelta(days=1)
    assert sent[0].delivery_class == ("now" if near else "today")
    keys = {each.dedupe_key for each in await rota.sent("oneonone.soon")}
    assert f"oneonone.soon:{first.id}:1:{rota.keys['Bo']}" in keys

    other = next(row for row in await rota.rows(state="planned") if row.id != first.id)
    refused = [
        (0, target, Conflict, "oneonone_moved"),
        (1, MONDAY - timedelta(hours=1), BadInput, "oneonone_past"),
        (1, MONDAY + timedelta(weeks=20), BadInput, "oneonone_far"),
        (1, datetime(2026, 3, 7, 10, tzinfo=UTC), Conflict, "oneonone_outside"),
        (1, other.starts_at, Conflict, "oneonone_busy"),
    ]
    for revision, start, error, code in refused:
        with pytest.raises(error, match=code):
            await rota.meetings.move(MIA, first.id, revision, start, None)
    for stranger in (UNA, CY):
        with pytest.raises(NotFound, match="oneonone_gone"):
            await rota.meetings.choices(stranger, first.id)
    # A night later it stands where it was put.
    await rota.keep()
    assert [row.starts_at for row in await rota.rows(id=first.id)] == [target]

    off = await rota.meetings.cancel(MIA, first.id, 1)
    assert off.meeting.why is Why.UNDONE
    await rota.keep()
    assert [row.state for row in await rota.rows(id=first.id)] == ["cancelled"]


async def test_missed_ones_are_made_up_for_and_counted(rota: Rota) -> None:
    await rota.set_up()
    bo = rota.keys["Bo"]
    first = (await rota.rows(person_id=bo))[0]
    with pytest.raises(Conflict, match="oneonone_not_yet"):
        await rota.meetings.settle(MIA, first.id, MeetingState.HAPPENED)
    rota.now = first.ends_at
    with pytest.raises(NotAllowed, match="not_your_oneonone"):
        await rota.meetings.settle(BO, first.id, MeetingState.HAPPENED)
    for _ in range(2):
        settled = await rota.meetings.settle(MIA, first.id, MeetingState.MISSED)
    assert settled.state is MeetingState.MISSED
    choices = await rota.meetings.choices(MIA, first.id)
    made = await rota.meetings.move(MIA, first.id, 0, choices.places[0], "form:2")
    assert made.meeting.instead_of == first.id
    assert made.meeting.slot == f"{first.slot}.2"
    with pytest.raises(Conflict, match="oneonone_again"):
        await rota.meetings.move(MIA, first.id, 0, choices.places[1], "form:3")
    rota.now = made.meeting.ends_at
    await rota.meetings.settle(MIA, made.meeting.one_on_one_id, MeetingState.HAPPENED)
    (page,) = await rota.meetings.with_whom(MIA, "U0BO")
    assert page.missed_in_a_row == 0

    await rota.meetings.settle(MIA, made.meeting.one_on_one_id, MeetingState.MISSED)
    second = next(row for row in await rota.rows(person_id=bo) if row.starts_at > rota.now)
    rota.now = second.ends_at
    await rota.meetings.settle(MIA, second.id, MeetingState.MISSED)
    (page,) = await rota.meetings.with_whom(MIA, "U0BO")
    assert page.missed_in_a_row == 2
    async with rota.database.read() as connection:
        history = await oneonones.history(connection, rota.world.workspace_id, page.pair.pair_id, 2)
    assert [each.one_on_one_id for each in history][:1] == [second.id]


async def test_topics_are_their_authors_until_shared(rota: Rota) -> None:
    await rota.set_up()
    with pytest.raises(BadInput, match="oneonone_which"):
        await rota.meetings.add_topic(MIA, "pay", None, None)
    with pytest.raises(NotFound, match="oneonone_none"):
        await rota.meetings.add_topic(UNA, "pay", None, None)
    seat, mine = await rota.meetings.add_topic(BO, "my\nhours", None, "cmd:1")
    _, same = await rota.meetings.add_topic(BO, "my\nhours", None, "cmd:1")
    assert same == mine
    assert [each.text for each in seat.topics] == ["my hours"]
    (page,) = await rota.meetings.with_whom(MIA, "U0BO")
    assert page.topics == ()
    for act in (rota.meetings.share, rota.meetings.close_topic):
        for other in (MIA, CY):
            with pytest.raises(NotFound, match="gone"):
                await act(other, mine)
    await rota.meetings.share(BO, mine)
    (page,) = await rota.meetings.with_whom(MIA, "U0BO")
    assert [each.topic_id for each in page.topics] == [mine]
    page = await rota.meetings.close_topic(MIA, mine)
    assert page.topics == ()
    async with rota.database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(OneOnOnePair)) == 4


async def test_other_terms_keep_homes_that_still_fit(rota: Rota) -> None:
    await rota.set_up()
    before = await rota.planned()
    await rota.set_up(MIA, replace(TERMS, link="https://meet.example/new"))
    assert await rota.planned() == before
    await rota.set_up(MIA, replace(TERMS, every_weeks=1))
    weekly = await rota.planned()
    assert all(len(each) >= 6 for each in weekly.values())
    await rota.set_up(MIA, replace(TERMS, every_weeks=4, minutes=60))
    rare = await rota.planned()
    assert all(len(each) in {1, 2} for each in rare.values())
    lengths = {row.ends_at - row.starts_at for row in await rota.rows(state="planned")}
    assert lengths == {timedelta(hours=1)}
    slots = [(row.pair_id, row.slot) for row in await rota.rows()]
    assert len(slots) == len(set(slots))


async def test_the_hour_stays_when_the_clocks_change_and_a_race_has_one_winner(rota: Rota) -> None:
    await rota.change(Squad, Squad.id == rota.world.squad_id, zone="Europe/Berlin")
    await rota.set_up(MIA, replace(TERMS, zone="Europe/Berlin", every_weeks=1))
    times = {clock.to_local(row.starts_at, "Europe/Berlin").time() for row in await rota.rows()}
    assert times <= {time(10), time(10, 30), time(11), time(11, 30)}
    rows = await rota.rows(person_id=rota.keys["Bo"])
    assert len({row.starts_at.time() for row in rows}) == 2  # of UTC: before and after 29 March
    choices = (await rota.meetings.choices(BO, rows[0].id)).places
    done = await asyncio.gather(
        *(
            rota.meetings.move(who, rows[0].id, 0, start, None)
            for who, start in zip((BO, MIA), choices, strict=False)
        ),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in done) == ["Conflict", "Told"]


async def test_set_up_twice_at_once_is_one_plan(rota: Rota) -> None:
    await asyncio.gather(*(rota.set_up() for _ in range(3)), return_exceptions=True)
    await rota.set_up()
    slots = [(row.pair_id, row.slot) for row in await rota.rows()]
    assert len(slots) == len(set(slots))
    places = [(row.manager_id, row.starts_at) for row in await rota.rows(state="planned")]
    assert len(places) == len(set(places))


async def test_a_round_without_time_is_shown_and_may_be_given_one(rota: Rota) -> None:
    await rota.set_up()
    await rota.off("Bo", date(2026, 3, 9), date(2026, 4, 3))
    await rota.keep()
    (page,) = await rota.meetings.with_whom(BO, "U0MIA")
    (lost, *_) = page.unplaced
    assert lost.why is Why.NO_TIME
    assert page.past == ()
    target = (await rota.meetings.choices(MIA, lost.one_on_one_id)).places[0]
    told = await rota.meetings.move(MIA, lost.one_on_one_id, lost.revision, target, None)
    assert told.meeting.state is MeetingState.PLANNED
    assert told.meeting.instead_of is None
    await rota.keep()
    assert [row.starts_at for row in await rota.rows(id=lost.one_on_one_id)] == [target]


async def test_who_is_erased_is_met_no_more_and_their_words_go(rota: Rota) -> None:
    await rota.set_up()
    _, topic_id = await rota.meetings.add_topic(BO, "my health", None, None)
    async with rota.database.write() as tx:
        await erasing.forget_words(tx, [rota.keys["Bo"]], rota.now)
        await erasing.close(tx, [rota.keys["Bo"]], rota.now)
    assert rota.keys["Bo"] not in await rota.planned()
    assert len(await rota.planned()) == 3
    async with rota.database.read() as connection:
        topic = await oneonone_topics.get(connection, rota.world.workspace_id, topic_id)
    assert topic is not None
    assert (topic.text, topic.closed_at) == ("", rota.now)
