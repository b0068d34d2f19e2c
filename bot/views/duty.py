"""Questions as those who answer them see them: the post, the forms, the lines of Today."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.rules.escalations import (
    ANSWER_FIELD,
    ANSWER_LIMIT,
    KEEP_EDGE,
    KEEP_FIELD,
    KEEP_VERIFIED,
    NOTE_FIELD,
    NOTE_LIMIT,
    RULE_LIMIT,
    SAME_FIELD,
    SECTION_FIELD,
    TO_FIELD,
    Answered,
    AnsweringSheet,
    Case,
    EscalationState,
    OpenCase,
    PassingSheet,
)
from bot.rules.payloads import Payload
from bot.rules.people import PersonRef, Role
from bot.views import arrival, blocks
from bot.views.blocks import Block, Message, View
from bot.views.outbox import Line
from bot.views.words import Words

CLAIM: Final = "duty.claim"
ANSWER: Final = "duty.answer"
ANSWER_FORM: Final = "duty.answering"
HAND_ON: Final = "duty.pass"
HAND_ON_FORM: Final = "duty.passing"
SAME: Final = "duty.same"
SAME_FORM: Final = "duty.merging"
SHOW: Final = "duty.show"
TERMS_FORM: Final = "duty.terms"

TIME_FIELD: Final = "answer_time"
RULE_FIELD: Final = "interim_rule"

TEXT_SHOWN: Final = 2_000
LINE_SHOWN: Final = 160
OPTION_VALUE: Final = 150


class AboutCase(Payload):
    """The question that a button is about."""

    escalation_id: int


class TermsOf(Payload):
    """The squad whose promise is changed."""

    squad_id: int


def _about(case: Case) -> str:
    return AboutCase(escalation_id=case.stored.escalation_id).encode()


def post(words: Words, case: Case) -> Message:
    """Return a question as it stands: who asks, what was tried, until when, what can be done."""
    title = words("escalations.post.title", project=blocks.escape(case.project))
    if not case.text:
        return blocks.message(title, [blocks.section(f"*{title}*"), *_standing(words, case)])
    parts = [
        blocks.section(f"*{title}*\n{blocks.quote(case.text, TEXT_SHOWN)}"),
        *(blocks.context(fact) for fact in _facts(words, case)),
        *_standing(words, case),
    ]
    buttons = _buttons(words, case)
    kept = blocks.fit(parts, words("questions.more"))
    shown = blocks.escape(blocks.clip(case.text, LINE_SHOWN))
    return blocks.message(
        f"{title}: {shown}", [*kept, blocks.actions(*buttons)] if buttons else kept
    )


def _facts(words: Words, case: Case) -> list[str]:
    facts = [words("escalations.post.unnamed")]
    if case.asker is not None:
        facts = [words("escalations.post.named", name=_name(case.asker))]
    if case.others:
        facts.append(words.plural("escalations.post.others", case.others))
    if case.stored.task:
        task = blocks.escape(case.stored.task)
        shown = blocks.link(case.link, case.stored.task) if case.link else task
        facts.append(words("escalations.post.task", task=shown))
    near = [
        blocks.link(each.url, each.section) if each.url else blocks.escape(each.section)
        for each in case.passages
    ]
    facts.append(
        words("escalations.post.tried", sections="; ".join(near))
        if near
        else words("escalations.post.none_tried")
    )
    return facts


def _name(person: PersonRef) -> str:
    return blocks.mention(person.user_id, person.name)


def _when(words: Words, case: Case, at: datetime | None) -> str:
    return arrival.moment(words, at, case.zone) if at is not None else "–"


def _standing(words: Words, case: Case) -> list[Block]:
    stored = case.stored
    if stored.state is EscalationState.ANSWERED:
        title = words("escalations.post.answered.nobody")
        if case.answered_by is not None:
            title = words("escalations.post.answered", name=_name(case.answered_by))
        said = blocks.section(f"{title}\n{blocks.quote(stored.answer or '', TEXT_SHOWN)}")
        if not stored.answer_section:
            return [said]
        section = blocks.escape(stored.answer_section)
        return [said, blocks.context(words("escalations.answer.section", section=section))]
    if stored.state in {EscalationState.MERGED, EscalationState.WITHDRAWN}:
        return [blocks.context(words(f"escalations.post.{stored.state.value}"))]
    lines = [words("escalations.post.undated")]
    if stored.due_at is not None:
        when = _when(words, case, stored.due_at)
        lines = [words("escalations.post.due", when=when, zone=case.zone)]
    if stored.state is EscalationState.CLAIMED and case.claimed_by is not None:
        until = _when(words, case, stored.claimed_until)
        name = _name(case.claimed_by)
        lines.append(words("escalations.post.claimed", name=name, when=until))
    if stored.state is EscalationState.PASSED and stored.passed_role is not None:
        name = _name(case.passed_by) if case.passed_by else "–"
        when = _when(words, case, stored.passed_due_at)
        key = f"escalations.post.passed.{stored.passed_role.value}"
        lines.append(words(key, name=name, when=when))
    return [blocks.context(*lines)]


def _buttons(words: Words, case: Case) -> list[Block]:
    if not case.stored.waits:
        return []
    about = _about(case)
    buttons = [
        blocks.button(words("escalations.answer"), ANSWER, about, style="primary"),
        blocks.button(words("escalations.pass"), HAND_ON, about),
        blocks.button(words("escalations.same"), SAME, about),
    ]
    if case.stored.state is not EscalationState.CLAIMED:
        buttons.insert(0, blocks.button(words("escalations.claim"), CLAIM, about))
    return buttons


def claimed(words: Words) -> Message:
    """Say what a claim means."""
    return blocks.message(words("escalations.claimed"))


def passed(words: Words, case: Case) -> Message:
    """Return a question to those it was passed on to."""
    project = blocks.escape(case.project)
    title = words("escalations.passed.title.nobody", project=project)
    if case.passed_by is not None:
        title = words("escalations.passed.title", name=_name(case.passed_by), project=project)
    parts = [blocks.section(f"*{title}*\n{blocks.quote(case.text, TEXT_SHOWN)}")]
    if case.stored.passed_note:
        parts.append(blocks.section(blocks.quote(case.stored.passed_note, NOTE_LIMIT)))
    facts = _facts(words, case)[1:]  # who asked is nothing to those outside the squad
    parts += [*(blocks.context(fact) for fact in facts), *_standing(words, case)]
    if case.stored.waits:
        answer = blocks.button(words("escalations.answer"), ANSWER, _about(case), style="primary")
        parts.append(blocks.actions(answer))
    return blocks.message(title, parts)


def line(words: Words, case: Case, key: str) -> Line:
    """Return a question as a line of Today; `key` says what the line is for."""
    text = words(
        f"escalations.line.{key}",
        project=blocks.escape(case.project),
        text=blocks.escape(blocks.clip(" ".join(case.text.split()), LINE_SHOWN)),
    )
    button = blocks.button(words("escalations.line.open"), SHOW, _about(case))
    return Line(text, button, done=not case.stored.waits)


def alone(words: Words, case: Case, key: str) -> Message:
    """Return a line as a message of its own: the sentence, then the question as it stands."""
    shown = post(words, case)
    text = line(words, case, key).text
    return blocks.message(text, [blocks.section(text), *shown["blocks"]])


def shown(words: Words, case: Case) -> View:
    """Return a question as a window."""
    return blocks.modal(
        words("escalations.open.title"),
        "duty.shown",
        post(words, case)["blocks"],
        submit=None,
        close=words("common.close"),
    )


def answering(words: Words, sheet: AnsweringSheet) -> View:
    """Return the form of an answer: its words, its section, and what it is kept as."""
    case = sheet.case
    parts = [
        blocks.section(blocks.quote(case.text, TEXT_SHOWN)),
        blocks.field(
            words("escalations.answering.text"),
            blocks.text_input(ANSWER_FIELD, multiline=True, max_length=ANSWER_LIMIT),
            block_id=ANSWER_FIELD,
        ),
    ]
    if sheet.sections:
        options = [
            blocks.option(section, str(number)) for number, section in enumerate(sheet.sections)
        ]
        menu = blocks.menu(
            SECTION_FIELD, options, placeholder=words("escalations.answering.section.none")
        )
        label = words("escalations.answering.section")
        parts.append(blocks.field(label, menu, block_id=SECTION_FIELD, optional=True))
    boxes: Block = {
        "type": "checkboxes",
        "action_id": KEEP_FIELD,
        "options": [
            blocks.option(words(f"escalations.answering.keep.{kept}"), kept)
            for kept in (KEEP_VERIFIED, KEEP_EDGE)
        ],
    }
    parts.append(
        blocks.field(words("escalations.answering.keep"), boxes, block_id=KEEP_FIELD, optional=True)
    )
    return blocks.modal(
        words("escalations.answering.title"),
        ANSWER_FORM,
        parts,
        submit=words("escalations.answering.send"),
        close=words("common.cancel"),
        metadata=_about(case),
    )


def answered(words: Words, done: Answered) -> View:
    """Return what the answerer reads in place of the form."""
    lines = [words.plural("escalations.answering.done", done.askers)]
    lines += [words("escalations.answering.kept")] if done.keep else []
    lines += [words("escalations.answering.logged")] if done.edge else []
    return _done(words, "escalations.answering.title", lines)


def _done(words: Words, title: str, lines: Sequence[str]) -> View:
    return blocks.modal(
        words(title),
        "duty.done",
        [blocks.section(line) for line in lines],
        submit=None,
        close=words("common.close"),
    )


def passing(words: Words, sheet: PassingSheet) -> View:
    """Return the form that passes a question on."""
    named = {
        Role.DELIVERY: words.plural("escalations.passing.to.delivery", sheet.delivery),
        Role.CLIENT: words.plural("escalations.passing.to.client", sheet.client),
    }
    there = [(Role.DELIVERY, sheet.delivery), (Role.CLIENT, sheet.client)]
    options = [blocks.option(named[role], role.value) for role, n in there if n]
    to: Block = {"type": "radio_buttons", "action_id": TO_FIELD, "options": options}
    if len(options) == 1:
        to["initial_option"] = options[0]
    return blocks.modal(
        words("escalations.passing.title"),
        HAND_ON_FORM,
        [
            blocks.section(blocks.quote(sheet.case.text, TEXT_SHOWN)),
            blocks.field(words("escalations.passing.to"), to, block_id=TO_FIELD),
            blocks.field(
                words("escalations.passing.note"),
                blocks.text_input(NOTE_FIELD, multiline=True, max_length=NOTE_LIMIT),
                block_id=NOTE_FIELD,
                optional=True,
            ),
        ],
        submit=words("escalations.passing.send"),
        close=words("common.cancel"),
        metadata=_about(sheet.case),
    )


def passed_on(words: Words) -> View:
    """Return what whoever passed it on reads in place of the form."""
    return _done(words, "escalations.passing.title", [words("escalations.passing.done")])


def merging(words: Words, case: Case, others: Sequence[OpenCase]) -> View:
    """Return the form that brings a question together with another one."""
    options = [
        blocks.option(" ".join(each.text.split()), str(each.escalation_id)) for each in others
    ]
    menu = blocks.menu(SAME_FIELD, options, placeholder=words("escalations.merging.with"))
    return blocks.modal(
        words("escalations.merging.title"),
        SAME_FORM,
        [
            blocks.section(blocks.quote(case.text, TEXT_SHOWN)),
            blocks.field(words("escalations.merging.with"), menu, block_id=SAME_FIELD),
        ],
        submit=words("escalations.merging.send"),
        close=words("common.cancel"),
        metadata=_about(case),
    )


def merged(words: Words) -> View:
    """Return what whoever brought them together reads in place of the form."""
    return _done(words, "escalations.merging.title", [words("escalations.merging.done")])


def terms(words: Words, squad_id: int, time: str | None, rule: str | None) -> View:
    """Return the form of a squad's promise and its interim rule."""
    return blocks.modal(
        words("escalations.terms.title"),
        TERMS_FORM,
        [
            blocks.field(
                words("escalations.terms.time"),
                blocks.text_input(TIME_FIELD, initial=time, max_length=20),
                block_id=TIME_FIELD,
                optional=True,
                hint=words("escalations.terms.time.hint"),
            ),
            blocks.field(
                words("escalations.terms.rule"),
                blocks.text_input(RULE_FIELD, initial=rule, multiline=True, max_length=RULE_LIMIT),
                block_id=RULE_FIELD,
                optional=True,
                hint=words("escalations.terms.rule.hint"),
            ),
        ],
        submit=words("common.save"),
        close=words("common.cancel"),
        metadata=TermsOf(squad_id=squad_id).encode(),
    )


def span(words: Words, minutes: int) -> str:
    """Return a length of working time, in hours where they are whole."""
    if minutes % 60:
        return words("escalations.terms.minutes", n=minutes)
    return words("escalations.terms.hours", n=minutes // 60)


def terms_saved(words: Words, squad: str, time: str, rule: str | None) -> View:
    """Return what was saved, in place of the form."""
    lines = [words("escalations.terms.saved", squad=blocks.escape(squad), time=time)]
    if rule:
        lines.append(words("escalations.terms.saved.rule", rule=blocks.escape(rule)))
    return _done(words, "escalations.terms.title", lines)
