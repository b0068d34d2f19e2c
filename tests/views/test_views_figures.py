"""Figures and digests in words: units that people use, dashes for the unknown, inert text."""

from datetime import date

import pytest

from bot.rules.audits import Origin
from bot.rules.calendar import DateSpan
from bot.rules.coaching_effects import Change, Effect, Share, Verdict
from bot.rules.digests import (
    Cadence,
    Coaching,
    DayScore,
    Digest,
    Edition,
    Period,
    Progress,
    ProjectDigest,
    TopCategory,
    Trend,
)
from bot.rules.numbers import NOTHING_COUNTED, Rate, Spread, rate
from bot.rules.quality import (
    UNKNOWN_SPREAD,
    CategoryErrors,
    QualityGroup,
    against_target,
    movement,
)
from bot.views import catalogue, coaching_effects, digests, figures
from bot.views.blocks import MESSAGE_BLOCKS

WORDS = catalogue.load().of(None)
SPAN = DateSpan(date(2026, 3, 2), date(2026, 3, 8))


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (None, "–"),
        (0, "0 s"),
        (4.25, "4.25 s"),
        (119.4, "119 s"),
        (120, "2 min"),
        (5400, "90 min"),
        (7200, "2 h"),
        (100_000, "27.8 h"),
        (200_000, "2.31 days"),
    ],
)
def test_times_are_in_the_unit_people_use(seconds: float | None, shown: str) -> None:
    assert figures.time(WORDS, seconds) == shown


def test_shares_points_and_counts() -> None:
    assert [figures.percent(WORDS, share) for share in (None, 0, 0.9666, 0.999, 1)] == [
        "–", "0%", "96.7%", "99.9%", "100%",
    ]  # fmt: skip
    assert figures.goal(WORDS, 0.95) == "95%"
    assert [figures.points(delta) for delta in (0.021, -0.333)] == [
        "+2.1", "−33.3",
    ]  # fmt: skip
    assert figures.number(1234567) == "1\u202f234\u202f567"
    assert figures.spread(WORDS, Spread(None, None, 0)) == "–"
    assert figures.interval(WORDS, NOTHING_COUNTED) == "–"


def group(score: Rate, submissions: int = 0) -> QualityGroup:
    return QualityGroup(
        key=None,
        audits=dict.fromkeys(Origin, 0),
        accepted=0,
        score=score,
        errors=0,
        errors_per_audit=None,
        submissions=submissions,
        time_per_item=UNKNOWN_SPREAD,
        turnaround=UNKNOWN_SPREAD,
    )


def project(
    score: Rate, before: Rate, target: float | None = 0.95, **more: object
) -> ProjectDigest:
    fields: dict[str, object] = {
        "project_id": 1,
        "project": "Boxes",
        "target": target,
        "now": group(score),
        "standing": against_target(score, target),
        "movement": movement(score, before),
        "top": (),
        "until": SPAN.last,
        "volume": None,
        "coverage": None,
    }
    return ProjectDigest(**(fields | more))  # type: ignore[arg-type]


def said(*projects: ProjectDigest, cadence: Cadence = Cadence.DAILY) -> str:
    edition = Edition(workspace_id=1, squad_id=1, cadence=cadence, day=date(2026, 3, 9))
    found = Digest(
        edition=edition,
        squad="Kestrel",
        period=Period(SPAN, SPAN, SPAN),
        is_quiet=False,
        projects=projects,
    )
    return digests.text(WORDS, found)


def test_an_evident_change_has_an_arrow_and_its_interval() -> None:
    assert "▲ Up 50.0 points (interval +38.4 to +60.7)" in said(project(rate(80, 80), rate(40, 80)))
    assert "▼ Down 50.0 points" in said(project(rate(40, 80), rate(80, 80)))


def test_without_evidence_there_is_no_arrow() -> None:
    text = said(project(rate(9, 10), rate(8, 10)), cadence=Cadence.WEEKLY)
    assert "No evident change from the week before (80.0%, n = 10)." in text
    assert not {"▲", "▼"} & set(text)


def test_nothing_to_compare_with_is_not_compared() -> None:
    assert "change" not in said(project(rate(9, 10), NOTHING_COUNTED))


