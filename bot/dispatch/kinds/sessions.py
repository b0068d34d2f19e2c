"""Sessions: the one message in the channel, lines of Today, and the reminder ten minutes before.

ids of all: session_id; of what people are told also revision: told of another time, it is dropped.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from bot.dispatch.kind import Desk, Drop, Kind, MakeLine, Render, Rendered
from bot.rules import sessions as rules
from bot.rules.outbox import Delivery
from bot.rules.sessions import Own, Phase, Rsvp
from bot.rules.snoozing import Topic
from bot.views import blocks, session_forms
from bot.views import sessions as views
from bot.views.outbox import Line

GONE: Final = Drop("session_gone")
CHANGED: Final = Drop("session_changed")
NOT_ASKED: Final = Drop("session_not_asked")
NO_QUIZ: Final = Drop("session_no_quiz")
NOT_COMING: Final = Drop("session_not_coming")

Read = Callable[[Desk, Delivery], Awaitable[Own | Drop]]


async def post(desk: Desk, delivery: Delivery) -> Rendered:
    """Return the one message as the session stands."""
    found = await desk.services.sessions.shown_to(delivery.workspace_id, _key(delivery), 0)
    return GONE if found is None else views.post(desk.words, found[0].sheet, desk.now)


def _key(delivery: Delivery) -> int:
    return int(str(delivery.ids["session_id"]))


async def _own(desk: Desk, delivery: Delivery) -> Own | Drop:
    """Return the session to somebody it asks, unless it is at another time by now."""
    found = await desk.services.sessions.shown_to(
        delivery.workspace_id, _key(delivery), delivery.person_id or 0
    )
    if found is None:
        return GONE
    own, _ = found
    if own.sheet.session.revision != delivery.ids["revision"] and delivery.carrier_id is None:
        return CHANGED
    return own if own.invited else NOT_ASKED


async def _comes(desk: Desk, delivery: Delivery) -> Own | Drop:
    """Return the session to somebody who comes to it, and which still takes place."""
    own = await _own(desk, delivery)
    if isinstance(own, Drop):
        return own
    coming = own.answer is Rsvp.YES and own.sheet.session.phase(desk.now) is Phase.COMING
    return own if coming else NOT_COMING


async def day(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return the line of the day."""
    own = await _own(desk, delivery)
    return own if isinstance(own, Drop) else views.day_line(desk.words, own, desk.now)


async def moved(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return the line about another time."""
    own = await _own(desk, delivery)
    return own if isinstance(own, Drop) else views.moved_line(desk.words, own, desk.now)


async def cancelled(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return the line that it is off."""
    own = await _own(desk, delivery)
    return own if isinstance(own, Drop) else views.cancelled_line(desk.words, own)


async def soon(desk: Desk, delivery: Delivery) -> Rendered:
    """Return the message ten minutes before."""
    own = await _comes(desk, delivery)
    return own if isinstance(own, Drop) else views.soon(desk.words, own)


async def soon_line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return the same as a line, for whom the day's messages are used up."""
    own = await _comes(desk, delivery)
    return own if isinstance(own, Drop) else views.soon_line(desk.words, own, desk.now)


async def quiz(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return the line about the quiz, unless there is none any more."""
    own = await _own(desk, delivery)
    if isinstance(own, Drop):
        return own
    return views.quiz_line(desk.words, own) if own.sheet.questions else NO_QUIZ


async def count(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return the question how many came, to who still manages the squad."""
    found = await desk.services.sessions.shown_to(
        delivery.workspace_id, _key(delivery), delivery.person_id or 0
    )
    if found is None:
        return GONE
    own, manages = found
    return session_forms.count_line(desk.words, own) if manages else NOT_ASKED


def message(line: MakeLine) -> Render:
    """Return what makes a message of its own of a line."""

    async def render(desk: Desk, delivery: Delivery) -> Rendered:
        found = await line(desk, delivery)
        return found if isinstance(found, Drop) else blocks.message(found.text)

    return render


KINDS: Final = (
    Kind(name=rules.POST, render=post),
    Kind(name=rules.DAY, render=message(day), line=day, topic=Topic.MEETINGS, ticks=True),
    Kind(name=rules.MOVED, render=message(moved), line=moved, topic=Topic.MEETINGS, ticks=True),
    Kind(
        name=rules.CANCELLED,
        render=message(cancelled),
        line=cancelled,
        topic=Topic.MEETINGS,
        ticks=True,
    ),
    Kind(name=rules.SOON, render=soon, line=soon_line, topic=Topic.MEETINGS, line_snoozes=False),
    Kind(name=rules.QUIZ, render=message(quiz), line=quiz, topic=Topic.READ),
    Kind(name=rules.COUNT, render=message(count), line=count, topic=Topic.DUE),
)
