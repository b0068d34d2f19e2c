"""The catalogues as a whole."""

from bot.views import catalogue


def test_commands_are_named_as_the_manifest_names_them() -> None:
    plain, prefixed = catalogue.load().of("en"), catalogue.load("ops-").of("en")
    assert "`/muster setup`" in plain("error.not_set_up")
    assert "`/ops-muster setup`" in prefixed("error.not_set_up")
    assert prefixed("command.audit.usage").startswith("/ops-audit next   or   /ops-audit start")
    assert plain.keys == prefixed.keys


def test_a_locale_without_a_catalogue_reads_english() -> None:
    languages = catalogue.load()
    assert languages.of("xx-YY") is languages.of(None) is languages.of("en-GB")
