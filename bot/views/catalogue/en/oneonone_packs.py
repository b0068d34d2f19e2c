"""English sentences of one-on-ones' packs, the day's end, notes, and what coaching did."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "kind.oneonone.packs": "the packs of a day's one-on-ones",
    "kind.oneonone.day_end": "what became of a day's one-on-ones",
    "error.no_packs": "There are no one-on-ones on that day any more.",
    "error.actions_many": "At most {limit} action items at once. Keep those that matter most.",
    "error.coached_category_gone": "That category is no longer in use. Please choose another one.",
    # A manager's day.
    "packs.day.one": "Your one-on-one today",
    "packs.day.other": "Your {n} one-on-ones today",
    "packs.day.title": "Today's one-on-ones",
    "packs.day.note": "Only you see this. Figures are of the last four weeks; each look is logged.",
    "packs.more": "There is more than fits here. `/oneonone` has the rest.",
    "packs.line.one": "You have a one-on-one today.",
    "packs.line.other": "You have {n} one-on-ones today.",
    "packs.line.show": "Packs",
    "packs.open": "Open pack",
    "packs.mine": "My pack",
    "packs.title": "One-on-one",
    "packs.head": "*{time}* · {name} · {squad}",
    "packs.rate": "{rate} accepted ({interval}, n = {n})",
    "packs.score": "{project}: {rate}",
    "packs.target": "{score}, {stands} {target}",
    "packs.standing.below": "below the target of",
    "packs.standing.above": "above the target of",
    "packs.standing.cannot_tell": "cannot tell from the target of",
    "packs.none": "{project}: nothing drawn at random was audited in the last four weeks",
    "packs.hidden": "{project}: this squad's setting keeps individual figures private",
    "packs.change.none": "no earlier audits to compare with",
    "packs.change.unclear": "no clear change against the four weeks before (n = {n})",
    "packs.change.up": (
        ":arrow_upper_right: {points} points against the four weeks before (n = {n})"
    ),
    "packs.change.down": (
        ":arrow_lower_right: {points} points against the four weeks before (n = {n})"
    ),
    "packs.top": "Most frequent errors: {list}",
    "packs.top.title": "Most frequent errors:",
    "packs.category": "{category} ({n})",
    "packs.section": "{category}, section {section}",
    "packs.n.topics.one": "{n} topic",
    "packs.n.topics.other": "{n} topics",
    "packs.n.disputes.one": "{n} open dispute",
    "packs.n.disputes.other": "{n} open disputes",
    "packs.n.actions.one": "{n} open action",
    "packs.n.actions.other": "{n} open actions",
    "packs.n.unread.one": "{n} task with findings to read",
    "packs.n.unread.other": "{n} tasks with findings to read",
    "packs.n.reworks.one": "{n} task to mend",
    "packs.n.reworks.other": "{n} tasks to mend",
    "packs.n.notes": "notes of {day}",
    # One meeting.
    "packs.notes.button": "Notes",
    "packs.notes.last": "Notes of the last one",
    "packs.who.manager": (
        "Only you see this. Questions that somebody asked privately are not here, and neither are"
        " topics that they have not shared."
    ),
    "packs.who.mine": "Only you see this. Your manager sees your topics once you share them.",
    "packs.cases.disputed.one": "{n} dispute is open.",
    "packs.cases.disputed.other": "{n} disputes are open.",
    "packs.cases.unread.one": "{n} task has findings that wait to be read.",
    "packs.cases.unread.other": "{n} tasks have findings that wait to be read.",
    "packs.cases.reworks.one": "{n} task came back to be mended.",
    "packs.cases.reworks.other": "{n} tasks came back to be mended.",
    "packs.cases.upheld.one": "{n} disputed finding was upheld.",
    "packs.cases.upheld.other": "{n} disputed findings were upheld.",
    "packs.cases.overturned.one": "{n} disputed finding was overturned.",
    "packs.cases.overturned.other": "{n} disputed findings were overturned.",
    "packs.cases.changed.one": "{n} disputed finding was changed in severity.",
    "packs.cases.changed.other": "{n} disputed findings were changed in severity.",
    "packs.auditor.audits.one": "*As an auditor* · {n} audit in four weeks",
    "packs.auditor.audits.other": "*As an auditor* · {n} audits in four weeks",
    "packs.auditor.overturned": (
        "Disputed findings overturned or changed: {share} ({part} of n = {n})"
    ),
    "packs.auditor.alike": "Tasks that a second auditor judged alike: {share} ({part} of n = {n})",
    "packs.auditor.feedback": "Time to feedback: {time}, n = {n}",
    "packs.lead.rulings": "*Waiting for a ruling*: {time}, n = {n}",
    "packs.lead.answers": "*Waiting for an answer*: {time}, n = {n}",
    "packs.coached.title": "*Coached on*",
    "packs.coached": "• {category} ({day}).",
    "packs.questions": "*Your latest questions* · your manager sees one only if you bring it along",
    "packs.bring": "Bring along",
    "packs.topics.title": "*Topics*",
    "packs.topics.none": "No topics yet.",
    "packs.topic.shared": "• {text} ({name})",
    "packs.topic.private": "• {text} (only you see it)",
    "packs.actions.title": "*Open actions*",
    "packs.actions.none": "No open actions.",
    "packs.action": "• {name}: {text}",
    "packs.action.due": "• {name}: {text} (by {day})",
    "packs.notes.of": "*Notes of {day}*",
    "packs.notes.own": "Your own:",
    # The day's end.
    "day_end.one": "How did your one-on-one go?",
    "day_end.other": "How did your {n} one-on-ones go?",
    "day_end.title": "Today's one-on-ones",
    "day_end.note": "What nobody answers counts as unknown, for nobody's good or bad.",
    "day_end.more": "There are more. `/oneonone` has the rest.",
    "day_end.line.one": "{n} one-on-one waits for your word: did it happen?",
    "day_end.line.other": "{n} one-on-ones wait for your word: did they happen?",
    "day_end.show": "Answer",
    "day_end.yes": "Happened",
    "day_end.no": "Did not happen",
    "day_end.notes": "Notes",
    "day_end.again": "Plan it",
    "day_end.happened": "{head}\n:white_check_mark: Happened.",
    "day_end.happened.noted": "{head}\n:white_check_mark: Happened, with notes.",
    "day_end.missed": "{head}\nDid not happen. You are both free {when}.",
    "day_end.missed.again": "{head}\nDid not happen. You meet {when} instead.",
    "day_end.missed.nothing": (
        "{head}\nDid not happen, and the next two weeks have no hour that is free for both."
    ),
    # The notes.
    "notes.title": "Notes",
    "notes.head": "{name} · {when}",
    "notes.clash": (
        "*Somebody saved while you wrote.* This is what is stored now; take over what you need and"
        " save again. Nothing of yours is lost."
    ),
    "notes.shared": "Shared notes",
    "notes.shared.hint": "You both read and may change these.",
    "notes.own": "Your own notes",
    "notes.own.hint": "Nobody else is shown these in Muster.",
    "notes.mine": "What you will do",
    "notes.mine.hint": "One a line. It comes back in your Today until it is done.",
    "notes.theirs": "What they will do",
    "notes.theirs.hint": "One a line. Only the two of you see it.",
    "notes.due": "Due",
    "notes.due.hint": "For all lines above. Without a day they stand in your next packs.",
    "notes.coached": "Coached on",
    "notes.coached.none": "Nothing in particular",
    "notes.coached.hint": (
        "For twelve weeks a few of their tasks are audited as follow-ups, drawn at random and"
        " outside the score, to see whether it helped."
    ),
    "notes.category": "{category} · {project}",
    "notes.category.errors.one": "{n} lately: {category}",
    "notes.category.errors.other": "{n} lately: {category}",
    "notes.saved": "Kept.",
    "notes.saved.followed": "Kept. Whether it helped will show in the next weeks.",
    # What coaching did.
    "effects.button": "Did coaching help?",
    "effects.title": "Did coaching help?",
    "effects.head": "*{squad}* · coachings of the last 24 weeks, each followed for twelve",
    "effects.nothing": "Nobody was coached on a category yet. Choose one in a one-on-one's notes.",
    "effects.category": "*{category}* · {project} · {n} coached and comparable",
    "effects.few": "Cannot tell yet: it takes {least} coached people and as many others.",
    "effects.pooled.better": ":white_check_mark: Fewer such errors than without coaching.",
    "effects.pooled.worse": "More such errors than without coaching.",
    "effects.pooled.cannot_tell": "Cannot tell from chance.",
    "effects.figures": (
        "Tasks with the error: before {before}, after {after}. Against {others} others who started"
        " at the same level: {change}."
    ),
    "effects.share": "{rate} (n = {n})",
    "effects.points": "{value} points (98.5 % interval {low} to {high})",
    "effects.how": (
        "What was audited in the four weeks before a coaching led to it and is left out: whoever is"
        " coached on their worst weeks does better afterwards anyway."
    ),
    "effects.own": "{said} Before {before}, after {after}.",
    "effects.own.better": "Fewer such errors than without coaching.",
    "effects.own.worse": "More such errors than without coaching.",
    "effects.own.cannot_tell": "Cannot tell yet.",
}
