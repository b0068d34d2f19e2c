"""Charts in two halves: what to draw, pure and in words, and the drawing of it as a PNG.

A `ChartSpec` is plain data and crosses into the child process that draws; `draw` alone imports
matplotlib, and only when called. No name typed by a person is drawn: the picture's font covers
few scripts, and the message around it says whose figures they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from math import floor, nan
from typing import TYPE_CHECKING, Any, Final

from bot.rules.numbers import Rate
from bot.rules.quality import against_target

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from bot.views.words import Words

ALT_LIMIT: Final = 1000
"""Characters of alt text that Slack keeps with an uploaded file."""

MAX_DAY_LABELS: Final = 16
"""More labels than this run into each other at the width Slack shows."""

INK, MUTED, GRID = "#1f2328", "#57606a", "#e3e6ea"
# Blue and vermilion of Okabe and Ito (2008): told apart with every kind of colour vision.
BLUE, VERMILION, BARS = "#0072b2", "#d55e00", "#b6c2cd"

STYLE: Final[Any] = {
    "font.family": ["DejaVu Sans"],  # ships with matplotlib: the same picture on every machine
    "font.size": 13,
    "text.color": INK,
    "text.parse_math": False,  # a dollar sign is a dollar sign
    "axes.edgecolor": GRID,
    "axes.labelcolor": MUTED,
    "axes.unicode_minus": False,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelsize": 12,
    "ytick.labelsize": 12,
}

MAX_COUNT_LABELS: Final = 24
"""Bars of more days are too thin to carry their number, and so are dots of full size."""

SIZE_INCHES, DPI = (8.0, 4.5), 200
"""1600 × 900 pixels; at the 500 or so that a channel shows, 12 points are still 10 pixels."""


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One squad-local day: the score as of that day, and the random audits of the day itself."""

    day: date
    score: Rate
    audits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartSpec:
    """Everything there is to draw of a trend, all texts included.

    `values`, `lows`, `highs` are shares (None on days without a score), `counts` audits, `days`
    the days of the month and `months` their months, all of one length. `ticks` are (share, label),
    lowest first: the axis spans them.
    """

    title: str
    subtitle: str
    alt: str
    days: tuple[str, ...]
    months: tuple[str, ...]
    values: tuple[float | None, ...]
    lows: tuple[float | None, ...]
    highs: tuple[float | None, ...]
    counts: tuple[int, ...]
    counts_label: str
    value_label: str
    target: float | None
    target_label: str
    ticks: tuple[tuple[float, str], ...]


def quality_trend(
    words: "Words", points: Sequence[TrendPoint], target: float | None, *, window: int = 1
) -> ChartSpec | None:
    """Return the chart of a squad's quality, or None if fewer than two days have a score.

    `points` are in order of their day; `window` is how many working days each score covers (1: the
    day itself); `target` is a share.
    """
    known = [point for point in points if point.score.rate is not None]
    if len(known) < 2:
        return None
    last = known[-1]
    # The title speaks of the target only if there is one.
    title = "charts.trend.title"
    if target is not None:
        title = f"charts.trend.title.{against_target(last.score, target).value}"
    return ChartSpec(
        title=words(title, rate=_percent(words, last.score.rate)),
        subtitle=words(
            f"charts.trend.subtitle.{'rolling' if window > 1 else 'daily'}",
            interval=_interval(words, last.score),
            n=last.score.n,
            day=_day(words, last.day),
            window=window,
        ),
        alt=_trend_alt(words, points, known, target, window),
        days=tuple(str(point.day.day) for point in points),
        months=tuple(_month(words, point.day) for point in points),
        values=tuple(point.score.rate for point in points),
        lows=tuple(point.score.low for point in points),
        highs=tuple(point.score.high for point in points),
        counts=tuple(point.audits for point in points),
        counts_label=words("charts.trend.audits"),
        value_label=_percent(words, last.score.rate),
        target=target,
        target_label=_target(words, target),
        ticks=_ticks(words, known, target),
    )


