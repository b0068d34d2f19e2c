"""Questions that a person answers, as their askers read them; `bot.views.duty` is the others'."""

from datetime import datetime
from typing import Final

from bot.rules.escalations import (
    NAMED_FIELD,
    TASK_FIELD,
    TASK_LIMIT,
    AskingSheet,
    Escalated,
    EscalationState,
    Human,
)
from bot.rules.payloads import Payload
from bot.rules.questions import Told
from bot.views import arrival, blocks
from bot.views.blocks import Block, Message, View
from bot.views.words import Words

OPEN: Final = "escalations.open"
FORM: Final = "escalations.ask"
JOIN: Final = "escalations.join"
WITHDRAW: Final = "escalations.withdraw"

TEXT_SHOWN: Final = 1_000
NAMED: Final = "yes"


class AboutAsked(Payload):
    """The question whose asker wants a person, or no longer."""

    question_id: int


class Joining(Payload):
    """A question whose asker may wait for an open one's answer."""

    question_id: int
    escalation_id: int


def ask_person(words: Words, question_id: int) -> Block:
    """Return the button under an answer that takes the question to a person."""
    payload = AboutAsked(question_id=question_id)
    return blocks.button(words("escalations.ask_person"), OPEN, payload.encode())


def form(words: Words, sheet: AskingSheet) -> View:
    """Return the form: the task it is about, and whether the asker is named.

    An open question that seems to ask the same can be joined in its place.
    """
    shown = blocks.escape(blocks.clip(sheet.text, TEXT_SHOWN))
    question = words("escalations.form.question", project=blocks.escape(sheet.project), text=shown)
    parts = [blocks.section(question)]
    if sheet.similar:
        parts.append(blocks.section(words("escalations.form.similar")))
    for each in sheet.similar:
        payload = Joining(question_id=sheet.question_id, escalation_id=each.escalation_id)
        join = blocks.button(words("escalations.form.join"), JOIN, payload.encode())
        parts.append(blocks.section(blocks.quote(each.text, 300), join))
    named = blocks.option(words("escalations.form.named.yes"), NAMED)
    boxes: Block = {"type": "checkboxes", "action_id": NAMED_FIELD, "options": [named]}
    if not sheet.private:  # whoever asked in a channel has been read there already
        boxes["initial_options"] = [named]
    return blocks.modal(
        words("escalations.form.title"),
        FORM,
        [
            *parts,
            blocks.field(
                words("escalations.form.task"),
                blocks.text_input(TASK_FIELD, max_length=TASK_LIMIT),
                block_id=TASK_FIELD,
                optional=True,
                hint=words("escalations.form.task.hint"),
            ),
            blocks.field(
                words("escalations.form.named"),
                boxes,
                block_id=NAMED_FIELD,
                optional=True,
                hint=words("escalations.form.named.hint"),
            ),
        ],
        submit=words("escalations.form.send"),
        close=words("common.cancel"),
        metadata=AboutAsked(question_id=sheet.question_id).encode(),
    )


def receipt_lines(words: Words, done: Escalated, now: datetime) -> list[str]:
    """Return what the asker is told: who reads it when, until when, what to do meanwhile."""
    lines = [words("escalations.receipt.joined")] if done.joined else []
    if done.reader is not None and done.read_at is not None:
        name = blocks.mention(done.reader.user_id, done.reader.name)
        when = words("escalations.receipt.now")
        if done.read_at > now:
            moment = arrival.moment(words, done.read_at, done.zone)
            when = words("escalations.receipt.at", when=moment)
        lines.append(words("escalations.receipt.reader", name=name, when=when))
    else:
        lines.append(words("escalations.receipt.nobody"))
    if done.due_at is not None:
        moment = arrival.moment(words, done.due_at, done.zone)
        lines.append(words("escalations.receipt.due", when=moment, zone=done.zone))
    if done.interim_rule:
        rule = blocks.escape(done.interim_rule)
        lines.append(words("escalations.receipt.rule", rule=rule))
    if done.task:
        lines.append(words("escalations.receipt.task", task=blocks.escape(done.task)))
    return [*lines, words("escalations.receipt.where")]


def receipt(words: Words, done: Escalated, now: datetime) -> View:
    """Return the receipt in place of the form."""
    lines = receipt_lines(words, done, now)
    return blocks.modal(
        words("escalations.receipt.title"),
        "escalations.asked",
        [blocks.section(line) for line in lines],
        submit=None,
        close=words("common.close"),
    )


def withdrawn(words: Words) -> Message:
    """Say that nobody is asked any more."""
    return blocks.message(words("escalations.withdrawn"))


def answer(words: Words, told: Told) -> Message:
    """Return a person's answer to its asker, directly or in the thread it was asked in."""
    human = told.human or Human(state=EscalationState.ANSWERED)
    title = _by(words, human, privately=told.private)
    parts = []
    if told.private:
        question = blocks.escape(blocks.clip(told.text, TEXT_SHOWN))
        parts.append(blocks.context(words("questions.asked", text=question)))
    parts += [blocks.section(f"*{title}*"), *_said(words, human)]
    shown = blocks.escape(blocks.clip(human.answer or "", 150))
    return blocks.message(f"{title} {shown}", blocks.fit(parts, words("questions.more")))


def _by(words: Words, human: Human, *, privately: bool) -> str:
    if human.by is None:
        nobody = "escalations.answer.title.nobody" if privately else "escalations.answer.nobody"
        return words(nobody)
    name = blocks.mention(human.by.user_id, human.by.name)
    return words("escalations.answer.title" if privately else "escalations.answer.by", name=name)


def _said(words: Words, human: Human) -> list[Block]:
    parts = [blocks.section(blocks.quote(human.answer or "", 2_900))]
    if human.section:
        section = blocks.escape(human.section)
        parts.append(blocks.context(words("escalations.answer.section", section=section)))
    return parts


def standing(words: Words, told: Told) -> list[Block]:
    """Return what became of a question that a person was asked, for under its first answer."""
    human = told.human
    if human is None:
        return []
    if human.state is EscalationState.ANSWERED:
        title = _by(words, human, privately=False)
        return [blocks.divider(), blocks.section(f"*{title}*"), *_said(words, human)]
    if human.state is EscalationState.WITHDRAWN:
        return [blocks.context(words("escalations.human.withdrawn"))]
    sentence = words("escalations.human.open.undated")
    if human.due_at is not None:
        when = arrival.moment(words, human.due_at, human.zone)
        sentence = words("escalations.human.open", when=when)
    payload = AboutAsked(question_id=told.question_id).encode()
    return [
        blocks.section(sentence, blocks.button(words("escalations.withdraw"), WITHDRAW, payload))
    ]
