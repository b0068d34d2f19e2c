"""What a contributor reads and fills in of their disputes: the form, the receipt, the ruling."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.rules.disputes import (
    DECIDE_DAYS,
    QUESTION_FIELD,
    By,
    Case,
    Opening,
    Review,
    Ruling,
    Stored,
)
from bot.rules.findings import FINDINGS_FIELD, REASON_FIELD, REASON_LIMIT, StoredFinding
from bot.rules.payloads import Payload
from bot.views import arrival, blocks, findings
from bot.views.blocks import Block, Message, View
from bot.views.outbox import LINE_CHARACTERS, Line
from bot.views.words import Words

FORM: Final = "audits.disputes"
AGAIN: Final = "disputes.again"
AGAIN_FORM: Final = "disputes.again_form"
WITHDRAW: Final = "disputes.withdraw"
SHOW: Final = "disputes.show"

HOME_LISTED: Final = 5
_CATEGORY_LISTED: Final = 60
_TASK_SHOWN: Final = 100


class AboutCase(Payload):
    """The case that a button is about, by one of its disputes; `here` as in `findings.About`."""

    dispute_id: int
    here: bool = False


def form(words: Words, opening: Opening) -> View:
    """Return the form of an appeal: which findings, why, and a question of one's own."""
    about = opening.feedback
    which = "form" if opening.second_of is None else "again"
    options = [
        blocks.option(_listed(words, number, finding), str(finding.finding_id))
        for number, finding in enumerate(opening.choices, start=1)
    ]
    boxes: Block = {"type": "checkboxes", "action_id": FINDINGS_FIELD, "options": options}
    if len(options) == 1:
        boxes["initial_options"] = options
    reason = blocks.text_input(
        REASON_FIELD,
        multiline=True,
        max_length=REASON_LIMIT,
        placeholder=words(f"disputes.{which}.placeholder"),
    )
    parts = [
        blocks.section(words(f"disputes.{which}.intro", task=blocks.escape(about.task))),
        blocks.field(words("disputes.form.which"), boxes, block_id=FINDINGS_FIELD),
        blocks.field(words(f"disputes.{which}.reason"), reason, block_id=REASON_FIELD),
        *_question(words, opening.questions),
    ]
    title, send = words(f"disputes.{which}.title"), words("disputes.form.send")
    close = words("common.cancel")
    if opening.second_of is None:
        metadata = findings.About(audit_id=about.audit_id).encode()
        return blocks.modal(title, FORM, parts, submit=send, close=close, metadata=metadata)
    metadata = AboutCase(dispute_id=opening.second_of).encode()
    return blocks.modal(title, AGAIN_FORM, parts, submit=send, close=close, metadata=metadata)


def _question(words: Words, questions: Sequence[tuple[int, str]]) -> list[Block]:
    if not questions:
        return []
    options = [
        blocks.option(blocks.clip(" ".join(text.split()), blocks.OPTION_TEXT), str(key))
        for key, text in questions
    ]
    menu = blocks.menu(
        QUESTION_FIELD, options, placeholder=words("disputes.form.question.placeholder")
    )
    hint = words("disputes.form.question.hint")
    label = words("disputes.form.question")
    return [blocks.field(label, menu, block_id=QUESTION_FIELD, optional=True, hint=hint)]


def _listed(words: Words, number: int, finding: StoredFinding) -> str:
    name = finding.category or words("audits.feedback.uncategorised")
    return words("disputes.form.option", n=number, category=blocks.clip(name, _CATEGORY_LISTED))


def receipt(words: Words, case: Case) -> View:
    """Return what is shown in place of the form: who decides, by when, what holds meanwhile."""
    return blocks.modal(
        words("disputes.receipt.title"),
        "disputes.receipt",
        [blocks.section(_waits(words, case))],
        submit=None,
        close=words("common.close"),
    )


def _waits(words: Words, case: Case) -> str:
    first = case.first
    sentences = [words(f"disputes.receipt.{case.by.value}", task=_task(case))]
    if first.due_at is not None:
        at = arrival.moment(words, first.due_at, case.zone)
        sentences.append(words("disputes.receipt.due", at=at, days=DECIDE_DAYS))
    sentences.append(words("disputes.receipt.meanwhile"))
    return "\n".join(sentences)


def _task(case: Case) -> str:
    about = case.feedback
    task = blocks.clip(about.task, _TASK_SHOWN)
    return blocks.link(about.link, task) if about.link else blocks.escape(task)


def mine(words: Words, case: Case, now: datetime, *, here: bool = True) -> Message:
    """Return a case to whoever opened it, as it stands: what waits, what was decided."""
    title = _title(words, case, now)
    parts = [blocks.section(f"*{title}*")]
    if case.waiting:
        parts.append(blocks.section(_waits(words, case)))
    parts += [_ruled(words, case, each) for each in case.decided]
    buttons = _buttons(words, case, here=here)
    if buttons:
        parts.append(blocks.actions(*buttons))
    return blocks.message(title, parts)


