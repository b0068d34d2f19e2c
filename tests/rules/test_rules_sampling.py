"""The sampler: prefixes of a reproducible order, even in its groups, each with its probability."""

from collections import Counter
from datetime import UTC, datetime
from itertools import islice

import numpy as np  # noqa: F401 - loaded here, as no example has the time for it
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from bot.rules import sampling
from bot.rules.draws import Coverage
from bot.rules.numbers import NOTHING_COUNTED, weighted_rate
from bot.rules.sampling import Draw, Frame, Gathering, Group, IsoWeek, Ranking

CUT = datetime(2026, 3, 9, 6, 0, tzinfo=UTC)
SEED = "00112233445566778899aabbccddeeff"
GROUPS = [Group("B1", "v1"), Group("B1", "v2"), Group("B2", "v2"), Group(None, None)]

sizes_of_groups = st.lists(st.integers(0, 60), min_size=1, max_size=4).filter(any)
seeds = st.binary(min_size=16, max_size=16).map(bytes.hex)


def frame(counts: list[int], seed: str = SEED) -> Frame:
    groups = dict(zip(GROUPS, counts, strict=False))
    return Frame(contributor_id=7, week=IsoWeek(2026, 10), cut=CUT, seed=seed, groups=groups)


def members(of: Frame) -> list[tuple[int, Group]]:
    groups = [group for group, count in of.groups.items() for _ in range(count)]
    return [(1000 + 3 * at, group) for at, group in enumerate(groups)]


def draw(of: Frame, prefix: int) -> tuple[Draw, ...]:
    gathering = Gathering(of.seed, prefix)
    for member, group in members(of):
        gathering.offer(group, [member])
    return gathering.draws(of, prefix)


@given(sizes_of_groups, seeds, st.data())
def test_what_is_drawn_is_a_prefix_of_one_order(
    counts: list[int], seed: str, data: st.DataObject
) -> None:
    of = frame(counts, seed)
    prefix = data.draw(st.integers(0, of.size))
    whole, part = draw(of, of.size), draw(of, prefix)
    assert [one.submission_id for one in part] == [one.submission_id for one in whole][:prefix]
    assert sorted((one.submission_id, one.group) for one in whole) == members(of)
    assert [one.position for one in part] == list(range(prefix))
    assert {one.probability for one in part} <= {prefix / of.size}


