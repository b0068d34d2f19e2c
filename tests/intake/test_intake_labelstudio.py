"""Exports of Label Studio: every form says the same, and what is amiss costs itself alone."""

import csv
import gzip
import io
import tracemalloc
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from bot.errors import IntakeError
from bot.intake import labelstudio
from bot.intake.detect import detect, open_kind
from bot.intake.files import MAX_LINE_BYTES
from bot.intake.kinds import LIMITS
from bot.intake.source import Source
from bot.rules.intake import FileFormat, FileKind, GoldRow, Reason, Rejected, SubmissionRow
from tests.exports import annotation, box, choice, flat, listed, span, task

NOW = datetime(2026, 6, 1, tzinfo=UTC)
DONE = datetime(2026, 3, 2, 9, 0, 0, 654321, tzinfo=UTC)


def opened(
    content: Path | bytes,
    kind: FileKind = FileKind.SUBMISSIONS,
    fmt: FileFormat = FileFormat.AUTO,
) -> Source[Any]:
    return open_kind(kind, content, fmt, "UTC", NOW, name="export")


def reasons(content: bytes, kind: FileKind = FileKind.SUBMISSIONS) -> list[tuple[int, str]]:
    return [(each.row, each.brief()) for each in opened(content, kind) if is_rejected(each)]


def is_rejected(each: object) -> bool:
    return isinstance(each, Rejected)


def one(content: bytes) -> SubmissionRow:
    (row,) = list(opened(content))
    assert isinstance(row, SubmissionRow), row
    return row


def written(items: Iterable[dict[str, Any]], delimiter: str = ",", **changed: Any) -> bytes:
    rows = [{**item, **changed} for item in items]
    text = io.StringIO()
    quoting = csv.QUOTE_ALL if delimiter == "\t" else csv.QUOTE_MINIMAL
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter, quoting=quoting)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def test_an_annotation_is_a_submission() -> None:
    source = opened(listed(task(7, annotation())))
    assert list(source) == [
        SubmissionRow(1, "7", "5", DONE, 12.5, "cat", None, None, None, "label-studio", "11")
    ]
    assert source.total == 1
    assert source.facts.format is FileFormat.LABEL_STUDIO


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize(
    ("content", "row"),
    [
        (listed(task(7, annotation())), 1),
        (listed(flat(7)), 1),
        (written([flat(7)]), 2),
        (written([flat(7)], "\t"), 2),
        (written([dict(sorted(flat(7).items()))]), 2),
    ],
)
def test_every_form_says_the_same(content: bytes, row: int, pack: Any) -> None:
    expected = one(listed(task(7, annotation())))._replace(row=row)
    assert one(pack(content)) == expected
    assert list(opened(pack(content), fmt=FileFormat.LABEL_STUDIO)) == [expected]
    assert detect(pack(content)) is FileKind.SUBMISSIONS


def test_rows_are_numbered_by_task() -> None:
    content = listed(
        task(70, annotation(1, 5), annotation(2, 6)), task(80), task(90, annotation(3, 5))
    )
    found = list(opened(content))
    assert [each.row for each in found if not is_rejected(each)] == [1, 1, 3]
    assert reasons(content) == [(2, "not_annotated")]
    assert opened(content).total == 4


@pytest.mark.parametrize(
    ("who", "name"),
    [
        (5, "5"),
        ("ana@example.com", "ana@example.com"),
        ({"id": 5, "email": "ana@example.com", "first_name": "Ana"}, "ana@example.com"),
        ({"id": 5, "email": ""}, "5"),
    ],
)
def test_a_person_is_a_number_or_an_address(who: Any, name: str) -> None:
    assert one(listed(task(7, annotation(by=who)))).contributor == name
    assert one(listed(flat(annotator=who))).contributor == name


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"was_cancelled": True}, "cancelled"),
        ({"was_cancelled": True, "ground_truth": True}, "cancelled"),
        ({"was_cancelled": "perhaps"}, "was_cancelled: wrong_shape"),
        ({"ground_truth": [1]}, "ground_truth: wrong_shape"),
        ({"completed_by": None}, "contributor: empty"),
        ({"completed_by": {}}, "contributor: empty"),
        ({"completed_by": [5]}, "completed_by: wrong_shape"),
        ({"completed_by": True}, "completed_by: wrong_shape"),
        ({"completed_by": {"id": [1], "email": None}}, "completed_by: wrong_shape"),
        ({"result": "cat"}, "result: wrong_shape"),
        ({"result": [7]}, "result: wrong_shape"),
        ({"lead_time": "soon"}, "duration_s: not_a_number"),
        ({"lead_time": -1}, "duration_s: negative"),
        ({"lead_time": {}}, "lead_time: wrong_shape"),
        ({"updated_at": None, "created_at": None}, "updated_at: no_time"),
        ({"updated_at": "soon"}, "submitted_at: not_a_time"),
        ({"updated_at": ["2026-03-02T08:00:00Z"]}, "submitted_at: wrong_shape"),
        ({"id": {"a": 1}}, "id: wrong_shape"),
    ],
)
def test_an_annotation_that_is_amiss_costs_itself_alone(changed: Any, reason: str) -> None:
    content = listed(task(7, annotation(), annotation(**changed), annotation(12)))
    assert reasons(content) == [(1, reason)]
    kept = [each.source_id for each in opened(content) if not is_rejected(each)]
    assert kept == ["11", "12"]


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (task(7), "not_annotated"),
        (task(7, annotations=None), "not_annotated"),
        (task(7, predictions=[{"id": 1, "result": [choice("cat")]}]), "not_annotated"),
        ({"id": 7, "data": {}, "predictions": [{"result": []}]}, "not_annotated"),
        (task(7, annotations={"a": 1}), "annotations: wrong_shape"),
        (task(7, None), "annotations: wrong_shape"),
        (task(None, annotation(), data={}), "task: empty"),
        (task([7], annotation()), "task: wrong_shape"),
        (task("a\nb", annotation()), "task: control_character"),
        ({"name": "Ana"}, "not_a_task"),
        (7, "not_a_task"),
        ([], "not_a_task"),
        (None, "not_a_task"),
    ],
)
def test_a_task_that_is_amiss_costs_itself_alone(item: Any, reason: str) -> None:
    content = listed(task(1, annotation(1)), item, task(3, annotation(3)))
    assert reasons(content) == [(2, reason)]
    assert len(list(opened(content))) == 3


