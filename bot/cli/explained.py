"""Errors in the shell: the same sentences as in Slack, on stderr, and exit code 1."""

from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape

import typer

from bot.errors import UserError
from bot.views import catalogue, failures


@contextmanager
def explained() -> Iterator[None]:
    """Turn a `UserError` into its sentence and exit code 1."""
    try:
        yield
    except UserError as error:
        sentence = failures.sentence(catalogue.load().of(None), error)
        typer.echo(unescape(sentence), err=True)  # Slack's escapes are not the shell's
        raise typer.Exit(1) from error
