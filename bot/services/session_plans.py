"""What a session is to be, read from its form, stored and changed inside a transaction."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from bot import clock
from bot.errors import BadInput, NotFound
from bot.rules import sessions as rules
from bot.rules import squad_input
from bot.rules.sessions import Audience, Draft, Session
from bot.rules.squads import Squad
from bot.services import convening
from bot.services.convening import Gathering
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


def read_times(draft: Draft, zone: str, now: datetime) -> tuple[datetime, datetime]:
    """Read when a session begins and ends; an end without a day is on the day of the start.

    Raises BadInput for what cannot be read or does not fit, at its field.
    """
    starts_at = _at(
        rules.STARTS_FIELD, lambda typed: clock.parse_instant(typed, zone), draft.starts
    )

    def ends(typed: str) -> datetime:
        if len(typed.strip()) > len("00:00"):
            return clock.parse_instant(typed, zone)
        return clock.to_utc(clock.local_day(starts_at, zone), clock.parse_time(typed), zone)

    ends_at = _at(rules.ENDS_FIELD, ends, draft.ends)
    rules.check_times(starts_at, ends_at, now)
    return starts_at, ends_at


def _words(draft: Draft) -> dict[str, str | None]:
    def title(typed: str) -> str:
        return squad_input.plain_text(typed, limit=rules.TITLE_LIMIT, missing="empty_text")

    return {
        "title": _at(rules.TITLE_FIELD, title, draft.title),
        "link": _at(rules.LINK_FIELD, squad_input.link, draft.link or ""),
    }


async def store(unit: Unit, squad: Squad, draft: Draft, project_id: int | None) -> Session:
    """Store a session. Raises BadInput at the field that it is about."""
    starts_at, ends_at = read_times(draft, squad.zone, unit.now)
    chosen = await _chosen(unit, squad, draft)
    session_id = await sessions.add(
        unit.tx,
        {
            "workspace_id": unit.workspace_id,
            "squad_id": squad.id,
            "project_id": project_id,
            "kind": draft.kind.value,
            **_words(draft),
            "starts_at": starts_at,
            "ends_at": ends_at,
            "audience": draft.audience.value,
            "created_by": unit.actor.person_id,
            "created_at": unit.now,
            "next_at": max(unit.now, starts_at - convening.AHEAD),
        },
        draft.questions,
    )
    await sessions.invite(unit.tx, unit.workspace_id, session_id, chosen)
    return await read(unit, session_id)


async def read(unit: Unit, session_id: int) -> Session:
    """Return a session. Raises NotFound("session_gone")."""
    found = await sessions.get(unit.tx, unit.workspace_id, session_id)
    if found is None:
        raise NotFound("session_gone")
    return found


async def _chosen(unit: Unit, squad: Squad, draft: Draft) -> list[int]:
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


async def change(unit: Unit, found: Gathering, draft: Draft) -> Session:
    """Change a session, its message, and tell those who come of another time."""
    before = found.session
    # What a form leaves empty stays; these fields cannot be cleared.
    draft = replace(
        draft,
        title=draft.title or before.title,
        starts=draft.starts or before.starts_at.isoformat(),
        ends=draft.ends or before.ends_at.isoformat(),
    )
    starts_at, ends_at = read_times(draft, found.squad.zone, unit.now)
    values: dict[str, object] = {**_words(draft)}
    is_moved = (starts_at, ends_at) != (before.starts_at, before.ends_at)
    if is_moved:
        values |= {
            "starts_at": starts_at,
            "ends_at": ends_at,
            "revision": before.revision + 1,
            "next_at": max(unit.now, starts_at - convening.AHEAD),
        }
    await sessions.change(unit.tx, before.id, **values, changed_at=unit.now)
    await unit.send(*await convening.edits(unit.tx, before))
    after = await read(unit, before.id)
    now_found = await convening.read(unit.tx, after)
    if is_moved and now_found is not None:
        await unit.send(*convening.moved(now_found, unit.now))
        kinds = (rules.DAY, rules.MOVED)
        await convening.tick(unit.tx, before, kinds, found.asked, unit.now)
    await unit.log("session.changed", squad_id=before.squad_id, session_id=before.id)
    return after
