"""The Home tab: what waits for a person, their squads to arrange, their own feedback and plans.

Lists are cut and say so, for Slack shows at most 100 blocks; what opens from here opens privately.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot import clock
from bot.rules.escalations import WAITING, EscalationState, OpenCase
from bot.rules.findings import Feedback, Unread
from bot.rules.home import (
    AdminPart,
    HomeSheet,
    OwnFigures,
    OwnPart,
    SquadPart,
    may_be_blocked,
)
from bot.rules.outbox import Listed
from bot.rules.payloads import Payload
from bot.rules.questions import Mine
from bot.rules.squads import Squad, Step
from bot.views import (
    announcements,
    arrival,
    blockers,
    blocks,
    certificates,
    commands,
    dates,
    disputes,
    duty,
    figures,
    findings,
    oneonones,
    outbox,
    pulse_results,
    questions,
    reworks,
    rulings,
    schedules,
    sessions,
    standing,
    status_cases,
)
from bot.views import projects as project_views
from bot.views import squads as squad_views
from bot.views import timeoff as timeoff_views
from bot.views.blocks import Block, View
from bot.views.outbox import LINE_CHARACTERS, Line
from bot.views.words import Words

REHEARSED: Final = "home.rehearsed"

UTC: Final = "UTC"
BLOCKS: Final = 100  # docs.slack.dev/surfaces: of a Home tab
WAITING_SHOWN: Final = 10
LINES_SHOWN: Final = 15
UNREAD_SHOWN: Final = 10
REFUSED_SHOWN: Final = 5
AWAY_SHOWN: Final = 5
QUESTIONS_SHOWN: Final = 5


class Rehearsed(Payload):
    """A button that shows what a squad in rehearsal would have been sent."""

    squad_id: int


def tab(words: Words, sheet: HomeSheet, lines: Sequence[Line], now: datetime) -> View:
    """Return the whole tab; `lines` are those of Today that are neither done nor about findings."""
    parts = [blocks.header(words("home.hello", name=sheet.actor.name))]
    parts += _start(words, sheet)
    if sheet.has_squad or sheet.waiting or lines or sheet.announced or sheet.sessions:
        parts += _today(words, sheet, lines, now)
    if sheet.one_on_ones is not None:
        parts += oneonones.on_home(words, sheet.one_on_ones)
    parts += pulse_results.on_home(words, sheet.polls, sheet.polled)
    parts += status_cases.on_home(words, sheet.proposals)
    parts += status_cases.mine_on_home(words, sheet.statuses)
    parts += rulings.on_home(words, sheet.to_decide, now)
    parts += disputes.on_home(words, sheet.own.disputes, now)
    for squad in sheet.squads:
        parts += _squad(words, squad, sheet.actor.zone or UTC, now)
    if sheet.more_squads:
        parts.append(blocks.context(words.plural("home.more_squads", sheet.more_squads)))
    if sheet.admin is not None:
        parts += _admin(words, sheet.admin)
    if sheet.has_squad:
        parts += _questions(words, sheet.own.questions, sheet.actor.zone or UTC)
        parts += _own(words, sheet.own)
        parts += _away(words, sheet.own)
    return {"type": "home", "blocks": _cut(words, parts, _help(words))}


def _cut(words: Words, parts: Sequence[Block], end: Sequence[Block]) -> list[Block]:
    room = BLOCKS - len(end)
    if len(parts) <= room:
        return [*parts, *end]
    return [*parts[: room - 1], blocks.context(words("home.cut")), *end]


def _run(words: Words, key: str, command: str, text: str = "", *, suffix: str = "") -> Block:
    payload = commands.RunCommand(command=command, text=text)
    return blocks.button(words(key), f"{commands.RUN}{suffix}", payload.encode())


def _start(words: Words, sheet: HomeSheet) -> list[Block]:
    """Return the first step for whom nothing is there yet."""
    if sheet.may_set_up:
        button = _run(words, "home.set_up.button", "muster", "setup")
        return [blocks.section(words("home.set_up"), button)]
    if not sheet.has_squad and not sheet.actor.is_admin:
        return [blocks.section(words("home.no_squad"))]
    return []


def _today(words: Words, sheet: HomeSheet, lines: Sequence[Line], now: datetime) -> list[Block]:
    button = blockers.home_button(words) if may_be_blocked(sheet) else None
    parts = [blocks.section(f"*{words('home.today')}*", button)]
    parts += [blockers.mine(words, each, here=False)["blocks"][0] for each in sheet.own.blocked]
    parts += reworks.on_home(words, sheet.own.reworks, now)
    parts += [certificates.on_home(words, *each) for each in sheet.sittings]
    waiting = [findings.reminder_line(words, each) for each in sheet.waiting]
    parts += [_line(line) for line in waiting[:WAITING_SHOWN]]
    parts += _more(words, len(waiting) - WAITING_SHOWN)
    parts += [_line(line) for line in lines[:LINES_SHOWN]]
    parts += _more(words, len(lines) - LINES_SHOWN)
    parts += announcements.on_home(words, sheet.announced)
    parts += sessions.on_home(words, sheet.sessions, now)
    if len(parts) == 1 and not _waits_below(sheet):
        parts.append(blocks.section(words("home.nothing_today")))
    return parts


def _waits_below(sheet: HomeSheet) -> bool:
    """Tell whether something that waits for the reader has a part of its own further down."""
    asked = any(squad.questions for squad in sheet.squads)
    return bool(asked or sheet.polls or sheet.proposals or sheet.to_decide)


def _title(text: str) -> Block:
    return blocks.section(f"*{text}*")


def _line(line: Line) -> Block:
    return blocks.section(f"• {blocks.clip(line.text, LINE_CHARACTERS)}", line.button)


def _more(words: Words, n: int) -> list[Block]:
    return [blocks.context(words("common.and_more", n=n))] if n > 0 else []


def _squad(words: Words, squad: SquadPart, zone: str, now: datetime) -> list[Block]:
    parts = [blocks.divider()]
    if squad.checklist is None:
        parts.append(_title(blocks.escape(squad.squad)))
    else:
        parts += squad_views.checklist(words, squad.checklist)
    if squad.blockers:
        parts += blockers.on_home(words, squad.blockers, now)
    if squad.unread or (squad.unread is not None and squad.checklist is None):
        parts.append(blocks.section(_unread(words, squad.unread, zone)))
    if squad.reworks:
        parts.append(reworks.squad_on_home(words, squad.reworks))
    parts += rulings.reviews_on_home(words, squad.reviews)
    if squad.questions:
        parts += _open_questions(words, squad.questions, zone)
    if squad.refused:
        parts.append(blocks.section(_refused(words, squad.refused)))
    if squad.coming:
        parts.append(blocks.context(*_coming(words, squad)))
    parts.append(blocks.actions(*_arrange(words, squad)))
    return parts


def _open_questions(words: Words, waiting: Sequence[OpenCase], zone: str) -> list[Block]:
    """Return the questions that wait for a person, oldest first."""
    parts = [blocks.section(words.plural("home.open_questions", len(waiting)))]
    for each in waiting[:QUESTIONS_SHOWN]:
        text = words(
            "home.open_questions.item",
            day=arrival.moment(words, each.opened_at, zone),
            text=blocks.escape(blocks.clip(" ".join(each.text.split()), LINE_CHARACTERS)),
        )
        about = duty.AboutCase(escalation_id=each.escalation_id).encode()
        button = blocks.button(words("home.questions.show"), duty.SHOW, about)
        parts.append(blocks.section(text, button))
    return [*parts, *_more(words, len(waiting) - QUESTIONS_SHOWN)]


def _questions(words: Words, mine: Sequence[Mine], zone: str) -> list[Block]:
    """Return one's own questions, newest first, each with a button to its answer."""
    if not mine:
        return []
    parts = [blocks.divider(), _title(words("home.questions"))]
    for each in mine:
        key = each.outcome.value
        if each.person in WAITING:
            key = "escalated"
        elif each.person is EscalationState.ANSWERED:
            key = "told"
        text = words(
            "home.questions.item",
            day=dates.day(words, clock.local_day(each.asked_at, zone)),
            text=blocks.escape(blocks.clip(" ".join(each.text.split()), LINE_CHARACTERS)),
            outcome=words(f"home.questions.{key}"),
        )
        about = questions.AboutQuestion(question_id=each.question_id).encode()
        button = blocks.button(words("home.questions.show"), questions.SHOW, about)
        parts.append(blocks.section(text, button))
    return parts


