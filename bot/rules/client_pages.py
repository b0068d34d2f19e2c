"""Pages for a client: drafted from a squad's figures without names, edited, released."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.rules.calendar import DateSpan
from bot.rules.forecasts import BatchForecast
from bot.rules.numbers import Rate
from bot.rules.quality import CategoryErrors

BODY_LIMIT: Final = 3_000
BODY_FIELD: Final = "client_body"
CHANNEL_FIELD: Final = "client_channel"
LISTED: Final = 3
"""Released pages in a list; each is long, and the older ones stand in the channel."""
POST: Final = "client_pages.post"


class PageState(StrEnum):
    """Whether the client may read a page."""

    DRAFT = "draft"
    RELEASED = "released"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFigures:
    """What a draft says of a project: nothing about any one person."""

    project: str
    score: Rate
    target: float | None
    handed_in: int
    top: tuple[tuple[CategoryErrors, str | None], ...]
    dates: tuple[BatchForecast, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFigures:
    """What a draft is written from."""

    squad_id: int
    squad: str
    span: DateSpan
    projects: tuple[ProjectFigures, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as it stands."""

    page_id: int
    squad_id: int
    squad: str
    span: DateSpan
    body: str
    state: PageState
    channel: str | None
    released_at: datetime | None
