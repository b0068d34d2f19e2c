"""The Today message: lines under short headings, what each can be done with, and the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.rules.outbox import Delivery
from bot.rules.payloads import Payload
from bot.rules.snoozing import HeldBack, PutOff, Snooze, Topic
from bot.views import arrival, blocks
from bot.views.blocks import Block, Message, clip
from bot.views.outbox import LINE_CHARACTERS, Line
from bot.views.outbox import kind as kind_name
from bot.views.words import Words

LINE: Final = "today.line"
REST: Final = "today.rest"

SNOOZES: Final = (Snooze.HOUR, Snooze.TOMORROW, Snooze.BACK)

SHOWN: Final = 12
"""Two blocks a line, five headings and the title: what one message holds and a person reads."""


class OfLine(Payload):
    """What is to become of a line of Today, or of a reminder."""

    delivery_id: int
    choice: Snooze


class OfToday(Payload):
    """The Today message of which the rest is to be shown."""

    carrier_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of a Today message; `until` is when it comes back, if it was put off.

    `choices` are what its menu offers.
    """

    delivery_id: int
    line: Line
    topic: Topic
    choices: tuple[Snooze, ...] = ()
    until: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether there is still something to do about it."""
        return not self.line.done and self.until is None


def message(
    words: Words, entries: Sequence[Entry], *, zone: str, carrier_id: int | None = None
) -> Message:
    """Return the Today message: the first lines in the order of their groups, a button for more.

    What is done is struck out, what was put off says until when. `carrier_id` is None where the
    others cannot be asked for.
    """
    ordered = in_order(entries)
    count = sum(entry.is_open for entry in ordered)
    title = words.plural("today.title", count) if count else words("today.all_done")
    parts = [blocks.section(f"*{title}*"), *_groups(words, ordered[:SHOWN], zone)]
    if len(ordered) > SHOWN and carrier_id is not None:
        more = words.plural("today.show_rest", len(ordered) - SHOWN)
        payload = OfToday(carrier_id=carrier_id).encode()
        parts.append(blocks.actions(blocks.button(more, REST, payload)))
    return blocks.message(title, blocks.fit(parts, words("today.more")))


def rest(words: Words, entries: Sequence[Entry], *, zone: str) -> Message:
    """Return the lines that the Today message did not show."""
    left = in_order(entries)[SHOWN:]
    title = words.plural("today.left", len(left))
    parts = [blocks.section(f"*{title}*"), *_groups(words, left, zone)]
    return blocks.message(title, blocks.fit(parts, words("today.more")))


def in_order(entries: Sequence[Entry]) -> list[Entry]:
    """Return lines by their groups, the most pressing first; within a group as they came."""
    order = list(Topic)
    return sorted(entries, key=lambda entry: order.index(entry.topic))


def _groups(words: Words, entries: Sequence[Entry], zone: str) -> list[Block]:
    several = len({entry.topic for entry in entries}) > 1
    found: list[Block] = []
    before: Topic | None = None
    for entry in entries:
        if several and entry.topic is not before:
            found.append(blocks.context(f"*{words(f'today.topic.{entry.topic.value}')}*"))
        before = entry.topic
        found += _entry(words, entry, zone)
    return found


def _entry(words: Words, entry: Entry, zone: str) -> list[Block]:
    text = " ".join(clip(entry.line.text, LINE_CHARACTERS).split())
    if entry.line.done:
        return [blocks.section(f":white_check_mark: ~{text}~")]
    if entry.until is not None:
        back = words("today.put_off", moment=arrival.moment(words, entry.until, zone))
        return [blocks.section(f":zzz: {text}\n_{back}_")]
    menu = _menu(words, entry.delivery_id, entry.choices)
    if entry.line.button is None or menu is None:
        return [blocks.section(f"• {text}", entry.line.button or menu)]
    return [blocks.section(f"• {text}"), blocks.actions(entry.line.button, menu)]


def _menu(words: Words, delivery_id: int, choices: Sequence[Snooze]) -> Block | None:
    if not choices:
        return None
    options = [
        blocks.option(
            words(f"today.choice.{choice.value}"),
            OfLine(delivery_id=delivery_id, choice=choice).encode(),
        )
        for choice in choices
    ]
    return blocks.overflow(LINE, options)


def with_snooze(words: Words, said: Message, delivery: Delivery) -> Message:
    """Return a reminder with the menu that puts it off; one without room stays as it is."""
    menu = _menu(words, delivery.id, SNOOZES)
    if menu is None or len(said["blocks"]) >= blocks.MESSAGE_BLOCKS:
        return said
    *before, last = said["blocks"]
    if sum(block["type"] == "actions" or "accessory" in block for block in said["blocks"]) > 1:
        # Beside the last of several things it would seem to be about that one.
        return blocks.message(said["text"], [*said["blocks"], blocks.actions(menu)])
    if last["type"] == "actions" and len(last["elements"]) < blocks.ACTIONS:
        last = last | {"elements": [*last["elements"], menu]}
        return blocks.message(said["text"], [*before, last])
    if last["type"] == "section" and "accessory" not in last:
        return blocks.message(said["text"], [*before, last | {"accessory": menu}])
    return blocks.message(said["text"], [*before, last, blocks.actions(menu)])


def held(words: Words, found: Sequence[HeldBack], zone: str) -> str:
    """Return what is held back from a person, why, and when it comes; in mrkdwn."""
    if not found:
        return words("today.held.nothing")
    lines = [words("today.held.title")]
    for group in found:
        key = "today.held.line" if group.when is not None else "today.held.line.unknown"
        listed = ", ".join(
            words("today.held.kind", n=n, kind=kind_name(words, name))
            for name, n in group.kinds.items()
        )
        moment = "" if group.when is None else arrival.moment(words, group.when, zone)
        why = words(f"today.held.why.{group.why.value}")
        lines.append(words(key, what=listed, moment=moment, why=why))
    return "\n".join(lines)


def put_off(words: Words, found: PutOff) -> Message:
    """Confirm privately until when a reminder is put off."""
    moment = arrival.moment(words, found.until, found.zone)
    return blocks.message(words("today.put_off.receipt", moment=moment))
