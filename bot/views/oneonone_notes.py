"""The day's end of a manager's one-on-ones, and the form that takes their notes."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from bot import clock
from bot.rules import oneonone_notes as rules
from bot.rules.oneonone_notes import Category, Sheet
from bot.rules.oneonone_packs import DayEnd, Ended
from bot.rules.oneonones import MeetingState
from bot.rules.payloads import Payload
from bot.views import blocks, dates
from bot.views.blocks import Block, Message, View
from bot.views.oneonone_packs import NOTES, OfDay, OfMeeting, hour
from bot.views.outbox import Line
from bot.views.words import Words

DAY_END: Final = "oneonone_notes.day_end"
HAPPENED: Final = "oneonone_notes.happened"
MISSED: Final = "oneonone_notes.missed"
AGAIN: Final = "oneonone_notes.again"
FORM: Final = "oneonone_notes.save"

CLASH: Final = 2500


class Offer(Payload):
    """A missed meeting, as it stood, and the place that the two could meet at instead."""

    one_on_one_id: int
    revision: int
    start: datetime


class Noting(Payload):
    """The meeting whose notes a form has, and which of their saves it read."""

    one_on_one_id: int
    revision: int
    manages: bool


# The day's end.


def day_end(words: Words, found: DayEnd) -> Message:
    """Return every meeting of the day with what is known of it, and buttons to say the rest."""
    title = words.plural("day_end", len(found.meetings))
    parts = [blocks.header(title)]
    for each in found.meetings:
        parts += _meeting(words, each, found.zone)
    note = blocks.context(words("day_end.note"))
    return blocks.message(title, blocks.fit([*parts, note], words("day_end.more"), keep=1))


def day_end_line(words: Words, found: DayEnd) -> Line:
    """Return the day's end as a line of Today."""
    asked = sum(each.asks for each in found.meetings)
    payload = OfDay(day=found.day).encode()
    shown = blocks.button(words("day_end.show"), DAY_END, payload)
    return Line(words.plural("day_end.line", asked), shown, done=not asked)


def shown_day_end(words: Words, found: DayEnd) -> View:
    """Return the day's end as a window."""
    return blocks.modal(
        words("day_end.title"),
        "oneonone_notes.window",
        day_end(words, found)["blocks"],
        submit=None,
        close=words("common.close"),
        metadata=OfDay(day=found.day).encode(),
    )


def _meeting(words: Words, one: Ended, zone: str) -> Iterator[Block]:
    """Return a meeting: with buttons in a row while nobody said anything, else with one beside."""
    head = words(
        "packs.head",
        time=hour(one.meeting.starts_at, zone),
        name=blocks.mention(one.person.user_id, one.person.name),
        squad=blocks.escape(blocks.clip(one.squad, 60)),
    )
    payload = OfMeeting(one_on_one_id=one.meeting.one_on_one_id).encode()
    notes = blocks.button(words("day_end.notes"), NOTES, payload)
    state = one.meeting.state
    if state is MeetingState.HAPPENED:
        key = "day_end.happened.noted" if one.noted else "day_end.happened"
        yield blocks.section(words(key, head=head), notes)
    elif state is MeetingState.MISSED:
        yield _missed(words, one, head, zone)
    else:
        yield blocks.section(head)
        yield blocks.actions(
            blocks.button(words("day_end.yes"), HAPPENED, payload, style="primary"),
            blocks.button(words("day_end.no"), MISSED, payload),
        )


def _missed(words: Words, one: Ended, head: str, zone: str) -> Block:
    """Return a missed meeting: what comes instead, or one click that plans it."""
    if one.again is not None:
        when = _when(words, one.again, zone)
        return blocks.section(words("day_end.missed.again", head=head, when=when))
    if one.offered is None:
        return blocks.section(words("day_end.missed.nothing", head=head))
    when = _when(words, one.offered, zone)
    offer = Offer(
        one_on_one_id=one.meeting.one_on_one_id,
        revision=one.meeting.revision,
        start=one.offered,
    )
    return blocks.section(
        words("day_end.missed", head=head, when=when),
        blocks.button(words("day_end.again"), AGAIN, offer.encode()),
    )


def _when(words: Words, at: datetime, zone: str) -> str:
    return f"{dates.day(words, clock.local_day(at, zone))} {hour(at, zone)}"


# The form.


def form(words: Words, sheet: Sheet, typed: dict[str, str] | None = None) -> View:
    """Return the form; `typed` are the action items that were typed before it came back."""
    given = typed or {}
    name = blocks.mention(sheet.person.user_id, sheet.person.name)
    when = _when(words, sheet.meeting.starts_at, sheet.zone)
    parts = [blocks.section(words("notes.head", name=name, when=when))]
    if sheet.clash is not None:
        parts.append(blocks.section(words("notes.clash")))
        parts.append(blocks.section(blocks.quote(sheet.clash, CLASH)))
    parts.append(_text(words, rules.SHARED_FIELD, sheet.shared, rules.NOTES_LIMIT))
    if sheet.manages:
        parts.append(_text(words, rules.OWN_FIELD, sheet.own, rules.NOTES_LIMIT))
        parts += [
            _text(words, field, given.get(field, ""), rules.NOTES_LIMIT)
            for field in (rules.MINE_FIELD, rules.THEIRS_FIELD)
        ]
        parts.append(_due(words))
        if sheet.categories:
            parts.append(_coached(words, sheet))
    return blocks.modal(
        words("notes.title"),
        FORM,
        parts,
        submit=words("common.save"),
        close=words("common.cancel"),
        metadata=Noting(
            one_on_one_id=sheet.meeting.one_on_one_id,
            revision=sheet.revision,
            manages=sheet.manages,
        ).encode(),
    )


def _text(words: Words, field: str, initial: str, limit: int) -> Block:
    typed = blocks.text_input(field, initial=initial, multiline=True, max_length=limit)
    hint = words(f"notes.{field}.hint")
    return blocks.field(words(f"notes.{field}"), typed, block_id=field, optional=True, hint=hint)


def _due(words: Words) -> Block:
    picker = {"type": "datepicker", "action_id": rules.DUE_FIELD}
    return blocks.field(
        words("notes.due"),
        picker,
        block_id=rules.DUE_FIELD,
        optional=True,
        hint=words("notes.due.hint"),
    )


def _coached(words: Words, sheet: Sheet) -> Block:
    options = [_option(words, each) for each in sheet.categories[:100]]
    initial = next(
        (
            _option(words, each)
            for each in sheet.categories[:100]
            if (each.project_id, each.category_id) == sheet.coached
        ),
        None,
    )
    menu = blocks.menu(
        rules.COACHED_FIELD, options, placeholder=words("notes.coached.none"), initial=initial
    )
    return blocks.field(
        words("notes.coached"),
        menu,
        block_id=rules.COACHED_FIELD,
        optional=True,
        hint=words("notes.coached.hint"),
    )


def _option(words: Words, category: Category) -> Block:
    name = words("notes.category", category=category.name, project=category.project)
    if category.errors:
        name = words.plural("notes.category.errors", category.errors, category=name)
    return blocks.option(name, rules.choice(category))


def saved(words: Words, *, followed: bool) -> View:
    """Say that the notes are kept, and what follows from a coaching."""
    said = words("notes.saved.followed" if followed else "notes.saved")
    return blocks.modal(
        words("notes.title"),
        "oneonone_notes.window",
        [blocks.section(said)],
        submit=None,
        close=words("common.close"),
    )
