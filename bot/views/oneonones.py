"""One-on-ones as the two who hold them read them: the list, the page of two, topics, moving one."""

from collections.abc import Sequence
from typing import Final

from bot import clock
from bot.rules.oneonones import TOPIC_LIMIT, Choices, Mine, OneOnOne, Seat, Told, Why
from bot.rules.payloads import Payload
from bot.views import arrival, blocks, coaching_effects, dates, oneonone_lists, oneonone_packs
from bot.views.blocks import Block, Message, View
from bot.views.words import Words

OPEN: Final = "oneonone.open"
ADD_TOPIC: Final = "oneonone.topic"
SHARE: Final = "oneonone.share"
CLOSE: Final = "oneonone.close"
MOVE: Final = "oneonone.move"
CANCEL: Final = "oneonone.cancel"
SETUP: Final = "oneonone.setup"
TOPIC_FORM: Final = "oneonone.topic_form"
MOVE_FORM: Final = "oneonone.move_form"

TEXT: Final = "oneonone_text"
PLACE: Final = "oneonone_place"
DAY: Final = "oneonone_day"
TIME: Final = "oneonone_time"

SEATS_SHOWN: Final = 20
SETUPS_SHOWN: Final = 5
TOPICS_SHOWN: Final = 8
ACTIONS_SHOWN: Final = 10
ACTIONS_TEXT: Final = 2500
NEXT_SHOWN: Final = 3
NAMES_SHOWN: Final = 10
HOME_SHOWN: Final = 3


class AboutPair(Payload):
    """A button about two people who meet."""

    pair_id: int


class AboutTopic(Payload):
    """A button about a topic."""

    topic_id: int


class AboutMeeting(Payload):
    """A button about a meeting as it stood when the button was made."""

    one_on_one_id: int
    revision: int


class SetupIn(Payload):
    """A button that opens the set-up in a squad."""

    squad_id: int


# The list.


def listing(words: Words, mine: Mine) -> Message:
    """Return all of somebody's one-on-ones, their managers' first."""
    title = words("oneonones.list.title")
    if not mine.seats:
        key = "oneonones.list.none_manager" if mine.squads else "oneonones.list.none"
        parts = [blocks.section(words(key))]
    else:
        parts = [blocks.section(f"*{title}*")]
        parts += [_seat(words, each, mine.zone) for each in mine.seats[:SEATS_SHOWN]]
    if len(mine.seats) > SEATS_SHOWN:
        parts.append(blocks.context(words("oneonones.list.cut")))
    if mine.rarely:
        parts.append(blocks.section(words("oneonones.home.rarely", names=_names(mine.rarely))))
    if mine.without:
        said = words.plural("oneonones.list.without", len(mine.without), names=_names(mine.without))
        parts += [blocks.section(said), blocks.context(words("oneonones.list.without.hint"))]
    if mine.squads:
        # A row each: within one an id stands once.
        parts += [
            blocks.actions(each, coaching_effects.effect_button(words, squad_id))
            for each, (squad_id, _) in zip(
                setup_buttons(words, mine.squads), mine.squads, strict=False
            )
        ]
    return blocks.message(title, blocks.fit(parts, words("oneonones.list.cut")))


def coming_on_home(mine: Mine) -> list[Seat]:
    """Return those whose next one-on-one the Home tab lists, the soonest first."""
    coming = (each for each in mine.seats if each.upcoming)
    return sorted(coming, key=lambda each: each.upcoming[0].starts_at)[:HOME_SHOWN]


def on_home(words: Words, mine: Mine) -> list[Block]:
    """Return the next one-on-ones for the Home tab, and what their manager should look at."""
    coming = coming_on_home(mine)
    if not (coming or mine.rarely or (mine.seats and mine.without)):
        return []
    parts = [blocks.divider(), blocks.section(f"*{words('oneonones.list.title')}*")]
    if mine.rarely:
        parts.append(blocks.section(words("oneonones.home.rarely", names=_names(mine.rarely))))
    if mine.seats and mine.without:
        parts.append(blocks.section(words("oneonones.home.without", names=_names(mine.without))))
    return parts + [_seat(words, each, mine.zone) for each in coming]


