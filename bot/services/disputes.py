"""Disputes: a contributor appeals a finding, somebody else decides, all concerned hear of it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.clock import Clock
from bot.errors import BadInput, Conflict, NotAllowed, NotFound
from bot.rules import roles
from bot.rules.disputes import (
    QUESTIONS_OFFERED,
    Appeal,
    Case,
    Opening,
    Panel,
    Review,
    Reviews,
    ReviewState,
    Stored,
)
from bot.rules.people import Actor, Caller, IndividualFigures, Role
from bot.rules.roles import Act
from bot.rules.rulings import Decided, NewRuling, RulingForm, field_of, read_rulings
from bot.services import audit_feedback, contesting, reviewing, ruling
from bot.services.citations import Citations
from bot.services.unit import Service, Unit
from bot.store import disputes, finding_reviews, questions
from bot.store.database import Database

WAITING_SHOWN: Final = 20


class Disputes(Service):
    """Nobody decides their own finding or their own work; meanwhile it is out of the score."""

    def __init__(self, database: Database, clock: Clock, citations: Citations) -> None:
        super().__init__(database, clock)
        self._citations = citations

    # The contributor.

    async def opening(self, caller: Caller, audit_id: int) -> Opening:
        """Return what a contributor may appeal of an audit.

        Raises as `audit_feedback.own_feedback`, and Conflict("cannot_dispute",
        "dispute_too_late").
        """
        async with self.reading(caller) as unit:
            mine = await audit_feedback.own_feedback(unit, audit_id)
            if not mine.disputable or not mine.is_current:
                raise Conflict("cannot_dispute")
            await contesting.check_window(unit, mine)
            return Opening(
                feedback=mine, choices=mine.disputable, questions=await _own_questions(unit)
            )

    async def open(self, caller: Caller, appeal: Appeal, key: str | None) -> Case:
        """Take an appeal to those who decide. Raises as `opening` and `contesting.open_case`."""
        async with self.writing(caller) as unit:
            prior = await unit.begin(key)
            mine = await audit_feedback.own_feedback(unit, appeal.audit_id)
            if prior is None:
                if not mine.is_current:
                    raise Conflict("cannot_dispute")
                await contesting.check_window(unit, mine)
                keys = await contesting.open_case(unit, mine, appeal, {})
                await unit.finish(key, dispute_id=keys[0])
            else:
                keys = [int(prior["dispute_id"])]
            return await contesting.own_case(unit, keys[0])

    async def reopening(self, caller: Caller, dispute_id: int) -> Opening:
        """Return what a second opinion may be asked of.

        Raises as `contesting.own_case`, and Conflict("no_second_opinion", "second_too_late").
        """
        async with self.reading(caller) as unit:
            case = await _appealable(unit, dispute_id)
            return Opening(
                feedback=case.feedback,
                choices=tuple(case.finding(each) for each in _again(case).values()),
                questions=await _own_questions(unit),
                second_of=case.first.dispute_id,
            )

    async def reopen(
        self, caller: Caller, dispute_id: int, appeal: Appeal, key: str | None
    ) -> Case:
        """Ask for a second opinion. Raises as `reopening` and `contesting.open_case`."""
        async with self.writing(caller) as unit:
            prior = await unit.begin(key)
            if prior is not None:
                return await contesting.own_case(unit, int(prior["dispute_id"]))
            case = await _appealable(unit, dispute_id)
            keys = await contesting.open_case(unit, case.feedback, appeal, _again(case))
            await unit.finish(key, dispute_id=keys[0])
            return await contesting.own_case(unit, keys[0])

    async def withdraw(self, caller: Caller, dispute_id: int) -> Case:
        """Take back what is not decided yet; once more changes nothing.

        Raises as `contesting.own_case`, and Conflict("dispute_closed") if all of it is decided.
        """
        async with self.writing(caller) as unit:
            await disputes.lock(unit.tx, unit.workspace_id, dispute_id)
            case = await contesting.own_case(unit, dispute_id)
            if case.waiting:
                await contesting.withdraw(unit, case)
                return await contesting.own_case(unit, dispute_id)
            if case.decided:
                raise Conflict("dispute_closed")
            return case

    # Those who decide.

    async def read(self, caller: Caller, dispute_ids: Sequence[int]) -> Case:
        """Return a case to whoever decides it or is concerned; who looked is in the ledger.

        Raises NotFound("dispute_closed"), NotAllowed("not_allowed_read_dispute").
        """
        async with self.writing(caller) as unit:
            case, _ = await _seen(unit, _first(dispute_ids))
            await unit.log(
                "dispute.read",
                squad_id=case.first.squad_id,
                person_id=case.first.contributor_id,
            )
        return await self._quoted(case)

    async def decide(self, caller: Caller, forms: Sequence[RulingForm], key: str | None) -> Decided:
        """Keep what was decided; whatever was left open waits on.

        Raises as `read_rulings`, NotAllowed("not_allowed_decide_dispute"),
        Conflict("dispute_decided", "dispute_closed"), BadInput("section_not_there").
        """
        asked = _first([each.dispute_id for each in forms])
        async with self.reading(caller) as unit:
            case, who = await _seen(unit, asked)
            _require_decider(unit.actor, who)
            severities = {
                each.dispute_id: each.before or case.finding(each).severity
                for each in case.disputes
            }
            if not {each.dispute_id for each in forms} <= severities.keys():
                raise BadInput("old_button")
            rulings = read_rulings(forms, severities)
        rulings = await self._cited(case, rulings)
        async with self.writing(caller) as unit:
            prior = await unit.begin(key)
            if prior is not None:
                return Decided(
                    task=case.feedback.task,
                    rulings=rulings,
                    waiting=int(prior["waiting"]),
                    reviews=int(prior["reviews"]),
                    late=bool(prior["late"]),
                )
            await disputes.lock(unit.tx, unit.workspace_id, asked)
            case, who = await _seen(unit, asked)
            _require_decider(unit.actor, who)
            done = await ruling.decide(unit, case, rulings)
            await unit.finish(key, reviews=done.reviews, waiting=done.waiting, late=done.late)
            return done

    async def _cited(self, case: Case, rulings: Sequence[NewRuling]) -> tuple[NewRuling, ...]:
        """Return rulings with sections as the guidelines call them.

        Raises BadInput("section_not_there") at the field; without guidelines any will do.
        """
        about = case.feedback
        cited = {each.section for each in rulings}
        named, loaded = await self._citations.named(about.workspace_id, about.project_id, cited)
        for each in rulings:
            if loaded and each.section not in named:
                raise BadInput("section_not_there", field=field_of(each.position, "section"))
        return tuple(
            replace(each, section=named.get(each.section, each.section)[:300]) for each in rulings
        )

    async def _quoted(self, case: Case) -> Case:
        about = case.feedback
        quoted = await self._citations.quoted(about.workspace_id, about.project_id, about.sections)
        return replace(case, feedback=replace(about, cited=quoted))

    # What cites the same rule.

    async def reviews(self, caller: Caller, dispute_id: int, squad_id: int) -> Reviews:
        """Return what a manager looks at again after a ruling. Raises NotAllowed, NotFound."""
        async with self.reading(caller) as unit:
            roles.require(unit.actor, Act.READ_DISPUTE, squad_id)
            return await reviewing.reviews(unit, dispute_id, squad_id)

    async def review(self, caller: Caller, review_id: int, state: ReviewState) -> Reviews:
        """Keep a finding, or withdraw it; return what is left.

        Raises NotFound("review_gone"), NotAllowed("not_allowed_read_dispute", "own_work").
        """
        async with self.writing(caller) as unit:
            found = await finding_reviews.get(unit.tx, unit.workspace_id, review_id)
            if found is None:
                raise NotFound("review_gone")
            roles.require(unit.actor, Act.READ_DISPUTE, found.squad_id)
            if found.contributor_id == unit.actor.person_id:
                raise NotAllowed("own_work")
            await reviewing.settle(unit, found, state)
            return await reviewing.reviews(unit, found.dispute_id, found.squad_id)

    # Lists.

    async def mine(self, caller: Caller) -> tuple[Case, ...]:
        """Return the caller's own appeals that nobody decided yet, oldest first."""
        async with self.reading(caller) as unit:
            me = unit.actor.person_id
            found = await disputes.opened_by(unit.tx, unit.workspace_id, me)
            cases = [await contesting.own_case(unit, key) for key in _keys(found)]
            return tuple(cases)

    async def waiting(self, caller: Caller) -> tuple[Case, ...]:
        """Return what the caller may decide, what is due first before others."""
        async with self.reading(caller) as unit:
            squad_ids = [
                each.squad_id
                for each in unit.actor.memberships
                if roles.may(unit.actor, Act.DECIDE_DISPUTE, each.squad_id)
            ]
            everywhere = None if unit.actor.is_admin else squad_ids
            found = await disputes.waiting(unit.tx, unit.workspace_id, everywhere)
            cases = []
            for key in _keys(found)[: 5 * WAITING_SHOWN]:
                case, who = await _case(unit, key)
                if who is not None and unit.actor.person_id in who.deciders:
                    cases.append(case)
            cases.sort(key=lambda case: (case.first.due_at is None, case.first.due_at))
            return tuple(cases[:WAITING_SHOWN])

    async def to_review(self, caller: Caller, squad_id: int) -> tuple[Reviews, ...]:
        """Return what a manager is to look at again in a squad, by ruling."""
        async with self.reading(caller) as unit:
            roles.require(unit.actor, Act.READ_DISPUTE, squad_id)
            pairs = await finding_reviews.after(unit.tx, unit.workspace_id, [squad_id])
            return tuple([await reviewing.reviews(unit, key, squad_id) for key, _ in pairs])

    # For messages: what holds when their turn comes.

    async def as_mine(self, workspace_id: int, dispute_id: int, zone: str | None) -> Case | None:
        """Return a case as whoever opened it reads it."""
        async with self._database.read() as connection:
            found = await contesting.case_of(connection, workspace_id, dispute_id, zone)
        return None if found is None else found[0]

    async def as_decider(
        self, workspace_id: int, dispute_id: int, person_id: int, zone: str | None
    ) -> Case | None:
        """Return a case to somebody who may decide it still; None if they may not."""
        async with self._database.read() as connection:
            found = await contesting.case_of(connection, workspace_id, dispute_id, zone)
            if found is None:
                return None
            case, who = found
            if who is None or person_id not in who.deciders:
                return None
            members = await disputes.members(connection, workspace_id, case.first.squad_id)
            leads = Role.MANAGER in members.get(person_id, frozenset())
            return replace(case, named=leads and person_id in who.managers, may_decide=True)

    async def as_manager(
        self, workspace_id: int, dispute_id: int, squad_id: int, person_id: int
    ) -> Reviews | None:
        """Return what a manager of a squad is to look at again; None for somebody else."""
        async with self._database.read() as connection:
            members = await disputes.members(connection, workspace_id, squad_id)
            if Role.MANAGER not in members.get(person_id, frozenset()):
                return None
            return await reviewing.reviews_of(connection, workspace_id, dispute_id, squad_id)

    async def taken_back(self, workspace_id: int, review_id: int) -> Review | None:
        """Return a finding that was withdrawn after a ruling on another one."""
        async with self._database.read() as connection:
            return await finding_reviews.get(connection, workspace_id, review_id)


