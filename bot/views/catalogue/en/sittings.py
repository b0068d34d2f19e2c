"""Words of sittings: the form, its ways on, the certificate, and the message of all findings."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    # The form.
    "sittings.form.save": "Save and next",
    "sittings.form.changed": ":arrows_counterclockwise: *This task was handed in anew while you"
    " looked at it.* Nothing was saved; what you see now is the new work. What you filled in is"
    " still there.",
    "sittings.form.rework": ":repeat: This came back fixed after a rejection.",
    "sittings.form.followup": (
        "A follow-up after coaching, drawn at random. It does not count in the score; judge it as"
        " you would any other."
    ),
    "sittings.form.risk": ":mag: Chosen because errors are likely here: {reasons}. It does not"
    " count in the score.",
    "sittings.form.repeat": "Repeat last finding",
    "sittings.form.snippet": "Use a kept note",
    "sittings.form.keep": "Keep this note",
    "sittings.form.drop": "Drop a kept note",
    "sittings.form.dropped": "The note is dropped.",
    "sittings.form.kept": ":white_check_mark: Kept as “{name}”.",
    "sittings.form.skip": "Skip, because …",
    "sittings.form.undo": "Undo last",
    "sittings.form.stop": "Stop here",
    "sittings.form.undone": ":leftwards_arrow_with_hook: Taken back. This is how you left it.",
    "sittings.progress.single": "Drawn for {project}",
    "sittings.progress.done": "*{n} of {total}*",
    "sittings.progress.each": "{seconds} s each",
    "sittings.progress.finish": "done about {time}",
    "sittings.progress.due": "by {time}",
    "sittings.progress.holds": "by {time} holds",
    "sittings.progress.late": ":warning: by {time} does not hold at this pace",
    "sittings.saved.accepted": ":white_check_mark: Saved: {task} by {name}, accepted.",
    "sittings.saved.rejected": ":white_check_mark: Saved: {task} by {name}, rejected.",
    "sittings.because_no_access": "No access to it",
    "sittings.because_changed": "No longer what was handed in",
    "sittings.because_own_work": "My own work",
    "sittings.because_unclear": "Guidelines do not say",
    "sittings.because_other": "Another reason …",
    "sittings.skip.title": "Skip this task",
    "sittings.skip.why": "Why is it left out?",
    "sittings.skip.send": "Skip",
    "sittings.next": "Next task",
    "sittings.begin": "Start",
    "sittings.resume": "Resume",
    "sittings.taken.title": "Taken meanwhile",
    "sittings.taken": "*Task {task}* is with another auditor: after an hour without you it was"
    " free again. Nothing of yours was saved for it.",
    "sittings.taken.kept": "This is what you had typed. `/audit {task}` records it as an audit of"
    " its own.",
    "sittings.single.done": "There is nothing else to do for this one.",
    "sittings.ended.title": "Done",
    # Starting, and splitting.
    "sittings.started.invited": "I drew tasks in {place} for {people}. They have been told, and"
    " the tasks are kept for them for an hour.",
    "sittings.started.part": "{name} ({n})",
    "sittings.started.again": "This was started a moment ago.",
    "sittings.invitation.title.one": "{name} drew a task of {project} for you to audit.",
    "sittings.invitation.title.other": "{name} drew {n} tasks of {project} for you to audit.",
    "sittings.invitation.due": "They should be done by {time}.",
    "sittings.invitation.held": "They are kept for you for an hour; later, *Start* draws what is"
    " left.",
    "sittings.home": "*Your audits in {project}:* {done} of {total} done",
    # The certificate.
    "sittings.certificate.title": "Your sitting in {project}",
    "sittings.certificate.done": "*{n} of {wanted} audited.*",
    "sittings.certificate.random.one": "1 was drawn at random, from {population} pieces of work.",
    "sittings.certificate.random.other": "{n} were drawn at random, from {population} pieces of"
    " work.",
    "sittings.certificate.rate": "Accepted: {rate} (95 % interval {interval}).",
    "sittings.certificate.reason": "{n} × {reason}",
    "sittings.certificate.skipped": "Skipped: {reasons}.",
    "sittings.certificate.each": "Time for each: {time}.",
    "sittings.certificate.clean": "No findings, so nothing is sent.",
    "sittings.certificate.found.one": "1 finding leaves now, in its contributor's working hours.",
    "sittings.certificate.found.other": "{n} findings leave now, one message for each of {people}"
    " contributors, in their working hours.",
    "sittings.certificate.when": "{project} · {begun} – {ended}",
    "sittings.certificate.at": "{project} · {at}",
    "sittings.certificate.note": "A mistake? `/audit TASK` corrects it.",
    # What a contributor reads.
    "sittings.bundle.title.one": "A task of yours was audited, with a note for you",
    "sittings.bundle.title.other": "{n} tasks of yours were audited, with notes for you",
    "sittings.bundle.nothing": "These audits were corrected; nothing here holds any more",
    "sittings.bundle.accepted": "*Task {task}* · accepted",
    "sittings.bundle.rejected": "*Task {task}* · needs another look",
    "sittings.bundle.disputed": "_You dispute this; until it is decided it is not counted as an"
    " error._",
    "sittings.bundle.acknowledge": "Acknowledge all",
    "sittings.bundle.more": "and {n} more, on your Home tab",
    "sittings.bundle.cut": "There is more than fits here; all of it is on your Home tab.",
    "sittings.bundle.line.one": "Feedback on a task is here for you",
    "sittings.bundle.line.other": "Feedback on {n} tasks is here for you",
    "sittings.bundle.remind.one": "Feedback on a task is waiting for you to read it",
    "sittings.bundle.remind.other": "Feedback on {n} tasks is waiting for you to read it",
    "kind.sittings.invitation": "tasks drawn for an auditor",
    "kind.sittings.feedback": "findings of a sitting",
    "kind.sittings.reminder": "reminder of findings",
    "kind.sittings.certificate": "certificate of a sitting",
    # Why work is looked at.
    "risk.category": "many errors in “{about}” lately",
    "risk.section": "many errors against “{about}” lately",
    "risk.open_questions": "open questions about “{about}”",
    "risk.version": "made under the new guidelines {about}",
    "risk.batch": "batch {about}",
    "risk.first_tasks": "among somebody's first tasks in this project",
    # What cannot be done.
    "error.not_allowed_split_sitting": "Splitting audits between people is for the managers of the"
    " squad. `/audit start 20` draws some for yourself.",
    "error.sitting_count": "I draw between 1 and {limit} tasks at a time, as in `/audit start 20`.",
    "error.sitting_arguments": "I expected a number, and maybe a time and a project, as in"
    " `/audit start 200 by 17:00 in Boxes`.",
    "error.sitting_past": "{by} has passed: it is {now} now ({zone}). Please name a later time"
    " today, or none.",
    "error.sitting_place": "I know of no squad or project “{place}” that you audit for. There is:"
    " {known}.",
    "error.sitting_no_project": "Your squad has no project yet. A manager sets one up with"
    " `/squad project`.",
    "error.sitting_which": "You audit for several: {places}. Please say which, as in"
    " `/audit next in …`.",
    "error.sitting_open": "You are in the middle of it: {done} of {total} are done. `/audit resume`"
    " goes on, `/audit stop` ends it.",
    "error.sitting_none": "You have no sitting under way. `/audit start 20` begins one.",
    "error.sitting_gone": "This is no longer there for you. `/audit resume` shows what is.",
    "error.sitting_nothing": "Nothing is left to audit in {place}: all that was drawn is done, or"
    " somebody has it before them, or it is your own work. `/audit TASK` opens any task.",
    "error.sitting_nothing_to_undo": "There is nothing to take back here.",
    "error.sitting_told": "The contributor has been told of task {task}, so it cannot be undone"
    " quietly. `/audit {task}` corrects it, and tells them.",
    "error.sitting_no_finding": "There is no finding to repeat yet.",
    "error.sitting_no_note": "Please type a note first; then I keep it for you.",
    "error.sitting_cannot_audit": "{names} cannot audit in {squad}. A manager can make somebody an"
    " auditor with `/squad`.",
    "error.sitting_too_few": "That is less than one task for each of {n} people.",
}
