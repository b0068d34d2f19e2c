"""The post of a meeting: the most important first, the rest behind buttons, nobody ranked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.rules.action_items import ActionItem
from bot.rules.agenda import Agenda, Focus, Meeting, MeetingState, News, Pace, Topic
from bot.rules.meetings import Notes
from bot.rules.payloads import Payload
from bot.rules.people import PersonRef
from bot.rules.squads import SyncKind
from bot.views import arrival, blocks, dates, figures, forecasts, schedules
from bot.views.blocks import Block, Message
from bot.views.outbox import Line
from bot.views.words import Words

ADD: Final = "agenda.add"
NOTE: Final = "agenda.note"
ALL: Final = "agenda.all"
SKIP: Final = "agenda.skip"
CLOSE: Final = "agenda.close"

TOPICS_SHOWN: Final = 12
"""A block each; the others stand behind a button."""

TOPIC_CHARACTERS: Final = 280
NEWS_SHOWN: Final = 4
NEWS_CHARACTERS: Final = 240
ACTIONS_SHOWN: Final = 8
PEOPLE_SHOWN: Final = 15
PRAISE_SHOWN: Final = 3


class AboutAgenda(Payload):
    """Which squad's meetings of a kind a button is about, and which page of their topics."""

    squad_id: int
    kind: SyncKind = SyncKind.SYNC
    offset: int = 0


class AboutMeeting(Payload):
    """The meeting that a button is about."""

    meeting_id: int


class AboutTopic(Payload):
    """The topic that a button closes; `listed` stands in a list of its squad that is shown anew."""

    topic_id: int
    squad_id: int = 0
    kind: SyncKind = SyncKind.SYNC
    offset: int = 0
    listed: bool = False


def name(person: PersonRef) -> str:
    """Return how somebody is named in a post."""
    return blocks.mention(person.user_id, person.name)


def one_line(text: str, limit: int) -> str:
    """Return people's text on one line, inert and cut."""
    return blocks.escape(blocks.clip(" ".join(blocks.clean(text).split()), limit))


def post(words: Words, found: Agenda, noted: Notes | None) -> Message:
    """Return a meeting's post; `noted` is what was written down after it, if anything."""
    if found.meeting.state is MeetingState.SKIPPED:
        return skipped(words, found, noted.edited_by if noted else None)
    head = _head(words, found)
    text = words(
        "agenda.post.fallback", name=one_line(found.meeting.name, 80), when=_day(words, found)
    )
    foot = blocks.actions(*_buttons(words, found))
    if noted is not None and found.meeting.state is MeetingState.HELD:
        names = found.meeting.kind is not SyncKind.TOUCHPOINT
        parts = [blocks.section(head), *_noted(words, noted, names=names)]
        parts += [*_left_out(words, found), foot]
        return blocks.message(text, blocks.fit(parts, words("agenda.post.cut"), keep=1))
    if found.is_quiet:
        parts = [blocks.section(head), blocks.section(words("agenda.post.quiet"))]
        return blocks.message(text, [*parts, *_always(words, found), foot])
    parts = [blocks.section(head), *_topics(words, found), *_actions(words, found)]
    parts += [*_focus(words, found.focus), *_news(words, found), *_waiting(words, found)]
    parts += _always(words, found)
    return blocks.message(text, blocks.fit([*parts, foot], words("agenda.post.cut"), keep=1))


def _day(words: Words, found: Agenda) -> str:
    return arrival.moment(words, found.meeting.starts_at, found.squad.zone)


def start(words: Words, meeting: Meeting, zone: str) -> str:
    """Return when a meeting starts, in each reader's own zone."""
    return arrival.token(words, meeting.starts_at, zone)


def _head(words: Words, found: Agenda) -> str:
    when = start(words, found.meeting, found.squad.zone)
    parts = [words("agenda.post.title", name=one_line(found.meeting.name, 80), when=when)]
    if found.sync is None:
        parts.append(words("agenda.post.removed"))
    elif found.sync.link:
        parts.append(blocks.link(found.sync.link, words("agenda.post.join")))
    if found.facilitator is not None:
        parts.append(words("agenda.post.leads", name=name(found.facilitator)))
    return " · ".join(parts)


def _buttons(words: Words, found: Agenda) -> list[Block]:
    about = AboutAgenda(squad_id=found.squad.id, kind=found.meeting.kind).encode()
    meeting = AboutMeeting(meeting_id=found.meeting.id).encode()
    buttons = [
        blocks.button(words("agenda.button.add"), ADD, about),
        blocks.button(words("agenda.button.note"), NOTE, meeting),
        blocks.button(words("agenda.button.all"), ALL, about),
    ]
    if found.is_quiet and found.meeting.state is MeetingState.PLANNED:
        skip = blocks.button(words("agenda.button.skip"), SKIP, meeting, style="primary")
        buttons.insert(0, skip)
    return buttons


