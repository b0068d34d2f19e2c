"""What coaching did, in words: pooled for managers, and of one person only where it can be told."""

from typing import Final

from bot.rules.coaching_effects import LEAST_PEOPLE, Change, OfCategory, OfSquad, Share
from bot.rules.payloads import Payload
from bot.views import blocks, figures
from bot.views.blocks import Block, View
from bot.views.words import Words

SHOW: Final = "coaching_effects.show"


class OfSquadPayload(Payload):
    """The squad whose results a button shows."""

    squad_id: int


def row(words: Words, squad_id: int) -> Block:
    """Return the button that shows what coaching did in a squad."""
    return blocks.actions(effect_button(words, squad_id))


def effect_button(words: Words, squad_id: int) -> Block:
    """Return the button alone."""
    payload = OfSquadPayload(squad_id=squad_id).encode()
    return blocks.button(words("effects.button"), SHOW, payload)


def squad(words: Words, found: OfSquad) -> View:
    """Return a squad's results as a window."""
    parts = [blocks.section(words("effects.head", squad=blocks.escape(found.squad)))]
    parts += [blocks.section(_category(words, each)) for each in found.found]
    if not found.found:
        parts.append(blocks.section(words("effects.nothing")))
    parts.append(blocks.context(words("effects.how")))
    return blocks.modal(
        words("effects.title"),
        "coaching_effects.window",
        parts,
        submit=None,
        close=words("common.close"),
    )


def _category(words: Words, one: OfCategory) -> str:
    """Say what came of one category; of fewer than eight people no figures, they could be told."""
    head = words(
        "effects.category",
        category=blocks.escape(one.category),
        project=blocks.escape(one.project),
        n=one.effect.coached,
    )
    pooled = one.effect.pooled
    if one.effect.coached < LEAST_PEOPLE or pooled.value is None:
        return f"{head}\n{words('effects.few', least=LEAST_PEOPLE)}"
    said = words(f"effects.pooled.{pooled.verdict.value}")
    figures_said = words(
        "effects.figures",
        before=_share(words, pooled.before),
        after=_share(words, pooled.after),
        others=one.effect.others,
        change=points(words, pooled),
    )
    return f"{head}\n{said}\n{figures_said}"


def own(words: Words, change: Change) -> str:
    """Say what can be said of one person since they were coached."""
    said = words(f"effects.own.{change.verdict.value}")
    before, after = _share(words, change.before), _share(words, change.after)
    return words("effects.own", said=said, before=before, after=after)


def _share(words: Words, share: Share) -> str:
    return words(
        "effects.share",
        rate=figures.percent(words, share.rate),
        n=figures.number(share.audits),
    )


def points(words: Words, change: Change) -> str:
    """Return a change against the others, with its interval."""
    if change.value is None or change.low is None or change.high is None:
        return words("figures.unknown")
    return words(
        "effects.points",
        value=figures.points(change.value),
        low=figures.points(change.low),
        high=figures.points(change.high),
    )
