"""Changes of a status as people read them: proposed, confirmed, answered, lifted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot import clock
from bot.rules.payloads import Payload
from bot.rules.people import PersonRef, Status
from bot.rules.squads import Squad, Standing
from bot.rules.status_cases import (
    ANSWER_LIMIT,
    CONFIRM_WITHIN,
    REASON_LIMIT,
    REMARK_LIMIT,
    Case,
    CaseState,
    Evidence,
    Figures,
    may_answer,
)
from bot.views import arrival, blocks, dates, figures, members, squads
from bot.views.blocks import Block, Message, View
from bot.views.outbox import Line
from bot.views.words import Words

CONFIRM: Final = "status_cases.confirm"
DECLINE: Final = "status_cases.decline"
WITHDRAW: Final = "status_cases.withdraw"
ANSWER: Final = "status_cases.answer"
LIFT: Final = "status_cases.lift"
SHOW: Final = "status_cases.show"

SHOWN_ON_HOME: Final = 5


class AboutCase(Payload):
    """The case that a button is about."""

    case_id: int


def about_case(case: Case) -> str:
    """Return what a button about a case carries."""
    return AboutCase(case_id=case.stored.case_id).encode()


def name_of(person: PersonRef | None) -> str:
    """Name somebody; a dash for nobody."""
    return "–" if person is None else blocks.mention(person.user_id, person.name)


def on_day(words: Words, at: datetime | None, zone: str) -> str:
    """Return the day of an instant on a wall clock; a dash for none."""
    return "–" if at is None else dates.day(words, clock.local_day(at, zone))


def _what(words: Words, case: Case) -> str:
    return words(f"status_cases.what.{case.stored.status.value}")


# The figures.


def evidence(words: Words, found: Evidence) -> str:
    """Return what random audits say, a line for each project."""
    days = dates.span(words, found.first, found.last)
    lines = [words("status_cases.figures", days=days)]
    lines += [_figures(words, each) for each in found.figures]
    if not found.figures:
        lines.append(words("status_cases.figures.project_none"))
    return "\n".join(lines)


def _figures(words: Words, of: Figures) -> str:
    project = blocks.escape(of.project)
    if of.rate is None or of.low is None or of.high is None:
        return words("status_cases.figures.none", project=project)
    return words.plural(
        f"status_cases.figures.{of.standing.value}",
        of.n,
        project=project,
        rate=figures.percent(words, of.rate),
        interval=words(
            "figures.interval",
            low=figures.percent(words, of.low),
            high=figures.percent(words, of.high),
        ),
        target="–" if of.target is None else figures.goal(words, of.target),
    )


def _evidence(words: Words, case: Case) -> list[Block]:
    found = case.stored.evidence
    if found is None:
        return []
    parts = [blocks.section(evidence(words, found))]
    if any(each.rate is not None for each in found.figures):
        parts.append(blocks.context(words("status_cases.figures.interval")))
    return parts


def window(words: Words, title: str, parts: Sequence[Block]) -> View:
    """Return a window that only shows something."""
    return blocks.modal(
        title, "status_cases.shown", parts, submit=None, close=words("common.close")
    )


# A case as it stands, for whoever reads it.


def case(words: Words, found: Case, now: datetime) -> Message:
    """Return a case to its reader: the person reads another side of it than managers do."""
    if found.reader_id == found.stored.person_id:
        return told(words, found, now)
    title = words(
        "status_cases.case.title",
        proposer=name_of(found.proposer),
        what=_what(words, found),
        name=name_of(found.person),
        squad=blocks.escape(found.squad),
    )
    if found.stored.answer is not None and found.stored.answered_to == found.reader_id:
        title = _answered_title(words, found)
    kind = words(f"status_cases.kind.{found.stored.kind.value}")
    parts = [
        blocks.section(title),
        blocks.section(
            f"{words('status_cases.case.for', kind=kind)}\n"
            f"{blocks.quote(found.stored.reason, REASON_LIMIT)}"
        ),
        *_evidence(words, found),
        *_answer_of(words, found),
        *_stands(words, found),
    ]
    return blocks.message(title.replace("*", ""), parts)


def _answered_title(words: Words, found: Case) -> str:
    return words(
        "status_cases.answered.title",
        name=name_of(found.person),
        what=_what(words, found),
        squad=blocks.escape(found.squad),
    )


def _answer_of(words: Words, found: Case) -> list[Block]:
    """Return the person's answer, to whom it went."""
    stored = found.stored
    if stored.answer is None or stored.answered_to != found.reader_id:
        return []
    parts = [blocks.section(blocks.quote(stored.answer, ANSWER_LIMIT))]
    if stored.state is CaseState.IN_FORCE and found.reader_id not in {
        stored.proposed_by,
        stored.confirmed_by,
    }:
        parts.append(
            blocks.context(words("status_cases.answered.open", name=name_of(found.person)))
        )
    return parts