def _topics(words: Words, found: Agenda) -> list[Block]:
    if not found.topics:
        return []
    parts = [blocks.section(words.plural("agenda.topics", found.topics_open))]
    names = found.meeting.kind is not SyncKind.TOUCHPOINT
    parts += [
        topic(words, each, found.ages.get(each.id, 0), names=names, closable=True)
        for each in found.topics[:TOPICS_SHOWN]
    ]
    more = found.topics_open - min(len(found.topics), TOPICS_SHOWN)
    if more > 0:
        parts.append(blocks.context(words.plural("agenda.topics.more", more)))
    return parts


def topic(
    words: Words,
    one: Topic,
    age: int,
    *,
    names: bool = True,
    closable: bool = False,
    listed: AboutTopic | None = None,
    limit: int = TOPIC_CHARACTERS,
) -> Block:
    """Return a topic with its age, and the button that closes it for whoever may."""
    text = blocks.quote(one.text, limit) if listed else one_line(one.text, limit)
    facts = [words.plural("agenda.topic.age", age) if age else words("agenda.topic.new")]
    if names:
        facts.append(words("agenda.topic.by", name=name(one.author)))
    if one.source:
        facts.append(blocks.link(one.source, words("agenda.topic.source")))
    about = listed or AboutTopic(topic_id=one.id)
    said = words("agenda.topic", text=text, facts=" · ".join(facts))
    if listed:
        said = f"{text}\n{' · '.join(facts)}"
    button = blocks.button(words("agenda.button.close"), CLOSE, about.encode())
    return blocks.section(said, button if closable else None)


def _actions(words: Words, found: Agenda) -> list[Block]:
    """Return what is to be done by now; what has no day, or a later one, waits in the list."""
    due = [item for item in found.actions if item.due is not None and item.due <= found.meeting.day]
    if not due:
        return []
    lines = [words.plural("agenda.actions.due", len(due))]
    lines += [action(words, item) for item in due[:ACTIONS_SHOWN]]
    if len(due) > ACTIONS_SHOWN:
        lines.append(words("common.and_more", n=len(due) - ACTIONS_SHOWN))
    return [blocks.section("\n".join(lines))]


def action(words: Words, item: ActionItem) -> str:
    """Return an action item in a line."""
    text = one_line(item.text, NEWS_CHARACTERS)
    if item.due is None:
        return words("agenda.action", name=name(item.owner), text=text)
    day = dates.day(words, item.due)
    return words("agenda.action.by", name=name(item.owner), text=text, day=day)


def _focus(words: Words, focus: Focus | None) -> list[Block]:
    if focus is None:
        return []
    lines = [
        words(
            "agenda.focus",
            category=one_line(focus.category, 120),
            project=one_line(focus.project, 80),
            errors=words.plural("agenda.focus.errors", focus.errors),
        )
    ]
    if focus.cited is not None:
        section = blocks.clip(focus.cited.section, 200)
        where = blocks.link(focus.cited.url, section) if focus.cited.url else blocks.escape(section)
        lines += [words("agenda.focus.section", section=where), blocks.quote(focus.cited.excerpt)]
    elif focus.section is not None:
        section = one_line(focus.section, 200)
        lines.append(words("agenda.focus.section", section=section))
    if focus.example is not None:
        lines.append(
            words("agenda.focus.example", label=one_line(focus.example, 200), n=focus.people)
        )
    elif focus.own and focus.cited and focus.own.excerpt not in focus.cited.excerpt:
        lines += [words("agenda.focus.own"), blocks.quote(focus.own.excerpt, 400)]
    return [blocks.section("\n".join(lines))]


def _news(words: Words, found: Agenda) -> list[Block]:
    parts = []
    for key, news in (("rulings", found.rulings), ("answers", found.answers)):
        if news:
            lines = [words.plural(f"agenda.{key}", len(news))]
            lines += [_piece(words, one) for one in news[:NEWS_SHOWN]]
            if len(news) > NEWS_SHOWN:
                lines.append(words("common.and_more", n=len(news) - NEWS_SHOWN))
            parts.append(blocks.section("\n".join(lines)))
    return parts


def _piece(words: Words, one: News) -> str:
    return words(
        "agenda.news",
        title=one_line(one.title, 120),
        text=one_line(one.text, NEWS_CHARACTERS),
    )


def _waiting(words: Words, found: Agenda) -> list[Block]:
    counts = found.waiting
    told = [
        words.plural(f"agenda.waiting.{key}", n)
        for key, n in (
            ("feedback", counts.feedback),
            ("questions", counts.questions),
            ("disputes", counts.disputes),
        )
        if n
    ]
    if not told:
        return []
    return [blocks.section(words("agenda.waiting", what=", ".join(told)))]


