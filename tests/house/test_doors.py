"""Every button, form, command, event and kind of delivery has its listener, and vice versa."""

import importlib
import inspect
import json
import pkgutil
import typing
from collections.abc import Iterator
from datetime import UTC, date, datetime, time

import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.kwargs_injection.async_args import AsyncArgs

import bot.views
from bot.container import Container
from bot.dispatch.kinds import all_kinds
from bot.errors import BadInput
from bot.rules.blockers import BlockerKind
from bot.rules.coaching import CoachingKind
from bot.rules.draws import SkipReason
from bot.rules.findings import MOST_FINDINGS
from bot.rules.intake import FileKind
from bot.rules.oneonone_terms import LINK_LIMIT, PEOPLE_LIMIT
from bot.rules.outbox import TODAY
from bot.rules.payloads import VALUE_LIMIT, Nothing, Payload
from bot.rules.people import Status
from bot.rules.projects import CATEGORIES_LIMIT, NAME_LIMIT
from bot.rules.snoozing import Snooze
from bot.rules.squads import SyncKind
from bot.views import (
    agenda,
    agenda_lists,
    audits,
    blockers,
    bundles,
    certificates,
    client_pages,
    coaching,
    coaching_effects,
    commands,
    disputes,
    duty,
    edge_cases,
    escalations,
    figure_lists,
    findings,
    gaps,
    home,
    imports,
    oneonone_notes,
    oneonone_packs,
    oneonone_setups,
    oneonones,
    pulse,
    pulse_notes,
    questions,
    reworks,
    rulings,
    sittings,
    squad_forms,
    squads,
    standing,
    status_cases,
    status_forms,
    timeoff,
    today,
    verified,
)
from bot.views import projects as project_views
from handlers.doors import CommandEntry, Doors
from handlers.features import doors
from handlers.guard import Answer
from handlers.requests import Click, Command, Event, Form, Query, SecretClick, SecretForm, Shortcut
from handlers.switchboard import Switchboard
from models import Effect
from tests.fakes.slack import Manifest
from tests.handlers import gathering_doors
from tests.harness import House
from tests.house import walk

OPTION_LIMIT = 150  # docs.slack.dev/reference/block-kit: the value of a menu's option
DAY = date(2026, 12, 31)
KEY = 10**12  # more rows than a table of ours will hold

