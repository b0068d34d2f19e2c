"""Sessions as people read them: the one message, lines of Today, and what opens from them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.rules.payloads import Payload
from bot.rules.sessions import Own, Phase, Rsvp, SessionKind, Sheet
from bot.views import arrival, blocks
from bot.views.blocks import Block, Message, View
from bot.views.outbox import Line
from bot.views.words import Words

YES: Final = "sessions.yes"
NO: Final = "sessions.no"
SHOW: Final = "sessions.show"
TAKE: Final = "sessions.take"

LINK_IN_LINE: Final = 120
"""A line of Today has 300 characters; a longer link stands behind its button."""


class AboutSession(Payload):
    """The session that a button or form is about."""

    session_id: int


def about(sheet: Sheet) -> str:
    """Return the payload that names a session."""
    return AboutSession(session_id=sheet.session.id).encode()


def _kind(words: Words, which: SessionKind) -> str:
    return words(f"sessions.kind.{which.value}")


def title(words: Words, sheet: Sheet) -> str:
    """Return what a session is called, in mrkdwn."""
    return words(
        "sessions.title",
        kind=_kind(words, sheet.session.kind),
        title=blocks.escape(sheet.session.title),
    )


def when(words: Words, sheet: Sheet) -> str:
    """Return when it is, on each reader's own clock."""
    session = sheet.session
    return words(
        "sessions.when",
        start=arrival.token(words, session.starts_at, sheet.zone),
        end=arrival.token(words, session.ends_at, sheet.zone),
    )


def _where(words: Words, sheet: Sheet) -> list[str]:
    link = sheet.session.link
    return [blocks.link(link, words("sessions.link"))] if link else []


def _for(words: Words, sheet: Sheet) -> str:
    return words(f"sessions.for.{sheet.session.audience.value}", squad=blocks.escape(sheet.squad))


def counts(words: Words, sheet: Sheet) -> str:
    """Return how many come, without a name."""
    return words("sessions.counts", yes=sheet.coming, no=sheet.not_coming)


def facts(words: Words, sheet: Sheet) -> list[Block]:
    """Return what a session is, when and where."""
    lines = [f"*{title(words, sheet)}*", when(words, sheet), *_where(words, sheet)]
    return [blocks.section("\n".join(lines))]


def answers(words: Words, sheet: Sheet) -> list[Block]:
    """Return the two buttons by which one says whether one comes."""
    return [
        blocks.button(words("sessions.yes"), YES, about(sheet), style="primary"),
        blocks.button(words("sessions.no"), NO, about(sheet)),
    ]


def take(words: Words, sheet: Sheet) -> Block:
    """Return the button that opens the quiz, or one's results."""
    return blocks.button(words("sessions.take"), TAKE, about(sheet), style="primary")


def quiz_line(words: Words, own: Own) -> Line:
    """Return the quiz as a line of Today; done once it was taken."""
    text = words("sessions.line.quiz", title=title(words, own.sheet))
    return Line(text, take(words, own.sheet), done=own.taken)


def _status(words: Words, sheet: Sheet, now: datetime) -> list[str]:
    session = sheet.session
    said = {
        Phase.RUNNING: words("sessions.running"),
        Phase.OVER: words("sessions.over"),
        Phase.CANCELLED: words("sessions.cancelled"),
    }.get(session.phase(now))
    found = [said] if said else []
    if session.revision > 1 and session.phase(now) is Phase.COMING:
        found.append(words("sessions.moved"))
    return found


def post(words: Words, sheet: Sheet, now: datetime) -> Message:
    """Return the one message in the channel as the session stands."""
    session = sheet.session
    phase = session.phase(now)
    said = title(words, sheet)
    if phase is Phase.CANCELLED:
        text = words("sessions.cancelled.post", title=said, when=when(words, sheet))
        return blocks.message(said, [blocks.section(text)])
    small = [*_status(words, sheet, now), _for(words, sheet), counts(words, sheet)]
    if phase is Phase.OVER and session.attended is not None:
        small[-1] = words.plural("sessions.attended", session.attended)
    buttons = [blocks.button(words("sessions.details"), SHOW, about(sheet))]
    if phase is not Phase.OVER:
        buttons = [*answers(words, sheet), *buttons]
    elif sheet.questions and session.quiz_open(now):
        buttons.insert(0, take(words, sheet))
    parts = [*facts(words, sheet), blocks.actions(*buttons), blocks.context(" · ".join(small))]
    return blocks.message(said, parts)


