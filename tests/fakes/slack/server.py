"""The fake's HTTP door: Web API, uploads, downloads and response urls over a real socket."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from tests.fakes.slack import (
    methods_chat,
    methods_conversations,
    methods_files,
    methods_people,
    methods_views,
)
from tests.fakes.slack.answers import answer_response_url
from tests.fakes.slack.core import Core
from tests.fakes.slack.faults import Fault
from tests.fakes.slack.method import Method
from tests.fakes.slack.records import Call, Json, RateLimited, SlackError

METHODS: dict[str, Method] = {
    **methods_chat.METHODS,
    **methods_conversations.METHODS,
    **methods_files.METHODS,
    **methods_people.METHODS,
    **methods_views.METHODS,
}
LOGIN_PAGE = "<!DOCTYPE html><html><body>Sign in to Fake</body></html>"


class Dropped(Exception):
    """The connection is to be cut without an answer."""


class Door:
    """Takes HTTP requests, lets the faults have their way, and runs the methods."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._server: asyncio.Server | None = None
        self._state = ServerState()
        self._transports: dict[Any, asyncio.Transport] = {}

    # Life.

    async def start(self) -> None:
        """Listens on a free port of the loopback, inside the running loop."""
        app = Starlette(
            routes=[
                Route("/api/{method}", self._api, methods=["GET", "POST"]),
                Route("/upload/{file}", self._upload, methods=["POST", "PUT"]),
                Route("/files/{file}/{name}", self._download, methods=["GET"]),
                Route("/response/{token}", self._response_url, methods=["POST"]),
            ]
        )
        config = uvicorn.Config(
            app, lifespan="off", log_config=None, access_log=False, proxy_headers=False, ws="none"
        )
        config.load()
        protocol = self._protocol(config)
        listener = socket.create_server(("127.0.0.1", 0))
        # asyncio does it for sockets of its own; without it a second write waits 40 ms for an ACK.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._server = await asyncio.get_running_loop().create_server(protocol, sock=listener)
        self._core.root = f"http://127.0.0.1:{listener.getsockname()[1]}"

    def _protocol(self, config: uvicorn.Config) -> Callable[[], H11Protocol]:
        """uvicorn's own protocol, which tells us its transports so that we can cut them."""
        transports = self._transports

        class Protocol(H11Protocol):
            def connection_made(self, transport: Any) -> None:
                super().connection_made(transport)
                transports[transport.get_extra_info("peername")] = transport

            def connection_lost(self, exc: Exception | None) -> None:
                transports.pop(self.transport.get_extra_info("peername"), None)
                super().connection_lost(exc)

        return lambda: Protocol(config=config, server_state=self._state, app_state={})

    async def stop(self) -> None:
        """Stops listening, cuts what is open and ends what still runs."""
        if self._server is None:
            return
        self._server.close()
        for transport in list(self._transports.values()):
            transport.abort()
        tasks = list(self._state.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    # Requests.

    async def _api(self, request: Request) -> Response:
        method = request.path_params["method"]
        args = await _arguments(request)
        token = _token(request, args)

        def run() -> Json:
            return {"ok": True, **self._run(method, args, token)}

        headers = {"x-oauth-scopes": ",".join(self._core.manifest.scopes)}
        return await self._guarded(request, method, args, run, headers)

    async def _guarded(
        self,
        request: Request,
        method: str,
        args: Json,
        run: Callable[[], Json | Response],
        headers: dict[str, str] | None = None,
    ) -> Response:
        """Runs one call between its faults and writes it down."""
        try:
            response, outcome = await self._with_faults(method, args, run)
        except Dropped as dropped:
            self._record(method, args, str(dropped))
            await self._cut(request)
            return Response(status_code=500)  # never seen: the connection is gone
        except Exception as error:
            self._core.fail(f"{method}: the fake itself broke: {error!r}")
            raise
        self._record(method, args, outcome)
        response.headers.update(headers or {})
        return response

    async def _with_faults(
        self, method: str, args: Json, run: Callable[[], Json | Response]
    ) -> tuple[Response, str]:
        faults = self._core.faults
        if faults.is_down:
            raise Dropped("down")
        slow, fault = faults.take(method, args)
        kind = fault.kind if fault else None
        await asyncio.sleep(sum(r.seconds for r in slow if r.kind is Fault.LATE_EFFECT))
        if fault is not None:
            if kind is Fault.DROP_BEFORE:
                raise Dropped("dropped before")
            if kind is Fault.ERROR_BEFORE:
                return PlainTextResponse("upset", fault.status), str(fault.status)
            if kind is Fault.RATE_LIMITED:
                return _too_many(fault.retry_after)
            if kind in (Fault.NAMED, Fault.RATE_LIMITED_IN_BODY):
                error = fault.error if kind is Fault.NAMED else "ratelimited"
                return JSONResponse({"ok": False, "error": error}), error
        response, outcome = _answer(run)
        await asyncio.sleep(sum(r.seconds for r in slow if r.kind is Fault.LATENCY))
        if kind is Fault.DROP_AFTER:
            raise Dropped("dropped after")
        if fault is not None and kind is Fault.ERROR_AFTER:
            return PlainTextResponse("upset", fault.status), str(fault.status)
        return response, outcome

    def _run(self, name: str, args: Json, token: str | None) -> Json:
        core = self._core
        method = METHODS.get(name)
        if method is None:
            core.fail(f"unknown_method: {name}")
            raise SlackError("unknown_method", req_method=name)
        if token is None:
            raise SlackError("not_authed")
        right, wrong = core.bot_token, core.app_token
        if method.app_token:
            right, wrong = wrong, right
        if token == wrong:
            raise SlackError("not_allowed_token_type")
        if token != right:
            raise SlackError("invalid_auth")
        # A post to a person is paced with the posts to that person's DM.
        channel = str(args.get("channel") or "")
        known = core.channels.get(channel)
        waiting = core.pacer.wait(name, method.tier, (known and known.person) or channel)
        if waiting:
            raise RateLimited(waiting)
        if method.scope is not None:
            core.need(method.scope)
        return method.run(core, args)

    async def _upload(self, request: Request) -> Response:
        content, name = await request.body(), request.path_params["file"]
        if request.headers.get("content-type", "").startswith("multipart/"):
            self._core.fail("files.upload: send the bytes as the body, not as a form")

        def run() -> Response:
            status, text = methods_files.receive(self._core, name, content)
            return PlainTextResponse(text, status)

        return await self._guarded(request, "files.upload", {"file": name}, run)

    async def _download(self, request: Request) -> Response:
        name, token = request.path_params["file"], _token(request, {})

        def run() -> Response:
            core, file = self._core, self._core.files.get(name)
            if token != core.bot_token or file is None or file.content is None:
                # Slack shows its sign-in page with status 200 to whoever may not read a file.
                return Response(LOGIN_PAGE, media_type="text/html")
            core.need("files:read")
            return Response(file.content, media_type="application/octet-stream")

        return await self._guarded(request, "files.download", {"file": name}, run)

    async def _response_url(self, request: Request) -> Response:
        token, args = request.path_params["token"], await _arguments(request)

        def run() -> Response:
            status, text = answer_response_url(self._core, token, args)
            return PlainTextResponse(text, status)

        return await self._guarded(request, "response_url", args, run)

    # The wire.

    async def _cut(self, request: Request) -> None:
        client = request.scope["client"]
        transport = self._transports.get(tuple(client))
        if transport is not None:
            transport.abort()
        # Until uvicorn has heard of it, an answer would still be attempted.
        while True:
            try:
                if (await request.receive())["type"] == "http.disconnect":
                    return
            except ClientDisconnect:
                return

    def _record(self, method: str, args: Json, outcome: str) -> None:
        core = self._core
        core.calls.append(Call(method=method, args=args, at=core.now(), outcome=outcome))


def _answer(run: Callable[[], Json | Response]) -> tuple[Response, str]:
    """Slack's answer to a call, and its outcome in a word."""
    try:
        result = run()
    except RateLimited as limited:
        return _too_many(limited.retry_after)
    except SlackError as error:
        return JSONResponse({"ok": False, "error": error.error, **error.extra}), error.error
    if isinstance(result, Response):
        good = result.status_code == 200
        return result, "ok" if good else str(result.status_code)
    return JSONResponse(result), "ok"


def _too_many(retry_after: int) -> tuple[Response, str]:
    """HTTP 429 with Retry-After (2.4)."""
    body = {"ok": False, "error": "ratelimited"}
    return JSONResponse(body, 429, headers={"retry-after": str(retry_after)}), "429"


async def _arguments(request: Request) -> Json:
    """Arguments from the query, a form body or a JSON body; slack_sdk uses all three."""
    args: Json = dict(request.query_params)
    body = await request.body()
    kind = request.headers.get("content-type", "")
    if body and kind.startswith("application/json"):
        args |= json.loads(body)
    elif body and kind.startswith("application/x-www-form-urlencoded"):
        args |= dict(parse_qsl(body.decode(), keep_blank_values=True))
    return args


def _token(request: Request, args: Json) -> str | None:
    header = request.headers.get("authorization", "")
    token: str | None = args.pop("token", None)
    return header.removeprefix("Bearer ") if header.startswith("Bearer ") else token
