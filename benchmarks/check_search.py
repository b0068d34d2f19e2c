"""Measure the search on guidelines and questions that somebody labelled; fit its confidence.

    benchmarks/check_search.py PAGES QUESTIONS.jsonl [--fit]

PAGES is a folder of guidelines. A line of QUESTIONS is {"id", "question", "gold", "answerable"}:
gold lists the documents, relative to PAGES, that answer it. The exit code is 1 where a goal is
missed. Intervals are percentiles of 2,000 bootstrap samples of the questions.

`--fit` prints the two regressions of `bot/knowledge/confidence.py`, fitted on these questions and
on `questions_elsewhere.txt` (about other kinds of annotation work, so not answered), and what the
confidence is worth in tenfold cross-validation, repeated ten times.
"""

import argparse
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from bot.knowledge.confidence import SURE
from bot.knowledge.preparing import prepare
from bot.knowledge.ranking import RankedSearch
from bot.knowledge.reading import read_library

ELSEWHERE = Path(__file__).with_name("questions_elsewhere.txt")
GOALS = {"hit@3": 0.66, "MRR@10": 0.57, "AUC": 0.95, "right of sure": 0.9}
RIDGE = 0.1  # weak: it only keeps a fit finite where the classes can be told apart without error
Numbers = Any


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one question; `rank` is that of the first right page, inf for none."""

    answerable: bool
    rank: float
    confidence: float
    answered: bool
    evidence: tuple[float, float, float]


def ask(search: RankedSearch, documents: list[str], line: dict[str, Any]) -> Result:
    found = search.ask(line["question"], 10)
    pages = list(dict.fromkeys(documents[hit.position] for hit in found.hits))
    right = [rank for rank, page in enumerate(pages, 1) if page in line["gold"]]
    _, _, evidence = search._index.rank(line["question"])
    return Result(
        answerable=line["answerable"],
        rank=right[0] if right else np.inf,
        confidence=found.confidence,
        answered=found.answerable,
        evidence=tuple(evidence),
    )


def auc(positive: Numbers, negative: Numbers) -> float:
    """Return how often a positive scores above a negative (ties count half)."""
    pairs = np.subtract.outer(np.asarray(positive), np.asarray(negative))
    return float(((pairs > 0) + 0.5 * (pairs == 0)).mean())


def figures(results: list[Result]) -> dict[str, float]:
    ranks = np.array([each.rank for each in results if each.answerable])
    no = [each.confidence for each in results if not each.answerable]
    sure = [each.rank <= 3 for each in results if each.confidence >= SURE]
    return {
        "hit@1": float((ranks <= 1).mean()),
        "hit@3": float((ranks <= 3).mean()),
        "hit@10": float((ranks <= 10).mean()),
        "MRR@10": float((1 / ranks).mean()),
        "AUC": auc([each.confidence for each in results if each.answerable], no),
        "sure": float(len(sure)),
        "right of sure": float(np.mean(sure)) if sure else np.nan,
        "answered of answerable": float(np.mean([e.answered for e in results if e.answerable])),
        "refused of the others": float(
            np.mean([not e.answered for e in results if not e.answerable])
        ),
    }


def report(results: list[Result], took_ms: list[float]) -> bool:
    random = np.random.default_rng(1)
    yes = [each for each in results if each.answerable]
    no = [each for each in results if not each.answerable]
    samples = [
        figures([*random.choice(yes, len(yes)), *random.choice(no, len(no))])  # type: ignore[arg-type]
        for _ in range(2_000)
    ]
    good = True
    for name, value in figures(results).items():
        low, high = np.nanpercentile([sample[name] for sample in samples], [2.5, 97.5])
        goal = GOALS.get(name)
        good &= goal is None or value >= goal
        wanted = "" if goal is None else f"   goal {goal}"
        print(f"{name:24} {value:6.3f}   {low:.3f} to {high:.3f}{wanted}")
    print(f"{'question p50, ms':24} {np.median(took_ms):6.2f}")
    return good


def logistic(features: Numbers, outcome: Numbers) -> Numbers:
    """Return intercept and weights by Newton's method, with a weak ridge on the weights."""
    design = np.c_[np.ones(len(features)), features]
    penalty = RIDGE * np.diag([0.0, *np.ones(design.shape[1] - 1)])
    weights = np.zeros(design.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (outcome - chance) - penalty @ weights
        curve = (design * (chance * (1 - chance))[:, None]).T @ design + penalty
        weights = weights + np.linalg.solve(curve, slope)
    return weights


def chances(weights: Numbers, features: Numbers) -> Numbers:
    return 1 / (1 + np.exp(-(weights[0] + features @ weights[1:])))


def fit(results: list[Result]) -> None:
    evidence = np.array([each.evidence for each in results])
    spoken = np.log(evidence[:, :2] + (0.1, 0.02))
    lead = evidence[:, 2:]
    there = np.array([each.answerable for each in results])
    right = np.array([each.rank <= 3 for each in results])
    first, second = logistic(spoken, there), logistic(lead[there], right[there])
    print("\nspeaks: intercept, words, kept ", np.round(first, 2))
    print("agrees: intercept, lead        ", np.round(second, 2))
    random = np.random.default_rng(2)
    total = np.zeros(len(results))
    for _ in range(10):
        for part in np.array_split(random.permutation(len(results)), 10):
            train = np.setdiff1d(np.arange(len(results)), part)
            known = train[there[train]]
            speaks = chances(logistic(spoken[train], there[train]), spoken[part])
            agrees = chances(logistic(lead[known], right[known]), lead[part])
            total[part] += speaks * agrees / 10
    print(f"cross-validated AUC, right page or not: {auc(total[right], total[~right]):.3f}")
    for low, high in ((0, 0.1), (0.1, 0.4), (0.4, 0.6), (0.6, SURE), (SURE, 1.01)):
        among = (total >= low) & (total < high)
        if among.any():
            said, was = total[among].mean(), right[among].mean()
            print(
                f"  said {low:.2f} to {high:.2f}: mean {said:.2f}, right {was:.2f}, n {among.sum()}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--fit", action="store_true")
    given = parser.parse_args()
    library = read_library(given.pages)
    documents = [passage.document for passage in library.passages]
    search = RankedSearch(prepare(library.passages))
    results, took_ms = [], []
    for line in map(json.loads, given.questions.read_text("utf-8").splitlines()):
        began = time.perf_counter()
        search.ask(line["question"], 10)
        took_ms.append((time.perf_counter() - began) * 1e3)
        results.append(ask(search, documents, line))
    print(f"{library.documents} documents, {len(documents)} passages, {len(results)} questions")
    good = report(results, took_ms)
    if given.fit:
        elsewhere = [
            ask(search, documents, {"question": question, "gold": [], "answerable": False})
            for question in ELSEWHERE.read_text("utf-8").splitlines()
        ]
        fit([*results, *elsewhere])
    sys.exit(not good)


if __name__ == "__main__":
    main()
