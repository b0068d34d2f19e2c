"""`/squad` through Bolt, against the strict fake Slack: people, settings, rehearsal, going live."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.rules.outbox import DeliveryState
from models import (
    LedgerEntry,
    Member,
    MemberRole,
    MemberTag,
    OutboxRow,
    Person,
    Project,
    Schedule,
    SlackIdentity,
    Squad,
    Submission,
)
from tests.harness import House


@dataclass
class World:
    """A set-up workspace: Ada administers it, Mia manages Kestrel, the others are in no squad."""

    house: House
    ada: Any
    mia: Any
    ben: Any
    cleo: Any
    team: Any

    async def types(self, user: Any, text: str, name: str = "/squad") -> str:
        """Type a command in the team channel; return what this person alone is shown."""
        before = len(self.house.slack.ephemerals(self.team, user))
        await self.house.command(user, name, text, self.team)
        told = self.house.slack.ephemerals(self.team, user)[before:]
        return "\n".join(message.shown for message in told)

    async def opens(self, user: Any, text: str) -> Any:
        """Type a command that opens a form; return the form."""
        await self.house.command(user, "/squad", text, self.team)
        return self.house.slack.views(user)[-1]

    async def all(self, statement: Any) -> list[Any]:
        """Read from the database."""
        async with self.house.database.read() as connection:
            return list((await connection.execute(statement)).all())

    async def one(self, statement: Any) -> Any:
        (row,) = await self.all(statement)
        return row

    async def write(self, statement: Any) -> None:
        async with self.house.database.write() as tx:
            await tx.execute(statement)

    async def roles(self, user: Any) -> set[str]:
        """Read somebody's roles, wherever they are."""
        statement = (
            select(MemberRole.role)
            .join(Member, Member.id == MemberRole.member_id)
            .join(SlackIdentity, SlackIdentity.person_id == Member.person_id)
            .where(SlackIdentity.user_id == user.id)
        )
        return {row.role for row in await self.all(statement)}

    async def status(self, user: Any) -> str:
        statement = (
            select(Member.status)
            .join(SlackIdentity, SlackIdentity.person_id == Member.person_id)
            .where(SlackIdentity.user_id == user.id)
        )
        return str((await self.one(statement)).status)

    async def ledger(self) -> list[str]:
        return [row.action for row in await self.all(select(LedgerEntry.action))]


def at(user: Any) -> str:
    return f"<@{user.id}>"


@pytest.fixture
async def world(house: House) -> World:
    ada = house.slack.add_user("Ada", is_admin=True)
    mia = house.slack.add_user("Mia", tz="Europe/Berlin")
    ben = house.slack.add_user("Ben", tz="Africa/Nairobi")
    cleo = house.slack.add_user("Cleo", tz="Asia/Manila")
    team = house.slack.add_channel("team", members=[ada, mia, ben, cleo])
    world = World(house, ada, mia, ben, cleo, team)
    await world.types(ada, "setup", "/muster")
    assert "Kestrel" in await world.types(ada, f"create Kestrel Europe/Berlin {at(mia)}")
    return world


# Making a squad


async def test_only_admins_make_squads(world: World) -> None:
    assert "That is for Muster's admins" in await world.types(world.ben, "create Falcon")
    assert await world.one(select(func.count()).select_from(Squad)) == (1,)


async def test_a_new_squad_is_rehearsed_and_has_manager_and_schedules(world: World) -> None:
    squad = await world.one(select(*Squad.__table__.columns))
    assert (squad.state, squad.zone, squad.working_days) == ("rehearsal", "Europe/Berlin", "01234")
    assert await world.roles(world.mia) == {"manager"}
    planned = select(Schedule.kind).where(Schedule.squad_id.is_not(None))
    kinds = {row.kind for row in await world.all(planned)}
    assert kinds == {"daily_digest", "weekly_digest"}
    assert "squad.created" in await world.ledger()


async def test_the_same_command_twice_makes_one_squad(world: World) -> None:
    first = await world.types(world.ada, "create Falcon Asia/Manila")
    second = await world.types(world.ada, "create Falcon Asia/Manila")
    assert first == second
    assert await world.one(select(func.count()).select_from(Squad)) == (2,)
    world.house.move(minutes=5)
    assert "already" in await world.types(world.ada, "create Falcon Asia/Manila")
    assert "already" in await world.types(world.ada, "create FALCON")


