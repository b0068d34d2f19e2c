"""The switchboard: one Bolt listener for each kind of payload, looked up in typed tables.

A table instead of one Bolt listener per button keeps the cost of a click independent of how many
buttons there are (Bolt asks every listener in turn), and makes "unknown button" an entry like any
other rather than a missing acknowledgement.

Bolt is told to process before the response (`build_bolt`), else it asks every 10 ms whether a
listener has acknowledged, which with 200 forms in flight takes more time than storing them. So
whatever takes its time behind an acknowledgement goes on in a task of the switchboard's own.
"""

import asyncio
import re
from collections.abc import Callable, Coroutine
from functools import cached_property
from hashlib import sha256
from typing import Any, NamedTuple

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.container import Container
from bot.errors import BadInput, NotFound
from bot.rules import commands
from bot.rules.commands import Via
from bot.rules.people import Caller
from bot.views import commands as command_views
from handlers.doors import Doors
from handlers.guard import Answer, acknowledged, answered, suggested
from handlers.reply import Reply
from handlers.requests import (
    Command,
    Event,
    Form,
    Query,
    Shortcut,
    click_of,
    plain_values,
    response_url_of,
)

Body = dict[str, Any]


class Said(NamedTuple):
    """The message that a command was said in, and the key of its event."""

    ts: str
    thread_ts: str | None
    key: str


