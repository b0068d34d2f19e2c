"""`/oneonone`: what comes, the page of two, topics, moving a meeting; all of it privately."""

from bot import clock
from bot.container import Container
from bot.errors import BadInput
from bot.rules import commands
from bot.rules.people import Caller
from bot.rules.squad_input import squad_at_end
from bot.rules.squads import Where
from bot.views import commands as command_views
from bot.views import oneonone_lists as lists
from bot.views import oneonone_packs as packs
from bot.views import oneonone_setups as setup_views
from bot.views import oneonones as views
from bot.views.blocks import View
from handlers import oneonone_setups
from handlers.doors import Doors
from handlers.fields import checked, text
from handlers.guard import Answer
from handlers.requests import Click, Command, Form

SETUP = "setup"
TOPIC = "topic"


def register(doors: Doors) -> None:
    """Register the command, its buttons and its forms."""
    doors.command("oneonone", oneonone, private=True)
    doors.click(views.OPEN, show)
    for list_button in (lists.LIST, lists.EARLIER, lists.LATER):
        doors.click(list_button, show_list)
    doors.click(views.ADD_TOPIC, ask_topic)
    doors.click(views.SHARE, share)
    doors.click(views.CLOSE, close)
    doors.click(views.MOVE, ask_move)
    doors.click(views.CANCEL, cancel)
    doors.form(views.TOPIC_FORM, add_topic)
    doors.form(views.MOVE_FORM, move)
    oneonone_setups.register(doors)


async def oneonone(command: Command, container: Container) -> None:
    """Show all, one person, the set-up, or keep a topic."""
    typed = command.text.strip()
    word, _, rest = typed.partition(" ")
    services = container.services.oneonones
    if not typed:
        mine = await services.mine(command.caller)
        await command.reply.privately(views.listing(command.words, mine))
    elif word.casefold() == SETUP:
        named = squad_at_end(rest, arguments=False)
        where = Where(named=named.squad, channel=command.channel)
        setup = await container.services.oneonone_setups.start(command.caller, where)
        await command.reply.open(setup_views.form(command.words, setup))
    elif word.casefold() == TOPIC:
        user_id, said = commands.leading_user(rest)
        if user_id is None:
            said = commands.unescape(rest).strip()
        key = command.event_key or command.key
        seat, _ = await services.add_topic(command.caller, said, user_id, key)
        zone = await _zone(container, command.caller)
        await command.reply.privately(views.page(command.words, [seat], zone))
    else:
        user_id, rest = commands.leading_user(typed)
        if user_id is None or rest:
            await command.reply.privately(command_views.usage(command.words, command.name))
            return
        seats = await services.with_whom(command.caller, user_id)
        zone = await _zone(container, command.caller)
        await command.reply.privately(views.page(command.words, seats, zone))


async def _zone(container: Container, caller: Caller) -> str | None:
    """Return whose clock the fallback of a time is on; Slack shows each reader their own."""
    return await container.services.oneonones.zone(caller)


async def _page(click: Click, container: Container, pair_id: int) -> None:
    """Show the page anew where it was clicked: in the window, or in place of the message."""
    seat = await container.services.oneonones.page(click.caller, pair_id)
    zone = await _zone(container, click.caller)
    if click.message_ts is None:
        await _window(click, views.page_view(click.words, seat, zone))
    else:
        await click.reply.replace(views.page(click.words, [seat], zone))


async def _window(click: Click, view: View) -> None:
    """Show a window: in place of the one that was clicked in, else a new one."""
    if click.view_id is not None and click.metadata:  # the Home tab has none
        await click.reply.update(click.view_id, view)
    else:
        await click.reply.open(view)


async def show(click: Click, container: Container) -> None:
    """Show the page of two people, in a window."""
    about = views.AboutPair.decode(click.value)
    seat = await container.services.oneonones.page(click.caller, about.pair_id)
    zone = await _zone(container, click.caller)
    await _window(click, views.page_view(click.words, seat, zone))


async def show_list(click: Click, container: Container) -> None:
    """Show a page of all topics and actions of two people, in a window."""
    about = lists.Listed.decode(click.value)
    seat = await container.services.oneonones.page(click.caller, about.pair_id)
    if about.one_on_one_id is None:
        back = views.open_button(click.words, about.pair_id)
    else:
        mine = not seat.manages
        back = packs.open_button(click.words, about.one_on_one_id, mine=mine)
    await _window(click, lists.window(click.words, seat, about, back))


async def ask_topic(click: Click, container: Container) -> None:
    """Open the form of a new topic."""
    about = views.AboutPair.decode(click.value)
    await container.services.oneonones.page(click.caller, about.pair_id)
    await _window(click, views.topic_form(click.words, about.pair_id))


async def add_topic(form: Form, container: Container) -> Answer:
    """Keep a topic that was written into the form, and show the page."""
    about = views.AboutPair.decode(form.metadata)
    said = commands.unescape(text(form.values.get(views.TEXT)))
    noted = container.services.oneonones.note_topic(form.caller, about.pair_id, said, form.key)
    seat = await checked(views.TEXT, noted)
    zone = await _zone(container, form.caller)
    return Answer(update=views.page_view(form.words, seat, zone))


async def share(click: Click, container: Container) -> None:
    """Let the other one read a topic."""
    about = views.AboutTopic.decode(click.value)
    seat = await container.services.oneonones.share(click.caller, about.topic_id)
    await _page(click, container, seat.pair.pair_id)


async def close(click: Click, container: Container) -> None:
    """Say that a topic was talked about."""
    about = views.AboutTopic.decode(click.value)
    seat = await container.services.oneonones.close_topic(click.caller, about.topic_id)
    await _page(click, container, seat.pair.pair_id)


async def ask_move(click: Click, container: Container) -> None:
    """Open the form that puts a meeting elsewhere."""
    about = views.AboutMeeting.decode(click.value)
    choices = await container.services.oneonones.choices(click.caller, about.one_on_one_id)
    await _window(click, views.move_form(click.words, choices))


async def move(form: Form, container: Container) -> Answer:
    """Put a meeting where the form says."""
    about = views.AboutMeeting.decode(form.metadata)
    zone = await _zone(container, form.caller)
    place, day, at = (text(form.values.get(name)) for name in (views.PLACE, views.DAY, views.TIME))
    if day and at:
        try:
            hour = clock.parse_time(at)
        except BadInput as error:
            error.fields["field"] = views.TIME
            raise
        start = clock.to_utc(clock.parse_date(day), hour, zone or "UTC")
    elif place.isdecimal() and not (day or at):
        start = clock.from_milliseconds(int(place) * 1000)
    else:
        raise BadInput("oneonone_when", field=views.DAY)
    wanted = container.services.oneonones.move(
        form.caller, about.one_on_one_id, about.revision, start, form.key
    )
    told = await checked(views.DAY, wanted)
    return Answer(update=views.moved_view(form.words, told))


async def cancel(click: Click, container: Container) -> None:
    """Leave one meeting out."""
    about = views.AboutMeeting.decode(click.value)
    told = await container.services.oneonones.cancel(
        click.caller, about.one_on_one_id, about.revision
    )
    await _page(click, container, told.meeting.pair_id)
