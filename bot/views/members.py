"""What is said of a squad's people: the roster, and what became of those who were named."""

from bot.rules.people import PersonRef, Role, Status
from bot.rules.squads import TAGS_PER_MEMBER, PeopleChanged, Roster, Skip, SquadMember
from bot.views import blocks, squads
from bot.views.blocks import Message
from bot.views.words import Words

MEMBERS_SHOWN = 100


def changed(words: Words, verb: str, done: PeopleChanged, now: Status | None = None) -> Message:
    """Say who was changed, who was so already, and who was left out and why.

    `verb` is the middle of the sentences' keys: add, remove, roles, status, tags, grant, revoke;
    `now` is the status that was set.
    """
    where = status(words, now) if now else ""
    name = blocks.escape(done.squad.name)
    lines = []
    for key, people in (("done", done.changed), ("same", done.unchanged)):
        if people:
            shown = squads.names(people, words)
            lines.append(words(f"squad.{verb}.{key}", squad=name, people=shown, status=where))
    for why in Skip:
        left = [
            PersonRef(person_id=0, name=each.name, user_id=each.user_id)
            for each in done.skipped
            if each.why is why
        ]
        if left:
            shown = squads.names(left, words)
            lines.append(words(f"squad.skip.{why.value}", people=shown, limit=TAGS_PER_MEMBER))
    return blocks.message("\n".join(lines) or words("squad.nobody"))


def roles(words: Words, held: frozenset[Role]) -> str:
    """Name roles in a fixed order."""
    named = [words(f"squad.role.{role.value}") for role in Role if role in held]
    return ", ".join(named) or words("squad.member_no_role")


def status(words: Words, where: Status) -> str:
    """Name a status."""
    return words(f"squad.status.{where.value}")


def _line(words: Words, member: SquadMember, *, with_status: bool) -> str:
    person = blocks.mention(member.person.user_id, member.person.name)
    if not member.active:
        person = words("squad.member_inactive", person=person)
    parts = [person, roles(words, member.roles)]
    if with_status:
        parts.append(status(words, member.status))
    if member.tags:
        parts.append(", ".join(blocks.escape(tag) for tag in member.tags))
    return " · ".join(parts)


def roster(words: Words, shown: Roster) -> Message:
    """Return a squad's settings and its people, a long list cut."""
    state = words(f"squad.state.{shown.squad.state.value}")
    title = words("squad.title", squad=blocks.escape(shown.squad.name), state=state)
    lines = _people(words, shown)
    found = [
        *squads.settings(words, shown.squad, shown.syncs),
        blocks.divider(),
        *squads.paragraphs(lines),
    ]
    return blocks.message(title, blocks.fit(found, words("squad.list_cut")))


def _people(words: Words, shown: Roster) -> list[str]:
    members = shown.members
    if not members:
        return [words("squad.people.none")]
    lines = [words.plural("squad.people", len(members))]
    lines += [
        _line(words, member, with_status=member.person.person_id in shown.statuses_of)
        for member in members[:MEMBERS_SHOWN]
    ]
    if len(members) > MEMBERS_SHOWN:
        lines.append(words("common.and_more", n=len(members) - MEMBERS_SHOWN))
    return lines
