"""The post of a meeting: where it goes, who leads, and how it changes as people act on it.

A part of `bot.services.agenda` and `bot.services.meetings`.
"""

from datetime import timedelta
from typing import Final

from bot.rules import agenda as rules
from bot.rules.agenda import Meeting, MeetingState
from bot.rules.budget import DeliveryClass
from bot.rules.outbox import DeliveryState, Intent, Operation
from bot.rules.squads import ChannelUse, Squad, SyncKind
from bot.services.unit import Unit
from bot.store import findings, meetings

CURRENT: Final = timedelta(hours=16)
"""So long after it a meeting's post is changed, and whoever led it may close its topics."""

_LOOKED_AT: Final = 6

# The message is there, or nobody knows yet: a change of it waits for what becomes of it.
_OUT: Final = frozenset({DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.UNKNOWN})


def channel_of(squad: Squad, kind: SyncKind) -> str | None:
    """Return where a kind of meeting is announced; None where the squad has no such channel.

    The team's sync in its channel. A review and a client touchpoint go where the digests go: both
    are about the squad's figures, and contributors have no part in them.
    """
    use = ChannelUse.TEAM if kind is SyncKind.SYNC else ChannelUse.DIGEST
    return squad.channel(use)


async def current(unit: Unit, squad_id: int, kind: SyncKind) -> list[Meeting]:
    """Return a squad's meetings of a kind of the last hours, newest first."""
    found = await meetings.latest(unit.tx, unit.workspace_id, squad_id, _LOOKED_AT)
    return [one for one in found if one.kind is kind and one.starts_at > unit.now - CURRENT]


async def leading(unit: Unit, squad_id: int, kind: SyncKind) -> frozenset[int]:
    """Return whose turn it is, or was today, to lead a kind of meeting."""
    found = await current(unit, squad_id, kind)
    return frozenset(one.facilitator_id for one in found if one.facilitator_id is not None)


async def refresh(unit: Unit, squad_id: int, kind: SyncKind) -> None:
    """Change the posts of today's meetings of a kind to what holds now, without a notification."""
    for one in await current(unit, squad_id, kind):
        if one.state is not MeetingState.SKIPPED:
            await change(unit, one)


async def change(unit: Unit, meeting: Meeting) -> None:
    """Change one meeting's post, if it is there; what is on its way shows it anyway."""
    key = rules.post_key(meeting.id)
    sent = await findings.delivery(unit.tx, unit.workspace_id, key)
    if sent is None or sent.state not in _OUT:
        return
    if await meetings.change_waits(unit.tx, sent.id):
        return
    await unit.send(
        Intent(
            kind=rules.POST,
            delivery_class=DeliveryClass.ANSWER,
            operation=Operation.UPDATE,
            channel=sent.channel,
            squad_id=meeting.squad_id,
            ids={"meeting_id": meeting.id},
            target_id=sent.id,
        )
    )
