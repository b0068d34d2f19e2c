"""English sentences of the pages for a client."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "error.not_allowed_release_page": (
        "Pages for a client are drafted by the managers of the squad. Please ask one of them."
    ),
    "error.page_gone": "That page is no longer there. `/digest client` drafts a new one.",
    "error.page_released": (
        "That page was released already and stays as it is. `/digest client` drafts a new one."
    ),
    "error.client_page_days": (
        "I read two days like `/digest client 2026-03-02 2026-03-08`, or none for last week."
    ),
    "client_pages.head": "{squad}, {span}",
    "client_pages.title": "{squad}, {span}",
    "client_pages.quality": "Quality: {rate} accepted (95% interval {interval}, n = {n} audits)",
    "client_pages.unknown": "Quality: no random audits in these days",
    "client_pages.handed_in": "Handed in: {n}",
    "client_pages.category": "Errors of {category}: in {share} of audits",
    "client_pages.section": "{line} (guideline: {section})",
    "client_pages.doing": "What we are doing about it:",
    "client_pages.doing.fill": "(please fill in)",
    "client_pages.edit": "Edit and release",
    "client_pages.drafted": (
        "A page about {squad} for the client, without names. Only you see this draft; nobody else"
        " does before you release it."
    ),
    "client_pages.discard": "Discard",
    "client_pages.discard.sure": "Discard this draft?",
    "client_pages.discard.text": "It is removed for good. Nobody but you has read it.",
    "client_pages.discarded": "The draft is removed. Nothing was released.",
    "client_pages.form.title": "Page for the client",
    "client_pages.form.body": "What the client reads",
    "client_pages.form.channel": "Release to channel",
    "client_pages.form.channel.hint": "Leave this empty to keep the draft. Please invite me first.",
    "client_pages.saved": "Saved. It is still a draft, and nobody else reads it.",
    "client_pages.released": "Released: it is on its way to {channel}.",
    "client_pages.none": "Nothing was released yet.",
    "client_pages.list": "Released pages",
}