def draw(spec: ChartSpec) -> bytes:
    """Return the chart as a PNG of 1600 × 900 pixels; the same spec gives the same bytes.

    Imports matplotlib, which adds some 60 MB to the process: call it through the drawer.
    """
    import matplotlib as mpl  # noqa: PLC0415  the parent process must never pay for it
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    with mpl.rc_context():
        mpl.rcdefaults()  # a matplotlibrc on the machine must not change the picture
        mpl.rcParams.update(STYLE)
        figure = Figure(figsize=SIZE_INCHES, dpi=DPI, facecolor="white")
        FigureCanvasAgg(figure)  # attaches itself: no display, no pyplot state
        rates, counts = figure.subplots(
            2,
            1,
            sharex=True,
            gridspec_kw={
                "height_ratios": [3.4, 1],
                "hspace": 0.1,
                "left": 0.095,
                "right": 0.825,
                "top": 0.795,
                "bottom": 0.125,
            },
        )
        draw_heading(figure, spec.title, spec.subtitle)
        _draw_rates(rates, spec)
        _draw_counts(counts, spec)
        png = BytesIO()
        figure.savefig(png, format="png", metadata={"Software": None})
    return png.getvalue()


def _percent(words: "Words", share: float | None) -> str:
    """Return a measured share in words, with one decimal but at the very ends."""
    if share is None:
        raise ValueError("an unknown share is not drawn")
    return words("charts.percent", percent=f"{share * 100:.{0 if share in (0, 1) else 1}f}")


def _interval(words: "Words", score: Rate) -> str:
    low, high = _percent(words, score.low), _percent(words, score.high)
    return words("charts.interval", low=low, high=high)


def _target(words: "Words", target: float | None) -> str:
    if target is None:
        return ""
    return words("charts.trend.target", target=_goal(words, target))


def _goal(words: "Words", target: float) -> str:
    """Return a target as people say it: 95%, 97.5%."""
    return words("charts.percent", percent=f"{target * 100:.4g}")


def _day(words: "Words", day: date) -> str:
    return words("charts.day", day=day.day, month=_month(words, day))


def _month(words: "Words", day: date) -> str:
    return words(f"charts.month.{day.month}")


