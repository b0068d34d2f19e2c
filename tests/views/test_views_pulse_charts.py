"""The picture of polls over time: every figure in words, no typed word in the picture."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from PIL import Image

from bot.rules.pulse import Poll, PollState, Question, QuestionKind, Viewer
from bot.rules.pulse_results import QuestionResult, Results, mean
from bot.views import catalogue, pulse_charts, pulse_results
from bot.views.charts import ALT_LIMIT

WORDS = catalogue.load().of(None)
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
WEEK = timedelta(weeks=1)
SCALE, ENPS, TEXT = QuestionKind.SCALE, QuestionKind.ENPS, QuestionKind.TEXT


def result(kind: QuestionKind, key: str, weeks: int, *, text: str = "", now: bool = True) -> Any:
    low, high = (1, 5) if kind is SCALE else (0, 10)
    means = [mean(kind, {low: 3, high - 1: 4 + n % 3, high: n % 4}) for n in range(weeks + 1)]
    return QuestionResult(
        question=Question(id=1, poll_id=1, kind=kind, key=key, text=text, n=7),
        counts={},
        mean=means[-1] if now else None,
        earlier=tuple((START + n * WEEK, each) for n, each in enumerate(means[:-1]) if each),
    )


def results(*questions: QuestionResult) -> Results:
    poll = Poll(
        id=1,
        workspace_id=1,
        series_id=None,
        state=PollState.CLOSED,
        squad_ids=(1,),
        viewers=frozenset({Viewer.SQUAD}),
        k=3,
        created_by=1,
        opens_at=START + 12 * WEEK,
        closes_at=START + 13 * WEEK,
        closed_at=START + 13 * WEEK,
        replied=7,
        asked=9,
    )
    return Results(
        poll=poll,
        squads=("Kestrel & co",),
        questions=questions,
        share=80,
        comments=0,
        comments_at=None,
        zone="UTC",
    )


def test_what_has_no_two_points_is_not_drawn() -> None:
    few = results(result(SCALE, "mood", 0), result(TEXT, "comment", 0, now=False))
    assert pulse_charts.trend(WORDS, few) is None
    spec = pulse_charts.trend(WORDS, results(result(SCALE, "mood", 1), result(ENPS, "enps", 0)))
    assert spec is not None
    assert [each.title for each in spec.panels] == ["Mood"]
    # The last poll was below k: its point is not drawn, and nothing says zero.
    spec = pulse_charts.trend(WORDS, results(result(SCALE, "mood", 2, now=False)))
    assert spec is not None
    assert spec.panels[0].days == ("5 Jan", "12 Jan")


def test_every_figure_stands_in_the_alt_text_or_the_ends_of_a_long_one() -> None:
    spec = pulse_charts.trend(WORDS, results(result(SCALE, "mood", 3)))
    assert spec is not None
    for value, low, high in zip(
        spec.panels[0].values, spec.panels[0].lows, spec.panels[0].highs, strict=True
    ):
        assert f"{value:.1f} ({low:.1f} to {high:.1f}, n = " in spec.alt
    keys = ("mood", "workload", "clarity", "support", "growth")
    many = pulse_charts.trend(WORDS, results(*(result(SCALE, key, 12) for key in keys)))
    assert many is not None
    assert len(many.alt) <= ALT_LIMIT
    assert all(f"{each.title}: 5 Jan" in many.alt for each in many.panels)


def test_own_questions_are_numbered_in_the_picture_and_asked_above_it() -> None:
    found = results(result(SCALE, "own-1", 3, text="工具 <!channel> fast?"))
    spec = pulse_charts.trend(WORDS, found)
    assert spec is not None
    assert "Question 1" in str(spec)
    assert "工具" not in str(spec)
    comment = pulse_results.chart_comment(WORDS, found)
    assert "1: 工具 &lt;!channel&gt; fast?" in comment
    assert "Kestrel &amp; co" in comment


def test_it_is_drawn_the_same_twice_with_nothing_over_the_edge() -> None:
    keys = ("mood", "workload", "clarity", "support", "growth")
    for count in (1, 2, 5):
        made = [result(SCALE, key, 12) for key in keys[:count]]
        spec = pulse_charts.trend(WORDS, results(*made, result(ENPS, "enps", 12)))
        assert spec is not None
        png = pulse_charts.draw(spec)
        assert png == pulse_charts.draw(spec)
        image = Image.open(BytesIO(png)).convert("L")
        assert image.size == (1600, 900)
        for edge in ((0, 0, 1600, 8), (0, 892, 1600, 900), (0, 0, 8, 900), (1592, 0, 1600, 900)):
            assert image.crop(edge).getextrema()[0] > 250
