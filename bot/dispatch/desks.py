"""Sets the desk at which a kind writes: services, and the words of whoever will read."""

from collections.abc import Callable, Iterable
from functools import cached_property

from bot.clock import Clock
from bot.dispatch.drawing import Drawer
from bot.dispatch.kind import Desk, Kind
from bot.rules.gate import Recipient, SquadFacts
from bot.services.bundle import Services
from bot.views.words import Languages


class Desks:
    """Makes desks; knows every kind by name, and asks for them when the first one is needed."""

    def __init__(
        self,
        *,
        services: Services,
        languages: Languages,
        drawer: Drawer,
        clock: Clock,
        kinds: Callable[[], Iterable[Kind]],
    ) -> None:
        self._services = services
        self._languages = languages
        self._drawer = drawer
        self._clock = clock
        self._make = kinds

    @cached_property
    def _kinds(self) -> dict[str, Kind]:
        return {kind.name: kind for kind in self._make()}

    def kind(self, name: str, version: int) -> Kind | None:
        """Return a kind, None if this version of the program does not know it."""
        kind = self._kinds.get(name)
        return kind if kind is not None and version in kind.versions else None

    def desk(self, recipient: Recipient | None, squad: SquadFacts | None, url: str) -> Desk:
        """Return a desk in the recipient's language; a channel reads its squad's.

        `url` is the team's address in Slack.
        """
        locale = recipient.locale if recipient else None
        return Desk(
            services=self._services,
            words=self._languages.of(locale or (squad.language if squad else None)),
            drawer=self._drawer,
            now=self._clock.now(),
            recipient=recipient,
            url=url,
            kinds=self._kinds,
        )
