"""What is said of a squad: its settings, its rehearsal, going live, the welcome of its people."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time

from bot import clock
from bot.rules import half_days
from bot.rules.outbox import Listed
from bot.rules.payloads import Payload
from bot.rules.people import IndividualFigures, PersonRef, SquadState
from bot.rules.squads import (
    ChannelUse,
    Checklist,
    PauseReason,
    Squad,
    Standing,
    Step,
    Sync,
    Welcome,
    WentLive,
)
from bot.views import announcement_forms, blocks, outbox
from bot.views.blocks import Block, Message
from bot.views.words import Words

LIVE = "squad.live"
SETTINGS = ("zone", "days", "hours", "holidays", "target", "figures", "team", "questions", "digest")
TIMES = ("zone", "days", "hours", "quiet", "holidays", "half_days")
# Ledgers of settings that planned occurrences are computed from.
MOVES_SCHEDULES = frozenset({"zone", "days", "holidays", "half_days"})
NAMES_SHOWN = 30
REHEARSED_SHOWN = 30


class GoLive(Payload):
    """The button that takes a squad live."""

    squad_id: int


def names(people: Sequence[PersonRef], words: Words) -> str:
    """Name people by mention, a long list cut."""
    shown = ", ".join(blocks.mention(each.user_id, each.name) for each in people[:NAMES_SHOWN])
    if len(people) > NAMES_SHOWN:
        shown += " " + words("common.and_more", n=len(people) - NAMES_SHOWN)
    return shown


def hours(words: Words, start: time, end: time) -> str:
    """Return working hours as in `09:00–18:00`."""
    key = "squad.hours" if start < end else "squad.hours_over_midnight"
    return words(key, start=f"{start:%H:%M}", end=f"{end:%H:%M}")


def days(words: Words, weekdays: Iterable[int]) -> str:
    """Return weekdays as in `Mon–Fri` or `Mon, Wed, Fri`."""
    runs: list[list[int]] = []
    for day in sorted(weekdays):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    parts = []
    for run in runs:
        ends = [words(f"date.weekday.{day}") for day in (run[0], run[-1])]
        parts.append(ends[0] if len(run) == 1 else "–".join(ends))
    return ", ".join(parts)


def setting(words: Words, squad: Squad, name: str) -> str:
    """Return one setting's value in mrkdwn; `name` is one of `SETTINGS` or `TIMES`."""
    if name in set(ChannelUse):
        channel = squad.channel(ChannelUse(name))
        return f"<#{channel}>" if channel else words("squad.not_set")
    unset = words("squad.not_set")
    quiet = squad.quiet
    target = squad.quality_target
    said = {
        "zone": squad.zone,
        "days": days(words, squad.working_days),
        "hours": hours(words, squad.work_start, squad.work_end),
        "quiet": hours(words, *quiet) if quiet else unset,
        "holidays": " ".join(filter(None, (squad.country, squad.subdivision))) or unset,
        "half_days": ", ".join(map(half_days.written, squad.half_days)) or unset,
        "target": unset if target is None else words("squad.target", percent=f"{target * 100:g}"),
        "figures": words(f"squad.figures.{squad.individual_figures.value}"),
    }
    return said[name]


def settings(words: Words, squad: Squad, syncs: Sequence[Sync] = ()) -> list[Block]:
    """Return a squad's settings: name and state, then label and value."""
    state = words(f"squad.state.{squad.state.value}")
    title = words("squad.title", squad=blocks.escape(squad.name), state=state)
    pairs = [(words(f"squad.label.{name}"), setting(words, squad, name)) for name in SETTINGS]
    if syncs:
        pairs.append((words("squad.label.syncs"), sync_list(words, syncs)))
    return [blocks.section(title), blocks.fields(pairs)]


