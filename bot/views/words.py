"""The sentences of one language, looked up by key; the only way words reach a person."""

from collections.abc import Iterable, Mapping


class Words:
    """One language's catalogue: `words("audits.saved", task="T-1")` gives the sentence."""

    def __init__(self, language: str, sentences: Mapping[str, str]) -> None:
        self.language = language
        self._sentences = sentences

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the sentence `key` with `{name}` places filled.

        Raises KeyError for an unknown key or a value that the sentence needs and did not get;
        a test walks every key so that neither reaches a person.
        """
        return self._sentences[key].format_map(values)

    def plural(self, key: str, n: int, /, **values: object) -> str:
        """Return `key.one` for n = 1 and `key.other` otherwise, with `{n}` filled in."""
        form = "one" if n == 1 else "other"
        return self(f"{key}.{form}", n=n, **values)

    def has(self, key: str) -> bool:
        """Tell whether the catalogue has `key`."""
        return key in self._sentences

    @property
    def keys(self) -> frozenset[str]:
        """All keys of the catalogue."""
        return frozenset(self._sentences)


class Languages:
    """The catalogues that exist; a locale without one falls back to English."""

    def __init__(self, catalogues: Iterable[Words]) -> None:
        self._by_language = {words.language: words for words in catalogues}

    def of(self, locale: str | None) -> Words:
        """Return the catalogue for a Slack locale such as `en-GB`."""
        language = (locale or "en").replace("_", "-")
        found = self._by_language.get(language) or self._by_language.get(language.split("-")[0])
        return found or self._by_language["en"]
