"""What may be stored of an audit form, and what suggestions and links are made of."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.rules.audits import FindingState, Severity, Verdict
from bot.rules.findings import (
    NOTE_LIMIT,
    SECTION_LIMIT,
    AuditForm,
    AuditSearch,
    CategoryRef,
    FindingForm,
    StoredFinding,
    closest,
    field_of,
    link_of,
    read_findings,
)

CATEGORIES: Mapping[int, CategoryRef] = {
    1: CategoryRef(category_id=1, name="Class", severity=Severity.ERROR, section="4.2"),
    2: CategoryRef(category_id=2, name="Box", severity=Severity.ERROR),
    3: CategoryRef(category_id=3, name="Slow", severity=Severity.WARNING),
}

texts = st.one_of(st.none(), st.text(max_size=40))
filled = st.builds(
    FindingForm,
    category_id=st.sampled_from([None, 1, 2, 3, 9]),
    severity=st.sampled_from([None, *Severity]),
    section=st.one_of(texts, st.just("s" * (SECTION_LIMIT + 1))),
    note=st.one_of(texts, st.just("n" * (NOTE_LIMIT + 1))),
)


def form(*findings: FindingForm, verdict: Verdict = Verdict.REJECTED) -> AuditForm:
    return AuditForm(submission_id=1, verdict=verdict, findings=findings)


def _wrong_field(given_form: AuditForm) -> object:
    try:
        read_findings(given_form, CATEGORIES)
    except BadInput as error:
        return error.fields["field"]
    return None


@given(st.lists(filled, max_size=6), st.sampled_from(Verdict))
def test_what_is_stored_explains_itself_or_the_field_is_named(
    findings: list[FindingForm], verdict: Verdict
) -> None:
    given_form = form(*findings, verdict=verdict)
    wrong = _wrong_field(given_form)
    if wrong is not None:
        parts = ("category", "severity", "section", "note")
        names = {field_of(n, part) for n in range(max(len(findings), 1)) for part in parts}
        assert wrong in names
        return
    read = read_findings(given_form, CATEGORIES)
    assert len(read) == sum(not one.is_empty for one in findings)
    for finding in read:
        assert finding.note is None or 0 < len(finding.note) <= NOTE_LIMIT
        assert finding.section is None or 0 < len(finding.section) <= SECTION_LIMIT
        assert finding.note or finding.category_id
        if finding.severity is Severity.ERROR:
            assert finding.note
            assert finding.section
    if verdict is Verdict.REJECTED:
        assert any(f.note and f.section for f in read if f.severity is not Severity.PRAISE)


@pytest.mark.parametrize(
    ("finding", "code", "field"),
    [
        (FindingForm(category_id=9, note="x"), "category_gone", "finding_1_category"),
        (FindingForm(category_id=2, note="x"), "finding_needs_section", "finding_1_section"),
        (FindingForm(category_id=1), "finding_needs_note", "finding_1_note"),
        (FindingForm(category_id=3, note="x"), "finding_needs_section", "finding_1_section"),
        (
            FindingForm(severity=Severity.PRAISE, note="x"),
            "reject_needs_finding",
            "finding_1_note",
        ),
    ],
)
def test_a_rejected_task_says_what_is_wrong_and_where(
    finding: FindingForm, code: str, field: str
) -> None:
    with pytest.raises(BadInput) as caught:
        read_findings(form(finding), CATEGORIES)
    assert (caught.value.code, caught.value.fields["field"]) == (code, field)


def test_a_warning_on_an_accepted_task_needs_no_section() -> None:
    (read,) = read_findings(form(FindingForm(category_id=3), verdict=Verdict.ACCEPTED), CATEGORIES)
    assert (read.severity, read.section, read.note) == (Severity.WARNING, None, None)


def test_the_field_of_a_later_finding_is_named_though_earlier_ones_are_empty() -> None:
    with pytest.raises(BadInput) as caught:
        read_findings(form(FindingForm(), FindingForm(note="x"), FindingForm()), CATEGORIES)
    assert caught.value.fields["field"] == "finding_2_section"


@pytest.mark.parametrize(
    ("state", "severity", "disputable"),
    [
        (FindingState.OPEN, Severity.ERROR, True),
        (FindingState.ACKNOWLEDGED, Severity.WARNING, True),
        (FindingState.DISPUTED, Severity.ERROR, False),
        (FindingState.UPHELD, Severity.ERROR, False),
        (FindingState.WITHDRAWN, Severity.ERROR, False),
        (FindingState.OPEN, Severity.PRAISE, False),
    ],
)
def test_what_may_be_disputed(state: FindingState, severity: Severity, disputable: bool) -> None:
    finding = StoredFinding(
        finding_id=1, severity=severity, state=state, category=None, section=None, note=None
    )
    assert finding.can_be_disputed is disputable


def test_a_link_is_the_works_own_or_made_of_the_template() -> None:
    template = "https://tool.example/{task}?t={task}"
    assert link_of(template, None, "a b/1") == "https://tool.example/a%20b%2F1?t=a%20b%2F1"
    assert link_of(template, "https://own.example", "1") == "https://own.example"
    assert link_of(None, None, "1") is None


def test_the_closest_tasks_are_found_whatever_their_case() -> None:
    known = ["T-1042", "T-1043", "image-7", "X"]
    assert closest("t-1024", known)[0] in {"T-1042", "T-1043"}
    assert closest("nothing alike", known) == []


@pytest.mark.parametrize(
    ("task", "placed"),
    [
        ("T-1 in Boxes", ("T-1", "Boxes")),
        ("car in rain in Osprey", ("car in rain", "Osprey")),
        ("T-1", None),
        ("inside", None),
    ],
)
def test_a_place_is_read_behind_the_last_in(task: str, placed: tuple[str, str] | None) -> None:
    assert AuditSearch(task=task).placed == placed
