"""Reads what people type about a squad; raises BadInput with a code whose sentence has an example.

Every reader is shared by the typed command and the form, so that both accept the same words.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from typing import Final

from bot import clock
from bot.errors import BadInput
from bot.rules import calendar, commands
from bot.rules.people import IndividualFigures, Role, Status
from bot.rules.squads import (
    LINK_LIMIT,
    NAME_LIMIT,
    TAG_LIMIT,
    ChannelUse,
    PauseReason,
)

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLEAR: Final = frozenset({"none", "off", "-", "–"})

_JOINERS: Final = "\u200c\u200d"  # scripts and emoji need them
_DASHES: Final = re.compile(r"\s*(?:-|–|—|\.\.| to )\s*")
_PERCENT: Final = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{1,4})?)\s*%?")
_CHANNEL: Final = re.compile(r"[CG][A-Z0-9]{6,}")
_CHANNEL_LINK: Final = re.compile(r"https?://[^/\s]+/(?:archives|client/[A-Z0-9]+)/([CG][A-Z0-9]+)")
_QUOTED: Final = re.compile(r'"[^"]*"')
_ZONE: Final = re.compile(r"[A-Za-z_]+(?:/[A-Za-z0-9_+\-]+)+|UTC", re.IGNORECASE)
_SHOWN: Final = 60  # how much of an unreadable text an error repeats


@dataclass(frozen=True, slots=True)
class Named:
    """A command's text with the squad it named at its end, if it did."""

    text: str
    squad: str | None


def plain_text(text: str, *, limit: int, missing: str) -> str:
    """Return one line of text as it was meant: entities undone, invisible characters removed.

    Raises BadInput(`missing`) for an empty one and ("text_too_long", length, limit).
    """
    meant = commands.unescape(text)
    visible = "".join(
        " " if unicodedata.category(char) == "Cc" else char
        for char in meant
        if unicodedata.category(char) not in {"Cf", "Cs"} or char in _JOINERS
    )
    folded = " ".join(visible.split())
    if not folded.strip(_JOINERS):
        raise BadInput(missing)
    if len(folded) > limit:
        raise BadInput("text_too_long", length=len(folded), limit=limit)
    return folded


def squad_name(text: str) -> str:
    """Read a squad's name. Raises BadInput("squad_unnamed") or ("text_too_long")."""
    return plain_text(text.strip().strip('"“”„'), limit=NAME_LIMIT, missing="squad_unnamed")


def name_and_zone(text: str) -> tuple[str, str | None]:
    """Split `Kestrel Africa/Nairobi`: a last word that looks like a zone is the zone.

    Raises as `squad_name` and `clock.zone` do.
    """
    head, _, last = text.strip().rpartition(" ")
    if head and _ZONE.fullmatch(last):
        return squad_name(head), clock.zone(last)
    return squad_name(text), None


def squad_at_end(text: str, *, arguments: bool) -> Named:
    """Split `95% in Kestrel` into its text and the squad's name.

    Where a command takes no arguments of its own, all of the text is the name, with or without
    "in". Quoted parts are left alone.
    """
    text = text.strip()
    if not arguments:
        name = re.sub(r"^in\s+", "", text)
        return Named("", commands.unescape(name.strip('"')) or None)
    masked = _QUOTED.sub(lambda found: "q" * len(found[0]), text)
    found = re.search(r"(?<=\S)\s+in\s+(?=\S)", masked)
    if found is None:
        return Named(text, None)
    return Named(text[: found.start()], commands.unescape(text[found.end() :].strip().strip('"')))


def hours(text: str) -> tuple[time, time]:
    """Read `09:00-18:00`; an end before the start means the next day (a night shift).

    Raises BadInput("bad_hours") or what `clock.parse_time` raises, "working_hours_empty".
    """
    parts = _DASHES.split(text.strip())
    if len(parts) != 2:
        raise BadInput("bad_hours", text=text[:_SHOWN])
    start, end = (clock.parse_time(part) for part in parts)
    if start == end:
        raise BadInput("working_hours_empty", start=f"{start:%H:%M}", end=f"{end:%H:%M}")
    return start, end


def quiet_hours(text: str) -> tuple[time, time] | None:
    """Read `20:00-08:00`, or `off` as None.

    Raises BadInput("bad_quiet") or what `clock.parse_time` raises.
    """
    if text.strip().casefold() in {"off", "none"}:
        return None
    try:
        return hours(text)
    except BadInput as error:
        if error.code == "bad_hours":
            raise BadInput("bad_quiet", text=text[:_SHOWN]) from error
        raise


def weekdays(text: str) -> frozenset[int]:
    """Read `mon-fri`, `sun-thu`, `mon, wed, fri`; 0 is Monday.

    Raises BadInput("no_working_days") for an empty text, ("bad_days", text) for anything else.
    """
    wanted: set[int] = set()
    spelt = _DASHES.sub("-", text.strip().casefold())
    for word in re.split(r"[\s,;/+]+", spelt):
        if word in {"", "and"}:
            continue
        ends = [_weekday(part, text) for part in word.split("-")]
        if len(ends) > 2:
            raise BadInput("bad_days", text=text[:_SHOWN])
        span = (ends[-1] - ends[0]) % 7
        wanted |= {(ends[0] + step) % 7 for step in range(span + 1)}
    if not wanted:
        raise BadInput("no_working_days")
    return frozenset(wanted)


def _weekday(word: str, text: str) -> int:
    if len(word) < 3 or word[:3] not in WEEKDAYS:
        raise BadInput("bad_days", text=text[:_SHOWN])
    return WEEKDAYS.index(word[:3])


