"""What a pack says of somebody who audits or leads."""

from bot.rules.oneonone_packs import AuditorPack, LeadPack
from bot.views import figures
from bot.views.words import Words


def auditor(words: Words, found: AuditorPack) -> list[str]:
    """Return how an auditor's judgements held, each with its n."""
    lines = [words.plural("packs.auditor.audits", found.audits)]
    if found.disputed:
        share = figures.percent(words, found.overturned / found.disputed)
        lines.append(
            words("packs.auditor.overturned", share=share, n=found.disputed, part=found.overturned)
        )
    if found.doubled:
        share = figures.percent(words, found.alike / found.doubled)
        lines.append(words("packs.auditor.alike", share=share, n=found.doubled, part=found.alike))
    if found.feedback.n:
        time = figures.spread(words, found.feedback)
        lines.append(words("packs.auditor.feedback", time=time, n=found.feedback.n))
    return lines


def lead(words: Words, found: LeadPack) -> list[str]:
    """Return how long people wait for somebody who leads."""
    lines = []
    if found.rulings.n:
        time = figures.spread(words, found.rulings)
        lines.append(words("packs.lead.rulings", time=time, n=found.rulings.n))
    if found.answers.n:
        time = figures.spread(words, found.answers)
        lines.append(words("packs.lead.answers", time=time, n=found.answers.n))
    return lines
