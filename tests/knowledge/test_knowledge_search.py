"""The search finds by words, quotations and codes, in Chinese too; and knows when it cannot."""

import random
import re
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.knowledge.loading import build
from bot.knowledge.markdown import read_markdown
from bot.knowledge.outline import Outline
from bot.knowledge.search import Search
from bot.knowledge.words import literal, quotations, terms
from bot.rules.guidelines import Passage

GUIDE = {
    "spans.md": """---
title: Spans
---
Mark the shortest span that names the product, without its article.

## Punctuation

A full stop at the end of a sentence stays outside the span; one inside an abbreviation
belongs to it.

## Brand names

The legal suffix of a company belongs to its name.
""",
    "sentiment.md": """# Sentiment

Judge what the writer feels and not what the product deserves.

## Sarcasm

Sarcastic praise is negative. The marker _just_ and words such as “great” in capitals are hints.

## Mixed

Choose mixed only where praise and complaint are about equally strong.
""",
    "audio.md": """# Audio

## Overlapping speech

Each speaker gets a segment of their own while both talk.

```
spk1 just great great great
spk2 great
```

## Fillers

Write hesitations such as `uh` and _you know_ as they are heard, with the label `NOISE:filler`.
""",
    "people.md": """# People in pictures

## Occlusion

Draw the box around the visible part of a pedestrian and set `VisState=Half` where half is hidden.

## Crowds

More than ten people are one crowd.
""",
    "privacy.md": "# Privacy\n\nReport faces, licence plates and papers before you label.\n",
    "process.md": "# Process\n\nSubmit a batch when every task in it is done.\n",
}

CHINESE = {
    "情感.md": """# 情感标注

## 讽刺

讽刺的赞扬标为负面。

## 混合评价

褒贬相当时才选择混合。
""",
    "语音.md": """# 语音转写

## 重叠语音

两人同时说话时，每位说话人各分一段。

## 语气词

“嗯”和“啊”照听到的写。
""",
    "图像.md": """# 图像标注

## 遮挡

行人被遮挡时，只框出可见部分。

## 人群

超过十人标为人群。
""",
    "流程.md": """# 工作流程

## 提交

批次内所有任务完成后再提交。

## 隐私

发现车牌或人脸要先上报。
""",
}


def passages(files: dict[str, str]) -> list[Passage]:
    found: list[Passage] = []
    for name, text in files.items():
        outline = Outline(name)
        read_markdown(text, outline)
        found += outline.passages()
    return found


class Library:
    """A search with the passages it stands for."""

    def __init__(self, files: dict[str, str]) -> None:
        self.passages = passages(files)
        self.search: Search = build(self.passages)

    def found(self, question: str, top: int = 3) -> list[tuple[str, str]]:
        hits = self.search.ask(question, top).hits
        named = [self.passages[hit.position] for hit in hits]
        return [(each.document, each.headings[-1] if each.headings else "") for each in named]


@pytest.fixture(scope="module")
def guide() -> Library:
    return Library(GUIDE)


@pytest.fixture(scope="module")
def chinese() -> Library:
    return Library(CHINESE)


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("Is sarcastic praise positive?", ("sentiment.md", "Sarcasm")),
        ("Where do abbreviations end, does the stop belong to them?", ("spans.md", "Punctuation")),
        ("Two speakers talking at once", ("audio.md", "Overlapping speech")),
        ("What do I do with the word 'just'?", ("sentiment.md", "Sarcasm")),
        ("How do I write 'you know'?", ("audio.md", "Fillers")),
        ("What is VisState for?", ("people.md", "Occlusion")),
        ("when is noise:filler used", ("audio.md", "Fillers")),
        ("half hidden pedestrians", ("people.md", "Occlusion")),
        ("`uh`", ("audio.md", "Fillers")),
    ],
)
def test_the_section_that_answers_comes_first(
    guide: Library, question: str, section: tuple[str, str]
) -> None:
    assert guide.found(question)[0] == section
    assert guide.search.ask(question, 1).answerable  # however few sections there are


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("讽刺的评论应该标成什么？", ("情感.md", "讽刺")),
        ("两个人同时讲话怎么分段", ("语音.md", "重叠语音")),
        ("行人被挡住一半，框怎么画？", ("图像.md", "遮挡")),
        ("什么时候可以提交批次？", ("流程.md", "提交")),
        ("看到车牌怎么办", ("流程.md", "隐私")),
        ("语气词“嗯”要不要写？", ("语音.md", "语气词")),
        ("有褒有贬的评价选哪个标签", ("情感.md", "混合评价")),
        ("十几个人站在一起算人群吗", ("图像.md", "人群")),
    ],
)
def test_chinese_questions_find_chinese_guidelines(
    chinese: Library, question: str, section: tuple[str, str]
) -> None:
    assert chinese.found(question)[0] == section


