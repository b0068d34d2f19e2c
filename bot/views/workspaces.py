"""What is said of a workspace: setting it up, its admins, and where a person stands in it."""

from collections.abc import Sequence
from typing import Final

from bot.rules.people import PRESENT, Membership, PersonRef, Role
from bot.rules.squads import Step
from bot.rules.workspaces import AdminsChanged, Overview, SetUp, SquadStanding
from bot.views import blocks, commands, members, squads
from bot.views.blocks import Message
from bot.views.words import Words

# A contributor's help shows only what a contributor needs; the rest comes with the roles.
EVERYBODYS: Final = ("ask", "agenda", "timeoff", "muster")
AUDITORS: Final = ("audit", "coach", "log")
MANAGERS: Final = ("audit", "coach", "digest", "squad", "pulse", "oneonone", "announce", "log")
ADMINS: Final = ("squad", "digest")


def set_up(words: Words, done: SetUp) -> Message:
    """Say that the workspace is set up, or by whom it was."""
    if done.fresh:
        return blocks.message(words("workspace.set_up"))
    return blocks.message(words("workspace.set_up_before", admins=squads.names(done.admins, words)))


def admins(words: Words, people: Sequence[PersonRef]) -> Message:
    """Name the admins."""
    if not people:
        return blocks.message(words("error.not_set_up"))
    return blocks.message(words("workspace.admins", admins=squads.names(people, words)))


def admins_changed(words: Words, done: AdminsChanged, *, added: bool) -> Message:
    """Confirm who is admin now."""
    verb = {
        (True, True): "admin_added",
        (True, False): "admin_was",
        (False, True): "admin_removed",
        (False, False): "admin_was_not",
    }[added, done.changed]
    person = blocks.mention(done.person.user_id, done.person.name)
    return blocks.message(
        words(f"workspace.{verb}", person=person, admins=squads.names(done.admins, words))
    )


def commands_for(words: Words, overview: Overview) -> list[str]:
    """Return the commands that are of use to this person and exist, each once, by importance."""
    held = {
        role
        for membership in overview.actor.memberships
        if membership.status in PRESENT
        for role in membership.roles
    }
    wanted: list[str] = []
    if Role.MANAGER in held:
        wanted += MANAGERS
    if Role.AUDITOR in held:
        wanted += AUDITORS
    if overview.actor.is_admin:
        wanted += ADMINS
    wanted += EVERYBODYS
    return [name for name in dict.fromkeys(wanted) if words.has(f"command.{name}.usage")]


def overview(words: Words, shown: Overview, version: str) -> Message:
    """Return help for the person's roles, then where they stand, who administers, the version."""
    actor = shown.actor
    listed = commands.overview(
        words, actor.name, commands_for(words, shown), [words("command.version", version=version)]
    )
    memberships = {membership.squad_id: membership for membership in actor.memberships}
    lines = [_squad(words, each, memberships[each.squad.id]) for each in shown.squads]
    if actor.is_admin or (actor.slack_admin and not shown.admins):
        lines.insert(0, words("workspace.admin_help"))
    if not shown.squads and not actor.is_admin and shown.admins:
        lines.append(words("workspace.squad_none"))
    if shown.waiting:
        lines.append(words.plural("workspace.waiting", shown.waiting))
    elif shown.squads:
        lines.append(words("workspace.waiting_none"))
    if shown.admins:
        lines.append(words("workspace.admins", admins=squads.names(shown.admins, words)))
    else:
        lines.append(words("error.not_set_up"))
    *help_, version_line = listed["blocks"]
    return blocks.message(listed["text"], [*help_, *squads.paragraphs(lines), version_line])


def _squad(words: Words, standing: SquadStanding, mine: Membership) -> str:
    squad = standing.squad
    lines = [
        words(
            "workspace.squad",
            squad=blocks.escape(squad.name),
            state=words(f"squad.state.{squad.state.value}"),
            roles=members.roles(words, mine.roles),
            status=members.status(words, mine.status),
        )
    ]
    if standing.managers:
        shown = squads.names(standing.managers, words)
        lines.append(words("workspace.squad_managers", managers=shown))
    following = standing.checklist.following if standing.checklist else None
    if isinstance(following, Step):
        step = words(f"squad.step.{following.value}")
        lines.append(words("workspace.squad_next", step=step))
    return "\n".join(lines)
