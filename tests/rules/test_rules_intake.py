"""The report's form, what counts as one audit, and how much is listed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.rules import intake
from bot.rules.audits import Severity, Verdict
from bot.rules.intake import AuditRow, ImportReport, Reason, Rejected, Tally, group_audits

AT = datetime(2026, 3, 4, 10, tzinfo=UTC)


def audit_row(row: int, **changes: Any) -> AuditRow:
    base = AuditRow(
        row=row,
        task="t1",
        contributor="ana",
        auditor="bo",
        audited_at=AT,
        verdict=Verdict.REJECTED,
    )
    return replace(base, **changes)


def test_report_as_json_has_exactly_the_promised_keys() -> None:
    report = ImportReport(
        read=5,
        new=2,
        revised=1,
        unchanged=1,
        rejected=(Rejected(4, "submitted_at", Reason.NOT_A_TIME, {"value": "soon"}),),
    )
    assert report.to_json() == {
        "read": 5,
        "new": 2,
        "revised": 1,
        "unchanged": 1,
        "rejected": [{"row": 4, "reason": "submitted_at: not_a_time"}],
    }


def test_report_words_reasons_as_told() -> None:
    report = ImportReport(rejected=(Rejected(4, None, Reason.NOT_JSON),))
    said = report.to_json(lambda each: f"line {each.row} is not JSON")
    assert said["rejected"] == [{"row": 4, "reason": "line 4 is not JSON"}]
    assert report.to_json()["rejected"] == [{"row": 4, "reason": "not_json"}]


def test_tally_lists_up_to_its_limit_and_counts_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "LISTED_ROWS", 3)
    tally = Tally()
    tally.reject(Rejected(row, None, Reason.NOT_JSON) for row in (9, 2, 5, 6))
    report = tally.report()
    assert [each.row for each in report.rejected] == [2, 5, 9]
    assert report.rejected_count == 4
    assert report.to_json()["rejected_unlisted"] == 1


def test_ten_thousand_bad_rows_are_all_listed() -> None:
    tally = Tally(read=10_000)
    tally.reject(Rejected(row, None, Reason.NOT_JSON) for row in range(2, 10_002))
    assert len(tally.report().to_json()["rejected"]) == 10_000
    assert "rejected_unlisted" not in tally.report().to_json()


def test_rows_of_one_audit_come_together_wherever_they_stand() -> None:
    first = audit_row(2, category="Span")
    other = audit_row(3, task="t2")
    second = audit_row(4, category="Label", audited_at=AT + timedelta(milliseconds=300))
    audits, rejected = group_audits([first, other, second])
    assert [audit.rows for audit in audits] == [(first, second), (other,)]
    assert rejected == []


def test_another_auditor_second_or_submission_is_another_audit() -> None:
    rows = [
        audit_row(2),
        audit_row(3, auditor="cy"),
        audit_row(4, audited_at=AT + timedelta(seconds=1)),
        audit_row(5, submitted_at=AT - timedelta(days=1)),
        audit_row(6, contributor="dee"),
    ]
    assert len(group_audits(rows)[0]) == 5


def test_a_row_that_contradicts_its_audit_is_rejected_and_names_the_first() -> None:
    rows = [audit_row(2), audit_row(7, verdict=Verdict.ACCEPTED)]
    audits, rejected = group_audits(rows)
    assert [audit.rows for audit in audits] == [(rows[0],)]
    assert rejected == [Rejected(7, "verdict", Reason.CONFLICTING_VERDICT, {"first": 2})]


def test_endless_findings_of_one_audit_are_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "FINDINGS_PER_AUDIT", 2)
    audits, rejected = group_audits([audit_row(row, category="Span") for row in (2, 3, 4)])
    assert len(audits[0].findings) == 2
    assert [(each.row, each.reason) for each in rejected] == [(4, Reason.TOO_MANY_FINDINGS)]


def test_a_row_without_category_severity_section_or_note_is_no_finding() -> None:
    clean = audit_row(2)
    assert not clean.has_finding
    for said in (
        {"category": "Span"},
        {"severity": Severity.WARNING},
        {"section": "2.1"},
        {"note": "see above"},
    ):
        assert audit_row(3, **said).has_finding
    twice = audit_row(4, category="Span")
    audits, _ = group_audits([clean, twice, replace(twice, row=5)])
    assert [finding.row for finding in audits[0].findings] == [4, 5]
    assert audits[0].first is clean
