"""Results of closed polls: to those whom the poll declared, and to nobody who may not see them.

Where somebody else could read a channel, its squad gets no results in it: each member has a line
in their own Today instead.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import clock
from bot.errors import Conflict, NotFound
from bot.rules import pulse as rules
from bot.rules.budget import DeliveryClass
from bot.rules.calendar import DateSpan
from bot.rules.outbox import Intent, Operation
from bot.rules.people import Caller
from bot.rules.pulse import Poll, PollState, Question, QuestionKind, Viewer
from bot.rules.pulse_results import Mean, QuestionResult, Results, mean, share
from bot.rules.squads import Squad
from bot.services import pulse_asking
from bot.services.unit import Service
from bot.store import pulse, squads

_TREND = 12
SAME_CLICK: Final = timedelta(minutes=2)


class PollResults(Service):
    """Answers who may see a poll, and what is shown of it."""

    async def results(self, caller: Caller, poll_id: int | None = None) -> Results:
        """Return the results of a poll, or of the last closed one that the caller may see.

        Raises NotFound("no_results", "no_poll"), Conflict("poll_open"), NotAllowed.
        """
        async with self.reading(caller) as unit:
            if poll_id is not None:
                found = await pulse.get(unit.tx, unit.workspace_id, poll_id)
                if found is None or not rules.may_see(unit.actor, found):
                    raise NotFound("no_poll")
                poll = found
            else:
                seen = [
                    each
                    for each in await pulse.listing(unit.tx, unit.workspace_id, [PollState.CLOSED])
                    if rules.has_results(each) and rules.may_see(unit.actor, each)
                ]
                if not seen:
                    raise NotFound("no_results")
                poll = seen[0]
            if poll.state is not PollState.CLOSED:
                raise Conflict("poll_open")
            return await _results(unit.tx, poll)

    async def published(self, workspace_id: int, poll_id: int) -> Results | None:
        """Return the results of a closed poll. For the shell."""
        async with self._database.read() as connection:
            return await _published(connection, workspace_id, poll_id)

    async def told(
        self, workspace_id: int, poll_id: int, person_id: int | None, channel: str | None
    ) -> Results | None:
        """Return the results for a person, or for a channel; None if they may not be seen there.

        For dispatch, which asks when it is about to send.
        """
        async with self._database.read() as connection:
            found = await _published(connection, workspace_id, poll_id)
            if found is None:
                return None
            if person_id is not None:
                allowed = await _sees(connection, found.poll, person_id)
            else:
                allowed = await channel_is_theirs(connection, found.poll, channel)
            return found if allowed else None

    async def ask_chart(self, caller: Caller, poll_id: int, key: str | None) -> None:
        """Send the caller a picture of the trend. Raises as `results`, NotFound("no_trend")."""
        found = await self.results(caller, poll_id)
        if not any(each.earlier and each.mean for each in found.questions):
            raise NotFound("no_trend")
        async with self.writing(caller) as unit:
            if await unit.begin(key, SAME_CLICK) is not None:
                return
            await unit.send(
                Intent(
                    kind=rules.CHART,
                    delivery_class=DeliveryClass.ANSWER,
                    operation=Operation.UPLOAD,
                    person_id=unit.actor.person_id,
                    ids={"poll_id": poll_id},
                )
            )
            await unit.finish(key)


async def channel_is_theirs(connection: AsyncConnection, poll: Poll, channel: str | None) -> bool:
    """Tell whether results may stand in a channel: declared, and nobody else to read it there.

    A client or, unless declared, a delivery member may be in the channel like everybody else, and
    so may whoever is in another squad that uses it.
    """
    if Viewer.SQUAD not in poll.viewers or channel is None:
        return False
    allowed = rules.readers(poll.viewers)
    for squad in (await squads.all_squads(connection, poll.workspace_id)).values():
        if channel not in squad.channels:
            continue
        members = await squads.members(connection, poll.workspace_id, squad.id)
        if squad.id not in poll.squad_ids or not all(
            each.roles & allowed for each in members.values() if each.present
        ):
            return False
    return True


async def of_digest(
    connection: AsyncConnection, squad: Squad, span: DateSpan
) -> tuple[Results, ...]:
    """Return the polls of a squad that were closed on these days and may stand in its digest."""
    begin, end = clock.day_range(span.first, span.last, squad.zone)
    found = []
    for poll in await pulse.listing(connection, squad.workspace_id, [PollState.CLOSED]):
        at = poll.closed_at
        if squad.id not in poll.squad_ids or poll.replied is None:
            continue
        if at is None or not begin <= at < end:
            continue
        if await channel_is_theirs(connection, poll, squad.digest_channel):
            found.append(await _results(connection, poll))
    return tuple(found)


async def _sees(connection: AsyncConnection, poll: Poll, person_id: int) -> bool:
    allowed = rules.readers(poll.viewers)
    for squad_id in poll.squad_ids:
        found = await squads.members(connection, poll.workspace_id, squad_id, [person_id])
        if any(each.present and each.roles & allowed for each in found.values()):
            return True
    return False


async def _published(
    connection: AsyncConnection, workspace_id: int, poll_id: int
) -> Results | None:
    poll = await pulse.get(connection, workspace_id, poll_id)
    if poll is None or poll.state is not PollState.CLOSED:
        return None
    return await _results(connection, poll)


async def _results(connection: AsyncConnection, poll: Poll) -> Results:
    questions = await pulse.questions(connection, poll.id)
    counts = await pulse.counts(connection, [each.id for each in questions])
    before = await _earlier(connection, poll)
    names, zone = await pulse_asking.named(connection, poll)
    comments = sum(each.n or 0 for each in questions if each.kind is QuestionKind.TEXT)
    comments_at = poll.closed_at + rules.COMMENTS_WAIT if comments and poll.closed_at else None
    shown = [
        QuestionResult(
            question=each,
            counts=counts.get(each.id, {}),
            mean=mean(each.kind, counts.get(each.id, {})),
            earlier=tuple(before.get(each.key, ())),
        )
        for each in questions
    ]
    return Results(
        poll=poll,
        squads=names,
        questions=tuple(shown),
        share=share(poll.replied, poll.asked),
        comments=comments,
        comments_at=comments_at,
        zone=zone,
    )


async def _earlier(
    connection: AsyncConnection, poll: Poll
) -> dict[str, list[tuple[datetime, Mean]]]:
    """Return the means of earlier polls of the same squads, by question, oldest first."""
    closed = await pulse.listing(connection, poll.workspace_id, [PollState.CLOSED])
    same = [
        each
        for each in closed
        if sorted(each.squad_ids) == sorted(poll.squad_ids) and each.opens_at < poll.opens_at
    ][:_TREND]
    found: dict[str, list[tuple[datetime, Mean]]] = {}
    for each in reversed(same):
        questions: list[Question] = await pulse.questions(connection, each.id)
        counts = await pulse.counts(connection, [one.id for one in questions])
        for one in questions:
            point = mean(one.kind, counts.get(one.id, {}))
            if point is not None:
                found.setdefault(one.key, []).append((each.opens_at, point))
    return found
