"""The attacker of polls: each look shows nothing, and does without each protection in turn."""

import logging
import random
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import structlog
from pydantic import SecretStr
from sqlalchemy import insert, select, text

from bot.rules import pulse_results
from bot.rules import pulse_seals as seals
from bot.rules.pulse import QuestionKind
from bot.store import effects, pulse_ballots
from bot.store.database import Database
from handlers import pulse as handler
from handlers.reply import Reply
from models import Ballot, Base, Effect, PollComment
from tests.handlers.polling import KEY, Polled, open_polled
from tests.harness import open_house

pytestmark = pytest.mark.slow

ANSWERS = (1, 2, 3, 4, 5, 5)


@pytest.fixture
async def polled(database_url: str) -> AsyncIterator[Polled]:
    async with open_house(database_url, pulse_key=SecretStr(KEY)) as house:
        yield await open_polled(house)


# What the attacker can get hold of.


async def everything(polled: Polled) -> str:
    """Every row of every table, as a dump has them."""
    async with polled.house.database.read() as connection:
        rows = [
            f"{table.name} {tuple(row)}"
            for table in Base.metadata.sorted_tables
            for row in await connection.execute(select(table))
        ]
    return "\n".join(rows)


async def tokens(polled: Polled, poll_id: int) -> dict[int, list[str]]:
    """Slack's record: the tokens in each person's message, in the order of the questions."""
    service, found = polled.house.services.pulse, {}
    for person in polled.scene.people.values():
        sheet = await service.sheet(polled.house.workspace_id, poll_id, person)
        found[person] = [token for _, token in sheet.questions]
    return found


async def pages(database: Database) -> bytes:
    """The database as it lies on the disk: files, journal, tables and indexes."""
    if database.is_sqlite:
        path = Path(str(database.url.database))
        files = [path, *(path.with_name(path.name + end) for end in ("-wal", "-journal"))]
        return b"".join(file.read_bytes() for file in files if file.exists())
    async with database._writer.connect() as plain:
        connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("CHECKPOINT"))
        root = Path((await connection.execute(text("SHOW data_directory"))).scalar_one())
        (folder,) = (
            await connection.execute(
                text("SELECT oid FROM pg_database WHERE datname = current_database()")
            )
        ).one()
    return b"".join(file.read_bytes() for file in sorted((root / "base" / str(folder)).iterdir()))


async def found_on_disk(polled: Polled, record: dict[int, list[str]]) -> int:
    """How many marks of the tokens in Slack's record are still on the disk."""
    lying = await pages(polled.house.database)
    return sum(seals.mark(token) in lying for each in record.values() for token in each)


async def run_poll(polled: Polled) -> tuple[int, dict[int, list[str]]]:
    """Six people vote and comment; returns the poll and Slack's record, before the close."""
    poll = await polled.launch()
    for user, answer in zip(polled.people, ANSWERS, strict=True):
        await polled.vote(user, answer)
        await polled.write(user, f"words of {user.name}")
    return poll.id, await tokens(polled, poll.id)


# While the poll is open: one copy of the database and all logs, without the key.


async def linked_by_key(polled: Polled, poll_id: int, key: bytes) -> dict[int, str]:
    """Try all persons and questions with a key: person -> what they answered."""
    async with polled.house.database.read() as connection:
        rows = (await connection.execute(select(Ballot.__table__))).all()
    secret = await _secret(polled, poll_id)
    learnt: dict[int, str] = {}
    for person in polled.scene.people.values():
        for row in rows:
            marked = seals.mark(seals.token(key, secret.salt, person, row.question_id))
            if row.mark == marked:
                opener = seals.Opener(key, secret.salt)
                learnt.setdefault(person, opener.text(marked, row.sealed))
    return learnt


async def _secret(polled: Polled, poll_id: int) -> Any:
    from bot.store import pulse  # noqa: PLC0415

    async with polled.house.database.read() as connection:
        return await pulse.secret(connection, poll_id)


async def test_without_the_key_no_guess_leads_from_a_person_to_a_ballot(polled: Polled) -> None:
    poll_id, _ = await run_poll(polled)
    for guess in (b"", b"0" * 32, b"muster", (await _secret(polled, poll_id)).salt):
        assert await linked_by_key(polled, poll_id, guess) == {}


async def test_with_the_key_beside_the_database_the_same_guess_finds_everybody(
    polled: Polled,
) -> None:
    poll_id, _ = await run_poll(polled)
    learnt = await linked_by_key(polled, poll_id, KEY.encode())
    truth = {
        polled.scene.person(user): {str(answer), f"words of {user.name}"}
        for user, answer in zip(polled.people, ANSWERS, strict=True)
    }
    assert set(learnt) == set(truth)
    assert all(learnt[person] in truth[person] for person in truth)


async def lone_ballot(polled: Polled) -> str:
    """Only Ana could have voted yet, so the one ballot is hers: what does it say?"""
    await polled.launch()
    await polled.vote(polled.scene.ana, 2)
    async with polled.house.database.read() as connection:
        (row,) = (await connection.execute(select(Ballot.__table__))).all()
    return str(row.sealed.decode(errors="replace"))


