"""Figures as people read them: shares, intervals, counts and times, unknown ones as a dash."""

from bot.rules.numbers import Rate, Spread
from bot.views.words import Words

_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86_400.0


def percent(words: Words, share: float | None) -> str:
    """Return a measured share with one decimal, but at the very ends; a dash if unknown."""
    if share is None:
        return words("figures.unknown")
    return words("figures.percent", percent=f"{share * 100:.{0 if share in (0, 1) else 1}f}")


def goal(words: Words, share: float) -> str:
    """Return a target as people say it: 95%, 97.5%."""
    return words("figures.percent", percent=f"{share * 100:.4g}")


def points(delta: float) -> str:
    """Return a change of a share in points (hundredths), with its sign."""
    # A minus, not a hyphen: the latter may end a line.
    return f"{delta * 100:+.1f}".replace("-", "−")


def interval(words: Words, score: Rate) -> str:
    """Return the interval of a rate; a dash if unknown."""
    if score.low is None or score.high is None:
        return words("figures.unknown")
    low, high = percent(words, score.low), percent(words, score.high)
    return words("figures.interval", low=low, high=high)


def number(n: int) -> str:
    """Return a count with a thin space between thousands, which every language understands."""
    return f"{n:,}".replace(",", "\u202f")


def time(words: Words, seconds: float | None) -> str:
    """Return a time in the unit that people would use, with two or three digits."""
    if seconds is None:
        return words("figures.unknown")
    for unit, size in (("days", _DAY), ("hours", _HOUR), ("minutes", _MINUTE)):
        if seconds >= 2 * size:
            return words(f"figures.{unit}", n=f"{seconds / size:.3g}")
    return words("figures.seconds", n=f"{seconds:.3g}")


def spread(words: Words, of: Spread) -> str:
    """Return median and 90th percentile of times in seconds; a dash if there were none."""
    if of.n == 0:
        return words("figures.unknown")
    return words("figures.spread", median=time(words, of.median), p90=time(words, of.p90))
