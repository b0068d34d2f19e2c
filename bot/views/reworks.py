"""What came back to its contributor, with the button that says it is fixed; a manager's list."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.rules.payloads import Payload
from bot.rules.reworks import (
    NOTE_FIELD,
    NOTE_LIMIT,
    Managed,
    ReworkState,
    SquadReworks,
    Stored,
    Task,
)
from bot.views import arrival, blocks
from bot.views.blocks import Block, Message, View
from bot.views.outbox import Line
from bot.views.words import Words

FIX: Final = "reworks.fix"
FORM: Final = "reworks.form"
MINE: Final = "reworks.mine"
SQUAD: Final = "reworks.squad"
CANCEL: Final = "reworks.cancel"

LISTED: Final = 10
"""Tasks of one's own in a list; who has more mends these first."""

HOME_LISTED: Final = 5
_TASK_SHOWN: Final = 100


class AboutRework(Payload):
    """The rework that a button or form is about."""

    rework_id: int


class AboutSquad(Payload):
    """The squad whose reworks a button lists."""

    squad_id: int


class Own(Payload):
    """A button that lists one's own."""


def note(words: Words, rework: Stored, zone: str) -> list[Block]:
    """Return what the message about an audit says of the task's way back."""
    text = _said(words, rework, zone)
    if rework.state is not ReworkState.OPEN:
        return [blocks.context(text)]
    return [blocks.section(text, _fix(words, rework))]


def _said(words: Words, rework: Stored, zone: str) -> str:
    if rework.state is ReworkState.OPEN:
        if rework.stopped_at is not None:
            return words("reworks.note.stopped")
        if rework.due_at is None:
            return words("reworks.note.open")
        return words("reworks.note.due", when=arrival.moment(words, rework.due_at, zone))
    if rework.state is ReworkState.FIXED and rework.stopped_at is not None:
        return words("reworks.note.kept_back")
    return words(f"reworks.note.{rework.state.value}")


def _fix(words: Words, rework: Stored) -> Block:
    about = AboutRework(rework_id=rework.rework_id).encode()
    style = None if rework.stopped_at is not None else "primary"
    return blocks.button(words("reworks.fix"), FIX, about, style=style)


def fix_form(words: Words, task: Task) -> View:
    """Return the form by which a contributor says that a task is mended."""
    element = blocks.text_input(
        NOTE_FIELD,
        multiline=True,
        max_length=NOTE_LIMIT,
        placeholder=words("reworks.form.note.placeholder"),
    )
    return blocks.modal(
        words("reworks.form.title"),
        FORM,
        [
            blocks.section(words("reworks.form.intro", task=_linked(task))),
            blocks.field(words("reworks.form.note"), element, block_id=NOTE_FIELD, optional=True),
        ],
        submit=words("reworks.form.send"),
        close=words("common.cancel"),
        metadata=AboutRework(rework_id=task.stored.rework_id).encode(),
    )


def fixed(words: Words, task: Task) -> View:
    """Return the receipt: who looks at it now."""
    key = "reworks.done.kept_back" if task.stored.stopped_at is not None else "reworks.done"
    return blocks.modal(
        words("reworks.form.title"),
        "reworks.done",
        [blocks.section(words(key, task=_linked(task)))],
        submit=None,
        close=words("common.close"),
    )


def _linked(task: Task) -> str:
    return blocks.link(task.link, task.task) if task.link else blocks.escape(task.task)


def _short(task: Task) -> str:
    return blocks.escape(blocks.clip(task.task, _TASK_SHOWN))


def _item(words: Words, task: Task, now: datetime) -> Block:
    """Return one task of a contributor's list."""
    text = f"• {_own_state(words, task, now)}"
    if task.stored.state is not ReworkState.OPEN:
        return blocks.section(text)
    return blocks.section(text, _fix(words, task.stored))


def _own_state(words: Words, task: Task, now: datetime) -> str:
    stored = task.stored
    project = blocks.escape(task.project)
    if stored.state is ReworkState.FIXED:
        return words("reworks.item.fixed", task=_linked(task), project=project)
    if stored.stopped_at is not None:
        return words("reworks.item.stopped", task=_linked(task), project=project)
    if stored.due_at is None:
        return words("reworks.item.open", task=_linked(task), project=project)
    when = arrival.moment(words, stored.due_at, task.zone)
    key = "reworks.item.overdue" if stored.is_overdue(now) else "reworks.item.due"
    return words(key, task=_linked(task), project=project, when=when)


def mine(words: Words, tasks: Sequence[Task], now: datetime) -> Message:
    """Return a contributor's own list."""
    if not tasks:
        return blocks.message(words("reworks.mine.none"))
    title = words.plural("reworks.mine.title", len(tasks))
    parts = [blocks.section(f"*{title}*")]
    parts += [_item(words, each, now) for each in tasks[:LISTED]]
    if len(tasks) > LISTED:
        parts.append(blocks.context(words("common.and_more", n=len(tasks) - LISTED)))
    return blocks.message(title, blocks.fit(parts, words("today.more")))


