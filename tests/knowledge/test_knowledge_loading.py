"""A process that is asked nothing carries none of what answering needs."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_starting_loads_nothing_of_the_search() -> None:
    libraries = {"numpy", "scipy", "markdown_it", "rjieba", "snowballstemmer"}
    code = f"import app, sys; print(*sorted({libraries!r} & set(sys.modules)))"
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert done.stdout.split() == []


def test_english_guidelines_load_no_chinese_dictionary() -> None:
    code = (
        "import sys\n"
        "from bot.knowledge.loading import build\n"
        "from bot.rules.guidelines import Block, BlockKind, Passage\n"
        "blocks = (Block(BlockKind.PROSE, 'Draw tight boxes.'),)\n"
        "found = build([Passage(document='a.md', title='Boxes', blocks=blocks)]).ask('boxes', 1)\n"
        "sys.exit(len(found.hits) != 1 or 'rjieba' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)  # noqa: S603 - our own code
    assert done.returncode == 0
