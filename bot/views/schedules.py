"""A squad's schedules in words: what comes next, what a change means, what was not posted."""

from datetime import datetime

from bot import clock
from bot.rules.explaining import Explained, Why
from bot.rules.occurrences import Changed, Missed, Pending, Plan
from bot.rules.schedules import BY_WEEK, ClockChange, Schedule, ScheduleKind
from bot.rules.squads import Squad, Sync
from bot.views import blocks, dates, schedule_forms
from bot.views.blocks import Block, Message
from bot.views.outbox import Line
from bot.views.words import Words

LINK_SHOWN = 300
"""A longer link stands in the agenda alone: twenty of them would not fit a message."""

CAUSES = frozenset({Why.DAY_OFF, Why.HOLIDAY, Why.TIME_OFF, Why.NO_DATE})


def plan(words: Words, found: Plan) -> Message:
    """Return when a squad works and its schedules, each with what comes next and its button."""
    squad = found.squad
    title = words("schedule.plan.title", squad=blocks.escape(squad.name))
    shown = [
        blocks.section(f"*{title}*"),
        *(
            _row(words, squad, each, found.syncs.get(each.schedule.target))
            for each in found.entries
        ),
    ]
    if not found.entries:
        shown.append(blocks.section(words("schedule.plan.none", squad=blocks.escape(squad.name))))
    return blocks.message(
        title,
        [
            *shown,
            blocks.context(schedule_forms.time_list(words, squad)),
            schedule_forms.buttons(words, squad.id),
            blocks.context(words("schedule.plan.hint")),
        ],
    )


def _row(words: Words, squad: Squad, pending: Pending, sync: Sync | None) -> Block:
    part = schedule_forms.SchedulePart(
        squad_id=squad.id,
        kind=pending.schedule.kind,
        sync_id=0 if sync is None else sync.id,
    )
    button = schedule_forms.change_button(words, part)
    return blocks.section(_entry(words, pending, sync), button)


def changed(words: Words, change: Changed) -> Message:
    """Return what a change means, and from when on it counts."""
    squad = blocks.escape(change.squad)
    if change.first is None:
        return blocks.message(words("schedule.changed.nothing", squad=squad))
    schedule = change.schedule
    weekly = schedule.kind in BY_WEEK
    if change.sync is None:
        told = words(
            "schedule.changed.from_weekly" if weekly else "schedule.changed.from",
            **_when(words, schedule),
            squad=squad,
            moment=_moment(words, change.first.utc, schedule.zone),
        )
    else:
        told = words(
            "schedule.changed.sync",
            sync=_sync(words, change.sync, schedule),
            squad=squad,
            moment=_moment(words, change.first.moment, schedule.zone),
        )
    sentences = [told]
    still = change.upcoming is not None and change.upcoming.slot < change.first.slot
    if change.upcoming is not None and still:
        moment = _moment(words, change.upcoming.moment, schedule.zone)
        sentences.append(words("schedule.changed.still", moment=moment))
    elif not change.today:
        why = "ran" if change.ran else "passed"
        slot = "this_week" if weekly else "today"
        sentences.append(words(f"schedule.changed.{why}_{slot}"))
    if change.odd is not None:
        sentences.append(_odd(words, change.odd, schedule))
    return blocks.message(" ".join(sentences))


def _odd(words: Words, odd: ClockChange, schedule: Schedule) -> str:
    """Return what happens on the next day on which the clocks change just then."""
    return words(
        f"schedule.changed.{'twice' if odd.twice else 'skipped'}",
        day=dates.day(words, odd.day),
        time=f"{schedule.local_time:%H:%M}",
        at=f"{odd.at:%H:%M}",
    )


def skipped_line(words: Words, missed: Missed) -> Line:
    """Return what was not posted, why, and what comes next, as a line of Today."""
    text = words.plural(
        f"schedule.skipped.{'down' if missed.down else missed.reason.value}",
        missed.count,
        squad=blocks.escape(missed.squad),
        name=_what(words, missed),
        first=_moment(words, missed.first, missed.zone),
        last=_moment(words, missed.last, missed.zone),
        **_absent(words, missed),
    )
    if missed.upcoming is not None:
        moment = _moment(words, missed.upcoming, missed.zone)
        text = f"{text} {words('schedule.skipped.next', moment=moment)}"
    return Line(text)


