"""`/coach` and what follows: the form, the member's thanks, and praise shared with the team."""

from datetime import timedelta
from typing import Final

from bot.container import Container
from bot.errors import BadInput
from bot.rules import coaching as coaching_rules
from bot.rules import commands
from bot.rules.coaching import BODY_FIELD, PERSON_FIELD, CoachForm, CoachingKind
from bot.views import blocks
from bot.views import coaching as coaching_views
from handlers.doors import Doors
from handlers.guard import Answer
from handlers.requests import Click, Command, Form

# People press Enter again when Slack is slow; half a minute later they mean it.
SAME_COMMAND: Final = timedelta(seconds=30)


def register(doors: Doors) -> None:
    """Register the command, its form and the buttons of its messages."""
    doors.command("coach", coach, private=True)
    doors.form(coaching_views.FORM, give)
    doors.click(coaching_views.READ, read)
    doors.click(coaching_views.THANK, thank)
    doors.click(coaching_views.SHARE, share)


async def coach(command: Command, container: Container) -> None:
    """Tell somebody something; with words missing, or several squads shared, open the form."""
    user_id, text = commands.leading_user(command.text)
    if user_id is None and text:
        raise BadInput("coach_arguments")
    service = container.services.coaching
    found = await service.choices(command.caller, user_id=user_id, channel=command.channel)
    kind, body = coaching_rules.split_kind(text)
    if not body or len(found) > 1:
        await command.reply.open(coaching_views.form(command.words, found, kind=kind, body=body))
        return
    form = CoachForm(
        squad_id=found[0].squad_id, person_id=found[0].person.person_id, kind=kind, body=body
    )
    done = await service.give(command.caller, form, command.key, SAME_COMMAND)
    sentence = coaching_views.saved_sentence(command.words, done, container.clock.now())
    await command.reply.privately(blocks.message(sentence))


async def give(form: Form, container: Container) -> Answer:
    """Send what the form says, and say when it is read."""
    before = coaching_views.Prefilled.decode(form.metadata)
    chosen = form.values.get(PERSON_FIELD) or before.member
    if not isinstance(chosen, str):
        raise BadInput("coach_who", field=PERSON_FIELD)
    member = coaching_views.Member.decode(chosen)
    kind = form.values.get(coaching_views.KIND)
    body = form.values.get(BODY_FIELD) or before.body
    filled = CoachForm(
        squad_id=member.squad_id,
        person_id=member.person_id,
        kind=CoachingKind(kind) if isinstance(kind, str) else before.kind,
        body=body if isinstance(body, str) else "",
    )
    done = await container.services.coaching.give(form.caller, filled, form.key)
    return Answer(update=coaching_views.saved(form.words, done, container.clock.now()))


async def read(click: Click, container: Container) -> None:
    """Show what a line of Today is about."""
    about = coaching_views.About.decode(click.value)
    told = await container.services.coaching.own_note(click.caller, about.coaching_id)
    await click.reply.privately(coaching_views.note(click.words, told, here=False))


async def thank(click: Click, container: Container) -> None:
    """Write that it was read, and show it where it was clicked."""
    about = coaching_views.About.decode(click.value)
    told = await container.services.coaching.thank(
        click.caller, about.coaching_id, in_place=about.here
    )
    await click.reply.replace(coaching_views.note(click.words, told, here=about.here))


async def share(click: Click, container: Container) -> None:
    """Show praise to the team, because the praised person says so."""
    about = coaching_views.About.decode(click.value)
    told = await container.services.coaching.share(
        click.caller, about.coaching_id, in_place=about.here
    )
    await click.reply.replace(coaching_views.note(click.words, told, here=about.here))
