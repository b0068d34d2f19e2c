"""Variants of the Slack app's manifest: the same app over signed HTTP, or with prefixed commands.

Slack's limits are those of the manifest reference (docs.slack.dev, reference/app-manifest).
"""

import copy
import re
from typing import Any, Final
from urllib.parse import urlsplit

from bot.errors import BadInput

EVENTS_PATH: Final = "/slack/events"
"""The one address where Slack delivers commands, clicks and events when it speaks HTTP."""

COMMAND_MAX: Final = 32
"""Slack's longest command name, its slash included."""

Manifest = dict[str, Any]


def variant(manifest: Manifest, *, http: str | None = None, prefix: str = "") -> Manifest:
    """Return a changed copy of `manifest`; without arguments an equal one.

    `http` is the public origin of `muster web` (`https://host[:port]`): Socket Mode goes off and
    every address Slack calls is filled in. `prefix` goes before each command's name, so `ops-`
    makes `/audit` into `/ops-audit`.

    Raises BadInput("manifest_origin", "manifest_prefix", "manifest_command").
    """
    changed = copy.deepcopy(manifest)
    _prefix_commands(changed, prefix)
    if http is not None:
        _speak_http(changed, _origin(http) + EVENTS_PATH)
    return changed


def _prefix_commands(manifest: Manifest, prefix: str) -> None:
    if not re.fullmatch(r"[a-z0-9_-]*", prefix):
        raise BadInput("manifest_prefix")
    for command in manifest["features"]["slash_commands"]:
        name = f"/{prefix}{command['command'].removeprefix('/')}"
        if len(name) > COMMAND_MAX:
            raise BadInput("manifest_command", command=name, length=len(name), limit=COMMAND_MAX)
        command["command"] = name


def _origin(http: str) -> str:
    parts = urlsplit(http)
    if parts.scheme != "https" or not parts.hostname or parts.path.strip("/") or parts.query:
        raise BadInput("manifest_origin")
    return f"https://{parts.netloc}"


def _speak_http(manifest: Manifest, url: str) -> None:
    for command in manifest["features"]["slash_commands"]:
        command["url"] = url
    settings = manifest["settings"]
    settings["event_subscriptions"]["request_url"] = url
    settings["interactivity"]["request_url"] = url
    settings["socket_mode_enabled"] = False
