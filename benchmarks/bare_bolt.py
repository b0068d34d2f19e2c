"""The reference of the click measures: a Bolt application that does the same with nothing around.

    python benchmarks/bare_bolt.py PORT SIGNING_SECRET API_URL TOKEN [DATABASE CLICK.json]

Without a database it only acknowledges. With one it runs the recorded statements of one click
through SQLAlchemy Core in one transaction, with fresh keys, and then acknowledges: at the latest
after `ANSWER_WITHIN`, as Slack gives up after 3 s, and then goes on.
"""

import asyncio
import itertools
import json
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

ANSWER_WITHIN = 2.5
KEYS = ("view:", "audits.", "sitting")


def engine_of(path: str) -> AsyncEngine:
    """Return an engine with one connection that writes at once, as the recipe says."""
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}", pool_size=1, max_overflow=0)

    @event.listens_for(engine.sync_engine, "connect")
    def pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


class Replay:
    """The recorded statements, with keys and instants that are fresh for each click."""

    def __init__(self, click: dict[str, Any]) -> None:
        self._numbers = itertools.count(1)
        self._turn = asyncio.Lock()  # the pool is not fair, and 200 wait for its connection
        self._now = click["now"]
        self._submission_id = click["submission_id"]
        self._statements = [(self._named(sql), values) for sql, values in click["statements"]]

    @staticmethod
    def _named(sql: str) -> Any:
        parts = sql.split("?")
        named = "".join(
            part + (f":p{number}" if number < len(parts) - 1 else "")
            for number, part in enumerate(parts)
        )
        return text(named)

    async def run(self, engine: AsyncEngine) -> None:
        """Run one click's statements in one transaction."""
        number = next(self._numbers)
        moment = datetime(2026, 3, 10, tzinfo=UTC) + timedelta(microseconds=number)
        async with self._turn, engine.begin() as connection:
            for sql, values in self._statements:
                many = bool(values) and isinstance(values[0], list)
                rows = [self._row(row, number, moment) for row in (values if many else [values])]
                result = await connection.execute(sql, rows if many else rows[0])
                if result.returns_rows:
                    result.all()

    def _row(self, values: list[Any], number: int, moment: datetime) -> dict[str, Any]:
        return {f"p{key}": self._fresh(each, number, moment) for key, each in enumerate(values)}

    def _fresh(self, value: Any, number: int, moment: datetime) -> Any:
        if value == self._submission_id:
            return number
        if value == self._now:
            return moment.strftime("%Y-%m-%d %H:%M:%S.%f")
        if isinstance(value, str) and value.startswith(KEYS) and ":" in value:
            return f"{value}-{number}"  # an effect key, a dedupe key
        return value


def main() -> None:
    """Serve."""
    port, secret, api_url, token, *rest = sys.argv[1:]
    client = AsyncWebClient(token=token, base_url=api_url)
    bolt = AsyncApp(client=client, signing_secret=secret)
    engine = engine_of(rest[0]) if rest else None
    replay = Replay(json.loads(Path(rest[1]).read_text(encoding="utf-8"))) if rest else None
    running: set[asyncio.Future[None]] = set()

    @bolt.view(re.compile(r"audits\.record|sittings\.save"))
    async def record(ack: AsyncAck) -> None:
        if engine is not None and replay is not None:
            click = asyncio.ensure_future(replay.run(engine))
            running.add(click)
            click.add_done_callback(running.discard)
            await asyncio.wait({click}, timeout=ANSWER_WITHIN)
        await ack()

    handler = AsyncSlackRequestHandler(bolt)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    app = Starlette(routes=[Route("/slack/events", events, methods=["POST"])])
    uvicorn.run(app, port=int(port), log_level="warning")


if __name__ == "__main__":
    main()
