"""One delivery from its turn to its end: what arrives, what does not, and why."""

from bot.rules.budget import DeliveryClass
from bot.rules.outbox import DeliveryState, Operation
from tests.office import Office

NOW = DeliveryClass.NOW
UPDATE, PUBLISH, UPLOAD = Operation.UPDATE, Operation.PUBLISH, Operation.UPLOAD


async def test_an_answer_arrives_in_the_dm_and_keeps_its_ts(
    any_office: Office,
) -> None:
    lan, person = await any_office.person("Lan")
    key = await any_office.send(person_id=person)
    await any_office.dispatcher().drain()
    (arrived,) = any_office.slack.dm(lan)
    row = await any_office.row(key)
    assert arrived.text == "note 1"
    assert row.state is DeliveryState.SENT
    assert (row.sent_channel, row.sent_ts) == (arrived.channel, arrived.ts)


async def test_the_dm_is_opened_once_and_remembered(fast_office: Office) -> None:
    lan, person = await fast_office.person("Lan")
    for n in (1, 2):
        await fast_office.send(person_id=person, n=n)
        await fast_office.dispatcher().drain()
        fast_office.hands.move(seconds=2)
    assert [each.text for each in fast_office.slack.dm(lan)] == ["note 1", "note 2"]
    assert fast_office.slack.call_names().count("conversations.open") == 1


async def test_a_channel_post_carries_its_key_and_a_thread(fast_office: Office) -> None:
    team = fast_office.slack.add_channel("team")
    first = await fast_office.send(channel=team.id)
    await fast_office.dispatcher().drain()
    ts = (await fast_office.row(first)).sent_ts
    fast_office.hands.move(seconds=2)
    await fast_office.send(channel=team.id, thread_ts=ts, n=2)
    await fast_office.dispatcher().drain()
    head, reply = fast_office.slack.messages(team)
    assert head.metadata["event_type"] == "muster_delivery"
    assert list(head.metadata["event_payload"]) == ["key"]
    assert reply.thread_ts == head.ts


async def test_an_update_changes_its_target_once_that_was_sent(fast_office: Office) -> None:
    team = fast_office.slack.add_channel("team")
    first = await fast_office.send(channel=team.id)
    update = await fast_office.send(channel=team.id, n=2, operation=UPDATE, target_id=first)
    await fast_office.dispatcher().drain()
    (shown,) = fast_office.slack.messages(team)
    assert (shown.text, shown.edits) == ("note 2", 1)
    assert (await fast_office.row(update)).state is DeliveryState.SENT


async def test_an_update_of_what_never_arrived_is_dropped(fast_office: Office) -> None:
    archived = fast_office.slack.add_channel("old", archived=True)
    first = await fast_office.send(channel=archived.id)
    update = await fast_office.send(channel=archived.id, operation=UPDATE, target_id=first)
    await fast_office.dispatcher().drain()
    assert (await fast_office.row(first)).state is DeliveryState.REFUSED
    row = await fast_office.row(update)
    assert (row.state, row.reason) == (DeliveryState.DROPPED, "target_gone")


async def test_a_home_tab_is_published(fast_office: Office) -> None:
    lan, person = await fast_office.person("Lan")
    await fast_office.send(person_id=person, kind="home", operation=PUBLISH)
    await fast_office.dispatcher().drain()
    assert fast_office.slack.home(lan).shown == "home 1"


async def test_a_file_takes_its_three_steps(fast_office: Office) -> None:
    team = fast_office.slack.add_channel("team")
    key = await fast_office.send(channel=team.id, kind="chart", operation=UPLOAD)
    await fast_office.dispatcher().drain()
    (file,) = fast_office.slack.files.values()
    assert (file.content, file.alt_text, file.complete) == (b"PNG", "a chart", True)
    row = await fast_office.row(key)
    assert row.state is DeliveryState.SENT
    assert row.ticket == {"file_id": file.id, "uploaded": True}


async def test_what_slack_refuses_is_refused_with_its_reason(fast_office: Office) -> None:
    archived = fast_office.slack.add_channel("old", archived=True)
    foreign = fast_office.slack.add_channel("elsewhere", bot=False, private=True)
    keys = [
        await fast_office.send(channel=archived.id),
        await fast_office.send(channel=foreign.id),
        await fast_office.send(channel="C0NOWHERE"),
    ]
    await fast_office.dispatcher().drain()
    rows = [await fast_office.row(key) for key in keys]
    assert [row.state for row in rows] == [DeliveryState.REFUSED] * 3
    assert rows[0].reason == "is_archived"
    assert {row.reason for row in rows[1:]} <= {"not_in_channel", "channel_not_found"}
    assert rows[2].reason == "channel_not_found"


