"""The forms of a sitting: the task in front of an auditor, what helps them, and how it ends."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot import clock
from bot.rules.audits import Origin, Verdict
from bot.rules.citations import Offer
from bot.rules.draws import SkipReason
from bot.rules.findings import MOST_FINDINGS, AuditForm, FindingForm
from bot.rules.payloads import Payload
from bot.rules.sittings import (
    SKIP_NOTE_FIELD,
    SKIP_NOTE_LIMIT,
    Progress,
    SavedTask,
    Seat,
    Sitting,
    Started,
    TakenTask,
    Turn,
)
from bot.views import audits, blocks, certificates, risk, sections
from bot.views.blocks import Block, Message, View
from bot.views.words import Words

FORM: Final = "sittings.save"
SKIP_FORM: Final = "sittings.skip_other"
SKIP: Final = "sittings.skip"
UNDO: Final = "sittings.undo"
STOP: Final = "sittings.stop"
MORE: Final = "sittings.more"
REPEAT: Final = "sittings.repeat"
SNIPPET: Final = "sittings.snippet"
KEEP: Final = "sittings.keep"
DROP: Final = "sittings.drop"
NEXT: Final = "sittings.next"
ANOTHER: Final = "sittings.another"

ROOM: Final = 1
"""Findings that the form has room for as it opens: most tasks have none, and a phone is small."""

_SHOWN_NOTE: Final = 1000


class OfSitting(Payload):
    """A sitting that a button is about."""

    sitting_id: int


class SeatState(Payload):
    """What an open form is about: which task as of which revision, since when, with what room.

    `shown` is in milliseconds since 1970; `turn` goes up where the form is filled in anew.
    """

    sitting_id: int
    draw_id: int
    revision: int
    shown: int
    findings: int = ROOM
    turn: int = 0

    @property
    def stamp(self) -> str:
        """What tells the fields of this form from those of the task before it."""
        return f"{self.draw_id}-{self.turn}"

    @property
    def key(self) -> str:
        """The effect key of saving: once for each time that a task was put before somebody."""
        return f"sitting:{self.draw_id}:{self.shown}"


class Skipping(Payload):
    """A line of the menu of reasons."""

    reason: SkipReason


class Using(Payload):
    """A line of the menu of kept notes."""

    snippet_id: int


def state_of(seat: Seat) -> SeatState:
    """Return what the form of a task carries."""
    room = len(seat.filled.findings) if seat.filled else 0
    return SeatState(
        sitting_id=seat.sitting.id,
        draw_id=seat.draw.draw_id,
        revision=seat.sheet.work.revision,
        shown=round(seat.shown_at.timestamp() * 1000),
        findings=min(max(room, ROOM), MOST_FINDINGS),
    )


def turn(
    words: Words,
    now_is: Turn,
    now: datetime,
    offer: Offer = audits.IN_WORDS,
    state: SeatState | None = None,
) -> View:
    """Return what stands before the auditor; `state` is of a form whose fields stay as typed."""
    if now_is.seat is not None:
        notes = _notes(words, now_is)
        return form(words, now_is.seat, now, offer=offer, state=state, notes=notes)
    if now_is.taken is not None:
        return taken(words, now_is.taken)
    return ended(words, now_is)


def _notes(words: Words, now_is: Turn) -> list[str]:
    if now_is.changed:
        return [words("sittings.form.changed")]
    if now_is.seat is not None and now_is.seat.filled is not None:
        return [words("sittings.form.undone")]
    return [_saved(words, now_is.saved)] if now_is.saved else []


def _saved(words: Words, saved: SavedTask) -> str:
    """Say what was saved, and now also by whom it was made."""
    name = blocks.mention(saved.contributor.user_id, saved.contributor.name)
    task = blocks.link(saved.link, saved.task) if saved.link else blocks.escape(saved.task)
    text = words(f"sittings.saved.{saved.verdict.value}", task=task, name=name)
    if saved.findings:
        text += " " + words.plural("audits.saved.findings", saved.findings)
    if saved.lenient:
        text += " " + words("audits.saved.lenient")
    missing = sections.unmatched(words, saved.unmatched)
    return text if missing is None else f"{text} {missing}"


def form(
    words: Words,
    seat: Seat,
    now: datetime,
    *,
    offer: Offer = audits.IN_WORDS,
    state: SeatState | None = None,
    filled: AuditForm | None = None,
    notes: Sequence[str] = (),
) -> View:
    """Return the form of one task; the contributor is not in it until it is saved.

    `filled` is what stands in its fields: what was typed so far, or what an undone audit said.
    """
    state = state or state_of(seat)
    filled = filled or seat.filled
    parts = [blocks.context(progress(words, seat.progress, seat.sitting, now, seat.zone))]
    parts += [blocks.context(note) for note in notes]
    parts += [*audits.head(words, seat.sheet), *_why(words, seat)]
    said = Verdict.ACCEPTED if filled is None else filled.verdict
    parts.append(audits.verdict(words, state.stamp, said))
    given = () if filled is None else filled.findings
    for position in range(state.findings):
        one = given[position] if position < len(given) else FindingForm()
        parts += audits.finding(words, position, seat.sheet.categories, offer, state.stamp, one)
    parts += [_help(words, seat, state), _ways_on(words, seat)]
    single = not seat.sitting.is_gathered
    return blocks.modal(
        words("audits.form.title"),
        FORM,
        parts,
        submit=words("common.save" if single else "sittings.form.save"),
        close=words("common.close"),
        metadata=state.encode(),
    )


def progress(words: Words, done: Progress, sitting: Sitting, now: datetime, zone: str) -> str:
    """Say how far a sitting is, at what pace, and whether its time holds."""
    if not sitting.is_gathered:
        return words("sittings.progress.single", project=blocks.escape(sitting.project))
    parts = [words("sittings.progress.done", n=min(done.done + 1, done.total), total=done.total)]
    finish, due = done.finish(now), sitting.due_at
    if done.each is not None and finish is not None:
        parts.append(words("sittings.progress.each", seconds=round(done.each)))
        parts.append(words("sittings.progress.finish", time=_hour(finish, zone)))
    if due is not None:
        key = "sittings.progress.due"
        if finish is not None:
            key = "sittings.progress.holds" if finish <= due else "sittings.progress.late"
        parts.append(words(key, time=_hour(due, zone)))
    return " · ".join(parts)


def _hour(at: datetime, zone: str) -> str:
    return f"{clock.to_local(at, zone):%H:%M}"


def _why(words: Words, seat: Seat) -> list[Block]:
    """Say why this task is here, where it is not by chance."""
    if seat.draw.rework_id is not None:
        return [blocks.context(words("sittings.form.rework"))]
    if seat.draw.origin is Origin.RISK:
        reasons = "; ".join(risk.reason(words, each) for each in seat.draw.reasons)
        return [blocks.context(words("sittings.form.risk", reasons=reasons))]
    if seat.draw.origin is Origin.FOLLOWUP:
        return [blocks.context(words("sittings.form.followup"))]
    return []


def _help(words: Words, seat: Seat, state: SeatState) -> Block:
    """Return what spares typing."""
    elements = []
    if seat.can_repeat:
        elements.append(blocks.button(words("sittings.form.repeat"), REPEAT))
    if seat.snippets:
        options = [
            blocks.option(each.name, Using(snippet_id=each.snippet_id).encode())
            for each in seat.snippets
        ]
        elements += [
            blocks.menu(SNIPPET, options, placeholder=words("sittings.form.snippet")),
            blocks.menu(DROP, options, placeholder=words("sittings.form.drop")),
        ]
    elements.append(blocks.button(words("sittings.form.keep"), KEEP))
    if state.findings < MOST_FINDINGS:
        elements.append(blocks.button(words("audits.form.add"), MORE))
    # A menu keeps its choice where its block stays the same.
    return blocks.actions(*elements, block_id=f"help.{state.stamp}")


def _ways_on(words: Words, seat: Seat) -> Block:
    reasons = [
        blocks.option(words(f"sittings.because_{each.value}"), Skipping(reason=each).encode())
        for each in SkipReason
    ]
    skip = blocks.menu(SKIP, reasons, placeholder=words("sittings.form.skip"))
    of = OfSitting(sitting_id=seat.sitting.id).encode()
    elements = [skip]
    if seat.can_undo:
        elements.append(blocks.button(words("sittings.form.undo"), UNDO, of))
    elements.append(blocks.button(words("sittings.form.stop"), STOP, of))
    return blocks.actions(*elements, block_id=f"ways.{seat.draw.draw_id}")


def skip_form(words: Words, state: SeatState) -> View:
    """Return the form that asks for a reason in the auditor's own words."""
    why = blocks.text_input(SKIP_NOTE_FIELD, multiline=True, max_length=SKIP_NOTE_LIMIT)
    return blocks.modal(
        words("sittings.skip.title"),
        SKIP_FORM,
        [blocks.field(words("sittings.skip.why"), why, block_id=SKIP_NOTE_FIELD)],
        submit=words("sittings.skip.send"),
        close=words("common.close"),
        metadata=state.encode(),
    )


