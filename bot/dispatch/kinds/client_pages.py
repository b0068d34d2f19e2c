"""A released page in the client's channel. ids: {"page_id"}."""

from bot.dispatch.kind import Desk, Drop, Kind, Rendered
from bot.rules.client_pages import POST
from bot.rules.outbox import Delivery, EndReason
from bot.views import client_pages as views


async def render(desk: Desk, delivery: Delivery) -> Rendered:
    """Return the page as it was released."""
    page_id = int(str(delivery.ids["page_id"]))
    page = await desk.services.client_pages.released(delivery.workspace_id, page_id)
    return Drop(EndReason.NOTHING_LEFT) if page is None else views.post(desk.words, page)


KINDS = (Kind(name=POST, render=render),)
