"""views.*: limits of modals and Home tabs, hashes, stacks, external ids."""

from __future__ import annotations

import json
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.kit import (
    Json,
    Opened,
    field,
    home,
    modal,
    plain,
    refusal,
    section,
    text_input,
)
from tests.fakes.slack import FakeSlack, Manifest, User


@pytest.fixture
def ada(slack: FakeSlack) -> User:
    return slack.add_user("Ada")


@pytest.fixture
def opened(slack: FakeSlack, client: AsyncWebClient, ada: User) -> Opened:
    async def run(view: Json | None = None) -> Any:
        trigger = slack.triggers.issue(ada.id)
        return await client.views_open(trigger_id=trigger, view=view or modal())

    return run


@pytest.mark.parametrize(
    ("view", "error"),
    [
        (modal(title=plain("x" * 25)), "invalid_arguments: .*title"),
        (modal(submit=plain("x" * 25)), "invalid_arguments: .*submit"),
        (modal(close=plain("x" * 25)), "invalid_arguments: .*close"),
        (modal(callback_id="x" * 256), "invalid_arguments: .*callback_id"),
        (modal(private_metadata="x" * 3_001), "invalid_arguments: .*private_metadata"),
        (modal(external_id="x" * 256), "invalid_arguments: .*external_id"),
        (modal(*[section()] * 101), "invalid_arguments: .*no more than 100 items"),
        ({**modal(), "blocks": []}, "invalid_arguments: .*no fewer than 1"),
        (modal(field(text_input("a"), "b"), submit=None), "invalid_arguments: .*submit"),
        (home(), "invalid_arguments: .*unsupported type: home"),
        (modal({"type": "markdown", "text": "x"}), "invalid_arguments: .*unsupported type"),
        (modal(section("<!channel>")), "un-escaped broadcast"),
        (modal(*[section("x" * 2_990, block_id=f"{n}") for n in range(90)]), "view_too_large"),
    ],
)
async def test_views_that_slack_refuses_are_failures(
    slack: FakeSlack, opened: Opened, view: Json, error: str
) -> None:
    if view.get("submit", 1) is None:
        del view["submit"]
    slack.expect_failure(f"views.open: {error}")
    if "broadcast" in error:
        await opened(view)
    else:
        assert await refusal(opened(view)) in ("invalid_arguments", "view_too_large")


async def test_just_inside_the_limits(opened: Opened) -> None:
    await opened(
        modal(
            *[section("x" * 2_000) for n in range(100)],
            title=plain("x" * 24),
            private_metadata="x" * 3_000,
            callback_id="x" * 255,
        )
    )


async def test_the_size_of_a_view_counts(slack: FakeSlack, opened: Opened) -> None:
    blocks = [section("x" * 2_990, block_id=f"{n}") for n in range(80)]
    view = modal(*blocks, section("x" * 2_500), private_metadata="")
    size = len(json.dumps(view, separators=(",", ":")))
    view["private_metadata"] = "x" * (250_000 - size)
    await opened(view)
    slack.expect_failure("view_too_large")
    view["private_metadata"] += "x"
    assert await refusal(opened(view)) == "view_too_large"


async def test_hash_conflicts(
    slack: FakeSlack, client: AsyncWebClient, ada: User, opened: Opened
) -> None:
    view = (await opened())["view"]
    changed = await client.views_update(view_id=view["id"], hash=view["hash"], view=modal())
    assert changed["view"]["hash"] != view["hash"]
    stale = client.views_update(view_id=view["id"], hash=view["hash"], view=modal())
    assert await refusal(stale) == "hash_conflict"
    first = (await client.views_publish(user_id=ada.id, view=home()))["view"]
    await client.views_publish(user_id=ada.id, view=home(section("two")), hash=first["hash"])
    stale = client.views_publish(user_id=ada.id, view=home(), hash=first["hash"])
    assert await refusal(stale) == "hash_conflict"
    assert slack.home(ada).shown == "two"


async def test_update_keeps_typed_input_where_ids_stay(
    slack: FakeSlack, client: AsyncWebClient, ada: User, opened: Opened
) -> None:
    inputs = [field(text_input("a"), "b1"), field(text_input("a"), "b2")]
    view = (await opened(modal(*inputs)))["view"]
    form = slack.views(ada)[0]
    slack.fill(form, {("b1", "a"): "one", ("b2", "a"): "two"})
    inputs[1] = field(text_input("a"), "b3")
    await client.views_update(view_id=view["id"], view=modal(*inputs))
    assert form.typed == {("b1", "a"): {"type": "plain_text_input", "value": "one"}}
    with pytest.raises(AssertionError, match="name the block_id"):
        slack.fill(form, {"a": "x"})


async def test_push_needs_a_modal_and_stops_at_three(
    slack: FakeSlack, client: AsyncWebClient, ada: User, opened: Opened
) -> None:
    loose = slack.triggers.issue(ada.id)
    await opened()
    assert await refusal(client.views_push(trigger_id=loose, view=modal())) == "not_found"
    for depth in (2, 3):
        trigger = slack.triggers.issue(ada.id, from_modal=True)
        await client.views_push(trigger_id=trigger, view=modal())
        assert len(slack.views(ada)) == depth
    trigger = slack.triggers.issue(ada.id, from_modal=True)
    call = client.views_push(trigger_id=trigger, view=modal())
    assert await refusal(call) == "push_limit_reached"


async def test_external_ids_are_unique_and_found(
    slack: FakeSlack, client: AsyncWebClient, ada: User, opened: Opened
) -> None:
    await opened(modal(external_id="one"))
    await client.views_update(external_id="one", view=modal(section("new"), external_id="one"))
    assert "new" in slack.views(ada)[0].shown
    mo = slack.add_user("Mo")
    trigger = slack.triggers.issue(mo.id)
    call = client.views_open(trigger_id=trigger, view=modal(external_id="one"))
    assert await refusal(call) == "duplicate_external_id"
    assert await refusal(client.views_update(external_id="two", view=modal())) == "not_found"


async def test_home_must_be_enabled(document: Json) -> None:
    document["features"]["app_home"]["home_tab_enabled"] = False
    async with FakeSlack(Manifest.parse(document)) as slack:
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.base_url)
        ada = slack.add_user("Ada")
        assert await refusal(client.views_publish(user_id=ada.id, view=home())) == "not_enabled"
