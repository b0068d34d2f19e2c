"""The sample squad enters by the services' doors: complete, live, and without a word of history."""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from pydantic import SecretStr
from sqlalchemy import select

import app as roof
from bot.clock import Clock
from bot.container import Container
from bot.demo import workspace
from bot.demo.editions import RELEASES
from bot.demo.errors import DemoError
from bot.demo.files import SampleFiles
from bot.demo.folder import DemoFolder, claim
from bot.demo.sample import sample_work
from bot.demo.seeding import seed, task_to_audit
from bot.rules.announcements import OFFER
from bot.rules.audits import Origin
from bot.rules.intake import group_audits
from bot.rules.people import Caller, IdentityKind, Profile, SquadState, Status
from bot.rules.slack import Connection
from bot.rules.squads import Where
from bot.services.announcement_offers import AnnouncementOffers
from bot.settings import Settings
from bot.slack.gateway import Gateway
from bot.store.database import Database
from models import Audit, AuditChain, GuidelineVersion, OneOnOne, OutboxRow, Submission

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
NADIA = Caller(workspace.TEAM_ID, workspace.MANAGER.id)


class Directory:
    """What the local Slack answers of its workspace: everybody a member, nobody an admin."""

    async def auth_test(self) -> Connection:
        return Connection(
            team_id=workspace.TEAM_ID,
            team=workspace.TEAM_NAME,
            bot_user_id=workspace.BOT_USER_ID,
            bot_id="B0MUSTER",
            url="http://localhost/",
            scopes=frozenset(),
        )

    async def users_list(self) -> AsyncIterator[tuple[Profile, ...]]:
        yield (
            Profile(user_id=workspace.BOT_USER_ID, name="Muster", kind=IdentityKind.BOT),
            *(
                Profile(user_id=each.id, name=each.name, email=each.email, zone=each.zone)
                for each in workspace.PEOPLE
            ),
        )


@asynccontextmanager
async def _open(path: Path) -> AsyncIterator[Container]:
    settings = Settings(_env_file=None, database_url=SecretStr(f"sqlite:///{path}"))
    async with roof.open_container(settings, Clock(source=lambda: NOW)) as opened:
        yield opened


async def _seed(container: Container, folder: DemoFolder) -> SampleFiles:
    return await seed(container, cast(Gateway, Directory()), folder)


