"""Probation, pauses for quality and offboarding: proposed, confirmed by another, answered, lifted.

For the managers of the squad and for admins. Nobody proposes, confirms or lifts what concerns
themselves; who manages is changed by admins alone. Nothing of it happens by itself.
"""

from collections.abc import Sequence
from typing import Final

from bot.errors import Conflict, NotAllowed, NotFound
from bot.rules import status_cases as rules
from bot.rules.people import Caller, PersonRef, Role, SquadState, Status
from bot.rules.roles import Act, require
from bot.rules.squads import Squad, SquadMember, Where
from bot.rules.status_cases import Case, CaseState, Proposal, Sheet, Stored
from bot.services import lookup, status_notices
from bot.services import status_steps as steps
from bot.services.status_evidence import gather
from bot.services.unit import Service, Unit
from bot.store import people, squads, status_cases

_BACK: Final = frozenset({Status.PROBATION, Status.PAUSED, Status.OFFBOARDED})


class StatusCases(Service):
    """Each method says who may call it and what it refuses."""

    async def sheet(
        self, caller: Caller, where: Where, user_id: str | None, status: Status, name: str = ""
    ) -> Sheet:
        """Return what the form of a proposal shows; the look at the figures is noted.

        Whoever is not in Slack is found by name. Raises NotAllowed, NotFound("unknown_person",
        "case_not_member"), BadInput("several_of_name"), Conflict
        ("case_squad_rehearsed", "case_open", "case_already", "case_nobody_confirms").
        """
        async with self.writing(caller) as unit:
            squad = await lookup.managed_squad(unit, where)
            person = await lookup.find_member(unit, squad, user_id, name)
            await self._proposable(unit, squad, person, status)
            return Sheet(
                squad_id=squad.id,
                squad=squad.name,
                person=person,
                status=status,
                kinds=rules.KINDS[status],
                evidence=await gather(unit, squad, person.person_id),
            )

    async def propose(
        self, caller: Caller, wanted: Proposal, key: str | None
    ) -> tuple[Case, list[PersonRef]]:
        """Store a proposal and ask whoever may confirm it; return it with who that is.

        Raises as `sheet` does, and BadInput as `check_kind` and `check_text` of the rules do.
        """
        async with self.writing(caller) as unit:
            squad = await lookup.managed_squad(unit, Where(squad_id=wanted.squad_id))
            prior = await unit.begin(key)
            if prior is not None:
                return await self._asked(unit, await steps.get(unit, int(prior["case_id"])))
            person = (await people.refs(unit.tx, [wanted.person_id])).get(wanted.person_id)
            if person is None:
                raise NotFound("case_not_member", name="")
            member = await self._proposable(unit, squad, person, wanted.status)
            reason = rules.check_text(wanted.reason, rules.REASON_FIELD, rules.REASON_LIMIT)
            evidence = await gather(unit, squad, wanted.person_id)
            rules.check_kind(wanted.status, wanted.kind, evidence)
            case = await steps.add(unit, wanted, member.status, reason, evidence)
            able = await status_cases.able(unit.tx, unit.workspace_id, squad.id, wanted.person_id)
            await status_notices.ask(unit, case, able)
            await unit.finish(key, case_id=case.case_id)
            return await self._asked(unit, case)

    async def _asked(self, unit: Unit, stored: Stored) -> tuple[Case, list[PersonRef]]:
        case = await self._read(unit, stored)
        named = await people.refs(unit.tx, case.deciders)
        return case, [named[key] for key in sorted(case.deciders)]

    async def _proposable(
        self, unit: Unit, squad: Squad, person: PersonRef, status: Status
    ) -> SquadMember:
        """Return the member if a change to `status` can be proposed; stale proposals are closed."""
        person_id = person.person_id
        if person_id == unit.actor.person_id:
            raise NotAllowed("case_own")
        if squad.state is SquadState.REHEARSAL:
            raise Conflict("case_squad_rehearsed", squad=squad.name)
        found = await squads.members(unit.tx, unit.workspace_id, squad.id, [person_id])
        member = found.get(person_id)
        if member is None:
            raise NotFound("case_not_member", name=person.name)
        if Role.MANAGER in member.roles:
            require(unit.actor, Act.ADMINISTER, None)
        if member.status is status:
            raise Conflict("case_already", name=person.name)
        able = await status_cases.able(unit.tx, unit.workspace_id, squad.id, person_id)
        for other in await status_cases.of_person(
            unit.tx, unit.workspace_id, person_id, (CaseState.PROPOSED,), squad.id
        ):
            if rules.obstacle(other, able, unit.now) is None:
                raise Conflict("case_open", name=person.name)
            await steps.close(unit, other, CaseState.WITHDRAWN, None)
        if not rules.deciders(able, person_id, unit.actor.person_id):
            raise Conflict("case_nobody_confirms")
        return member

    async def confirm(self, caller: Caller, case_id: int, key: str | None) -> Case:
        """Put a proposal in force and tell the person; for another manager, else an admin.

        Raises NotFound("case_gone"), NotAllowed("case_not_yours"), Conflict: "case_decided",
        "case_too_old", "case_moved_on", "case_proposer_gone".
        """
        async with self.writing(caller) as unit:
            if await unit.begin(key) is not None:
                return await self._read(unit, await steps.get(unit, case_id))
            case = await self._decidable(unit, case_id)
            confirmed = case.with_state(
                CaseState.IN_FORCE,
                confirmed_by=unit.actor.person_id,
                confirmed_at=unit.now,
                answer_due=await steps.answer_due(unit, case.person_id),
            )
            await steps.put_in_force(unit, confirmed)
            await unit.finish(key, case_id=case_id)
            return await self._read(unit, confirmed)

    async def decline(
        self, caller: Caller, case_id: int, remark: str | None, key: str | None
    ) -> Case:
        """Leave the member as they are; only the proposer hears of it. Raises as `confirm`."""
        async with self.writing(caller) as unit:
            if await unit.begin(key) is not None:
                return await self._read(unit, await steps.get(unit, case_id))
            case = await self._decidable(unit, case_id)
            declined = await steps.close(
                unit, case, CaseState.DECLINED, (remark or "").strip() or None
            )
            await status_notices.say_decided(unit, declined)
            await unit.finish(key, case_id=case_id)
            return await self._read(unit, declined)

    async def _decidable(self, unit: Unit, case_id: int) -> Stored:
        """Return a proposal, locked, that the actor may decide and that still can be decided."""
        case = await steps.get(unit, case_id, lock=True)
        able = await status_cases.able(unit.tx, unit.workspace_id, case.squad_id, case.person_id)
        those = rules.deciders(able, case.person_id, case.proposed_by)
        if unit.actor.person_id not in those:
            seen = unit.actor.person_id in able.managers | {case.proposed_by}
            raise NotAllowed("case_not_yours") if seen else NotFound("case_gone")
        code = rules.obstacle(case, able, unit.now)
        if code is not None:
            raise Conflict(code)
        return case

    async def decidable(self, caller: Caller, case_id: int) -> None:
        """See that the caller can decide a proposal. Raises as `confirm`."""
        async with self.reading(caller) as unit:
            await self._decidable(unit, case_id)

    async def withdraw(self, caller: Caller, case_id: int) -> Case:
        """Take a proposal back; for whoever made it. Once more changes nothing.

        Raises NotFound("case_gone"), Conflict("case_decided") after somebody decided.
        """
        async with self.writing(caller) as unit:
            case = await steps.get(unit, case_id, lock=True)
            if case.proposed_by != unit.actor.person_id:
                raise NotFound("case_gone")
            if case.state is CaseState.PROPOSED:
                case = await steps.close(unit, case, CaseState.WITHDRAWN, None)
            elif case.state is not CaseState.WITHDRAWN:
                raise Conflict("case_decided")
            return await self._read(unit, case)

    async def answer(self, caller: Caller, case_id: int, text: str, key: str | None) -> Case:
        """Keep what the person says to it and bring it to a manager who had no part in it.

        Raises NotFound("case_gone"), BadInput as `check_text` does, Conflict: "case_over",
        "case_answered", "case_answer_late".
        """
        async with self.writing(caller) as unit:
            if await unit.begin(key) is not None:
                return await self._read(unit, await steps.get(unit, case_id))
            case = await steps.get(unit, case_id, lock=True)
            _check_mine(unit, case)
            said = rules.check_text(text, rules.ANSWER_FIELD, rules.ANSWER_LIMIT)
            code = rules.may_answer(case, unit.now)
            if code is not None:
                raise Conflict(code)
            able = await status_cases.able(
                unit.tx, unit.workspace_id, case.squad_id, case.person_id
            )
            reader = rules.hears(able, case)
            values = {"answer": said, "answered_at": unit.now, "answered_to": reader}
            await status_cases.change(unit.tx, unit.workspace_id, case_id, values)
            await unit.log(
                "status.answered",
                squad_id=case.squad_id,
                person_id=case.person_id,
                case_id=case_id,
                to=reader,
            )
            answered = case.with_state(case.state, **values)
            if reader is not None:
                await status_notices.pass_answer(unit, answered, reader)
            await status_notices.refresh(unit, answered)
            await unit.finish(key, case_id=case_id)
            return await self._read(unit, answered)

    async def answerable(self, caller: Caller, case_id: int) -> Case:
        """Return what the caller can still answer to. Raises as `answer`."""
        async with self.reading(caller) as unit:
            case = await steps.get(unit, case_id)
            _check_mine(unit, case)
            code = rules.may_answer(case, unit.now)
            if code is not None:
                raise Conflict(code)
            return await self._read(unit, case)

    async def reinstate(
        self, caller: Caller, where: Where, user_id: str | None, name: str = ""
    ) -> tuple[Squad, PersonRef, Status]:
        """Set a member active again, whatever took them out; return what they were.

        For managers and admins, but not for themselves. Raises NotAllowed, NotFound
        ("unknown_person", "case_not_member"), Conflict("case_nothing_to_lift").
        """
        async with self.writing(caller) as unit:
            squad = await lookup.managed_squad(unit, where)
            person = await lookup.find_member(unit, squad, user_id, name)
            return squad, person, await self._lift(unit, squad, person)

    async def lift(self, caller: Caller, case_id: int) -> Case:
        """Reinstate whom a case is about; once more changes nothing. Raises as `reinstate`."""
        async with self.writing(caller) as unit:
            case = await steps.get(unit, case_id, lock=True)
            squad = await squads.get(unit.tx, unit.workspace_id, case.squad_id)
            named = await people.refs(unit.tx, [case.person_id])
            if squad is None:
                raise NotFound("case_gone")
            if case.state is not CaseState.LIFTED:
                require(unit.actor, Act.MANAGE_SQUAD, squad.id)
                if case.state is not CaseState.IN_FORCE:
                    raise Conflict("case_over")
                await self._lift(unit, squad, named[case.person_id])
            return await self._read(unit, await steps.get(unit, case_id))

    async def _lift(self, unit: Unit, squad: Squad, person: PersonRef) -> Status:
        person_id = person.person_id
        if person_id == unit.actor.person_id:
            raise NotAllowed("case_own")
        found = await squads.members(unit.tx, unit.workspace_id, squad.id, [person_id])
        member = found.get(person_id)
        if member is None:
            raise NotFound("case_not_member", name=person.name)
        if member.status not in _BACK:
            raise Conflict("case_nothing_to_lift", name=person.name)
        if Role.MANAGER in member.roles:
            require(unit.actor, Act.ADMINISTER, None)
        await squads.set_status(unit.tx, unit.workspace_id, squad.id, person_id, Status.ACTIVE)
        await unit.log(
            "member.reinstated", squad_id=squad.id, person_id=person_id, status=member.status
        )
        await steps.close_held(unit, squad.id, person_id)
        await status_notices.say_lifted(unit, squad.id, person_id)
        return member.status

    # What people look at.

    async def read(self, caller: Caller, case_id: int) -> Case:
        """Return a case; whoever is not the person leaves a line in the ledger.

        Raises NotFound("case_gone") also for whom it does not concern.
        """
        async with self.writing(caller) as unit:
            case = await self._read(unit, await steps.get(unit, case_id))
            if not rules.may_read(case):
                raise NotFound("case_gone")
            if unit.actor.person_id != case.stored.person_id:
                await unit.log(
                    "status.read",
                    squad_id=case.stored.squad_id,
                    person_id=case.stored.person_id,
                    case_id=case_id,
                )
            return case

    async def waiting(self, caller: Caller) -> tuple[Case, ...]:
        """Return the proposals that the caller may confirm, or made and may take back."""
        async with self.reading(caller) as unit:
            found = await status_cases.proposed(unit.tx, unit.workspace_id)
            cases = await self._cases(unit, found)
            return rules.waiting(cases)

    async def mine(self, caller: Caller) -> tuple[Case, ...]:
        """Return what holds for the caller themselves."""
        async with self.reading(caller) as unit:
            found = await status_cases.of_person(
                unit.tx, unit.workspace_id, unit.actor.person_id, steps.HELD
            )
            return tuple(await self._cases(unit, found))

    async def _cases(self, unit: Unit, found: Sequence[Stored]) -> list[Case]:
        cases = [await self._shown(unit, each) for each in found]
        return [each for each in cases if each is not None]

    async def _read(self, unit: Unit, stored: Stored) -> Case:
        case = await self._shown(unit, stored)
        if case is None:
            raise NotFound("case_gone")
        return case

    async def _shown(self, unit: Unit, stored: Stored) -> Case | None:
        actor = unit.actor
        return await status_notices.case_of(unit.tx, stored, unit.now, actor.person_id, actor.zone)

    # For dispatch, which asks again at send time.

    async def case(
        self, workspace_id: int, case_id: int, reader_id: int, zone: str | None
    ) -> Case | None:
        """Return a case as it stands for its reader; None if it is gone."""
        async with self._database.read() as connection:
            stored = await status_cases.get(connection, workspace_id, case_id)
            if stored is None:
                return None
            now = self._clock.now()
            return await status_notices.case_of(connection, stored, now, reader_id, zone)


def _check_mine(unit: Unit, case: Stored) -> None:
    """Raise NotFound("case_gone") for what is not about the actor, or never held for them."""
    if case.person_id != unit.actor.person_id or case.state not in rules.KNOWN_TO_PERSON:
        raise NotFound("case_gone")
