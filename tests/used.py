"""What the program made use of in this run: gathered by the scenarios, judged when all are done."""

from pathlib import Path

import pytest

from tests.fakes.slack import Manifest

MANIFEST = Path(__file__).resolve().parent.parent / "manifest.yml"

SCOPES: set[str] = set()
"""Scopes that Slack asked for while the whole program, or its dispatcher, was running."""

FEATURES: set[str] = set()
"""Commands, shortcuts and events that somebody used (`command:/audit`, `event:message.im`)."""


def unused(manifest: Manifest, scopes: set[str], features: set[str]) -> tuple[set[str], set[str]]:
    """Return the scopes, and the commands, shortcuts and events, that stand there for nothing."""
    offered = {
        *(f"command:{name}" for name in manifest.commands),
        *(f"shortcut:{name}" for _, name in manifest.shortcuts),
        *(f"event:{name}" for name in manifest.events),
    }
    return set(manifest.scopes) - scopes, offered - features


def complaint(session: pytest.Session) -> str:
    """Say what nobody used, if every scenario took part and none failed; empty is good."""
    config = session.config
    chosen = config.option.keyword or config.option.lf or config.option.deselect
    default = config.option.markexpr == "not slow and not browser and not soak"
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS and default and not chosen
    if not whole or session.testsfailed or config.option.collectonly:
        return ""
    nothing = set().union(*unused(Manifest.read(MANIFEST), SCOPES, FEATURES))
    if not nothing:
        return ""
    return f"manifest.yml asks Slack for what no scenario used: {', '.join(sorted(nothing))}"
