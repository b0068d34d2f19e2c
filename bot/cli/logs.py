"""How the program's processes log: to stderr, without message text or tokens."""

import json
import logging
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Final

import structlog
from sqlalchemy.exc import DBAPIError

from bot.errors import MusterError

# DEBUG of these prints payloads; Bolt at INFO logs the body of a request with a wrong signature.
# They are kept quiet at the handler too: Bolt gives each of its loggers the level of the root.
# Supervisors ask for /healthz every few seconds. APScheduler warns of each tick that it leaves out
# while one is under way, which the next one makes up for; the ticker says itself if one hangs.
_QUIET: Final = {
    "slack_bolt": logging.WARNING,
    "apscheduler": logging.ERROR,
    "aiohttp.access": logging.WARNING,
    "uvicorn.access": logging.WARNING,
    "alembic": logging.WARNING,
}

# Bolt says so whenever SLACK_BOT_TOKEN is set in the environment, where it belongs; the client
# that it was given has the same token.
_NO_NEWS: Final = "As you gave `client` as well, `token` will be unused."

_CAUSED: Final = "\nThe above exception was the direct cause of the following exception:\n\n"
_DURING: Final = "\nDuring handling of the above exception, another exception occurred:\n\n"

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def configure_logs(level: str, form: str) -> None:
    """Log JSON lines, or lines for a person where `form` is "console".

    The libraries never log below INFO, whatever `level` says.
    """
    number = logging.getLevelNamesMapping()[level]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Discreet("%(message)s") if form == "console" else _Lines())
    handler.addFilter(_worth_saying)
    logging.basicConfig(level=max(number, logging.INFO), handlers=[handler])
    for name, least in _QUIET.items():
        logging.getLogger(name).setLevel(least)
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer()
        if form == "console"
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(discreet_traceback),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _worth_saying(record: logging.LogRecord) -> bool:
    name, _, _ = record.name.partition(".")
    least = _QUIET.get(record.name, _QUIET.get(name, 0))
    return record.levelno >= least and record.getMessage() != _NO_NEWS


class _Discreet(logging.Formatter):
    """Formats what libraries log, their exceptions as discreetly as ours."""

    def formatException(self, ei: object) -> str:  # noqa: N802 - logging's own name
        """Return the traceback of an `exc_info` triple."""
        return discreet_traceback(ei)


class _Lines(_Discreet):
    """Formats what libraries log as our own events are: one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        logged = datetime.fromtimestamp(record.created, UTC)
        event = {
            "event": record.getMessage(),
            "logger": record.name,
            "level": record.levelname.lower(),
            "timestamp": logged.isoformat().replace("+00:00", "Z"),
        }
        if record.exc_info:
            event["exception"] = self.formatException(record.exc_info)
        return json.dumps(event, ensure_ascii=False)


def discreet_traceback(exc_info: object) -> str:
    """Return a traceback that says where and what kind, but not what was typed.

    The message of an error that is not ours may repeat anything: `int("…")` its argument, a
    database the row that it refused, pydantic the input. It is left out; the lines of code stay.
    """
    error = exc_info[1] if isinstance(exc_info, tuple) else None
    return "".join(_told(error)).rstrip("\n") if isinstance(error, BaseException) else ""


def _told(error: BaseException) -> Iterator[str]:
    earlier, link = error.__cause__, _CAUSED
    if earlier is None and not error.__suppress_context__:
        earlier, link = error.__context__, _DURING
    if earlier is not None:
        yield from _told(earlier)
        yield link
    if error.__traceback__ is not None:
        yield "Traceback (most recent call last):\n"
        yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__module__}.{type(error).__qualname__}{_safe(error)}\n"
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _told(inner)


def _safe(error: BaseException) -> str:
    """Return what may be said of an error beyond its kind, with a colon before it."""
    if isinstance(error, DBAPIError):
        orig = error.orig
        state = getattr(orig, "sqlstate", None) or getattr(orig, "sqlite_errorname", None)
        return f": {state} in {error.statement}"
    if isinstance(error, MusterError):
        return f": {error}"
    if isinstance(error, OSError) and error.errno is not None:
        return f": errno {error.errno}"
    return ""
