"""The sample's history: reproducible, possible in every row, and with the story it is to tell."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import clock
from bot.demo import story, workspace
from bot.demo.sample import WEEKS, SampleWork, sample_work
from bot.demo.shifts import WORKING_HOURS
from bot.rules.audits import Origin, Severity, Verdict
from bot.rules.calendar import public_holidays
from bot.rules.intake import AuditRow, group_audits

NOW = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)  # a Sunday
SEEDS = range(6)
PEOPLE = {person.id: person for person in workspace.PEOPLE}


@cache
def _work(now: datetime = NOW, seed: int = 1) -> SampleWork:
    return sample_work(now, seed)


def _week(work: SampleWork, row: AuditRow) -> int:
    assert row.submitted_at is not None
    return (row.submitted_at.date() - work.first_day).days // 7


def _random(seeds: Iterable[int]) -> Iterator[tuple[SampleWork, AuditRow]]:
    """All random audits of the samples with these seeds, one row each."""
    for seed in seeds:
        work = _work(seed=seed)
        audits, rejected = group_audits(work.audits[Origin.RANDOM])
        assert not rejected
        yield from ((work, audit.first) for audit in audits)


def test_the_same_seed_gives_the_same_work() -> None:
    assert sample_work(NOW, 1) == _work()
    assert _work(seed=2).submissions != _work().submissions


def test_a_later_now_in_the_week_only_adds() -> None:
    earlier = _work(datetime(2026, 11, 18, 9, 0, tzinfo=UTC)).submissions
    later = _work().submissions
    assert len(earlier) < len(later)
    assert later[: len(earlier)] == earlier


@settings(max_examples=6, deadline=None)
@given(
    st.datetimes(
        datetime(2024, 1, 1),  # noqa: DTZ001 - Hypothesis wants naive bounds
        datetime(2032, 12, 31),  # noqa: DTZ001 - the same
        timezones=st.just(UTC),
    )
)
def test_any_now_gives_a_history_that_could_have_been(now: datetime) -> None:
    work = sample_work(now)
    _is_possible(work, now)


def test_this_now_gives_a_history_that_could_have_been() -> None:
    _is_possible(_work(), NOW)


def _is_possible(work: SampleWork, now: datetime) -> None:
    begin = clock.to_utc(work.first_day, datetime.min.time(), workspace.SQUAD_ZONE)
    assert work.first_day.weekday() == 0
    assert timedelta(weeks=WEEKS) <= now - begin < timedelta(weeks=WEEKS + 1)
    by_task = {row.task: row for row in work.submissions}
    assert len(by_task) == len(work.submissions) > 6000
    assert len({row.source_id for row in work.submissions}) == len(by_task)
    assert {row.batch for row in work.submissions} <= {row.batch for row in work.plan}
    away = defaultdict(list)
    for one in work.time_off:
        away[one.slack_id].append(one.days)
    free = {
        country: public_holidays(country, None, range(2023, 2034)) for country in ("KE", "PH", "PL")
    }
    for row in work.submissions:
        assert row.submitted_at <= now
        person = PEOPLE[row.contributor]
        local = clock.to_local(row.submitted_at, person.zone)
        assert local.weekday() < 5
        assert local.date() not in free[person.country]
        assert not any(local.date() in span for span in away[person.id])
        assert WORKING_HOURS[0] <= local.time() <= WORKING_HOURS[1]
        assert row.duration_s is not None
        assert row.duration_s > 0
    for row in (row for rows in work.audits.values() for row in rows):
        submission = by_task[row.task]
        assert (row.contributor, row.submitted_at) == (
            submission.contributor,
            submission.submitted_at,
        )
        assert submission.submitted_at < row.audited_at <= now
        assert row.auditor in {workspace.MANAGER.id, workspace.AUDITOR.id}
        assert clock.to_local(row.audited_at, PEOPLE[row.auditor].zone).weekday() < 5


def test_one_person_works_on_one_task_at_a_time() -> None:
    last: dict[str, datetime] = {}
    for row in _work().submissions:
        assert row.duration_s is not None
        begun = row.submitted_at - timedelta(seconds=row.duration_s)
        # Both ends are cut to the second.
        earlier = last.get(row.contributor, begun)
        assert begun >= earlier - timedelta(seconds=1)
        last[row.contributor] = row.submitted_at


@pytest.mark.parametrize("origin", [Origin.RANDOM, Origin.RISK, Origin.CHOSEN])
def test_a_verdict_follows_from_its_findings(origin: Origin) -> None:
    audits, rejected = group_audits(_work().audits[origin])
    assert audits
    assert not rejected
    for audit in audits:
        errors = [row for row in audit.findings if row.severity is Severity.ERROR]
        expected = Verdict.REJECTED if errors else Verdict.ACCEPTED
        assert audit.first.verdict is expected
        assert all(row.note and row.section for row in errors)


def test_findings_use_the_taxonomy() -> None:
    taxonomy = {row.category: row for row in _work().taxonomy}
    for row in _work().audits[Origin.RANDOM]:
        if row.category is not None:
            assert taxonomy[row.category].section == row.section
            assert taxonomy[row.category].severity is row.severity


def test_random_audits_have_their_number_in_every_full_week() -> None:
    work = _work()
    drawn = Counter((row.contributor, _week(work, row)) for _, row in _random([1]))
    worked = {
        (row.contributor, (row.submitted_at.date() - work.first_day).days // 7)
        for row in work.submissions
    }
    last_week_audited_late = {key for key in worked if key[1] == WEEKS}
    for key in worked - last_week_audited_late:
        assert drawn[key] == workspace.AUDITS_PER_WEEK, key
    assert all(0 < drawn[key] <= workspace.AUDITS_PER_WEEK for key in last_week_audited_late)


def test_no_task_is_drawn_twice() -> None:
    tasks: Counter[str] = Counter()
    for rows in _work().audits.values():
        tasks.update({row.task for row in rows})
    assert max(tasks.values()) == 1


def test_the_unclear_version_makes_the_dip_and_one_category_shows_it() -> None:
    verdicts: dict[bool, list[bool]] = {True: [], False: []}
    categories: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for work, audit in _random(SEEDS):
        unclear = story.UNCLEAR_FROM_WEEK <= _week(work, audit) < story.MENDED_FROM_WEEK
        verdicts[unclear].append(audit.verdict is Verdict.ACCEPTED)
        if audit.category and audit.severity is Severity.ERROR:
            categories[unclear][audit.category] += 1
    usual, dip = (sum(verdicts[when]) / len(verdicts[when]) for when in (False, True))
    assert 0.93 < usual < 0.98
    assert dip < usual - 0.04
    assert categories[True].most_common(1)[0][0] == story.MISSED_RETURN
    assert categories[False].most_common(1)[0][0] != story.MISSED_RETURN


def test_a_newcomer_learns() -> None:
    mine = [row for row in _work().submissions if row.contributor == story.NEWCOMER]
    first, last = mine[:150], mine[-150:]
    assert median(row.duration_s or 0 for row in first) > 1.1 * median(
        row.duration_s or 0 for row in last
    )
    joined = _work().first_day + timedelta(weeks=story.HABITS[story.NEWCOMER].joined_week)
    assert mine[0].submitted_at.date() == joined


def test_somebody_is_away_soon() -> None:
    assert any(one.days.first > NOW.date() for one in _work().time_off)


def test_there_is_enough_to_read() -> None:
    notes = [
        note for kind in (*story.ERROR_KINDS, *story.WARNING_KINDS) for note in kind.notes
    ] + list(story.PRAISE_NOTES)
    assert len(notes) == len(set(notes)) >= 25
    assert abs(sum(story.INTENTS.values()) - 1) < 1e-9
    assert set(story.HABITS) == {person.id for person in workspace.CONTRIBUTORS}