def sync_list(words: Words, syncs: Sequence[Sync]) -> str:
    """Return syncs with their times, linked where they have a link."""
    lines = []
    for sync in syncs:
        name = blocks.link(sync.link, sync.name) if sync.link else blocks.escape(sync.name)
        lines.append(words("squad.sync", name=name, time=f"{sync.local_time:%H:%M}"))
    return "\n".join(lines) or words("squad.not_set")


def created(words: Words, squad: Squad, manager: str | None) -> Message:
    """Confirm a new squad and say what comes next; `manager` is a Slack user id."""
    name = blocks.escape(squad.name)
    facts = words(
        "squad.created",
        squad=name,
        days=days(words, squad.working_days),
        hours=hours(words, squad.work_start, squad.work_end),
        zone=squad.zone,
    )
    who = (
        words("squad.created_managed", manager=blocks.mention(manager, ""))
        if manager
        else words("squad.created_unmanaged", squad=name)
    )
    return blocks.message(f"{facts}\n{who}\n{words('squad.created_next', squad=name)}")


def changed(words: Words, squad: Squad, changes: Sequence[str]) -> Message:
    """Confirm settings as they are now; `changes` are names out of `SETTINGS` or `TIMES`."""
    lines = [words("squad.changed", squad=blocks.escape(squad.name))]
    lines += [f"{words(f'squad.label.{name}')}: {setting(words, squad, name)}" for name in changes]
    if MOVES_SCHEDULES & set(changes):
        lines.append(words("squad.changed_schedules"))
    return blocks.message("\n".join(lines))


def syncs_changed(words: Words, squad: Squad, syncs: Sequence[Sync]) -> Message:
    """Confirm the syncs as they are now."""
    title = words("squad.changed", squad=blocks.escape(squad.name))
    return blocks.message(f"{title}\n{words('squad.label.syncs')}: {sync_list(words, syncs)}")


def go_live_button(words: Words, squad_id: int) -> Block:
    """Return the button that takes a squad live, after asking once more."""
    return blocks.button(
        words("squad.live.button"),
        LIVE,
        GoLive(squad_id=squad_id).encode(),
        style="primary",
        confirm={
            "title": blocks.plain(words("squad.live.confirm_title")),
            "text": blocks.plain(words("squad.live.confirm_text")),
            "confirm": blocks.plain(words("squad.live.confirm_yes")),
            "deny": blocks.plain(words("squad.live.confirm_no")),
        },
    )


def rehearsed(
    words: Words, squad: Squad, found: Sequence[Listed], days_back: int, people: int
) -> Message:
    """List what would have been sent and to whom, newest first; offer going live."""
    name = blocks.escape(squad.name)
    rehearsal = squad.state is SquadState.REHEARSAL
    if not rehearsal and not found:
        return blocks.message(words("squad.rehearsal.live_none", squad=name, days=days_back))
    title = words(f"squad.rehearsal.{'title' if rehearsal else 'live'}", squad=name)
    if found:
        count = words.plural("squad.rehearsal.some", len(found), days=days_back)
    else:
        count = words("squad.rehearsal.none", days=days_back)
    shown = [blocks.section(f"{title}\n{count}")]
    items = [_would_be_sent(words, squad, each) for each in found[:REHEARSED_SHOWN]]
    if len(found) > REHEARSED_SHOWN:
        items.append(words("common.and_more", n=len(found) - REHEARSED_SHOWN))
    shown += paragraphs(items)
    if rehearsal and people:
        shown.append(blocks.section(words("squad.rehearsal.next")))
        shown.append(blocks.actions(go_live_button(words, squad.id)))
    return blocks.message(title, shown)


def _would_be_sent(words: Words, squad: Squad, each: Listed) -> str:
    delivery = each.delivery
    recipient = (
        f"<#{delivery.channel}>" if delivery.channel is not None else blocks.escape(each.recipient)
    )
    return words(
        "squad.rehearsal.item",
        when=moment(delivery.settled_at or delivery.created_at, squad.zone),
        recipient=recipient,
        kind=outbox.kind(words, delivery.kind),
    )


