"""The Today message as people read it."""

from datetime import UTC, datetime

from bot.rules.snoozing import Snooze, Topic
from bot.views import catalogue
from bot.views.blocks import button, message
from bot.views.outbox import Line
from bot.views.today import LINE, REST, SHOWN, SNOOZES, Entry, rest, with_snooze
from bot.views.today import message as today_message
from tests.deliveries import NOTE

WORDS = catalogue.load().of("en")
ZONE = "Europe/Berlin"


def entry(text: str, topic: Topic = Topic.OTHER, *, key: int = 1, **given: object) -> Entry:
    line = Line(text, button("Do", "do", "1"), done=bool(given.pop("done", False)))
    return Entry(delivery_id=key, line=line, topic=topic, choices=SNOOZES, **given)


def test_today_says_how_many_things_are_open_and_what_can_be_done() -> None:
    back = datetime(2026, 3, 11, 8, tzinfo=UTC)
    entries = [
        entry("one"),
        entry("two", done=True),
        entry("three", until=back),
        Entry(delivery_id=4, line=Line("four"), topic=Topic.OTHER, choices=(Snooze.DONE,)),
    ]
    shown = today_message(WORDS, entries, zone=ZONE, carrier_id=9)
    assert shown["text"] == "Today: 2 things for you"
    _, one, acts, two, three, four = shown["blocks"]
    assert "one" in one["text"]["text"]
    assert [each["action_id"] for each in acts["elements"]] == ["do", LINE]
    assert len(acts["elements"][1]["options"]) == 3
    assert "~two~" in two["text"]["text"]
    assert "comes back Wed 11 Mar 2026 09:00" in three["text"]["text"]
    assert four["accessory"]["action_id"] == LINE
    assert today_message(WORDS, entries[1:3], zone=ZONE)["text"] == "Today: all done"


def test_lines_stand_under_headings_the_most_pressing_first() -> None:
    entries = [entry("read", Topic.READ), entry("late", Topic.DUE), entry("also read", Topic.READ)]
    shown = str(today_message(WORDS, entries, zone=ZONE)["blocks"])
    places = [shown.index(text) for text in ("Due now", "late", "To read", "• read", "also read")]
    assert places == sorted(places)
    alone = str(today_message(WORDS, entries[:1], zone=ZONE)["blocks"])
    assert "To read" not in alone


def test_what_has_no_room_is_behind_a_button() -> None:
    entries = [entry(f"line {n}.", key=n) for n in range(30)]
    shown = today_message(WORDS, entries, zone=ZONE, carrier_id=9)
    assert shown["text"] == "Today: 30 things for you"
    assert str(shown).count("line ") == SHOWN
    (more,) = shown["blocks"][-1]["elements"]
    assert (more["action_id"], more["text"]["text"]) == (REST, "Show the other 18")
    others = rest(WORDS, entries, zone=ZONE)
    assert others["text"] == "18 more things of today"
    assert str(others).count("line ") == 18


def test_today_fits_into_a_message_whatever_it_holds() -> None:
    entries = [entry("x" * 5000, topic, key=10**12) for topic in [*Topic] * 6]
    for shown in (
        today_message(WORDS, entries, zone=ZONE, carrier_id=10**12),
        rest(WORDS, entries, zone=ZONE),
    ):
        assert len(shown["blocks"]) <= 45
        assert sum(len(str(block)) for block in shown["blocks"]) < 24_000


def test_a_reminder_of_its_own_can_be_put_off_wherever_there_is_room() -> None:
    plain = with_snooze(WORDS, message("note"), NOTE)
    assert plain["blocks"][-1]["accessory"]["action_id"] == LINE
    beside = message("note", [{"type": "actions", "elements": [button("Do", "do", "1")]}])
    assert len(with_snooze(WORDS, beside, NOTE)["blocks"][0]["elements"]) == 2
    assert len(beside["blocks"][0]["elements"]) == 1
    full = message("note", [{"type": "divider"}] * 45)
    assert with_snooze(WORDS, full, NOTE) == full