async def test_whose_ballot_it_must_be_says_nothing_of_what_is_in_it(polled: Polled) -> None:
    first, second = seals.seal(b"k" * 32, b"s", b"m", 2), seals.seal(b"k" * 32, b"s", b"m", 10)
    assert len(first) == len(second)
    short, long = (seals.seal(b"k" * 32, b"s", b"m", words) for words in ("a", "b" * 900))
    assert len(short) == len(long)
    assert await lone_ballot(polled) != "2"


async def test_unsealed_it_says_all(polled: Polled, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "seal", lambda _key, _salt, _mark, answer: str(answer).encode())
    assert await lone_ballot(polled) == "2"


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """Everything that is logged, at the most talkative."""
    lines: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    ear, root = Ear(), logging.getLogger()
    level = root.level
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    quiet = ("slack_bolt", "slack_sdk", "aiosqlite")  # kept at INFO by bot.cli.logs
    before = {name: logging.getLogger(name).level for name in quiet}
    for name in quiet:
        logging.getLogger(name).setLevel(logging.INFO)
    with structlog.testing.capture_logs() as events:
        yield lines
        lines += [str(event) for event in events]
    root.removeHandler(ear)
    root.setLevel(level)
    for name, was in before.items():
        logging.getLogger(name).setLevel(was)


async def test_logs_and_other_tables_tell_nothing_of_a_vote(
    polled: Polled, heard: list[str]
) -> None:
    poll = await polled.launch()
    record = await tokens(polled, poll.id)
    before = await everything(polled)
    heard.clear()
    await polled.vote(polled.scene.ana, 4)
    after = await everything(polled)
    changed = set(after.splitlines()) - set(before.splitlines())
    assert {line.partition(" ")[0] for line in changed} == {"ballots"}
    said = "\n".join(heard)
    known = [polled.scene.ana.id, *record[polled.scene.person(polled.scene.ana)]]
    assert [each for each in known if each in said] == []


