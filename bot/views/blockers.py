"""Blockers as people read them: the choice, one's own, and those that managers look after."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.rules.arrival import Reach
from bot.rules.blockers import Asking, Blocked, BlockerKind, Case, Lost, Opened, Place
from bot.rules.payloads import Nothing, Payload
from bot.views import arrival, blocks, commands
from bot.views.blocks import Block, Message, View
from bot.views.outbox import Line
from bot.views.words import Words

ASK: Final = "blockers.ask"
NO_WORK: Final = "blockers.no_work"
TOOL_DOWN: Final = "blockers.tool_down"
NO_ACCESS: Final = "blockers.no_access"
AGAIN: Final = "blockers.again"
RESUME: Final = "blockers.resume"
TAKE: Final = "blockers.take"
DONE: Final = "blockers.done"
SHOW: Final = "blockers.show"

SQUADS_SHOWN: Final = 10
SHOWN_ON_HOME: Final = 3
"""Two blocks each, in each of a manager's squads."""


class Picked(Payload):
    """A button that says what keeps its clicker from working, and where."""

    squad_id: int
    kind: BlockerKind


class AboutBlocker(Payload):
    """The blocker that a button is about; `here` is a message that shows it alone."""

    blocker_id: int
    here: bool = False


def kind(words: Words, which: BlockerKind) -> str:
    """Return what keeps somebody from working, in words."""
    return words(f"blockers.kind.{which.value}")


def time(words: Words, seconds: float) -> str:
    """Return a length of working time in hours and minutes, rounded to minutes."""
    hours, minutes = divmod(round(seconds / 60), 60)
    if not hours:
        return words("blockers.time.minutes", min=minutes)
    if not minutes:
        return words("blockers.time.hours", h=hours)
    return words("blockers.time.both", h=hours, min=minutes)


# Whoever cannot work.


def home_button(words: Words) -> Block:
    """Return the button of the Home tab that asks what it is."""
    return blocks.button(words("blockers.home"), ASK, Nothing().encode())


def ask(words: Words, asking: Asking) -> Message:
    """Return the choice: what holds already, then the kinds, in each squad that it may be about."""
    title = words("blockers.ask")
    if len(asking.places) > 1:
        title = words("blockers.ask.which")
    elif asking.note:
        title = words("blockers.ask.note", note=blocks.escape(asking.note))
    parts = [part for each in asking.mine for part in mine(words, each, here=True)["blocks"]]
    parts.append(blocks.section(title))
    blocked = {each.stored.squad_id for each in asking.mine}
    for place in asking.places[:SQUADS_SHOWN]:
        if place.squad_id in blocked:
            continue
        if len(asking.places) > 1:
            name = blocks.escape(place.name)
            parts.append(blocks.section(words("blockers.ask.squad", squad=name)))
        parts.append(_kinds(words, place, asking))
    if parts[-1]["type"] != "actions":  # nothing is left to choose
        parts = parts[:-1]
    else:
        parts.append(blocks.context(words("blockers.ask.hint")))
    return blocks.message(title, parts)


def _kinds(words: Words, place: Place, asking: Asking) -> Block:
    """Return the buttons of the kinds, or of the one that was typed."""
    if asking.note:
        return blocks.actions(*(_typed(words, place, each, asking.note) for each in _open(asking)))
    buttons = {
        BlockerKind.NO_WORK: blocks.button(
            words("blockers.pick.no_work"), NO_WORK, _picked(place, BlockerKind.NO_WORK)
        ),
        BlockerKind.TOOL_DOWN: blocks.button(
            words("blockers.pick.tool_down"), TOOL_DOWN, _picked(place, BlockerKind.TOOL_DOWN)
        ),
        BlockerKind.NO_ACCESS: blocks.button(
            words("blockers.pick.no_access"), NO_ACCESS, _picked(place, BlockerKind.NO_ACCESS)
        ),
    }
    return blocks.actions(*(buttons[each] for each in _open(asking)))


def _open(asking: Asking) -> Sequence[BlockerKind]:
    return tuple(BlockerKind) if asking.kind is None else (asking.kind,)


