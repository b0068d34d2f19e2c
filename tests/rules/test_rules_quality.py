"""The quality report's figures, worked by hand and beside a plain calculation over every audit."""

import json
import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from bot.rules import quality
from bot.rules.audits import Origin, Verdict
from bot.rules.numbers import NOTHING_COUNTED, Rate, Spread, rate
from bot.rules.quality import (
    AuditTally,
    CategoryTally,
    Direction,
    QualityReport,
    Standing,
    Weights,
    WorkTally,
)


def tally(
    origin: Origin,
    verdict: Verdict,
    count: int,
    errors: int = 0,
    *,
    key: str | None = None,
    probability: float | None = None,
) -> AuditTally:
    weights = None
    if probability is not None:
        weight = 1 / probability
        weights = Weights(weight=count * weight, squared=count * weight**2, errors=errors * weight)
    return AuditTally(
        key=key, origin=origin, verdict=verdict, count=count, errors=errors, weights=weights
    )


WEEK = [
    tally(Origin.RANDOM, Verdict.ACCEPTED, 80, 4),
    tally(Origin.RANDOM, Verdict.REJECTED, 20, 31),
    tally(Origin.RISK, Verdict.REJECTED, 15, 40),
    tally(Origin.RISK, Verdict.ACCEPTED, 5),
    tally(Origin.UNKNOWN, Verdict.ACCEPTED, 7),
]


def others(accepted: int, n: int) -> dict[str, object]:
    low, high = proportion_confint(accepted, n, method="wilson")
    return {
        "rate": accepted / n,
        "low": pytest.approx(low),
        "high": pytest.approx(high),
        "n": n,
    }


def test_the_report_has_the_documented_fields_and_only_random_audits_score() -> None:
    work = WorkTally(
        submissions=1200, time_per_item=Spread(31.5, 80.0, 1100), turnaround=Spread(None, None, 0)
    )
    report = QualityReport(
        from_=date(2026, 3, 2),
        to=date(2026, 3, 8),
        project="Street signs",
        groups=quality.quality_groups(WEEK, [work]),
    )
    low, high = proportion_confint(80, 100, method="wilson")
    assert json.loads(json.dumps(report.to_json())) == {
        "from": "2026-03-02",
        "to": "2026-03-08",
        "project": "Street signs",
        "groups": [
            {
                "key": None,
                "audits": {
                    "random": 100,
                    "risk": 20,
                    "chosen": 0,
                    "followup": 0,
                    "double": 0,
                    "gold": 0,
                    "unknown": 7,
                },
                "accepted": 80,
                "rate": 0.8,
                "low": pytest.approx(low),
                "high": pytest.approx(high),
                "n": 100,
                "n_effective": 100.0,
                "errors": 35,
                "errors_per_audit": 0.35,
                "submissions": 1200,
                "time_per_item_s": {"median": 31.5, "p90": 80.0, "n": 1100},
                "turnaround_s": {"median": None, "p90": None, "n": 0},
                "others": {
                    "risk": others(5, 20),
                    "unknown": others(7, 7),
                },
            }
        ],
    }


def test_without_random_audits_the_score_is_null() -> None:
    (group,) = quality.quality_groups([tally(Origin.RISK, Verdict.REJECTED, 9, 9)])
    shown = group.to_json()
    assert shown["audits"]["risk"] == 9
    assert [shown[name] for name in ("rate", "low", "high", "errors_per_audit")] == [None] * 4
    assert (shown["n"], shown["n_effective"], shown["accepted"], shown["errors"]) == (0, 0, 0, 0)
    assert shown["submissions"] is None
    assert shown["time_per_item_s"] == {"median": None, "p90": None, "n": 0}


def test_a_report_of_nothing_has_one_empty_group_or_none() -> None:
    assert quality.quality_groups([]) == ()
    empty = quality.total_group([])
    assert empty.key is None
    assert empty.score == NOTHING_COUNTED


def test_groups_stand_in_order_of_their_key_and_nobody_is_ranked() -> None:
    audits = [
        tally(Origin.RANDOM, Verdict.REJECTED, 3, 3, key="Zoe"),
        tally(Origin.RANDOM, Verdict.ACCEPTED, 3, key="Ada"),
        tally(Origin.RANDOM, Verdict.ACCEPTED, 1, key=None),
    ]
    groups = quality.quality_groups(audits, [WorkTally(key="Mei", submissions=4)])
    assert [group.key for group in groups] == [None, "Ada", "Mei", "Zoe"]
    assert [group.submissions for group in groups] == [None, None, 4, None]


