"""Words of probation, pauses for quality, offboarding, and the way back."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "status_cases.what.probation": "probation",
    "status_cases.what.paused": "a pause",
    "status_cases.what.offboarded": "offboarding",
    "status_cases.kind.quality": "quality of work",
    "status_cases.kind.conduct": "conduct, outside of figures",
    "status_cases.kind.contract": "end of the contract or of the work",
    "status_cases.kind.wish": "their own wish",
    # What random audits say.
    "status_cases.figures": "*What random audits say*, {days}",
    "status_cases.figures.none": "• {project}: no random audit",
    "status_cases.figures.below.one": (
        "• {project}: {rate} accepted, {interval}, {n} audit; target {target}: below it"
    ),
    "status_cases.figures.below.other": (
        "• {project}: {rate} accepted, {interval}, {n} audits; target {target}: below it"
    ),
    "status_cases.figures.above.one": (
        "• {project}: {rate} accepted, {interval}, {n} audit; target {target}: above it"
    ),
    "status_cases.figures.above.other": (
        "• {project}: {rate} accepted, {interval}, {n} audits; target {target}: above it"
    ),
    "status_cases.figures.cannot_tell.one": (
        "• {project}: {rate} accepted, {interval}, {n} audit; target {target}: cannot tell"
    ),
    "status_cases.figures.cannot_tell.other": (
        "• {project}: {rate} accepted, {interval}, {n} audits; target {target}: cannot tell"
    ),
    "status_cases.figures.interval": (
        "The ranges allow for everybody who is compared, so that hardly anybody is called below by"
        " chance."
    ),
    "status_cases.figures.hidden": (
        "Figures about one person are not shown to you here, so quality cannot be the reason."
    ),
    "status_cases.figures.project_none": "The squad has no project, so there are no figures.",
    # The form.
    "status_cases.form.title": "Propose a change",
    "status_cases.form.probation": "*Probation* for {name} in *{squad}*",
    "status_cases.form.paused": "*A pause* for {name} in *{squad}*",
    "status_cases.form.offboarded": "*Offboarding* {name} from *{squad}*",
    "status_cases.form.kind": "What is it for?",
    "status_cases.form.kind.placeholder": "Choose",
    "status_cases.form.reason": "The reason, as they will read it",
    "status_cases.form.reason_hint": "Name what was seen and when. The figures above go along.",
    "status_cases.form.external": (
        "Nothing changes yet. Another manager (else an admin) has to confirm it within {n} days."
        " {name} is not in Slack, so nothing can be sent: please tell them yourself, with the"
        " reason, and pass on what they answer."
    ),
    "status_cases.form.after": (
        "Nothing changes yet. Another manager (else an admin) has to confirm it within {n} days."
        " Then {name} reads the reason and the figures, and has {days} days to answer to somebody"
        " who had no part in it."
    ),
    "status_cases.form.send": "Propose",
    "status_cases.proposed.title": "Proposed",
    "status_cases.proposed": (
        "Nothing has changed yet. {who} can confirm it until {day}; you hear what they say, and"
        " your Home tab has a button to take it back."
    ),
    # A proposal, as managers read it.
    "status_cases.case.title": "{proposer} proposes *{what}* for {name} in *{squad}*",
    "status_cases.case.for": "For: {kind}",
    "status_cases.case.until": "Can be confirmed until {day}. Nothing changes before that.",
    "status_cases.case.yours": "Your own proposal: somebody else has to confirm it.",
    "status_cases.case.stale": (
        "It can no longer be confirmed: too much time has passed, {name}'s status changed, or"
        " {proposer} no longer arranges the squad."
    ),
    "status_cases.state.in_force": "Confirmed by {by} on {day}; it holds.",
    "status_cases.state.declined": "Declined by {by} on {day}; nothing changed.",
    "status_cases.state.withdrawn": "Taken back; nothing changed.",
    "status_cases.state.lifted": "{name} was reinstated by {by} on {day}.",
    "status_cases.remark": "{by} says:",
    "status_cases.confirm": "Confirm",
    "status_cases.confirm.sure": "Confirm it?",
    "status_cases.confirm.text": (
        "It holds at once, and they are told why, with the figures. You can be asked to explain it."
    ),
    "status_cases.confirm.no": "Not yet",
    "status_cases.decline": "Decline",
    "status_cases.decline.title": "Decline",
    "status_cases.decline.remark": "What should the proposer know? (optional)",
    "status_cases.declined": "Declined. Nothing changed, and only {proposer} is told.",
    "status_cases.withdraw": "Take back",
    "status_cases.lift": "Reinstate",
    "status_cases.lift.sure": "Reinstate them?",
    "status_cases.lift.text": "They are active again at once, and are told so.",
    "status_cases.look": "Look",
    "status_cases.title": "Change of status",
    # What the person reads.
    "status_cases.told.probation": (
        "You are on probation in *{squad}*. You go on working as before; a manager looks again with"
        " you."
    ),
    "status_cases.told.paused": "You are paused in *{squad}*: you get no work of it for now.",
    "status_cases.told.offboarded": "Your work in *{squad}* has ended.",
    "status_cases.told.by": "Proposed by {proposer}, confirmed by {confirmer} on {day}.",
    "status_cases.told.answer": (
        "Do you see it differently? You can answer until {moment}. {hears} reads it, who had no"
        " part in this."
    ),
    "status_cases.told.answer_took_part": (
        "Do you see it differently? You can answer until {moment}. {hears} reads it; nobody is"
        " there who had no part in this."
    ),
    "status_cases.told.answer_nobody": "Nobody is there at the moment who could read an answer.",
    "status_cases.told.answered": "Your answer of {moment} went to {hears}:",
    "status_cases.told.late": "The time to answer ended on {moment}.",
    "status_cases.told.lifted": "This no longer holds: you were reinstated on {day}.",
    "status_cases.told.who": "Only you and the managers of the squad know of it.",
    "status_cases.answer": "Answer",
    "status_cases.answer.title": "Your answer",
    "status_cases.answer.label": "What do you want {hears} to know?",
    "status_cases.answer.hint": "They read it with your name, the reason and the figures.",
    "status_cases.answer.send": "Send",
    "status_cases.answer.sent": "Sent to {hears}.",
    "status_cases.answer.kept": "Kept. Nobody is there who could read it now.",
    # The answer, as a manager reads it.
    "status_cases.answered.title": "{name} answers to *{what}* in *{squad}*",
    "status_cases.answered.open": (
        "You had no part in it. Talk to {name}; if you see it as they do, reinstate them."
    ),
    # Messages in one line.
    "status_cases.line.confirm": (
        "{proposer} proposes *{what}* for {name} in *{squad}*: it waits for you"
    ),
    "status_cases.line.in_force": "Confirmed: *{what}* for {name} in *{squad}*",
    "status_cases.line.declined": "Declined: *{what}* for {name} in *{squad}*",
    "status_cases.lifted": "You are active again in *{squad}*. {managers} can tell you more.",
    "status_cases.lifted_nobody": "You are active again in *{squad}*.",
    "status_cases.reinstated": (
        "{name} is active again in *{squad}* (was: {status}), and is told so."
    ),
    "status_cases.home.one": "One change of status waits for a second person",
    "status_cases.home.other": "{n} changes of status wait for a second person",
    "kind.status_cases.confirm": "request to confirm a change of status",
    "kind.status_cases.decided": "outcome of a proposed change of status",
    "kind.status_cases.told": "notice of a change of status",
    "kind.status_cases.answered": "answer to a change of status",
    "kind.status_cases.lifted": "notice of being reinstated",
    "kind.status_cases.changed": "a change of status",
    # What cannot be done.
    "error.case_gone": "That is no longer there, or it is not yours to see.",
    "error.case_own": "That is about yourself: somebody else has to decide it.",
    "error.case_not_member": "{name} is not in this squad.",
    "error.case_squad_rehearsed": (
        "{squad} is still rehearsed, so nobody would be told. Take it live first: `/squad live`."
    ),
    "error.case_already": "{name} has that status already.",
    "error.case_open": (
        "A change for {name} has been proposed already and waits for a second person. Your Home tab"
        " shows it if you can decide it."
    ),
    "error.case_nobody_confirms": (
        "Nobody else could confirm it: the squad has no other manager, and there is no other admin."
        " An admin makes one with `/muster grant @someone manager` or `/muster admin add @someone`."
    ),
    "error.case_not_yours": (
        "Somebody else has to decide this: another manager of the squad, or an admin if there is"
        " none."
    ),
    "error.case_decided": "Somebody has decided it already. Your Home tab shows what holds.",
    "error.case_too_old": (
        "This was proposed more than two weeks ago. If it still stands, it has to be proposed anew,"
        " with today's figures."
    ),
    "error.case_moved_on": (
        "Their status has changed since this was proposed, so it no longer fits."
    ),
    "error.case_proposer_gone": (
        "Whoever proposed this no longer arranges the squad. If it still stands, another manager"
        " can propose it anew."
    ),
    "error.case_over": "It does not hold any more.",
    "error.case_answered": "You have answered already; your answer was passed on.",
    "error.case_answer_late": (
        "The time to answer has ended. You can still talk to any manager of the squad."
    ),
    "error.case_nothing_to_lift": "{name} is not on probation, paused or offboarded.",
    "error.case_whom": (
        "Whom? Please name one person, as in `/squad probation @ana`, or by name who is not in"
        ' Slack: `/squad probation "Ana Lima"`.'
    ),
    "error.several_of_name": "Several people of this squad are called {name}.",
    "error.case_kind": "Please choose what it is for.",
    "error.case_figures_hidden": (
        "Quality cannot be the reason: figures about one person are not shown to you here."
    ),
    "error.case_no_target": (
        "Quality cannot be the reason: the squad has no target. `/squad target 95%` sets one."
    ),
    "error.case_on_target": "Quality cannot be the reason: the figures are not below the target.",
    "error.case_cannot_tell": (
        "Quality cannot be the reason yet: from n = {n} random audits one cannot tell whether the"
        " work is below the target."
    ),
}
