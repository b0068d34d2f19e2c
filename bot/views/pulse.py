"""A poll as it is asked: its message, a comment's form, the reminder, and how it ends.

The message is the same for everybody but for the tokens in its buttons, and never changes because
somebody answered.
"""

from typing import Final

from bot.rules.payloads import Payload
from bot.rules.pulse import (
    COMMENT_FIELD,
    COMMENT_LIMIT,
    RANGES,
    Poll,
    Question,
    QuestionKind,
    Sheet,
)
from bot.views import arrival, blocks
from bot.views.blocks import Block, Message, View
from bot.views.outbox import Line
from bot.views.words import Words

VOTE: Final = "pulse.vote"
WRITE: Final = "pulse.write"
COMMENT: Final = "pulse.comment"
ANSWER: Final = "pulse.answer"


class Vote(Payload):
    """One answer to one question; the token is what keeps two answers of a person apart."""

    poll_id: int
    question_id: int
    value: int
    token: str


class Written(Payload):
    """A question that is answered in words, and whether they go to a language model."""

    poll_id: int
    question_id: int
    token: str
    to_model: bool = False


class AboutPoll(Payload):
    """A poll."""

    poll_id: int


def question_text(words: Words, question: Question) -> str:
    """Return a question's words, escaped."""
    return blocks.escape(question.text) or words(f"pulse.question.{question.key}")


def sheet(words: Words, asked: Sheet) -> Message:
    """Return the message that asks."""
    closes = arrival.moment(words, asked.poll.closes_at, asked.zone)
    title = words("pulse.poll.title", squads=blocks.escape(", ".join(asked.squads)))
    parts = [blocks.section(f"*{title}*\n{words('pulse.poll.until', closes=closes)}")]
    for question, token in asked.questions:
        parts += _question(words, asked.poll, question, token)
    parts.append(blocks.context(promise(words, asked.poll)))
    parts.append(
        blocks.context(f"{words('pulse.poll.wording')} {_model(words, asked.poll.to_model)}")
    )
    return blocks.message(title, parts)


def _model(words: Words, to_model: bool) -> str:  # noqa: FBT001 - a poll's own field
    return words("pulse.poll.model" if to_model else "pulse.poll.no_model")


def _question(words: Words, poll: Poll, question: Question, token: str) -> list[Block]:
    text = blocks.section(question_text(words, question))
    if question.kind is QuestionKind.TEXT:
        about = Written(
            poll_id=poll.id, question_id=question.id, token=token, to_model=poll.to_model
        ).encode()
        return [text, blocks.actions(blocks.button(words("pulse.write"), WRITE, about))]
    buttons = [
        blocks.button(
            _label(words, question, value),
            f"{VOTE}:{value}",
            Vote(poll_id=poll.id, question_id=question.id, value=value, token=token).encode(),
        )
        for value in RANGES[question.kind]
    ]
    return [text, blocks.actions(*buttons), blocks.context(_ends(words, question))]


def _label(words: Words, question: Question, value: int) -> str:
    key = f"pulse.answer.{question.key}.{value}"
    return words(key) if words.has(key) else str(value)


def _ends(words: Words, question: Question) -> str:
    return words("pulse.ends.enps" if question.kind is QuestionKind.ENPS else "pulse.ends.scale")


def promise(words: Words, poll: Poll) -> str:
    """Return the small print of a poll: what is shown, from how many replies on, and to whom."""
    readers = ", ".join(words(f"pulse.viewer.{each.value}") for each in sorted(poll.viewers))
    return words("pulse.poll.promise", k=poll.k, readers=readers)


def poll_line(words: Words, asked: Sheet) -> Line:
    """Return the poll as a line of Today, for whom the day's messages are used up."""
    title = words("pulse.poll.title", squads=blocks.escape(", ".join(asked.squads)))
    about = AboutPoll(poll_id=asked.poll.id).encode()
    return Line(title, blocks.button(words("pulse.answer"), ANSWER, about))


def kept(words: Words) -> Message:
    """Confirm an answer, to whoever clicked and nobody else."""
    return blocks.message(words("pulse.kept"))


def comment_form(words: Words, about: Written) -> View:
    """Return the form for words of one's own."""
    text = blocks.text_input(COMMENT_FIELD, multiline=True, max_length=COMMENT_LIMIT)
    return blocks.modal(
        words("pulse.comment.title"),
        COMMENT,
        [
            blocks.field(words("pulse.comment.label"), text, block_id=COMMENT_FIELD),
            blocks.context(f"{words('pulse.comment.wording')} {_model(words, about.to_model)}"),
        ],
        submit=words("pulse.comment.send"),
        close=words("common.cancel"),
        metadata=about.encode(),
    )


def comment_kept(words: Words) -> View:
    """Return what stands in place of the form."""
    return blocks.modal(
        words("pulse.comment.title"),
        "pulse.comment_kept",
        [blocks.section(words("pulse.kept"))],
        submit=None,
        close=words("common.close"),
    )


def reminder(words: Words, poll: Poll, zone: str, link: str | None) -> Message:
    """Return the one reminder, which goes to everybody and has no buttons."""
    closes = arrival.moment(words, poll.closes_at, zone)
    text = words("pulse.reminder", closes=closes)
    if link is not None:
        text = f"{text} {blocks.link(link, words('pulse.reminder.link'))}"
    return blocks.message(text)


def closed(words: Words) -> Message:
    """Return what every message of a poll becomes when it is closed."""
    return blocks.message(words("pulse.closed"))


def privacy(words: Words) -> Message:
    """Say what the promise is and how far it goes."""
    title = words("pulse.privacy.title")
    points = [
        words("pulse.privacy.shown"),
        words("pulse.privacy.open"),
        words("pulse.privacy.closed"),
        words("pulse.privacy.not_promised"),
        words("pulse.privacy.wording"),
        words("pulse.privacy.model"),
    ]
    return blocks.message(
        title, [blocks.section(f"*{title}*"), *(blocks.section(f"• {each}") for each in points)]
    )
