"""`muster manifest` prints what can be pasted into Slack as it is."""

from dataclasses import dataclass
from pathlib import Path

import pytest
import typer
import yaml
from typer.testing import CliRunner

from bot.cli.manifest import register

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Paths:
    """As much of a program as this sub-command asks for."""

    manifest_path: Path = ROOT / "manifest.yml"


@pytest.fixture
def cli() -> typer.Typer:
    made = typer.Typer()
    register(made, Paths())
    made.callback()(lambda: None)
    return made


def test_bare_it_prints_the_file_with_its_comments(cli: typer.Typer) -> None:
    result = CliRunner().invoke(cli, ["manifest"])
    assert result.exit_code == 0
    assert result.stdout == Paths().manifest_path.read_text(encoding="utf-8")


def test_a_variant_is_yaml_and_says_what_to_set(cli: typer.Typer) -> None:
    arguments = ["manifest", "--http", "https://bot.example.org", "--prefix", "ops-"]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0
    printed = yaml.safe_load(result.stdout)
    assert "/ops-audit" in [one["command"] for one in printed["features"]["slash_commands"]]
    assert printed["settings"]["socket_mode_enabled"] is False
    assert "MUSTER_COMMAND_PREFIX=ops-" in result.stderr


def test_a_wrong_address_is_one_sentence_and_no_manifest(cli: typer.Typer) -> None:
    result = CliRunner().invoke(cli, ["manifest", "--http", "ftp://x"])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "https address" in result.stderr
    assert "Traceback" not in result.stderr
