"""The picture of a poll's trend in two halves, like `views.charts`: what to draw, and the drawing.

One panel a question. No question typed by a person is drawn, for the picture's font covers few
scripts: such a one is called by its number, and the message around it says what it asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Final

from bot.rules.pulse import QuestionKind
from bot.rules.pulse_results import Mean, QuestionResult, Results
from bot.views import charts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from bot.views.words import Words

PANELS: Final = 6
"""More panels are too small to read at the width that Slack shows."""

TICKS: Final = {
    QuestionKind.SCALE: (1, 2, 3, 4, 5),
    QuestionKind.ENPS: (-100, -50, 0, 50, 100),
}
Points = Sequence[tuple[datetime, Mean]]

LABELS: Final = 4
"""Days written below a panel; more run into each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A question's points, oldest first: labels of days, means, and their intervals."""

    title: str
    days: tuple[str, ...]
    values: tuple[float, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]
    label: str
    ticks: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelsSpec:
    """Everything there is to draw, all texts included."""

    title: str
    subtitle: str
    alt: str
    panels: tuple[Panel, ...]


def trend(words: "Words", found: Results) -> PanelsSpec | None:
    """Return the picture of a poll's trend; None where no question has two points.

    A poll in which fewer than k answered, or all alike, has no point.
    """
    panels: list[Panel] = []
    said: list[tuple[QuestionKind, str, Points]] = []
    for number, each in enumerate(found.questions, 1):
        points = _points(each, found.poll.opens_at)
        if len(points) < 2 or len(panels) == PANELS:
            continue
        title = _title(words, each, number)
        panels.append(_panel(words, each.question.kind, title, points))
        said.append((each.question.kind, title, points))
    if not panels:
        return None
    return PanelsSpec(
        title=words("pulse.chart.drawn"),
        subtitle=words("pulse.chart.subtitle"),
        alt=_alt(words, said),
        panels=tuple(panels),
    )


def _points(each: QuestionResult, opened: datetime) -> Points:
    now = [] if each.mean is None else [(opened, each.mean)]
    return [*each.earlier, *now]


def _title(words: "Words", each: QuestionResult, number: int) -> str:
    if each.question.text:
        return words("pulse.chart.own", number=number)
    return words(f"pulse.chart.of.{each.question.key}")


def _panel(words: "Words", kind: QuestionKind, title: str, points: Points) -> Panel:
    return Panel(
        title=title,
        days=tuple(_day(words, at) for at, _ in points),
        values=tuple(mean.value for _, mean in points),
        lows=tuple(mean.interval.low for _, mean in points),
        highs=tuple(mean.interval.high for _, mean in points),
        label=_figure(kind, points[-1][1].value),
        ticks=TICKS[kind],
    )


def _day(words: "Words", at: datetime) -> str:
    return words("charts.day", day=at.day, month=words(f"charts.month.{at.month}"))


def _figure(kind: QuestionKind, value: float) -> str:
    return f"{value:.0f}" if kind is QuestionKind.ENPS else f"{value:.1f}"


def _alt(words: "Words", said: Sequence[tuple[QuestionKind, str, Points]]) -> str:
    """Return every figure for who does not see the picture; if that is too long, first and last."""
    for shorter in (False, True):
        told = [words("pulse.chart.alt")]
        for kind, title, points in said:
            shown = [points[0], points[-1]] if shorter else points
            told.append(
                words(
                    "pulse.chart.alt.question",
                    title=title,
                    points="; ".join(_told(words, kind, at, mean) for at, mean in shown),
                )
            )
        text = " ".join(told)
        if len(text) <= charts.ALT_LIMIT:
            break
    return text[: charts.ALT_LIMIT]


def _told(words: "Words", kind: QuestionKind, at: datetime, mean: Mean) -> str:
    return words(
        "pulse.chart.alt.point",
        day=_day(words, at),
        mean=_figure(kind, mean.value),
        low=_figure(kind, mean.interval.low),
        high=_figure(kind, mean.interval.high),
        n=mean.n,
    )


def draw(spec: PanelsSpec) -> bytes:
    """Return the picture as a PNG of 1600 × 900 pixels; the same spec gives the same bytes.

    Imports matplotlib: call it through the drawer.
    """
    import matplotlib as mpl  # noqa: PLC0415  the parent process must never pay for it
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    columns = 1 if len(spec.panels) == 1 else 2 if len(spec.panels) <= 4 else 3
    rows = -(-len(spec.panels) // columns)
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(charts.STYLE)
        figure = Figure(figsize=charts.SIZE_INCHES, dpi=charts.DPI, facecolor="white")
        FigureCanvasAgg(figure)
        grid = figure.subplots(rows, columns, squeeze=False)
        figure.subplots_adjust(
            left=0.07, right=0.945, top=0.76, bottom=0.085, hspace=0.62, wspace=0.34
        )
        charts.draw_heading(figure, spec.title, spec.subtitle)
        for place, axes in enumerate(grid.flat):
            if place < len(spec.panels):
                _draw_panel(axes, spec.panels[place])
            else:
                axes.set_visible(False)
        return _saved(figure)


def _saved(figure: "Figure") -> bytes:
    png = BytesIO()
    figure.savefig(png, format="png", metadata={"Software": None})
    return png.getvalue()


def _draw_panel(axes: "Axes", panel: Panel) -> None:
    places = range(len(panel.values))
    axes.fill_between(places, panel.lows, panel.highs, color=charts.BLUE, alpha=0.16, linewidth=0)
    axes.plot(
        places,
        panel.values,
        color=charts.BLUE,
        linewidth=2.4,
        marker="o",
        markersize=5.5,
        clip_on=False,
    )
    bottom, top = panel.ticks[0], panel.ticks[-1]
    axes.set_ylim(bottom, top)
    axes.set_yticks(panel.ticks)
    axes.grid(axis="y", color=charts.GRID, linewidth=1)
    axes.set_title(panel.title, loc="left", fontsize=12.5, pad=8)
    shown = _shown(len(panel.days))
    axes.set_xticks(shown, [panel.days[place] for place in shown])
    axes.set_xlim(-0.2, len(panel.values) - 0.8)
    axes.tick_params(labelsize=9.5)
    axes.annotate(
        panel.label,
        (1.02, panel.values[-1]),
        xycoords=axes.get_yaxis_transform(),
        color=charts.BLUE,
        fontsize=13,
        weight="bold",
        va="center",
        annotation_clip=False,
    )
    charts.quiet(axes)


def _shown(days: int) -> list[int]:
    """Return which days get a label, counted back from the last."""
    every = -(-days // LABELS)
    return list(range((days - 1) % every, days, every))
