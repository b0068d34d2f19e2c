"""What a listener asks Slack before it calls a service: people, groups and channels.

Slack's refusals become sentences here; a service never waits for Slack inside its transaction.
"""

from collections.abc import Awaitable, Sequence
from typing import Final, TypeVar

from bot.container import Container
from bot.errors import BadInput, Conflict, NotFound
from bot.rules import commands
from bot.rules.people import Caller, IdentityKind, Profile
from bot.slack.gateway import Gateway
from bot.slack.outcomes import Sent, SlackFailed

PEOPLE_AT_ONCE: Final = 200
"""Whoever names a channel of thousands has named the wrong one."""

ONE_BY_ONE: Final = 20
"""More people than this are read from the list of everybody, 200 to a call."""

_GONE: Final = frozenset({"user_not_found", "user_not_visible"})
_NO_GROUP: Final = frozenset({"no_such_subteam", "subteam_not_found", "invalid_subteam"})

Found = TypeVar("Found")


async def _asked(answer: Awaitable[Found], sentences: dict[str, Exception]) -> Found:
    """Wait for an answer; raise the sentence of Slack's reason, or Conflict("slack_silent")."""
    try:
        return await answer
    except SlackFailed as failed:
        if failed.reason in sentences:
            raise sentences[failed.reason] from failed
        raise Conflict("slack_silent", reason=failed.reason) from failed


async def profile(container: Container, caller: Caller, user_id: str) -> Profile:
    """Return what Slack says of one user. Raises NotFound("unknown_person")."""
    gateway = container.gateways.for_team(caller.team_id)
    return await _profile(gateway, user_id)


async def _profile(gateway: Gateway, user_id: str) -> Profile:
    unknown = NotFound("unknown_person", name=user_id)
    return await _asked(gateway.user_info(user_id), dict.fromkeys(_GONE, unknown))


async def profiles(container: Container, caller: Caller, user_ids: Sequence[str]) -> list[Profile]:
    """Return what Slack says of users, in order.

    Raises BadInput("too_many_people"), NotFound("unknown_person"), Conflict("slack_silent").
    """
    if len(user_ids) > PEOPLE_AT_ONCE:
        raise BadInput("too_many_people", n=len(user_ids), limit=PEOPLE_AT_ONCE)
    gateway = container.gateways.for_team(caller.team_id)
    known: dict[str, Profile] = {}
    if len(user_ids) > ONE_BY_ONE:
        known = await _asked(_listed(gateway, frozenset(user_ids)), {})
    return [known.get(user_id) or await _profile(gateway, user_id) for user_id in user_ids]


async def _listed(gateway: Gateway, wanted: frozenset[str]) -> dict[str, Profile]:
    found: dict[str, Profile] = {}
    async for page in gateway.users_list():
        found.update({each.user_id: each for each in page if each.user_id in wanted})
        if len(found) == len(wanted):
            break
    return found


def names_somebody(text: str) -> bool:
    """Tell whether a text mentions a person, a user group or a channel."""
    return bool(commands.users(text) or commands.groups(text) or commands.channels(text))


async def named(container: Container, caller: Caller, text: str, *, example: str) -> list[Profile]:
    """Return the people whom a text names: by mention, by user group, by channel.

    Bots in a group or channel were not meant, and are left out silently.

    Raises BadInput("nobody_named", example), ("user_groups_need_plan") and as `profiles` does.
    """
    gateway = container.gateways.for_team(caller.team_id)
    mentioned = commands.users(text)
    user_ids = list(mentioned)
    for group in commands.groups(text):
        user_ids += await _group(gateway, group)
    for channel in commands.channels(text):
        unknown = NotFound("channel_unknown", channel=channel)
        members = gateway.channel_members(channel)
        user_ids += await _asked(members, dict.fromkeys(("channel_not_found",), unknown))
    if not user_ids:
        raise BadInput("nobody_named", example=example)
    found = await profiles(container, caller, list(dict.fromkeys(user_ids)))
    return [
        each for each in found if each.kind is not IdentityKind.BOT or each.user_id in mentioned
    ]


async def _group(gateway: Gateway, group: str) -> tuple[str, ...]:
    sentences: dict[str, Exception] = dict.fromkeys(_NO_GROUP, NotFound("unknown_group"))
    sentences["plan_upgrade_required"] = BadInput("user_groups_need_plan")
    return await _asked(gateway.usergroup_members(group), sentences)


async def usable_channel(container: Container, caller: Caller, channel: str) -> str:
    """Return a channel that the bot can post to, joining a public one if need be.

    Raises NotFound("channel_unknown"), Conflict("channel_archived", "bot_not_in_channel").
    """
    gateway = container.gateways.for_team(caller.team_id)
    found = await _asked(gateway.channel_info(channel), {})
    if found is None:
        raise NotFound("channel_unknown", channel=channel)
    if found.archived:
        raise Conflict("channel_archived", channel=found.name)
    joined = found.member or (not found.private and isinstance(await gateway.join(channel), Sent))
    if not joined:
        raise Conflict("bot_not_in_channel", channel=found.name)
    return found.channel
