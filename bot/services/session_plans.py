"""What a session is to be, read from its form and stored inside a transaction."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from bot import clock
from bot.errors import BadInput, NotFound
from bot.rules import sessions as rules
from bot.rules import squad_input
from bot.rules.sessions import Audience, Draft, Session
from bot.rules.squads import Squad
from bot.services import convening
from bot.services.unit import Unit
from bot.store import people, sessions, squads

Read = TypeVar("Read")


def _at(field: str, read: Callable[[str], Read], typed: str) -> Read:
    """Read what was typed; what is wrong with it is said at its field."""
    try:
        return read(typed)
    except BadInput as error:
        error.fields["field"] = field
        raise


def read_times(
    draft: Draft, zone: str, now: datetime, before: Session | None = None
) -> tuple[datetime, datetime]:
    """Read when a session begins and ends; an end without a day is on the day of the start.

    A start that stays as it was `before` may be over: the session is under way. Raises BadInput
    for what cannot be read or does not fit, at its field.
    """
    starts_at = _at(
        rules.STARTS_FIELD, lambda typed: clock.parse_instant(typed, zone), draft.starts
    )

    def ends(typed: str) -> datetime:
        if len(typed.strip()) > len("00:00"):
            return clock.parse_instant(typed, zone)
        return clock.to_utc(clock.local_day(starts_at, zone), clock.parse_time(typed), zone)

    ends_at = _at(rules.ENDS_FIELD, ends, draft.ends)
    begun = before is not None and starts_at == before.starts_at
    rules.check_times(starts_at, ends_at, now, begun=begun)
    return starts_at, ends_at


def _link(typed: str) -> str | None:
    return None if typed.strip().casefold() in squad_input.CLEAR else squad_input.link(typed)


def words(draft: Draft) -> dict[str, str | None]:
    """Return title and link as they are stored. Raises BadInput at their fields."""

    def title(typed: str) -> str:
        return squad_input.plain_text(typed, limit=rules.TITLE_LIMIT, missing="empty_text")

    return {
        "title": _at(rules.TITLE_FIELD, title, draft.title),
        "link": _at(rules.LINK_FIELD, _link, draft.link or ""),
    }


async def store(unit: Unit, squad: Squad, draft: Draft, project_id: int | None) -> Session:
    """Store a session. Raises BadInput at the field that it is about."""
    starts_at, ends_at = read_times(draft, squad.zone, unit.now)
    invited = await chosen(unit, squad, draft)
    session_id = await sessions.add(
        unit.tx,
        {
            "workspace_id": unit.workspace_id,
            "squad_id": squad.id,
            "project_id": project_id,
            "kind": draft.kind.value,
            **words(draft),
            "starts_at": starts_at,
            "ends_at": ends_at,
            "audience": draft.audience.value,
            "created_by": unit.actor.person_id,
            "created_at": unit.now,
            "next_at": max(unit.now, starts_at - convening.AHEAD),
        },
        draft.questions,
    )
    await sessions.invite(unit.tx, unit.workspace_id, session_id, invited)
    return await read(unit, session_id)


async def read(unit: Unit, session_id: int) -> Session:
    """Return a session. Raises NotFound("session_gone")."""
    found = await sessions.get(unit.tx, unit.workspace_id, session_id)
    if found is None:
        raise NotFound("session_gone")
    return found


async def chosen(unit: Unit, squad: Squad, draft: Draft) -> list[int]:
    """Return the people chosen by name, who are all in the squad. Raises BadInput at the field."""
    if draft.audience is not Audience.CHOSEN:
        return []
    if not draft.user_ids:
        raise BadInput("session_nobody", field=rules.PEOPLE_FIELD)
    known = await people.by_user_ids(unit.tx, unit.workspace_id, draft.user_ids)
    keys = [each.person_id for each in known.values()]
    members = await squads.members(unit.tx, unit.workspace_id, squad.id, keys)
    here = {key for key, member in members.items() if member.present}
    strange = [each for each in draft.user_ids if each not in known]
    strange += [each.name for each in known.values() if each.person_id not in here]
    if strange:
        raise BadInput(
            "session_strangers", n=len(strange), squad=squad.name, field=rules.PEOPLE_FIELD
        )
    return keys
