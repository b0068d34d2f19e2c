"""The Today message and the report of refusals as people read them."""

from dataclasses import replace

from bot.rules.outbox import EndReason, Listed
from bot.views import catalogue
from bot.views.blocks import button
from bot.views.outbox import Line, refusal, refusals_line, refusals_message, today_message
from tests.deliveries import NOTE

WORDS = catalogue.load().of("en")


def test_today_says_how_many_things_are_open() -> None:
    lines = [Line("one", button("Do", "do", "1")), Line("two", button("Do", "do", "2"), done=True)]
    shown = today_message(WORDS, lines)
    assert shown["text"] == "Today: one thing for you"
    first, second = shown["blocks"][1:]
    assert first["accessory"]["action_id"] == "do"
    assert "accessory" not in second
    assert "~two~" in second["text"]["text"]


def test_today_fits_into_a_message_whatever_it_holds() -> None:
    shown = today_message(WORDS, [Line("x" * 5000)] * 60)
    assert len(shown["blocks"]) <= 45
    assert sum(len(str(block)) for block in shown["blocks"]) < 20_000
    assert "more than fits" in str(shown["blocks"][-1])


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
