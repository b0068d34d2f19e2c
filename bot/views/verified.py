"""Verified answers as people read them, and the form in which their verifier looks again."""

from typing import Final

from bot import clock
from bot.rules.escalations import ANSWER_FIELD, ANSWER_LIMIT
from bot.rules.payloads import Payload
from bot.rules.verified import VerifiedNote, VerifiedState
from bot.views import blocks, dates
from bot.views.blocks import Block, Message, View
from bot.views.outbox import Line
from bot.views.words import Words

LOOK: Final = "verified.look"
FORM: Final = "verified.review"
WHAT_FIELD: Final = "verified_what"
KEEP: Final = "keep"
DROP: Final = "drop"

TEXT_SHOWN: Final = 2_500
LINE_SHOWN: Final = 160


class AboutVerified(Payload):
    """The kept answer that a button is about."""

    verified_id: int


def answer(words: Words, note: VerifiedNote) -> list[Block]:
    """Return a kept answer: its words, who verified it when, and whether it may be old."""
    found = note.verified
    parts = [blocks.section(blocks.quote(found.answer, TEXT_SHOWN))]
    small = [_by(words, note)]
    if found.section:
        small.append(words("verified.form.section", section=blocks.escape(found.section)))
    if found.state is VerifiedState.REVIEW:
        small.append(words("verified.review"))
    return [*parts, blocks.context(*small)]


def _by(words: Words, note: VerifiedNote) -> str:
    day = dates.day(words, clock.local_day(note.verified.verified_at, note.zone))
    version = ""
    if note.version is not None:
        version = words("verified.version", version=blocks.escape(note.version))
    if note.verifier is None:
        return words("verified.by.nobody", day=day, version=version)
    name = blocks.mention(note.verifier.user_id, note.verifier.name)
    return words("verified.by", name=name, day=day, version=version)


def line(words: Words, note: VerifiedNote) -> Line:
    """Return the line that asks a verifier to look again."""
    changed = note.verified.state is VerifiedState.REVIEW
    question = blocks.escape(blocks.clip(" ".join(note.verified.question.split()), LINE_SHOWN))
    text = words("verified.line.review" if changed else "verified.line.expiring", question=question)
    payload = AboutVerified(verified_id=note.verified.verified_id)
    button = blocks.button(words("verified.line.look"), LOOK, payload.encode())
    return Line(text, button, done=not note.waits)


def alone(words: Words, note: VerifiedNote) -> Message:
    """Return the line as a message of its own."""
    shown = line(words, note)
    return blocks.message(shown.text, [blocks.section(shown.text, shown.button)])


def form(words: Words, note: VerifiedNote) -> View:
    """Return the form of a kept answer: confirm or change its words, or drop it."""
    found = note.verified
    expires = dates.day(words, clock.local_day(found.expires_at, note.zone))
    options = [
        blocks.option(words("verified.form.what.keep"), KEEP),
        blocks.option(words("verified.form.what.drop"), DROP),
    ]
    what: Block = {
        "type": "radio_buttons",
        "action_id": WHAT_FIELD,
        "options": options,
        "initial_option": options[0],
    }
    small = [_by(words, note), words("verified.form.expires", day=expires)]
    if found.section:
        small.append(words("verified.form.section", section=blocks.escape(found.section)))
    return blocks.modal(
        words("verified.form.title"),
        FORM,
        [
            blocks.section(blocks.quote(found.question, 1_000)),
            blocks.context(*small),
            blocks.field(
                words("verified.form.text"),
                blocks.text_input(
                    ANSWER_FIELD, initial=found.answer, multiline=True, max_length=ANSWER_LIMIT
                ),
                block_id=ANSWER_FIELD,
            ),
            blocks.field(words("verified.form.what"), what, block_id=WHAT_FIELD),
        ],
        submit=words("verified.form.send"),
        close=words("common.cancel"),
        metadata=AboutVerified(verified_id=found.verified_id).encode(),
    )


def saved(words: Words, note: VerifiedNote) -> View:
    """Return what was decided, in place of the form."""
    sentence = words("verified.saved.drop")
    if note.verified.state is not VerifiedState.DROPPED:
        expires = clock.local_day(note.verified.expires_at, note.zone)
        sentence = words("verified.saved.keep", day=dates.day(words, expires))
    return blocks.modal(
        words("verified.form.title"),
        "verified.saved",
        [blocks.section(sentence)],
        submit=None,
        close=words("common.close"),
    )
