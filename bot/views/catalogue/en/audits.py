"""Words of audits: the form, what its contributor reads, disputes, and when it arrives."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "command.audit.usage": (
        "/audit next   or   /audit start 200 by 17:00   or   /audit TASK   or   /audit mine"
    ),
    "command.audit.example": "/audit T-1042",
    "command.audit.what": "Audit what was drawn, one task or many in a row, or a task of your"
    " choice.",
    "command.audit.help": (
        "• `/audit next` opens the next task that was drawn\n"
        "• `/audit start 200 by 17:00` draws many and takes you through them; a manager adds"
        " `@ana @bo` to split them\n"
        "• `/audit resume` goes on where you were, `/audit stop` ends it\n"
        "• `/audit T-1042` audits one task, `/audit @ana` lists somebody's latest work\n"
        "• `in Boxes` behind any of these names a project or squad\n"
        "• `/audit mine` shows where your own work stands"
    ),
    # When it is read.
    "arrival.now": "{name} reads it now.",
    "arrival.today": "{name} reads it at {time}, their time.",
    "arrival.later": "{name} reads it on {day} at {time}, their time.",
    "arrival.sometime": "{name} has no working hours in sight and reads it after that.",
    "arrival.rehearsal": "The squad is in rehearsal, so nothing is sent to {name}.",
    "arrival.not_in_slack": "{name} is not in Slack, so nothing is sent.",
    # Choosing what to audit.
    "audits.choose.task": "Task {task} was worked on more than once. Which work do you want to"
    " audit?",
    "audits.choose.person": "The latest work of {name} that nobody has audited yet:",
    "audits.choose.more": "Only the latest are listed. `/audit TASK` finds any other.",
    "audits.choose.placeholder": "Choose one",
    "audits.choose.zone": "Times are in {zone}.",
    # The form.
    "audits.form.title": "Audit",
    "audits.form.task": "*Task {task}*\n{project} · {squad}",
    "audits.form.no_link": "There is no link to this task. A manager sets the project's link"
    " template with `/squad project`.",
    "audits.form.label": "*Submitted label*\n{label}",
    "audits.form.blind": "Submitted {at}. You see who made it once the audit is saved.",
    "audits.form.corrects": "You audited this on {at}. Saving corrects that audit: what you enter"
    " here takes its place.",
    "audits.form.audited": "Somebody else audited this on {at}. Yours is an audit of its own.",
    "audits.form.asked.open": "*Asked about this task, not answered yet:* {text}",
    "audits.form.asked.answered": "*Asked about this task:* {text}\n*Answered:* {answer}",
    "audits.form.asked.spared": (
        "The question was open when the task was handed in, so errors will count as warnings."
    ),
    "audits.saved.lenient": (
        "The contributor had asked and waited for an answer: errors are kept as warnings."
    ),
    "audits.saved.unmatched": (
        "Not in the guidelines: {sections}. The contributor gets it as you wrote it, without a"
        " quotation."
    ),
    "audits.form.verdict": "Verdict",
    "audits.form.accepted": "Accept",
    "audits.form.rejected": "Reject",
    "audits.form.finding": "*Finding {n}* · leave it empty if there is none",
    "audits.form.category": "Category",
    "audits.form.category.placeholder": "What kind of thing is it?",
    "audits.form.severity": "Severity",
    "audits.form.severity.placeholder": "As the category says, else an error",
    "audits.form.section": "Guideline section",
    "audits.form.section.placeholder": "4.2 Occluded objects (empty: the category's own)",
    "audits.form.section.choose": "Choose one (empty: the category's own)",
    "audits.form.section.search": "Type to search (empty: the category's own)",
    "audits.form.section.absent": "Not in the guidelines",
    "audits.form.section.written": "“{text}”, as I wrote it",
    "audits.form.note": "Note",
    "audits.form.note.placeholder": "What you saw, and what it should be",
    "audits.form.add": "Add another finding",
    "audits.severity.error": "Error",
    "audits.severity.warning": "Warning",
    "audits.severity.praise": "Praise",
    # Saved.
    "audits.saved.title": "Audit saved",
    "audits.saved.accepted": "*Task {task}* by {name}: accepted.",
    "audits.saved.rejected": "*Task {task}* by {name}: rejected.",
    "audits.saved.findings.one": "1 finding.",
    "audits.saved.findings.other": "{n} findings.",
    "audits.saved.corrected": "It takes the place of your earlier audit.",
    "audits.saved.nothing_sent": "There is nothing to fix, so nothing is sent.",
    "audits.saved.taken_back": "If {name} was told of your earlier findings, they learn that these"
    " no longer hold.",
    # What the contributor reads.
    "audits.feedback.rejected": "Task {task} was audited and needs another look",
    "audits.feedback.accepted": "Task {task} was audited and accepted, with a note for you",
    "audits.feedback.praise": "Well done on task {task}",
    "audits.feedback.corrected": "The audit of task {task} was corrected; this is what holds now",
    "audits.feedback.taken_back": "The audit of task {task} was corrected: the earlier findings no"
    " longer hold",
    "audits.feedback.superseded": "The audit of task {task} was corrected since; the newer message"
    " holds",
    "audits.feedback.place": "{project} · audited {at}",
    "audits.feedback.finding": "*{category}* · {severity}",
    "audits.feedback.uncategorised": "Finding",
    "audits.feedback.section": "Guideline section: {section}",
    "audits.feedback.acknowledge": "Acknowledge",
    "audits.feedback.thanks": "Thanks",
    "audits.feedback.dispute": "Dispute",
    "audits.feedback.more": "There is more than fits here; the rest is shown when you dispute it.",
    "audits.feedback.how": "*Acknowledge* says that you have read it. If you see it differently,"
    " *Dispute* takes it to somebody else, within seven working days.",
    "audits.feedback.acknowledged": "You acknowledged this.",
    "audits.feedback.thanked": "You have read this.",
    "audits.state.disputed": "You dispute this. Until somebody else has decided, it is not counted"
    " as an error.",
    "audits.state.upheld": "Your dispute was decided: the finding stands.",
    "audits.state.late": "Your dispute was decided after its time: the finding stands, and is not"
    " counted as an error.",
    "audits.state.overturned": "Your dispute was decided: the finding does not count.",
    "audits.line.feedback": "Feedback on task {task} is here for you",
    "audits.line.praise": "Praise for your work on task {task}",
    "audits.line.taken_back": "The earlier findings on task {task} no longer hold",
    "audits.line.reminder": "Feedback on task {task} is waiting for you to read it",
    "audits.line.read": "Read",
    # What cannot be done.
    "error.not_allowed_record_audit": (
        "Audits are recorded by the auditors and managers of a squad. A manager can make you an"
        " auditor with `/squad`."
    ),
    "error.not_allowed_read_dispute": "This is for the managers of the squad.",
    "error.own_work": "This is your own work, and nobody audits their own. Another auditor can.",
    "error.unknown_submission": "This task is no longer there. `/audit TASK` looks it up again.",
    "error.unknown_task": (
        "I know of no task “{task}” in your squads. Work comes in with `muster import submissions`,"
        " or when a manager drops the tool's export in a direct message to me."
    ),
    "error.unknown_task_near": (
        "I know of no task “{task}” in your squads. Did you mean one of these: {near}? Work that is"
        " missing comes in with `muster import submissions`, or when a manager drops the tool's"
        " export in a direct message to me."
    ),
    "error.unknown_task_of": (
        "{name} did not hand in task “{task}”. `/audit {task}` finds who did, without telling you"
        " before the audit is saved."
    ),
    "error.never_met": "I have no work of this person in your squads.",
    "error.no_work_of": (
        "I have no work of {name} in your squads yet. It comes in with `muster import submissions`."
    ),
    "error.all_audited": "All work of {name} that I have is audited. `/audit TASK` opens any"
    " of it.",
    "error.audit_arguments": (
        "I expected a task, as in `/audit T-1042`, or one person, as in `/audit @ana`."
    ),
    "error.reject_needs_finding": (
        "A rejected task needs at least one finding that says what is wrong: a note and a section."
    ),
    "error.finding_needs_note": "Please say in a few words what you saw.",
    "error.finding_needs_section": (
        "Please name the guideline section that says so; this category has none of its own."
    ),
    "error.category_gone": "This category is not in use any more. Please choose another.",
    "error.enough_findings": "One audit holds up to {limit} findings.",
    "error.no_feedback": "This feedback is no longer there.",
    "error.not_your_feedback": "Only the person whose work was audited can do this.",
    "error.dispute_which": "Please choose at least one finding.",
    "error.cannot_dispute": (
        "There is nothing here to dispute any more: it was disputed before, or the audit was"
        " corrected since."
    ),
    "error.nobody_to_decide": (
        "Nobody else in your squad or among the admins may decide it. Please ask an admin to name a"
        " manager or another auditor (`/muster grant @someone manager`), and then dispute it."
    ),
    "error.dispute_closed": "This dispute is no longer open.",
}
