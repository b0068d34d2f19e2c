"""The lists behind a digest's numbers, and the buttons that open them privately."""

from datetime import date
from typing import Final

from bot.rules.calendar import DateSpan
from bot.rules.figure_lists import CaseList, CategoryLine, CategoryList, DrawList, SkippedDraw
from bot.rules.guidelines import Cited
from bot.rules.payloads import Payload
from bot.views import blocks, dates, figures
from bot.views.blocks import Block, View
from bot.views.words import Words

CATEGORIES: Final = "digests.categories"
CASES: Final = "digests.cases"
WHY: Final = "digests.why"
DATES: Final = "digests.dates"
DRAWS: Final = "digests.draws"

_SECTION: Final = 200
_NOTE: Final = 300


class AboutFigures(Payload):
    """Whose figures of which squad-local days a button is about."""

    squad_id: int
    project_id: int
    first: date
    last: date

    @property
    def span(self) -> DateSpan:
        """The days."""
        return DateSpan(self.first, self.last)


class AboutCategory(AboutFigures):
    """The category whose tasks a button shows."""

    category_id: int


def buttons(
    words: Words, about: AboutFigures, *, with_dates: bool, with_draws: bool = False
) -> Block:
    """Return the row of buttons below a project's figures."""
    payload = about.encode()
    row = [
        blocks.button(words("figure_lists.button.categories"), CATEGORIES, payload),
        blocks.button(words("figure_lists.button.why"), WHY, payload),
    ]
    if with_draws:
        row.append(blocks.button(words("figure_lists.button.draws"), DRAWS, payload))
    if with_dates:
        row.append(blocks.button(words("figure_lists.button.dates"), DATES, payload))
    return blocks.actions(*row)


def categories(words: Words, found: CategoryList) -> View:
    """Return the errors by category, each with a button to its tasks."""
    score = found.quality.score
    head = words(
        "figure_lists.head",
        project=blocks.escape(found.project),
        span=dates.span(words, found.span.first, found.span.last),
    )
    parts = [blocks.section(head)]
    if not score.n:
        parts.append(blocks.section(words("digests.quality.unknown")))
    elif not found.lines:
        parts.append(blocks.section(words("figure_lists.no_errors", n=figures.number(score.n))))
    parts += [_category(words, found, line) for line in found.lines]
    return _window(words, "figure_lists.categories.title", parts)


def _category(words: Words, found: CategoryList, line: CategoryLine) -> Block:
    said = words(
        "figure_lists.category",
        category=blocks.escape(line.errors.category),
        errors=figures.number(line.errors.errors),
        share=figures.percent(words, line.errors.affected.rate),
        interval=figures.interval(words, line.errors.affected),
        n=figures.number(line.errors.audits),
    )
    if line.section:
        said = f"{said}\n{_section(words, line.section)}"
    if line.category_id is None:
        return blocks.section(said)
    about = AboutCategory(
        squad_id=found.squad_id,
        project_id=found.project_id,
        first=found.span.first,
        last=found.span.last,
        category_id=line.category_id,
    )
    return blocks.section(
        said, blocks.button(words("figure_lists.button.tasks"), CASES, about.encode())
    )


def cases(words: Words, found: CaseList) -> View:
    """Return the tasks with an error, or why there are none to see."""
    head = words(
        "figure_lists.head",
        project=blocks.escape(found.category),
        span=dates.span(words, found.span.first, found.span.last),
    )
    if found.section:
        head = f"{head}\n{_section(words, found.section)}"
    parts = [blocks.section(head)]
    if found.withheld:
        parts += _example(words, found.example)
    elif not found.cases:
        parts.append(blocks.section(words("figure_lists.no_cases")))
    for case in found.cases:
        task = blocks.link(case.url, case.task) if case.url else blocks.escape(case.task)
        said = words("figure_lists.case", task=task, day=dates.day(words, case.audited_at.date()))
        if case.name is not None:
            said = words("figure_lists.case.of", case=said, name=blocks.escape(case.name))
        parts.append(blocks.section(said))
    return _window(words, "figure_lists.cases.title", parts)


def _example(words: Words, example: Cited | None) -> list[Block]:
    """Return the guideline's own example in place of tasks that others may not see."""
    if example is None:
        return [blocks.section(words("figure_lists.withheld"))]
    name = (
        blocks.link(example.url, example.section) if example.url else blocks.escape(example.section)
    )
    said = words("figure_lists.withheld.example", section=name)
    return [blocks.section(f"{said}\n{blocks.quote(example.excerpt)}")]


def draws(words: Words, found: DrawList) -> View:
    """Return what became of the random draws, and those that were skipped with their reasons."""
    head = words(
        "figure_lists.draws.head",
        project=blocks.escape(found.project),
        span=dates.span(words, found.span.first, found.span.last),
    )
    total = found.coverage
    counts = words(
        "figure_lists.draws.counts",
        **{
            name: figures.number(n)
            for name, n in (
                ("audited", total.audited),
                ("drawn", total.drawn),
                ("skipped", total.skipped),
                ("open", total.open),
                ("expired", total.expired),
            )
        },
    )
    parts = [blocks.section(f"{head}\n{counts}")]
    parts += [blocks.section(_skipped(words, one)) for one in found.skipped]
    if total.skipped > len(found.skipped):
        rest = total.skipped - len(found.skipped)
        parts.append(blocks.context(words.plural("figure_lists.draws.more", rest)))
    parts.append(blocks.context(words("figure_lists.draws.note")))
    return _window(words, "figure_lists.draws.title", parts)


def _skipped(words: Words, one: SkippedDraw) -> str:
    said = words(
        "figure_lists.draws.task",
        task=blocks.link(one.url, one.task) if one.url else blocks.escape(one.task),
        day=dates.day(words, one.day),
        reason=words(f"sittings.because_{one.reason.value}"),
    )
    return f"{said}\n{blocks.quote(one.note, _NOTE)}" if one.note else said


def _section(words: Words, section: str) -> str:
    return words("figure_lists.section", section=blocks.escape(blocks.clip(section, _SECTION)))


def _window(words: Words, title: str, parts: list[Block]) -> View:
    return blocks.modal(
        words(title),
        "figure_lists.categories.title",
        blocks.fit(parts, words("questions.more")),
        submit=None,
        close=words("common.close"),
    )
