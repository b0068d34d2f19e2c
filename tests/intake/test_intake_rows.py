"""Rows of every kind: what becomes of each cell, and the first thing that is wrong."""

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.intake.kinds import Kind
from bot.intake.rows import AUDITS, PLAN, ROSTER, TAXONOMY
from bot.intake.source import open_source
from bot.intake.submissions import SUBMISSIONS
from bot.rules.audits import Severity, Verdict
from bot.rules.intake import (
    AuditRow,
    FileFormat,
    PlanRow,
    Reason,
    Rejected,
    RosterRow,
    SubmissionRow,
    TaxonomyRow,
)
from bot.rules.people import Role, Status

NOW = datetime(2026, 6, 1, tzinfo=UTC)
AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
WHEN = "2026-03-04T05:06:07Z"


def read(kind: Kind[Any], delimiter: str = ",", **cells: str) -> Any:
    """Read one row from a file that has just these columns."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([cells, cells.values()])
    source = open_source(out.getvalue().encode(), kind, FileFormat.CSV, "UTC", NOW)
    (found,) = source
    return found


def submission(delimiter: str = ",", **cells: str) -> Any:
    base = {"task": "T-1", "contributor": "ana", "submitted_at": WHEN}
    return read(SUBMISSIONS, delimiter, **(base | cells))


def wrong(found: object) -> tuple[str | None, Reason]:
    assert isinstance(found, Rejected)
    assert found.row == 2
    return found.column, found.reason


def test_a_submission_of_three_columns_knows_nothing_else() -> None:
    assert submission() == SubmissionRow(2, "T-1", "ana", AT)


def test_a_full_submission() -> None:
    found = submission(
        duration_s="12.5",
        label=" dog ",
        url="https://t.example/1",
        batch="b1",
        guideline_version="v3",
        source="ls",
        source_id="99",
    )
    assert found == SubmissionRow(
        2, "T-1", "ana", AT, 12.5, "dog", "https://t.example/1", "b1", "v3", "ls", "99"
    )


@pytest.mark.parametrize("column", ["task", "contributor", "submitted_at"])
@pytest.mark.parametrize("blank", ["", "   ", "\u00a0"])
def test_what_a_submission_needs(column: str, blank: str) -> None:
    assert wrong(submission(**{column: blank}, label="x")) == (column, Reason.EMPTY)


@pytest.mark.parametrize(
    ("column", "limit"),
    [
        ("task", 200),
        ("contributor", 320),
        ("label", 2000),
        ("batch", 120),
        ("guideline_version", 80),
        ("source", 64),
        ("source_id", 200),
    ],
)
def test_lengths(column: str, limit: int) -> None:
    assert getattr(submission(**{column: "é" * limit}), column) == "é" * limit
    assert wrong(submission(**{column: "é" * (limit + 1)})) == (column, Reason.TOO_LONG)


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("task", "T\x001", Reason.CONTROL_CHARACTER),
        ("contributor", "a\nb", Reason.CONTROL_CHARACTER),
        ("batch", "a\tb", Reason.CONTROL_CHARACTER),
        ("submitted_at", "2026-03-04", Reason.DATE_ONLY),
        ("duration_s", "-1", Reason.NEGATIVE),
        ("duration_s", "1\x00", Reason.NOT_A_NUMBER),
        ("url", "javascript:x", Reason.NOT_A_LINK),
        ("url", "https://a/" + "x" * 3000, Reason.TOO_LONG),
        ("started_at", "?", Reason.NOT_A_TIME),
        ("started_at", "2026-03-04T05:06:08Z", Reason.STARTED_AFTER),
    ],
)
def test_submissions_that_are_refused(column: str, value: str, reason: Reason) -> None:
    assert wrong(submission(**{column: value})) == (column, reason)


def test_a_long_label_keeps_its_line_breaks_and_loses_its_nul() -> None:
    assert submission(label="a\r\n\x00b").label == "a\nb"
    assert submission(label="\x00").label is None


def test_letters_that_are_not_printable_are_no_error() -> None:
    assert submission(task="a\u00a0b").task == "a\u00a0b"
    assert submission(contributor="family 👨\u200d👩").contributor == "family 👨\u200d👩"


def test_duration_comes_from_the_start_where_nothing_else_says_it() -> None:
    assert submission(started_at="2026-03-04 05:05:07").duration_s == 60.0
    assert submission(started_at="2026-03-04 05:05:07", duration_s="5").duration_s == 5.0
    assert submission(started_at="", duration_s="").duration_s is None


def test_a_comma_is_a_decimal_point_only_between_semicolons() -> None:
    assert submission(";", duration_s="12,5").duration_s == 12.5
    assert wrong(submission(",", duration_s="12,5")) == ("duration_s", Reason.NOT_A_NUMBER)


def audit(**cells: str) -> Any:
    base = {"task": "T-1", "contributor": "ana", "auditor": "bo", "audited_at": WHEN}
    return read(AUDITS, **(base | {"verdict": "accepted"} | cells))


def test_an_audit_with_everything() -> None:
    assert audit(
        verdict="Rejected",
        category="Span",
        severity="Minor",
        section="2.1 Spans",
        note="one\ntwo",
        submitted_at="2026-03-03 01:00:00",
    ) == AuditRow(
        row=2,
        task="T-1",
        contributor="ana",
        auditor="bo",
        audited_at=AT,
        verdict=Verdict.REJECTED,
        submitted_at=datetime(2026, 3, 3, 1, tzinfo=UTC),
        category="Span",
        severity=Severity.WARNING,
        section="2.1 Spans",
        note="one\ntwo",
    )
    assert not audit().has_finding


@pytest.mark.parametrize("word", ["accepted", "Accept", "PASS", "ok", "1", "yes", "TRUE"])
def test_words_for_accepted(word: str) -> None:
    assert audit(verdict=word).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize("word", ["rejected", "Reject", "fail", "0", "no", "false"])
def test_words_for_rejected(word: str) -> None:
    assert audit(verdict=word).verdict is Verdict.REJECTED


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("task", "", Reason.EMPTY),
        ("contributor", "", Reason.EMPTY),
        ("auditor", "", Reason.EMPTY),
        ("audited_at", "", Reason.EMPTY),
        ("verdict", "", Reason.EMPTY),
        ("verdict", "perhaps", Reason.NOT_ONE_OF),
        ("severity", "awful", Reason.NOT_ONE_OF),
        ("category", "x" * 76, Reason.TOO_LONG),
        ("section", "x" * 301, Reason.TOO_LONG),
        ("note", "x" * 3001, Reason.TOO_LONG),
        ("submitted_at", "then", Reason.NOT_A_TIME),
        ("auditor", "a\x00", Reason.CONTROL_CHARACTER),
    ],
)
def test_audits_that_are_refused(column: str, value: str, reason: Reason) -> None:
    assert wrong(audit(**{column: value})) == (column, reason)


def test_a_person_of_the_roster() -> None:
    assert read(
        ROSTER,
        name="Ana",
        slack_id="<@U123ABC|ana>",
        email="Ana@Example.com",
        roles="Annotators; Squad Lead, manager",
        status="Active",
        tags="nlp|medical",
        zone="europe/berlin",
        country="de",
        subdivision="DE-BY",
    ) == RosterRow(
        row=2,
        name="Ana",
        slack_id="U123ABC",
        email="ana@example.com",
        roles=(Role.CONTRIBUTOR, Role.MANAGER),
        status=Status.ACTIVE,
        tags=("nlp", "medical"),
        zone="Europe/Berlin",
        country="DE",
        subdivision="BY",
    )
    assert read(ROSTER, email="a@b.c") == RosterRow(row=2, email="a@b.c")


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("slack_id", "ana", Reason.NOT_A_SLACK_ID),
        ("slack_id", "C123ABC", Reason.NOT_A_SLACK_ID),
        ("email", "ana", Reason.NOT_AN_EMAIL),
        ("email", "ana@b, bo@b", Reason.NOT_AN_EMAIL),
        ("roles", "admin", Reason.UNKNOWN_WORD),
        ("status", "gone", Reason.NOT_ONE_OF),
        ("tags", "x" * 41, Reason.TOO_LONG),
        ("zone", "Mars/Base", Reason.UNKNOWN_ZONE),
        ("country", "Germany", Reason.UNKNOWN_WORD),
    ],
)
def test_people_that_are_refused(column: str, value: str, reason: Reason) -> None:
    assert wrong(read(ROSTER, **({"name": "Ana"} | {column: value}))) == (column, reason)


def test_a_row_about_nobody() -> None:
    assert wrong(read(ROSTER, name="", tags="x")) == (None, Reason.NOBODY)


def test_a_batch_of_the_plan() -> None:
    found = read(PLAN, batch="b1", size="1000", due="2026-07-31", priority="High", volume="50")
    assert found == PlanRow(
        row=2, batch="b1", size=1000, due=date(2026, 7, 31), priority=2, planned_volume=50
    )
    assert read(PLAN, batch="b1", size="") == PlanRow(row=2, batch="b1")


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("batch", "", Reason.EMPTY),
        ("size", "many", Reason.NOT_A_NUMBER),
        ("size", "9999999999", Reason.NOT_A_NUMBER),
        ("due", "31/07/2026", Reason.NOT_A_DATE),
        ("priority", "0", Reason.NOT_A_NUMBER),
        ("priority", "soon", Reason.NOT_A_NUMBER),
    ],
)
def test_batches_that_are_refused(column: str, value: str, reason: Reason) -> None:
    assert wrong(read(PLAN, **({"batch": "b1", "size": "1"} | {column: value}))) == (column, reason)


def test_a_category_of_the_taxonomy() -> None:
    assert read(
        TAXONOMY, category="Span", description="a\nb", severity="minor", section="2.1"
    ) == TaxonomyRow(
        row=2, category="Span", definition="a\nb", severity=Severity.WARNING, section="2.1"
    )
    assert read(TAXONOMY, name="Span") == TaxonomyRow(row=2, category="Span")
    assert wrong(read(TAXONOMY, category="", severity="x")) == ("category", Reason.EMPTY)
