"""What of a poll may be shown, by table and by property; when rounds come; seals and tokens."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules import pulse_seals as seals
from bot.rules.numbers import Interval
from bot.rules.people import Actor, IdentityKind, Membership, Role, SquadState, Status
from bot.rules.pulse import (
    K_FLOOR,
    Poll,
    PollState,
    QuestionKind,
    Repeat,
    Series,
    Viewer,
    closing,
    is_asked,
    may_see,
    next_day,
    next_opening,
)
from bot.rules.pulse_results import Mean, band, changed, mean, settle, share

KEY, SALT = b"k" * 32, b"s" * 32
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


# k


@pytest.mark.parametrize("n", range(7))
def test_below_k_nothing_of_the_answers_is_kept(n: int) -> None:
    for kind, answers in ((QuestionKind.SCALE, "12345"), (QuestionKind.TEXT, "abcde")):
        kept = settle(kind, [answers[each % 5] for each in range(n)], 5)
        if n < 5:
            assert (kept.n, kept.counts, kept.low, kept.high, kept.comments) == (
                None, {}, None, None, (),
            )  # fmt: skip
        else:
            assert kept.n == n


@given(
    kind=st.sampled_from(list(QuestionKind)),
    k=st.integers(K_FLOOR, 10),
    some=st.lists(st.integers(1, 5), max_size=9),
    others=st.lists(st.integers(1, 5), max_size=9),
)
def test_no_reply_shows_while_fewer_than_k_are_in_its_group(
    kind: QuestionKind, k: int, some: list[int], others: list[int]
) -> None:
    """Whatever each of fewer than k said, and how many they were, gives the same."""
    one, other = (settle(kind, [str(each) for each in said[: k - 1]], k) for said in (some, others))
    assert one == other


@given(answers=st.lists(st.integers(0, 10), min_size=3, max_size=30))
def test_a_unanimous_answer_is_never_stored_itself(answers: list[int]) -> None:
    kept = settle(QuestionKind.ENPS, [str(each) for each in answers], 3)
    if len(set(answers)) == 1:
        assert kept.counts == {}
        assert kept.low is not None
        assert kept.high is not None
        assert kept.low < kept.high
        assert kept.low <= answers[0] <= kept.high
    else:
        assert sum(kept.counts.values()) == len(answers)


@pytest.mark.parametrize(
    ("kind", "values"), [(QuestionKind.SCALE, range(1, 6)), (QuestionKind.ENPS, range(11))]
)
def test_a_range_holds_the_answer_and_another(kind: QuestionKind, values: range) -> None:
    for value in values:
        low, high = band(kind, value)
        assert low <= value <= high
        assert high > low


@dataclass
class World:
    """A squad over time: who is in it, and every result that anybody can ask for."""

    k: int
    members: set[int] = field(default_factory=lambda: set(range(4)))
    shown: list[object] = field(default_factory=list)

    def poll(self, answers: dict[int, int]) -> None:
        said = [str(answers[who]) for who in sorted(self.members) if who in answers]
        kept = settle(QuestionKind.SCALE, said, self.k)
        self.shown.append((kept, mean(QuestionKind.SCALE, kept.counts)))


Step = tuple[str, int, dict[int, int]]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["join", "leave", "poll"]),
        st.integers(0, 9),
        st.dictionaries(st.integers(0, 9), st.integers(1, 5), max_size=10),
    ),
    max_size=15,
)


@settings(max_examples=200)
@given(steps=STEPS, k=st.integers(3, 6), who=st.integers(0, 9), instead=st.integers(1, 5))
def test_no_sequence_makes_an_answer_depend_on_one_reply_below_k(
    steps: list[Step], k: int, who: int, instead: int
) -> None:
    """Play the same twice, one person's replies changed: where fewer than k replied, no trace."""
    one, other = World(k), World(k)
    sizes = []
    for verb, person, answers in steps:
        for world in (one, other):
            if verb == "join":
                world.members.add(person)
            elif verb == "leave":
                world.members.discard(person)
        if verb == "poll":
            one.poll(answers)
            other.poll({**answers, who: instead} if who in answers else answers)
            sizes.append(len(one.members & set(answers)))
    for size, first, second in zip(sizes, one.shown, other.shown, strict=True):
        if size < k:
            assert first == second


# Figures


def test_the_mean_has_students_interval() -> None:
    found = mean(QuestionKind.SCALE, {2: 1, 3: 2, 4: 2})
    assert found is not None
    assert found.value == pytest.approx(3.2)
    # statsmodels' DescrStatsW([2, 3, 3, 4, 4]).tconfint_mean()
    assert found.interval.low == pytest.approx(2.1611, abs=1e-3)
    assert found.interval.high == pytest.approx(4.2389, abs=1e-3)


def test_an_enps_is_promoters_less_detractors() -> None:
    found = mean(QuestionKind.ENPS, {10: 3, 9: 1, 8: 2, 3: 2})
    assert found is not None
    assert found.value == pytest.approx(25)
    assert -100 <= found.interval.low < 25 < found.interval.high <= 100


def test_an_arrow_needs_evidence() -> None:
    low, high = Mean(2, Interval(1.5, 2.5), 9), Mean(4, Interval(3.5, 4.5), 9)
    wide = Mean(3, Interval(2, 4), 9)
    assert (changed(low, high), changed(high, low), changed(low, wide)) == (1, -1, 0)


@pytest.mark.parametrize(
    ("replied", "asked", "said"),
    [(None, 9, None), (5, 0, None), (4, 6, 70), (6, 6, 100), (7, 6, 100)],
)
def test_participation_is_rounded(replied: int | None, asked: int, said: int | None) -> None:
    assert share(replied, asked) == said


# Rounds


