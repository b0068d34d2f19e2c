"""`muster check`: a doctor that names what is wrong with the set-up, and how to mend it."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import typer

from bot.cli.program import Program, SlackDoor
from bot.container import Container
from bot.errors import MusterError
from bot.rules.composing import Composition
from bot.rules.slack import Connection
from bot.slack.gateway import Gateway
from bot.slack.outcomes import Refused, SlackFailed

# Whatever Slack does, a doctor answers.
PATIENCE_S = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `mend` says what to do if it is not fine."""

    fine: bool
    what: str
    mend: str = ""


def register(cli: typer.Typer, program: Program) -> None:
    """Add the sub-command."""

    @cli.command()
    def check() -> None:
        """Look at settings, database, tokens, scopes and channels; say what is wrong."""
        if not asyncio.run(_check(program)):
            raise typer.Exit(1)


async def _check(program: Program) -> bool:
    well = True
    # Closed even if nobody reads on, as behind `| head`.
    async with aclosing(findings(program)) as found:
        async for finding in found:
            sign, colour = ("✓", "green") if finding.fine else ("✗", "red")
            typer.echo(f"{typer.style(sign, fg=colour)} {finding.what}")
            if not finding.fine:
                well = False
                typer.echo(f"  → {finding.mend}")
    return well


async def findings(program: Program) -> AsyncGenerator[Finding, None]:
    """Yield what was looked at, in the order in which one depends on the other."""
    try:
        program.check_settings()
    except MusterError as error:
        yield Finding(fine=False, what="the settings cannot be used", mend=str(error))
        return
    yield Finding(fine=True, what="the settings can be read")
    try:
        async with program.open_house() as container:
            await container.services.installations.ping()
            yield Finding(fine=True, what="the database answers and its schema is current")
            yield await _model(container)
            yield await _pulse(container)
            async with aclosing(_slack(program, container)) as found:
                async for finding in found:
                    yield finding
    except MusterError as error:
        yield Finding(fine=False, what="the database cannot be used", mend=f"{error}.")


async def _model(container: Container) -> Finding:
    if container.composer is None:
        return Finding(fine=True, what="no language model is set; answers quote the guidelines")
    found = await container.composer.reach()
    if found is Composition.ANSWERED:
        return Finding(fine=True, what="the language model answers")
    mend = (
        f"{found.value}: look at MUSTER_MODEL, OPENAI_API_KEY and OPENAI_BASE_URL. Without it"
        " answers quote the guidelines."
    )
    return Finding(fine=False, what="the language model does not answer", mend=mend)


async def _pulse(container: Container) -> Finding:
    has_key, other = await container.services.pulse.key_state()
    if other:
        mend = "Put back the MUSTER_PULSE_KEY with which they were opened, until they are closed."
        return Finding(fine=False, what=f"{other} open polls have another key", mend=mend)
    said = "polls have their key" if has_key else "MUSTER_PULSE_KEY is not set; no polls are made"
    return Finding(fine=True, what=said)


async def _slack(program: Program, container: Container) -> AsyncGenerator[Finding, None]:
    async with program.open_slack() as slack:
        found = await _bot_token(slack.gateway)
        if not isinstance(found, Connection):
            yield found.finding
            if found.nobody_there:  # nothing else can be looked at
                return
        else:
            yield Finding(fine=True, what=f"the bot token belongs to {found.team}")
            yield _tenant(found)
            import yaml  # noqa: PLC0415 - here and for `muster manifest` only

            yield _scopes(found, yaml.safe_load(program.manifest_path.read_text("utf-8")))
        yield await _socket(slack)
        if isinstance(found, Connection):
            async with aclosing(_channels(slack.gateway, container, found)) as channels:
                async for finding in channels:
                    yield finding


@dataclass(frozen=True, slots=True)
class _NoConnection:
    """Why there is no connection; `nobody_there` if Slack could not even be asked."""

    finding: Finding
    nobody_there: bool = False


