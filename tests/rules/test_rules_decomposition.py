"""A change taken apart: the parts add up, a planted cause comes out first, no cause no claim."""

import random
from collections import Counter
from math import fsum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules import change_parts, changes, decomposition
from bot.rules.changes import OF_WORK, Breakdown, Cause, Dimension, Fault, JudgedWork, Part, Tenure
from bot.rules.decomposition import take_apart
from bot.rules.numbers import difference, rate
from tests.rules.squad_weeks import CATEGORIES, Squad, Weeks

names = st.sampled_from(["a", "b", "c", None])
works = st.builds(
    JudgedWork,
    rejected=st.booleans(),
    weight=st.floats(0.1, 50) | st.sampled_from([0.5, 1.0, 3.0]),
    faults=st.lists(st.builds(Fault, names, names), max_size=3).map(tuple),
    version=names,
    batch=names,
    tenure=names,
)
periods = st.lists(works, min_size=1, max_size=60)


def unequal_mix() -> Weeks:
    return Weeks(
        old_batches={"B1": 0.45, "B2": 0.45, "B3": 0.1},
        new_batches={"B2": 0.2, "B3": 0.6, "B4": 0.2},
        harder={"B3": 4.0},
    )


def planted(cause: str, rng: random.Random) -> tuple[Weeks, Cause, Dimension, str | None]:
    """Plant a cause that doubles the error rate of the squad as a whole."""
    if cause == "category":
        kind = rng.choice([*CATEGORIES])
        return Weeks(category=kind), Cause.RATE, Dimension.CATEGORY, kind
    if cause == "batch":
        return Weeks(worse={"B3": 1 + 1 / 0.4}), Cause.RATE, Dimension.BATCH, "B3"
    if cause == "new batch":
        return Weeks(worse={"B4": 1 + 1 / 0.3}), Cause.RATE, Dimension.BATCH, "B4"
    if cause == "version":
        plan = Weeks(new_versions={"v3": 1.0}, worse={"v3": 2.0})
        return plan, Cause.RATE, Dimension.VERSION, "v3"
    return unequal_mix(), Cause.MIX, Dimension.BATCH, "B3"


CAUSES = ["category", "batch", "new batch", "version", "mix"]


def broken_down(weeks: tuple[list[JudgedWork], list[JudgedWork]]) -> Breakdown:
    found = take_apart(*weeks)
    assert found is not None
    return found


def what(part: Part) -> list[object]:
    return [part.cause, part.dimension, part.level]


def found_first(cause: str, seeds: range) -> tuple[int, int, int]:
    """Return how often the cause came out first, was claimed, and something else was."""
    first = claimed = other = 0
    for seed in seeds:
        rng = random.Random(seed)
        plan, *expected = planted(cause, rng)
        found = broken_down(Squad(rng).weeks(plan))
        named = [what(part) for part in found.named]
        first += what(found.parts[0]) == expected
        claimed += expected in named
        other += any(one != expected for one in named)
    return first, claimed, other


def claims_without_cause(seeds: range) -> int:
    plans = [
        Weeks(),
        Weeks(new_batches=Weeks().old_batches, new_versions=Weeks().old_versions),
        Weeks(harder={"B3": 4.0}, new_batches=Weeks().old_batches),
    ]
    squads = (Squad(random.Random(seed)).weeks(plans[seed % len(plans)]) for seed in seeds)
    return sum(bool(broken_down(weeks).named) for weeks in squads)


@settings(max_examples=150, deadline=None)
@given(periods, periods)
def test_the_parts_add_up(now: list[JudgedWork], before: list[JudgedWork]) -> None:
    found = broken_down((now, before))
    rates = [
        fsum(work.weight for work in period if work.rejected) / fsum(work.weight for work in period)
        for period in (now, before)
    ]
    assert found.change == pytest.approx(rates[1] - rates[0], abs=1e-9)
    assert fsum(part.effect for part in found.parts) == pytest.approx(found.change, abs=1e-9)
    told = fsum(part.effect for part in found.named) + found.unexplained
    assert told == pytest.approx(found.change, abs=1e-9)


