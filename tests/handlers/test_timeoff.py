"""`/timeoff`: noting, listing and taking back, privately; managers see days and never reasons."""

from datetime import date
from typing import Any

import pytest

from bot.rules.timeoff import Plan
from models import LedgerEntry, OutboxRow, TimeOff
from tests.fakes.slack.blocks import interactive
from tests.harness import House
from tests.scenes import Scene, open_scene

SECRET = "a clinic <!channel> <https://evil.example|x>"
XMAS = "2026-12-24..2027-01-02"
FIRST, LAST, REASON, CANCEL = (f"timeoff_{name}" for name in ("first", "last", "reason", "cancel"))


@pytest.fixture
async def scene(house: House) -> Scene:
    return await open_scene(house)


async def say(scene: Scene, text: str, user: Any = None) -> str:
    """Type the command in the team channel; returns what only this person is shown."""
    user = user or scene.ana
    await scene.house.command(user, "/timeoff", text, scene.team)
    return str(shown(scene, user).shown)


def shown(scene: Scene, user: Any) -> Any:
    return scene.house.slack.ephemerals(scene.team, user)[-1]


async def stored(scene: Scene) -> list[tuple[date, date, str | None]]:
    """What holds: days and reasons."""
    rows = [row for row in await scene.rows(TimeOff) if row.cancelled_at is None]
    return [(row.first_day, row.last_day, row.reason) for row in rows]


async def test_days_typed_are_noted_with_their_private_reason(scene: Scene) -> None:
    told = await say(scene, f"{XMAS} {SECRET}")
    assert "Thu 24 Dec 2026 – Sat 2 Jan 2027 (10 days)" in told
    assert SECRET not in told
    ((first, last, reason),) = await stored(scene)
    assert (first, last) == (date(2026, 12, 24), date(2027, 1, 2))
    # Slack itself turns what looks like its own link into one, of which the address is kept.
    assert reason == "a clinic <!channel> https://evil.example"
    (entry,) = await scene.rows(LedgerEntry)
    assert entry.action == "timeoff.noted"
    assert "clinic" not in str(entry.ids)


async def test_the_same_command_twice_is_noted_once(scene: Scene) -> None:
    first = await say(scene, XMAS)
    assert await say(scene, XMAS) == first
    assert len(await scene.rows(TimeOff)) == 1
    scene.house.move(minutes=5)
    assert "noted already" in await say(scene, XMAS)
    assert len(await scene.rows(TimeOff)) == 1


async def test_what_overlaps_or_adjoins_becomes_one(scene: Scene) -> None:
    await say(scene, "2026-12-24..2026-12-31 family")
    told = await say(scene, "2027-01-01..2027-01-02")
    assert "joined" in told
    assert await stored(scene) == [(date(2026, 12, 24), date(2027, 1, 2), "family")]
    assert "joined" not in await say(scene, "2027-03-01")
    assert len(await stored(scene)) == 2


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("tomorrow", "/timeoff 2026-12-24..2027-01-02"),
        ("2026-02-30", "not a date I can read"),
        ("2026-03-01..2026-03-09", "from today (2026-03-10) on"),
        ("2026-12-24..2027-12-25", "at most a year"),
        ("2030-01-01", "Is the year right"),
        ("2027-01-02..2026-12-24", "ends before it begins"),
        ("2026-12-24 " + "x" * 9_000, "500 is the most"),
        ("<!channel>", "/timeoff 2026-12-24..2027-01-02"),
        ("cancel 2026-12-24", "no such time off"),
        ("cancel everything", "/timeoff 2026-12-24..2027-01-02"),
        ("help", "/timeoff list"),
    ],
)
async def test_what_cannot_be_noted_is_said_with_a_way_on(
    scene: Scene, typed: str, part: str
) -> None:
    told = await say(scene, typed)
    assert part in told
    assert "<!channel>" not in told
    assert await scene.rows(TimeOff) == []


