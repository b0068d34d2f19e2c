"""What was drawn from a week, as a table for whoever wants to check it."""

from collections.abc import Sequence
from typing import Final

from bot.rules.frames import Explained
from bot.rules.sampling import IsoWeek
from bot.views import blocks
from bot.views.reports import Sheet
from bot.views.words import Words

_COLUMNS: Final = (
    "draws.column.contributor",
    "draws.column.cut",
    "draws.column.seed",
    "draws.column.size",
    "draws.column.prefix",
    "draws.column.probability",
    "draws.column.audited",
    "draws.column.skipped",
    "draws.column.open",
    "draws.column.expired",
    "draws.column.again",
)
_AGAIN: Final = {
    True: "draws.again.same",
    False: "draws.again.different",
    None: "draws.again.changed",
}


def week_name(week: IsoWeek) -> str:
    """Return a week as it is typed: 2026-W11."""
    return f"{week.year:04}-W{week.week:02}"


def sheet(
    words: Words, squad: str, project: str, week: IsoWeek, found: Sequence[Explained]
) -> Sheet:
    """Return a week's frames with their coverage, and the order of their draws below."""
    return Sheet(
        title=words(
            "draws.title",
            squad=blocks.clean(squad),
            project=blocks.clean(project),
            week=week_name(week),
        ),
        columns=tuple(words(key) for key in _COLUMNS),
        rows=tuple(_row(words, one) for one in found),
        notes=(
            *(
                words(
                    "draws.order",
                    contributor=blocks.clean(one.contributor),
                    cut=_cut(one),
                    tasks=", ".join(blocks.clean(task) for task in one.tasks),
                )
                for one in found
            ),
            words("draws.note"),
        ),
    )


def _cut(one: Explained) -> str:
    return f"{one.frame.cut_at:%Y-%m-%d %H:%M}"


def _row(words: Words, one: Explained) -> tuple[str, ...]:
    frame, coverage = one.frame, one.coverage
    return (
        blocks.clean(one.contributor),
        _cut(one),
        frame.seed,
        str(frame.size),
        str(frame.prefix),
        f"{frame.prefix / frame.size:.3f}",
        str(coverage.audited),
        str(coverage.skipped),
        str(coverage.open),
        str(coverage.expired),
        words(_AGAIN[one.redrawn]),
    )
