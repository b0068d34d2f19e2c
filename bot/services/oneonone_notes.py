"""Notes of one-on-ones: opened and saved by the two of a meeting, so that nothing is lost."""

from collections import Counter
from typing import Final

from bot import clock
from bot.errors import BadInput, Conflict, NotFound
from bot.rules import oneonone_notes as rules
from bot.rules import roles
from bot.rules.action_items import ActionSource, check_due
from bot.rules.coaching_effects import LED
from bot.rules.oneonone_notes import Category, Sheet, Written
from bot.rules.oneonone_packs import DAYS
from bot.rules.oneonones import TOPIC_LIMIT, TOPICS_LIMIT, OneOnOne
from bot.rules.people import Caller
from bot.rules.roles import Act
from bot.services import action_items
from bot.services.unit import Service, Unit
from bot.store import (
    effects,
    oneonone_notes,
    oneonone_topics,
    oneonones,
    people,
    questions,
    recipients,
    reports,
)
from bot.store import standing as standing_store

MOST: Final = 100
"""Categories that are looked through for a person's own errors."""


class MeetingNotes(Service):
    """For the two of a meeting: the person reads and writes what both share, the manager all."""

    async def open(self, caller: Caller, one_on_one_id: int) -> Sheet:
        """Return the form as it stands. Raises NotFound("oneonone_gone")."""
        async with self.reading(caller) as unit:
            meeting = await _own(unit, one_on_one_id)
            return await _sheet(unit, meeting)

    async def bring(
        self, caller: Caller, one_on_one_id: int, question_id: int, key: str | None
    ) -> None:
        """Make a question of one's own a topic that both read; pressed twice it is one.

        Raises NotFound("oneonone_gone"), ("question_gone") also for somebody else's question,
        Conflict("oneonone_topics_many").
        """
        async with self.writing(caller) as unit:
            meeting = await _own(unit, one_on_one_id)
            me = unit.actor.person_id
            asked = await questions.get(unit.tx, unit.workspace_id, question_id)
            if asked is None or asked.asker_id != me:
                raise NotFound("question_gone")
            if await unit.begin(key) is not None:
                return
            if await oneonone_topics.count(unit.tx, meeting.pair_id, me) >= TOPICS_LIMIT:
                raise Conflict("oneonone_topics_many", limit=TOPICS_LIMIT)
            text = asked.text[:TOPIC_LIMIT]
            topic_id = await oneonone_topics.add(
                unit.tx, unit.workspace_id, meeting.pair_id, me, text, unit.now
            )
            await oneonone_topics.change(unit.tx, unit.workspace_id, topic_id, shared=True)
            await unit.log("oneonone.topic", squad_id=meeting.squad_id, topic_id=topic_id)
            await unit.finish(key, topic_id=topic_id)

    async def save(
        self, caller: Caller, one_on_one_id: int, written: Written, key: str | None
    ) -> Sheet | None:
        """Store notes, action items and what was coached; None once it is done.

        If somebody saved after `written.revision` was read nothing is stored, and the form comes
        back with what they wrote beside what was written now. Raises NotFound("oneonone_gone"),
        ("unknown_category"), BadInput and Conflict at their fields: as `action_items.add` and
        `check_due`, Conflict("oneonone_not_yet") for a coaching that has not begun.
        """
        async with self.writing(caller) as unit:
            meeting = await _own(unit, one_on_one_id)
            if await unit.begin(key) is not None:
                return None
            if not await _saved(unit, meeting, written):
                if key is not None:
                    await effects.release(unit.tx, unit.workspace_id, key)
                return await _clash(unit, meeting, written)
            if _manages(unit, meeting):
                await _act(unit, meeting, written)
                await _teach(unit, meeting, written.coached)
            await unit.log("oneonone.noted", squad_id=meeting.squad_id, one_on_one_id=one_on_one_id)
            await unit.finish(key, one_on_one_id=one_on_one_id)
        return None


def _manages(unit: Unit, meeting: OneOnOne) -> bool:
    return unit.actor.person_id == meeting.manager_id


async def _own(unit: Unit, one_on_one_id: int) -> OneOnOne:
    """Return a meeting to one of its two who is in the squad still; to others there is none."""
    found = await oneonones.get(unit.tx, unit.workspace_id, one_on_one_id)
    if found is not None:
        if _manages(unit, found) and roles.may(unit.actor, Act.HOLD_ONE_ON_ONES, found.squad_id):
            return found
        if unit.actor.person_id == found.person_id and unit.actor.roles_in(found.squad_id):
            return found
    raise NotFound("oneonone_gone")


