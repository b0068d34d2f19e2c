"""What a kind of delivery is: how it is said when its turn comes, from what is true by then."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.dispatch.drawing import Drawer
from bot.rules.gate import Recipient
from bot.rules.outbox import Delivery, UnknownPolicy
from bot.rules.snoozing import Topic
from bot.services.bundle import Services
from bot.views.blocks import Message, View
from bot.views.outbox import Line
from bot.views.words import Words


@dataclass(frozen=True, slots=True)
class HomeView:
    """A Home tab, for the operation publish."""

    view: View


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file, for the operation upload; `content` is asked for only when the bytes are needed.

    `comment` is mrkdwn, already escaped; it stands above the file.
    """

    filename: str
    content: Callable[[], Awaitable[bytes]]
    title: str
    alt_text: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Drop:
    """It no longer holds; nothing is sent, and `reason` is kept."""

    reason: str


@dataclass(frozen=True, slots=True)
class Later:
    """Not yet: it is looked at again at `when`, and `reason` is kept."""

    when: datetime
    reason: str


Rendered = Message | Upload | HomeView | Drop | Later


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a kind works with: the services, the recipient's language, the drawer of charts.

    `recipient` is None for a channel. `kinds` are all kinds by name, `url` is the team's address.
    """

    services: Services
    words: Words
    drawer: Drawer
    now: datetime
    recipient: Recipient | None
    url: str
    kinds: Mapping[str, "Kind"] = field(repr=False)


Render = Callable[[Desk, Delivery], Awaitable[Rendered]]
MakeLine = Callable[[Desk, Delivery], Awaitable[Line | Drop]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of delivery. A new meaning of the same ids is a new version.

    `render` gives the message (or file, or Home tab); what `line` gives stands in a Today message,
    where class today and messages over budget go. A kind that may become a line has one, or its
    fallback text is the line. `policy` decides when nobody can tell whether it arrived.

    In a Today message its lines stand under `topic`. They can be snoozed unless `line_snoozes` is
    false; with `snoozes` a message of its own of class now can be as well. `ticks` offers Done:
    for lines that nothing else settles.
    """

    name: str
    render: Render
    line: MakeLine | None = None
    versions: frozenset[int] = frozenset({1})
    policy: UnknownPolicy = UnknownPolicy.AT_LEAST_ONCE
    topic: Topic = Topic.OTHER
    line_snoozes: bool = True
    snoozes: bool = False
    ticks: bool = False
