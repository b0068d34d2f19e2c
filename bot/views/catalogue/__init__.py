"""The catalogues: one folder a language, one module a capability, merged into one `Words` each."""

import re
from collections.abc import Mapping

from bot.views.catalogue import en
from bot.views.words import Languages, Words

# Sentences name commands in code marks: `/squad project`.
_COMMAND = re.compile(r"(?<=`)/(?=[a-z])")


def load(prefix: str = "") -> Languages:
    """Return every language that Muster speaks; commands are named with `prefix` (/ops-audit)."""
    return Languages([Words("en", _named(en.SENTENCES, prefix))])


def _named(sentences: Mapping[str, str], prefix: str) -> Mapping[str, str]:
    if not prefix:
        return sentences
    return {key: _COMMAND.sub(f"/{prefix}", said) for key, said in sentences.items()}
