"""A variant of the manifest changes what it was asked to change and nothing else."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.rules.manifest import COMMAND_MAX, variant

MANIFEST: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[2] / "manifest.yml").read_text(encoding="utf-8")
)


def commands(manifest: dict[str, Any]) -> list[str]:
    return [entry["command"] for entry in manifest["features"]["slash_commands"]]


def test_without_arguments_it_is_an_equal_copy() -> None:
    same = variant(MANIFEST)
    assert same == MANIFEST
    same["features"]["slash_commands"].clear()
    assert commands(MANIFEST)


def test_http_fills_in_every_address_and_leaves_socket_mode() -> None:
    before = copy.deepcopy(MANIFEST)
    changed = variant(MANIFEST, http="https://bot.example.org/")
    url = "https://bot.example.org/slack/events"
    assert {entry["url"] for entry in changed["features"]["slash_commands"]} == {url}
    assert changed["settings"]["event_subscriptions"]["request_url"] == url
    assert changed["settings"]["interactivity"] == {"is_enabled": True, "request_url": url}
    assert changed["settings"]["socket_mode_enabled"] is False
    assert before == MANIFEST


def test_a_port_is_kept() -> None:
    changed = variant(MANIFEST, http="https://bot.example.org:8443")
    interactivity = changed["settings"]["interactivity"]
    assert interactivity["request_url"] == "https://bot.example.org:8443/slack/events"


@pytest.mark.parametrize(
    "http",
    ["http://bot.example.org", "bot.example.org", "https://", "https://a.org/x", "https://a.org?x"],
)
def test_what_slack_cannot_call_is_refused(http: str) -> None:
    with pytest.raises(BadInput, match="manifest_origin"):
        variant(MANIFEST, http=http)


@pytest.mark.parametrize("prefix", ["Ops-", "ops ", "/ops", "ö"])
def test_a_prefix_slack_does_not_take_is_refused(prefix: str) -> None:
    with pytest.raises(BadInput, match="manifest_prefix"):
        variant(MANIFEST, prefix=prefix)


@given(st.text(alphabet="abcz09-_", max_size=40))
def test_a_prefix_goes_before_every_name_or_is_refused_as_too_long(prefix: str) -> None:
    wanted = [f"/{prefix}{name[1:]}" for name in commands(MANIFEST)]
    if max(map(len, wanted)) > COMMAND_MAX:
        with pytest.raises(BadInput, match="manifest_command"):
            variant(MANIFEST, prefix=prefix)
    else:
        assert commands(variant(MANIFEST, prefix=prefix)) == wanted