async def test_today_is_the_persons_own_day(scene: Scene) -> None:
    """At 02:00 in London it is still yesterday in New York."""
    scene.house.move(hours=17)
    assert "Noted" in await say(scene, "2026-03-10", scene.bo)
    assert "from today (2026-03-11) on" in await say(scene, "2026-03-10", scene.ana)


async def test_the_list_shows_ones_own_and_buttons_take_back(scene: Scene) -> None:
    assert "no time off planned" in await say(scene, "list")
    await say(scene, f"{XMAS} {SECRET}")
    await say(scene, "2026-08-03")
    told = await say(scene, "list")
    assert "a clinic &lt;!channel&gt;" in told
    listed = shown(scene, scene.ana)
    assert listed.actions == ["timeoff.cancel", "timeoff.cancel", "timeoff.open"]
    (block_id, _) = next(found for found in interactive(listed.blocks))
    request = scene.house.slack.click(listed, "timeoff.cancel", scene.ana, block_id=block_id)
    await request.deliver(scene.house.app)
    assert [first for first, _, _ in await stored(scene)] == [date(2026, 12, 24)]
    assert shown(scene, scene.ana).actions == ["timeoff.cancel", "timeoff.open"]


async def test_taking_back_twice_is_once_and_only_ones_own(scene: Scene) -> None:
    await say(scene, XMAS)
    receipt = shown(scene, scene.ana)
    request = scene.house.slack.click(receipt, "timeoff.cancel", scene.ana)
    value = receipt.blocks[-1]["elements"][0]["value"]
    await scene.house.command(scene.bo, "/timeoff", "2026-08-03", scene.team)
    theirs = shown(scene, scene.bo)
    theirs.blocks[-1]["elements"][0]["value"] = value
    await scene.house.click(theirs, "timeoff.cancel", scene.bo)
    assert "no such time off" in shown(scene, scene.bo).shown
    assert len(await stored(scene)) == 2
    await request.deliver(scene.house.app)
    await request.deliver(scene.house.app)
    assert len(await stored(scene)) == 1
    cancelled = [e for e in await scene.rows(LedgerEntry) if e.action == "timeoff.cancelled"]
    assert len(cancelled) == 1


async def test_an_old_button_gets_a_sentence(scene: Scene) -> None:
    await say(scene, XMAS)
    receipt = shown(scene, scene.ana)
    receipt.blocks[-1]["elements"][0]["value"] = '{"v":9,"absence_id":1}'
    await scene.house.click(receipt, "timeoff.cancel", scene.ana)
    assert "older version" in shown(scene, scene.ana).shown
    assert len(await stored(scene)) == 1


async def test_what_is_over_stays_history(scene: Scene) -> None:
    await say(scene, "2026-03-11")
    receipt = shown(scene, scene.ana)
    scene.house.move(days=3)
    await say(scene, "cancel 2026-03-11")
    assert "no such time off" in shown(scene, scene.ana).shown
    request = scene.house.slack.click(receipt, "timeoff.cancel", scene.ana)
    await request.deliver(scene.house.app)
    assert len(await stored(scene)) == 1


async def test_a_day_within_can_be_taken_back_by_typing(scene: Scene) -> None:
    await say(scene, XMAS)
    assert "Taken back: Thu 24 Dec 2026" in await say(scene, "cancel 2026-12-30")
    assert "Taken back" in await say(scene, "cancel 2026-12-30")
    assert await stored(scene) == []