@given(sizes_of_groups, seeds, st.randoms(use_true_random=False))
def test_the_order_in_which_submissions_pass_by_does_not_matter(
    counts: list[int], seed: str, rng: object
) -> None:
    of = frame(counts, seed)
    shuffled = members(of)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    gathering = Gathering(of.seed, of.size)
    for member, group in shuffled:
        gathering.offer(group, [member])
    assert gathering.draws(of, of.size // 2) == draw(of, of.size // 2)


def test_the_same_seed_draws_the_same_today_and_tomorrow() -> None:
    drawn = [one.submission_id for one in draw(frame([40, 20, 30, 10]), 8)]
    assert drawn == [1144, 1039, 1228, 1021, 1291, 1138, 1078, 1210]
    assert drawn != [one.submission_id for one in draw(frame([40, 20, 30, 10], "f" * 32), 8)]


@given(sizes_of_groups, seeds)
def test_every_prefix_is_even_in_its_groups(counts: list[int], seed: str) -> None:
    of = frame(counts, seed)
    seen: Counter[Group] = Counter()
    for place, group in enumerate(sampling.group_order(of), start=1):
        seen[group] += 1
        for each, count in of.groups.items():
            assert abs(seen[each] - place * count / of.size) <= 3
    assert seen == Counter({group: count for group, count in of.groups.items() if count})


def test_every_submission_is_drawn_with_the_stated_probability() -> None:
    counts, prefix, rounds = [9, 4, 1, 6], 7, 4000
    drawn: Counter[int] = Counter()
    for number in range(rounds):
        of = frame(counts, number.to_bytes(16, "big").hex())
        drawn.update(one.submission_id for one in draw(of, prefix))
    seen = [drawn[member] for member, _ in members(frame(counts))]
    expected = rounds * prefix / 20
    # Fixed seeds; a fair sampler lies beyond this in one of 10,000 choices of them.
    spread = sum((one - expected) ** 2 for one in seen) / (expected * (1 - prefix / 20))
    assert spread < stats.chi2.ppf(0.9999, 20)
    assert sum(seen) == rounds * prefix


def test_each_group_gets_its_expected_number_exactly_over_all_starts() -> None:
    # The start is the only chance in the order of groups, so all of them can be tried.
    of = frame([5, 3, 1, 2])
    groups = sorted(of.groups, key=lambda group: [(part is None, part or "") for part in group])
    order = list(sampling.group_order(of))
    circle = [group for group in groups for _ in range(of.groups[group])]
    step = 7  # 0.618 × 11, and coprime to it
    starts = [[circle[(start + step * at) % 11] for at in range(11)] for start in range(11)]
    assert order in starts
    for prefix in range(12):
        total = Counter(group for start in starts for group in start[:prefix])
        assert all(total[group] == prefix * count for group, count in of.groups.items())


def test_a_frame_that_changed_since_its_cut_is_refused() -> None:
    of = frame([3, 2])
    for wrong in (members(of)[:-1], [*members(of), (1, GROUPS[0])]):
        gathering = Gathering(of.seed, 2)
        for member, group in wrong:
            gathering.offer(group, [member])
        with pytest.raises(ValueError, match="at its cut"):
            gathering.draws(of, 2)
    with pytest.raises(ValueError, match="at its cut"):
        Gathering("f" * 32, 2).draws(of, 2)


@pytest.mark.parametrize("prefix", [-1, 6])
def test_more_than_there_is_cannot_be_drawn(prefix: int) -> None:
    with pytest.raises(ValueError, match="cannot be drawn"):
        Gathering(SEED, 6).draws(frame([3, 2]), prefix)


def test_more_than_was_kept_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="cannot be drawn"):
        Gathering(SEED, 1).draws(frame([3, 2]), 2)


def test_an_empty_frame_has_no_draws() -> None:
    assert draw(frame([0, 0]), 0) == ()


@pytest.mark.parametrize("seed", ["", "00", "00" * 17])
def test_a_seed_has_16_bytes(seed: str) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        Ranking(seed)


@given(seeds, st.integers(1, 10_000))
def test_a_number_lies_below_its_bound(seed: str, below: int) -> None:
    assert 0 <= Ranking(seed).number(below, b"start") < below


@given(seeds, st.integers(0, 2**40), st.integers(1, 40), st.integers(0, sampling._LAST))
@settings(max_examples=40)
def test_many_at_once_rank_as_one_by_one(seed: str, first: int, count: int, below: int) -> None:
    rank = Ranking(seed)
    some = range(first, first + sampling._MANY + 100)
    each = sorted(rank(one) for one in some if rank(one)[0] <= below)[:count]
    assert sorted(rank.lowest(some, count, below)) == each
    few = some[: sampling._MANY - 1]
    each = sorted(rank(one) for one in few if rank(one)[0] <= below)[:count]
    assert sorted(rank.lowest(few, count, below)) == each


def test_ranks_are_even_and_owe_nothing_to_their_neighbours() -> None:
    cells = [[0] * 16 for _ in range(16)]
    for n in range(200):  # one pair of neighbouring keys for each seed
        rank = Ranking(f"{n:032x}")
        for first in range(0, 640, 2):
            cells[rank(first)[0] >> 60][rank(first + 1)[0] >> 60] += 1
    found = [cell for row in cells for cell in row]
    chi = sum((cell - 250) ** 2 / 250 for cell in found)
    assert 255 - 5 * 22.6 < chi < 255 + 5 * 22.6  # mean and spread of chi-square of 255 degrees


