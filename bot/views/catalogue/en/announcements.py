"""Words of announcements: the post, the reminder in Today, the forms and the list."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "command.announce.what": "tell squads something that everybody has to get",
    "command.announce.usage": "/announce [what you want to say]",
    "command.announce.example": "/announce From Monday on we use version 2 of the guidelines.",
    "announcements.title": "Announcement from {name}",
    "announcements.modal": "Announcement",
    "announcements.for": "For {squads}",
    "announcements.was_edited": "edited",
    "announcements.count.one": "one of {asked} has got it",
    "announcements.count.other": "{n} of {asked} have got it",
    "announcements.reply_by": ":speech_balloon: Please reply by {due}.",
    "announcements.got": "Got it",
    "announcements.read": "Read",
    "announcements.reply": "Reply",
    "announcements.send": "Send",
    "announcements.details": "Details",
    "announcements.edit": "Edit",
    "announcements.ask": "Ask for replies by…",
    "announcements.withdraw": "Withdraw",
    "announcements.withdraw.title": "Withdraw it?",
    "announcements.withdraw.text": "The post will only say that it was withdrawn.",
    "announcements.withdrawn": "This was withdrawn.",
    "announcements.withdrawn.post": "_{title}: withdrawn._",
    "announcements.line": "{title}: {text}",
    "announcements.line.reply": "{title} (please reply by {due}): {text}",
    "announcements.kept": "Noted, thank you.",
    "announcements.sent": "Your reply is kept, thank you. You can change it with the same button.",
    "announcements.count_line": "Your announcement: {count}. “{text}”",
    "announcements.reply.label": "Your reply",
    "announcements.reply.hint": "Whoever manages the squad reads it, with your name.",
    "announcements.form.title": "Announce",
    "announcements.form.squads": "To which squads",
    "announcements.form.text": "What you want to say",
    "announcements.form.text.hint": (
        "It is posted in each team channel with a Got it button. Who has not clicked it finds it"
        " in Today, at most twice. It mentions nobody."
    ),
    "announcements.form.reply_by": "Replies by",
    "announcements.form.reply_by.hint": (
        "Leave it empty if a click is enough. Else a day, as in 2026-03-12, or a day and time."
    ),
    "announcements.form.ask.hint": "A day, as in 2026-03-12, or a day and time.",
    "announcements.form.ask_hint": (
        "The posts change without a notification. Who has got it already is not asked again, but"
        " can reply."
    ),
    "announcements.form.send": "Announce",
    "announcements.form.edit_hint": (
        "The posts change without a notification. Who has got it already is not asked again."
    ),
    "announcements.made.one": "Announced to {squads}: one person is to get it.",
    "announcements.made.other": "Announced to {squads}: {n} people are to get it.",
    "announcements.made.rehearsal": (
        "{squads} is in rehearsal: nothing is posted there. Home shows what would have been sent,"
        " and you are asked about this one when it goes live."
    ),
    "announcements.made.no_channel": (
        "{squads} has no team channel: people there find it in Today instead."
    ),
    "announcements.edit.saved": "Saved. The posts are changed in a moment.",
    "announcements.details.count_only": "Who has got it is for the squad's managers to see.",
    "announcements.waits.one": "Waiting for one",
    "announcements.waits.other": "Waiting for {n}",
    "announcements.have_got.one": "One has got it",
    "announcements.have_got.other": "{n} have got it",
    "announcements.held.one": (
        "One announcement was not posted while it rehearsed. Look at it once more, and send it if"
        " it still holds:"
    ),
    "announcements.held.other": (
        "{n} announcements were not posted while it rehearsed. Look at them once more, and send"
        " what still holds:"
    ),
    "announcements.held.item": "• “{text}”",
    "announcements.held.line": (
        "{squad} is live. While it rehearsed, your announcement was not posted there: “{text}”"
    ),
    "announcements.held.button": "Announce it now",
    "announcements.offer": (
        "Version {version} of the guidelines of {project} is here. You may announce it."
    ),
    "announcements.offer.button": "Announce it",
    "announcements.offer.text": "Version {version} of the guidelines of {project} is here.",
    "announcements.offer.changed": "New or changed:",
    "kind.announcement.post": "announcement",
    "kind.announcement.line": "announcement to confirm",
    "kind.announcement.count": "count of an announcement",
    "kind.announcement.held": "announcement of a rehearsal",
    "kind.announcement.offer": "offer to announce new guidelines",
    "error.not_allowed_announce": (
        "Announcements are made, changed and withdrawn by the managers of the squads they are for."
    ),
    "error.announcement_nobody": "Please tick at least one squad.",
    "error.announcement_gone": "This announcement is not for you, or not there any more.",
    "error.announcement_withdrawn": "This announcement was withdrawn. There is nothing to do.",
    "error.announcement_posted": (
        "This one was announced already, or withdrawn. There is nothing left to send."
    ),
    "error.announcement_reply": "This one asks for a reply in words: use its Reply button.",
    "error.announcement_not_asked": (
        "This one does not wait for you: you wrote it yourself, or have another role."
    ),
    "error.reply_by_past": "This is over already. Please give a day that is still to come.",
    "error.guidelines_announced": (
        "New guidelines of this project were announced within the last day already. Once a day is"
        " enough; you can edit that announcement instead."
    ),
    "error.version_gone": "That version of the guidelines is not there any more.",
}
