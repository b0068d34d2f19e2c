"""The forms of announcements, what stands in place of a sent one, and offers of new guidelines."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot import clock
from bot.rules.announcements import (
    REPLY_BY_FIELD,
    SQUADS_FIELD,
    TEXT_FIELD,
    TEXT_LIMIT,
    Announcement,
    Held,
    Offer,
    Own,
)
from bot.rules.payloads import Payload
from bot.rules.people import SquadState
from bot.rules.squads import Squad
from bot.views import blocks
from bot.views.announcements import DETAILS, AboutAnnouncement, about, body, changing
from bot.views.blocks import Block, Message, View
from bot.views.outbox import Line
from bot.views.words import Words

NEW: Final = "announcements.new"
EDITED: Final = "announcements.edited"
ASKED: Final = "announcements.asked"
OFFERED: Final = "announcements.offer"
ONCE_MORE: Final = "announcements.once_more"

SQUADS_SHOWN: Final = 10  # docs.slack.dev/reference/block-kit: of checkboxes
SECTIONS_SHOWN: Final = 20
BEGINNING: Final = 80


class NewAnnouncement(Payload):
    """What a form was opened for: a version of guidelines, or what was not posted, if any."""

    version_id: int | None = None
    instead_of: int | None = None


class AboutVersion(Payload):
    """The version of guidelines that may be announced."""

    version_id: int


def form(
    words: Words,
    squads: Sequence[Squad],
    *,
    ticked: Sequence[int] = (),
    text: str = "",
    reply_by: str = "",
    about: NewAnnouncement | None = None,
) -> View:
    """Return the form of a new announcement; `about` is what it was opened for."""
    shown = squads[:SQUADS_SHOWN]
    options = [blocks.option(each.name, str(each.id)) for each in shown]
    element: Block = {"type": "checkboxes", "action_id": SQUADS_FIELD, "options": options}
    first = [
        option
        for each, option in zip(shown, options, strict=True)
        if each.id in ticked or len(shown) == 1
    ]
    if first:
        element["initial_options"] = first
    fields = [
        blocks.field(words("announcements.form.squads"), element, block_id=SQUADS_FIELD),
        _text_field(words, text),
        _reply_by_field(words, words("announcements.form.reply_by.hint"), reply_by, optional=True),
    ]
    return blocks.modal(
        words("announcements.form.title"),
        NEW,
        fields,
        submit=words("announcements.form.send"),
        close=words("common.cancel"),
        metadata=(about or NewAnnouncement()).encode(),
    )


def _reply_by_field(words: Words, hint: str, initial: str = "", *, optional: bool) -> Block:
    return blocks.field(
        words("announcements.form.reply_by"),
        blocks.text_input(REPLY_BY_FIELD, initial=initial, max_length=40),
        block_id=REPLY_BY_FIELD,
        optional=optional,
        hint=hint,
    )


def _text_field(words: Words, text: str) -> Block:
    element = blocks.text_input(TEXT_FIELD, initial=text, multiline=True, max_length=TEXT_LIMIT)
    return blocks.field(
        words("announcements.form.text"),
        element,
        block_id=TEXT_FIELD,
        hint=words("announcements.form.text.hint"),
    )


def edit_form(words: Words, own: Own) -> View:
    """Return the form that changes the words."""
    return blocks.modal(
        words("announcements.form.title"),
        EDITED,
        [
            _text_field(words, own.sheet.announcement.text),
            blocks.context(words("announcements.form.edit_hint")),
        ],
        submit=words("common.save"),
        close=words("common.cancel"),
        metadata=about(own.sheet),
    )


def ask_form(words: Words, own: Own) -> View:
    """Return the form that asks for replies to what was announced already."""
    return blocks.modal(
        words("announcements.form.title"),
        ASKED,
        [
            *body(own.sheet.announcement.text),
            _reply_by_field(words, words("announcements.form.ask.hint"), optional=False),
            blocks.context(words("announcements.form.ask_hint")),
        ],
        submit=words("common.save"),
        close=words("common.cancel"),
        metadata=about(own.sheet),
    )


def made(words: Words, own: Own, squads: Sequence[Squad]) -> str:
    """Say what was announced, to whom, and what comes of it; in rehearsal that nothing goes out."""
    sheet = own.sheet
    told = [each for each in squads if each.id in sheet.announcement.squad_ids]
    names = blocks.escape(", ".join(sheet.squads))
    said = [words.plural("announcements.made", sheet.asked, squads=names)]
    rehearsed = [each.name for each in told if each.state is SquadState.REHEARSAL]
    if rehearsed:
        said.append(
            words("announcements.made.rehearsal", squads=blocks.escape(", ".join(rehearsed)))
        )
    silent = [each.name for each in told if not each.team_channel]
    if silent:
        said.append(words("announcements.made.no_channel", squads=blocks.escape(", ".join(silent))))
    return "\n".join(said)


def made_message(words: Words, own: Own, squads: Sequence[Squad]) -> Message:
    """Say the same after a typed command, with the way to its details."""
    text = made(words, own, squads)
    row = changing(words, own.sheet)
    details = blocks.button(words("announcements.details"), DETAILS, about(own.sheet))
    return blocks.message(text, [blocks.section(text), blocks.actions(details, *row["elements"])])


# What was not posted, for a squad was in rehearsal.


def _once_more(words: Words, announcement: Announcement) -> Block:
    about = AboutAnnouncement(announcement_id=announcement.id).encode()
    return blocks.button(words("announcements.held.button"), ONCE_MORE, about)


def _begin(announcement: Announcement) -> str:
    return blocks.escape(blocks.clip(" ".join(announcement.text.split()), BEGINNING))


def held(words: Words, found: Sequence[Announcement]) -> list[Block]:
    """Say what a squad that has gone live was not told of, each with the way to announce it."""
    if not found:
        return []
    lines = [blocks.section(words.plural("announcements.held", len(found)))]
    for each in found:
        text = words("announcements.held.item", text=_begin(each))
        lines.append(blocks.section(text, _once_more(words, each)))
    return lines


def held_line(words: Words, announcement: Announcement, squad: str) -> Line:
    """Tell its author that a squad that has gone live was not told of it."""
    text = _begin(announcement)
    said = words("announcements.held.line", squad=blocks.escape(squad), text=text)
    return Line(said, _once_more(words, announcement))


def held_form(words: Words, found: Held, squads: Sequence[Squad], now: datetime) -> View:
    """Return the form that announces it to the squads that were not told, as it was said."""
    announcement = found.announcement
    due = announcement.reply_by
    open_until = due if due is not None and due > now else None
    return form(
        words,
        sorted(squads, key=lambda each: each.id not in found.squads),
        ticked=list(found.squads),
        text=announcement.text,
        reply_by=f"{clock.to_local(open_until, found.zone):%Y-%m-%d %H:%M}" if open_until else "",
        about=NewAnnouncement(
            version_id=announcement.version_id if found.whole else None,
            instead_of=announcement.id,
        ),
    )


# A new version of guidelines.


def offer_line(words: Words, project: str, version: str, version_id: int) -> Line:
    """Offer to announce a version."""
    said = words(
        "announcements.offer", project=blocks.escape(project), version=blocks.escape(version)
    )
    about = AboutVersion(version_id=version_id).encode()
    return Line(said, blocks.button(words("announcements.offer.button"), OFFERED, about))


def offer_text(words: Words, offer: Offer) -> str:
    """Return the words that the form of an offered announcement starts with."""
    said = words("announcements.offer.text", project=offer.project, version=offer.version)
    if not offer.sections:
        return said
    listed = [f"• {each}" for each in offer.sections[:SECTIONS_SHOWN]]
    if len(offer.sections) > SECTIONS_SHOWN:
        listed.append(words("common.and_more", n=len(offer.sections) - SECTIONS_SHOWN))
    return "\n".join([said, words("announcements.offer.changed"), *listed])
