"""Notes without an author: written in a form, arriving together, answered for who fetches it."""

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from bot.rules.pulse_seals import mark
from jobs import pulse as job
from models import Base, PulseNote
from tests.handlers.polling import KEY, Polled, open_polled
from tests.harness import open_house


@pytest.fixture
async def polled(database_url: str) -> AsyncIterator[Polled]:
    async with open_house(database_url, pulse_key=SecretStr(KEY)) as house:
        yield await open_polled(house)


async def write(polled: Polled, text: str, to: str = "managers") -> None:
    ana, team = polled.scene.ana, polled.scene.team
    await polled.house.command(ana, "/pulse", "note this is not kept", team)
    form = polled.slack.views(ana)[-1]
    await polled.house.submit(form, ana, {"pulse_note_text": text, "pulse_note_to": to})


async def test_a_note_arrives_on_the_second_working_day_and_its_reply_is_fetched(
    polled: Polled,
) -> None:
    ana, mia = polled.scene.ana, polled.scene.mia
    await write(polled, "The deadlines are too tight <!channel>")
    (mine,) = polled.slack.dm(ana)
    assert "Thu 12 Mar" in mine.shown
    await polled.tick()
    assert polled.slack.dm(mia) == []
    polled.house.move(days=2, hours=2)
    await polled.tick()
    await polled.house.drain()
    line = polled.slack.dm(mia)[-1]
    assert "anonymous notes" in line.shown
    await polled.house.click(line, "pulse.read", mia)
    shown = polled.slack.ephemerals(line.channel, mia)[-1]
    assert "too tight &lt;!channel&gt;" in shown.shown
    await polled.house.click(shown, "pulse.reply", mia)
    await polled.house.submit(
        polled.slack.views(mia)[-1], mia, {"pulse_note_reply": "They move by a week"}
    )
    await polled.house.click(mine, "pulse.fetch", ana)
    assert "move by a week" in polled.slack.ephemerals(mine.channel, ana)[-1].shown


async def test_writing_one_touches_no_other_row_and_names_nobody(polled: Polled) -> None:
    ana = polled.scene.ana
    await polled.house.command(ana, "/pulse", "note", polled.scene.team)
    form = polled.slack.views(ana)[-1]

    async def rows() -> dict[str, list[tuple[object, ...]]]:
        async with polled.house.database.read() as connection:
            return {
                table.name: [tuple(row) for row in await connection.execute(select(table))]
                for table in Base.metadata.sorted_tables
            }

    before = await rows()
    request = polled.slack.submit(form, ana, {"pulse_note_text": "Too loud"})
    await request.deliver(polled.house.app)
    await request.deliver(polled.house.app)
    after = await rows()
    assert {name for name in after if after[name] != before[name]} == {"pulse_notes"}
    (row,) = await polled.rows(PulseNote)
    assert row.text == "Too loud"
    assert str(polled.scene.person(ana)) not in map(str, (row.replied_by, row.reply))


async def test_the_contact_persons_notes_are_never_the_managers(polled: Polled) -> None:
    slack, scene = polled.slack, polled.scene
    admin = slack.add_user("Ada", tz="Europe/London", is_admin=True)
    await polled.house.meet(admin)
    office = slack.add_channel("office", members=[admin])
    await polled.house.command(admin, "/muster", "setup", office)
    await polled.house.command(admin, "/pulse", f"contact <@{scene.oz.id}|oz>", office)
    await write(polled, "About Mia", to="contact")
    polled.house.move(days=2, hours=2)
    await job.tick(polled.house.container)
    await polled.house.drain()
    await polled.house.command(scene.mia, "/pulse", "notes", scene.team)
    assert "no notes" in slack.ephemerals(scene.team, scene.mia)[-1].shown
    await polled.house.command(scene.oz, "/pulse", "notes", scene.team)
    assert "About Mia" in slack.ephemerals(scene.team, scene.oz)[-1].shown


async def test_notes_are_deleted_after_ninety_days(polled: Polled) -> None:
    await write(polled, "Too loud")
    polled.house.move(days=93)
    assert await polled.house.services.notes.forget() == 1
    assert await polled.rows(PulseNote) == []


async def test_only_the_hash_of_the_token_is_kept(polled: Polled) -> None:
    await write(polled, "Too loud")
    (mine,) = polled.slack.dm(polled.scene.ana)
    (row,) = await polled.rows(PulseNote)
    value = mine.blocks[-1]["elements"][0]["value"]
    token = value.split('"token":"')[1][:40]
    assert row.mark == mark(token)
    assert token not in str(tuple(row))