async def test_a_squads_name_can_neither_mention_nor_be_empty_nor_endless(world: World) -> None:
    told = await world.types(world.ada, "create <!channel> & <b>Kites</b>")
    assert "&lt;!channel&gt; &amp; &lt;b&gt;Kites&lt;/b&gt;" in told
    names = {row.name for row in await world.all(select(Squad.name))}
    assert "<!channel> & <b>Kites</b>" in names
    assert "10000 characters" in await world.types(world.ada, f"create {'x' * 10_000}")
    assert "needs a name" in await world.types(world.ada, f"create {at(world.ben)}")


async def test_an_unknown_zone_is_answered_with_the_nearest(world: World) -> None:
    told = await world.types(world.ada, "create Falcon Europe/Berlim")
    assert "Europe/Berlin" in told
    assert "Europe/Berlim" in told


@pytest.mark.parametrize("flags", [{"is_guest": True}, {"is_stranger": True}, {"is_bot": True}])
async def test_no_guest_stranger_or_bot_is_given_a_squad(
    world: World, flags: dict[str, bool]
) -> None:
    eve = world.house.slack.add_user("Eve", **flags)
    assert "cannot manage" in await world.types(world.ada, f"create Falcon {at(eve)}")
    assert await world.one(select(func.count()).select_from(Squad)) == (1,)


async def test_the_form_makes_what_typing_makes(world: World) -> None:
    digest = world.house.slack.add_channel("quality", members=[world.ada])
    form = await world.opens(world.ada, "create")
    values = {
        "name": "Falcon",
        "manager": world.mia.id,
        "zone": "asia/manila",
        "days": ["0", "1", "2"],
        "hours": "22:00 - 06:00",
        "digest_channel": f"https://fake.slack.com/archives/{digest.id}",
    }
    sent = world.house.slack.submit(form, world.ada, values)
    done = await sent.deliver(world.house.app)
    assert done.errors == {}
    assert "Falcon" in str(world.house.slack.views(world.ada)[-1].body)
    squad = await world.one(select(*Squad.__table__.columns).where(Squad.name == "Falcon"))
    assert (squad.zone, squad.working_days) == ("Asia/Manila", "012")
    assert (squad.work_start.hour, squad.work_end.hour) == (22, 6)
    assert squad.digest_channel == digest.id
    again = await sent.deliver(world.house.app)
    assert again.errors == {}
    assert await world.one(select(func.count()).select_from(Squad)) == (2,)


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"name": "Kestrel"}, "name", "already"),
        ({"name": "\u200b"}, "name", "needs a name"),
        ({"zone": "Mars/Base"}, "zone", "time zone"),
        ({"hours": "09:00-24:00"}, "hours", "00:00"),
        ({"hours": "nine to five"}, "hours", "24-hour clock"),
        ({"hours": "09:00-09:00"}, "hours", "09:00"),
        ({"team_channel": "#general"}, "team_channel", "which channel"),
        ({"team_channel": "C0NOWHERE"}, "team_channel", "cannot see"),
    ],
)
async def test_what_the_form_cannot_read_is_said_at_its_field(
    world: World, values: dict[str, Any], field: str, said: str
) -> None:
    form = await world.opens(world.ada, "create")
    done = await world.house.submit(form, world.ada, {"name": "Falcon", **values})
    assert said in done.errors[field]
    assert await world.one(select(func.count()).select_from(Squad)) == (1,)


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
    assert "not a role" in await world.types(world.mia, f"roles {at(world.mia)}")


async def test_whoever_has_done_nothing_yet_can_be_taken_out(world: World) -> None:
    await world.types(world.mia, f"add {at(world.ben)}")
    await world.types(world.mia, f"tag {at(world.ben)} spanish")
    assert "No longer in" in await world.types(world.mia, f"remove {at(world.ben)}")
    assert await world.one(select(func.count()).select_from(Member)) == (1,)
    assert await world.one(select(func.count()).select_from(MemberTag)) == (0,)
    assert "Not in this squad" in await world.types(world.mia, f"remove {at(world.ben)}")
    assert "member.removed" in await world.ledger()


