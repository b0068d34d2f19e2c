"""Who meets whom, kept equal to who is in a squad: joiners get a pair, leavers' pairs end."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.home import home_intents
from bot.rules.oneonone_terms import Takes, Terms
from bot.rules.oneonones import Pair, Why, entitled, leads
from bot.rules.squads import SquadMember
from bot.services import oneonone_notices as notices
from bot.services import oneonone_planning as planning
from bot.services.unit import Service
from bot.store import oneonone_pairs, oneonone_topics, oneonones, outbox, squads

UNANSWERED: Final = timedelta(days=2)
"""So long after a meeting nobody's word on it counts as unknown; said later it still counts."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a look at a squad's people changed."""

    ended: tuple[Pair, ...]
    began: tuple[Pair, ...]


async def reconcile(tx: AsyncConnection, workspace_id: int, squad_id: int, now: datetime) -> Change:
    """End the pairs of whoever left or is paused, and pair up whoever has nobody.

    The people of a manager who left go to another who takes the rest, whoever has fewest; without
    one they stay alone, and the managers' Home says so. Nobody else's meeting moves.
    """
    terms = {
        manager_id: each
        for (_, manager_id), each in (
            await oneonone_pairs.terms(tx, workspace_id, squad_id=squad_id)
        ).items()
    }
    if not terms:
        return Change((), ())
    members = await squads.members(tx, workspace_id, squad_id)
    pairs = await oneonone_pairs.pairs(tx, workspace_id, oneonone_pairs.of_squad(squad_id))
    gone = [each for each in pairs if not _stands(each, members, terms)]
    kept = [each for each in pairs if each not in gone]
    await end(tx, workspace_id, gone, now)
    began = await _pair_up(tx, workspace_id, squad_id, members, terms, kept, now)
    await hand_over(tx, workspace_id, gone, began)
    still = [each for each in gone if leads(members.get(each.manager_id))]
    people = [key for each in gone for key in (each.manager_id, each.person_id)]
    await outbox.add(
        tx,
        workspace_id,
        [
            *notices.ended(still, now),
            *notices.began(began, now, manager=True),
            *home_intents(people),
        ],
        now,
    )
    return Change(tuple(gone), tuple(began))


def _stands(pair: Pair, members: Mapping[int, SquadMember], terms: Mapping[int, Terms]) -> bool:
    return (
        pair.manager_id in terms
        and leads(members.get(pair.manager_id))
        and entitled(members.get(pair.person_id), named=True)
    )


async def end(tx: AsyncConnection, workspace_id: int, gone: list[Pair], now: datetime) -> None:
    """End pairs and call their coming meetings off; who is to hear of it is the caller's to say."""
    if not gone:
        return
    keys = [each.pair_id for each in gone]
    for meeting in await oneonones.planned_of(tx, workspace_id, keys, now):
        await planning.cancel(tx, workspace_id, meeting, Why.LEFT, now, told=False)
    await oneonone_pairs.end_pairs(tx, workspace_id, keys, now)


async def _pair_up(
    tx: AsyncConnection,
    workspace_id: int,
    squad_id: int,
    members: Mapping[int, SquadMember],
    terms: Mapping[int, Terms],
    kept: list[Pair],
    now: datetime,
) -> list[Pair]:
    """Give a manager to whoever has none, and another look to pairs that share no hour so far."""
    open_to = [
        key
        for key, each in sorted(terms.items())
        if each.takes is Takes.REST and leads(members.get(key))
    ]
    has = {each.person_id for each in kept}
    counts = Counter(each.manager_id for each in kept)
    newcomers: dict[int, list[int]] = {}
    for person_id, member in sorted(members.items()):
        if person_id in has or not entitled(member) or not open_to:
            continue
        chosen = min(open_to, key=lambda key: (counts[key], key))
        counts[chosen] += 1
        newcomers.setdefault(chosen, []).append(person_id)
    began: list[Pair] = []
    for manager_id, people in newcomers.items():
        began += await planning.pair_up(tx, workspace_id, squad_id, manager_id, people, now)
    homeless: dict[int, list[int]] = {}
    for each in kept:
        if each.home is None:
            homeless.setdefault(each.manager_id, []).append(each.person_id)
    for manager_id, people in homeless.items():
        found = await planning.pair_up(tx, workspace_id, squad_id, manager_id, people, now)
        began += [each for each in found if each.home is not None]
    for manager_id in {each.manager_id for each in began}:
        await planning.arrange(tx, workspace_id, manager_id, now)
    return began


async def hand_over(
    tx: AsyncConnection, workspace_id: int, gone: list[Pair], began: list[Pair]
) -> None:
    """Take the open topics of people along to the pair with their new manager."""
    before = {each.person_id: each.pair_id for each in gone}
    for each in began:
        old = before.get(each.person_id)
        if old is not None and old != each.pair_id:
            await oneonone_topics.move(tx, workspace_id, old, each.pair_id, each.person_id)


async def hours_changed(
    tx: AsyncConnection, workspace_id: int, person_id: int, now: datetime
) -> None:
    """Look at the one-on-ones of somebody whose working days have just changed."""
    theirs = oneonone_pairs.with_person(person_id)
    pairs = await oneonone_pairs.pairs(tx, workspace_id, theirs)
    for manager_id in sorted({each.manager_id for each in pairs}):
        await planning.arrange(tx, workspace_id, manager_id, now)


class OneOnOneKeeper(Service):
    """Keeps pairs and meetings right, every night and when a squad's people change."""

    async def keep(self, workspace_id: int) -> int:
        """Look at all squads and managers of a workspace; return how many meetings changed.

        Each in a transaction of its own: what a crash leaves is done the next night.
        """
        now = self._clock.now()
        async with self._database.read() as connection:
            terms = await oneonone_pairs.terms(connection, workspace_id)
            known = await squads.all_squads(connection, workspace_id)
        changed = 0
        for squad_id in sorted({squad_id for squad_id, _ in terms} & known.keys()):
            async with self._database.write() as tx:
                await reconcile(tx, workspace_id, squad_id, now)
        for manager_id in sorted({manager_id for _, manager_id in terms}):
            async with self._database.read() as connection:
                found = await planning.work(connection, workspace_id, manager_id, now)
            if found.is_empty:
                continue  # most nights, for most managers: nobody waits for the write lock
            async with self._database.write() as tx:
                changed += await planning.arrange(tx, workspace_id, manager_id, now)
        async with self._database.write() as tx:
            await oneonones.count_unknown(tx, workspace_id, now - UNANSWERED, now)
            await notices.remind(tx, workspace_id, now)
        return changed

    async def look_at(self, workspace_id: int, squad_id: int) -> Change:
        """Look at one squad, whose people have just changed."""
        async with self._database.write() as tx:
            return await reconcile(tx, workspace_id, squad_id, self._clock.now())
