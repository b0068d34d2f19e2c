"""Announcements as people read them: the post, the line in Today, the list, and the forms."""

from collections.abc import Sequence
from typing import Final

from bot.rules.announcements import (
    REPLY_FIELD,
    REPLY_LIMIT,
    Details,
    Own,
    Reader,
    Receipt,
    Sheet,
)
from bot.rules.payloads import Payload
from bot.views import arrival, blocks
from bot.views.blocks import Block, Message, View
from bot.views.outbox import Line
from bot.views.words import Words

REPLIED: Final = "announcements.replied"
GOT: Final = "announcements.got"
READ: Final = "announcements.read"
DETAILS: Final = "announcements.details"
EDIT: Final = "announcements.edit"
ASK: Final = "announcements.ask"
WITHDRAW: Final = "announcements.withdraw"

ENTITY: Final = len("&amp;")
"""No cut inside of what stands for one character."""

SHORT: Final = 200
"""What fits into a line of Today whole is confirmed there; longer ones are opened first."""

READERS_SHOWN: Final = 60


class AboutAnnouncement(Payload):
    """The announcement that a button or form is about."""

    announcement_id: int


def about(sheet: Sheet) -> str:
    """Return the payload that names an announcement."""
    return AboutAnnouncement(announcement_id=sheet.announcement.id).encode()


def body(text: str) -> list[Block]:
    """Return people's words, inert, in as many blocks as they need; cut where a word ends."""
    rest = blocks.escape(text)
    parts = []
    while len(rest) > blocks.SECTION_TEXT:
        cut = max(rest.rfind(end, 1, blocks.SECTION_TEXT) for end in "\n ")
        if cut < 0:
            cut = blocks.SECTION_TEXT
            begun = rest.rfind("&", cut - ENTITY, cut)
            cut = begun if begun > 0 else cut
        parts.append(blocks.section(rest[:cut]))
        rest = rest[cut:].lstrip()
    return [*parts, blocks.section(rest)]


def _title(words: Words, sheet: Sheet) -> str:
    return words("announcements.title", name=blocks.escape(sheet.author.name))


def count(words: Words, sheet: Sheet) -> str:
    """Say how many have got it."""
    return words.plural("announcements.count", sheet.got, asked=sheet.asked)


def _small(words: Words, sheet: Sheet) -> str:
    announcement = sheet.announcement
    parts = [words("announcements.for", squads=blocks.escape(", ".join(sheet.squads)))]
    if announcement.edited_at is not None:
        parts.append(words("announcements.was_edited"))
    return " · ".join([*parts, count(words, sheet)])


def _due(words: Words, sheet: Sheet) -> list[Block]:
    if sheet.announcement.reply_by is None:
        return []
    due = arrival.token(words, sheet.announcement.reply_by, sheet.zone)
    return [blocks.section(words("announcements.reply_by", due=due))]


def _act(words: Words, sheet: Sheet) -> Block:
    """Return the button by which one says that one has got it, or replies."""
    if sheet.announcement.reply_by is None:
        return blocks.button(words("announcements.got"), GOT, about(sheet), style="primary")
    return blocks.button(words("announcements.reply"), READ, about(sheet), style="primary")


def post(words: Words, sheet: Sheet) -> Message:
    """Return the message in a channel; withdrawn, only that it was."""
    title = _title(words, sheet)
    if sheet.announcement.withdrawn_at is not None:
        return blocks.message(words("announcements.withdrawn.post", title=title))
    buttons = [
        _act(words, sheet),
        blocks.button(words("announcements.details"), DETAILS, about(sheet)),
    ]
    shown = [
        blocks.section(f"*{title}*"),
        *body(sheet.announcement.text),
        *_due(words, sheet),
        blocks.actions(*buttons),
        blocks.context(_small(words, sheet)),
    ]
    return blocks.message(title, shown)


def _is_short(sheet: Sheet) -> bool:
    return len(sheet.announcement.text) <= SHORT and sheet.announcement.reply_by is None


def line(words: Words, own: Own) -> Line:
    """Return an announcement as a line of Today; done once they have got it, or it is gone."""
    sheet = own.sheet
    text = blocks.escape(blocks.clip(" ".join(sheet.announcement.text.split()), SHORT))
    # The words come last: a long line is cut, and a date cut in two would be none.
    said = words("announcements.line", title=_title(words, sheet), text=text)
    if sheet.announcement.reply_by is not None:
        due = arrival.token(words, sheet.announcement.reply_by, sheet.zone)
        said = words("announcements.line.reply", title=_title(words, sheet), due=due, text=text)
    button = _act(words, sheet)
    if not _is_short(sheet):
        button = blocks.button(words("announcements.read"), READ, about(sheet))
    done = own.receipt is not None or sheet.announcement.withdrawn_at is not None
    return Line(said, button, done=done)


def on_home(words: Words, waiting: Sequence[Own]) -> list[Block]:
    """Return what waits to be confirmed, on Home."""
    lines = [line(words, each) for each in waiting]
    return [blocks.section(f"• {each.text}", each.button) for each in lines]


