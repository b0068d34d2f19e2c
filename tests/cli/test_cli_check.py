"""`muster check` names what is wrong, and says of nothing that it is wrong which was not seen."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

import app as roof
from bot.cli.check import Finding, findings
from bot.rules.squads import SquadChanges, SquadDraft, Where
from bot.settings import Settings
from tests.fakes.slack import FakeSlack
from tests.harness import House

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack(manifest=ROOT / "manifest.yml") as fake:
        yield fake


def program(url: str, slack: FakeSlack, **given: Any) -> roof.Muster:
    """Return the program with right settings, except for those given."""
    settings = {
        "slack_bot_token": SecretStr(slack.bot_token),
        "slack_app_token": SecretStr(slack.app_token),
        "slack_api_url": slack.base_url,
        "database_url": SecretStr(url),
        **given,
    }
    return roof.Muster(Settings(_env_file=None, **settings))


async def wrong(muster: roof.Muster) -> list[Finding]:
    return [finding async for finding in findings(muster) if not finding.fine]


async def test_where_nothing_is_wrong_nothing_is_named(sqlite_url: str, slack: FakeSlack) -> None:
    found = [finding async for finding in findings(program(sqlite_url, slack))]
    assert [finding.what for finding in found if not finding.fine] == []
    assert any("scopes of manifest.yml" in finding.what for finding in found)
    assert found[-1].what == "the app token opens a socket"


async def test_wrong_tokens_are_each_named(sqlite_url: str, slack: FakeSlack) -> None:
    given = {
        "slack_bot_token": SecretStr("xoxb-of-yesterday"),
        "slack_app_token": SecretStr("xapp-of-yesterday"),
    }
    bot, app = await wrong(program(sqlite_url, slack, **given))
    assert bot.what == "Slack does not accept SLACK_BOT_TOKEN"
    assert bot.mend.startswith("auth.test: invalid_auth.")
    assert app.what == "Slack does not accept SLACK_APP_TOKEN"
    assert "connections:write" in app.mend


async def test_tokens_that_are_not_set_are_each_named(sqlite_url: str, slack: FakeSlack) -> None:
    empty = {"slack_bot_token": SecretStr(""), "slack_app_token": SecretStr("")}
    bot, app = await wrong(program(sqlite_url, slack, **empty))
    assert (bot.what, app.what) == ("SLACK_BOT_TOKEN is not set", "SLACK_APP_TOKEN is not set")
    assert slack.calls == []


async def test_signed_http_needs_no_app_token(sqlite_url: str, slack: FakeSlack) -> None:
    given = {"slack_app_token": SecretStr(""), "slack_signing_secret": SecretStr("5" * 32)}
    assert await wrong(program(sqlite_url, slack, **given)) == []


async def test_where_nobody_answers_no_token_is_called_wrong(
    sqlite_url: str, slack: FakeSlack
) -> None:
    nowhere = "http://127.0.0.1:1/api/"
    (found,) = await wrong(program(sqlite_url, slack, slack_api_url=nowhere))
    assert found.what == f"Slack does not answer at {nowhere}"
    assert "no connection" in found.mend
    assert "token" not in found.what + found.mend


async def test_a_slack_that_stumbles_has_refused_no_token(
    sqlite_url: str, slack: FakeSlack
) -> None:
    slack.faults.down()
    (found,) = await wrong(program(sqlite_url, slack))
    assert found.what.startswith("Slack does not answer at")


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("postgresql://nobody:geheim@127.0.0.1:1/muster", "Connection refused"),
        ("sqlite:////nowhere/at/all/muster.db", "unable to open database file"),
    ],
)
async def test_a_database_that_cannot_be_used_is_one_sentence(
    slack: FakeSlack, address: str, why: str
) -> None:
    (found,) = await wrong(program(address, slack))
    assert found.what == "the database cannot be used"
    assert why in found.mend
    assert "DATABASE_URL" in found.mend
    assert "geheim" not in found.mend


async def test_channels_without_the_bot_or_archived_are_named(
    house: House, sqlite_url: str
) -> None:
    ada = house.slack.add_user("Ada", is_admin=True)
    team, digest = house.slack.add_channel("team"), house.slack.add_channel("digest")
    await house.meet(ada)
    await house.services.workspaces.setup(house.caller(ada))
    squads, caller = house.services.squads, house.caller(ada)
    await squads.create(caller, SquadDraft(name="Kestrel", zone="UTC"), None, None)
    fields = {"team_channel": team.id, "digest_channel": digest.id}
    await squads.change(caller, Where(named="Kestrel"), SquadChanges(fields=fields))
    muster = program(sqlite_url, house.slack)
    assert await wrong(muster) == []

    team.members.clear()
    digest.archived = True
    out, archived = await wrong(muster)
    assert out.what == "the bot is not in Kestrel's team channel #team"
    assert "/invite @Muster" in out.mend
    assert archived.what == "Kestrel's digest channel #digest is archived"
