"""English sentences of questions that a person answers, for those who ask and those on duty."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "kind.escalations.post": "a question for the questions channel",
    "kind.escalations.asked": "a question to answer",
    "kind.escalations.half": "a reminder of a question",
    "kind.escalations.overdue": "a question over its time",
    "kind.escalations.passed": "a question passed on",
    "kind.escalations.passed_late": "a reminder of a question passed on",
    "kind.escalations.answer": "a person's answer",
    # The asker.
    "escalations.ask_person": "Ask a person",
    "escalations.form.title": "Ask a person",
    "escalations.form.question": "*{project}*\n{text}",
    "escalations.form.task": "Task, if it is about one",
    "escalations.form.task.hint": (
        "While the question is open, a finding on this task counts as a warning, not as an error."
    ),
    "escalations.form.named": "Your name",
    "escalations.form.named.yes": "Show who asks",
    "escalations.form.named.hint": "Without it those who answer do not learn who asked.",
    "escalations.form.send": "Ask",
    "escalations.form.similar": "This is open already. Join it and you hear the answer too:",
    "escalations.form.join": "Join",
    "escalations.receipt.title": "Asked",
    "escalations.receipt.reader": "{name} reads it first, {when}.",
    "escalations.receipt.nobody": (
        "Nobody who answers is at work in sight; it waits in the questions channel for them."
    ),
    "escalations.receipt.due": "An answer is due by {when} ({zone}).",
    "escalations.receipt.joined": "Somebody asked this before you. You hear the answer with them.",
    "escalations.receipt.rule": "Until then, in this squad: {rule}",
    "escalations.receipt.task": (
        "Task {task} is marked: if you decide it meanwhile, a finding on it does not count as an"
        " error."
    ),
    "escalations.receipt.where": (
        "You get the answer where you asked, and under Home, My questions."
    ),
    "escalations.receipt.now": "now",
    "escalations.receipt.at": "{when}, your time",
    "escalations.withdraw": "I need no answer any more",
    "escalations.withdrawn": "Withdrawn. Nobody is asked any more.",
    "escalations.answer.title": "{name} answered your question.",
    "escalations.answer.title.nobody": "Your question was answered.",
    "escalations.answer.by": "{name} answered:",
    "escalations.answer.nobody": "Answered:",
    "escalations.answer.section": "Guidelines: {section}",
    "escalations.human.open": "A person was asked; an answer is due by {when}.",
    "escalations.human.open.undated": "A person was asked and has not answered yet.",
    "escalations.human.withdrawn": "Withdrawn.",
    # Those on duty.
    "escalations.post.title": "A question about {project}",
    "escalations.post.named": "asked by {name}",
    "escalations.post.unnamed": "asked without a name",
    "escalations.post.others.one": "{n} more waits for the answer",
    "escalations.post.others.other": "{n} more wait for the answer",
    "escalations.post.task": "Task {task}",
    "escalations.post.tried": "Passages that did not settle it: {sections}",
    "escalations.post.none_tried": "The guidelines say nothing near it.",
    "escalations.post.due": "Answer due by {when} ({zone}).",
    "escalations.post.undated": "No answer time can be promised: nobody on duty works in sight.",
    "escalations.post.claimed": "{name} is answering it, until {when}.",
    "escalations.post.passed.delivery": "Passed on to the delivery team by {name}; due {when}.",
    "escalations.post.passed.client": "Passed on to the client by {name}; due {when}.",
    "escalations.post.answered": "{name} answered:",
    "escalations.post.answered.nobody": "Answered:",
    "escalations.post.merged": "Brought together with another question that asks the same.",
    "escalations.post.withdrawn": "Withdrawn by whoever asked.",
    "escalations.claim": "Claim",
    "escalations.answer": "Answer",
    "escalations.pass": "Pass on",
    "escalations.same": "Same as …",
    "escalations.claimed": (
        "It is yours for an hour; after that it is open to everybody again. `Answer` when you know."
    ),
    "escalations.answering.title": "Answer",
    "escalations.answering.text": "The answer",
    "escalations.answering.section": "The guideline section it rests on",
    "escalations.answering.section.none": "Choose a section",
    "escalations.answering.keep": "Keep it as",
    "escalations.answering.keep.verified": "a verified answer, found before passages",
    "escalations.answering.keep.edge": "an edge case in the log",
    "escalations.answering.send": "Send",
    "escalations.answering.done.one": "Sent to the one who asked.",
    "escalations.answering.done.other": "Sent to the {n} who asked.",
    "escalations.answering.kept": "Kept as a verified answer.",
    "escalations.answering.logged": "Logged as an edge case.",
    "escalations.passing.title": "Pass on",
    "escalations.passing.to": "To whom",
    "escalations.passing.to.delivery.one": "the delivery team ({n} person)",
    "escalations.passing.to.delivery.other": "the delivery team ({n} people)",
    "escalations.passing.to.client.one": "the client's contact ({n} person)",
    "escalations.passing.to.client.other": "the client's contacts ({n} people)",
    "escalations.passing.note": "What they need to know",
    "escalations.passing.send": "Pass on",
    "escalations.passing.done": "Passed on. You are reminded if it is late.",
    "escalations.merging.title": "Same as",
    "escalations.merging.with": "The question it asks the same as",
    "escalations.merging.send": "Bring together",
    "escalations.merging.done": "Brought together. All of them hear the one answer.",
    "escalations.passed.title": "{name} asks you about {project}.",
    "escalations.passed.title.nobody": "A question about {project} was passed on to you.",
    "escalations.line.half": "A question about {project} waits: {text}",
    "escalations.line.overdue": "A question about {project} is over its time: {text}",
    "escalations.line.passed": "Passed on to you, {project}: {text}",
    "escalations.line.asked": "To answer, {project}: {text}",
    "escalations.line.passed_late": "Passed on and late, {project}: {text}",
    "escalations.line.open": "Open",
    "escalations.open.title": "Question",
    # Settings of a squad.
    "escalations.terms.title": "Questions",
    "escalations.terms.time": "Working hours until an answer is due",
    "escalations.terms.time.hint": "For example 4 h or 90 min; empty is 4 h.",
    "escalations.terms.rule": "What to do until the answer is there",
    "escalations.terms.rule.hint": "For example: skip the task and go on with the next one.",
    "escalations.terms.hours": "{n} h",
    "escalations.terms.minutes": "{n} min",
    "escalations.terms.saved": "Saved for {squad}: answers are due within {time} of working time.",
    "escalations.terms.saved.rule": "Until then: {rule}",
    # What stands in the way.
    "error.asked_already": "A person was asked this already. It is under Home, My questions.",
    "error.nobody_to_ask": (
        "Nobody in your squad answers questions yet. An admin makes somebody its manager with"
        " `/muster grant @x manager`."
    ),
    "error.escalation_gone": "That question is no longer stored.",
    "error.escalation_closed": "That question waits for nobody any more.",
    "error.answered_already": "That question is answered already. Thank you all the same.",
    "error.claimed_by_other": "{name} is answering it right now.",
    "error.nobody_outside": (
        "There is nobody to pass it on to. A manager adds them with `/squad add @x delivery` or"
        " `/squad add @x client`."
    ),
    "error.no_other_question": "No other question of this squad is open.",
    "error.pass_to_whom": "Please choose to whom it goes.",
    "error.which_same": "Please choose the question it asks the same as.",
    "error.bad_answer_time": (
        "I need a time such as `4 h` or `90 min`, at most 40 hours of working time."
    ),
    "error.not_allowed_answer_question": (
        "Questions are answered by the managers and auditors of the squad, and by those they were"
        " passed on to."
    ),
}
