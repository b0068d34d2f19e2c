"""The catalogue and the code name the same sentences, and every value that one needs is given."""

import functools
import re
from collections import Counter
from pathlib import Path

import pytest

from bot.rules.roles import Act
from bot.views.catalogue.en import SENTENCES
from handlers.features import doors
from tests.house import put_together, walk
from tests.house.put_together import OPTIONAL_KEYS, REQUIRED_KEYS

NAMESPACES = {key.partition(".")[0] for key in SENTENCES}
KEY = re.compile(rf"(?:{'|'.join(sorted(NAMESPACES))})(?:\.[a-z0-9_+-]+)+")
WORDED = ("bot/views", "bot/cli", "bot/demo", "bot/dispatch", "handlers")

# Codes that a variable carries to the place where the error is made, by module.
CODES_IN_VARIABLES = {
    Path("bot/rules/calendar.py"): {"working_hours_empty", "quiet_hours_empty"},
    Path("bot/rules/quiet.py"): {"bad_time", "time_is_24"},
    Path("bot/rules/squad_input.py"): {
        *("squad_unnamed", "no_tags", "guidelines_unnamed", "sync_unnamed"),
    },
    Path("bot/intake/files.py"): {"file_undecodable", "file_unreadable"},
    Path("bot/services/status_cases.py"): {
        *{"case_decided", "case_too_old", "case_moved_on", "case_proposer_gone"},
        *{"case_over", "case_answered", "case_answer_late"},
    },
}
# Read from a form's lines: each becomes a sentence `projects.problem.<code>` at its field.
PROBLEMS_RAISED = Path("bot/rules/project_input.py")
PROBLEMS_OF_THE_CLOCK = {"bad_date", "date_out_of_range"}
# Said by the guards themselves, without an exception of that code.
BY_THE_GUARDS = {"internal", "timed_out"}


def shown_codes() -> Counter[str]:
    """Every code that an error to a person may carry."""
    found: Counter[str] = Counter(BY_THE_GUARDS)
    for error in walk.errors_raised():
        if error.module != PROBLEMS_RAISED:
            found.update(code for code in error.codes or () if walk.HOLE not in code)
    for codes in CODES_IN_VARIABLES.values():
        found.update(codes)
    found.update(f"not_allowed_{act.value}" for act in Act)
    return found


def problem_codes() -> set[str]:
    """Every code that a line of the project form may carry."""
    found = set(PROBLEMS_OF_THE_CLOCK)
    for module in walk.modules():
        if module.path != PROBLEMS_RAISED:
            continue
        for call in module.calls("BadInput"):
            found.update(walk.variants(call.args[0]) or ())
        for call in module.calls("Problem"):
            found.update(walk.variants(call.args[1]) or ())
        found.update(walk.returned_codes(module))
    return found


@functools.cache
def used_keys() -> frozenset[str]:
    used = {key for said in walk.sentences_asked_for() for key in said.keys}
    for _, text in walk.literals(*WORDED):
        used.update(key for key in (text, f"{text}.one", f"{text}.other") if key in SENTENCES)
    for keys in (*REQUIRED_KEYS.values(), *OPTIONAL_KEYS.values()):
        used |= keys
    used |= {f"error.{code}" for code in shown_codes()}
    used |= {f"projects.problem.{code}" for code in problem_codes()}
    return frozenset(used)


def test_every_sentence_that_is_asked_for_exists() -> None:
    missing = [
        f"{said.place} {key}"
        for said in walk.sentences_asked_for()
        for key in said.keys
        if walk.HOLE not in key and not said.optional and key not in SENTENCES
    ]
    assert missing == []


def test_every_key_that_is_put_together_is_listed_and_exists() -> None:
    listed = {*REQUIRED_KEYS, *OPTIONAL_KEYS, put_together.ERRORS, put_together.PROBLEMS}
    in_code = {
        (place, pattern.removesuffix(".one").removesuffix(".other"))
        for place, pattern in walk.patterns()
        if pattern.partition(".")[0] in NAMESPACES and " " not in pattern and "." in pattern
    }
    stems = {pattern.removesuffix(".one").removesuffix(".other") for pattern in listed}
    assert {(place, pattern) for place, pattern in in_code if pattern not in stems} == set()
    assert stems - {pattern for _, pattern in in_code} == set(), "no longer put together"
    assert set().union(*REQUIRED_KEYS.values()) - set(SENTENCES) == set()


def test_what_looks_like_a_key_is_one() -> None:
    tables = doors()
    ids = {*tables.clicks, *tables.forms, *tables.secret_clicks, *tables.secret_forms}
    ids |= {*walk.modal_ids(), *walk.ids_in_views()}
    stems = {key.rpartition(".")[0] for key in SENTENCES if key.endswith((".one", ".other"))}
    strange = [
        f"{place} {text}"
        for place, text in walk.literals("bot/views", "bot/cli", "bot/demo")
        if KEY.fullmatch(text) and text not in {*SENTENCES, *stems, *ids}
    ]
    assert strange == []


def test_every_sentence_is_used() -> None:
    assert sorted(set(SENTENCES) - used_keys()) == []


def test_every_error_has_its_sentence() -> None:
    assert sorted(code for code in shown_codes() if f"error.{code}" not in SENTENCES) == []
    assert sorted(c for c in problem_codes() if f"projects.problem.{c}" not in SENTENCES) == []


def test_a_code_in_a_variable_is_listed() -> None:
    unread = {error.module for error in walk.errors_raised() if error.codes is None}
    assert unread - {PROBLEMS_RAISED} == set(CODES_IN_VARIABLES)


@pytest.mark.parametrize("act", Act)
def test_who_may_not_hears_who_can(act: Act) -> None:
    sentence = SENTENCES[f"error.not_allowed_{act.value}"]
    assert re.search(r"manager|auditor|admin", sentence), sentence


def test_every_value_that_a_sentence_needs_is_given() -> None:
    starved = []
    for said in walk.sentences_asked_for():
        if said.given is None or said.optional:
            continue
        for pattern in said.keys:
            for key in REQUIRED_KEYS.get(pattern, {pattern} & set(SENTENCES)):
                lacking = walk.places(SENTENCES[key]) - said.given
                starved += [f"{said.place} {key} lacks {name}" for name in sorted(lacking)]
    assert starved == []


def test_every_value_that_an_error_needs_is_given() -> None:
    starved = []
    for error in walk.errors_raised():
        if error.fields is None or error.module == PROBLEMS_RAISED:
            continue
        for code in error.codes or ():
            lacking = walk.places(SENTENCES.get(f"error.{code}", "")) - error.fields
            starved += [f"{error.place} {code} lacks {name}" for name in sorted(lacking)]
    assert starved == []


def test_singular_and_plural_come_together() -> None:
    forms: dict[str, set[str]] = {}
    for key in SENTENCES:
        stem, _, form = key.rpartition(".")
        if form in {"one", "other"} and key != "outbox.reason.other":
            forms.setdefault(stem, set()).add(form)
    assert {stem: found for stem, found in forms.items() if len(found) != 2} == {}
    named = {key for said in walk.sentences_asked_for() for key in said.keys}
    assert forms, "the catalogue counts something"
    used = used_keys() | named
    assert {stem for stem in forms if f"{stem}.one" not in used} == set()


def test_nobody_is_shouted_at() -> None:
    assert [key for key, sentence in SENTENCES.items() if re.search("[!！]", sentence)] == []


def test_no_sentence_stands_elsewhere() -> None:
    """Handlers, jobs, services and the rest say nothing themselves."""
    assert list(walk.sentences("handlers", "jobs", *walk.SILENT)) == []
