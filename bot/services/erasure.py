"""Erasing a person: what counts stays under a pseudonym, names and words go.

At the shell alone, for Slack's own copies, backups and what was exported before stay where they
are, and only the operator can see to those.
"""

import secrets
from collections.abc import Callable

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Conflict
from bot.rules.home import home_intents
from bot.rules.people import PersonRef
from bot.rules.privacy import Erasing
from bot.services import contesting
from bot.services.privacy import meant
from bot.services.unit import Service
from bot.store import disputes, erasing, ledger, outbox, people, privacy, workspaces


class Erasure(Service):
    """For the operator, on the workspace that the shell works on."""

    async def erase(self, who: str, pseudonym: Callable[[int], str], *, dry: bool) -> Erasing:
        """Erase somebody, or with `dry` say what would be; `pseudonym` names the n-th who is.

        Raises NotFound("person_unknown"), Conflict: "person_several", "erase_last_admin" and
        "erase_only_manager" (squads).
        """
        async with self._database.write() as tx:
            now = self._clock.now()
            workspace_id = await workspaces.local(tx, now)
            await workspaces.lock(tx, workspace_id)
            person_id = await meant(tx, workspace_id, who)
            keys = await privacy.same(tx, workspace_id, person_id)
            named = (await people.refs(tx, [person_id]))[person_id]
            await self._check(tx, workspace_id, keys, named)
            plan = Erasing(
                person=named,
                pseudonym=pseudonym(await erasing.count(tx, workspace_id) + 1),
                counts=await privacy.counts(tx, keys),
                done=not dry,
            )
            if dry:
                return plan
            names = await erasing.names_of(tx, keys)
            await erasing.remember(tx, workspace_id, person_id, names, secrets.token_hex(16))
            disputed = await erasing.open_disputes(tx, keys)
            await erasing.close(tx, keys, now)
            await self._end_disputes(tx, workspace_id, disputed)
            await erasing.forget_words(tx, keys, now)
            await erasing.forget_messages(tx, keys, now)
            await erasing.forget_identity(tx, workspace_id, keys, plan.pseudonym, now)
            await ledger.write(
                tx, workspace_id, now, "person.erased", actor_id=None, person_id=person_id
            )
            return plan

    async def _end_disputes(
        self, tx: AsyncConnection, workspace_id: int, ended: list[tuple[int, int]]
    ) -> None:
        """Take disputes that nobody has to decide any more from the lists of those who would."""
        now = self._clock.now()
        able: set[int] = set()
        for dispute_id, squad_id in ended:
            those = {
                *await disputes.members(tx, workspace_id, squad_id),
                *await workspaces.admins(tx, workspace_id),
            }
            await contesting.tick_off(tx, workspace_id, dispute_id, those, now)
            able |= those
        await outbox.add(tx, workspace_id, home_intents(sorted(able)), now)

    async def _check(
        self,
        tx: AsyncConnection,
        workspace_id: int,
        keys: list[int],
        named: PersonRef,
    ) -> None:
        """Raise Conflict if somebody is the last who can arrange something."""
        everybody = await workspaces.every_admin(tx, workspace_id)
        able = frozenset(await workspaces.admins(tx, workspace_id)) - frozenset(keys)
        if set(keys) & set(everybody) and not able:
            raise Conflict("erase_last_admin", name=named.name)
        squads = await erasing.only_manager_of(tx, workspace_id, keys)
        if squads:
            raise Conflict("erase_only_manager", name=named.name, squads=", ".join(squads))
