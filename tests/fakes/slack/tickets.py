"""Trigger ids and response urls: what a person's action lets the bot do for a while (1.1)."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

from tests.fakes.slack import limits
from tests.fakes.slack.records import Message, SlackError


@dataclass(kw_only=True)
class Trigger:
    """Leave to open one modal for ``user``; ``from_modal`` lets it push, too."""

    user: str
    issued: float
    from_modal: bool
    used: bool = False


class Triggers:
    """Issued trigger ids: 3 s of life, one use."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._count = itertools.count(1)
        self._issued: dict[str, Trigger] = {}

    def issue(self, user: str, *, from_modal: bool = False) -> str:
        name = f"{next(self._count)}.trigger.{user.lower()}"
        self._issued[name] = Trigger(user=user, issued=self._now(), from_modal=from_modal)
        return name

    def check(self, name: str) -> Trigger:
        """The trigger, if it still opens something; using it is the caller's last step."""
        trigger = self._issued.get(name)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._now() - trigger.issued > limits.TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        return trigger


@dataclass(kw_only=True)
class ResponseUrl:
    """Leave to answer one action: 5 posts in 30 minutes; ``original`` is the clicked message."""

    user: str
    channel: str
    issued: float
    original: Message | None = None
    uses: int = 0


class ResponseUrls:
    """Issued response urls by their token."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._count = itertools.count(1)
        self.issued: dict[str, ResponseUrl] = {}

    def issue(self, user: str, channel: str, original: Message | None = None) -> str:
        token = f"r{next(self._count)}"
        self.issued[token] = ResponseUrl(
            user=user, channel=channel, issued=self._now(), original=original
        )
        return token

    def use(self, token: str) -> ResponseUrl:
        """Counts a use; a spent or old one is refused (the exact words are unconfirmed)."""
        url = self.issued.get(token)
        if url is None:
            raise SlackError("no_such_url")
        if self._now() - url.issued > limits.RESPONSE_URL_SECONDS:
            raise SlackError("expired_url")
        if url.uses >= limits.RESPONSE_URL_USES:
            raise SlackError("used_url")
        url.uses += 1
        return url
