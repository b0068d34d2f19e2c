"""The two guards around every listener: *acknowledge now* and *answer in the acknowledgement*.

No exception leaves a listener: Bolt 1.30 loses an acknowledgement when one is raised soon after it
was given. What a person sees when something goes wrong, in this order:

1. A stranger is met first (Slack is asked who it is) and the listener runs once more.
2. A `UserError` is its sentence from the catalogue, to that person only; in a form, at its field
   if the error names one (`field=`), else in place of the form.
3. A form that takes longer than `ANSWER_WITHIN` gets a sentence and goes on in the background.
4. Anything else is logged with its traceback under a reference that the person is given.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import structlog

from bot.container import Container
from bot.errors import Conflict, NotFound, UserError
from bot.rules.people import Caller
from bot.services.unit import StrangerError
from bot.slack.outcomes import SlackFailed
from bot.views import failures
from bot.views.blocks import Block, View
from bot.views.words import Words
from handlers.reply import Reply

# Slack waits 3 s for the answer to a form; leave room for the way back.
ANSWER_WITHIN = 2.5

log = structlog.get_logger("muster.handlers")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a submitted form is answered with; empty closes it."""

    errors: dict[str, str] = field(default_factory=dict)
    update: View | None = None

    def acknowledgement(self) -> dict[str, Any]:
        """Return the arguments of Bolt's ack."""
        if self.errors:
            return {"response_action": "errors", "errors": self.errors}
        if self.update is not None:
            return {"response_action": "update", "view": self.update}
        return {}


async def met(container: Container, run: Callable[[], Awaitable[Any]]) -> Any:  # noqa: ANN401
    """Run a listener; on a stranger ask Slack who it is, store that, and run once more."""
    try:
        return await run()
    except StrangerError as stranger:
        await meet(container, stranger.caller)
        return await run()


async def meet(container: Container, caller: Caller) -> None:
    """Ask Slack about a user and store the profile. Raises Conflict("slack_silent")."""
    try:
        profile = await container.gateways.for_team(caller.team_id).user_info(caller.user_id)
    except SlackFailed as failed:
        raise Conflict("slack_silent", reason=failed.reason) from failed
    if await container.services.people.meet(caller.team_id, profile) is None:
        raise NotFound("guest_or_bot", name=profile.name)


async def acknowledged(
    container: Container, reply: Reply, words: Words, run: Callable[[], Awaitable[None]]
) -> None:
    """Run a listener that was acknowledged already, and tell the person if it fails."""
    try:
        await met(container, run)
    except UserError as error:
        await _tell(reply, failures.sentence(words, error))
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("listener_failed", reference=reference)
        await _tell(reply, failures.internal(words, reference))
    finally:
        container.dispatcher.wake()


async def _tell(reply: Reply, sentence: str) -> None:
    try:
        await reply.privately(failures.message(sentence))
    except Exception:
        # The person cannot be told; the first failure is in the log already.
        log.exception("answer_failed")


async def answered(
    container: Container, words: Words, run: Callable[[], Awaitable[Answer]]
) -> tuple[Answer, "asyncio.Task[Answer] | None"]:
    """Run a form's listener within `ANSWER_WITHIN`.

    Returns the answer, and the task if it is still running (the caller keeps it alive).
    """
    task = asyncio.ensure_future(met(container, run))
    try:
        return await asyncio.wait_for(asyncio.shield(task), ANSWER_WITHIN), None
    except TimeoutError:
        reference = secrets.token_hex(4)
        log.warning("form_slow", reference=reference)
        return Answer(update=failures.view(words, failures.slow(words, reference))), task
    except UserError as error:
        return _form_error(words, error), None
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("form_failed", reference=reference)
        return Answer(update=failures.view(words, failures.internal(words, reference))), None
    finally:
        container.dispatcher.wake()


async def suggested(container: Container, run: Callable[[], Awaitable[list[Block]]]) -> list[Block]:
    """Run what suggests options within `ANSWER_WITHIN`; whatever goes wrong suggests nothing.

    A select has no place for a sentence, and what was typed is checked when the form is sent.
    """
    try:
        return await asyncio.wait_for(met(container, run), ANSWER_WITHIN)
    except TimeoutError:
        log.warning("suggestions_slow")
    except UserError:
        pass  # such as a role that was lost since: the form says so
    except Exception:
        log.exception("suggestions_failed")
    return []


def _form_error(words: Words, error: UserError) -> Answer:
    block_id = error.fields.get("field")
    if isinstance(block_id, str):
        return Answer(errors={block_id: failures.at_field(words, error)})
    return Answer(update=failures.view(words, failures.sentence(words, error)))
