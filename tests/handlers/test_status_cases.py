"""Probation, pauses for quality and offboarding: two people decide, the person may answer."""

import pytest
from sqlalchemy import delete, update

from bot.rules.status_cases import ANSWER_FIELD, KIND_FIELD, REASON_FIELD, REMARK_FIELD
from bot.views import status_cases as ids
from models import Admin, LedgerEntry, Member, MemberRole, Person, Squad, StatusCase
from tests.handlers.auditing import told
from tests.handlers.statuses import (
    REASON,
    add_member,
    audits_of,
    confirmed,
    proposal_form,
    propose,
    status_of,
)
from tests.harness import House
from tests.scenes import Scene, open_scene


@pytest.fixture
async def scene(house: House) -> Scene:
    return await open_scene(house)


async def make_admin(scene: Scene, user: object) -> None:
    await scene.insert(Admin, person_id=scene.person(user), created_at=scene.house.hands.time)


async def test_nothing_holds_until_a_second_person_says_so(scene: Scene) -> None:
    slack = scene.house.slack
    await add_member(scene, scene.oz, "manager")
    await propose(scene)
    assert "Nothing has changed yet" in slack.views(scene.mia)[-1].shown
    assert f"<@{scene.oz.id}>" in slack.views(scene.mia)[-1].shown
    await scene.house.drain()
    assert await status_of(scene, scene.ana) == "active"
    assert slack.dm(scene.ana) == []
    asked = slack.dm(scene.oz)[-1]
    assert REASON in asked.shown
    assert asked.actions == [ids.CONFIRM, ids.DECLINE, "today.line"]
    await scene.house.click(asked, ids.CONFIRM, scene.oz)
    assert await status_of(scene, scene.ana) == "probation"
    await scene.house.drain()
    message = slack.dm(scene.ana)[-1]
    assert "You are on probation in *Kestrel*" in message.shown
    assert REASON in message.shown
    assert f"Proposed by <@{scene.mia.id}>, confirmed by <@{scene.oz.id}>" in message.shown
    assert "Confirmed" in slack.dm(scene.mia)[-1].shown
    actions = [row.action for row in await scene.rows(LedgerEntry)]
    assert {"status.proposed", "status.confirmed"} <= set(actions)
    entries = [row for row in await scene.rows(LedgerEntry) if row.action.startswith("status.")]
    assert not any(REASON in str(row.ids) for row in entries)


async def test_a_click_sent_twice_is_one(scene: Scene) -> None:
    await add_member(scene, scene.oz, "manager")
    await propose(scene)
    await scene.house.drain()
    click = scene.house.slack.click(scene.house.slack.dm(scene.oz)[-1], ids.CONFIRM, scene.oz)
    await click.deliver(scene.house.app)
    await click.deliver(scene.house.app)
    await scene.house.drain()
    assert len(await scene.planned("status_cases.told")) == 1
    assert len([r for r in await scene.rows(LedgerEntry) if r.action == "status.confirmed"]) == 1


async def test_declining_changes_nothing_and_only_the_proposer_hears(scene: Scene) -> None:
    slack = scene.house.slack
    await add_member(scene, scene.oz, "manager")
    await propose(scene)
    await scene.house.drain()
    await scene.house.click(slack.dm(scene.oz)[-1], ids.DECLINE, scene.oz)
    await scene.house.submit(slack.views(scene.oz)[-1], scene.oz, {REMARK_FIELD: "Talk first."})
    await scene.house.drain()
    assert await status_of(scene, scene.ana) == "active"
    assert slack.dm(scene.ana) == []
    heard = slack.dm(scene.mia)[-1].shown
    assert "Declined" in heard
    assert "Talk first." in heard
    assert ids.CONFIRM not in slack.dm(scene.oz)[-1].actions


