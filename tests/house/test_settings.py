"""The environment is read once, checked whole, and its secrets are never repeated."""

import logging
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from slack_bolt.app.async_app import AsyncApp

from bot.errors import SettingsError
from bot.settings import Settings, load_settings, variable, variables

ROOT = Path(__file__).parents[2]
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1-a", "SLACK_APP_TOKEN": "xapp-1-a"}
Put = Callable[..., None]
SECRET = "s3cr3t-that-nobody-may-read"


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.upper().startswith(("SLACK_", "MUSTER_")) or name.upper() == "DATABASE_URL":
            monkeypatch.delenv(name)


@pytest.fixture
def env(monkeypatch: pytest.MonkeyPatch) -> Put:
    def put(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return put


def refusal(*require: str, env_file: Path | None = None) -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings(require, env_file)
    return str(caught.value)


def test_defaults_suffice_for_a_command_that_needs_no_slack() -> None:
    settings = load_settings(env_file=None)
    assert settings.database_url.get_secret_value() == "sqlite+aiosqlite:///muster.db"
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.slack_bot_token.get_secret_value() == ""
    assert (settings.posts_per_second, settings.settle_seconds) == (1.0, 30.0)


def test_everything_missing_is_named_at_once_with_an_example() -> None:
    text = refusal("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "DATABASE_URL")
    assert "2 settings need attention" in text
    assert "SLACK_BOT_TOKEN is missing" in text
    assert "Example: SLACK_BOT_TOKEN=xoxb-…" in text
    assert "SLACK_APP_TOKEN is missing" in text
    assert "DATABASE_URL" not in text


def test_missing_and_malformed_are_said_together(env: Put) -> None:
    env(MUSTER_POSTS_PER_SECOND="many", MUSTER_LOG_FORMAT="xml")
    text = refusal("SLACK_BOT_TOKEN")
    assert "3 settings need attention" in text
    for name in ("SLACK_BOT_TOKEN", "MUSTER_POSTS_PER_SECOND", "MUSTER_LOG_FORMAT"):
        assert f"- {name} is " in text


@pytest.mark.parametrize("blank", ["", "   "])
def test_a_blank_token_is_a_missing_one(env: Put, blank: str) -> None:
    env(SLACK_BOT_TOKEN=blank)
    assert "SLACK_BOT_TOKEN is missing" in refusal("SLACK_BOT_TOKEN")


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("SLACK_BOT_TOKEN", f"xapp-{SECRET}", "starts with xoxb-"),
        ("SLACK_BOT_TOKEN", "xoxb-", "starts with xoxb-"),
        ("SLACK_BOT_TOKEN", f"xoxb-{SECRET} {SECRET}", "one word"),
        ("SLACK_APP_TOKEN", f"xoxb-{SECRET}", "starts with xapp-"),
        ("SLACK_SIGNING_SECRET", f"xoxb-{SECRET}", "it holds a token"),
        ("SLACK_SIGNING_SECRET", f"a {SECRET}", "one word"),
        ("SLACK_API_URL", "slack.com/api", "https://"),
        ("DATABASE_URL", f"mysql://root:{SECRET}@host/db", "sqlite:/// or postgresql://"),
        ("DATABASE_URL", f"postgresql+asyncpg://root:{SECRET}@host/db", "postgresql://"),
        ("DATABASE_URL", "muster.db", "sqlite:///"),
        ("DATABASE_URL", "sqlite://", "SQLite needs one"),
        ("DATABASE_URL", "sqlite:///:memory:", "SQLite needs one"),
        ("MUSTER_LOG_LEVEL", "LOUD", "'DEBUG', 'INFO'"),
        ("MUSTER_POSTS_PER_SECOND", "0", "greater than 0"),
        ("MUSTER_TICK_SECONDS", "0", "greater than or equal to 0.1"),
        ("MUSTER_HEALTH_PORT", "70000", "less than or equal to 65535"),
        ("MUSTER_COMMAND_PREFIX", "/Ops ", "only small letters"),
    ],
)
def test_a_malformed_value_is_explained_and_not_repeated(
    env: Put, name: str, value: str, complaint: str
) -> None:
    env(**{name: value})
    text = refusal()
    assert "1 setting needs attention" in text
    assert f"{name} is malformed" in text
    assert complaint in text
    assert f"Example: {name}=" in text
    assert SECRET not in text


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("sqlite:///muster.db", "sqlite+aiosqlite:///muster.db"),
        ("sqlite:////data/muster.db", "sqlite+aiosqlite:////data/muster.db"),
        ("sqlite+aiosqlite:///x.db", "sqlite+aiosqlite:///x.db"),
        ("postgres://u:p@h:5432/db", "postgresql+psycopg://u:p@h:5432/db"),
        ("postgresql://u@/db?host=/run/pg", "postgresql+psycopg://u@/db?host=/run/pg"),
        ("postgresql+psycopg://h/db", "postgresql+psycopg://h/db"),
    ],
)
def test_a_database_address_names_its_driver(env: Put, given: str, used: str) -> None:
    env(DATABASE_URL=given)
    assert load_settings(env_file=None).database_url.get_secret_value() == used