@pytest.mark.parametrize("cause", CAUSES)
def test_the_parts_add_up_whatever_the_cause(cause: str) -> None:
    for seed in range(12):
        rng = random.Random(seed)
        found = broken_down(Squad(rng).weeks(planted(cause, rng)[0]))
        assert fsum(part.effect for part in found.parts) == pytest.approx(found.change, abs=1e-9)
        for part in found.parts:
            assert part.low - 1e-9 <= part.effect <= part.high + 1e-9


@settings(max_examples=30, deadline=None)
@given(periods, periods, st.randoms(use_true_random=False))
def test_order_does_not_matter(
    now: list[JudgedWork], before: list[JudgedWork], rng: random.Random
) -> None:
    shuffled = [rng.sample(period, len(period)) for period in (now, before)]
    one, other = broken_down((now, before)), broken_down((shuffled[0], shuffled[1]))
    assert one.change == pytest.approx(other.change, abs=1e-12)
    assert one.compared == other.compared
    assert [part.effect for part in one.named] == pytest.approx([p.effect for p in other.named])


def work(n: int, wrong: int, **attributes: str) -> list[JudgedWork]:
    fault = (Fault("missed", "2.3"),)
    good = [JudgedWork(rejected=False, **attributes)] * (n - wrong)  # type: ignore[arg-type]
    bad = JudgedWork(rejected=True, faults=fault, **attributes)  # type: ignore[arg-type]
    return good + [bad] * wrong


def test_a_mix_worked_by_hand() -> None:
    # Easy work at 5 % and hard work at 40 %, before and now; the hard part grew from 10 to 60 %.
    before = work(540, 27, batch="easy") + work(60, 24, batch="hard")
    now = work(60, 3, batch="easy") + work(90, 36, batch="hard")
    found = broken_down((now, before))
    assert found.change == pytest.approx(51 / 600 - 39 / 150)
    (part,) = found.named
    assert (part.cause, part.dimension, part.level) == (Cause.MIX, Dimension.BATCH, "hard")
    assert part.effect == pytest.approx(found.change)
    assert (part.now, part.before) == pytest.approx((0.6, 0.1))
    assert found.unexplained == pytest.approx(0, abs=1e-9)
    assert all(abs(p.effect) < 1e-9 for p in found.parts if p.cause is Cause.RATE)


def test_a_rate_worked_by_hand() -> None:
    before = work(300, 15, batch="old") + work(300, 15, batch="other")
    now = work(75, 26, batch="old") + work(75, 4, batch="other")
    found = broken_down((now, before))
    (part,) = found.named
    assert (part.cause, part.dimension, part.level) == (Cause.RATE, Dimension.BATCH, "old")
    assert part.effect == pytest.approx(-0.5 * (26 / 75 - 0.05))
    assert (part.n, part.n_before) == (75, 300)
    corrected = 1 - 0.05 / found.compared
    interval = difference(rate(26, 75), rate(15, 300), corrected)
    assert interval is not None
    assert (part.low, part.high) == pytest.approx((-0.5 * interval.high, -0.5 * interval.low))


def test_when_all_gets_worse_alike_the_biggest_is_not_blamed() -> None:
    before = work(900, 45, batch="big") + work(300, 15, batch="small")
    now = work(225, 60, batch="big") + work(75, 20, batch="small")
    pair = change_parts.compare(now, before, 0.95)
    levels = change_parts.levels_of(pair, Dimension.BATCH)
    parts = change_parts.level_rates(pair, Dimension.BATCH, levels)
    assert {part.level: part.high < 0 for part in parts} == {"big": True, "small": True}
    assert not any(part.evident for part in parts)
    assert all(abs(part.evidence) < 0.5 for part in parts)


def a_part(
    dimension: Dimension, level: str, effect: float = -0.05, *, evident: bool = True
) -> Part:
    return Part(
        cause=Cause.RATE,
        dimension=dimension,
        level=level,
        effect=effect,
        low=effect - 0.001,
        high=effect + 0.001,
        now=0.2,
        before=0.1,
        n=100,
        n_before=400,
        evidence=4.0 if effect > 0 else -4.0,
        comparable=True,
        evident=evident,
    )


def test_of_equal_evidence_the_dimension_with_fewer_levels_comes_first() -> None:
    categories = tuple(a_part(Dimension.CATEGORY, name) for name in "abcdefgh")
    batches = tuple(a_part(Dimension.BATCH, name) for name in "xy")
    for ways in ([categories, batches], [batches, categories]):
        assert decomposition._likeliest_first(ways, -0.1) == batches