def _ticks(
    words: "Words", known: Sequence[TrendPoint], target: float | None
) -> tuple[tuple[float, str], ...]:
    """Return three to six ticks up to 100 %, in steps of 2, 5, 10 or 20 points."""
    shares = [point.score.low for point in known if point.score.low is not None]
    lowest = min([*shares, *([] if target is None else [target]), 0.96])
    span = 100 - floor(lowest * 100)
    step = next((size for size in (2, 5, 10) if span <= 5 * size), 20)
    first = 100 - step * -(-span // step)
    return tuple(
        (tick / 100, words("charts.percent", percent=tick))
        for tick in range(max(first, 0), 101, step)
    )


def _trend_alt(
    words: "Words",
    points: Sequence[TrendPoint],
    known: Sequence[TrendPoint],
    target: float | None,
    window: int,
) -> str:
    """Return what the chart shows, for who does not see it, within Slack's limit."""
    by_rate = sorted(known, key=lambda point: (point.score.rate or 0.0, point.day))
    counts = [point.audits for point in points]
    sentences = [
        words(
            "charts.trend.alt.rolling" if window > 1 else "charts.trend.alt.daily",
            first=_day(words, points[0].day),
            last=_day(words, points[-1].day),
            window=window,
        ),
        *(
            words(
                "charts.trend.alt.point",
                day=_day(words, point.day),
                rate=_percent(words, point.score.rate),
                interval=_interval(words, point.score),
                n=point.score.n,
            )
            for point in (known[0], known[-1])
        ),
        words(
            "charts.trend.alt.extremes",
            lowest=_percent(words, by_rate[0].score.rate),
            lowest_day=_day(words, by_rate[0].day),
            highest=_percent(words, by_rate[-1].score.rate),
            highest_day=_day(words, by_rate[-1].day),
        ),
    ]
    if target is not None:
        standing = against_target(known[-1].score, target).value
        key = f"charts.trend.alt.{standing}"
        sentences.append(words(key, target=_goal(words, target)))
    sentences.append(words("charts.trend.alt.audits", fewest=min(counts), most=max(counts)))
    return " ".join(sentences)[:ALT_LIMIT]


def draw_heading(figure: "Figure", title: str, subtitle: str) -> None:
    """Write what the picture shows above it."""
    figure.text(0.028, 0.925, title, fontsize=18, fontweight="bold", va="center")
    figure.text(0.028, 0.855, subtitle, fontsize=11.5, color=MUTED, va="center")


def _draw_rates(axes: "Axes", spec: ChartSpec) -> None:
    days = range(len(spec.days))
    values, lows, highs = (
        [nan if share is None else share for share in shares]
        for shares in (spec.values, spec.lows, spec.highs)
    )
    bottom, top = spec.ticks[0][0], spec.ticks[-1][0]
    room = (top - bottom) * 0.04
    axes.fill_between(days, lows, highs, color=BLUE, alpha=0.16, linewidth=0)
    for day in _alone(spec.values):  # a band needs two days; a day alone gets a line
        axes.vlines(day, lows[day], highs[day], color=BLUE, alpha=0.16, linewidth=9)
    dot = 6.5 if len(days) <= MAX_COUNT_LABELS else 4
    axes.plot(days, values, color=BLUE, linewidth=2.6, marker="o", markersize=dot, clip_on=False)
    if spec.target is not None:
        axes.axhline(spec.target, color=VERMILION, linewidth=1.8, linestyle=(0, (5, 3)))
    axes.set_ylim(bottom, top + room)
    axes.set_yticks([share for share, _ in spec.ticks], [label for _, label in spec.ticks])
    axes.grid(axis="y", color=GRID, linewidth=1)
    quiet(axes)
    _draw_labels(axes, spec, gap=(top - bottom) * 0.13)


def _draw_labels(axes: "Axes", spec: ChartSpec, gap: float) -> None:
    """Write the last value and the target right of the plot, pushed apart to `gap` if close."""
    last = next(share for share in reversed(spec.values) if share is not None)
    value_at, target_at = last, spec.target
    if target_at is not None and abs(value_at - target_at) < gap:
        middle, half = (value_at + target_at) / 2, gap / 2
        # Kept below the top, so that neither leaves the plot.
        middle = min(middle, spec.ticks[-1][0] - half)
        side = 1 if value_at > target_at else -1
        value_at, target_at = middle + side * half, middle - side * half
    place: dict[str, Any] = {
        "transform": axes.get_yaxis_transform(),
        "va": "center",
        "clip_on": False,
    }
    axes.text(1.02, value_at, spec.value_label, color=BLUE, fontsize=16, weight="bold", **place)
    if target_at is not None:
        axes.text(1.02, target_at, spec.target_label, color=VERMILION, fontsize=12.5, **place)


def _draw_counts(axes: "Axes", spec: ChartSpec) -> None:
    days = range(len(spec.days))
    bars = axes.bar(days, spec.counts, color=BARS, width=0.62)
    axes.set_ylim(0, max(*spec.counts, 1) * 1.5)
    axes.set_yticks([])
    if len(spec.days) <= MAX_COUNT_LABELS:
        axes.bar_label(bars, padding=2, fontsize=11, color=MUTED)
    shown = _shown(len(spec.days))
    axes.set_xticks(shown, _day_labels(spec, shown))
    axes.set_xlim(-0.55, len(spec.days) - 0.45)
    place: dict[str, Any] = {"transform": axes.transAxes, "va": "center", "clip_on": False}
    axes.text(1.02, 0.3, spec.counts_label, color=MUTED, fontsize=11.5, **place)
    quiet(axes)


def _alone(values: Sequence[float | None]) -> list[int]:
    """Return the positions of values with none on either side."""
    padded = (None, *values, None)
    return [
        index
        for index, value in enumerate(values)
        if value is not None and padded[index] is None and padded[index + 2] is None
    ]


def _shown(days: int) -> list[int]:
    """Return which days get a label, counted back from the last, which people look for."""
    every = -(-days // MAX_DAY_LABELS)
    return list(range((days - 1) % every, days, every))


def _day_labels(spec: ChartSpec, shown: Sequence[int]) -> list[str]:
    """Return the labels of the days shown, with the month below the first and each new one."""
    labels, month = [], ""
    for index in shown:
        new = spec.months[index] != month
        month = spec.months[index]
        # Two lines for all, else those with a month would hang lower.
        labels.append(f"{spec.days[index]}\n{month if new else ' '}")
    return labels


def quiet(axes: "Axes") -> None:
    """Leave only what carries a figure: no frame, no tick marks, one base line."""
    axes.spines[["top", "left", "right"]].set_visible(False)
    axes.tick_params(length=0, pad=6)
    axes.set_axisbelow(True)
