"""A language model's server over real HTTP, whose behaviour is a switch.

It speaks chat completions. `obeys` makes it do what an order inside the passages says, as a model
that was talked over would.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class FakeModel:
    """What it answers: words, a status, or a broken connection. `asked` are the bodies it got."""

    text: str = "Reflections are never boxed [1]."
    status: int = 200
    delay_s: float = 0.0
    drops: bool = False
    garbage: bool = False
    refuses: bool = False
    obeys: bool = False
    says: Callable[[Any], str] | None = None
    """Makes the words out of the material that it was given."""
    fails_first: int = 0
    url: str = ""
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)
    """Set from the start; a test that wants an answer to wait clears it."""
    asked: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.may_answer.set()

    def material(self, number: int = -1) -> Any:
        """The question and the passages of a request."""
        return json.loads(self.asked[number]["messages"][-1]["content"])

    def answer(self, body: Any) -> bytes:
        said = self.text if self.says is None else self.says(self.material())
        if self.obeys:
            order = re.search(r"(?:say|write|answer):\s*(.+)", json.dumps(body), re.IGNORECASE)
            said = order.group(1).split('"')[0] if order else said
        message: dict[str, Any] = {"role": "assistant", "content": said}
        if self.refuses:
            message = {"role": "assistant", "content": None, "refusal": "I will not."}
        return json.dumps(
            {
                "id": "c1",
                "object": "chat.completion",
                "created": 1,
                "model": body.get("model", ""),
                "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
                "usage": {"prompt_tokens": 300, "completion_tokens": 20, "total_tokens": 320},
            }
        ).encode()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection after the other, request by request."""
        try:
            while await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(re.search(rb"content-length: (\d+)", head, re.IGNORECASE).group(1))  # type: ignore[union-attr]
        self.asked.append(json.loads(await reader.readexactly(length)))
        await asyncio.sleep(self.delay_s)
        await self.may_answer.wait()
        status = self.status
        if self.fails_first:
            self.fails_first -= 1
            status = 503
        body = b"{ this is no JSON" if self.garbage else self.answer(self.asked[-1])
        announced = len(body) + 100 if self.drops else len(body)
        writer.write(
            f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n"
            f"content-length: {announced}\r\n\r\n".encode()
            + body
        )
        await writer.drain()
        return not self.drops


@asynccontextmanager
async def fake_model(**given: Any) -> AsyncIterator[FakeModel]:
    """Run one on a free port; `url` is its address."""
    model = FakeModel(**given)
    server = await asyncio.start_server(model.serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()[:2]
    model.url = f"http://{host}:{port}/v1"
    async with server:
        yield model
