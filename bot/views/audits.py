"""The audit form and its list, and what became of it; `bot.views.findings` is the other side."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.rules.arrival import Reach
from bot.rules.audits import Severity, Verdict
from bot.rules.citations import Offer
from bot.rules.findings import (
    FINDINGS_SHOWN,
    MOST_FINDINGS,
    NOTE_LIMIT,
    CategoryRef,
    Choices,
    FindingForm,
    Recorded,
    Sheet,
    Work,
    field_of,
)
from bot.rules.payloads import Payload
from bot.views import arrival, blocks, reworks, sections
from bot.views.blocks import Block, Message, View
from bot.views.words import Words

CHOOSE: Final = "audits.choose"
MORE: Final = "audits.more"
FORM: Final = "audits.record"

VERDICT: Final = "verdict"
NOT_FILLED: Final = FindingForm()
IN_WORDS: Final = sections.IN_WORDS

_LABEL_SHOWN: Final = 1500
_LABEL_LISTED: Final = 24
_ASKED_SHOWN: Final = 3
_ASKED_TEXT: Final = 300


class Chosen(Payload):
    """A line of the list: the submission to audit."""

    submission_id: int


class FormState(Payload):
    """What the form is about, and how many findings it has room for."""

    submission_id: int
    findings: int = FINDINGS_SHOWN


def choices(words: Words, found: Choices) -> Message:
    """Return the list to choose a submission from; the contributor is named only if asked for."""
    if found.person is not None and found.task is None:
        name = blocks.mention(found.person.user_id, found.person.name)
        title = words("audits.choose.person", name=name)
    else:
        title = words("audits.choose.task", task=blocks.escape(found.task or ""))
    options = [
        blocks.option(
            _listed(words, work, found), Chosen(submission_id=work.submission_id).encode()
        )
        for work in found.works
    ]
    menu = blocks.menu(CHOOSE, options, placeholder=words("audits.choose.placeholder"))
    small = [words("audits.choose.zone", zone=found.zone)]
    if found.more:
        small.append(words("audits.choose.more"))
    return blocks.message(
        title, [blocks.section(title), blocks.actions(menu), blocks.context(*small)]
    )


def _listed(words: Words, work: Work, found: Choices) -> str:
    parts = [work.task] if found.task is None else []
    parts.append(arrival.moment(words, work.submitted_at, found.zone))
    if len({each.squad for each in found.works}) > 1:
        parts.append(work.squad)
    if len({each.project for each in found.works}) > 1:
        parts.append(work.project)
    if work.label:
        parts.append(blocks.clip(" ".join(work.label.split()), _LABEL_LISTED))
    return " · ".join(parts)


def form(
    words: Words, sheet: Sheet, offer: Offer = IN_WORDS, findings: int = FINDINGS_SHOWN
) -> View:
    """Return the audit form with room for some findings, Accept chosen beforehand.

    The contributor is not in it, so that the work is judged and not the person.
    """
    room = min(max(findings, FINDINGS_SHOWN), MOST_FINDINGS)
    parts = [*head(words, sheet), verdict(words)]
    for position in range(room):
        parts += finding(words, position, sheet.categories, offer)
    if room < MOST_FINDINGS:
        parts.append(blocks.actions(blocks.button(words("audits.form.add"), MORE)))
    state = FormState(submission_id=sheet.work.submission_id, findings=room)
    return blocks.modal(
        words("audits.form.title"),
        FORM,
        parts,
        submit=words("common.save"),
        close=words("common.cancel"),
        metadata=state.encode(),
    )


def head(words: Words, sheet: Sheet) -> list[Block]:
    """Return what is to be judged: the task with its link, the label, what was asked about it."""
    work = sheet.work
    task = blocks.link(work.link, work.task) if work.link else blocks.escape(work.task)
    title = words(
        "audits.form.task",
        task=task,
        project=blocks.escape(work.project),
        squad=blocks.escape(work.squad),
    )
    parts = [blocks.section(title)]
    if work.label:
        label = blocks.quote(work.label, _LABEL_SHOWN)
        parts.append(blocks.section(words("audits.form.label", label=label)))
    if sheet.fix is not None:
        parts += reworks.to_auditor(words, sheet.fix)
    at = arrival.moment(words, work.submitted_at, sheet.zone)
    small = [words("audits.form.blind", at=at)]
    if work.link is None:
        small.append(words("audits.form.no_link"))
    if sheet.corrects is not None:
        small.append(
            words("audits.form.corrects", at=arrival.moment(words, sheet.corrects, sheet.zone))
        )
    if sheet.audited is not None:
        small.append(
            words("audits.form.audited", at=arrival.moment(words, sheet.audited, sheet.zone))
        )
    parts.append(blocks.context(*small))
    return [*parts, *_asked(words, sheet)]


def _asked(words: Words, sheet: Sheet) -> list[Block]:
    """Say what was asked about the task and answered; not by whom, for the work is judged."""
    lines = []
    for each in sheet.asked[-_ASKED_SHOWN:]:
        text = blocks.escape(blocks.clip(" ".join(each.text.split()), _ASKED_TEXT))
        if each.answer is None:
            lines.append(words("audits.form.asked.open", text=text))
        else:
            answer = blocks.escape(blocks.clip(" ".join(each.answer.split()), _ASKED_TEXT))
            lines.append(words("audits.form.asked.answered", text=text, answer=answer))
    if sheet.was_open:
        lines.append(words("audits.form.asked.spared"))
    return [blocks.section("\n".join(lines))] if lines else []


def verdict(words: Words, stamp: str = "", chosen: Verdict = Verdict.ACCEPTED) -> Block:
    """Return the choice between Accept and Reject; Accept is chosen unless something else was."""
    options = {
        each: blocks.option(words(f"audits.form.{each.value}"), each.value)
        for each in (Verdict.ACCEPTED, Verdict.REJECTED)
    }
    radio = {
        "type": "radio_buttons",
        "action_id": VERDICT,
        "options": list(options.values()),
        "initial_option": options[chosen],
    }
    return blocks.field(words("audits.form.verdict"), radio, block_id=stamped(VERDICT, stamp))


def stamped(name: str, stamp: str) -> str:
    """Return a field's block id. What was typed stays in an open form as long as it is the same."""
    return f"{name}.{stamp}" if stamp else name


