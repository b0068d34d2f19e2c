"""The forms behind `/squad schedule`: a digest's time, a sync, and when a squad works at all.

What comes back empty stays as it is, for some clients lose what was not touched; `none` clears.
"""

from collections.abc import Sequence
from typing import Final

from bot.rules.half_days import written
from bot.rules.payloads import Payload
from bot.rules.people import Role
from bot.rules.schedules import BY_WEEK, Schedule, ScheduleKind
from bot.rules.squads import LINK_LIMIT, NAME_LIMIT, Squad, Sync, SyncKind
from bot.views import blocks, squad_forms, squads
from bot.views.blocks import Block, View
from bot.views.words import Words

# Buttons and forms.
MOVE: Final = "schedule.move"
SYNC: Final = "schedule.sync"
TIMES: Final = "schedule.times"

NAME: Final = "name"
KIND: Final = "kind"
TIME: Final = "time"
WEEKDAY: Final = "weekday"
MINUTES: Final = "minutes"
LEAD: Final = "lead"
LINK: Final = "link"
AUDIENCE: Final = "audience"
REMOVE: Final = "remove"
ZONE: Final = "zone"
ZONE_TYPED: Final = "zone_typed"
QUIET: Final = "quiet"
HALF_DAYS: Final = "half_days"

EVERY_DAY: Final = "every"
EVERYBODY: Final = "everybody"
_SHORT: Final = 100


class SchedulePart(Payload):
    """What of a squad's schedule is changed: a kind by name, or a sync by key (0 for a new one)."""

    squad_id: int
    kind: ScheduleKind | None = None
    sync_id: int = 0


def _text(words: Words, name: str, initial: str = "", **more: object) -> Block:
    key = f"schedule.form.hint.{name}"
    limit, lines = int(str(more.get("limit", _SHORT))), bool(more.get("lines"))
    return blocks.field(
        words(f"schedule.form.label.{name}"),
        blocks.text_input(name, initial=initial, max_length=limit, multiline=lines),
        block_id=name,
        optional=bool(more.get("optional")),
        hint=words(key) if words.has(key) else None,
    )


def _menu(words: Words, name: str, options: Sequence[Block], chosen: str) -> Block:
    initial = next(option for option in options if option["value"] == chosen)
    menu = blocks.menu(name, options, placeholder=str(initial["text"]["text"]), initial=initial)
    return blocks.field(words(f"schedule.form.label.{name}"), menu, block_id=name)


def _weekdays(words: Words) -> list[Block]:
    return [blocks.option(words(f"date.weekday.{day}"), str(day)) for day in range(7)]


def move(words: Words, squad: Squad, schedule: Schedule, name: str) -> View:
    """Return the form for the time (and weekday) of a digest."""
    shown = [
        blocks.section(f"*{blocks.escape(squad.name)}*: {name}"),
        _text(words, TIME, f"{schedule.local_time:%H:%M}"),
    ]
    if schedule.kind in BY_WEEK:
        shown.append(_menu(words, WEEKDAY, _weekdays(words), str(schedule.weekday or 0)))
    return blocks.modal(
        words("schedule.form.move"),
        MOVE,
        shown,
        submit=words("common.save"),
        close=words("common.cancel"),
        metadata=SchedulePart(squad_id=squad.id, kind=schedule.kind).encode(),
    )


def sync(words: Words, squad: Squad, meeting: Sync | None) -> View:
    """Return the form for a sync; without one for a new one."""
    now = meeting or Sync(id=0, name="", local_time=squad.work_start)
    kinds = [
        blocks.option(words(f"schedule.form.kind.{each.value}"), each.value) for each in SyncKind
    ]
    days = [blocks.option(words("schedule.form.every_day"), EVERY_DAY), *_weekdays(words)]
    shown = [
        blocks.section(f"*{blocks.escape(squad.name)}* ({squad.zone})"),
        _text(words, NAME, now.name, limit=NAME_LIMIT),
        _menu(words, KIND, kinds, now.kind.value),
        _text(words, TIME, f"{now.local_time:%H:%M}" if meeting else ""),
        _menu(words, WEEKDAY, days, EVERY_DAY if now.weekday is None else str(now.weekday)),
        _text(words, MINUTES, str(now.minutes)),
        _text(words, LEAD, str(now.lead_minutes)),
        _text(words, LINK, now.link or "", optional=True, limit=LINK_LIMIT),
        _audience(words, now),
    ]
    if meeting is not None:
        shown.append(_removal(words))
    return blocks.modal(
        words("schedule.form.sync"),
        SYNC,
        shown,
        submit=words("common.save"),
        close=words("common.cancel"),
        metadata=SchedulePart(squad_id=squad.id, sync_id=now.id).encode(),
    )


