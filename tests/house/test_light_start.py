"""What few starts need is not loaded by all of them."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Migrations, HTTP, the demo, charts and statistics each bring megabytes and tenths of a second, and
# all the listeners and messages together as much.
SELDOM = [
    "alembic",
    "bot.demo.running",
    "bot.dispatch.kinds",
    "bot.store.migrations",
    "bot.web",
    "handlers.features",
    "holidays",
    "matplotlib",
    "numpy",
    "openai",
    "scipy",
    "uvicorn",
]


SCRIPT = f"""
import app, gc, sys
print([name for name in {SELDOM} if name in sys.modules], gc.isenabled())
"""


def test_the_program_loads_only_what_it_starts_with() -> None:
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[] True"