async def _sheet(unit: Unit, meeting: OneOnOne) -> Sheet:
    at = (unit.tx, unit.workspace_id)
    me = unit.actor.person_id
    notes = await oneonone_notes.get(*at, meeting.one_on_one_id)
    named = await people.refs(unit.tx, [meeting.other(me)])
    calendars = await recipients.calendars(*at, [me], unit.now)
    manages = _manages(unit, meeting)
    return Sheet(
        meeting=meeting,
        person=named[meeting.other(me)],
        zone=calendars[me].zone,
        manages=manages,
        shared=notes.shared if notes else "",
        own=(notes.own or "") if notes and manages else "",
        revision=notes.revision if notes else 0,
        categories=await _categories(unit, meeting) if manages else (),
        coached=await oneonone_notes.taught_in(*at, meeting.one_on_one_id) if manages else None,
    )


async def _categories(unit: Unit, meeting: OneOnOne) -> tuple[Category, ...]:
    """Return what somebody may be coached on, what they did wrong most lately first."""
    known = await oneonone_notes.categories(unit.tx, unit.workspace_id, meeting.squad_id)
    errors: Counter[tuple[int, str]] = Counter()
    for scope in await reports.scopes(unit.tx, unit.workspace_id, meeting.squad_id):
        if not roles.may_see_person(
            unit.actor,
            meeting.person_id,
            squad_id=meeting.squad_id,
            setting=scope.individual_figures,
        ):
            continue
        span = (unit.now - DAYS, unit.now)
        for each in await standing_store.own_categories(
            unit.tx, scope, meeting.person_id, *span, MOST
        ):
            errors[scope.project_id, each.category] += each.errors
    return rules.in_order(
        [each._replace(errors=errors[each.project_id, each.name]) for each in known]
    )


async def _saved(unit: Unit, meeting: OneOnOne, written: Written) -> bool:
    manages = _manages(unit, meeting)
    if not (written.revision or written.shared or (manages and written.own)):
        return True
    return await oneonone_notes.save(
        unit.tx,
        unit.workspace_id,
        meeting.one_on_one_id,
        shared=written.shared,
        own=(written.own or "") if manages else None,
        revision=written.revision,
        by=unit.actor.person_id,
        now=unit.now,
    )


async def _clash(unit: Unit, meeting: OneOnOne, written: Written) -> Sheet:
    """Return the form with what was written now, and beside it what is stored."""
    stored = await _sheet(unit, meeting)
    theirs = "\n\n".join(text for text in (stored.shared, stored.own) if text)
    return Sheet(
        meeting=meeting,
        person=stored.person,
        zone=stored.zone,
        manages=stored.manages,
        shared=written.shared,
        own=written.own or "",
        revision=stored.revision,
        categories=stored.categories,
        coached=written.coached or stored.coached,
        clash=theirs,
    )


async def _act(unit: Unit, meeting: OneOnOne, written: Written) -> None:
    """Write down who is to do what. Errors name the field that the text stands in."""
    calendars = await recipients.calendars(
        unit.tx, unit.workspace_id, [meeting.manager_id], unit.now
    )
    today = clock.local_day(unit.now, calendars[meeting.manager_id].zone)
    try:
        due = check_due(written.due, today)
    except BadInput as error:
        error.fields["field"] = rules.DUE_FIELD
        raise
    for field, owner_id, texts in (
        (rules.MINE_FIELD, meeting.manager_id, written.mine),
        (rules.THEIRS_FIELD, meeting.person_id, written.theirs),
    ):
        for text in texts:
            try:
                await action_items.add(
                    unit,
                    squad_id=meeting.squad_id,
                    owner_id=owner_id,
                    text=text,
                    due=due,
                    source=ActionSource.ONE_ON_ONE,
                    source_id=meeting.one_on_one_id,
                    private=True,
                )
            except BadInput as error:
                error.fields["field"] = field
                raise


async def _teach(unit: Unit, meeting: OneOnOne, coached: tuple[int, int] | None) -> None:
    """Keep what somebody was coached on: from now on it is followed up."""
    if coached is None:
        return
    if meeting.starts_at > unit.now:
        raise Conflict("oneonone_not_yet", field=rules.COACHED_FIELD)
    known = await oneonone_notes.categories(unit.tx, unit.workspace_id, meeting.squad_id)
    if coached not in {(each.project_id, each.category_id) for each in known}:
        raise NotFound("coached_category_gone", field=rules.COACHED_FIELD)
    before = await oneonone_notes.taught_in(unit.tx, unit.workspace_id, meeting.one_on_one_id)
    if before == coached:
        return
    project_id, category_id = coached
    await oneonone_notes.teach(
        unit.tx,
        unit.workspace_id,
        meeting.one_on_one_id,
        squad_id=meeting.squad_id,
        project_id=project_id,
        person_id=meeting.person_id,
        category_id=category_id,
        by_id=meeting.manager_id,
        led_from=meeting.starts_at - LED,
        coached_at=meeting.starts_at,
    )
    await unit.log(
        "coached",
        squad_id=meeting.squad_id,
        person_id=meeting.person_id,
        one_on_one_id=meeting.one_on_one_id,
        category_id=category_id,
    )
