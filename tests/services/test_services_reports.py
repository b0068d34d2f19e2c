import random
import statistics
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from math import sqrt
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select, update
from statsmodels.stats.proportion import proportion_confint

from bot.clock import Clock
from bot.rules.people import Caller
from bot.rules.reports import Breakdown
from bot.services.reports import Reports
from bot.store.database import Database
from models import Audit, Person
from tests.services.quality_world import TEAM, World, open_world

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
FIRST, LAST = date(2026, 3, 2), date(2026, 3, 8)
MANAGER, ADA = Caller(TEAM, "U0MANAGER"), Caller(TEAM, "U0ADA")


@pytest.fixture
async def world(database: Database) -> World:
    return await open_world(database)


@pytest.fixture
def reports(database: Database) -> Reports:
    return Reports(database, Clock(source=lambda: MONDAY + timedelta(days=8)))


async def shell(reports: Reports, **more: Any) -> dict[str, Any]:
    report = await reports.at_shell("Kestrel", "Reviews", FIRST, LAST, **more)
    shown = report.to_json()
    shown.pop("beside", None)  # test_services_beside.py
    assert shown.pop("target") is None
    for group in shown["groups"]:
        assert group.pop("standing", "cannot_tell") == "cannot_tell"
    return shown


def spread(values: Sequence[float]) -> dict[str, Any]:
    if not values:
        return {"median": None, "p90": None, "n": 0}
    return {
        "median": pytest.approx(statistics.median(values)),
        "p90": pytest.approx(float(np.quantile(values, 0.9))),
        "n": len(values),
    }


class Reckoning:
    """Counts what a report should say while the rows are made, without the product's code."""

    def __init__(self) -> None:
        self.origins: dict[str, int] = defaultdict(int)
        self.good: dict[str, int] = defaultdict(int)
        self.random: list[tuple[bool, int, float]] = []
        self.durations: list[float] = []
        self.waits: list[float] = []
        self.submissions = 0

    def group(self, key: str | None) -> dict[str, Any]:
        weights = [weight for _, _, weight in self.random]
        total = sum(weights)
        share = sum(weight for good, _, weight in self.random if good) / total
        kish = total**2 / sum(weight**2 for weight in weights)
        low, high = proportion_confint(share * kish, kish, method="wilson")
        names = ("random", "risk", "chosen", "followup", "double", "gold", "unknown")
        return {
            "key": key,
            "audits": {name: self.origins[name] for name in names},
            "accepted": sum(good for good, _, _ in self.random),
            "rate": pytest.approx(share),
            "low": pytest.approx(low),
            "high": pytest.approx(high),
            "n": len(self.random),
            "n_effective": pytest.approx(kish),
            "errors": sum(errors for _, errors, _ in self.random),
            "errors_per_audit": pytest.approx(
                sum(errors * weight for _, errors, weight in self.random) / total
            ),
            "submissions": self.submissions,
            "time_per_item_s": spread(self.durations),
            "turnaround_s": spread(self.waits),
            "others": {
                name: self.other(name) for name in names if name != "random" and self.origins[name]
            },
        }

    def other(self, origin: str) -> dict[str, Any]:
        good, n = self.good[origin], self.origins[origin]
        low, high = proportion_confint(good, n, method="wilson")
        return {
            "rate": pytest.approx(good / n),
            "low": pytest.approx(low),
            "high": pytest.approx(high),
            "n": n,
        }


async def fill(world: World, people: dict[str, int], auditor: int) -> dict[str | None, Reckoning]:
    """Make a week of work by a seed, and days beside it that must not be counted."""
    r = random.Random(7)
    found: dict[str | None, Reckoning] = defaultdict(Reckoning)
    for _ in range(240):
        name = r.choice(sorted(people))
        handed_in = MONDAY + timedelta(days=r.randint(-3, 9), seconds=r.randint(-40_000, 40_000))
        duration = r.choice([None, round(r.uniform(5, 300), 2)])
        submission = await world.submission(people[name], handed_in, duration)
        both = found[None], found[name]
        if FIRST <= handed_in.date() <= LAST:
            for reckoning in both:
                reckoning.submissions += 1
                reckoning.durations += [] if duration is None else [duration]
        if r.random() < 0.5:
            await _audit(world, r, (submission, people[name], auditor), handed_in, both)
    return found


