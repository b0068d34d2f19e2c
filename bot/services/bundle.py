"""All services, each made when it is first asked for: a start needs few of them.

Their modules, with the rules and statements under them, are two thirds of the program; a process
connects before it has loaded them, and a command of the shell loads its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.clock import Clock
from bot.store.database import Database

if TYPE_CHECKING:
    from bot.rules.composing import Composer
    from bot.rules.pulse_themes import Grouper
    from bot.services.action_items import ActionItems
    from bot.services.agenda import Agendas
    from bot.services.announcement_offers import AnnouncementOffers
    from bot.services.announcements import Announcements
    from bot.services.audits import Audits
    from bot.services.backups import Backups
    from bot.services.ballots import Ballots
    from bot.services.blockers import Blockers
    from bot.services.bundles import Bundles
    from bot.services.citations import Citations
    from bot.services.client_pages import ClientPages
    from bot.services.coaching import Coaching
    from bot.services.coaching_effects import CoachingEffects
    from bot.services.digests import Digests
    from bot.services.disputes import Disputes
    from bot.services.duty import Duty
    from bot.services.edge_cases import EdgeCases
    from bot.services.erasure import Erasure
    from bot.services.escalations import Escalations
    from bot.services.explaining import Explaining
    from bot.services.figure_lists import FigureLists
    from bot.services.forecasts import Forecasts
    from bot.services.gaps import GapFinder
    from bot.services.guidelines import Guidelines
    from bot.services.home import Home
    from bot.services.housekeeping import Housekeeping
    from bot.services.imports import Imports
    from bot.services.installations import Installations
    from bot.services.kept import Likeness
    from bot.services.meetings import Meetings
    from bot.services.members import Members
    from bot.services.oneonone_notes import MeetingNotes
    from bot.services.oneonone_packs import Packs
    from bot.services.oneonone_roster import OneOnOneKeeper
    from bot.services.oneonone_setups import OneOnOneSetups
    from bot.services.oneonones import OneOnOnes
    from bot.services.outbox import Outbox
    from bot.services.people import People
    from bot.services.privacy import Privacy
    from bot.services.projects import Projects
    from bot.services.pulse import Pulse
    from bot.services.pulse_clock import PulseClock
    from bot.services.pulse_notes import Notes
    from bot.services.pulse_results import PollResults
    from bot.services.pulse_themes import PollThemes
    from bot.services.questions import Questions
    from bot.services.reminders import Reminders
    from bot.services.reports import Reports
    from bot.services.retention import Retention
    from bot.services.reworks import Reworks
    from bot.services.sampling import Sampling
    from bot.services.schedules import Schedules
    from bot.services.sections import SectionSearch
    from bot.services.session_quizzes import SessionQuizzes
    from bot.services.sessions import Sessions
    from bot.services.sittings import Sittings
    from bot.services.squads import Squads
    from bot.services.standing import Standings
    from bot.services.status_cases import StatusCases
    from bot.services.syncs import Syncs
    from bot.services.timeoff import TimeOff
    from bot.services.verified import VerifiedAnswers
    from bot.services.why import Explanations
    from bot.services.workspaces import Workspaces


class _Part(NamedTuple):
    """The module of a service and its class; what it needs beside database and clock."""

    module: str
    kind: str
    needs: tuple[str, ...] = ()


PARTS: Final[Mapping[str, _Part]] = MappingProxyType(
    {
        "action_items": _Part("action_items", "ActionItems"),
        "agenda": _Part("agenda", "Agendas", ("citations",)),
        "announcement_offers": _Part("announcement_offers", "AnnouncementOffers"),
        "announcements": _Part("announcements", "Announcements"),
        "audits": _Part("audits", "Audits", ("citations",)),
        "backups": _Part("backups", "Backups"),
        "ballots": _Part("ballots", "Ballots", ("pulse_key",)),
        "blockers": _Part("blockers", "Blockers"),
        "bundles": _Part("bundles", "Bundles", ("citations",)),
        "citations": _Part("citations", "Citations"),
        "client_pages": _Part("client_pages", "ClientPages"),
        "coaching": _Part("coaching", "Coaching"),
        "digests": _Part("digests", "Digests"),
        "disputes": _Part("disputes", "Disputes", ("citations",)),
        "duty": _Part("duty", "Duty", ("guidelines",)),
        "edge_cases": _Part("edge_cases", "EdgeCases"),
        "effects": _Part("coaching_effects", "CoachingEffects"),
        "erasure": _Part("erasure", "Erasure"),
        "escalations": _Part("escalations", "Escalations", ("likeness",)),
        "explaining": _Part("explaining", "Explaining"),
        "explanations": _Part("why", "Explanations"),
        "figure_lists": _Part("figure_lists", "FigureLists", ("citations",)),
        "forecasts": _Part("forecasts", "Forecasts"),
        "gaps": _Part("gaps", "GapFinder"),
        "guidelines": _Part("guidelines", "Guidelines"),
        "home": _Part("home", "Home"),
        "housekeeping": _Part("housekeeping", "Housekeeping"),
        "imports": _Part("imports", "Imports", ("citations",)),
        "installations": _Part("installations", "Installations"),
        "meeting_notes": _Part("oneonone_notes", "MeetingNotes"),
        "meetings": _Part("meetings", "Meetings"),
        "members": _Part("members", "Members"),
        "notes": _Part("pulse_notes", "Notes"),
        "oneonone_keeper": _Part("oneonone_roster", "OneOnOneKeeper"),
        "oneonone_setups": _Part("oneonone_setups", "OneOnOneSetups"),
        "oneonones": _Part("oneonones", "OneOnOnes"),
        "outbox": _Part("outbox", "Outbox"),
        "packs": _Part("oneonone_packs", "Packs", ("citations",)),
        "people": _Part("people", "People"),
        "privacy": _Part("privacy", "Privacy"),
        "projects": _Part("projects", "Projects"),
        "pulse": _Part("pulse", "Pulse", ("pulse_key", "has_model")),
        "pulse_clock": _Part("pulse_clock", "PulseClock", ("pulse_key",)),
        "pulse_results": _Part("pulse_results", "PollResults"),
        "pulse_themes": _Part("pulse_themes", "PollThemes", ("pulse_results", "grouper")),
        "questions": _Part("questions", "Questions", ("guidelines", "likeness", "composer")),
        "reminders": _Part("reminders", "Reminders"),
        "reports": _Part("reports", "Reports"),
        "retention": _Part("retention", "Retention"),
        "reworks": _Part("reworks", "Reworks"),
        "sampling": _Part("sampling", "Sampling"),
        "schedules": _Part("schedules", "Schedules"),
        "sections": _Part("sections", "SectionSearch", ("citations",)),
        "session_quizzes": _Part("session_quizzes", "SessionQuizzes", ("citations",)),
        "sessions": _Part("sessions", "Sessions"),
        "sittings": _Part("sittings", "Sittings", ("citations",)),
        "squads": _Part("squads", "Squads"),
        "standings": _Part("standing", "Standings"),
        "status_cases": _Part("status_cases", "StatusCases"),
        "syncs": _Part("syncs", "Syncs"),
        "timeoff": _Part("timeoff", "TimeOff"),
        "verified": _Part("verified", "VerifiedAnswers"),
        "workspaces": _Part("workspaces", "Workspaces"),
        "likeness": _Part("kept", "Likeness"),
    }
)
"""A test makes all of them and compares each with what `Services` says that it is."""

_BARE: Final = frozenset({"likeness"})


class Services:
    """One attribute a capability, named like its file on every floor."""

    action_items: ActionItems
    agenda: Agendas
    announcement_offers: AnnouncementOffers
    announcements: Announcements
    audits: Audits
    backups: Backups
    ballots: Ballots
    blockers: Blockers
    bundles: Bundles
    citations: Citations
    client_pages: ClientPages
    coaching: Coaching
    digests: Digests
    disputes: Disputes
    duty: Duty
    edge_cases: EdgeCases
    effects: CoachingEffects
    erasure: Erasure
    escalations: Escalations
    explaining: Explaining
    explanations: Explanations
    figure_lists: FigureLists
    forecasts: Forecasts
    gaps: GapFinder
    guidelines: Guidelines
    home: Home
    housekeeping: Housekeeping
    imports: Imports
    installations: Installations
    meeting_notes: MeetingNotes
    meetings: Meetings
    members: Members
    notes: Notes
    oneonone_keeper: OneOnOneKeeper
    oneonone_setups: OneOnOneSetups
    oneonones: OneOnOnes
    outbox: Outbox
    packs: Packs
    people: People
    privacy: Privacy
    projects: Projects
    pulse: Pulse
    pulse_clock: PulseClock
    pulse_results: PollResults
    pulse_themes: PollThemes
    questions: Questions
    reminders: Reminders
    reports: Reports
    retention: Retention
    reworks: Reworks
    sampling: Sampling
    schedules: Schedules
    sections: SectionSearch
    session_quizzes: SessionQuizzes
    sessions: Sessions
    sittings: Sittings
    squads: Squads
    standings: Standings
    status_cases: StatusCases
    syncs: Syncs
    timeoff: TimeOff
    verified: VerifiedAnswers
    workspaces: Workspaces
    likeness: Likeness

    def __init__(
        self,
        database: Database,
        clock: Clock,
        composer: Composer | None = None,
        pulse_key: bytes = b"",
        grouper: Grouper | None = None,
    ) -> None:
        self._ground = (database, clock)
        self.composer = composer
        self.pulse_key = pulse_key
        self.grouper = grouper
        self.has_model = grouper is not None

    if not TYPE_CHECKING:  # or a misspelt name would pass for any service

        def __getattr__(self, name: str) -> object:
            """Make a service and keep it. Raises AttributeError if there is none of that name."""
            part = PARTS.get(name)
            if part is None:
                raise AttributeError(name)
            kind = getattr(import_module(f"bot.services.{part.module}"), part.kind)
            ground = () if name in _BARE else self._ground
            made = kind(*ground, *(getattr(self, need) for need in part.needs))
            setattr(self, name, made)
            return made

    async def close(self) -> None:
        """Close what was opened."""
        if "guidelines" in vars(self):
            await self.guidelines.close()


def build(
    database: Database,
    clock: Clock,
    composer: Composer | None = None,
    pulse_key: bytes = b"",
    grouper: Grouper | None = None,
) -> Services:
    """Return the services on one database and one clock.

    `composer` and `grouper` are a language model, if any. `pulse_key` makes the tokens of polls;
    without it none can be made.
    """
    return Services(database, clock, composer, pulse_key, grouper)