# The longest that each payload gets; text is cut where it is built, see below.
LONGEST: list[Payload] = [
    Nothing(),
    agenda.AboutAgenda(squad_id=KEY, kind=SyncKind.TOUCHPOINT, offset=KEY),
    agenda.AboutMeeting(meeting_id=KEY),
    agenda.AboutTopic(
        topic_id=KEY, squad_id=KEY, kind=SyncKind.TOUCHPOINT, offset=KEY, listed=True
    ),
    agenda_lists.AboutAction(action_id=KEY, squad_id=KEY, listed=True),
    agenda_lists.NewTopicForm(
        squad_id=KEY, channel="C" * 20, message_ts="1" * 20, thread_ts="1" * 20
    ),
    agenda_lists.NotesMetadata(meeting_id=KEY, revision=KEY),
    *gathering_doors.payloads(KEY),
    audits.Chosen(submission_id=KEY),
    audits.FormState(submission_id=KEY, findings=MOST_FINDINGS),
    blockers.AboutBlocker(blocker_id=KEY, here=False),
    blockers.Picked(squad_id=KEY, kind=BlockerKind.TOOL_DOWN),
    client_pages.AboutPage(page_id=KEY),
    coaching.Member(squad_id=KEY, person_id=KEY),
    coaching.Prefilled(member="x" * OPTION_LIMIT, kind=CoachingKind.COACHING, body=""),
    coaching.About(coaching_id=KEY, here=False),
    coaching_effects.OfSquadPayload(squad_id=KEY),
    oneonone_packs.OfDay(day=DAY),
    oneonone_packs.OfMeeting(one_on_one_id=KEY),
    oneonone_notes.Offer(one_on_one_id=KEY, revision=KEY, start=datetime(2026, 12, 31, tzinfo=UTC)),
    oneonone_notes.Noting(one_on_one_id=KEY, revision=KEY, manages=False),
    oneonones.AboutPair(pair_id=KEY),
    oneonones.AboutTopic(topic_id=KEY),
    oneonones.AboutMeeting(one_on_one_id=KEY, revision=KEY),
    oneonones.SetupIn(squad_id=KEY),
    oneonone_setups.PlanFor(squad_id=KEY, zone="America/Argentina/ComodRivadavia"),
    oneonone_setups.PlanIt(
        squad_id=KEY,
        every=4,
        minutes=60,
        days=list(range(7)),
        start=time(10),
        end=time(16),
        zone="America/Argentina/ComodRivadavia",
        link="x" * LINK_LIMIT,
        people=[10**8] * PEOPLE_LIMIT,
    ),
    commands.RunCommand(command="timeoff"),
    duty.AboutCase(escalation_id=KEY),
    figure_lists.AboutFigures(squad_id=KEY, project_id=KEY, first=DAY, last=DAY),
    figure_lists.AboutCategory(squad_id=KEY, project_id=KEY, first=DAY, last=DAY, category_id=KEY),
    gaps.AboutGap(squad_id=KEY, key="0" * 16),
    gaps.AboutSquad(squad_id=KEY),
    pulse_notes.Addressed(squad_id=KEY, token="0" * 40),
    pulse_notes.Token(token="0" * 40),
    pulse_notes.AboutNote(mark="0" * 64),
    pulse_notes.Inbox(),
    pulse.AboutPoll(poll_id=KEY),
    pulse.Vote(poll_id=KEY, question_id=KEY, value=10, token="0" * 40),
    pulse.Written(poll_id=KEY, question_id=KEY, token="0" * 40),
    edge_cases.EdgeMeta(squad_id=KEY, project_id=KEY, finding_id=KEY),
    verified.AboutVerified(verified_id=KEY),
    duty.TermsOf(squad_id=KEY),
    escalations.AboutAsked(question_id=KEY),
    escalations.Joining(question_id=KEY, escalation_id=KEY),
    findings.About(audit_id=KEY, here=False),
    bundles.OfBundle(sitting_id=KEY, window=KEY, here=False),
    certificates.Opening(sitting_id=KEY),
    sittings.OfSitting(sitting_id=KEY),
    sittings.SeatState(
        sitting_id=KEY, draw_id=KEY, revision=KEY, shown=10**14, findings=MOST_FINDINGS, turn=KEY
    ),
    sittings.Skipping(reason=SkipReason.NO_ACCESS),
    sittings.Using(snippet_id=KEY),
    disputes.AboutCase(dispute_id=KEY, here=False),
    rulings.AboutDispute(dispute_ids=[KEY] * MOST_FINDINGS),
    rulings.Deciding(dispute_ids=[KEY] * MOST_FINDINGS),
    rulings.AboutReviews(dispute_id=KEY, squad_id=KEY),
    rulings.AboutReview(review_id=KEY),
    home.Rehearsed(squad_id=KEY),
    imports.ImportFile(file="F" + "0" * 12, kind=FileKind.SUBMISSIONS, squad=KEY, project=KEY),
    project_views.OpenProject(squad_id=KEY, project_id=KEY),
    questions.AboutQuestion(question_id=KEY),
    questions.Chosen(question_id=KEY, squad_id=KEY, project_id=KEY),
    project_views.ProjectMeta(
        squad_id=KEY,
        project_id=KEY,
        name='"' * NAME_LIMIT,
        categories=tuple([10**8] * CATEGORIES_LIMIT),
        batches=tuple([10**8] * project_views.BATCHES_SHOWN),
    ),
    squad_forms.CreateForm(zone="America/Argentina/ComodRivadavia"),
    squad_forms.SettingsForm(squad_id=KEY),
    reworks.AboutRework(rework_id=KEY),
    reworks.AboutSquad(squad_id=KEY),
    reworks.Own(),
    squads.GoLive(squad_id=KEY),
    status_cases.AboutCase(case_id=KEY),
    status_forms.CaseForm(squad_id=KEY, person_id=KEY, status=Status.OFFBOARDED),
    standing.OfSquad(squad_id=KEY),
    timeoff.CancelTimeOff(absence_id=KEY, listed=False),
    today.OfLine(delivery_id=KEY, choice=Snooze.TOMORROW),
    today.OfToday(carrier_id=KEY),
]
# What forms carry makes no key: theirs is the id of the view.
IN_FORMS = (
    audits.FormState,
    coaching.Prefilled,
    oneonone_setups.PlanFor,
    oneonone_setups.PlanIt,
    sittings.SeatState,
    project_views.ProjectMeta,
    squad_forms.CreateForm,
    squad_forms.SettingsForm,
    status_forms.CaseForm,
)
IN_MENUS = (
    audits.Chosen,
    coaching.Member,
    imports.ImportFile,
    questions.Chosen,
    sittings.Skipping,
    sittings.Using,
    today.OfLine,
)


