"""Puts the pinned local Slack into the demo's data folder by npm, once, and says where it is."""

from __future__ import annotations

import asyncio
import platform
import shutil
import sys
from importlib import resources
from pathlib import Path

from bot.demo.errors import DemoError

VERSION = "0.1.8"

# What package-lock.json pins by hash. Upstream names its packages after these platforms; one that
# is not pinned here is not fetched, because nothing would say whose program is about to run.
PACKAGES = {("linux", "x64"): "local-slack-linux-x64"}

_MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}
_INSTALL_SECONDS = 300  # 95 MB over a slow line


def platform_key(system: str = sys.platform, machine: str | None = None) -> tuple[str, str]:
    """Return (system, architecture) as npm names them, such as ("linux", "x64")."""
    found = (machine or platform.machine()).lower()
    return system, _MACHINES.get(found, found)


def binary_in(directory: Path, key: tuple[str, str]) -> Path | None:
    """Return the installed program below `directory`, or None if the install is not complete."""
    package = PACKAGES.get(key)
    if package is None:
        return None
    home = directory / "node_modules" / package
    program = home / "bin" / "local-slack"
    manifest = home / "package.json"
    if not (program.is_file() and manifest.is_file()):
        return None
    return program if f'"version": "{VERSION}"' in manifest.read_text(encoding="utf-8") else None


def is_installed(directory: Path, key: tuple[str, str] | None = None) -> bool:
    """Tell whether `install_local_slack` has nothing to fetch."""
    key = key or platform_key()
    return key not in PACKAGES or binary_in(directory, key) is not None


async def install_local_slack(directory: Path, key: tuple[str, str] | None = None) -> Path:
    """Return the path of the local Slack, fetched into `directory` with npm if it is not there.

    On a platform without a pinned package a `local-slack` that stands on the PATH is taken.

    Raises:
        DemoError: no package for this platform, no npm, or npm failed, skipped or hung.

    """
    key = key or platform_key()
    if key not in PACKAGES:
        own = shutil.which("local-slack")
        if own is None:
            raise DemoError("demo_platform", platform="-".join(key), version=VERSION)
        return Path(own)
    found = binary_in(directory, key)
    if found is not None:
        return found
    npm = shutil.which("npm")
    if npm is None:
        raise DemoError("demo_npm_missing")
    _write_pins(directory)
    await _npm_ci(npm, directory)
    found = binary_in(directory, key)
    if found is None:
        # npm skips an optional package that it cannot have, and calls that success.
        raise DemoError("demo_npm_skipped", package=f"{PACKAGES[key]}@{VERSION}")
    return found


def _write_pins(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        text = resources.files("bot.demo").joinpath(name).read_text(encoding="utf-8")
        (directory / name).write_text(text, encoding="utf-8")


async def _npm_ci(npm: str, directory: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        npm,
        "ci",
        "--no-audit",
        "--no-fund",
        "--no-update-notifier",
        cwd=directory,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), _INSTALL_SECONDS)
    except TimeoutError:
        raise DemoError("demo_npm_slow", seconds=_INSTALL_SECONDS) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise DemoError("demo_npm_failed", reason=_last_error(output.decode(errors="replace")))


def _last_error(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower()]
    return (errors or lines or ["-"])[0]