def thanks(words: Words, own: Own) -> Message:
    """Say that it was kept."""
    key = (
        "announcements.kept" if own.receipt and own.receipt.reply is None else "announcements.sent"
    )
    return blocks.message(words(key))


def count_line(words: Words, sheet: Sheet) -> Line:
    """Tell its author how many have got it."""
    button = blocks.button(words("announcements.details"), DETAILS, about(sheet))
    text = blocks.escape(blocks.clip(" ".join(sheet.announcement.text.split()), 80))
    return Line(words("announcements.count_line", text=text, count=count(words, sheet)), button)


# To read and reply.


def reading(words: Words, own: Own) -> View:
    """Return the whole text with the way to confirm it, or to reply."""
    sheet = own.sheet
    shown = [blocks.section(f"*{_title(words, sheet)}*"), *body(sheet.announcement.text)]
    shown += _due(words, sheet)
    submit = None
    if own.asked and sheet.announcement.withdrawn_at is None:
        submit = words("announcements.got")
        if sheet.announcement.reply_by is not None:
            submit = words("announcements.send")
            shown.append(_reply_field(words, own.receipt))
    return blocks.modal(
        words("announcements.modal"),
        REPLIED,
        shown,
        submit=submit,
        close=words("common.close"),
        metadata=about(sheet),
    )


def _reply_field(words: Words, receipt: Receipt | None) -> Block:
    element = blocks.text_input(
        REPLY_FIELD,
        initial=receipt.reply if receipt else None,
        multiline=True,
        max_length=REPLY_LIMIT,
    )
    return blocks.field(
        words("announcements.reply.label"),
        element,
        block_id=REPLY_FIELD,
        hint=words("announcements.reply.hint"),
    )


def closed(words: Words, text: str) -> View:
    """Return what stands in place of a form that was sent; `text` is mrkdwn."""
    return blocks.modal(
        words("announcements.modal"),
        "announcements.closed",
        [blocks.section(text)],
        submit=None,
        close=words("common.close"),
    )


def saved(words: Words) -> View:
    """Say that an edited announcement was kept."""
    return closed(words, words("announcements.edit.saved"))


def taken_back(words: Words) -> View:
    """Say that an announcement was withdrawn."""
    return closed(words, words("announcements.withdrawn"))


# For managers.


def details(words: Words, found: Details) -> View:
    """Return how many have got it; to managers who, what they replied, and for whom it waits."""
    sheet = found.own.sheet
    shown = [blocks.section(f"*{_title(words, sheet)}*"), *body(sheet.announcement.text)]
    shown += [*_due(words, sheet), blocks.section(f"*{count(words, sheet)}*")]
    if sheet.announcement.withdrawn_at is not None:
        shown.append(blocks.section(words("announcements.withdrawn")))
    if found.readers is None:
        shown.append(blocks.context(words("announcements.details.count_only")))
    else:
        shown += _readers(words, found.readers)
    if found.own.may_change and sheet.announcement.withdrawn_at is None:
        shown.append(changing(words, sheet))
    return blocks.modal(
        words("announcements.modal"),
        "announcements.shown",
        shown,
        submit=None,
        close=words("common.close"),
    )


def changing(words: Words, sheet: Sheet) -> Block:
    """Return the buttons by which it is changed and withdrawn, and by which replies are asked."""
    sure = blocks.sure(
        words("announcements.withdraw.title"),
        words("announcements.withdraw.text"),
        words("announcements.withdraw"),
        words("common.cancel"),
    )
    buttons = [blocks.button(words("announcements.edit"), EDIT, about(sheet))]
    if sheet.announcement.reply_by is None:
        buttons.append(blocks.button(words("announcements.ask"), ASK, about(sheet)))
    label = words("announcements.withdraw")
    withdraw = blocks.button(label, WITHDRAW, about(sheet), style="danger", confirm=sure)
    return blocks.actions(*buttons, withdraw)


def _readers(words: Words, readers: Sequence[Reader]) -> list[Block]:
    waiting = [each for each in readers if each.receipt is None]
    replied = [each for each in readers if each.receipt is not None and each.receipt.reply]
    got = [each for each in readers if each.receipt is not None and not each.receipt.reply]
    shown: list[Block] = []
    for key, listed in (("announcements.waits", waiting), ("announcements.have_got", got)):
        if listed:
            names = ", ".join(_name(each) for each in listed[:READERS_SHOWN])
            more = len(listed) - READERS_SHOWN
            if more > 0:
                names = f"{names} {words('common.and_more', n=more)}"
            shown.append(blocks.section(f"*{words.plural(key, len(listed))}*\n{names}"))
    for each in replied[:READERS_SHOWN]:
        reply = each.receipt.reply if each.receipt else ""
        shown.append(blocks.section(f"*{_name(each)}*\n{blocks.quote(reply or '')}"))
    if len(replied) > READERS_SHOWN:
        shown.append(blocks.context(words("common.and_more", n=len(replied) - READERS_SHOWN)))
    return shown


def _name(reader: Reader) -> str:
    return blocks.escape(reader.person.name)
