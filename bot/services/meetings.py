"""What becomes of a meeting: skipped with one click, or noted with decisions and actions."""

from bot import clock
from bot.errors import BadInput, NotAllowed, NotFound
from bot.rules import action_items as action_rules
from bot.rules import agenda, roles
from bot.rules.action_items import ActionSource
from bot.rules.agenda import Meeting, MeetingState
from bot.rules.meetings import Clash, NewAction, Notes, NotesForm, checked
from bot.rules.people import Caller, Role
from bot.rules.roles import Act
from bot.rules.squads import Squad
from bot.services import action_items as actions
from bot.services import meeting_posts
from bot.services.unit import Service, Unit
from bot.store import action_items, meetings, people, squads


class _StaleError(Exception):
    """Somebody else wrote meanwhile: nothing of this transaction may stay."""

    def __init__(self, notes: Notes) -> None:
        super().__init__(notes.meeting.id)
        self.notes = notes


class Meetings(Service):
    """For everybody in the squad; skipping is for whoever leads."""

    async def skip(self, caller: Caller, meeting_id: int) -> Meeting:
        """Skip a meeting, and say so in its post; once more changes nothing.

        Raises NotFound("meeting_gone"), NotAllowed("not_allowed_lead_meeting"),
        BadInput("meeting_over").
        """
        async with self.writing(caller) as unit:
            meeting = await _meeting(unit, meeting_id)
            leaders = {key for key in (meeting.facilitator_id,) if key is not None}
            if not agenda.may_lead(unit.actor, meeting.squad_id, leaders):
                raise NotAllowed("not_allowed_lead_meeting")
            if meeting.state is MeetingState.SKIPPED:
                return meeting
            if meeting.state is MeetingState.HELD or unit.now > (
                meeting.starts_at + meeting_posts.CURRENT
            ):
                raise BadInput("meeting_over")
            await meetings.change_meeting(
                unit.tx,
                unit.workspace_id,
                meeting_id,
                state=MeetingState.SKIPPED.value,
                edited_by=unit.actor.person_id,
                edited_at=unit.now,
            )
            await unit.log("meeting.skipped", squad_id=meeting.squad_id, meeting_id=meeting_id)
            await meeting_posts.change(unit, meeting)
            return await _meeting(unit, meeting_id)

    async def notes(self, caller: Caller, meeting_id: int) -> Notes:
        """Return what is noted of a meeting so far, to be written on.

        Raises NotFound("meeting_gone"), NotAllowed("not_allowed_join_meeting").
        """
        async with self.reading(caller) as unit:
            return await _notes(unit, await _meeting(unit, meeting_id))

    async def write(self, caller: Caller, form: NotesForm, key: str | None) -> Notes | Clash:
        """Keep what was noted, and what is to be done, which comes back to its owners.

        If somebody else wrote meanwhile nothing is stored, and what they wrote is returned. Raises
        BadInput("notes_long", "action_*"), NotFound("owner_no_member"), and as `notes`.
        """
        try:
            async with self.writing(caller) as unit:
                return await _write(unit, form, key)
        except _StaleError as stale:
            return Clash(stale.notes)

    # For dispatch.

    async def noted(self, workspace_id: int, meeting_id: int) -> Notes | None:
        """Return what was noted of a meeting, for its post."""
        async with self._database.read() as connection:
            meeting = await meetings.meeting(connection, workspace_id, meeting_id)
            squad = None
            if meeting is not None:
                squad = await squads.get(connection, workspace_id, meeting.squad_id)
            if meeting is None or squad is None:
                return None
            known = await people.refs(connection, [meeting.edited_by] if meeting.edited_by else [])
            found = await action_items.of_source(
                connection, workspace_id, ActionSource.SYNC, meeting_id
            )
        by = known.get(meeting.edited_by) if meeting.edited_by else None
        return Notes(meeting=meeting, squad=squad, edited_by=by, actions=tuple(found))


async def _meeting(unit: Unit, meeting_id: int, *, lock: bool = False) -> Meeting:
    found = await meetings.meeting(unit.tx, unit.workspace_id, meeting_id, lock=lock)
    if found is None:
        raise NotFound("meeting_gone")
    return found


async def _write(unit: Unit, form: NotesForm, key: str | None) -> Notes:
    meeting = await _meeting(unit, form.meeting_id, lock=True)
    roles.require(unit.actor, Act.JOIN_MEETING, meeting.squad_id)
    if await unit.begin(key) is not None:
        return await _notes(unit, meeting)
    if meeting.revision != form.revision:
        raise _StaleError(await _notes(unit, meeting))
    await meetings.change_meeting(
        unit.tx,
        unit.workspace_id,
        meeting.id,
        state=MeetingState.HELD.value,
        decisions=checked(form.decisions, "decisions"),
        notes=checked(form.notes, "notes"),
        revision=meeting.revision + 1,
        edited_by=unit.actor.person_id,
        edited_at=unit.now,
    )
    await _add_actions(unit, meeting, form.actions)
    await unit.log("meeting.noted", squad_id=meeting.squad_id, meeting_id=meeting.id)
    await unit.finish(key, meeting_id=meeting.id)
    await meeting_posts.change(unit, meeting)
    return await _notes(unit, await _meeting(unit, meeting.id))


async def _notes(unit: Unit, meeting: Meeting) -> Notes:
    roles.require(unit.actor, Act.JOIN_MEETING, meeting.squad_id)
    squad = await _squad(unit, meeting)
    by = None
    if meeting.edited_by is not None:
        by = (await people.refs(unit.tx, [meeting.edited_by])).get(meeting.edited_by)
    found = await action_items.of_source(unit.tx, unit.workspace_id, ActionSource.SYNC, meeting.id)
    return Notes(meeting=meeting, squad=squad, edited_by=by, actions=tuple(found))


async def _squad(unit: Unit, meeting: Meeting) -> Squad:
    found = await squads.get(unit.tx, unit.workspace_id, meeting.squad_id)
    if found is None:
        raise NotFound("squad_gone")
    return found


async def _add_actions(unit: Unit, meeting: Meeting, wanted: tuple[NewAction, ...]) -> None:
    """Write down the actions; each owner belongs to the squad."""
    if not wanted:
        return
    squad = await _squad(unit, meeting)
    today = clock.local_day(unit.now, squad.zone)
    known = await people.by_user_ids(unit.tx, unit.workspace_id, [one.owner for one in wanted])
    inside = await meetings.able_in(unit.tx, unit.workspace_id, [squad.id])
    members = {one.person_id for one in inside.get(squad.id, ()) if one.roles != {Role.CLIENT}}
    for one in wanted:
        owner = known.get(one.owner)
        if owner is None or owner.person_id not in members:
            raise NotFound("owner_no_member", field=f"owner{one.number}")
        await actions.add(
            unit,
            squad_id=squad.id,
            owner_id=owner.person_id,
            text=action_rules.read_text(one.text, f"action{one.number}"),
            due=action_rules.check_due(one.due, today, f"due{one.number}"),
            source=ActionSource.SYNC,
            source_id=meeting.id,
            private=False,
        )
