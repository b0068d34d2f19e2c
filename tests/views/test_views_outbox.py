"""The report of refusals as people read it."""

from dataclasses import replace

from bot.rules.outbox import EndReason, Listed
from bot.views import catalogue
from bot.views.outbox import refusal, refusals_line, refusals_message
from tests.deliveries import NOTE

WORDS = catalogue.load().of("en")


def test_a_refusal_names_recipient_kind_and_reason() -> None:
    archived = replace(NOTE, channel="C1", person_id=None, reason="is_archived")
    assert refusal(WORDS, Listed(archived, "C1")) == (
        "<#C1> · note · the channel is archived; unarchive it or name another one"
    )
    odd = replace(NOTE, reason="<odd>")
    assert refusal(WORDS, Listed(odd, "Lan <b>")) == (
        "Lan &lt;b&gt; · note · Slack said `&lt;odd&gt;`"
    )


def test_every_end_of_our_own_that_is_reported_has_words() -> None:
    reported = {
        EndReason.UNKNOWN_KIND,
        EndReason.RENDERING_FAILED,
        EndReason.USER_INACTIVE,
        EndReason.NOT_IN_SLACK,
        EndReason.UNREADABLE,
    }
    assert {reason for reason in reported if not WORDS.has(f"outbox.reason.{reason}")} == set()


def test_the_report_counts_and_names_the_commonest_reason() -> None:
    found = [Listed(replace(NOTE, reason="is_archived"), "Lan")] * 12
    found += [Listed(replace(NOTE, reason="not_in_channel"), "Lan")]
    assert "13 messages did not arrive" in refusals_line(WORDS, found).text
    assert "archived" in refusals_line(WORDS, found).text
    report = refusals_message(WORDS, found)
    assert report["text"] == "13 messages did not arrive"
    assert "and 3 more" in str(report["blocks"][-1])
