"""Sending and closing forms: real ids, real limits, and the answer applied to the stack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.fakes.slack import limits
from tests.fakes.slack.blocks import interactive
from tests.fakes.slack.content import check_view, refuse
from tests.fakes.slack.core import Who, id_of
from tests.fakes.slack.inbound import Apply, Delivery, Inbound, expect_no_body
from tests.fakes.slack.inputs import initial_state, is_empty, state_of
from tests.fakes.slack.methods_views import push, rewrite, unique_external, view_object
from tests.fakes.slack.records import Json, SlackError, View
from tests.fakes.slack.touches import Touches, find_element, values_of

Values = Mapping[Any, Any]  # by action_id, or by (block_id, action_id)


class Forms(Touches):
    """Builds view_submission and view_closed requests."""

    def fill(self, view: View, values: Values) -> None:
        """Types into a form without sending it; keys are action ids or (block_id, action_id)."""
        for key, value in values.items():
            block_id, action_id = (None, key) if isinstance(key, str) else key
            block, element = find_element(view, action_id, block_id)
            offered = view.offered.get((block, action_id))
            view.typed[block, action_id] = state_of(element, value, offered)

    def submit(self, view: View, user: Who, values: Values | None = None) -> Inbound:
        """Fills the form in and sends it; AssertionError where Slack's client would not."""
        assert view.body.get("submit"), "this view has no submit button"
        assert self.views(user)[-1:] == [view], "only the top view can be sent"
        self.fill(view, values or {})
        self._complete(view)
        payload = self._interaction("view_submission", user)
        payload["trigger_id"] = self.triggers.issue(id_of(user), from_modal=True)
        payload["view"] = view_object(self, view, values_of(view))
        payload["response_urls"] = self._response_urls(view)
        return Inbound(
            core=self,
            name=f"submission {view.callback_id}",
            payload=payload,
            form="payload",
            apply=self._after_submit(view),
        )

    def close(self, view: View, user: Who, *, clear: bool = False) -> Inbound:
        """Closes the top view (``clear``: all of them); Slack tells the bot if it asked."""
        assert self.views(user)[-1:] == [view], "only the top view can be closed"
        payload = self._interaction("view_closed", user)
        payload |= {"view": view_object(self, view, values_of(view)), "is_cleared": clear}
        stack = self.stacks[view.user]
        del stack[0 if clear or view.body.get("clear_on_close") else -1 :]
        told = bool(view.body.get("notify_on_close"))
        name = f"closing {view.callback_id}"
        kind = Inbound if told else Silent
        return kind(
            core=self,
            name=name,
            payload=payload,
            form="payload",
            apply=expect_no_body(self, name),
        )

    def _complete(self, view: View) -> None:
        for block in view.blocks:
            if block["type"] != "input" or block.get("optional"):
                continue
            element = block["element"]
            key = (block["block_id"], element["action_id"])
            state = view.typed.get(key, initial_state(element))
            assert not is_empty(state), f"Slack wants {element['action_id']!r} filled in first"

    def _response_urls(self, view: View) -> list[Json]:
        """A select with response_url_enabled earns a url for the chosen conversation."""
        urls = []
        for block, element in interactive(view.blocks):
            if not element.get("response_url_enabled"):
                continue
            name = element["action_id"]
            state = view.typed.get((block, name), initial_state(element))
            channel = state.get("selected_conversation") or state.get("selected_channel")
            if channel:
                token = self.response_urls.issue(view.user, channel)
                url = f"{self.root}/response/{token}"
                urls.append(
                    {"block_id": block, "action_id": name, "channel_id": channel}
                    | {"response_url": url}
                )
        return urls

    def _after_submit(self, view: View) -> Apply:
        def apply(delivery: Delivery) -> None:
            stack = self.stacks.get(view.user, [])
            if view not in stack:
                return  # a second delivery: the person's screen has moved on
            body = delivery.body if isinstance(delivery.body, dict) else {}
            if delivery.body not in ("", {}) and "response_action" not in body:
                self.fail(f"submission {view.callback_id}: a body without response_action")
            delivery.action = body.get("response_action")
            try:
                self._act(view, stack, delivery, body)
            except SlackError as error:
                self._refused(view, error)

        return apply

    def _refused(self, view: View, error: SlackError) -> None:
        told = f"submission {view.callback_id}: {error.error}"
        if not any(known.startswith(told) for known in self.failures):
            self.fail(told)

    def _act(self, view: View, stack: list[View], delivery: Delivery, body: Json) -> None:
        where = f"submission {view.callback_id}"
        match delivery.action:
            case None:
                stack.remove(view)
            case "clear":
                stack.clear()
            case "errors":
                delivery.errors = self._errors(view, body.get("errors"))
            case "update":
                changed = check_view(self, where, body.get("view"), "modal")
                unique_external(self, changed, but=view)
                rewrite(self, view, changed)
                delivery.view = view
            case "push":
                pushed = check_view(self, where, body.get("view"), "modal")
                unique_external(self, pushed)
                delivery.view = push(self, view.user, pushed)
            case unknown:
                raise refuse(self, where, f"unknown response_action {unknown}")

    def _errors(self, view: View, errors: Any) -> dict[str, str]:
        """Errors are keyed by the block_id of an input (1.1); Slack drops any other."""
        inputs = {b["block_id"] for b in view.blocks if b["type"] == "input"}
        where = f"submission {view.callback_id}"
        if not isinstance(errors, dict) or not errors:
            self.fail(f"{where}: response_action errors without errors")
            return {}
        for block, sentence in errors.items():
            if block not in inputs:
                self.fail(f"{where}: error for {block!r}, which is no input block")
            if not isinstance(sentence, str) or not 0 < len(sentence) <= limits.TEXT_OBJECT:
                self.fail(f"{where}: the error for {block!r} is not a sentence")
        return {str(block): str(sentence) for block, sentence in errors.items()}


class Silent(Inbound):
    """A thing that happened and that Slack does not tell the bot."""

    async def deliver(self, app: Any, **_how: Any) -> Delivery:  # noqa: ARG002
        return Delivery(status=200, body="", ack_seconds=0.0)

    async def post(self, session: Any, url: str, **_how: Any) -> Delivery:  # noqa: ARG002
        return Delivery(status=200, body="", ack_seconds=0.0)
