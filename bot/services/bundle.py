"""All services, made once by the composition root."""

from dataclasses import dataclass

from bot.clock import Clock
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
from bot.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """One field a capability, named like its file on every floor."""

    announcement_offers: AnnouncementOffers
    announcements: Announcements
    action_items: ActionItems
    agenda: Agendas
    audits: Audits
    backups: Backups
    ballots: Ballots
    bundles: Bundles
    citations: Citations
    blockers: Blockers
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
    meetings: Meetings
    meeting_notes: MeetingNotes
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
    sampling: Sampling
    schedules: Schedules
    reminders: Reminders
    reports: Reports
    retention: Retention
    reworks: Reworks
    sections: SectionSearch
    session_quizzes: SessionQuizzes
    sessions: Sessions
    sittings: Sittings
    squads: Squads
    status_cases: StatusCases
    standings: Standings
    syncs: Syncs
    timeoff: TimeOff
    verified: VerifiedAnswers
    workspaces: Workspaces


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
    polls = PollResults(database, clock)
    library = Guidelines(database, clock)
    likeness = Likeness()
    citations = Citations(database, clock)
    return Services(
        announcement_offers=AnnouncementOffers(database, clock),
        announcements=Announcements(database, clock),
        action_items=ActionItems(database, clock),
        agenda=Agendas(database, clock, citations),
        audits=Audits(database, clock, citations),
        backups=Backups(database, clock),
        ballots=Ballots(database, clock, pulse_key),
        bundles=Bundles(database, clock, citations),
        citations=citations,
        blockers=Blockers(database, clock),
        client_pages=ClientPages(database, clock),
        coaching=Coaching(database, clock),
        digests=Digests(database, clock),
        disputes=Disputes(database, clock, citations),
        duty=Duty(database, clock, library),
        edge_cases=EdgeCases(database, clock),
        effects=CoachingEffects(database, clock),
        erasure=Erasure(database, clock),
        escalations=Escalations(database, clock, likeness),
        explaining=Explaining(database, clock),
        explanations=Explanations(database, clock),
        figure_lists=FigureLists(database, clock, citations),
        forecasts=Forecasts(database, clock),
        gaps=GapFinder(database, clock),
        guidelines=library,
        home=Home(database, clock),
        housekeeping=Housekeeping(database, clock),
        imports=Imports(database, clock, citations),
        installations=Installations(database, clock),
        meetings=Meetings(database, clock),
        meeting_notes=MeetingNotes(database, clock),
        members=Members(database, clock),
        notes=Notes(database, clock),
        oneonone_keeper=OneOnOneKeeper(database, clock),
        oneonone_setups=OneOnOneSetups(database, clock),
        oneonones=OneOnOnes(database, clock),
        outbox=Outbox(database, clock),
        packs=Packs(database, clock, citations),
        people=People(database, clock),
        privacy=Privacy(database, clock),
        projects=Projects(database, clock),
        pulse=Pulse(database, clock, pulse_key, has_model=grouper is not None),
        pulse_clock=PulseClock(database, clock, pulse_key),
        pulse_results=polls,
        pulse_themes=PollThemes(database, clock, polls, grouper),
        questions=Questions(database, clock, library, likeness, composer),
        sampling=Sampling(database, clock),
        schedules=Schedules(database, clock),
        reminders=Reminders(database, clock),
        reports=Reports(database, clock),
        retention=Retention(database, clock),
        reworks=Reworks(database, clock),
        sections=SectionSearch(database, clock, citations),
        session_quizzes=SessionQuizzes(database, clock, citations),
        sessions=Sessions(database, clock),
        sittings=Sittings(database, clock, citations),
        squads=Squads(database, clock),
        status_cases=StatusCases(database, clock),
        standings=Standings(database, clock),
        syncs=Syncs(database, clock),
        timeoff=TimeOff(database, clock),
        verified=VerifiedAnswers(database, clock),
        workspaces=Workspaces(database, clock),
    )