def _picked(place: Place, which: BlockerKind) -> str:
    return Picked(squad_id=place.squad_id, kind=which).encode()


def _typed(words: Words, place: Place, which: BlockerKind, note: str) -> Block:
    """Return a button that types the command anew, so that the note goes along."""
    text = blocks.escape(f"blocked {which.value} {note} in {place.name}")
    again = commands.RunCommand(command="muster", text=text).encode()
    suffix = f".{which.value}"
    return blocks.button(words(f"blockers.pick.{which.value}"), f"{commands.RUN}{suffix}", again)


def opened(words: Words, done: Opened) -> Message:
    """Return the receipt: who is told, and when they read it."""
    told = done.mine
    which = kind(words, told.stored.kind)
    if told.stored.settled:
        return mine(words, told)
    if not done.already:
        return blocks.message(words("blockers.opened", kind=which, told=_told(words, told)))
    since = arrival.moment(words, told.stored.opened_at, told.zone)
    said = _told(words, told)
    return blocks.message(words("blockers.opened.already", kind=which, since=since, told=said))


def _told(words: Words, told: Blocked) -> str:
    """Say who has it, or who was or will be told and when, on the person's own clock."""
    if told.taken_by is not None:
        name = blocks.mention(told.taken_by.user_id, told.taken_by.name)
        return words("blockers.told.taken", name=name)
    if told.told is None:
        return words("blockers.told.nobody")
    name = blocks.mention(told.told.person.user_id, told.told.person.name)
    if told.told.at is not None:
        when = arrival.moment(words, told.told.at, told.zone)
        return words("blockers.told.was", name=name, when=when)
    if told.told.reach is Reach.LATER and told.told.when is not None:
        when = arrival.moment(words, told.told.when, told.zone)
        return words("blockers.told.later", name=name, when=when)
    return words(f"blockers.told.{told.told.reach.value}", name=name)


def mine(words: Words, found: Blocked, *, here: bool = True) -> Message:
    """Return one's own blocker as it stands, with the button that ends it."""
    text = _mine_text(words, found)
    if found.stored.settled:
        return blocks.message(text)
    return blocks.message(text, [blocks.section(text, _resume(words, found, here=here))])


def _resume(words: Words, found: Blocked, *, here: bool) -> Block:
    payload = AboutBlocker(blocker_id=found.stored.blocker_id, here=here)
    return blocks.button(words("blockers.resume"), RESUME, payload.encode())


def _mine_text(words: Words, found: Blocked) -> str:
    stored = found.stored
    which = kind(words, stored.kind)
    lost = time(words, stored.lost_s)
    if stored.settled:
        if stored.closed_by == stored.person_id or found.closed_by is None:
            return words("blockers.resumed", kind=which, time=lost)
        name = blocks.mention(found.closed_by.user_id, found.closed_by.name)
        return words("blockers.done_by", name=name, kind=which, time=lost)
    squad = blocks.escape(found.squad)
    since = arrival.moment(words, stored.opened_at, found.zone)
    until = arrival.moment(words, stored.closed_at, found.zone)
    lines = [
        words("blockers.mine.title", kind=which, since=since, squad=squad),
        _told(words, found),
        words("blockers.mine.until", when=until),
    ]
    return "\n".join(lines)


def fixed(words: Words, found: Blocked) -> Message:
    """Return to its person that a blocker is gone, with the button for when it is not."""
    which, squad = kind(words, found.stored.kind), blocks.escape(found.squad)
    text = words("blockers.fixed.nobody", kind=which, squad=squad)
    if found.closed_by is not None:
        name = blocks.mention(found.closed_by.user_id, found.closed_by.name)
        text = words("blockers.fixed", name=name, kind=which, squad=squad)
    payload = Picked(squad_id=found.stored.squad_id, kind=found.stored.kind)
    again = blocks.button(words("blockers.fixed.again"), AGAIN, payload.encode())
    return blocks.message(text, [blocks.section(text), blocks.actions(again)])


# The managers.


