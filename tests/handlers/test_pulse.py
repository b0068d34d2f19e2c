"""Polls as people answer and read them, on both kinds of database."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import update

from bot.errors import BadInput, Conflict, NotAllowed
from bot.rules.pulse import PollState, ReadySet, Repeat, Viewer, own_questions, ready
from jobs import pulse as job
from models import (
    Ballot,
    Effect,
    LedgerEntry,
    Member,
    OutboxRow,
    Person,
    Poll,
    PollComment,
    PollCount,
    PollQuestion,
    PollSecret,
    PollSeries,
)
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


async def test_at_the_close_all_messages_change_alike_and_nothing_is_left(polled: Polled) -> None:
    await polled.launch()
    for user, value in zip(polled.people[:4], (1, 2, 4, 5), strict=True):
        await polled.vote(user, value)
    await polled.close()
    (poll,) = await polled.rows(Poll)
    assert (poll.state, poll.replied, poll.asked) == ("closed", 4, 6)
    assert await polled.rows(Ballot) == []
    assert await polled.rows(PollSecret) == []
    for user in polled.people:
        (message,) = [m for m in polled.slack.dm(user) if "closed" in m.shown]
        assert message.actions == []
    (posted,) = polled.slack.messages(polled.scene.team)
    assert "3.0 (95 %" in posted.shown
    assert "About 70 %" in posted.shown


@pytest.mark.parametrize("replies", [0, 2, 3, 4])
async def test_below_k_nothing_is_shown_or_kept(polled: Polled, replies: int) -> None:
    await polled.launch()
    for n, user in enumerate(polled.people[:replies]):
        await polled.vote(user, 1 + n)
        await polled.write(user, f"words {n}")
    await polled.close()
    (posted,) = polled.slack.messages(polled.scene.team)
    counts, comments = await polled.rows(PollCount), await polled.rows(PollComment)
    if replies < 3:
        assert "too few to show" in posted.shown
        assert (counts, comments) == ([], [])
        assert [row.n for row in await polled.rows(PollQuestion)] == [None, None]
        assert [row.replied for row in await polled.rows(Poll)] == [None]
    else:
        assert f"n = {replies}" in posted.shown
        assert sum(row.n for row in counts) == len(comments) == replies


async def test_all_the_same_answer_is_a_range(polled: Polled) -> None:
    await polled.launch()
    for user in polled.people:
        await polled.vote(user, 1)
    await polled.close()
    (posted,) = polled.slack.messages(polled.scene.team)
    assert "between 1 and 2" in posted.shown
    assert await polled.rows(PollCount) == []


async def test_nothing_is_shown_before_the_close(polled: Polled) -> None:
    poll = await polled.launch()
    for user in polled.people:
        await polled.vote(user, 3)
    service = polled.house.services.pulse
    with pytest.raises(Conflict, match="poll_open"):
        await service.results(polled.house.caller(polled.scene.mia), poll.id)
    assert await service.published(polled.house.workspace_id, poll.id) is None


async def test_comments_come_a_day_later_in_random_order(polled: Polled) -> None:
    poll = await polled.launch()
    for user in polled.people:
        await polled.write(user, f"words of {user.name} <!channel>")
    await polled.close()
    service, mia = polled.house.services.pulse, polled.house.caller(polled.scene.mia)
    with pytest.raises(Conflict, match="comments_later"):
        await service.comments(mia, poll.id)
    polled.house.move(days=1)
    assert len(await service.comments(mia, poll.id)) == 6


async def test_who_is_not_declared_sees_no_results(polled: Polled) -> None:
    poll = await polled.launch(viewers=frozenset({Viewer.MANAGERS}))
    await polled.close()
    assert polled.slack.messages(polled.scene.team) == []
    with pytest.raises(Exception, match="no_poll"):
        await polled.house.services.pulse.results(polled.house.caller(polled.scene.ana), poll.id)


async def test_a_vote_after_the_close_and_an_open_form_get_a_sentence(polled: Polled) -> None:
    await polled.launch()
    ana = polled.scene.ana
    message = polled.message(ana)
    await polled.house.click(message, "pulse.write", ana)
    view = polled.slack.views(ana)[-1]
    await polled.house.command(polled.scene.mia, "/pulse", "close", polled.scene.team)
    await polled.vote(ana, 3)  # the messages are not changed yet
    assert "closed" in told(polled, ana, message.channel)
    await polled.house.submit(view, ana, {"pulse_comment": "late"})
    assert "closed" in polled.slack.views(ana)[-1].shown
    assert await polled.rows(Ballot) == []


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


async def test_without_a_key_there_is_no_poll(database_url: str) -> None:
    async with open_house(database_url) as house:
        polled = await open_polled(house)
        with pytest.raises(Conflict, match="pulse_no_key"):
            await polled.make()


async def test_a_close_waits_for_a_changed_key_and_then_gives_up_unread(
    database_url: str,
) -> None:
    async with open_house(database_url, pulse_key=SecretStr(KEY)) as house:
        polled = await open_polled(house)
        await polled.launch()
        for user in polled.people:
            await polled.vote(user, 4 if user is polled.scene.abe else 2)
        start = house.hands.time
    async with open_house(database_url, start, pulse_key=SecretStr("x" * 40)) as house:
        house.move(days=5, hours=1)
        await job.tick(house.container)
        polled.house = house
        (poll,) = await polled.rows(Poll)
        assert poll.state == PollState.CLOSING
        assert await polled.rows(PollCount) == []
        assert await house.services.pulse.key_state() == (True, 1)
        house.move(days=8)
        await job.tick(house.container)
        (poll,) = await polled.rows(Poll)
        assert (poll.state, poll.replied) == ("closed", None)
        assert await polled.rows(Ballot) == []


async def test_a_repeated_message_carries_the_same_tokens(polled: Polled) -> None:
    poll = await polled.launch()
    service = polled.house.services.pulse
    key = polled.scene.person(polled.scene.ana)
    once = await service.sheet(polled.house.workspace_id, poll.id, key)
    again = await service.sheet(polled.house.workspace_id, poll.id, key)
    assert once == again
    tokens = [token for _, token in once.questions]
    assert len(set(tokens)) == 2  # each question has its own


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


@pytest.mark.parametrize("step", ["bar", "ballots", "destroy_some", "forget_secret"])
async def test_a_crash_at_any_step_of_the_close_is_made_up_for(
    polled: Polled, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.store import pulse_ballots  # noqa: PLC0415

    poll = await polled.launch()
    for user, value in zip(polled.people, (1, 2, 3, 4, 5, 5), strict=True):
        await polled.vote(user, value)
    polled.house.move(days=5, hours=1)

    async def crash(*_: object) -> None:
        raise RuntimeError(step)

    with monkeypatch.context() as patched:
        patched.setattr(pulse_ballots, step, crash)
        with pytest.raises(RuntimeError, match=step):
            await job.tick(polled.house.container)
    assert await polled.house.services.pulse.published(polled.house.workspace_id, poll.id) is None
    polled.house.move(minutes=1)
    await polled.tick()
    assert sum(row.n for row in await polled.rows(PollCount)) == 6
    assert [row.state for row in await polled.rows(Poll)] == ["closed"]
    assert await polled.rows(Ballot) == []


async def test_two_processes_closing_at_once_close_once(polled: Polled) -> None:
    import asyncio  # noqa: PLC0415

    await polled.launch()
    for user, value in zip(polled.people, (1, 2, 3, 4, 5, 5), strict=True):
        await polled.vote(user, value)
    polled.house.move(days=5, hours=1)
    await asyncio.gather(*(job.tick(polled.house.container) for _ in range(3)))
    for _ in range(2):
        polled.house.move(minutes=1)
        await polled.tick()
    assert sum(row.n for row in await polled.rows(PollCount)) == 6
    assert len(polled.slack.messages(polled.scene.team)) == 1


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


async def test_closing_by_hand_shows_results(polled: Polled) -> None:
    await polled.launch()
    for user, value in zip(polled.people, (1, 2, 3, 4, 5, 5), strict=True):
        await polled.vote(user, value)
    await polled.house.command(polled.scene.mia, "/pulse", "close", polled.scene.team)
    assert "is closed" in told(polled, polled.scene.mia, polled.scene.team)
    await polled.house.command(polled.scene.mia, "/pulse", "results", polled.scene.team)
    assert "3.3 (95 %" in told(polled, polled.scene.mia, polled.scene.team)


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
