"""`/squad add|remove|roles|status|tag|list` through Bolt, against the strict fake Slack."""

import pytest
from sqlalchemy import func, select, update

from models import (
    LedgerEntry,
    Member,
    MemberTag,
    Person,
)
from tests.harness import House
from tests.squad_world import World, at, open_world, work_of


@pytest.fixture
async def world(house: House) -> World:
    return await open_world(house)


# People


async def test_people_are_added_by_mention_group_and_channel(world: World) -> None:
    slack = world.house.slack
    dan, eli = slack.add_user("Dan"), slack.add_user("Eli", is_guest=True)
    group = slack.add_usergroup("helpers", [dan])
    room = slack.add_channel("room", members=[eli])  # the bot is in it too
    told = await world.types(
        world.mia,
        f"add {at(world.ben)} <!subteam^{group.id}|@helpers> <#{room.id}|room> as auditor",
    )
    for user in (world.ben, dan, eli):
        assert await world.roles(user) == {"auditor"}
        assert at(user) in told
    assert "bots" not in told  # the one in the channel was not meant
    bot = world.house.slack.bot_user
    assert "bots are not members" in await world.types(world.mia, f"add {at(bot)}")
    assert "member.added" in await world.ledger()


async def test_adding_a_channel_gives_its_managers_no_second_role(world: World) -> None:
    await world.types(world.mia, f"add <#{world.team.id}|team>")
    assert await world.roles(world.mia) == {"manager"}
    assert await world.roles(world.cleo) == {"contributor"}


async def test_adding_twice_says_so_and_changes_nothing(world: World) -> None:
    text = f"add {at(world.ben)} {at(world.cleo)}"
    first = await world.types(world.mia, text)
    assert await world.types(world.mia, text) == first
    world.house.move(minutes=1)
    assert "Already in it" in await world.types(world.mia, text)
    assert (await world.ledger()).count("member.added") == 2
    assert await world.roles(world.ben) == {"contributor"}


async def test_a_free_plan_has_no_groups_and_says_so(world: World) -> None:
    world.house.slack.free_plan = True
    assert "paid plans" in await world.types(world.mia, "add <!subteam^S0000|@all>")


async def test_an_unknown_group_user_or_channel_gets_a_sentence(world: World) -> None:
    assert "user group" in await world.types(world.mia, "add <!subteam^S0NOPE|@all>")
    assert "cannot find U0NOBODY" in await world.types(world.mia, "add <@U0NOBODY>")
    assert "cannot see" in await world.types(world.mia, "add <#C0NOWHERE|lost>")
    assert "Whom?" in await world.types(world.mia, "add ben")


async def test_a_channel_of_hundreds_is_not_added(world: World) -> None:
    slack = world.house.slack
    crowd = [slack.add_user(f"P{n}") for n in range(201)]
    room = slack.add_channel("crowd", members=crowd)
    assert "at most 200" in await world.types(world.mia, f"add <#{room.id}|crowd>")
    assert await world.one(select(func.count()).select_from(Member)) == (1,)


async def test_thirty_people_are_read_from_the_list_of_everybody(world: World) -> None:
    slack = world.house.slack
    crowd = [slack.add_user(f"P{n}") for n in range(30)]
    room = slack.add_channel("crowd", members=crowd)
    before = len(slack.calls)
    await world.types(world.mia, f"add <#{room.id}|crowd>")
    assert await world.one(select(func.count()).select_from(Member)) == (31,)
    assert not [call for call in slack.calls[before:] if call.method == "users.info"]


async def test_deactivated_people_are_left_out(world: World) -> None:
    world.ben.deleted = True
    told = await world.types(world.mia, f"add {at(world.ben)} {at(world.cleo)}")
    assert "deactivated in Slack" in told
    assert await world.one(select(func.count()).select_from(Member)) == (2,)


async def test_only_managers_of_this_squad_add_to_it(world: World) -> None:
    await world.types(world.ada, f"create Falcon {at(world.ben)}")
    told = await world.types(world.ben, f"add {at(world.cleo)} in Kestrel")
    assert "Only this squad's managers" in told
    assert await world.roles(world.cleo) == set()
    # Nothing was asked of Slack for somebody who may not.
    told = await world.types(world.cleo, f"add {at(world.cleo)} in Kestrel")
    assert "Only this squad's managers" in told


async def test_a_manager_makes_no_manager(world: World) -> None:
    assert "admins" in await world.types(world.mia, f"add {at(world.ben)} as manager")
    assert await world.roles(world.ben) == set()
    await world.types(world.mia, f"add {at(world.ben)}")
    assert "admins" in await world.types(world.mia, f"roles {at(world.ben)} manager")
    assert await world.roles(world.ben) == {"contributor"}


async def test_setting_roles_leaves_a_manager_manager(world: World) -> None:
    await world.types(world.mia, f"roles {at(world.mia)} auditor")
    assert await world.roles(world.mia) == {"manager", "auditor"}
    await world.types(world.mia, f"roles {at(world.mia)} contributors, auditors")
    assert await world.roles(world.mia) == {"manager", "auditor", "contributor"}
    assert "not a role" in await world.types(world.mia, f"roles {at(world.mia)} boss")
    assert "Which role?" in await world.types(world.mia, f"roles {at(world.mia)}")


