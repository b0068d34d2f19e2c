"""Errors in the shell: the same sentences as in Slack, on stderr, and exit code 1."""

from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape

import typer

from bot.errors import MusterError, UserError
from bot.views import catalogue, failures


@contextmanager
def explained() -> Iterator[None]:
    """Turn a `UserError` into its sentence and exit code 1."""
    try:
        yield
    except UserError as error:
        typer.echo(in_words(error), err=True)
        raise typer.Exit(1) from error


def in_words(error: MusterError) -> str:
    """Return an error's sentence as the shell shows it, without Slack's escapes."""
    if not isinstance(error, UserError):
        return str(error)
    return unescape(failures.sentence(catalogue.load().of(None), error))