def moment(instant: datetime, zone: str) -> str:
    """Return an instant on a squad's wall clock, as in `2026-03-10 09:00`."""
    return f"{clock.to_local(instant, zone):%Y-%m-%d %H:%M}"


def paragraphs(lines: Sequence[str]) -> list[Block]:
    """Put lines into as few sections as Slack's limit for one allows."""
    sections: list[Block] = []
    text = ""
    for line in lines:
        if text and len(text) + len(line) + 1 > blocks.SECTION_TEXT:
            sections.append(blocks.section(text))
            text = ""
        text = f"{text}\n{line}" if text else line
    return [*sections, blocks.section(text)] if text else sections


def went_live(words: Words, live: WentLive) -> Message:
    """Say who is welcomed and whom Slack cannot reach."""
    name = blocks.escape(live.squad.name)
    lines = [words(f"squad.live.{'already' if live.already else 'done'}", squad=name)]
    if live.welcomed:
        lines.append(words.plural("squad.live.welcomed", len(live.welcomed)))
    elif not live.unreachable:
        lines.append(words("squad.live.welcomed_nobody"))
    if live.unreachable:
        lines.append(words("squad.live.unreachable", people=names(live.unreachable, words)))
    if live.welcomed:
        lines.append(words("squad.live.refusals"))
    text = "\n".join(lines)
    return blocks.message(text, [blocks.section(text), *announcement_forms.held(words, live.held)])


def step(words: Words, which: Step, *, done: bool) -> str:
    """Return one step of the checklist with its mark."""
    mark = ":white_check_mark:" if done else ":white_large_square:"
    return f"{mark} {words(f'squad.step.{which.value}')}"


def checklist(words: Words, todo: Checklist) -> list[Block]:
    """Return the way to a live squad, with the button once it is all that is left."""
    state = words(f"squad.state.{todo.squad.state.value}")
    title = words("squad.title", squad=blocks.escape(todo.squad.name), state=state)
    lines = [step(words, which, done=done) for which, done in todo.steps.items()]
    shown = [blocks.section("\n".join([title, *lines]))]
    if todo.following is Step.GO_LIVE:
        shown.append(blocks.actions(go_live_button(words, todo.squad.id)))
    return shown


def welcome(words: Words, said: Welcome) -> Message:
    """Return a member's one welcome: what is recorded, who sees it, how to disagree, when."""
    title = words("squad.welcome.title", squad=blocks.escape(said.squad.name))
    setting_name = said.squad.individual_figures
    who = words(
        f"squad.welcome.who.{setting_name.value}",
        **(
            {"managers": names(said.managers, words) or words("common.none")}
            if setting_name is IndividualFigures.SELF_AND_MANAGERS
            else {}
        ),
    )
    when = words("squad.welcome.hours", hours=hours(words, *said.hours), zone=said.zone)
    return blocks.message(
        title,
        [
            blocks.section(title),
            blocks.section(words("squad.welcome.what")),
            blocks.section(f"{who} {words('squad.welcome.nobody_ranked')}"),
            blocks.section(words("squad.welcome.disagree")),
            blocks.section(when),
        ],
    )


def welcome_line(words: Words, said: Welcome) -> str:
    """Return the welcome in one sentence of mrkdwn."""
    return words(
        "squad.welcome.line",
        squad=blocks.escape(said.squad.name),
        managers=names(said.managers[:2], words) or words("squad.paused_whom_nobody"),
    )


def paused(words: Words, standing: Standing, reason: PauseReason) -> str:
    """Return what somebody reads who was paused, as a line of mrkdwn."""
    whom = names(standing.managers, words) or words("squad.paused_whom_nobody")
    return words(
        "squad.paused",
        squad=blocks.escape(standing.squad.name),
        reason=words(f"squad.paused.{reason.value}"),
        whom=whom,
    )