def test_memory_stays_flat() -> None:
    of = frame([200_000])
    gathering = Gathering(of.seed, 50)
    gathering.offer(GROUPS[0], range(200_000))
    (lowest,) = gathering._lowest.values()
    assert len(lowest._kept) < 2 * 50 + sampling._SLACK
    rank = Ranking(SEED)
    expected = sorted(range(200_000), key=rank)[:50]
    assert [one.submission_id for one in gathering.draws(of, 50)] == expected


@pytest.mark.parametrize(
    ("size", "wanted", "before", "drawn"),
    [(100, 10, 0, 10), (4, 10, 0, 4), (100, 10, 6, 4), (100, 10, 30, 1), (0, 10, 0, 0)],
)
def test_quota(size: int, wanted: int, before: int, drawn: int) -> None:
    assert sampling.quota(size, wanted, before) == drawn


@given(
    st.dictionaries(st.integers(0, 50), st.integers(0, 800), min_size=1, max_size=30),
    st.integers(0, 30),
    st.integers(0, 3000),
)
def test_quotas(sizes: dict[int, int], at_least: int, total: int) -> None:
    drawn = sampling.quotas(sizes, at_least, total)
    least = {key: min(size, max(1, at_least)) for key, size in sizes.items()}
    assert drawn.keys() == sizes.keys()
    assert all(least[key] <= drawn[key] <= size for key, size in sizes.items())
    everything = sum(sizes.values())
    assert sum(drawn.values()) == min(max(total, sum(least.values())), everything)
    # No stratum got more than its minimum while another had a clearly smaller share drawn.
    more = [(drawn[key] - 1) / size for key, size in sizes.items() if drawn[key] > least[key]]
    open_ = [drawn[key] / size for key, size in sizes.items() if drawn[key] < size]
    assert not more or not open_ or max(more) <= min(open_) + 1e-9


def test_the_score_weighs_each_frame_by_its_size() -> None:
    counted = [(True, 40.0)] * 9 + [(False, 40.0)] + [(True, 4.0)] * 2 + [(False, 4.0)] * 3
    ours, plain = sampling.score([(400, 10, 9), (20, 5, 2)]), weighted_rate(counted)
    assert ours.rate == pytest.approx((400 * 0.9 + 20 * 0.4) / 420)
    assert (ours.rate, ours.n, ours.n_effective) == pytest.approx(
        (plain.rate, plain.n, plain.n_effective)
    )
    assert (ours.low, ours.high) == pytest.approx((plain.low, plain.high))


def test_a_frame_without_audits_adds_nothing() -> None:
    assert sampling.score([(400, 0, 0)]) == NOTHING_COUNTED
    assert sampling.score([(400, 0, 0), (20, 5, 4)]) == sampling.score([(20, 5, 4)])


@pytest.mark.parametrize(("size", "audited"), [(5, 0), (5, 6), (0, 0)])
def test_a_weight_needs_an_audit(size: int, audited: int) -> None:
    with pytest.raises(ValueError, match="no weight"):
        sampling.weight_of(size, audited)


def test_coverage_adds_up() -> None:
    one = Coverage(drawn=100, audited=91, skipped=4)
    both = one + Coverage(drawn=50, audited=50, skipped=0)
    assert (both.drawn, both.audited, both.skipped, both.open) == (150, 141, 4, 5)


def test_order_of_groups_is_taken_only_as_far_as_needed() -> None:
    of = frame([500_000, 500_000])
    assert len(list(islice(sampling.group_order(of), 10))) == 10


def test_a_group_of_which_nothing_passed_by_is_none() -> None:
    gathering = Gathering("00" * 16, 2)
    gathering.offer(Group("B1", "v1"), [1, 2, 3])
    gathering.offer(Group("B2", "v1"), [])
    assert gathering.groups == {Group("B1", "v1"): 3}
