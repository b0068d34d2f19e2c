"""The sample files are read without a complaint, but for the one row that is there to complain."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.demo import workspace
from bot.demo.files import NEW_WORK, SampleFiles, write
from bot.demo.sample import SampleWork, sample_work
from bot.intake.detect import KINDS, detect
from bot.intake.source import open_source
from bot.rules.audits import Origin
from bot.rules.imports import Sampling
from bot.rules.intake import AuditRow, FileFormat, FileKind, Reason, Rejected

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def work() -> SampleWork:
    return sample_work(NOW)


@pytest.fixture(scope="module")
def files(work: SampleWork, tmp_path_factory: pytest.TempPathFactory) -> SampleFiles:
    return write(work, tmp_path_factory.mktemp("demo") / "samples")


def _read(path: Path, kind: FileKind) -> tuple[list[Any], list[Rejected]]:
    source = open_source(path, KINDS[kind], FileFormat.AUTO, workspace.SQUAD_ZONE, NOW)
    chunks = list(source.chunks())
    return (
        [row for chunk in chunks for row in chunk.records],
        [row for chunk in chunks for row in chunk.rejected],
    )


def _facts(row: AuditRow) -> tuple[object, ...]:
    return (row.key, row.verdict, row.category, row.severity, row.section, row.note)


def test_every_imported_row_is_taken_as_it_was_made(work: SampleWork, files: SampleFiles) -> None:
    taken = {}
    for file in files.imported:
        taken[file.path.name], rejected = _read(file.path, file.kind)
        assert not rejected, file.path.name
    for origin, rows in work.audits.items():
        read = taken[f"audits-{origin.value}.csv"]
        assert [_facts(row) for row in read] == [_facts(row) for row in rows]
    tasks = {row.task: row for row in taken["submissions.csv"]}
    for made in work.submissions:
        if made.task in tasks:
            read = tasks[made.task]
            assert read.duration_s == pytest.approx(made.duration_s, abs=0.06)
            assert read._replace(row=made.row, duration_s=made.duration_s) == made
    people = [(row.slack_id, row.roles, row.country) for row in taken["roster.csv"]]
    assert people == [(each.id, (each.role,), each.country) for each in workspace.PEOPLE]
    assert {row.slack_id for row in taken["roster.csv"] if row.tags} == {
        user for users in workspace.TAGS.values() for user in users
    }


def test_people_come_before_their_work_and_work_before_its_audits(files: SampleFiles) -> None:
    kinds = [file.kind for file in files.imported]
    assert kinds == [FileKind.ROSTER, FileKind.SUBMISSIONS, *[FileKind.AUDITS] * 3]
    random = [file.path.name for file in files.imported if file.sampling is Sampling.RANDOM]
    assert random == [f"audits-{Origin.RANDOM.value}.csv"]


def test_the_file_to_drop_is_new_unaudited_and_has_one_bad_row(
    work: SampleWork, files: SampleFiles
) -> None:
    assert files.new_work.name == NEW_WORK in files.names
    assert detect(files.new_work) is FileKind.SUBMISSIONS
    new, rejected = _read(files.new_work, FileKind.SUBMISSIONS)
    known, _ = _read(files.imported[1].path, FileKind.SUBMISSIONS)
    assert len(new) + len(known) == len(work.submissions)
    assert not {row.task for row in new} & {row.task for row in known}
    assert not {row.task for row in new} & {
        row.task for rows in work.audits.values() for row in rows
    }
    assert [(row.column, row.reason) for row in rejected] == [("submitted_at", Reason.NOT_A_TIME)]
    assert rejected[0].row == len(new) + 2


def test_all_files_are_named(files: SampleFiles) -> None:
    assert sorted(files.names) == sorted(path.name for path in files.new_work.parent.iterdir())
