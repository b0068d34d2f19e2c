"""Sittings: what may be typed, even shares, the clock on the wall, pace and half hours."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import clock
from bot.errors import BadInput, UserError
from bot.rules import sitting_input, sittings
from bot.rules.audits import Verdict
from bot.rules.draws import SkipReason
from bot.rules.sittings import MOST, USUAL, Place, Progress, StartRequest

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
settled = st.sampled_from([*Verdict, *SkipReason])
whole_hours = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", StartRequest()),
        ("200", StartRequest(count=200)),
        ("200 by 17:00", StartRequest(count=200, by=time(17))),
        ("by 5pm", StartRequest(by=time(17))),
        ("40 in By the Lake", StartRequest(count=40, place="By the Lake")),
        (
            "9 by 12am <@U1|ana> <@U2> in Boxes",
            StartRequest(count=9, by=time(0), user_ids=("U1", "U2"), place="Boxes"),
        ),
    ],
)
def test_what_is_typed_is_read(text: str, expected: StartRequest) -> None:
    assert sitting_input.parse_start(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0", "sitting_count"),
        ("-3", "sitting_count"),
        (str(MOST + 1), "sitting_count"),
        ("many", "sitting_arguments"),
        ("20 30", "sitting_arguments"),
        ("20 by", "bad_time"),
        ("20 by 25:00", "bad_time"),
        ("20 by 13pm", "bad_time"),
    ],
)
def test_what_cannot_be_read_is_said(text: str, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        sitting_input.parse_start(text)
    assert caught.value.code == code


@given(
    st.one_of(st.none(), st.integers(1, MOST)),
    st.one_of(st.none(), whole_hours),
    st.lists(st.sampled_from(["U1", "U2", "W3"]), unique=True),
)
def test_whatever_is_written_as_the_usage_says_is_read(
    count: int | None, by: time | None, people: list[str]
) -> None:
    parts = [str(count)] if count else []
    parts += [f"by {by:%H:%M}"] if by is not None else []
    parts += [f"<@{each}>" for each in people]
    found = sitting_input.parse_start("  ".join(parts))
    assert found == StartRequest(count=count or USUAL, by=by, user_ids=tuple(people))


@given(st.text(max_size=60))
def test_no_text_makes_it_fall_over(text: str) -> None:
    try:
        found = sitting_input.parse_start(text)
    except UserError:
        return
    assert 1 <= found.count <= MOST


@given(st.integers(1, MOST), st.integers(1, 50))
def test_shares_are_even_and_lose_nothing(count: int, people: int) -> None:
    found = sitting_input.shares(count, people)
    assert sum(found) == count
    assert len(found) == people
    assert max(found) - min(found) <= 1
    assert found == sorted(found, reverse=True)


@given(whole_hours, st.sampled_from(["UTC", "Asia/Kolkata", "America/New_York"]))
def test_a_time_today_is_ahead_or_refused(by: time, zone: str) -> None:
    if by <= clock.to_local(NOW, zone).time():
        with pytest.raises(BadInput) as caught:
            sitting_input.due(by, zone, NOW)
        assert caught.value.code == "sitting_past"
        return
    due = sitting_input.due(by, zone, NOW)
    assert due is not None
    assert NOW < due < NOW + timedelta(days=1)
    assert clock.to_local(due, zone).time() == by


@given(st.integers(0, 60), st.lists(st.tuples(settled, st.integers(0, 5_000)), max_size=60))
def test_progress_adds_up(spare: int, steps: list[tuple[Verdict | SkipReason, int]]) -> None:
    total = spare + len(steps)
    progress = Progress(wanted=total, left=total)
    for what, seconds in steps:
        progress = progress.after(what, seconds)
        assert progress.total == total
    assert progress.done == len(steps)
    assert progress.accepted <= progress.audited == progress.timed
    assert progress.each is None or 0 <= progress.each <= sittings.LONGEST_TASK
    finish = progress.finish(NOW)
    assert (finish is None) == (progress.each is None)
    assert finish is None or finish >= NOW


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=2)))
def test_every_instant_is_in_its_half_hour(after: timedelta) -> None:
    begin, end = sittings.window_range(NOW, sittings.window(NOW, NOW + after))
    assert begin <= NOW + after < end
    assert end - begin == sittings.FINDINGS_WAIT


@given(st.text(max_size=200))
def test_a_kept_note_has_a_name_that_fits(note: str) -> None:
    assert len(sittings.snippet_name(note)) <= sittings.SNIPPET_NAME


def place(squad: int, project: str = "Boxes") -> Place:
    return Place(squad_id=squad, squad=f"Squad {squad}", project_id=1, project=project, zone="UTC")


def test_a_place_is_named_else_the_channels_else_the_only_one() -> None:
    one, two, other = place(1), place(2), place(2, "Spans")
    everywhere = [one, two, other]
    choose = sitting_input.choose_place
    assert choose([one], None, frozenset()) == one
    assert choose(everywhere, "spans", frozenset()) == other
    assert choose(everywhere, "boxes", frozenset({2})) == two
    assert choose(everywhere, "Boxes (Squad 1)", frozenset({2})) == one
    assert choose(everywhere, None, frozenset({1})) == one


@pytest.mark.parametrize(
    ("places", "named", "code"),
    [
        ([], None, "sitting_no_project"),
        ([place(1)], "Spans", "sitting_place"),
        ([place(1), place(2)], None, "sitting_which"),
        ([place(1), place(2)], "Boxes", "sitting_which"),
    ],
)
def test_a_place_that_is_not_clear_is_asked_for(
    places: list[Place], named: str | None, code: str
) -> None:
    with pytest.raises(UserError) as caught:
        sitting_input.choose_place(places, named, frozenset())
    assert caught.value.code == code
