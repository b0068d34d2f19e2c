"""What keeps people from working, and who should do something about it."""

from enum import StrEnum


class BlockerKind(StrEnum):
    """Why somebody cannot work."""

    NO_WORK = "no_work"
    TOOL_DOWN = "tool_down"
    NO_ACCESS = "no_access"
