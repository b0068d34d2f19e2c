"""A note without an author: its form, the author's confirmation, and what its readers see."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.rules.payloads import Payload
from bot.rules.pulse_notes import (
    NOTE_LIMIT,
    REPLY_FIELD,
    REPLY_LIMIT,
    TEXT_FIELD,
    TO_FIELD,
    Note,
    NoteTo,
)
from bot.views import blocks, dates
from bot.views.blocks import Message, View
from bot.views.outbox import Line
from bot.views.words import Words

NOTE: Final = "pulse.note"
FETCH: Final = "pulse.fetch"
READ: Final = "pulse.read"
REPLY: Final = "pulse.reply"
REPLY_FORM: Final = "pulse.reply_form"

_SHOWN: Final = 20


class Addressed(Payload):
    """A note that is being written: for which squad, and what will fetch its reply."""

    squad_id: int
    token: str


class Token(Payload):
    """What fetches the reply to a note."""

    token: str


class AboutNote(Payload):
    """A note, by the hash of its token."""

    mark: str


def form(words: Words, squad: str, about: Addressed, *, contact: bool) -> View:
    """Return the form; typed text of a command never becomes a note."""
    known = [each for each in NoteTo if contact or each is NoteTo.MANAGERS]
    options = [blocks.option(words(f"pulse.note.to.{each.value}"), each.value) for each in known]
    to = blocks.menu(TO_FIELD, options, placeholder=words("pulse.note.to"), initial=options[0])
    text = blocks.text_input(TEXT_FIELD, multiline=True, max_length=NOTE_LIMIT)
    return blocks.modal(
        words("pulse.note.title"),
        NOTE,
        [
            blocks.section(words("pulse.note.about", squad=blocks.escape(squad))),
            blocks.field(words("pulse.note.to"), to, block_id=TO_FIELD),
            blocks.field(words("pulse.note.text"), text, block_id=TEXT_FIELD),
            blocks.context(words("pulse.note.promise")),
        ],
        submit=words("pulse.comment.send"),
        close=words("common.cancel"),
        metadata=about.encode(),
    )


def kept(words: Words, token: str, arrives: datetime) -> Message:
    """Return the author's confirmation, with the one way to the reply."""
    text = words("pulse.note.kept", day=dates.day(words, arrives.date()))
    button = blocks.button(words("pulse.note.fetch"), FETCH, Token(token=token).encode())
    return blocks.message(text, [blocks.section(text), blocks.actions(button)])


def done(words: Words) -> View:
    """Return what stands in place of the form."""
    return blocks.modal(
        words("pulse.note.title"),
        "pulse.note_kept",
        [blocks.section(words("pulse.note.done"))],
        submit=None,
        close=words("common.close"),
    )


def fetched(words: Words, note: Note) -> Message:
    """Return a note with its reply, to whoever has its token."""
    head = words("pulse.note.replied" if note.reply else "pulse.note.no_reply")
    parts = [blocks.section(blocks.quote(note.text)), blocks.section(f"*{head}*")]
    if note.reply:
        parts.append(blocks.section(blocks.quote(note.reply)))
    return blocks.message(head, parts)


def line(words: Words) -> Line:
    """Return that notes arrived, however many."""
    return Line(
        words("pulse.note.arrived"),
        blocks.button(words("pulse.note.read"), READ, Inbox().encode()),
    )


class Inbox(Payload):
    """The notes that somebody may read."""


def inbox(words: Words, notes: Sequence[Note]) -> Message:
    """Return the notes in the order of their marks, which is chance."""
    title = words("pulse.note.inbox")
    parts = [blocks.section(f"*{title}*")]
    for note in notes[:_SHOWN]:
        about = AboutNote(mark=note.mark.hex()).encode()
        key = "pulse.note.again" if note.reply else "pulse.note.reply"
        parts.append(
            blocks.section(blocks.quote(note.text), blocks.button(words(key), REPLY, about))
        )
    return blocks.message(title, blocks.fit(parts, words("pulse.more")))


def contact_named(words: Words, *, named: bool) -> Message:
    """Confirm who reads the notes that managers never see."""
    return blocks.message(words("pulse.note.contact" if named else "pulse.note.no_contact"))


def reply_form(words: Words, about: AboutNote) -> View:
    """Return the form of a reply."""
    text = blocks.text_input(REPLY_FIELD, multiline=True, max_length=REPLY_LIMIT)
    return blocks.modal(
        words("pulse.note.reply"),
        REPLY_FORM,
        [
            blocks.field(words("pulse.note.text"), text, block_id=REPLY_FIELD),
            blocks.context(words("pulse.note.fetched")),
        ],
        submit=words("pulse.comment.send"),
        close=words("common.cancel"),
        metadata=about.encode(),
    )