def series(repeat: Repeat, first: date) -> Series:
    return Series(
        id=1,
        workspace_id=1,
        questions=(),
        squad_ids=(1,),
        viewers=frozenset(),
        k=5,
        repeat=repeat,
        first_day=first,
        local_time=time(9),
        zone="Europe/London",
        days_open=5,
        created_by=1,
        paused=False,
        next_at=None,
    )


@pytest.mark.parametrize(
    ("repeat", "first", "after", "following"),
    [
        (Repeat.ONCE, date(2026, 1, 31), date(2026, 1, 31), None),
        (Repeat.WEEKLY, date(2026, 1, 5), date(2026, 1, 5), date(2026, 1, 12)),
        (Repeat.WEEKLY, date(2026, 1, 5), date(2026, 1, 20), date(2026, 1, 26)),
        (Repeat.WEEKLY, date(2026, 1, 5), date(2026, 1, 1), date(2026, 1, 5)),
        (Repeat.TWO_WEEKS, date(2026, 1, 5), date(2026, 1, 12), date(2026, 1, 19)),
        (Repeat.FOUR_WEEKS, date(2026, 1, 5), date(2026, 1, 5), date(2026, 2, 2)),
        (Repeat.MONTHLY, date(2026, 1, 31), date(2026, 1, 31), date(2026, 2, 28)),
        (Repeat.MONTHLY, date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)),
        (Repeat.MONTHLY, date(2026, 1, 15), date(2026, 12, 20), date(2027, 1, 15)),
    ],
)
def test_when_a_series_comes_again(
    repeat: Repeat, first: date, after: date, following: date | None
) -> None:
    assert next_day(repeat, first, after) == following


def test_it_keeps_its_local_time_when_the_clocks_change() -> None:
    weekly = series(Repeat.WEEKLY, date(2026, 3, 23))
    opens = next_opening(weekly, datetime(2026, 3, 24, tzinfo=UTC))
    assert opens == datetime(2026, 3, 30, 8, tzinfo=UTC)  # nine in London, now summer time
    assert closing(datetime(2026, 3, 27, 9, tzinfo=UTC), 5, "Europe/London") == datetime(
        2026, 4, 1, 8, tzinfo=UTC
    )


def test_closing_in_the_hour_that_is_left_out_or_comes_twice_is_one_moment() -> None:
    left_out = closing(datetime(2026, 3, 28, 1, 30, tzinfo=UTC), 1, "Europe/London")
    assert left_out == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    twice = closing(datetime(2026, 10, 24, 0, 30, tzinfo=UTC), 1, "Europe/London")
    assert twice == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


# Who


def actor(role: Role, squad: int = 1) -> Actor:
    membership = Membership(
        squad_id=squad,
        squad="Kestrel",
        state=SquadState.LIVE,
        status=Status.ACTIVE,
        roles=frozenset({role}),
    )
    return Actor(
        workspace_id=1,
        person_id=1,
        user_id="U1",
        name="A",
        kind=IdentityKind.MEMBER,
        locale=None,
        zone=None,
        is_admin=False,
        slack_admin=False,
        memberships=(membership,),
    )


SEES = {
    Viewer.SQUAD: {Role.CONTRIBUTOR, Role.AUDITOR, Role.MANAGER},
    Viewer.MANAGERS: {Role.MANAGER},
    Viewer.DELIVERY: {Role.DELIVERY},
}


@pytest.mark.parametrize("viewer", Viewer)
@pytest.mark.parametrize("role", Role)
def test_results_are_for_whom_the_poll_declared_and_never_for_the_client(
    viewer: Viewer, role: Role
) -> None:
    poll = Poll(
        id=1,
        workspace_id=1,
        series_id=None,
        state=PollState.CLOSED,
        squad_ids=(1,),
        viewers=frozenset({viewer}),
        k=5,
        created_by=1,
        opens_at=NOON,
        closes_at=NOON + timedelta(days=1),
        closed_at=None,
        replied=None,
        asked=None,
    )
    assert may_see(actor(role), poll) is (role in SEES[viewer])
    assert not may_see(actor(role, squad=2), poll)
    assert is_asked(actor(role), (1,)) is (role in {Role.CONTRIBUTOR, Role.AUDITOR})


# Seals


def test_tokens_differ_by_person_question_salt_and_key_and_stay_the_same() -> None:
    made = {
        seals.token(KEY, SALT, 1, 1),
        seals.token(KEY, SALT, 2, 1),
        seals.token(KEY, SALT, 1, 2),
        seals.token(KEY, b"t" * 32, 1, 1),
        seals.token(b"l" * 32, SALT, 1, 1),
        seals.token(KEY, SALT, 11, 1),
        seals.token(KEY, SALT, 1, 11),
    }
    assert len(made) == 7
    assert seals.token(KEY, SALT, 1, 1) in made


@given(answer=st.one_of(st.integers(0, 10), st.text(max_size=1000)))
def test_a_seal_opens_with_its_key_for_its_ballot_alone(answer: int | str) -> None:
    marked = seals.mark("token")
    sealed = seals.seal(KEY, SALT, marked, answer)
    assert seals.Opener(KEY, SALT).text(marked, sealed) == str(answer)
    for opener, other in (
        (seals.Opener(b"l" * 32, SALT), marked),
        (seals.Opener(KEY, b"t" * 32), marked),
        (seals.Opener(KEY, SALT), seals.mark("another")),
    ):
        with pytest.raises(seals.UnreadableError):
            opener.text(other, sealed)


def test_a_secret_knows_its_key() -> None:
    secret = seals.new_secret(KEY)
    assert seals.fits(KEY, secret)
    assert not seals.fits(b"", secret)
    assert not seals.fits(b"l" * 32, secret)
