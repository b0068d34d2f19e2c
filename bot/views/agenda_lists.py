"""Agendas as one person reads and writes them: the list, its pages, and the two forms."""

from typing import Final

from bot.rules.action_items import TEXT_LIMIT, ActionItem
from bot.rules.agenda import TOPIC_LIMIT, Added, Listing
from bot.rules.meetings import ACTIONS_IN_FORM, NOTES_LIMIT, Notes, NotesForm
from bot.rules.payloads import Payload
from bot.rules.squads import SyncKind
from bot.views import agenda, arrival, blocks, dates
from bot.views.agenda import AboutAgenda, AboutTopic
from bot.views.blocks import Block, Message, View
from bot.views.outbox import Line
from bot.views.words import Words

TOPIC_FORM: Final = "agenda.topic_form"
NOTES_FORM: Final = "agenda.notes_form"
ABOUT_MESSAGE: Final = "agenda_message"
OLDER: Final = "agenda.older"
NEWER: Final = "agenda.newer"
DONE: Final = "actions.done"

TEXT: Final = "text"
KIND: Final = "kind"
DECISIONS: Final = "decisions"
NOTES: Final = "notes"

LIST_TOPICS: Final = 10
LIST_ACTIONS: Final = 10
LIST_CHARACTERS: Final = 500


class NewTopicForm(Payload):
    """What the form of a topic is about: the squad, and the message that it was taken from."""

    squad_id: int
    kind: SyncKind = SyncKind.SYNC
    channel: str | None = None
    message_ts: str | None = None
    thread_ts: str | None = None


class NotesMetadata(Payload):
    """Which meeting a form of notes is about, and on what it is written."""

    meeting_id: int
    revision: int


class AboutAction(Payload):
    """The action item that a button says is done; `listed` stands in a list that is shown anew."""

    action_id: int
    squad_id: int = 0
    listed: bool = False


def kind_name(words: Words, kind: SyncKind) -> str:
    """Return which meeting it is, in words."""
    return words(f"agenda.kind.{kind.value}")


def _head(words: Words, found: Listing) -> str:
    values = {
        "kind": kind_name(words, found.kind),
        "squad": agenda.one_line(found.squad.name, 80),
    }
    if found.starts_at is None:
        return words("agenda.list.title.unplanned", **values)
    when = arrival.token(words, found.starts_at, found.squad.zone)
    return words("agenda.list.title", when=when, **values)


def _topics(words: Words, found: Listing, *, full: bool) -> list[Block]:
    if not found.topics:
        return [blocks.section(words("agenda.list.none"))]
    return [
        agenda.topic(
            words,
            one,
            found.ages.get(one.id, 0),
            closable=one.id in found.closable,
            listed=AboutTopic(
                topic_id=one.id,
                squad_id=found.squad.id,
                kind=found.kind,
                offset=found.offset,
                listed=True,
            ),
            limit=TOPIC_LIMIT if full else LIST_CHARACTERS,
        )
        for one in found.topics
    ]


def _actions(words: Words, found: Listing) -> list[Block]:
    if not found.actions:
        return []
    parts = [blocks.section(words.plural("agenda.list.actions", len(found.actions)))]
    for item in found.actions[:LIST_ACTIONS]:
        button = done_button(words, item, squad_id=found.squad.id, listed=True)
        text = agenda.action(words, item)
        parts.append(blocks.section(f"• {text}", button if item.id in found.doable else None))
    if len(found.actions) > LIST_ACTIONS:
        parts.append(blocks.context(words("common.and_more", n=len(found.actions) - LIST_ACTIONS)))
    return parts


def _foot(words: Words, found: Listing) -> list[Block]:
    about = AboutAgenda(squad_id=found.squad.id, kind=found.kind, offset=0)
    buttons = [blocks.button(words("agenda.button.add"), agenda.ADD, about.encode())]
    if found.total > len(found.topics):
        buttons.append(blocks.button(words("agenda.button.all"), agenda.ALL, about.encode()))
    return [blocks.actions(*buttons)]


