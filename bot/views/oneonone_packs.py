"""Packs of one-on-ones as people read them: a manager's day, and the whole of one meeting."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final

from bot import clock
from bot.rules.action_items import ActionItem
from bot.rules.numbers import Rate
from bot.rules.oneonone_packs import (
    CoachedOn,
    Day,
    Notes,
    Pack,
    ProjectPack,
    Topped,
)
from bot.rules.oneonones import TOPIC_LIMIT, Topic
from bot.rules.payloads import Payload
from bot.rules.people import IndividualFigures
from bot.rules.standing import OwnCases
from bot.views import blocks, dates, figures, oneonone_lists, oneonone_roles
from bot.views import coaching_effects as effect_views
from bot.views.blocks import Block, Message, View
from bot.views.outbox import Line
from bot.views.words import Words

DAY: Final = "oneonone_packs.day"
OPEN: Final = "oneonone_packs.open"
NOTES: Final = "oneonone_notes.open"
BRING: Final = "oneonone_packs.bring"

LISTED: Final = 10
"""Topics and actions of a pair in one pack; its page has the rest."""
TEXT: Final = 300
NOTES_TEXT: Final = 1200
NAME: Final = 60


class OfDay(Payload):
    """A day of the manager who reads it."""

    day: date


class OfMeeting(Payload):
    """The meeting that a button is about."""

    one_on_one_id: int


class Bringing(Payload):
    """A question of one's own that a button brings along to a meeting."""

    one_on_one_id: int
    question_id: int


def open_button(words: Words, one_on_one_id: int, *, mine: bool = False) -> Block:
    """Return the button that opens a pack; with `mine` as its person reads it."""
    payload = OfMeeting(one_on_one_id=one_on_one_id).encode()
    return blocks.button(words("packs.mine" if mine else "packs.open"), OPEN, payload)


def notes_button(words: Words, one_on_one_id: int, *, last: bool = False) -> Block:
    """Return the button that opens the notes of a meeting; with `last` of the one that was."""
    payload = OfMeeting(one_on_one_id=one_on_one_id).encode()
    return blocks.button(
        words("packs.notes.last" if last else "packs.notes.button"), NOTES, payload
    )


# A manager's day.


def day(words: Words, found: Day) -> Message:
    """Return the morning's message: every meeting in one piece, shorter where there are many."""
    title = words.plural("packs.day", len(found.packs))
    for brief in (False, True):
        parts = [blocks.header(title), *(_piece(words, each, brief=brief) for each in found.packs)]
        end = [effect_views.row(words, squad_id) for squad_id in _squads(found)]
        whole = [*parts, *end, blocks.context(words("packs.day.note"))]
        fitted = blocks.fit(whole, words("packs.more"), keep=len(end) + 1)
        if len(fitted) == len(whole):
            break
    return blocks.message(title, fitted)


def _squads(found: Day) -> list[int]:
    """Return the squads of a day's meetings, so many that their buttons leave room."""
    return list(dict.fromkeys(each.meeting.squad_id for each in found.packs))[:3]


def day_line(words: Words, found: Day) -> Line:
    """Return the morning's message as a line of Today."""
    payload = OfDay(day=found.day).encode()
    text = words.plural("packs.line", len(found.packs))
    return Line(text, blocks.button(words("packs.line.show"), DAY, payload))


def shown_day(words: Words, found: Day) -> View:
    """Return a manager's day as a window."""
    return blocks.modal(
        words("packs.day.title"),
        "oneonone_packs.window",
        day(words, found)["blocks"],
        submit=None,
        close=words("common.close"),
        metadata=OfDay(day=found.day).encode(),
    )


def _piece(words: Words, pack: Pack, *, brief: bool) -> Block:
    lines = [
        words(
            "packs.head",
            time=hour(pack.meeting.starts_at, pack.zone),
            name=blocks.mention(pack.person.user_id, pack.person.name),
            squad=blocks.escape(blocks.clip(pack.squad, NAME)),
        )
    ]
    projects = pack.projects[:1] if brief else pack.projects[:3]
    for project in projects:
        lines.append(_score(words, project))
        if project.top and not brief:
            lines.append(words("packs.top", list=_top(words, project.top)))
    if pack.auditor is not None and not brief:
        lines += oneonone_roles.auditor(words, pack.auditor)
    if open_things := _open(words, pack):
        lines.append(open_things)
    return blocks.section("\n".join(lines), open_button(words, pack.meeting.one_on_one_id))


def hour(at: datetime, zone: str) -> str:
    """Return the time of day on a wall clock."""
    return f"{clock.to_local(at, zone):%H:%M}"


