"""What manifest.yml grants and subscribes to: the fake holds the bot to exactly that."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The parts of an app manifest that decide what Slack allows (SLACK 4.2)."""

    name: str
    scopes: tuple[str, ...]
    commands: frozenset[str]
    escaped_commands: frozenset[str]  # those with should_escape
    shortcuts: frozenset[tuple[str, str]]  # (type, callback_id)
    events: frozenset[str]
    home_tab: bool
    messages_tab: bool
    messages_tab_read_only: bool
    interactivity: bool

    @classmethod
    @functools.cache  # every scenario reads it
    def read(cls, path: Path) -> Manifest:
        return cls.parse(yaml.safe_load(path.read_text(encoding="utf-8")))

    @classmethod
    def parse(cls, document: dict[str, Any]) -> Manifest:
        features = document.get("features", {})
        settings = document.get("settings", {})
        home = features.get("app_home", {})
        commands = features.get("slash_commands", ())
        return cls(
            name=document.get("display_information", {}).get("name", "bot"),
            scopes=tuple(document.get("oauth_config", {}).get("scopes", {}).get("bot", ())),
            commands=frozenset(c["command"] for c in commands),
            escaped_commands=frozenset(c["command"] for c in commands if c.get("should_escape")),
            shortcuts=frozenset(
                (s["type"], s["callback_id"]) for s in features.get("shortcuts", ())
            ),
            events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", ())),
            home_tab=bool(home.get("home_tab_enabled")),
            messages_tab=bool(home.get("messages_tab_enabled")),
            messages_tab_read_only=bool(home.get("messages_tab_read_only_enabled")),
            interactivity=bool(settings.get("interactivity", {}).get("is_enabled")),
        )
