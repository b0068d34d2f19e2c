"""The catalogues: one folder a language, one module a capability, merged into one `Words` each."""

import re
from collections.abc import Mapping

from bot.views.catalogue import en
from bot.views.words import Languages, Words


def load(prefix: str = "") -> Languages:
    """Return every language that Muster speaks; commands are named with `prefix` (/ops-audit)."""
    return Languages([Words("en", _named(en.SENTENCES, prefix))])


def _named(sentences: Mapping[str, str], prefix: str) -> Mapping[str, str]:
    if not prefix:
        return sentences
    names = {key.split(".")[1] for key in sentences if re.fullmatch(r"command\.\w+\.usage", key)}
    # A command's name, but not a folder's or an address's: nothing wordlike stands before it.
    command = re.compile(rf"(?<![\w/.:])/(?=(?:{'|'.join(sorted(names))})\b)")
    return {key: command.sub(f"/{prefix}", said) for key, said in sentences.items()}
