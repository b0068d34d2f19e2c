"""A one-on-one elsewhere with a topic, and the buttons and forms that name them."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from bot.views import oneonone_lists, oneonone_setups, oneonones
from models import OneOnOne, OneOnOnePair, OneOnOneTopic
from tests.harness import MORNING
from tests.scenes import Scene

TERMS = {
    oneonone_setups.EVERY: "2",
    oneonone_setups.MINUTES: "30",
    oneonone_setups.DAYS: ["1", "3"],
    oneonone_setups.HOURS: "10:00-12:00",
}


async def one_on_one(scene: Scene, squad_id: int, person_id: int, text: str) -> dict[str, int]:
    """Put in a pair with a planned meeting and a shared topic; both are the same person."""
    two = {"squad_id": squad_id, "manager_id": person_id, "person_id": person_id}
    for row in await scene.rows(OneOnOneTopic):
        if row.text.startswith("oneonone.") and text.startswith("oneonone."):
            (meeting,) = [
                each for each in await scene.rows(OneOnOne) if each.pair_id == row.pair_id
            ]
            return {
                "pair_id": row.pair_id,
                "one_on_one_id": meeting.id,
                "pair_topic_id": row.id,
            }
    pair = await scene.insert(
        OneOnOnePair,
        **two,
        every_weeks=2,
        minutes=30,
        zone="Europe/London",
        home_week=0,
        home_day=3,
        home_time=MORNING.time(),
        created_at=MORNING,
    )
    start = MORNING + timedelta(days=2)
    meeting = await scene.insert(
        OneOnOne,
        **two,
        pair_id=pair,
        slot="2026-W11",
        starts_at=start,
        ends_at=start + timedelta(minutes=30),
        revision=0,
        reminded=-1,
        state="planned",
        by_hand=False,
        created_at=MORNING,
    )
    topic = await scene.insert(
        OneOnOneTopic,
        pair_id=pair,
        author_id=person_id,
        text=text,
        shared=True,
        created_at=MORNING,
    )
    return {"pair_id": pair, "one_on_one_id": meeting, "pair_topic_id": topic}


def buttons(of: Any) -> dict[str, str]:
    """Every button: what it carries."""
    pair = oneonones.AboutPair(pair_id=of.pair_id).encode()
    topic = oneonones.AboutTopic(topic_id=of.pair_topic_id).encode()
    meeting = oneonones.AboutMeeting(one_on_one_id=of.one_on_one_id, revision=0).encode()
    return {
        **dict.fromkeys((oneonones.OPEN, oneonones.ADD_TOPIC), pair),
        **dict.fromkeys(
            (oneonone_lists.LIST, oneonone_lists.EARLIER, oneonone_lists.LATER),
            oneonone_lists.Listed(pair_id=of.pair_id, one_on_one_id=of.one_on_one_id).encode(),
        ),
        **dict.fromkeys((oneonones.SHARE, oneonones.CLOSE), topic),
        **dict.fromkeys((oneonones.MOVE, oneonones.CANCEL), meeting),
        oneonones.SETUP: oneonones.SetupIn(squad_id=of.squad_id).encode(),
    }


def forms(of: Any) -> dict[str, tuple[str, dict[str, Any]]]:
    """Every form: what it says in secret, and what is typed."""
    return {
        oneonones.TOPIC_FORM: (
            oneonones.AboutPair(pair_id=of.pair_id).encode(),
            {oneonones.TEXT: "words"},
        ),
        oneonones.MOVE_FORM: (
            oneonones.AboutMeeting(one_on_one_id=of.one_on_one_id, revision=0).encode(),
            {oneonones.DAY: "2026-03-13", oneonones.TIME: "11:00"},
        ),
        oneonone_setups.FORM: (
            oneonone_setups.PlanFor(squad_id=of.squad_id, zone="Europe/London").encode(),
            TERMS,
        ),
        oneonone_setups.PLAN: (
            oneonone_setups.PlanIt(
                squad_id=of.squad_id,
                every=2,
                minutes=30,
                days=[1],
                start=MORNING.time(),
                end=MORNING.replace(hour=12).time(),
                zone="Europe/London",
            ).encode(),
            {},
        ),
    }


FORMS = {oneonones.TOPIC_FORM, oneonones.MOVE_FORM, oneonone_setups.FORM, oneonone_setups.PLAN}


async def opened(scene: Scene, callback_id: str) -> Any:
    """Open a form about the scene's own squad."""
    house, slack = scene.house, scene.house.slack
    if callback_id in {oneonone_setups.FORM, oneonone_setups.PLAN}:
        await house.command(scene.mia, "/oneonone", "setup", scene.team)
        if callback_id == oneonone_setups.PLAN:
            await house.submit(slack.views(scene.mia)[-1], scene.mia, TERMS)
        return slack.views(scene.mia)[-1]
    keys = await one_on_one(scene, scene.squad_id, scene.person(scene.mia), callback_id)
    ours = SimpleNamespace(squad_id=scene.squad_id, **keys)
    button = {oneonones.TOPIC_FORM: oneonones.ADD_TOPIC, oneonones.MOVE_FORM: oneonones.MOVE}
    action = button[callback_id]
    await house.command(scene.mia, "/muster", channel=scene.team)
    shown = slack.ephemerals(scene.team, scene.mia)[-1]
    await slack.click(shown, action, scene.mia, old_value=buttons(ours)[action]).deliver(house.app)
    return slack.views(scene.mia)[-1]
