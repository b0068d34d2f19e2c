"""`/squad schedule`: what a squad gets when, and moving it to another time."""

from bot.container import Container
from bot.rules import schedule_input
from bot.rules.squad_input import squad_at_end
from bot.rules.squads import Where
from bot.views import schedules as views
from handlers.requests import Command


async def run(command: Command, container: Container, text: str) -> None:
    """Show the plan, or change a time; `text` is what follows `/squad schedule`.

    A bare `in Kestrel` or nothing shows it; `weekly-digest Mon 09:30 in Kestrel` changes it.
    """
    bare = not text.strip() or text.strip().casefold().startswith("in ")
    named = squad_at_end(text, arguments=not bare)
    where = Where(named=named.squad, channel=command.channel)
    if bare:
        plan = await container.services.schedules.plan(command.caller, where)
        await command.reply.privately(views.plan(command.words, plan))
        return
    wanted = schedule_input.change(named.text)
    changed = await container.services.schedules.change_time(
        command.caller, where, wanted, command.key
    )
    await command.reply.privately(views.changed(command.words, changed))