def on_home(words: Words, tasks: Sequence[Task], now: datetime) -> list[Block]:
    """Return a contributor's own list for their Home tab."""
    if not tasks:
        return []
    parts = [blocks.section(f"*{words.plural('reworks.mine.title', len(tasks))}*")]
    parts += [_item(words, each, now) for each in tasks[:HOME_LISTED]]
    if len(tasks) > HOME_LISTED:
        more = words("common.and_more", n=len(tasks) - HOME_LISTED)
        parts.append(blocks.section(more, _show_mine(words)))
    return parts


def _show_mine(words: Words) -> Block:
    return blocks.button(words("reworks.show"), MINE, Own().encode())


def due(words: Words, tasks: Sequence[Task], now: datetime) -> Message:
    """Return the message about what has to be mended today."""
    title = words.plural("reworks.due", len(tasks), task=_short(tasks[0]))
    shown = mine(words, tasks, now)
    return blocks.message(title, [blocks.section(f"*{title}*"), *shown["blocks"][1:]])


def due_line(words: Words, tasks: Sequence[Task]) -> Line:
    """Return the same as a line of Today; done once nothing of it is left."""
    return _own_line(words, tasks, words.plural("reworks.due", len(tasks), task=_short(tasks[0])))


def overdue_line(words: Words, tasks: Sequence[Task]) -> Line:
    """Return a line of Today about what should have been mended before."""
    title = words.plural("reworks.overdue", len(tasks), task=_short(tasks[0]))
    return _own_line(words, tasks, title)


def _own_line(words: Words, tasks: Sequence[Task], text: str) -> Line:
    if len(tasks) == 1:
        return Line(text, _fix(words, tasks[0].stored))
    return Line(text, _show_mine(words))


def to_auditor(words: Words, rework: Stored) -> list[Block]:
    """Return to whoever audits a fix that it is one, and what its contributor wrote of it."""
    if not rework.note:
        return [blocks.context(words("reworks.audit"))]
    note = blocks.quote(rework.note, NOTE_LIMIT)
    return [blocks.section(f"{words('reworks.audit.noted')}\n{note}")]


# The managers.


def late_line(words: Words, squad_id: int, squad: str, count: int) -> Line:
    """Return a manager's line of Today: how many are overdue in a squad, and nobody's name."""
    about = AboutSquad(squad_id=squad_id).encode()
    text = words.plural("reworks.late", count, squad=blocks.escape(squad))
    return Line(text, blocks.button(words("reworks.show"), SQUAD, about))


def squad_on_home(words: Words, found: SquadReworks) -> Block:
    """Return a squad's counts for its manager's Home tab, with the button that lists them."""
    about = AboutSquad(squad_id=found.squad_id).encode()
    return blocks.section(_counts(words, found), blocks.button(words("reworks.show"), SQUAD, about))


def _counts(words: Words, found: SquadReworks) -> str:
    parts = [words.plural("reworks.squad.open", found.open)]
    if found.overdue:
        parts.append(words("reworks.squad.overdue", n=found.overdue))
    if found.orphaned:
        parts.append(words("reworks.squad.orphaned", n=found.orphaned))
    return " · ".join(parts)


def managed(words: Words, found: SquadReworks, now: datetime) -> View:
    """Return a squad's reworks to a manager, as a window."""
    title = words("reworks.squad.title", squad=blocks.escape(found.squad))
    parts = [blocks.section(f"*{title}*\n{_counts(words, found)}")]
    parts += [_managed(words, each, now) for each in found.listed]
    if len(found.listed) < found.open:
        key = "reworks.squad.more" if found.listed else "reworks.squad.unnamed"
        parts.append(blocks.context(words(key)))
    return blocks.modal(
        words("reworks.squad.window"),
        "reworks.managed",
        parts,
        submit=None,
        close=words("common.close"),
    )


def _managed(words: Words, each: Managed, now: datetime) -> Block:
    task, stored = each.task, each.task.stored
    name = words("reworks.squad.nobody")
    if each.person is not None:
        name = blocks.mention(each.person.user_id, each.person.name)
    facts = [words("reworks.squad.item", task=_linked(task), name=name)]
    if stored.stopped_at is not None:
        facts.append(words("reworks.squad.stopped"))
    elif stored.due_at is not None:
        key = "reworks.squad.was_due" if stored.is_overdue(now) else "reworks.squad.due"
        facts.append(words(key, when=arrival.moment(words, stored.due_at, task.zone)))
    if not each.here:
        facts.append(words("reworks.squad.gone"))
    if stored.round > 1:
        facts.append(words("reworks.squad.round", n=stored.round))
    return blocks.section(" · ".join(facts), _cancel(words, stored))


def _cancel(words: Words, stored: Stored) -> Block:
    about = AboutRework(rework_id=stored.rework_id).encode()
    confirm = {
        "title": blocks.plain(words("reworks.cancel.title")),
        "text": blocks.plain(words("reworks.cancel.text")),
        "confirm": blocks.plain(words("reworks.cancel.yes")),
        "deny": blocks.plain(words("reworks.cancel.no")),
    }
    return blocks.button(words("reworks.cancel"), CANCEL, about, confirm=confirm)
