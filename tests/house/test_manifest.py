"""The Slack app's manifest keeps Slack's limits and asks for nothing that is not used.

The limits are those of the manifest schema v0.5.0; each object there takes no other property.
"""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]

# Every command that the parser knows; one that is missing here or in the manifest is a mistake.
COMMANDS = {
    "agenda",
    "announce",
    "ask",
    "audit",
    "coach",
    "digest",
    "log",
    "oneonone",
    "pulse",
    "squad",
    "timeoff",
    "muster",
}

# The scope that Slack wants before it sends an event; None: no scope.
SCOPE_OF_EVENT = {
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "app_uninstalled": None,
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "tokens_revoked": None,
}

# Slack's own commands (and `/feedback`, `/status` …) never reach an app of that name.
TAKEN = re.compile(
    "active|apps|archive|away|call|collapse|dnd|expand|feedback|feed|invite|join|leave|me|msg|mute|"
    "open|people|remind|remove|rename|search|shortcuts|shrug|star|status|topic|who"
)


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    return loaded


def test_only_properties_that_slack_knows(manifest: dict[str, Any]) -> None:
    known = {
        "": "_metadata display_information features oauth_config settings",
        "_metadata": "major_version minor_version",
        "display_information": "name description long_description background_color",
        "features": "app_home bot_user shortcuts slash_commands",
        "features.app_home": (
            "home_tab_enabled messages_tab_enabled messages_tab_read_only_enabled"
        ),
        "features.bot_user": "display_name always_online",
        "oauth_config": "scopes redirect_urls",
        "oauth_config.scopes": "bot",
        "settings": (
            "event_subscriptions interactivity org_deploy_enabled socket_mode_enabled "
            "token_rotation_enabled"
        ),
        "settings.event_subscriptions": "bot_events request_url",
        "settings.interactivity": "is_enabled request_url",
    }
    seen = {
        path: set(node)
        for path, node in _objects("", manifest)
        if "slash_commands" not in path and "shortcuts" not in path
    }
    assert set(seen) == set(known)
    for path, keys in seen.items():
        assert keys <= set(known[path].split()), path


def test_texts_keep_the_limits(manifest: dict[str, Any]) -> None:
    display = manifest["display_information"]
    assert 1 <= len(display["name"]) <= 35
    assert 1 <= len(display["description"]) <= 140
    assert 175 <= len(display["long_description"]) <= 4000
    assert re.fullmatch(r"#[0-9a-f]{6}", display["background_color"])
    bot = manifest["features"]["bot_user"]
    assert re.fullmatch(r"[a-z0-9._-]{1,80}", bot["display_name"])


def test_commands_keep_the_limits(manifest: dict[str, Any]) -> None:
    commands = manifest["features"]["slash_commands"]
    assert len(commands) <= 50
    for command in commands:
        assert set(command) == {"command", "description", "usage_hint", "should_escape"}
        assert re.fullmatch(r"/[a-z0-9_-]{1,31}", command["command"])
        assert 1 <= len(command["description"]) <= 2000
        assert 1 <= len(command["usage_hint"]) <= 1000
        # Without it Slack sends raw names, and whom a command meant could not be told.
        assert command["should_escape"] is True


def test_shortcuts_keep_the_limits(manifest: dict[str, Any]) -> None:
    shortcuts = manifest["features"]["shortcuts"]
    assert len(shortcuts) <= 10
    for shortcut in shortcuts:
        assert set(shortcut) == {"name", "type", "callback_id", "description"}
        assert 1 <= len(shortcut["name"]) <= 24
        assert 1 <= len(shortcut["description"]) <= 150
        assert 1 <= len(shortcut["callback_id"]) <= 255
        assert shortcut["type"] in {"message", "global"}


def test_the_commands_are_those_that_are_known(manifest: dict[str, Any]) -> None:
    names = [entry["command"].removeprefix("/") for entry in manifest["features"]["slash_commands"]]
    assert len(names) == len(set(names))
    assert set(names) == COMMANDS
    assert not [name for name in names if TAKEN.fullmatch(name)]


def test_a_newcomer_reads_of_every_command(manifest: dict[str, Any]) -> None:
    table = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = [entry["command"] for entry in manifest["features"]["slash_commands"]]
    told = set(re.findall(r"^\| `(/[a-z]+)", table, flags=re.MULTILINE))
    assert told == set(commands)


def test_direct_messages_and_home_work(manifest: dict[str, Any]) -> None:
    home = manifest["features"]["app_home"]
    assert home["home_tab_enabled"] is True
    assert home["messages_tab_enabled"] is True
    assert home["messages_tab_read_only_enabled"] is False


def test_scopes_are_distinct_and_sorted(manifest: dict[str, Any]) -> None:
    scopes = manifest["oauth_config"]["scopes"]["bot"]
    assert scopes == sorted(set(scopes))
    assert all(re.fullmatch(r"[a-z_.]+(:[a-z]+(\.[a-z]+)?)?", scope) for scope in scopes)
    # An app that posts under other names could be mistaken for a person.
    assert "chat:write.customize" not in scopes


def test_every_event_has_its_scope(manifest: dict[str, Any]) -> None:
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    scopes = set(manifest["oauth_config"]["scopes"]["bot"])
    assert events == sorted(set(events))
    for event in events:
        assert SCOPE_OF_EVENT[event] is None or SCOPE_OF_EVENT[event] in scopes, event


def test_it_speaks_socket_mode_in_one_workspace(manifest: dict[str, Any]) -> None:
    settings = manifest["settings"]
    assert settings["socket_mode_enabled"] is True
    assert settings["interactivity"] == {"is_enabled": True}
    assert "request_url" not in settings["event_subscriptions"]
    assert settings["org_deploy_enabled"] is False
    # Rotation cannot be switched off again, and a static token cannot rotate.
    assert settings["token_rotation_enabled"] is False


def _objects(path: str, node: object) -> list[tuple[str, dict[str, Any]]]:
    if isinstance(node, list):
        return [found for entry in node for found in _objects(f"{path}[]", entry)]
    if not isinstance(node, dict):
        return []
    below = [
        found
        for key, value in node.items()
        for found in _objects(f"{path}.{key}" if path else key, value)
    ]
    return [(path, node), *below]
