"""A quality report as a table for people, with n and interval beside every rate."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.rules.beside import Account, Beside, Disputes
from bot.rules.disputes import Ruling
from bot.rules.draws import Coverage
from bot.rules.numbers import Rate
from bot.rules.quality import QualityGroup, QualityReport
from bot.rules.reports import Breakdown, PortfolioLine
from bot.rules.reworks import ReworkFigures
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


def portfolio(
    words: Words, found: Sequence[PortfolioLine], first_day: date, last_day: date
) -> Sheet:
    """Return one line per project over all its squads."""
    columns = ("project", "squads", "rate", "interval", "n", "errors_per_audit", "submissions")
    return Sheet(
        title=dates.span(words, first_day, last_day),
        columns=tuple(words(f"reports.column.{name}") for name in (*columns, "planned")),
        rows=tuple(_project(words, line) for line in found),
        notes=(words("reports.portfolio.note" if found else "reports.portfolio.none"),),
    )


def _project(words: Words, line: PortfolioLine) -> tuple[str, ...]:
    unknown = words("figures.unknown")
    _, rate, interval, n, _, per_audit, *_ = _row(words, line.group, None)
    return (
        blocks.clean(line.project),
        figures.number(line.squads),
        rate,
        interval,
        n,
        per_audit,
        figures.number(line.group.submissions or 0),
        unknown if line.planned is None else figures.number(line.planned),
    )


def account(words: Words, squad: str, found: Account, by: Breakdown | None) -> Sheet:
    """Return the same with what stands beside the score, or where each person stands."""
    shown = sheet(words, squad, found.report, by)
    if found.beside is not None:
        return replace(shown, notes=(*shown.notes, *_beside(words, found.beside)))
    if found.standings is None or not shown.rows:
        return shown
    stand = [found.standings[group.key] for group in found.report.groups if group.key is not None]
    rows = zip(shown.rows, stand, strict=True)
    return replace(
        shown,
        columns=(*shown.columns, words("reports.column.standing")),
        rows=tuple((*row, words(f"reports.standing.{each.value}")) for row, each in rows),
        notes=(*shown.notes, words("reports.standing.note")),
    )


def _beside(words: Words, found: Beside) -> Iterator[str]:
    yield from _coverage(words, found.coverage)
    yield from _disputes(words, found.disputes)
    yield from _rework(words, found.rework)
    told = found.promises
    if told.feedback.n or told.untold:
        yield words(
            "reports.feedback",
            spread=figures.spread(words, told.feedback),
            n=told.feedback.n,
            untold=told.untold,
        )
    if told.ruling.n:
        spread = figures.spread(words, told.ruling)
        yield words("reports.ruling", spread=spread, n=told.ruling.n)
    if told.answer.n:
        yield words(
            "reports.answer",
            spread=figures.spread(words, told.answer),
            n=told.answer.n,
            late=told.answers_late,
        )


def _coverage(words: Words, found: Coverage) -> Iterator[str]:
    if not found.drawn:
        return
    reasons = [
        words(f"reports.skip_{reason.value}", n=n) for reason, n in found.reasons.items() if n
    ]
    said = words(
        "reports.coverage",
        audited=figures.number(found.audited),
        drawn=figures.number(found.drawn),
        skipped=figures.number(found.skipped),
        open=figures.number(found.open),
    )
    if reasons:
        said += words("reports.coverage.reasons", reasons=", ".join(reasons))
    if found.expired:
        said += words("reports.coverage.expired", n=figures.number(found.expired))
    yield said


def _disputes(words: Words, found: Disputes) -> Iterator[str]:
    if found.provisional:
        yield words.plural("reports.provisional", found.provisional)
    if found.opened or found.decided or found.withdrawn or found.overdue:
        yield words(
            "reports.disputes",
            opened=found.opened,
            withdrawn=found.withdrawn,
            upheld=found.rulings[Ruling.UPHELD],
            overturned=found.rulings[Ruling.OVERTURNED],
            changed=found.rulings[Ruling.SEVERITY],
            late=found.late,
            overdue=found.overdue,
        )


def _rework(words: Words, found: ReworkFigures) -> Iterator[str]:
    if found.first_pass.n:
        yield words("reports.first_pass", **_rate(words, found.first_pass))
    if found.opened or found.fixed or found.second_try.n:
        yield words(
            "reports.rework",
            opened=figures.number(found.opened),
            fixed=figures.number(found.fixed),
            spread=figures.spread(words, found.to_fix),
        )
    if found.second_try.n:
        yield words("reports.second_try", **_rate(words, found.second_try))


def _rate(words: Words, found: Rate) -> dict[str, str]:
    return {
        "rate": figures.percent(words, found.rate),
        "interval": figures.interval(words, found),
        "n": figures.number(found.n),
    }


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
    others = report.groups[0].others
    if by is not None or not others:
        return (note,)
    lines = [
        words(f"reports.origin.{origin.value}", **_rate(words, of)) for origin, of in others.items()
    ]
    return (note, words("reports.other_origins"), *lines)
