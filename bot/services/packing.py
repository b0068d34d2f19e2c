"""What a pack holds, read from the store: a squad at once, then one meeting after another."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import clock
from bot.rules import oneonone_packs as rules
from bot.rules.action_items import ActionItem, ActionSource
from bot.rules.coaching_effects import FOLLOWED
from bot.rules.numbers import difference
from bot.rules.oneonone_packs import AuditorPack, LeadPack, Notes, Pack, ProjectPack, Topped
from bot.rules.oneonones import OneOnOne, entitled, leads, visible
from bot.rules.people import IndividualFigures, Role
from bot.rules.quality import QualityGroup, quality_groups
from bot.rules.questions import Mine
from bot.rules.reports import Scope
from bot.rules.squads import Squad, SquadMember
from bot.rules.standing import OwnCases, standings
from bot.services import coaching_effects
from bot.store import (
    action_items,
    oneonone_notes,
    oneonone_topics,
    oneonones,
    questions,
    reports,
    squads,
)
from bot.store import oneonone_packs as store
from bot.store import standing as standing_store

REMEMBERED: Final = timedelta(weeks=26)
"""Notes of the last half year are looked through for the latest."""


class _Ground(NamedTuple):
    """What all packs of one squad have in common, read once."""

    squad: Squad
    members: Mapping[int, SquadMember]
    scopes: Sequence[Scope]
    projects: Mapping[int, tuple[ProjectPack, ...]]
    lessons: Sequence[oneonone_notes.Lesson]
    reader: int
    now: datetime


async def of_meetings(
    connection: AsyncConnection,
    workspace_id: int,
    reader: int,
    meetings: Sequence[OneOnOne],
    zone: str,
    now: datetime,
) -> list[Pack]:
    """Return the packs of meetings whose two are in the squad still, in the order given."""
    at = (connection, workspace_id)
    pairs = {each.pair_id for each in meetings}
    topics = await oneonone_topics.of_pairs(*at, pairs) if pairs else {}
    notes = await oneonone_notes.of_pairs(*at, pairs, now - REMEMBERED) if pairs else {}
    actions = await _actions(*at, pairs)
    grounds: dict[int, _Ground | None] = {}
    found = []
    for meeting in meetings:
        if meeting.squad_id not in grounds:
            people = {one.person_id for one in meetings if one.squad_id == meeting.squad_id}
            grounds[meeting.squad_id] = await _ground(*at, meeting.squad_id, reader, people, now)
        ground = grounds[meeting.squad_id]
        if ground is None or not _both_there(ground, meeting):
            continue
        pack = await _pack(*at, ground, meeting, zone)
        manages = reader == meeting.manager_id
        found.append(
            replace(
                pack,
                topics=visible(topics.get(meeting.pair_id, ()), reader),
                actions=tuple(actions.get(meeting.pair_id, ())),
                notes=_readable(notes.get(meeting.pair_id, ()), manages=manages),
            )
        )
    return found


def _both_there(ground: _Ground, meeting: OneOnOne) -> bool:
    return leads(ground.members.get(meeting.manager_id)) and entitled(
        ground.members.get(meeting.person_id), named=True
    )


def _readable(notes: Sequence[Notes], *, manages: bool) -> tuple[Notes, ...]:
    """Return the latest notes as far as their reader may read them."""
    mine = [each if manages else replace(each, own=None) for each in notes]
    return tuple(each for each in mine if each.shared or each.own)[: rules.LAST_NOTES]


async def _actions(
    connection: AsyncConnection, workspace_id: int, pair_ids: Collection[int]
) -> dict[int, list[ActionItem]]:
    if not pair_ids:
        return {}
    pair_of = await oneonones.pair_of(connection, workspace_id, pair_ids)
    found: defaultdict[int, list[ActionItem]] = defaultdict(list)
    for item in await action_items.open_of_source(
        connection, workspace_id, ActionSource.ONE_ON_ONE, pair_of
    ):
        found[pair_of[item.source_id]].append(item)
    return found


async def _ground(
    connection: AsyncConnection,
    workspace_id: int,
    squad_id: int,
    reader: int,
    people: Collection[int],
    now: datetime,
) -> _Ground | None:
    squad = await squads.get(connection, workspace_id, squad_id)
    if squad is None:
        return None
    scopes = await reports.scopes(connection, workspace_id, squad_id)
    shown = {
        key
        for key in people
        if squad.individual_figures is IndividualFigures.SELF_AND_MANAGERS
        or (key == reader and squad.individual_figures is IndividualFigures.SELF)
    }
    projects: defaultdict[int, list[ProjectPack]] = defaultdict(list)
    for scope in scopes:
        for key, one in (await _of_project(connection, scope, people, shown, now)).items():
            projects[key].append(one)
    since = now - FOLLOWED
    return _Ground(
        squad=squad,
        members=await squads.members(connection, workspace_id, squad_id),
        scopes=scopes,
        projects={key: tuple(each) for key, each in projects.items()},
        lessons=await oneonone_notes.lessons(connection, workspace_id, squad_id, since),
        reader=reader,
        now=now,
    )


async def _of_project(
    connection: AsyncConnection,
    scope: Scope,
    people: Collection[int],
    shown: Collection[int],
    now: datetime,
) -> dict[int, ProjectPack]:
    """Return what there is to say of people's work on a project; nothing of who has none there."""
    last = clock.local_day(now, scope.zone)
    first = last - rules.DAYS + timedelta(days=1)
    period = scope.period(first, last)
    worked = await _worked(connection, scope, *period)
    stand = standings(worked.values(), scope.target)
    earlier = scope.period(first - rules.DAYS, first - timedelta(days=1))
    before = await _worked(connection, scope, *earlier)
    found = {}
    for key in people:
        cases = await standing_store.own_cases(connection, scope, key, *period)
        plain = ProjectPack(project_id=scope.project_id, project=scope.project, cases=cases)
        group, past = worked.get(key), before.get(key)
        if group is None or group.key is None or key not in shown:
            if group is not None or cases != OwnCases():
                found[key] = plain
            continue
        top = await standing_store.own_categories(connection, scope, key, *period, rules.TOP)
        found[key] = replace(
            plain,
            score=group.score,
            change=None if past is None else difference(group.score, past.score),
            before_n=0 if past is None else past.score.n,
            target=scope.target,
            standing=stand[group.key],
            top=tuple(Topped(one) for one in top),
        )
    return found


