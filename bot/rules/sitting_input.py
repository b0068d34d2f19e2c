"""What is typed behind `/audit start`, `next` and the like, and where draws are then taken from."""

import re
from collections.abc import Sequence
from datetime import datetime, time
from typing import Final

from bot import clock
from bot.errors import BadInput, NotFound
from bot.rules.commands import unescape, users, without_mentions
from bot.rules.sittings import MOST, USUAL, Place, StartRequest

START: Final = "start"
NEXT: Final = "next"
RESUME: Final = "resume"
STOP: Final = "stop"

_COUNT = re.compile(r"[+-]?\d+")
_HOUR = re.compile(r"(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?\s?(?P<half>[ap]m)?", re.IGNORECASE)


def parse_start(text: str) -> StartRequest:
    """Read what stands behind `/audit start`: `200 by 17:00 @ana @bo in Boxes`, all of it optional.

    Raises BadInput("sitting_count", "bad_time", "sitting_arguments").
    """
    people = tuple(users(text))
    rest = unescape(without_mentions(text)).strip()
    rest, _, place = _split(rest, "in")
    rest, found, hour = _split(rest, "by")
    count = rest.strip()
    if count and not _COUNT.fullmatch(count):
        raise BadInput("sitting_arguments")
    if found and not hour:
        raise BadInput("bad_time", text="")
    return StartRequest(
        count=checked_count(int(count)) if count else USUAL,
        by=read_hour(hour) if hour else None,
        user_ids=people,
        place=place or None,
    )


def _split(text: str, word: str) -> tuple[str, bool, str]:
    """Split at the last such word that stands alone: what is before, whether it is there, after."""
    before, found, after = f" {text} ".rpartition(f" {word} ")
    return (before.strip(), True, after.strip()) if found else (text, False, "")


def parse_place(text: str) -> str | None:
    """Read `in Boxes` behind a word that needs no more. Raises BadInput("sitting_arguments")."""
    rest, found, place = _split(text.strip(), "in")
    if rest or (found and not place):
        raise BadInput("sitting_arguments")
    return place or None


def checked_count(count: int) -> int:
    """Return how many tasks are asked for. Raises BadInput("sitting_count")."""
    if not 1 <= count <= MOST:
        raise BadInput("sitting_count", limit=MOST)
    return count


def read_hour(text: str) -> time:
    """Read `17:00`, `17` or `5pm`. Raises BadInput("bad_time")."""
    match = _HOUR.fullmatch(text.strip())
    if match is None:
        return clock.parse_time(text)
    hour, minute, half = int(match["hour"]), int(match["minute"] or 0), match["half"]
    if half is not None:
        if not 1 <= hour <= 12:
            raise BadInput("bad_time", text=text)
        hour = hour % 12 + (12 if half.casefold() == "pm" else 0)
    return clock.parse_time(f"{hour:02}:{minute:02}")


def due(by: time | None, zone: str, now: datetime) -> datetime | None:
    """Return the instant of a wall-clock time today. Raises BadInput("sitting_past")."""
    if by is None:
        return None
    at = clock.to_utc(clock.local_day(now, zone), by, zone)
    if at <= now:
        local = clock.to_local(now, zone)
        raise BadInput("sitting_past", by=f"{by:%H:%M}", now=f"{local:%H:%M}", zone=zone)
    return at


def shares(count: int, people: int) -> list[int]:
    """Split tasks evenly between auditors; who is named first gets one more where it must be."""
    each, more = divmod(count, people)
    return [each + (position < more) for position in range(people)]


def choose_place(places: Sequence[Place], named: str | None, here: frozenset[int]) -> Place:
    """Resolve where to draw from: by name, then by the channel's squads, then the only one.

    Raises NotFound("sitting_place", "sitting_no_project"), BadInput("sitting_which").
    """
    if not places:
        raise NotFound("sitting_no_project")
    if named is not None:
        wanted = named.casefold()
        found = [place for place in places if wanted in place.names]
        if not found:
            known = ", ".join(sorted(place.name for place in places))
            raise NotFound("sitting_place", place=named, known=known)
    else:
        found = list(places)
    in_channel = [place for place in found if place.squad_id in here]
    if len(found) > 1 and in_channel:
        found = in_channel
    if len(found) > 1:
        raise BadInput("sitting_which", places=", ".join(sorted(place.name for place in found)))
    return found[0]
