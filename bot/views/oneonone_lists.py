"""All topics and open actions of two people, page by page: what their page and packs cut short."""

from collections.abc import Sequence
from typing import Final

from bot.rules.oneonones import Action, Seat, Topic
from bot.rules.payloads import Payload
from bot.views import blocks, dates
from bot.views.blocks import Block, View
from bot.views.words import Words

LIST: Final = "oneonone.list"
EARLIER: Final = "oneonone.list_earlier"
LATER: Final = "oneonone.list_later"

PAGE: Final = 10
"""Each in full, in a piece of its own."""


class Listed(Payload):
    """A page of what two people have, from `offset`; opened from a pack if it names a meeting."""

    pair_id: int
    offset: int = 0
    one_on_one_id: int | None = None


def show_all(words: Words, about: Listed) -> Block:
    """Return the button that opens the list."""
    return blocks.button(words("oneonones.lists.all"), LIST, about.encode())


def window(words: Words, seat: Seat, about: Listed, back: Block) -> View:
    """Return a page of the topics that the reader may read and of the actions after them.

    `back` leads to where the list was opened.
    """
    topics = [topic(words, each, seat) for each in seat.topics]
    actions = [action(words, each) for each in seat.actions]
    total = len(topics) + len(actions)
    offset = about.offset if about.offset < total else 0  # they were closed meanwhile
    last = min(offset + PAGE, total)
    name = blocks.mention(seat.other.user_id, seat.other.name)
    squad = blocks.escape(seat.squad)
    parts = [blocks.section(words("oneonones.page.head", name=name, squad=squad))]
    parts += _titled(words("oneonones.page.topics"), topics[offset:last])
    begin = max(offset - len(topics), 0)
    parts += _titled(words("oneonones.page.actions"), actions[begin : max(last - len(topics), 0)])
    if total:
        shown = words("oneonones.lists.page", first=offset + 1, last=last, total=total)
        parts.append(blocks.context(shown))
    else:
        parts.append(blocks.section(words("oneonones.lists.nothing")))
    parts.append(blocks.actions(*_leaves(words, about, offset, total), back))
    return blocks.modal(
        words("oneonones.lists.title"),
        "oneonone.list",
        parts,
        submit=None,
        close=words("common.close"),
        metadata=about.encode(),
    )


def _titled(title: str, texts: Sequence[str]) -> list[Block]:
    return [blocks.section(text) for text in (title, *texts)] if texts else []


def _leaves(words: Words, about: Listed, offset: int, total: int) -> list[Block]:
    """Return the buttons to the pages before and after one."""
    found = []
    if offset:
        before = about.model_copy(update={"offset": max(offset - PAGE, 0)}).encode()
        found.append(blocks.button(words("oneonones.lists.earlier"), EARLIER, before))
    if offset + PAGE < total:
        after = about.model_copy(update={"offset": offset + PAGE}).encode()
        found.append(blocks.button(words("oneonones.lists.later"), LATER, after))
    return found


def topic(words: Words, found: Topic, seat: Seat) -> str:
    """Return a topic in full: whose it is, and whether the other one reads it."""
    text = blocks.escape(found.text)
    if not found.shared:
        return words("oneonones.page.topic.private", text=text)
    if found.author_id != seat.other.person_id:
        return words("oneonones.page.topic.mine", text=text)
    return words("oneonones.page.topic.theirs", text=text, name=blocks.escape(seat.other.name))


def action(words: Words, found: Action) -> str:
    """Return in full what one of the two said they would do."""
    said = {"text": blocks.escape(found.text), "name": blocks.escape(found.owner.name)}
    if found.due is None:
        return words("oneonones.page.action", **said)
    return words("oneonones.page.action.due", **said, due=dates.day(words, found.due))