@pytest.fixture(scope="module")
def tables() -> Doors:
    return doors()


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    return Manifest.read(walk.ROOT / "manifest.yml")


def payload_classes(base: type[Payload] = Payload) -> Iterator[type[Payload]]:
    for each in pkgutil.walk_packages(bot.views.__path__, "bot.views."):
        importlib.import_module(each.name)
    for derived in base.__subclasses__():
        if derived.__module__.startswith("bot."):
            yield derived
        yield from payload_classes(derived)


def every_id(tables: Doors) -> set[str]:
    return {*tables.clicks, *tables.forms, *tables.secret_clicks, *tables.secret_forms}


# Ids of buttons and forms


def test_every_id_that_a_view_names_has_a_listener(tables: Doors) -> None:
    named = walk.ids_in_views()
    lonely = {
        place: name
        for name, place in named.items()
        if name not in {*every_id(tables), commands.RUN}
    }
    assert lonely == {}
    assert every_id(tables) - set(named) == set(), "nobody shows these any more"


def test_every_button_and_menu_is_named_by_such_an_id(tables: Doors) -> None:
    strange = [
        f"{place} {value}"
        for place, value in walk.button_ids()
        if value not in {*tables.clicks, *tables.secret_clicks, commands.RUN}
    ]
    assert strange == []


def test_a_form_that_can_be_sent_is_listened_to_and_no_other(tables: Doors) -> None:
    modals = list(walk.modals())
    sendable = {*tables.forms, *tables.secret_forms}
    assert {name for _, name, sent in modals if sent} == sendable
    assert [place for place, name, sent in modals if not sent and name in sendable] == []


# Commands and events


def test_the_commands_are_those_of_the_manifest(tables: Doors, manifest: Manifest) -> None:
    assert {f"/{name}" for name in tables.commands} == manifest.commands


def test_the_shortcuts_are_those_of_the_manifest(tables: Doors, manifest: Manifest) -> None:
    assert {("message", name) for name in tables.shortcuts} == manifest.shortcuts


async def test_every_event_of_the_manifest_is_answered(house: House, manifest: Manifest) -> None:
    ada = house.slack.add_user("Ada", tz="Europe/London", is_admin=True)
    team = house.slack.add_channel("team", members=[ada])
    await house.mention(ada, "help", team)
    assert house.slack.ephemerals(team, ada)
    await house.say(ada, "help")
    closed = house.slack.add_channel("closed", members=[ada], private=True)
    await house.say(ada, "Good morning", closed)
    assert house.slack.dm(ada)
    await house.open_home(ada)
    await house.drain()
    assert house.slack.home(ada) is not None
    assert house.slack.features_used >= {f"event:{name}" for name in manifest.events}


def test_every_event_with_a_listener_is_in_the_manifest(tables: Doors, manifest: Manifest) -> None:
    assert set(tables.events) - manifest.events == set()


# Listeners


def listeners(tables: Doors) -> Iterator[tuple[str, object, type, type]]:
    for name, entry in tables.commands.items():
        assert isinstance(entry, CommandEntry)
        yield f"/{name}", entry.run, Command, type(None)
    for name, click in tables.clicks.items():
        yield name, click, Click, type(None)
    for name, secret in tables.secret_clicks.items():
        yield name, secret, SecretClick, type(None)
    for name, unsigned in tables.secret_forms.items():
        yield name, unsigned, SecretForm, Answer
    for name, form in tables.forms.items():
        yield name, form, Form, Answer
    for name, event in tables.events.items():
        yield name, event, Event, type(None)
    for name, query in tables.queries.items():
        assert name in tables.forms
        yield name, query, Query, list
    for name, shortcut in tables.shortcuts.items():
        yield name, shortcut, Shortcut, type(None)


