"""The Today message, what its lines can be done with, and what waits for the next one."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "today.title.one": "Today: one thing for you",
    "today.title.other": "Today: {n} things for you",
    "today.all_done": "Today: all done",
    "today.more": "There is more than fits here; your Home tab has the rest.",
    "today.show_rest.one": "Show one more",
    "today.show_rest.other": "Show the other {n}",
    "today.left.one": "One more thing of today",
    "today.left.other": "{n} more things of today",
    "today.topic.due": "Due now",
    "today.topic.waiting": "Somebody waits for you",
    "today.topic.meetings": "Meetings",
    "today.topic.read": "To read",
    "today.topic.also": "Also",
    "today.choice.hour": "Snooze for an hour",
    "today.choice.tomorrow": "Snooze until tomorrow",
    "today.choice.back": "Snooze until I’m back from time off",
    "today.choice.done": "Done",
    "today.put_off": "comes back {moment}",
    "today.put_off.receipt": "I’ll bring it up again {moment}.",
    "today.held.title": "*What waits for you*",
    "today.held.nothing": "*What waits for you*\nNothing.",
    "today.held.line": "• {moment}: {what} · {why}",
    "today.held.line.unknown": "• {what} · {why}",
    "today.held.kind": "{n} × {kind}",
    "today.held.why.today": "it can wait for your next Today message",
    "today.held.why.budget": "you had as many messages as I send in a day or week",
    "today.held.why.hours": "you do not work now",
    "today.held.why.quiet": "you want quiet",
    "today.held.why.snoozed": "you snoozed it",
    "today.held.why.turn": "it is about to come",
    "kind.today": "Today message",
    "kind.today.rest": "rest of a Today message",
    # What cannot be done.
    "error.no_reminder": "That reminder is not yours, or is no longer there.",
    "error.reminder_came_back": "I have brought that up again since; it is further down.",
    "error.snooze_no_timeoff": (
        "You have no time off ahead that I know of. Tell me with `/timeoff`, or choose tomorrow."
    ),
    "error.snooze_over": "By then it would be over, so it cannot wait that long.",
    "error.snooze_no_work": "I know of no working day ahead on which I could bring it up again.",
}
