"""The catalogues: one folder a language, one module a capability, merged into one `Words` each."""

from bot.views.catalogue import en
from bot.views.words import Languages, Words


def load() -> Languages:
    """Return every language that Muster speaks."""
    return Languages([Words("en", en.SENTENCES)])
