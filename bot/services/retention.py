"""How long data is kept: the operator says so, and a nightly job removes what is past its time."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules import retention as rules
from bot.rules.retention import DataKind, Kept
from bot.services.unit import Service
from bot.store import ledger, retention, workspaces


async def terms(connection: AsyncConnection, workspace_id: int) -> dict[DataKind, Kept]:
    """Return how long a workspace keeps each kind of data."""
    return rules.kept(await retention.chosen(connection, workspace_id))


def forgetting(
    found: dict[DataKind, Kept], now: datetime
) -> list[tuple[retention.Forget, datetime]]:
    """Return what removes each kind, and from before which instant; what is kept is left out."""
    pairs = []
    for kind, each in found.items():
        before = each.before(now)
        if before is not None:
            pairs.append((retention.FORGET[kind], before))
    return pairs


class Retention(Service):
    """For the operator at the shell, on the workspace that the shell works on."""

    async def listed(self) -> list[Kept]:
        """Return how long each kind of data is kept."""
        async with self._database.write() as tx:
            workspace_id = await workspaces.local(tx, self._clock.now())
            return list((await terms(tx, workspace_id)).values())

    async def set_days(self, kind: DataKind, days: int) -> Kept:
        """Keep a kind for so many days (0: for good) and return it as it holds now.

        `days` was read by `bot.rules.retention.read_days`. What is past its time goes the next
        night.
        """
        async with self._database.write() as tx:
            now = self._clock.now()
            workspace_id = await workspaces.local(tx, now)
            await retention.put(tx, workspace_id, kind, days, now)
            await ledger.write(
                tx,
                workspace_id,
                now,
                "retention.changed",
                actor_id=None,
                ids={"kind": kind.value, "days": days},
            )
            return (await terms(tx, workspace_id))[kind]