def _always(words: Words, found: Agenda) -> list[Block]:
    """Return what is told but no reason to meet: the pace, who is away, answers, praise."""
    parts = [_pace(words, one) for one in found.pace]
    lines = []
    if found.away:
        lines.append(words("agenda.away", names=_names(words, found.away)))
    if found.back:
        lines.append(words("agenda.back", names=_names(words, found.back)))
    if found.answered:
        lines.append(words.plural("agenda.answered", found.answered))
    if lines:
        parts.append(blocks.section("\n".join(lines)))
    parts += [
        blocks.section(
            words("agenda.praise", name=name(one.person), text=one_line(one.text, NEWS_CHARACTERS))
        )
        for one in found.praise[:PRAISE_SHOWN]
    ]
    return parts + _left_out(words, found)


def _left_out(words: Words, found: Agenda) -> list[Block]:
    """Return which of the next meetings do not take place, and when the next one is."""
    said = left_out(words, found)
    return [blocks.context(said)] if said else []


def left_out(words: Words, found: Agenda) -> str:
    """Return it in a sentence; empty if the next one takes place."""
    if not found.left_out:
        return ""
    days = []
    for each in found.left_out:
        day, why = dates.day(words, each.day), schedules.cause(words, each)
        days.append(words("agenda.left_out.why", day=day, why=blocks.escape(why)) if why else day)
    said = words("agenda.left_out", days="; ".join(days))
    if found.resumes is None:
        return said
    return f"{said} {words('agenda.left_out.next', day=dates.day(words, found.resumes))}"


def _names(words: Words, people: Sequence[PersonRef]) -> str:
    shown = ", ".join(name(one) for one in people[:PEOPLE_SHOWN])
    rest = len(people) - PEOPLE_SHOWN
    return f"{shown} {words('common.and_more', n=rest)}" if rest > 0 else shown


def _pace(words: Words, one: Pace) -> Block:
    values = {"project": one_line(one.project, 80), "done": figures.number(one.done)}
    text = words("agenda.pace", **values)
    if one.planned is not None:
        text = words("agenda.pace.planned", planned=figures.number(one.planned), **values)
    lines = forecasts.lines(words, one.dates)
    return blocks.section("\n".join([text, *lines]))


def _noted(words: Words, noted: Notes, *, names: bool) -> list[Block]:
    """Return what was decided and noted, and who does what."""
    parts = []
    for key, text in (("decisions", noted.meeting.decisions), ("notes", noted.meeting.notes)):
        if text:
            parts.append(
                blocks.section(f"{words(f'agenda.noted.{key}')}\n{blocks.quote(text, 2500)}")
            )
    if not names:
        return parts
    if noted.actions:
        lines = [words.plural("agenda.noted.actions", len(noted.actions))]
        lines += [
            words("agenda.action.done", action=action(words, item))
            if not item.is_open
            else action(words, item)
            for item in noted.actions[:ACTIONS_SHOWN]
        ]
        if len(noted.actions) > ACTIONS_SHOWN:
            lines.append(words("common.and_more", n=len(noted.actions) - ACTIONS_SHOWN))
        parts.append(blocks.section("\n".join(lines)))
    if noted.edited_by is not None:
        parts.append(blocks.context(words("agenda.noted.by", name=name(noted.edited_by))))
    return parts


def skipped(words: Words, found: Agenda, by: PersonRef | None) -> Message:
    """Return the post of a meeting that does not take place; topics wait for the next."""
    values = {"name": one_line(found.meeting.name, 80), "when": _day(words, found)}
    text = words("agenda.skipped", **values)
    said = words(
        "agenda.skipped", **values | {"when": start(words, found.meeting, found.squad.zone)}
    )
    parts = [blocks.section(said)]
    if by is not None:
        parts.append(blocks.context(words("agenda.skipped.by", name=name(by))))
    about = AboutAgenda(squad_id=found.squad.id, kind=found.meeting.kind).encode()
    parts.append(blocks.actions(blocks.button(words("agenda.button.add"), ADD, about)))
    return blocks.message(text, parts)


def line(words: Words, found: Agenda, now: datetime) -> Line:
    """Return a meeting as a line, for the managers of a squad that has no channel for it."""
    about = AboutAgenda(squad_id=found.squad.id, kind=found.meeting.kind).encode()
    text = words(
        "agenda.line",
        name=one_line(found.meeting.name, 80),
        squad=one_line(found.squad.name, 80),
        when=start(words, found.meeting, found.squad.zone),
        topics=words.plural("agenda.line.topics", found.topics_open),
    )
    if said := left_out(words, found):
        text = f"{text} {said}"
    over = now > found.meeting.starts_at or found.meeting.state is not MeetingState.PLANNED
    return Line(text, blocks.button(words("agenda.button.all"), ALL, about), done=over)