async def _bot_token(gateway: Gateway) -> Connection | _NoConnection:
    if not gateway.client.token:
        mend = "Copy the bot token from OAuth & Permissions: SLACK_BOT_TOKEN=xoxb-…"
        return _NoConnection(Finding(fine=False, what="SLACK_BOT_TOKEN is not set", mend=mend))
    try:
        return await asyncio.wait_for(gateway.auth_test(), PATIENCE_S)
    except (MusterError, TimeoutError) as error:
        if not _refused(error):
            return _NoConnection(_unreachable(error, gateway), nobody_there=True)
        mend = f"{_why(error)}. Copy the bot token anew from OAuth & Permissions."
        what = "Slack does not accept SLACK_BOT_TOKEN"
        return _NoConnection(Finding(fine=False, what=what, mend=mend))


def _refused(error: BaseException) -> bool:
    """Tell whether Slack said no, rather than nothing."""
    return isinstance(error, SlackFailed) and isinstance(error.outcome, Refused)


def _unreachable(error: BaseException, gateway: Gateway) -> Finding:
    mend = f"{_why(error)}. Look at the network, a proxy in between, and SLACK_API_URL."
    what = f"Slack does not answer at {gateway.client.base_url}"
    return Finding(fine=False, what=what, mend=mend)


def _tenant(connection: Connection) -> Finding:
    return Finding(
        not connection.org_wide,
        "the app is installed in one workspace",
        "An organisation-wide install is not supported: install the app in one workspace.",
    )


def _scopes(connection: Connection, manifest: Mapping[str, Any]) -> Finding:
    wanted = frozenset(manifest["oauth_config"]["scopes"]["bot"])
    missing = sorted(wanted - connection.scopes) if connection.scopes else []
    return Finding(
        not missing,
        f"the token has the {len(wanted)} scopes of manifest.yml"
        if not missing
        else f"the token lacks {', '.join(missing)}",
        "Update the app from manifest.yml and install it again.",
    )


async def _socket(slack: SlackDoor) -> Finding:
    if not slack.app_token and slack.signing_secret:
        return Finding(fine=True, what="no app token is set: signed HTTP, by `muster web`")
    if not slack.app_token:
        mend = (
            "For `muster run` make one under Basic Information, App-Level Tokens, with the scope"
            " connections:write; for `muster web` set SLACK_SIGNING_SECRET instead."
        )
        return Finding(fine=False, what="SLACK_APP_TOKEN is not set", mend=mend)
    try:
        await asyncio.wait_for(slack.gateway.open_connection(slack.app_token), PATIENCE_S)
    except (MusterError, TimeoutError) as error:
        if not _refused(error):
            return _unreachable(error, slack.gateway)
        mend = (
            f"{_why(error)}. Make a token under Basic Information, App-Level Tokens, with the"
            " scope connections:write."
        )
        return Finding(fine=False, what="Slack does not accept SLACK_APP_TOKEN", mend=mend)
    return Finding(fine=True, what="the app token opens a socket")


async def _channels(
    gateway: Gateway, container: Container, connection: Connection
) -> AsyncGenerator[Finding, None]:
    for squad, purpose, channel in await container.services.installations.channels(
        connection.team_id
    ):
        name = f"{squad}'s {purpose} channel"
        try:
            info = await asyncio.wait_for(gateway.channel_info(channel), PATIENCE_S)
        except (MusterError, TimeoutError) as error:
            yield Finding(fine=False, what=f"{name} cannot be looked at", mend=_why(error))
            continue
        if info is None:
            mend = f"Choose another with `/squad channels` ({channel} is gone or private)."
            yield Finding(fine=False, what=f"{name} is not visible to the bot", mend=mend)
        elif info.archived:
            mend = "Unarchive it, or choose another with `/squad channels`."
            yield Finding(fine=False, what=f"{name} #{info.name} is archived", mend=mend)
        elif not info.member:
            mend = f"Invite the bot there: `/invite @Muster` in #{info.name}."
            yield Finding(fine=False, what=f"the bot is not in {name} #{info.name}", mend=mend)
        else:
            yield Finding(fine=True, what=f"{name} is #{info.name}")


def _why(error: BaseException) -> str:
    return "Slack did not answer in time" if isinstance(error, TimeoutError) else str(error)