async def test_who_cannot_be_reached_is_refused(fast_office: Office) -> None:
    lan, gone = await fast_office.person("Lan")
    unseen, disabled = await fast_office.person("Ada")
    unseen.deleted = True
    await fast_office.deactivate(lan)
    keys = [await fast_office.send(person_id=gone), await fast_office.send(person_id=disabled)]
    await fast_office.dispatcher().drain()
    reasons = [(await fast_office.row(key)).reason for key in keys]
    assert reasons == ["user_inactive", "user_disabled"]


async def test_an_external_contributor_is_not_in_slack(fast_office: Office) -> None:
    lan, person = await fast_office.person("Lan")
    await fast_office.make_external(lan)
    key = await fast_office.send(person_id=person)
    await fast_office.dispatcher().drain()
    row = await fast_office.row(key)
    assert (row.state, row.reason) == (DeliveryState.REFUSED, "not_in_slack")


async def test_an_unknown_kind_or_version_is_refused_alone(
    fast_office: Office,
) -> None:
    team = fast_office.slack.add_channel("team")
    keys = [
        await fast_office.send(channel="C1", kind="of_tomorrow"),
        await fast_office.send(channel="C2", kind_version=9),
        await fast_office.send(channel=team.id),
    ]
    await fast_office.dispatcher().drain()
    rows = [await fast_office.row(key) for key in keys]
    assert [row.reason for row in rows] == ["unknown_kind", "unknown_kind", None]
    assert fast_office.posts(team) == ["note 1"]


async def test_what_no_longer_holds_is_dropped(fast_office: Office) -> None:
    team = fast_office.slack.add_channel("team")
    gone = await fast_office.send(channel=team.id, kind="gone")
    late = await fast_office.send(channel=team.id, not_after=fast_office.clock.now())
    fast_office.hands.move(seconds=1)
    await fast_office.dispatcher().drain()
    assert [(await fast_office.row(key)).reason for key in (gone, late)] == [
        "unknown_task",
        "past_not_after",
    ]
    assert fast_office.slack.messages(team) == []


async def test_a_kind_that_fails_is_tried_thrice_then_refused(fast_office: Office) -> None:
    team = fast_office.slack.add_channel("team")
    key = await fast_office.send(channel=team.id, kind="broken")
    other = await fast_office.send(channel=team.id)
    dispatcher = fast_office.dispatcher()
    for _ in range(3):
        await dispatcher.drain()
        fast_office.hands.move(minutes=1)
    row = await fast_office.row(key)
    assert (row.state, row.reason) == (DeliveryState.REFUSED, "rendering_failed")
    assert (await fast_office.row(other)).state is DeliveryState.SENT


async def test_a_squad_in_rehearsal_sends_nothing_unprompted(
    fast_office: Office,
) -> None:
    squad = await fast_office.squad(state="rehearsal")
    lan, person = await fast_office.person("Lan", squad=squad)
    team = fast_office.slack.add_channel("team")
    keys = [
        await fast_office.send(person_id=person, delivery_class=NOW, squad_id=squad),
        await fast_office.send(channel=team.id, delivery_class=NOW, squad_id=squad),
        await fast_office.send(person_id=person, squad_id=squad, n=2),
    ]
    await fast_office.dispatcher().drain()
    rows = [await fast_office.row(key) for key in keys]
    assert [row.reason for row in rows] == ["rehearsal", "rehearsal", None]
    assert [each.text for each in fast_office.slack.dm(lan)] == ["note 2"]


async def test_a_change_of_a_deleted_message_is_dropped(fast_office: Office) -> None:
    team = fast_office.slack.add_channel("team")
    first = await fast_office.send(channel=team.id)
    await fast_office.dispatcher().drain()
    team.messages.clear()
    update = await fast_office.send(channel=team.id, operation=UPDATE, target_id=first)
    await fast_office.dispatcher().drain()
    row = await fast_office.row(update)
    assert (row.state, row.reason) == (DeliveryState.DROPPED, "target_gone")
