"""The tables of listeners: one entry a command, button, form or event, filled by features."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.container import Container
from bot.views.blocks import Block
from handlers.guard import Answer
from handlers.requests import Click, Command, Event, Form, Query, SecretClick, SecretForm, Shortcut

CommandRun = Callable[[Command, Container], Awaitable[None]]
ClickRun = Callable[[Click, Container], Awaitable[None]]
FormRun = Callable[[Form, Container], Awaitable[Answer]]
EventRun = Callable[[Event, Container], Awaitable[None]]
SecretClickRun = Callable[[SecretClick, Container], Awaitable[None]]
SecretFormRun = Callable[[SecretForm, Container], Awaitable[Answer]]
QueryRun = Callable[[Query, Container], Awaitable[list[Block]]]
ShortcutRun = Callable[[Shortcut, Container], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class CommandEntry:
    """A command; `private` ones are not carried out from a mention that others can read."""

    run: CommandRun
    private: bool


@dataclass(slots=True)
class Doors:
    """Every listener by its stable id; filled by the features' `register(doors)`."""

    commands: dict[str, CommandEntry] = field(default_factory=dict)
    clicks: dict[str, ClickRun] = field(default_factory=dict)
    forms: dict[str, FormRun] = field(default_factory=dict)
    events: dict[str, EventRun] = field(default_factory=dict)
    shortcuts: dict[str, ShortcutRun] = field(default_factory=dict)
    queries: dict[str, QueryRun] = field(default_factory=dict)
    secret_clicks: dict[str, SecretClickRun] = field(default_factory=dict)
    secret_forms: dict[str, SecretFormRun] = field(default_factory=dict)

    def command(self, name: str, run: CommandRun, *, private: bool = False) -> None:
        """Add a command by its bare name."""
        self.commands[name] = CommandEntry(run, private)

    def click(self, action_id: str, run: ClickRun) -> None:
        """Add a button or menu by its action id."""
        self.clicks[action_id] = run

    def form(self, callback_id: str, run: FormRun) -> None:
        """Add a form by its callback id."""
        self.forms[callback_id] = run

    def query(self, callback_id: str, run: QueryRun) -> None:
        """Add what suggests options in a form while somebody types, by the form's callback id."""
        self.queries[callback_id] = run

    def secret_click(self, action_id: str, run: SecretClickRun) -> None:
        """Add a button whose listener must not learn who clicked."""
        self.secret_clicks[action_id] = run

    def secret_form(self, callback_id: str, run: SecretFormRun) -> None:
        """Add a form whose listener must not learn who sent it."""
        self.secret_forms[callback_id] = run

    def event(self, event_type: str, run: EventRun) -> None:
        """Add an event by its type."""
        self.events[event_type] = run

    def shortcut(self, callback_id: str, run: ShortcutRun) -> None:
        """Add a shortcut of a message's menu by its callback id."""
        self.shortcuts[callback_id] = run
