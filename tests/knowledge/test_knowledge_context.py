"""A follow-up is searched with what it follows; a question of its own is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.context import DEEP, leans, with_context
from bot.rules.guidelines import QUESTION_LIMIT

BEFORE = "How is a bicycle boxed with its rider?"
BEFORE_CHINESE = "自行车和骑车的人怎么画框？"

FOLLOW_UPS = [
    "And for passives?",
    "and when it is parked",
    "What about the plural?",
    "what about the plural",
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
    "Thanks, and for 'who'?",
    "Hm, so both?",
    "Which one?",
    "Which label?",
    "How do I mark it?",
    "Even if it is small?",
    "Only in headlines?",
    "Same for scooters?",
    "trailers?",
    "For plural nouns in headlines?",
    "Does 'never' have it too?",
    "What does that mean for spoken text?",
    "How is that in Persian?",
    "What is the label in that case?",
    "Should those get a feature as well?",
    "What do I do there?",
    "Is it a subject or an object?",
    "那被动句呢？",
    "那么晚上呢",
    "如果它停着呢？",
    "为什么？",
    "还有卡车呢？",
    "这个也一样吗？",
    "卡车呢",
    "怎么标？",
    "它们也要画框吗？",
    "但是下雨的时候怎么办？",
    "那 obl:agent 呢？",
]

OWN = [
    "Are reflections in shop windows boxed?",
    "How many people make a group?",
    "Where do I put the attribute lights_only?",
    "And how do I label quoted speech inside a headline that was translated?",
    "Is glare over half of the picture a reason to skip the frame?",
    "Which dependency relation connects a determiner with its noun?",
    "What is sarcasm?",
    "Who decides on borderline reviews?",
    "Is there a difference between glare and reflections?",
    "Is it OK to skip blurry frames?",
    "Does laughter get its own segment?",
    "Is a summary factual if it leaves out the date?",
    "What do I do with a video clip that has no sound?",
    "Do both rider and bicycle get a box?",
    "Why are there no tasks in my tool?",
    "When is this project paid?",
    "Is 'it' in 'it rains' a subject?",
    "My converter made 'yes' the root. Right or wrong?",
    "Are cases such as 'sooo' typos?",
    "Do trucks get the same colour as buses?",
    "商店橱窗里的倒影需要标注吗？",
    "引号里的人名应该怎么标注？",
    "如果图片模糊，可以跳过吗？",
    "引号应该放在哪里呢？",
    "卡车要标注吗？",
    "这个项目什么时候发工资？",
    "obl:agent 用在被动句里吗？",
]


@pytest.mark.parametrize("question", FOLLOW_UPS)
def test_what_leans_on_the_question_before_takes_it_along(question: str) -> None:
    assert with_context(question, [BEFORE, "older"]) == f"{BEFORE}\n{question}"
    assert with_context(question, [BEFORE_CHINESE]) == f"{BEFORE_CHINESE}\n{question}"


@pytest.mark.parametrize("question", OWN)
def test_a_question_of_its_own_stays_as_it_is(question: str) -> None:
    assert with_context(question, [BEFORE]) == question


def test_without_a_conversation_there_is_no_context() -> None:
    assert with_context("And for passives?", []) == "And for passives?"


def test_a_chain_of_follow_ups_goes_back_to_what_they_are_about() -> None:
    asked = ["And at night?", "What about trucks?", BEFORE, "Something older about glare?"]
    whole = with_context("Even then?", asked)
    assert whole.splitlines() == [BEFORE, "What about trucks?", "And at night?", "Even then?"]
    assert len(with_context("And?", ["And?"] * 9).splitlines()) == DEEP + 1


@pytest.mark.parametrize("question", ["", "🙂", "???", "the of"])
def test_what_says_nothing_leans(question: str) -> None:
    assert leans(question)


@given(st.text(max_size=200), st.lists(st.text(max_size=200), max_size=5))
def test_the_question_itself_is_always_read(question: str, before: list[str]) -> None:
    long = [each * 100 for each in before]
    whole = with_context(question, long)
    assert whole.endswith(question)
    assert len(whole) <= max(QUESTION_LIMIT, len(question))
