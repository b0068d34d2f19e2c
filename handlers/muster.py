"""`/muster`: help for the person's roles, status and version; setting up; admins and managers."""

from bot.container import Container
from bot.errors import BadInput, NotFound
from bot.rules import commands, squad_input
from bot.rules.people import Role
from bot.rules.squads import Where
from bot.views import guidelines as guideline_views
from bot.views import members as member_views
from bot.views import workspaces as views
from handlers import blockers, lookups, privacy, quiet
from handlers.doors import Doors
from handlers.requests import Command


def register(doors: Doors) -> None:
    """Register the command."""
    doors.command("muster", muster)


async def muster(command: Command, container: Container) -> None:
    """Run a sub-command; alone it shows what the bot can do for this person."""
    first, _, rest = command.text.strip().partition(" ")
    name = first.casefold()
    if name == "setup":
        await setup(command, container)
    elif name == "admin":
        await admin(command, container, rest.strip())
    elif name in {"grant", "revoke"}:
        await manager(command, container, rest.strip(), granted=name == "grant")
    elif name == "blocked":
        await blockers.ask_blocked(command, container)
    elif name == "me" and not rest.strip():
        await privacy.me(command, container)
    elif name == "quiet":
        await quiet.ask_quiet(command, container, rest.strip())
    elif name == "guidelines" and not rest.strip():
        loaded = await container.services.citations.loaded(command.caller)
        zone = (await container.services.people.actor(command.caller)).zone or "UTC"
        await command.reply.privately(guideline_views.loaded(command.words, loaded, zone))
    elif not name or name in {"status", "version"} or commands.wants_help(name):
        shown = await container.services.workspaces.overview(command.caller)
        await command.reply.privately(views.overview(command.words, shown, container.version))
    else:
        raise NotFound("unknown_command", command=command.text[:40])


async def setup(command: Command, container: Container) -> None:
    """Make the first Slack admin or owner who asks Muster's admin.

    Who is admin in Slack, and whether Muster's admins are still there, is asked of Slack now: what
    was stored may be weeks old.
    """
    known = await container.services.workspaces.admins(command.caller)
    user_ids = {person.user_id for person in known if person.user_id}
    if command.caller.user_id not in user_ids:
        for user_id in [*user_ids, command.caller.user_id]:
            await _refresh(command, container, user_id)
    done = await container.services.workspaces.setup(command.caller)
    await command.reply.privately(views.set_up(command.words, done))


async def _refresh(command: Command, container: Container, user_id: str) -> None:
    try:
        found = await lookups.profile(container, command.caller, user_id)
    except NotFound:
        return  # Slack shows them no more; what is stored stays
    await container.services.people.meet(command.caller.team_id, found)


async def admin(command: Command, container: Container, text: str) -> None:
    """Add, remove or list admins."""
    verb, _, rest = text.partition(" ")
    mentioned = commands.users(rest)
    if verb.casefold() in {"list", ""} and not mentioned:
        people = await container.services.workspaces.admins(command.caller)
        await command.reply.privately(views.admins(command.words, people))
        return
    if verb.casefold() not in {"add", "remove"} or len(mentioned) != 1:
        raise BadInput("admin_arguments")
    added = verb.casefold() == "add"
    if added:
        found = await lookups.profile(container, command.caller, mentioned[0])
        done = await container.services.workspaces.add_admin(command.caller, found)
    else:
        done = await container.services.workspaces.remove_admin(command.caller, mentioned[0])
    await command.reply.privately(views.admins_changed(command.words, done, added=added))


async def manager(command: Command, container: Container, text: str, *, granted: bool) -> None:
    """Make somebody a squad's manager, or no longer: `@ben manager Kestrel`."""
    mentioned = commands.users(text)
    role, _, rest = commands.without_mentions(text).partition(" ")
    if not mentioned or role.casefold() not in {"manager", "managers"}:
        raise BadInput("grant_arguments")
    named = squad_input.squad_at_end(rest, arguments=False)
    where = Where(named=named.squad, channel=command.channel)
    if granted:
        await container.services.squads.managed(command.caller, where)
        people = await lookups.profiles(container, command.caller, mentioned)
        done = await container.services.members.add(
            command.caller, where, people, frozenset({Role.MANAGER}), command.key
        )
    else:
        done = await container.services.members.revoke_manager(command.caller, where, mentioned)
    verb = "grant" if granted else "revoke"
    await command.reply.privately(member_views.changed(command.words, verb, done))
