"""A file dropped in a direct message: what it would do, where it belongs, and the button to do it.

Nothing is kept between the steps: the button names the file, which is fetched from Slack again.
"""

from typing import Final

import structlog

from bot.container import Container
from bot.errors import BadInput, Conflict, NotFound, UserError
from bot.rules.imports import Choice, ImportRequest
from bot.rules.intake import FileKind
from bot.rules.people import Caller
from bot.rules.slack import FileInfo
from bot.slack.outcomes import SlackFailed
from bot.views import failures
from bot.views import imports as views
from bot.views.blocks import Message
from bot.views.imports import ImportFile
from bot.views.words import Words
from handlers.doors import Doors
from handlers.requests import Click, Event

log = structlog.get_logger("muster.handlers")

LARGEST: Final = 50_000_000
"""Bytes fetched from Slack, for they are held in memory; the shell takes any size."""

UNPACKED: Final = 10 * LARGEST
"""Bytes of a compressed file once unpacked."""

FILES: Final = 5
"""Files of one message that are looked at."""

ENDINGS: Final = (".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".json", ".gz")


def register(doors: Doors) -> None:
    """Register the drop, the menu of places and the button."""
    doors.event("message.im", dropped)
    doors.click(views.CHOOSE, chosen)
    doors.click(views.RUN, run)


async def dropped(event: Event, container: Container) -> None:
    """Answer each file with what importing it would do, or the question where it belongs."""
    files = event.payload.get("files") or []
    if event.payload.get("subtype") != "file_share" or not files:
        return
    choices = await container.services.imports.choices(event.caller, event.key)
    if choices is None:
        return
    for file in files[:FILES]:
        try:
            answer = await _answer(event, container, str(file.get("id", "")), choices)
        except UserError as error:  # of one file; the others have their own answers
            answer = failures.message(failures.sentence(event.words, error))
        await event.reply.privately(answer)


async def _answer(
    event: Event, container: Container, file_id: str, choices: list[Choice]
) -> Message:
    info = await _info(container, event.caller, file_id)
    content = await _fetch(container, event.caller, info)
    kind = await container.services.imports.kind_of(content, info.name)
    places = _places(kind, choices)
    if len(places) > 1:
        return views.ask_place(event.words, info.name, file_id, kind, places)
    payload = ImportFile(
        file=file_id, kind=kind, squad=places[0].squad_id, project=places[0].project_id
    )
    return await _summary(container, event.caller, event.words, payload, info, content)


def _places(kind: FileKind, choices: list[Choice]) -> list[Choice]:
    """Return where a file of a kind may go; a roster is a squad's and no project's."""
    if kind is FileKind.ROSTER:
        squads = {each.squad_id: each.squad for each in choices}
        return [Choice(squad_id=key, squad=name) for key, name in squads.items()]
    places = [each for each in choices if each.project_id is not None]
    if not places:
        raise NotFound("no_project")
    return places


async def _summary(
    container: Container,
    caller: Caller,
    words: Words,
    payload: ImportFile,
    info: FileInfo,
    content: bytes,
) -> Message:
    done = await container.services.imports.plan(
        caller, _request(payload), content, name=info.name, max_bytes=UNPACKED
    )
    return views.summary(words, info.name, done, payload)


def _request(payload: ImportFile) -> ImportRequest:
    return ImportRequest(
        kind=payload.kind,
        squad=payload.squad,
        project=payload.project,
        sampling=payload.sampling,
    )


async def chosen(click: Click, container: Container) -> None:
    """Say what importing the file into the chosen place would do."""
    payload = ImportFile.decode(click.value)
    info = await _info(container, click.caller, payload.file)
    content = await _fetch(container, click.caller, info)
    await click.reply.replace(
        await _summary(container, click.caller, click.words, payload, info, content)
    )


async def run(click: Click, container: Container) -> None:
    """Import the file, and put the report in place of the button."""
    payload = ImportFile.decode(click.value)
    info = await _info(container, click.caller, payload.file)
    content = await _fetch(container, click.caller, info)
    await click.reply.replace(views.started(click.words, info.name))
    try:
        done = await container.services.imports.run(
            click.caller,
            _request(payload),
            content,
            key=click.key,
            name=info.name,
            max_bytes=UNPACKED,
        )
        answer = views.finished(click.words, info.name, done)
        if payload.kind is FileKind.ROSTER:
            await _meet_listed(container, click.caller)
    except UserError as error:
        answer = failures.message(failures.sentence(click.words, error))
    await click.reply.replace(answer)


async def _meet_listed(container: Container, caller: Caller) -> None:
    """Ask Slack about the people whom rosters name by id, so that messages can reach them.

    Whoever is missed is met when they first click.
    """
    unmet = set(await container.services.people.unmet(caller.team_id))
    if not unmet:
        return
    try:
        async for page in container.gateways.for_team(caller.team_id).users_list():
            for profile in page:
                if profile.user_id in unmet:
                    await container.services.people.meet(caller.team_id, profile)
    except SlackFailed as error:
        log.warning("roster_not_met", reason=error.reason)


async def _info(container: Container, caller: Caller, file_id: str) -> FileInfo:
    """Return the person's own file. Raises NotFound("file_gone"), BadInput("not_a_table")."""
    gateway = container.gateways.for_team(caller.team_id)
    try:
        info = await gateway.file_info(file_id)
    except SlackFailed as error:
        raise Conflict("download_failed", name=file_id) from error
    if info is None or info.user_id != caller.user_id:
        raise NotFound("file_gone")
    if not info.name.casefold().endswith(ENDINGS):
        raise BadInput("not_a_table", name=info.name)
    return info


async def _fetch(container: Container, caller: Caller, info: FileInfo) -> bytes:
    """Return a file's bytes. Raises BadInput("download_too_large"), Conflict("download_failed")."""
    if info.size > LARGEST:
        raise BadInput("download_too_large", limit_mb=LARGEST // 1_000_000)
    gateway = container.gateways.for_team(caller.team_id)
    try:
        return b"".join([part async for part in gateway.download_file(info.url, LARGEST)])
    except SlackFailed as error:
        raise Conflict("download_failed", name=info.name) from error