def _stands(words: Words, found: Case) -> list[Block]:
    """Return where it stands, and what the reader can do."""
    stored = found.stored
    about = about_case(found)
    if stored.state is CaseState.PROPOSED:
        return _proposal(words, found)
    parts = [blocks.context(_state(words, found))]
    if stored.remark:
        remark = words("status_cases.remark", by=name_of(found.closer))
        parts.append(blocks.section(f"{remark}\n{blocks.quote(stored.remark, REMARK_LIMIT)}"))
    if stored.state is CaseState.IN_FORCE and found.reader_id in found.managers:
        sure = blocks.sure(
            words("status_cases.lift.sure"),
            words("status_cases.lift.text"),
            words("status_cases.lift"),
            words("status_cases.confirm.no"),
        )
        parts.append(
            blocks.actions(blocks.button(words("status_cases.lift"), LIFT, about, confirm=sure))
        )
    return parts


def _state(words: Words, found: Case) -> str:
    stored = found.stored
    if stored.state is CaseState.WITHDRAWN:
        return words("status_cases.state.withdrawn")
    if stored.state is CaseState.IN_FORCE:
        day = on_day(words, stored.confirmed_at, found.zone)
        return words("status_cases.state.in_force", by=name_of(found.confirmer), day=day)
    return words(
        f"status_cases.state.{stored.state.value}",
        by=name_of(found.closer),
        name=name_of(found.person),
        day=on_day(words, stored.closed_at, found.zone),
    )


def _proposal(words: Words, found: Case) -> list[Block]:
    about = about_case(found)
    own = found.reader_id == found.stored.proposed_by
    buttons = []
    if found.to_decide:
        sure = blocks.sure(
            words("status_cases.confirm.sure"),
            words("status_cases.confirm.text"),
            words("status_cases.confirm"),
            words("status_cases.confirm.no"),
        )
        buttons = [
            blocks.button(words("status_cases.confirm"), CONFIRM, about, confirm=sure),
            blocks.button(words("status_cases.decline"), DECLINE, about),
        ]
    if own:
        buttons.append(blocks.button(words("status_cases.withdraw"), WITHDRAW, about))
    small = words(
        "status_cases.case.stale", name=name_of(found.person), proposer=name_of(found.proposer)
    )
    if found.open:
        until = found.stored.proposed_at + CONFIRM_WITHIN
        small = words("status_cases.case.until", day=on_day(words, until, found.zone))
    parts = [blocks.context(small)]
    if own and found.open:
        parts.append(blocks.context(words("status_cases.case.yours")))
    return [*parts, blocks.actions(*buttons)] if buttons else parts


def told(words: Words, found: Case, now: datetime) -> Message:
    """Return to the person what holds for them, why, by whom, and how to answer."""
    stored = found.stored
    title = words(f"status_cases.told.{stored.status.value}", squad=blocks.escape(found.squad))
    if stored.state is CaseState.LIFTED:
        day = on_day(words, stored.closed_at, found.zone)
        return blocks.message(words("status_cases.told.lifted", day=day))
    kind = words(f"status_cases.kind.{stored.kind.value}")
    by = words(
        "status_cases.told.by",
        proposer=name_of(found.proposer),
        confirmer=name_of(found.confirmer),
        day=on_day(words, stored.confirmed_at, found.zone),
    )
    parts = [
        blocks.section(title),
        blocks.section(
            f"{words('status_cases.case.for', kind=kind)}\n"
            f"{blocks.quote(stored.reason, REASON_LIMIT)}"
        ),
        *_evidence(words, found),
        blocks.context(by, words("status_cases.told.who")),
        *_answering(words, found, now),
    ]
    return blocks.message(title.replace("*", ""), parts)


