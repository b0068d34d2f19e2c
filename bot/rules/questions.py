"""Questions as records: how they were asked, what was found for them, and what became of them."""

from enum import StrEnum


class AskedVia(StrEnum):
    """How a question reached us."""

    COMMAND = "command"  # typed for the asker's eyes only
    DIRECT = "direct"
    MENTION = "mention"  # in a channel, where others read it too
    THREAD = "thread"  # a follow-up without a mention
    SHORTCUT = "shortcut"  # about somebody's message


class Outcome(StrEnum):
    """What was found."""

    WAITING = "waiting"  # the asker has not said yet which project it is about
    VERIFIED = "verified"  # an expert answered the same before
    SURE = "sure"
    UNSURE = "unsure"
    NONE = "none"  # the guidelines do not answer it
    UNLOADED = "unloaded"  # there are no guidelines