def setup_buttons(words: Words, squads: Sequence[tuple[int, str]]) -> list[Block]:
    """Return a button for each squad in which somebody may set one-on-ones up."""
    one = len(squads) == 1
    return [
        blocks.button(
            words("oneonones.setup") if one else words("oneonones.setup.squad", squad=name),
            SETUP,
            SetupIn(squad_id=squad_id).encode(),
        )
        for squad_id, name in squads[:SETUPS_SHOWN]
    ]


def _names(people: Sequence[object], shown: int = NAMES_SHOWN) -> str:
    names = [blocks.escape(str(getattr(each, "name", ""))) for each in people[:shown]]
    return ", ".join(names) + (" …" if len(people) > shown else "")


names = _names


def _seat(words: Words, seat: Seat, zone: str | None) -> Block:
    name = blocks.mention(seat.other.user_id, seat.other.name)
    key = "oneonones.list.with_person" if seat.manages else "oneonones.list.with_manager"
    who = words(key, name=name, squad=blocks.escape(seat.squad))
    if seat.upcoming:
        when = arrival.moment(words, seat.upcoming[0].starts_at, zone or "UTC")
        text = words("oneonones.list.next", seat=who, when=when)
    elif seat.pair.home is None:
        text = words("oneonones.list.homeless", seat=who)
    else:
        text = words("oneonones.list.nothing", seat=who)
    facts = []
    if seat.topics:
        facts.append(words.plural("oneonones.list.topics", len(seat.topics)))
    if seat.actions:
        facts.append(words.plural("oneonones.list.actions", len(seat.actions)))
    if facts:
        text += "\n" + " · ".join(facts)
    return blocks.section(text, open_button(words, seat.pair.pair_id))


def open_button(words: Words, pair_id: int) -> Block:
    """Return the button that shows the page of two people."""
    return blocks.button(words("oneonones.open"), OPEN, AboutPair(pair_id=pair_id).encode())


# The page.


def page(words: Words, seats: Sequence[Seat], zone: str | None) -> Message:
    """Return the page of two people, once for each squad in which they meet."""
    parts: list[Block] = []
    for seat in seats:
        parts += _page(words, seat, zone)
    return blocks.message(
        words("oneonones.page.title"), blocks.fit(parts, words("oneonones.list.cut"))
    )


def page_view(words: Words, seat: Seat, zone: str | None) -> View:
    """Return the page of two people as a window."""
    return blocks.modal(
        words("oneonones.page.title"),
        "oneonone.page",
        _page(words, seat, zone),
        submit=None,
        close=words("common.close"),
        metadata=AboutPair(pair_id=seat.pair.pair_id).encode(),
    )


def _page(words: Words, seat: Seat, zone: str | None) -> list[Block]:
    parts = [blocks.section(_head(words, seat)), *_coming(words, seat, zone)]
    if seat.also_in:
        squads = ", ".join(blocks.escape(each) for each in seat.also_in)
        parts.append(blocks.context(words("oneonones.page.also", squads=squads)))
    parts += _topics(words, seat)
    add = AboutPair(pair_id=seat.pair.pair_id).encode()
    parts.append(blocks.actions(blocks.button(words("oneonones.topic.add"), ADD_TOPIC, add)))
    if seat.actions:
        parts.append(_actions(words, seat))
    if seat.past:
        lines = [words("oneonones.page.past")]
        lines += [_past(words, each, zone) for each in seat.past]
        parts.append(blocks.context("\n".join(lines)))
        last = seat.past[0].one_on_one_id
        parts.append(blocks.actions(oneonone_packs.notes_button(words, last, last=True)))
    return parts


def _actions(words: Words, seat: Seat) -> Block:
    """Return what is to be done, with the way to what is cut off."""
    shown = [oneonone_lists.action(words, each) for each in seat.actions[:ACTIONS_SHOWN]]
    while sum(map(len, shown)) > ACTIONS_TEXT:
        shown.pop()
    lines = [words("oneonones.page.actions"), *shown]
    if (rest := len(seat.actions) - len(shown)) == 0:
        return blocks.section("\n".join(lines))
    lines.append(words("common.and_more", n=rest))
    return blocks.section("\n".join(lines), _all(words, seat, len(seat.topics)))


