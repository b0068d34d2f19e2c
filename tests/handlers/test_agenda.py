"""Meetings as the squad sees them: the post, topics, notes and what comes back in Today."""

import re
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.rules.squads import Sync, Where
from bot.views import agenda, agenda_lists
from jobs.ticker import Ticker
from models import (
    ActionItem,
    AgendaTopic,
    Coaching,
    EdgeCase,
    Escalation,
    OutboxRow,
    SyncMeeting,
    TimeOff,
)
from tests.harness import MORNING, House
from tests.services.quality_world import World

TODAY = MORNING.date()
YESTERDAY = MORNING - timedelta(days=1)


class Stage:
    """A squad with a sync at ten, its agenda half an hour before, and people to meet."""

    def __init__(self, house: House, world: World) -> None:
        self.house, self.world = house, world
        self.slack = house.slack
        self.mia, self.ana, self.ben, self.cy = (
            self.slack.add_user(name, tz="Europe/London") for name in ("Mia", "Ana", "Ben", "Cy")
        )
        everybody = [self.mia, self.ana, self.ben, self.cy]
        self.team = self.slack.add_channel("team", members=everybody)
        self.digest = self.slack.add_channel("quality", members=[self.mia])
        self.people: dict[str, int] = {}
        self.sync_id = 0
        self.ticker = Ticker(house.container)

    async def build(self) -> None:
        world = self.world
        world.workspace_id = self.house.workspace_id
        world.squad_id = await world.squad(
            "Kestrel <3",
            zone="Europe/London",
            team_channel=self.team.id,
            digest_channel=self.digest.id,
        )
        world.project_id = await world.project("Boxes & <!channel>", world.squad_id)
        for user, role in (
            (self.mia, "manager"),
            (self.ana, "contributor"),
            (self.ben, "contributor"),
            (self.cy, "contributor"),
        ):
            (key,) = await self.house.meet(user)
            self.people[user.id] = key
            await world.join(key, role)
        self.sync_id = await self.plan("Stand-up")

    async def plan(self, name: str, **values: Any) -> int:
        sync = Sync(id=0, squad_id=self.world.squad_id, name=name, local_time=time(10), **values)
        changed = await self.house.services.syncs.put(
            self.house.caller(self.mia), Where(squad_id=self.world.squad_id), sync
        )
        return int(changed.sync.id)

    def key(self, user: Any) -> int:
        return self.people[user.id]

    async def until(self, hour: int, minute: int = 0, days: int = 0) -> None:
        """Let the clock come to a time of day, tick, and send what is due."""
        at = MORNING.replace(hour=hour, minute=minute) + timedelta(days=days)
        self.house.hands.time = max(at, self.house.hands.time)
        await self.ticker.tick()
        await self.house.drain()

    async def rows(self, table: type[Any]) -> list[Any]:
        async with self.house.database.read() as connection:
            return list(await connection.execute(select(table.__table__).order_by(table.id)))

    async def set(self, table: type[Any], **values: Any) -> None:
        async with self.house.database.write() as tx:
            await tx.execute(update(table).values(**values))

    async def press(self, action_id: str, user: Any, value: str) -> None:
        """Click one of several buttons of the post by what it carries."""
        sent = self.slack.click(self.post(), action_id, user, old_value=value)
        await sent.deliver(self.house.app)

    def post(self, channel: Any = None) -> Any:
        return self.slack.messages(channel or self.team)[-1]

    def told(self, user: Any) -> Any:
        return self.slack.ephemerals(self.team, user)[-1]

    def today(self, user: Any) -> Any:
        return self.slack.dm(user)[-1]


@pytest.fixture
async def stage(house: House) -> Stage:
    made = Stage(house, World(house.database))
    await made.build()
    return made


def text_of(message: Any) -> str:
    return str(message.blocks)


