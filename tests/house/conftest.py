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


LAST = "test_at_the_end_nothing_that_slack_was_asked_for_is_unused"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Judge last what the whole run gathers."""
    items.sort(key=lambda item: item.name == LAST)


@pytest.fixture
def whole_run(request: pytest.FixtureRequest) -> None:
    """Let a test judge only a run in which every scenario took part and none failed."""
    config = request.config
    chosen = config.option.keyword or config.option.lf or config.option.deselect
    default = config.option.markexpr == "not slow and not browser"
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS or chosen or not default:
        pytest.skip("only a whole run tells what is used")
    if request.session.testsfailed:
        pytest.skip("a scenario failed, so not everything was used")
