"""What is not text is refused whole, with a code that says why; what is gets its encoding."""

import codecs
import gzip
import os
import random
from pathlib import Path

import pytest

from bot.errors import IntakeError
from bot.intake import files
from bot.intake.files import TextFile, examine

TEXT = "task,contributor\nT-1,Zoë\n"


def text_of(file: TextFile) -> str:
    with file.lines() as lines:
        return "".join(lines)


def code_of(content: Path | bytes, **limits: int) -> str:
    with pytest.raises(IntakeError) as caught:
        examine(content, "work.csv", **limits)
    assert caught.value.fields["name"] == "work.csv"
    return caught.value.code


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8-sig"),
        (TEXT.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-32"), "utf-32"),
        (TEXT.encode("cp1252"), "cp1252"),
        ("price,“€5”\n".encode("cp1252"), "cp1252"),
        (b"plain,ascii\n", "utf-8"),
    ],
)
def test_encodings_are_found_and_read(data: bytes, encoding: str) -> None:
    file = examine(data, "x")
    assert file.encoding == encoding
    assert file.undecodable == 0
    expected = data.decode(encoding)
    assert text_of(file) == expected
    assert not text_of(file).startswith("\ufeff")


def test_a_letter_cut_in_two_by_a_block_is_still_one_letter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(files, "BLOCK", 3)
    file = examine("aé€😀b\n".encode(), "x")
    assert (file.encoding, file.undecodable) == ("utf-8", 0)


def test_one_bad_byte_does_not_make_a_utf8_file_windows_1252() -> None:
    data = "größer,schöner\n".encode() + b"bad \xff byte\n" + "weiß\n".encode()
    file = examine(data, "x")
    assert (file.encoding, file.undecodable) == ("utf-8", 1)
    assert "größer" in text_of(file)


def test_line_ends_are_left_as_they_are() -> None:
    data = b'a,"x\r\ny"\r\nb\rc\n'
    assert text_of(examine(data, "x")) == data.decode()


@pytest.mark.parametrize(
    "data", [b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, gzip.compress(b"", mtime=0)]
)
def test_nothing_at_all(data: bytes) -> None:
    assert code_of(data) == "file_empty"


@pytest.mark.parametrize(
    ("start", "looks_like"),
    [
        (b"PK\x03\x04rest", "workbook"),
        (b"\xd0\xcf\x11\xe0rest", "workbook"),
        (b"%PDF-1.7\nrest", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"SQLite format 3\x00", "database"),
        (b"RIFF\x24\x08\x00\x00WAVE", "sound"),
        (b"\x00\x00\x00\x20ftypisom", "film"),
        (b"\x93NUMPY\x01\x00", "numbers"),
    ],
)
def test_what_is_not_text_is_named(start: bytes, looks_like: str) -> None:
    with pytest.raises(IntakeError) as caught:
        examine(start, "x")
    assert caught.value.code == "file_not_text"
    assert caught.value.fields["looks_like"] == looks_like


@pytest.mark.parametrize(
    "data",
    [
        bytes(200),
        TEXT.encode("utf-16-le"),  # without a BOM nobody can tell the byte order
        random.Random(1).randbytes(5000),
    ],
)
def test_what_is_no_text_and_nothing_known_is_said_so(data: bytes) -> None:
    assert code_of(data) == "file_binary"


def test_a_stray_nul_is_a_matter_for_its_row() -> None:
    examine(b"task,contributor\n" + b"T-1,ana\n" * 20 + b"T-2,\x00bo\n", "x")


@pytest.mark.parametrize(
    "data",
    [
        codecs.BOM_UTF8 + b"task\n\xff\xfe\xfd\n",
        codecs.BOM_UTF16_LE + b"a",
        codecs.BOM_UTF16_LE + b"\x00\xd8a\x00",
        "任务,标注员\n".encode("gb18030") + b"\x81\x30",
    ],
)
def test_bytes_of_no_known_encoding(data: bytes) -> None:
    assert code_of(data) == "file_undecodable"


def test_gzip_is_known_by_its_first_bytes() -> None:
    file = examine(gzip.compress(TEXT.encode()), "x")
    assert file.compressed
    assert text_of(file) == TEXT


def test_a_torn_or_broken_gzip() -> None:
    packed = gzip.compress(random.Random(2).randbytes(500).hex().encode())
    assert code_of(packed[:-20]) == "file_damaged"
    assert code_of(packed[:-6] + b"\x00\x00" + packed[-4:]) == "file_damaged"
    assert code_of(packed[:40] + b"\xff" * 10 + packed[50:]) == "file_damaged"
    assert code_of(b"\x1f\x8b") == "file_damaged"


def test_a_small_gzip_that_unfolds_without_end() -> None:
    bomb = gzip.compress(b"a,b\n" * 100_000, mtime=0)
    assert code_of(bomb, max_bytes=10_000) == "file_too_large"


@pytest.mark.parametrize("end", [b"\n", b"\r"])
def test_a_line_without_end(monkeypatch: pytest.MonkeyPatch, end: bytes) -> None:
    monkeypatch.setattr(files, "MAX_LINE_BYTES", 300_000)
    assert code_of(b"task" + end + b"x" * 600_000) == "file_line_too_long"
    examine((b"x" * 99 + end) * 9_000, "x")


def test_paths_that_cannot_be_read(tmp_path: Path) -> None:
    assert code_of(tmp_path / "none.csv") == "file_missing"
    assert code_of(tmp_path) == "file_is_folder"
    assert code_of(tmp_path / "a\x00b") == "file_unreadable"
    assert code_of(tmp_path / ("x" * 300)) == "file_unreadable"
    below = tmp_path / "plain"
    below.write_text(TEXT)
    assert code_of(below / "deeper.csv") == "file_unreadable"
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert code_of(pipe) == "file_not_regular"


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "work.csv"
    path.write_text(TEXT)

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr(type(path), "open", refuse)  # root may read everything
    assert code_of(path) == "file_unreadable"


def test_a_file_written_to_between_two_passes(tmp_path: Path) -> None:
    path = tmp_path / "work.csv"
    path.write_text(TEXT)
    file = examine(path, "work.csv")
    assert text_of(file) == TEXT
    path.write_text(TEXT + "T-2,bo\n")
    with pytest.raises(IntakeError) as caught:
        text_of(file)
    assert caught.value.code == "file_changed"
