"""The forms of sessions: planning one, changing it, counting who came; and what managers read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot import clock
from bot.rules.payloads import Payload
from bot.rules.people import PersonRef, SquadState
from bot.rules.sessions import (
    ATTENDED_FIELD,
    AUDIENCE_FIELD,
    ENDS_FIELD,
    KIND_FIELD,
    LINK_FIELD,
    PEOPLE_FIELD,
    QUIZ_FIELD,
    QUIZ_LIMIT,
    SQUAD_FIELD,
    STARTS_FIELD,
    TITLE_FIELD,
    TITLE_LIMIT,
    Asked,
    Audience,
    Changeable,
    Own,
    Phase,
    SessionKind,
    Sheet,
    Totals,
    write_quiz,
)
from bot.rules.squads import LINK_LIMIT, Squad
from bot.views import blocks, sessions
from bot.views.blocks import Block, View
from bot.views.outbox import Line
from bot.views.sessions import about
from bot.views.words import Words

NEW: Final = "sessions.new"
CHANGED: Final = "sessions.changed"
COUNTED: Final = "sessions.counted"
CHANGE: Final = "sessions.change"
CANCEL: Final = "sessions.cancel"
COUNT: Final = "sessions.count"

NAMES_SHOWN: Final = 60
SQUADS_SHOWN: Final = 100  # docs.slack.dev/reference/block-kit: of a menu


class NewSession(Payload):
    """What a form was opened for: the one squad that it can be about, if there is only one.

    `title` is for where a field that nobody touched comes back empty.
    """

    squad_id: int | None = None
    title: str = ""


def form(words: Words, squads: Sequence[Squad], chosen: int | None, title: str = "") -> View:
    """Return the form of a new session."""
    title = blocks.clean(title)[:TITLE_LIMIT]
    fields = []
    if len(squads) > 1:
        options = [blocks.option(each.name, str(each.id)) for each in squads[:SQUADS_SHOWN]]
        first = next((each for each in options if each["value"] == str(chosen)), None)
        fields.append(_menu(words("sessions.form.squad"), SQUAD_FIELD, options, first))
    kinds = [
        blocks.option(words(f"sessions.kind.{each.value}"), each.value) for each in SessionKind
    ]
    fields += [
        _menu(words("sessions.form.kind"), KIND_FIELD, kinds, kinds[0]),
        *_what(words, title, "", "", None),
        *_whom(words, Audience.SQUAD, ()),
        _quiz_field(words, ()),
    ]
    only = squads[0].id if len(squads) == 1 else None
    return blocks.modal(
        words("sessions.form.title"),
        NEW,
        fields,
        submit=words("sessions.form.plan"),
        close=words("common.cancel"),
        metadata=NewSession(squad_id=only, title=title).encode(),
    )


def _menu(label: str, name: str, options: list[Block], initial: Block | None) -> Block:
    element = blocks.menu(name, options, placeholder=label, initial=initial)
    return blocks.field(label, element, block_id=name)


def _what(words: Words, title: str, starts: str, ends: str, link: str | None) -> list[Block]:
    """Return the fields that a new session and a changed one share."""
    return [
        blocks.field(
            words("sessions.form.name"),
            blocks.text_input(TITLE_FIELD, initial=title, max_length=TITLE_LIMIT),
            block_id=TITLE_FIELD,
        ),
        blocks.field(
            words("sessions.form.starts"),
            blocks.text_input(STARTS_FIELD, initial=starts, max_length=40),
            block_id=STARTS_FIELD,
            hint=words("sessions.form.starts.hint"),
        ),
        blocks.field(
            words("sessions.form.ends"),
            blocks.text_input(ENDS_FIELD, initial=ends, max_length=40),
            block_id=ENDS_FIELD,
            hint=words("sessions.form.ends.hint"),
        ),
        blocks.field(
            words("sessions.form.link"),
            blocks.text_input(LINK_FIELD, initial=link, max_length=LINK_LIMIT),
            block_id=LINK_FIELD,
            optional=True,
        ),
    ]


def _whom(words: Words, audience: Audience, chosen: Sequence[PersonRef]) -> list[Block]:
    """Return the fields that say whom it is for, as they stand."""
    options = {
        each: blocks.option(words(f"sessions.audience.{each.value}"), each.value)
        for each in Audience
    }
    people: Block = {"type": "multi_users_select", "action_id": PEOPLE_FIELD}
    known = [each.user_id for each in chosen if each.user_id is not None]
    if known:
        people["initial_users"] = known
    label = words("sessions.form.audience")
    return [
        _menu(label, AUDIENCE_FIELD, list(options.values()), options[audience]),
        blocks.field(
            words("sessions.form.people"),
            people,
            block_id=PEOPLE_FIELD,
            optional=True,
            hint=words("sessions.form.people.hint"),
        ),
    ]


def _quiz_field(words: Words, quiz: Sequence[Asked]) -> Block:
    """Return the field of the quiz as it stands."""
    element = blocks.text_input(
        QUIZ_FIELD,
        initial=write_quiz(quiz),
        multiline=True,
        max_length=QUIZ_LIMIT,
        placeholder=words("sessions.form.quiz.placeholder"),
    )
    return blocks.field(
        words("sessions.form.quiz"),
        element,
        block_id=QUIZ_FIELD,
        optional=True,
        hint=words("sessions.form.quiz.hint"),
    )


def _typed(at: datetime, zone: str) -> str:
    return f"{clock.to_local(at, zone):%Y-%m-%d %H:%M}"


def change_form(words: Words, found: Changeable, now: datetime) -> View:
    """Return the form that changes a session; once it is over, its quiz alone."""
    sheet = found.own.sheet
    session, zone = sheet.session, sheet.zone
    if session.phase(now) is Phase.OVER:
        fields = [*sessions.facts(words, sheet), _quiz_field(words, found.quiz)]
        hint = words("sessions.form.quiz_hint")
    else:
        starts, ends = _typed(session.starts_at, zone), _typed(session.ends_at, zone)
        fields = [
            *_what(words, session.title, starts, ends, session.link),
            *_whom(words, session.audience, found.chosen),
            _quiz_field(words, found.quiz),
        ]
        hint = words("sessions.form.change_hint")
    return blocks.modal(
        words("sessions.form.title"),
        CHANGED,
        [*fields, blocks.context(hint)],
        submit=words("common.save"),
        close=words("common.cancel"),
        metadata=about(sheet),
    )


def count_form(words: Words, own: Own) -> View:
    """Return the form that asks how many came; who said that they come is the start."""
    session = own.sheet.session
    first = session.attended if session.attended is not None else own.sheet.coming
    element = blocks.text_input(ATTENDED_FIELD, initial=str(first), max_length=10)
    return blocks.modal(
        words("sessions.modal"),
        COUNTED,
        [
            *sessions.facts(words, own.sheet),
            blocks.field(
                words("sessions.count.label"),
                element,
                block_id=ATTENDED_FIELD,
                hint=words("sessions.count.hint"),
            ),
        ],
        submit=words("common.save"),
        close=words("common.cancel"),
        metadata=about(own.sheet),
    )


def count_line(words: Words, own: Own) -> Line:
    """Ask whoever made it how many came; done once that is known."""
    sheet = own.sheet
    text = words("sessions.line.count", title=sessions.title(words, sheet), yes=sheet.coming)
    return Line(text, _count(words, sheet), done=sheet.session.attended is not None)


def _count(words: Words, sheet: Sheet) -> Block:
    return blocks.button(words("sessions.count"), COUNT, about(sheet))


def made(words: Words, own: Own, squad: Squad | None) -> str:
    """Say what was planned; in rehearsal, or without a channel, what comes of it."""
    sheet = own.sheet
    said = [
        words("sessions.made", title=sessions.title(words, sheet), when=sessions.when(words, sheet))
    ]
    if squad is not None and squad.state is SquadState.REHEARSAL:
        said.append(words("sessions.made.rehearsal", squad=blocks.escape(squad.name)))
    elif sheet.session.delivery_id is None:
        said.append(words("sessions.made.no_channel", squad=blocks.escape(sheet.squad)))
    return "\n".join(said)


def managed(words: Words, totals: Totals, own: Own, now: datetime) -> View:
    """Return a session to its managers: who comes, how the quiz went, and what they may do."""
    sheet = totals.sheet
    phase = sheet.session.phase(now)
    parts = [*sessions.facts(words, sheet), blocks.section(sessions.counts(words, sheet))]
    if totals.yes:
        parts.append(_names(words, "sessions.coming", totals.yes))
    if phase is Phase.OVER and sheet.session.attended is not None:
        parts.append(blocks.section(words.plural("sessions.attended", sheet.session.attended)))
    if totals.questions:
        parts += _quiz(words, totals)
    if phase in {Phase.COMING, Phase.RUNNING} and own.invited:
        parts.append(blocks.actions(*sessions.answers(words, sheet)))
    if phase is Phase.OVER:
        buttons = [_count(words, sheet)]
        if own.may_take(now):
            buttons.append(sessions.take(words, sheet))
        if sheet.session.quiz_open(now) and not totals.taken:
            key = "sessions.change.quiz" if sheet.questions else "sessions.add.quiz"
            buttons.append(blocks.button(words(key), CHANGE, about(sheet)))
        parts.append(blocks.actions(*buttons))
    elif phase is not Phase.CANCELLED:
        parts.append(_changing(words, sheet))
    return sessions.closed_with(words, parts, about(sheet))


def _names(words: Words, key: str, people: Sequence[PersonRef]) -> Block:
    names = ", ".join(blocks.escape(each.name) for each in people[:NAMES_SHOWN])
    if len(people) > NAMES_SHOWN:
        names = f"{names} {words('common.and_more', n=len(people) - NAMES_SHOWN)}"
    return blocks.section(words(key, names=names))


def _quiz(words: Words, totals: Totals) -> list[Block]:
    """Return the quiz as totals; by name only where the squad shows single results to managers."""
    parts = [blocks.section(words.plural("sessions.taken", totals.taken))]
    if totals.taken and not totals.right:
        return [*parts, blocks.context(words("sessions.few"))]
    for asked, right in zip(totals.questions, totals.right, strict=False):
        said = words(
            "sessions.question_total",
            question=blocks.escape(asked.text),
            right=right,
            taken=totals.taken,
            section=blocks.escape(asked.section),
        )
        parts.append(blocks.section(said))
    if totals.people:
        of = len(totals.questions)
        lines = [
            words("sessions.person", name=blocks.escape(person.name), right=right, of=of)
            for person, right in totals.people[:NAMES_SHOWN]
        ]
        parts += [blocks.section("\n".join(lines)), blocks.context(words("sessions.person.who"))]
    return parts


def _changing(words: Words, sheet: Sheet) -> Block:
    sure = blocks.sure(
        words("sessions.cancel.title"),
        words("sessions.cancel.text"),
        words("sessions.cancel"),
        words("sessions.cancel.keep"),
    )
    return blocks.actions(
        blocks.button(words("sessions.change"), CHANGE, about(sheet)),
        blocks.button(words("sessions.cancel"), CANCEL, about(sheet), style="danger", confirm=sure),
    )


def saved(words: Words) -> View:
    """Say that a change was kept."""
    return sessions.closed(words, words("sessions.saved"))


def called_off(words: Words) -> View:
    """Say that a session is off."""
    return sessions.closed(words, words("sessions.called_off"))