async def test_a_quiet_sync_can_be_skipped_by_one_click(stage: Stage) -> None:
    await stage.until(9, 29)
    assert stage.slack.messages(stage.team) == []
    await stage.until(9, 30)
    (post,) = stage.slack.messages(stage.team)
    shown = text_of(post)
    assert "Nothing to talk about so far." in shown
    assert f"<!date^{int(MORNING.replace(hour=10).timestamp())}^" in shown
    (meeting,) = await stage.rows(SyncMeeting)
    leader = meeting.facilitator_id
    assert leader in stage.people.values()
    other = next(u for u in (stage.ana, stage.ben) if stage.key(u) != leader)
    await stage.house.click(post, agenda.SKIP, other)
    assert "Whoever leads the meeting" in stage.told(other).text
    await stage.house.click(post, agenda.SKIP, stage.mia)
    await stage.house.drain()
    (post,) = stage.slack.messages(stage.team)
    assert "is skipped" in text_of(post)
    assert f"Skipped by <@{stage.mia.id}>" in text_of(post)
    await stage.until(9, 30)
    assert len(stage.slack.messages(stage.team)) == 1
    # The next day somebody else leads: who skipped has not led.
    await stage.until(9, 30, days=1)
    (_, second) = await stage.rows(SyncMeeting)
    assert second.facilitator_id == leader


async def test_the_agenda_says_what_changed(stage: Stage) -> None:
    world = stage.world
    category = await world.category("Loose *box*", "4.2 <https://evil.example|here>")
    for n, user in enumerate((stage.ana, stage.ben, stage.cy)):
        made = await world.submission(
            stage.key(user), YESTERDAY + timedelta(minutes=n), label="car <b>"
        )
        await world.audit(
            made,
            stage.key(user),
            stage.key(stage.mia),
            YESTERDAY + timedelta(hours=1, minutes=n),
            verdict="rejected",
            errors=(category,),
        )
    await world.add(
        EdgeCase,
        project_id=world.project_id,
        title="Half a <sign>",
        ruling="Count it",
        ruled_by=stage.key(stage.mia),
        ruled_at=YESTERDAY + timedelta(hours=2),
    )
    await world.add(
        Escalation,
        squad_id=world.squad_id,
        project_id=world.project_id,
        named=False,
        state="open",
        opened_at=YESTERDAY,
        due_at=YESTERDAY + timedelta(hours=4),
    )
    await world.add(
        TimeOff,
        person_id=stage.key(stage.cy),
        first_day=TODAY,
        last_day=TODAY,
        reason="secret surgery",
        created_at=YESTERDAY,
    )
    await world.add(
        TimeOff,
        person_id=stage.key(stage.ben),
        first_day=TODAY - timedelta(days=4),
        last_day=TODAY - timedelta(days=1),
        created_at=YESTERDAY,
    )
    await world.add(
        Coaching,
        squad_id=world.squad_id,
        person_id=stage.key(stage.ana),
        by_id=stage.key(stage.mia),
        kind="praise",
        body="Your notes & <!here> saved us",
        created_at=YESTERDAY,
        shared_at=YESTERDAY + timedelta(hours=3),
    )
    await stage.until(9, 30)
    shown = text_of(stage.post())
    assert "*Look out for: Loose *box**" in shown
    assert "3 errors since the last time" in shown
    assert "3 people or more handed in: `car &lt;b&gt;`" in shown
    assert "4.2 &lt;https://evil.example|here&gt;" in shown
    assert "Half a &lt;sign&gt; → Count it" in shown
    assert "*Overdue:* one question to answer" in shown
    assert f"Away today: <@{stage.cy.id}>" in shown
    assert f"Back: <@{stage.ben.id}>" in shown
    assert "surgery" not in shown
    assert f"Praise for <@{stage.ana.id}>: Your notes &amp; &lt;!here&gt; saved us" in shown
    assert agenda.SKIP not in shown
    (meeting,) = await stage.rows(SyncMeeting)
    assert meeting.facilitator_id != stage.key(stage.cy)
    # What was said once is no news the next day.
    await stage.set(Escalation, state="withdrawn")
    await stage.until(9, 30, days=1)
    shown = text_of(stage.post())
    assert "Loose" not in shown
    assert "Praise" not in shown
    assert "Nothing to talk about" in shown


