"""What those who decide disputes read and fill in, and what a manager looks at again after it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.rules.citations import Offer
from bot.rules.disputes import Case, Review, Reviews, Ruling, Stored, may_lower
from bot.rules.findings import REASON_LIMIT
from bot.rules.payloads import Payload
from bot.rules.rulings import Decided, field_of
from bot.views import arrival, blocks, disputes, findings, sections
from bot.views.blocks import Block, Message, View
from bot.views.outbox import LINE_CHARACTERS, Line
from bot.views.words import Words

OPEN: Final = "audits.open_dispute"
FORM: Final = "disputes.decide_form"
REVIEWS: Final = "disputes.reviews"
KEEP: Final = "disputes.keep"
TAKE_BACK: Final = "disputes.take_back"

_TASK_SHOWN: Final = 100


class AboutDispute(Payload):
    """The disputes, opened at once, that a button is about."""

    dispute_ids: list[int]


class Deciding(Payload):
    """The disputes that a form decides, in the order of its fields."""

    dispute_ids: list[int]


class AboutReviews(Payload):
    """The ruling, and the squad, whose list a button opens."""

    dispute_id: int
    squad_id: int


class AboutReview(Payload):
    """The finding that a button keeps or withdraws."""

    review_id: int


def line(words: Words, case: Case, now: datetime) -> Line:
    """Return the line of somebody who may decide a case; done once nothing of it waits."""
    over = any(each.is_over(now) for each in case.waiting)
    task = blocks.escape(blocks.clip(case.feedback.task, _TASK_SHOWN))
    if case.named:
        name = blocks.mention(case.contributor.user_id, case.contributor.name)
        text = words(
            "disputes.line.over.named" if over else "disputes.line.named", task=task, name=name
        )
    else:
        text = words("disputes.line.over" if over else "disputes.line", task=task)
    keys = [each.dispute_id for each in case.disputes]
    button = blocks.button(words("disputes.line.button"), OPEN, _about(keys))
    return Line(f"{text}{disputes.due(words, case)}", button, done=not case.waiting)


def _about(keys: Sequence[int]) -> str:
    return AboutDispute(dispute_ids=list(keys)).encode()


def decide(words: Words, case: Case, offer: Offer = sections.IN_WORDS) -> View:
    """Return the form: each disputed finding, what was decided about it, why, by which section."""
    parts = _head(words, case)
    waiting = case.waiting
    for position, dispute in enumerate(waiting, start=1):
        parts += [blocks.divider(), *_finding(words, case, dispute)]
        parts += _fields(words, case, dispute, position, offer, alone=len(waiting) == 1)
    keys = [each.dispute_id for each in waiting]
    return blocks.modal(
        words("disputes.decide.title"),
        FORM,
        parts,
        submit=words("disputes.decide.save"),
        close=words("common.cancel"),
        metadata=Deciding(dispute_ids=keys).encode(),
    )


def _head(words: Words, case: Case) -> list[Block]:
    about = case.feedback
    task = blocks.link(about.link, about.task) if about.link else blocks.escape(about.task)
    values = {"task": task, "project": blocks.escape(about.project)}
    if case.named:
        head = words(
            "disputes.head.named",
            name=blocks.mention(case.contributor.user_id, case.contributor.name),
            auditor=blocks.mention(case.auditor.user_id, case.auditor.name),
            **values,
        )
    else:
        head = words("disputes.head", **values)
    reason = words("disputes.reason", reason=blocks.quote(case.first.reason, REASON_LIMIT))
    parts = [blocks.section(head), blocks.section(blocks.clip(reason, blocks.SECTION_TEXT))]
    parts += _question(words, case)
    if case.waiting and case.first.due_at is not None:
        at = arrival.moment(words, case.first.due_at, case.zone)
        parts.append(blocks.context(words("disputes.decide.due", at=at)))
    return parts


def _question(words: Words, case: Case) -> list[Block]:
    asked = case.question
    if asked is None:
        return []
    lines = [
        words("disputes.question", at=arrival.moment(words, asked.asked_at, case.zone)),
        blocks.quote(asked.text),
    ]
    if asked.answer is not None and asked.answered_at is not None:
        at = arrival.moment(words, asked.answered_at, case.zone)
        lines += [words("disputes.question.answered", at=at), blocks.quote(asked.answer)]
    else:
        lines.append(words("disputes.question.unanswered"))
    return [blocks.section("\n".join(lines))]


def _finding(words: Words, case: Case, dispute: Stored) -> list[Block]:
    finding = case.finding(dispute)
    parts = findings.what(words, finding, case.feedback.cited.get(finding.section or ""))
    before = [each for each in case.earlier if each.dispute_id == dispute.second_of]
    parts += [blocks.section(disputes.ruling(words, case, each)) for each in before]
    return parts


def _fields(
    words: Words, case: Case, dispute: Stored, position: int, offer: Offer, *, alone: bool
) -> list[Block]:
    finding = case.finding(dispute)
    choices = [
        blocks.option(words(f"disputes.choice.{each.value}"), each.value)
        for each in Ruling
        if each is not Ruling.SEVERITY or may_lower(finding.severity)
    ]
    which = blocks.menu(
        field_of(position, "ruling"), choices, placeholder=words("disputes.decide.which.empty")
    )
    reason = blocks.text_input(
        field_of(position, "reason"), multiline=True, max_length=REASON_LIMIT
    )
    section = sections.field(words, offer, finding.section, strict=True)
    section |= {"action_id": field_of(position, "section")}
    named = (
        ("ruling", "disputes.decide.which", which),
        ("reason", "disputes.decide.reason", reason),
        ("section", "disputes.decide.section", section),
    )
    return [
        blocks.field(words(key), element, block_id=field_of(position, part), optional=not alone)
        for part, key, element in named
    ]


def shown(words: Words, case: Case) -> View:
    """Return a case to somebody who reads it and decides nothing."""
    parts = _head(words, case)
    for dispute in case.disputes:
        parts += [blocks.divider(), *_finding(words, case, dispute)]
        if dispute.ruling is not None:
            parts.append(blocks.section(disputes.ruling(words, case, dispute)))
    if case.waiting:
        parts.append(
            blocks.context(words("disputes.shown.waits", who=disputes.by_role(words, case.by)))
        )
    return blocks.modal(
        words("disputes.shown.title"),
        "disputes.shown",
        parts,
        submit=None,
        close=words("common.close"),
    )


def decided(words: Words, done: Decided) -> View:
    """Return what follows from a ruling, in place of the form."""
    lines = [words("disputes.decided", task=blocks.escape(done.task))]
    if done.late:
        lines.append(words("disputes.decided.late"))
    if done.reviews:
        lines.append(words.plural("disputes.decided.reviews", done.reviews))
    if done.waiting > 0:
        lines.append(words.plural("disputes.decided.waiting", done.waiting))
    return blocks.modal(
        words("disputes.decided.title"),
        "disputes.decided",
        [blocks.section("\n".join(lines))],
        submit=None,
        close=words("common.close"),
    )


# What cites the same rule.


def review_line(words: Words, found: Reviews) -> Line:
    """Return a manager's line about what a ruling puts up for review."""
    about = AboutReviews(dispute_id=found.dispute.dispute_id, squad_id=found.squad_id).encode()
    text = words.plural("disputes.review.line", found.waiting, rule=_rule(words, found))
    button = blocks.button(words("disputes.review.open"), REVIEWS, about)
    return Line(text, button, done=not found.waiting)


