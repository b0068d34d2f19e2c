"""How an import paces itself, what makes content another one, and what a sample's draws weigh."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.rules.audits import Origin
from bot.rules.imports import (
    Draw,
    Handed,
    Identity,
    Pace,
    Sampling,
    content_of,
    weights_of,
)
from bot.rules.intake import SubmissionRow

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
ROW = SubmissionRow(2, "T-1", "ana", NOON, 12.5, "cat", None, "B1", "v1")


def test_a_pace_doubles_at_most_and_never_beyond_its_end() -> None:
    pace = Pace(size=100)
    sizes = []
    for _ in range(6):
        pace.learn(pace.size, 0.001)
        sizes.append(pace.size)
    assert sizes == [200, 400, 800, 1_000, 1_000, 1_000]


def test_a_slow_transaction_cuts_the_next_one_down_at_once() -> None:
    pace = Pace(size=1_000, target_s=0.02)
    pace.learn(1_000, 0.1)
    assert pace.size == 200
    pace.learn(200, 10)
    assert pace.size == pace.least


def test_a_small_rest_says_nothing_about_the_size() -> None:
    pace = Pace(size=400)
    pace.learn(3, 0.0001)
    assert pace.size == 400


@given(cost=some.floats(1e-6, 1e-3), size=some.integers(5, 1_000))
def test_a_steady_cost_is_held_for_no_longer_than_the_target(cost: float, size: int) -> None:
    pace = Pace(size=size)
    for _ in range(12):
        pace.learn(pace.size, pace.size * cost)
    assert pace.size * cost <= pace.target_s * 1.01 or pace.size == pace.least


def test_half_as_many_say_how_long_they_all_would_take() -> None:
    pace = Pace(size=400)
    pace.learn(200, 0.005)
    assert pace.size == 800


def test_slices_ask_anew_how_large_they_may_be() -> None:
    pace = Pace(size=2)
    parts = []
    for part in pace.slices(range(7)):
        parts.append(list(part))
        pace.size = 4
    assert parts == [[0, 1], [2, 3, 4], [5, 6]]


@given(n=some.integers(0, 300), size=some.integers(1, 100))
def test_slices_are_halves_and_lose_nothing(n: int, size: int) -> None:
    parts = list(Pace(size=size).slices(range(n)))
    assert [item for part in parts for item in part] == list(range(n))
    assert all(0 < len(part) <= size for part in parts)
    assert not parts or 2 * len(parts[0]) > min(n, size) - 1


@pytest.mark.parametrize(
    "changed",
    [
        {"duration_s": 13.0},
        {"duration_s": None},
        {"label": "dog"},
        {"label": None},
        {"url": "https://a.example"},
        {"batch": "B2"},
        {"guideline_version": "v2"},
    ],
)
def test_what_may_be_revised_makes_another_digest(changed: dict[str, object]) -> None:
    assert content_of(ROW._replace(**changed)) != content_of(ROW)


def test_the_row_and_the_spelling_of_the_person_make_no_revision() -> None:
    assert content_of(ROW._replace(row=9, contributor="Ana")) == content_of(ROW)


def test_the_time_is_content_only_where_an_id_says_which_one_it_is() -> None:
    later = NOON.replace(hour=13)
    assert content_of(ROW._replace(submitted_at=later)) == content_of(ROW)
    named = ROW._replace(source_id="7")
    assert content_of(named._replace(submitted_at=later)) != content_of(named)


def test_identities() -> None:
    plain = Handed(ROW, 5, None, "x").identity
    assert plain == Identity(task="T-1", contributor_id=5, submitted_at=NOON)
    named = Handed(ROW._replace(source="ls", source_id="7"), 5, None, "x").identity
    assert named == Identity(source="ls", source_id="7")


def test_what_each_sampling_means() -> None:
    assert {each: (each.origin, each.weight) for each in Sampling} == {
        Sampling.ALL: (Origin.RANDOM, 1.0),
        Sampling.RANDOM: (Origin.RANDOM, None),
        Sampling.CHOSEN: (Origin.CHOSEN, None),
        Sampling.UNKNOWN: (Origin.UNKNOWN, None),
    }


def test_weights_are_n_over_n_within_each_person() -> None:
    draws = [Draw(1, 11, 5, None), Draw(2, 12, 5, None), Draw(3, 13, 6, None)]
    found = {draw.chain_id: weight for draw, weight in weights_of(draws, {5: 10, 6: 7, 9: 3})}
    assert found == {1: 5.0, 2: 5.0, 3: 7.0}


def test_only_changed_weights_are_written() -> None:
    draws = [Draw(1, 11, 5, 2.0), Draw(2, 12, 5, 9.0)]
    assert weights_of(draws, {5: 4}) == [(draws[1], 2.0)]


def test_two_chains_of_one_submission_are_one_draw() -> None:
    draws = [Draw(1, 11, 5, None), Draw(2, 11, 5, None)]
    assert [weight for _, weight in weights_of(draws, {5: 4})] == [4.0, 4.0]