async def test_topics_are_added_carried_and_closed(stage: Stage) -> None:
    house = stage.house
    for _ in range(2):  # people press Enter again
        await house.command(stage.ana, "/agenda", "add Half-hidden <signs> & poles", stage.team)
    assert len(await stage.rows(AgendaTopic)) == 1
    assert "on the agenda of the next sync of Kestrel &lt;3" in stage.told(stage.ana).text
    await stage.until(9, 30)
    post = stage.post()
    assert "Half-hidden &lt;signs&gt; &amp; poles" in text_of(post)
    assert "_new · from" in text_of(post)
    await house.click(post, agenda.ADD, stage.ben)
    form = stage.slack.views(stage.ben)[-1]
    await house.submit(form, stage.ben, {"text": "Lunch", "kind": "sync"})
    await house.drain()
    assert "*2 topics*" in text_of(stage.post())
    assert len(stage.slack.messages(stage.team)) == 1
    # Whoever did not add it and does not lead may not close it.
    (meeting,) = await stage.rows(SyncMeeting)
    (topic, lunch) = await stage.rows(AgendaTopic)
    plain = next(u for u in (stage.cy, stage.ben) if stage.key(u) != meeting.facilitator_id)
    value = agenda.AboutTopic(topic_id=topic.id).encode()
    await stage.press(agenda.CLOSE, plain, value)
    assert "closed by whoever added it" in stage.told(plain).text
    # Three days later it is still there, with its age, and new to nobody.
    for days in (1, 2, 3):
        await stage.until(9, 30, days=days)
    assert "open for 3 working days" in text_of(stage.post())
    await house.command(stage.ben, "/agenda", "", stage.team)
    listed = stage.told(stage.ben)
    assert "Lunch" in text_of(listed)
    closers = re.findall(r'"topic_id":(\d+)', text_of(listed))
    assert str(lunch.id) in closers
    await stage.press(agenda.CLOSE, stage.ben, agenda.AboutTopic(topic_id=lunch.id).encode())
    await house.drain()
    (topic, lunch) = await stage.rows(AgendaTopic)
    assert topic.closed_at is None
    assert lunch.closed_by == stage.key(stage.ben)
    assert "Lunch" not in text_of(stage.post())
    # Whoever leads may close others' topics, and so may a manager.
    await house.click(stage.post(), agenda.CLOSE, stage.mia)
    assert all(row.closed_at for row in await stage.rows(AgendaTopic))


async def test_a_topic_closes_once_its_cause_is_gone(stage: Stage) -> None:
    world = stage.world
    escalation = await world.add(
        Escalation,
        squad_id=world.squad_id,
        project_id=world.project_id,
        named=False,
        state="open",
        opened_at=YESTERDAY,
    )
    stage.slack.allowed_links.append("https://slack.com/archives/")
    sent = stage.slack.say("What about <half> signs?", user=stage.ana, channel=stage.team)
    await sent.deliver(stage.house.app)
    message = stage.slack.messages(stage.team)[-1]
    await world.add(
        OutboxRow,
        squad_id=world.squad_id,
        channel=stage.team.id,
        operation="post",
        kind="escalations.card",
        kind_version=1,
        ids={"escalation_id": escalation},
        delivery_class="now",
        state="sent",
        due_at=MORNING,
        created_at=MORNING,
        settled_at=MORNING,
        attempts=1,
        lookups=0,
        sent_channel=stage.team.id,
        sent_ts=message.ts,
    )
    shortcut = stage.slack.message_shortcut(agenda_lists.ABOUT_MESSAGE, message, stage.ben)
    await shortcut.deliver(stage.house.app)
    form = stage.slack.views(stage.ben)[-1]
    assert "What about <half> signs?" in str(form.blocks)
    await stage.house.submit(form, stage.ben, {"text": "What about signs?", "kind": "sync"})
    assert "closes by itself once the question is answered" in str(
        stage.slack.views(stage.ben)[-1].blocks
    )
    (topic,) = await stage.rows(AgendaTopic)
    assert (topic.cause_kind, topic.cause_id) == ("question", escalation)
    assert topic.source.endswith(message.ts.replace(".", ""))
    await stage.until(9, 30)
    assert "What about signs?" in text_of(stage.post())
    await stage.set(Escalation, state="answered", answered_at=MORNING, answer="Yes")
    await stage.until(9, 30, days=1)
    assert "What about signs?" not in text_of(stage.post())
    (topic,) = await stage.rows(AgendaTopic)
    assert topic.closed_why == "settled"


