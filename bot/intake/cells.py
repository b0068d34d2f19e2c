"""One cell becomes one value, or says why it cannot: text, instants, numbers, links, words.

Nothing is guessed: a day without a time of day, a date whose order of day and month is open, or a
number that reads two ways is refused.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from math import inf
from typing import Final, TypeVar

from bot import clock
from bot.errors import BadInput
from bot.rules.intake import Reason, Rejected

EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""No annotation tool is older; an earlier date is a clock that was never set."""

AHEAD: Final = timedelta(days=1)
"""How far in the future a time may lie: a zone mistaken, not a year."""

_SHOWN: Final = 60
_EPOCH_DIGITS: Final = {10: 1, 13: 1_000}  # 2001 to 2286, in seconds and in milliseconds
_PLAIN_LENGTH: Final = len("2026-03-04 05:06:07")
_OFFSET: Final = re.compile(r"(?:[Zz]|UTC|[+-][0-9]{2}(?::?[0-9]{2})?)$")
_SHORT_NUMBER: Final = 16
_DECIMAL: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_COMMA_DECIMAL: Final = re.compile(r"[0-9]+,[0-9]+")
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_LINK: Final = re.compile(r"https?://[^/?#]", re.IGNORECASE)
_LINE_BREAK: Final = re.compile("\r\n?")

Word = TypeVar("Word", bound=StrEnum | int)
Item = TypeVar("Item")


