"""How tests record an audit and look at what came of it."""

from typing import Any

from bot.rules.findings import field_of
from tests.scenes import Scene


def finding(
    scene: Scene,
    position: int = 0,
    *,
    category: str | None = "Wrong class",
    severity: str | None = None,
    section: str | None = None,
    note: str | None = "This is a truck",
) -> dict[str, Any]:
    """What is filled in of one finding, by the form's fields."""
    chosen = None if category is None else str(scene.categories[category])
    given = {"category": chosen, "severity": severity, "section": section, "note": note}
    return {field_of(position, part): value for part, value in given.items() if value}


async def open_form(scene: Scene, text: str, user: Any = None) -> Any:
    user = user or scene.abe
    await scene.house.command(user, "/audit", text, scene.team)
    return scene.house.slack.views(user)[-1]


async def audited(
    scene: Scene, values: dict[str, Any], *, by: Any = None, text: str = "T-1"
) -> Any:
    """Open the form for a task and submit it."""
    by = by or scene.abe
    form = await open_form(scene, text, by)
    return await scene.house.submit(form, by, values)


def told(scene: Scene, user: Any) -> str:
    """The last thing that only this person was shown in the channel."""
    return str(scene.house.slack.ephemerals(scene.team, user)[-1].shown)


REJECT = {"verdict": "rejected"}


async def with_feedback(scene: Scene, **given: Any) -> Any:
    """Ana gets a message about a rejected task."""
    await scene.submission("T-1", scene.ana)
    await audited(scene, REJECT | finding(scene, **given))
    await scene.house.drain()
    return scene.house.slack.dm(scene.ana)[-1]
