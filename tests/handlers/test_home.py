"""The Home tab: what each kind of person sees there, and what its buttons open."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, update

from bot.rules.budget import DeliveryClass
from bot.rules.findings import field_of
from bot.rules.outbox import Intent, Operation
from bot.store import outbox, schedules
from models import Admin, Audit, AuditChain, Base, Finding, OutboxRow, Squad, SquadProject
from tests.fakes.slack.blocks import interactive
from tests.harness import House
from tests.scenes import HANDED_IN, Scene, open_scene


@pytest.fixture
async def scene(house: House) -> Scene:
    return await open_scene(house)


async def home(scene: Scene, user: Any) -> Any:
    """Open the Home tab and let it be published."""
    await scene.house.open_home(user)
    await scene.house.drain()
    return scene.house.slack.home(user)


async def click(scene: Scene, view: Any, action_id: str, user: Any, *, number: int = 0) -> None:
    """Click one of several elements with an action id."""
    blocks = [key for key, element in interactive(view.blocks) if element["action_id"] == action_id]
    request = scene.house.slack.click(view, action_id, user, block_id=blocks[number])
    await request.deliver(scene.house.app)
    await scene.house.drain()


async def change(scene: Scene, table: type[Base], **values: Any) -> None:
    async with scene.house.database.write() as tx:
        await tx.execute(update(table).values(**values))


async def reject(scene: Scene, task: str, user: Any) -> None:
    """Abe rejects a task of somebody."""
    await scene.submission(task, user)
    await scene.house.command(scene.abe, "/audit", task, scene.team)
    form = scene.house.slack.views(scene.abe)[-1]
    values = {
        "verdict": "rejected",
        field_of(0, "category"): str(scene.categories["Wrong class"]),
        field_of(0, "note"): "A truck <!channel>",
    }
    await scene.house.submit(form, scene.abe, values)
    for view in list(scene.house.slack.views(scene.abe)):
        await scene.house.slack.close(view, scene.abe).deliver(scene.house.app)


async def refuse(scene: Scene, count: int, squad_id: int | None) -> None:
    """Messages of the squad that did not arrive."""
    async with scene.house.database.write() as tx:
        for n in range(count):
            await tx.execute(
                insert(OutboxRow).values(
                    workspace_id=scene.house.workspace_id,
                    squad_id=squad_id,
                    channel=f"C0GONE{n}",
                    operation="post",
                    kind="digests.daily",
                    kind_version=1,
                    ids={},
                    delivery_class="now",
                    state="refused",
                    reason="is_archived",
                    due_at=HANDED_IN,
                    created_at=HANDED_IN,
                    settled_at=HANDED_IN,
                    attempts=1,
                    lookups=0,
                )
            )


# Anybody


async def test_somebody_in_no_squad_learns_how_to_get_into_one(scene: Scene) -> None:
    tab = await home(scene, scene.oz)
    assert "Hello Oz" in tab.shown
    assert "/squad add @you" in tab.shown
    assert tab.actions == ["command.run.help"]


async def test_a_stranger_is_met_and_gets_a_tab(scene: Scene) -> None:
    new = scene.house.slack.add_user("Neo <!here>", tz="Europe/London")
    tab = await home(scene, new)
    assert "Neo" in tab.shown


async def test_a_slack_admin_starts_the_set_up_from_home(scene: Scene) -> None:
    boss = scene.house.slack.add_user("Boss", tz="Europe/London", is_admin=True)
    tab = await home(scene, boss)
    assert "not set up" in tab.shown
    await click(scene, tab, "command.run", boss)
    assert [row.id for row in await scene.rows(Admin)] == [1]
    tab = await home(scene, boss)
    assert "not set up" not in tab.shown
    assert "Every message of the last seven days arrived." in tab.shown


async def test_the_messages_tab_publishes_nothing(scene: Scene) -> None:
    request = scene.house.slack.event(
        "app_home_opened", user=scene.ana.id, tab="messages", channel="D1"
    )
    await request.deliver(scene.house.app)
    assert await scene.planned("home.tab") == []


async def test_the_same_event_twice_is_one_publish(scene: Scene) -> None:
    request = scene.house.slack.open_home(scene.ana)
    await request.deliver(scene.house.app)
    await request.deliver(scene.house.app, retry=1)
    assert len(await scene.planned("home.tab")) == 1


async def test_it_is_published_at_night_and_in_rehearsal_for_it_was_asked_for(
    scene: Scene,
) -> None:
    await change(scene, Squad, state="rehearsal")
    scene.house.move(hours=15)
    assert "Hello Ana" in (await home(scene, scene.ana)).shown


# A contributor


async def test_a_contributor_sees_what_waits_and_it_opens_privately(scene: Scene) -> None:
    tab = await home(scene, scene.ana)
    assert "Nothing waits for you." in tab.shown
    await reject(scene, "T-1", scene.ana)
    tab = await home(scene, scene.ana)
    assert "T-1 is waiting for you to read it" in tab.shown
    assert "Your feedback of the last two weeks" not in tab.shown
    assert "A truck" not in tab.shown
    before = len(scene.house.slack.messages(scene.team))
    await click(scene, tab, "audits.read", scene.ana)
    assert "A truck" in scene.house.slack.dm(scene.ana)[-1].shown
    assert len(scene.house.slack.messages(scene.team)) == before
    await scene.house.click(scene.house.slack.dm(scene.ana)[-1], "audits.acknowledge", scene.ana)
    tab = await home(scene, scene.ana)
    assert "is waiting for you to read it" not in tab.shown
    assert "1 task came back to you" in tab.shown
    assert "Your feedback of the last two weeks" in tab.shown
    assert "T-1 rejected, one finding" in tab.shown
    scene.house.move(days=15)
    assert "Your feedback of the last two weeks" not in (await home(scene, scene.ana)).shown


async def test_nobody_elses_feedback_is_there(scene: Scene) -> None:
    await reject(scene, "T-1", scene.ana)
    for user in (scene.bo, scene.abe, scene.oz):
        assert "T-1" not in (await home(scene, user)).shown


async def test_long_lists_are_cut_and_say_so(scene: Scene) -> None:
    for n in range(13):
        await reject(scene, f"T-{n}", scene.ana)
    tab = await home(scene, scene.ana)
    assert "and 3 more" in tab.shown
    await change(scene, Finding, state="acknowledged")
    tab = await home(scene, scene.ana)
    assert "and 5 more" in tab.shown
    assert len(tab.blocks) <= 100


async def test_own_figures_are_there_as_far_as_the_squad_shows_them(scene: Scene) -> None:
    await scene.house.services.people.actor(scene.house.caller(scene.ana))
    for n in range(3):
        await reject(scene, f"T-{n}", scene.ana)
    await change(scene, AuditChain, origin="random", weight=1.0)
    await change(scene, Audit, origin="random")
    shown = (await home(scene, scene.ana)).shown
    assert "Boxes (Kestrel)" in shown
    assert "from 3 random audits" in shown
    assert "Boxes (Kestrel)" not in (await home(scene, scene.abe)).shown
    await change(scene, Squad, individual_figures="off")
    assert "Boxes (Kestrel)" not in (await home(scene, scene.ana)).shown


async def test_lines_of_today_stand_there_until_they_are_done(scene: Scene) -> None:
    line = Intent(
        kind="refusals",
        delivery_class=DeliveryClass.TODAY,
        person_id=scene.person(scene.ana),
        ids={"since": (HANDED_IN - timedelta(days=1)).isoformat()},
    )
    unknown = Intent(
        kind="nobody.knows", delivery_class=DeliveryClass.TODAY, person_id=scene.person(scene.ana)
    )
    async with scene.house.database.write() as tx:
        later = scene.house.container.clock.now() + timedelta(hours=2)
        for intent in (line, unknown):
            await outbox.add_one(tx, scene.house.workspace_id, intent, later)
    assert "did not arrive" not in (await home(scene, scene.ana)).shown
    await refuse(scene, 1, None)
    assert "One message did not arrive" in (await home(scene, scene.ana)).shown


async def test_time_off_is_added_and_taken_back_from_home(scene: Scene) -> None:
    tab = await home(scene, scene.ana)
    await click(scene, tab, "timeoff.open", scene.ana)
    form = scene.house.slack.views(scene.ana)[-1]
    await scene.house.submit(
        form, scene.ana, {"timeoff_first": "2026-08-03", "timeoff_reason": "<!channel> clinic"}
    )
    await scene.house.drain()
    tab = scene.house.slack.home(scene.ana)
    assert "Mon 3 Aug 2026" in tab.shown
    assert "clinic" in tab.shown
    assert "clinic" not in (await home(scene, scene.mia)).shown
    await click(scene, tab, "timeoff.cancel", scene.ana)
    assert "You have no time off planned." in scene.house.slack.home(scene.ana).shown
    assert scene.house.slack.dm(scene.ana) == []


# A manager


async def test_a_manager_of_a_rehearsed_squad_sees_the_checklist_and_what_was_not_sent(
    scene: Scene,
) -> None:
    await change(scene, Squad, state="rehearsal")
    await reject(scene, "T-1", scene.ana)
    await scene.house.drain()
    tab = await home(scene, scene.mia)
    assert "Kestrel" in tab.shown
    assert "in rehearsal" in tab.shown
    assert ":white_check_mark:" in tab.shown
    assert "Would have been sent: 1" in str(tab.body)
    await click(scene, tab, "home.rehearsed", scene.mia)
    (modal,) = scene.house.slack.views(scene.mia)
    assert "Ana" in modal.shown
    assert "A truck" not in modal.shown
    assert scene.house.slack.dm(scene.mia) == []


async def test_where_nothing_was_audited_yet_nobody_has_read_it(scene: Scene) -> None:
    assert "Everybody has read their feedback." in (await home(scene, scene.mia)).shown
    await change(scene, Squad, state="rehearsal")
    tab = await home(scene, scene.mia)
    assert "Everybody has read their feedback." not in tab.shown
    assert "muster import guidelines" in tab.shown


async def test_the_next_steps_button_stands_first(scene: Scene) -> None:
    await change(scene, Squad, state="rehearsal")
    async with scene.house.database.write() as tx:
        await tx.execute(delete(SquadProject))
    tab = await home(scene, scene.mia)
    (row,) = [block for block in tab.blocks if block["type"] == "actions"]
    assert row["elements"][0]["style"] == "primary"
    assert row["elements"][0]["action_id"] == "projects.open"
    await click(scene, tab, "projects.open", scene.mia)
    assert "New project" in str(scene.house.slack.views(scene.mia)[-1].body["title"])


async def test_a_manager_of_a_live_squad_sees_who_has_not_read_and_what_did_not_arrive(
    scene: Scene,
) -> None:
    await reject(scene, "T-1", scene.ana)
    await refuse(scene, 7, scene.squad_id)
    tab = await home(scene, scene.mia)
    assert "Feedback on one audit is not acknowledged yet" in tab.shown
    assert f"<@{scene.ana.id}>: one" in str(tab.body)
    assert "7 messages of the last seven days did not arrive" in tab.shown
    assert "archived" in tab.shown
    assert "and 2 more" in tab.shown
    assert "home.rehearsed" not in tab.actions
    await change(scene, Squad, individual_figures="self")
    tab = await home(scene, scene.mia)
    assert "Feedback on one audit is not acknowledged yet" in tab.shown
    assert f"<@{scene.ana.id}>" not in str(tab.body)


async def test_people_and_settings_open_from_home(scene: Scene) -> None:
    tab = await home(scene, scene.mia)
    await click(scene, tab, "command.run.people", scene.mia)
    assert "Abe" in scene.house.slack.dm(scene.mia)[-1].shown or scene.abe.id in str(
        scene.house.slack.dm(scene.mia)[-1].blocks
    )
    await click(scene, tab, "command.run.settings", scene.mia)
    assert len(scene.house.slack.views(scene.mia)) == 1


async def test_the_next_digest_stands_there_in_the_squads_zone(scene: Scene) -> None:
    assert "Next " not in (await home(scene, scene.mia)).shown
    now = scene.house.container.clock.now()
    async with scene.house.database.write() as tx:
        await schedules.ensure_defaults(
            tx, scene.house.workspace_id, scene.squad_id, "Asia/Tokyo", now
        )
        await tx.execute(update(Squad).values(digest_channel=scene.team.id))
    shown = (await home(scene, scene.mia)).shown
    assert "Next daily digest: Wed 11 Mar 2026 09:00 (Asia/Tokyo)" in shown


async def test_a_contributor_has_no_managers_part_and_no_way_to_it(scene: Scene) -> None:
    await change(scene, Squad, state="rehearsal")
    theirs = await home(scene, scene.ana)
    assert "home.rehearsed" not in theirs.actions
    tab = await home(scene, scene.mia)
    stolen = next(
        element
        for _, element in interactive(tab.blocks)
        if element["action_id"] == "home.rehearsed"
    )
    theirs.blocks.append({"type": "actions", "block_id": "stolen", "elements": [stolen]})
    request = scene.house.slack.click(theirs, "home.rehearsed", scene.ana, block_id="stolen")
    await request.deliver(scene.house.app)
    assert scene.house.slack.views(scene.ana) == []
    assert "manager" in scene.house.slack.dm(scene.ana)[-1].shown


async def test_names_can_neither_mention_nor_link_and_their_buttons_still_work(
    scene: Scene,
) -> None:
    bad = "<!channel> in & <https://evil.example|x>"
    await change(scene, Squad, name=bad, state="rehearsal")
    await reject(scene, "T-<!here>", scene.ana)
    assert "<!here>" not in str((await home(scene, scene.ana)).blocks)
    tab = await home(scene, scene.mia)
    await click(scene, tab, "command.run.settings", scene.mia)
    assert len(scene.house.slack.views(scene.mia)) == 1


# An admin


async def test_an_admin_sees_refusals_and_rehearsed_squads_but_nobodys_feedback(
    scene: Scene,
) -> None:
    await scene.insert(Admin, person_id=scene.person(scene.oz), created_at=HANDED_IN)
    await reject(scene, "T-1", scene.ana)
    await refuse(scene, 2, None)
    tab = await home(scene, scene.oz)
    assert "2 messages of the last seven days did not arrive" in tab.shown
    assert "T-1" not in tab.shown
    assert "Kestrel" not in tab.shown
    await change(scene, Squad, state="rehearsal")
    tab = await home(scene, scene.oz)
    assert "Kestrel" in tab.shown
    assert "acknowledged" not in tab.shown
    await change(scene, Squad, archived_at=HANDED_IN)
    tab = await home(scene, scene.oz)
    assert "There is no squad yet." in tab.shown
    await click(scene, tab, "command.run.create", scene.oz)
    assert len(scene.house.slack.views(scene.oz)) == 1


async def test_many_squads_fit_and_say_how_many_more_there_are(scene: Scene) -> None:
    for n in range(6):
        await scene.second_squad(f"Squad {n}", [(scene.mia, "manager"), (scene.ana, "contributor")])
    await change(scene, Squad, state="rehearsal")
    await scene.insert(Admin, person_id=scene.person(scene.mia), created_at=HANDED_IN)
    await refuse(scene, 30, scene.squad_id)
    tab = await home(scene, scene.mia)
    assert len(tab.blocks) <= 100
    assert "3 more squads" in tab.shown


async def test_a_publish_waits_in_the_outbox_while_slack_is_down(scene: Scene) -> None:
    await scene.house.open_home(scene.ana)
    scene.house.slack.faults.down(seconds=600)
    await scene.house.drain()
    assert scene.house.slack.home(scene.ana) is None
    (row,) = await scene.planned("home.tab")
    assert row.operation == Operation.PUBLISH.value
    for _ in range(30):
        scene.house.move(minutes=1)
        await scene.house.drain()
    assert "Hello Ana" in scene.house.slack.home(scene.ana).shown
