"""`/muster` through Bolt: setting up, admins, managers, and what each person is shown."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import func, select

from models import Admin, LedgerEntry, MemberRole
from tests.harness import House


@dataclass
class Place:
    """A workspace with people in one channel; nobody has set Muster up yet."""

    house: House
    owner: Any
    admin: Any
    ben: Any
    team: Any

    async def types(self, user: Any, text: str = "", name: str = "/muster") -> str:
        """Type a command; return what this person alone is shown."""
        before = len(self.house.slack.ephemerals(self.team, user))
        await self.house.command(user, name, text, self.team)
        told = self.house.slack.ephemerals(self.team, user)[before:]
        return "\n".join(message.shown for message in told)

    async def count(self, table: Any) -> int:
        async with self.house.database.read() as connection:
            return int(await connection.scalar(select(func.count()).select_from(table)) or 0)

    async def ledger(self) -> list[str]:
        async with self.house.database.read() as connection:
            return list(await connection.scalars(select(LedgerEntry.action)))


@pytest.fixture
async def place(house: House) -> Place:
    owner = house.slack.add_user("Olga", is_owner=True)
    admin = house.slack.add_user("Ada", is_admin=True)
    ben = house.slack.add_user("Ben")
    team = house.slack.add_channel("team", members=[owner, admin, ben])
    return Place(house, owner, admin, ben, team)


def at(user: Any) -> str:
    return f"<@{user.id}>"


async def test_before_set_up_it_says_who_can(place: Place) -> None:
    assert "A Slack admin or owner starts" in await place.types(place.ben)
    assert "A Slack admin or owner starts" in await place.types(place.ben, "create X", "/squad")
    assert "/muster setup" in await place.types(place.admin)


async def test_only_a_slack_admin_sets_it_up(place: Place) -> None:
    assert "Only an admin or owner" in await place.types(place.ben, "setup")
    assert await place.count(Admin) == 0


@pytest.mark.parametrize("who", ["owner", "admin"])
async def test_the_first_slack_admin_becomes_admin_and_later_ones_are_told_who(
    place: Place, who: str
) -> None:
    first = getattr(place, who)
    second = place.admin if who == "owner" else place.owner
    assert "you are its first admin" in await place.types(first, "setup")
    assert at(first) in await place.types(second, "setup")
    assert at(first) in await place.types(first, "setup")
    assert at(first) in await place.types(place.ben, "setup")
    assert await place.count(Admin) == 1
    assert (await place.ledger()).count("workspace.set_up") == 1


async def test_who_became_slack_admin_after_being_met_may_set_up(place: Place) -> None:
    await place.types(place.ben)
    place.ben.is_admin = True
    assert "you are its first admin" in await place.types(place.ben, "setup")


async def test_a_guest_is_no_admin_whatever_slack_says(place: Place) -> None:
    eve = place.house.slack.add_user("Eve", is_guest=True, is_admin=True)
    place.team.members.append(eve.id)
    assert "Only an admin or owner" in await place.types(eve, "setup")


async def test_once_the_last_admin_is_deactivated_setup_is_open_again(place: Place) -> None:
    await place.types(place.admin, "setup")
    place.admin.deleted = True
    assert "you are its first admin" in await place.types(place.owner, "setup")
    assert at(place.owner) in await place.types(place.ben, "admin list")


async def test_admins_make_and_unmake_admins_but_never_the_last(place: Place) -> None:
    await place.types(place.admin, "setup")
    assert "That is for Muster's admins" in await place.types(
        place.ben, f"admin add {at(place.ben)}"
    )
    assert "is the last admin" in await place.types(place.admin, f"admin remove {at(place.admin)}")
    assert "is an admin now" in await place.types(place.admin, f"admin add {at(place.ben)}")
    assert "was an admin already" in await place.types(place.admin, f"admin add {at(place.ben)}")
    assert "no longer an admin" in await place.types(place.ben, f"admin remove {at(place.admin)}")
    assert "was not an admin" in await place.types(place.ben, f"admin remove {at(place.admin)}")
    assert (await place.ledger()).count("admin.added") == 1
    assert await place.count(Admin) == 1


async def test_the_one_able_admin_stays_though_a_deactivated_one_is_listed(place: Place) -> None:
    await place.types(place.admin, "setup")
    await place.types(place.admin, f"admin add {at(place.owner)}")
    place.owner.deleted = True
    # Slack says so to whoever looks next; here it is the person who sets up.
    await place.types(place.ben, "setup")
    assert "is the last admin" in await place.types(place.admin, f"admin remove {at(place.admin)}")


@pytest.mark.parametrize(
    "flags", [{"is_guest": True}, {"is_stranger": True}, {"is_bot": True}, {"deleted": True}]
)
async def test_no_guest_stranger_bot_or_leaver_administers_or_manages(
    place: Place, flags: dict[str, bool]
) -> None:
    eve = place.house.slack.add_user("Eve", **flags)
    await place.types(place.admin, "setup")
    await place.types(place.admin, "create Kestrel", "/squad")
    assert "cannot be an admin" in await place.types(place.admin, f"admin add {at(eve)}")
    told = await place.types(place.admin, f"grant {at(eve)} manager Kestrel")
    assert "Left out" in told
    assert await place.count(Admin) == 1
    assert await place.count(MemberRole) == 0


async def test_the_admin_makes_managers_and_takes_the_role_away(place: Place) -> None:
    await place.types(place.admin, "setup")
    await place.types(place.admin, "create Night owls", "/squad")
    for text in (f"grant {at(place.ben)} manager Night owls", f"grant {at(place.ben)} manager"):
        assert "*Night owls*" in await place.types(place.admin, text)
    assert "target: 95%" in await place.types(place.ben, "target 95%", "/squad")
    assert "admins" in await place.types(place.ben, f"grant {at(place.owner)} manager")
    told = await place.types(place.admin, f"revoke {at(place.ben)} manager Night owls")
    assert "No longer managing" in told
    assert "Only this squad's managers" in await place.types(place.ben, "target 9%", "/squad")
    told = await place.types(place.admin, f"revoke {at(place.ben)} manager Night owls")
    assert "Did not manage" in told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("admin promote", "/muster admin add"),
        ("admin add ben", "/muster admin add"),
        ("grant manager", "/muster grant"),
        ("grant <@U0NOBODY> boss", "/muster grant"),
        ("grant <@U0NOBODY> manager", "cannot find U0NOBODY"),
        ("revoke <@U0NOBODY> manager", "cannot find U0NOBODY"),
        ("grant <@U0NOBODY> manager Falcon", "no squad called"),
        ("dance <!channel>", "dance"),
    ],
)
async def test_what_cannot_be_done_gets_a_sentence(place: Place, text: str, said: str) -> None:
    await place.types(place.admin, "setup")
    await place.types(place.admin, "create Kestrel", "/squad")
    told = await place.types(place.admin, text)
    assert said in told


async def test_everybody_is_shown_what_is_of_use_to_them(place: Place) -> None:
    await place.types(place.admin, "setup")
    await place.types(place.admin, f"create Kestrel {at(place.owner)}", "/squad")
    await place.types(place.owner, f"add {at(place.ben)}", "/squad")
    contributor = await place.types(place.ben)
    assert "/timeoff" in contributor
    for other in ("/squad", "/audit", "/coach", "/digest", "grant"):
        assert other not in contributor
    assert "*Kestrel* · in rehearsal · you: contributor, active" in contributor
    assert f"Managers: {at(place.owner)}" in contributor
    assert "Muster 0" in contributor
    assert await place.types(place.ben, "help") == contributor
    manager = await place.types(place.owner, "status")
    assert "/squad" in manager
    assert "Next: Project" in manager
    assert "/muster grant" in await place.types(place.admin)


async def test_one_parser_serves_all_three_ways(place: Place) -> None:
    await place.types(place.admin, "setup")
    assert "Kestrel" in await place.types(place.admin, "squad create Kestrel")
    await place.house.mention(place.admin, f"muster grant {at(place.ben)} manager", place.team)
    assert "Managing" in place.house.slack.ephemerals(place.team, place.admin)[-1].shown
    await place.house.say(place.ben, "squad target 90%")
    assert "90%" in place.house.slack.dm(place.ben)[-1].shown