class CellError(Exception):
    """A cell cannot be what its column says; the row stays out."""

    def __init__(
        self, column: str | None, reason: Reason, fields: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(column, reason)
        self.column = column
        self.reason = reason
        self.fields = fields or {}

    def at(self, row: int) -> Rejected:
        """Return the rejection of that row."""
        return Rejected(row, self.column, self.reason, self.fields)


def refusal(column: str, reason: Reason, value: str) -> CellError:
    """Return the error that repeats what the cell said, cut short."""
    return CellError(column, reason, {"value": value[:_SHOWN]})


class Instants:
    """Reads instants; `assumed` counts those without offset, read in the stated zone.

    Reads what `clock.parse_instant` reads, and Unix time in seconds or milliseconds.
    """

    def __init__(self, zone: str, now: datetime) -> None:
        self.assumed = 0
        self._zone = zone
        self._latest = now + AHEAD
        self._offsets: dict[str, timedelta | None] = {}

    def read(self, text: str, column: str) -> datetime:
        """Return aware UTC; raises `CellError`."""
        try:
            if text.endswith("Z"):
                moment = datetime.fromisoformat(text)
                if moment.tzinfo is not UTC:
                    moment = self._slowly(text, column)
            elif len(text) == _PLAIN_LENGTH and text[10] in "T ":
                offset = self._offset(text[:10])
                if offset is None:
                    moment = self._slowly(text, column)
                else:
                    moment = datetime.fromisoformat(text + "Z") - offset
                    self.assumed += 1
            else:
                moment = self._slowly(text, column)
        except ValueError:
            moment = self._slowly(text, column)
        if EARLIEST <= moment <= self._latest:
            return moment
        reason = Reason.TOO_EARLY if moment < EARLIEST else Reason.IN_FUTURE
        raise refusal(column, reason, text)

    def _offset(self, day: str) -> timedelta | None:
        """Return the zone's offset if it holds all that day; raises ValueError for no date.

        Remembered by day: the answer for a million rows is that of a few hundred days.
        """
        if day in self._offsets:
            return self._offsets[day]
        first = date.fromisoformat(day)
        if not clock.FIRST_YEAR <= first.year <= clock.LAST_YEAR:
            return None
        begin, end = clock.day_range(first, first, self._zone)
        midnight = datetime(first.year, first.month, first.day, tzinfo=UTC)
        steady = end - begin == timedelta(days=1)
        offset = self._offsets[day] = midnight - begin if steady else None
        return offset

    def _slowly(self, text: str, column: str) -> datetime:
        if _DECIMAL.fullmatch(text) and text.isascii():
            return _from_epoch(text, column)
        try:
            moment = clock.parse_instant(text, self._zone)
        except BadInput as error:
            raise refusal(column, _instant_reason(error.code, text), text) from None
        if not _OFFSET.search(text, 11):
            self.assumed += 1
        return moment


def _instant_reason(code: str, text: str) -> Reason:
    if code == "instant_without_time":
        return Reason.DATE_ONLY
    if code == "date_out_of_range":
        return Reason.TOO_EARLY if text < str(EARLIEST.year) else Reason.IN_FUTURE
    return Reason.NOT_A_TIME


def _from_epoch(text: str, column: str) -> datetime:
    digits = len(text.partition(".")[0])
    if digits not in _EPOCH_DIGITS:
        reason = Reason.DATE_ONLY if digits == len("20260304") else Reason.NOT_A_TIME
        raise refusal(column, reason, text)
    return datetime.fromtimestamp(float(text) / _EPOCH_DIGITS[digits], UTC)


def name_text(text: str, column: str, limit: int) -> str:
    """Check what names or identifies something: one line, no control characters."""
    for character in text:
        if unicodedata.category(character) in {"Cc", "Zl", "Zp"}:
            raise CellError(column, Reason.CONTROL_CHARACTER)
    return _checked(text, column, limit)


def free_text(text: str, column: str, limit: int) -> str:
    """Check prose: line breaks and tabs stay, other control characters are taken out."""
    unified = _LINE_BREAK.sub("\n", text)
    kept = "".join(
        character
        for character in unified
        if character in "\n\t" or unicodedata.category(character) != "Cc"
    )
    return _checked(kept.strip(), column, limit)


def _checked(text: str, column: str, limit: int) -> str:
    if len(text) > limit:
        raise CellError(column, Reason.TOO_LONG, {"limit": limit, "length": len(text)})
    if any(unicodedata.category(character) == "Cs" for character in text):
        raise CellError(column, Reason.NOT_TEXT)
    return text


def link(text: str, column: str, limit: int) -> str:
    """Check an http or https address without blanks; it is only ever shown, never fetched."""
    if len(text) > limit:
        raise CellError(column, Reason.TOO_LONG, {"limit": limit, "length": len(text)})
    # Nearly every link is told by its first characters, in half the time of the pattern.
    begins = (text[:8] == "https://" and text[8:9] not in "/?#") or _LINK.match(text)
    if not begins or not text.isprintable() or " " in text:
        raise refusal(column, Reason.NOT_A_LINK, text)
    return text


def seconds(text: str, column: str, *, decimal_comma: bool) -> float:
    """Read a finite number of seconds, not negative.

    A comma is a decimal point only in files that cannot separate cells by it.
    """
    if len(text) < _SHORT_NUMBER and text.isascii() and text.isdigit():
        return float(text)  # a third of the time of what follows, and what most files say
    if decimal_comma and _COMMA_DECIMAL.fullmatch(text):
        text = text.replace(",", ".")
    if not _NUMBER.fullmatch(text):
        raise refusal(column, Reason.NOT_A_NUMBER, text)
    number = float(text)
    if number < 0:
        raise refusal(column, Reason.NEGATIVE, text)
    if number == inf:
        raise refusal(column, Reason.NOT_A_NUMBER, text)
    return number


def whole_number(text: str, column: str, limit: int) -> int:
    """Read a whole number from 0 to the limit; spreadsheets write 17.0 for 17."""
    number = seconds(text, column, decimal_comma=False)
    if not number.is_integer() or number > limit:
        raise refusal(column, Reason.NOT_A_NUMBER, text)
    return int(number)


def day(text: str, column: str) -> date:
    """Read `YYYY-MM-DD`."""
    try:
        return clock.parse_date(text)
    except BadInput:
        raise refusal(column, Reason.NOT_A_DATE, text) from None


def zone(text: str, column: str) -> str:
    """Read an IANA zone name in any case; returns its canonical spelling."""
    try:
        return clock.zone(text)
    except BadInput as error:
        fields = {"value": text[:_SHOWN], "suggestion": error.fields["suggestion"]}
        raise CellError(column, Reason.UNKNOWN_ZONE, fields) from None


def word(text: str, column: str, meanings: Mapping[str, Word]) -> Word:
    """Read one of the words that the column may hold, in any case."""
    meaning = meanings.get(text.casefold())
    if meaning is None:
        known = tuple(dict.fromkeys(map(str, meanings.values())))
        raise CellError(column, Reason.NOT_ONE_OF, {"value": text[:_SHOWN], "known": known})
    return meaning


def several(text: str, read: Callable[[str], Item]) -> tuple[Item, ...]:
    """Read a list separated by commas, semicolons, bars or line breaks; each once, in order."""
    parts: Iterable[str] = re.split(r"[,;|\n\r]", text)
    return tuple(dict.fromkeys(read(part.strip()) for part in parts if part.strip()))