def test_different_documents_come_before_a_second_passage(guide: Library) -> None:
    documents = [document for document, _ in guide.found("great praise for the product", 3)]
    assert len(set(documents)) == 3


def test_scores_fall_as_the_order_does(guide: Library) -> None:
    hits = guide.search.ask("label the visible part of the product name", 10).hits
    scores = [hit.score for hit in hits]
    assert len(hits) == 10
    assert scores == sorted(scores, reverse=True)
    assert len({hit.position for hit in hits}) == 10


def test_a_book_in_one_file_is_found_by_its_chapters() -> None:
    text = "# Guide\n\n" + "\n".join(
        line if not line.startswith("#") else f"#{line}"
        for name, part in GUIDE.items()
        for line in [f"# {name}", *re.sub(r"\A---.*?---", "", part, flags=re.DOTALL).splitlines()]
    )
    book = Library({"book.md": text})
    found = book.search.ask("Is sarcastic praise positive?", 3)
    chapters = [book.passages[hit.position].headings[:2] for hit in found.hits]
    assert book.passages[found.hits[0].position].headings[-1] == "Sarcasm"
    assert len(chapters) == len(set(chapters))


@pytest.mark.parametrize(
    "question", ["", "   ", "🙂🙂", "???", "the of and", "<!-- -->", "```\n```"]
)
def test_a_question_without_words_finds_nothing(guide: Library, question: str) -> None:
    found = guide.search.ask(question, 3)
    assert found.hits == ()
    assert not found.answerable
    assert found.confidence == 0


def test_a_strange_question_is_less_sure_than_a_plain_one(guide: Library) -> None:
    strange = guide.search.ask("Who pays the hotel for the holiday trip in August?", 3)
    plain = guide.search.ask("Is sarcastic praise negative, and does a company's suffix count?", 3)
    assert strange.confidence < plain.confidence
    assert not strange.answerable
    assert plain.answerable


def test_the_same_guidelines_answer_alike_in_every_process(guide: Library) -> None:
    other = Library(GUIDE)
    for question in ("sarcasm", "two speakers", "what of half hidden people in the crowd"):
        assert other.search.ask(question, 5) == guide.search.ask(question, 5)


def test_many_ask_at_once_and_get_what_one_gets(guide: Library) -> None:
    words = sorted({word for text in GUIDE.values() for word in text.split()})
    shuffled = random.Random(3)
    questions = [" ".join(shuffled.sample(words, 8)) for _ in range(60)]
    alone = [guide.search.ask(question, 5) for question in questions]
    together: dict[int, object] = {}

    def ask(start: int) -> None:
        for n in range(start, len(questions), 4):
            together[n] = guide.search.ask(questions[n], 5)

    threads = [threading.Thread(target=ask, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[n] for n in range(len(questions))] == alone


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.integers(1, 12))
def test_any_text_is_a_question(question: str, top: int) -> None:
    library = Library({"a.md": GUIDE["audio.md"], "b.md": GUIDE["spans.md"]})
    found = library.search.ask(question, top)
    assert 0 <= found.confidence <= 1
    assert len(found.hits) <= top
    assert all(0 <= hit.position < len(library.passages) for hit in found.hits)


@pytest.mark.parametrize(
    "text", ["One sentence only.", "# Only a title\n\n.", "Same same.\n\n## Two\n\nSame."]
)
def test_tiny_guidelines_can_be_asked(text: str) -> None:
    library = Library({"tiny.md": text})
    assert len(library.search.ask("the same sentence only", 3).hits) <= len(library.passages)


def test_a_question_of_four_thousand_characters_is_answered(guide: Library) -> None:
    assert guide.found("sarcastic praise " * 250)[0] == ("sentiment.md", "Sarcasm")


def test_terms_are_stems_codes_and_their_parts() -> None:
    assert list(terms("The annotators' labels: obl:agent, PronType=Rel, it's running")) == [
        "annot", "label", "obl:agent", "obl", "agent", "prontype=rel", "prontyp", "pron", "type",
        "rel", "run",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("tag 'whose' and \"that\" or “both … and”", ["whose", "that", "both … and"]),
        ("don't and can't, the annotators' work", []),
        ("in 'it isn't so' he says", ["it isn't so"]),
        ("标注“嗯”和「啊」", ["嗯", "啊"]),
        ("`code` here", ["code"]),
    ],
)
def test_quotations_are_told_from_apostrophes(text: str, found: list[str]) -> None:
    assert quotations(text) == found


def test_what_is_short_is_meant_literally() -> None:
    assert literal(" You Know ") == "=you know"
    assert literal("a whole sentence as example") is None
    assert literal("…") is None