def test_the_api_address_ends_with_a_slash(env: Put) -> None:
    env(SLACK_API_URL="http://127.0.0.1:3010/api")
    assert load_settings(env_file=None).slack_api_url == "http://127.0.0.1:3010/api/"


def test_a_lease_must_outlive_a_request(env: Put) -> None:
    env(MUSTER_LEASE_SECONDS="15", MUSTER_HTTP_TIMEOUT_SECONDS="15")
    text = refusal()
    assert "MUSTER_LEASE_SECONDS must exceed MUSTER_HTTP_TIMEOUT_SECONDS" in text
    env(MUSTER_LEASE_SECONDS="20")
    assert load_settings(env_file=None).lease_seconds == 20.0


def test_the_environment_wins_over_the_file(env: Put, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("SLACK_BOT_TOKEN=xoxb-file\nMUSTER_LOG_FORMAT=console\n", encoding="utf-8")
    env(SLACK_BOT_TOKEN="xoxb-shell")
    settings = load_settings(["SLACK_BOT_TOKEN"], file)
    assert settings.slack_bot_token.get_secret_value() == "xoxb-shell"
    assert settings.log_format == "console"


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes("MUSTER_LOG_FORMAT=console # f\xfcr uns\n".encode("cp1252"))
    assert "not UTF-8" in refusal(env_file=file)


def test_a_misspelt_setting_is_doubted_aloud(
    env: Put, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / ".env"
    file.write_text("MUSTER_POST_PER_SECOND=2\n", encoding="utf-8")
    env(MUSTER_ZZZ="1", SLACK_SIGNING_SECERT=SECRET, SLACK_WEBHOOK_URL="https://example.org")
    with caplog.at_level(logging.WARNING):
        load_settings(env_file=file)
    assert [record.getMessage() for record in caplog.records] == [
        "MUSTER_POST_PER_SECOND is not a setting of Muster. Did you mean MUSTER_POSTS_PER_SECOND?",
        "MUSTER_ZZZ is not a setting of Muster and has no effect.",
        "SLACK_SIGNING_SECERT is not a setting of Muster. Did you mean SLACK_SIGNING_SECRET?",
    ]


def test_a_refusal_points_at_the_misspelt_one(env: Put) -> None:
    env(SLACK_BOT_TOKN="xoxb-1")
    assert "Did you mean SLACK_BOT_TOKEN?" in refusal("SLACK_BOT_TOKEN")


def test_no_secret_is_shown_by_printing_the_settings(env: Put) -> None:
    env(
        SLACK_BOT_TOKEN=f"xoxb-{SECRET}",
        SLACK_APP_TOKEN=f"xapp-{SECRET}",
        SLACK_SIGNING_SECRET=SECRET,
        DATABASE_URL=f"postgresql://muster:{SECRET}@db/muster",
    )
    settings = load_settings(env_file=None)
    assert SECRET not in f"{settings!r} {settings} {settings.model_dump()}"


def test_what_makes_bolt_drop_the_bot_token_is_refused(env: Put) -> None:
    env(**TOKENS, SLACK_CLIENT_ID="1.2", SLACK_CLIENT_SECRET=SECRET)
    text = refusal("SLACK_BOT_TOKEN")
    assert "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET are both set" in text
    assert SECRET not in text
    assert load_settings(env_file=None).slack_bot_token.get_secret_value() == "xoxb-1-a"
    bolt = AsyncApp(token="xoxb-1-a", signing_secret="x")
    assert bolt.oauth_flow is not None, "Bolt has stopped doing this: the refusal can go"


def test_one_of_the_two_alone_is_harmless(env: Put) -> None:
    env(**TOKENS, SLACK_CLIENT_ID="1.2")
    load_settings(TOKENS, env_file=None)


def test_an_unknown_requirement_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        load_settings(["SLACK_NO_SUCH_THING"], env_file=None)


def test_every_setting_is_described_and_its_example_is_valid(env: Put) -> None:
    for name, field in variables().items():
        info = Settings.model_fields[field]
        assert info.description, name
        (example,) = info.examples or []
        env(**{name: example})
    load_settings(variables(), env_file=None)


def test_the_example_file_lists_every_setting_with_a_comment() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    listed = {}
    for above, line in zip(["", *lines], lines, strict=False):
        if match := re.fullmatch(r"#? ?([A-Z_]+)=.*", line):
            assert above.startswith("# "), f"{line} has no comment"
            listed[match[1]] = line
    assert set(listed) == set(variables())


def test_the_example_file_loads_as_it_stands() -> None:
    example = load_settings(env_file=ROOT / ".env.example")
    assert example == Settings(_env_file=None)


def test_a_variable_is_named_after_its_field() -> None:
    assert variable("log_level") == "MUSTER_LOG_LEVEL"
    assert variable("slack_bot_token") == "SLACK_BOT_TOKEN"
