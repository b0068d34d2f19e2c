"""What people read about schedules: the plan, a change, what was not posted, a refusal."""

import inspect
import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from types import ModuleType

import pytest

from bot import clock
from bot.errors import BadInput
from bot.rules import calendar, schedules
from bot.rules.occurrences import Changed, Missed, Pending, Plan, SkipReason
from bot.rules.people import IndividualFigures, SquadState
from bot.rules.schedules import ClockChange, PlannedOccurrence, Schedule, ScheduleKind
from bot.rules.squads import Squad, Sync
from bot.views import catalogue, failures
from bot.views import schedules as views

WORDS = catalogue.load().of("en")
BERLIN = "Europe/Berlin"
SQUAD = Squad(
    id=3,
    workspace_id=1,
    name="Kestrel",
    state=SquadState.LIVE,
    individual_figures=IndividualFigures.SELF_AND_MANAGERS,
    language="en",
    zone=BERLIN,
    working_days=frozenset(range(5)),
    work_start=time(9),
    work_end=time(18),
    created_at=datetime(2026, 3, 1, tzinfo=UTC),
)


def schedule(kind: ScheduleKind = ScheduleKind.DAILY_DIGEST, **changes: object) -> Schedule:
    values: dict[str, object] = {
        "id": 7,
        "workspace_id": 1,
        "squad_id": 3,
        "kind": kind,
        "target": "squad:3",
        "local_time": time(17, 30),
        "zone": BERLIN,
        "lateness": timedelta(hours=4),
        "weekday": 4 if kind is ScheduleKind.WEEKLY_DIGEST else None,
    }
    return Schedule(**(values | changes))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def planned(slot: str, at: str) -> PlannedOccurrence:
    utc = moment(at)
    return PlannedOccurrence(
        schedule_id=7,
        kind=ScheduleKind.DAILY_DIGEST,
        slot=slot,
        target="squad:3",
        local=clock.to_local(utc, BERLIN),
        utc=utc,
        not_after=utc,
        moment=utc,
    )


def test_the_plan_says_what_comes_next_in_the_squads_time() -> None:
    weekly = Pending(schedule(ScheduleKind.WEEKLY_DIGEST), "2026-W11", moment("2026-03-13 16:30"))
    evil = replace(SQUAD, name="A <b>")
    shown = views.plan(WORDS, Plan(squad=evil, entries=(weekly, Pending(schedule(), None, None))))
    text = "\n".join(block["text"]["text"] for block in shown["blocks"][1:3])
    assert "*weekly digest* on Fri at 17:30 (Europe/Berlin) · next: Fri 13 Mar 2026, 17:30" in text
    assert "*daily digest* at 17:30 on working days (Europe/Berlin) · nothing planned" in text
    assert "A &lt;b&gt;" in shown["text"]


def test_syncs_and_clock_changes_are_said_and_a_squad_of_twenty_syncs_fits() -> None:
    syncs = {
        f"sync:{n}": Sync(
            id=n,
            name="<!here> " + "y" * 70,
            local_time=time(2, 30),
            link="https://meet.example.com/" + "x" * 2900,
        )
        for n in range(20)
    }
    entries = [
        Pending(
            schedule(ScheduleKind.SYNC, target=target), "2026-03-11", moment("2026-03-11 08:30")
        )
        for target in syncs
    ]
    shown = views.plan(WORDS, Plan(squad=SQUAD, entries=tuple(entries), syncs=syncs))
    assert len(shown["blocks"]) <= 45
    assert all(len(block["text"]["text"]) <= 3000 for block in shown["blocks"] if "text" in block)
    assert "<!here>" not in str(shown)
    odd = ClockChange(date(2026, 3, 29), time(3, 30), twice=False)
    assert changed(odd=odd).endswith(
        "On Sun 29 Mar 2026 the clocks skip 17:30, so it is at 03:30 that day."
    )
    twice = ClockChange(date(2026, 10, 25), time(17, 30), twice=True)
    assert changed(odd=twice).endswith("the clocks show 17:30 twice; the first one counts.")
    daily = replace(syncs["sync:1"], name="Daily", link=None, lead_minutes=1)
    assert (
        "*Daily* at 02:30 on working days (Europe/Berlin), its agenda 1 minute before"
        in changed(sync=daily).replace("17:30", "02:30")
    )


def changed(**fields: object) -> str:
    values: dict[str, object] = {
        "squad": "Kestrel",
        "schedule": schedule(),
        "today": True,
        "ran": False,
        "first": planned("2026-03-11", "2026-03-11 16:30"),
        "upcoming": planned("2026-03-11", "2026-03-11 16:30"),
    }
    return views.changed(WORDS, Changed(**(values | fields)))["text"]  # type: ignore[arg-type]


