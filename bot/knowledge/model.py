"""The client of a language model: any server that speaks OpenAI's chat completions.

The library is loaded when the first answer is put into words. Nothing that was asked or answered
is logged, and trouble becomes an outcome, not an exception.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import structlog

from bot.knowledge import pulse_themes
from bot.knowledge.composing import believed, messages
from bot.rules.composing import Composed, Composition, cost
from bot.rules.guidelines import Passage
from bot.rules.pulse_themes import Grouped

if TYPE_CHECKING:
    from openai import AsyncOpenAI

ATTEMPTS: Final = 2
"""One retry: a second failure is no accident, and somebody waits."""

AT_ONCE: Final = 4
"""Requests under way at the same time; more would only queue at the server."""

TOKENS_OUT: Final = 600
"""The most tokens of an answer: five sentences have 200."""

GROUPS_OUT: Final = 2_500
"""The same of groups: titles, and the numbers of 200 comments."""

_AGAIN: Final = frozenset({Composition.TIMED_OUT, Composition.UNREACHABLE, Composition.BUSY})

log = structlog.get_logger("muster.model")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSettings:
    """Which model is asked where; prices per million tokens, `timeout_s` for all attempts."""

    model: str
    api_key: str
    base_url: str | None
    timeout_s: float
    price_in: float = 0.0
    price_out: float = 0.0


class ModelComposer:
    """A `Composer` over a server."""

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._client: AsyncOpenAI | None = None
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def compose(self, question: str, passages: Sequence[Passage]) -> Composed:
        """Return an answer from these passages, within the time limit, retried once."""
        usage = [0, 0]
        outcome, text = await self._talk(messages(question, passages), usage, TOKENS_OUT)
        found: tuple[Any, ...] = ()
        if outcome is Composition.ANSWERED:
            outcome, found = await asyncio.to_thread(believed, text, passages)
        log.info("composed", outcome=outcome.value, tokens_in=usage[0], tokens_out=usage[1])
        return Composed(
            outcome=outcome,
            model=self._settings.model,
            sentences=found,
            tokens_in=usage[0],
            tokens_out=usage[1],
            cost=cost(usage[0], usage[1], self._settings.price_in, self._settings.price_out),
        )

    async def group(self, comments: Sequence[str]) -> Grouped:
        """Return groups of comments, within the time limit, retried once."""
        usage = [0, 0]
        chat = pulse_themes.messages(comments)
        outcome, text = await self._talk(chat, usage, GROUPS_OUT)
        found: tuple[Any, ...] = ()
        if outcome is Composition.ANSWERED:
            outcome, found = await asyncio.to_thread(pulse_themes.believed, text, comments)
        log.info("grouped", outcome=outcome.value, tokens_in=usage[0], tokens_out=usage[1])
        return Grouped(
            outcome=outcome,
            model=self._settings.model,
            groups=found,
            tokens_in=usage[0],
            tokens_out=usage[1],
            cost=cost(usage[0], usage[1], self._settings.price_in, self._settings.price_out),
        )

    async def reach(self) -> Composition:
        """Ask for one word; ANSWERED if the server gave any (the doctor's question)."""
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                chat = [{"role": "user", "content": "Answer with the word yes."}]
                outcome, _ = await self._ask(chat, [0, 0], TOKENS_OUT)
                return outcome
        except TimeoutError:
            return Composition.TIMED_OUT

    async def close(self) -> None:
        """Close the connections, if there are any."""
        if self._client is not None:
            await self._client.close()

    async def _talk(
        self, chat: list[dict[str, str]], usage: list[int], tokens: int
    ) -> tuple[Composition, str]:
        outcome, text = Composition.TIMED_OUT, ""
        try:
            async with asyncio.timeout(self._settings.timeout_s), self._turns:
                for _ in range(ATTEMPTS):
                    outcome, text = await self._ask(chat, usage, tokens)
                    if outcome not in _AGAIN:
                        break
        except TimeoutError:
            return Composition.TIMED_OUT, ""
        return outcome, text

    async def _ask(
        self, chat: list[dict[str, str]], usage: list[int], tokens: int
    ) -> tuple[Composition, str]:
        """Ask once; every foreign error is translated here and nowhere else."""
        import openai  # noqa: PLC0415 - most processes are never asked to compose

        if self._client is None:
            self._client = openai.AsyncOpenAI(
                api_key=self._settings.api_key or "none",
                base_url=self._settings.base_url,
                timeout=self._settings.timeout_s / ATTEMPTS,
                max_retries=0,
            )
        try:
            answer: Any = await self._client.chat.completions.create(
                model=self._settings.model,
                messages=cast("list[Any]", chat),  # plain dicts, as the protocol has them
                max_completion_tokens=tokens,
            )
        except openai.APITimeoutError:
            return Composition.TIMED_OUT, ""
        except openai.APIConnectionError:
            return Composition.UNREACHABLE, ""
        except (openai.RateLimitError, openai.InternalServerError):
            return Composition.BUSY, ""
        except openai.APIStatusError:
            return Composition.REJECTED, ""
        except (openai.OpenAIError, ValueError, TypeError):
            return Composition.NONSENSE, ""
        return _read(answer, usage)


def _read(answer: Any, usage: list[int]) -> tuple[Composition, str]:  # noqa: ANN401 - a server's word
    try:
        if answer.usage is not None:
            usage[0] += int(answer.usage.prompt_tokens or 0)
            usage[1] += int(answer.usage.completion_tokens or 0)
        message = answer.choices[0].message
        if getattr(message, "refusal", None):
            return Composition.REFUSED, ""
        if not isinstance(message.content, str) or not message.content.strip():
            return Composition.NONSENSE, ""
    except (AttributeError, IndexError, TypeError, ValueError):
        return Composition.NONSENSE, ""
    return Composition.ANSWERED, message.content


def composer(
    *,
    model: str,
    api_key: str,
    base_url: str | None,
    timeout_s: float,
    price_in: float,
    price_out: float,
) -> ModelComposer | None:
    """Return what puts answers into words; None unless a model is named."""
    if not model:
        return None
    return ModelComposer(
        ModelSettings(
            model=model,
            api_key=api_key,
            base_url=base_url,
            timeout_s=timeout_s,
            price_in=price_in,
            price_out=price_out,
        )
    )
