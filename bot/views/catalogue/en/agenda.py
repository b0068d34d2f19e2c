"""English sentences of meetings: their agendas, topics, notes and action items."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "command.agenda.usage": "/agenda [add [for review | for client] TOPIC | review | client]",
    "command.agenda.example": "/agenda add Are half-hidden signs to be labelled?",
    "command.agenda.what": "Read what is on the next sync's agenda, and put something on it.",
    "command.agenda.help": "`/agenda session`: plan a training or working session (managers)",
    "kind.agenda.post": "an agenda",
    "kind.actions.due": "an action item",
    "agenda.kind.sync": "sync",
    "agenda.kind.review": "delivery review",
    "agenda.kind.touchpoint": "client touchpoint",
    # The post.
    "agenda.post.fallback": "{name}, {when}: agenda",
    "agenda.post.title": "*{name}* {when}",
    "agenda.post.join": "Join",
    "agenda.post.leads": "{name} leads",
    "agenda.post.removed": "this meeting was removed",
    "agenda.post.quiet": "Nothing to talk about so far.",
    "agenda.post.cut": "More stands behind “Show all”.",
    "agenda.button.add": "Add a topic",
    "agenda.button.note": "Notes and actions",
    "agenda.button.all": "Show all",
    "agenda.button.skip": "Skip today's sync",
    "agenda.button.close": "Close",
    "agenda.button.done": "Done",
    "agenda.button.older": "Earlier ones",
    "agenda.button.newer": "Later ones",
    "agenda.topics.one": "*One topic*",
    "agenda.topics.other": "*{n} topics*",
    "agenda.topics.more.one": "One more topic: “Show all”.",
    "agenda.topics.more.other": "{n} more topics: “Show all”.",
    "agenda.topic": "• {text}\n_{facts}_",
    "agenda.topic.new": "new",
    "agenda.topic.age.one": "since yesterday",
    "agenda.topic.age.other": "open for {n} working days",
    "agenda.topic.by": "from {name}",
    "agenda.topic.source": "message",
    "agenda.actions.due.one": "*Due: one action*",
    "agenda.actions.due.other": "*Due: {n} actions*",
    "agenda.action": "{name}: {text}",
    "agenda.action.by": "{name}: {text} (by {day})",
    "agenda.action.done": ":white_check_mark: {action}",
    "agenda.focus": "*Look out for: {category}* ({project}), {errors} since the last time",
    "agenda.focus.errors.one": "one error",
    "agenda.focus.errors.other": "{n} errors",
    "agenda.focus.section": "The guidelines, {section}:",
    "agenda.focus.example": "For example, {n} people or more handed in: `{label}`",
    "agenda.focus.own": "An example of theirs:",
    "agenda.rulings.one": "*A new ruling*",
    "agenda.rulings.other": "*{n} new rulings*",
    "agenda.answers.one": "*A new answer*",
    "agenda.answers.other": "*{n} new answers*",
    "agenda.news": "• {title} → {text}",
    "agenda.answered.one": "One question was answered.",
    "agenda.answered.other": "{n} questions were answered.",
    "agenda.waiting": "*Overdue:* {what}",
    "agenda.waiting.feedback.one": "one feedback to read",
    "agenda.waiting.feedback.other": "{n} feedbacks to read",
    "agenda.waiting.questions.one": "one question to answer",
    "agenda.waiting.questions.other": "{n} questions to answer",
    "agenda.waiting.disputes.one": "one dispute to decide",
    "agenda.waiting.disputes.other": "{n} disputes to decide",
    "agenda.pace": "*{project}:* {done} tasks handed in since the last time",
    "agenda.pace.planned": "*{project}:* {done} of {planned} planned tasks since the last time",
    "agenda.away": "Away today: {names}",
    "agenda.back": "Back: {names}",
    "agenda.praise": ":tada: Praise for {name}: {text}",
    "agenda.left_out": "There is no meeting on {days}.",
    "agenda.left_out.why": "{day}, {why}",
    "agenda.left_out.next": "The next one is on {day}.",
    "agenda.skipped": "*{name}* {when} is skipped. Its topics wait for the next one.",
    "agenda.skipped.by": "Skipped by {name}.",
    "agenda.line": "{name} of {squad}, {when}: {topics}",
    "agenda.line.topics.one": "one topic",
    "agenda.line.topics.other": "{n} topics",
    "agenda.noted.decisions": "*Decided*",
    "agenda.noted.notes": "*Notes*",
    "agenda.noted.actions.one": "*One action*",
    "agenda.noted.actions.other": "*{n} actions*",
    "agenda.noted.by": "Written by {name}.",
    # The list.
    "agenda.list.window": "Agenda",
    "agenda.list.title": "*Next {kind} of {squad}* {when}",
    "agenda.list.title.unplanned": (
        "*Next {kind} of {squad}*: none is planned. A manager plans one with `/squad schedule`."
    ),
    "agenda.list.fallback": "The agenda of {squad}",
    "agenda.list.none": "No topics yet.",
    "agenda.list.actions.one": "*One open action*",
    "agenda.list.actions.other": "*{n} open actions*",
    "agenda.list.page": "{first} to {last} of {total}",
    # Forms.
    "agenda.form.title": "Add a topic",
    "agenda.form.text": "What is it about?",
    "agenda.form.kind": "For which meeting?",
    "agenda.form.kind_hint": (
        "A topic of a client touchpoint is posted where the digests go: name nobody in it."
    ),
    "agenda.form.submit": "Add",
    "agenda.added": "It is on the agenda of the next {kind} of {squad}, {when}.",
    "agenda.added.unplanned": (
        "It is on the agenda of {squad}'s next {kind}. None is planned yet; it waits."
    ),
    "agenda.added.client": "It is posted where the digests go, so it should name nobody.",
    "agenda.added.cause.dispute": "It closes by itself once the dispute is decided.",
    "agenda.added.cause.feedback": "It closes by itself once the feedback is settled.",
    "agenda.added.cause.question": "It closes by itself once the question is answered.",
    "agenda.notes.title": "Notes and actions",
    "agenda.notes.decisions": "What was decided?",
    "agenda.notes.notes": "Notes",
    "agenda.notes.actions": (
        "*Who does what?* Each action comes back in its owner's Today from its day on, until done."
    ),
    "agenda.notes.action": "Action {n}",
    "agenda.notes.owner": "Who",
    "agenda.notes.due": "By when",
    "agenda.notes.somebody": "Somebody",
    "agenda.notes.clash": (
        "{name} wrote on these notes meanwhile. This is what stands there; yours is below. Make one"
        " of both and save again: what you save takes its place."
    ),
    "agenda.notes.saved": "Saved: the notes of {name}. They stand in its post.",
    "agenda.notes.come_back": "They come back in their owners' Today on their days.",
    # Action items.
    "agenda.action.line": "To do: {text}",
    "agenda.action.line.due": "To do today: {text}",
    "agenda.action.line.late": "To do, since {day}: {text}",
    "agenda.action.is_done": "Done: {text}",
    # What goes wrong.
    "error.not_allowed_join_meeting": (
        "Agendas are read by the people of a squad. Ask one of its managers to add you."
    ),
    "error.not_allowed_lead_meeting": (
        "Whoever leads the meeting, or a manager of the squad, can skip it."
    ),
    "error.not_allowed_topic": (
        "A topic is closed by whoever added it, by whoever leads the meeting, or by a manager."
    ),
    "error.not_allowed_action": "An action is closed by its owner or by a manager of the squad.",
    "error.topic_empty": "Please say what it is about.",
    "error.topic_long": "A topic has at most {limit} characters. Please say it in fewer.",
    "error.topic_gone": "This topic is not there any more.",
    "error.agenda_full": (
        "There are {limit} open topics already, more than anybody can talk about. Please close"
        " some first: `/agenda`."
    ),
    "error.meeting_gone": "This meeting is not there any more.",
    "error.meeting_over": "This meeting is over, so it cannot be skipped any more.",
    "error.notes_long": "These are more than {limit} characters. Please shorten them.",
    "error.action_empty": "Please say what is to be done.",
    "error.action_long": "An action has at most {limit} characters. The rest fits into the notes.",
    "error.action_past": "{day} is past. Please choose today or a later day.",
    "error.action_far": "{day} is more than a year away. Please choose an earlier day.",
    "error.action_gone": "This action is not there any more.",
    "error.action_owner": "Please say who does it.",
    "error.owner_no_member": "They are not in this squad. Please choose somebody who is.",
}
