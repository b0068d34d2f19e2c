"""views.*: modals opened by trigger, stacked, updated by hash; Home tabs."""

from __future__ import annotations

import copy
from typing import Any

from tests.fakes.slack import limits
from tests.fakes.slack.blocks import interactive
from tests.fakes.slack.content import check_view
from tests.fakes.slack.core import Core
from tests.fakes.slack.method import Method, needed, parsed
from tests.fakes.slack.records import Json, SlackError, View


def new_view(core: Core, user: str, body: Json, previous: View | None = None) -> View:
    """A view as Slack keeps it, with its own id and hash and every block named."""
    name = core.next_id("V")
    return View(
        id=name,
        user=user,
        body={**copy.deepcopy(body), "blocks": core.named_blocks(body["blocks"])},
        hash=core.next_ts(),
        root_id=previous.root_id if previous else name,
        previous_id=previous.id if previous else None,
    )


def rewrite(core: Core, view: View, body: Json) -> None:
    """Replaces a view's body; typed input stays where block_id and action_id stay (1.3)."""
    view.body = {**copy.deepcopy(body), "blocks": core.named_blocks(body["blocks"])}
    view.hash = core.next_ts()
    kept = {(block, element["action_id"]) for block, element in interactive(view.blocks)}
    view.typed = {key: state for key, state in view.typed.items() if key in kept}


def view_object(core: Core, view: View, state: Json | None = None) -> Json:
    """The view as it is sent to the bot."""
    return {
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        **view.body,
        "id": view.id,
        "team_id": core.team_id,
        "app_id": core.app_id,
        "app_installed_team_id": core.team_id,
        "bot_id": core.bot_id,
        "hash": view.hash,
        "root_view_id": view.root_id,
        "previous_view_id": view.previous_id,
        "state": {"values": state or {}},
    }


def _all(core: Core) -> list[View]:
    return [v for stack in core.stacks.values() for v in stack] + list(core.homes.values())


def unique_external(core: Core, body: Json, but: View | None = None) -> None:
    """1.3: an external_id is unique in the team."""
    external = body.get("external_id")
    taken = any(v.body.get("external_id") == external for v in _all(core) if v is not but)
    if external and taken:
        raise SlackError("duplicate_external_id")


def _body(core: Core, where: str, args: Json, *kinds: str) -> Json:
    if parsed(args, "view") is None:
        needed(args, "view")
    return check_view(core, where, parsed(args, "view"), *kinds)


def _open(core: Core, args: Json) -> Json:
    trigger = core.triggers.check(needed(args, "trigger_id"))
    body = _body(core, "views.open", args, "modal")
    unique_external(core, body)
    trigger.used = True
    view = new_view(core, trigger.user, body)
    core.stacks[trigger.user] = [view]
    return {"view": view_object(core, view)}


def push(core: Core, user: str, body: Json) -> View:
    """Puts a view on top of the person's stack, three at most (1.3)."""
    stack = core.stacks.setdefault(user, [])
    if len(stack) >= limits.VIEW_STACK:
        raise SlackError("push_limit_reached")
    view = new_view(core, user, body, stack[-1])
    stack.append(view)
    return view


def _push(core: Core, args: Json) -> Json:
    trigger = core.triggers.check(needed(args, "trigger_id"))
    body = _body(core, "views.push", args, "modal")
    if not trigger.from_modal or not core.stacks.get(trigger.user):
        raise SlackError("not_found")
    unique_external(core, body)
    view = push(core, trigger.user, body)
    trigger.used = True
    return {"view": view_object(core, view)}


def _find(core: Core, args: Json) -> View:
    name, external = args.get("view_id"), args.get("external_id")
    for view in _all(core):
        if (name and view.id == name) or (external and view.body.get("external_id") == external):
            return view
    raise SlackError("not_found")


def _fresh(view: View, given: Any) -> None:
    if given is not None and given != view.hash:
        raise SlackError("hash_conflict")


def _update(core: Core, args: Json) -> Json:
    view = _find(core, args)
    _fresh(view, args.get("hash"))
    body = _body(core, "views.update", args, view.type)
    unique_external(core, body, but=view)
    rewrite(core, view, body)
    return {"view": view_object(core, view)}


def _publish(core: Core, args: Json) -> Json:
    if not core.manifest.home_tab:
        raise SlackError("not_enabled")
    user = needed(args, "user_id")
    if user not in core.users:
        raise SlackError("invalid_arguments")
    home = core.homes.get(user)
    if home is not None:
        _fresh(home, args.get("hash"))
    body = _body(core, "views.publish", args, "home")
    unique_external(core, body, but=home)
    if home is None:
        core.homes[user] = home = new_view(core, user, body)
    else:
        rewrite(core, home, body)
    return {"view": view_object(core, home)}


METHODS = {
    "views.open": Method(run=_open, tier=4),
    "views.push": Method(run=_push, tier=4),
    "views.update": Method(run=_update, tier=4),
    "views.publish": Method(run=_publish, tier=4),
}
