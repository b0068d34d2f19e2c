"""A file is looked at once, byte by byte and in constant memory, before a word of it is believed.

That pass finds out whether it is text at all, in which encoding, and whether it is compressed;
what cannot be read raises here, before the first row is yielded:

    IntakeError
        file_missing, file_is_folder, file_not_regular, file_unreadable     (name)
        file_empty          (name)
        file_too_large      (name, limit: bytes after decompression)
        file_not_text       (name, looks_like: workbook | archive | pdf | image | sound | film |
                             program | database | numbers)
        file_binary         (name)      no text either, and nothing known
        file_damaged        (name)      a compressed file that ends early or fails its checksum
        file_undecodable    (name)      neither UTF-8, UTF-16 with BOM nor Windows-1252
        file_line_too_long  (name, limit: bytes)
        file_changed        (name)      between two passes
"""

import codecs
import gzip
import io
import os
import re
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from bot.errors import IntakeError

MAX_BYTES: Final = 4 * 1024**3
"""Decompressed; a few kilobytes of gzip can unfold into a disk full of zeros."""

MAX_LINE_BYTES: Final = 8 * 1024**2
"""A line is held in memory whole, and ten times over while it is taken apart."""

BLOCK: Final = 256 * 1024

JSON_BLANKS: Final = " \t\r\n"

_HEAD: Final = 64 * 1024
_CONTROL_SHARE: Final = 0.05  # text has next to none, compressed or random data 11 %
_CONTROLS: Final = bytes(n for n in range(32) if n not in b"\t\n\v\f\r\x1a\x1b")
_NOT_IN_WINDOWS_1252: Final = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_ESCAPED: Final = re.compile("[\udc80-\udcff]")  # what surrogateescape makes of a bad byte
_NON_ASCII: Final = re.compile("[^\x00-\x7f]")

_MAGIC: Final = (
    (b"PK\x03\x04", "workbook"),  # xlsx and ods are zip archives, and what people have is those
    (b"\xd0\xcf\x11\xe0", "workbook"),
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"SQLite format 3\x00", "database"),
    (b"PAR1", "database"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"\x28\xb5\x2f\xfd", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"Rar!", "archive"),
    (b"RIFF", "sound"),
    (b"ID3", "sound"),
    (b"OggS", "sound"),
    (b"fLaC", "sound"),
    (b"\x1aE\xdf\xa3", "film"),
    (b"\x00\x00\x00\x18ftyp", "film"),
    (b"\x00\x00\x00\x1cftyp", "film"),
    (b"\x00\x00\x00\x20ftyp", "film"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"\x7fELF", "program"),
    (b"MZ\x90\x00", "program"),
    (b"ARROW1", "database"),
    (b"Obj\x01", "database"),
    (b"\x89HDF", "database"),
    (b"\x93NUMPY", "numbers"),
)
_GZIP: Final = b"\x1f\x8b"
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose BOM it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_Fingerprint = tuple[int, int, int, int]


class _NotRegularError(OSError):
    """A pipe, a device or a socket."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file that was found readable; `lines()` may be called any number of times.

    `encoding` is Python's name. `undecodable` counts bytes that are not text in it: they reach
    the reader as lone surrogates, so that only their rows are refused.
    """

    content: Path | bytes
    name: str
    encoding: str
    compressed: bool
    undecodable: int
    fingerprint: _Fingerprint | None

    @contextmanager
    def lines(self) -> Iterator[io.TextIOWrapper]:
        """Give the physical lines with their own line ends; raises `IntakeError`."""
        with _translated(self.name), _opened(self.content, compressed=self.compressed) as raw:
            if self.fingerprint != _fingerprint(self.content):
                raise IntakeError("file_changed", name=self.name)
            buffered = io.BufferedReader(_Raw(raw), BLOCK)
            # newline="" leaves a line break inside a quoted cell as it is.
            with io.TextIOWrapper(
                buffered, self.encoding, errors="surrogateescape", newline=""
            ) as text:
                yield text


