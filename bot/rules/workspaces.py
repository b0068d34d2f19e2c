"""A workspace as a person sees it: who administers it, and where that person stands."""

from dataclasses import dataclass

from bot.rules.people import Actor, PersonRef
from bot.rules.squads import Checklist, Squad


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """What `/muster setup` came to; `fresh` if the caller became the first admin by it."""

    admins: tuple[PersonRef, ...]
    fresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminsChanged:
    """Who administers the workspace now; `changed` is False if it was so already."""

    admins: tuple[PersonRef, ...]
    person: PersonRef
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SquadStanding:
    """One squad of a person: its managers, and for those who may arrange it what is left to do."""

    squad: Squad
    managers: tuple[PersonRef, ...]
    checklist: Checklist | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What `/muster` tells a person; without admins the workspace is not set up.

    `waiting` counts the messages that wait for this person.
    """

    actor: Actor
    admins: tuple[PersonRef, ...]
    squads: tuple[SquadStanding, ...]
    waiting: int = 0
