"""Risk draws follow the work, tell their reasons, and know nothing of conduct."""

from dataclasses import fields

import pytest

from bot.rules import risk
from bot.rules.risk import HandedIn, RiskKind, RiskReason, Risks

SEED = "00112233445566778899aabbccddeeff"
RISKS = Risks(
    categories=frozenset({"boundary"}),
    sections=frozenset({"2.1"}),
    asked=frozenset({"4.2", "2.1"}),
    versions=frozenset({"v3"}),
    batches=frozenset({"B7"}),
    first_tasks=20,
)
OLD_HAND = 500


def test_what_risk_may_look_at() -> None:
    assert {field.name for field in fields(HandedIn)} == {
        "submission_id", "nth", "batch", "version", "categories", "sections",
    }  # fmt: skip
    assert {field.name for field in fields(Risks)} == {
        "categories", "sections", "asked", "versions", "batches", "first_tasks",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("work", "reasons"),
    [
        (HandedIn(submission_id=1, nth=OLD_HAND), []),
        (HandedIn(submission_id=1, nth=OLD_HAND, batch="B1", version="v2"), []),
        (HandedIn(submission_id=1, nth=20), [(RiskKind.FIRST_TASKS, None)]),
        (HandedIn(submission_id=1, nth=21), []),
        (HandedIn(submission_id=1, nth=OLD_HAND, batch="B7"), [(RiskKind.BATCH, "B7")]),
        (
            HandedIn(
                submission_id=1,
                nth=1,
                batch="B7",
                version="v3",
                categories=frozenset({"boundary", "class"}),
                sections=frozenset({"4.2", "2.1", "9"}),
            ),
            [
                (RiskKind.CATEGORY, "boundary"),
                (RiskKind.SECTION, "2.1"),
                (RiskKind.OPEN_QUESTIONS, "2.1"),
                (RiskKind.OPEN_QUESTIONS, "4.2"),
                (RiskKind.VERSION, "v3"),
                (RiskKind.BATCH, "B7"),
                (RiskKind.FIRST_TASKS, None),
            ],
        ),
    ],
)
def test_reasons(work: HandedIn, reasons: list[RiskReason]) -> None:
    assert list(risk.risk_reasons(work, RISKS)) == reasons


def works() -> list[HandedIn]:
    plain = [HandedIn(submission_id=at, nth=OLD_HAND, batch="B1") for at in range(40)]
    hot = [HandedIn(submission_id=100 + at, nth=OLD_HAND, batch="B7") for at in range(40)]
    worst = [HandedIn(submission_id=200, nth=1, batch="B7", version="v3")]
    return plain + hot + worst


def test_most_reasons_come_first_and_what_is_audited_is_left_out() -> None:
    drawn = risk.risk_draws(works(), RISKS, 5, taken={100, 101}, seed=SEED)
    assert len(drawn) == 5
    assert drawn[0].submission_id == 200
    assert all(101 < one.submission_id < 140 for one in drawn[1:])
    assert risk.risk_draws(works(), RISKS, 5, taken={200}, seed=SEED)[0].submission_id != 200


def test_nothing_without_a_reason_is_drawn() -> None:
    assert len(risk.risk_draws(works(), RISKS, 500, taken=set(), seed=SEED)) == 41
    assert risk.risk_draws(works(), Risks(), 500, taken=set(), seed=SEED) == ()


def test_among_equals_the_seed_decides_and_not_the_number() -> None:
    one, other = (
        [each.submission_id for each in risk.risk_draws(order, RISKS, 6, taken=set(), seed=SEED)]
        for order in (works(), works()[::-1])
    )
    assert one == other
    assert one[1:] != sorted(one[1:])
    again = risk.risk_draws(works(), RISKS, 6, taken=set(), seed="f" * 32)
    assert [each.submission_id for each in again] != one