def finding(
    words: Words,
    position: int,
    categories: Sequence[CategoryRef],
    offer: Offer,
    stamp: str = "",
    filled: FindingForm = NOT_FILLED,
) -> list[Block]:
    """Return the fields of one finding; severity and section may be left to the category."""
    parts = [
        blocks.divider(),
        blocks.context(words("audits.form.finding", n=position + 1)),
    ]
    if categories:
        options = [blocks.option(each.name, str(each.category_id)) for each in categories]
        chosen = _chosen(options, filled.category_id)
        menu = _menu(words, "category", options, chosen)
        parts.append(_field(words, position, "category", menu, stamp))
    severities = [
        blocks.option(words(f"audits.severity.{each.value}"), each.value) for each in Severity
    ]
    menu = _menu(words, "severity", severities, _chosen(severities, filled.severity))
    parts.append(_field(words, position, "severity", menu, stamp))
    section = sections.field(words, offer, filled.section)
    note = blocks.text_input(
        "note",
        initial=filled.note,
        multiline=True,
        max_length=NOTE_LIMIT,
        placeholder=words("audits.form.note.placeholder"),
    )
    parts.append(_field(words, position, "section", section, stamp))
    parts.append(_field(words, position, "note", note, stamp))
    return parts


def _chosen(options: Sequence[Block], value: object) -> Block | None:
    wanted = None if value is None else str(value)
    return next((each for each in options if each["value"] == wanted), None)


def _menu(words: Words, part: str, options: Sequence[Block], chosen: Block | None) -> Block:
    placeholder = words(f"audits.form.{part}.placeholder")
    return blocks.menu(part, options, placeholder=placeholder, initial=chosen)


def _field(words: Words, position: int, part: str, element: Block, stamp: str) -> Block:
    name = field_of(position, part)
    # The action id repeats the field's name, for it has to be unique where a fake or a peer
    # gathers the values of a form by it alone.
    return blocks.field(
        words(f"audits.form.{part}"),
        element | {"action_id": name},
        block_id=stamped(name, stamp),
        optional=True,
    )


def saved(words: Words, recorded: Recorded, now: datetime) -> View:
    """Return what stands in place of the form: who made it, what is sent and when it is read."""
    name = blocks.mention(recorded.contributor.user_id, recorded.contributor.name)
    task = blocks.escape(recorded.task)
    if recorded.link:
        task = blocks.link(recorded.link, recorded.task)
    lines = [words(f"audits.saved.{recorded.verdict.value}", task=task, name=name)]
    if recorded.findings:
        lines[0] += " " + words.plural("audits.saved.findings", recorded.findings)
    if recorded.corrects:
        lines.append(words("audits.saved.corrected"))
    lines.append(_sent(words, recorded, name, now))
    if recorded.lenient:
        lines.append(words("audits.saved.lenient"))
    if (missing := sections.unmatched(words, recorded.unmatched)) is not None:
        lines.append(missing)
    return blocks.modal(
        words("audits.saved.title"),
        "audits.saved",
        [blocks.section("\n".join(lines))],
        submit=None,
        close=words("common.close"),
    )


def _sent(words: Words, recorded: Recorded, name: str, now: datetime) -> str:
    if recorded.arrival is None:
        return words("audits.saved.nothing_sent")
    reached = recorded.arrival.reach not in {Reach.REHEARSAL, Reach.NOT_IN_SLACK}
    if reached and not recorded.findings:
        return words("audits.saved.taken_back", name=name)
    return arrival.sentence(words, recorded.arrival, name, now)