def test_a_section_that_repeats_its_category_comes_second() -> None:
    category, section = ((a_part(each, "a"),) for each in (Dimension.CATEGORY, Dimension.SECTION))
    assert decomposition._likeliest_first([section, category], -0.05) == category


def test_what_moved_against_the_change_does_not_explain_it() -> None:
    better, worse = a_part(Dimension.BATCH, "x", 0.09), a_part(Dimension.VERSION, "y", -0.05)
    assert decomposition._likeliest_first([(better,), (worse,)], -0.05) == (worse,)


def test_a_level_that_is_all_of_the_work_is_no_cause() -> None:
    before, now = work(600, 30, version="v1"), work(150, 30, version="v1")
    found = broken_down((now, before))
    assert all(part.dimension not in OF_WORK for part in found.parts)


def test_a_fall_and_a_rise_are_each_told_with_their_sign() -> None:
    worse = broken_down((work(150, 40, version="v2"), work(600, 40, version="v1")))
    better = broken_down((work(150, 2, version="v2"), work(600, 90, version="v1")))
    assert worse.change < 0 < better.change
    assert worse.parts[0].effect < 0 < better.parts[0].effect
    assert worse.named
    assert better.named


def test_rejected_without_a_word_counts_as_its_own_kind() -> None:
    silent = [JudgedWork(rejected=True)] * 5
    found = broken_down((silent + work(20, 2), work(50, 3)))
    assert {part.level for part in found.parts} == {None, "missed"}
    assert all(not part.evident for part in found.parts if part.level is None)


@pytest.mark.parametrize(("now", "before"), [([], work(3, 1)), (work(3, 1), []), ([], [])])
def test_nothing_beside_something_is_unknown(
    now: list[JudgedWork], before: list[JudgedWork]
) -> None:
    assert take_apart(now, before) is None


def test_no_difference_has_nothing_to_tell() -> None:
    found = broken_down((work(20, 0), work(50, 0)))
    assert (found.parts, found.named, found.change, found.unexplained) == ((), (), 0, 0)


def test_three_are_named_at_most() -> None:
    parts = tuple(
        a_part(Dimension.CATEGORY, name, effect, evident=evident)
        for name, effect, evident in [
            ("a", -0.02, True),
            ("b", -0.09, False),
            ("c", -0.03, True),
            ("d", 0.05, True),
            ("e", -0.04, True),
        ]
    )
    found = Breakdown(change=-0.13, before=0.9, n=100, n_before=400, parts=parts, compared=5)
    assert [part.level for part in found.named] == ["d", "e", "c"]
    assert found.unexplained == pytest.approx(-0.11)


@pytest.mark.parametrize(
    ("days", "band"),
    [
        (0, Tenure.FIRST_MONTH),
        (29, Tenure.FIRST_MONTH),
        (30, Tenure.FIRST_QUARTER),
        (89, Tenure.FIRST_QUARTER),
        (90, Tenure.LATER),
    ],
)
def test_tenure_bands(days: int, band: Tenure) -> None:
    assert changes.tenure_band(days) is band


def test_the_squads_of_the_simulation_are_as_described() -> None:
    rng = random.Random(1)
    rates = Counter[bool]()
    for _ in range(30):
        now, old = Squad(rng).weeks(Weeks())
        assert (len(now), len(old)) == (150, 600)
        rates.update(work.rejected for work in now + old)
    assert rates[True] / rates.total() == pytest.approx(0.105, abs=0.02)


@pytest.mark.parametrize("cause", CAUSES)
def test_a_planted_cause_mostly_comes_out_first(cause: str) -> None:
    assert found_first(cause, range(30))[0] >= 26


def test_without_a_cause_hardly_anything_is_claimed() -> None:
    assert claims_without_cause(range(60)) <= 5


@pytest.mark.slow
@pytest.mark.parametrize("cause", CAUSES)
def test_a_planted_cause_comes_out_first(cause: str) -> None:
    first, claimed, other = found_first(cause, range(600))
    assert first >= 0.95 * 600
    assert claimed >= 0.55 * 600  # what cannot be told apart from chance is not claimed
    assert other <= 0.05 * 600


@pytest.mark.slow
def test_without_a_cause_nothing_is_claimed() -> None:
    assert claims_without_cause(range(1500)) <= 0.05 * 1500