async def test_notes_and_actions_come_back_until_done(stage: Stage) -> None:
    house = stage.house
    await house.command(stage.ana, "/agenda", "add Signs", stage.team)
    await stage.until(9, 30)
    for user in (stage.ana, stage.ben):
        await house.click(stage.post(), agenda.NOTE, user)
    forms = {user.id: stage.slack.views(user)[-1] for user in (stage.ana, stage.ben)}
    await house.submit(
        forms[stage.ana.id],
        stage.ana,
        {
            "decisions": "Signs <count>",
            "action0": "Write it down",
            "owner0": stage.cy.id,
            "due0": TODAY.isoformat(),
        },
    )
    # The second one loses nothing and sees both.
    await house.submit(
        forms[stage.ben.id], stage.ben, {"notes": "Poles do not", "action1": "Ask the client"}
    )
    await house.submit(
        forms[stage.ben.id],
        stage.ben,
        {
            "notes": "Poles do not",
            "action1": "Ask the client",
            "owner1": stage.mia.id,
            "due1": (TODAY + timedelta(days=2)).isoformat(),
        },
    )
    clash = stage.slack.views(stage.ben)[-1]
    shown = str(clash.blocks)
    assert "Signs &lt;count&gt;" in shown
    assert "Poles do not" in shown
    assert "Ask the client" in shown
    (meeting,) = await stage.rows(SyncMeeting)
    assert (meeting.decisions, meeting.notes) == ("Signs <count>", None)
    await house.submit(
        clash,
        stage.ben,
        {
            "decisions": "Signs <count>",
            "notes": "Poles do not",
            "action1": "Ask the client",
            "owner1": stage.mia.id,
            "due1": (TODAY + timedelta(days=2)).isoformat(),
        },
    )
    await house.drain()
    (meeting,) = await stage.rows(SyncMeeting)
    assert (meeting.decisions, meeting.notes, meeting.state) == (
        "Signs <count>",
        "Poles do not",
        "held",
    )
    shown = text_of(stage.post())
    assert "*Decided*" in shown
    assert f"<@{stage.cy.id}>: Write it down" in shown
    assert f"<@{stage.mia.id}>: Ask the client" in shown
    # Today, on its day, and again on the next working day.
    await stage.until(13, 30)
    line = stage.today(stage.cy)
    assert "To do today: Write it down" in text_of(line)
    await stage.until(9, 30, days=1)
    line = stage.today(stage.cy)
    assert "Write it down" in text_of(line)
    assert "since Tue 10 Mar 2026" in text_of(line)
    assert "*Due: one action*" in text_of(stage.post())
    await house.click(line, agenda_lists.DONE, stage.cy)
    await house.drain()
    assert "~" in text_of(stage.today(stage.cy))
    assert "*Due: one action*" not in text_of(stage.post())
    (first, _) = await stage.rows(ActionItem)
    assert first.done_by == stage.key(stage.cy)
    told = len(stage.slack.dm(stage.cy))
    await stage.until(9, 30, days=2)
    assert len(stage.slack.dm(stage.cy)) == told
    assert "Ask the client" in text_of(stage.today(stage.mia))
    assert date.fromisoformat(meeting.slot) == TODAY
