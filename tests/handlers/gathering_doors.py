"""An announcement and a session elsewhere, and the buttons and forms that name them."""

from typing import Any

from bot.rules.announcements import TEXT_FIELD
from bot.views import announcements
from models import Announcement, AnnouncementSquad, GuidelineVersion
from tests.harness import MORNING
from tests.scenes import Scene

NEW = {announcements.NEW}
FORMS = {announcements.EDITED, announcements.REPLIED}


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


def buttons(of: Any) -> dict[str, str]:
    """Every button: what it carries."""
    about = announcements.AboutAnnouncement(announcement_id=of.announcement_id).encode()
    ours = (
        announcements.GOT,
        announcements.READ,
        announcements.DETAILS,
        announcements.EDIT,
        announcements.WITHDRAW,
    )
    version = announcements.AboutVersion(version_id=of.version_id).encode()
    return {**dict.fromkeys(ours, about), announcements.OFFERED: version}


def forms(of: Any) -> dict[str, tuple[str, dict[str, Any]]]:
    """Every form: what it says in secret, and what is typed."""
    about = announcements.AboutAnnouncement(announcement_id=of.announcement_id).encode()
    return {
        announcements.EDITED: (about, {TEXT_FIELD: "words"}),
        announcements.REPLIED: (about, {}),
    }


async def opened(scene: Scene, callback_id: str) -> Any:
    """Open a form about something of the scene's own."""
    slack, house = scene.house.slack, scene.house
    key = await announcement(scene, scene.squad_id, scene.person(scene.abe), "ours")
    button = {announcements.EDITED: announcements.EDIT, announcements.REPLIED: announcements.READ}
    value = announcements.AboutAnnouncement(announcement_id=key).encode()
    await house.command(scene.mia, "/muster", channel=scene.team)
    shown = slack.ephemerals(scene.team, scene.mia)[-1]
    await slack.click(shown, button[callback_id], scene.mia, old_value=value).deliver(house.app)
    return slack.views(scene.mia)[-1]