def test_an_annotation_without_result_is_work_without_label() -> None:
    for empty in ([], None):
        row = one(listed(task(7, annotation(result=empty))))
        assert (row.label, row.source_id) == (None, "11")
    bare = annotation()
    del bare["result"], bare["lead_time"], bare["updated_at"], bare["was_cancelled"]
    row = one(listed(task(7, bare)))
    assert (row.label, row.duration_s, row.submitted_at.hour) == (None, None, 8)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ({"image": "/a.png"}, "/a.png"),
        ({"text": "x", "Task ID": 17}, "17"),
        ({"text": "x", "external_id": "T-9", "note": "y"}, "T-9"),
    ],
)
def test_a_task_without_id_is_called_by_its_data(data: Any, name: str) -> None:
    assert one(listed(task(None, annotation(), data=data))).task == name


def test_ground_truth_is_gold_and_nobodys_submission() -> None:
    content = listed(
        task(1, annotation(1), annotation(2, ground_truth=True, result=[choice("dog")])),
        task(2, annotation(3, ground_truth=True, result=[])),
        task(3, annotation(4, was_cancelled=True)),
    )
    found = list(opened(content))
    assert [type(each) for each in found] == [SubmissionRow, GoldRow, Rejected, Rejected]
    assert found[1] == GoldRow(row=1, task="1", label="dog")
    assert reasons(content) == [(2, "label: empty"), (3, "cancelled")]
    gold = opened(content, FileKind.GOLD)
    assert gold.total == 2
    assert [each for each in gold if not is_rejected(each)] == [found[1]]


def test_a_long_label_is_cut() -> None:
    many = [span("PER", f"name {n}", str(n)) for n in range(1_000)]
    label = one(listed(task(7, annotation(result=many)))).label
    assert label is not None
    assert len(label) == LIMITS["label"]
    assert label.startswith("PER: name 0; PER: name 1;")
    assert label.endswith("…")


def test_the_short_form_names_several_controls() -> None:
    row = one(listed(flat(sentiment={"choices": ["a", "b"]}) | {"mood": "calm"}))
    assert row.label == "a, b"  # what stands behind the person is no result of the task
    behind = written([flat()], mood="calm")  # where a table puts what its first rows did not have
    assert one(behind).label == "sentiment: cat; mood: calm"
    before = {"text": "x", "id": 7, "sentiment": "cat", "mood": "calm"} | flat()
    assert one(listed(before)).label == "sentiment: cat; mood: calm"
    regions = [box("car", "1")["value"], box("car", "2")["value"]]
    assert one(listed(flat(sentiment=regions))).label == "car ×2"


def test_tables_read_results_that_are_json() -> None:
    cell = '[{"start": 0, "text": "Ana", "labels": ["PER"]}]'
    assert one(written([flat()], sentiment=cell)).label == "PER: Ana"
    assert one(written([flat()], sentiment="[not json")).label == "[not json"
    assert one(written([flat()], sentiment="[" * 90_000)).label is not None


def test_flags_in_tables_are_words() -> None:
    assert reasons(written([flat()], was_cancelled="True")) == [(2, "cancelled")]
    assert reasons(written([flat()], was_cancelled="maybe")) == [(2, "was_cancelled: wrong_shape")]
    (gold,) = list(opened(written([flat()], ground_truth="true")))
    assert gold == GoldRow(row=2, task="7", label="cat")


@pytest.mark.parametrize(
    "content",
    [
        listed(*(task(n, annotation(n)) for n in range(300)))[:-200],
        listed(task(1, annotation(1)))[:-1],
        listed(task(1, annotation(1))) + b"]",
    ],
)
def test_a_list_that_breaks_off_is_no_file_at_all(content: bytes) -> None:
    with pytest.raises(IntakeError) as caught:
        opened(content)
    assert caught.value.code == "file_json_broken"


