"""Turns what Slack's client returns and raises into outcomes, keeping the data.

Which errors are temporary, and which may come after a partial success, is said in
docs.slack.dev/apis/web-api/rate-limits and in the error tables of the methods.
"""

from collections.abc import Mapping
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.outcomes import Failure, Limited, NotSent, Refused, Unknown

LIMITS: Final = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
"""With HTTP status 200: the client's own handler would not have noticed."""

DOUBTS: Final = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)
"""Slack may have done part of it, or all."""

DEFAULT_RETRY_S: Final = 30.0
"""When Slack limits without saying for how long; half of its one-minute windows."""

_DETAIL: Final = 300

# What the client and its transport raise; a reply that is no JSON object makes the client itself
# stumble over it (AttributeError, ValueError).
RAISED: Final = (
    SlackApiError,
    aiohttp.ClientError,
    TimeoutError,
    OSError,
    AttributeError,
    ValueError,
)


def failure_of(error: Exception) -> Failure:
    """Translate what a call raised."""
    if isinstance(error, SlackApiError):
        return _answered(error)
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.InvalidURL):
        return NotSent(type(error).__name__)
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return NotSent(type(error).__name__)
    return Unknown(type(error).__name__)


def _answered(error: SlackApiError) -> Failure:
    response = error.response
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
    headers = getattr(response, "headers", {})
    if status == 429:
        return Limited(_retry_after(headers))
    if status >= 500:
        return Unknown(f"HTTP {status}")
    data = body(response)
    code = str(data.get("error", ""))
    if code in LIMITS:
        return Limited(_retry_after(headers))
    if code in DOUBTS or not code:
        return Unknown(code or f"HTTP {status}")
    return Refused(code, _detail(data))


def body(response: AsyncSlackResponse | Any) -> Mapping[str, Any]:  # noqa: ANN401 - aiohttp's too
    """Return the answer as a mapping; empty where it was no JSON object."""
    data = getattr(response, "data", None)
    return data if isinstance(data, dict) else {}


def _retry_after(headers: Mapping[str, str]) -> float:
    try:
        return max(float(headers.get("Retry-After", DEFAULT_RETRY_S)), 1.0)
    except ValueError:
        return DEFAULT_RETRY_S


def _detail(data: Mapping[str, Any]) -> str:
    """Return what Slack adds to an error: missing scopes, what is wrong with which block."""
    parts = [str(data[key]) for key in ("needed", "errors") if data.get(key)]
    metadata = data.get("response_metadata") or {}
    parts += [str(message) for message in metadata.get("messages") or []]
    return "; ".join(parts)[:_DETAIL]