def listing(words: Words, found: Listing) -> Message:
    """Return what is on the next agenda, privately."""
    title = _head(words, found)
    parts = [blocks.section(title), *_topics(words, found, full=False)]
    more = found.total - found.offset - len(found.topics)
    if more > 0:
        parts.append(blocks.context(words.plural("agenda.topics.more", more)))
    parts += [*_actions(words, found), *_foot(words, found)]
    fallback = words("agenda.list.fallback", squad=agenda.one_line(found.squad.name, 80))
    return blocks.message(fallback, blocks.fit(parts, words("agenda.post.cut"), keep=1))


def pages(words: Words, found: Listing) -> View:
    """Return a page of the topics in full, with the actions after the last of them."""
    parts = [blocks.section(_head(words, found)), *_topics(words, found, full=True)]
    last = found.offset + LIST_TOPICS
    buttons = []
    about = {"squad_id": found.squad.id, "kind": found.kind}
    if found.offset > 0:
        earlier = AboutAgenda(**about, offset=max(0, found.offset - LIST_TOPICS))
        buttons.append(blocks.button(words("agenda.button.older"), OLDER, earlier.encode()))
    if last < found.total:
        later = AboutAgenda(**about, offset=last)
        buttons.append(blocks.button(words("agenda.button.newer"), NEWER, later.encode()))
    else:
        parts += _actions(words, found)
    if buttons:
        parts.append(blocks.actions(*buttons))
    if found.total:
        shown = words(
            "agenda.list.page",
            first=found.offset + 1,
            last=min(last, found.total),
            total=found.total,
        )
        parts.append(blocks.context(shown))
    return blocks.modal(
        words("agenda.list.window"),
        "agenda.list",
        parts,
        submit=None,
        close=words("common.close"),
    )


# Topics.


def topic_form(words: Words, about: NewTopicForm, text: str = "") -> View:
    """Return the form of a new topic; `text` is what it begins with."""
    kinds = [blocks.option(kind_name(words, each), each.value) for each in SyncKind]
    chosen = kinds[list(SyncKind).index(about.kind)]
    field = blocks.text_input(TEXT, initial=text, multiline=True, max_length=TOPIC_LIMIT)
    menu = blocks.menu(KIND, kinds, placeholder=words("agenda.form.kind"), initial=chosen)
    return blocks.modal(
        words("agenda.form.title"),
        TOPIC_FORM,
        [
            blocks.field(words("agenda.form.text"), field, block_id=TEXT),
            blocks.field(
                words("agenda.form.kind"),
                menu,
                block_id=KIND,
                hint=words("agenda.form.kind_hint"),
            ),
        ],
        submit=words("agenda.form.submit"),
        close=words("common.cancel"),
        metadata=about.encode(),
    )


def added(words: Words, found: Added) -> Message:
    """Return the receipt of a new topic."""
    values = {
        "kind": kind_name(words, found.topic.kind),
        "squad": agenda.one_line(found.squad.name, 80),
    }
    if found.starts_at is None:
        said = words("agenda.added.unplanned", **values)
    else:
        when = arrival.token(words, found.starts_at, found.squad.zone)
        said = words("agenda.added", when=when, **values)
    if found.topic.kind is SyncKind.TOUCHPOINT:
        said = f"{said} {words('agenda.added.client')}"
    if found.topic.cause is not None:
        said = f"{said} {words(f'agenda.added.cause.{found.topic.cause.kind.value}')}"
    return blocks.message(said)


def added_view(words: Words, found: Added) -> View:
    """Return the receipt in place of the form."""
    return blocks.modal(
        words("agenda.form.title"),
        "agenda.topic_saved",
        added(words, found)["blocks"],
        submit=None,
        close=words("common.close"),
    )


# Notes.


