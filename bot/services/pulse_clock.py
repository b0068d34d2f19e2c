"""The clock's side of polls: opening, asking who joined, and the close that can be taken up again.

The close goes through states that each step leaves only when it is done, so that a crash, or a
second process, repeats a step and skips none. Nothing is shown before the last one:

1. closing: no vote counts any more (`bar` waits for those under way).
2. The ballots are opened and summed up; what may be shown is stored and the salt destroyed, in one
   transaction: from then on nobody can make or recognise a token, nor read a seal.
3. wiping: the ballots are destroyed and the database rewritten so that no page keeps them.
4. closed: every message of the poll is changed alike, and the results go to whom was declared.
"""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.rules import pulse as rules
from bot.rules import pulse_seals as seals
from bot.rules.budget import DeliveryClass
from bot.rules.outbox import Intent, Operation
from bot.rules.pulse import Poll, PollState, Question, Series, Viewer
from bot.rules.pulse_results import Settled, settle
from bot.rules.pulse_seals import Opener, UnreadableError
from bot.rules.squads import Squad
from bot.services import pulse_asking
from bot.services.pulse_results import channel_is_theirs
from bot.store import outbox, pulse, pulse_ballots, squads
from bot.store.database import Database

log = structlog.get_logger("muster.pulse")

Sealed = Sequence[tuple[int, bytes, bytes]]


class PulseClock:
    """The ticker calls `step`; nobody else needs to."""

    def __init__(self, database: Database, clock: Clock, key: bytes) -> None:
        self._database = database
        self._clock = clock
        self._key = key

    async def anything_due(self) -> bool:
        """Tell whether polls or notes wait for the clock."""
        async with self._database.read() as connection:
            return await pulse.anything_due(connection, self._clock.now())

    async def step(self) -> bool:
        """Do what is due with all polls; True if there was anything.

        One that fails keeps none of the others waiting; its error is raised at the end.
        """
        now = self._clock.now()
        async with self._database.read() as connection:
            series = await pulse.due_series(connection, now)
            polls = await pulse.due(connection, now)
        for each in series:
            await self._next_round(each, now)
        failed = []
        for poll in polls:
            try:
                await self.advance(poll)
            except Exception as error:
                failed.append(error)
        if failed:
            raise failed[0]
        return bool(series or polls)

    async def advance(self, poll: Poll) -> None:
        """Take one poll as far as it goes now."""
        now = self._clock.now()
        if poll.state is PollState.PLANNED:
            await self._open(poll, now)
        elif poll.state is PollState.OPEN and now < poll.closes_at:
            await self._look(poll, now)
        else:
            await self.close(poll)

    async def _next_round(self, series: Series, now: datetime) -> None:
        opens_at = series.next_at
        if opens_at is None or not self._key:
            return
        following = rules.next_opening(series, now)
        async with self._database.write() as tx:
            if not await pulse.advance_series(tx, series, following):
                return
            if rules.closing(opens_at, series.days_open, series.zone) <= now:
                log.info("round_skipped", series=series.id)  # the clock stood still all the while
                return
            await pulse_asking.add_round(tx, series, opens_at, seals.new_secret(self._key), now)

    async def _open(self, poll: Poll, now: datetime) -> None:
        async with self._database.write() as tx:
            look = min(now + rules.LOOK_AGAIN, poll.closes_at)
            if await pulse.move(tx, poll, PollState.OPEN, look):
                await pulse_asking.ask(tx, poll, now)
        log.info("poll_opened", poll=poll.id)

    async def _look(self, poll: Poll, now: datetime) -> None:
        async with self._database.write() as tx:
            look = min(now + rules.LOOK_AGAIN, poll.closes_at)
            if await pulse.move(tx, poll, PollState.OPEN, look):
                await pulse_asking.ask(tx, poll, now)

    # The close.

    async def close(self, poll: Poll) -> bool:
        """Close a poll, from wherever an earlier attempt left it; True once it is closed."""
        if poll.state in {PollState.PLANNED, PollState.OPEN}:
            poll = await self._stop(poll)
        if poll.state is PollState.CLOSING:
            poll = await self._count(poll)
        if poll.state is PollState.WIPING:
            poll = await self._wipe(poll)
        return poll.state is PollState.CLOSED

    async def _stop(self, poll: Poll) -> Poll:
        again = self._clock.now() + rules.CLOSE_AGAIN
        async with self._database.write() as tx:
            await pulse_ballots.bar(tx, poll.id)
            await pulse.move(tx, poll, PollState.CLOSING, again)
        return await self._read(poll)

    async def _read(self, poll: Poll) -> Poll:
        async with self._database.read() as connection:
            return await pulse.get(connection, poll.workspace_id, poll.id) or poll

    async def _count(self, poll: Poll) -> Poll:
        """Sum the ballots up; with another key than theirs wait for the right one."""
        now = self._clock.now()
        async with self._database.read() as connection:
            questions = await pulse.questions(connection, poll.id)
            secret = await pulse.secret(connection, poll.id)
            sealed = await pulse_ballots.ballots(connection, poll.id)
            reached = await pulse.reached(connection, poll)
        settled: Mapping[int, Settled] = {}
        if secret is not None and seals.fits(self._key, secret):
            settled = await asyncio.to_thread(
                count, self._key, secret.salt, questions, sealed, poll.k
            )
        elif sealed and now < poll.closes_at + rules.KEY_WAIT:
            log.error("poll_waits_for_its_key", poll=poll.id)
            async with self._database.write() as tx:
                await pulse.move(tx, poll, PollState.CLOSING, now + rules.CLOSE_AGAIN)
            return poll
        replied = max((each.n or 0 for each in settled.values()), default=0) or None
        asked = reached if replied else None
        keys = [secrets.token_bytes(16) for each in settled.values() for _ in each.comments]
        async with self._database.write() as tx:
            again = now + rules.CLOSE_AGAIN
            if await pulse.move(tx, poll, PollState.WIPING, again, replied=replied, asked=asked):
                await pulse.publish(tx, poll.workspace_id, settled, sorted(keys))
                await pulse_ballots.forget_secret(tx, poll.id)
        return await self._read(poll)

    async def _wipe(self, poll: Poll) -> Poll:
        left = True
        while left:
            async with self._database.write() as tx:
                left = await pulse_ballots.destroy_some(tx, poll.id)
        now = self._clock.now()
        if not await self._database.wipe(pulse_ballots.WIPED):
            log.info("poll_waits_for_readers", poll=poll.id)
            async with self._database.write() as tx:
                await pulse.move(tx, poll, PollState.WIPING, now + rules.CLOSE_AGAIN)
            return poll
        # A model is given the comments when people may read them (`services.pulse_themes`).
        look = now + rules.COMMENTS_WAIT if poll.to_model else None
        async with self._database.write() as tx:
            if await pulse.move(tx, poll, PollState.CLOSED, look, closed_at=now):
                sent, reached = await pulse.sent(tx, poll), await pulse.reached(tx, poll)
                # Nobody was asked where a poll was called off, or came too late to be useful.
                intents = [*_edits(poll, sent), *await _told(tx, poll)] if reached else []
                await outbox.add(tx, poll.workspace_id, intents, now)
        log.info("poll_closed", poll=poll.id)
        return await self._read(poll)


