"""The forms of a change of status: proposing, declining, answering; and what stands after them."""

from collections.abc import Sequence
from typing import Final

from bot.rules.payloads import Payload
from bot.rules.people import PersonRef, Status
from bot.rules.status_cases import (
    ANSWER_FIELD,
    ANSWER_LIMIT,
    ANSWER_WITHIN,
    CONFIRM_WITHIN,
    KIND_FIELD,
    REASON_FIELD,
    REASON_LIMIT,
    REMARK_FIELD,
    REMARK_LIMIT,
    Case,
    CaseKind,
    Sheet,
)
from bot.views import blocks, squads
from bot.views import status_cases as views
from bot.views.blocks import Block, View
from bot.views.words import Words

FORM: Final = "status_cases.form"
DECLINE_FORM: Final = "status_cases.declining"
ANSWER_FORM: Final = "status_cases.answering"


class CaseForm(Payload):
    """Whom a form is about, and what it proposes."""

    squad_id: int
    person_id: int
    status: Status


# The form of a proposal.


def form(words: Words, sheet: Sheet) -> View:
    """Return the form: the figures, what it is for, the reason, and what follows."""
    name = views.name_of(sheet.person)
    title = words(
        f"status_cases.form.{sheet.status.value}", name=name, squad=blocks.escape(sheet.squad)
    )
    kinds = [
        blocks.option(words(f"status_cases.kind.{each.value}"), each.value) for each in sheet.kinds
    ]
    menu = blocks.menu(
        KIND_FIELD,
        kinds,
        placeholder=words("status_cases.form.kind.placeholder"),
        initial=_first(sheet, kinds),
    )
    reason = blocks.text_input(REASON_FIELD, multiline=True, max_length=REASON_LIMIT)
    shown = (
        words("status_cases.figures.hidden")
        if sheet.evidence is None
        else views.evidence(words, sheet.evidence)
    )
    after = words(
        "status_cases.form.after", n=CONFIRM_WITHIN.days, days=ANSWER_WITHIN.days, name=name
    )
    if sheet.person.user_id is None:
        after = words("status_cases.form.external", n=CONFIRM_WITHIN.days, name=name)
    metadata = CaseForm(
        squad_id=sheet.squad_id, person_id=sheet.person.person_id, status=sheet.status
    )
    hint = words("status_cases.form.reason_hint")
    return blocks.modal(
        words("status_cases.form.title"),
        FORM,
        [
            blocks.section(title),
            blocks.section(shown),
            blocks.field(words("status_cases.form.kind"), menu, block_id=KIND_FIELD),
            blocks.field(
                words("status_cases.form.reason"), reason, block_id=REASON_FIELD, hint=hint
            ),
            blocks.context(after),
        ],
        submit=words("status_cases.form.send"),
        close=words("common.cancel"),
        metadata=metadata.encode(),
    )


def _first(sheet: Sheet, options: Sequence[Block]) -> Block | None:
    """Return what stands in the menu to begin with: quality only where the figures tell."""
    if len(options) == 1:
        return options[0]
    below = sheet.evidence is not None and sheet.evidence.below
    return options[sheet.kinds.index(CaseKind.QUALITY)] if below else None


def proposed(words: Words, case: Case, people: Sequence[PersonRef]) -> View:
    """Return what stands in place of the form."""
    until = case.stored.proposed_at + CONFIRM_WITHIN
    who = squads.names(people, words)
    return views.window(
        words,
        words("status_cases.proposed.title"),
        [
            blocks.section(
                words("status_cases.proposed", who=who, day=views.on_day(words, until, case.zone))
            )
        ],
    )


# The other forms.


def decline_form(words: Words, about: views.AboutCase) -> View:
    """Return the form of declining: a remark for the proposer, if there is one."""
    remark = blocks.text_input(REMARK_FIELD, multiline=True, max_length=REMARK_LIMIT)
    return blocks.modal(
        words("status_cases.decline.title"),
        DECLINE_FORM,
        [
            blocks.field(
                words("status_cases.decline.remark"), remark, block_id=REMARK_FIELD, optional=True
            )
        ],
        submit=words("status_cases.decline"),
        close=words("common.cancel"),
        metadata=about.encode(),
    )


def declined(words: Words, found: Case) -> View:
    """Return what stands in place of the form."""
    text = words("status_cases.declined", proposer=views.name_of(found.proposer))
    return views.window(words, words("status_cases.decline.title"), [blocks.section(text)])


def answer_form(words: Words, found: Case) -> View:
    """Return the form of the person's answer."""
    answer = blocks.text_input(ANSWER_FIELD, multiline=True, max_length=ANSWER_LIMIT)
    hears = "–" if found.hears is None else found.hears.name
    return blocks.modal(
        words("status_cases.answer.title"),
        ANSWER_FORM,
        [
            blocks.field(
                words("status_cases.answer.label", hears=hears),
                answer,
                block_id=ANSWER_FIELD,
                hint=words("status_cases.answer.hint"),
            )
        ],
        submit=words("status_cases.answer.send"),
        close=words("common.cancel"),
        metadata=views.about_case(found),
    )


def answer_sent(words: Words, found: Case) -> View:
    """Return what stands in place of the form."""
    text = words("status_cases.answer.kept")
    if found.stored.answered_to is not None:
        text = words("status_cases.answer.sent", hears=views.name_of(found.hears))
    return views.window(words, words("status_cases.answer.title"), [blocks.section(text)])
