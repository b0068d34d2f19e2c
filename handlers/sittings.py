"""Sittings: `/audit start`, `next`, `resume` and `stop`, and every button of their forms."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from bot.clock import from_milliseconds
from bot.container import Container
from bot.errors import BadInput
from bot.rules import sitting_input
from bot.rules.audits import Severity, Verdict
from bot.rules.draws import SkipReason
from bot.rules.findings import MOST_FINDINGS, AuditForm, FindingForm, field_of
from bot.rules.sittings import SKIP_NOTE_FIELD, SaveForm, Turn
from bot.views import audits as audit_views
from bot.views import blocks, bundles, certificates
from bot.views import sittings as views
from bot.views.blocks import View
from handlers import sections
from handlers.doors import Doors
from handlers.guard import Answer
from handlers.requests import Click, Command, Form, plain_values

Values = Mapping[str, str | list[str] | None]
Run = Callable[[Command, str, Container], Awaitable[None]]


def register(doors: Doors) -> None:
    """Register the forms and buttons; the command is `/audit`."""
    doors.form(views.FORM, save)
    doors.form(views.SKIP_FORM, skip_other)
    doors.click(views.SKIP, skip)
    doors.click(views.UNDO, undo)
    doors.click(views.STOP, stop)
    doors.click(views.MORE, more)
    doors.click(views.REPEAT, repeat)
    doors.click(views.SNIPPET, use_snippet)
    doors.click(views.KEEP, keep)
    doors.click(views.DROP, drop)
    doors.click(views.NEXT, go_on)
    doors.click(views.ANOTHER, another)
    doors.click(certificates.OPEN, open_sitting)
    doors.click(bundles.ACKNOWLEDGE, acknowledge)
    doors.click(bundles.READ, read)


# The command.


async def start(command: Command, rest: str, container: Container) -> None:
    """Draw tasks and open the first, or tell those whom they were drawn for."""
    request = sitting_input.parse_start(rest)
    started = await container.services.sittings.start(
        command.caller, request, command.channel, command.key
    )
    if started.invited:
        await command.reply.privately(views.invited(command.words, started))
    elif started.turn is None:
        await command.reply.privately(views.again(command.words))
    if started.turn is not None:
        await _open(command, started.turn, container)


async def following(command: Command, rest: str, container: Container) -> None:
    """Open the next task that was drawn."""
    place = sitting_input.parse_place(rest)
    turn = await container.services.sittings.next(
        command.caller, place, command.channel, command.key
    )
    await _open(command, turn, container)


async def resume(command: Command, rest: str, container: Container) -> None:
    """Open the task at which the latest sitting stands."""
    sitting_input.parse_place(rest)
    turn = await container.services.sittings.resume(command.caller)
    await _open(command, turn, container)


async def end(command: Command, rest: str, container: Container) -> None:
    """End the latest sitting and show what it came to."""
    sitting_input.parse_place(rest)
    turn = await container.services.sittings.stop_latest(command.caller)
    await _open(command, turn, container)


WORDS: Final[Mapping[str, Run]] = {
    sitting_input.START: start,
    sitting_input.NEXT: following,
    sitting_input.RESUME: resume,
    sitting_input.STOP: end,
}


async def _open(request: Command | Click, turn: Turn, container: Container) -> None:
    await request.reply.open(await _shown(request, turn, container))


async def _shown(
    request: Command | Click | Form,
    turn: Turn,
    container: Container,
    state: views.SeatState | None = None,
) -> View:
    """Return what stands before the auditor, with the sections that there are to choose from."""
    edition_id = None if turn.seat is None else turn.seat.sheet.edition_id
    offer = await sections.offer(container, request.caller, edition_id)
    return views.turn(request.words, turn, container.clock.now(), offer, state)


async def _show(click: Click, turn: Turn, container: Container) -> None:
    """Put what comes next in place of the form that was clicked in."""
    if click.view_id is None:
        raise BadInput("old_button")
    view = await _shown(click, turn, container)
    await click.reply.update(click.view_id, view, click.view_hash)


# Saving, and ways on.


async def save(form: Form, container: Container) -> Answer:
    """Store the audit and put the next task in place of this one."""
    state = views.SeatState.decode(form.metadata)
    filled = SaveForm(
        sitting_id=state.sitting_id,
        draw_id=state.draw_id,
        revision=state.revision,
        shown_at=from_milliseconds(state.shown),
        verdict=_verdict(form.values, state),
        findings=_findings(form.values, state),
    )
    try:
        turn = await container.services.sittings.save(form.caller, filled, state.key)
    except BadInput as error:
        _at_stamped_field(error, state)
        raise
    kept = None
    if turn.changed and turn.seat is not None:
        kept = views.state_of(turn.seat).model_copy(
            update={"findings": state.findings, "turn": state.turn, "shown": state.shown}
        )
    return Answer(update=await _shown(form, turn, container, kept))


def _at_stamped_field(error: BadInput, state: views.SeatState) -> None:
    field = error.fields.get("field")
    if isinstance(field, str):
        error.fields["field"] = audit_views.stamped(field, state.stamp)


def _verdict(values: Values, state: views.SeatState) -> Verdict:
    # A peer sends nothing for what was left as preset.
    return Verdict(_one(values, audit_views.VERDICT, state) or Verdict.ACCEPTED)


def _findings(values: Values, state: views.SeatState) -> tuple[FindingForm, ...]:
    return tuple(_finding(values, position, state) for position in range(state.findings))


def _finding(values: Values, position: int, state: views.SeatState) -> FindingForm:
    def one(part: str) -> str | None:
        return _one(values, field_of(position, part), state)

    category, severity = one("category"), one("severity")
    return FindingForm(
        category_id=int(category) if category else None,
        severity=Severity(severity) if severity else None,
        section=one("section"),
        note=one("note"),
    )


def _one(values: Values, field: str, state: views.SeatState) -> str | None:
    value = values.get(audit_views.stamped(field, state.stamp))
    return value if isinstance(value, str) else None


async def skip(click: Click, container: Container) -> None:
    """Leave a task out for the reason that was chosen, or ask for another one."""
    state = views.SeatState.decode(click.metadata)
    reason = views.Skipping.decode(click.value).reason
    if reason is SkipReason.OTHER:
        await container.services.sittings.seat(click.caller, state.sitting_id, state.draw_id)
        if click.view_id is None:
            raise BadInput("old_button")
        await click.reply.update(
            click.view_id, views.skip_form(click.words, state), click.view_hash
        )
        return
    turn = await container.services.sittings.skip(
        click.caller, state.sitting_id, state.draw_id, reason, None
    )
    await _show(click, turn, container)


async def skip_other(form: Form, container: Container) -> Answer:
    """Leave a task out for a reason in the auditor's own words."""
    state = views.SeatState.decode(form.metadata)
    note = form.values.get(SKIP_NOTE_FIELD)
    turn = await container.services.sittings.skip(
        form.caller,
        state.sitting_id,
        state.draw_id,
        SkipReason.OTHER,
        note if isinstance(note, str) else None,
    )
    return Answer(update=await _shown(form, turn, container))


