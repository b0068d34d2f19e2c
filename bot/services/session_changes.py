"""What a session becomes: another time, other people or another quiz, inside a transaction."""

from collections.abc import Collection
from dataclasses import replace

from bot.errors import Conflict
from bot.rules import sessions as rules
from bot.rules.sessions import Audience, Draft, Phase, Quiz, Session
from bot.services import convening, session_plans
from bot.services.convening import Gathering
from bot.services.unit import Unit
from bot.store import sessions, today


async def change(unit: Unit, found: Gathering, draft: Draft, quiz: Quiz | None) -> Session:
    """Change a session and its message, and tell whom it concerns; what is left empty stays.

    Who comes is told of another time. Whoever is newly asked finds the line of the day in Today;
    whoever is asked no more hears nothing further. A `quiz` takes the place of the one before.
    Once it is over only its quiz can be changed. Raises BadInput at the field that it is about,
    Conflict("session_over", "quiz_answered").
    """
    before = found.session
    if before.phase(unit.now) is Phase.OVER:
        if not _is_same(before, draft):
            raise Conflict("session_over")
        is_moved = False
    else:
        is_moved = await _change_plan(unit, found, draft)
    if quiz is not None:
        await _change_quiz(unit, before, quiz)
    await sessions.change(unit.tx, before.id, changed_at=unit.now)
    await unit.send(*await convening.edits(unit.tx, before))
    after = await session_plans.read(unit, before.id)
    now_found = await convening.read(unit.tx, after)
    if now_found is not None:
        await _tell(unit, found, now_found, is_moved=is_moved)
    await unit.log("session.changed", squad_id=before.squad_id, session_id=before.id)
    return after


def _is_same(before: Session, draft: Draft) -> bool:
    """Tell whether a draft leaves everything but the quiz; such a form has no other field."""
    typed = (draft.title, draft.starts, draft.ends, draft.link)
    return not any(typed) and draft.audience is before.audience and not draft.user_ids


async def _change_plan(unit: Unit, found: Gathering, draft: Draft) -> bool:
    """Change what it is, when and for whom; True if the time changed."""
    before = found.session
    draft = replace(
        draft,
        title=draft.title or before.title,
        starts=draft.starts or before.starts_at.isoformat(),
        ends=draft.ends or before.ends_at.isoformat(),
        link=draft.link or before.link,
    )
    starts_at, ends_at = session_plans.read_times(draft, found.squad.zone, unit.now, before)
    values: dict[str, object] = {
        **session_plans.words(draft),
        "audience": draft.audience.value,
        # The clock looks at once: somebody may be newly asked, or the day be another.
        "next_at": max(unit.now, starts_at - convening.AHEAD),
    }
    is_moved = (starts_at, ends_at) != (before.starts_at, before.ends_at)
    if is_moved:
        values |= {"starts_at": starts_at, "ends_at": ends_at, "revision": before.revision + 1}
    await _choose(unit, found, draft)
    await sessions.change(unit.tx, before.id, **values)
    return is_moved


async def _choose(unit: Unit, found: Gathering, draft: Draft) -> None:
    """Choose by name whom the draft names; nobody named leaves those who were chosen."""
    before = found.session
    by_name = draft.audience is Audience.CHOSEN
    if by_name and not draft.user_ids and before.audience is Audience.CHOSEN:
        return
    chosen = await session_plans.chosen(unit, found.squad, draft)
    await sessions.uninvite(unit.tx, before.id)
    await sessions.invite(unit.tx, unit.workspace_id, before.id, chosen)


async def _change_quiz(unit: Unit, before: Session, quiz: Quiz) -> None:
    await sessions.hold_quiz(unit.tx, before.id)
    if rules.same_quiz(quiz.questions, await sessions.questions(unit.tx, before.id)):
        return
    if await sessions.answers(unit.tx, before.id):
        raise Conflict("quiz_answered")
    if before.phase(unit.now) is Phase.OVER and not before.quiz_open(unit.now):
        raise Conflict("session_over")
    await sessions.replace_quiz(unit.tx, unit.workspace_id, before.id, quiz.questions)
    await sessions.change(unit.tx, before.id, project_id=quiz.project_id)


async def _tell(unit: Unit, before: Gathering, after: Gathering, *, is_moved: bool) -> None:
    """Tell people of what changed for them, and end the lines that hold no longer."""
    was, now_is = before.session, after.session
    if is_moved:
        await unit.send(*convening.moved(after, unit.now))
    lines = (rules.DAY, rules.MOVED)
    gone = before.asked if is_moved else before.asked.keys() - after.asked.keys()
    await convening.tick(unit.tx, was, lines, gone, unit.now)
    # Who is asked again after they were not had a line that is ticked off by now.
    await _plan_anew(unit, now_is, rules.DAY, after.asked.keys() - before.asked.keys())
    if now_is.phase(unit.now) is not Phase.OVER:
        return
    if before.questions and not after.questions:
        await convening.tick(unit.tx, was, [rules.QUIZ], before.asked, unit.now)
    elif after.questions and not before.questions:
        await _plan_anew(unit, now_is, rules.QUIZ, after.asked)
        await unit.send(*convening.ended(after))


async def _plan_anew(unit: Unit, session: Session, kind: str, people: Collection[int]) -> None:
    keys = [convening.key_of(kind, session, each) for each in people]
    if keys:
        await today.plan_anew(unit.tx, unit.workspace_id, keys)
