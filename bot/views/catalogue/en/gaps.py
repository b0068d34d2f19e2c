"""English sentences of gaps: what was asked, and which section to clarify first."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "kind.questions.weekly": "the week's questions",
    "gaps.title": "What {squad} asked since {day}, and where the guidelines fell short",
    "gaps.counts": "{without} of {asked} questions were answered without a person.",
    "gaps.nobody_asked": "Nobody of {squad} asked anything since {day}.",
    "gaps.none": "Nothing is missing that people asked for.",
    "gaps.section": "*{title}*",
    "gaps.topic": "*No section is near:* {title}",
    "gaps.unanswered.one": "{n} not answered",
    "gaps.unanswered.other": "{n} not answered",
    "gaps.unhelpful.one": "{n} not helpful",
    "gaps.unhelpful.other": "{n} not helpful",
    "gaps.repeated.one": "{n} asked again",
    "gaps.repeated.other": "{n} asked again",
    "gaps.open.one": "{n} still open",
    "gaps.open.other": "{n} still open",
    "gaps.show": "Questions",
    "gaps.questions.title": "Questions",
    "gaps.questions.item": "• {text}",
    "gaps.questions.missing": "   _missing: {text}_",
    "gaps.questions.note": "Who asked is not shown, here or anywhere.",
    "gaps.week.line": "Last week {without} of {asked} questions were answered without you.",
    "gaps.week.first": " To clarify first: {title} ({n}).",
    "gaps.week.reviews.one": " {n} verified answer waits to be looked at.",
    "gaps.week.reviews.other": " {n} verified answers wait to be looked at.",
    "gaps.week.show": "Show",
    "error.gap_gone": "Those questions are older by now. `/ask gaps` shows the latest ones.",
}
