"""What a chart says, in words and figures, and that nothing of it falls off the picture."""

import pickle
import random
from collections.abc import Iterable
from datetime import date, timedelta
from io import BytesIO

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.rules.numbers import NOTHING_COUNTED, rate
from bot.views import charts
from bot.views.catalogue.en.charts import SENTENCES
from bot.views.charts import ChartSpec, TrendPoint
from bot.views.words import Words

WORDS = Words("en", SENTENCES)
MONDAY = date(2026, 3, 2)


def trend(counted: Iterable[tuple[int, int]]) -> list[TrendPoint]:
    """Return one point per (accepted, audits), on successive days from Monday, 2 March 2026."""
    return [
        TrendPoint(MONDAY + timedelta(days=number), rate(accepted, n), n)
        for number, (accepted, n) in enumerate(counted)
    ]


def chart(
    counted: Iterable[tuple[int, int]], target: float | None = 0.95, window: int = 1
) -> ChartSpec:
    spec = charts.quality_trend(WORDS, trend(counted), target, window=window)
    assert spec is not None
    return spec


@pytest.mark.parametrize("counted", [[], [(9, 10)], [(0, 0), (9, 10), (0, 0)]])
def test_less_than_two_days_with_a_score_are_no_trend(counted: list[tuple[int, int]]) -> None:
    assert charts.quality_trend(WORDS, trend(counted), 0.95) is None


@pytest.mark.parametrize(
    ("last", "target", "title"),
    [
        ((50, 100), 0.95, "Quality 50.0%, below target"),
        ((99, 100), 0.8, "Quality 99.0%, above target"),
        ((100, 100), 0.8, "Quality 100%, above target"),
        ((94, 100), 0.95, "Quality 94.0%, too close to target to tell"),
        ((94, 100), None, "Quality 94.0%"),
    ],
)
def test_the_title_says_where_the_last_score_stands(
    last: tuple[int, int], target: float | None, title: str
) -> None:
    assert chart([(70, 80), last], target).title == title


def test_the_subtitle_gives_interval_and_n() -> None:
    counted = [(88, 100), (93, 100)]
    assert chart(counted).subtitle == (
        "95% interval 86.3% to 96.6%, n = 100 random audits on 3 Mar"
    )
    assert chart(counted, window=10).subtitle == (
        "95% interval 86.3% to 96.6%, n = 100 random audits in 10 working days"
    )


def test_the_alt_text_tells_what_the_picture_shows() -> None:
    assert chart([(80, 100), (0, 0), (70, 100), (97, 100)], 0.975).alt == (
        "Line chart of quality, the share of random audits accepted, day by day from 2 Mar to "
        "5 Mar, with a band for the 95% interval and bars for the audits of each day. "
        "2 Mar: 80.0% (interval 71.1% to 86.7%, n = 100). "
        "5 Mar: 97.0% (interval 91.5% to 99.0%, n = 100). "
        "Lowest 70.0% on 4 Mar, highest 97.0% on 5 Mar. "
        "The last interval includes the target of 97.5%. "
        "Between 0 and 100 random audits a day."
    )


def test_a_day_without_audits_stays_a_gap() -> None:
    spec = chart([(8, 10), (0, 0), (9, 10)], None)
    assert spec.values == (0.8, None, 0.9)
    assert spec.lows[1] is spec.highs[1] is None
    assert spec.counts == (10, 0, 10)
    assert spec.target_label == ""
    assert "target" not in spec.alt


