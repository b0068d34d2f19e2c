"""Files as a whole: round trips in every dialect, chunks, memory, ten thousand bad rows."""

import csv
import gzip
import io
import json
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from bot.errors import BadInput, IntakeError
from bot.intake.kinds import Kind
from bot.intake.rows import AUDITS
from bot.intake.source import Source, audit_chunks, open_source
from bot.intake.submissions import SUBMISSIONS
from bot.rules.intake import FileFormat, Reason, Rejected, SubmissionRow

NOW = datetime(2026, 6, 1, tzinfo=UTC)
HEAD = "task,contributor,submitted_at\n"
COLUMNS = SubmissionRow._fields[1:]
AUDIT_HEAD = "task,contributor,auditor,audited_at,verdict,category\n"


def opened(
    data: Path | bytes,
    kind: Kind[Any] = SUBMISSIONS,
    fmt: FileFormat = FileFormat.AUTO,
    zone: str = "UTC",
    **options: Any,
) -> Source[Any]:
    return open_source(data, kind, fmt, zone, NOW, **options)


# Whatever prints, in one line; the reader strips blanks at the ends.
LETTERS = st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp"))
NAME = st.text(LETTERS, min_size=1, max_size=40).map(str.strip).filter(bool)
PROSE = st.text(LETTERS | st.just("\n"), max_size=80).map(str.strip)
MOMENTS = st.datetimes(
    datetime.fromisoformat("2000-01-02"),
    datetime.fromisoformat("2026-05-31"),
    timezones=st.just(UTC),
)
WESTERN = st.characters(codec="cp1252", exclude_categories=("C", "Zl", "Zp"))


@st.composite
def submission_rows(
    draw: st.DrawFn, names: SearchStrategy[str] = NAME, prose: SearchStrategy[str] = PROSE
) -> SubmissionRow:
    maybe = st.none() | names
    return SubmissionRow(
        row=0,
        task=draw(names),
        contributor=draw(names),
        submitted_at=draw(MOMENTS),
        duration_s=draw(st.none() | st.floats(0, 1e9)),
        label=draw(prose) or None,
        url=draw(st.none() | st.just("https://tool.example/t?a=1,2;3")),
        batch=draw(maybe),
        guideline_version=draw(maybe),
        source=draw(maybe),
        source_id=draw(maybe),
    )


def plain(row: SubmissionRow) -> list[str]:
    return ["" if value is None else str(value) for value in row[1:]]


def numbered(rows: list[SubmissionRow], first: int) -> list[SubmissionRow]:
    return [row._replace(row=number) for number, row in enumerate(rows, first)]


@given(
    rows=st.lists(submission_rows(), min_size=1, max_size=8),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    end=st.sampled_from(["\n", "\r\n"]),
    packed=st.booleans(),
)
@settings(deadline=None)
def test_what_csv_writes_is_read_back(
    rows: list[SubmissionRow], delimiter: str, quoting: int, encoding: str, end: str, packed: bool
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end)
    writer.writerow(COLUMNS)
    writer.writerows(plain(row) for row in rows)
    data = out.getvalue().encode(encoding)
    source = opened(gzip.compress(data, mtime=0) if packed else data)
    assert list(source) == numbered(rows, 2)
    assert source.total == len(rows)
    assert source.facts.delimiter == delimiter
    assert source.facts.compressed is packed


@given(
    rows=st.lists(
        submission_rows(
            st.text(WESTERN, min_size=1, max_size=40).map(str.strip).filter(bool),
            st.text(WESTERN, max_size=40).map(str.strip),
        ),
        min_size=1,
        max_size=5,
    )
)
@settings(deadline=None)
def test_windows_1252_is_read_back(rows: list[SubmissionRow]) -> None:
    # Enough letters that no chance pair of them is a good UTF-8 sequence more often than not.
    marked = [row._replace(label="Käse für Zoë ‚älter‘") for row in rows]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow(COLUMNS)
    writer.writerows(plain(row) for row in marked)
    source = opened(out.getvalue().encode("cp1252"))
    assert source.facts.encoding == "Windows-1252"
    assert list(source) == numbered(marked, 2)


