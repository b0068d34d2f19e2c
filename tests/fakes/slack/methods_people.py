"""auth, team, users and user groups: who is here and who the bot is."""

from __future__ import annotations

from tests.fakes.slack import limits
from tests.fakes.slack.core import Core
from tests.fakes.slack.method import Method, flag, needed, page
from tests.fakes.slack.records import Json, SlackError, User, Usergroup


def _auth(core: Core, _args: Json) -> Json:
    return {
        "url": "https://fake.slack.com/",
        "team": "Fake",
        "team_id": core.team_id,
        "user": core.bot_user.name.lower(),
        "user_id": core.bot_user.id,
        "bot_id": core.bot_id,
        "app_id": core.app_id,
        "is_enterprise_install": False,
    }


def _connection(core: Core, _args: Json) -> Json:
    return {"url": core.root.replace("http", "ws") + "/link?ticket=fake"}


def _team(core: Core, _args: Json) -> Json:
    return {"team": {"id": core.team_id, "name": "Fake", "domain": "fake"}}


def _with_email(core: Core) -> bool:
    """The e-mail field needs its own scope (2.2); showing it counts as using the scope."""
    granted = "users:read.email" in core.manifest.scopes
    if granted:
        core.need("users:read.email")
    return granted


def _person(core: Core, user: User, args: Json) -> Json:
    return user.to_slack(email=_with_email(core), locale=flag(args, "include_locale"))


def _user_info(core: Core, args: Json) -> Json:
    user = core.users.get(needed(args, "user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": _person(core, user, args)}


def _users(core: Core, args: Json) -> Json:
    everybody = list(core.users.values())
    people, more = page(everybody, args, default=limits.LIST_LIMIT, most=limits.LIST_LIMIT)
    return {"members": [_person(core, user, args) for user in people], "response_metadata": more}


def _by_email(core: Core, args: Json) -> Json:
    email = needed(args, "email").lower()
    for user in core.users.values():
        if user.email and user.email.lower() == email and not user.deleted:
            return {"user": user.to_slack(email=True)}
    raise SlackError("users_not_found")


def _group(core: Core, group: Usergroup, *, users: bool) -> Json:
    body: Json = {
        "id": group.id,
        "team_id": core.team_id,
        "is_usergroup": True,
        "name": group.handle,
        "handle": group.handle,
        "user_count": len(group.users),
    }
    return {**body, "users": list(group.users)} if users else body


def _paid(core: Core) -> None:
    if core.free_plan:
        raise SlackError("plan_upgrade_required")


def _groups(core: Core, args: Json) -> Json:
    _paid(core)
    users = flag(args, "include_users")
    return {"usergroups": [_group(core, group, users=users) for group in core.usergroups]}


def _group_users(core: Core, args: Json) -> Json:
    _paid(core)
    name = needed(args, "usergroup")
    for group in core.usergroups:
        if group.id == name:
            return {"users": list(group.users)}
    raise SlackError("no_such_subteam")


METHODS = {
    "auth.test": Method(run=_auth, tier="special"),
    # Tier 3 by one source and 1 by another (8); connecting once a minute is the strict side,
    # but a bot that checks its token and then connects calls twice, so 3 is what is held here.
    "apps.connections.open": Method(run=_connection, tier=3, app_token=True),
    "team.info": Method(run=_team, tier=3, scope="team:read"),
    "users.info": Method(run=_user_info, tier=4, scope="users:read"),
    "users.list": Method(run=_users, tier=2, scope="users:read"),
    "users.lookupByEmail": Method(run=_by_email, tier=3, scope="users:read.email"),
    "usergroups.list": Method(run=_groups, tier=2, scope="usergroups:read"),
    "usergroups.users.list": Method(run=_group_users, tier=2, scope="usergroups:read"),
}
