"""What is said of reworks: due today, overdue, and how many are, to managers; as things stand then.

ids of `reworks.late`: squad_id. The others name nothing: they are about all of a person's own.
"""

from typing import Final

from bot.dispatch.kind import Desk, Drop, Kind, Rendered
from bot.rules.outbox import Delivery
from bot.rules.reworks import DUE, LATE, OVERDUE, Task
from bot.rules.snoozing import Topic
from bot.views import findings as finding_views
from bot.views import reworks as views
from bot.views.outbox import Line

NOTHING: Final = "nothing_to_fix"
NO_MANAGER: Final = "no_manager"


async def _due(desk: Desk, delivery: Delivery) -> list[Task]:
    if delivery.person_id is None or desk.recipient is None:
        return []
    return await desk.services.reworks.due_today(
        delivery.workspace_id, delivery.person_id, desk.recipient.calendar, desk.now
    )


async def due(desk: Desk, delivery: Delivery) -> Rendered:
    """Return what its reader has to mend today."""
    tasks = await _due(desk, delivery)
    return views.due(desk.words, tasks, desk.now) if tasks else Drop(NOTHING)


async def due_line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return the same as a line of Today."""
    tasks = await _due(desk, delivery)
    return views.due_line(desk.words, tasks) if tasks else Drop(NOTHING)


async def overdue_line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return what its reader is late with."""
    if delivery.person_id is None:
        return Drop(NOTHING)
    tasks = await desk.services.reworks.overdue(delivery.workspace_id, delivery.person_id, desk.now)
    return views.overdue_line(desk.words, tasks) if tasks else Drop(NOTHING)


async def overdue(desk: Desk, delivery: Delivery) -> Rendered:
    """Return it as a message of its own."""
    found = await overdue_line(desk, delivery)
    return found if isinstance(found, Drop) else finding_views.alone(found)


async def late_line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return to a manager how many are overdue in a squad."""
    squad_id = int(str(delivery.ids["squad_id"]))
    found = await desk.services.reworks.late_in(
        delivery.workspace_id, squad_id, delivery.person_id or 0, desk.now
    )
    if found is None:
        return Drop(NO_MANAGER)
    squad, count = found
    return views.late_line(desk.words, squad_id, squad, count) if count else Drop(NOTHING)


async def late(desk: Desk, delivery: Delivery) -> Rendered:
    """Return it as a message of its own."""
    found = await late_line(desk, delivery)
    return found if isinstance(found, Drop) else finding_views.alone(found)


KINDS = (
    Kind(name=DUE, render=due, line=due_line, topic=Topic.DUE, snoozes=True),
    Kind(name=OVERDUE, render=overdue, line=overdue_line, topic=Topic.DUE),
    Kind(name=LATE, render=late, line=late_line, ticks=True),
)
