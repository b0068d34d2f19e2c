"""The HTTP shell: signed requests of Slack, and the endpoints that supervisors look at."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable

import uvicorn
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.container import Container
from bot.errors import MusterError, SettingsError

# Slack's largest payloads are views of 250 KB; urlencoded JSON may triple in size.
MAX_BODY_BYTES = 1_048_576
PATH = "/slack/events"

Ready = Callable[[], bool]


def routes(container: Container, ready: Ready, bolt: AsyncApp | None = None) -> list[Route]:
    """Return the endpoints; without `bolt` only those for supervisors."""

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_request: Request) -> Response:
        try:
            await container.services.installations.ping()
        except MusterError as error:
            return PlainTextResponse(f"{error}\n", status_code=503)
        if not ready():
            return PlainTextResponse("not connected to Slack\n", status_code=503)
        return PlainTextResponse("ready\n")

    async def metrics(_request: Request) -> Response:
        return Response(await _metrics(container), media_type="text/plain; version=0.0.4")

    found = [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]
    if bolt is not None:
        found.append(Route(PATH, _events(bolt), methods=["POST"]))
    return found


def _events(bolt: AsyncApp) -> Callable[[Request], Awaitable[Response]]:
    handler = AsyncSlackRequestHandler(bolt)

    async def events(request: Request) -> Response:
        """Hand a request to Bolt, which checks the signature.

        Refused here already, for the adapter answers these with an error of its own (500): a body
        that is too large or not text, a timestamp that is not a number.
        """
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                return PlainTextResponse("too large\n", status_code=413)
        try:
            body.decode()
            int(request.headers.get("x-slack-request-timestamp", "0"))
        except ValueError:
            return PlainTextResponse("unreadable\n", status_code=400)

        async def again() -> dict[str, object]:
            return {"type": "http.request", "body": body, "more_body": False}

        return await handler.handle(Request(request.scope, again))

    return events


async def _metrics(container: Container) -> bytes:
    registry = CollectorRegistry()
    gauge = Gauge(
        "muster_deliveries", "Deliveries by state", ["workspace", "state"], registry=registry
    )
    for workspace_id in await container.services.installations.workspaces():
        counts = await container.services.outbox.counts(workspace_id)
        for state, count in counts.items():
            gauge.labels(workspace=str(workspace_id), state=state).set(count)
    return generate_latest(registry)


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers: the program stops the clock and dispatch as well."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    def capture_signals(self) -> contextlib.AbstractContextManager[None]:  # type: ignore[override]
        return contextlib.nullcontext()


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens; its connections send what is written to them at once.

    asyncio switches Nagle's algorithm off for sockets that it makes itself, and not for those it is
    given: the body of an answer, written after its head, would wait up to 40 ms for the peer's ACK.

    Raises SettingsError if the port is taken or not ours to take.
    """
    try:
        listener = socket.create_server((host, port), reuse_port=False)
    except OSError as error:
        raise SettingsError(
            f"port {port} cannot be used: {error.strerror}. Choose another one with --port."
        ) from error
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


@contextlib.asynccontextmanager
async def serving(found: list[Route], *, host: str, port: int, grace_s: int) -> AsyncIterator[None]:
    """Serve inside the running loop; on leaving, finish what is in hand within `grace_s`.

    Raises SettingsError if the port is taken or not ours to take.
    """
    config = uvicorn.Config(
        Starlette(routes=list(found)),
        log_config=None,
        timeout_graceful_shutdown=grace_s,
        lifespan="off",
    )
    listener = listening(host, port)
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await server.listening.wait()
        yield
    finally:
        server.should_exit = True
        await task
        listener.close()
