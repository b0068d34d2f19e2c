"""Time off: the form, the list with its buttons, and receipts; reasons only to their owner."""

from collections.abc import Sequence
from typing import Final

from bot.rules.payloads import Nothing, Payload
from bot.rules.timeoff import REASON_LIMIT, Absence, AwayOfSquad, Coming, Field, Noted
from bot.views import blocks, dates
from bot.views.blocks import Block, Message, View
from bot.views.words import Words

FORM: Final = "timeoff.form"
CANCEL: Final = "timeoff.cancel"
OPEN: Final = "timeoff.open"

CHECKBOXES: Final = 10  # docs.slack.dev/reference/block-kit: the most that a group may have
OWN_SHOWN: Final = 20
AWAY_SHOWN: Final = 15


class CancelTimeOff(Payload):
    """A button that takes one's own absence back; `listed` stands in a list of several."""

    absence_id: int
    listed: bool = False


def form(words: Words, coming: Coming) -> View:
    """Return the form: a first and a last day, a reason, and what is planned, to take back."""
    parts = [
        _day(words, Field.FIRST, optional=bool(coming.own)),
        _day(words, Field.LAST, optional=True),
        blocks.field(
            words("timeoff.form.reason"),
            blocks.text_input(Field.REASON.value, max_length=REASON_LIMIT),
            block_id=Field.REASON.value,
            optional=True,
            hint=words("timeoff.form.reason_hint"),
        ),
    ]
    if coming.own:
        parts += [blocks.divider(), _to_cancel(words, coming.own[:CHECKBOXES])]
    if len(coming.own) > CHECKBOXES:
        parts.append(blocks.context(words("timeoff.form.more", n=len(coming.own) - CHECKBOXES)))
    return blocks.modal(
        words("timeoff.form.title"),
        FORM,
        parts,
        submit=words("common.save"),
        close=words("common.cancel"),
    )


def _day(words: Words, name: Field, *, optional: bool) -> Block:
    picker: Block = {
        "type": "datepicker",
        "action_id": name.value,
        "placeholder": blocks.plain(words("timeoff.form.choose_day")),
    }
    return blocks.field(
        words(f"timeoff.form.{name.value}"), picker, block_id=name.value, optional=optional
    )


def _to_cancel(words: Words, own: Sequence[Absence]) -> Block:
    boxes: Block = {
        "type": "checkboxes",
        "action_id": Field.CANCEL.value,
        "options": [
            blocks.option(dates.span(words, each.first, each.last), str(each.absence_id))
            for each in own
        ],
    }
    return blocks.field(
        words("timeoff.form.take_back"), boxes, block_id=Field.CANCEL.value, optional=True
    )


def coming_list(words: Words, coming: Coming) -> Message:
    """Return one's own coming time off with buttons, then who of managed squads is away when."""
    title = words.plural("timeoff.list.title", len(coming.own))
    if not coming.own:
        title = words("timeoff.list.none")
    parts = [blocks.section(f"*{title}*" if coming.own else title)]
    parts += [own_line(words, each) for each in coming.own[:OWN_SHOWN]]
    if len(coming.own) > OWN_SHOWN:
        parts.append(blocks.context(words("common.and_more", n=len(coming.own) - OWN_SHOWN)))
    parts += [_squad(words, squad) for squad in coming.squads]
    parts.append(blocks.actions(add_button(words)))
    return blocks.message(title, blocks.fit(parts, words("timeoff.list.cut")))


def own_line(words: Words, absence: Absence) -> Block:
    """Return one's own absence, with its reason, and the button that takes it back."""
    text = dates.span(words, absence.first, absence.last)
    if absence.reason:
        reason = blocks.escape(blocks.clip(" ".join(absence.reason.split()), 200))
        text = words("timeoff.list.with_reason", days=text, reason=reason)
    payload = CancelTimeOff(absence_id=absence.absence_id, listed=True)
    return blocks.section(
        text, blocks.button(words("timeoff.list.cancel"), CANCEL, payload.encode())
    )


def add_button(words: Words) -> Block:
    """Return the button that opens the form."""
    return blocks.button(words("timeoff.list.add"), OPEN, Nothing().encode())


def _squad(words: Words, squad: AwayOfSquad) -> Block:
    name = blocks.escape(squad.squad)
    if not squad.away:
        return blocks.section(words("timeoff.squad.nobody", squad=name))
    lines = [words("timeoff.squad.title", squad=name)]
    lines += [
        words(
            "timeoff.squad.item",
            person=blocks.escape(person.name),
            days=dates.span(words, absence.first, absence.last),
        )
        for person, absence in squad.away[:AWAY_SHOWN]
    ]
    if len(squad.away) > AWAY_SHOWN:
        lines.append(words("common.and_more", n=len(squad.away) - AWAY_SHOWN))
    return blocks.section("\n".join(lines))


def receipt(words: Words, noted: Noted) -> str:
    """Return what became of it, as mrkdwn; the days, and what follows from them."""
    lines = [
        words("timeoff.cancelled", days=dates.span(words, each.first, each.last))
        for each in noted.cancelled
    ]
    if noted.absence is not None:
        key = "timeoff.unchanged" if noted.unchanged else "timeoff.noted"
        key = "timeoff.joined" if noted.joined else key
        days = dates.span(words, noted.absence.first, noted.absence.last)
        lines += [
            words(key, days=days, length=words.plural("timeoff.days", noted.absence.days)),
            words("timeoff.follows"),
        ]
    return "\n".join(lines)


def noted_message(words: Words, noted: Noted) -> Message:
    """Return the receipt as a message, with the button that takes it back."""
    text = receipt(words, noted)
    parts = [blocks.section(text)]
    if noted.absence is not None:
        payload = CancelTimeOff(absence_id=noted.absence.absence_id)
        button = blocks.button(words("timeoff.list.cancel"), CANCEL, payload.encode())
        parts.append(blocks.actions(button))
    return blocks.message(text, parts)


def noted_view(words: Words, noted: Noted) -> View:
    """Return the receipt in place of the form."""
    return blocks.modal(
        words("timeoff.form.title"),
        "timeoff.saved",
        [blocks.section(receipt(words, noted))],
        submit=None,
        close=words("common.close"),
    )


def cancelled(words: Words, absence: Absence) -> Message:
    """Return the receipt of one absence taken back."""
    days = dates.span(words, absence.first, absence.last)
    return blocks.message(words("timeoff.cancelled", days=days))
