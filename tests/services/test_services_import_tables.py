"""Rosters, plans and taxonomies add and change what they name, and leave the rest alone."""

from datetime import date
from typing import Any

import pytest

from bot.rules.imports import ImportRequest
from bot.rules.intake import FileKind, Reason
from bot.rules.people import Caller, Profile
from bot.store import squads
from bot.store.database import Database
from models import Alias, Batch, Category, Member, MemberRole, OutboxRow, Person, Project
from tests.services.import_world import NOW, TEAM, World, open_world, table, totals

ROSTER = "name,slack_id,email,roles,status,tags,zone,country,subdivision"


@pytest.fixture
async def world(database: Database) -> World:
    return await open_world(database)


def person(name: str = "", **given: str) -> list[str]:
    row = {"name": name, **given}
    return [row.get(column, "") for column in ROSTER.split(",")]


def roster(*lines: list[str]) -> bytes:
    return table(ROSTER, lines)


async def members(world: World) -> dict[str, tuple[str, list[str], list[str]]]:
    """Name -> status, roles, tags."""
    (member, *_) = await world.rows(Member)
    async with world.database.read() as connection:
        found = await squads.members(connection, world.workspace_id, member.squad_id)
    return {
        each.person.name: (each.status.value, sorted(each.roles), list(each.tags))
        for each in found.values()
    }


# Rosters


async def test_a_roster_goes_in_once(world: World) -> None:
    content = roster(
        person("Mia", slack_id="U0MIA", roles="manager"),
        person("Ana", email="ana@example.org", tags="Night, boxes", zone="europe/berlin"),
        person("Cy", roles="auditors; contributor", status="paused", country="DE"),
    )
    assert totals(await world.roster(content)) == (3, 3, 0, 0, 0)
    assert await members(world) == {
        "Mia": ("active", ["manager"], []),
        "Ana": ("active", ["contributor"], ["boxes", "night"]),
        "Cy": ("paused", ["auditor", "contributor"], []),
    }
    people = {row.name: row for row in await world.rows(Person)}
    assert people["Ana"].zone == "Europe/Berlin"
    assert people["Cy"].country == "DE"
    assert totals(await world.roster(content)) == (3, 0, 0, 3, 0)
    assert await world.count(Person) == await world.count(Member) == 3
    assert await world.count(OutboxRow) == 0


async def test_a_roster_adds_roles_and_tags_and_takes_none_away(world: World) -> None:
    await world.roster(roster(person("Ana", roles="auditor", tags="a")))
    more = roster(person("Ana", roles="contributor", tags="b", status="onboarding"))
    assert totals(await world.roster(more)) == (1, 0, 1, 0, 0)
    assert await members(world) == {"Ana": ("onboarding", ["auditor", "contributor"], ["a", "b"])}


async def test_a_dry_roster_changes_nothing(world: World) -> None:
    await world.roster(roster(person("Ana")))
    content = roster(person("Ana", tags="x"), person("Bo"), person("Cy", status="probation"))
    request = world.request(FileKind.ROSTER, project=None)
    plan = await world.imports.plan(world.door, request, content)
    assert totals(plan) == (3, 1, 1, 0, 1)
    assert await world.count(Member) == 1


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"status": "probation"}, Reason.NEEDS_SECOND),
        ({"country": "XX"}, Reason.UNKNOWN_WORD),
        ({"country": "DE", "subdivision": "QQ"}, Reason.UNKNOWN_WORD),
        ({"tags": ",".join(f"t{n}" for n in range(21))}, Reason.TOO_MANY_TAGS),
        ({"zone": "Mars"}, Reason.UNKNOWN_ZONE),
        ({"roles": "king"}, Reason.UNKNOWN_WORD),
    ],
)
async def test_what_a_roster_may_not_say(
    world: World, given: dict[str, str], reason: Reason
) -> None:
    done = await world.roster(roster(person("Ana", **given), person("Bo")))
    assert [(each.row, each.reason) for each in done.report.rejected] == [(2, reason)]
    assert [row.name for row in await world.rows(Person)] == ["Bo"]


async def test_nobody_is_offboarded_by_a_file_once_here(world: World) -> None:
    left = roster(person("Old", status="offboarded"))
    assert totals(await world.roster(left)) == (1, 1, 0, 0, 0)
    await world.roster(roster(person("Ana")))
    done = await world.roster(
        roster(person("Ana", status="offboarded"), person("Old", status="active"))
    )
    assert [each.reason for each in done.report.rejected] == [Reason.NEEDS_SECOND] * 2


async def test_only_an_admin_makes_managers(world: World) -> None:
    await world.people.meet(TEAM, Profile(user_id="U0MIA", name="Mia"))
    await world.roster(roster(person("Mia", slack_id="U0MIA", roles="manager")))
    (member,) = await world.rows(Member)
    request = ImportRequest(kind=FileKind.ROSTER, squad=member.squad_id)
    content = roster(person("Ana", roles="manager"), person("Mia", slack_id="U0MIA", tags="x"))
    done = await world.imports.run(Caller(TEAM, "U0MIA"), request, content)
    assert totals(done) == (2, 0, 1, 0, 1)
    assert done.report.rejected[0].reason is Reason.MANAGER_BY_ADMIN


