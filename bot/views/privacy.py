"""What people are told of what is stored about them, who looked, and how long it is kept."""

from typing import Final

from bot.rules.payloads import Nothing
from bot.rules.privacy import TERM_OF, AboutMe, Erasing, Holding, Look
from bot.rules.retention import DataKind, Kept
from bot.views import arrival, blocks, figures
from bot.views.blocks import Message
from bot.views.words import Words

EXPORT: Final = "privacy.export"


def term(words: Words, found: Kept) -> str:
    """Return for how long a kind of data is kept."""
    if found.days is None:
        return words("privacy.term.always")
    return words.plural("privacy.term", found.days)


def keeps(words: Words, kind: DataKind) -> str:
    """Return what goes when the time of a kind is over, and what stays."""
    return words(f"privacy.keeps.{kind.value}")


def about_me(words: Words, found: AboutMe, waiting: str) -> Message:
    """Return to a person what is stored about them, who looked, and the button of the export.

    `waiting` says, in mrkdwn, what is held back from them.
    """
    title = words("privacy.me.title")
    held = [_held(words, found, each) for each in Holding if found.counts.get(each)]
    looks = [_look(words, each, found.zone) for each in found.looks]
    parts = [
        blocks.section("\n".join([f"*{title}*", *held])),
        blocks.section(
            "\n".join([f"*{words('privacy.me.looks')}*", *(looks or [words("privacy.me.nobody")])])
        ),
        blocks.section(blocks.clip(waiting, blocks.SECTION_TEXT)),
        blocks.context(words("privacy.me.small")),
        blocks.actions(blocks.button(words("privacy.me.export"), EXPORT, Nothing().encode())),
    ]
    return blocks.message(title, blocks.fit(parts, words("privacy.me.cut")))


def _held(words: Words, found: AboutMe, holding: Holding) -> str:
    kind = TERM_OF.get(holding)
    days = words("privacy.term.always") if kind is None else term(words, found.terms[kind])
    return words(
        "privacy.me.held",
        what=words(f"privacy.holding.{holding.value}"),
        n=figures.number(found.counts[holding]),
        term=days,
    )


def _look(words: Words, look: Look, zone: str) -> str:
    by = words("privacy.me.operator")
    if look.by is not None:
        by = blocks.mention(look.by.user_id, look.by.name)
    return words(
        "privacy.me.look",
        moment=arrival.moment(words, look.at, zone),
        by=by,
        squad=blocks.escape(look.squad or "–"),
    )


def erasing(words: Words, plan: Erasing) -> list[str]:
    """Return in the shell what erasing somebody does, or did, line by line."""
    key = "privacy.erase.done" if plan.done else "privacy.erase.dry"
    lines = [words(key, name=plan.person.name, pseudonym=plan.pseudonym)]
    lines += [
        words(
            "privacy.erase.held",
            what=words(f"privacy.holding.{holding.value}"),
            n=figures.number(n),
        )
        for holding, n in plan.counts.items()
        if n
    ]
    return [*lines, words("privacy.erase.goes"), words("privacy.erase.stays")]
