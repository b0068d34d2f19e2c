"""What is stored about a person: told to themselves, and exported for them."""

import json
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Conflict, NotFound
from bot.rules import privacy as rules
from bot.rules.budget import DeliveryClass
from bot.rules.outbox import Intent, Operation
from bot.rules.people import Caller
from bot.rules.privacy import AboutMe, Look
from bot.services import retention
from bot.services.unit import Service
from bot.store import ledger, people, privacy, workspaces

FORMAT: Final = 1
"""Of the export; a new meaning of the same names is a new number."""

_ONE_EXPORT: Final = timedelta(minutes=5)
"""A second click within it is meant for the file that is on its way."""


class Privacy(Service):
    """Everybody reads and exports what is stored about them; the operator does at the shell."""

    async def about_me(self, caller: Caller) -> AboutMe:
        """Return what is stored about the caller by kind, who looked, and how long it is kept."""
        async with self.reading(caller) as unit:
            keys = await privacy.same(unit.tx, unit.workspace_id, unit.actor.person_id)
            return AboutMe(
                counts=await privacy.counts(unit.tx, keys),
                looks=await _looks(unit.tx, unit.workspace_id, keys),
                terms=await retention.terms(unit.tx, unit.workspace_id),
                zone=unit.actor.zone or "UTC",
            )

    async def request_export(self, caller: Caller, key: str | None) -> None:
        """Plan the caller's file; it is written when it leaves. Soon again it is the same one."""
        async with self.writing(caller) as unit:
            if await unit.begin(key, _ONE_EXPORT) is not None:
                return
            await unit.send(
                Intent(
                    kind=rules.EXPORT,
                    delivery_class=DeliveryClass.ANSWER,
                    operation=Operation.UPLOAD,
                    person_id=unit.actor.person_id,
                    ids={"asked_at": unit.now.isoformat()},
                )
            )
            await unit.log("person.export_asked", person_id=unit.actor.person_id)
            await unit.finish(key)

    # For dispatch, which writes the file.

    async def file(self, workspace_id: int, person_id: int) -> bytes:
        """Return everything about a person as JSON."""
        async with self._database.read() as connection:
            found = await _export(connection, workspace_id, person_id, self._clock.now())
        return to_json(found).encode()

    # The operator's door.

    async def operator_export(self, who: str) -> dict[str, Any]:
        """Return everything about somebody, for the operator to hand over; the ledger tells them.

        Raises NotFound("person_unknown"), Conflict("person_several").
        """
        async with self._database.write() as tx:
            now = self._clock.now()
            workspace_id = await workspaces.local(tx, now)
            person_id = await meant(tx, workspace_id, who)
            await ledger.write(
                tx, workspace_id, now, "person.exported", actor_id=None, person_id=person_id
            )
            return await _export(tx, workspace_id, person_id, now)


def to_json(found: dict[str, Any]) -> str:
    """Return an export as text."""
    return json.dumps(found, indent=1, ensure_ascii=False)


async def meant(connection: AsyncConnection, workspace_id: int, who: str) -> int:
    """Return the person whom a name, an address or a Slack id means at the shell.

    Raises NotFound("person_unknown"), Conflict("person_several", n).
    """
    found = await privacy.named(connection, workspace_id, who.strip())
    if not found:
        raise NotFound("person_unknown", who=who[:80])
    if len(found) > 1:
        raise Conflict("person_several", who=who[:80], n=len(found))
    return found[0]


async def _export(
    connection: AsyncConnection, workspace_id: int, person_id: int, now: datetime
) -> dict[str, Any]:
    keys = await privacy.same(connection, workspace_id, person_id)
    return {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "about": await privacy.everything(connection, keys),
        "looks": [
            {
                "at": each.at.isoformat(),
                "by": each.by.name if each.by else None,
                "action": each.action,
                "squad": each.squad,
            }
            for each in await _looks(connection, workspace_id, keys)
        ],
    }


async def _looks(
    connection: AsyncConnection, workspace_id: int, keys: list[int]
) -> tuple[Look, ...]:
    rows = await privacy.looks(connection, workspace_id, keys, rules.LOOKS_SHOWN)
    named = await people.refs(connection, {row.actor_id for row in rows if row.actor_id})
    return tuple(
        Look(at=row.at, by=named.get(row.actor_id), action=row.action, squad=row.squad)
        for row in rows
    )
