"""Why a score moved, in words: at most three parts with n and interval, the rest not explained."""

from typing import Final

from bot.rules.changes import OF_ERRORS, Breakdown, Cause, Dimension, Part
from bot.rules.why import Why
from bot.views import blocks, dates, figures
from bot.views.blocks import View
from bot.views.words import Words

_LEVEL: Final = 80
"""Characters of the name of a batch, a version, a category or a section."""
_NOTHING: Final = 0.0005
"""Less than a twentieth of a point is shown as no change."""


def lines(words: Words, found: Why) -> list[str]:
    """Return the change and its parts, a line each."""
    breakdown = found.breakdown
    told = [_head(words, breakdown)]
    if not breakdown.named:
        return [*told, words("why.nothing")]
    told += [
        words(
            "why.part",
            what=_sentence(words, part, breakdown),
            points=figures.points(part.effect),
            low=figures.points(part.low),
            high=figures.points(part.high),
        )
        for part in breakdown.named
    ]
    if abs(breakdown.unexplained) >= _NOTHING:
        told.append(words("why.rest", points=figures.points(breakdown.unexplained)))
    return told


def shown(words: Words, found: Why) -> View:
    """Return the same as a window, with how it was reckoned."""
    head = words(
        "why.list.head",
        project=blocks.escape(found.project),
        now=dates.span(words, found.now.first, found.now.last),
        before=dates.span(words, found.before.first, found.before.last),
    )
    how = words("why.list.how", compared=found.breakdown.compared)
    parts = [
        blocks.section(head),
        blocks.section("\n".join(lines(words, found))),
        blocks.context(how),
    ]
    return blocks.modal(
        words("why.title"), "why.title", parts, submit=None, close=words("common.close")
    )


def _head(words: Words, breakdown: Breakdown) -> str:
    before = figures.percent(words, breakdown.before)
    n = figures.number(breakdown.n_before)
    if abs(breakdown.change) < _NOTHING:
        return words("why.head.same", before=before, n=n)
    return words("why.head", before=before, n=n, points=figures.points(breakdown.change))


def _sentence(words: Words, part: Part, breakdown: Breakdown) -> str:
    level = _named(words, part)
    given = {
        "what": level,
        "now": figures.percent(words, part.now),
        "before": figures.percent(words, part.before),
    }
    if part.cause is Cause.MIX:
        return words("why.mix", **given)
    given |= {"n": figures.number(part.n), "n_before": figures.number(part.n_before)}
    given["what"] = level[:1].upper() + level[1:]
    if part.dimension in OF_ERRORS:
        return words("why.errors", **given)
    # A level that hardly existed before is held against all the work then.
    is_new = part.n_before == breakdown.n_before
    return words("why.rate.new" if is_new else "why.rate", **given)


def _named(words: Words, part: Part) -> str:
    dimension = part.dimension
    if part.level is None:
        return words(f"why.none.{dimension.value}")
    if dimension is Dimension.TENURE:
        return words(f"why.level.tenure.{part.level}")
    level = blocks.escape(blocks.clip(part.level, _LEVEL))
    return words(f"why.level.{dimension.value}", level=level)
