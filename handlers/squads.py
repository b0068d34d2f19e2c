"""`/squad`: one command for a squad's people, settings, project, schedule and state."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.clock import parse_time, zone
from bot.container import Container
from bot.errors import BadInput, NotFound
from bot.rules import commands, half_days, squad_input
from bot.rules.squads import (
    DEFAULT_DAYS,
    NAME_LIMIT,
    ChannelUse,
    SquadChanges,
    SquadDraft,
    Sync,
    Where,
)
from bot.views import commands as command_views
from bot.views import schedules as schedule_views
from bot.views import squad_forms
from bot.views import squads as views
from handlers import (
    duty,
    fields,
    lookups,
    members,
    projects,
    schedules,
    standing,
    status_cases,
)
from handlers.doors import Doors
from handlers.guard import Answer
from handlers.requests import Click, Command, Form

REHEARSED: Final = timedelta(days=14)
"""How far back `/squad rehearsal` looks: long enough for two weekly digests."""

DEFAULT_ZONE: Final = "UTC"

Run = Callable[[Command, Container, str], Awaitable[None]]


def register(doors: Doors) -> None:
    """Register the command, its forms and its button."""
    doors.command("squad", squad)
    doors.form(squad_forms.CREATE, save_new)
    doors.form(squad_forms.SETTINGS, save_settings)
    doors.click(views.LIVE, live_button)


async def squad(command: Command, container: Container) -> None:
    """Run a sub-command; alone it shows what there is."""
    first, _, rest = command.text.strip().partition(" ")
    name = first.casefold()
    if name in {"", "help"} or commands.wants_help(rest):
        await command.reply.privately(command_views.usage(command.words, "squad"))
        return
    run = SUBCOMMANDS.get(name)
    if run is None:
        raise NotFound("unknown_squad_command", command=first[:40])
    await run(command, container, rest.strip())


# Making a squad.


async def create(command: Command, container: Container, text: str) -> None:
    """Make a squad: `Kestrel Europe/Berlin @manager`; bare it opens the form."""
    actor = await container.services.people.actor(command.caller)
    if not text:
        people = await container.services.squads.may_create(command.caller)
        form = squad_forms.create(
            command.words, actor.zone or DEFAULT_ZONE, people, actor.person_id
        )
        await command.reply.open(form)
        return
    name, zone_name = squad_input.name_and_zone(commands.without_mentions(text))
    mentioned = commands.users(text)[:1]
    profiles = await lookups.profiles(container, command.caller, mentioned)
    draft = SquadDraft(name=name, zone=zone_name or actor.zone or DEFAULT_ZONE)
    made = await container.services.squads.create(
        command.caller, draft, profiles[0] if profiles else None, command.key
    )
    manager = profiles[0].user_id if profiles else None
    await command.reply.privately(views.created(command.words, made, manager))


async def save_new(form: Form, container: Container) -> Answer:
    """Make the squad that the form describes."""
    values = {name: fields.text(value) for name, value in form.values.items()}
    start = squad_forms.CreateForm.decode(form.metadata)
    given = fields.Fields(form.words)
    name = given.read(squad_forms.NAME, squad_input.squad_name, values.get(squad_forms.NAME, ""))
    where = given.read(squad_forms.ZONE, zone, values.get(squad_forms.ZONE) or start.zone)
    hours = given.read(
        squad_forms.HOURS,
        squad_input.hours,
        values.get(squad_forms.HOURS) or squad_forms.default_hours(),
    )
    channels = await _form_channels(form, container, given)
    if given.errors or name is None or where is None or hours is None:
        return Answer(errors=given.errors)
    draft = SquadDraft(
        name=name,
        zone=where,
        working_days=_ticked(form) or DEFAULT_DAYS,
        hours=hours,
        channels={use: channel for use, channel in channels.items() if channel is not None},
    )
    return await _made(form, container, draft, values.get(squad_forms.MANAGER))


async def _made(form: Form, container: Container, draft: SquadDraft, chosen: str | None) -> Answer:
    """Make the squad; whoever fills in the form manages it unless somebody was chosen."""
    manager_id = chosen or form.caller.user_id
    manager = await fields.checked(
        squad_forms.MANAGER, lookups.profile(container, form.caller, manager_id)
    )
    made = await fields.checked(
        squad_forms.NAME,
        container.services.squads.create(form.caller, draft, manager, form.key),
    )
    text = views.created(form.words, made, manager_id)["text"]
    return Answer(update=squad_forms.saved(form.words, text))


def _ticked(form: Form) -> frozenset[int]:
    """Return the ticked working days; none means untouched, for Slack wants at least one."""
    ticked = form.values.get(squad_forms.DAYS)
    return squad_input.checked_days(ticked if isinstance(ticked, list) else ())


async def _form_channels(
    form: Form, container: Container, given: fields.Fields
) -> dict[ChannelUse, str | None]:
    """Return the channels typed into a form, each looked at; `none` clears one."""
    found: dict[ChannelUse, str | None] = {}
    for use, block_id in squad_forms.CHANNELS.items():
        typed = fields.text(form.values.get(block_id))
        if not typed:
            continue
        channel = given.read(block_id, squad_input.channel_id, typed)
        if channel is not None:
            channel = await given.checked(
                block_id, lookups.usable_channel(container, form.caller, channel)
            )
        found[use] = channel
    return found


# Settings.


async def settings(command: Command, container: Container, text: str) -> None:
    """Open the form with all settings."""
    named = squad_input.squad_at_end(text, arguments=False)
    where = Where(named=named.squad, channel=command.channel)
    found = await container.services.squads.managed(command.caller, where)
    await command.reply.open(squad_forms.settings(command.words, found))


def _zone(text: str) -> dict[str, object]:
    return {"zone": str(zone(text))}


def _days(text: str) -> dict[str, object]:
    return {"working_days": squad_input.weekdays(text)}


def _hours(text: str) -> dict[str, object]:
    start, end = squad_input.hours(text)
    return {"work_start": start, "work_end": end}


def _holidays(text: str) -> dict[str, object]:
    country, subdivision = squad_input.place(text)
    return {"country": country, "subdivision": subdivision}


def _quiet(text: str) -> dict[str, object]:
    start, end = squad_input.quiet_hours(text) or (None, None)
    return {"quiet_start": start, "quiet_end": end}


def _half_days(text: str) -> dict[str, object]:
    return {"half_days": half_days.read_or_none(text)}


def _target(text: str) -> dict[str, object]:
    return {"quality_target": squad_input.target(text)}


def _figures(text: str) -> dict[str, object]:
    return {"individual_figures": squad_input.figures(text)}


READERS: Final[Mapping[str, Callable[[str], dict[str, object]]]] = {
    "zone": _zone,
    "days": _days,
    "hours": _hours,
    "holidays": _holidays,
    "quiet": _quiet,
    "half_days": _half_days,
    "target": _target,
    "figures": _figures,
}
"""How a setting is read, by its name; the typed command and the form share them."""


def setting(name: str) -> Run:
    """Return the sub-command of one setting: with a value it sets it, bare it opens the form."""

    async def run(command: Command, container: Container, text: str) -> None:
        if not text or (text.casefold().startswith("in ") and name != "holidays"):
            await settings(command, container, text)  # India's code is a value, not a squad
            return
        named = squad_input.squad_at_end(text, arguments=True)
        changed = await container.services.squads.change(
            command.caller,
            Where(named=named.squad, channel=command.channel),
            SquadChanges(fields=READERS[name](commands.unescape(named.text))),
        )
        await command.reply.privately(views.changed(command.words, changed, [name]))

    return run


async def channels(command: Command, container: Container, text: str) -> None:
    """Set channels: `team #kestrel digest #kestrel-quality`; bare it opens the form."""
    if not text or text.casefold().startswith("in "):
        await settings(command, container, text)
        return
    named = squad_input.squad_at_end(text, arguments=True)
    wanted = squad_input.channels(named.text)
    where = Where(named=named.squad, channel=command.channel)
    # Before Slack is asked: whoever may not change it learns nothing about channels either.
    await container.services.squads.managed(command.caller, where)
    for use, channel in wanted.items():
        if channel is not None:
            wanted[use] = await lookups.usable_channel(container, command.caller, channel)
    changed = await container.services.squads.change(
        command.caller,
        where,
        SquadChanges(fields={f"{use.value}_channel": channel for use, channel in wanted.items()}),
    )
    names = [use.value for use in wanted]
    await command.reply.privately(views.changed(command.words, changed, names))


async def save_settings(form: Form, container: Container) -> Answer:
    """Save the form; what comes back empty stays as it is."""
    where = Where(squad_id=squad_forms.SettingsForm.decode(form.metadata).squad_id)
    before = await container.services.squads.managed(form.caller, where)
    given = fields.Fields(form.words)
    new: dict[str, object] = {}
    for name, reader in READERS.items():
        typed = fields.text(form.values.get(name))
        if typed:
            new |= given.read(name, reader, typed) or {}
    if days := _ticked(form):
        new["working_days"] = days
    found = await _form_channels(form, container, given)
    if given.errors:
        return Answer(errors=given.errors)
    new |= {f"{use.value}_channel": channel for use, channel in found.items()}
    after = await container.services.squads.change(form.caller, where, SquadChanges(fields=new))
    differs = [
        name
        for name in views.SETTINGS
        if views.setting(form.words, before, name) != views.setting(form.words, after, name)
    ]
    shown = views.changed(form.words, after, differs or views.SETTINGS)
    return Answer(update=squad_forms.saved(form.words, shown["text"]))


async def sync(command: Command, container: Container, text: str) -> None:
    """Add, change or remove a sync: `"Daily sync" 09:30 LINK`, `Daily off`."""
    named = squad_input.squad_at_end(text, arguments=True)
    words = commands.arguments(named.text)
    if len(words) not in {2, 3}:
        raise BadInput("sync_arguments")
    where = Where(named=named.squad, channel=command.channel)
    name = squad_input.plain_text(words[0], limit=NAME_LIMIT, missing="sync_arguments")
    service = container.services.syncs
    if words[1].casefold() in squad_input.CLEAR:
        found, rest = await service.remove(command.caller, where, name=name)
        await command.reply.privately(views.syncs_changed(command.words, found, rest))
        return
    at = parse_time(words[1])
    link = squad_input.link(words[2]) if len(words) == 3 else None
    _, known = await service.of_squad(command.caller, where)
    same = next((one for one in known if one.name.casefold() == name.casefold()), None)
    wanted = replace(same or Sync(id=0, name=name, local_time=at), local_time=at)
    if link is not None:
        wanted = replace(wanted, link=link)
    changed = await service.put(command.caller, where, wanted)
    await command.reply.privately(schedule_views.changed(command.words, changed))


# Rehearsal and going live.


async def rehearsal(command: Command, container: Container, text: str) -> None:
    """List privately what would have been sent, and to whom."""
    named = squad_input.squad_at_end(text, arguments=False)
    where = Where(named=named.squad, channel=command.channel)
    found = await container.services.squads.managed(command.caller, where)
    since = container.clock.now() - REHEARSED
    listed = await container.services.outbox.rehearsed(command.caller, found.id, since)
    roster = await container.services.squads.roster(command.caller, Where(squad_id=found.id))
    people = sum(member.present for member in roster.members)
    await command.reply.privately(
        views.rehearsed(command.words, found, listed, REHEARSED.days, people)
    )


async def live(command: Command, container: Container, text: str) -> None:
    """Take a squad live."""
    named = squad_input.squad_at_end(text, arguments=False)
    where = Where(named=named.squad, channel=command.channel)
    went = await container.services.squads.go_live(command.caller, where)
    await command.reply.privately(views.went_live(command.words, went))


async def live_button(click: Click, container: Container) -> None:
    """Take a squad live from a button; Slack has asked whether it is meant."""
    wanted = views.GoLive.decode(click.value)
    went = await container.services.squads.go_live(click.caller, Where(squad_id=wanted.squad_id))
    await click.reply.replace(views.went_live(click.words, went))


async def _project(command: Command, container: Container, text: str) -> None:  # noqa: ARG001 - it reads the whole command
    await projects.project(command, container)


SUBCOMMANDS: Final[Mapping[str, Run]] = {
    "create": create,
    "add": members.add,
    "remove": members.remove,
    "roles": members.roles,
    "role": members.roles,
    "status": members.status,
    "pause": status_cases.pause,
    "probation": status_cases.probation,
    "offboard": status_cases.offboard,
    "reinstate": status_cases.reinstate,
    "tag": members.tag,
    "untag": members.untag,
    "list": members.show,
    "people": standing.people,
    "settings": settings,
    "channels": channels,
    "sync": sync,
    "rehearsal": rehearsal,
    "live": live,
    "project": _project,
    "questions": duty.terms,
    "schedule": schedules.run,
    **{name.replace("_", "-"): setting(name) for name in READERS},
}
"""Every sub-command; one that another capability owns lives in that capability's handler."""