@given(rows=st.lists(submission_rows(), min_size=1, max_size=8), ascii_only=st.booleans())
@settings(deadline=None)
def test_json_lines_are_read_back(rows: list[SubmissionRow], ascii_only: bool) -> None:
    lines = [
        json.dumps(dict(zip(COLUMNS, row[1:], strict=True)), default=str, ensure_ascii=ascii_only)
        for row in rows
    ]
    source = opened("\n".join(lines).encode())
    assert source.facts.format is FileFormat.JSONL
    assert list(source) == numbered(rows, 1)


@given(data=st.binary(max_size=300))
@settings(deadline=None)
def test_any_bytes_are_refused_whole_or_read_row_by_row(data: bytes) -> None:
    for content in (
        data,
        HEAD.encode() + data,
        b'{"task":1,"contributor":2,"submitted_at":3}\n' + data,
    ):
        try:
            source = opened(content)
        except IntakeError:
            continue
        assert source.total == sum(chunk.read for chunk in source.chunks(2))


@given(text=st.text(st.sampled_from('a",\n\r;1 '), max_size=60))
@settings(deadline=None)
def test_no_play_of_quotes_swallows_the_row_behind_it(text: str) -> None:
    data = f"{HEAD}{text}\n1,a,2026-03-04 05:06:07\n".encode()
    last = max(opened(data), key=lambda each: each.row)
    assert isinstance(last, SubmissionRow)
    assert last.task == "1"


def test_chunks_cover_the_file_and_the_source_reads_again() -> None:
    data = HEAD + "".join(
        f"{n},a,{'?' if n % 3 == 0 else '2026-03-04 05:06:07'}\n" for n in range(10)
    )
    source = opened(data.encode(), zone="Europe/Berlin")
    chunks = list(source.chunks(4))
    assert [chunk.read for chunk in chunks] == [4, 4, 2]
    assert [len(chunk.rejected) for chunk in chunks] == [2, 1, 1]
    assert [chunk.assumed for chunk in chunks] == [2, 3, 1]
    assert list(source) == list(source)
    assert [chunk.read for chunk in source.chunks(5)] == [5, 5]
    with pytest.raises(ValueError, match="at least one"):
        next(source.chunks(0))


def test_the_facts_say_how_the_file_was_read(tmp_path: Path) -> None:
    path = tmp_path / "work.csv.gz"
    path.write_bytes(
        gzip.compress("Task ID;Worker;Submitted;Mood\n1;Zoë;2026-03-04 05:06\n".encode("cp1252"))
    )
    source = opened(path, zone="europe/berlin")
    facts = source.facts
    assert (facts.format, facts.encoding, facts.delimiter) == (FileFormat.CSV, "Windows-1252", ";")
    assert facts.columns == {
        "task": "Task ID",
        "contributor": "Worker",
        "submitted_at": "Submitted",
    }
    assert (facts.ignored, facts.zone, facts.rows) == (("Mood",), "Europe/Berlin", 1)
    assert (source.name, facts.compressed, facts.undecodable) == ("work.csv.gz", True, 0)


def test_a_stated_format_is_not_second_guessed() -> None:
    data = b'{"task":1,"contributor":2,"submitted_at":3}\n'
    with pytest.raises(IntakeError, match="columns_missing"):
        opened(data, fmt=FileFormat.CSV)
    with pytest.raises(IntakeError, match="file_not_json_lines"):
        opened(HEAD.encode(), fmt=FileFormat.JSONL)


def test_errors_use_the_given_name_and_zones_are_checked() -> None:
    with pytest.raises(IntakeError) as caught:
        opened(b"", name="dropped.csv")
    assert caught.value.fields["name"] == "dropped.csv"
    with pytest.raises(BadInput, match="unknown_zone"):
        opened(HEAD.encode(), zone="Mars/Base")
    with pytest.raises(IntakeError, match="file_too_large"):
        opened(HEAD.encode() * 100, max_bytes=1000)


