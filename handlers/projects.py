"""`/squad project`: the form of a project, and what it saves."""

from bot.container import Container
from bot.errors import BadInput
from bot.rules import commands
from bot.rules.project_input import read_form
from bot.rules.projects import Field, NewCategory, ReadyMade, UnreadableForm
from bot.rules.squad_input import squad_at_end
from bot.rules.squads import Where
from bot.views import projects as project_views
from bot.views import taxonomies
from bot.views.words import Words
from handlers.doors import Doors
from handlers.guard import Answer
from handlers.requests import Click, Command, Form


def register(doors: Doors) -> None:
    """Register the form and the button that opens it; `/squad` routes its sub-command here."""
    doors.form(project_views.FORM, save)
    doors.click(project_views.OPEN, reopen)


async def project(command: Command, container: Container) -> None:
    """Open the form for `/squad project [NAME] [in SQUAD]`; the text begins with `project`."""
    named = squad_at_end(command.text, arguments=True)
    name = commands.unescape(named.text.partition(" ")[2]).strip().strip('"“”„')
    sheet = await container.services.projects.sheet(
        command.caller,
        Where(named=named.squad, channel=command.channel),
        name,
    )
    await command.reply.open(project_views.form(command.words, sheet))


async def reopen(click: Click, container: Container) -> None:
    """Open the form from a button."""
    wanted = project_views.OpenProject.decode(click.value)
    sheet = await container.services.projects.reopen(
        click.caller, wanted.squad_id, wanted.project_id
    )
    await click.reply.open(project_views.form(click.words, sheet))


async def save(form: Form, container: Container) -> Answer:
    """Save the project, or say at each field what cannot be read."""
    meta = project_views.ProjectMeta.decode(form.metadata)
    typed = {name: value for name, value in form.values.items() if not isinstance(value, list)}
    typed[Field.NAME] = typed.get(Field.NAME) or meta.name or None
    try:
        read = read_form(
            typed,
            creating=meta.project_id is None,
            ready_made=_ready_made(form.words, typed.get(Field.SET)),
            shown_categories=frozenset(meta.categories),
            shown_batches=frozenset(meta.batches),
        )
        receipt = await container.services.projects.setup(
            form.caller, meta.squad_id, meta.project_id, read, form.key
        )
    except UnreadableForm as error:
        return Answer(errors=project_views.problems(form.words, error.problems))
    return Answer(update=project_views.saved(form.words, receipt))


def _ready_made(words: Words, chosen: str | None) -> tuple[NewCategory, ...]:
    if chosen is None or chosen == project_views.NO_SET:
        return ()
    try:
        return taxonomies.ready_made(words, ReadyMade(chosen))
    except ValueError as error:
        raise BadInput("old_button") from error
