"""The Today message: one line for each thing that can wait, as true as when it is sent."""

from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.dispatch.kind import Desk, Drop, HomeView, Kind, Later, Rendered, Upload
from bot.errors import UserError
from bot.rules.budget import SendReason
from bot.rules.outbox import REST, TODAY, Delivery, DeliveryState, EndReason, Operation
from bot.rules.snoozing import Snooze
from bot.services.outbox import is_store_trouble
from bot.views import today as views
from bot.views.outbox import Line
from bot.views.today import Entry

log = structlog.get_logger("muster.dispatch")

DONE = "done"


@dataclass(frozen=True, slots=True)
class _Failed:
    """A line that could not be written; the others are sent without it."""


async def render(desk: Desk, delivery: Delivery) -> Rendered:
    """Return the Today message; sent the first time, or changed after something was ticked off."""
    first = delivery.operation is Operation.POST
    carrier_id = delivery.id if first else delivery.target_id or delivery.id
    entries, ended = await _entries(desk, carrier_id, first=first)
    if first and ended:
        await desk.services.outbox.end_lines(ended)
    if first and not entries:
        return Drop(EndReason.NOTHING_LEFT)
    return views.message(desk.words, entries, zone=_zone(desk), carrier_id=carrier_id)


async def render_rest(desk: Desk, delivery: Delivery) -> Rendered:
    """Return the lines that a Today message does not show, as they stand."""
    entries, _ = await _entries(desk, int(str(delivery.ids["carrier_id"])), first=False)
    if len(entries) <= views.SHOWN:
        return Drop(EndReason.NOTHING_LEFT)
    return views.rest(desk.words, entries, zone=_zone(desk))


async def _entries(
    desk: Desk, carrier_id: int, *, first: bool
) -> tuple[list[Entry], dict[int, tuple[DeliveryState, str]]]:
    """Return the lines to show, and how those end that are not to be shown."""
    carried = await desk.services.outbox.carried(carrier_id)
    entries: list[Entry] = []
    ended: dict[int, tuple[DeliveryState, str]] = {}
    for row in carried.lines:
        if row.state is not (DeliveryState.CARRIED if first else DeliveryState.SENT):
            continue
        line = await _line(desk, row)
        is_ticked = row.id in carried.ticked
        if isinstance(line, _Failed):
            ended[row.id] = (DeliveryState.REFUSED, EndReason.RENDERING_FAILED)
        elif isinstance(line, Drop):
            ended[row.id] = (DeliveryState.DROPPED, line.reason)
        elif first and (line.done or is_ticked):
            ended[row.id] = (DeliveryState.DROPPED, DONE)
        else:
            shown = line.ticked() if is_ticked else line
            entries.append(_entry(desk, row, shown, carried.put_off.get(row.id)))
    return entries, ended


def _entry(desk: Desk, row: Delivery, line: Line, until: datetime | None) -> Entry:
    kind = desk.kinds[row.kind]
    snoozes = views.SNOOZES if kind.line_snoozes else ()
    return Entry(
        delivery_id=row.id,
        line=line,
        topic=kind.topic,
        choices=((Snooze.DONE, *snoozes) if kind.ticks else snoozes),
        until=until,
    )


def _zone(desk: Desk) -> str:
    return "UTC" if desk.recipient is None else desk.recipient.calendar.zone


async def _line(desk: Desk, row: Delivery) -> Line | Drop | _Failed:
    """Return the line of one delivery; a line that fails must not keep the others back."""
    if row.not_after is not None and desk.now > row.not_after:
        return Drop(SendReason.PAST_NOT_AFTER)
    kind = desk.kinds.get(row.kind)
    if kind is None or row.kind_version not in kind.versions:
        return _Failed()
    try:
        return await _write(desk, kind, row)
    except Exception as error:
        if is_store_trouble(error):
            raise  # the whole message is tried again
        if isinstance(error, UserError):
            return Drop(error.code)
        log.exception("a line could not be written", delivery=row.id, kind=row.kind)
        return _Failed()


async def _write(desk: Desk, kind: Kind, row: Delivery) -> Line | Drop:
    """Return a kind's line, or its message's fallback text where it has no line of its own."""
    if kind.line is not None:
        return await kind.line(desk, row)
    rendered = await kind.render(desk, row)
    if isinstance(rendered, Upload | HomeView | Later):
        raise TypeError(f"{kind.name} cannot become a line")
    return rendered if isinstance(rendered, Drop) else Line(rendered["text"])


KINDS = (Kind(name=TODAY, render=render), Kind(name=REST, render=render_rest))