def _head(words: Words, seat: Seat) -> str:
    name = blocks.mention(seat.other.user_id, seat.other.name)
    head = words("oneonones.page.head", name=name, squad=blocks.escape(seat.squad))
    if seat.pair.ended:
        return f"{head}\n{words('oneonones.page.ended')}"
    how = words.plural("oneonones.page.how", seat.pair.every_weeks, minutes=seat.pair.minutes)
    if seat.pair.link:
        how += " · " + blocks.link(seat.pair.link, words("oneonones.page.link"))
    return f"{head}\n{how}"


def _coming(words: Words, seat: Seat, zone: str | None) -> list[Block]:
    name = blocks.mention(seat.other.user_id, seat.other.name)
    if seat.pair.ended:
        return []
    if seat.pair.home is None:
        key = "oneonones.page.homeless.manager" if seat.manages else "oneonones.page.homeless"
        return [blocks.section(words(key, name=name))]
    parts = []
    if seat.missed_in_a_row > 1:
        parts.append(blocks.section(words("oneonones.page.missed", n=seat.missed_in_a_row)))
    last = seat.past[0] if seat.past else None
    again = any(last and each.instead_of == last.one_on_one_id for each in seat.upcoming)
    if seat.manages and last is not None and last.state.value == "missed" and not again:
        parts.append(blocks.actions(move_button(words, last, again=True)))
    for each in seat.unplaced[:NEXT_SHOWN]:
        week = dates.day(words, clock.local_day(each.starts_at, zone or "UTC"))
        button = move_button(words, each, again=True)
        parts.append(blocks.section(words("oneonones.page.unplaced", when=week), button))
    if not seat.upcoming:
        return [*parts, blocks.section(words("oneonones.page.nothing"))]
    first, *later = seat.upcoming[:NEXT_SHOWN]
    when = arrival.moment(words, first.starts_at, zone or "UTC")
    parts.append(blocks.section(words("oneonones.page.next", when=when)))
    about = AboutMeeting(one_on_one_id=first.one_on_one_id, revision=first.revision).encode()
    sure = blocks.sure(
        words("oneonones.cancel.sure"),
        words("oneonones.cancel.text"),
        words("oneonones.cancel"),
        words("oneonones.cancel.no"),
    )
    cancel = blocks.button(words("oneonones.cancel"), CANCEL, about, confirm=sure)
    pack = oneonone_packs.open_button(words, first.one_on_one_id, mine=not seat.manages)
    parts.append(blocks.actions(pack, move_button(words, first), cancel))
    for each in later:
        when = arrival.moment(words, each.starts_at, zone or "UTC")
        parts.append(
            blocks.section(words("oneonones.page.later", when=when), move_button(words, each))
        )
    return parts


def move_button(words: Words, meeting: OneOnOne, *, again: bool = False) -> Block:
    """Return the button that moves a meeting, or finds a time for a missed one."""
    about = AboutMeeting(one_on_one_id=meeting.one_on_one_id, revision=meeting.revision)
    return blocks.button(
        words("oneonones.again") if again else words("oneonones.move"), MOVE, about.encode()
    )


def _topics(words: Words, seat: Seat) -> list[Block]:
    if not seat.topics:
        return [blocks.section(words("oneonones.page.topics.none"))]
    parts = [blocks.section(words("oneonones.page.topics"))]
    for each in seat.topics[:TOPICS_SHOWN]:
        about = AboutTopic(topic_id=each.topic_id).encode()
        buttons = [blocks.button(words("oneonones.topic.close"), CLOSE, about)]
        if not each.shared:
            share = blocks.button(words("oneonones.topic.share"), SHARE, about, style="primary")
            buttons.insert(0, share)
        text = oneonone_lists.topic(words, each, seat)
        parts += [blocks.section(text), blocks.actions(*buttons)]
    if (rest := len(seat.topics) - TOPICS_SHOWN) > 0:
        more = words.plural("oneonones.page.topics.more", rest)
        parts.append(blocks.section(more, _all(words, seat, TOPICS_SHOWN)))
    return parts