def test_a_change_says_from_when_on_it_counts() -> None:
    moved = "The daily digest of Kestrel comes at 17:30 (Europe/Berlin), from"
    assert changed() == f"{moved} Wed 11 Mar 2026, 17:30 on."
    assert "Today's has already run" in changed(today=False, ran=True)
    assert "That time has passed for today" in changed(today=False)
    still = changed(today=False, upcoming=planned("2026-03-10", "2026-03-10 08:00"))
    assert still.endswith("one still comes as planned: Tue 10 Mar 2026, 09:00.")
    assert "no working day is in sight for Kestrel" in changed(first=None)


def test_a_weekly_change_speaks_of_the_week() -> None:
    weekly = schedule(ScheduleKind.WEEKLY_DIGEST)
    assert "comes on Fri at 17:30" in changed(schedule=weekly)
    assert "This week's has already run" in changed(schedule=weekly, today=False, ran=True)
    assert "passed for this week" in changed(schedule=weekly, today=False)


@pytest.mark.parametrize("reason", SkipReason)
@pytest.mark.parametrize("count", [1, 5])
def test_what_was_not_posted_is_one_line(reason: SkipReason, count: int) -> None:
    missed = Missed(
        squad="Kestrel & <!channel>",
        kind=ScheduleKind.DAILY_DIGEST,
        zone=BERLIN,
        count=count,
        first=moment("2026-03-06 08:00"),
        last=moment("2026-03-12 08:00"),
        found_at=moment("2026-03-13 10:00"),
        reason=reason,
        upcoming=moment("2026-03-16 08:00"),
    )
    text = views.skipped_line(WORDS, missed).text
    assert "Kestrel &amp; &lt;!channel&gt;" in text
    assert "Fri 6 Mar 2026, 09:00" in text
    assert text.endswith("Next: Mon 16 Mar 2026, 09:00.")
    assert len(text) <= 300
    assert ("5 times" in text) is (count == 5)


def _codes(module: ModuleType) -> set[str]:
    source = inspect.getsource(module)
    found = re.findall(r'BadInput\(\s*"([a-z0-9_]+)"', source)
    return {*found, *re.findall(r'_check_hours\(\w+, "([a-z_]+)"\)', source)}


@pytest.mark.parametrize("module", [clock, calendar, schedules])
def test_every_refusal_of_times_and_calendars_has_its_sentence(module: ModuleType) -> None:
    codes = _codes(module)
    assert codes
    assert {code for code in codes if not WORDS.has(f"error.{code}")} == set()


@pytest.mark.parametrize(
    ("provoke", "part"),
    [
        (lambda: clock.zone("Berlln"), "“Berlln”. Please use its IANA name, as in `Europe/Berlin`"),
        (lambda: clock.zone(""), "time zone “–”"),
        (lambda: clock.zone("<!channel>"), "“&lt;!channel&gt;”"),
        (lambda: clock.parse_instant("soon", "UTC"), "“soon” is not a date and time"),
        (lambda: clock.parse_instant("2026-03-10", "UTC"), "has no time of day"),
        (lambda: clock.parse_time("9.30"), "“9.30” is not a time"),
        (lambda: clock.parse_time("24:00"), "write that for 24:00"),
        (lambda: clock.parse_date("24.12."), "“24.12.” is not a date"),
        (lambda: clock.parse_date("2099-01-01"), "from 1970 to 2037"),
        (lambda: clock.parse_date_range("2026-03-02..2026-03-01"), "`2026-03-01..2026-03-02`"),
        (lambda: calendar.make_calendar("UTC", [], (time(9), time(17))), "one working day"),
        (lambda: calendar.make_calendar("UTC", [7, 9], (time(9), time(17))), "; 7, 9 does"),
        (lambda: calendar.make_calendar("UTC", [0], (time(9), time(9))), "from 09:00 to 09:00"),
        (
            lambda: calendar.make_calendar(
                "UTC", [0], (time(9), time(17)), quiet=(time(8), time(8))
            ),
            "Quiet hours from 08:00",
        ),
        (
            lambda: calendar.make_calendar(
                "UTC", [0], (time(9), time(17)), quiet=(time(8), time(18))
            ),
            "(09:00–17:00)",
        ),
        (lambda: calendar.check_country("ZZ"), "“ZZ”"),
        (lambda: calendar.check_country("DE", "XX"), "“XX” in DE. These I know: Augsburg, BB, "),
        (lambda: schedule(ScheduleKind.WEEKLY_DIGEST, weekday=None), "needs its weekday"),
        (lambda: schedule(weekday=9), "; 9 does not fit"),
    ],
)
def test_a_refusal_reads_as_a_sentence(provoke: object, part: str) -> None:
    with pytest.raises(BadInput) as caught:
        provoke()  # type: ignore[operator]
    sentence = failures.sentence(WORDS, caught.value)
    assert part in sentence
    assert not re.search(r"[{}]|datetime|None|\(\)|!(?!channel)", sentence)


def test_long_lists_of_choices_are_cut() -> None:
    with pytest.raises(BadInput) as caught:
        calendar.check_country("US", "Nowhere")
    sentence = failures.sentence(WORDS, caught.value)
    assert len(sentence) < 250
    assert "…" in sentence
