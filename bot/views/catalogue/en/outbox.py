"""What is said of deliveries that did not arrive."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "outbox.more": "There is more than fits here; your Home tab has the rest.",
    "outbox.refusals.title.one": "One message did not arrive",
    "outbox.refusals.title.other": "{n} messages did not arrive",
    "outbox.refusals.what_to_do": (
        "They are not sent again by themselves. `muster outbox` in the shell lists them all."
    ),
    "outbox.refusals.line.one": "One message did not arrive: {reason}. Home lists it.",
    "outbox.refusals.line.other": (
        "{n} messages did not arrive; the commonest reason: {reason}. Home lists them."
    ),
    "outbox.posts.line.one": (
        "A post of *{squad}* did not arrive in {channel}: {reason}. `/squad channels` names another"
        " channel."
    ),
    "outbox.posts.line.other": (
        "{n} posts of *{squad}* did not arrive, the last one in {channel}: {reason}."
        " `/squad channels` names another channel."
    ),
    "outbox.refusals.item": "{recipient} · {kind} · {reason}",
    "kind.audits.disputed": "dispute",
    "kind.disputes.late": "dispute over its time",
    "kind.disputes.mine": "receipt of a dispute",
    "kind.disputes.noted": "ruling on a finding",
    "kind.disputes.review": "findings to look at again",
    "kind.disputes.ruled": "ruling on a dispute",
    "kind.disputes.taken_back": "finding taken back",
    "kind.audits.feedback": "findings of an audit",
    "kind.audits.reminder": "reminder of findings",
    "kind.coaching.message": "feedback or coaching",
    "kind.coaching.shared": "praise for the team",
    "kind.client_pages.post": "page for the client",
    "kind.digests.chart": "digest’s chart",
    "kind.digests.post": "digest",
    "kind.home.tab": "Home tab",
    "kind.refusals": "report of what did not arrive",
    "kind.schedules.skipped": "notice of what was not posted",
    "kind.schedules.not_posted": "notice that no agenda comes",
    "outbox.reason.erased": "whom it was for is erased",
    "outbox.reason.is_archived": "the channel is archived; unarchive it or name another one",
    "outbox.reason.not_in_channel": "Muster is not in the channel; invite it there",
    "outbox.reason.channel_not_found": "Muster cannot see the channel; invite it there",
    "outbox.reason.missing_scope": "the app lacks a permission; `muster check` says which",
    "outbox.reason.restricted_action": "the channel does not let apps post",
    "outbox.reason.messages_tab_disabled": "the app's messages tab is off; see the manifest",
    "outbox.reason.user_inactive": "the person's Slack account is deactivated",
    "outbox.reason.user_disabled": "the person's Slack account is deactivated",
    "outbox.reason.user_not_found": "Slack does not know the person",
    "outbox.reason.user_not_visible": "the app may not see the person",
    "outbox.reason.not_in_slack": "the person is not known in Slack",
    "outbox.reason.unknown_kind": "it is of a kind that this version does not know",
    "outbox.reason.rendering_failed": "it could not be written; the log has the details",
    "outbox.reason.unreadable": (
        "nobody can tell whether it arrived, because the channel's history cannot be read"
    ),
    "outbox.reason.other": "Slack said `{reason}`",
}
