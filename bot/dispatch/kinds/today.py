"""The Today message: one line for each thing that can wait, as true as when it is sent."""

from dataclasses import dataclass

import structlog

from bot.dispatch.kind import Desk, Drop, HomeView, Kind, Later, Rendered, Upload
from bot.errors import UserError
from bot.rules.budget import SendReason
from bot.rules.outbox import TODAY, Delivery, DeliveryState, EndReason, Operation
from bot.services.outbox import is_store_trouble
from bot.views.outbox import Line, today_message

log = structlog.get_logger("muster.dispatch")

DONE = "done"


@dataclass(frozen=True, slots=True)
class _Failed:
    """A line that could not be written; the others are sent without it."""


async def render(desk: Desk, delivery: Delivery) -> Rendered:
    """Return the Today message; sent the first time, or changed after something was ticked off."""
    first = delivery.operation is Operation.POST
    carrier_id = delivery.id if first else delivery.target_id or delivery.id
    rows, ticked = await desk.services.outbox.carried(carrier_id)
    lines: list[Line] = []
    ended: dict[int, tuple[DeliveryState, str]] = {}
    for row in rows:
        if first and row.state is not DeliveryState.CARRIED:
            continue
        if not first and row.state is not DeliveryState.SENT:
            continue
        line = await _line(desk, row)
        if isinstance(line, _Failed):
            ended[row.id] = (DeliveryState.REFUSED, EndReason.RENDERING_FAILED)
        elif isinstance(line, Drop):
            ended[row.id] = (DeliveryState.DROPPED, line.reason)
        elif first and (line.done or row.id in ticked):
            ended[row.id] = (DeliveryState.DROPPED, DONE)
        else:
            lines.append(line.ticked() if row.id in ticked else line)
    if first and ended:
        await desk.services.outbox.end_lines(ended)
    if first and not lines:
        return Drop(EndReason.NOTHING_LEFT)
    return today_message(desk.words, lines)


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


KIND = Kind(name=TODAY, render=render)
