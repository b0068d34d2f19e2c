"""`/muster quiet`: when a person is written nothing unprompted, typed or in a form."""

from bot.container import Container
from bot.rules import quiet as rules
from bot.rules.quiet import Field
from bot.views import quiet as views
from handlers.doors import Doors
from handlers.guard import Answer
from handlers.requests import Command, Form


def register(doors: Doors) -> None:
    """Register the form."""
    doors.form(views.FORM, save)


async def ask_quiet(command: Command, container: Container, text: str) -> None:
    """Keep `20:00-08:00`, `until 15:00` or `off`; alone it opens the form."""
    people = container.services.people
    now = container.clock.now()
    if not text:
        found = await people.quiet(command.caller)
        await command.reply.open(views.form(command.words, found, now))
        return
    kept = await people.set_quiet(command.caller, rules.read(text))
    await command.reply.privately(views.told(command.words, kept, now))


async def save(form: Form, container: Container) -> Answer:
    """Keep what the form says."""
    start, end, until = (
        value if isinstance(value := form.values.get(name), str) else None
        for name in (Field.START, Field.END, Field.UNTIL)
    )
    kept = await container.services.people.set_quiet(form.caller, rules.filled(start, end, until))
    return Answer(update=views.kept(form.words, kept, container.clock.now()))
