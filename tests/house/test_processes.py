"""What starts Muster elsewhere (image, process types, make, CI) names what is there."""

import re
import stat
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_a_platform_finds_the_three_processes() -> None:
    processes = dict(line.split(": ", 1) for line in read("Procfile").splitlines())
    assert processes == {
        "release": "muster migrate",
        "web": "muster web --port $PORT",
        "clock": "muster clock",
    }


def test_the_console_script_is_the_composition_root() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    assert project["scripts"] == {"muster": "app:main"}


def test_the_image_holds_what_runs_and_no_more() -> None:
    first, *kept = [line for line in read(".dockerignore").splitlines() if line[0] != "#"]
    assert first == "*"
    allowed = {line.removeprefix("!") for line in kept if line.startswith("!")}
    packages = {"app.py", "bot", "handlers", "jobs", "models"}
    assert allowed == packages | {
        "manifest.yml",
        "pyproject.toml",
        "requirements.lock",
        "README.md",
        "LICENSE",
    }


def test_the_image_is_hash_checked_and_runs_without_root() -> None:
    dockerfile = read("Dockerfile")
    assert "--require-hashes -r requirements.lock" in dockerfile
    assert dockerfile.index("USER muster") < dockerfile.index("HEALTHCHECK")
    assert dockerfile.rstrip().endswith('CMD ["muster", "run"]')


@pytest.mark.parametrize("script", [".ci/run"])
def test_scripts_can_be_run_and_stop_at_the_first_failure(script: str) -> None:
    assert (ROOT / script).stat().st_mode & stat.S_IXUSR
    assert "set -euo pipefail" in read(script)


def test_every_target_is_explained_and_needs_the_environment() -> None:
    makefile = read("Makefile")
    targets = re.findall(r"^([a-z][a-z-]*):(.*)$", makefile, flags=re.MULTILINE)
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, flags=re.MULTILINE)
    assert [name for name, _ in targets] == phony.split()
    for name, needs in targets:
        if name not in {"help", "test-all"}:
            assert f"make {name} " in makefile, f"make help does not explain {name}"
            assert "$(STAMP)" in needs, f"make {name} does not work first, alone"