def _score(words: Words, project: ProjectPack) -> str:
    name = blocks.escape(blocks.clip(project.project, NAME))
    if project.score is None:
        return words("packs.hidden", project=name)
    if project.score.rate is None:
        return words("packs.none", project=name)
    text = words("packs.score", project=name, rate=_rate(words, project.score))
    if project.target is not None:
        stands = words(f"packs.standing.{project.standing.value}")
        goal = figures.goal(words, project.target)
        text = words("packs.target", score=text, target=goal, stands=stands)
    return f"{text} · {_change(words, project)}"


def _rate(words: Words, score: Rate) -> str:
    return words(
        "packs.rate",
        rate=figures.percent(words, score.rate),
        interval=figures.interval(words, score),
        n=figures.number(score.n),
    )


def _change(words: Words, project: ProjectPack) -> str:
    """Say what the score did against the four weeks before; nothing evident gets an arrow."""
    if project.change is None:
        return words("packs.change.none")
    n = figures.number(project.before_n)
    if not project.change.evident:
        return words("packs.change.unclear", n=n)
    way = "up" if project.change.delta > 0 else "down"
    return words(f"packs.change.{way}", points=figures.points(project.change.delta), n=n)


def _top(words: Words, top: Sequence[Topped]) -> str:
    return ", ".join(_category(words, each) for each in top)


def _category(words: Words, one: Topped) -> str:
    name = blocks.clip(one.own.category, NAME)
    section = one.own.section
    if one.url is not None:
        shown = blocks.link(one.url, words("packs.category", category=name, n=one.own.errors))
    else:
        shown = words("packs.category", category=blocks.escape(name), n=one.own.errors)
        if section:
            clipped = blocks.escape(blocks.clip(section, NAME))
            shown = words("packs.section", category=shown, section=clipped)
    return shown


def _open(words: Words, pack: Pack) -> str:
    """Say what there is to talk about, in numbers."""
    cases = _cases(pack)
    counted = (
        ("topics", len(pack.topics)),
        ("disputes", cases.disputed),
        ("actions", len(pack.actions)),
        ("unread", cases.unread),
        ("reworks", cases.reworks),
    )
    found = [words.plural(f"packs.n.{name}", n) for name, n in counted if n]
    if pack.notes:
        last = clock.local_day(pack.notes[0].starts_at, pack.zone)
        found.append(words("packs.n.notes", day=dates.day(words, last)))
    return " · ".join(found)


def _cases(pack: Pack) -> OwnCases:
    """Return what is open over all projects, as far as the reader is told of single cases."""
    shown = [one.cases for one in pack.projects if _sees_cases(pack)]
    return OwnCases(
        unread=sum(one.unread for one in shown),
        disputed=sum(one.disputed for one in shown),
        reworks=sum(one.reworks for one in shown),
    )


def _sees_cases(pack: Pack) -> bool:
    return not pack.manages or pack.setting is IndividualFigures.SELF_AND_MANAGERS


# One meeting.


def pack(words: Words, found: Pack) -> View:
    """Return all that one of the two takes along, as a window."""
    other = found.person if found.manages else found.manager
    parts = [
        blocks.section(
            words(
                "packs.head",
                time=_when(words, found.meeting.starts_at, found.zone),
                name=blocks.mention(other.user_id, other.name),
                squad=blocks.escape(found.squad),
            )
        ),
        blocks.actions(notes_button(words, found.meeting.one_on_one_id)),
    ]
    for each in _sections(words, found):
        parts += [blocks.divider(), each]
    parts += _questions(words, found)
    parts.append(blocks.context(words("packs.who.manager" if found.manages else "packs.who.mine")))
    return blocks.modal(
        words("packs.title"),
        "oneonone_packs.window",
        parts,
        submit=None,
        close=words("common.close"),
        metadata=OfMeeting(one_on_one_id=found.meeting.one_on_one_id).encode(),
    )


def _when(words: Words, at: datetime, zone: str) -> str:
    return f"{dates.day(words, clock.local_day(at, zone))} {hour(at, zone)}"


def _sections(words: Words, found: Pack) -> Iterator[Block]:
    """Return what the pack says, with a way to the whole of everything that it cuts short."""
    for lines in _facts(words, found):
        yield blocks.section("\n".join(lines))
    cut = _is_cut([each.text for each in found.topics])
    yield blocks.section("\n".join(_topics(words, found)), _all(words, found, 0) if cut else None)
    cut = _is_cut([each.text for each in found.actions])
    rest = _all(words, found, len(found.topics)) if cut else None
    yield blocks.section("\n".join(_actions(words, found)), rest)
    for notes in found.notes:
        cut = max(len(notes.shared), len(notes.own or "")) > NOTES_TEXT
        whole = notes_button(words, notes.one_on_one_id) if cut else None
        yield blocks.section("\n".join(_notes(words, notes, found.zone)), whole)


