"""The lock files hold all that pyproject.toml asks for, and nothing else, each with its hashes."""

import re
import tomllib
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = {"requirements.lock": ("build",), "requirements-dev.lock": ("build", "dev")}


@dataclass(frozen=True, slots=True)
class Pin:
    """One line of a lock file; `here` says whether its marker fits this machine."""

    name: str
    version: str
    here: bool
    hashes: int


def pins(lock: str) -> list[Pin]:
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    found = []
    for line in text.splitlines():
        if not line or line.lstrip().startswith("#"):
            continue
        head, *hashes = re.split(r"\s+--hash=sha256:", line.strip())
        name, _, rest = head.partition("==")
        version, _, marker = (part.strip() for part in rest.partition(";"))
        here = not marker or Marker(marker).evaluate()
        assert all(re.fullmatch(r"[0-9a-f]{64}", each) for each in hashes), line
        found.append(Pin(canonicalize_name(name), version, here, len(hashes)))
    return found


def wanted(extras: tuple[str, ...]) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = [*project["dependencies"]]
    for extra in extras:
        listed += project["optional-dependencies"][extra]
    parsed = [Requirement(line) for line in listed]
    return [requirement for requirement in parsed if requirement.name != project["name"]]


def closure(roots: list[Requirement]) -> set[str]:
    """Follow what the installed distributions say they need on this machine."""
    todo, seen = [*roots], set[tuple[str, str]]()
    while todo:
        requirement = todo.pop()
        name = canonicalize_name(requirement.name)
        for extra in {"", *requirement.extras}:
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            for line in metadata.requires(name) or []:
                needed = Requirement(line)
                if needed.marker is None or needed.marker.evaluate({"extra": extra}):
                    todo.append(needed)
    return {name for name, _ in seen}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes(lock: str) -> None:
    listed = pins(lock)
    assert len(listed) > len(wanted(LOCKS[lock]))
    assert [pin.name for pin in listed if not pin.hashes] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_pinned_within_its_range(lock: str) -> None:
    versions = {pin.name: pin.version for pin in pins(lock) if pin.here}
    for requirement in wanted(LOCKS[lock]):
        version = versions.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement} is not in {lock}: make lock"
        assert requirement.specifier.contains(version), (
            f"{requirement} against {version}: make lock"
        )


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_what_is_needed_and_nothing_else(lock: str) -> None:
    assert {pin.name for pin in pins(lock) if pin.here} == closure(wanted(LOCKS[lock]))


def test_what_runs_is_what_was_tested() -> None:
    running = {(pin.name, pin.version) for pin in pins("requirements.lock")}
    assert running <= {(pin.name, pin.version) for pin in pins("requirements-dev.lock")}


def test_what_is_installed_here_is_what_is_locked() -> None:
    locked = {pin.name: pin.version for pin in pins("requirements-dev.lock") if pin.here}
    installed = {name: metadata.version(name) for name in locked}
    assert installed == locked, "run make setup"