@pytest.fixture(scope="module")
def seeded(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the sample, seeded once for the tests that only look at it."""
    path = tmp_path_factory.mktemp("seeded") / "muster.db"
    shutil.copy(sqlite_template, path)

    async def fill() -> None:
        async with _open(path) as container:
            with claim(path.parent / "demo") as folder:
                await _seed(container, folder)

    asyncio.run(fill())
    return path


@pytest.fixture
async def container(seeded: Path) -> AsyncIterator[Container]:
    """The house on the sample."""
    async with _open(seeded) as opened:
        yield opened


@pytest.fixture
async def database(seeded: Path) -> AsyncIterator[Database]:
    """The tables below it."""
    store = Database(f"sqlite+aiosqlite:///{seeded}")
    yield store
    await store.close()


@pytest.fixture
async def empty(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Container]:
    """The house before the sample."""
    path = tmp_path / "muster.db"
    shutil.copy(sqlite_template, path)
    async with _open(path) as opened:
        yield opened


async def _rows(database: Database, *columns: Any) -> list[Any]:
    async with database.read() as connection:
        return list((await connection.execute(select(*columns))).all())


async def test_the_sample_squad_stands_as_a_team_would_have_set_it_up(container: Container) -> None:
    services = container.services
    roster = await services.squads.roster(NADIA, Where(named=workspace.SQUAD_NAME))
    squad = roster.squad
    assert squad.state is SquadState.LIVE
    assert (squad.zone, squad.country, squad.quality_target) == ("Africa/Nairobi", "KE", 0.95)
    assert squad.channels == {channel.id for channel in workspace.CHANNELS}
    assert [sync.name for sync in roster.syncs] == ["Daily sync"]
    known = {person.id: person for person in workspace.PEOPLE}
    assert {member.person.user_id for member in roster.members} == known.keys()
    for member in roster.members:
        assert member.person.user_id is not None
        assert member.roles == {known[member.person.user_id].role}
        assert member.status is Status.ACTIVE
    tagged = {m.person.user_id: m.tags for m in roster.members if m.tags}
    assert tagged["U0WANJIRU"] == ("mentor",)
    assert [admin.user_id for admin in await services.workspaces.admins(NADIA)] == [NADIA.user_id]
    (project,) = await services.projects.of_squad(NADIA, Where(squad_id=squad.id))
    assert project.link_template == workspace.LINK_TEMPLATE
    assert project.planned_volume == workspace.PLANNED_PER_DAY
    (checklist,) = [await services.squads.checklist(NADIA, squad.id)]
    assert checklist.done


async def test_everybody_keeps_their_own_country_and_coming_time_off(container: Container) -> None:
    away = await container.services.timeoff.coming(NADIA)
    ((name, absence),) = [
        (person.name, absence) for squad in away.squads for person, absence in squad.away
    ]
    assert name == "Oksana Bondar"
    assert absence.last >= NOW.date()


async def test_all_work_and_audits_are_there_under_their_origins(database: Database) -> None:
    work = sample_work(NOW)
    stored = await _rows(database, Submission.task)
    assert len(stored) == len(work.submissions) - 24
    origins = Counter(origin for (origin,) in await _rows(database, AuditChain.origin))
    audits = {origin: len(group_audits(rows)[0]) for origin, rows in work.audits.items()}
    assert origins == {
        Origin.RANDOM: audits[Origin.RANDOM],
        # Hunting is no draw of Muster's own, so it comes in as chosen.
        Origin.CHOSEN: audits[Origin.RISK] + audits[Origin.CHOSEN],
    }
    assert len(await _rows(database, Audit.id)) == sum(audits.values())
    # A random draw has the weight of what it was drawn from; what was chosen stands for itself.
    weighed = await _rows(database, Audit.origin, Audit.weight)
    assert all((weight is not None) == (origin == Origin.RANDOM) for origin, weight in weighed)


async def test_history_never_speaks_and_only_what_was_asked_now_does(
    database: Database,
) -> None:
    said = await _rows(database, OutboxRow.kind, OutboxRow.person_id)
    kinds = Counter(kind for kind, _ in said)
    assert kinds.pop("squads.welcome") == len(workspace.PEOPLE)
    assert (kinds.pop("escalations.post"), kinds.pop("escalations.answer")) == (2, 1)
    later = {"escalations.half", "escalations.overdue", "verified.expiring"}
    later |= {"oneonone.eve", "oneonone.soon", "oneonone.packs", "oneonone.day_end"}
    # Everybody's beginning of one-on-ones, and the newest guidelines, are lines of the next Today.
    assert kinds.pop("oneonone.planned") == len(workspace.PEOPLE) - 1
    assert kinds.keys() - later <= {"home.tab", "announcement.offer"}


async def test_the_newest_guidelines_alone_are_offered_to_be_announced(database: Database) -> None:
    offers = AnnouncementOffers(database, Clock(source=lambda: NOW))
    planned = await _rows(
        database, OutboxRow.kind, OutboxRow.person_id, OutboxRow.created_at, OutboxRow.ids
    )
    held = []
    for kind, person_id, created_at, ids in planned:
        if kind == OFFER:
            found = await offers.offered(1, ids["project_id"], person_id, created_at)
            held += [found[0].version] if found else []
    assert held == [RELEASES[-1].version], "to the one manager, once"


async def test_everybody_has_a_one_on_one_with_the_manager(database: Database) -> None:
    meetings = await _rows(database, OneOnOne.person_id, OneOnOne.state)
    assert len({person_id for person_id, _ in meetings}) == len(workspace.PEOPLE) - 1
    assert len({state for _, state in meetings} - {"planned", "cancelled"}) == 0


async def test_each_version_of_the_guidelines_is_as_old_as_its_story(database: Database) -> None:
    first_day = sample_work(NOW).first_day
    stored = await _rows(
        database, GuidelineVersion.number, GuidelineVersion.version, GuidelineVersion.created_at
    )
    assert sorted((number, version) for number, version, _ in stored) == [
        (n, release.version) for n, release in enumerate(RELEASES, start=1)
    ]
    for _, version, created_at in stored:
        (release,) = [each for each in RELEASES if each.version == version]
        in_force = first_day + timedelta(weeks=release.week)
        assert timedelta() < in_force - created_at.date() < timedelta(days=7)
        assert created_at < NOW


async def test_the_clock_goes_on_from_where_it_was(empty: Container, tmp_path: Path) -> None:
    empty.clock.move(timedelta(hours=5))
    with claim(tmp_path / "demo") as folder:
        await _seed(empty, folder)
    assert empty.clock.offset == timedelta(hours=5)


async def test_the_task_to_try_is_the_first_contributors_and_was_not_audited(
    container: Container,
) -> None:
    task = await task_to_audit(container)
    work = sample_work(NOW)
    assert task not in {row.task for rows in work.audits.values() for row in rows}
    (made,) = [row for row in work.submissions if row.task == task]
    assert made.contributor == workspace.CONTRIBUTORS[0].id


async def test_no_task_is_named_to_somebody_who_may_not_audit(empty: Container) -> None:
    await empty.services.installations.connect(await Directory().auth_test())
    profile = Profile(user_id=workspace.AUDITOR.id, name=workspace.AUDITOR.name)
    await empty.services.people.meet(workspace.TEAM_ID, profile)
    assert await task_to_audit(empty) is None


async def test_a_row_that_stays_out_is_said(
    empty: Container, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A tool's link that is none: every submission is refused.
    monkeypatch.setattr(workspace, "LINK_TEMPLATE", "ftp://tool.example.com/{task}")
    with claim(tmp_path / "demo") as folder, pytest.raises(DemoError) as refused:
        await _seed(empty, folder)
    assert refused.value.code == "demo_rows_rejected"
    assert refused.value.fields["file"] == "submissions.csv"
    assert refused.value.fields["first"] == 2