async def test_an_effect_key_would_tell(polled: Polled, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ordinary clicks keep one: who clicked, on what."""
    poll = await polled.launch()
    true_vote = polled.house.switchboard._doors.secret_clicks[handler.views.VOTE]

    async def ordinary(click: Any, container: Any) -> None:
        await true_vote(click, container)
        key = f"click:{click.value}:{click.reply._user_id}"
        async with polled.house.database.write() as tx:
            await effects.begin(tx, polled.house.workspace_id, key, polled.house.hands.time, None)

    monkeypatch.setitem(polled.house.switchboard._doors.secret_clicks, handler.views.VOTE, ordinary)
    await polled.vote(polled.scene.ana, 4)
    record = await tokens(polled, poll.id)
    await polled.close()
    (row,) = await polled.rows(Effect)
    assert polled.scene.ana.id in row.key
    assert '"value":4' in row.key
    assert record[polled.scene.person(polled.scene.ana)][0] in row.key


# After the close: the database on its disk, Slack's record, the order of clicks, and the key too.


async def test_after_the_close_no_mark_lies_on_the_disk(polled: Polled) -> None:
    _, record = await run_poll(polled)
    assert await found_on_disk(polled, record) == 2 * len(ANSWERS)
    await polled.close()
    assert await found_on_disk(polled, record) == 0
    dump = await everything(polled)
    assert all(token not in dump for each in record.values() for token in each)


async def test_the_salt_is_gone_so_that_the_key_helps_no_more(polled: Polled) -> None:
    poll_id, _ = await run_poll(polled)
    salt = (await _secret(polled, poll_id)).salt
    assert salt in await pages(polled.house.database)
    await polled.close()
    assert await _secret(polled, poll_id) is None
    assert salt not in await pages(polled.house.database)


@asynccontextmanager
async def _plainly(tx: Any) -> AsyncIterator[None]:
    """Delete as SQLite does by itself; some builds overwrite unless told not to."""
    await tx.execute(text("PRAGMA secure_delete=OFF"))
    yield


async def _no_wipe(*_: Any) -> bool:
    return True


async def test_without_writing_the_database_anew_marks_stay(
    polled: Polled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Database, "wipe", _no_wipe)
    _, record = await run_poll(polled)
    await polled.close()
    assert await found_on_disk(polled, record) > 0


async def test_without_overwriting_marks_stay_in_sqlites_file(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulse_ballots, "wiping", _plainly)
    async with open_house(sqlite_url, pulse_key=SecretStr(KEY)) as house:
        polled = await open_polled(house)
        _, record = await run_poll(polled)
        await polled.close()
        assert await found_on_disk(polled, record) > 0


async def left_in_shared_pages(database: Database) -> int:
    """Two polls fill the same pages; one closes. How many of its marks lie there still?"""
    rng = random.Random(5)
    marks = [rng.randbytes(32) for _ in range(400)]
    for n, marked in enumerate(marks):
        async with database.write() as tx:
            if database.is_sqlite:
                await tx.execute(text("PRAGMA secure_delete=OFF"))  # as most builds have it
            row = {"poll_id": 1 + n % 2, "question_id": 1, "mark": marked, "sealed": b"x" * 44}
            await tx.execute(insert(Ballot), row)
    left = True
    while left:
        async with database.write() as tx:
            left = await pulse_ballots.destroy_some(tx, 1)
    assert await database.wipe(pulse_ballots.WIPED)
    lying = await pages(database)
    assert all(marked in lying for marked in marks[1::2])
    return sum(marked in lying for marked in marks[::2])


async def test_pages_that_two_polls_shared_are_written_anew(database: Database) -> None:
    assert await left_in_shared_pages(database) == 0


async def test_not_written_anew_they_keep_copies(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def leave(*_: Any) -> None:
        return

    monkeypatch.setattr(pulse_ballots, "_rewrite", leave)
    database = Database(sqlite_url)
    try:
        assert await left_in_shared_pages(database) > 0
    finally:
        await database.close()


def matched(n: int, settle: Callable[..., Any]) -> float:
    """Put comments in the order of marks, which Slack's record gives: the mean of right guesses."""
    rng, right, rounds = random.Random(7), 0, 300
    for _ in range(rounds):
        people = {f"words of {person}": rng.randbytes(32) for person in range(n)}
        in_order = sorted(people, key=lambda words: people[words])  # as the ballots are read
        shown = settle(QuestionKind.TEXT, in_order, 3).comments
        right += sum(words == guess for words, guess in zip(shown, in_order, strict=True))
    return right / rounds


def test_the_order_of_comments_is_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    assert 0.6 < matched(8, pulse_results.settle) < 1.4  # one of them is right by chance

    class Still:
        def shuffle(self, _: list[str]) -> None:
            """Leave the order."""

    monkeypatch.setattr(random, "SystemRandom", Still)
    assert matched(8, pulse_results.settle) == 8


async def test_rows_of_a_closed_poll_have_neither_time_nor_number(polled: Polled) -> None:
    await run_poll(polled)
    await polled.close()
    rows = await polled.rows(PollComment)
    assert sorted(row.text for row in rows) == sorted(f"words of {u.name}" for u in polled.people)
    assert set(rows[0]._mapping) == {"key", "workspace_id", "question_id", "text", "theme"}
    assert {row.theme for row in rows} == {None}  # a model's groups alone, made of the words alone
    if not polled.house.database.is_sqlite:
        async with polled.house.database.read() as connection:
            for table in ("poll_comments", "poll_counts"):
                made = await connection.execute(text(f"SELECT DISTINCT xmin FROM {table}"))  # noqa: S608
                assert len(made.all()) == 1
            # Autovacuum may sample at any time; of polls and questions that tells nothing.
            samples = "SELECT attname FROM pg_stats WHERE tablename IN ('ballots', 'poll_secrets')"
            sampled = (await connection.scalars(text(samples))).all()
            assert set(sampled) <= {"poll_id", "question_id"}


async def test_postgres_keeps_no_sample_of_marks(polled: Polled) -> None:
    if polled.house.database.is_sqlite:
        pytest.skip("SQLite samples nothing")
    await run_poll(polled)
    async with polled.house.database.write() as tx:
        await tx.execute(text("ANALYZE ballots"))
        found = await tx.execute(text("SELECT attname FROM pg_stats WHERE tablename = 'ballots'"))
        assert {row[0] for row in found} & {"mark", "sealed"} == set()
        await tx.execute(text("ALTER TABLE ballots ALTER COLUMN mark SET STATISTICS 100"))
        await tx.execute(text("ANALYZE ballots"))
        found = await tx.execute(text("SELECT attname FROM pg_stats WHERE tablename = 'ballots'"))
        assert "mark" in {row[0] for row in found}
        await tx.execute(text("ALTER TABLE ballots ALTER COLUMN mark SET STATISTICS 0"))
        await tx.execute(text("DELETE FROM pg_statistic WHERE starelid = 'ballots'::regclass"))


# Slack's record of edits.


def edited(polled: Polled, before: dict[str, str]) -> set[str]:
    return {user.name for user in polled.people if polled.message(user).shown != before[user.name]}


async def test_slacks_record_shows_no_edit_of_who_voted(
    polled: Polled, monkeypatch: pytest.MonkeyPatch
) -> None:
    await polled.launch()
    before = {user.name: polled.message(user).shown for user in polled.people}
    await polled.vote(polled.scene.ana, 4)
    await polled.house.drain()
    assert edited(polled, before) == set()

    async def in_place(self: Reply, message: Any) -> None:
        message = {**message, "text": "A few questions: thank you"}
        await self.replace(message)

    monkeypatch.setattr(Reply, "privately", in_place)
    await polled.vote(polled.scene.ana, 5)
    assert edited(polled, before) == {"Ana"}