def _arrange(words: Words, squad: SquadPart) -> list[Block]:
    """Return the buttons of a squad: what its next step needs first, then what is always there."""
    project = project_views.OpenProject(squad_id=squad.squad_id)
    # As if typed: Slack escapes what people type, and the command undoes it.
    name = blocks.escape(squad.squad)
    people = _run(words, "home.people", "squad", f"list in {name}", suffix=".people")
    work = blocks.button(words("home.project"), project_views.OPEN, project.encode())
    settings = _run(words, "home.settings", "squad", f"settings in {name}", suffix=".settings")
    buttons = [people, work, settings]
    if squad.people:
        buttons.append(standing.people_button(words, squad.squad_id))
    following = squad.checklist.following if squad.checklist else None
    first = {Step.PEOPLE: people, Step.PROJECT: work, Step.SCHEDULE: settings}.get(
        following or Step.GO_LIVE
    )
    if first is not None:
        buttons = [first | {"style": "primary"}, *(each for each in buttons if each is not first)]
    if squad.checklist is not None:
        payload = Rehearsed(squad_id=squad.squad_id)
        label = words("home.rehearsed.button", n=squad.rehearsed)
        buttons.append(blocks.button(label, REHEARSED, payload.encode()))
    return buttons


def _unread(words: Words, unread: Sequence[Unread], zone: str) -> str:
    if not unread:
        return words("home.unread.none")
    lines = [words.plural("home.unread.title", sum(each.audits for each in unread))]
    named = [each for each in unread if each.person is not None]
    for each in named[:UNREAD_SHOWN]:
        person = each.person
        if person is not None:
            name = blocks.mention(person.user_id, person.name)
            days = dates.day(words, clock.local_day(each.oldest, zone))
            lines.append(words.plural("home.unread.item", each.audits, name=name, oldest=days))
    if len(named) > UNREAD_SHOWN:
        lines.append(words("common.and_more", n=len(named) - UNREAD_SHOWN))
    return "\n".join(lines)


