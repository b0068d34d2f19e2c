"""The quiz after a session: taken once, told to each person alone, and to managers as totals."""

from collections.abc import Mapping, Sequence

from bot.clock import Clock
from bot.errors import BadInput, Conflict, NotAllowed, NotFound
from bot.rules import roles
from bot.rules import sessions as rules
from bot.rules.people import Caller, IndividualFigures, PersonRef
from bot.rules.roles import About, Act
from bot.rules.sessions import Asked, Marked, Results, Session, Totals
from bot.services import convening, session_plans
from bot.services.citations import Citations
from bot.services.convening import Gathering
from bot.services.reports import SEEN
from bot.services.unit import Service, Unit
from bot.store import projects, sessions
from bot.store.database import Database

Choices = Mapping[int, int]


class SessionQuizzes(Service):
    """Nobody sees another person's answers but managers, as the squad's setting allows."""

    def __init__(self, database: Database, clock: Clock, citations: Citations) -> None:
        super().__init__(database, clock)
        self._citations = citations

    async def project(
        self, caller: Caller, squad_id: int, questions: Sequence[Asked]
    ) -> int | None:
        """Return whose guidelines have every section that a quiz cites; None for no quiz.

        Raises NotAllowed, and BadInput("quiz_unknown_section") with the first that none has.
        """
        if not questions:
            return None
        async with self.reading(caller) as unit:
            roles.require(unit.actor, Act.RUN_SESSION, squad_id)
            found = await projects.of_squad(unit.tx, unit.workspace_id, squad_id)
            workspace_id = unit.workspace_id
        cited = [each.section for each in questions]
        known: list[set[str]] = []
        for each in found:
            named, _ = await self._citations.named(workspace_id, each.project_id, cited)
            if all(section in named for section in cited):
                return each.project_id
            known.append(set(named))
        most = max(known, key=len, default=set())
        number, section = next(
            (number, section)
            for number, section in enumerate(cited, start=1)
            if section not in most
        )
        raise BadInput(
            "quiz_unknown_section", number=number, section=section[:80], field=rules.QUIZ_FIELD
        )

    async def begin(self, caller: Caller, session_id: int) -> tuple[Session, list[Asked]] | Results:
        """Return the questions to who may take the quiz, or their results if they took it.

        Raises NotFound("session_gone"), NotAllowed("session_not_asked"),
        Conflict("quiz_not_open").
        """
        async with self.reading(caller) as unit:
            found = await _open_to(unit, session_id)
            asked = await sessions.questions(unit.tx, session_id)
            me = unit.actor.person_id
            mine = (await sessions.answers(unit.tx, session_id, me)).get(me)
        if mine is None:
            return found.session, asked
        return await self._results(found.session, asked, mine)

    async def take(
        self, caller: Caller, session_id: int, typed: Mapping[int, str], edition: str
    ) -> Results:
        """Keep the caller's answers, question -> the place of a choice; only the first ones count.

        `edition` is that of the quiz they saw (`rules.sessions.quiz_edition`).

        Raises as `begin`, BadInput("quiz_choose_one"), and Conflict("quiz_changed") for answers to
        what is asked no more.
        """
        async with self.writing(caller) as unit:
            found = await _open_to(unit, session_id)
            await sessions.hold_quiz(unit.tx, session_id)
            asked = await sessions.questions(unit.tx, session_id)
            me = unit.actor.person_id
            mine = (await sessions.answers(unit.tx, session_id, me)).get(me)
            if mine is None:
                if edition != rules.quiz_edition(asked):
                    raise Conflict("quiz_changed")
                chosen = {each.id: _choice(each, typed) for each in asked}
                await sessions.take(unit.tx, found.session, me, chosen, unit.now)
                # Sent twice at once, the first one's answers are there by now.
                mine = (await sessions.answers(unit.tx, session_id, me))[me]
                kinds = (rules.QUIZ,)
                await convening.tick(unit.tx, found.session, kinds, [me], unit.now)
                await unit.log("session.quiz_taken", person_id=me, session_id=session_id)
        return await self._results(found.session, asked, mine)

    async def _results(self, session: Session, asked: Sequence[Asked], choices: Choices) -> Results:
        """Return each answer; for wrong ones the section is quoted from the newest guidelines."""
        wrong = [each.section for each in asked if choices.get(each.id) != each.correct]
        quoted = {}
        if session.project_id is not None and wrong:
            quoted = dict(
                await self._citations.quoted(session.workspace_id, session.project_id, wrong)
            )
        marked = [
            Marked(question=each, choice=choices[each.id], cited=quoted.get(each.section))
            for each in asked
            if each.id in choices
        ]
        return Results(title=session.title, marked=tuple(marked))

    async def totals(self, caller: Caller, session_id: int) -> Totals:
        """Return how a session went, for its squad's managers.

        Single results only where the squad's setting shows such to managers; that somebody looked
        is then kept for each person. Raises NotFound("session_gone"), NotAllowed.
        """
        async with self.writing(caller) as unit:
            session = await session_plans.read(unit, session_id)
            found = await convening.read(unit.tx, session)
            if found is None or not unit.actor.roles_in(session.squad_id):
                raise NotFound("session_gone")
            roles.require(unit.actor, Act.RUN_SESSION, session.squad_id)
            asked = await sessions.questions(unit.tx, session_id)
            answers = await sessions.answers(unit.tx, session_id)
            people = _seen_people(unit, found, asked, answers)
            for person, _ in people or ():
                await unit.log(
                    SEEN,
                    squad_id=session.squad_id,
                    person_id=person.person_id,
                    session_id=session_id,
                )
            return Totals(
                sheet=found.sheet,
                questions=tuple(asked),
                taken=len(answers),
                right=_right(asked, answers, found.squad.individual_figures),
                people=people,
                yes=_coming(unit, found),
            )