@pytest.mark.parametrize("kind", [FileKind.SUBMISSIONS, FileKind.AUDITS, FileKind.ROSTER])
@pytest.mark.parametrize("content", [b'[{"task": 1}]', b"[1, 2]"])
def test_another_list_is_refused(content: bytes, kind: FileKind) -> None:
    with pytest.raises(IntakeError) as caught:
        opened(content, kind)
    assert caught.value.code == "file_is_json_array"


def test_an_empty_export_has_no_rows() -> None:
    assert opened(b"[]").total == 0
    assert list(opened(b"[\n]\n")) == []


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"task,contributor,submitted_at\n1,a,2026-03-02T08:00:00Z\n", FileKind.SUBMISSIONS),
        (b'{"task": 1}\n', FileKind.SUBMISSIONS),
        (listed(task(1, annotation())), FileKind.AUDITS),
    ],
)
def test_a_stated_format_has_to_be_the_files(content: bytes, kind: FileKind) -> None:
    with pytest.raises(IntakeError) as caught:
        opened(content, kind, FileFormat.LABEL_STUDIO)
    assert caught.value.code == "file_not_label_studio"


def test_a_table_with_columns_of_our_own_is_read_as_such() -> None:
    row = one(written([flat()], task="T-1"))
    assert (row.task, row.source, row.source_id) == ("T-1", None, "11")
    assert row.contributor == "5"


def test_a_table_without_times_says_so() -> None:
    content = b"id,annotation_id,annotator,image,x,rectanglelabels\n1,1,2,/a,3,\"['car']\"\n"
    with pytest.raises(IntakeError) as caught:
        opened(content)
    assert caught.value.code == "file_without_times"


def test_bytes_that_are_no_characters_cost_their_row() -> None:
    good = listed(task("für", annotation(1)), task("grün", annotation(2))).decode()
    raw = good.encode().decode("unicode-escape").encode()
    broken = raw[:-1] + b"," + listed(task("bad", annotation(3)))[1:].replace(b"bad", b"b\xffd")
    assert reasons(broken) == [(3, "task: not_text")]


def test_gold_in_a_table() -> None:
    found = list(opened(b"task,label\n1,cat\n,dog\n2, \n3,dog\n", FileKind.GOLD))
    assert [each for each in found if not is_rejected(each)] == [
        GoldRow(row=2, task="1", label="cat"),
        GoldRow(row=5, task="3", label="dog"),
    ]
    assert [each.brief() for each in found if isinstance(each, Rejected)] == [
        "task: empty",
        "label: empty",
    ]
    assert detect(b"task,label\n1,cat\n") is FileKind.GOLD
    assert detect(b'{"task": 1, "label": "cat"}\n') is FileKind.GOLD
    with pytest.raises(IntakeError):
        detect(b"task,label,other\n1,cat,x\n")


def test_a_long_list_is_never_in_memory_whole(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    brief = {"completed_by": 5, "updated_at": "2026-03-02T09:00:00Z", "result": []}
    with path.open("wb") as out:
        for n in range(3_000):
            item = {"id": n, "data": {"text": "x" * 3_000}, "annotations": [brief | {"id": n}]}
            out.write((b"," if n else b"[") + listed(item)[1:-1])
        out.write(b"]")
    size = path.stat().st_size
    assert size > MAX_LINE_BYTES  # in one line, and longer than a line of another file may be
    tracemalloc.start()
    source = opened(path)
    records = sum(len(chunk.records) for chunk in source.chunks(200))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert records == source.total == 3_000
    assert peak < 2_500_000 < size / 3


def test_what_is_read_is_read_as_it_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    content = listed(*(task(k, annotation(k)) for k in range(10_000)))
    source = opened(content)
    assert source.total == 10_000
    seen: list[int] = []
    whole = labelstudio._annotations

    def counted(row: int, item: object) -> Any:
        seen.append(row)
        return whole(row, item)

    monkeypatch.setattr(labelstudio, "_annotations", counted)
    assert len(list(islice(source.chunks(10), 2))) == 2
    assert seen[-1] == 20


def test_an_export_without_times_says_what_to_do() -> None:
    table = b"image,id,label,annotator,annotation_id\na.png,1,cat,1,2\n"
    with pytest.raises(IntakeError) as caught:
        open_kind(FileKind.SUBMISSIONS, table, FileFormat.AUTO, "UTC", NOW, name="x.csv")
    assert caught.value.code == "file_without_times"
    listed = b'[{"image": "a.png", "id": 1, "annotator": 1, "annotation_id": 2, "label": "cat"}]'
    source = open_kind(FileKind.SUBMISSIONS, listed, FileFormat.AUTO, "UTC", NOW, name="x.json")
    (rejected,) = [each for each in source if is_rejected(each)]
    assert (rejected.column, rejected.reason) == ("updated_at", Reason.NO_TIME)