def _about_line(words: Words, key: str, sheet: Sheet) -> str:
    """Return a line; what is long comes last, for a date or link cut in two would be none."""
    start = arrival.token(words, sheet.session.starts_at, sheet.zone)
    link = "".join(_where(words, sheet))
    ahead = f"{start} · {link}" if link and len(link) <= LINK_IN_LINE else start
    return f"{ahead} · {words(key, title=title(words, sheet))}"


def _open(words: Words, sheet: Sheet) -> Block:
    return blocks.button(words("sessions.details"), SHOW, about(sheet))


def day_line(words: Words, own: Own, now: datetime) -> Line:
    """Return the session as a line on its day; done once it is off, or they said no."""
    sheet = own.sheet
    key = "sessions.line.yes" if own.answer is Rsvp.YES else "sessions.line.open"
    gone = own.answer is Rsvp.NO or sheet.session.phase(now) in {Phase.OVER, Phase.CANCELLED}
    return Line(_about_line(words, key, sheet), _open(words, sheet), done=gone)


def moved_line(words: Words, own: Own, now: datetime) -> Line:
    """Tell somebody who comes of its new time."""
    sheet = own.sheet
    gone = own.answer is Rsvp.NO or sheet.session.phase(now) in {Phase.OVER, Phase.CANCELLED}
    return Line(_about_line(words, "sessions.line.moved", sheet), _open(words, sheet), done=gone)


def cancelled_line(words: Words, own: Own) -> Line:
    """Tell somebody who would have come that it is off."""
    sheet = own.sheet
    return Line(_about_line(words, "sessions.line.cancelled", sheet))


def soon_line(words: Words, own: Own, now: datetime) -> Line:
    """Return the reminder as a line, for whom the day's messages are used up."""
    gone = own.sheet.session.phase(now) is not Phase.COMING
    return Line(_about_line(words, "sessions.line.soon", own.sheet), done=gone)


def soon(words: Words, own: Own) -> Message:
    """Return the message ten minutes before."""
    sheet = own.sheet
    text = words("sessions.soon", title=title(words, sheet))
    shown = "\n".join([text, when(words, sheet), *_where(words, sheet)])
    return blocks.message(text, [blocks.section(shown)])


def on_home(words: Words, found: Sequence[Own], now: datetime) -> list[Block]:
    """Return the sessions that come, or whose quiz waits, on Home."""
    parts = []
    for own in found:
        over = own.sheet.session.phase(now) is Phase.OVER
        if over:
            text = words("sessions.line.quiz", title=title(words, own.sheet))
            parts.append(blocks.section(f"• {text}", take(words, own.sheet)))
        else:
            line = day_line(words, own, now)
            parts.append(blocks.section(f"• {line.text}", line.button))
    return parts


def answered(words: Words, own: Own) -> Message:
    """Say that an answer was kept."""
    key = "sessions.kept.yes" if own.answer is Rsvp.YES else "sessions.kept.no"
    return blocks.message(words(key, title=title(words, own.sheet)))


def shown(words: Words, own: Own, now: datetime) -> View:
    """Return a session to somebody who does not manage it: what it is, and what they said."""
    sheet = own.sheet
    parts = facts(words, sheet)
    if own.answer is not None:
        key = "sessions.own.yes" if own.answer is Rsvp.YES else "sessions.own.no"
        parts.append(blocks.section(words(key)))
    phase = sheet.session.phase(now)
    if own.invited and phase in {Phase.COMING, Phase.RUNNING}:
        parts.append(blocks.actions(*answers(words, sheet)))
    if own.may_take(now):
        parts.append(blocks.actions(take(words, sheet)))
    small = [*_status(words, sheet, now), _for(words, sheet), counts(words, sheet)]
    parts.append(blocks.context(" · ".join(small)))
    return closed_with(words, parts, about(sheet))


def closed_with(words: Words, parts: Sequence[Block], metadata: str = "") -> View:
    """Return a modal that only shows something; with `metadata` its buttons know where they are."""
    return blocks.modal(
        words("sessions.modal"),
        "sessions.shown",
        parts,
        submit=None,
        close=words("common.close"),
        metadata=metadata,
    )


def closed(words: Words, text: str) -> View:
    """Return what stands in place of a form that was sent; `text` is mrkdwn."""
    return closed_with(words, [blocks.section(text)])
