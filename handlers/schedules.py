"""`/squad schedule`: what a squad gets when and when it works; each by command or by form."""

from collections.abc import Callable
from dataclasses import replace
from datetime import time
from typing import TypeVar

from bot import clock
from bot.container import Container
from bot.errors import BadInput, NotFound
from bot.rules import half_days, schedule_input, squad_input
from bot.rules.people import Role
from bot.rules.schedule_input import ScheduleChange
from bot.rules.squad_input import squad_at_end
from bot.rules.squads import SquadChanges, Sync, SyncKind, Where
from bot.views import schedule_forms, squad_forms
from bot.views import schedules as views
from bot.views import squads as squad_views
from bot.views.blocks import Block
from bot.views.schedule_forms import SchedulePart
from handlers import fields
from handlers.doors import Doors
from handlers.guard import Answer
from handlers.requests import Click, Command, Form, Query

Value = TypeVar("Value")


def register(doors: Doors) -> None:
    """Register the buttons below a plan, their forms, and the search for a zone."""
    doors.click(schedule_forms.MOVE, open_move)
    doors.click(schedule_forms.SYNC, open_sync)
    doors.click(schedule_forms.TIMES, open_times)
    doors.form(schedule_forms.MOVE, save_move)
    doors.form(schedule_forms.SYNC, save_sync)
    doors.form(schedule_forms.TIMES, save_times)
    doors.query(schedule_forms.TIMES, zones)


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
    changed = await container.services.schedules.change_time(command.caller, where, wanted)
    await command.reply.privately(views.changed(command.words, changed))


async def open_move(click: Click, container: Container) -> None:
    """Open the form for the time of a digest."""
    part = SchedulePart.decode(click.value)
    plan = await container.services.schedules.plan(click.caller, Where(squad_id=part.squad_id))
    for each in plan.entries:
        if each.schedule.kind is part.kind:
            name = views.name(click.words, each.schedule.kind)
            form = schedule_forms.move(click.words, plan.squad, each.schedule, name)
            await click.reply.open(form)
            return
    raise NotFound("no_schedule", schedule=_name(part), squad=plan.squad.name)


def _name(part: SchedulePart) -> str:
    return "–" if part.kind is None else schedule_input.name_of(part.kind)


async def save_move(form: Form, container: Container) -> Answer:
    """Move a digest to another time (and weekday)."""
    part = SchedulePart.decode(form.metadata)
    if part.kind is None:
        raise BadInput("old_button")
    typed = _Typed(form)
    at = typed.read(schedule_forms.TIME, clock.parse_time)
    day = typed.values.get(schedule_forms.WEEKDAY) or ""
    if typed.errors or at is None:
        return Answer(errors=typed.errors)
    wanted = ScheduleChange(part.kind, at, int(day) if day.isdecimal() else None)
    where = Where(squad_id=part.squad_id)
    changed = await container.services.schedules.change_time(form.caller, where, wanted)
    return _said(form, views.changed(form.words, changed)["text"])


async def open_sync(click: Click, container: Container) -> None:
    """Open the form for a sync, or for a new one."""
    part = SchedulePart.decode(click.value)
    squad, known = await container.services.syncs.of_squad(
        click.caller, Where(squad_id=part.squad_id)
    )
    sync = next((one for one in known if one.id == part.sync_id), None)
    if part.sync_id and sync is None:
        raise NotFound("sync_gone")
    await click.reply.open(schedule_forms.sync(click.words, squad, sync))


async def save_sync(form: Form, container: Container) -> Answer:
    """Add, change or remove a sync."""
    part = SchedulePart.decode(form.metadata)
    where = Where(squad_id=part.squad_id)
    service = container.services.syncs
    if form.values.get(schedule_forms.REMOVE):
        found, rest = await service.remove(form.caller, where, sync_id=part.sync_id)
        return _said(form, squad_views.syncs_changed(form.words, found, rest)["text"])
    _, known = await service.of_squad(form.caller, where)
    before = next((one for one in known if one.id == part.sync_id), None)
    typed = _Typed(form)
    wanted = _sync(typed, before or Sync(id=part.sync_id, name="", local_time=time()))
    if typed.errors or wanted is None:
        return Answer(errors=typed.errors)
    changed = await fields.checked(schedule_forms.NAME, service.put(form.caller, where, wanted))
    return _said(form, views.changed(form.words, changed)["text"])


