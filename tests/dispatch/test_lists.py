"""Who may see what did not arrive, and how the admins hear of it."""

import pytest

from bot.errors import NotAllowed
from bot.rules.budget import DeliveryClass
from bot.rules.outbox import DeliveryState
from bot.rules.people import Caller
from tests.office import MORNING, Office


async def test_the_shell_lists_and_counts_every_state(any_office: Office) -> None:
    office = any_office
    _, person = await office.person("Lan")
    await office.send(channel="C0NOWHERE")
    await office.send(person_id=person, not_before=office.clock.now().replace(year=2030))
    await office.dispatcher().drain()
    assert await office.outbox.counts(office.workspace_id) == {"refused": 1, "waiting": 1}
    (refused,) = await office.outbox.listing(office.workspace_id, [DeliveryState.REFUSED])
    (waiting,) = await office.outbox.listing(office.workspace_id, [DeliveryState.WAITING])
    assert (refused.recipient, refused.delivery.reason) == ("C0NOWHERE", "channel_not_found")
    assert waiting.recipient == "Lan"


async def test_managers_see_their_squads_refusals_and_rehearsal(fast_office: Office) -> None:
    office = fast_office
    squad, other = await office.squad(state="rehearsal"), await office.squad()
    boss, _ = await office.person("Ada", squad=squad, role="manager")
    worker, _ = await office.person("Lan", squad=squad)
    await office.send(channel="C1", squad_id=squad, delivery_class=DeliveryClass.NOW)
    await office.send(channel="C0NOWHERE", squad_id=squad)
    await office.dispatcher().drain()
    manager = Caller(office.slack.team_id, boss.id)
    contributor = Caller(office.slack.team_id, worker.id)
    (refused,) = await office.outbox.squad_refusals(manager, squad, MORNING)
    (rehearsed,) = await office.outbox.rehearsed(manager, squad, MORNING)
    assert (refused.recipient, rehearsed.recipient) == ("C0NOWHERE", "C1")
    for caller, key in ((contributor, squad), (manager, other)):
        with pytest.raises(NotAllowed):
            await office.outbox.squad_refusals(caller, key, MORNING)
        with pytest.raises(NotAllowed):
            await office.outbox.rehearsed(caller, key, MORNING)


async def test_an_admin_reads_of_refusals_in_today(fast_office: Office) -> None:
    office = fast_office
    boss, person = await office.person("Ada")
    await office.send(channel="C0NOWHERE")
    await office.dispatcher().drain()
    ids = {"since": MORNING.isoformat()}
    await office.send(
        kind="refusals", person_id=person, ids=ids, delivery_class=DeliveryClass.TODAY
    )
    await office.dispatcher().drain()
    (today,) = office.slack.dm(boss)
    assert "One message did not arrive" in today.shown
    await office.send(kind="refusals", person_id=person, ids=ids)
    office.hands.move(seconds=2)
    await office.dispatcher().drain()
    assert "<#C0NOWHERE> · note · " in office.slack.dm(boss)[-1].shown
    later = {"since": office.clock.now().isoformat()}
    nothing = await office.send(kind="refusals", person_id=person, ids=later)
    await office.dispatcher().drain()
    assert (await office.row(nothing)).reason == "nothing_left"