async def undo(click: Click, container: Container) -> None:
    """Bring back what was settled last."""
    about = views.OfSitting.decode(click.value)
    turn = await container.services.sittings.undo(click.caller, about.sitting_id)
    await _show(click, turn, container)


async def stop(click: Click, container: Container) -> None:
    """End the sitting and show what it came to."""
    about = views.OfSitting.decode(click.value)
    turn = await container.services.sittings.stop(click.caller, about.sitting_id)
    await _show(click, turn, container)


async def go_on(click: Click, container: Container) -> None:
    """Show what is next in place of what was clicked in."""
    about = views.OfSitting.decode(click.value)
    turn = await container.services.sittings.turn(click.caller, about.sitting_id)
    await _show(click, turn, container)


async def another(click: Click, container: Container) -> None:
    """Draw one more task where the last one was."""
    about = views.OfSitting.decode(click.value)
    turn = await container.services.sittings.another(click.caller, about.sitting_id)
    await _show(click, turn, container)


async def open_sitting(click: Click, container: Container) -> None:
    """Begin a sitting, or go on with it, from a message or the Home tab."""
    about = certificates.Opening.decode(click.value)
    turn = await container.services.sittings.turn(click.caller, about.sitting_id)
    await _open(click, turn, container)


# What helps to fill the form in.


async def more(click: Click, container: Container) -> None:
    """Give the open form room for one more finding; what was filled in stays."""
    state = views.SeatState.decode(click.metadata)
    if state.findings >= MOST_FINDINGS:
        raise BadInput("enough_findings", limit=MOST_FINDINGS)
    wider = state.model_copy(update={"findings": state.findings + 1})
    await _again(click, container, wider)