async def test_whoever_proposed_it_takes_it_back_from_home(scene: Scene) -> None:
    slack = scene.house.slack
    await add_member(scene, scene.oz, "manager")
    await propose(scene)
    await scene.house.drain()
    await scene.house.open_home(scene.mia)
    await scene.house.drain()
    home = slack.home(scene.mia)
    assert home is not None
    assert "One change of status waits" in home.shown
    slack.stacks.pop(scene.mia.id, None)
    await scene.house.click(home, ids.SHOW, scene.mia)
    window = slack.views(scene.mia)[-1]
    assert "somebody else has to confirm it" in window.shown
    assert window.actions == [ids.WITHDRAW]
    await scene.house.click(window, ids.WITHDRAW, scene.mia)
    assert "Taken back" in slack.views(scene.mia)[-1].shown
    await scene.house.drain()
    (row,) = await scene.rows(StatusCase)
    assert row.state == "withdrawn"
    assert slack.dm(scene.oz)[-1].actions == []


async def test_quality_needs_figures_that_tell(scene: Scene) -> None:
    await add_member(scene, scene.oz, "manager")
    await audits_of(scene, scene.ana, accepted=8, rejected=2)
    done = await propose(scene, "quality")
    assert "n = 10 random audits" in done.errors[KIND_FIELD]
    assert await scene.rows(StatusCase) == []


async def test_quality_below_the_target_goes_along_with_n(scene: Scene) -> None:
    await audits_of(scene, scene.ana, accepted=60, rejected=30)
    message = await confirmed(scene, "quality")
    assert "66.7% accepted" in message.shown
    assert "90 audits; target 92%: below it" in message.shown
    seen = [row for row in await scene.rows(LedgerEntry) if row.action == "figures.seen"]
    assert {row.person_id for row in seen} == {scene.person(scene.ana)}


async def test_quality_on_target_is_no_reason(scene: Scene) -> None:
    await add_member(scene, scene.oz, "manager")
    await audits_of(scene, scene.ana, accepted=140, rejected=0)
    done = await propose(scene, "quality")
    assert "not below the target" in done.errors[KIND_FIELD]


@pytest.mark.parametrize("setting", ["self", "off"])
async def test_where_figures_are_nobodys_quality_is_no_reason(scene: Scene, setting: str) -> None:
    await add_member(scene, scene.oz, "manager")
    await audits_of(scene, scene.ana, accepted=60, rejected=30)
    async with scene.house.database.write() as tx:
        await tx.execute(update(Squad).values(individual_figures=setting))
    view = await proposal_form(scene)
    assert "66.7" not in view.shown
    assert "quality cannot be the reason" in view.shown
    values = {KIND_FIELD: "quality", REASON_FIELD: REASON}
    done = await scene.house.submit(view, scene.mia, values)
    assert "Quality cannot be the reason" in done.errors[KIND_FIELD]
    await propose(scene)
    (row,) = await scene.rows(StatusCase)
    assert row.evidence is None


async def test_without_anybody_else_it_cannot_be_proposed(scene: Scene) -> None:
    assert await proposal_form(scene) is None
    assert "Nobody else could confirm it" in told(scene, scene.mia)
    await make_admin(scene, scene.oz)
    await propose(scene)
    await scene.house.drain()
    asked = scene.house.slack.dm(scene.oz)[-1]
    assert asked.actions == [ids.CONFIRM, ids.DECLINE, "today.line"]


async def test_nobody_decides_about_themselves_or_their_own_proposal(scene: Scene) -> None:
    slack = scene.house.slack
    await add_member(scene, scene.oz, "manager")
    await scene.house.command(scene.mia, "/squad", f"probation <@{scene.mia.id}>", scene.team)
    assert "about yourself" in told(scene, scene.mia)
    await propose(scene)
    await scene.house.drain()
    asked = slack.dm(scene.oz)[-1]
    (value,) = {
        each["value"]
        for block in asked.blocks
        for each in block.get("elements", [])
        if each.get("action_id") == ids.CONFIRM
    }
    await scene.house.command(scene.mia, "/muster", channel=scene.team)
    mine = slack.ephemerals(scene.team, scene.mia)[-1]
    click = slack.click(mine, ids.CONFIRM, scene.mia, old_value=value)
    await click.deliver(scene.house.app)
    assert "Somebody else has to decide this" in told(scene, scene.mia)
    await scene.house.command(scene.ana, "/muster", channel=scene.team)
    hers = slack.ephemerals(scene.team, scene.ana)[-1]
    for action in (ids.CONFIRM, ids.SHOW, ids.ANSWER):
        click = slack.click(hers, action, scene.ana, old_value=value)
        await click.deliver(scene.house.app)
        assert "not yours to see" in told(scene, scene.ana)
    assert await status_of(scene, scene.ana) == "active"


