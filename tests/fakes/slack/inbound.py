"""One thing Slack sends to the app: signed, delivered, timed, and its answer applied."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from tests.fakes.slack import limits
from tests.fakes.slack.core import Core
from tests.fakes.slack.records import Json, Message, View

if TYPE_CHECKING:
    import aiohttp
    from slack_bolt.async_app import AsyncApp

LISTENER_SECONDS = 30.0
# The coroutines in which Bolt 1.30 runs a listener and a lazy listener after the ack, and those in
# which the switchboard goes on behind one.
LISTENERS = ("run_ack_function_asynchronously", "request_wired", "run_command", "acknowledged")


@dataclass(kw_only=True)
class Delivery:
    """What came back: the raw answer, and what it did to the person's screen."""

    status: int
    body: Any  # dict, text, or "" for an empty ack
    ack_seconds: float
    response: BoltResponse | None = None
    errors: dict[str, str] = field(default_factory=dict)  # of a form, by block_id
    action: str | None = None  # response_action of a form, None when it just closed
    view: View | None = None  # the view that update or push left on top
    options: list[Json] = field(default_factory=list)  # of an external select
    message: Message | None = None  # carried by a command's ack


Apply = Callable[[Delivery], None]


def expect_no_body(core: Core, name: str) -> Apply:
    """Slack shows nothing of what is acked to a click, an event or a shortcut."""

    def apply(delivery: Delivery) -> None:
        if delivery.body not in ("", {}):
            core.fail(f"ack of {name}: a body that nobody will see: {delivery.body}")

    return apply


@dataclass(kw_only=True)
class Inbound:
    """A request from Slack, deliverable as often as Slack might deliver it.

    ``form`` is None for a JSON body (events), "" for a command's flat form and the field's
    name ("payload") for interactions.
    """

    core: Core
    name: str
    payload: Json
    form: str | None
    apply: Apply

    def raw_body(self) -> str:
        """The body exactly as it goes over HTTP."""
        if self.form is None:
            return json.dumps(self.payload)
        if self.form:
            return urlencode({self.form: json.dumps(self.payload)})
        return urlencode(self.payload)

    def signed(self, *, retry: int | None = None) -> tuple[str, dict[str, str]]:
        """(body, headers) signed now (SLACK 3.1); ``retry`` 1-3 marks a redelivery (2.5)."""
        body, stamp = self.raw_body(), str(int(time.time()))
        base = f"v0:{stamp}:{body}".encode()
        digest = hmac.new(self.core.signing_secret.encode(), base, hashlib.sha256).hexdigest()
        kind = "application/json" if self.form is None else "application/x-www-form-urlencoded"
        return body, {
            "content-type": kind,
            "x-slack-request-timestamp": stamp,
            "x-slack-signature": f"v0={digest}",
            **_retry(retry),
        }

    def bolt_request(self, *, mode: str = "http", retry: int | None = None) -> AsyncBoltRequest:
        """As Bolt's HTTP adapter or (mode "socket_mode") its Socket Mode adapter makes it."""
        if mode == "socket_mode":
            payload = json.loads(json.dumps(self.payload))
            return AsyncBoltRequest(mode=mode, body=payload, headers={**_retry(retry)})
        body, headers = self.signed(retry=retry)
        return AsyncBoltRequest(body=body, headers=headers)  # type: ignore[arg-type]

    async def deliver(
        self,
        app: AsyncApp,
        *,
        mode: str = "http",
        retry: int | None = None,
        settle: bool = True,
    ) -> Delivery:
        """Sends it through Bolt, times the ack and applies the answer.

        With ``settle`` it returns when the listeners have ended too, which go on after the ack;
        without, right after the ack.
        """
        before = _listeners()
        began = time.monotonic()
        response = await app.async_dispatch(self.bolt_request(mode=mode, retry=retry))
        seconds = time.monotonic() - began
        delivery = Delivery(
            status=response.status,
            body=_body(response.body),
            ack_seconds=seconds,
            response=response,
        )
        self.judge(delivery)
        if settle:
            await self._settle(_listeners() - before)
        return delivery

    async def post(
        self, session: aiohttp.ClientSession, url: str, *, retry: int | None = None
    ) -> Delivery:
        """Sends it over signed HTTP to ``url`` and applies the answer."""
        body, headers = self.signed(retry=retry)
        began = time.monotonic()
        async with session.post(url, data=body, headers=headers) as response:
            text = await response.text()
        delivery = Delivery(
            status=response.status, body=_body(text), ack_seconds=time.monotonic() - began
        )
        self.judge(delivery)
        return delivery

    def judge(self, delivery: Delivery) -> None:
        """Slack takes an answer only in time and with 200 (1.1); anything else is a failure."""
        seconds = delivery.ack_seconds
        if seconds > limits.ACK_SECONDS:
            self.core.fail(f"{self.name}: not acknowledged within 3 s ({seconds:.2f} s)")
        if delivery.status != 200:
            self.core.fail(f"{self.name}: answered with {delivery.status}")
        elif seconds <= limits.ACK_SECONDS:
            self.apply(delivery)

    async def _settle(self, tasks: set[asyncio.Task[Any]]) -> None:
        if not tasks:
            return
        _, running = await asyncio.wait(tasks, timeout=LISTENER_SECONDS)
        if running:
            self.core.fail(f"{self.name}: a listener still runs {LISTENER_SECONDS:.0f} s later")


def _retry(number: int | None) -> dict[str, str]:
    if number is None:
        return {}
    return {"x-slack-retry-num": str(number), "x-slack-retry-reason": "http_timeout"}


def _listeners() -> set[asyncio.Task[Any]]:
    """The tasks in which Bolt runs listeners right now."""

    def runs_listener(task: asyncio.Task[Any]) -> bool:
        name = getattr(task.get_coro(), "__qualname__", "")
        return any(known in name for known in LISTENERS)

    return {task for task in asyncio.all_tasks() if runs_listener(task)}


def _body(text: str) -> Any:
    try:
        return json.loads(text) if text else ""
    except ValueError:
        return text