def not_posted(words: Words, missed: Missed) -> Message:
    """Return, for a team's channel, that today's agenda does not come, and why."""
    why = "down" if missed.down else missed.reason.value
    return blocks.message(
        words(f"schedule.not_posted.{why}", name=_what(words, missed), **_absent(words, missed))
    )


def because(words: Words, each: Explained) -> str:
    """Return why a slot becomes what it does, as one plain sentence."""
    zone = each.schedule.zone
    at = each.occurrence
    off = "" if each.cause is None else _cause(words, each.cause, each)
    down = each.down
    return words(
        f"schedule.why.{'down' if each.why is Why.TOO_LATE and down else each.why.value}",
        cause=off or cause(words, each),
        detail=each.detail,
        zone=zone,
        time=f"{each.schedule.local_time:%H:%M}",
        moment="" if at is None else _moment(words, at.moment, zone),
        happened="" if each.happened_at is None else _moment(words, each.happened_at, zone),
        began="" if down is None else _moment(words, down.start, zone),
        ended="" if down is None else _moment(words, down.end, zone),
        limit=f"{int(each.schedule.lateness.total_seconds()) // 60}",
    )


def cause(words: Words, each: Explained) -> str:
    """Return why the day of a slot that is left out is not worked; nothing where hours are why."""
    return _cause(words, each.why, each)


def _cause(words: Words, why: Why, each: Explained) -> str:
    if why is Why.HOLIDAY and each.detail:
        return words("schedule.cause.holiday_named", name=each.detail)
    return words(f"schedule.cause.{why.value}") if why in CAUSES else ""


def _what(words: Words, missed: Missed) -> str:
    if missed.sync is None:
        return name(words, missed.kind)
    return words("schedule.skipped.agenda", sync=blocks.escape(missed.sync))


def _absent(words: Words, missed: Missed) -> dict[str, str]:
    """Return from when to when nothing ran, as far as it is known."""
    down = missed.down
    return {
        "down": "" if down is None else _moment(words, down.start, missed.zone),
        "found": _moment(words, missed.found_at if down is None else down.end, missed.zone),
    }


def name(words: Words, kind: ScheduleKind) -> str:
    """Return what a kind of schedule is called inside a sentence."""
    return words(f"schedule.name.{kind.value}")


def _entry(words: Words, pending: Pending, sync: Sync | None = None) -> str:
    schedule = pending.schedule
    weekly = schedule.kind in BY_WEEK
    what = words(
        "schedule.plan.weekly" if weekly else "schedule.plan.daily", **_when(words, schedule)
    )
    if sync is not None:
        what = _sync(words, sync, schedule)
    if pending.due_at is None:
        return f"{what} · {words('schedule.plan.nothing')}"
    moment = _moment(words, pending.due_at, schedule.zone)
    return f"{what} · {words('schedule.plan.next', moment=moment)}"


def _sync(words: Words, sync: Sync, schedule: Schedule) -> str:
    """Return a sync with its days and time, and how long before its agenda comes."""
    short = sync.link is not None and len(sync.link) <= LINK_SHOWN
    name = blocks.link(sync.link or "", sync.name) if short else f"*{blocks.escape(sync.name)}*"
    when = _when(words, schedule) | {"name": name}
    weekly = "daily" if sync.weekday is None else "weekly"
    said = words(f"schedule.sync.{weekly}", **when)
    return words.plural("schedule.sync.lead", sync.lead_minutes, sync=said)


def _when(words: Words, schedule: Schedule) -> dict[str, str]:
    return {
        "name": name(words, schedule.kind),
        "weekday": words(f"date.weekday.{schedule.weekday or 0}"),
        "time": f"{schedule.local_time:%H:%M}",
        "zone": schedule.zone,
    }


def _moment(words: Words, at: datetime, zone: str) -> str:
    local = clock.to_local(at, zone)
    return words("schedule.moment", day=dates.day(words, local.date()), time=f"{local:%H:%M}")
