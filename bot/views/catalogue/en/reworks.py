"""English sentences of rework, for whoever mends a task and for the managers of the squad."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "kind.reworks.due": "tasks that have to be fixed today",
    "kind.reworks.overdue": "tasks that should have been fixed",
    "kind.reworks.late": "how many tasks of a squad should have been fixed",
    # In the message about the audit.
    "reworks.note.due": "*Please fix this task by {when}* and press *Fixed*; an auditor then looks"
    " at it again.",
    "reworks.note.open": "*Please fix this task* and press *Fixed*; an auditor then looks at it"
    " again.",
    "reworks.note.stopped": "You need not fix this task while your dispute is open: its clock"
    " stands still. If you fix it all the same, that says nothing about your dispute.",
    "reworks.note.fixed": "You fixed this task. An auditor looks at it again.",
    "reworks.note.kept_back": "You fixed this task. An auditor looks at it once your dispute is"
    " decided.",
    "reworks.note.accepted": "Your fix was accepted. Thank you.",
    "reworks.note.returned": "Your fix was looked at and needs one more round; the newer message"
    " says what is left.",
    "reworks.note.cancelled": "There is nothing to fix in this task any more.",
    "reworks.fix": "Fixed",
    # Saying that it is fixed.
    "reworks.form.title": "Fixed",
    "reworks.form.intro": "*Task {task}* goes to an auditor once more.",
    "reworks.form.note": "A note to the auditor",
    "reworks.form.note.placeholder": "What you changed, if it is not plain to see",
    "reworks.form.send": "It is fixed",
    "reworks.done": "Thank you. *Task {task}* is with the auditors now; you hear from me if"
    " anything is left to fix.",
    "reworks.done.kept_back": "Thank you. *Task {task}* goes to the auditors once your dispute is"
    " decided.",
    # One's own list.
    "reworks.mine.title.one": "1 task came back to you",
    "reworks.mine.title.other": "{n} tasks came back to you",
    "reworks.mine.none": "Nothing came back to you: there is no task to fix.",
    "reworks.item.due": "{task} ({project}): please fix it by {when}",
    "reworks.item.overdue": "{task} ({project}): it was due {when}. If something keeps you from"
    " fixing it, tell your manager.",
    "reworks.item.open": "{task} ({project}): please fix it",
    "reworks.item.stopped": "{task} ({project}): waits for your dispute to be decided",
    "reworks.item.fixed": "{task} ({project}): fixed, an auditor looks at it",
    "reworks.show": "Show",
    "reworks.due.one": "Task {task} has to be fixed today",
    "reworks.due.other": "{n} tasks have to be fixed today",
    "reworks.overdue.one": "Task {task} should have been fixed by now. If something keeps you from"
    " it, tell your manager",
    "reworks.overdue.other": "{n} tasks should have been fixed by now. If something keeps you from"
    " it, tell your manager",
    # The auditor.
    "reworks.audit": "This came back: it was rejected before, and has been fixed since.",
    "reworks.audit.noted": "This came back: it was rejected before, and has been fixed since. What"
    " was changed:",
    # The managers.
    "reworks.late.one": "In {squad} 1 task that was sent back is overdue",
    "reworks.late.other": "In {squad} {n} tasks that were sent back are overdue",
    "reworks.squad.open.one": "1 task is back with its contributor",
    "reworks.squad.open.other": "{n} tasks are back with their contributors",
    "reworks.squad.overdue": "{n} overdue",
    "reworks.squad.orphaned": "{n} with nobody at work in the squad",
    "reworks.squad.window": "Rework",
    "reworks.squad.title": "Tasks to be fixed in {squad}",
    "reworks.squad.item": "*{task}* · {name}",
    "reworks.squad.nobody": "no name",
    "reworks.squad.due": "due {when}, their time",
    "reworks.squad.was_due": "was due {when}, their time",
    "reworks.squad.stopped": "stands still while it is disputed",
    "reworks.squad.gone": "paused or left, so it stays until you cancel it",
    "reworks.squad.round": "round {n}",
    "reworks.squad.more": "Only the most pressing ones that you may see are listed.",
    "reworks.squad.unnamed": "Your squad shows figures of single people to nobody else, so only the"
    " counts are shown.",
    "reworks.cancel": "Cancel",
    "reworks.cancel.title": "Cancel this rework?",
    "reworks.cancel.text": "The task need not be fixed any more. Its audit stays as it is.",
    "reworks.cancel.yes": "Cancel it",
    "reworks.cancel.no": "Keep it",
    # What cannot be done.
    "error.rework_gone": "This task did not come back to anybody, or not any more.",
    "error.not_your_rework": "Only the person whom the task came back to can do this.",
    "error.rework_fixed": "You have said that this task is fixed; an auditor looks at it.",
    "error.rework_settled": "There is nothing to fix in this task any more.",
    "error.own_rework": "It is your own task that came back, so another manager decides about it.",
    "error.not_allowed_cancel_rework": "This is for the managers of the squad.",
}