async def _worked(
    connection: AsyncConnection, scope: Scope, begin: datetime, end: datetime
) -> dict[int, QualityGroup]:
    """Return people's figures of `[begin, end)` by person."""
    tallies = await reports.tally_people(connection, scope, begin, end)
    groups = quality_groups(tallies.audits, tallies.work)
    return {tallies.people[group.key]: group for group in groups if group.key is not None}


async def _pack(
    connection: AsyncConnection, workspace_id: int, ground: _Ground, meeting: OneOnOne, zone: str
) -> Pack:
    squad, who = ground.squad, ground.members[meeting.person_id]
    auditor, lead = await _as_auditor(connection, workspace_id, ground, meeting)
    return Pack(
        meeting=meeting,
        person=who.person,
        manager=ground.members[meeting.manager_id].person,
        squad=squad.name,
        setting=squad.individual_figures,
        zone=zone,
        manages=ground.reader == meeting.manager_id,
        projects=ground.projects.get(meeting.person_id, ()),
        auditor=auditor,
        lead=lead,
        coached=tuple(each.on for each in ground.lessons if each.person_id == meeting.person_id),
        questions=await _questions(connection, workspace_id, ground.reader, meeting),
    )


async def _questions(
    connection: AsyncConnection, workspace_id: int, reader: int, meeting: OneOnOne
) -> tuple[Mine, ...]:
    """Return the questions that the person may bring along; a manager is shown none."""
    if reader != meeting.person_id:
        return ()
    return tuple(await questions.mine(connection, workspace_id, reader, rules.QUESTIONS))


async def _as_auditor(
    connection: AsyncConnection, workspace_id: int, ground: _Ground, meeting: OneOnOne
) -> tuple[AuditorPack | None, LeadPack | None]:
    """Return what there is of somebody who audits or leads, if the reader may see it."""
    setting, held = ground.squad.individual_figures, ground.members[meeting.person_id].roles
    if setting is IndividualFigures.OFF or not held & {Role.MANAGER, Role.AUDITOR}:
        return None, None
    if setting is IndividualFigures.SELF and ground.reader != meeting.person_id:
        return None, None
    span = (ground.now - rules.DAYS, ground.now)
    about = (connection, workspace_id, meeting.squad_id, meeting.person_id, *span)
    auditor = await store.auditor(*about) if Role.AUDITOR in held else None
    return auditor, await store.lead(*about)


async def with_changes(
    connection: AsyncConnection, workspace_id: int, pack: Pack, now: datetime
) -> Pack:
    """Return a pack with what can be said of the person alone since they were coached."""
    if not any(one.score is not None for one in pack.projects) or not pack.coached:
        return pack
    since = now - FOLLOWED
    squad_id, person_id = pack.meeting.squad_id, pack.meeting.person_id
    lessons = [
        each
        for each in await oneonone_notes.lessons(connection, workspace_id, squad_id, since)
        if each.person_id == person_id
    ]
    coached = []
    for scope in await reports.scopes(connection, workspace_id, squad_id):
        mine = [each for each in lessons if each.project_id == scope.project_id]
        keys = list(dict.fromkeys(each.category_id for each in mine))
        found = await coaching_effects.effects(connection, scope, keys, now)
        for each in mine:
            change = found[each.category_id].people.get(person_id)
            coached.append(replace(each.on, change=change))
    return replace(pack, coached=tuple(coached))