def test_two_work_tallies_of_one_key_are_refused() -> None:
    with pytest.raises(ValueError, match="two work tallies"):
        quality.quality_groups([], [WorkTally(submissions=1), WorkTally(submissions=2)])


def test_unequal_draws_are_weighted() -> None:
    # 1,000 submissions at 50 % drawn at 1 in 10, and 100 at 90 % all looked at.
    group = quality.total_group(
        [
            tally(Origin.RANDOM, Verdict.ACCEPTED, 50, probability=0.1),
            tally(Origin.RANDOM, Verdict.REJECTED, 50, 60, probability=0.1),
            tally(Origin.RANDOM, Verdict.ACCEPTED, 90, probability=1),
            tally(Origin.RANDOM, Verdict.REJECTED, 10, 10, probability=1),
        ]
    )
    n_effective = 1100**2 / (100 * 100 + 100)
    low, high = proportion_confint(590 / 1100 * n_effective, n_effective, method="wilson")
    assert group.score.rate == pytest.approx(590 / 1100)
    assert group.score.n == 200
    assert group.score.n_effective == pytest.approx(n_effective)
    assert (group.score.low, group.score.high) == pytest.approx((low, high))
    assert (group.accepted, group.errors) == (140, 70)
    assert group.errors_per_audit == pytest.approx(610 / 1100)


def test_weights_are_used_only_if_every_audit_has_one() -> None:
    group = quality.total_group(
        [
            tally(Origin.RANDOM, Verdict.ACCEPTED, 3, probability=0.01),
            tally(Origin.RANDOM, Verdict.REJECTED, 1, 2),
        ]
    )
    assert group.score == rate(3, 4)
    assert group.errors_per_audit == 0.5


def test_an_empty_tally_does_not_undo_the_weights() -> None:
    weighted = [tally(Origin.RANDOM, Verdict.ACCEPTED, 3, probability=0.5)]
    empty = tally(Origin.RANDOM, Verdict.REJECTED, 0)
    assert quality.total_group([*weighted, empty]).score == quality.total_group(weighted).score


audit_rows = st.lists(
    st.tuples(
        st.sampled_from(["ada", "mei", None]),
        st.sampled_from(Origin),
        st.sampled_from(Verdict),
        st.integers(0, 4),
        st.sampled_from([0.05, 0.2, 0.5, 1.0]),
    ),
    max_size=40,
)


@given(audit_rows)
def test_the_total_is_the_plain_calculation_over_every_audit(
    rows: list[tuple[str | None, Origin, Verdict, int, float]],
) -> None:
    tallies = [
        tally(origin, verdict, 1, errors, key=key, probability=probability)
        for key, origin, verdict, errors, probability in rows
    ]
    group = quality.total_group(tallies)
    scoring = [row for row in rows if row[1] is Origin.RANDOM]
    weight = sum(1 / row[4] for row in scoring)
    for origin in Origin:
        assert group.audits[origin] == sum(row[1] is origin for row in rows)
    assert group.score.n == len(scoring)
    assert group.errors == sum(row[3] for row in scoring)
    if not scoring:
        assert group.score.rate is None
        return
    accepted = sum(1 / row[4] for row in scoring if row[2] is Verdict.ACCEPTED)
    assert group.score.rate == pytest.approx(accepted / weight)
    assert group.errors_per_audit == pytest.approx(sum(row[3] / row[4] for row in scoring) / weight)
    by_key = quality.quality_groups(tallies)
    assert sum(one.errors for one in by_key) == group.errors
    assert sum(one.score.n for one in by_key) == group.score.n


CATEGORIES = [
    CategoryTally(category="Boundary", origin=Origin.RANDOM, count=12, errors=20),
    CategoryTally(category="Class", origin=Origin.RANDOM, count=9, errors=9),
    CategoryTally(category="Attribute", origin=Origin.RANDOM, count=4, errors=6),
    CategoryTally(category="Class", origin=Origin.RISK, count=15, errors=40),
    CategoryTally(category="Hunted", origin=Origin.RISK, count=2, errors=99),
]


