"""Opens the connection to Slack: one session for all calls, a real timeout, and no retries.

The client must never repeat a post by itself (its default handler does, after a dropped
connection), and it ignores its own `timeout` once it is given a session.
"""

import logging

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

CONNECTIONS = 100


def open_session(timeout_s: float) -> aiohttp.ClientSession:
    """Open the shared session in the running loop; whoever opens it closes it."""
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=timeout_s),
        connector=aiohttp.TCPConnector(limit=CONNECTIONS),
    )


def web_client(token: str, base_url: str, session: aiohttp.ClientSession) -> AsyncWebClient:
    """Return a client that sends each request once."""
    logger = logging.getLogger("slack_sdk.web")
    # At DEBUG the library logs message text.
    logger.setLevel(max(logger.level, logging.INFO))
    return AsyncWebClient(
        token=token, base_url=base_url, session=session, retry_handlers=[], logger=logger
    )
