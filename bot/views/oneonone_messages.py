"""What is sent about one-on-ones: a line the day before, ten minutes before, and what changed."""

from datetime import datetime

from bot.rules.oneonones import MeetingState, Seat, Told, Why
from bot.views import arrival, blocks, oneonone_packs
from bot.views import oneonones as views
from bot.views.blocks import Message
from bot.views.outbox import Line
from bot.views.words import Words


def eve_line(words: Words, told: Told, topics: int, *, done: bool) -> Line:
    """Return the line of the day before; struck out once it is not as it was said."""
    text = words("oneonones.eve", **_named(told), when=_when(words, told))
    if topics:
        text += " · " + words.plural("oneonones.eve.topics", topics)
    return Line(text, views.open_button(words, told.meeting.pair_id), done=done)


def soon(words: Words, told: Told) -> Message:
    """Return the message ten minutes before, with the link and the page of the two."""
    text = words("oneonones.soon", **_named(told), when=_when(words, told))
    key = told.meeting.one_on_one_id
    buttons = [
        oneonone_packs.open_button(words, key, mine=not told.manages),
        views.open_button(words, told.meeting.pair_id),
    ]
    parts = [blocks.section(text)]
    if told.meeting.link:
        parts = [
            blocks.section(f"{text} {blocks.link(told.meeting.link, words('oneonones.soon.link'))}")
        ]
    return blocks.message(text, [*parts, blocks.actions(*buttons)])


def soon_line(words: Words, told: Told) -> Line:
    """Return it as a line of Today, for whom it cannot be a message of its own."""
    text = words("oneonones.eve", **_named(told), when=_when(words, told))
    return Line(text, views.open_button(words, told.meeting.pair_id))


def moved_line(words: Words, told: Told, was: datetime, *, done: bool = False) -> Line:
    """Return what became of a meeting that moved or is off, as one line."""
    return Line(_moved(words, told, was), views.open_button(words, told.meeting.pair_id), done=done)


def moved(words: Words, told: Told, was: datetime) -> Message:
    """Return what became of a meeting that moved or is off."""
    text = _moved(words, told, was)
    buttons = [views.open_button(words, told.meeting.pair_id)]
    if told.meeting.why is Why.NO_TIME:
        buttons.insert(0, views.move_button(words, told.meeting, again=True))
    return blocks.message(text, [blocks.section(text), blocks.actions(*buttons)])


def _moved(words: Words, told: Told, was: datetime) -> str:
    meeting = told.meeting
    before = arrival.moment(words, was, told.zone or "UTC")
    if meeting.state is MeetingState.CANCELLED:
        key = "oneonones.moved.no_time" if meeting.why is Why.NO_TIME else "oneonones.moved.undone"
        return words(key, **_named(told), was=before)
    when = _when(words, told)
    if meeting.instead_of is not None and meeting.revision == 0:
        return words("oneonones.moved.again", **_named(told), when=when)
    if meeting.starts_at == was:
        return words("oneonones.moved.back", **_named(told), when=when)
    return words("oneonones.moved", **_named(told), was=before, when=when)


def began(words: Words, seat: Seat, zone: str | None) -> Line:
    """Return with whom somebody meets from now on, and when first."""
    named = {
        "name": blocks.mention(seat.other.user_id, seat.other.name),
        "squad": blocks.escape(seat.squad),
    }
    button = views.open_button(words, seat.pair.pair_id)
    if not seat.upcoming:
        return Line(words("oneonones.planned.homeless", **named), button)
    when = arrival.moment(words, seat.upcoming[0].starts_at, zone or "UTC")
    text = words.plural(
        "oneonones.planned",
        seat.pair.every_weeks,
        **named,
        minutes=seat.pair.minutes,
        when=when,
    )
    return Line(text, button)


def left(words: Words, seat: Seat) -> Line:
    """Return that two people do not meet any more."""
    name = blocks.mention(seat.other.user_id, seat.other.name)
    return Line(words("oneonones.left", name=name, squad=blocks.escape(seat.squad)))


def _named(told: Told) -> dict[str, str]:
    return {
        "name": blocks.mention(told.other.user_id, told.other.name),
        "squad": blocks.escape(told.squad),
    }


def _when(words: Words, told: Told) -> str:
    return arrival.moment(words, told.meeting.starts_at, told.zone or "UTC")