points = st.lists(
    st.integers(0, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=2,
    max_size=70,
)


@given(points, st.none() | st.floats(0.01, 1), st.sampled_from([1, 10]))
def test_the_axis_holds_everything_that_is_drawn(
    counted: list[tuple[int, int]], target: float | None, window: int
) -> None:
    spec = charts.quality_trend(WORDS, trend(counted), target, window=window)
    if spec is None:
        assert sum(n > 0 for _, n in counted) < 2
        return
    at = [share for share, _ in spec.ticks]
    assert at == sorted(at)
    assert at[0] >= 0
    assert at[-1] == 1
    assert 3 <= len(at) <= 6
    drawn = [low for low in spec.lows if low is not None]
    assert at[0] <= min([*drawn, target or 1])
    assert len(spec.alt) <= charts.ALT_LIMIT
    assert spec.alt.endswith("a day.")
    assert len({len(spec.days), len(spec.months), len(spec.values), len(spec.counts)}) == 1


def test_every_sentence_is_used_by_some_chart() -> None:
    asked: set[str] = set()

    class Listening(Words):
        def __call__(self, key: str, /, **values: object) -> str:
            asked.add(key)
            return super().__call__(key, **values)

    words = Listening("en", SENTENCES)
    year = [TrendPoint(date(2026, month, 1), rate(90, 100), 100) for month in range(1, 13)]
    for target, window in ((None, 1), (0.99, 1), (0.5, 10), (0.9, 10)):
        assert charts.quality_trend(words, year, target, window=window) is not None
    assert asked == set(SENTENCES)


def test_the_spec_crosses_into_another_process() -> None:
    spec = chart([(8, 10), (0, 0), (9, 10)])
    assert pickle.loads(pickle.dumps(spec)) == spec  # noqa: S301  our own bytes


@pytest.mark.parametrize(
    ("days", "expected"),
    [(3, [0, 1, 2]), (16, list(range(16))), (17, list(range(0, 17, 2))), (34, [*range(0, 34, 3)])],
)
def test_day_labels_are_thinned_from_the_last(days: int, expected: list[int]) -> None:
    assert charts._shown(days) == expected
    assert expected[-1] == days - 1


def test_the_month_stands_below_its_first_day() -> None:
    spec = charts.quality_trend(
        WORDS,
        [TrendPoint(date(2026, 3, 30) + timedelta(days=n), rate(9, 10), 10) for n in range(4)],
        None,
    )
    assert spec is not None
    assert charts._day_labels(spec, range(4)) == ["30\nMar", "31\n ", "1\nApr", "2\n "]


@pytest.mark.parametrize(
    ("values", "expected"),
    [((0.5, None, 0.5), [0, 2]), ((0.5, 0.5, None), []), ((None, 0.5, None, 0.6, 0.7), [1])],
)
def test_days_alone(values: tuple[float | None, ...], expected: list[int]) -> None:
    assert charts._alone(values) == expected


def pixels(png: bytes) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    with Image.open(BytesIO(png)) as image:
        assert image.format == "PNG"
        return np.asarray(image.convert("RGB"))


def random_days(days: int, audits: int) -> list[tuple[int, int]]:
    rng = random.Random(days)
    return [(rng.randint(audits // 2, audits), audits) for _ in range(days)]


@pytest.mark.parametrize(
    "spec",
    [
        chart([(44, 50), (41, 52)]),
        chart([(0, 3), (0, 0), (3, 3)], 0.975),
        chart([(1, 1), (100, 100)], 1.0),
        chart([(0, 10), (0, 10)], 0.01),
        chart([(99_999, 123_456)] * 3, 0.81, window=20),
        chart(random_days(12, 1234), 0.755, window=10),
        chart(random_days(23, 40), 0.85),
        chart(random_days(70, 90), 0.995, window=10),
        chart(random_days(9, 60), None),
    ],
    ids=["two", "gap", "top", "bottom", "wide", "twelve", "month", "quarter", "no target"],
)
def test_nothing_is_cut_off_at_the_edges(spec: ChartSpec) -> None:
    image = pixels(charts.draw(spec))
    assert image.shape == (900, 1600, 3)
    margin = 12
    for edge in (image[:margin], image[-margin:], image[:, :margin], image[:, -margin:]):
        assert (edge == 255).all()
    assert (image < 128).any()


def test_line_and_target_are_drawn_in_their_colours() -> None:
    def has(spec: ChartSpec, colour: str) -> bool:
        wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
        return bool((pixels(charts.draw(spec)) == wanted).all(axis=-1).any())

    counted = [(44, 50), (41, 52)]
    assert has(chart(counted), charts.BLUE)
    assert has(chart(counted), charts.VERMILION)
    assert not has(chart(counted, None), charts.VERMILION)


def test_the_same_spec_gives_the_same_bytes_whatever_the_machine_prefers() -> None:
    spec = chart([(44, 50), (0, 0), (41, 52)])
    first = charts.draw(spec)
    with mpl.rc_context({"font.size": 30, "lines.linewidth": 9, "axes.facecolor": "red"}):
        assert charts.draw(spec) == first
        assert mpl.rcParams["font.size"] == 30
    assert charts.draw(chart([(44, 50), (0, 0), (42, 52)])) != first


def test_a_score_without_audits_is_unknown_to_the_chart() -> None:
    unknown = TrendPoint(MONDAY, NOTHING_COUNTED, 0)
    assert charts.quality_trend(WORDS, [unknown] * 5, 0.9) is None
