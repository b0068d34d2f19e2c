"""What the demo prints: the address, five things to try with exact names, and how it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.views import catalogue, demo
from bot.views.demo import Tour

WORDS = catalogue.load().of(None)
TOUR = Tour(
    url="http://localhost:3737",
    folder=".demo",
    squad="Kestrel",
    manager="Nadia",
    auditor="Tomasz",
    contributor="Amina",
    team_channel="kestrel-team",
    digest_channel="kestrel-digest",
    questions_channel="kestrel-questions",
    new_work=".demo/samples/new-work.csv",
    task="RV-7",
)


def _numbered(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()[:2].rstrip(".").isdigit()]


def test_five_things_with_what_to_type() -> None:
    said = demo.tour(WORDS, TOUR)
    assert "http://localhost:3737" in said.splitlines()[2]
    steps = _numbered(said)
    assert [step[0] for step in steps] == list("12345")
    for step, words in zip(
        steps,
        ("/audit RV-7", "Amina", "/digest now", "Home", ".demo/samples/new-work.csv"),
        strict=True,
    ):
        assert words in step
    assert "Ctrl-C" in said.splitlines()[-1]


def test_without_a_task_it_says_how_to_find_one() -> None:
    said = demo.tour(WORDS, replace(TOUR, task=None))
    assert len(_numbered(said)) == 5
    assert "None" not in said


def test_a_moved_clock_is_said_with_its_zone() -> None:
    said = demo.moved_clock(
        WORDS,
        datetime(2026, 11, 23, 11, tzinfo=UTC),
        "Africa/Nairobi",
        asked=False,
        speed=1.0,
    )
    assert "Mon 23 Nov 2026, 11:00 in Africa/Nairobi" in said
    assert "\n" not in said
    fast = demo.moved_clock(
        WORDS, datetime(2026, 11, 23, 11, tzinfo=UTC), "Africa/Nairobi", asked=True, speed=60
    )
    assert "60 times as fast: a day takes 24 minutes" in fast
    assert "working hours" not in fast
