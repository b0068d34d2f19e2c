"""Polls: the message that asks, its reminder, its closed form, and the results.

ids of all: poll_id. Tokens are made when a message is rendered, and kept nowhere.
"""

from typing import Final

from bot.dispatch.kind import Desk, Drop, Kind, Later, Rendered, Upload
from bot.rules import pulse as rules
from bot.rules.outbox import Delivery, EndReason
from bot.rules.pulse import Sheet
from bot.rules.pulse_notes import ARRIVED
from bot.rules.pulse_results import Results
from bot.rules.snoozing import Topic
from bot.views import blocks, pulse_charts, pulse_results
from bot.views import pulse as views
from bot.views import pulse_notes as note_views
from bot.views.blocks import Message
from bot.views.outbox import Line

NOT_OPEN: Final = Drop("poll_not_open")
NOT_THEIRS: Final = Drop("not_theirs")
ONE_A_WEEK: Final = "one_a_week"


def _poll(delivery: Delivery) -> int:
    return int(str(delivery.ids["poll_id"]))


async def _sheet(desk: Desk, delivery: Delivery) -> Sheet | None:
    if delivery.person_id is None:
        return None
    return await desk.services.pulse.sheet(
        delivery.workspace_id, _poll(delivery), delivery.person_id
    )


async def _later(desk: Desk, delivery: Delivery) -> Later | None:
    until = await desk.services.pulse.week_free(
        delivery.workspace_id, delivery.person_id or 0, delivery.kind
    )
    return None if until is None else Later(until, ONE_A_WEEK)


async def ask(desk: Desk, delivery: Delivery) -> Rendered:
    """Return the questions; at most one poll a person and week, over all squads."""
    found = await _sheet(desk, delivery)
    if found is None:
        return NOT_OPEN
    return await _later(desk, delivery) or views.sheet(desk.words, found)


async def ask_line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return the poll as a line, for whom the day's messages are used up; Home shows it too."""
    found = await _sheet(desk, delivery)
    if found is None:
        return NOT_OPEN
    if await _later(desk, delivery) is not None:
        return Drop(ONE_A_WEEK)
    return views.poll_line(desk.words, found)


async def remind(desk: Desk, delivery: Delivery) -> Message | Drop | Later:
    """Return the reminder, whoever answered; nothing to whom the poll did not reach."""
    found = await desk.services.pulse.first_message(
        delivery.workspace_id, _poll(delivery), delivery.person_id or 0
    )
    if found is None or desk.recipient is None:
        return NOT_OPEN
    poll, channel, ts = found
    later = await _later(desk, delivery)
    if later is not None:
        return later
    link = f"{desk.url}archives/{channel}/p{ts.replace('.', '')}"
    return views.reminder(desk.words, poll, desk.recipient.calendar.zone, link)


async def remind_line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return the reminder as a line: no button either, only the way to the first message."""
    found = await remind(desk, delivery)
    if isinstance(found, Later):
        return Drop(ONE_A_WEEK)
    return found if isinstance(found, Drop) else Line(str(found["text"]))


async def closed(desk: Desk, delivery: Delivery) -> Rendered:
    """Return what every message of the poll becomes, once it is closed."""
    service = desk.services.pulse_results
    found = await service.published(delivery.workspace_id, _poll(delivery))
    return NOT_OPEN if found is None else views.closed(desk.words)


async def _told(desk: Desk, delivery: Delivery) -> Results | None:
    return await desk.services.pulse_results.told(
        delivery.workspace_id, _poll(delivery), delivery.person_id, delivery.channel
    )


async def results(desk: Desk, delivery: Delivery) -> Rendered:
    """Return the results, where nobody else reads them by now."""
    found = await _told(desk, delivery)
    return NOT_THEIRS if found is None else pulse_results.results(desk.words, found)


async def results_line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return that there are results."""
    found = await _told(desk, delivery)
    return NOT_THEIRS if found is None else pulse_results.results_line(desk.words, found)


async def chart(desk: Desk, delivery: Delivery) -> Rendered:
    """Return the trend as a picture; none where there are no two points."""
    found = await _told(desk, delivery)
    if found is None:
        return NOT_THEIRS
    spec = pulse_charts.trend(desk.words, found)
    if spec is None:
        return Drop(EndReason.NOTHING_LEFT)
    return Upload(
        filename=desk.words("pulse.chart.filename"),
        content=lambda: desk.drawer.draw(spec),
        title=desk.words("pulse.chart.title"),
        alt_text=spec.alt,
        comment=pulse_results.chart_comment(desk.words, found),
    )


async def notes(desk: Desk, delivery: Delivery) -> Rendered:  # noqa: ARG001 - however many
    """Return that notes arrived, as a message of its own."""
    return blocks.message(note_views.line(desk.words).text)


async def notes_line(desk: Desk, delivery: Delivery) -> Line | Drop:  # noqa: ARG001 - as above
    """Return that notes arrived."""
    return note_views.line(desk.words)


KINDS: Final = (
    Kind(name=ARRIVED, render=notes, line=notes_line, topic=Topic.READ, ticks=True),
    Kind(name=rules.POLL, render=ask, line=ask_line, line_snoozes=False),
    Kind(name=rules.REMINDER, render=remind, line=remind_line, line_snoozes=False),
    Kind(name=rules.CHART, render=chart),
    Kind(name=rules.CLOSED, render=closed),
    Kind(name=rules.RESULTS, render=results),
    Kind(name=rules.RESULTS_LINE, render=results, line=results_line, topic=Topic.READ, ticks=True),
)
