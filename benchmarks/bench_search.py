"""How long indexing and questions take, how much memory they need, and what acks feel of them.

Passages are made up out of a seeded vocabulary with the skew of natural text, so that nothing has
to be at hand. The reference is SQLite's FTS5 over the same passages in the same run.

    benchmarks/bench_search.py [--passages 10000]
"""

import argparse
import asyncio
import random
import sqlite3
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bot.rules.guidelines import Block, BlockKind, Passage

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


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096 / 1e6


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=10_000)
    n = parser.parse_args().passages
    text = Text(seed=1)
    some = passages(text, n)
    asked = questions(text, some)
    before = resident_mb()
    began = time.perf_counter()
    from bot.knowledge.loading import build  # noqa: PLC0415 - counted with the rest

    search = build(some)
    built = time.perf_counter() - began
    grown = resident_mb() - before
    times = []
    for question in asked:
        began = time.perf_counter()
        search.ask(question, 3)
        times.append(time.perf_counter() - began)
    longest, took = asyncio.run(pauses(search, asked))
    reference, reference_query = fts5(some, asked)
    p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    print(f"{n} passages              Muster      FTS5     goal")
    print(f"  index, s          {built:12.1f} {reference:9.1f}     ≤ 30")
    print(f"  question p50, ms  {p50 * 1e3:12.1f} {reference_query * 1e3:9.1f}     ≤ 15")
    print(f"  question p95, ms  {p95 * 1e3:12.1f}")
    print(f"  memory, MB        {grown:12.0f}              ≤ 100")
    print(f"  {AT_ONCE} at once, ms    {took * 1e3:12.0f}")
    print(f"  longest pause, ms {longest * 1e3:12.0f}            < 1000")


if __name__ == "__main__":
    main()