def _title(words: Words, case: Case, now: datetime) -> str:
    task = blocks.escape(blocks.clip(case.feedback.task, _TASK_SHOWN))
    key = "decided"
    if any(each.is_over(now) for each in case.waiting):
        key = "over"
    elif case.waiting:
        key = "second" if case.is_second else "open"
    elif not case.decided:
        key = "closed"
    return words(f"disputes.mine.{key}", task=task)


def _buttons(words: Words, case: Case, *, here: bool) -> list[Block]:
    about = AboutCase(dispute_id=case.first.dispute_id, here=here).encode()
    buttons = []
    if case.waiting:
        buttons.append(blocks.button(words("disputes.mine.withdraw"), WITHDRAW, about))
    elif case.can_appeal:
        buttons.append(blocks.button(words("disputes.mine.again"), AGAIN, about))
    return buttons


def _ruled(words: Words, case: Case, dispute: Stored) -> Block:
    return blocks.section(ruling(words, case, dispute))


def ruling(words: Words, case: Case, dispute: Stored) -> str:
    """Return what was decided about a finding, why, and by which section."""
    finding = case.finding(dispute)
    category = blocks.escape(finding.category or words("audits.feedback.uncategorised"))
    by = case.deciders.get(dispute.decided_by or 0)
    name = "" if by is None else blocks.mention(by.user_id, by.name)
    kind = (dispute.ruling or Ruling.UPHELD).value
    lines = [words(f"disputes.ruling.{kind}", category=category, name=name)]
    if dispute.ruling_reason:
        lines.append(blocks.quote(dispute.ruling_reason, REASON_LIMIT))
    if dispute.ruling_section:
        section = blocks.escape(dispute.ruling_section)
        lines.append(words("audits.feedback.section", section=section))
    if dispute.was_late and dispute.ruling is not Ruling.OVERTURNED:
        lines.append(words("disputes.ruling.late"))
    return "\n".join(lines)


def ruled(words: Words, case: Case, decided: Sequence[Stored]) -> Message:
    """Return to the contributor what was decided, and what they can do about it."""
    title = words(
        "disputes.ruled.second" if case.is_second else "disputes.ruled.title", task=_task(case)
    )
    parts = [blocks.section(f"*{title}*"), *(_ruled(words, case, each) for each in decided)]
    if case.waiting:
        parts.append(blocks.context(words.plural("disputes.ruled.waiting", len(case.waiting))))
    if case.can_appeal:
        parts.append(blocks.actions(*_buttons(words, case, here=False)))
        parts.append(blocks.context(words("disputes.ruled.again")))
    return blocks.message(
        words("disputes.ruled.text", task=blocks.escape(case.feedback.task)), parts
    )


def ruled_line(words: Words, case: Case) -> Line:
    """Return the same as a line of Today."""
    text = words("disputes.ruled.text", task=blocks.escape(case.feedback.task))
    return Line(text, show_button(words, case))


def show_button(words: Words, case: Case) -> Block:
    """Return a button that shows a case."""
    about = AboutCase(dispute_id=case.first.dispute_id).encode()
    return blocks.button(words("disputes.show"), SHOW, about)


def noted_line(words: Words, case: Case, decided: Sequence[Stored]) -> Line:
    """Return to an auditor what became of their finding."""
    kind = (decided[0].ruling or Ruling.UPHELD).value
    text = words(f"disputes.noted.{kind}", task=blocks.escape(case.feedback.task))
    return Line(text, show_button(words, case))


def taken_back(words: Words, review: Review) -> Message:
    """Return to a contributor that a finding of theirs fell with a ruling on another one."""
    text = words("disputes.taken_back", task=blocks.escape(review.task), category=_about(review))
    return blocks.message(text)


def _about(review: Review) -> str:
    known = [blocks.escape(each) for each in (review.category, review.section) if each]
    return " · ".join(known) or "–"


def taken_back_line(words: Words, review: Review) -> Line:
    """Return the same as a line of Today."""
    return Line(
        words("disputes.taken_back", task=blocks.escape(review.task), category=_about(review))
    )


def on_home(words: Words, cases: Sequence[Case], now: datetime) -> list[Block]:
    """Return one's own open disputes, each with its deadline and a button to look at it."""
    if not cases:
        return []
    parts = [blocks.section(f"*{words('disputes.home.mine')}*")]
    for case in cases[:HOME_LISTED]:
        text = f"• {_title(words, case, now)}{due(words, case)}"
        parts.append(blocks.section(blocks.clip(text, LINE_CHARACTERS), show_button(words, case)))
    if len(cases) > HOME_LISTED:
        parts.append(blocks.context(words("common.and_more", n=len(cases) - HOME_LISTED)))
    return parts


def due(words: Words, case: Case) -> str:
    """Return by when a case is to be decided, as the end of a line."""
    if case.first.due_at is None:
        return ""
    at = arrival.moment(words, case.first.due_at, case.zone)
    return words("disputes.home.due", at=at)


def by_role(words: Words, by: By) -> str:
    """Return in which role somebody decides."""
    return words(f"disputes.by.{by.value}")