def _choice(asked: Asked, typed: Mapping[int, str]) -> int:
    said = typed.get(asked.id, "")
    if not said.isdecimal() or int(said) >= len(asked.choices):
        raise BadInput("quiz_choose_one")
    return int(said)


async def _open_to(unit: Unit, session_id: int) -> Gathering:
    """Return a session whose quiz the actor may take. Raises as `SessionQuizzes.begin`."""
    session = await session_plans.read(unit, session_id)
    found = await convening.read(unit.tx, session)
    if found is None or not unit.actor.roles_in(session.squad_id):
        raise NotFound("session_gone")
    if unit.actor.person_id not in found.asked:
        raise NotAllowed("session_not_asked")
    if not (found.questions and session.quiz_open(unit.now)):
        raise Conflict("quiz_not_open")
    return found


def _right(
    asked: Sequence[Asked], answers: Mapping[int, Choices], setting: IndividualFigures
) -> tuple[int, ...]:
    if not rules.totals_shown(len(answers), setting):
        return ()
    return tuple(
        sum(each.get(question.id) == question.correct for each in answers.values())
        for question in asked
    )


def _may_see(unit: Unit, found: Gathering, person_id: int) -> bool:
    return roles.may_see_person(
        unit.actor,
        person_id,
        squad_id=found.squad.id,
        setting=found.squad.individual_figures,
        about=About.CASES,
    )


def _seen_people(
    unit: Unit, found: Gathering, asked: Sequence[Asked], answers: Mapping[int, Choices]
) -> tuple[tuple[PersonRef, int], ...] | None:
    """Return whose results the actor may see by name, in the order of names; None if nobody's."""
    me = unit.actor.person_id
    others = [each for each in found.asked if each in answers and each != me]
    if not others or not all(_may_see(unit, found, each) for each in others):
        return None
    return tuple(
        (
            found.asked[each].person,
            sum(answers[each].get(question.id) == question.correct for question in asked),
        )
        for each in others
    )


def _coming(unit: Unit, found: Gathering) -> tuple[PersonRef, ...]:
    """Return who said that they come, as far as the actor may see attendance by name."""
    return tuple(
        member.person
        for person_id, member in found.asked.items()
        if found.said.get(person_id) is rules.Rsvp.YES and _may_see(unit, found, person_id)
    )