def case(words: Words, found: Case, now: datetime, *, here: bool = True) -> Message:
    """Return a blocker as it stands, with what can be done."""
    text = _case_text(words, found, now)
    parts = [blocks.section(text)]
    if found.stored.note:
        parts.append(blocks.section(blocks.quote(found.stored.note)))
    if not found.stored.settled:
        parts.append(_act(words, found, here=here))
    return blocks.message(text.replace("*", "").replace("\n", " "), parts)


def _act(words: Words, found: Case, *, here: bool) -> Block:
    payload = AboutBlocker(blocker_id=found.stored.blocker_id, here=here).encode()
    buttons = [blocks.button(words("blockers.done"), DONE, payload)]
    if found.stored.taken_by is None:
        take = blocks.button(words("blockers.take"), TAKE, payload, style="primary")
        buttons.insert(0, take)
    return blocks.actions(*buttons)


def _case_text(words: Words, found: Case, now: datetime) -> str:
    stored = found.stored
    name = blocks.mention(found.person.user_id, found.person.name)
    squad = blocks.escape(found.squad)
    title = words("blockers.case.title", name=name, kind=kind(words, stored.kind), squad=squad)
    if stored.settled:
        lost = time(words, stored.lost_s)
        if stored.closed_by == stored.person_id or found.closed_by is None:
            return f"{title}\n{words('blockers.case.resumed', name=name, time=lost)}"
        by = blocks.mention(found.closed_by.user_id, found.closed_by.name)
        return f"{title}\n{words('blockers.case.done', name=by, time=lost)}"
    return f"{title}\n{_facts(words, found, now, name)}"


def _facts(words: Words, found: Case, now: datetime, name: str) -> str:
    stored = found.stored
    since = arrival.moment(words, stored.opened_at, found.zone)
    facts = [words("blockers.case.since", since=since, zone=found.zone)]
    if stored.due_at is not None:
        when = arrival.moment(words, stored.due_at, found.zone)
        facts.append(words("blockers.case.due", when=when))
    if found.taken_by is not None:
        by = blocks.mention(found.taken_by.user_id, found.taken_by.name)
        facts.append(words("blockers.case.taken", name=by))
    if stored.closed_at <= now:
        facts.append(words("blockers.case.ran_out", name=name))
    return " · ".join(facts)


def reminder(words: Words, found: Case, now: datetime, key: str) -> Message:
    """Return a blocker as a message to another manager; `key` says why they read it too."""
    shown = case(words, found, now)
    if found.stored.settled:
        return shown
    why = words(f"blockers.case.{key}")
    return blocks.message(f"{shown['text']} {why}", [*shown["blocks"], blocks.context(why)])


def line(words: Words, found: Case, now: datetime) -> Line:
    """Return a blocker as a line of Today."""
    payload = AboutBlocker(blocker_id=found.stored.blocker_id).encode()
    text = " ".join(_case_text(words, found, now).replace("*", "").split())
    button = blocks.button(words("blockers.open"), SHOW, payload)
    return Line(text, button, done=found.stored.settled)


def shown(words: Words, found: Case, now: datetime) -> View:
    """Return a blocker as a window."""
    return blocks.modal(
        words("blockers.open.title"),
        "blockers.shown",
        case(words, found, now, here=False)["blocks"],
        submit=None,
        close=words("common.close"),
    )


def on_home(words: Words, found: Sequence[Case], now: datetime) -> list[Block]:
    """Return the blockers of a squad for its manager's Home tab, oldest first."""
    parts = [blocks.section(words.plural("blockers.home.title", len(found)))]
    for each in found[:SHOWN_ON_HOME]:
        text = f"• {_case_text(words, each, now)}"
        if each.stored.note:
            text += f"\n{blocks.quote(each.stored.note)}"
        parts += [blocks.section(text), _act(words, each, here=False)]
    if len(found) > SHOWN_ON_HOME:
        parts.append(blocks.context(words("common.and_more", n=len(found) - SHOWN_ON_HOME)))
    return parts


def lost(words: Words, found: Lost) -> str:
    """Return what a squad lost in one line: how long, and how often what; nobody is named."""
    counts = ", ".join(
        f"{kind(words, which)} {found.counts[which]}"
        for which in BlockerKind
        if which in found.counts
    )
    return words("digests.lost", time=time(words, found.seconds), counts=counts)