def notes_form(words: Words, found: Notes, *, typed: NotesForm | None = None) -> View:
    """Return the form of a meeting's notes.

    With `typed` somebody else wrote meanwhile: both texts are shown, to be made one.
    """
    meeting = found.meeting
    metadata = NotesMetadata(meeting_id=meeting.id, revision=meeting.revision)
    mine = (meeting.decisions, meeting.notes)
    parts: list[Block] = []
    if typed is not None:
        mine = (typed.decisions, typed.notes)
        parts += _theirs(words, found)
    for field, text in ((DECISIONS, mine[0]), (NOTES, mine[1])):
        box = blocks.text_input(field, initial=text, multiline=True, max_length=NOTES_LIMIT)
        label = words(f"agenda.notes.{field}")
        parts.append(blocks.field(label, box, block_id=field, optional=True))
    if found.actions:
        lines = [words.plural("agenda.noted.actions", len(found.actions))]
        lines += [agenda.action(words, item) for item in found.actions[:LIST_ACTIONS]]
        parts.append(blocks.section("\n".join(lines)))
    parts.append(blocks.section(words("agenda.notes.actions")))
    for number in range(ACTIONS_IN_FORM):
        parts += _action_fields(words, number, typed)
    return blocks.modal(
        words("agenda.notes.title"),
        NOTES_FORM,
        parts,
        submit=words("common.save"),
        close=words("common.cancel"),
        metadata=metadata.encode(),
    )


def _theirs(words: Words, found: Notes) -> list[Block]:
    """Return what somebody else wrote meanwhile."""
    by = agenda.name(found.edited_by) if found.edited_by else words("agenda.notes.somebody")
    parts = [blocks.section(words("agenda.notes.clash", name=by))]
    for key, text in ((DECISIONS, found.meeting.decisions), (NOTES, found.meeting.notes)):
        if text:
            label = words(f"agenda.noted.{key}")
            parts.append(blocks.section(f"{label}\n{blocks.quote(text, 2900)}"))
    return [*parts, blocks.divider()]


def _action_fields(words: Words, number: int, typed: NotesForm | None) -> list[Block]:
    # In its own place: Slack keeps what was typed where the field stays the same.
    known = next((one for one in typed.actions if one.number == number), None) if typed else None
    who: Block = {
        "type": "users_select",
        "action_id": f"owner{number}",
        "placeholder": blocks.plain(words("agenda.notes.owner")),
    }
    day: Block = {"type": "datepicker", "action_id": f"due{number}"}
    if known is not None:
        who["initial_user"] = known.owner
        if known.due is not None:
            day["initial_date"] = known.due.isoformat()
    text = blocks.text_input(
        f"action{number}", initial=known.text if known else None, max_length=TEXT_LIMIT
    )
    label = words("agenda.notes.action", n=number + 1)
    return [
        blocks.field(label, text, block_id=f"action{number}", optional=True),
        blocks.field(
            words("agenda.notes.owner"),
            who,
            block_id=f"owner{number}",
            optional=True,
        ),
        blocks.field(words("agenda.notes.due"), day, block_id=f"due{number}", optional=True),
    ]


def noted_view(words: Words, found: Notes) -> View:
    """Return the receipt in place of the form."""
    lines = [words("agenda.notes.saved", name=agenda.one_line(found.meeting.name, 80))]
    if found.actions:
        lines.append(words.plural("agenda.noted.actions", len(found.actions)))
        lines += [agenda.action(words, item) for item in found.actions[:LIST_ACTIONS]]
        lines.append(words("agenda.notes.come_back"))
    return blocks.modal(
        words("agenda.notes.title"),
        "agenda.notes_saved",
        [blocks.section("\n".join(lines))],
        submit=None,
        close=words("common.close"),
    )


# Actions.


def done_button(
    words: Words, item: ActionItem, *, squad_id: int = 0, listed: bool = False
) -> Block:
    """Return the button that says it is done."""
    about = AboutAction(action_id=item.id, squad_id=squad_id, listed=listed)
    return blocks.button(words("agenda.button.done"), DONE, about.encode())


def action_line(words: Words, item: ActionItem, *, late: bool) -> Line:
    """Return an action item as a line of its owner's Today."""
    text = agenda.one_line(item.text, agenda.NEWS_CHARACTERS)
    key = "agenda.action.line"
    if item.due is not None:
        key = "agenda.action.line.late" if late else "agenda.action.line.due"
    day = dates.day(words, item.due) if item.due else ""
    said = words(key, text=text, day=day)
    return Line(said, done_button(words, item), done=not item.is_open)


def action_done(words: Words, item: ActionItem) -> Message:
    """Return the receipt."""
    text = agenda.one_line(item.text, agenda.NEWS_CHARACTERS)
    return blocks.message(words("agenda.action.is_done", text=text))
