"""Polls as people answer and read them, on both kinds of database."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import insert, select, update

from bot.errors import BadInput, Conflict, NotAllowed
from bot.rules.pulse import ReadySet, Repeat, Viewer, own_questions, ready
from jobs import pulse as job
from models import (
    Ballot,
    Effect,
    LedgerEntry,
    Member,
    OutboxRow,
    Person,
    Poll,
    PollCount,
    PollQuestion,
    PollSecret,
    PollSeries,
)
from tests.fakes.slack import Fault
from tests.handlers.polling import KEY, Polled, open_polled
from tests.harness import open_house


@pytest.fixture
async def polled(database_url: str) -> AsyncIterator[Polled]:
    async with open_house(database_url, pulse_key=SecretStr(KEY)) as house:
        yield await open_polled(house)


def told(polled: Polled, user: Any, channel: Any) -> str:
    return str(polled.slack.ephemerals(channel, user)[-1].shown)


async def test_a_poll_asks_everybody_once_and_a_vote_is_confirmed_privately(
    polled: Polled,
) -> None:
    await polled.launch()
    for user in polled.people:
        message = polled.message(user)
        assert "Anonymous" in message.shown
        assert "3 people replied" in message.shown
    assert polled.slack.dm(polled.scene.mia) == []  # who only manages is not asked
    await polled.vote(polled.scene.ana, 4)
    message = polled.message(polled.scene.ana)
    assert "Kept, anonymously" in told(polled, polled.scene.ana, message.channel)


async def test_a_vote_touches_nothing_but_its_ballot(polled: Polled) -> None:
    await polled.launch()
    tables = (Effect, LedgerEntry, OutboxRow, Person, Poll, PollQuestion, PollSecret)
    before = [await polled.rows(table) for table in tables]
    await polled.vote(polled.scene.ana, 4)
    await polled.write(polled.scene.ana, "More coffee, please")
    assert [await polled.rows(table) for table in tables] == before
    assert len(await polled.rows(Ballot)) == 2


async def test_the_message_is_never_edited_because_of_a_vote(polled: Polled) -> None:
    await polled.launch()
    before = polled.message(polled.scene.ana).shown
    await polled.vote(polled.scene.ana, 4)
    await polled.house.drain()
    assert polled.message(polled.scene.ana).shown == before
    assert [row for row in await polled.rows(OutboxRow) if row.operation == "update"] == []


async def test_a_second_answer_replaces_the_first(polled: Polled) -> None:
    await polled.launch()
    for value in (1, 5, 5):
        await polled.vote(polled.scene.ana, value)
    assert len(await polled.rows(Ballot)) == 1
    await polled.vote(polled.scene.abe, 2)
    await polled.vote(polled.people[2], 2)
    await polled.close()
    assert sorted((row.value, row.n) for row in await polled.rows(PollCount)) == [(2, 2), (5, 1)]


async def test_nothing_is_shown_before_the_close(polled: Polled) -> None:
    poll = await polled.launch()
    for user in polled.people:
        await polled.vote(user, 3)
    service = polled.house.services.pulse_results
    with pytest.raises(Conflict, match="poll_open"):
        await service.results(polled.house.caller(polled.scene.mia), poll.id)
    assert await service.published(polled.house.workspace_id, poll.id) is None


async def test_comments_come_a_day_later_in_random_order(polled: Polled) -> None:
    poll = await polled.launch()
    for user in polled.people:
        await polled.write(user, f"words of {user.name} <!channel>")
    await polled.close()
    service, mia = polled.house.services.pulse_themes, polled.house.caller(polled.scene.mia)
    with pytest.raises(Conflict, match="comments_later"):
        await service.read(mia, poll.id)
    polled.house.move(days=1)
    (found,) = await service.read(mia, poll.id)
    assert sorted(len(each.comments) for each in found.themes) == [6]


async def test_who_is_not_declared_sees_no_results(polled: Polled) -> None:
    poll = await polled.launch(viewers=frozenset({Viewer.MANAGERS}))
    await polled.close()
    assert polled.slack.messages(polled.scene.team) == []
    with pytest.raises(Exception, match="no_poll"):
        await polled.house.services.pulse_results.results(
            polled.house.caller(polled.scene.ana), poll.id
        )


async def test_a_late_joiner_is_asked_and_a_leavers_reply_stays(polled: Polled) -> None:
    await polled.launch()
    for user in polled.people:
        await polled.vote(user, 2 if user is polled.scene.ana else 4)
    async with polled.house.database.write() as tx:
        await tx.execute(update(Member).values(status="offboarded"))
    await polled.close()
    (poll,) = await polled.rows(Poll)
    assert poll.replied == 6


async def test_someone_who_joins_an_open_poll_is_asked_within_the_hour(polled: Polled) -> None:
    await polled.launch()
    mia = polled.scene.mia
    await polled.house.command(
        mia, "/squad", f"add <@{polled.scene.oz.id}|oz> contributor", polled.scene.team
    )
    polled.house.move(hours=1)
    await polled.tick()
    assert polled.message(polled.scene.oz)


async def test_one_poll_a_week_over_all_squads(polled: Polled) -> None:
    await polled.launch()
    other = await polled.scene.second_squad(
        "Osprey",
        [
            (polled.scene.mia, "manager"),
            *((user, "contributor") for user in polled.people),
        ],
    )
    await polled.launch(squad_ids=(other,), days_open=10)
    ana = polled.scene.ana
    assert len([m for m in polled.slack.dm(ana) if "A few questions" in m.text]) == 1
    polled.house.move(days=6, hours=1)
    await polled.tick()
    assert len([m for m in polled.slack.dm(ana) if "Osprey" in m.text]) == 1


async def test_a_squad_is_not_polled_twice_within_a_week(polled: Polled) -> None:
    await polled.launch()
    with pytest.raises(Conflict, match="pulse_too_often"):
        await polled.make()


async def test_a_small_audience_is_offered_others(polled: Polled) -> None:
    with pytest.raises(BadInput, match="pulse_few_people"):
        await polled.make(k=10)


async def test_who_does_not_manage_all_of_the_squads_may_not(polled: Polled) -> None:
    other = await polled.scene.second_squad("Osprey", [(polled.scene.bo, "contributor")])
    with pytest.raises(NotAllowed):
        await polled.make(squad_ids=(polled.scene.squad_id, other))
    with pytest.raises(NotAllowed):
        await polled.make(by=polled.scene.ana)


async def test_a_repeated_message_carries_the_same_tokens(polled: Polled) -> None:
    poll = await polled.launch()
    service = polled.house.services.pulse
    key = polled.scene.person(polled.scene.ana)
    once = await service.sheet(polled.house.workspace_id, poll.id, key)
    again = await service.sheet(polled.house.workspace_id, poll.id, key)
    assert once == again
    tokens = [token for _, token in once.questions]
    assert len(set(tokens)) == 2  # each question has its own


async def test_a_message_that_may_not_have_arrived_is_sent_again_with_the_same_tokens(
    polled: Polled,
) -> None:
    ana = polled.scene.ana
    polled.slack.faults.add(method="chat.postMessage", kind=Fault.DROP_BEFORE)
    await polled.make()
    await job.tick(polled.house.container)
    await polled.house.drain()
    polled.house.move(minutes=5)
    await polled.house.drain()
    for user in polled.people:
        assert len([m for m in polled.slack.dm(user) if "A few questions" in m.text]) == 1
    await polled.vote(ana, 4)
    await polled.house.command(ana, "/pulse", "", polled.scene.team)
    shown = polled.slack.ephemerals(polled.scene.team, ana)[-1]
    await polled.house.click(shown, "pulse.answer", ana)
    again = polled.slack.ephemerals(polled.scene.team, ana)[-1]
    await polled.house.click(again, "pulse.vote:2", ana)
    assert len(await polled.rows(Ballot)) == 1


async def test_a_manager_who_also_does_the_work_is_asked_once_like_everybody(
    polled: Polled,
) -> None:
    mia, team = polled.scene.mia, polled.scene.team
    await polled.house.command(mia, "/squad", f"add <@{mia.id}|mia> contributor", team)
    await polled.launch()
    assert len([m for m in polled.slack.dm(mia) if "A few questions" in m.text]) == 1
    await polled.vote(mia, 3)
    for user in polled.people[:3]:
        await polled.vote(user, 3)
    await polled.close()
    lines = [row for row in await polled.rows(OutboxRow) if row.kind == "pulse.results_line"]
    assert [row.person_id for row in lines] == [polled.scene.person(mia)]
    (poll,) = await polled.rows(Poll)
    assert poll.replied == 4


async def test_the_reminder_goes_to_everybody_alike_without_buttons(polled: Polled) -> None:
    await polled.launch()
    await polled.vote(polled.scene.ana, 4)
    polled.house.move(days=2, hours=12)
    await polled.tick()
    polled.house.move(hours=13)
    await polled.tick()
    texts = set()
    for user in polled.people:
        (reminder,) = [m for m in polled.slack.dm(user) if "everybody alike" in m.shown]
        assert reminder.actions == []
        texts.add(reminder.shown.partition("https")[0].partition("<")[0])
        first = polled.message(user)
        exact = f"https://fake.slack.com/archives/{first.channel}/p{first.ts.replace('.', '')}"
        assert exact in str(reminder.blocks) + reminder.text
    assert len(texts) == 1


async def test_a_series_makes_its_next_round_a_week_later(polled: Polled) -> None:
    await polled.launch(repeat=Repeat.WEEKLY, questions=ready(ReadySet.ENPS))
    for n, user in enumerate(polled.people):
        await polled.house.click(polled.message(user), f"pulse.vote:{n * 2}", user)
    await polled.close()
    polled.house.move(days=2)
    await polled.tick()
    await polled.tick()
    assert len(await polled.rows(Poll)) == 2
    await polled.house.command(polled.scene.mia, "/pulse", "pause", polled.scene.team)
    assert "1 poll that comes again is paused" in told(polled, polled.scene.mia, polled.scene.team)
    (series,) = await polled.rows(PollSeries)
    assert series.next_at is None


async def test_the_form_makes_a_poll_of_own_questions(polled: Polled) -> None:
    mia = polled.scene.mia
    await polled.house.command(mia, "/pulse", "new", polled.scene.team)
    form = polled.slack.views(mia)[-1]
    await polled.house.submit(
        form,
        mia,
        {"pulse_set": "own", "pulse_own": "Is the tool fast?\ntext: What is missing?"},
    )
    assert "closes" in polled.slack.views(mia)[-1].shown
    await polled.tick()
    message = polled.message(polled.scene.ana)
    assert "Is the tool fast?" in message.shown
    assert "What is missing?" in message.shown


def test_own_questions_are_read_line_by_line() -> None:
    kinds = [each.kind.value for each in own_questions("How?\nenps: Recommend?\ntext: Why: so?")]
    assert kinds == ["scale", "enps", "text"]
    for typed in ("", "\n".join(["x?"] * 11), "x" * 201):
        with pytest.raises(BadInput):
            own_questions(typed)


async def test_the_command_shows_what_is_open_and_the_promise(polled: Polled) -> None:
    await polled.launch()
    ana, team = polled.scene.ana, polled.scene.team
    await polled.house.command(ana, "/pulse", "", team)
    shown = polled.slack.ephemerals(team, ana)[-1]
    assert "A few questions to Kestrel" in shown.shown
    await polled.house.click(shown, "pulse.answer", ana)
    sheet = polled.slack.ephemerals(team, ana)[-1]
    await polled.house.click(sheet, "pulse.vote:2", ana)
    assert len(await polled.rows(Ballot)) == 1
    await polled.vote(ana, 5)
    assert len(await polled.rows(Ballot)) == 1  # the same token, wherever it stands
    await polled.house.command(ana, "/pulse", "privacy", team)
    assert "Not promised" in told(polled, ana, team)


async def test_people_on_time_off_are_asked_when_they_are_back(polled: Polled) -> None:
    from models import TimeOff  # noqa: PLC0415

    today = polled.house.hands.time.date()
    await polled.scene.insert(
        TimeOff,
        person_id=polled.scene.person(polled.scene.ana),
        first_day=today,
        last_day=today + timedelta(days=1),
        created_at=polled.house.hands.time,
    )
    await polled.launch()
    assert polled.slack.dm(polled.scene.ana) == []
    polled.house.move(days=2)
    await polled.tick()
    assert polled.message(polled.scene.ana)


async def test_home_shows_an_open_poll_the_same_to_who_answered(polled: Polled) -> None:
    await polled.launch()
    ana = polled.scene.ana
    await polled.house.open_home(ana)
    await polled.house.drain()
    before = polled.slack.home(ana).shown
    assert "A few questions to Kestrel" in before
    await polled.vote(ana, 4)
    await polled.house.open_home(ana)
    await polled.house.drain()
    assert polled.slack.home(ana).shown == before


async def test_who_was_asked_by_a_line_of_today_is_reminded_and_counted(polled: Polled) -> None:
    poll = await polled.launch()
    house, ana = polled.house, polled.scene.person(polled.scene.ana)
    first = polled.message(polled.scene.ana)
    rows = {row.person_id: row for row in await polled.rows(OutboxRow) if row.kind == "pulse.poll"}
    async with house.database.write() as tx:
        carrier = select(OutboxRow.__table__).where(OutboxRow.id == rows[ana].id)
        values = dict((await tx.execute(carrier)).one()._mapping)
        values |= {"id": 10_000, "kind": "today", "dedupe_key": None, "bundle_key": None}
        await tx.execute(insert(OutboxRow).values(**values))
        await tx.execute(
            update(OutboxRow)
            .where(OutboxRow.id == rows[ana].id)
            .values(carrier_id=10_000, sent_channel=None, sent_ts=None)
        )
    found = await house.services.pulse.first_message(house.workspace_id, poll.id, ana)
    assert found is not None
    assert found[1:] == (first.channel, first.ts)
    for user, value in zip(polled.people[:4], (1, 2, 3, 4), strict=True):
        await house.services.ballots.cast(
            house.slack.team_id, *await _own(polled, poll.id, user), value
        )
    await polled.close()
    (closed,) = await polled.rows(Poll)
    assert (closed.replied, closed.asked) == (4, 6)


async def _own(polled: Polled, poll_id: int, user: Any) -> tuple[int, int, str]:
    """The poll, its first question, and somebody's token for it."""
    service, person = polled.house.services.pulse, polled.scene.person(user)
    sheet = await service.sheet(polled.house.workspace_id, poll_id, person)
    question, token = sheet.questions[0]
    return poll_id, question.id, token