def test_every_listener_is_a_coroutine_of_request_and_container(tables: Doors) -> None:
    for name, run, request, result in listeners(tables):
        assert inspect.iscoroutinefunction(run), name
        hints = typing.get_type_hints(run)
        given = [typing.get_origin(each) or each for each in hints.values()]
        assert given == [request, Container, result], name
        assert list(inspect.signature(run).parameters)[1:] == ["container"], name


def test_bolt_knows_every_argument_that_a_listener_names(tables: Doors) -> None:
    """It hands over None for a name that it does not know, and says nothing."""
    app = AsyncApp(token="xoxb-1", signing_secret="x")
    Switchboard(tables).attach(app)
    known = set(inspect.signature(AsyncArgs.__init__).parameters)
    attached = app._async_listeners
    assert len(attached) == 7
    for listener in attached:
        named = set(listener.arg_names) - {"self"}
        assert named <= known - {"kwargs"}, listener.ack_function


# Payloads


def test_every_payload_is_tried() -> None:
    assert {type(each) for each in LONGEST} == set(payload_classes())


@pytest.mark.parametrize("payload", LONGEST, ids=lambda each: type(each).__qualname__)
def test_a_payload_fits_and_comes_back(payload: Payload) -> None:
    text = payload.encode()
    limit = OPTION_LIMIT if isinstance(payload, IN_MENUS) else VALUE_LIMIT
    assert len(text) <= limit
    assert type(payload).decode(text) == payload


@pytest.mark.parametrize("payload", LONGEST, ids=lambda each: type(each).__qualname__)
def test_a_payload_of_another_version_is_an_old_button(payload: Payload) -> None:
    fields = json.loads(payload.encode())
    others = [
        {**fields, "v": payload.version + 1},
        {key: value for key, value in fields.items() if key != "v"},
        {**fields, "added_later": 1},
        [],
    ]
    for text in [*map(json.dumps, others), "", "yes", '{"v":', None]:
        with pytest.raises(BadInput, match="old_button"):
            type(payload).decode(text)


@pytest.mark.parametrize(
    "payload",
    [each for each in LONGEST if not isinstance(each, IN_FORMS)],
    ids=lambda each: type(each).__qualname__,
)
def test_a_clicks_effect_key_fits_its_column(payload: Payload) -> None:
    """PostgreSQL refuses a longer one; `handlers.switchboard` makes it of these parts."""
    longest = max(map(len, doors().clicks))
    key = f"click:{'x' * longest}:{payload.encode()}:{'U' * 11}"
    assert len(key) <= Effect.key.type.length


@pytest.mark.parametrize("letter", ['"', "\\", "\n", "字", "\x01", "a"])
def test_what_people_typed_never_makes_a_button_too_long(letter: str) -> None:
    words = bot.views.catalogue.load().of(None)
    for length in (10, 1000, 1999, 10_000):
        text = letter * length
        for shown in (
            commands.open_form(words, "coach", text),
            commands.continue_privately(words, "coach", text),
        ):
            value = shown["blocks"][-1]["elements"][0]["value"]
            carried = commands.RunCommand.decode(value).text
            assert carried in {text, ""}
        view = coaching.form(words, [], body=text)
        assert len(view["private_metadata"]) <= VALUE_LIMIT


# Kinds of delivery


def test_every_kind_that_is_planned_is_known_and_no_other() -> None:
    planned = {planned.kind for planned in walk.intents()}
    assert planned == {kind.name for kind in all_kinds()}


def test_what_may_wait_for_today_can_be_a_line_of_it() -> None:
    lines = {kind.name for kind in all_kinds() if kind.line is not None}
    folded = {
        planned.kind: planned.place
        for planned in walk.intents()
        if planned.to_person and planned.may_fold and planned.kind != TODAY
    }
    assert folded
    assert {kind: place for kind, place in folded.items() if kind not in lines} == {}


def test_a_kind_is_there_once() -> None:
    names = [kind.name for kind in all_kinds()]
    assert sorted(names) == sorted(set(names))
