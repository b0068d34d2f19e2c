"""A meeting elsewhere with a topic and an action, and the buttons and forms that name them."""

from datetime import time
from types import SimpleNamespace
from typing import Any

from bot.views import agenda, agenda_lists
from models import ActionItem, AgendaTopic, Sync, SyncMeeting
from tests.harness import MORNING
from tests.scenes import Scene


async def meeting(scene: Scene, squad_id: int, person_id: int, text: str) -> dict[str, int]:
    """Put in a meeting that was held, a topic and an action."""
    sync = await scene.insert(
        Sync,
        squad_id=squad_id,
        name=text,
        local_time=time(10),
        kind="sync",
        minutes=30,
        lead_minutes=30,
        audience="squad",
    )
    held = await scene.insert(
        SyncMeeting,
        squad_id=squad_id,
        sync_id=sync,
        kind="sync",
        name=text,
        slot=MORNING.date().isoformat(),
        starts_at=MORNING,
        planned_at=MORNING,
        state="planned",
        notes=text,
        revision=0,
    )
    topic = await scene.insert(
        AgendaTopic,
        squad_id=squad_id,
        kind="sync",
        author_id=person_id,
        text=text,
        created_at=MORNING,
    )
    action = await scene.insert(
        ActionItem,
        squad_id=squad_id,
        owner_id=person_id,
        text=text,
        source="sync",
        source_id=held,
        private=False,
        created_by=person_id,
        created_at=MORNING,
    )
    return {"meeting_id": held, "topic_id": topic, "action_id": action}


def buttons(of: Any) -> dict[str, str]:
    """Every button: what it carries."""
    about = agenda.AboutAgenda(squad_id=of.squad_id).encode()
    meeting = agenda.AboutMeeting(meeting_id=of.meeting_id).encode()
    return {
        **dict.fromkeys((agenda.ADD, agenda.ALL, agenda_lists.OLDER, agenda_lists.NEWER), about),
        agenda.NOTE: meeting,
        agenda.SKIP: meeting,
        agenda.CLOSE: agenda.AboutTopic(topic_id=of.topic_id).encode(),
        agenda_lists.DONE: agenda_lists.AboutAction(action_id=of.action_id).encode(),
    }


def forms(of: Any) -> dict[str, tuple[str, dict[str, Any]]]:
    """Every form: what it says in secret, and what is typed."""
    return {
        agenda_lists.TOPIC_FORM: (
            agenda_lists.NewTopicForm(squad_id=of.squad_id).encode(),
            {agenda_lists.TEXT: "words"},
        ),
        agenda_lists.NOTES_FORM: (
            agenda_lists.NotesMetadata(meeting_id=of.meeting_id, revision=0).encode(),
            {agenda_lists.NOTES: "words"},
        ),
    }


FORMS = {agenda_lists.TOPIC_FORM, agenda_lists.NOTES_FORM}


async def opened(scene: Scene, callback_id: str) -> Any:
    """Open a form about the scene's own squad."""
    slack, house = scene.house.slack, scene.house
    keys = await meeting(scene, scene.squad_id, scene.person(scene.abe), callback_id)
    ours = SimpleNamespace(squad_id=scene.squad_id, **keys)
    button = {agenda_lists.TOPIC_FORM: agenda.ADD, agenda_lists.NOTES_FORM: agenda.NOTE}
    action = button[callback_id]
    await house.command(scene.mia, "/muster", channel=scene.team)
    shown = slack.ephemerals(scene.team, scene.mia)[-1]
    await slack.click(shown, action, scene.mia, old_value=buttons(ours)[action]).deliver(house.app)
    return slack.views(scene.mia)[-1]