async def repeat(click: Click, container: Container) -> None:
    """Write the last finding of the sitting into the first place that is empty."""
    state = views.SeatState.decode(click.metadata)
    last = await container.services.sittings.last_finding(click.caller, state.sitting_id)
    again = FindingForm(
        category_id=last.category_id,
        severity=last.severity,
        section=last.section,
        note=last.note,
    )
    await _write(click, container, state, lambda _: again)


async def use_snippet(click: Click, container: Container) -> None:
    """Write a kept note into the first finding that has none."""
    state = views.SeatState.decode(click.metadata)
    wanted = views.Using.decode(click.value).snippet_id
    note = await container.services.sittings.note(click.caller, state.sitting_id, wanted)
    await _write(click, container, state, lambda one: replace(one, note=note), by_note=True)


async def _write(
    click: Click,
    container: Container,
    state: views.SeatState,
    change: Callable[[FindingForm], FindingForm],
    *,
    by_note: bool = False,
) -> None:
    """Fill one finding in. New block ids make Slack show what we write rather than what it has."""
    filled = _filled(click.values, state)
    found = list(filled.findings)
    free = (n for n, one in enumerate(found) if (not one.note if by_note else one.is_empty))
    position = next(free, len(found))
    if position >= MOST_FINDINGS:
        raise BadInput("enough_findings", limit=MOST_FINDINGS)
    if position == len(found):
        found.append(FindingForm())
    found[position] = change(found[position])
    fresh = state.model_copy(update={"findings": len(found), "turn": state.turn + 1})
    await _again(click, container, fresh, replace(filled, findings=tuple(found)))


def _filled(values: Mapping[str, Any], state: views.SeatState) -> AuditForm:
    """Return what stands in an open form."""
    plain = plain_values(values)
    return AuditForm(
        submission_id=0, verdict=_verdict(plain, state), findings=_findings(plain, state)
    )


async def _again(
    click: Click,
    container: Container,
    state: views.SeatState,
    filled: AuditForm | None = None,
    note: str | None = None,
) -> None:
    if click.view_id is None:
        raise BadInput("old_button")
    seat = await container.services.sittings.seat(click.caller, state.sitting_id, state.draw_id)
    view = views.form(
        click.words,
        seat,
        container.clock.now(),
        offer=await sections.offer(container, click.caller, seat.sheet.edition_id),
        state=state,
        filled=filled or _filled(click.values, state),
        notes=[note] if note else [],
    )
    await click.reply.update(click.view_id, view, click.view_hash)


async def keep(click: Click, container: Container) -> None:
    """Keep the last note that was typed for other tasks."""
    state = views.SeatState.decode(click.metadata)
    filled = _filled(click.values, state)
    notes = [each.note for each in filled.findings if each.note]
    if not notes:
        raise BadInput("sitting_no_note")
    name = await container.services.sittings.keep_note(click.caller, state.sitting_id, notes[-1])
    told = click.words("sittings.form.kept", name=blocks.escape(name))
    await _again(click, container, state, filled, told)


async def drop(click: Click, container: Container) -> None:
    """Drop a kept note; what is filled in stays."""
    state = views.SeatState.decode(click.metadata)
    wanted = views.Using.decode(click.value).snippet_id
    await container.services.sittings.drop_note(click.caller, state.sitting_id, wanted)
    # A menu keeps its choice where its block stays the same.
    fresh = state.model_copy(update={"turn": state.turn + 1})
    told = click.words("sittings.form.dropped")
    await _again(click, container, fresh, _filled(click.values, state), told)


# What the contributor answers.


async def acknowledge(click: Click, container: Container) -> None:
    """Write that all findings of a message were read, and show it where it was clicked."""
    about = bundles.OfBundle.decode(click.value)
    bundle = await container.services.bundles.acknowledge(
        click.caller, about.sitting_id, about.window, in_place=about.here
    )
    await click.reply.replace(bundles.message(click.words, bundle, here=about.here))


async def read(click: Click, container: Container) -> None:
    """Show the findings that a line of Today is about."""
    about = bundles.OfBundle.decode(click.value)
    bundle = await container.services.bundles.own(click.caller, about.sitting_id, about.window)
    await click.reply.privately(bundles.message(click.words, bundle, here=False))