async def work_of(world: World, user: Any) -> None:
    """Let somebody have handed in one task."""
    squad = await world.one(select(Squad.id, Squad.workspace_id))
    person = await world.one(
        select(SlackIdentity.person_id).where(SlackIdentity.user_id == user.id)
    )
    now = world.house.container.clock.now()
    async with world.house.database.write() as tx:
        project = await tx.scalar(
            Project.__table__.insert()
            .values(workspace_id=squad.workspace_id, name="Reviews", created_at=now)
            .returning(Project.id)
        )
        await tx.execute(
            Submission.__table__.insert().values(
                workspace_id=squad.workspace_id,
                project_id=project,
                squad_id=squad.id,
                contributor_id=person.person_id,
                task="T-1",
                submitted_at=now,
                revision=1,
                content="x",
                imported_at=now,
            )
        )


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
async def test_what_takes_a_second_person_is_not_offered_yet(world: World, status: str) -> None:
    await world.types(world.mia, f"add {at(world.ben)}")
    told = await world.types(world.mia, f"status {at(world.ben)} {status}")
    assert "second person" in told
    await world.write(update(Member).values(status=status))
    await world.write(
        update(Member)
        .where(Member.person_id == select(Person.id).where(Person.name == "Mia").scalar_subquery())
        .values(status="active")
    )
    assert "second person" in await world.types(world.mia, f"status {at(world.ben)} active")
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


# Settings


@pytest.mark.parametrize(
    ("text", "column", "value", "said"),
    [
        ("target 95%", "quality_target", 0.95, "95 %"),
        ("target 0,975 in Kestrel", "quality_target", 0.975, "97.5 %"),
        ("zone asia/manila", "zone", "Asia/Manila", "Asia/Manila"),
        ("days sun-thu", "working_days", "01236", "Mon–Thu, Sun"),
        ("holidays de bayern", "subdivision", "BY", "DE BY"),
        ("holidays in ka", "country", "IN", "IN KA"),
        ("figures self", "individual_figures", "self", "the person alone"),
    ],
)
async def test_a_setting_is_typed(
    world: World, text: str, column: str, value: object, said: str
) -> None:
    assert said in await world.types(world.mia, text)
    squad = await world.one(select(*Squad.__table__.columns))
    assert getattr(squad, column) == value
    assert (await world.ledger()).count("squad.changed") == 1
    await world.types(world.mia, text)
    assert (await world.ledger()).count("squad.changed") == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("target 110%", "up to 100"),
        ("target 0", "up to 100"),
        ("target lots", "95%"),
        ("zone Europe/Berlim", "Europe/Berlin"),
        ("days someday", "mon-fri"),
        ("days ,", "working day"),
        ("hours 09:00-24:00", "00:00"),
        ("hours 18:00", "09:00-18:00"),
        ("hours 09:00-09:00", "09:00"),
        ("holidays XX", "XX"),
        ("holidays DE Atlantis", "Atlantis"),
        ("figures everybody", "self+managers"),
        ("target 95% in Falcon", "no squad called"),
        ("dance", "/squad help"),
    ],
)
async def test_a_setting_that_cannot_be_read_gets_a_sentence(
    world: World, text: str, said: str
) -> None:
    before = await world.one(select(*Squad.__table__.columns))
    assert said in await world.types(world.mia, text)
    assert await world.one(select(*Squad.__table__.columns)) == before


async def test_hours_over_midnight_are_a_night_shift(world: World) -> None:
    assert "of the next day" in await world.types(world.mia, "hours 22:00–06:00")


async def test_a_setting_is_cleared_with_none(world: World) -> None:
    await world.types(world.mia, "target 95%")
    assert "not set" in await world.types(world.mia, "target none")
    await world.types(world.mia, "holidays DE BY")
    assert "not set" in await world.types(world.mia, "holidays none")
    squad = await world.one(select(*Squad.__table__.columns))
    assert (squad.quality_target, squad.country, squad.subdivision) == (None, None, None)


async def test_schedules_follow_a_new_zone(world: World) -> None:
    plan = (
        select(Schedule.zone, Schedule.next_due_at)
        .where(Schedule.squad_id.is_not(None))
        .order_by(Schedule.id)
    )
    before = await world.all(plan)
    assert "follow" in await world.types(world.mia, "zone Asia/Manila")
    after = await world.all(plan)
    assert {row.zone for row in after} == {"Asia/Manila"}
    assert [row.next_due_at for row in after] != [row.next_due_at for row in before]


async def test_channels_are_looked_at_first(world: World) -> None:
    slack = world.house.slack
    open_one = slack.add_channel("quality", members=[world.mia], bot=False)
    told = await world.types(
        world.mia, f"channels team <#{world.team.id}|team> digest <#{open_one.id}|q>"
    )
    assert f"<#{open_one.id}>" in told
    assert slack.bot_user.id in open_one.members  # joined, for it is public
    squad = await world.one(select(*Squad.__table__.columns))
    assert (squad.team_channel, squad.digest_channel) == (world.team.id, open_one.id)
    await world.types(world.mia, "channels digest none")
    squad = await world.one(select(*Squad.__table__.columns))
    assert (squad.team_channel, squad.digest_channel) == (world.team.id, None)