async def test_a_listed_slack_user_is_that_member_once_met(world: World) -> None:
    await world.roster(roster(person("Ana", slack_id="U0ANA")))
    (listed,) = await world.rows(Person)
    assert await world.people.meet(TEAM, Profile(user_id="U0ANA", name="Ana B")) == listed.id
    assert await world.count(Person) == 1
    actor = await world.people.actor(Caller(TEAM, "U0ANA"))
    assert [each.squad for each in actor.memberships] == ["S"]


async def test_a_roster_tells_who_a_tools_name_is(world: World) -> None:
    work = table("task,contributor,submitted_at", [["T", "worker 7", "2026-03-04T10:00:00Z"]])
    await world.submissions(work)
    ana = await world.people.meet(TEAM, Profile(user_id="U0ANA", name="Ana"))
    done = await world.roster(roster(person("worker 7", slack_id="U0ANA")))
    assert totals(done) == (1, 1, 0, 0, 0)
    assert {row.person_id for row in await world.rows(Alias)} == {ana}
    assert (await members(world)).keys() == {"Ana"}
    assert totals(await world.submissions(work)) == (1, 0, 0, 1, 0)


async def test_an_unknown_slack_id_never_means_somebody_who_has_another(world: World) -> None:
    ana = await world.people.meet(TEAM, Profile(user_id="U0ANA", name="Ana"))
    await world.roster(roster(person("Ana", slack_id="U0OTHER")))
    (member,) = await world.rows(Member)
    assert member.person_id != ana


async def test_memberships_come_together_when_two_are_one(world: World) -> None:
    await world.roster(roster(person("Ana", tags="x", roles="auditor")))
    await world.people.meet(TEAM, Profile(user_id="U0ANA", name="Ana B"))
    await world.roster(roster(person("Ana B", slack_id="U0ANA", tags="y")))
    assert await world.count(Member) == 2
    await world.roster(roster(person("Ana", slack_id="U0ANA")))
    assert await members(world) == {"Ana B": ("active", ["auditor", "contributor"], ["x", "y"])}
    assert await world.count(MemberRole) == 2


# Plans


def plan(*lines: list[Any]) -> bytes:
    return table("batch,size,due,priority,planned_volume", lines)


async def put(world: World, kind: FileKind, content: bytes) -> Any:
    request = world.request(kind)
    foreseen = await world.imports.plan(world.door, request, content)
    done = await world.imports.run(world.door, request, content)
    assert totals(foreseen) == totals(done)
    return done


async def test_a_plan_adds_and_changes_batches(world: World) -> None:
    first = plan(["B1", 500, "2026-04-01", "high", 120], ["B2", "", "", "", ""])
    assert totals(await put(world, FileKind.PLAN, first)) == (2, 2, 0, 0, 0)
    assert totals(await put(world, FileKind.PLAN, first)) == (2, 0, 0, 2, 0)
    more = plan(["B2", 10, "", "", 120], ["B1", 600, "", "", 99], ["B2", 20, "", "", ""])
    done = await put(world, FileKind.PLAN, more)
    assert totals(done) == (3, 0, 2, 0, 1)
    assert done.report.rejected[0].reason is Reason.CONFLICTING_VOLUME
    stored = {row.name: (row.size, row.due, row.priority) for row in await world.rows(Batch)}
    assert stored == {"B1": (500, date(2026, 4, 1), 2), "B2": (20, None, None)}
    (project,) = await world.rows(Project)
    assert project.planned_volume == 120
    assert project.created_at == NOW


# Taxonomies


def taxonomy(*lines: list[str]) -> bytes:
    return table("category,definition,severity,section", lines)


async def test_a_taxonomy_adds_and_changes_categories(world: World) -> None:
    first = taxonomy(["Span", "Too wide", "", "4.2"], ["Style", "", "warning", ""])
    assert totals(await put(world, FileKind.TAXONOMY, first)) == (2, 2, 0, 0, 0)
    assert totals(await put(world, FileKind.TAXONOMY, first)) == (2, 0, 0, 2, 0)
    more = taxonomy(
        ["Style", "How it reads", "warning", ""], ["New", "", "", ""], ["new", "", "", ""]
    )
    done = await put(world, FileKind.TAXONOMY, more)
    assert totals(done) == (3, 1, 1, 0, 1)
    assert (done.report.rejected[0].row, done.report.rejected[0].reason) == (4, Reason.TWICE)
    stored = {row.name: (row.definition, row.severity) for row in await world.rows(Category)}
    assert stored == {
        "Span": ("Too wide", "error"),
        "Style": ("How it reads", "warning"),
        "New": (None, "error"),
    }


async def test_a_taxonomy_holds_what_a_menu_shows(world: World) -> None:
    await put(world, FileKind.TAXONOMY, taxonomy(*([f"A{n}", "", "", ""] for n in range(60))))
    done = await put(
        world, FileKind.TAXONOMY, taxonomy(*([f"B{n}", "", "", ""] for n in range(50)))
    )
    assert totals(done) == (50, 40, 0, 0, 10)
    assert {each.reason for each in done.report.rejected} == {Reason.TOO_MANY_CATEGORIES}
    assert await world.count(Category) == 100
