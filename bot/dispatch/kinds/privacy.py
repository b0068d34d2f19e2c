"""The file with everything that is stored about somebody, to that person alone.

ids: {"asked_at": ISO instant}.
"""

from typing import Final

from bot.dispatch.kind import Desk, Drop, Kind, Rendered, Upload
from bot.rules import privacy as rules
from bot.rules.outbox import Delivery, EndReason


async def render(desk: Desk, delivery: Delivery) -> Rendered:
    """Return the file; it is put together when its turn comes."""
    person_id = delivery.person_id
    if person_id is None:
        return Drop(EndReason.NOTHING_LEFT)
    return Upload(
        filename=desk.words("privacy.export.filename"),
        content=lambda: desk.services.privacy.file(delivery.workspace_id, person_id),
        title=desk.words("privacy.export.title"),
        alt_text=desk.words("privacy.export.alt"),
        comment=desk.words("privacy.export.comment"),
    )


KINDS: Final = (Kind(name=rules.EXPORT, render=render),)
