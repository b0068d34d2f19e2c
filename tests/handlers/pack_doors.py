"""The buttons and forms of packs and notes that name somebody else's one-on-one."""

from typing import Any

from bot.rules.oneonone_notes import SHARED_FIELD
from bot.views import coaching_effects, oneonone_notes, oneonone_packs
from models import OneOnOne
from tests.handlers import oneonone_doors
from tests.harness import MORNING
from tests.scenes import Scene

FORMS = frozenset({oneonone_notes.FORM})


def buttons(of: Any) -> dict[str, str]:
    """Every button: what it carries."""
    meeting = oneonone_packs.OfMeeting(one_on_one_id=of.one_on_one_id).encode()
    day = oneonone_packs.OfDay(day=MORNING.date()).encode()
    return {
        **dict.fromkeys((oneonone_packs.OPEN, oneonone_packs.NOTES), meeting),
        **dict.fromkeys((oneonone_notes.HAPPENED, oneonone_notes.MISSED), meeting),
        **dict.fromkeys((oneonone_packs.DAY, oneonone_notes.DAY_END), day),
        oneonone_packs.BRING: oneonone_packs.Bringing(
            one_on_one_id=of.one_on_one_id, question_id=of.question_id
        ).encode(),
        oneonone_notes.AGAIN: oneonone_notes.Offer(
            one_on_one_id=of.one_on_one_id, revision=0, start=MORNING
        ).encode(),
        coaching_effects.SHOW: coaching_effects.OfSquadPayload(squad_id=of.squad_id).encode(),
    }


def forms(of: Any) -> dict[str, tuple[str, dict[str, Any]]]:
    """Every form: what it says in secret, and what is typed."""
    return {
        oneonone_notes.FORM: (
            oneonone_notes.Noting(
                one_on_one_id=of.one_on_one_id, revision=0, manages=True
            ).encode(),
            {SHARED_FIELD: "words"},
        )
    }


async def opened(scene: Scene, _: str) -> Any:
    """Open the notes of a meeting of Mia's own."""
    slack, house = scene.house.slack, scene.house
    mia = scene.person(scene.mia)
    own = [row.id for row in await scene.rows(OneOnOne) if row.manager_id == mia]
    if not own:
        made = await oneonone_doors.one_on_one(scene, scene.squad_id, mia, "mine")
        own = [made["one_on_one_id"]]
    value = oneonone_packs.OfMeeting(one_on_one_id=own[0]).encode()
    await house.command(scene.mia, "/oneonone", "", scene.team)
    shown = slack.ephemerals(scene.team, scene.mia)[-1]
    click = slack.click(shown, oneonone_packs.NOTES, scene.mia, old_value=value)
    await click.deliver(house.app)
    return slack.views(scene.mia)[-1]