def test_a_category_has_all_audits_below_it() -> None:
    groups = quality.category_groups(WEEK, CATEGORIES)
    assert [group.key for group in groups] == ["Attribute", "Boundary", "Class", "Hunted"]
    boundary = groups[1]
    assert boundary.audits[Origin.RANDOM] == 100
    assert boundary.audits[Origin.RISK] == 20
    assert boundary.score == rate(88, 100)
    assert (boundary.accepted, boundary.errors) == (88, 20)
    assert boundary.errors_per_audit == 0.2
    assert boundary.submissions is None
    hunted = groups[3]
    assert hunted.score == rate(100, 100)
    assert hunted.errors == 0


def test_a_category_is_weighted_like_the_score() -> None:
    audits = [
        tally(Origin.RANDOM, Verdict.ACCEPTED, 10, probability=0.1),
        tally(Origin.RANDOM, Verdict.REJECTED, 10, 10, probability=1),
    ]
    found = CategoryTally(
        category="Class",
        origin=Origin.RANDOM,
        count=5,
        errors=5,
        weights=Weights(weight=5, squared=5, errors=5),
    )
    (group,) = quality.category_groups(audits, [found])
    assert group.score.rate == pytest.approx(105 / 110)
    assert group.score.n_effective == pytest.approx(110**2 / 1010)
    assert group.errors_per_audit == pytest.approx(5 / 110)


def test_more_audits_with_a_category_than_audits_is_refused() -> None:
    found = CategoryTally(category="Class", origin=Origin.RANDOM, count=101, errors=101)
    with pytest.raises(ValueError, match="more audits than there are"):
        quality.category_groups(WEEK, [found])


def test_top_categories_are_of_random_audits_most_errors_first() -> None:
    top = quality.top_categories(WEEK, CATEGORIES, limit=2)
    assert [(one.category, one.errors, one.audits) for one in top] == [
        ("Boundary", 20, 100),
        ("Class", 9, 100),
    ]
    low, high = proportion_confint(12, 100, method="wilson")
    affected = top[0].affected
    assert (affected.rate, affected.low, affected.high) == pytest.approx((0.12, low, high))
    assert [one.category for one in quality.top_categories(WEEK, CATEGORIES)] == [
        "Boundary",
        "Class",
        "Attribute",
    ]


def test_equal_categories_stand_by_name() -> None:
    found = [
        CategoryTally(category=name, origin=Origin.RANDOM, count=1, errors=1) for name in "cab"
    ]
    assert [one.category for one in quality.top_categories(WEEK, found)] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("score", "target", "people", "expected"),
    [
        (rate(50, 100), 0.95, 1, Standing.BELOW),
        (rate(99, 100), 0.80, 1, Standing.ABOVE),
        (rate(93, 100), 0.95, 1, Standing.CANNOT_TELL),
        (rate(5, 5), 0.95, 1, Standing.CANNOT_TELL),
        (NOTHING_COUNTED, 0.95, 1, Standing.CANNOT_TELL),
        (rate(50, 100), None, 1, Standing.CANNOT_TELL),
        # Alone the interval of 43 of 50 ends at 0.930; among ten people at 0.949 or more.
        (rate(43, 50), 0.94, 1, Standing.BELOW),
        (rate(43, 50), 0.94, 10, Standing.CANNOT_TELL),
    ],
)
def test_against_target(score: Rate, target: float | None, people: int, expected: Standing) -> None:
    assert quality.against_target(score, target, people=people) is expected


def test_a_squad_on_target_is_seldom_called_below_or_above() -> None:
    rng = random.Random(3)
    squads, people, audits = 300, 12, 60
    called = 0
    for _ in range(squads):
        scores = [
            rate(sum(rng.random() < 0.9 for _ in range(audits)), audits) for _ in range(people)
        ]
        called += any(
            quality.against_target(score, 0.9, people=people) is not Standing.CANNOT_TELL
            for score in scores
        )
    # Without the correction about half of all squads would have somebody called.
    assert called / squads <= 0.08


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (rate(95, 100), rate(80, 100), Direction.UP),
        (rate(80, 100), rate(95, 100), Direction.DOWN),
        (rate(9, 10), rate(7, 10), Direction.CANNOT_TELL),
        (NOTHING_COUNTED, rate(7, 10), Direction.CANNOT_TELL),
        (rate(7, 10), NOTHING_COUNTED, Direction.CANNOT_TELL),
    ],
)
def test_movement_needs_evidence(now: Rate, before: Rate, expected: Direction) -> None:
    moved = quality.movement(now, before)
    assert moved.direction is expected
    assert (moved.change is None) is (now.rate is None or before.rate is None)
