"""Gaps as those who answer questions read them: counts by section, and the questions, nobody's."""

from typing import Final

from bot import clock
from bot.rules.gaps import LISTED, SHOWN, Gap, Gaps
from bot.rules.payloads import Payload
from bot.views import blocks, dates
from bot.views.blocks import Message, View
from bot.views.outbox import Line
from bot.views.words import Words

SHOW: Final = "gaps.show"
WEEK: Final = "gaps.week"

TITLE_SHOWN: Final = 200
TEXT_SHOWN: Final = 240


class AboutGap(Payload):
    """The gap whose questions a button shows."""

    squad_id: int
    key: str


class AboutSquad(Payload):
    """The squad whose gaps a button shows."""

    squad_id: int


def listed(words: Words, squad_id: int, found: Gaps, zone: str) -> Message:
    """Return the gaps, heaviest first, each with a button to its questions."""
    day = dates.day(words, clock.local_day(found.since, zone))
    squad = blocks.escape(found.squad)
    if not found.asked:
        return blocks.message(words("gaps.nobody_asked", squad=squad, day=day))
    title = words("gaps.title", squad=squad, day=day)
    counts = words("gaps.counts", without=found.without_person, asked=found.asked)
    parts = [blocks.section(f"*{title}*\n{counts}")]
    if not found.gaps:
        parts.append(blocks.section(words("gaps.none")))
    for gap in found.gaps[:SHOWN]:
        payload = AboutGap(squad_id=squad_id, key=gap.key).encode()
        button = blocks.button(words("gaps.show"), SHOW, payload)
        parts.append(blocks.section(_gap(words, gap), button))
    if len(found.gaps) > SHOWN:
        parts.append(blocks.context(words("common.and_more", n=len(found.gaps) - SHOWN)))
    return blocks.message(f"{title}. {counts}", blocks.fit(parts, words("questions.more")))


def _gap(words: Words, gap: Gap) -> str:
    title = blocks.escape(blocks.clip(" ".join(gap.title.split()), TITLE_SHOWN))
    key = "gaps.topic" if gap.section is None else "gaps.section"
    counts = [
        words.plural("gaps.unanswered", gap.unanswered) if gap.unanswered else "",
        words.plural("gaps.unhelpful", gap.unhelpful) if gap.unhelpful else "",
        words.plural("gaps.repeated", gap.repeated) if gap.repeated else "",
        words.plural("gaps.open", gap.open) if gap.open else "",
    ]
    return f"{words(key, title=title)}\n{', '.join(filter(None, counts))}"


def questions(words: Words, gap: Gap) -> View:
    """Return a gap's questions as a window, and what people said was missing."""
    lines = []
    for each in gap.questions[-LISTED:]:
        text = blocks.escape(blocks.clip(" ".join(each.text.split()), TEXT_SHOWN))
        lines.append(words("gaps.questions.item", text=text))
        lines += [
            words(
                "gaps.questions.missing",
                text=blocks.escape(blocks.clip(" ".join(said.split()), TEXT_SHOWN)),
            )
            for said in each.missing
        ]
    return blocks.modal(
        words("gaps.questions.title"),
        "gaps.questions",
        [
            blocks.section(_gap(words, gap)),
            *(blocks.section(line) for line in lines[:90]),
            blocks.context(words("gaps.questions.note")),
        ],
        submit=None,
        close=words("common.close"),
    )


def week_line(words: Words, squad_id: int, found: Gaps) -> Line:
    """Return the managers' weekly line: how many were answered without them, what to clarify."""
    text = words("gaps.week.line", without=found.without_person, asked=found.asked)
    if found.gaps:
        first = found.gaps[0]
        title = blocks.escape(blocks.clip(" ".join(first.title.split()), 80))
        text += words("gaps.week.first", title=title, n=first.weight)
    if found.reviews:
        text += words.plural("gaps.week.reviews", found.reviews)
    payload = AboutSquad(squad_id=squad_id).encode()
    return Line(text, blocks.button(words("gaps.week.show"), WEEK, payload))


def week(words: Words, squad_id: int, found: Gaps) -> Message:
    """Return the weekly line as a message of its own."""
    line = week_line(words, squad_id, found)
    return blocks.message(line.text, [blocks.section(line.text, line.button)])
