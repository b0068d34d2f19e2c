"""How the program's processes log: to stderr, without message text or tokens."""

import logging
import sys

import structlog

# DEBUG of these prints payloads; Bolt at INFO logs the body of a request with a wrong signature.
_QUIET = ("slack_bolt", "apscheduler", "aiohttp.access", "alembic")


def configure_logs(level: str, form: str) -> None:
    """Log JSON lines, or lines for a person where `form` is "console".

    The libraries never log below INFO, whatever `level` says.
    """
    number = logging.getLevelNamesMapping()[level]
    logging.basicConfig(level=max(number, logging.INFO), format="%(message)s", stream=sys.stderr)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    renderer: structlog.typing.Processor = (
        # The plain traceback: the pretty one prints local variables, and with them what was typed.
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if form == "console"
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
