"""Words of disputes: the appeal, who decides by when, the ruling, and what cites the same rule."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    # Appealing.
    "disputes.form.title": "Dispute a finding",
    "disputes.form.send": "Send",
    "disputes.form.intro": "*Task {task}*\nSomebody else than the auditor reads this and decides."
    " Until then, the findings you choose are not counted as errors.",
    "disputes.form.which": "Which findings?",
    "disputes.form.option": "{n}. {category}",
    "disputes.form.reason": "Why do you see it differently?",
    "disputes.form.placeholder": "What the guidelines say, or what can be seen in the task",
    "disputes.form.question": "A question you asked about it",
    "disputes.form.question.placeholder": "None",
    "disputes.form.question.hint": "Whoever decides reads the question and what you were told."
    " Nobody else sees it.",
    "disputes.again.title": "Second opinion",
    "disputes.again.intro": "*Task {task}*\nSomebody decides who has not seen this yet. It is the"
    " last time, so please say what the first ruling did not know.",
    "disputes.again.reason": "What is new?",
    "disputes.again.placeholder": "What was not looked at, or a section that says otherwise",
    # The receipt.
    "disputes.receipt.title": "Dispute sent",
    "disputes.receipt.peers": "Your dispute about task {task} is decided by another auditor or a"
    " manager of the squad, never by whoever found it.",
    "disputes.receipt.admin": "Your dispute about task {task} is decided by an admin of this"
    " workspace, for nobody else in the squad may.",
    "disputes.receipt.due": "They have until {at} ({days} of their working days). Decided later,"
    " what you dispute stays out of the score, whatever is said.",
    "disputes.receipt.meanwhile": "Meanwhile it is not counted as an error, and the clock of its"
    " rework stands still.",
    "disputes.mine.open": "Your dispute about task {task} waits to be decided",
    "disputes.mine.second": "Your second opinion about task {task} waits to be decided",
    "disputes.mine.over": "Your dispute about task {task} should have been decided by now; a"
    " manager was reminded",
    "disputes.mine.decided": "Your dispute about task {task} was decided",
    "disputes.mine.closed": "Your dispute about task {task} is closed",
    "disputes.mine.withdraw": "Withdraw",
    "disputes.mine.again": "Ask for a second opinion",
    "disputes.show": "Show",
    # Rulings.
    "disputes.ruling.upheld": "*{category}* · stands, says {name}",
    "disputes.ruling.overturned": "*{category}* · does not count, says {name}",
    "disputes.ruling.severity": "*{category}* · stands as a warning, which does not count, says"
    " {name}",
    "disputes.ruling.late": "This came after its time, so it stays out of the score.",
    "disputes.ruled.title": "Your dispute about task {task} was decided",
    "disputes.ruled.second": "The second opinion about task {task} is there",
    "disputes.ruled.text": "Your dispute about task {task} was decided",
    "disputes.ruled.waiting.one": "One more finding waits to be decided.",
    "disputes.ruled.waiting.other": "{n} more findings wait to be decided.",
    "disputes.ruled.again": "If the ruling missed something, one second opinion is possible within"
    " seven of your working days, by somebody else again.",
    "disputes.noted.upheld": "A dispute of your finding on task {task} was decided: it stands",
    "disputes.noted.overturned": "A dispute of your finding on task {task} was decided: it does not"
    " count",
    "disputes.noted.severity": "A dispute of your finding on task {task} was decided: it stands as"
    " a warning",
    "disputes.taken_back": "A ruling on another task showed that a rule was read wrongly. Your"
    " finding on task {task} ({category}) was taken back and does not count.",
    # Those who decide.
    "disputes.by.peers": "another auditor or a manager of the squad",
    "disputes.by.admin": "an admin of this workspace",
    "disputes.line": "A finding on task {task} is disputed",
    "disputes.line.named": "{name} disputes a finding on task {task}",
    "disputes.line.over": "A disputed finding on task {task} should have been decided",
    "disputes.line.over.named": "{name} disputes a finding on task {task}: it should have been"
    " decided",
    "disputes.line.button": "Decide",
    "disputes.head": "*Task {task}* · {project}\nWhat was found here is disputed. Whose work it is"
    " and who found it does not matter for the decision.",
    "disputes.head.named": "*Task {task}* · {project}\n{name} disputes what {auditor} found.",
    "disputes.reason": "*Reason given*\n{reason}",
    "disputes.question": "*They asked about it before* ({at})",
    "disputes.question.answered": "*Answered* ({at})",
    "disputes.question.unanswered": "Nobody has answered it.",
    "disputes.decide.title": "Decide a dispute",
    "disputes.decide.save": "Save",
    "disputes.decide.due": "To be decided by {at}. Later, it stays out of the score.",
    "disputes.decide.which": "Decision",
    "disputes.decide.which.empty": "Leave open",
    "disputes.decide.reason": "Reason, which both of them read",
    "disputes.decide.section": "Guideline section that says so",
    "disputes.decide.section.choose": "Choose the section",
    "disputes.decide.section.search": "Type to search the guidelines",
    "disputes.choice.upheld": "It stands",
    "disputes.choice.overturned": "It does not count",
    "disputes.choice.severity": "It stands, as a warning",
    "disputes.shown.title": "Dispute",
    "disputes.shown.waits": "It is decided by {who}.",
    "disputes.decided.title": "Saved",
    "disputes.decided": "The dispute about task {task} is decided. The contributor and the auditor"
    " are told, with your reason.",
    "disputes.decided.late": "It came after its time, so what stands stays out of the score.",
    "disputes.decided.reviews.one": "One other finding cites the same rule; the squad's managers"
    " are asked to look at it again.",
    "disputes.decided.reviews.other": "{n} other findings cite the same rule; the squad's managers"
    " are asked to look at them again.",
    "disputes.decided.waiting.one": "One finding is left open.",
    "disputes.decided.waiting.other": "{n} findings are left open.",
    # What cites the same rule.
    "disputes.review.line.one": "A ruling overturned “{rule}”; one more finding cites it",
    "disputes.review.line.other": "A ruling overturned “{rule}”; {n} more findings cite it",
    "disputes.review.open": "Look again",
    "disputes.review.title.one": "One finding cites “{rule}”, which a ruling read differently",
    "disputes.review.title.other": "{n} findings cite “{rule}”, which a ruling read differently",
    "disputes.review.reason": "*The ruling*\n{reason}",
    "disputes.review.item": "*Task {task}*",
    "disputes.review.keep": "Keep",
    "disputes.review.withdraw": "Withdraw",
    "disputes.review.how": "A finding that you withdraw does not count, and its contributor is"
    " told. One that you keep stays as it is.",
    "disputes.review.done": "All findings that cite this rule were looked at.",
    # On Home.
    "disputes.home.mine": "My disputes",
    "disputes.home.decide": "Disputes to decide",
    "disputes.home.due": " · by {at}",
    # What cannot be done.
    "error.not_allowed_decide_dispute": (
        "A dispute is decided by another auditor or a manager of the squad: not by whoever found"
        " it, not by whoever did the work, and a second opinion not by whoever decided first."
    ),
    "error.dispute_too_late": (
        "A finding can be disputed for seven of your working days after you were told; for this one"
        " that was until {day}. You can still talk about it with a manager."
    ),
    "error.second_too_late": (
        "A second opinion can be asked for within seven of your working days after the ruling; that"
        " was until {day}."
    ),
    "error.no_second_opinion": (
        "There is one second opinion of a ruling, and none of what was overturned or corrected"
        " since."
    ),
    "error.question_of_another": "This is not a question of yours. Please choose another, or none.",
    "error.dispute_decided": "{name} has decided this already, so nothing was changed.",
    "error.ruling_none": "Please decide at least one finding.",
    "error.ruling_which": "Please choose a decision to go with this reason.",
    "error.ruling_reason": "Please say why; the contributor and the auditor read it.",
    "error.ruling_section": "Please name the guideline section that says so.",
    "error.ruling_severity": "Only an error can become a warning.",
    "error.section_not_there": (
        "I cannot find this section in the guidelines. Its number or its heading is enough."
    ),
    "error.review_gone": "This list is no longer there.",
}