def test_ten_thousand_bad_rows_leave_the_good_ones() -> None:
    data = HEAD + "".join(f"{n},,\n{n},a,2026-03-04 05:06:07\n" for n in range(10_000))
    found = list(opened(data.encode()))
    rejected = [row for row in found if isinstance(row, Rejected)]
    assert len(rejected) == 10_000
    assert len(found) == 20_000
    assert rejected[0] == Rejected(2, "contributor", Reason.EMPTY)
    assert rejected[-1].row == 20_000


def test_bytes_of_no_encoding_cost_their_row_alone() -> None:
    lines = [f"{n},Zoë Größe,2026-03-04 05:06:07\n".encode() for n in range(5)]
    lines[2] = lines[2].replace("ß".encode(), b"\xdf")
    source = opened(HEAD.encode() + b"".join(lines))
    assert source.facts.undecodable == 1
    assert [row for row in source if isinstance(row, Rejected)] == [
        Rejected(4, "contributor", Reason.NOT_TEXT)
    ]


def peak_memory(path: Path, rows: int) -> int:
    """Write so many rows, read them in chunks and return the most bytes held meanwhile."""
    start = datetime.fromisoformat("2024-01-01")
    with path.open("w") as out:
        out.write(HEAD.strip() + ",label\n")
        for n in range(rows):
            label = f'"a\n{n}"' if n % 20 == 0 else "a"
            out.write(f"T-{n},w{n % 90},{start + timedelta(minutes=n)},{label}\n")
    tracemalloc.start()
    try:
        source = opened(path, zone="Europe/Berlin")
        assert sum(len(chunk.records) for chunk in source.chunks(1_000)) == rows
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("rows", [40_000, pytest.param(200_000, marks=pytest.mark.slow)])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, rows: int) -> None:
    peak_memory(tmp_path / "first.csv", 1_000)  # zones and code are loaded once
    small = peak_memory(tmp_path / "small.csv", 4_000)
    large = peak_memory(tmp_path / "large.csv", rows)
    assert large < small + 500_000
    assert large < 8_000_000


def test_audits_keep_their_rows_together_across_chunks() -> None:
    stamp = "2026-03-04 05:06:07"
    rows = [f"t{n // 3},ana,bo,{stamp},rejected,c{n}\n" for n in range(12)]
    source = opened((AUDIT_HEAD + "".join(rows)).encode(), AUDITS)
    for size in (1, 2, 5, 100):
        chunks = list(audit_chunks(source, size))
        audits = [audit for chunk in chunks for audit in chunk.records]
        assert [len(audit.findings) for audit in audits] == [3, 3, 3, 3]
        assert sum(chunk.read for chunk in chunks) == 12


def test_audits_that_contradict_themselves_and_bad_rows_are_both_told() -> None:
    stamp = "2026-03-04 05:06:07"
    data = (
        f"{AUDIT_HEAD}t1,ana,bo,{stamp},rejected,c\nt1,ana,bo,{stamp},ok,c\n"
        f"t2,ana,bo,never,ok,\nt1,ana,bo,{stamp},fail,d\n"
    )
    (chunk, rest) = audit_chunks(opened(data.encode(), AUDITS))
    assert [(each.row, each.reason) for each in chunk.rejected] == [
        (3, Reason.CONFLICTING_VERDICT),
        (4, Reason.NOT_A_TIME),
    ]
    assert [finding.category for finding in rest.records[0].findings] == ["c", "d"]


def test_a_crowd_platform_report_is_read_as_it_is() -> None:
    data = (
        "worker,task,label,started_at,submitted_at,trust,batch,relations\n"
        "Wa,900290,not_cause,2014-06-27 14:47:53,2014-06-27 14:49:50,1,17,[NONE]\n"
        'Wb,900191,cause,2014-06-27 14:50:00,2014-06-27 14:50:30,1,17,"[CAUSES]\n[OTHER]"\n'
    )
    source = opened(data.encode())
    at = datetime(2014, 6, 27, 14, 49, 50, tzinfo=UTC)
    assert list(source) == [
        SubmissionRow(2, "900290", "Wa", at, 117.0, "not_cause", batch="17"),
        SubmissionRow(3, "900191", "Wb", at + timedelta(seconds=40), 30.0, "cause", batch="17"),
    ]
    assert source.facts.ignored == ("trust", "relations")
    assert sum(chunk.assumed for chunk in source.chunks()) == 4
