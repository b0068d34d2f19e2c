"""Every button, form, command, event and kind of delivery has its listener, and vice versa."""

import importlib
import inspect
import json
import pkgutil
import typing
from collections.abc import Iterator

import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.kwargs_injection.async_args import AsyncArgs

import bot.views
from bot.container import Container
from bot.dispatch.kinds import all_kinds
from bot.errors import BadInput
from bot.rules.outbox import TODAY
from bot.rules.payloads import VALUE_LIMIT, Payload
from bot.views import coaching, commands
from handlers.doors import CommandEntry, Doors
from handlers.features import doors
from handlers.guard import Answer
from handlers.requests import Click, Command, Event, Form, Query, SecretClick, SecretForm, Shortcut
from handlers.switchboard import Switchboard
from models import Effect
from tests.fakes.slack import Manifest
from tests.harness import House
from tests.house import walk
from tests.house.longest import IN_FORMS, IN_MENUS, LONGEST, OPTION_LIMIT


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
    Switchboard(lambda: tables).attach(app)
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
