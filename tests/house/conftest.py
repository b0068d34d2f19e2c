"""What the tests of the house look at: the checkout as git knows it."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def tracked() -> list[Path]:
    """Every file that git keeps or would keep, relative to the root; ignored ones are not there."""
    git = shutil.which("git")
    assert git, "these tests look at the checkout through git"
    command = [git, "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603 - a fixed command
    return sorted({Path(name) for name in listed.stdout.split("\0") if (ROOT / name).is_file()})


@pytest.fixture(scope="session")
def code(tracked: list[Path]) -> list[Path]:
    """The Python files of the product; no tests, no generated migration steps."""
    floors = {"app.py", "bot", "handlers", "jobs", "models"}
    return [
        path
        for path in tracked
        if path.suffix == ".py" and path.parts[0] in floors and "versions" not in path.parts
    ]