def invited(words: Words, started: Started) -> Message:
    """Return what is said of the parts that were given to others."""
    people = ", ".join(
        words(
            "sittings.started.part",
            name=blocks.mention(each.person.user_id, each.person.name),
            n=each.count,
        )
        for each in started.invited
    )
    place = blocks.escape(started.place.name if started.place else "")
    return blocks.message(words("sittings.started.invited", place=place, people=people))


def again(words: Words) -> Message:
    """Return what is said to somebody whose command was carried out a moment ago."""
    return blocks.message(words("sittings.started.again"))


def taken(words: Words, lost: TakenTask) -> View:
    """Return what is said of a task that somebody else has; what was typed can still be copied."""
    task = blocks.link(lost.link, lost.task) if lost.link else blocks.escape(lost.task)
    parts = [blocks.section(words("sittings.taken", task=task))]
    for each in lost.form.findings:
        typed = "\n".join(filter(None, (each.section, each.note)))
        if typed:
            parts.append(blocks.section(blocks.quote(typed, _SHOWN_NOTE)))
    if len(parts) > 1:
        parts.append(blocks.context(words("sittings.taken.kept", task=blocks.escape(lost.task))))
    of = OfSitting(sitting_id=lost.sitting_id).encode()
    button = blocks.button(words("sittings.next"), NEXT, of, style="primary")
    return blocks.modal(
        words("sittings.taken.title"),
        "sittings.taken",
        [*parts, blocks.actions(button)],
        submit=None,
        close=words("common.close"),
    )


def ended(words: Words, now_is: Turn) -> View:
    """Return what a sitting came to, in place of its last form."""
    certificate = now_is.certificate
    parts = [blocks.section(_saved(words, now_is.saved))] if now_is.saved else []
    if certificate is not None and certificate.sitting.is_gathered:
        parts += certificates.parts(words, certificate)
    elif certificate is not None:
        of = OfSitting(sitting_id=certificate.sitting.id).encode()
        button = blocks.button(words("sittings.next"), ANOTHER, of, style="primary")
        parts += [blocks.section(words("sittings.single.done")), blocks.actions(button)]
    return blocks.modal(
        words("sittings.ended.title"),
        "sittings.ended",
        parts or [blocks.section(words("sittings.single.done"))],
        submit=None,
        close=words("common.close"),
    )
