"""What the doors of sittings carry, for tests that try them with ids from elsewhere."""

from typing import Any

from bot.rules.draws import SkipReason
from bot.rules.payloads import Payload
from bot.views import bundles, certificates, sittings
from models import Draw
from tests.harness import MORNING
from tests.scenes import Scene

FORMS = (sittings.FORM, sittings.SKIP_FORM)
# They stand in an open form, which says what it is about.
IN_FORMS = frozenset({sittings.SKIP, sittings.MORE, sittings.REPEAT, sittings.KEEP})
ELSEWHERE = 10**6
"""A sitting that is not there; to everybody but its auditor no other one is either."""


def buttons() -> dict[str, str]:
    """Every button of a sitting that carries an id."""
    found: dict[str, Payload] = {
        certificates.OPEN: certificates.Opening(sitting_id=ELSEWHERE),
        sittings.SNIPPET: sittings.Using(snippet_id=ELSEWHERE),
        sittings.DROP: sittings.Using(snippet_id=ELSEWHERE),
        bundles.ACKNOWLEDGE: bundles.OfBundle(sitting_id=ELSEWHERE, window=0),
        bundles.READ: bundles.OfBundle(sitting_id=ELSEWHERE, window=0),
    }
    for name in (sittings.UNDO, sittings.STOP, sittings.NEXT, sittings.ANOTHER):
        found[name] = sittings.OfSitting(sitting_id=ELSEWHERE)
    return {name: payload.encode() for name, payload in found.items()}


def forms() -> dict[str, tuple[str, dict[str, Any]]]:
    """Every form of a sitting: what it says in secret, and what is typed."""
    seat = sittings.SeatState(sitting_id=ELSEWHERE, draw_id=1, revision=1, shown=0).encode()
    return {name: (seat, {}) for name in FORMS}


async def opened(scene: Scene, callback_id: str) -> Any:
    """Open a task of a sitting of Mia's own, or the question why it is skipped."""
    house = scene.house
    if callback_id == sittings.FORM:
        await scene.insert(
            Draw,
            project_id=scene.project_id,
            squad_id=scene.squad_id,
            submission_id=await scene.submission("T-7", scene.ana),
            origin="risk",
            turn=1,
            state="open",
            drawn_at=MORNING,
        )
        await house.command(scene.mia, "/audit", "start 2", scene.team)
    else:
        await house.command(scene.mia, "/audit", "resume", scene.team)
    view = house.slack.views(scene.mia)[-1]
    if callback_id == sittings.SKIP_FORM:
        other = sittings.Skipping(reason=SkipReason.OTHER).encode()
        await house.slack.select(view, sittings.SKIP, scene.mia, other).deliver(house.app)
        view = house.slack.views(scene.mia)[-1]
        house.slack.fill(view, {"skip_note": "words"})
    return view
