"""What is said of squads fits into Slack and cannot be turned against its readers."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from bot.rules.people import IdentityKind, IndividualFigures, PersonRef, Role, SquadState, Status
from bot.rules.squads import PauseReason, Roster, Squad, SquadMember, Standing, Sync, Welcome
from bot.views import blocks, catalogue, members, squads
from bot.views.outbox import LINE_CHARACTERS

WORDS = catalogue.load().of(None)
EVIL = "<!channel> & <https://x.example|y>" + "W" * 46
SQUAD = Squad(
    id=1,
    workspace_id=1,
    name=EVIL,
    state=SquadState.LIVE,
    individual_figures=IndividualFigures.SELF_AND_MANAGERS,
    language="en",
    zone="America/Argentina/ComodRivadavia",
    working_days=frozenset({0, 1, 2, 4, 6}),
    work_start=time(22),
    work_end=time(6),
    created_at=datetime(2026, 3, 1, tzinfo=UTC),
    quality_target=0.975,
)


def ref(n: int) -> PersonRef:
    return PersonRef(person_id=n, name=f"{EVIL} {n}", user_id=None if n % 2 else f"U{n:08}")


def member(n: int) -> SquadMember:
    return SquadMember(
        person=ref(n),
        status=Status.ACTIVE,
        roles=frozenset(Role),
        tags=tuple(f"<!here> {tag}" for tag in range(20)),
        kind=IdentityKind.MEMBER,
        active=bool(n % 3),
    )


def inert(shown: object) -> bool:
    return "<!" not in str(shown) and "<https" not in str(shown)


@pytest.mark.parametrize(
    ("weekdays", "said"),
    [({0, 1, 2, 3, 4}, "Mon–Fri"), ({0, 2, 4}, "Mon, Wed, Fri"), ({5, 6, 0}, "Mon, Sat–Sun")],
)
def test_weekdays(weekdays: set[int], said: str) -> None:
    assert squads.days(WORDS, weekdays) == said


def test_hours_over_midnight_say_so() -> None:
    assert squads.hours(WORDS, time(9), time(18)) == "09:00–18:00"
    assert squads.hours(WORDS, time(22), time(6)) == "22:00–06:00 of the next day"


def test_a_roster_of_five_hundred_fits_and_is_inert() -> None:
    syncs = tuple(Sync(id=n, name=EVIL, local_time=time(9), link=None) for n in range(3))
    people = tuple(map(member, range(500)))
    everybody = frozenset(range(500))
    shown = members.roster(
        WORDS, Roster(squad=SQUAD, members=people, syncs=syncs, statuses_of=everybody)
    )
    assert inert(shown)
    assert len(shown["blocks"]) <= blocks.MESSAGE_BLOCKS
    assert sum(len(str(block)) for block in shown["blocks"]) < 13_200
    assert "500 people" in str(shown)


@pytest.mark.parametrize("figures", list(IndividualFigures))
def test_the_welcome_says_who_sees_what(figures: IndividualFigures) -> None:
    said = Welcome(
        squad=replace(SQUAD, individual_figures=figures),
        managers=(ref(2),),
        hours=(time(22), time(6)),
        zone="Asia/Manila",
    )
    shown = squads.welcome(WORDS, said)
    assert inert(shown)
    assert ("<@U00000002>" in str(shown)) is (figures is IndividualFigures.SELF_AND_MANAGERS)
    assert "22:00–06:00 of the next day (Asia/Manila)" in str(shown)


def test_lines_of_today_are_not_cut() -> None:
    said = Welcome(squad=SQUAD, managers=(ref(2), ref(4)), hours=(time(9), time(18)), zone="UTC")
    assert len(squads.welcome_line(WORDS, said)) <= LINE_CHARACTERS
    standing = Standing(squad=SQUAD, status=Status.PAUSED, managers=(ref(2),))
    for reason in PauseReason:
        assert len(squads.paused(WORDS, standing, reason)) <= LINE_CHARACTERS
        assert inert(squads.paused(WORDS, standing, reason))


def test_a_long_list_of_names_is_cut() -> None:
    shown = squads.names([ref(n * 2) for n in range(200)], WORDS)
    assert shown.endswith("and 170 more")
    assert len(shown) < blocks.SECTION_TEXT