async def test_whoever_has_done_nothing_yet_can_be_taken_out(world: World) -> None:
    await world.types(world.mia, f"add {at(world.ben)}")
    await world.types(world.mia, f"tag {at(world.ben)} spanish")
    assert "No longer in" in await world.types(world.mia, f"remove {at(world.ben)}")
    assert await world.one(select(func.count()).select_from(Member)) == (1,)
    assert await world.one(select(func.count()).select_from(MemberTag)) == (0,)
    assert "Not in this squad" in await world.types(world.mia, f"remove {at(world.ben)}")
    assert "member.removed" in await world.ledger()


async def test_whoever_has_worked_is_kept_and_the_answer_says_what_to_do(world: World) -> None:
    await world.types(world.mia, f"add {at(world.ben)}")
    await work_of(world, world.ben)
    told = await world.types(world.mia, f"remove {at(world.ben)}")
    assert "Kept" in told
    assert "paused" in told
    assert await world.roles(world.ben) == {"contributor"}


async def test_a_manager_cannot_take_out_or_pause_a_manager(world: World) -> None:
    await world.types(world.ada, f"grant {at(world.ben)} manager Kestrel", "/muster")
    assert "Only an admin" in await world.types(world.mia, f"remove {at(world.ben)}")
    assert "Only an admin" in await world.types(world.mia, f"status {at(world.ben)} paused leave")
    assert await world.status(world.ben) == "active"


async def test_a_pause_takes_a_reason_and_is_told_to_the_person(world: World) -> None:
    await world.types(world.mia, f"add {at(world.ben)}")
    await world.types(world.mia, "live")
    await world.house.drain()
    assert "needs one of these reasons" in await world.types(
        world.mia, f"status {at(world.ben)} paused"
    )
    assert "needs one of these reasons" in await world.types(
        world.mia, f"status {at(world.ben)} paused bad quality"
    )
    await world.types(world.mia, f"status {at(world.ben)} paused no work")
    assert await world.status(world.ben) == "paused"
    entry = await world.one(
        select(LedgerEntry.ids, LedgerEntry.person_id).where(LedgerEntry.action == "member.status")
    )
    assert entry.ids == {"status": "paused", "reason": "no-work"}
    world.house.move(days=1)
    await world.house.drain()
    assert "paused in *Kestrel*: there is no work" in world.house.slack.dm(world.ben)[-1].shown
    await world.types(world.mia, f"status {at(world.ben)} active")
    assert await world.status(world.ben) == "active"


async def test_a_pause_taken_back_in_time_is_not_told(world: World) -> None:
    await world.types(world.mia, f"add {at(world.ben)}")
    await world.types(world.mia, "live")
    await world.house.drain()
    said = len(world.house.slack.dm(world.ben))
    await world.types(world.mia, f"status {at(world.ben)} paused leave")
    await world.types(world.mia, f"status {at(world.ben)} active")
    world.house.move(days=1)
    await world.house.drain()
    assert len(world.house.slack.dm(world.ben)) == said


@pytest.mark.parametrize("status", ["probation", "offboarded"])
async def test_what_takes_a_second_person_is_no_mere_setting(world: World, status: str) -> None:
    await world.types(world.mia, f"add {at(world.ben)}")
    told = await world.types(world.mia, f"status {at(world.ben)} {status}")
    assert "second person" in told
    await world.write(update(Member).values(status=status))
    await world.write(
        update(Member)
        .where(Member.person_id == select(Person.id).where(Person.name == "Mia").scalar_subquery())
        .values(status="active")
    )
    assert "reinstate" in await world.types(world.mia, f"status {at(world.ben)} active")
    assert await world.status(world.ben) == status


async def test_a_status_is_not_carried_out_where_others_read_it(world: World) -> None:
    await world.types(world.mia, f"add {at(world.ben)}")
    await world.house.mention(world.mia, f"squad status {at(world.ben)} paused leave", world.team)
    offer = world.house.slack.ephemerals(world.team, world.mia)[-1]
    assert "privately" in offer.shown
    assert await world.status(world.ben) == "active"
    await world.house.click(offer, "command.run", world.mia)
    assert await world.status(world.ben) == "paused"


async def test_tags_come_and_go(world: World) -> None:
    await world.types(world.mia, f"add {at(world.ben)}")
    await world.types(world.mia, f"tag {at(world.ben)} Spanish <!here> spanish")
    assert {row.tag for row in await world.all(select(MemberTag.tag))} == {"spanish", "<!here>"}
    assert "&lt;!here&gt;" in await world.types(world.mia, "list")
    assert "so already" in await world.types(world.mia, f"tag {at(world.ben)} spanish")
    await world.types(world.mia, f"untag {at(world.ben)} spanish")
    assert {row.tag for row in await world.all(select(MemberTag.tag))} == {"<!here>"}
    assert "Which tag?" in await world.types(world.mia, f"tag {at(world.ben)}")
    many = " ".join(f"t{n}" for n in range(21))
    assert "20 tags at most" in await world.types(world.mia, f"tag {at(world.ben)} {many}")


async def test_the_list_is_private_and_cut_when_long(world: World) -> None:
    slack = world.house.slack
    room = slack.add_channel("crowd", members=[slack.add_user(f"P{n}") for n in range(150)])
    await world.types(world.mia, f"add <#{room.id}|crowd>")
    told = await world.types(world.mia, "list")
    assert "*151 people*" in told
    assert "and 51 more" in told
    assert "Europe/Berlin" in told
    assert "Only members" in await world.types(world.cleo, "list in Kestrel")
    assert slack.messages(world.team) == []
