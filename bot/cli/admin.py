"""`muster admin`: who administers the workspace, from the shell, where no admin is needed."""

import asyncio
from typing import Annotated

import typer

from bot.cli.explained import explained
from bot.cli.program import Program
from bot.container import Container
from bot.rules.people import PersonRef
from bot.rules.workspaces import AdminsChanged
from bot.views.words import Words

Who = Annotated[str, typer.Argument(help="A Slack user id (U0123ABCD) or an e-mail address.")]


def register(cli: typer.Typer, program: Program) -> None:
    """Add the sub-commands."""
    group = typer.Typer(no_args_is_help=True, help="Name Muster's admins: add, remove, list.")
    cli.add_typer(group, name="admin")

    @group.command()
    def add(who: Who) -> None:
        """Make somebody admin; one known by e-mail alone becomes it when first seen in Slack."""
        with explained():
            asyncio.run(_change(program, who, added=True))

    @group.command()
    def remove(who: Who) -> None:
        """Take the right away; the last admin stays."""
        with explained():
            asyncio.run(_change(program, who, added=False))

    @group.command("list")
    def show() -> None:
        """List the admins."""
        with explained():
            asyncio.run(_list(program))


async def _change(program: Program, who: str, *, added: bool) -> None:
    async with program.open_house() as container:
        workspaces = container.services.workspaces
        done = await (workspaces.operator_add(who) if added else workspaces.operator_remove(who))
        typer.echo(_sentence(_words(container), done, added=added))


async def _list(program: Program) -> None:
    async with program.open_house() as container:
        people = await container.services.workspaces.operator_admins()
        words = _words(container)
        if not people:
            typer.echo(words("workspace.shell.none"))
        for person in people:
            typer.echo(_admin(words, person))


def _words(container: Container) -> Words:
    return container.languages.of(None)


def _sentence(words: Words, done: AdminsChanged, *, added: bool) -> str:
    if added:
        verb = "added" if done.changed else "was"
    else:
        verb = "removed" if done.changed else "was_not"
    return words(f"workspace.shell.{verb}", name=done.person.name)


def _admin(words: Words, person: PersonRef) -> str:
    user = person.user_id or words("workspace.shell.not_in_slack")
    return words("workspace.shell.admin", name=person.name, user=user)
