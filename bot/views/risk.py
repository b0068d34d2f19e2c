"""Why a task was hunted, in words: always something about the work."""

from bot.rules.risk import RiskReason
from bot.views import blocks
from bot.views.words import Words


def reason(words: Words, why: RiskReason) -> str:
    """Return one reason."""
    return words(f"risk.{why.kind.value}", about=blocks.escape(why.about or ""))
