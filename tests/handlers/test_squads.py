"""`/squad` through Bolt, against the strict fake Slack: making a squad, and its settings."""

from typing import Any

import pytest
from sqlalchemy import func, select

from models import (
    Schedule,
    Squad,
)
from tests.harness import House
from tests.squad_world import World, at, open_world


@pytest.fixture
async def world(house: House) -> World:
    return await open_world(house)


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


async def test_all_that_the_form_cannot_read_is_said_at_once_and_in_plain_text(
    world: World,
) -> None:
    form = await world.opens(world.ada, "create")
    typed = {"name": "\u200b", "zone": "Mars & `Base`", "hours": "nine", "digest_channel": "x"}
    done = await world.house.submit(form, world.ada, typed)
    assert set(done.errors) == {"name", "zone", "hours", "digest_channel"}
    assert "“Mars & Base”" in done.errors["zone"]
    assert not any(mark in str(done.errors) for mark in ("`", "&amp;", "&lt;"))
    assert await world.one(select(func.count()).select_from(Squad)) == (1,)


async def test_all_that_the_settings_cannot_read_is_said_at_once_and_nothing_saved(
    world: World,
) -> None:
    form = await world.opens(world.mia, "settings")
    typed = {"target": "150%", "holidays": "ZZ", "zone": "Asia/Manila"}
    done = await world.house.submit(form, world.mia, typed)
    assert set(done.errors) == {"target", "holidays"}
    assert await world.one(select(Squad.zone)) == ("Europe/Berlin",)


async def test_help_and_what_is_missing_say_what_to_type(world: World) -> None:
    assert "/squad create Kestrel Europe/Berlin" in await world.types(world.mia, "help add")
    await world.types(world.mia, f"add {at(world.ben)}")
    for text, said in (
        ("roles", "Which role?"),
        ("status", "Which status?"),
        ("tag", "Which tag?"),
    ):
        assert said in await world.types(world.mia, f"{text} {at(world.ben)}")


# Settings


@pytest.mark.parametrize(
    ("text", "column", "value", "said"),
    [
        ("target 95%", "quality_target", 0.95, "95%"),
        ("target 0,975 in Kestrel", "quality_target", 0.975, "97.5%"),
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
