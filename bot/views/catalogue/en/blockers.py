"""English sentences of blockers, for whoever cannot work and for the managers who act."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "kind.blockers.mine": "a receipt that somebody cannot work",
    "kind.blockers.told": "somebody who cannot work",
    "kind.blockers.next": "somebody who cannot work, after half of the time",
    "kind.blockers.late": "somebody who cannot work, after all of the time",
    "kind.blockers.fixed": "that a blocker is gone",
    "blockers.kind.no_work": "no work",
    "blockers.kind.tool_down": "tool down",
    "blockers.kind.no_access": "no access",
    "blockers.time.hours": "{h} h",
    "blockers.time.both": "{h} h {min} min",
    "blockers.time.minutes": "{min} min",
    # Whoever cannot work.
    "blockers.home": "I cannot work",
    "blockers.ask": "What keeps you from working?",
    "blockers.ask.note": "“{note}” What is it?",
    "blockers.ask.which": "In which squad, and what is it?",
    "blockers.ask.squad": "*{squad}*",
    "blockers.ask.hint": (
        "It goes to a manager of the squad, with a clock. The time you lose counts in no turnaround"
        " and no pace."
    ),
    "blockers.pick.no_work": "No work",
    "blockers.pick.tool_down": "Tool down",
    "blockers.pick.no_access": "No access",
    "blockers.opened": "Noted: {kind}. {told} I keep you posted in our direct messages.",
    "blockers.opened.already": "You said so already: {kind}, since {since}. {told}",
    "blockers.mine.title": "*You cannot work: {kind}*, since {since} ({squad})",
    "blockers.mine.until": "It ends by itself with your working hours, {when}.",
    "blockers.told.nobody": (
        "Nobody who manages the squad can be reached here. An admin makes somebody its manager with"
        " `/muster grant @x manager`."
    ),
    "blockers.told.was": "{name} was told at {when}.",
    "blockers.told.now": "{name} is told now.",
    "blockers.told.later": "{name} is back first and reads it {when}, your time.",
    "blockers.told.sometime": "{name} is told when their working hours begin.",
    "blockers.told.rehearsal": (
        "The squad is in rehearsal, so nothing is sent; {name} sees it on Home. Better tell them."
    ),
    "blockers.told.not_in_slack": "{name} is not in Slack any more. Please tell another manager.",
    "blockers.told.taken": "{name} is on it.",
    "blockers.resume": "I can work again",
    "blockers.resumed": "You can work again. It was {kind}, {time} of your working time.",
    "blockers.done_by": "{name} says it is done: {kind}. It was {time} of your working time.",
    "blockers.fixed": "{name} says it is done: {kind} ({squad}). You can work again.",
    "blockers.fixed.nobody": "It is done: {kind} ({squad}). You can work again.",
    "blockers.fixed.again": "It still holds",
    # The managers.
    "blockers.case.title": "*{name} cannot work: {kind}* ({squad})",
    "blockers.case.since": "since {since} ({zone})",
    "blockers.case.due": "should be gone by {when}",
    "blockers.case.taken": "{name} is on it",
    "blockers.case.ran_out": "{name}'s working hours are over; please see to it for the next ones",
    "blockers.case.resumed": "{name} can work again; {time} of working time were lost.",
    "blockers.case.done": "Done by {name}; {time} of working time were lost.",
    "blockers.case.next": "Nobody has taken this yet.",
    "blockers.case.late": "This is over its time.",
    "blockers.take": "On it",
    "blockers.done": "Done",
    "blockers.open": "Open",
    "blockers.open.title": "Cannot work",
    "blockers.home.title.one": "*One person cannot work*",
    "blockers.home.title.other": "*{n} people cannot work*",
    # What stands in the way.
    "error.not_allowed_report_blocker": (
        "Only those who work in a squad can be blocked in it. Please tell its managers directly."
    ),
    "error.not_allowed_clear_blocker": (
        "What keeps people from working is looked after by the managers of the squad."
    ),
    "error.blocker_gone": "That is no longer stored.",
    "error.blocker_closed": "That is over already. Thank you all the same.",
    "error.blocker_taken": "{name} is on it already.",
    "error.not_your_blocker": "Only whoever cannot work can say that they can again.",
}
