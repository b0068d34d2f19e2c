"""Days as people read them, in the words of their language."""

from datetime import date

from bot.views.words import Words


def day(words: Words, value: date) -> str:
    """Return a day as in `Thu 24 Dec 2026`."""
    return words(
        "date.day",
        weekday=words(f"date.weekday.{value.weekday()}"),
        day=value.day,
        month=words(f"date.month.{value.month}"),
        year=value.year,
    )


def span(words: Words, first: date, last: date) -> str:
    """Return days from first to last, both included, or the one day."""
    if first == last:
        return day(words, first)
    return words("date.span", first=day(words, first), last=day(words, last))