class _Typed:
    """The fields of a form, read by the readers of the commands; empty ones stay as they were."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.values = {name: fields.text(value) for name, value in form.values.items()}
        self._fields = fields.Fields(form.words)
        self.errors = self._fields.errors

    def read(self, name: str, reader: Callable[[str], Value]) -> Value | None:
        """Return a field that must be filled as read; None, with an error, if it cannot be."""
        return self._fields.read(name, reader, self.values.get(name) or "")

    def optional(self, name: str, reader: Callable[[str], Value]) -> Value | None:
        """Return a field as read; None if it is empty."""
        return self.read(name, reader) if self.values.get(name) else None

    def ticked(self, name: str) -> list[str]:
        """Return the ticked boxes."""
        found = self.form.values.get(name)
        return found if isinstance(found, list) else []


def _sync(typed: _Typed, now: Sync) -> Sync | None:
    name = typed.read(schedule_forms.NAME, schedule_input.sync_name)
    at = typed.read(schedule_forms.TIME, clock.parse_time)
    length = typed.optional(
        schedule_forms.MINUTES,
        lambda text: schedule_input.minutes(text, schedule_input.LONGEST_MEETING),
    )
    lead = typed.optional(
        schedule_forms.LEAD,
        lambda text: schedule_input.minutes(text, schedule_input.LONGEST_LEAD),
    )
    cleared = typed.values.get(schedule_forms.LINK, "").casefold() in squad_input.CLEAR
    link = None if cleared else typed.optional(schedule_forms.LINK, squad_input.link)
    if typed.errors or name is None or at is None:
        return None
    kind, day = (typed.values.get(each) for each in (schedule_forms.KIND, schedule_forms.WEEKDAY))
    roles = frozenset(typed.ticked(schedule_forms.AUDIENCE))
    everybody = not roles or schedule_forms.EVERYBODY in roles
    return replace(
        now,
        name=name,
        local_time=at,
        kind=SyncKind(kind) if kind else now.kind,
        weekday=(None if day == schedule_forms.EVERY_DAY else int(day)) if day else now.weekday,
        minutes=now.minutes if length is None else length,
        lead_minutes=now.lead_minutes if lead is None else lead,
        link=link if link is not None or cleared else now.link,
        audience=frozenset() if everybody else frozenset(map(Role, roles)),
    )


async def open_times(click: Click, container: Container) -> None:
    """Open the form for a squad's zone, days, hours, quiet hours, holidays and half days."""
    part = SchedulePart.decode(click.value)
    squad = await container.services.squads.managed(click.caller, Where(squad_id=part.squad_id))
    await click.reply.open(schedule_forms.times(click.words, squad))


async def zones(query: Query, container: Container) -> list[Block]:  # noqa: ARG001 - no secret
    """Suggest time zones."""
    return schedule_forms.zones(schedule_input.zones_like(query.typed))


async def save_times(form: Form, container: Container) -> Answer:
    """Save when a squad works; its schedules follow at once."""
    where = Where(squad_id=SchedulePart.decode(form.metadata).squad_id)
    typed = _Typed(form)
    new: dict[str, object] = {}
    zone = schedule_forms.ZONE_TYPED if typed.values.get(schedule_forms.ZONE_TYPED) else "zone"
    if (named := typed.optional(zone, clock.zone)) is not None:
        new["zone"] = str(named)
    if days := squad_input.checked_days(typed.ticked(squad_forms.DAYS)):
        new["working_days"] = days
    if (hours := typed.optional(squad_forms.HOURS, squad_input.hours)) is not None:
        new["work_start"], new["work_end"] = hours
    if typed.values.get(schedule_forms.QUIET):
        quiet = typed.read(schedule_forms.QUIET, squad_input.quiet_hours)
        new["quiet_start"], new["quiet_end"] = quiet or (None, None)
    if (place := typed.optional(squad_forms.HOLIDAYS, squad_input.place)) is not None:
        new["country"], new["subdivision"] = place
    if typed.values.get(schedule_forms.HALF_DAYS):
        halves = typed.read(schedule_forms.HALF_DAYS, half_days.read_or_none)
        new["half_days"] = halves or ()
    if typed.errors:
        return Answer(errors=typed.errors)
    after = await fields.checked(
        _field_of(new),
        container.services.squads.change(form.caller, where, SquadChanges(fields=new)),
    )
    return _said(form, squad_views.changed(form.words, after, squad_views.TIMES)["text"])


def _field_of(new: dict[str, object]) -> str:
    """Return the field at which it is said that times do not go together."""
    if new.get("half_days"):
        return schedule_forms.HALF_DAYS
    return schedule_forms.QUIET


def _said(form: Form, text: str) -> Answer:
    return Answer(update=squad_forms.saved(form.words, text))