async def _audit(
    world: World,
    r: random.Random,
    who: tuple[int, int, int],
    handed_in: datetime,
    both: tuple[Reckoning, Reckoning],
) -> None:
    origin = r.choice(["random"] * 6 + ["risk", "chosen", "followup", "double", "gold", "unknown"])
    at = handed_in + timedelta(seconds=r.randint(60, 90_000))
    weight, errors = r.choice([2.0, 5.0]), r.choice([0, 0, 0, 1, 2])
    verdict = "rejected" if errors else "accepted"
    corrected = r.random() < 0.2
    _, chain = await world.audit(
        *who, at, verdict=verdict, origin=origin, weight=weight, errors=(None,) * errors,
        scoring=not corrected,
    )  # fmt: skip
    waited = (at - handed_in).total_seconds()
    if corrected:
        at += timedelta(minutes=r.randint(1, 3000))
        errors, verdict = 0, "accepted"
        await world.audit(*who, at, origin=origin, chain=chain)
    for reckoning in both:
        if FIRST <= at.date() <= LAST:
            reckoning.waits.append(waited)
            reckoning.origins[origin] += 1
            reckoning.good[origin] += verdict == "accepted"
            if origin == "random":
                reckoning.random.append((verdict == "accepted", errors, weight))


async def test_the_report_equals_an_independent_count(world: World, reports: Reports) -> None:
    people = {
        "U0ADA": await world.person("Ada", "U0ADA", roles=("contributor",)),
        "worker-9": await world.person("Nine", alias=("tool", "worker-9")),
        "Grace": await world.person("Grace"),
    }
    auditor = await world.person("Otto", "U0OTTO", roles=("auditor",))
    expected = await fill(world, people, auditor)

    assert (await shell(reports)) == {
        "from": "2026-03-02",
        "to": "2026-03-08",
        "project": "Reviews",
        "groups": [expected[None].group(None)],
    }
    split = await shell(reports, by=Breakdown.CONTRIBUTOR)
    assert split["groups"] == [expected[key].group(key) for key in sorted(people)]


async def test_other_squads_projects_and_workspaces_are_not_counted(
    world: World, reports: Reports
) -> None:
    ada = await world.person("Ada")
    other_squad, other_project = await world.squad("Heron"), await world.project("Maps")
    for fields in (
        {},
        {"squad_id": other_squad},
        {"project_id": other_project},
    ):
        made = await world.submission(ada, MONDAY, 10.0, **fields)
        await world.audit(made, ada, ada, MONDAY + timedelta(hours=1), **fields)
    group = (await shell(reports))["groups"][0]
    assert (group["n"], group["submissions"]) == (1, 1)


@pytest.mark.usefixtures("world")
async def test_nothing_is_null_and_zero_but_never_guessed(reports: Reports) -> None:
    group = (await shell(reports))["groups"][0]
    assert group == {
        "key": None,
        "audits": dict.fromkeys(
            ("random", "risk", "chosen", "followup", "double", "gold", "unknown"), 0
        ),
        "accepted": 0,
        "rate": None,
        "low": None,
        "high": None,
        "n": 0,
        "n_effective": 0.0,
        "errors": 0,
        "errors_per_audit": None,
        "submissions": 0,
        "time_per_item_s": spread([]),
        "turnaround_s": spread([]),
        "others": {},
    }


async def test_days_are_the_squads_own(database: Database, reports: Reports) -> None:
    world = await open_world(database, zone="Asia/Kathmandu")  # UTC+5:45
    ada = await world.person("Ada")
    begin = datetime(2026, 3, 1, 18, 15, tzinfo=UTC)
    end = begin + timedelta(days=7)
    for at in (begin, end - timedelta(seconds=1)):
        await world.submission(ada, at)
    for at in (begin - timedelta(seconds=1), end):
        await world.submission(ada, at)
    assert (await shell(reports))["groups"][0]["submissions"] == 2


async def test_a_random_sample_with_unknown_weights_counts_all_alike(
    world: World, reports: Reports
) -> None:
    ada = await world.person("Ada")
    for weight, verdict in ((9.0, "rejected"), (None, "accepted")):
        made = await world.submission(ada, MONDAY)
        await world.audit(made, ada, ada, MONDAY, weight=weight, verdict=verdict)
    group = (await shell(reports))["groups"][0]
    assert (group["rate"], group["n_effective"]) == (0.5, 2.0)


async def test_turnaround_is_of_the_first_audit_alone(world: World, reports: Reports) -> None:
    ada, otto = await world.person("Ada"), await world.person("Otto")
    made = await world.submission(ada, MONDAY)
    await world.audit(made, ada, ada, MONDAY + timedelta(hours=1))
    await world.audit(made, ada, otto, MONDAY + timedelta(hours=30), origin="double")
    earlier = await world.submission(ada, MONDAY - timedelta(days=5))
    await world.audit(earlier, ada, ada, MONDAY - timedelta(days=4))
    await world.audit(earlier, ada, otto, MONDAY, origin="double")
    group = (await shell(reports))["groups"][0]
    assert group["turnaround_s"] == {"median": 3600.0, "p90": 3600.0, "n": 1}