class _Raw(io.RawIOBase):
    """Any binary stream as a raw one, so that one buffer size serves files, bytes and gzip."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def examine(
    content: Path | bytes, name: str, max_bytes: int = MAX_BYTES, *, lists: bool = False
) -> TextFile:
    """Find out whether the content is text and how it is written; raises `IntakeError`.

    With `lists` the lines of a file that opens with `[` may be of any length: whoever asks for it
    reads such a file item by item (`bot.intake.arrays`), and never by its lines.
    """
    with _translated(name):
        fingerprint = _fingerprint(content)
        with _opened(content, compressed=False) as raw:
            compressed = raw.read(2) == _GZIP
        with _opened(content, compressed=compressed) as raw:
            encoding, undecodable = _survey(_Blocks(raw, name, max_bytes, lists=lists))
    return TextFile(content, name, encoding, compressed, undecodable, fingerprint)


@contextmanager
def _translated(name: str) -> Iterator[None]:
    """Turn what the operating system and the decompressor raise into `IntakeError`."""
    try:
        yield
    except FileNotFoundError as error:
        raise IntakeError("file_missing", name=name) from error
    except IsADirectoryError as error:
        raise IntakeError("file_is_folder", name=name) from error
    except _NotRegularError as error:
        raise IntakeError("file_not_regular", name=name) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise IntakeError("file_damaged", name=name) from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path, or UnicodeError
        code = "file_undecodable" if isinstance(error, UnicodeError) else "file_unreadable"
        raise IntakeError(code, name=name) from error


def _fingerprint(content: Path | bytes) -> _Fingerprint | None:
    """Return what changes when somebody writes to the file; None for bytes, which nobody can."""
    if isinstance(content, bytes):
        return None
    about = content.stat()
    return about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns


@contextmanager
def _opened(content: Path | bytes, *, compressed: bool) -> Iterator[IO[bytes]]:
    with io.BytesIO(content) if isinstance(content, bytes) else _regular(content) as plain:
        if compressed:
            with gzip.GzipFile(fileobj=plain) as unpacked:
                yield unpacked  # type: ignore[misc]  # a GzipFile reads like any binary stream
        else:
            yield plain


def _regular(path: Path) -> IO[bytes]:
    """Open a regular file; anything else might block for ever, or has no end."""
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(path)
    if not stat.S_ISREG(mode):
        raise _NotRegularError(path)
    return path.open("rb")


class _Blocks:
    """The bytes of a stream in blocks, watched for their total and for endless lines."""

    def __init__(self, stream: IO[bytes], name: str, max_bytes: int, *, lists: bool) -> None:
        self.name = name
        self._stream = stream
        self._max_bytes = max_bytes
        self._lists = lists

    def __iter__(self) -> Iterator[bytes]:
        total = line = 0
        endless = False
        while block := self._stream.read(BLOCK):
            if not total:
                endless = self._lists and _opens_list(block)
            total += len(block)
            if total > self._max_bytes:
                raise IntakeError("file_too_large", name=self.name, limit=self._max_bytes)
            end = max(block.rfind(b"\n"), block.rfind(b"\r"))
            line = line + len(block) if end < 0 else len(block) - end
            if line > MAX_LINE_BYTES and not endless:
                raise IntakeError("file_line_too_long", name=self.name, limit=MAX_LINE_BYTES)
            yield block


def _opens_list(head: bytes) -> bool:
    """Tell whether `[` stands first, but for a few blanks, in whatever encoding."""
    encoding = next((name for bom, name in _BOMS if head.startswith(bom)), "utf-8")
    text = codecs.getincrementaldecoder(encoding)("replace").decode(head[:_HEAD])
    return text.lstrip(JSON_BLANKS).startswith("[")


def _survey(blocks: _Blocks) -> tuple[str, int]:
    """Read all blocks; return the encoding and how many bytes are not text in it."""
    iterator = iter(blocks)
    head = next(iterator, b"")
    if not head:
        raise IntakeError("file_empty", name=blocks.name)
    bom, encoding = next((each for each in _BOMS if head.startswith(each[0])), (b"", "utf-8"))
    if len(head) == len(bom):
        raise IntakeError("file_empty", name=blocks.name)
    if not bom:
        _refuse_binary(head, blocks.name)
    if encoding in {"utf-16", "utf-32"}:
        _decode_strictly(encoding, head, iterator)
        return encoding, 0
    return _utf8_or_windows(encoding, head, iterator)


def _refuse_binary(head: bytes, name: str) -> None:
    for magic, looks_like in _MAGIC:
        if head.startswith(magic):
            raise IntakeError("file_not_text", name=name, looks_like=looks_like)
    sample = head[:_HEAD]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls > len(sample) * _CONTROL_SHARE:
        raise IntakeError("file_binary", name=name)


def _decode_strictly(encoding: str, head: bytes, rest: Iterator[bytes]) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    decoder.decode(head)
    for block in rest:
        decoder.decode(block)
    decoder.decode(b"", final=True)


def _utf8_or_windows(encoding: str, head: bytes, rest: Iterator[bytes]) -> tuple[str, int]:
    """Tell UTF-8 from Windows-1252 by what most of the file's non-ASCII says.

    One broken byte in a UTF-8 file must not turn all its other letters into two wrong ones each,
    so a file with more good sequences than bad bytes is UTF-8 with some bad bytes.
    """
    decoder = codecs.getincrementaldecoder(encoding)("surrogateescape")
    good = bad = 0
    windows = encoding == "utf-8"  # a UTF-8 BOM rules it out

    def count(text: str) -> None:
        nonlocal good, bad
        if text.isascii():
            return
        wrong = len(_ESCAPED.findall(text))
        bad += wrong
        good += len(_NON_ASCII.findall(text)) - wrong

    block: bytes | None = head
    while block is not None:
        windows = windows and _NOT_IN_WINDOWS_1252.search(block) is None
        count(decoder.decode(block))
        block = next(rest, None)
    count(decoder.decode(b"", final=True))
    if bad <= good or not windows:
        if bad > good:
            raise UnicodeError("neither UTF-8 nor Windows-1252")
        return encoding, bad
    return "cp1252", 0


def shown_name(content: Path | bytes, name: str | None) -> str:
    """Return the name that sentences use: the one given, else the last part of the path."""
    if name is not None:
        return name
    return os.fspath(content.name) if isinstance(content, Path) else "upload"