class Switchboard:
    """Turns Bolt's payloads into typed requests and runs them under the guards.

    `doors` is asked once: by `load`, or by the first payload.
    """

    def __init__(self, doors: Callable[[], Doors]) -> None:
        self._make = doors
        self._background: set[asyncio.Task[Any]] = set()

    @cached_property
    def _doors(self) -> Doors:
        return self._make()

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self._doors.commands)

    def load(self) -> None:
        """Fill the tables now, so that nobody's click waits for it."""
        _ = self._known

    def attach(self, app: AsyncApp) -> None:
        """Register one listener for each kind of payload."""
        anything = re.compile(".*", re.DOTALL)
        app.command(anything)(self.on_command)
        app.action(anything)(self.on_action)
        app.view_submission(anything)(self.on_form)
        app.view_closed(anything)(self.on_ignored)
        app.shortcut(anything)(self.on_shortcut)
        app.options(anything)(self.on_query)
        app.event(anything)(self.on_event)

    async def drain(self) -> None:
        """Wait for what still runs in the background (a clean stop)."""
        if self._background:
            await asyncio.wait(self._background)

    def _go_on(self, work: Coroutine[Any, Any, None]) -> None:
        """Let work go on behind the acknowledgement; `drain` waits for it."""
        self._keep(asyncio.create_task(work))

    def _keep(self, task: asyncio.Task[Any]) -> None:
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def on_ignored(self, ack: AsyncAck) -> None:
        """Acknowledge what nobody listens to; without it Slack shows an error."""
        await ack()

    async def on_command(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> None:
        """Acknowledge a slash command, then run it."""
        await ack()
        container: Container = context["container"]
        caller = Caller(_team(context), body["user_id"])
        typed = re.sub(r"^/(?:.*-)?", "", body["command"])
        read = commands.read(typed, body.get("text") or "", self._known)
        self._go_on(
            self.run_command(
                container,
                caller,
                read,
                Via.SLASH,
                channel=body.get("channel_id"),
                response_url=body.get("response_url"),
                trigger_id=body.get("trigger_id"),
            )
        )

    async def run_command(
        self,
        container: Container,
        caller: Caller,
        read: commands.Words,
        via: Via,
        *,
        channel: str | None,
        response_url: str | None = None,
        trigger_id: str | None = None,
        said: Said | None = None,
    ) -> None:
        """Run one parsed command, whichever way it came; `said` is the message it was said in."""
        words = container.languages.of(None)
        reply = Reply(
            container.gateways.for_team(caller.team_id),
            user_id=caller.user_id,
            channel=channel,
            response_url=response_url,
            trigger_id=trigger_id,
            thread_ts=said.thread_ts if said else None,
            rerun=(words, read.name, read.text),
        )
        digest = sha256(read.text.encode()).hexdigest()[:24]
        request = Command(
            caller=caller,
            name=read.name,
            text=read.text,
            channel=channel,
            via=via,
            reply=reply,
            words=words,
            key=f"cmd:{caller.user_id}:{read.name}:{digest}",
            message_ts=said.ts if said else None,
            thread_ts=said.thread_ts if said else None,
            event_key=said.key if said else None,
        )

        async def run() -> None:
            entry = self._doors.commands.get(read.name)
            if entry is None:
                raise NotFound("unknown_command", command=(read.name or read.text)[:40])
            if commands.wants_help(read.text) and read.name != "muster":
                await reply.privately(command_views.usage(words, read.name))
            elif entry.private and via is Via.MENTION:
                await reply.privately(command_views.continue_privately(words, read.name, read.text))
            else:
                await entry.run(request, container)

        await acknowledged(container, reply, words, run)

    async def on_action(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> None:
        """Acknowledge a click, then run it; a button of an older version gets a sentence."""
        await ack()
        container: Container = context["container"]
        click = click_of(container, body, _team(context))
        if click is None:
            return

        async def run() -> None:
            if click.action_id.startswith(command_views.RUN):
                again = command_views.RunCommand.decode(click.value)
                await self.run_command(
                    container,
                    click.caller,
                    commands.Words(again.command, again.text),
                    Via.BUTTON,
                    channel=click.channel,
                    response_url=response_url_of(body),
                    trigger_id=body.get("trigger_id"),
                )
                return
            secret = self._doors.secret_clicks.get(click.action_id.partition(":")[0])
            if secret is not None:
                await secret(click.anonymous(), container)
                return
            listener = self._doors.clicks.get(click.action_id)
            if listener is None:
                raise BadInput("old_button")
            await listener(click, container)

        self._go_on(acknowledged(container, click.reply, click.words, run))

    async def on_shortcut(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> None:
        """Acknowledge a choice from a message's menu, then run it."""
        await ack()
        container: Container = context["container"]
        listener = self._doors.shortcuts.get(body["callback_id"])
        if listener is None:
            return
        words = container.languages.of(None)
        caller = Caller(_team(context), body["user"]["id"])
        message = body.get("message") or {}
        channel = (body.get("channel") or {}).get("id")
        request = Shortcut(
            caller=caller,
            callback_id=body["callback_id"],
            text=message.get("text") or "",
            channel=channel,
            message_ts=message.get("ts"),
            thread_ts=message.get("thread_ts"),
            reply=Reply(
                container.gateways.for_team(caller.team_id),
                user_id=caller.user_id,
                channel=channel,
                response_url=body.get("response_url"),
                trigger_id=body.get("trigger_id"),
            ),
            words=words,
            key=f"shortcut:{body['callback_id']}:{caller.user_id}:{body.get('trigger_id')}",
        )
        self._go_on(
            acknowledged(container, request.reply, words, lambda: listener(request, container))
        )

    async def on_form(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> None:
        """Run a submitted form and answer it in the acknowledgement."""
        container: Container = context["container"]
        view = body["view"]
        words = container.languages.of(None)
        caller = Caller(_team(context), body["user"]["id"])
        form = Form(
            caller=caller,
            callback_id=view["callback_id"],
            metadata=view.get("private_metadata") or "",
            values=plain_values(view["state"]["values"]),
            reply=Reply(
                container.gateways.for_team(caller.team_id),
                user_id=caller.user_id,
                channel=None,
                trigger_id=body.get("trigger_id"),
            ),
            words=words,
            key=f"view:{view['id']}",
        )

        async def run() -> Answer:
            secret = self._doors.secret_forms.get(form.callback_id)
            if secret is not None:
                return await secret(form.unsigned(), container)
            listener = self._doors.forms.get(form.callback_id)
            if listener is None:
                raise BadInput("old_button")
            return await listener(form, container)

        answer, running = await answered(container, words, run)
        if running is not None:
            self._keep(running)
        await ack(**answer.acknowledgement())

    async def on_query(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> None:
        """Answer what is typed into a select of a form with suggestions."""
        container: Container = context["container"]
        view = body.get("view") or {}
        query = Query(
            caller=Caller(_team(context), body["user"]["id"]),
            callback_id=view.get("callback_id") or "",
            metadata=view.get("private_metadata") or "",
            typed=body.get("value") or "",
            words=container.languages.of(None),
        )
        listener = self._doors.queries.get(query.callback_id)
        options = []
        if listener is not None:
            options = await suggested(container, lambda: listener(query, container))
        await ack(options=options)

    def _on_words(self, container: Container, team_id: str, event: Body, key: str) -> bool:
        """Run what was said to us as a command; False if it was not said to us."""
        spoken = _spoken(event)
        if spoken is None or not isinstance(event.get("user"), str):
            return False
        via, text = spoken
        read = commands.said(text, self._known)
        self._go_on(
            self.run_command(
                container,
                Caller(team_id, event["user"]),
                read,
                via,
                channel=event.get("channel"),
                said=Said(str(event.get("ts")), event.get("thread_ts"), key),
            )
        )
        return True

    async def on_event(self, body: Body, context: AsyncBoltContext) -> None:
        """Let an event's listener run; Bolt acknowledges it meanwhile.

        A mention or direct message is a command; messages not meant for the bot, edits and other
        bots' words are dropped without being stored.
        """
        container: Container = context["container"]
        event = body["event"]
        if event.get("bot_id"):
            return
        key = f"event:{body['event_id']}"
        if event["type"] in {"app_mention", "message"} and not event.get("subtype"):
            # In a channel a mention is an event of its own; without one the thread counts.
            if self._on_words(container, _team(context), event, key):
                return
            if not event.get("thread_ts") or _names(event, context.bot_user_id):
                return
        listener = self._doors.events.get(_event_name(event))
        user = event.get("user")
        if listener is None or not isinstance(user, str):
            return
        words = container.languages.of(None)
        caller = Caller(_team(context), user)
        request = Event(
            caller=caller,
            type=event["type"],
            payload=event,
            reply=Reply(
                container.gateways.for_team(caller.team_id),
                user_id=user,
                channel=event.get("channel"),
                thread_ts=event.get("thread_ts"),
            ),
            words=words,
            key=key,
        )
        self._go_on(
            acknowledged(container, request.reply, words, lambda: listener(request, container))
        )


def _names(event: Body, bot_user_id: str | None) -> bool:
    """Tell whether a message mentions us: the mention comes as an event of its own."""
    return bot_user_id is not None and bot_user_id in commands.users(event.get("text") or "")


def _event_name(event: Body) -> str:
    """Return an event's name as the manifest has it: a message's says where it was said."""
    name = str(event["type"])
    if name != "message":
        return name
    place = str(event.get("channel_type"))
    return f"message.{ {'channel': 'channels', 'group': 'groups'}.get(place, place) }"


def _spoken(event: Body) -> tuple[Via, str] | None:
    """Return how a message was said to us and its text without our own name; None if it was not."""
    text = event.get("text") or ""
    if event["type"] == "app_mention":
        return Via.MENTION, re.sub(r"^.*?<@[UW][A-Z0-9]+(?:\|[^>]*)?>", "", text, count=1).strip()
    if event.get("channel_type") == "im":
        return Via.DIRECT, text.strip()
    return None


def _team(context: AsyncBoltContext) -> str:
    """Return the installation's team; a Slack Connect user's own team is another one."""
    result = context.authorize_result
    if result is None or result.team_id is None:
        raise RuntimeError("a request passed authorization without a team")
    return result.team_id
