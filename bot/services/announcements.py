"""Announcements as managers make them and everybody reads and confirms them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot import clock
from bot.errors import BadInput, Conflict, NotAllowed, NotFound
from bot.rules import announcements as rules
from bot.rules import roles
from bot.rules.announcements import Announcement, Details, Draft, Held, Own, Reader, Sheet
from bot.rules.home import home_intents
from bot.rules.people import Caller, Role
from bot.rules.roles import Act
from bot.rules.squads import Squad
from bot.services import announcement_rehearsals, announcing
from bot.services.announcement_offers import check_version
from bot.services.unit import Service, Unit
from bot.store import announcements, outbox, squads

AT_ONCE: Final = 50
OPEN_SHOWN: Final = 5


class Announcements(Service):
    """Managers of all squads that it is for make one; the squads' people confirm it."""

    async def squads_to_tell(self, caller: Caller) -> list[Squad]:
        """Return the squads that the caller may announce to. Raises NotAllowed."""
        async with self.reading(caller) as unit:
            return await announcing.managed(unit)

    async def create(
        self, caller: Caller, draft: Draft, key: str | None, window: timedelta | None = None
    ) -> Own:
        """Store an announcement and queue its posts; made twice it is one.

        Raises BadInput("empty_text", "text_too_long", "announcement_nobody", "reply_by_past") and
        for unreadable times, NotAllowed("not_allowed_announce"), NotFound("squad_gone"),
        Conflict("guidelines_announced", "announcement_posted" where the one that it stands for was
        announced by somebody else).
        """
        async with self.writing(caller) as unit:
            prior = await unit.begin(key, window)
            if prior is not None:
                return await _own(unit, await _get(unit, int(prior["announcement_id"])))
            there = await _checked(unit, draft)
            text = draft.text
            if draft.instead_of is not None:
                before = await announcement_rehearsals.take_over(
                    unit, draft.instead_of, draft.squad_ids
                )
                text = text.strip() or before.text
            made = await self._store(unit, draft, rules.read_text(text), there)
            await unit.finish(key, announcement_id=made.id)
            return await _own(unit, made)

    async def _store(
        self, unit: Unit, draft: Draft, text: str, there: Sequence[Squad]
    ) -> Announcement:
        reply_by = read_reply_by(draft.reply_by, there[0], unit.now)
        if draft.version_id is not None:
            await check_version(unit, draft.version_id)
        announcement_id = await announcements.add(
            unit.tx,
            {
                "workspace_id": unit.workspace_id,
                "author_id": unit.actor.person_id,
                "text": text,
                "reply_by": reply_by,
                "version_id": draft.version_id,
                "created_at": unit.now,
                "next_at": unit.now,
            },
            [each.id for each in there],
        )
        await announcing.post(unit.tx, announcement_id, there, unit.now)
        made = await _get(unit, announcement_id)
        await unit.send(*await announcing.count_intent(unit.tx, made, unit.now))
        await unit.log("announcement.made", squad_id=there[0].id, announcement_id=announcement_id)
        return made

    async def held(self, caller: Caller, announcement_id: int) -> Held:
        """Return what squads were not told of while they rehearsed, to announce it to them now.

        Raises NotFound("announcement_gone"), NotAllowed("not_allowed_announce"),
        Conflict("announcement_posted").
        """
        async with self.reading(caller) as unit:
            return await announcement_rehearsals.one(unit, announcement_id)

    async def own(self, caller: Caller, announcement_id: int) -> Own:
        """Return an announcement to one of its squads, or who wrote it. Raises NotFound."""
        async with self.reading(caller) as unit:
            return await _own(unit, await _seen(unit, announcement_id))

    async def open(self, caller: Caller) -> list[Own]:
        """Return what waits for the caller to confirm, oldest first."""
        async with self.reading(caller) as unit:
            mine = [
                each.squad_id
                for each in unit.actor.memberships
                if unit.actor.roles_in(each.squad_id)
            ]
            me, since = unit.actor.person_id, unit.now - rules.OPEN_FOR
            args = (unit.tx, unit.workspace_id, mine, me, since)
            found = []
            for each in await announcements.without_receipt(*args):
                own = await _own(unit, each)
                if own.open:
                    found.append(own)
                if len(found) == OPEN_SHOWN:
                    break
            return found

    async def confirm(self, caller: Caller, announcement_id: int) -> Own:
        """Keep that the caller has got it; once more changes nothing.

        Raises NotFound("announcement_gone"), Conflict("announcement_withdrawn",
        "announcement_reply" where a reply is asked for), NotAllowed("announcement_not_asked").
        """
        return await self._got(caller, announcement_id, None)

    async def reply(self, caller: Caller, announcement_id: int, text: str) -> Own:
        """Keep the caller's reply, which also says that they have got it. Raises as `confirm`."""
        return await self._got(caller, announcement_id, rules.read_reply(text))

    async def _got(self, caller: Caller, announcement_id: int, reply: str | None) -> Own:
        async with self.reading(caller) as unit:
            found = await _seen(unit, announcement_id)
            if not await announcing.is_asked(unit.tx, found, unit.actor.person_id):
                raise NotAllowed("announcement_not_asked")
            actor = unit.actor
        async with self.writing_as(actor) as unit:
            found = await _get(unit, announcement_id)
            if found.withdrawn_at is not None:
                raise Conflict("announcement_withdrawn")
            if reply is None and found.reply_by is not None:
                raise Conflict("announcement_reply")
            me = actor.person_id
            args = (unit.tx, unit.workspace_id, found.id, me, unit.now)
            if await announcements.confirm(*args, reply):
                await announcing.tick(unit.tx, found, [me], unit.now)
                slot = rules.count_slot(unit.now)
                await unit.send(*await announcing.edits(unit.tx, found, slot))
                await unit.send(*home_intents([me]))
                await unit.log("announcement.got", person_id=me, announcement_id=found.id)
        return await self.own(caller, announcement_id)

    async def details(self, caller: Caller, announcement_id: int) -> Details:
        """Return how many have got it and, to managers of its squads, who. Raises NotFound."""
        async with self.reading(caller) as unit:
            found = await _seen(unit, announcement_id)
            own = await _own(unit, found)
            managed = {
                each for each in found.squad_ids if roles.may(unit.actor, Act.ANNOUNCE, each)
            }
            if not managed:
                return Details(own=own, readers=None)
            there = await announcing.known_squads(unit.tx, unit.workspace_id, sorted(managed))
            told = announcing.reached(found, there)
            args = (unit.tx, unit.workspace_id, told, found.author_id)
            receipts = {
                each.person_id: each for each in await announcements.receipts(unit.tx, found.id)
            }
            readers = [
                Reader(person=one.person, receipt=receipts.get(person_id))
                for person_id, one in (await announcing.audience(*args)).items()
            ]
            return Details(own=own, readers=tuple(readers))

    async def changeable(self, caller: Caller, announcement_id: int) -> Own:
        """Return an announcement to edit. Raises NotFound, NotAllowed, Conflict."""
        async with self.reading(caller) as unit:
            return await _own(unit, await _changeable(unit, announcement_id))

    async def edit(self, caller: Caller, announcement_id: int, text: str, key: str | None) -> Own:
        """Change the words, and with them the posts. Raises as `create`, NotAllowed, Conflict."""
        meant = rules.read_text(text)
        async with self.writing(caller) as unit:
            found = await _changeable(unit, announcement_id)
            if await unit.begin(key) is None and meant != found.text:
                await announcements.change(unit.tx, announcement_id, text=meant, edited_at=unit.now)
                await unit.send(*await announcing.edits(unit.tx, found))
                await unit.log("announcement.edited", announcement_id=announcement_id)
            return await _own(unit, await _get(unit, announcement_id))

    async def ask_replies(
        self, caller: Caller, announcement_id: int, by: str, key: str | None
    ) -> Own:
        """Ask for replies by a day or time as it is typed; the posts change.

        Who has got it already is not asked again, but may reply. Raises as `create`, NotAllowed,
        Conflict.
        """
        async with self.writing(caller) as unit:
            found = await _changeable(unit, announcement_id)
            if await unit.begin(key) is None:
                there = await announcing.known_squads(unit.tx, unit.workspace_id, found.squad_ids)
                reply_by = _read_day(by, there[0], unit.now)
                values = {"reply_by": reply_by, "next_at": unit.now}
                await announcements.change(unit.tx, announcement_id, **values)
                asking = await _get(unit, announcement_id)
                await unit.send(*await announcing.edits(unit.tx, asking))
                await unit.send(*await announcing.count_again(unit.tx, asking, unit.now))
                await unit.log("announcement.asks_replies", announcement_id=announcement_id)
            return await _own(unit, await _get(unit, announcement_id))

    async def withdraw(self, caller: Caller, announcement_id: int) -> Own:
        """Take an announcement back; once more changes nothing. Raises NotFound, NotAllowed."""
        async with self.writing(caller) as unit:
            found = await _seen(unit, announcement_id)
            if not announcing.may_change(unit.actor, found):
                raise NotAllowed("not_allowed_announce")
            if await announcements.withdraw(unit.tx, announcement_id, unit.now):
                await unit.send(*await announcing.edits(unit.tx, found))
                _, asked, receipts = await announcing.read(unit.tx, found)
                waiting = asked.keys() - receipts.keys()
                await announcing.tick(unit.tx, found, waiting, unit.now)
                await unit.log("announcement.withdrawn", announcement_id=announcement_id)
            return await _own(unit, await _get(unit, announcement_id))

    # For dispatch and the clock.

    async def sheet(self, workspace_id: int, announcement_id: int) -> Sheet | None:
        """Return an announcement as its post shows it."""
        async with self._database.read() as connection:
            found = await announcements.get(connection, workspace_id, announcement_id)
            return None if found is None else (await announcing.read(connection, found))[0]

    async def still_held(self, workspace_id: int, announcement_id: int) -> Held | None:
        """Return what squads that are live by now were not told of; None if it was announced."""
        async with self._database.read() as connection:
            found = await announcements.get(connection, workspace_id, announcement_id)
            return None if found is None else await announcement_rehearsals.read(connection, found)

    async def still_manages(
        self, workspace_id: int, announcement: Announcement, person_id: int
    ) -> bool:
        """Tell whether somebody manages one of its squads now; names are for nobody else."""
        async with self._database.read() as connection:
            for squad_id in announcement.squad_ids:
                found = await squads.members(connection, workspace_id, squad_id, [person_id])
                member = found.get(person_id)
                if member is not None and member.present and Role.MANAGER in member.roles:
                    return True
        return False

    async def shown_to(self, workspace_id: int, announcement_id: int, person_id: int) -> Own | None:
        """Return an announcement as one person's line shows it."""
        async with self._database.read() as connection:
            found = await announcements.get(connection, workspace_id, announcement_id)
            return None if found is None else await announcing.own(connection, found, person_id)

    async def step(self) -> bool:
        """Plan the lines that are due; True if any announcement was looked at."""
        now = self._clock.now()
        async with self._database.read() as connection:
            if not await announcements.anything_due(connection, now):
                return False
            due = await announcements.due(connection, now, AT_ONCE)
        for each in due:
            async with self._database.write() as tx:
                if await announcements.advance(tx, each, rules.next_look(each, now)):
                    intents = await announcing.lines(tx, each, now)
                    await outbox.add(tx, each.workspace_id, intents, now)
        return bool(due)


