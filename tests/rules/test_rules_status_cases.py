"""Who may confirm and hear an answer, on what evidence, and until when."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.rules import status_cases as rules
from bot.rules.numbers import rate
from bot.rules.people import Status
from bot.rules.quality import Standing
from bot.rules.standing import individual_interval, individual_standing
from bot.rules.status_cases import Able, CaseKind, CaseState, Evidence, Figures, Stored

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
PERSON, PROPOSER, OTHER, ADMIN = 1, 2, 3, 4

CASE = Stored(
    case_id=1,
    workspace_id=1,
    squad_id=1,
    person_id=PERSON,
    status=Status.PROBATION,
    before=Status.ACTIVE,
    kind=CaseKind.CONDUCT,
    reason="x",
    evidence=None,
    state=CaseState.PROPOSED,
    proposed_by=PROPOSER,
    proposed_at=NOW,
)


def able(managers: set[int], admins: set[int], standing: Status | None = Status.ACTIVE) -> Able:
    return Able(managers=frozenset(managers), admins=frozenset(admins), standing=standing)


@pytest.mark.parametrize(
    ("managers", "admins", "expected"),
    [
        ({PROPOSER, OTHER}, {ADMIN}, {OTHER}),
        ({PROPOSER}, {ADMIN}, {ADMIN}),
        ({PROPOSER, PERSON}, {ADMIN}, {ADMIN}),
        ({PROPOSER}, {PROPOSER}, set()),
        ({PROPOSER, PERSON}, {PERSON}, set()),
        ({OTHER}, {PROPOSER}, {OTHER}),
    ],
)
def test_who_confirms(managers: set[int], admins: set[int], expected: set[int]) -> None:
    assert rules.deciders(able(managers, admins), PERSON, PROPOSER) == expected


@pytest.mark.parametrize(
    ("managers", "admins", "expected"),
    [
        ({PROPOSER, OTHER, 5}, {ADMIN}, 5),
        ({PROPOSER, OTHER}, {ADMIN}, ADMIN),
        ({PROPOSER, OTHER}, {OTHER}, OTHER),
        ({PROPOSER, OTHER}, set(), PROPOSER),
        ({PERSON}, {PERSON}, None),
    ],
)
def test_who_hears_the_answer(managers: set[int], admins: set[int], expected: int | None) -> None:
    confirmed = replace(CASE, confirmed_by=OTHER)
    assert rules.hears(able(managers, admins), confirmed) == expected


@given(
    managers=st.frozensets(st.integers(1, 6)),
    admins=st.frozensets(st.integers(1, 6)),
    proposer=st.integers(1, 6),
)
def test_nobody_decides_about_themselves_or_their_own(
    managers: frozenset[int], admins: frozenset[int], proposer: int
) -> None:
    found = rules.deciders(Able(managers=managers, admins=admins, standing=None), PERSON, proposer)
    assert not found & {PERSON, proposer}
    assert found <= managers | admins
    case = replace(CASE, proposed_by=proposer, confirmed_by=min(found, default=None))
    heard = rules.hears(Able(managers=managers, admins=admins, standing=None), case)
    assert heard != PERSON
    independent = (managers | admins) - {PERSON, proposer, case.confirmed_by}
    assert heard in independent or not independent


@pytest.mark.parametrize(
    ("changes", "standing", "later", "expected"),
    [
        ({}, Status.ACTIVE, timedelta(days=14), None),
        ({}, Status.ACTIVE, timedelta(days=14, seconds=1), "case_too_old"),
        ({"state": CaseState.DECLINED}, Status.ACTIVE, timedelta(0), "case_decided"),
        ({}, Status.PAUSED, timedelta(0), "case_moved_on"),
        ({}, None, timedelta(0), "case_moved_on"),
        ({"proposed_by": 9}, Status.ACTIVE, timedelta(0), "case_proposer_gone"),
    ],
)
def test_what_stands_in_the_way(
    changes: dict[str, object], standing: Status | None, later: timedelta, expected: str | None
) -> None:
    those = able({PROPOSER, OTHER}, set(), standing)
    assert rules.obstacle(replace(CASE, **changes), those, NOW + later) == expected


def evidence(accepted: int, n: int, target: float | None = 0.92, people: int = 5) -> Evidence:
    score = rate(accepted, n)
    interval = individual_interval(score, people)
    figures = Figures(
        project_id=1,
        project="Boxes",
        n=n,
        rate=score.rate,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        target=target,
        standing=individual_standing(score, target, people),
    )
    return Evidence(first=date(2026, 2, 11), last=date(2026, 3, 10), figures=(figures,))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (None, "case_figures_hidden"),
        (evidence(0, 0), "case_cannot_tell"),
        (evidence(8, 10), "case_cannot_tell"),
        (evidence(50, 100, target=None), "case_no_target"),
        (evidence(300, 300), "case_on_target"),
        (evidence(60, 100), None),
    ],
)
def test_when_quality_is_a_reason(found: Evidence | None, expected: str | None) -> None:
    if expected is None:
        rules.check_kind(Status.PROBATION, CaseKind.QUALITY, found)
        return
    with pytest.raises(BadInput) as refused:
        rules.check_kind(Status.PROBATION, CaseKind.QUALITY, found)
    assert refused.value.code == expected


@given(accepted=st.integers(0, 200), more=st.integers(0, 200), people=st.integers(1, 50))
def test_quality_is_a_reason_only_where_the_interval_excludes_the_target(
    accepted: int, more: int, people: int
) -> None:
    found = evidence(accepted, accepted + more, people=people)
    (figures,) = found.figures
    try:
        rules.check_kind(Status.PAUSED, CaseKind.QUALITY, found)
    except BadInput:
        assert figures.high is None or figures.high >= 0.92
    else:
        assert figures.high is not None
        assert figures.high < 0.92
    assert Evidence.from_json(found.to_json()) == found


@pytest.mark.parametrize(
    ("status", "kind", "allowed"),
    [
        (Status.PROBATION, CaseKind.CONDUCT, True),
        (Status.PROBATION, CaseKind.WISH, False),
        (Status.PAUSED, CaseKind.CONDUCT, False),
        (Status.OFFBOARDED, CaseKind.CONTRACT, True),
        (Status.OFFBOARDED, CaseKind.WISH, True),
    ],
)
def test_what_a_status_may_be_for(status: Status, kind: CaseKind, *, allowed: bool) -> None:
    if allowed:
        rules.check_kind(status, kind, None)
        return
    with pytest.raises(BadInput, match="case_kind"):
        rules.check_kind(status, kind, None)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, None),
        ({"answered_at": NOW}, "case_answered"),
        ({"answer_due": NOW - timedelta(seconds=1)}, "case_answer_late"),
        ({"state": CaseState.LIFTED}, "case_over"),
    ],
)
def test_until_when_one_may_answer(changes: dict[str, object], expected: str | None) -> None:
    holds = replace(CASE, state=CaseState.IN_FORCE, answer_due=NOW)
    assert rules.may_answer(replace(holds, **changes), NOW) == expected


def test_standing_of_one_who_is_not_below() -> None:
    assert evidence(8, 10).figures[0].standing is Standing.CANNOT_TELL