@pytest.mark.parametrize(
    ("now", "target", "shown"),
    [
        (rate(50, 100), 0.95, "below the target of 95%."),
        (rate(1000, 1000), 0.95, "above the target of 95%."),
        (rate(19, 20), 0.95, "cannot be told yet"),
        (rate(19, 20), None, "n = 20 random audits)."),
        (NOTHING_COUNTED, 0.95, "quality is not known"),
    ],
)
def test_where_quality_stands(now: Rate, target: float | None, shown: str) -> None:
    assert shown in said(project(now, NOTHING_COUNTED, target))


def test_the_plan_of_a_shared_project_says_whose_it_is() -> None:
    mine = project(
        rate(9, 10),
        NOTHING_COUNTED,
        now=group(rate(9, 10), 820),
        volume=Progress(1480, 1650),
        coverage=Progress(141, 150),
    )
    text = said(mine)
    assert "Handed in: 820; 1\u202f480 of 1\u202f650 planned (90%) up to Sun 8 Mar 2026" in text
    assert "Random audits: 141 of 150 planned up to Sun 8 Mar 2026" in text
    shared = project(rate(9, 10), NOTHING_COUNTED, volume=Progress(1480, 1650), squads=3)
    assert "all 3 squads 1\u202f480 of 1\u202f650" in said(shared)


def test_a_long_taxonomy_and_many_projects_fit_into_a_message() -> None:
    top = TopCategory(
        CategoryErrors(category="c" * 75, errors=3, audits=9, affected=rate(3, 9)), "s" * 300
    )
    edition = Edition(workspace_id=1, squad_id=1, cadence=Cadence.DAILY, day=date(2026, 3, 9))
    found = Digest(
        edition=edition,
        squad="Kestrel",
        period=Period(SPAN, SPAN, SPAN),
        is_quiet=False,
        projects=(project(rate(9, 10), rate(8, 10), top=(top,) * 3),) * 40,
    )
    message = digests.digest(WORDS, found)
    assert len(message["blocks"]) <= MESSAGE_BLOCKS
    assert "more projects" in str(message["blocks"][-1])


def coaching(verdict: Verdict, value: float | None) -> Coaching:
    shares = {"before": Share(30, 100), "after": Share(10, 100)}
    reach = {} if value is None else {"low": value - 0.05, "high": value + 0.05}
    pooled = Change(verdict=verdict, value=value, **shares, **reach)
    effect = Effect(pooled=pooled, coached=9, others=14, people={})
    return Coaching(category="Wrong <class>", people=11, effect=effect)


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (coaching(Verdict.BETTER, -0.2), "fewer such errors than without it. −20.0 points"),
        (coaching(Verdict.WORSE, 0.2), "more such errors than without it. +20.0 points"),
        (coaching(Verdict.CANNOT_TELL, 0.01), "cannot be told from chance. +1.0 points"),
        (coaching(Verdict.CANNOT_TELL, None), "11 people were coached on Wrong <class>"),
        (Coaching(category="Wrong <class>", people=3), "3 people were coached on Wrong <class>"),
    ],
)
def test_what_coaching_did_stands_with_its_interval_and_how_many(
    told: Coaching, shown: str
) -> None:
    text = said(project(rate(9, 10), rate(8, 10), coaching=told), cadence=Cadence.WEEKLY)
    assert shown in text
    enough = told.told is not None
    assert ("9 coached people against 14 others" in text) is enough
    assert ("98.5 % interval" in text) is enough
    assert ("whether it helps cannot be told yet" in text) is not enough


def test_a_button_leads_to_what_coaching_did_where_it_is_said() -> None:
    edition = Edition(workspace_id=1, squad_id=1, cadence=Cadence.WEEKLY, day=date(2026, 3, 9))
    for told in (None, Coaching(category="Span", people=3)):
        found = Digest(
            edition=edition,
            squad="Kestrel",
            period=Period(SPAN, SPAN, SPAN),
            is_quiet=False,
            projects=(project(rate(9, 10), rate(8, 10), coaching=told),),
        )
        leads = coaching_effects.SHOW in str(digests.digest(WORDS, found)["blocks"])
        assert leads is (told is not None)


def test_a_chart_needs_two_days() -> None:
    day = DayScore(SPAN.first, rate(9, 10), 10)
    assert digests.chart(WORDS, Trend(project="Boxes", target=None, days=(day,))) is None
    two = Trend(project="Boxes & <!here>", target=0.9, days=(day, day))
    assert digests.chart(WORDS, two) is not None
    assert "Boxes &amp; &lt;!here&gt;" in digests.chart_comment(WORDS, two)