def read_reply_by(text: str, squad: Squad, now: datetime) -> datetime | None:
    """Read by when a reply is due; None for nothing. Raises as `_read_day`."""
    return _read_day(text, squad, now) if text.strip() else None


def _read_day(text: str, squad: Squad, now: datetime) -> datetime:
    """Read a day, which means the end of the squad's working hours on it, or a day and time.

    Raises BadInput("reply_by_past") and for what cannot be read, at its field.
    """
    typed = text.strip()
    try:
        if ":" in typed:
            at = clock.parse_instant(typed, squad.zone)
        else:
            at = clock.to_utc(clock.parse_date(typed), squad.work_end, squad.zone)
    except BadInput as error:
        error.fields["field"] = rules.REPLY_BY_FIELD
        raise
    if at <= now:
        raise BadInput("reply_by_past", field=rules.REPLY_BY_FIELD)
    return at


async def _checked(unit: Unit, draft: Draft) -> list[Squad]:
    """Return the squads that it is for, live ones first, if the actor may announce to all."""
    if not draft.squad_ids:
        raise BadInput("announcement_nobody", field=rules.SQUADS_FIELD)
    for squad_id in draft.squad_ids:
        if await squads.get(unit.tx, unit.workspace_id, squad_id) is None:
            raise NotFound("squad_gone")
        roles.require(unit.actor, Act.ANNOUNCE, squad_id)
    return await announcing.known_squads(unit.tx, unit.workspace_id, draft.squad_ids)


async def _get(unit: Unit, announcement_id: int) -> Announcement:
    found = await announcements.get(unit.tx, unit.workspace_id, announcement_id)
    if found is None:
        raise NotFound("announcement_gone")
    return found


async def _seen(unit: Unit, announcement_id: int) -> Announcement:
    """Return an announcement to a squad that the actor is in. Raises NotFound."""
    found = await _get(unit, announcement_id)
    if not any(unit.actor.roles_in(each) for each in found.squad_ids):
        raise NotFound("announcement_gone")
    return found


async def _changeable(unit: Unit, announcement_id: int) -> Announcement:
    found = await _seen(unit, announcement_id)
    if not announcing.may_change(unit.actor, found):
        raise NotAllowed("not_allowed_announce")
    if found.withdrawn_at is not None:
        raise Conflict("announcement_withdrawn")
    return found


async def _own(unit: Unit, found: Announcement) -> Own:
    sheet, asked, receipts = await announcing.read(unit.tx, found)
    me = unit.actor.person_id
    return Own(
        sheet=sheet,
        asked=me in asked,
        receipt=receipts.get(me),
        may_change=announcing.may_change(unit.actor, found),
    )
