"""The form of `/coach`, what the member reads of it, and praise as the team reads it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.rules.coaching import (
    BODY_FIELD,
    BODY_LIMIT,
    PERSON_FIELD,
    CoachChoice,
    Coached,
    CoachingKind,
    CoachingNote,
)
from bot.rules.payloads import Payload
from bot.views import arrival, blocks
from bot.views.blocks import Block, Message, View
from bot.views.outbox import Line
from bot.views.words import Words

FORM: Final = "coaching.give"
THANK: Final = "coaching.thank"
SHARE: Final = "coaching.share"
READ: Final = "coaching.read"

KIND: Final = "coach_kind"

_MENU_HOLDS: Final = 100  # options of a static select


class Member(Payload):
    """A line of the form's menu: a person as a member of a squad."""

    squad_id: int
    person_id: int


class Prefilled(Payload):
    """What the form was opened with; a peer sends nothing for what was left as it was."""

    member: str | None
    kind: CoachingKind
    body: str


class About(Payload):
    """What a button is about; `here` says that it stands in the message about it."""

    coaching_id: int
    here: bool = False


def form(
    words: Words,
    found: Sequence[CoachChoice],
    *,
    kind: CoachingKind = CoachingKind.FEEDBACK,
    body: str = "",
) -> View:
    """Return the form; a person who is in several squads stands there once for each."""
    options = [_option(words, choice, found) for choice in found]
    people = blocks.menu(
        PERSON_FIELD,
        options,
        placeholder=words("coaching.form.person.placeholder"),
        initial=options[0] if len(options) == 1 else None,
    )
    kinds = [
        blocks.option(words(f"coaching.kind.{each.value}"), each.value) for each in CoachingKind
    ]
    radio: Block = {
        "type": "radio_buttons",
        "action_id": KIND,
        "options": kinds,
        "initial_option": kinds[list(CoachingKind).index(kind)],
    }
    member = str(options[0]["value"]) if len(options) == 1 else None
    text = blocks.text_input(BODY_FIELD, initial=body, multiline=True, max_length=BODY_LIMIT)
    small = [words("coaching.form.privacy")]
    if len(found) >= _MENU_HOLDS:
        small.append(words("coaching.form.more"))
    return blocks.modal(
        words("coaching.form.title"),
        FORM,
        [
            blocks.field(words("coaching.form.person"), people, block_id=PERSON_FIELD),
            blocks.field(words("coaching.form.kind"), radio, block_id=KIND),
            blocks.field(words("coaching.form.body"), text, block_id=BODY_FIELD),
            blocks.context(*small),
        ],
        submit=words("coaching.form.send"),
        close=words("common.cancel"),
        metadata=_prefilled(Prefilled(member=member, kind=kind, body=body)),
    )


def _prefilled(opened: Prefilled) -> str:
    """Return what the form carries; words too long for it stand in their field alone."""
    try:
        return opened.encode()
    except ValueError:
        return opened.model_copy(update={"body": ""}).encode()


def _option(words: Words, choice: CoachChoice, found: Sequence[CoachChoice]) -> Block:
    text = choice.person.name
    if len({each.squad_id for each in found}) > 1:
        text = words("coaching.form.person.in_squad", name=text, squad=choice.squad)
    value = Member(squad_id=choice.squad_id, person_id=choice.person.person_id)
    return blocks.option(text, value.encode())


def saved_sentence(words: Words, done: Coached, now: datetime) -> str:
    """Say when it is read, and by whom alone."""
    name = blocks.mention(done.person.user_id, done.person.name)
    return words("coaching.saved", arrival=arrival.sentence(words, done.arrival, name, now))


def saved(words: Words, done: Coached, now: datetime) -> View:
    """Return what stands in place of the form."""
    return blocks.modal(
        words("coaching.saved.title"),
        "coaching.saved",
        [blocks.section(saved_sentence(words, done, now))],
        submit=None,
        close=words("common.close"),
    )


def note(words: Words, told: CoachingNote, *, here: bool = True) -> Message:
    """Return the message to the member as it stands, with what they can do."""
    by = blocks.mention(told.by.user_id, told.by.name)
    title = words(f"coaching.message.{told.kind.value}", name=by)
    parts = [blocks.section(f"*{title}*\n{blocks.quote(told.body, BODY_LIMIT)}")]
    about = About(coaching_id=told.coaching_id, here=here).encode()
    buttons = []
    if told.acknowledged_at is None:
        buttons.append(blocks.button(words("coaching.thanks"), THANK, about, style="primary"))
    sharable = told.kind is CoachingKind.PRAISE and told.team_channel is not None
    if sharable and told.shared_at is None:
        buttons.append(blocks.button(words("coaching.share"), SHARE, about))
    if buttons:
        parts.append(blocks.actions(*buttons))
    small = []
    if told.acknowledged_at is not None:
        small.append(words("coaching.thanked"))
    if told.shared_at is not None:
        small.append(words("coaching.was_shared"))
    elif sharable:
        small.append(words("coaching.share.hint"))
    if small:
        parts.append(blocks.context(*small))
    return blocks.message(title, parts)


def line(words: Words, told: CoachingNote) -> Line:
    """Return the message as a line of Today, for whom the day's messages are used up."""
    by = blocks.mention(told.by.user_id, told.by.name)
    button = blocks.button(
        words("coaching.read"), READ, About(coaching_id=told.coaching_id).encode()
    )
    return Line(
        words(f"coaching.message.{told.kind.value}", name=by),
        button,
        done=told.acknowledged_at is not None,
    )


def shared(words: Words, told: CoachingNote) -> Message:
    """Return praise as the team reads it, once the praised person agreed."""
    title = words(
        "coaching.shared",
        name=blocks.mention(told.by.user_id, told.by.name),
        person=blocks.mention(told.person.user_id, told.person.name),
    )
    return blocks.message(
        title, [blocks.section(f"*{title}*\n{blocks.quote(told.body, BODY_LIMIT)}")]
    )