async def test_the_same_twice_is_refused_while_the_first_waits(scene: Scene) -> None:
    await add_member(scene, scene.oz, "manager")
    await propose(scene)
    assert await proposal_form(scene) is None
    assert "has been proposed already" in told(scene, scene.mia)


async def test_a_proposer_who_lost_the_role_proposed_nothing(scene: Scene) -> None:
    role = await add_member(scene, scene.oz, "manager")
    await propose(scene, user=scene.oz)
    await scene.house.drain()
    async with scene.house.database.write() as tx:
        await tx.execute(delete(MemberRole).where(MemberRole.id == role))
    asked = scene.house.slack.dm(scene.mia)[-1]
    await scene.house.click(asked, ids.CONFIRM, scene.mia)
    sentence = scene.house.slack.ephemerals(asked.channel, scene.mia)[-1].shown
    assert "no longer arranges the squad" in sentence
    assert await status_of(scene, scene.ana) == "active"


async def test_somebody_whose_status_changed_meanwhile_stays(scene: Scene) -> None:
    await add_member(scene, scene.oz, "manager")
    await propose(scene)
    await scene.house.drain()
    async with scene.house.database.write() as tx:
        mine = Member.person_id == scene.person(scene.ana)
        await tx.execute(update(Member).where(mine).values(status="paused"))
    asked = scene.house.slack.dm(scene.oz)[-1]
    await scene.house.click(asked, ids.CONFIRM, scene.oz)
    assert "status has changed" in scene.house.slack.ephemerals(asked.channel, scene.oz)[-1].shown


async def test_a_proposal_is_too_old_after_two_weeks(scene: Scene) -> None:
    await add_member(scene, scene.oz, "manager")
    await propose(scene)
    await scene.house.drain()
    asked = scene.house.slack.dm(scene.oz)[-1]
    scene.house.move(days=15)
    await scene.house.click(asked, ids.CONFIRM, scene.oz)
    assert "two weeks ago" in scene.house.slack.ephemerals(asked.channel, scene.oz)[-1].shown
    await propose(scene)
    assert [row.state for row in await scene.rows(StatusCase)] == ["withdrawn", "proposed"]


async def test_the_answer_goes_to_somebody_who_had_no_part(scene: Scene) -> None:
    slack = scene.house.slack
    await make_admin(scene, scene.bo)
    message = await confirmed(scene, text="offboard")
    assert "has ended" in message.shown
    assert f"<@{scene.bo.id}> reads it" in message.shown
    await scene.house.click(message, ids.ANSWER, scene.ana)
    await scene.house.submit(
        slack.views(scene.ana)[-1], scene.ana, {ANSWER_FIELD: "I wrote <!here> each time."}
    )
    scene.house.move(hours=8)  # Bo works in New York
    await scene.house.drain()
    heard = slack.dm(scene.bo)[-1]
    assert "I wrote &lt;!here&gt; each time." in str(heard.blocks)
    assert "Your answer of" in slack.dm(scene.ana)[-1].shown
    assert ids.ANSWER not in slack.dm(scene.ana)[-1].actions
    assert "each time" not in str(slack.dm(scene.mia)[-1].blocks)


async def test_after_a_week_the_time_to_answer_has_ended(scene: Scene) -> None:
    message = await confirmed(scene)
    scene.house.move(days=7, minutes=1)
    await scene.house.click(message, ids.ANSWER, scene.ana)
    shown = scene.house.slack.ephemerals(message.channel, scene.ana)[-1].shown
    assert "time to answer has ended" in shown


