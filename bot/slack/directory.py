"""Reads who and what there is: people, channels, user groups and the connection itself.

Every call raises SlackFailed when Slack does not answer as asked, except where it says otherwise.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

from bot.clock import zone
from bot.errors import BadInput
from bot.rules.people import IdentityKind, Profile
from bot.rules.slack import ChannelInfo, Connection
from bot.slack.calls import Caller
from bot.slack.outcomes import Outcome, Refused, SlackFailed
from bot.slack.translation import body

PAGE: Final = 200
SLACKBOT: Final = "USLACKBOT"  # of all bots the only one without is_bot


class Directory(Caller):
    """The reading half of the gateway."""

    async def auth_test(self) -> Connection:
        """Return whose token this is and which scopes it has."""
        answer = await self._answer("auth.test", self._client.auth_test())
        data = body(answer)
        scopes = str(answer.headers.get("x-oauth-scopes", ""))
        return Connection(
            team_id=str(data.get("team_id", "")),
            team=str(data.get("team", "")),
            bot_user_id=str(data.get("user_id", "")),
            bot_id=str(data.get("bot_id", "")),
            url=str(data.get("url", "")),
            scopes=frozenset(scope.strip() for scope in scopes.split(",") if scope.strip()),
            org_wide=bool(data.get("is_enterprise_install")),
        )

    async def open_connection(self, app_token: str) -> None:
        """Try an app-level token by asking for a socket; the library would retry in silence."""
        await self._read(
            "apps.connections.open", self._client.apps_connections_open(app_token=app_token)
        )

    async def user_info(self, user_id: str) -> Profile:
        """Return one person."""
        data = await self._read(
            "users.info", self._client.users_info(user=user_id, include_locale=True)
        )
        return profile_of(data.get("user") or {}, self._team_id)

    async def users_list(self) -> AsyncIterator[tuple[Profile, ...]]:
        """Yield everybody, page by page."""
        pages = self._pages(
            "users.list",
            lambda cursor: self._client.users_list(cursor=cursor, limit=PAGE, include_locale=True),
        )
        async for page in pages:
            yield tuple(profile_of(user, self._team_id) for user in page.get("members") or [])

    async def usergroup_members(self, usergroup: str) -> tuple[str, ...]:
        """Return the user ids of a user group (paid plans only: `plan_upgrade_required`)."""
        data = await self._read(
            "usergroups.users.list", self._client.usergroups_users_list(usergroup=usergroup)
        )
        return tuple(data.get("users") or ())

    async def channel_info(self, channel: str) -> ChannelInfo | None:
        """Return a channel; None if there is none that the bot may see."""
        try:
            data = await self._read(
                "conversations.info", self._client.conversations_info(channel=channel)
            )
        except SlackFailed as failed:
            if failed.reason == "channel_not_found":
                return None
            raise
        found = data.get("channel") or {}
        return ChannelInfo(
            channel=str(found.get("id", channel)),
            name=str(found.get("name", "")),
            member=bool(found.get("is_member")),
            archived=bool(found.get("is_archived")),
            private=bool(found.get("is_private")),
            shared=bool(found.get("is_ext_shared")),
        )

    async def channel_members(self, channel: str) -> tuple[str, ...]:
        """Return the user ids of everybody in a channel, the bot included."""
        members: list[str] = []
        pages = self._pages(
            "conversations.members",
            lambda cursor: self._client.conversations_members(
                channel=channel, cursor=cursor, limit=PAGE
            ),
        )
        async for page in pages:
            members += page.get("members") or []
        return tuple(members)

    async def join(self, channel: str) -> Outcome:
        """Join a public channel; never raises."""
        return await self._do(self._client.conversations_join(channel=channel))

    async def open_dm(self, user_id: str) -> str:
        """Return the channel of the direct messages with a person; the same every time."""
        data = await self._read(
            "conversations.open", self._client.conversations_open(users=[user_id])
        )
        channel = (data.get("channel") or {}).get("id")
        if not channel:
            raise SlackFailed("conversations.open", Refused("no_channel"))
        return str(channel)


def profile_of(user: Mapping[str, Any], team_id: str) -> Profile:
    """Read Slack's user object; somebody of another team than `team_id` (if given) is external."""
    profile = user.get("profile") or {}
    names = (profile.get("real_name"), user.get("real_name"), user.get("name"), user.get("id"))
    return Profile(
        user_id=str(user.get("id", "")),
        name=str(next(filter(None, names), "")),
        email=profile.get("email") or None,
        zone=_zone(user.get("tz")),
        locale=user.get("locale") or None,
        kind=_kind(user, team_id),
        active=not user.get("deleted", False),
        slack_admin=bool(user.get("is_admin") or user.get("is_owner")),
    )


def _kind(user: Mapping[str, Any], team_id: str) -> IdentityKind:
    if user.get("is_bot") or user.get("id") == SLACKBOT:
        return IdentityKind.BOT
    # Members of the same Enterprise organisation are no strangers, whatever their workspace.
    foreign = bool(team_id) and user.get("team_id", team_id) != team_id
    if user.get("is_stranger") or (foreign and not user.get("enterprise_user")):
        return IdentityKind.EXTERNAL
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return IdentityKind.GUEST
    return IdentityKind.MEMBER


def _zone(name: str | None) -> str | None:
    if not name:
        return None
    try:
        return zone(name)
    except BadInput:
        return None  # a name that our zone database does not have yet
