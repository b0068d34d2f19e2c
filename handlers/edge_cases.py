"""`/log edge`: the form of an edge case, and the latest ones."""

import re

from bot.container import Container
from bot.errors import BadInput
from bot.rules import commands
from bot.rules.edge_cases import (
    EXAMPLES_FIELD,
    RULING_FIELD,
    SECTION_FIELD,
    TASK_FIELD,
    TITLE_FIELD,
    EdgeForm,
    EdgeSheet,
)
from bot.views import commands as command_views
from bot.views import edge_cases as views
from handlers import fields
from handlers.doors import Doors
from handlers.guard import Answer
from handlers.requests import Command, Form

_IN = re.compile(r"(?:^|\s)in\s+(?P<project>.+)$", re.IGNORECASE)


def register(doors: Doors) -> None:
    """Register the command and its form."""
    doors.command("log", log)
    doors.form(views.FORM, save)


async def log(command: Command, container: Container) -> None:
    """Open the form of a case, or show the latest ones."""
    first, _, rest = commands.unescape(command.text).strip().partition(" ")
    named = _IN.search(rest)
    project = named["project"].strip().strip('"“”') if named else None
    text = rest[: named.start()].strip() if named else rest.strip()
    what = first.casefold()
    if not what:
        await command.reply.privately(command_views.usage(command.words, "log"))
    elif what == "edges" and not text:
        found = await container.services.edge_cases.listed(command.caller, command.channel, project)
        await command.reply.privately(views.listed(command.words, found))
    elif what == "edge":
        sheet = await container.services.edge_cases.sheet(
            command.caller, command.channel, project, text or None
        )
        if isinstance(sheet, EdgeSheet):
            await command.reply.open(views.form(command.words, sheet))
        else:
            await command.reply.privately(views.which(command.words, sheet))
    else:
        raise BadInput("log_arguments")


async def save(form: Form, container: Container) -> Answer:
    """Log the case."""
    meta = views.EdgeMeta.decode(form.metadata)
    filled = EdgeForm(
        squad_id=meta.squad_id,
        project_id=meta.project_id,
        title=fields.text(form.values.get(TITLE_FIELD)),
        ruling=fields.text(form.values.get(RULING_FIELD)),
        section=fields.text(form.values.get(SECTION_FIELD)),
        examples=fields.text(form.values.get(EXAMPLES_FIELD)),
        task=fields.text(form.values.get(TASK_FIELD)),
        finding_id=meta.finding_id,
    )
    case = await container.services.edge_cases.log(form.caller, filled, form.key)
    return Answer(update=views.saved(form.words, case))
