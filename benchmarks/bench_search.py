"""How long indexing and questions take, how much memory they need, and what acks feel of them.

Passages are made up out of a seeded vocabulary with the skew of natural text, so that nothing has
to be at hand. The reference is SQLite's FTS5 over the same passages in the same run. Then the same
passages are imported as a version, from which a second process answers, and imported once more with
a page added, which that process has to find by itself. "Built here" is what a process does that
finds no stored index.

    benchmarks/bench_search.py [--passages 10000] [--postgres URL]
"""

import argparse
import asyncio
import json
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from processes import resident_mb

from bot.clock import Clock
from bot.rules.guidelines import Block, BlockKind, GuidelinesRequest, Passage
from bot.services.guidelines import Guidelines
from bot.store import migrations
from bot.store.database import Database

PROJECT = "Measured"

QUESTIONS = 400
AT_ONCE = 50
WORDS = 40_000
SYLLABLES = [first + last for first in "bklmnr" for last in "aeiou"]


def vocabulary(random_: random.Random) -> list[str]:
    made: dict[str, None] = {}
    while len(made) < WORDS:
        made["".join(random_.choices(SYLLABLES, k=random_.randint(2, 5)))] = None
    return list(made)


class Text:
    """Draws words by Zipf's law, with a topic of its own for each page."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.words = vocabulary(self.random)
        self.weights = [1 / (rank + 3) for rank in range(WORDS)]

    def topic(self) -> list[str]:
        return self.random.sample(self.words, 30)

    def sentence(self, topic: list[str], n: int) -> str:
        common = self.random.choices(self.words, self.weights, k=n - n // 4)
        drawn = common + self.random.choices(topic, k=n // 4)
        self.random.shuffle(drawn)
        return " ".join(drawn)


def passages(text: Text, n: int) -> list[Passage]:
    found = []
    for number in range(n):
        if number % 8 == 0:
            topic, title = text.topic(), text.sentence(text.topic(), 4)
        found.append(
            Passage(
                document=f"page{number // 8}.md",
                title=title,
                headings=(text.sentence(topic, 4),),
                blocks=tuple(
                    Block(kind, text.sentence(topic, 50))
                    for kind in (BlockKind.PROSE, BlockKind.PROSE, BlockKind.EXAMPLE)
                ),
                mentions=tuple(text.random.sample(topic, 2)),
            )
        )
    return found


def questions(text: Text, some: list[Passage]) -> list[str]:
    asked = []
    for _ in range(QUESTIONS):
        words = text.random.choice(some).text.split()
        asked.append(f"{' '.join(text.random.sample(words, 12))} '{text.random.choice(words)}'?")
    return asked


def write_pages(folder: Path, some: list[Passage]) -> None:
    """Write passages as the Markdown files that they would have come from."""
    pages: dict[str, list[str]] = {}
    for passage in some:
        page = pages.setdefault(passage.document, [f"# {passage.title}"])
        page.append(f"## {passage.headings[0]}")
        page += [
            f"```\n{text}\n```" if kind is BlockKind.EXAMPLE else text
            for kind, text in passage.blocks
        ]
        page.append(f"See _{'_ and _'.join(passage.mentions)}_.")
    for name, page in pages.items():
        (folder / name).write_text("\n\n".join(page) + "\n", "utf-8")


async def imported(url: str, folder: Path, version: str) -> float:
    """Import a folder as the shell does; return the seconds."""
    database = Database(url)
    began = time.perf_counter()
    request = GuidelinesRequest(project=PROJECT, version=version, create=True)
    done = await Guidelines(database, Clock()).import_at_shell(request, folder)
    took = time.perf_counter() - began
    await database.close()
    print(f"  version {version}: {done.documents} files, {done.passages} passages, {took:.1f} s")
    return took


def between_processes(
    some: list[Passage], asked: list[str], postgres: str | None
) -> dict[str, Any]:
    """Import, open in a second process, import again and have that one find it."""
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        url = postgres or f"sqlite+aiosqlite:///{folder / 'search.db'}"
        (folder / "pages").mkdir()
        write_pages(folder / "pages", some)
        (folder / "asked.json").write_text(json.dumps(asked), "utf-8")
        migrations.move(url.replace("+aiosqlite", ""))
        asyncio.run(imported(url, folder / "pages", "1"))
        script = Path(__file__).with_name("search_process.py")
        command = [sys.executable, script, url, PROJECT, folder / "asked.json"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
            assert other.stdout is not None
            first = json.loads(other.stdout.readline())
            (folder / "pages" / "zanzibar.md").write_text("# Zanzibar\n\nzanzibar.\n", "utf-8")
            asyncio.run(imported(url, folder / "pages", "2"))
            second = json.loads(other.stdout.readline())
            last = json.loads(other.stdout.readline())
    return {
        **first,
        "swap_pause_s": second["pause_s"],
        "searchable_s": second["searchable_s"],
        **last,
    }


def fts5(some: list[Passage], asked: list[str]) -> tuple[float, float]:
    store = sqlite3.connect(":memory:")
    store.execute("CREATE VIRTUAL TABLE p USING fts5(title, body, tokenize='porter')")
    began = time.perf_counter()
    store.executemany("INSERT INTO p VALUES (?, ?)", [(p.section, p.text) for p in some])
    built = time.perf_counter() - began
    times = []
    for question in asked:
        words = " OR ".join(f'"{word}"' for word in question.replace("'", " ").strip("?").split())
        began = time.perf_counter()
        store.execute(
            "SELECT rowid FROM p WHERE p MATCH ? ORDER BY rank LIMIT 10", (words,)
        ).fetchall()
        times.append(time.perf_counter() - began)
    store.close()
    return built, statistics.median(times)


async def pauses(search: object, asked: list[str]) -> tuple[float, float]:
    """Ask fifty questions at once in two threads; return the longest pause of the loop and all."""
    turns = asyncio.Semaphore(2)
    longest, stop = 0.0, False

    async def ask(question: str) -> None:
        async with turns:
            await asyncio.to_thread(search.ask, question, 3)  # type: ignore[attr-defined]

    async def heart() -> None:
        nonlocal longest
        while not stop:
            began = time.perf_counter()
            await asyncio.sleep(0.005)
            longest = max(longest, time.perf_counter() - began - 0.005)

    beating = asyncio.create_task(heart())
    began = time.perf_counter()
    await asyncio.gather(*(ask(question) for question in asked[:AT_ONCE]))
    took = time.perf_counter() - began
    stop = True
    await beating
    return longest, took


def built_here(some: list[Passage], asked: list[str]) -> None:
    before = resident_mb("self")
    began = time.perf_counter()
    from bot.knowledge.loading import build  # noqa: PLC0415 - counted with the rest

    search = build(some)
    built = time.perf_counter() - began
    grown = resident_mb("self") - before
    times = []
    for question in asked:
        began = time.perf_counter()
        search.ask(question, 3)
        times.append(time.perf_counter() - began)
    longest, took = asyncio.run(pauses(search, asked))
    reference, reference_query = fts5(some, asked)
    p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    print(f"{len(some)} passages, built here   Muster      FTS5     goal")
    print(f"  index, s             {built:12.1f} {reference:9.1f}     ≤ 30")
    print(f"  question p50, ms     {p50 * 1e3:12.1f} {reference_query * 1e3:9.1f}     ≤ 15")
    print(f"  question p95, ms     {p95 * 1e3:12.1f}")
    print(f"  memory, MB           {grown:12.0f}              ≤ 100")
    print(f"  {AT_ONCE} at once, ms       {took * 1e3:12.0f}")
    print(f"  longest pause, ms    {longest * 1e3:12.0f}            < 1000")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--postgres", metavar="URL", help="an empty database, not SQLite")
    given = parser.parse_args()
    text = Text(seed=1)
    some = passages(text, given.passages)
    asked = questions(text, some)
    built_here(some, asked)
    found = between_processes(some, asked, given.postgres)
    print(f"{len(some)} passages, stored       Muster               goal")
    print(f"  first question, s    {found['first_s']:12.2f}")
    print(f"  question p50, ms     {found['p50_s'] * 1e3:12.1f}               ≤ 15")
    print(f"  memory, MB           {found['opened_mb']:12.0f}              ≤ 100")
    print(f"  and rows read, MB    {found['grown_mb']:12.0f}")
    print(f"  {AT_ONCE} at once, ms       {found['fifty_s'] * 1e3:12.0f}")
    print(f"  longest pause, ms    {found['pause_s'] * 1e3:12.0f}            < 1000")
    print(f"  published to open, s {found['searchable_s']:12.2f}                ≤ 5")
    print(f"  pause meanwhile, ms  {found['swap_pause_s'] * 1e3:12.0f}            < 1000")
    print(f"  whole process, MB    {found['resident_mb']:12.0f}")


if __name__ == "__main__":
    main()