async def test_reinstating_ends_it_and_says_so(scene: Scene) -> None:
    message = await confirmed(scene, text="offboard")
    await scene.house.command(scene.mia, "/squad", f"reinstate <@{scene.ana.id}>", scene.team)
    assert "is active again" in told(scene, scene.mia)
    assert await status_of(scene, scene.ana) == "active"
    await scene.house.drain()
    assert "You are active again in *Kestrel*" in scene.house.slack.dm(scene.ana)[-1].shown
    assert "no longer holds" in message.shown
    (row,) = await scene.rows(StatusCase)
    assert row.state == "lifted"
    await scene.house.command(scene.mia, "/squad", f"reinstate <@{scene.ana.id}>", scene.team)
    assert "is not on probation" in told(scene, scene.mia)


async def test_a_pause_for_quality_ends_by_setting_somebody_active(scene: Scene) -> None:
    await audits_of(scene, scene.ana, accepted=60, rejected=30)
    await confirmed(scene, "quality", text="pause quality")
    assert await status_of(scene, scene.ana) == "paused"
    await scene.house.command(scene.mia, "/squad", f"status <@{scene.ana.id}> active", scene.team)
    assert await status_of(scene, scene.ana) == "active"
    (row,) = await scene.rows(StatusCase)
    assert row.state == "lifted"


async def test_other_pauses_stay_one_managers(scene: Scene) -> None:
    await scene.house.command(scene.mia, "/squad", f"pause <@{scene.ana.id}> leave", scene.team)
    assert await status_of(scene, scene.ana) == "paused"
    await scene.house.command(scene.mia, "/squad", f"pause <@{scene.bo.id}>", scene.team)
    assert "needs one of these reasons" in told(scene, scene.mia)


@pytest.mark.parametrize("who", ["abe", "bo"])
async def test_only_managers_and_admins_propose(scene: Scene, who: str) -> None:
    user = getattr(scene, who)
    assert await proposal_form(scene, user) is None
    assert "managers" in told(scene, user)


async def test_in_a_channel_it_is_not_carried_out_from_a_mention(scene: Scene) -> None:
    await add_member(scene, scene.oz, "manager")
    text = f"squad probation <@{scene.ana.id}>"
    await scene.house.mention(scene.mia, text, scene.team)
    assert scene.house.slack.views(scene.mia) == []
    assert await scene.rows(StatusCase) == []


async def test_a_squad_in_rehearsal_cannot(scene: Scene) -> None:
    await add_member(scene, scene.oz, "manager")
    async with scene.house.database.write() as tx:
        await tx.execute(update(Squad).values(state="rehearsal"))
    assert await proposal_form(scene) is None
    assert "still rehearsed" in told(scene, scene.mia)


async def test_whoever_is_not_in_slack_is_found_by_name_and_told_by_people(scene: Scene) -> None:
    slack = scene.house.slack
    await add_member(scene, scene.oz, "manager")
    for name in ("Eve Lima", "Twin", "twin"):
        person = await scene.insert(Person, name=name, created_at=scene.house.hands.time)
        member = await scene.insert(
            Member,
            squad_id=scene.squad_id,
            person_id=person,
            status="active",
            joined_at=scene.house.hands.time,
        )
        await scene.insert(MemberRole, member_id=member, role="contributor")
    for text, said in (
        ("Nobody", "Nobody is not in this squad"),
        ("twin", "Several people"),
        ("", "Whom?"),
        (f"<@{scene.ana.id}> Eve Lima", "Whom?"),
    ):
        await scene.house.command(scene.mia, "/squad", f"probation {text}", scene.team)
        assert said in told(scene, scene.mia)
    await scene.house.command(scene.mia, "/squad", 'probation "eve lima" in Kestrel', scene.team)
    form = slack.views(scene.mia)[-1]
    assert "Eve Lima is not in Slack" in form.shown
    await scene.house.submit(form, scene.mia, {KIND_FIELD: "conduct", REASON_FIELD: REASON})
    await scene.house.drain()
    await scene.house.click(slack.dm(scene.oz)[-1], ids.CONFIRM, scene.oz)
    await scene.house.drain()
    (row,) = await scene.rows(StatusCase)
    assert row.state == "in_force"
    assert await scene.planned("status_cases.told") == []
    await scene.house.command(scene.mia, "/squad", "reinstate Eve Lima", scene.team)
    assert "Eve Lima" in told(scene, scene.mia)
    assert await scene.planned("status_cases.lifted") == []
