"""An announcement and a session elsewhere, and the buttons and forms that name them."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from bot.rules.announcements import REPLY_BY_FIELD, TEXT_FIELD
from bot.rules.payloads import Payload
from bot.rules.sessions import TITLE_LIMIT
from bot.views import announcement_forms, announcements, session_forms, session_quizzes, sessions
from models import (
    Announcement,
    AnnouncementSquad,
    GuidelineVersion,
    Session,
    SessionQuestion,
)
from tests.harness import MORNING
from tests.scenes import Scene

IN_FORM = session_forms.NewSession
NEW = {announcement_forms.NEW, session_forms.NEW}
FORMS = {
    announcement_forms.EDITED,
    announcement_forms.ASKED,
    announcements.REPLIED,
    session_forms.CHANGED,
    session_forms.COUNTED,
    session_quizzes.FORM,
}


async def announcement(scene: Scene, squad_id: int, person_id: int, text: str) -> int:
    """Put in an announcement that nobody has got; returns its key."""
    key = await scene.insert(Announcement, author_id=person_id, text=text, created_at=MORNING)
    await scene.insert(AnnouncementSquad, announcement_id=key, squad_id=squad_id)
    return key


async def version(scene: Scene, project_id: int, name: str) -> int:
    """Put in a version of guidelines without a section; returns its key."""
    return await scene.insert(
        GuidelineVersion,
        project_id=project_id,
        number=1,
        version=name,
        digest="0" * 32,
        documents=0,
        passages=0,
        created_at=MORNING,
    )


async def session(scene: Scene, squad_id: int, person_id: int, text: str) -> int:
    """Put in a session that is over, with a question of its quiz; returns its key."""
    key = await scene.insert(
        Session,
        squad_id=squad_id,
        kind="training",
        title=text,
        starts_at=MORNING - timedelta(hours=2),
        ends_at=MORNING - timedelta(hours=1),
        audience="squad",
        created_by=person_id,
        created_at=MORNING - timedelta(days=1),
        revision=1,
    )
    await scene.insert(
        SessionQuestion,
        session_id=key,
        position=0,
        text=text,
        choices=[text, "other"],
        correct=0,
        section=text,
    )
    return key


def payloads(key: int) -> list[Payload]:
    """Every payload, as long as it gets."""
    return [
        announcements.AboutAnnouncement(announcement_id=key),
        announcement_forms.NewAnnouncement(version_id=key, instead_of=key),
        announcement_forms.AboutVersion(version_id=key),
        session_forms.NewSession(squad_id=key, title='"' * TITLE_LIMIT),
        sessions.AboutSession(session_id=key),
        session_quizzes.OpenQuiz(session_id=key, edition="0" * 16),
    ]


async def build(
    scene: Scene, squad_id: int, project_id: int, person_id: int, text: str
) -> dict[str, int]:
    """Put in one of each; returns their keys."""
    return {
        "announcement_id": await announcement(scene, squad_id, person_id, text),
        "session_id": await session(scene, squad_id, person_id, text),
        "version_id": await version(scene, project_id, text),
    }


def buttons(of: Any) -> dict[str, str]:
    """Every button: what it carries."""
    about = announcements.AboutAnnouncement(announcement_id=of.announcement_id).encode()
    ours = (
        announcements.GOT,
        announcements.READ,
        announcements.DETAILS,
        announcements.EDIT,
        announcements.ASK,
        announcements.WITHDRAW,
        announcement_forms.ONCE_MORE,
    )
    version = announcement_forms.AboutVersion(version_id=of.version_id).encode()
    met = sessions.AboutSession(session_id=of.session_id).encode()
    theirs = (
        sessions.YES,
        sessions.NO,
        sessions.SHOW,
        sessions.TAKE,
        session_forms.CHANGE,
        session_forms.CANCEL,
        session_forms.COUNT,
    )
    told = {**dict.fromkeys(ours, about), announcement_forms.OFFERED: version}
    return {**told, **dict.fromkeys(theirs, met)}


def forms(of: Any) -> dict[str, tuple[str, dict[str, Any]]]:
    """Every form: what it says in secret, and what is typed."""
    about = announcements.AboutAnnouncement(announcement_id=of.announcement_id).encode()
    met = sessions.AboutSession(session_id=of.session_id).encode()
    taken = session_quizzes.OpenQuiz(session_id=of.session_id, edition="0" * 16).encode()
    return {
        announcement_forms.EDITED: (about, {TEXT_FIELD: "words"}),
        announcement_forms.ASKED: (about, {REPLY_BY_FIELD: "2030-01-01"}),
        announcements.REPLIED: (about, {}),
        session_forms.CHANGED: (met, {}),
        session_forms.COUNTED: (met, {}),
        session_quizzes.FORM: (taken, {}),
    }


async def opened(scene: Scene, callback_id: str) -> Any:
    """Open a form about something of the scene's own."""
    slack, house = scene.house.slack, scene.house
    button = {
        announcement_forms.EDITED: announcements.EDIT,
        announcement_forms.ASKED: announcements.ASK,
        announcements.REPLIED: announcements.READ,
        session_forms.CHANGED: session_forms.CHANGE,
        session_forms.COUNTED: session_forms.COUNT,
        session_quizzes.FORM: sessions.TAKE,
    }
    if callback_id in {announcement_forms.EDITED, announcement_forms.ASKED, announcements.REPLIED}:
        key = await announcement(scene, scene.squad_id, scene.person(scene.abe), "ours")
        value = announcements.AboutAnnouncement(announcement_id=key).encode()
    else:
        key = await session(scene, scene.squad_id, scene.person(scene.mia), "ours")
        if callback_id == session_forms.CHANGED:
            await later(scene, key)
        value = sessions.AboutSession(session_id=key).encode()
    await house.command(scene.mia, "/muster", channel=scene.team)
    shown = slack.ephemerals(scene.team, scene.mia)[-1]
    await slack.click(shown, button[callback_id], scene.mia, old_value=value).deliver(house.app)
    view = slack.views(scene.mia)[-1]
    for block in view.blocks:
        if block.get("element", {}).get("type") == "radio_buttons":
            slack.fill(view, {block["block_id"]: "0"})
    return view


async def later(scene: Scene, key: int) -> None:
    """Let a session still be to come."""
    async with scene.house.database.write() as tx:
        times = {"starts_at": MORNING + timedelta(hours=2), "ends_at": MORNING + timedelta(hours=3)}
        await tx.execute(update(Session).where(Session.id == key).values(**times))