def checked_days(values: Iterable[str]) -> frozenset[int]:
    """Read the ticked boxes of a form, digits of weekdays."""
    return frozenset(int(value) for value in values if value in set("0123456"))


def target(text: str) -> float | None:
    """Read a quality target as a share: `95%`, `95`, `0.95`; `none` clears it.

    Up to 1 it is read as a share unless a percent sign follows. Raises BadInput("bad_target").
    """
    stripped = text.strip()
    if stripped.casefold() in CLEAR:
        return None
    found = _PERCENT.fullmatch(stripped)
    if found is None:
        raise BadInput("bad_target", text=text[:_SHOWN])
    number = float(found[1].replace(",", "."))
    share = number if number <= 1 and "%" not in stripped else number / 100
    if not 0 < share <= 1:
        raise BadInput("bad_target", text=text[:_SHOWN])
    return round(share, 6)


def place(text: str) -> tuple[str | None, str | None]:
    """Read the country of the holidays and its subdivision: `DE`, `DE BY`, `de-by`, `none`.

    Raises BadInput("no_country") and what `calendar.check_country` raises.
    """
    typed = text.strip()
    if not typed:
        raise BadInput("no_country")
    if typed.casefold() in CLEAR:
        return None, None
    country, *subdivision = re.split(r"[\s,-]+", typed, maxsplit=1)
    return calendar.check_country(country, subdivision[0] if subdivision else None)


def figures(text: str) -> IndividualFigures:
    """Read who sees figures about one person. Raises BadInput("bad_figures")."""
    folded = "".join(text.casefold().split())
    try:
        return IndividualFigures(folded)
    except ValueError:
        raise BadInput("bad_figures", text=text[:_SHOWN]) from None


def roles(words: Iterable[str]) -> frozenset[Role]:
    """Read roles by name, plurals and commas allowed. Raises BadInput("unknown_role", role)."""
    found: set[Role] = set()
    for word in words:
        folded = word.strip(",;+").casefold()
        if folded in {"", "and"}:
            continue
        known = {role.value: role for role in Role}
        role = known.get(folded) or known.get(folded.removesuffix("s"))
        if role is None:
            raise BadInput("unknown_role", role=commands.unescape(word)[:_SHOWN])
        found.add(role)
    return frozenset(found)


def status(words: list[str]) -> tuple[Status, PauseReason | None]:
    """Read `active`, `onboarding` or `paused REASON`.

    Raises BadInput: "no_status", "unknown_status", "status_needs_second", "pause_needs_reason".
    """
    wanted = commands.unescape(words[0]).casefold() if words else ""
    if wanted in {Status.PROBATION.value, Status.OFFBOARDED.value}:
        raise BadInput("status_needs_second")
    if not wanted:
        raise BadInput("no_status")
    if wanted not in {Status.ONBOARDING.value, Status.ACTIVE.value, Status.PAUSED.value}:
        raise BadInput("unknown_status", status=wanted[:_SHOWN])
    if wanted != Status.PAUSED.value:
        return Status(wanted), None
    reason = "-".join(words[1:]).casefold()
    try:
        return Status.PAUSED, PauseReason(reason)
    except ValueError:
        raise BadInput("pause_needs_reason", reason=reason[:_SHOWN]) from None


def tags(words: Iterable[str]) -> tuple[str, ...]:
    """Read worker tags: lower case, each once. Raises BadInput("no_tags"), ("text_too_long")."""
    read = [
        plain_text(word, limit=TAG_LIMIT, missing="no_tags").casefold()
        for word in (word.strip(",") for word in words)  # a semicolon may end an entity
        if word and word not in {"+", "and"}
    ]
    if not read:
        raise BadInput("no_tags")
    return tuple(dict.fromkeys(read))


def link(text: str) -> str | None:
    """Read a meeting's link; empty is none. Raises BadInput("not_a_link"), ("text_too_long")."""
    address = commands.unescape(text.strip())
    if not address:
        return None
    if len(address) > LINK_LIMIT:
        raise BadInput("text_too_long", length=len(address), limit=LINK_LIMIT)
    if not re.fullmatch(r"https?://[^\s<>|\"]+", address):
        raise BadInput("not_a_link", link=address[:_SHOWN])
    return address


def channel_id(text: str) -> str | None:
    """Read a channel as a mention, a copied link or an id; `none` and empty are none.

    Raises BadInput("not_a_channel", channel): Slack's forms and typed names do not say the id.
    """
    typed = commands.unescape(text.strip())
    if not typed or typed.casefold() in CLEAR:
        return None
    mentioned = commands.channels(typed)
    if mentioned:
        return mentioned[0]
    copied = _CHANNEL_LINK.search(typed)
    if copied:
        return copied[1]
    if _CHANNEL.fullmatch(typed):
        return typed
    raise BadInput("not_a_channel", channel=typed[:_SHOWN])


def channels(text: str) -> dict[ChannelUse, str | None]:
    """Read `team #a questions #b digest none`. Raises BadInput("bad_channels") and the above."""
    uses = {use.value: use for use in ChannelUse}
    found: dict[ChannelUse, str | None] = {}
    pending: ChannelUse | None = None
    for word in text.replace("=", " ").split():
        use = uses.get(word.casefold())
        if pending is None:
            if use is None or use in found:
                raise BadInput("bad_channels")
            pending = use
        else:
            found[pending] = channel_id(word)
            pending = None
    if not found or pending is not None:
        raise BadInput("bad_channels")
    return found
