"""The manifest asks Slack for exactly what the program uses; judged last, over the whole run."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.slack import Manifest
from tests.fakes.slack.server import METHODS
from tests.house import walk
from tests.used import unused

MANIFEST = Manifest.read(walk.ROOT / "manifest.yml")


def client_calls() -> Iterator[tuple[str, str]]:
    """Every Web API method that the gateway calls, as (place, method)."""
    for module in walk.modules():
        if not module.within("bot/slack"):
            continue
        for node in ast.walk(module.tree):
            if (
                isinstance(node, ast.Attribute)
                and ast.unparse(node.value) == "self._client"
                and node.attr not in {"api_call", "base_url", "token"}
            ):
                yield module.at(node), node.attr.replace("_", ".")
        for call in module.calls("api_call"):
            yield module.at(call), str(walk.resolved(module, call.args[0]))


def test_every_method_is_one_of_slacks_and_its_scope_is_asked_for() -> None:
    called = list(client_calls())
    assert called
    unknown = [f"{place} {name}" for place, name in called if name not in METHODS]
    assert unknown == []
    lacking = [
        f"{place} {name} needs {METHODS[name].scope}"
        for place, name in called
        if METHODS[name].scope not in {None, *MANIFEST.scopes}
    ]
    assert lacking == []


def test_every_way_to_speak_to_slack_is_taken() -> None:
    """A method of the gateway that nobody calls is a permission that nobody needs."""
    offered = {
        node.name
        for module in walk.modules()
        if module.path.name in {"directory.py", "files.py", "history.py", "posting.py"}
        and module.within("bot/slack")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.AsyncFunctionDef) and not node.name.startswith("_")
    }
    taken = {
        call.func.attr
        for module in walk.modules()
        if not module.within("bot/slack")
        for call in module.calls(*offered)
        if isinstance(call.func, ast.Attribute)
        and re.search(r"gateway$|for_team\(.*\)$", ast.unparse(call.func.value))
    }
    assert offered - taken == set()


def test_what_is_unused_is_found() -> None:
    scopes = set(MANIFEST.scopes)
    features = {f"command:{name}" for name in MANIFEST.commands}
    features |= {f"event:{name}" for name in MANIFEST.events}
    features |= {f"shortcut:{name}" for _, name in MANIFEST.shortcuts}
    assert unused(MANIFEST, scopes, features) == (set(), set())
    assert unused(MANIFEST, scopes - {"channels:join"}, features)[0] == {"channels:join"}
    assert unused(MANIFEST, scopes, features - {"command:/audit"})[1] == {"command:/audit"}


@pytest.mark.slow
@pytest.mark.parametrize("workers", [[], ["-n", "1"]], ids=["alone", "with a worker"])
def test_a_whole_run_in_which_nothing_was_used_fails(workers: list[str], tmp_path: Path) -> None:
    few = "testpaths=tests/rules/test_rules_manifest.py"
    command = [sys.executable, "-m", "pytest", "-q", "-o", f"cache_dir={tmp_path}", *workers]
    done = subprocess.run(  # noqa: S603 - our own tests
        [*command, "-o", few], cwd=walk.ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout
    assert "asks Slack for what no scenario used" in done.stdout
    assert "channels:join" in done.stdout
    assert " passed" in done.stdout
    assert " failed" not in done.stdout
