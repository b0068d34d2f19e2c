"""A person's own quiet hours: what they are, and the form that changes them."""

from datetime import datetime
from typing import Final

from bot import clock
from bot.rules.quiet import Field, Quiet
from bot.views import arrival, blocks
from bot.views.blocks import Message, View
from bot.views.words import Words

FORM: Final = "quiet.form"
_TIME_LENGTH: Final = 5


def told(words: Words, found: Quiet, now: datetime) -> Message:
    """Say when a person is written nothing."""
    lines = []
    if found.hours is not None:
        start, end = found.hours
        lines.append(
            words("quiet.hours", start=f"{start:%H:%M}", end=f"{end:%H:%M}", zone=found.zone)
        )
    if found.until is not None and found.until > now:
        moment = arrival.moment(words, found.until, found.zone)
        lines.append(words("quiet.until", moment=moment, zone=found.zone))
    lines.append(words("quiet.end" if lines else "quiet.off"))
    return blocks.message("\n".join(lines))


def kept(words: Words, found: Quiet, now: datetime) -> View:
    """Return what takes the place of the form once it is kept."""
    said = told(words, found, now)["text"]
    return blocks.modal(
        words("quiet.form.title"),
        "quiet.kept",
        [blocks.section(said)],
        submit=None,
        close=words("common.close"),
    )


def form(words: Words, found: Quiet, now: datetime) -> View:
    """Return the form: quiet hours of every day, and quiet until a time, once."""
    start, end = found.hours or (None, None)
    until = found.until if found.until is not None and found.until > now else None
    local = None if until is None else clock.to_local(until, found.zone)
    given = {Field.START: start, Field.END: end, Field.UNTIL: local}
    parts = [blocks.context(words("quiet.form.what", zone=found.zone))]
    parts += [
        blocks.field(
            words(f"quiet.form.{name.value}"),
            blocks.text_input(
                name.value,
                initial=None if at is None else f"{at:%H:%M}",
                max_length=_TIME_LENGTH,
            ),
            block_id=name.value,
            optional=True,
        )
        for name, at in given.items()
    ]
    return blocks.modal(
        words("quiet.form.title"),
        FORM,
        parts,
        submit=words("common.save"),
        close=words("common.cancel"),
    )
