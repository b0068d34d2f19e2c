"""A file or a folder in, a library out; what cannot be read is reported and the rest goes in."""

import codecs
import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from bot.errors import IntakeError
from bot.knowledge.markdown import read_markdown
from bot.knowledge.markup import read_html
from bot.knowledge.outline import Outline
from bot.knowledge.plaintext import read_text
from bot.rules.guidelines import FILE_LIMIT_MB, PASSAGE_LIMIT, Library, Passage, Trouble, Unread

MEGABYTE: Final = 1_000_000
Reader = Callable[[str, Outline], None]
READERS: Final[Mapping[str, Reader]] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".mdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".txt": read_text,
    ".text": read_text,
}
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARSET: Final = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,30})", re.IGNORECASE
)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class _TroubleError(Exception):
    """A file that stays out."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


def read_library(path: Path) -> Library:
    """Read a file, or all guideline files below a folder, in the order of their names.

    Hidden files and folders are passed over, as are links that lead to folders. Raises
    IntakeError("guidelines_missing") if there is nothing at `path`,
    ("guidelines_no_files") if it holds no Markdown, HTML or text, and ("guidelines_unreadable")
    if none of them could be read.
    """
    if not path.exists():
        raise IntakeError("guidelines_missing", path=str(path))
    files = [(path, path.name)] if path.is_file() else list(_below(path))
    if not files:
        raise IntakeError("guidelines_no_files", path=str(path))
    passages: list[Passage] = []
    unread: list[Unread] = []
    for file, document in files:
        try:
            passages += _passages(file, document, PASSAGE_LIMIT - len(passages))
        except _TroubleError as error:
            unread.append(Unread(document, error.trouble))
    if not passages:
        names = [each.document for each in unread]
        raise IntakeError("guidelines_unreadable", documents=names, n=len(names))
    read = len(files) - len(unread)
    return Library(passages=tuple(passages), documents=read, unread=tuple(unread))


def _below(folder: Path) -> Iterator[tuple[Path, str]]:
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(where, name)
            if file.suffix.lower() in READERS and not name.startswith("."):
                yield file, file.relative_to(folder).as_posix()


def _passages(file: Path, document: str, room: int) -> list[Passage]:
    text = _text(file)
    outline = Outline(document)
    reader = READERS.get(file.suffix.lower(), read_text)
    try:
        reader(text, outline)
    except (RecursionError, ValueError) as error:
        # Thousands of nested lists, or what else a library does not forgive.
        raise _TroubleError(Trouble.UNREADABLE) from error
    found = outline.passages()
    if not found:
        raise _TroubleError(Trouble.EMPTY)
    if len(found) > room:
        raise _TroubleError(Trouble.TOO_MANY_PASSAGES)
    return found


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > FILE_LIMIT_MB * MEGABYTE:
            raise _TroubleError(Trouble.TOO_LARGE)
        content = file.read_bytes()
    except OSError as error:
        raise _TroubleError(Trouble.UNREADABLE) from error
    encoding = next((name for mark, name in _BOMS if content.startswith(mark)), "utf-8")
    stated = _CHARSET.search(content[:4096])
    for candidate in (encoding, stated[1].decode() if stated else None):
        try:
            text = content.decode(candidate or "utf-8")
        except (UnicodeDecodeError, LookupError):
            continue
        if "\x00" in text:
            break
        return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    raise _TroubleError(Trouble.NOT_TEXT)
