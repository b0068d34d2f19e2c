"""Agendas on bad days: too many topics, no channel, nobody there, a sync that moves or goes."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from bot.rules.outbox import DeliveryState
from bot.rules.squads import Sync, SyncKind, Where
from bot.views import agenda, agenda_lists
from bot.views.blocks import MESSAGE_BLOCKS, MESSAGE_TEXT
from models import ActionItem, AgendaTopic, EdgeCase, OutboxRow, Squad, SyncMeeting, TimeOff
from models import SlackIdentity as Identity
from tests.handlers.test_agenda import TODAY, YESTERDAY, Stage, text_of
from tests.harness import MORNING, House
from tests.services.quality_world import World

TABLE = "| label | <!channel> | n |\n|---|---|---|\n" + "| car & <b> | *x* | 1 |\n" * 130


@pytest.fixture
async def stage(house: House) -> Stage:
    made = Stage(house, World(house.database))
    await made.build()
    return made


def characters(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(characters(each) for each in value.values())
    return sum(characters(each) for each in value) if isinstance(value, list) else 0


async def test_five_hundred_topics_and_a_table_fit(stage: Stage) -> None:
    house = stage.house
    rows = [
        {
            "workspace_id": stage.world.workspace_id,
            "squad_id": stage.world.squad_id,
            "kind": "sync",
            "author_id": stage.key(stage.ana),
            "text": TABLE[:3000] if n < 20 else f"Topic {n} " + "long & <long> " * 200,
            "created_at": MORNING - timedelta(days=300, minutes=500 - n),
        }
        for n in range(500)
    ]
    async with house.database.write() as tx:
        await tx.execute(insert(AgendaTopic), rows)
    await house.command(stage.ana, "/agenda", "add one more", stage.team)
    assert "500 open topics already" in stage.told(stage.ana).text
    await stage.until(9, 30)
    (post,) = stage.slack.messages(stage.team)
    assert len(post.blocks) <= MESSAGE_BLOCKS
    assert characters(post.blocks) <= MESSAGE_TEXT + 2000  # as Slack counts: with the keys' names
    shown = text_of(post)
    assert "*500 topics*" in shown
    assert "488 more topics" in shown
    assert "&lt;!channel&gt;" in shown
    assert "open for 2" in shown
    await house.click(post, agenda.ALL, stage.ana)
    window = stage.slack.views(stage.ana)[-1]
    assert "1 to 10 of 500" in str(window.blocks)
    await house.click(window, agenda_lists.NEWER, stage.ana)
    window = stage.slack.views(stage.ana)[-1]
    assert "11 to 20 of 500" in str(window.blocks)
    await house.click(window, agenda_lists.OLDER, stage.ana)
    assert "1 to 10 of 500" in str(stage.slack.views(stage.ana)[-1].blocks)
    await house.command(stage.mia, "/agenda", "", stage.team)
    assert "490 more topics" in text_of(stage.told(stage.mia))


async def test_reviews_and_touchpoints_name_nobody(stage: Stage) -> None:
    world, house = stage.world, stage.house
    await stage.plan("Delivery", kind=SyncKind.REVIEW, weekday=1)
    await stage.plan(
        "Client call", kind=SyncKind.TOUCHPOINT, weekday=1, link="https://meet.example/x"
    )
    stage.slack.allowed_links.append("https://meet.example/")
    await house.command(stage.mia, "/agenda", "add for client: Volume in May", stage.team)
    assert "should name nobody" in stage.told(stage.mia).text
    await house.command(stage.mia, "/agenda", "add Dates for review", stage.team)
    await world.add(
        TimeOff,
        person_id=stage.key(stage.cy),
        first_day=TODAY,
        last_day=TODAY,
        created_at=YESTERDAY,
    )
    await stage.until(9, 30)
    posts = {post.text.split(",")[0]: text_of(post) for post in stage.slack.messages(stage.digest)}
    assert set(posts) == {"Delivery", "Client call"}
    client = posts["Client call"]
    assert "Volume in May" in client
    assert "Dates" not in client
    assert "https://meet.example/x" in client
    for user in (stage.mia, stage.ana, stage.cy):
        assert user.id not in client
    assert "Dates" in posts["Delivery"]
    assert stage.cy.id not in posts["Delivery"]
    assert "Volume" not in text_of(stage.post())
    # Not for the contributors: without a channel for it the managers are told.
    await stage.set(Squad, digest_channel=None)
    await stage.until(9, 30, days=7)
    assert "Client call of Kestrel &lt;3" in "".join(map(text_of, stage.slack.dm(stage.mia)))
    assert "Client call" not in "".join(map(text_of, stage.slack.dm(stage.ana)))


async def test_a_sync_that_moves_or_goes_is_posted_once_or_not(stage: Stage) -> None:
    house, squad_id = stage.house, stage.world.squad_id
    where, mia = Where(squad_id=squad_id), house.caller(stage.mia)
    await stage.until(9, 30)
    (known,) = (await house.services.syncs.of_squad(mia, where))[1]
    for hour in (15, 10):
        moved = Sync(
            id=known.id,
            squad_id=squad_id,
            name=known.name,
            local_time=known.local_time.replace(hour=hour),
        )
        await house.services.syncs.put(mia, where, moved)
        await stage.until(9, 31)
    await stage.until(16)
    assert len(stage.slack.messages(stage.team)) == 1
    # Removed between planning and sending, it is not said any more; its buttons say so.
    house.hands.time = MORNING.replace(hour=9, minute=30) + timedelta(days=1)
    await stage.ticker.tick()
    await house.services.syncs.remove(mia, where, sync_id=known.id)
    await house.drain()
    assert len(stage.slack.messages(stage.team)) == 1
    assert [row.state for row in await stage.rows(OutboxRow) if row.kind == "agenda.post"] == [
        DeliveryState.SENT,
        DeliveryState.DROPPED,
    ]
    await house.click(stage.post(), agenda.NOTE, stage.ana)
    form = stage.slack.views(stage.ana)[-1]
    await house.submit(form, stage.ana, {"notes": "It was short"})
    await house.drain()
    assert "this meeting was removed" in text_of(stage.post())
    assert "It was short" in text_of(stage.post())


async def test_nobody_there_and_no_channel_lose_nothing(stage: Stage) -> None:
    house, world = stage.house, stage.world
    # Whoever is deactivated does not lead, nor whoever is away; then nobody does.
    async with house.database.write() as tx:
        await tx.execute(
            Identity.__table__.update().where(Identity.user_id != stage.mia.id).values(active=False)
        )
    await world.add(
        TimeOff,
        person_id=stage.key(stage.mia),
        first_day=TODAY,
        last_day=TODAY + timedelta(days=30),
        created_at=YESTERDAY,
    )
    await world.add(
        EdgeCase,
        project_id=world.project_id,
        title="Half a sign",
        ruling="Count it",
        ruled_by=stage.key(stage.mia),
        ruled_at=YESTERDAY + timedelta(hours=2),
    )
    stage.slack.channels[stage.team.id].archived = True
    await stage.until(9, 30)
    assert stage.slack.messages(stage.team) == []
    (meeting,) = await stage.rows(SyncMeeting)
    assert meeting.facilitator_id is None
    (lost,) = [row for row in await stage.rows(OutboxRow) if row.kind == "agenda.post"]
    assert lost.state == DeliveryState.REFUSED
    # What nobody could read is news for the next one.
    other = stage.slack.add_channel("team-2", members=[stage.mia, stage.ana])
    await stage.set(Squad, team_channel=other.id)
    await stage.until(9, 30, days=1)
    assert "Half a sign" in text_of(stage.post(other))
    assert " leads" not in text_of(stage.post(other))


@pytest.mark.parametrize(
    ("kind", "named"),
    [(SyncKind.SYNC, ""), (SyncKind.REVIEW, "for review: "), (SyncKind.TOUCHPOINT, "for client: ")],
)
async def test_a_channel_archived_between_planning_and_sending_is_told_of_and_loses_nothing(
    stage: Stage, kind: SyncKind, named: str
) -> None:
    house, mia = stage.house, stage.mia
    use = "team" if kind is SyncKind.SYNC else "digest"
    home = stage.team if kind is SyncKind.SYNC else stage.digest
    if kind is not SyncKind.SYNC:
        await stage.plan("Meeting", kind=kind)
    await house.command(mia, "/agenda", f"add {named}Volume in May", stage.team)
    house.hands.time = MORNING.replace(hour=9, minute=30)
    await stage.ticker.tick()
    stage.slack.channels[home.id].archived = True
    for _ in range(3):
        await house.drain()
        house.move(minutes=5)
        await stage.ticker.tick()
    lost = [row for row in await stage.rows(OutboxRow) if row.channel == home.id]
    assert [(row.state, row.reason, row.attempts) for row in lost] == [
        (DeliveryState.REFUSED, "is_archived", 1)
    ]
    # The next morning its managers read so once, in the message that they get anyway.
    for hour in (6, 9, 10, 14, 15):
        await stage.until(hour, days=1)
    told = [text_of(each) for each in stage.slack.dm(mia)]
    assert len(told) == 1
    assert f"did not arrive in <#{home.id}>: the channel is archived" in told[0]
    assert "A post of *Kestrel &lt;3*" in told[0]
    assert not [each for each in stage.slack.dm(stage.ana) if "archived" in text_of(each)]
    # Named another channel, the next one comes there with all that nobody could read.
    other = stage.slack.add_channel("elsewhere", members=[mia])
    await house.command(mia, "/squad", f"channels {use} <#{other.id}|elsewhere>", stage.team)
    await stage.until(9, 30, days=2)
    (post,) = stage.slack.messages(other)
    assert "Volume in May" in text_of(post)
    assert "open for 2 working days" in text_of(post)


async def test_a_weekly_meeting_says_which_of_the_next_ones_do_not_take_place(
    stage: Stage,
) -> None:
    house = stage.house
    await stage.set(Squad, country="GB", subdivision="ENG")
    await stage.plan("Delivery", kind=SyncKind.REVIEW, weekday=4)
    await stage.until(9, 30, days=17)  # Good Friday is the next one
    assert "There is no meeting" not in text_of(stage.post())  # the daily one says nothing
    said = (
        "There is no meeting on Fri 3 Apr 2026, a public holiday (Good Friday). The next one is"
        " on Fri 10 Apr 2026."
    )
    assert said in text_of(stage.post(stage.digest))
    # It stays below what is noted, and managers without a channel read the same in their line.
    await house.click(stage.post(stage.digest), agenda.NOTE, stage.mia)
    form = stage.slack.views(stage.mia)[-1]
    await house.submit(form, stage.mia, {"notes": "It was short"})
    await house.drain()
    assert said in text_of(stage.post(stage.digest))
    await stage.set(Squad, digest_channel=None, half_days=["2026-04-17 until 09:45"])
    await stage.until(8, 30, days=31)  # the clocks have changed
    (line,) = [each for each in stage.slack.dm(stage.mia) if "Delivery of Kest" in text_of(each)]
    assert "There is no meeting on Fri 17 Apr 2026. The next one is on" in text_of(line)


async def test_forms_say_what_is_missing(stage: Stage) -> None:
    house = stage.house
    await stage.until(9, 30)
    await house.click(stage.post(), agenda.NOTE, stage.ana)
    form = stage.slack.views(stage.ana)[-1]
    stranger = stage.slack.add_user("Zoe")
    for values, field, said in (
        ({"action0": "Tidy up"}, "owner0", "say who does it"),
        ({"owner1": stage.ben.id}, "action1", "what is to be done"),
        ({"action0": "Tidy", "owner0": stranger.id}, "owner0", "not in this squad"),
        (
            {"action0": "Tidy", "owner0": stage.ben.id, "due0": "2026-03-09"},
            "due0",
            "2026-03-09 is past",
        ),
    ):
        await house.click(stage.post(), agenda.NOTE, stage.ana)
        form = stage.slack.views(stage.ana)[-1]
        done = await house.submit(form, stage.ana, values)
        assert said in done.errors[field]
        stage.slack.stacks[stage.ana.id].clear()
    assert await stage.rows(ActionItem) == []
    (meeting,) = await stage.rows(SyncMeeting)
    assert meeting.revision == 0
    await house.command(stage.ana, "/agenda", "help", stage.team)
    assert "/agenda add Are half-hidden signs" in text_of(stage.told(stage.ana))
    await house.command(stage.ana, "/agenda", "add", stage.team)
    form = stage.slack.views(stage.ana)[-1]
    done = await house.submit(form, stage.ana, {"text": "   ", "kind": "review"})
    assert "say what it is about" in done.errors["text"]
