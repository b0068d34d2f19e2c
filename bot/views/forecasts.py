"""Batches and their dates in words: how far, how fast, when, how surely, and what is needed."""

from collections.abc import Sequence
from datetime import date
from html import unescape
from typing import Final

from bot.rules.forecast import Forecast, Outlook, Unknown
from bot.rules.forecasts import SHOWN, BatchForecast, Dates
from bot.views import blocks, dates, figures
from bot.views.blocks import View
from bot.views.reports import Sheet
from bot.views.words import Words

_LIMIT: Final = 60
"""Characters of a batch's name in a line."""
_COLUMNS: Final = (
    *("batch", "done", "size", "pace", "finish", "range", "due", "outlook", "needed"),
)


def lines(words: Words, found: Sequence[BatchForecast], shown: int = SHOWN) -> list[str]:
    """Return a line for each batch, and one that says how many were left out."""
    told = [line(words, one) for one in found[:shown]]
    if len(found) > shown:
        told.append(words.plural("forecasts.more", len(found) - shown))
    return told


def line(words: Words, one: BatchForecast) -> str:
    """Return what is known of one batch, in one line."""
    parts = "; ".join(_parts(words, one))
    name = blocks.escape(blocks.clip(one.batch.name, _LIMIT))
    return words("forecasts.line", batch=name, parts=parts)


def plain(words: Words, one: BatchForecast) -> str:
    """Return the same without any markup, for a page that people edit."""
    return unescape(line(words, one).replace("*", ""))


def listed(words: Words, found: Dates) -> View:
    """Return all batches of a project, for whoever asked."""
    project = blocks.escape(found.project)
    if not found.batches:
        said = [words("forecasts.list.none", project=project)]
    else:
        day = dates.day(words, found.day)
        said = [words("forecasts.list.head", project=project, day=day)]
        said += lines(words, found.batches, len(found.batches))
    sections = blocks.fit([blocks.section(each) for each in said], words("questions.more"))
    return blocks.modal(
        words("forecasts.list.title"),
        "forecasts.list",
        sections,
        submit=None,
        close=words("common.close"),
    )


def sheet(words: Words, found: Dates) -> Sheet:
    """Return the batches as a table for a terminal."""
    return Sheet(
        title=words(
            "forecasts.sheet.title",
            squad=blocks.clean(found.squad),
            project=blocks.clean(found.project),
            day=dates.day(words, found.day),
        ),
        columns=tuple(words(f"forecasts.column.{name}") for name in _COLUMNS),
        rows=tuple(_row(words, one) for one in found.batches),
        notes=()
        if found.batches
        else (words("forecasts.list.none", project=blocks.clean(found.project)),),
    )


def _row(words: Words, one: BatchForecast) -> tuple[str, ...]:
    known, dash = one.forecast, words("figures.unknown")

    def day(value: date | None) -> str:
        return dash if value is None else value.isoformat()

    return (
        blocks.clean(one.batch.name),
        figures.number(one.done),
        figures.number(one.batch.size) if one.batch.size else dash,
        dash if known.pace is None else _rounded(known.pace),
        day(known.finish),
        dash if known.early is None else f"{day(known.early)} – {day(known.late)}",
        day(one.batch.due),
        words(f"forecasts.outlook.{known.outlook.value}"),
        dash if known.needed is None else _rounded(known.needed),
    )


def _parts(words: Words, one: BatchForecast) -> list[str]:
    known, size = one.forecast, one.batch.size
    if known.outlook is Outlook.FINISHED:
        return [words("forecasts.finished", size=figures.number(size or 0))]
    done = figures.number(one.done)
    if not size or known.unknown is Unknown.NO_SIZE:
        return [words("forecasts.done.no_size", done=done), words("forecasts.unknown.no_size")]
    head = words("forecasts.done", done=done, size=figures.number(size))
    if known.finish is not None:
        pace = words("forecasts.pace", n=_rounded(known.pace or 0))
        head = f"{head}, {pace} {_finish(words, known, known.finish)}"
        return [head, *_due(words, one)]
    reason = known.unknown or Unknown.FEW_DAYS
    return [head, words(f"forecasts.unknown.{reason.value}"), *_due(words, one)]


def _finish(words: Words, known: Forecast, finish: date) -> str:
    day = dates.day(words, finish)
    if known.early is None:
        return words("forecasts.finish.wide", finish=day)
    early = dates.day(words, known.early)
    if known.late is None:
        return words("forecasts.finish.open", finish=day, early=early)
    if known.early == known.late:
        return words("forecasts.finish.day", finish=day)
    late = dates.day(words, known.late)
    return words("forecasts.finish", finish=day, early=early, late=late)


def _due(words: Words, one: BatchForecast) -> list[str]:
    known, due = one.forecast, one.batch.due
    if due is None:
        return [words("forecasts.due.none")]
    day = dates.day(words, due)
    if known.overdue:
        return [words("forecasts.due.overdue", left=figures.number(known.left or 0), due=day)]
    told = [words(f"forecasts.due.{known.outlook.value}", due=day)]
    if known.needed is not None and known.outlook is not Outlook.HOLDS:
        told.append(words("forecasts.needed", n=_rounded(known.needed)))
    return told


def _rounded(pace: float) -> str:
    """Return pieces a day as people say it: whole ones, but a decimal where there are few."""
    return figures.number(round(pace)) if pace >= 10 else f"{pace:.2g}"
