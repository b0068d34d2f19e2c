"""The field for a section of the guidelines: a list, a search while typing, or a text."""

from collections.abc import Sequence
from typing import Final

from bot.rules.citations import CITED_LIMIT, Choice, Offer
from bot.rules.findings import SECTION_LIMIT
from bot.views import blocks
from bot.views.blocks import Block
from bot.views.words import Words

IN_WORDS: Final = Offer()
"""A section is written: there are no guidelines to choose from."""


def field(words: Words, offer: Offer, filled: str | None, *, strict: bool = False) -> Block:
    """Return the element of a form; `filled` is what was written or chosen before.

    `strict` is where only what stands in the guidelines will do.
    """
    if not offer.listed and not offer.asks:
        return blocks.text_input(
            "section",
            initial=filled,
            max_length=SECTION_LIMIT,
            placeholder=words("audits.form.section.placeholder"),
        )
    chosen = _chosen(offer, filled)
    if not offer.listed:
        key = "disputes.decide.section.search" if strict else "audits.form.section.search"
        placeholder = words(key)
        return blocks.search("section", placeholder=placeholder, initial=chosen)
    options = [_option(each) for each in offer.listed]
    if strict:
        chosen = chosen if chosen in options else None
        placeholder = words("disputes.decide.section.choose")
        return blocks.menu("section", options, placeholder=placeholder, initial=chosen)
    absent = words("audits.form.section.absent")
    options.append(blocks.option(absent, absent))
    if chosen is not None and chosen not in options:
        options.append(chosen)
    placeholder = words("audits.form.section.choose")
    return blocks.menu("section", options, placeholder=placeholder, initial=chosen)


def suggestions(
    words: Words, found: Sequence[Choice], typed: str, *, strict: bool = False
) -> list[Block]:
    """Return what a search offers; what stands nowhere can be kept as typed, unless `strict`."""
    options = [_option(each) for each in found]
    if strict:
        return options
    text = blocks.clean(" ".join(typed.split()))[:CITED_LIMIT]
    if text and text.casefold() not in {each.cited.casefold() for each in found}:
        options.append(blocks.option(words("audits.form.section.written", text=text), text))
    return options


def unmatched(words: Words, cited: Sequence[str]) -> str | None:
    """Say which sections are not in the guidelines; None if only what was chosen as such is."""
    absent = words("audits.form.section.absent")
    missing = [blocks.escape(each) for each in cited if each != absent]
    if not missing:
        return None
    return words("audits.saved.unmatched", sections=", ".join(missing))


def _chosen(offer: Offer, filled: str | None) -> Block | None:
    if not filled:
        return None
    known = (each for each in offer.listed if filled in (each.name, each.cited))
    choice = next(known, None)
    if choice is not None:
        return _option(choice)
    # What is too long for a line of a menu is found again by its last part.
    return _option(Choice(filled, filled[-CITED_LIMIT:]))


def _option(choice: Choice) -> Block:
    return blocks.option(_tail(choice.name), choice.cited)


def _tail(name: str) -> str:
    """Return a path that fits, its end rather than its beginning: that is what tells sections."""
    limit = blocks.OPTION_TEXT
    return name if len(name) <= limit else "…" + name[1 - limit :]
