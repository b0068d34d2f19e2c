"""A follow-up is searched with what it follows; a question of its own is not."""

import pytest

from bot.knowledge.context import with_context

BEFORE = "How is a bicycle boxed with its rider?"


@pytest.mark.parametrize(
    "question",
    [
        "And for passives?",
        "and when it is parked",
        "What about the plural?",
        "How about trailers?",
        "What if it is dark?",
        "But why?",
        "Why not?",
        "Really?",
        "Also at night?",
        "Then what?",
        "Is that the same for trucks?",
        "Does it matter?",
        "Are they boxed too?",
        "OK, and children?",
        "Yes, but in the rain?",
        "Hm, so both?",
        "Which one?",
        "Even if it is small?",
        "Same for scooters?",
        "trailers?",
        "那被动句呢？",
        "那么晚上呢",
        "如果它停着呢？",
        "为什么？",
        "还有卡车呢？",
        "这个也一样吗？",
    ],
)
def test_what_leans_on_the_question_before_takes_it_along(question: str) -> None:
    assert with_context(question, [BEFORE, "older"]) == f"{BEFORE}\n{question}"


@pytest.mark.parametrize(
    "question",
    [
        "Are reflections in shop windows boxed?",
        "How many people make a group?",
        "Where do I put the attribute lights_only?",
        "And how do I label quoted speech inside a headline that was translated?",
        "Is glare over half of the picture a reason to skip the frame?",
        "Which dependency relation connects a determiner with its noun?",
        "商店橱窗里的倒影需要标注吗？",
        "引号里的人名应该怎么标注？",
    ],
)
def test_a_question_of_its_own_stays_as_it_is(question: str) -> None:
    assert with_context(question, [BEFORE]) == question


def test_without_a_conversation_there_is_no_context() -> None:
    assert with_context("And for passives?", []) == "And for passives?"
