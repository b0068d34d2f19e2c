"""What people type about a squad, read or refused with a sentence's code."""

from collections.abc import Callable
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.rules import squad_input
from bot.rules.people import Role, Status
from bot.rules.squad_input import Named
from bot.rules.squads import ChannelUse, PauseReason


def refused(reader: Callable[[str], object], text: str) -> str:
    with pytest.raises(BadInput) as error:
        reader(text)
    return error.value.code


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("95%", Named("95%", None)),
        ("95% in Kestrel", Named("95%", "Kestrel")),
        ("95% in  Made in Kyiv ", Named("95%", "Made in Kyiv")),
        ('"Daily in person" 09:30', Named('"Daily in person" 09:30', None)),
        ('"Daily in person" 09:30 in Kestrel', Named('"Daily in person" 09:30', "Kestrel")),
        ('95% in "A &amp; B"', Named("95%", "A & B")),
        ("in ka", Named("in ka", None)),
        ("", Named("", None)),
    ],
)
def test_a_squad_is_named_at_the_end(text: str, named: Named) -> None:
    assert squad_input.squad_at_end(text, arguments=True) == named


@pytest.mark.parametrize(
    ("text", "squad"),
    [("", None), ("Kestrel", "Kestrel"), ("in Kestrel", "Kestrel"), ('"A &lt;b"', "A <b")],
)
def test_without_arguments_all_of_it_is_the_name(text: str, squad: str | None) -> None:
    assert squad_input.squad_at_end(text, arguments=False) == Named("", squad)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Kestrel", ("Kestrel", None)),
        ("“Night  owls” ", ("Night owls", None)),
        ("Night owls africa/nairobi", ("Night owls", "Africa/Nairobi")),
        ("Kestrel utc", ("Kestrel", "UTC")),
        ("NLP/QA", ("NLP/QA", None)),
        ("NLP/QA team", ("NLP/QA team", None)),
        ("Review 1/2", ("Review 1/2", None)),
        ("&lt;!here&gt; K\u202eite", ("<!here> Kite", None)),
    ],
)
def test_a_new_squads_name_and_zone(text: str, found: tuple[str, str | None]) -> None:
    assert squad_input.name_and_zone(text) == found


def test_a_name_is_there_and_fits() -> None:
    assert refused(squad_input.squad_name, " \u200b\x00 ") == "squad_unnamed"
    assert refused(squad_input.squad_name, "x" * 81) == "text_too_long"
    assert squad_input.squad_name("x" * 80) == "x" * 80


@given(st.text(max_size=60))
def test_a_name_that_is_taken_has_no_control_characters(text: str) -> None:
    try:
        name = squad_input.squad_name(text)
    except BadInput:
        return
    assert name == " ".join(name.split())
    assert name.isprintable() or "\u200c" in name or "\u200d" in name or not name.isascii()
    assert "\x00" not in name
    name.encode()  # no lone surrogates, which no database takes


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon-fri", {0, 1, 2, 3, 4}),
        ("Monday – Friday", {0, 1, 2, 3, 4}),
        ("sun-thu", {6, 0, 1, 2, 3}),
        ("mon, wed and fri", {0, 2, 4}),
        ("sat", {5}),
        ("mon to wed, sat", {0, 1, 2, 5}),
    ],
)
def test_weekdays(text: str, days: set[int]) -> None:
    assert squad_input.weekdays(text) == days


def test_weekdays_that_are_none() -> None:
    assert refused(squad_input.weekdays, "") == "no_working_days"
    assert refused(squad_input.weekdays, "never") == "bad_days"
    assert refused(squad_input.weekdays, "mon-wed-fri") == "bad_days"
    assert squad_input.checked_days(["0", "6", "x"]) == {0, 6}
    assert squad_input.checked_days([]) == frozenset()


def test_hours() -> None:
    assert squad_input.hours("9:00 – 18:00") == (time(9), time(18))
    assert squad_input.hours("22:00-06:00") == (time(22), time(6))
    assert refused(squad_input.hours, "09:00-24:00") == "time_is_24"
    assert refused(squad_input.hours, "09:00-09:00") == "working_hours_empty"
    assert refused(squad_input.hours, "09:00") == "bad_hours"
    assert refused(squad_input.hours, "a-b") == "bad_time"