def _answering(words: Words, found: Case, now: datetime) -> list[Block]:
    """Return how the person can answer, or what they said."""
    stored = found.stored
    if stored.answer is not None and stored.answered_at is not None:
        moment = arrival.moment(words, stored.answered_at, found.zone)
        said = words("status_cases.told.answered", moment=moment, hears=name_of(found.hears))
        return [blocks.section(f"{said}\n{blocks.quote(stored.answer, ANSWER_LIMIT)}")]
    if found.hears is None:
        return [blocks.context(words("status_cases.told.answer_nobody"))]
    moment = (
        "–" if stored.answer_due is None else arrival.moment(words, stored.answer_due, found.zone)
    )
    if may_answer(stored, now) is not None:
        return [blocks.context(words("status_cases.told.late", moment=moment))]
    part = {stored.proposed_by, stored.confirmed_by}
    key = "status_cases.told.answer"
    if found.hears.person_id in part:
        key = "status_cases.told.answer_took_part"
    text = words(key, moment=moment, hears=name_of(found.hears))
    button = blocks.button(words("status_cases.answer"), ANSWER, about_case(found))
    return [blocks.section(text), blocks.actions(button)]


def shown(words: Words, found: Case, now: datetime) -> View:
    """Return a case as a window."""
    parts = case(words, found, now)["blocks"]
    return window(words, words("status_cases.title"), parts)


# Messages to others, and lines.


def decided(words: Words, found: Case) -> Message:
    """Return to the proposer what the second person said."""
    title = _decided(words, found)
    parts = [blocks.section(title), *_stands(words, found)]
    return blocks.message(title.replace("*", ""), parts)


def _decided(words: Words, found: Case) -> str:
    declined = found.stored.state is CaseState.DECLINED
    return words(
        "status_cases.line.declined" if declined else "status_cases.line.in_force",
        what=_what(words, found),
        name=name_of(found.person),
        squad=blocks.escape(found.squad),
    )


def _show(words: Words, found: Case) -> Block:
    return blocks.button(words("status_cases.look"), SHOW, about_case(found))


def confirm_line(words: Words, found: Case) -> Line:
    """Return a proposal that waits, as a line of Today."""
    text = words(
        "status_cases.line.confirm",
        proposer=name_of(found.proposer),
        what=_what(words, found),
        name=name_of(found.person),
        squad=blocks.escape(found.squad),
    )
    return Line(text, _show(words, found), done=not found.open)


def decided_line(words: Words, found: Case) -> Line:
    """Return what the second person said, as a line of Today."""
    return Line(_decided(words, found), _show(words, found))


def told_line(words: Words, found: Case) -> Line:
    """Return what holds for the person, as a line of Today; the reason stands behind the button."""
    text = words(f"status_cases.told.{found.stored.status.value}", squad=blocks.escape(found.squad))
    lifted = found.stored.state is CaseState.LIFTED
    return Line(text, _show(words, found), done=lifted)


def answered_line(words: Words, found: Case) -> Line:
    """Return that the person answered, as a line of Today."""
    lifted = found.stored.state is CaseState.LIFTED
    return Line(_answered_title(words, found), _show(words, found), done=lifted)


def lifted(words: Words, standing: Standing) -> str:
    """Return to the person that they are active again."""
    squad = blocks.escape(standing.squad.name)
    if not standing.managers:
        return words("status_cases.lifted_nobody", squad=squad)
    return words(
        "status_cases.lifted", squad=squad, managers=squads.names(standing.managers, words)
    )


def reinstated(words: Words, squad: Squad, person: PersonRef, before: Status) -> Message:
    """Confirm to whoever did it that somebody is active again."""
    return blocks.message(
        words(
            "status_cases.reinstated",
            name=name_of(person),
            squad=blocks.escape(squad.name),
            status=members.status(words, before),
        )
    )


# The Home tab.


def on_home(words: Words, found: Sequence[Case]) -> list[Block]:
    """Return the proposals that wait for somebody, and their own, each with its button."""
    if not found:
        return []
    parts = [blocks.section(words.plural("status_cases.home", len(found)))]
    for each in found[:SHOWN_ON_HOME]:
        line = words(
            "status_cases.case.title",
            proposer=name_of(each.proposer),
            what=_what(words, each),
            name=name_of(each.person),
            squad=blocks.escape(each.squad),
        )
        parts.append(blocks.section(f"• {line}", _show(words, each)))
    if len(found) > SHOWN_ON_HOME:
        parts.append(blocks.context(words("common.and_more", n=len(found) - SHOWN_ON_HOME)))
    return parts


def mine_on_home(words: Words, found: Sequence[Case]) -> list[Block]:
    """Return what holds for the person themselves, with the way to its reason."""
    return [
        blocks.section(
            words(f"status_cases.told.{each.stored.status.value}", squad=blocks.escape(each.squad)),
            _show(words, each),
        )
        for each in found
    ]
