"""Where people stand, as a manager reads it in a window of their own, and each of themselves.

Names stand in the order of the alphabet, and no figure stands without its n and its interval.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.rules.payloads import Payload
from bot.rules.people import IndividualFigures
from bot.rules.standing import (
    OwnCategory,
    OwnStanding,
    PeopleOfProject,
    PeopleOfSquad,
    PersonLine,
)
from bot.views import arrival, blocks, dates, figures
from bot.views.blocks import Block, Message, View
from bot.views.words import Words

PEOPLE: Final = "standing.people"

LINES: Final = 20
"""People in one block: 3,000 characters hold twenty long names with their figures."""
BLOCKS: Final = 95  # of Slack's 100 in a window, with room for what stands around
SECTION_SHOWN: Final = 200


class OfSquad(Payload):
    """The squad whose contributors a button shows."""

    squad_id: int


def people_button(words: Words, squad_id: int) -> Block:
    """Return the button that shows a manager where a squad's contributors stand."""
    return blocks.button(words("standing.button"), PEOPLE, OfSquad(squad_id=squad_id).encode())


def people(words: Words, found: PeopleOfSquad) -> View:
    """Return a squad's contributors beside its target, project by project, as a window."""
    span = dates.span(words, found.first, found.last)
    parts = [blocks.section(words("standing.people", squad=blocks.escape(found.squad), span=span))]
    if not found.projects:
        parts.append(blocks.section(words("standing.no_projects")))
    for project in found.projects:
        parts += [blocks.divider(), *_project(words, project)]
    if len(parts) > BLOCKS:
        parts = [*parts[:BLOCKS], blocks.context(words("standing.more"))]
    return blocks.modal(
        words("standing.title"),
        "standing.window",
        [*parts, blocks.context(words("standing.note"), words("standing.noted"))],
        submit=None,
        close=words("common.close"),
    )


def _project(words: Words, project: PeopleOfProject) -> list[Block]:
    name = blocks.escape(project.project)
    if not project.people:
        return [blocks.section(words("standing.nobody", project=name))]
    title = words("standing.no_target", project=name)
    if project.target is not None:
        target = figures.goal(words, project.target)
        title = words.plural("standing.target", project.compared, project=name, target=target)
    lines = [_person(words, each, project.target) for each in project.people]
    chunks = [lines[at : at + LINES] for at in range(0, len(lines), LINES)]
    return [blocks.section(title), *(blocks.section("\n".join(chunk)) for chunk in chunks)]


def _person(words: Words, line: PersonLine, target: float | None) -> str:
    name = blocks.mention(line.person.user_id, line.person.name)
    if line.score.rate is None:
        return words("standing.person.none", name=name)
    rate = words(
        "standing.rate",
        rate=figures.percent(words, line.score.rate),
        interval=figures.interval(words, line.score),
        n=figures.number(line.score.n),
    )
    if target is None:
        return words("standing.person.no_target", name=name, rate=rate)
    return words(f"standing.person.{line.standing.value}", name=name, rate=rate)


def mine(words: Words, found: Sequence[OwnStanding]) -> Message:
    """Return a contributor's own figures and what is open of their work."""
    parts: list[Block] = [blocks.header(words("standing.mine"))]
    for own in found:
        parts += [blocks.divider(), blocks.section("\n".join(_own(words, own)))]
        if lines := list(_cases(words, own)):
            parts.append(blocks.section("\n".join(lines)))
        parts.append(blocks.context(words(f"standing.who.{own.setting.value}")))
    return blocks.message(words("standing.mine"), blocks.fit(parts, words("standing.more")))


def _own(words: Words, own: OwnStanding) -> Iterator[str]:
    project, squad = blocks.escape(own.project), blocks.escape(own.squad)
    span = dates.span(words, own.first, own.last)
    yield words("standing.mine.project", project=project, squad=squad, span=span)
    if own.setting is IndividualFigures.OFF:
        yield words("standing.mine.off", squad=squad)
        return
    yield _score(words, own)
    if own.score.rate is not None and own.target is not None:
        target = figures.goal(words, own.target)
        yield words(f"standing.mine.{own.standing.value}", target=target)
    if own.alone:
        yield words("standing.mine.alone", squad=squad)
    if own.others:
        yield words.plural("standing.mine.others", own.others)
    if own.top:
        yield words("standing.mine.top")
        yield from (_category(words, each) for each in own.top)


def _score(words: Words, own: OwnStanding) -> str:
    if own.score.rate is None:
        return words("standing.mine.none")
    return words.plural(
        "standing.mine.rate",
        own.score.n,
        accepted=figures.number(own.accepted),
        rate=figures.percent(words, own.score.rate),
        interval=figures.interval(words, own.score),
    )


def _category(words: Words, one: OwnCategory) -> str:
    line = words(
        "standing.mine.category",
        category=blocks.escape(one.category),
        n=figures.number(one.errors),
    )
    if not one.section:
        return line
    section = blocks.escape(blocks.clip(one.section, SECTION_SHOWN))
    return words("standing.mine.section", line=line, section=section)


def _cases(words: Words, own: OwnStanding) -> Iterator[str]:
    cases = own.cases
    if cases.unread:
        yield words.plural("standing.mine.unread", cases.unread)
    if cases.disputed:
        yield words.plural("standing.mine.disputed", cases.disputed)
    decided = [
        words.plural(f"standing.decided.{key}", n)
        for key, n in (
            ("upheld", cases.upheld),
            ("overturned", cases.overturned),
            ("changed", cases.changed),
        )
        if n
    ]
    if decided:
        yield words("standing.mine.decided", counts=", ".join(decided))
    if cases.reworks:
        line = words.plural("standing.mine.reworks", cases.reworks)
        if cases.rework_due is not None:
            due = arrival.moment(words, cases.rework_due, own.zone)
            line = words("standing.mine.rework_due", line=line, due=due, zone=own.zone)
        yield line
