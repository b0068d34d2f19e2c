"""The quiz of a session: its form, and one's own results with the section for each wrong answer."""

from collections.abc import Sequence
from typing import Final

from bot.rules.payloads import Payload
from bot.rules.sessions import Asked, Marked, Results, Session, quiz_edition
from bot.views import blocks, sessions
from bot.views.blocks import Block, View
from bot.views.words import Words

FORM: Final = "sessions.quiz_form"


class OpenQuiz(Payload):
    """The session whose quiz a form shows, and which quiz that was."""

    session_id: int
    edition: str


def field_of(question_id: int) -> str:
    """Return the name of a question's field."""
    return f"quiz_{question_id}"


def form(words: Words, session: Session, questions: Sequence[Asked]) -> View:
    """Return the quiz."""
    parts = [blocks.context(words("sessions.quiz.intro"))]
    for asked in questions:
        options = [blocks.option(choice, str(place)) for place, choice in enumerate(asked.choices)]
        name = field_of(asked.id)
        element: Block = {"type": "radio_buttons", "action_id": name, "options": options}
        parts.append(blocks.field(asked.text, element, block_id=name))
    return blocks.modal(
        words("sessions.quiz.title"),
        FORM,
        parts,
        submit=words("sessions.quiz.submit"),
        close=words("common.cancel"),
        metadata=OpenQuiz(session_id=session.id, edition=quiz_edition(questions)).encode(),
    )


def results(words: Words, found: Results) -> View:
    """Return somebody's own results; for wrong answers what the guidelines say."""
    total = words("sessions.quiz.total", right=found.right, of=len(found.marked))
    parts = [blocks.section(f"*{total}*")]
    for each in found.marked:
        parts += _marked(words, each)
    parts.append(blocks.context(words("sessions.quiz.who")))
    return sessions.closed_with(words, parts)


def _marked(words: Words, each: Marked) -> list[Block]:
    question = each.question
    key = "sessions.quiz.right" if each.right else "sessions.quiz.wrong"
    said = words(
        key,
        question=blocks.escape(question.text),
        choice=blocks.escape(question.choices[each.choice]),
        correct=blocks.escape(question.choices[question.correct]),
    )
    parts = [blocks.section(said)]
    if not each.right:
        parts.append(blocks.section(_section(words, each)))
    return parts


def _section(words: Words, each: Marked) -> str:
    if each.cited is None:
        section = blocks.escape(each.question.section)
        return words("sessions.quiz.section", section=section)
    name = blocks.escape(each.cited.section)
    if each.cited.url:
        name = blocks.link(each.cited.url, each.cited.section)
    return f"{words('sessions.quiz.section', section=name)}\n{blocks.quote(each.cited.excerpt)}"
