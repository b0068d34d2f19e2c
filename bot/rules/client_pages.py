"""Pages for a client: drafted from a squad's figures without names, edited, released."""

from enum import StrEnum


class PageState(StrEnum):
    """Whether the client may read a page."""

    DRAFT = "draft"
    RELEASED = "released"
    DISCARDED = "discarded"