def _is_cut(texts: Sequence[str]) -> bool:
    return len(texts) > LISTED or any(len(each) > TEXT // 2 for each in texts)


def _all(words: Words, found: Pack, offset: int) -> Block:
    about = oneonone_lists.Listed(
        pair_id=found.meeting.pair_id,
        offset=offset,
        one_on_one_id=found.meeting.one_on_one_id,
    )
    return oneonone_lists.show_all(words, about)


def _facts(words: Words, found: Pack) -> Iterator[list[str]]:
    for project in found.projects:
        yield list(_project(words, found, project))
    if found.auditor is not None and found.auditor.audits:
        yield oneonone_roles.auditor(words, found.auditor)
    if found.lead is not None and not found.lead.is_empty:
        yield oneonone_roles.lead(words, found.lead)
    for begin in range(0, len(found.coached), LISTED):  # a piece holds no more of them
        lines = [_coached(words, one, found.zone) for one in found.coached[begin : begin + LISTED]]
        yield lines if begin else [words("packs.coached.title"), *lines]


def _project(words: Words, found: Pack, project: ProjectPack) -> Iterator[str]:
    yield _score(words, project)
    if project.top:
        yield words("packs.top.title")
        yield from (f"• {_category(words, each)}" for each in project.top)
    if not _sees_cases(found):
        return
    for name in ("disputed", "unread", "reworks", "upheld", "overturned", "changed"):
        if n := getattr(project.cases, name):
            yield words.plural(f"packs.cases.{name}", n)


def _coached(words: Words, one: CoachedOn, zone: str) -> str:
    when = dates.day(words, clock.local_day(one.at, zone))
    category = blocks.escape(blocks.clip(one.category, NAME))
    line = words("packs.coached", category=category, day=when)
    if one.change is None:
        return line
    return f"{line} {effect_views.own(words, one.change)}"


def _questions(words: Words, found: Pack) -> list[Block]:
    """Return one's own questions, each with the button that brings it along."""
    there = {each.text for each in found.topics}
    parts = []
    for each in found.questions:
        text = blocks.escape(blocks.clip(each.text, TOPIC_LIMIT))  # all that is brought along
        if not each.text or each.text[:TOPIC_LIMIT] in there:
            continue
        about = Bringing(
            one_on_one_id=found.meeting.one_on_one_id, question_id=each.question_id
        ).encode()
        parts.append(blocks.section(text, blocks.button(words("packs.bring"), BRING, about)))
    if not parts:
        return []
    return [blocks.divider(), blocks.section(words("packs.questions")), *parts]


def _topics(words: Words, found: Pack) -> list[str]:
    if not found.topics:
        return [words("packs.topics.none")]
    lines = [words("packs.topics.title")]
    lines += [_topic(words, found, each) for each in found.topics[:LISTED]]
    if len(found.topics) > LISTED:
        lines.append(words("common.and_more", n=len(found.topics) - LISTED))
    return lines


def _topic(words: Words, found: Pack, topic: Topic) -> str:
    text = blocks.escape(blocks.clip(topic.text, TEXT // 2))
    author = found.manager if topic.author_id == found.manager.person_id else found.person
    key = "packs.topic.shared" if topic.shared else "packs.topic.private"
    return words(key, text=text, name=blocks.mention(author.user_id, author.name))


def _actions(words: Words, found: Pack) -> list[str]:
    if not found.actions:
        return [words("packs.actions.none")]
    lines = [words("packs.actions.title")]
    lines += [_action(words, each) for each in found.actions[:LISTED]]
    if len(found.actions) > LISTED:
        lines.append(words("common.and_more", n=len(found.actions) - LISTED))
    return lines


def _action(words: Words, item: ActionItem) -> str:
    name = blocks.mention(item.owner.user_id, item.owner.name)
    text = blocks.escape(blocks.clip(item.text, TEXT // 2))
    if item.due is None:
        return words("packs.action", name=name, text=text)
    return words("packs.action.due", name=name, text=text, day=dates.day(words, item.due))


def _notes(words: Words, notes: Notes, zone: str) -> list[str]:
    when = dates.day(words, clock.local_day(notes.starts_at, zone))
    lines = [words("packs.notes.of", day=when)]
    if notes.shared:
        lines.append(blocks.quote(notes.shared, NOTES_TEXT))
    if notes.own:
        lines += [words("packs.notes.own"), blocks.quote(notes.own, NOTES_TEXT)]
    return lines
