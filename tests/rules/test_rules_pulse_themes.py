"""Themes: every comment in exactly one, none of fewer than k."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.pulse_themes import Group, merged


@st.composite
def grouped(draw: st.DrawFn) -> tuple[list[Group], int, int]:
    n = draw(st.integers(0, 40))
    k = draw(st.integers(3, 7))
    of = draw(st.lists(st.integers(-1, 5), min_size=n, max_size=n))
    groups = [
        Group(f"t{number}" if number else "", tuple(p for p in range(n) if of[p] == number))
        for number in range(6)
    ]
    return groups, n, k


@given(grouped())
@settings(max_examples=50)
def test_every_comment_is_in_one_theme_and_none_is_smaller_than_k(
    made: tuple[list[Group], int, int],
) -> None:
    groups, n, k = made
    shown = merged(groups, n, k)
    assert sorted(place for each in shown for place in each.places) == list(range(n))
    assert all(len(each.places) >= k for each in shown) or (len(shown) == 1 and n < k)
    assert all(each.title for each in shown[:-1])


def test_what_is_left_over_takes_the_smallest_theme_with_it() -> None:
    tool, guide = Group("tool", (0, 1, 2, 3)), Group("guide", (4, 5, 6))
    assert merged([guide, tool], 10, 3) == (tool, guide, Group("", (7, 8, 9)))
    assert merged([guide, tool], 8, 3) == (tool, Group("", (4, 5, 6, 7)))
    assert merged([guide, tool], 7, 3) == (tool, guide)
    assert merged([guide, tool], 7, 4) == (Group("", tuple(range(7))),)