def _audience(words: Words, now: Sync) -> Block:
    options = [
        blocks.option(words("schedule.form.everybody"), EVERYBODY),
        *(blocks.option(words(f"squad.role.{role.value}"), role.value) for role in Role),
    ]
    wanted = {role.value for role in now.audience} or {EVERYBODY}
    element: Block = {
        "type": "checkboxes",
        "action_id": AUDIENCE,
        "options": options,
        "initial_options": [option for option in options if option["value"] in wanted],
    }
    return blocks.field(
        words("schedule.form.label.audience"), element, block_id=AUDIENCE, optional=True
    )


def _removal(words: Words) -> Block:
    element: Block = {
        "type": "checkboxes",
        "action_id": REMOVE,
        "options": [blocks.option(words("schedule.form.remove"), REMOVE)],
    }
    return blocks.field(
        words("schedule.form.label.remove"), element, block_id=REMOVE, optional=True
    )


def times(words: Words, squad: Squad) -> View:
    """Return the form for a squad's zone, days, hours, quiet hours, holidays and half days."""
    start, end = (f"{moment:%H:%M}" for moment in (squad.work_start, squad.work_end))
    quiet = "" if squad.quiet is None else "-".join(f"{at:%H:%M}" for at in squad.quiet)
    place = " ".join(filter(None, (squad.country, squad.subdivision)))
    zone = blocks.search(
        ZONE,
        placeholder=words("schedule.form.zone"),
        initial=blocks.option(squad.zone, squad.zone),
    )
    shown = [
        blocks.section(f"*{blocks.escape(squad.name)}*"),
        blocks.field(
            words("schedule.form.label.zone"),
            zone,
            block_id=ZONE,
            optional=True,
        ),
        _text(words, ZONE_TYPED, optional=True),
        squad_forms.days_field(words, squad.working_days),
        _text(words, squad_forms.HOURS, f"{start}-{end}"),
        _text(words, QUIET, quiet, optional=True),
        _text(words, squad_forms.HOLIDAYS, place, optional=True),
        _text(
            words,
            HALF_DAYS,
            "\n".join(map(written, squad.half_days)),
            optional=True,
            lines=True,
            limit=3000,
        ),
    ]
    return blocks.modal(
        words("schedule.form.times"),
        TIMES,
        shown,
        submit=words("common.save"),
        close=words("common.cancel"),
        metadata=SchedulePart(squad_id=squad.id).encode(),
    )


def zones(found: Sequence[str]) -> list[Block]:
    """Return zones as options of the menu."""
    return [blocks.option(name, name) for name in found]


def buttons(words: Words, squad_id: int) -> Block:
    """Return what stands below a plan: a new sync, and when the squad works."""
    part = SchedulePart(squad_id=squad_id).encode()
    return blocks.actions(
        blocks.button(words("schedule.button.add"), SYNC, part, style="primary"),
        blocks.button(words("schedule.button.times"), TIMES, part),
    )


def change_button(words: Words, part: SchedulePart) -> Block:
    """Return the button beside one schedule."""
    if part.sync_id:
        return blocks.button(words("schedule.button.change"), SYNC, part.encode())
    return blocks.button(words("schedule.button.change"), MOVE, part.encode())


def time_list(words: Words, squad: Squad) -> str:
    """Return when a squad works, as one paragraph."""
    pairs = [
        words(
            "schedule.plan.time",
            label=words(f"squad.label.{name}"),
            value=squads.setting(words, squad, name),
        )
        for name in squads.TIMES
    ]
    return " · ".join(pairs)
