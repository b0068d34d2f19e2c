"""Rehearsal, going live, the welcome and the checklist, against the strict fake Slack."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, insert, select, update

from bot.rules.outbox import DeliveryState
from models import (
    GuidelineVersion,
    Member,
    OutboxRow,
    Project,
    SlackIdentity,
    Squad,
    SquadProject,
)
from tests.harness import House
from tests.squad_world import World, at, open_world, work_of


@pytest.fixture
async def world(house: House) -> World:
    return await open_world(house)


# Rehearsal and going live


async def test_rehearsal_shows_what_would_have_been_sent(world: World) -> None:
    await world.types(world.mia, f"add {at(world.ben)}")
    await world.types(world.mia, f"status {at(world.ben)} paused leave")
    world.house.move(days=1)
    await world.house.drain()
    assert world.house.slack.dm(world.ben) == []
    told = await world.types(world.mia, "rehearsal")
    assert "One message would have been sent" in told
    assert "Ben · notice of a pause" in told
    assert "Only this squad's managers" in await world.types(world.ben, "rehearsal in Kestrel")


async def test_going_live_welcomes_each_once_in_their_hours(world: World) -> None:
    await world.types(world.mia, f"add {at(world.ben)} {at(world.cleo)}")
    world.cleo.deleted = True
    await world.write(
        update(SlackIdentity).where(SlackIdentity.user_id == world.cleo.id).values(active=False)
    )
    offer_text = await world.types(world.mia, "rehearsal")
    assert "Nothing would have been sent" in offer_text
    offer = world.house.slack.ephemerals(world.team, world.mia)[-1]
    await world.house.click(offer, "squad.live", world.mia)
    told = world.house.slack.ephemerals(world.team, world.mia)[-1].shown
    assert "*Kestrel* is live" in told
    assert "2 people each get one welcome" in told
    assert f"cannot reach {at(world.cleo)}" in told
    assert "live already" in await world.types(world.mia, "live")
    await world.house.drain()
    (message,) = world.house.slack.dm(world.ben)
    for part in ("What is recorded", at(world.mia), "Dispute", "Only in your working hours"):
        assert part in message.shown
    squad = await world.one(select(Squad.state, Squad.live_at))
    assert squad.state == "live"
    assert squad.live_at is not None
    # Whoever comes back is welcomed when it is run again, and nobody twice.
    world.cleo.deleted = False
    await world.write(update(SlackIdentity).values(active=True))
    assert "One person gets a welcome" in await world.types(world.mia, "live")
    world.house.move(days=1)
    await world.house.drain()
    assert len(world.house.slack.dm(world.ben)) == 1
    assert len(world.house.slack.dm(world.cleo)) == 1


async def test_a_joiner_of_a_live_squad_is_welcomed_and_begins_with_onboarding(
    world: World,
) -> None:
    await world.types(world.mia, "live")
    await world.types(world.mia, f"add {at(world.ben)}")
    assert await world.status(world.ben) == "onboarding"
    await world.house.drain()
    assert "Kestrel" in world.house.slack.dm(world.ben)[-1].shown


async def test_nobody_is_welcomed_a_second_time_by_another_squad(world: World) -> None:
    await world.types(world.mia, f"add {at(world.ben)}")
    await world.types(world.mia, "live")
    await world.types(world.ada, f"create Falcon {at(world.mia)}")
    await world.types(world.mia, f"add {at(world.ben)} in Falcon")
    assert "Everybody I can reach" in await world.types(world.mia, "live Falcon")
    await world.house.drain()
    assert len(world.house.slack.dm(world.ben)) == 1


async def test_a_welcome_is_not_sent_to_somebody_taken_out_meanwhile(world: World) -> None:
    await world.types(world.mia, "live")
    await world.types(world.mia, f"add {at(world.ben)}")
    await world.types(world.mia, f"remove {at(world.ben)}")
    await world.house.drain()
    assert world.house.slack.dm(world.ben) == []
    states = {
        row.state
        for row in await world.all(
            select(OutboxRow.state).where(OutboxRow.kind == "squads.welcome")
        )
    }
    assert DeliveryState.DROPPED.value in states


async def test_an_empty_squad_does_not_go_live(world: World) -> None:
    await world.types(world.ada, "create Falcon")
    assert "Nobody is in Falcon yet" in await world.types(world.ada, "live Falcon")


async def test_the_checklist_follows_the_data(world: World) -> None:
    squads = world.house.services.squads
    mia = world.house.caller(world.mia)
    (todo,) = await squads.checklists(mia)
    assert [step.value for step, done in todo.steps.items() if done] == []
    await world.types(world.mia, f"add {at(world.ben)}")
    await world.types(world.mia, f"channels digest <#{world.team.id}|team>")
    await work_of(world, world.ben)
    todo = await squads.checklist(mia, todo.squad.id)
    done = [step.value for step, ready in todo.steps.items() if ready]
    assert done == ["people", "import", "schedule"]
    assert todo.following.value == "project"
    await _joins_its_project_whose_guidelines_are_half_stored(world)
    assert (await squads.checklist(mia, todo.squad.id)).following.value == "guidelines"
    await world.write(update(GuidelineVersion).values(number=1, version="v1"))
    assert (await squads.checklist(mia, todo.squad.id)).following.value == "first_audit"
    await world.types(world.mia, "live")
    assert await squads.checklists(mia) == []
    assert await squads.checklists(world.house.caller(world.ben)) == []


async def _joins_its_project_whose_guidelines_are_half_stored(world: World) -> None:
    squad = await world.one(select(Squad.id, Squad.workspace_id))
    (project_id,) = await world.one(select(Project.id))
    here = {"workspace_id": squad.workspace_id, "project_id": project_id}
    await world.write(insert(SquadProject).values(**here, squad_id=squad.id))
    await world.write(
        insert(GuidelineVersion).values(
            **here, digest="0", documents=1, passages=1, created_at=datetime(2026, 3, 1, tzinfo=UTC)
        )
    )


async def test_a_status_is_shown_to_its_person_and_to_managers(world: World) -> None:
    await world.types(world.mia, f"add {at(world.ben)} {at(world.cleo)}")
    await world.write(update(Member).values(status="probation"))
    for looks, seen in (
        (world.mia, {world.mia, world.ben, world.cleo}),
        (world.ada, {world.mia, world.ben, world.cleo}),
        (world.ben, {world.ben}),
    ):
        lines = (await world.types(looks, "list")).splitlines()
        for user in (world.mia, world.ben, world.cleo):
            (line,) = [line for line in lines if line.startswith(at(user))]
            assert ("on probation" in line) is (user in seen)


async def test_where_nothing_was_held_back_a_live_squad_says_so(world: World) -> None:
    await world.types(world.mia, "live")
    told = await world.types(world.mia, "rehearsal")
    assert "its messages are sent" in told
    assert "would have been sent" not in told


async def test_help_and_nonsense_show_the_usage(world: World) -> None:
    for text in ("", "help", "add help"):
        assert "/squad create Kestrel Europe/Berlin" in await world.types(world.ben, text)
    assert "`/squad dance`" in await world.types(world.ben, "dance")


async def test_slack_failing_changes_nothing_and_says_so(world: World) -> None:
    world.house.slack.faults.add(method="users.info", error="fatal_error", times=None)
    told = await world.types(world.mia, f"add {at(world.ben)}")
    assert "Slack did not answer me" in told
    assert await world.one(select(func.count()).select_from(Member)) == (1,)
