"""Fetching the local Slack: what is there is used, what is missing is said."""

from __future__ import annotations

import json
import os
import stat
import sys
from importlib import resources
from pathlib import Path

import pytest

from bot.demo.errors import DemoError
from bot.demo.install import PACKAGES, VERSION, binary_in, install_local_slack, platform_key

LINUX = ("linux", "x64")


def _script(path: Path, body: str) -> Path:
    path.write_text(f"#!{sys.executable}\n{body}", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IEXEC)
    return path


def _npm(folder: Path, body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put an `npm` that runs `body` on an otherwise empty PATH."""
    folder.mkdir()
    _script(folder / "npm", body)
    monkeypatch.setenv("PATH", str(folder))


# Does what npm does with the lock beside it: one folder per package.
NPM_CI = """
import json, pathlib, sys
assert sys.argv[1] == "ci", sys.argv
for name, entry in json.loads(pathlib.Path("package-lock.json").read_text())["packages"].items():
    if name:
        home = pathlib.Path(name)
        (home / "bin").mkdir(parents=True)
        (home / "bin" / "local-slack").touch()
        (home / "package.json").write_text('{\\n  "version": "%s"\\n}' % entry["version"])
"""


async def test_fetches_once_and_then_uses_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _npm(tmp_path / "path", NPM_CI, monkeypatch)
    program = await install_local_slack(tmp_path / "slack", LINUX)
    assert program.is_file()
    monkeypatch.setenv("PATH", "")
    assert await install_local_slack(tmp_path / "slack", LINUX) == program


async def test_another_version_is_fetched_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "slack" / "node_modules" / PACKAGES[LINUX]
    (home / "bin").mkdir(parents=True)
    (home / "bin" / "local-slack").touch()
    (home / "package.json").write_text('{"version": "0.0.1"}', encoding="utf-8")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DemoError) as refused:
        await install_local_slack(tmp_path / "slack", LINUX)
    assert refused.value.code == "demo_npm_missing"


async def test_without_npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DemoError) as refused:
        await install_local_slack(tmp_path / "slack", LINUX)
    assert refused.value.code == "demo_npm_missing"
    assert not (tmp_path / "slack").exists()


async def test_npm_fails_with_its_own_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "import sys; print('npm warn old'); sys.exit('npm error network: no way out')"
    _npm(tmp_path / "path", said, monkeypatch)
    with pytest.raises(DemoError) as refused:
        await install_local_slack(tmp_path / "slack", LINUX)
    assert refused.value.code == "demo_npm_failed"
    assert refused.value.fields["reason"] == "npm error network: no way out"


async def test_npm_that_skips_the_package_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _npm(tmp_path / "path", "print('up to date')", monkeypatch)
    with pytest.raises(DemoError) as refused:
        await install_local_slack(tmp_path / "slack", LINUX)
    assert refused.value.code == "demo_npm_skipped"


async def test_other_platforms_bring_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DemoError) as refused:
        await install_local_slack(tmp_path / "slack", ("darwin", "arm64"))
    assert refused.value.fields == {"platform": "darwin-arm64", "version": VERSION}
    own = _script(tmp_path / "local-slack", "")
    assert await install_local_slack(tmp_path / "slack", ("darwin", "arm64")) == own


def test_platforms_as_npm_names_them() -> None:
    assert platform_key("linux", "x86_64") == ("linux", "x64")
    assert platform_key("darwin", "arm64") == ("darwin", "arm64")
    assert platform_key("win32", "AMD64") == ("win32", "x64")
    assert platform_key("linux", "riscv64") == ("linux", "riscv64")
    assert binary_in(Path(os.devnull), ("linux", "riscv64")) is None


def test_every_package_is_pinned_by_version_and_hash() -> None:
    files = resources.files("bot.demo")
    wanted = json.loads(files.joinpath("package.json").read_text(encoding="utf-8"))
    lock_text = files.joinpath("package-lock.json").read_text(encoding="utf-8")
    locked = json.loads(lock_text)["packages"]
    assert wanted["optionalDependencies"] == dict.fromkeys(PACKAGES.values(), VERSION)
    for package in PACKAGES.values():
        entry = locked[f"node_modules/{package}"]
        assert entry["version"] == VERSION
        assert entry["integrity"].startswith("sha512-")
    # A lock that names a registry would be of no use behind another one.
    assert "://" not in lock_text
