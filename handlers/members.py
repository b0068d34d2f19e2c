"""`/squad add|remove|roles|status|tag|untag|list`: a squad's people."""

from bot.container import Container
from bot.errors import BadInput
from bot.rules import commands, squad_input
from bot.rules.commands import Via
from bot.rules.squads import RosterChange, Where
from bot.views import commands as command_views
from bot.views import members as views
from handlers import lookups
from handlers.requests import Command

_ADD = "/squad add @ana @ben as auditor"
_REMOVE = "/squad remove @ana"
_ROLES = "/squad roles @ana auditor contributor"
_STATUS = "/squad status @ana paused leave"
_TAG = "/squad tag @ana spanish"


def _where(command: Command, named: squad_input.Named) -> Where:
    return Where(named=named.squad, channel=command.channel)


def _people(text: str, example: str) -> list[str]:
    """Return the mentioned users. Raises BadInput("nobody_named", example)."""
    found = commands.users(text)
    if not found:
        raise BadInput("nobody_named", example=example)
    return found


async def add(command: Command, container: Container, text: str) -> None:
    """Add people, or give members a role: `@ana @ben as auditor in Kestrel`."""
    named = squad_input.squad_at_end(text, arguments=True)
    where = _where(command, named)
    if not lookups.names_somebody(named.text):
        raise BadInput("nobody_named", example=_ADD)
    words = commands.without_mentions(named.text).split()
    roles = squad_input.roles(words[1:] if words[:1] == ["as"] else words)
    # Before Slack is asked about anybody: may this person add people at all?
    await container.services.squads.managed(command.caller, where)
    people = await lookups.named(container, command.caller, named.text, example=_ADD)
    done = await container.services.members.add(command.caller, where, people, roles, command.key)
    await command.reply.privately(views.changed(command.words, "add", done))


async def remove(command: Command, container: Container, text: str) -> None:
    """Take people out who have left no trace yet."""
    named = squad_input.squad_at_end(text, arguments=True)
    done = await container.services.members.remove(
        command.caller, _where(command, named), _people(named.text, _REMOVE)
    )
    await command.reply.privately(views.changed(command.words, "remove", done))


async def roles(command: Command, container: Container, text: str) -> None:
    """Set people's roles."""
    named = squad_input.squad_at_end(text, arguments=True)
    people = _people(named.text, _ROLES)
    words = [word for word in commands.without_mentions(named.text).split() if word != "as"]
    wanted = squad_input.roles(words)
    if not wanted:
        raise BadInput("no_role")
    await _change(command, container, named, people, "roles", RosterChange(roles=wanted))


async def status(command: Command, container: Container, text: str) -> None:
    """Set people's status; a pause has a reason, which is not typed where others read it."""
    if command.via is Via.MENTION:
        shown = command_views.continue_privately(command.words, "squad", command.text)
        await command.reply.privately(shown)
        return
    named = squad_input.squad_at_end(text, arguments=True)
    people = _people(named.text, _STATUS)
    wanted, reason = squad_input.status(commands.without_mentions(named.text).split())
    change = RosterChange(status=wanted, reason=reason)
    await _change(command, container, named, people, "status", change)


async def tag(command: Command, container: Container, text: str) -> None:
    """Give people tags."""
    named = squad_input.squad_at_end(text, arguments=True)
    people = _people(named.text, _TAG)
    await _change(
        command, container, named, people, "tags", RosterChange(add_tags=_tags(named.text))
    )


async def untag(command: Command, container: Container, text: str) -> None:
    """Take tags from people."""
    named = squad_input.squad_at_end(text, arguments=True)
    people = _people(named.text, _TAG)
    await _change(
        command, container, named, people, "tags", RosterChange(remove_tags=_tags(named.text))
    )


def _tags(text: str) -> tuple[str, ...]:
    return squad_input.tags(commands.arguments(commands.without_mentions(text)))


async def _change(
    command: Command,
    container: Container,
    named: squad_input.Named,
    people: list[str],
    verb: str,
    change: RosterChange,
) -> None:
    done = await container.services.members.change(
        command.caller, _where(command, named), people, change
    )
    await command.reply.privately(views.changed(command.words, verb, done, change.status))


async def show(command: Command, container: Container, text: str) -> None:
    """List a squad's settings and people."""
    named = squad_input.squad_at_end(text, arguments=False)
    roster = await container.services.squads.roster(command.caller, _where(command, named))
    await command.reply.privately(views.roster(command.words, roster))