def _first(dispute_ids: Sequence[int]) -> int:
    if not dispute_ids:
        raise BadInput("old_button")
    return dispute_ids[0]


def _keys(found: Sequence[Stored]) -> list[int]:
    """Return one dispute of each case, in their order."""
    firsts: dict[object, int] = {}
    for each in found:
        firsts.setdefault(each.case_key or each.dispute_id, each.dispute_id)
    return list(firsts.values())


def _again(case: Case) -> dict[int, Stored]:
    return {each.finding_id: each for each in case.disputes if each.dispute_id in case.can_appeal}


async def _appealable(unit: Unit, dispute_id: int) -> Case:
    case = await contesting.own_case(unit, dispute_id)
    if not case.can_appeal or not case.feedback.is_current:
        raise Conflict("no_second_opinion")
    await contesting.check_second_window(unit, case)
    return case


async def _own_questions(unit: Unit) -> tuple[tuple[int, str], ...]:
    mine = await questions.mine(unit.tx, unit.workspace_id, unit.actor.person_id, QUESTIONS_OFFERED)
    return tuple((each.question_id, each.text) for each in mine)


async def _case(unit: Unit, dispute_id: int) -> tuple[Case, Panel | None]:
    """Return a case as the actor reads it. Raises NotFound("dispute_closed")."""
    found = await contesting.case_of(unit.tx, unit.workspace_id, dispute_id, unit.actor.zone)
    if found is None:
        raise NotFound("dispute_closed")
    case, who = found
    decides = who is not None and unit.actor.person_id in who.deciders
    leads = roles.may(unit.actor, Act.READ_DISPUTE, case.first.squad_id)
    named = leads and (decides or _shown(unit.actor, case.first.squad_id))
    return replace(case, may_decide=decides and bool(case.waiting), named=named), who


async def _seen(unit: Unit, dispute_id: int) -> tuple[Case, Panel | None]:
    """Return a case to whoever may see it: who decides it, a manager, its two parties once ruled.

    Raises NotFound("dispute_closed"), NotAllowed("not_allowed_read_dispute").
    """
    case, who = await _case(unit, dispute_id)
    me = unit.actor.person_id
    decides = who is not None and me in who.deciders
    heard = me == case.first.opened_by or (me == case.first.auditor_id and case.decided)
    if not (decides or case.named or heard):
        raise NotAllowed("not_allowed_read_dispute")
    return case, who


def _shown(actor: Actor, squad_id: int) -> bool:
    return any(
        each.squad_id == squad_id and each.individual_figures is IndividualFigures.SELF_AND_MANAGERS
        for each in actor.memberships
    )


def _require_decider(actor: Actor, who: Panel | None) -> None:
    if who is None or actor.person_id not in who.deciders:
        raise NotAllowed("not_allowed_decide_dispute")