async def test_bare_it_opens_a_form_that_notes_and_takes_back(scene: Scene) -> None:
    await scene.house.command(scene.ana, "/timeoff", "", scene.team)
    form = scene.house.slack.views(scene.ana)[-1]
    assert CANCEL not in form.actions
    done = await scene.house.submit(form, scene.ana, {FIRST: "2026-08-03", REASON: SECRET})
    assert done.errors == {}
    assert "Mon 3 Aug 2026 (one day)" in scene.house.slack.views(scene.ana)[-1].shown
    ((_, _, reason),) = await stored(scene)
    assert reason == SECRET
    (row,) = await scene.rows(TimeOff)
    await close(scene)
    await scene.house.command(scene.ana, "/timeoff", "", scene.team)
    form = scene.house.slack.views(scene.ana)[-1]
    assert "evil" not in str(form.body)
    await scene.house.submit(form, scene.ana, {CANCEL: [str(row.id)]})
    assert "Taken back" in scene.house.slack.views(scene.ana)[-1].shown
    assert await stored(scene) == []


async def close(scene: Scene) -> None:
    for view in list(scene.house.slack.views(scene.ana)):
        await scene.house.slack.close(view, scene.ana).deliver(scene.house.app)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({LAST: "2026-08-03"}, FIRST),
        ({FIRST: "2026-08-03", LAST: "2026-08-01"}, LAST),
        ({FIRST: "2026-03-01"}, LAST),
        ({FIRST: "2029-03-01"}, FIRST),
    ],
)
async def test_what_is_wrong_is_said_at_its_field(
    scene: Scene, values: dict[str, str], field: str
) -> None:
    await say(scene, XMAS)
    await scene.house.command(scene.ana, "/timeoff", "", scene.team)
    form = scene.house.slack.views(scene.ana)[-1]
    done = await scene.house.submit(form, scene.ana, values)
    assert list(done.errors) == [field]
    assert len(await stored(scene)) == 1


async def test_the_form_sent_twice_is_one_absence(scene: Scene) -> None:
    await scene.house.command(scene.ana, "/timeoff", "", scene.team)
    form = scene.house.slack.views(scene.ana)[-1]
    request = scene.house.slack.submit(form, scene.ana, {FIRST: "2026-08-03"})
    await request.deliver(scene.house.app)
    await request.deliver(scene.house.app)
    assert len(await scene.rows(TimeOff)) == 1


async def test_a_manager_sees_the_days_of_the_squad_and_no_reason(scene: Scene) -> None:
    await say(scene, f"2026-03-20..2026-03-24 {SECRET}")
    await say(scene, "2026-08-03")
    told = await say(scene, "list", scene.mia)
    assert "Ana: Fri 20 Mar 2026 – Tue 24 Mar 2026" in told
    assert "clinic" not in told
    assert "Aug" not in told
    assert "Ana" not in await say(scene, "list", scene.bo)
    assert "Ana" not in await say(scene, "list", scene.abe)


async def test_a_mention_in_a_channel_is_not_carried_out_there(scene: Scene) -> None:
    await scene.house.mention(scene.ana, f"timeoff {XMAS} {SECRET}", scene.team)
    assert await scene.rows(TimeOff) == []
    offer = shown(scene, scene.ana)
    assert "delete" in offer.shown
    assert "clinic" not in offer.shown
    await scene.house.click(offer, "command.run", scene.ana)
    assert len(await stored(scene)) == 1
    assert [message.user for message in scene.house.slack.messages(scene.team)] == [scene.ana.id]


async def test_too_many_plans_are_refused(scene: Scene) -> None:
    for month in range(1, 11):
        for day in (1, 4, 7, 10, 13):
            await scene.house.services.timeoff.note(
                scene.house.caller(scene.ana),
                Plan(first=date(2027, month, day), last=date(2027, month, day)),
                None,
            )
    assert "50 absences" in await say(scene, "2027-12-24")
    assert "Noted" in await say(scene, "2027-10-14")


async def test_nothing_is_sent_to_anybody(scene: Scene) -> None:
    await say(scene, XMAS)
    assert {row.kind for row in await scene.rows(OutboxRow)} == {"home.tab"}
    await scene.house.drain()
    assert scene.house.slack.dm(scene.mia) == []
    assert scene.house.slack.dm(scene.ana) == []