def count(
    key: bytes, salt: bytes, questions: Sequence[Question], sealed: Sealed, k: int
) -> Mapping[int, Settled]:
    """Open ballots and return what of each question may be kept."""
    opener = Opener(key, salt)
    answers: dict[int, list[str]] = {question.id: [] for question in questions}
    for question_id, marked, closed in sealed:
        try:
            answers[question_id].append(opener.text(marked, closed))
        except UnreadableError:
            log.warning("ballot_unreadable", question=question_id)
    return {each.id: settle(each.kind, answers[each.id], k) for each in questions}


def _edits(poll: Poll, sent: Sequence[tuple[int, int | None, int | None]]) -> list[Intent]:
    """Change every message of the poll alike, whoever answered."""
    return [
        Intent(
            kind=rules.CLOSED,
            delivery_class=DeliveryClass.ANSWER,
            operation=Operation.UPDATE,
            person_id=person_id,
            squad_id=squad_id,
            ids={"poll_id": poll.id},
            target_id=delivery_id,
            dedupe_key=f"{rules.CLOSED}:{poll.id}:{delivery_id}",
        )
        for delivery_id, person_id, squad_id in sent
    ]


async def _told(tx: AsyncConnection, poll: Poll) -> list[Intent]:
    """Tell those for whom the results were declared, each once: a squad in its channel.

    Where somebody else may read the channel, its members have a line in their own Today.
    """
    intents: dict[str, Intent] = {}
    for squad_id in poll.squad_ids:
        squad = await squads.get(tx, poll.workspace_id, squad_id)
        if squad is None:
            continue
        in_channel = await channel_is_theirs(tx, poll, squad.team_channel)
        if in_channel:
            for intent in _posts(poll, squad):
                intents.setdefault(str(intent.dedupe_key), intent)
        lines = rules.readers(poll.viewers - {Viewer.SQUAD} if in_channel else poll.viewers)
        for person_id, member in (await squads.members(tx, poll.workspace_id, squad_id)).items():
            if member.present and member.active and member.roles & lines:
                intent = _line(poll, squad_id, person_id)
                intents.setdefault(str(intent.dedupe_key), intent)
    return list(intents.values())


def _posts(poll: Poll, squad: Squad) -> list[Intent]:
    """Return the results in a squad's channel, and the picture of the trend below them."""
    key = f"{poll.id}:{squad.team_channel}"
    post = Intent(
        kind=rules.RESULTS,
        delivery_class=DeliveryClass.NOW,
        channel=squad.team_channel,
        squad_id=squad.id,
        ids={"poll_id": poll.id},
        dedupe_key=f"{rules.RESULTS}:{key}",
    )
    upload = Operation.UPLOAD
    return [
        post,
        replace(post, kind=rules.CHART, operation=upload, dedupe_key=f"{rules.CHART}:{key}"),
    ]


def _line(poll: Poll, squad_id: int, person_id: int) -> Intent:
    return Intent(
        kind=rules.RESULTS_LINE,
        delivery_class=DeliveryClass.TODAY,
        person_id=person_id,
        squad_id=squad_id,
        ids={"poll_id": poll.id},
        dedupe_key=f"{rules.RESULTS_LINE}:{poll.id}:{person_id}",
    )
