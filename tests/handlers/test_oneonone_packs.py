"""A manager's day of one-on-ones through Slack: packs, what became of them, notes, coaching."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.errors import NotAllowed, NotFound
from bot.rules import oneonone_notes as fields
from bot.views import coaching_effects, oneonone_lists, oneonone_notes, oneonone_packs
from models import (
    ActionItem,
    Audit,
    AuditChain,
    Coached,
    Finding,
    LedgerEntry,
    OneOnOne,
    OneOnOneNote,
    OneOnOnePair,
    OneOnOneSetup,
    OneOnOneTopic,
    OutboxRow,
    Squad,
)
from tests.fakes.slack.blocks import interactive
from tests.harness import MORNING, House
from tests.scenes import Scene, open_scene

SECRET = "my pay <!channel> & <https://evil.example|x>"
AWAKE = MORNING - timedelta(hours=3)  # before anybody works


@pytest.fixture
async def scene(house: House) -> Scene:
    return await open_scene(house)


async def meeting(scene: Scene, user: Any, hour: int, **given: Any) -> tuple[int, int]:
    """Let Mia meet somebody at an hour of the day; returns the pair's key and the meeting's."""
    two = {
        "squad_id": scene.squad_id,
        "manager_id": scene.person(scene.mia),
        "person_id": scene.person(user),
    }
    pair = await scene.insert(
        OneOnOnePair,
        **two,
        every_weeks=2,
        minutes=30,
        zone="Europe/London",
        home_week=0,
        home_day=1,
        home_time=MORNING.replace(hour=hour).time(),
        created_at=MORNING - timedelta(weeks=8),
    )
    start = MORNING.replace(hour=hour)
    row = {
        "slot": "2026-W11",
        "starts_at": start,
        "ends_at": start + timedelta(minutes=30),
        "revision": 0,
        "reminded": -1,
        "state": "planned",
        "by_hand": False,
        "created_at": AWAKE,
    }
    return pair, await scene.insert(OneOnOne, **two, pair_id=pair, **(row | given))


async def audited(scene: Scene, user: Any, n: int, wrong: int, *, weeks: int = 1) -> None:
    """Audit work of somebody at random; the first ones have an error."""
    at = MORNING - timedelta(weeks=weeks)
    for i in range(n):
        submission = await scene.submission(f"T{user.id}{weeks}-{i}", user, submitted_at=at)
        chain = await scene.insert(
            AuditChain, submission_id=submission, origin="random", weight=1.0, opened_at=at
        )
        audit = await scene.insert(
            Audit,
            project_id=scene.project_id,
            squad_id=scene.squad_id,
            submission_id=submission,
            chain_id=chain,
            contributor_id=scene.person(user),
            auditor_id=scene.person(scene.abe),
            step="draw",
            origin="random",
            weight=1.0,
            verdict="rejected" if i < wrong else "accepted",
            errors=int(i < wrong),
            scoring=True,
            imported=False,
            audited_at=at + timedelta(seconds=i),
        )
        if i < wrong:
            await scene.insert(
                Finding,
                audit_id=audit,
                category_id=scene.categories["Wrong class"],
                severity="error",
                section="4.2 Classes",
                state="open",
            )


async def terms(scene: Scene) -> None:
    """Let Mia hold one-on-ones on Tuesdays and Thursdays."""
    await scene.insert(
        OneOnOneSetup,
        squad_id=scene.squad_id,
        manager_id=scene.person(scene.mia),
        every_weeks=2,
        days="13",
        hours_start=MORNING.replace(hour=10).time(),
        hours_end=MORNING.replace(hour=12).time(),
        zone="Europe/London",
        minutes=30,
        takes="chosen",
        created_at=AWAKE,
        changed_at=AWAKE,
    )


async def keep(scene: Scene) -> None:
    """Let the nightly job plan what is said about the coming days."""
    scene.house.hands.time = AWAKE
    await scene.house.services.oneonone_keeper.keep(scene.house.workspace_id)


async def at(scene: Scene, hour: int, minute: int = 0) -> None:
    scene.house.hands.time = MORNING.replace(hour=hour, minute=minute)
    await scene.house.drain()


def told(scene: Scene, user: Any, part: str) -> Any:
    """The one message to somebody that holds these words."""
    (found,) = [each for each in scene.house.slack.dm(user) if part in each.shown]
    return found


async def press(scene: Scene, where: Any, action_id: str, user: Any, nth: int = 0) -> None:
    """Press the nth of several like buttons."""
    blocks = [key for key, one in interactive(where.blocks) if one["action_id"] == action_id]
    request = scene.house.slack.click(where, action_id, user, block_id=blocks[nth])
    await request.deliver(scene.house.app)


async def test_one_message_in_the_morning_has_all_packs_of_the_day(scene: Scene) -> None:
    slack = scene.house.slack
    pair, key = await meeting(scene, scene.ana, 10)
    await meeting(scene, scene.abe, 15)
    await audited(scene, scene.ana, 40, 20)
    await audited(scene, scene.ana, 30, 0, weeks=6)
    topics = {"pair_id": pair, "created_at": AWAKE}
    ana = scene.person(scene.ana)
    await scene.insert(OneOnOneTopic, **topics, author_id=ana, text=SECRET, shared=False)
    await scene.insert(OneOnOneTopic, **topics, author_id=ana, text="Nights", shared=True)
    await keep(scene)
    await scene.house.drain()
    assert slack.dm(scene.mia) == [], "not before she works"
    await at(scene, 9)
    packs = told(scene, scene.mia, "Your 2 one-on-ones today")
    for part in (
        "10:00",
        "50.0% accepted",
        "n = 40",
        "−50.0 points",
        "Wrong class (20)",
        "1 topic",
    ):
        assert part in packs.shown, part
    assert "my pay" not in packs.shown
    looks = [row for row in await scene.rows(LedgerEntry) if row.action == "figures.seen"]
    assert [row.person_id for row in looks] == [ana]
    await scene.house.drain()
    assert len(slack.dm(scene.mia)) == 1

    await press(scene, packs, oneonone_packs.OPEN, scene.mia)
    shown = slack.views(scene.mia)[-1].shown
    for part in ("Nights", "4.2 Classes", "No open actions", "Only you see this"):
        assert part in shown, part
    assert "my pay" not in shown
    # Somebody else has no way in.
    with pytest.raises(NotFound):
        await scene.house.services.packs.open(scene.house.caller(scene.oz), key)


async def test_a_pack_leads_to_all_topics_and_back(scene: Scene) -> None:
    slack, ana = scene.house.slack, scene.person(scene.ana)
    pair, _ = await meeting(scene, scene.ana, 10)
    topic = {"pair_id": pair, "author_id": ana, "created_at": AWAKE}
    await scene.insert(OneOnOneTopic, **topic, text=SECRET, shared=False)
    for n in range(14):
        await scene.insert(OneOnOneTopic, **topic, text=f"Topic {n}.", shared=True)
    await keep(scene)
    await at(scene, 9)
    packs = told(scene, scene.mia, "Your one-on-one today")
    await press(scene, packs, oneonone_packs.OPEN, scene.mia)
    pack = slack.views(scene.mia)[-1]
    assert "Topic 9." in pack.shown
    assert "Topic 10." not in pack.shown
    await scene.house.click(pack, oneonone_lists.LIST, scene.mia)
    assert "1 to 10 of 14" in slack.views(scene.mia)[-1].shown
    await scene.house.click(slack.views(scene.mia)[-1], oneonone_lists.LATER, scene.mia)
    rest = slack.views(scene.mia)[-1]
    assert "Topic 13." in rest.shown
    assert not [part for part in ("Topic 9.", "my pay") if part in rest.shown]
    await scene.house.click(rest, oneonone_packs.OPEN, scene.mia)
    assert "and 4 more" in slack.views(scene.mia)[-1].shown
    assert len(slack.views(scene.mia)) == 1
    # Whose they are reads them all, from the page as well.
    await scene.house.command(scene.ana, "/oneonone", f"<@{scene.mia.id}>", scene.team)
    page = slack.ephemerals(scene.team, scene.ana)[-1]
    await scene.house.click(page, oneonone_lists.LIST, scene.ana)
    assert "9 to 15 of 15" in slack.views(scene.ana)[-1].shown
    await scene.house.click(slack.views(scene.ana)[-1], oneonone_lists.EARLIER, scene.ana)
    assert "my pay" in slack.views(scene.ana)[-1].shown


async def test_a_setting_that_keeps_figures_private_keeps_them_out_of_packs(scene: Scene) -> None:
    async with scene.house.database.write() as tx:
        await tx.execute(update(Squad).values(individual_figures="self"))
    _, key = await meeting(scene, scene.ana, 10)
    await audited(scene, scene.ana, 20, 10)
    await keep(scene)
    await at(scene, 9)
    packs = told(scene, scene.mia, "Your one-on-one today")
    assert "keeps individual figures private" in packs.shown
    assert "50.0%" not in packs.shown
    assert "Wrong class" not in packs.shown
    await press(scene, packs, oneonone_packs.OPEN, scene.mia)
    assert "50.0%" not in scene.house.slack.views(scene.mia)[-1].shown
    words = scene.house.container.languages.of("en")
    mine = await scene.house.services.packs.open(scene.house.caller(scene.ana), key)
    assert "50.0% accepted" in str(oneonone_packs.pack(words, mine)), "they see their own"


async def test_the_day_ends_with_what_became_of_it(scene: Scene) -> None:
    house, slack = scene.house, scene.house.slack
    await terms(scene)
    await meeting(scene, scene.ana, 10)
    await meeting(scene, scene.abe, 11)
    await audited(scene, scene.ana, 10, 4)
    await keep(scene)
    await at(scene, 16, 30)
    asked = told(scene, scene.mia, "How did your 2 one-on-ones go?")
    await press(scene, asked, oneonone_notes.HAPPENED, scene.mia)
    asked = told(scene, scene.mia, "How did your 2 one-on-ones go?")
    await press(scene, asked, oneonone_notes.MISSED, scene.mia)
    asked = told(scene, scene.mia, "How did your 2 one-on-ones go?")
    assert "Happened." in asked.shown
    assert "You are both free" in asked.shown
    assert [row.state for row in await scene.rows(OneOnOne)][:2] == ["happened", "missed"]
    request = slack.click(asked, oneonone_notes.AGAIN, scene.mia)
    await request.deliver(house.app)
    await request.deliver(house.app)
    rows = await scene.rows(OneOnOne)
    made = [row for row in rows if row.instead_of is not None]
    assert [(row.state, row.instead_of) for row in made] == [("planned", rows[1].id)]
    asked = told(scene, scene.mia, "How did your 2 one-on-ones go?")
    assert "instead" in asked.shown

    await press(scene, asked, oneonone_packs.NOTES, scene.mia)
    form = slack.views(scene.mia)[-1]
    assert "4 lately: Wrong class" in str(form.blocks)
    category = f"{scene.project_id}:{scene.categories['Wrong class']}"
    typed = {
        fields.SHARED_FIELD: "We looked at 4.2 <!channel>",
        fields.OWN_FIELD: "seems tired",
        fields.MINE_FIELD: "Ask for a second screen",
        fields.THEIRS_FIELD: "Read 4.2\n\nTry the shortcut",
        fields.DUE_FIELD: "2026-03-13",
        fields.COACHED_FIELD: category,
    }
    await house.submit(form, scene.mia, typed)
    assert "Whether it helped" in slack.views(scene.mia)[-1].shown
    (note,) = await scene.rows(OneOnOneNote)
    assert (note.shared, note.own, note.revision) == (typed["shared"], "seems tired", 1)
    items = await scene.rows(ActionItem)
    assert [(row.text, row.owner_id, row.private) for row in items] == [
        ("Ask for a second screen", scene.person(scene.mia), True),
        ("Read 4.2", scene.person(scene.ana), True),
        ("Try the shortcut", scene.person(scene.ana), True),
    ]
    (coached,) = await scene.rows(Coached)
    assert coached.person_id == scene.person(scene.ana)
    assert coached.coached_at - coached.led_from == timedelta(days=28)
    await at(scene, 16, 45)
    assert len([each for each in slack.dm(scene.mia) if "How did" in each.shown]) == 1


async def test_two_who_write_at_once_lose_nothing(scene: Scene) -> None:
    house, slack = scene.house, scene.house.slack
    _, key = await meeting(scene, scene.ana, 10)
    await keep(scene)
    await at(scene, 9)
    await at(scene, 16, 30)
    packs = told(scene, scene.mia, "Your one-on-one today")
    for user in (scene.mia, scene.ana):
        words = house.container.languages.of("en")
        sheet = await house.services.meeting_notes.open(house.caller(user), key)
        view = oneonone_notes.form(words, sheet)
        assert ("Your own notes" in str(view)) == (user is scene.mia)
    await press(scene, packs, oneonone_packs.OPEN, scene.mia)
    await press(scene, slack.views(scene.mia)[-1], oneonone_packs.NOTES, scene.mia)
    form = slack.views(scene.mia)[-1]
    theirs = fields.Written(shared="Ana's words", own=None, revision=0)
    assert (
        await house.services.meeting_notes.save(house.caller(scene.ana), key, theirs, "k") is None
    )
    await house.submit(form, scene.mia, {fields.SHARED_FIELD: "Mia's words"})
    clash = slack.views(scene.mia)[-1]
    assert "Somebody saved while you wrote" in clash.shown
    assert "Ana's words" in clash.shown
    both = {fields.SHARED_FIELD: "Mia's and Ana's words", fields.OWN_FIELD: "hm"}
    await house.submit(clash, scene.mia, both)
    (note,) = await scene.rows(OneOnOneNote)
    assert (note.shared, note.own, note.revision) == ("Mia's and Ana's words", "hm", 2)
    mine = await house.services.packs.open(house.caller(scene.ana), key)
    assert [(each.shared, each.own) for each in mine.notes] == [("Mia's and Ana's words", None)]


async def test_what_coaching_did_is_for_managers_and_waits_for_numbers(scene: Scene) -> None:
    house, slack = scene.house, scene.house.slack
    _, key = await meeting(scene, scene.ana, 10)
    await keep(scene)
    await at(scene, 9)
    packs = told(scene, scene.mia, "Your one-on-one today")
    await press(scene, packs, coaching_effects.SHOW, scene.mia)
    assert "Nobody was coached" in slack.views(scene.mia)[-1].shown
    slack.stacks[scene.mia.id].clear()
    await at(scene, 12)
    chosen = (scene.project_id, scene.categories["Wrong class"])
    written = fields.Written(shared="", own="", revision=0, coached=chosen)
    await house.services.meeting_notes.save(house.caller(scene.mia), key, written, None)
    await press(scene, packs, coaching_effects.SHOW, scene.mia)
    shown = slack.views(scene.mia)[-1].shown
    assert "Cannot tell yet: it takes 8" in shown
    with pytest.raises(NotAllowed):
        await house.services.effects.of_squad(house.caller(scene.ana), scene.squad_id)
    slack.stacks[scene.mia.id].clear()
    await press(scene, packs, oneonone_packs.OPEN, scene.mia)
    assert "Wrong class (Tue 10 Mar 2026)" in slack.views(scene.mia)[-1].shown


async def test_a_question_stays_ones_own_until_one_brings_it_along(scene: Scene) -> None:
    house, slack = scene.house, scene.house.slack
    _, key = await meeting(scene, scene.ana, 10)
    await keep(scene)
    scene.house.hands.time = MORNING
    await house.command(scene.ana, "/ask", "Do <!channel> trams count?", scene.team)
    mia = await house.services.packs.open(house.caller(scene.mia), key)
    assert mia.questions == ()
    await at(scene, 9, 50)
    await at(scene, 9, 51)
    soon = told(scene, scene.ana, "10:00")
    await press(scene, soon, oneonone_packs.OPEN, scene.ana)
    mine = slack.views(scene.ana)[-1]
    assert "trams count?" in mine.shown
    await press(scene, mine, oneonone_packs.BRING, scene.ana)
    assert "Bring along" not in slack.views(scene.ana)[-1].shown
    mia = await house.services.packs.open(house.caller(scene.mia), key)
    assert [each.text for each in mia.topics] == ["Do <!channel> trams count?"]
    (row,) = await scene.rows(OneOnOneTopic)
    assert (row.shared, row.author_id) == (True, scene.person(scene.ana))


async def test_with_the_budget_spent_the_question_stands_in_the_next_days_today(
    scene: Scene,
) -> None:
    await meeting(scene, scene.ana, 10)
    await keep(scene)
    mia = scene.person(scene.mia)
    for hour in range(5):
        sent = MORNING + timedelta(hours=hour)
        await scene.insert(
            OutboxRow,
            person_id=mia,
            operation="post",
            kind="other",
            kind_version=1,
            ids={},
            delivery_class="now",
            state="sent",
            due_at=sent,
            created_at=sent,
            settled_at=sent,
            attempts=1,
            lookups=0,
        )
    await at(scene, 16, 30)
    assert scene.house.slack.dm(scene.mia) == []
    scene.house.hands.time = MORNING + timedelta(days=1)
    await scene.house.drain()
    line = told(scene, scene.mia, "waits for your word")
    await press(scene, line, oneonone_notes.DAY_END, scene.mia)
    assert "Did not happen" in scene.house.slack.views(scene.mia)[-1].shown
