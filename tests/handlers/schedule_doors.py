"""The buttons and forms of a squad's schedule, as somebody forges them for a squad elsewhere."""

from typing import Any

from bot.rules.schedules import ScheduleKind
from bot.views import schedule_forms

FORMS = frozenset({schedule_forms.MOVE, schedule_forms.SYNC, schedule_forms.TIMES})


def buttons(of: Any) -> dict[str, str]:
    """Each button with the key of a squad elsewhere."""
    part = schedule_forms.SchedulePart(squad_id=of.squad_id).encode()
    digest = schedule_forms.SchedulePart(squad_id=of.squad_id, kind=ScheduleKind.DAILY_DIGEST)
    return {
        schedule_forms.MOVE: digest.encode(),
        schedule_forms.SYNC: part,
        schedule_forms.TIMES: part,
    }


def forms(of: Any) -> dict[str, tuple[str, dict[str, Any]]]:
    """Each form with that key, and what is typed."""
    typed = {
        schedule_forms.MOVE: {"name": "Daily", "time": "10:00"},
        schedule_forms.SYNC: {"name": "Daily", "time": "10:00"},
        schedule_forms.TIMES: {"hours": "08:00-16:00"},
    }
    return {name: (metadata, typed[name]) for name, metadata in buttons(of).items()}


async def opened(scene: Any, callback_id: str) -> Any:
    """Open one of the forms for the scene's own squad, which has no digest to move.

    The form of a sync has the fields of the one that moves a digest.
    """
    button = schedule_forms.SYNC if callback_id == schedule_forms.MOVE else callback_id
    await scene.house.command(scene.mia, "/squad", "schedule", scene.team)
    shown = scene.house.slack.ephemerals(scene.team, scene.mia)[-1]
    await scene.house.click(shown, button, scene.mia)
    view = scene.house.slack.views(scene.mia)[-1]
    view.body["callback_id"] = callback_id
    return view
