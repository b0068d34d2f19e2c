"""Each floor rule of pyproject.toml holds as the code is, and breaks when it is broken."""

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "handlers", "jobs", "models")


@dataclass(frozen=True, slots=True)
class Plant:
    """One forbidden line in one file, and the contract that must notice it."""

    contract: str
    file: str
    line: str


PLANTS = [
    Plant("floors", "bot/clock.py", "import handlers"),
    Plant("floors", "handlers/__init__.py", "import jobs"),
    Plant("floors", "models/__init__.py", "import bot.clock"),
    Plant("house", "bot/rules/audits.py", "import bot.store"),
    Plant("house", "bot/views/__init__.py", "import bot.services"),
    Plant("house", "bot/attic.py", "'A room that nobody planned.'"),
    Plant("doors", "handlers/__init__.py", "import sqlalchemy"),
    Plant("doors", "jobs/__init__.py", "import bot.store"),
    Plant("sdk", "bot/services/__init__.py", "import slack_sdk"),
    Plant("bolt", "bot/store/__init__.py", "import slack_bolt"),
    Plant("pure", "bot/rules/audits.py", "import sqlalchemy"),
    Plant("pure", "bot/errors.py", "import apscheduler"),
]


def lint(folder: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    chosen = [argument for contract in contracts for argument in ("--contract", contract)]
    # Without a cache: it compares times of change by the second, and a plant takes less.
    program = str(Path(sys.executable).with_name("lint-imports"))
    return subprocess.run(  # noqa: S603 - our own linter on our own files
        [program, "--no-cache", *chosen], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.fixture
def planted(house: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    file = house / request.param.file
    before = file.read_text(encoding="utf-8") if file.exists() else None
    file.write_text(f"{before or ''}\n{request.param.line}\n", encoding="utf-8")
    yield house
    if before is None:
        file.unlink()
    else:
        file.write_text(before, encoding="utf-8")


def test_as_it_is_every_contract_holds(house: Path) -> None:
    result = lint(house)
    assert result.returncode == 0, result.stdout
    assert "0 broken" in result.stdout


@pytest.mark.parametrize(
    ("planted", "contract"),
    [(plant, plant.contract) for plant in PLANTS],
    indirect=["planted"],
    ids=[f"{plant.contract}: {plant.file} {plant.line}" for plant in PLANTS],
)
def test_a_contract_breaks_when_it_is_broken(planted: Path, contract: str) -> None:
    result = lint(planted, contract)
    assert result.returncode == 1
    assert "1 broken" in result.stdout


def test_no_contract_is_left_unproven() -> None:
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    contracts = {contract["id"] for contract in linter["importlinter"]["contracts"]}
    assert {plant.contract for plant in PLANTS} == contracts
