"""`/timeoff`: saying when one is away, listing it, and taking it back; all of it privately."""

from bot import clock
from bot.container import Container
from bot.errors import BadInput
from bot.rules import commands
from bot.rules.timeoff import Field, Plan, checked_reason, read_plan
from bot.views import timeoff as timeoff_views
from handlers.doors import Doors
from handlers.guard import Answer
from handlers.requests import Click, Command, Form

LIST = frozenset({"list", "show"})
CANCEL = frozenset({"cancel", "remove"})


def register(doors: Doors) -> None:
    """Register the command, its form and its buttons."""
    doors.command("timeoff", timeoff, private=True)
    doors.form(timeoff_views.FORM, save)
    doors.click(timeoff_views.OPEN, open_form)
    doors.click(timeoff_views.CANCEL, cancel)


async def timeoff(command: Command, container: Container) -> None:
    """Note, list or cancel what was typed; alone it opens the form."""
    text = commands.unescape(command.text).strip()
    word, _, rest = text.partition(" ")
    services = container.services.timeoff
    if not text:
        coming = await services.coming(command.caller)
        await command.reply.open(timeoff_views.form(command.words, coming))
    elif word.casefold() in LIST and not rest:
        coming = await services.coming(command.caller)
        await command.reply.privately(timeoff_views.coming_list(command.words, coming))
    elif word.casefold() in CANCEL:
        day = read_plan(rest).first
        absence = await services.cancel_day(command.caller, day, command.key)
        await command.reply.privately(timeoff_views.cancelled(command.words, absence))
    else:
        noted = await services.note(command.caller, read_plan(text), command.key)
        await command.reply.privately(timeoff_views.noted_message(command.words, noted))


async def open_form(click: Click, container: Container) -> None:
    """Open the form from a button."""
    coming = await container.services.timeoff.coming(click.caller)
    await click.reply.open(timeoff_views.form(click.words, coming))


async def save(form: Form, container: Container) -> Answer:
    """Store the days chosen, and take back what was ticked."""
    ticked = form.values.get(Field.CANCEL)
    cancelled = _keys(ticked if isinstance(ticked, list) else [])
    plan = _plan(form)
    if plan is None and not cancelled:
        raise BadInput("timeoff_nothing", field=Field.FIRST.value)
    noted = await container.services.timeoff.change(form.caller, plan, cancelled, form.key)
    return Answer(update=timeoff_views.noted_view(form.words, noted))


def _plan(form: Form) -> Plan | None:
    first, last, reason = (
        value if isinstance(value := form.values.get(name), str) else None
        for name in (Field.FIRST, Field.LAST, Field.REASON)
    )
    if first is None:
        if last is not None:
            raise BadInput("timeoff_nothing", field=Field.FIRST.value)
        return None
    begin = clock.parse_date(first)
    return Plan(
        first=begin,
        last=clock.parse_date(last) if last else begin,
        reason=checked_reason(reason),
    )


def _keys(ticked: list[str]) -> list[int]:
    try:
        return [int(key) for key in ticked]
    except ValueError as error:
        raise BadInput("old_button") from error


async def cancel(click: Click, container: Container) -> None:
    """Take one absence back: the list is shown anew, Home shows it by itself."""
    wanted = timeoff_views.CancelTimeOff.decode(click.value)
    absence = await container.services.timeoff.cancel(click.caller, wanted.absence_id)
    if click.view_id is not None:
        return
    if wanted.listed:
        coming = await container.services.timeoff.coming(click.caller)
        await click.reply.replace(timeoff_views.coming_list(click.words, coming))
    else:
        await click.reply.replace(timeoff_views.cancelled(click.words, absence))
