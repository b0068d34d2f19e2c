"""`/digest now [squad]`: the quality digest at once; and the lists behind its numbers."""

from bot.container import Container
from bot.rules import commands
from bot.rules.squads import Where
from bot.views import commands as command_views
from bot.views import digests as views
from bot.views import figure_lists as lists
from bot.views import forecasts as forecast_views
from bot.views import why as why_views
from handlers import client_pages
from handlers.doors import Doors
from handlers.requests import Click, Command

NOW = "now"
CLIENT = "client"


def register(doors: Doors) -> None:
    """Register the command."""
    doors.command("digest", digest)
    doors.click(lists.CATEGORIES, categories)
    doors.click(lists.CASES, cases)
    doors.click(lists.WHY, why)
    doors.click(lists.DATES, dates)
    doors.click(lists.DRAWS, draws)


async def digest(command: Command, container: Container) -> None:
    """Post the digest, or show how the command is used."""
    word, _, rest = command.text.strip().partition(" ")
    if word.casefold() == CLIENT:
        await client_pages.client(command, container, rest)
        return
    if word.casefold() != NOW:
        await command.reply.privately(command_views.usage(command.words, "digest"))
        return
    named = " ".join(commands.arguments(commands.unescape(rest))) or None
    posting = await container.services.digests.post_now(
        command.caller, Where(named=named, channel=command.channel), command.key
    )
    await command.reply.privately(views.posting(command.words, posting.squad, posting.channel))


async def categories(click: Click, container: Container) -> None:
    """Show the errors behind a project's quality, by category."""
    about = lists.AboutFigures.decode(click.value)
    found = await container.services.figure_lists.by_category(
        click.caller, about.squad_id, about.project_id, about.span
    )
    await click.reply.open(lists.categories(click.words, found))


async def cases(click: Click, container: Container) -> None:
    """Show the tasks behind a category, in the window that lists the categories."""
    about = lists.AboutCategory.decode(click.value)
    found = await container.services.figure_lists.cases(
        click.caller, about.squad_id, about.project_id, about.category_id, about.span
    )
    view = lists.cases(click.words, found)
    if click.view_id is None:
        await click.reply.open(view)
    else:
        await click.reply.update(click.view_id, view, click.view_hash)


async def why(click: Click, container: Container) -> None:
    """Show why a project's score moved."""
    about = lists.AboutFigures.decode(click.value)
    found = await container.services.explanations.explain(
        click.caller, about.squad_id, about.project_id, about.span
    )
    await click.reply.open(why_views.shown(click.words, found))


async def dates(click: Click, container: Container) -> None:
    """Show all batches of a project with their dates."""
    about = lists.AboutFigures.decode(click.value)
    found = await container.services.forecasts.dates(click.caller, about.squad_id, about.project_id)
    await click.reply.open(forecast_views.listed(click.words, found))


async def draws(click: Click, container: Container) -> None:
    """Show what became of the random draws of a project, and why some were skipped."""
    about = lists.AboutFigures.decode(click.value)
    found = await container.services.figure_lists.draws(
        click.caller, about.squad_id, about.project_id, about.span
    )
    await click.reply.open(lists.draws(click.words, found))