def _rule(words: Words, found: Reviews) -> str:
    known = [blocks.escape(each) for each in (found.category, found.section) if each]
    return " · ".join(known) or words("audits.feedback.uncategorised")


def reviews(words: Words, found: Reviews) -> Message:
    """Return the findings that cite the rule, each with what can be done about it."""
    if not found.waiting:
        return blocks.message(words("disputes.review.done"))
    title = words.plural("disputes.review.title", found.waiting, rule=_rule(words, found))
    parts = [blocks.section(f"*{title}*")]
    if found.dispute.ruling_reason:
        reason = blocks.quote(found.dispute.ruling_reason)
        parts.append(blocks.section(words("disputes.review.reason", reason=reason)))
    for number, each in enumerate(found.items):
        parts += _review(words, each, number)
    if found.more:
        parts.append(blocks.context(words("common.and_more", n=found.more)))
    parts.append(blocks.context(words("disputes.review.how")))
    return blocks.message(title, parts)


def _review(words: Words, review: Review, number: int) -> list[Block]:
    task = blocks.clip(review.task, _TASK_SHOWN)
    shown = blocks.link(review.link, task) if review.link else blocks.escape(task)
    note = blocks.quote(blocks.clip(review.note or "–", LINE_CHARACTERS))
    about = AboutReview(review_id=review.review_id).encode()
    return [
        blocks.section(f"{words('disputes.review.item', task=shown)}\n{note}"),
        blocks.actions(
            blocks.button(words("disputes.review.keep"), KEEP, about),
            blocks.button(words("disputes.review.withdraw"), TAKE_BACK, about),
            block_id=f"review_{number}",
        ),
    ]


# On Home.


def on_home(words: Words, cases: Sequence[Case], now: datetime) -> list[Block]:
    """Return what waits for the reader's decision, with its deadline."""
    if not cases:
        return []
    parts = [blocks.section(f"*{words('disputes.home.decide')}*")]
    for case in cases[: disputes.HOME_LISTED]:
        found = line(words, case, now)
        parts.append(blocks.section(f"• {blocks.clip(found.text, LINE_CHARACTERS)}", found.button))
    more = len(cases) - disputes.HOME_LISTED
    return [*parts, *([blocks.context(words("common.and_more", n=more))] if more > 0 else [])]


def reviews_on_home(words: Words, found: Sequence[Reviews]) -> list[Block]:
    """Return a squad's findings that are to be looked at again."""
    lines = [review_line(words, each) for each in found if each.waiting]
    return [
        blocks.section(f"• {blocks.clip(each.text, LINE_CHARACTERS)}", each.button)
        for each in lines[: disputes.HOME_LISTED]
    ]
