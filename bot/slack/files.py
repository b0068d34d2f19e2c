"""Uploads a file in Slack's three steps, finds it again, and fetches what people dropped."""

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from bot.errors import BadInput
from bot.rules.slack import FileInfo, UploadTicket
from bot.slack.calls import Caller
from bot.slack.outcomes import Failure, Outcome, Refused, Sent, SlackFailed, Unknown
from bot.slack.translation import RAISED, body, failure_of

ALT_TEXT: Final = 1000
_CHUNK: Final = 64 * 1024


class Files(Caller):
    """The steps of an upload can each be repeated until the last one shows the file."""

    async def upload_ticket(
        self, filename: str, length: int, alt_text: str
    ) -> UploadTicket | Failure:
        """Ask where `length` bytes may go (step 1); nobody sees anything yet."""
        answer = await self._try(
            self._client.files_getUploadURLExternal(
                filename=filename, length=length, alt_txt=alt_text[:ALT_TEXT]
            )
        )
        data = body(answer)
        if data:
            return UploadTicket(str(data["file_id"]), str(data["upload_url"]))
        return answer if isinstance(answer, Failure) else Unknown("no ticket in the answer")

    async def upload_bytes(self, ticket: UploadTicket, content: bytes) -> Outcome:
        """Send the bytes (step 2); nobody sees anything yet."""
        headers = {"Content-Type": "application/octet-stream"}
        try:
            async with self._session.post(ticket.url, data=content, headers=headers) as response:
                if response.status == 200:
                    return Sent()
                if response.status == 429 or response.status >= 500:
                    return Unknown(f"HTTP {response.status}")
                return Refused("upload", f"HTTP {response.status}")
        except RAISED as error:
            return failure_of(error)

    async def upload_complete(
        self,
        file_id: str,
        *,
        title: str,
        channel: str,
        comment: str = "",
        thread_ts: str | None = None,
    ) -> Outcome:
        """Show the file in a channel (step 3), once; `comment` is mrkdwn, already escaped."""
        data: dict[str, Any] = {
            "files": json.dumps([{"id": file_id, "title": title}]),
            "channel_id": channel,
        }
        if comment:
            data["initial_comment"] = comment
        if thread_ts:
            data["thread_ts"] = thread_ts
        # In the body: the client's own method would put the comment into the address.
        outcome = await self._do(self._client.api_call("files.completeUploadExternal", data=data))
        return Sent(channel) if isinstance(outcome, Sent) else outcome

    async def file_info(self, file_id: str) -> FileInfo | None:
        """Return a file, None if there is none (an upload that was not completed).

        Raises SlackFailed.
        """
        method = "files.info"
        try:
            data = await self._read(method, self._client.files_info(file=file_id))
        except SlackFailed as failed:
            if failed.reason in {"file_not_found", "file_deleted"}:
                return None
            raise
        return file_from(data.get("file") or {})

    async def download_file(self, url: str, max_bytes: int) -> AsyncIterator[bytes]:
        """Yield a file's bytes as they arrive.

        Raises BadInput("download_too_large", limit_mb) as soon as there are more than `max_bytes`,
        and SlackFailed for an address that is not Slack's: it would be handed our token.
        """
        method = "files.download"
        if not self._is_slacks(url):
            raise SlackFailed(method, Refused("foreign_address"))
        headers = {"Authorization": f"Bearer {self._client.token}"}
        total = 0
        try:
            async with self._session.get(url, headers=headers) as response:
                # Without the right to read files Slack answers with its sign-in page.
                if response.status != 200 or response.content_type == "text/html":
                    raise SlackFailed(method, Refused("not_readable", f"HTTP {response.status}"))
                async for chunk in response.content.iter_chunked(_CHUNK):
                    total += len(chunk)
                    if total > max_bytes:
                        raise BadInput("download_too_large", limit_mb=max_bytes // 1_000_000)
                    yield chunk
        except RAISED as error:
            raise SlackFailed(method, failure_of(error)) from error

    def _is_slacks(self, url: str) -> bool:
        """Tell whether an address is Slack's, or the local Slack's that stands in for it."""
        asked, ours = urlsplit(url), urlsplit(self._client.base_url)
        if (asked.scheme, asked.netloc) == (ours.scheme, ours.netloc):
            return True
        host = asked.hostname or ""
        return asked.scheme == "https" and (host == "slack.com" or host.endswith(".slack.com"))


def file_from(file: Mapping[str, Any]) -> FileInfo:
    """Read Slack's file object, from files.info or from an event."""
    shares: dict[str, str] = {}
    for group in ("channels", "groups", "ims"):
        shares.update(dict.fromkeys(file.get(group) or [], ""))
    for kind in (file.get("shares") or {}).values():
        for channel, posts in kind.items():
            shares[channel] = str(posts[0].get("ts", "")) if posts else ""
    return FileInfo(
        file_id=str(file.get("id", "")),
        name=str(file.get("name") or file.get("title") or ""),
        size=int(file.get("size") or 0),
        mimetype=str(file.get("mimetype") or ""),
        url=str(file.get("url_private_download") or file.get("url_private") or ""),
        user_id=str(file.get("user") or ""),
        shares=shares,
    )
