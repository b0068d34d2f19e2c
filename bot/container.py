"""The bundle that every door is given: what the bot can do, say and reach."""

from dataclasses import dataclass
from pathlib import Path

from bot.clock import Clock
from bot.dispatch.dispatcher import Dispatcher
from bot.rules.composing import Composer
from bot.services.bundle import Services
from bot.slack.gateways import Gateways
from bot.views.words import Languages


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """Everything a handler or job may use; put into Bolt's context under the name `container`.

    `suggests` is whether the peer asks us for suggestions while somebody types; Slack does, a
    local one does not.
    """

    clock: Clock
    services: Services
    gateways: Gateways
    languages: Languages
    dispatcher: Dispatcher
    composer: Composer | None
    version: str
    root: Path
    suggests: bool = True
