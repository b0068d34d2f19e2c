"""The menu beside a line of Today, clicked through Slack."""

from typing import Any

from bot.rules.snoozing import Snooze
from bot.services import welcomes
from bot.views import today as views
from models import OutboxRow
from tests.harness import MORNING, House
from tests.scenes import Scene, open_scene


async def _line(scene: Scene, user: Any, n: int) -> int:
    """Plan a line of Today, as the services would."""
    return await scene.insert(
        OutboxRow,
        squad_id=scene.squad_id,
        person_id=scene.person(user),
        operation="post",
        kind=welcomes.KIND,
        kind_version=1,
        ids={"squad_id": scene.squad_id},
        delivery_class="today",
        dedupe_key=f"line:{n}",
        state="waiting",
        due_at=MORNING,
        created_at=MORNING,
    )


async def test_lines_are_put_off_ticked_off_and_shown_on_demand(house: House) -> None:
    scene = await open_scene(house)
    slack, ana = house.slack, scene.ana
    keys = [await _line(scene, ana, n) for n in range(14)]
    await house.drain()
    (today,) = slack.dm(ana)
    assert today.text == "Today: 14 things for you"

    async def choose(n: int, choice: Snooze) -> None:
        value = views.OfLine(delivery_id=keys[n], choice=choice).encode()
        await slack.click(today, views.LINE, ana, old_value=value).deliver(house.app)
        await house.drain()

    await choose(0, Snooze.DONE)
    await choose(1, Snooze.TOMORROW)
    assert (
        "bring it up again Wed 11 Mar 2026 09:00" in slack.ephemerals(today.channel, ana)[-1].text
    )
    await choose(2, Snooze.BACK)
    assert "/timeoff" in slack.ephemerals(today.channel, ana)[-1].text
    await house.click(today, views.REST, ana)
    await house.drain()
    today, rest = slack.dm(ana)
    assert today.text == "Today: 12 things for you"
    assert rest.text == "2 more things of today"
    await house.command(ana, "/muster", "me", channel=scene.team)
    told = slack.ephemerals(scene.team, ana)[-1].shown
    assert "Wed 11 Mar 2026 09:00: 1 × " in told
    assert "you snoozed it" in told
    house.move(days=1)
    await house.drain()
    assert slack.dm(ana)[-1].text == "Today: one thing for you"
