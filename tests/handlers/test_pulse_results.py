"""Results: where they may stand, the picture of the trend, the digest, a joint poll."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import update

from bot.rules.digests import Cadence, Digest, Edition
from bot.rules.pulse import Repeat
from bot.views import catalogue, digests
from models import OutboxRow, Poll, PollCount, Squad
from tests.handlers.polling import KEY, Polled, open_polled
from tests.harness import open_house

WORDS = catalogue.load().of(None)


@pytest.fixture
async def polled(database_url: str) -> AsyncIterator[Polled]:
    async with open_house(database_url, pulse_key=SecretStr(KEY)) as house:
        yield await open_polled(house)


async def round_of(polled: Polled, values: tuple[int, ...]) -> None:
    for user, value in zip(polled.people, values, strict=True):
        await polled.vote(user, value)
    await polled.close()


async def weekly(polled: Polled) -> Digest:
    """The digest of the week in which the second round was closed."""
    found = await polled.house.services.digests.content(
        Edition(
            workspace_id=polled.house.workspace_id,
            squad_id=polled.scene.squad_id,
            cadence=Cadence.WEEKLY,
            day=date(2026, 3, 23),
        )
    )
    assert found is not None
    return found


async def two_rounds(polled: Polled) -> None:
    await polled.launch(repeat=Repeat.WEEKLY)
    await round_of(polled, (1, 1, 2, 2, 1, 2))
    polled.house.move(days=2)
    await polled.tick()
    await polled.tick()
    await round_of(polled, (5, 4, 5, 4, 5, 5))


async def test_two_rounds_make_a_picture_and_a_line_of_the_digest(polled: Polled) -> None:
    slack, scene = polled.slack, polled.scene
    async with polled.house.database.write() as tx:
        await tx.execute(update(Squad).values(digest_channel="C0DIGEST"))
    await two_rounds(polled)
    (picture,) = slack.files.values()  # the first round alone had no trend
    assert picture.content.startswith(b"\x89PNG")
    assert "Mood: 10 Mar 1.5 (1.0 to 2.1, n = 6); 17 Mar 4.7" in picture.alt_text
    assert [bool(each.files) for each in slack.messages(scene.team)] == [False, False, True]
    told = digests.text(WORDS, await weekly(polled))
    assert "Poll of Kestrel, Tue 17 Mar 2026" in told
    assert "4.7 (95 %: 4.1 to 5.0, n = 6) ↑" in told
    await polled.house.command(scene.mia, "/pulse", "results", scene.team)
    shown = slack.ephemerals(scene.team, scene.mia)[-1]
    for _ in range(2):  # pressed twice it is one picture
        await polled.house.click(shown, "pulse.trend", scene.mia)
    await polled.house.drain()
    assert [bool(each.files) for each in slack.dm(scene.mia)].count(True) == 1
    await polled.house.open_home(scene.ana)
    await polled.house.drain()
    home = slack.home(scene.ana)
    assert home.shown.count("Poll of Kestrel") == 2
    assert home.actions.count("pulse.show") == 2


async def test_where_a_client_may_read_there_are_no_results(polled: Polled) -> None:
    scene, slack = polled.scene, polled.slack
    async with polled.house.database.write() as tx:
        await tx.execute(update(Squad).values(digest_channel="C0DIGEST"))
    await polled.house.command(scene.mia, "/squad", f"add <@{scene.oz.id}|oz> client", scene.team)
    await two_rounds(polled)
    assert slack.messages(scene.team) == []
    assert slack.files == {}
    assert (await weekly(polled)).polls == ()
    rows = [row for row in await polled.rows(OutboxRow) if row.kind == "pulse.results_line"]
    readers = {scene.person(user) for user in (*polled.people, scene.bo, scene.mia)}
    assert {row.person_id for row in rows} == readers
    await polled.house.command(scene.oz, "/pulse", "results", scene.team)
    assert "no results that you may see" in slack.ephemerals(scene.team, scene.oz)[-1].shown


async def test_a_client_who_comes_between_close_and_sending_reads_nothing(polled: Polled) -> None:
    scene = polled.scene
    await polled.launch()
    for user, value in zip(polled.people, (1, 2, 3, 4, 5, 5), strict=True):
        await polled.vote(user, value)
    polled.house.move(days=5, hours=1)
    await polled.house.services.pulse_clock.step()
    await polled.house.command(scene.mia, "/squad", f"add <@{scene.oz.id}|oz> client", scene.team)
    await polled.house.drain()
    assert polled.slack.messages(scene.team) == []
    assert {row.reason for row in await polled.rows(OutboxRow) if row.kind == "pulse.results"} == {
        "not_theirs"
    }


async def test_small_squads_are_polled_together_from_the_offer_to_the_results(
    polled: Polled,
) -> None:
    scene, slack = polled.scene, polled.slack
    ana, abe, cy, di = scene.ana, scene.abe, *polled.people[2:4]
    people: list[list[tuple[Any, str]]] = [
        [(scene.mia, "manager"), (ana, "contributor"), (abe, "contributor")],
        [(scene.mia, "manager"), (ana, "contributor"), (cy, "contributor"), (di, "contributor")],
    ]
    small = [
        str(await scene.second_squad(name, each))
        for name, each in zip(("Osprey", "Heron"), people, strict=True)
    ]
    await polled.house.command(scene.mia, "/pulse", "new", scene.team)
    form = slack.views(scene.mia)[-1]
    done = await polled.house.submit(form, scene.mia, {"pulse_squads": small[:1], "pulse_k": "4"})
    assert "Tick more squads to ask them together" in done.errors["pulse_squads"]
    await polled.house.submit(form, scene.mia, {"pulse_squads": small, "pulse_k": "4"})
    await polled.tick()
    for user, value in ((ana, 2), (abe, 4), (cy, 4), (di, 5)):
        (asked,) = [each for each in slack.dm(user) if "A few questions" in each.text]
        assert "Osprey, Heron" in asked.shown  # who is in both is asked once
        await polled.vote(user, value)
    await polled.close()
    await polled.house.command(scene.mia, "/pulse", "results", scene.team)
    shown = slack.ephemerals(scene.team, scene.mia)[-1].shown
    assert "Poll of Osprey, Heron" in shown
    assert "3.8 (95 %" in shown
    assert "n = 4" in shown  # k is met by all of them together, and nothing is told apart
    (poll,) = await polled.rows(Poll)
    assert (poll.replied, poll.asked) == (4, 4)
    assert sum(row.n for row in await polled.rows(PollCount)) == 4
