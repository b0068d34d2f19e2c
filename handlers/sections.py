"""Sections of the guidelines, suggested to who fills in an audit while they type."""

from bot.container import Container
from bot.rules.citations import Offer
from bot.rules.people import Caller
from bot.views import audits, rulings, sections, sittings
from bot.views.blocks import Block
from handlers.doors import Doors
from handlers.requests import Query


def register(doors: Doors) -> None:
    """Register the forms that search as somebody types."""
    doors.query(audits.FORM, of_work)
    doors.query(sittings.FORM, of_sitting)
    doors.query(rulings.FORM, of_ruling)


async def offer(container: Container, caller: Caller, edition_id: int | None) -> Offer:
    """Return how a form asks for a section of a version of guidelines."""
    search = container.services.sections
    return await search.offer(caller, edition_id, asks=container.suggests)


async def of_work(query: Query, container: Container) -> list[Block]:
    """Suggest sections in the form of one audit."""
    about = audits.FormState.decode(query.metadata).submission_id
    found = await container.services.sections.of_work(query.caller, about, query.typed)
    return sections.suggestions(query.words, found, query.typed)


async def of_sitting(query: Query, container: Container) -> list[Block]:
    """Suggest sections in the form of a sitting."""
    about = sittings.SeatState.decode(query.metadata).sitting_id
    found = await container.services.sections.of_sitting(query.caller, about, query.typed)
    return sections.suggestions(query.words, found, query.typed)


async def of_ruling(query: Query, container: Container) -> list[Block]:
    """Suggest sections in the form of a decision; nothing else can be cited there."""
    about = rulings.Deciding.decode(query.metadata).dispute_ids[0]
    found = await container.services.sections.of_dispute(query.caller, about, query.typed)
    return sections.suggestions(query.words, found, query.typed, strict=True)