@pytest.mark.parametrize(
    ("durations", "median", "p90"),
    [
        ((54.3,), 54.3, 54.3),
        ((0.1, 0.3), 0.1 + (0.3 - 0.1) * 0.5, 0.1 + (0.3 - 0.1) * 0.9),
        ((7.25, None, 1.1, 3.3), 3.3, pytest.approx(6.46)),
        ((2.5, 2.5, 2.5, 9.0, 2.5), 2.5, pytest.approx(6.4)),
        ((10.0, 9.0, 100.0), 10.0, pytest.approx(82.0)),
        ((0.0, 0.000001, 123456.789012), 0.000001, pytest.approx(98765.4312098)),
        ((12.3456784,), 12.345678, 12.345678),
        ((None, None), None, None),
        ((), None, None),
    ],
)
async def test_time_per_item_is_exact(
    world: World,
    reports: Reports,
    durations: tuple[float | None, ...],
    median: float | None,
    p90: float | None,
) -> None:
    ada = await world.person("Ada", "U0ADA", roles=("contributor",))
    for duration in durations:
        await world.submission(ada, MONDAY, duration)
    known = len([duration for duration in durations if duration is not None])
    expected = {"median": median, "p90": p90, "n": known}
    for by in (None, Breakdown.CONTRIBUTOR):
        groups = (await shell(reports, by=by))["groups"]
        assert [group["time_per_item_s"] for group in groups] == [expected] * len(groups)
        assert sum(group["submissions"] for group in groups) == len(durations)


async def test_a_duration_beyond_reason_breaks_no_report(world: World, reports: Reports) -> None:
    ada = await world.person("Ada")
    for duration in (5.0, 6.0, 1e308):
        await world.submission(ada, MONDAY, duration)
    (group,) = (await shell(reports))["groups"]
    assert (group["time_per_item_s"]["median"], group["time_per_item_s"]["n"]) == (6.0, 3)


async def test_an_audit_without_a_waiting_time_is_counted(
    world: World, reports: Reports, database: Database
) -> None:
    ada = await world.person("Ada")
    for hours, verdict in ((1, "accepted"), (2, "rejected"), (4, "accepted")):
        made = await world.submission(ada, MONDAY)
        await world.audit(made, ada, ada, MONDAY + timedelta(hours=hours), verdict=verdict)
    async with database.write() as tx:
        await tx.execute(update(Audit).where(Audit.verdict == "rejected").values(waited_s=None))
    (group,) = (await shell(reports))["groups"]
    assert group["n"] == 3
    assert group["turnaround_s"] == {"median": 9000.0, "p90": pytest.approx(13320.0), "n": 2}


async def test_by_category_counts_work_free_of_it(world: World, reports: Reports) -> None:
    ada = await world.person("Ada")
    span, label = await world.category("Span"), await world.category("Label")
    for errors, states in (
        ((span, span, label), ("open", "acknowledged", "upheld")),
        ((span,), ("disputed",)),
        ((None,), ("open",)),
        ((), ()),
    ):
        made = await world.submission(ada, MONDAY)
        verdict = "rejected" if errors else "accepted"
        await world.audit(
            made, ada, ada, MONDAY, errors=errors, states=states, verdict=verdict, weight=1.0
        )
    groups = (await shell(reports, by=Breakdown.CATEGORY))["groups"]
    shown = [(g["key"], g["accepted"], g["n"], g["errors"], g["submissions"]) for g in groups]
    assert shown == [(None, 3, 4, 1, None), ("Label", 3, 4, 1, None), ("Span", 3, 4, 2, None)]
    low, high = proportion_confint(3, 4, method="wilson")
    assert (groups[2]["rate"], groups[2]["low"], groups[2]["high"]) == (
        0.75,
        pytest.approx(low),
        pytest.approx(high),
    )


async def test_by_contributor_merged_people_are_one_and_namesakes_are_two(
    world: World, reports: Reports, database: Database
) -> None:
    ada = await world.person("Ada", "U0ADA")
    await world.add(
        Person, name="Ada L.", created_at=MONDAY, merged_into=ada, workspace_id=world.workspace_id
    )
    async with database.read() as connection:
        old = await connection.scalar(select(Person.id).where(Person.name == "Ada L."))
    one = await world.person("Kim", alias=("tool", "7"))
    two = await world.person("Lee", alias=("sheet", "7"))
    for person, times in ((ada, 1), (old, 2), (one, 3), (two, 4)):
        for _ in range(times):
            await world.submission(person, MONDAY)
    groups = (await shell(reports, by=Breakdown.CONTRIBUTOR))["groups"]
    shown = {group["key"]: group["submissions"] for group in groups}
    assert shown == {"U0ADA": 3, "tool:7": 3, "sheet:7": 4}


def test_the_reckoning_itself_knows_kish() -> None:
    reckoning = Reckoning()
    reckoning.random = [(True, 0, 1.0), (False, 1, 1.0)]
    low = reckoning.group(None)["low"]
    z2 = 1.959963984540054**2
    assert low == pytest.approx((0.5 + z2 / 4 - sqrt(z2 * (0.125 + z2 / 16))) / (1 + z2 / 2))