def _all(words: Words, seat: Seat, offset: int) -> Block:
    about = oneonone_lists.Listed(pair_id=seat.pair.pair_id, offset=offset)
    return oneonone_lists.show_all(words, about)


def _past(words: Words, meeting: OneOnOne, zone: str | None) -> str:
    state = "no_time" if meeting.why is Why.NO_TIME else meeting.state.value
    when = dates.day(words, clock.local_day(meeting.starts_at, zone or "UTC"))
    return words(f"oneonones.page.past.{state}", when=when)


# Forms.


def topic_form(words: Words, pair_id: int) -> View:
    """Return the form of a new topic."""
    field = blocks.text_input(TEXT, multiline=True, max_length=TOPIC_LIMIT)
    return blocks.modal(
        words("oneonones.topic.form"),
        TOPIC_FORM,
        [
            blocks.field(
                words("oneonones.topic.label"),
                field,
                block_id=TEXT,
                hint=words("oneonones.topic.hint"),
            )
        ],
        submit=words("common.save"),
        close=words("common.cancel"),
        metadata=AboutPair(pair_id=pair_id).encode(),
    )


def move_form(words: Words, choices: Choices) -> View:
    """Return the form that puts a meeting elsewhere: a list of free places, or any day and time."""
    told, meeting = choices.told, choices.told.meeting
    zone = told.zone or "UTC"
    again = meeting.state.value in {"missed", "unknown"}
    parts: list[Block] = [
        blocks.section(
            words(
                "oneonones.move.again" if again else "oneonones.move.which",
                name=blocks.mention(told.other.user_id, told.other.name),
                squad=blocks.escape(told.squad),
                when=arrival.moment(words, meeting.starts_at, zone),
            )
        )
    ]
    if choices.places:
        options = [
            blocks.option(arrival.moment(words, each, zone), str(int(each.timestamp())))
            for each in choices.places
        ]
        menu = blocks.menu(PLACE, options, placeholder=words("oneonones.move.choose"))
        label = words("oneonones.move.places")
        parts.append(blocks.field(label, menu, block_id=PLACE, optional=True))
    else:
        parts.append(blocks.section(words("oneonones.move.none")))
    parts += [
        blocks.field(
            words("oneonones.move.day"),
            {"type": "datepicker", "action_id": DAY},
            block_id=DAY,
            optional=True,
        ),
        blocks.field(
            words("oneonones.move.time"),
            blocks.text_input(TIME, max_length=5, placeholder="15:00"),
            block_id=TIME,
            optional=True,
            hint=words("oneonones.move.hint", zone=zone),
        ),
    ]
    about = AboutMeeting(one_on_one_id=meeting.one_on_one_id, revision=meeting.revision)
    return blocks.modal(
        words("oneonones.move.title_again" if again else "oneonones.move.title"),
        MOVE_FORM,
        parts,
        submit=words("oneonones.move.plan" if again else "oneonones.move.submit"),
        close=words("common.cancel"),
        metadata=about.encode(),
    )


def moved_view(words: Words, told: Told) -> View:
    """Return the receipt of a move, or of one that is left out, as a window."""
    name = blocks.mention(told.other.user_id, told.other.name)
    if told.meeting.why is Why.UNDONE:
        said = words("oneonones.cancelled.receipt", name=name)
    else:
        when = arrival.moment(words, told.meeting.starts_at, told.zone or "UTC")
        said = words("oneonones.moved.receipt", name=name, when=when)
    return blocks.modal(
        words("oneonones.page.title"),
        "oneonone.moved",
        [blocks.section(said), blocks.actions(open_button(words, told.meeting.pair_id))],
        submit=None,
        close=words("common.close"),
        metadata=AboutPair(pair_id=told.meeting.pair_id).encode(),
    )
