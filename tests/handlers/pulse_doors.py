"""A poll of a squad that a scene has nothing to do with, and the buttons that name it."""

from datetime import timedelta

from bot.views import pulse, pulse_notes, pulse_results
from models import Poll, PollQuestion
from tests.harness import MORNING
from tests.scenes import Scene

NEW = pulse_results.NEW
REPLY = pulse_notes.REPLY_FORM


async def add(scene: Scene, squad_id: int, person_id: int, text: str) -> int:
    """Put in an open poll with one question; returns its key."""
    at = MORNING - timedelta(days=1)
    poll_id = await scene.insert(
        Poll,
        state="open",
        squad_ids=[squad_id],
        viewers=["managers"],
        to_model=False,
        k=3,
        created_by=person_id,
        created_at=at,
        opens_at=at,
        closes_at=MORNING + timedelta(days=2),
    )
    await scene.insert(PollQuestion, poll_id=poll_id, position=0, kind="scale", key="x", text=text)
    return poll_id


def buttons(poll_id: int) -> dict[str, str]:
    """Every button that names a poll."""
    about = pulse.AboutPoll(poll_id=poll_id).encode()
    note = pulse_notes.AboutNote(mark="0" * 64).encode()
    polls = (
        pulse.ANSWER,
        pulse_results.SHOW,
        pulse_results.COMMENTS,
        pulse_results.TREND,
        pulse_results.PAGE,
    )
    inbox = pulse_notes.Inbox().encode()
    return {**dict.fromkeys(polls, about), pulse_notes.REPLY: note, pulse_notes.READ: inbox}
