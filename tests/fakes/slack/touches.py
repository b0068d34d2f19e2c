"""What a person does to a message or a view: clicks, picks, and searches in a select."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.blocks import interactive
from tests.fakes.slack.core import Core, Where, Who, id_of
from tests.fakes.slack.elements import OPTION_GROUP_LIST, OPTION_LIST
from tests.fakes.slack.inbound import Apply, Delivery, Inbound, expect_no_body
from tests.fakes.slack.inputs import initial_state, state_of
from tests.fakes.slack.methods_views import view_object
from tests.fakes.slack.records import Channel, Json, Message, User, View
from tests.fakes.slack.shapes import Spot

Target = Message | View


def find_element(target: Target, action_id: str, block_id: str | None = None) -> tuple[str, Json]:
    """(block_id, element) with this action id; AssertionError when a person would not see it."""
    found = [
        (block, element)
        for block, element in interactive(target.blocks)
        if element["action_id"] == action_id and block_id in (None, block)
    ]
    assert found, f"no element {action_id!r} here; there is {target.actions}"
    assert len(found) == 1, f"{action_id!r} is in blocks {[b for b, _ in found]}: name the block_id"
    return found[0]


def values_of(view: View) -> dict[str, dict[str, Json]]:
    """``state.values`` of a view: everything in it that has a state, by block and action."""
    values: dict[str, dict[str, Json]] = {}
    for block, element in interactive(view.blocks):
        if element["type"] in ("button", "overflow"):
            continue
        name = element["action_id"]
        state = view.typed.get((block, name), initial_state(element))
        values.setdefault(block, {})[name] = state
    return values


class Touches(Core):
    """Builds block_actions and block_suggestion requests from what is really on the screen."""

    def click(
        self,
        target: Target,
        action_id: str,
        user: Who,
        *,
        block_id: str | None = None,
        old_value: str | None = None,
    ) -> Inbound:
        """Presses a button with its real value and block.

        ``old_value`` presses a button as an older version of the bot had left it: the button
        need not be there any more.
        """
        if old_value is not None:
            button: Json = {"type": "button", "action_id": action_id, "value": old_value}
            button["text"] = {"type": "plain_text", "text": "…"}
            return self._touch(target, block_id or "old", button, button, user)
        block, element = find_element(target, action_id, block_id)
        assert element["type"] == "button", f"{action_id!r} is a {element['type']}: use select"
        action: Json = {
            k: element[k] for k in ("type", "text", "value", "url", "style") if k in element
        }
        return self._touch(target, block, element, action, user)

    def select(
        self,
        target: Target,
        action_id: str,
        user: Who,
        value: Any,
        *,
        block_id: str | None = None,
    ) -> Inbound:
        """Picks in a select, overflow, picker or choice; an input only if it dispatches."""
        block, element = find_element(target, action_id, block_id)
        holder = next(b for b in target.blocks if b["block_id"] == block)
        dispatches = holder["type"] != "input" or holder.get("dispatch_action")
        assert dispatches, f"{action_id!r} is an input without dispatch_action: it sends nothing"
        offered = target.offered.get((block, action_id)) if isinstance(target, View) else None
        state = state_of(element, value, offered)
        if isinstance(target, View):
            target.typed[block, action_id] = state
        return self._touch(target, block, element, state, user)

    def options(
        self,
        target: Target,
        action_id: str,
        user: Who,
        *,
        query: str = "",
        block_id: str | None = None,
    ) -> Inbound:
        """Types into an external select; the delivery's ``options`` are what it then shows."""
        block, element = find_element(target, action_id, block_id)
        assert "external" in element["type"], f"{action_id!r} does not ask for its options"
        payload = self._interaction("block_suggestion", user)
        payload |= {"action_id": action_id, "block_id": block, "value": query}
        payload |= self._origin(target, user)
        key = (block, action_id)
        return Inbound(
            core=self,
            name=f"options {action_id}",
            payload=payload,
            form="payload",
            apply=self._offer(target, key),
        )

    def _offer(self, target: Target, key: tuple[str, str]) -> Apply:
        def apply(delivery: Delivery) -> None:
            body = delivery.body if isinstance(delivery.body, dict) else {}
            groups, flat = body.get("option_groups"), body.get("options")
            spot = Spot()
            if groups:
                OPTION_GROUP_LIST(groups, spot)
            elif flat:
                OPTION_LIST(flat, spot)
            elif flat is None and groups is None:
                spot.complain("neither options nor option_groups")
            for problem in spot.problems:
                self.fail(f"options {key[1]}: {problem}")
            if not spot.problems:
                inner = [o for group in groups or [] for o in group["options"]]
                delivery.options = list(flat or []) + inner
                if isinstance(target, View):
                    target.offered[key] = delivery.options

        return apply

    def _touch(self, target: Target, block: str, element: Json, action: Json, user: Who) -> Inbound:
        name = element["action_id"]
        act = {**action, "action_id": name, "block_id": block, "action_ts": self.next_ts()}
        payload = self._interaction("block_actions", user)
        in_modal = isinstance(target, View) and target.type == "modal"
        payload["trigger_id"] = self.triggers.issue(id_of(user), from_modal=in_modal)
        payload |= self._origin(target, user)
        payload["actions"] = [act]
        return Inbound(
            core=self,
            name=f"action {name}",
            payload=payload,
            form="payload",
            apply=expect_no_body(self, f"action {name}"),
        )

    def _interaction(self, kind: str, user: Who) -> Json:
        """What every interactive payload begins with."""
        if not self.manifest.interactivity:
            self.fail(f"{kind}: interactivity is not enabled in the manifest")
        person = self.active(user)
        return {
            "type": kind,
            "team": {"id": self.team_id, "domain": "fake"},
            "user": self._who(person),
            "api_app_id": self.app_id,
            "token": "deprecated",
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def active(self, user: Who) -> User:
        """The person, who must still have an account to do anything."""
        person = self.users[id_of(user)]
        assert not person.deleted, "a deactivated person does nothing"
        return person

    def _who(self, person: User) -> Json:
        name = person.name.lower().replace(" ", ".")
        return {"id": person.id, "username": name, "name": name, "team_id": self.team_id}

    def _origin(self, target: Target, user: Who) -> Json:
        """Where the person touched: a message they can see, or a view of their own."""
        if isinstance(target, View):
            assert target.user == id_of(user), "nobody else can touch a person's view"
            here = self.views(user) if target.type == "modal" else [self.home(user)]
            assert target in here, "this view is not open any more"
            return {
                "container": {"type": "view", "view_id": target.id},
                "view": view_object(self, target, values_of(target)),
            }
        channel = self.channels[target.channel]
        self._sees(channel, target, user)
        token = self.response_urls.issue(id_of(user), channel.id, target)
        container = {
            "type": "message",
            "message_ts": target.ts,
            "channel_id": channel.id,
            "is_ephemeral": target.ephemeral_to is not None,
        }
        origin: Json = {
            "container": container,
            "channel": {"id": channel.id, "name": self.channel_name(channel)},
            "response_url": f"{self.root}/response/{token}",
            "state": {"values": {}},
        }
        if target.ephemeral_to is None:  # Slack does not send an ephemeral's content back
            origin["message"] = target.to_slack()
        return origin

    def _sees(self, channel: Channel, message: Message, user: Who) -> None:
        person = id_of(user)
        assert not message.deleted, "the message is gone"
        assert person in channel.members, f"{person} is not in {channel.id}"
        assert message.ephemeral_to in (None, person), "only one person sees this message"

    def channel_name(self, where: Where) -> str:
        """The name as interactive payloads give it; a private channel's is hidden there."""
        channel = self.channels[id_of(where)]
        return "privategroup" if channel.kind == "private" else channel.name