@pytest.mark.parametrize(
    ("text", "share"),
    [("95%", 0.95), ("95", 0.95), ("97,5 %", 0.975), ("0.95", 0.95), ("1", 1.0), ("1%", 0.01),
     ("100%", 1.0), ("none", None)],
)  # fmt: skip
def test_a_target(text: str, share: float | None) -> None:
    assert squad_input.target(text) == share


@pytest.mark.parametrize("text", ["", "0", "-5%", "101%", "ninety", "95%%", "1e2"])
def test_no_target(text: str) -> None:
    assert refused(squad_input.target, text) == "bad_target"


def test_holidays() -> None:
    assert squad_input.place("de-by") == ("DE", "BY")
    assert squad_input.place("DE Baden-Württemberg") == ("DE", "BW")
    assert squad_input.place("no") == ("NO", None)  # Norway, not a refusal
    assert squad_input.place("none") == (None, None)
    assert refused(squad_input.place, " ") == "no_country"
    assert refused(squad_input.place, "Germania") == "unknown_country"
    assert refused(squad_input.place, "DE Mars") == "unknown_subdivision"


def test_roles() -> None:
    assert squad_input.roles(["Auditors,", "and", "contributor"]) == {
        Role.AUDITOR,
        Role.CONTRIBUTOR,
    }
    assert squad_input.roles([]) == frozenset()
    with pytest.raises(BadInput):
        squad_input.roles(["admin"])


def test_statuses() -> None:
    assert squad_input.status(["Active"]) == (Status.ACTIVE, None)
    assert squad_input.status(["paused", "No", "work"]) == (Status.PAUSED, PauseReason.NO_WORK)
    for words, code in (
        ([], "no_status"),
        (["gone"], "unknown_status"),
        (["paused"], "pause_needs_reason"),
        (["paused", "slow"], "pause_needs_reason"),
        (["offboarded", "leave"], "status_needs_second"),
    ):
        with pytest.raises(BadInput) as error:
            squad_input.status(words)
        assert error.value.code == code


def test_tags() -> None:
    assert squad_input.tags(["Spanish,", "+", "spanish", "&lt;b&gt;"]) == ("spanish", "<b>")
    with pytest.raises(BadInput):
        squad_input.tags(["x" * 41])
    with pytest.raises(BadInput):
        squad_input.tags([])


def test_links() -> None:
    assert squad_input.link("<https://meet.example.com/a?b=1&amp;c=2|meet>") == (
        "https://meet.example.com/a?b=1&c=2"
    )
    assert squad_input.link(" ") is None
    assert refused(squad_input.link, "javascript:alert(1)") == "not_a_link"
    assert refused(squad_input.link, "https://a b") == "not_a_link"
    assert refused(squad_input.link, "https://" + "x" * 3000) == "text_too_long"


@pytest.mark.parametrize(
    "text",
    ["<#C0123ABC|team>", "C0123ABC", "https://x.slack.com/archives/C0123ABC",
     "<https://app.slack.com/client/T01/C0123ABC>"],
)  # fmt: skip
def test_channels_by_mention_id_and_link(text: str) -> None:
    assert squad_input.channel_id(text) == "C0123ABC"


def test_what_is_no_channel() -> None:
    assert squad_input.channel_id("none") is None
    assert squad_input.channel_id("") is None
    assert refused(squad_input.channel_id, "#general") == "not_a_channel"


def test_channels_in_turns() -> None:
    assert squad_input.channels("team <#C0123ABC|a> digest=none") == {
        ChannelUse.TEAM: "C0123ABC",
        ChannelUse.DIGEST: None,
    }
    for text in ("", "team", "lounge <#C0123ABC>", "team none team none"):
        assert refused(squad_input.channels, text) == "bad_channels"


def test_figures() -> None:
    assert squad_input.figures("Self + Managers") == "self+managers"
    assert refused(squad_input.figures, "all") == "bad_figures"
