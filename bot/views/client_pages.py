"""A page for a client: its draft, the form to edit and release it, and what the client reads."""

from collections.abc import Sequence
from typing import Final

from bot.rules.client_pages import (
    BODY_FIELD,
    BODY_LIMIT,
    CHANNEL_FIELD,
    Page,
    PageFigures,
    PageState,
    ProjectFigures,
)
from bot.rules.forecasts import is_open
from bot.rules.payloads import Payload
from bot.views import blocks, dates, figures, forecasts
from bot.views.blocks import Block, Message, View
from bot.views.words import Words

OPEN: Final = "client_pages.open"
DISCARD: Final = "client_pages.discard"
FORM: Final = "client_pages.edit"

_NAME: Final = 80
_BATCHES: Final = 3


class AboutPage(Payload):
    """The page that a button opens."""

    page_id: int


def draft(words: Words, found: PageFigures) -> str:
    """Return a draft as plain text; it names no person, for it is given none."""
    lines = [
        words(
            "client_pages.head",
            squad=found.squad,
            span=dates.span(words, found.span.first, found.span.last),
        )
    ]
    for project in found.projects:
        lines += ["", *_project(words, project)]
    lines += ["", words("client_pages.doing"), words("client_pages.doing.fill")]
    return blocks.clip("\n".join(lines), BODY_LIMIT)


def _project(words: Words, project: ProjectFigures) -> list[str]:
    score = project.score
    told = [blocks.clip(project.project, _NAME)]
    if score.rate is None:
        told.append(words("client_pages.unknown"))
    else:
        told.append(
            words(
                "client_pages.quality",
                rate=figures.percent(words, score.rate),
                interval=figures.interval(words, score),
                n=figures.number(score.n),
            )
        )
    told.append(words("client_pages.handed_in", n=figures.number(project.handed_in)))
    for errors, section in project.top:
        line = words(
            "client_pages.category",
            category=errors.category,
            share=figures.percent(words, errors.affected.rate),
        )
        if section:
            clipped = blocks.clip(section, _NAME)
            line = words("client_pages.section", line=line, section=clipped)
        told.append(line)
    batches = [one for one in project.dates if is_open(one)][:_BATCHES]
    return told + [forecasts.plain(words, one) for one in batches]


def drafted(words: Words, page: Page) -> Message:
    """Offer a draft to its manager."""
    about = AboutPage(page_id=page.page_id).encode()
    button = blocks.button(words("client_pages.edit"), OPEN, about, style="primary")
    said = words("client_pages.drafted", squad=blocks.escape(page.squad))
    parts = [
        blocks.section(said),
        blocks.section(blocks.quote(page.body, 2_500)),
        blocks.actions(button, _discard(words, about)),
    ]
    return blocks.message(said, parts)


def _discard(words: Words, about: str) -> Block:
    sure = blocks.sure(
        words("client_pages.discard.sure"),
        words("client_pages.discard.text"),
        words("client_pages.discard"),
        words("common.cancel"),
    )
    return blocks.button(
        words("client_pages.discard"), DISCARD, about, style="danger", confirm=sure
    )


def discarded(words: Words) -> Message:
    """Say that a draft is gone, in its place."""
    return blocks.message(words("client_pages.discarded"))


def form(words: Words, page: Page) -> View:
    """Return the form that changes and releases a page."""
    channel = {
        "type": "conversations_select",
        "action_id": CHANNEL_FIELD,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    body = blocks.text_input(BODY_FIELD, initial=page.body, multiline=True, max_length=BODY_LIMIT)
    parts = [
        blocks.field(words("client_pages.form.body"), body, block_id=BODY_FIELD),
        blocks.field(
            words("client_pages.form.channel"),
            channel,
            block_id=CHANNEL_FIELD,
            optional=True,
            hint=words("client_pages.form.channel.hint"),
        ),
    ]
    return blocks.modal(
        words("client_pages.form.title"),
        FORM,
        parts,
        submit=words("common.save"),
        close=words("common.cancel"),
        metadata=AboutPage(page_id=page.page_id).encode(),
    )


def saved(words: Words, page: Page) -> View:
    """Say what became of a page."""
    if page.state is PageState.RELEASED:
        said = words("client_pages.released", channel=f"<#{page.channel}>")
    else:
        said = words("client_pages.saved")
    parts = [blocks.section(said)]
    if page.state is PageState.DRAFT:
        about = AboutPage(page_id=page.page_id).encode()
        parts.append(blocks.actions(blocks.button(words("client_pages.edit"), OPEN, about)))
    return blocks.modal(
        words("client_pages.form.title"),
        "client_pages.form.title",
        parts,
        submit=None,
        close=words("common.close"),
    )


def post(words: Words, page: Page) -> Message:
    """Return a released page as its channel reads it."""
    span = dates.span(words, page.span.first, page.span.last)
    title = words("client_pages.title", squad=page.squad, span=span)
    body = blocks.section(blocks.escape(page.body)[: blocks.SECTION_TEXT])
    return blocks.message(blocks.escape(title), [blocks.header(title), body])


def listed(words: Words, pages: Sequence[Page]) -> Message:
    """Return what was released, newest first."""
    if not pages:
        return blocks.message(words("client_pages.none"))
    parts = [block for page in pages for block in post(words, page)["blocks"]]
    return blocks.message(words("client_pages.list"), blocks.fit(parts, words("questions.more")))
