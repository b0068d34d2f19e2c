"""A quality report as a table for people, with n and interval beside every rate."""

from dataclasses import dataclass

from bot.rules.audits import SCORING_ORIGIN
from bot.rules.numbers import Rate
from bot.rules.quality import QualityGroup, QualityReport
from bot.rules.reports import Breakdown
from bot.views import blocks, dates, figures
from bot.views.words import Words


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: the first column is text, the others are figures; `notes` stand below."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]


def sheet(words: Words, squad: str, report: QualityReport, by: Breakdown | None) -> Sheet:
    """Return a report as a table; what is unknown is a dash."""
    return Sheet(
        title=words(
            "reports.title",
            squad=blocks.clean(squad),
            project=blocks.clean(report.project),
            span=dates.span(words, report.from_, report.to),
        ),
        columns=_columns(words, by),
        rows=tuple(_row(words, group, by) for group in report.groups),
        notes=_notes(words, report, by),
    )


def _columns(words: Words, by: Breakdown | None) -> tuple[str, ...]:
    names = ["rate", "interval", "n", "errors", "errors_per_audit"]
    if by is not Breakdown.CATEGORY:  # submissions and times belong to no error category
        names += ["submissions", "time_per_item", "turnaround"]
    special = {"rate": "rate.category"} if by is Breakdown.CATEGORY else {}
    key = f"key.{by.value}" if by else "key"
    return tuple(words(f"reports.column.{special.get(name, name)}") for name in (key, *names))


def _row(words: Words, group: QualityGroup, by: Breakdown | None) -> tuple[str, ...]:
    nameless = "reports.without_category" if by is Breakdown.CATEGORY else "reports.all"
    per_audit = group.errors_per_audit
    cells = [
        words(nameless) if group.key is None else blocks.clean(group.key),
        figures.percent(words, group.score.rate),
        figures.interval(words, group.score),
        _n(words, group.score),
        figures.number(group.errors),
        words("figures.unknown") if per_audit is None else f"{per_audit:.2f}",
    ]
    if by is Breakdown.CATEGORY:
        return tuple(cells)
    unknown = words("figures.unknown")
    submissions = group.submissions
    return (
        *cells,
        unknown if submissions is None else figures.number(submissions),
        figures.time(words, group.time_per_item.median),
        figures.time(words, group.turnaround.median),
    )


def _n(words: Words, score: Rate) -> str:
    """Return n, and what it is worth where unequal draws made it worth less."""
    effective = round(score.n_effective)
    if effective == score.n:
        return figures.number(score.n)
    return words("reports.effective", n=figures.number(score.n), effective=effective)


def _notes(words: Words, report: QualityReport, by: Breakdown | None) -> tuple[str, ...]:
    if not report.groups:
        return (words("reports.no_errors" if by is Breakdown.CATEGORY else "reports.nobody"),)
    note = words("reports.note")
    if len(report.groups) > 1:
        return (note,)
    counts = [
        words(f"reports.origin.{origin.value}", n=figures.number(n))
        for origin, n in report.groups[0].audits.items()
        if n and origin is not SCORING_ORIGIN
    ]
    return (note, words("reports.other_origins", counts=", ".join(counts))) if counts else (note,)
