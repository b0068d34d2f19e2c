"""A digest's two messages: the figures, and right after them the chart of each project.

ids: {"squad_id", "cadence", "day": squad-local ISO date, "so_far"}, a chart also "project_id",
and "signals" where there is something that this digest alone says.
"""

from datetime import date

from bot.dispatch.kind import Desk, Drop, Kind, Rendered, Upload
from bot.rules.digests import Cadence, Edition
from bot.rules.outbox import Delivery, EndReason
from bot.services.digest_planning import CHART, POST
from bot.views import digests as views


def _edition(delivery: Delivery) -> Edition:
    ids = delivery.ids
    signals = ids.get("signals")
    return Edition(
        workspace_id=delivery.workspace_id,
        squad_id=int(str(ids["squad_id"])),
        cadence=Cadence(str(ids["cadence"])),
        day=date.fromisoformat(str(ids["day"])),
        so_far=bool(ids["so_far"]),
        signals=tuple(signals) if isinstance(signals, list) else (),
    )


async def render_post(desk: Desk, delivery: Delivery) -> Rendered:
    """Return the figures as they are by now."""
    found = await desk.services.digests.content(_edition(delivery))
    return Drop(EndReason.NOTHING_LEFT) if found is None else views.digest(desk.words, found)


async def render_chart(desk: Desk, delivery: Delivery) -> Rendered:
    """Return the chart as a file; none where there is no trend to see."""
    project_id = int(str(delivery.ids["project_id"]))
    trend = await desk.services.digests.trend(_edition(delivery), project_id)
    spec = views.chart(desk.words, trend) if trend else None
    if trend is None or spec is None:
        return Drop(EndReason.NOTHING_LEFT)
    return Upload(
        filename=desk.words("digests.chart.filename", day=delivery.ids["day"]),
        content=lambda: desk.drawer.draw(spec),
        title=desk.words("digests.chart.title"),
        alt_text=spec.alt,
        comment=views.chart_comment(desk.words, trend),
    )


KINDS = (Kind(name=POST, render=render_post), Kind(name=CHART, render=render_chart))