async def test_channels_that_cannot_be_used_are_refused(world: World) -> None:
    slack = world.house.slack
    old = slack.add_channel("old", archived=True)
    secret = slack.add_channel("secret", private=True, bot=False)
    assert "archived" in await world.types(world.mia, f"channels team <#{old.id}|old>")
    assert "cannot see" in await world.types(world.mia, f"channels team <#{secret.id}|secret>")
    assert "in turns" in await world.types(world.mia, "channels team")
    assert "in turns" in await world.types(world.mia, "channels lounge #x")
    assert (await world.one(select(Squad.team_channel))) == (None,)


async def test_the_settings_form_changes_what_was_touched(world: World) -> None:
    await world.types(world.mia, "target 95%")
    form = await world.opens(world.mia, "settings")
    values = {
        "zone": "Asia/Manila",
        "days": ["6", "0"],
        "hours": "08:00-16:30",
        "holidays": "PH",
        "target": "none",
        "figures": "off",
        "team_channel": world.team.id,
    }
    done = await world.house.submit(form, world.mia, values)
    assert done.errors == {}
    squad = await world.one(select(*Squad.__table__.columns))
    assert (squad.zone, squad.working_days, squad.country) == ("Asia/Manila", "06", "PH")
    assert (squad.quality_target, squad.individual_figures) == (None, "off")
    assert squad.team_channel == world.team.id


async def test_the_settings_form_says_at_the_field_what_is_wrong(world: World) -> None:
    form = await world.opens(world.mia, "hours")  # bare, a setting opens the form
    done = await world.house.submit(form, world.mia, {"target": "200%", "zone": "UTC"})
    assert "up to 100" in done.errors["target"]
    assert (await world.one(select(Squad.zone))) == ("Europe/Berlin",)


async def test_a_form_left_untouched_changes_nothing(world: World) -> None:
    await world.types(world.mia, "target 95%")
    before = await world.one(select(*Squad.__table__.columns))
    form = await world.opens(world.mia, "settings")
    done = await world.house.submit(form, world.mia, {})
    assert done.errors == {}
    assert await world.one(select(*Squad.__table__.columns)) == before


async def test_somebody_who_lost_the_role_meanwhile_cannot_save(world: World) -> None:
    form = await world.opens(world.mia, "settings")
    await world.types(world.ada, f"revoke {at(world.mia)} manager Kestrel", "/muster")
    done = await world.house.submit(form, world.mia, {"target": "50%"})
    assert "Only this squad's managers" in str(done.view.body)
    assert (await world.one(select(Squad.quality_target))) == (None,)


async def test_syncs_are_added_changed_and_removed(world: World) -> None:
    world.house.slack.allowed_links.append("https://meet.example.com/")
    told = await world.types(world.mia, 'sync "Daily sync" 9:30 <https://meet.example.com/a|meet>')
    assert "https://meet.example.com/a" in told
    assert "09:30" in told
    assert "10:00" in await world.types(world.mia, 'sync "daily SYNC" 10:00')
    assert "Daily sync" in await world.types(world.mia, "list")
    assert "no sync called" in await world.types(world.mia, "sync Weekly off")
    assert "not set" in await world.types(world.mia, 'sync "Daily sync" off')
    assert "not a link" in await world.types(world.mia, "sync Daily 10:00 javascript:alert(1)")
    assert "name, time and link" in await world.types(world.mia, "sync Daily")


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
    await world.types(world.mia, "live")
    assert await squads.checklists(mia) == []
    assert await squads.checklists(world.house.caller(world.ben)) == []


async def test_help_and_nonsense_show_the_usage(world: World) -> None:
    for text in ("", "help", "add help"):
        assert "/squad create Kestrel Europe/Berlin" in await world.types(world.ben, text)
    assert "`/squad dance`" in await world.types(world.ben, "dance")


async def test_slack_failing_changes_nothing_and_says_so(world: World) -> None:
    world.house.slack.faults.add(method="users.info", error="fatal_error", times=None)
    told = await world.types(world.mia, f"add {at(world.ben)}")
    assert "Slack did not answer me" in told
    assert await world.one(select(func.count()).select_from(Member)) == (1,)