def _refused(words: Words, refused: Sequence[Listed]) -> str:
    lines = [words.plural("home.refused.title", len(refused))]
    lines += [f"• {outbox.refusal(words, each)}" for each in refused[:REFUSED_SHOWN]]
    if len(refused) > REFUSED_SHOWN:
        lines.append(words("common.and_more", n=len(refused) - REFUSED_SHOWN))
    return "\n".join(lines)


def _coming(words: Words, squad: SquadPart) -> list[str]:
    return [
        words(
            "home.coming",
            name=schedules.name(words, each.schedule.kind),
            moment=arrival.moment(words, each.due_at, each.schedule.zone),
            zone=each.schedule.zone,
        )
        for each in squad.coming
        if each.due_at is not None
    ]


def _admin(words: Words, admin: AdminPart) -> list[Block]:
    parts = [blocks.divider(), _title(words("home.admin"))]
    if not admin.has_squads:
        button = _run(words, "home.create_squad", "squad", "create", suffix=".create")
        parts.append(blocks.section(words("home.no_squads"), button))
    parts.append(
        blocks.section(
            _refused(words, admin.refused) if admin.refused else words("home.refused.none")
        )
    )
    return parts


def _own(words: Words, own: OwnPart) -> list[Block]:
    parts: list[Block] = []
    if own.recent:
        parts += [blocks.divider(), _title(words("home.recent"))]
        parts += [_recent(words, each) for each in own.recent]
        parts += _more(words, own.more_recent)
    if own.figures:
        lines = [_figures(words, each) for each in own.figures[:UNREAD_SHOWN]]
        more = _run(words, "home.figures.more", "audit", "mine", suffix=".mine")
        parts.append(blocks.section("\n".join([f"*{words('home.figures')}*", *lines]), more))
        parts.append(blocks.context(words("home.figures.who")))
    return parts


def _recent(words: Words, mine: Feedback) -> Block:
    text = words(
        "home.recent.praise" if mine.is_praise else f"home.recent.{mine.verdict.value}",
        task=blocks.escape(blocks.clip(mine.task, 100)),
        at=arrival.moment(words, mine.audited_at, mine.zone),
        findings=words.plural("home.recent.findings", len(mine.live)),
    )
    return blocks.section(f"• {text}", findings.reminder_line(words, mine).button)


def _figures(words: Words, mine: OwnFigures) -> str:
    project, squad = blocks.escape(mine.project), blocks.escape(mine.squad)
    if mine.score.rate is None:
        return words("home.figures.none", project=project, squad=squad)
    return words.plural(
        "home.figures.rate",
        mine.score.n,
        project=project,
        squad=squad,
        rate=figures.percent(words, mine.score.rate),
        interval=figures.interval(words, mine.score),
    )


def _away(words: Words, own: OwnPart) -> list[Block]:
    button = timeoff_views.add_button(words)
    if not own.away:
        return [blocks.divider(), blocks.section(words("home.away.none"), button)]
    parts = [blocks.divider(), blocks.section(f"*{words('home.away')}*", button)]
    parts += [timeoff_views.own_line(words, each) for each in own.away[:AWAY_SHOWN]]
    return [*parts, *_more(words, len(own.away) - AWAY_SHOWN)]


def _help(words: Words) -> list[Block]:
    button = _run(words, "home.help.button", "muster", suffix=".help")
    return [blocks.divider(), blocks.section(words("home.help"), button)]


def rehearsed(words: Words, squad: Squad, found: Sequence[Listed], days: int) -> View:
    """Return what a squad in rehearsal would have been sent, and who, as a modal."""
    shown = squad_views.rehearsed(words, squad, found, days, people=0)
    return blocks.modal(
        words("home.rehearsed.title"),
        "home.rehearsed",
        shown["blocks"],
        submit=None,
        close=words("common.close"),
    )
