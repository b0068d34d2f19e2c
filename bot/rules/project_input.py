"""Reads what people type about a project, and writes it back as they would type it.

It comes as lines, one category or batch each. Reading them never stops at the first mistake:
every line that cannot be read is reported by its number.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final, TypeVar
from urllib.parse import urlsplit

from bot import clock
from bot.errors import BadInput
from bot.rules.audits import Severity
from bot.rules.projects import (
    AUDITS_LIMIT,
    BATCH_LIMIT,
    BATCHES_LIMIT,
    CATEGORIES_LIMIT,
    CATEGORY_LIMIT,
    CRITERIA_LIMIT,
    DEFINITION_LIMIT,
    EMPTY,
    LINK_LIMIT,
    NAME_LIMIT,
    PRIORITY_LIMIT,
    SIZE_LIMIT,
    TASK_PLACE,
    VOLUME_LIMIT,
    Batch,
    Category,
    Field,
    NewBatch,
    NewCategory,
    Problem,
    ProjectForm,
    UnreadableForm,
)

_Value = TypeVar("_Value")
_JOINERS: Final = "\u200c\u200d"  # scripts and emoji need them


def check_link_template(text: str) -> str | None:
    """Return the code of what is wrong with a link template, None if it is good.

    `{task}` must stand behind the host: a task's name, which comes from files, must not choose
    where a link leads.
    """
    if len(text) > LINK_LIMIT:
        return "link_too_long"
    if re.search(r"[\s<>|\"'`\\\x00-\x1f]", text):
        return "link_malformed"
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return "link_malformed"
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc:
        return "link_not_http"
    behind = parts.path + parts.query + parts.fragment
    if TASK_PLACE not in behind or "{" in parts.netloc:
        return "link_without_task"
    return None


def read_form(
    values: Mapping[str, str | None],
    *,
    creating: bool,
    ready_made: Sequence[NewCategory] = (),
    shown_categories: frozenset[int] = frozenset(),
    shown_batches: frozenset[int] = frozenset(),
) -> ProjectForm:
    """Read the form's fields (by `Field`). Raises UnreadableForm with every problem in it."""
    problems: list[Problem] = []
    name = _text(values, Field.NAME, NAME_LIMIT, problems)
    if name == "" or (creating and name is None):
        problems.append(Problem(Field.NAME, "name_missing"))
    link = _text(values, Field.LINK, LINK_LIMIT, problems)
    wrong = check_link_template(link) if link else None
    if wrong is not None:
        problems.append(Problem(Field.LINK, wrong))
    form = ProjectForm(
        name=name,
        link_template=link,
        acceptance_criteria=_text(values, Field.CRITERIA, CRITERIA_LIMIT, problems),
        planned_volume=_number(values, Field.VOLUME, VOLUME_LIMIT, problems),
        audits_per_week=_number(values, Field.AUDITS, AUDITS_LIMIT, problems),
        categories=_categories(values.get(Field.CATEGORIES), problems),
        ready_made=tuple(ready_made),
        batches=_batches(values.get(Field.BATCHES), problems),
        shown_categories=shown_categories,
        shown_batches=shown_batches,
    )
    if problems:
        raise UnreadableForm(problems)
    return form


def _text(
    values: Mapping[str, str | None], name: Field, limit: int, problems: list[Problem]
) -> str | None:
    value = values.get(name)
    if value is None:
        return None
    text = value.strip() if name is Field.CRITERIA else " ".join(_visible(value).split())
    if len(text) > limit:
        problems.append(Problem(name, "too_long", None, {"length": len(text), "limit": limit}))
        return None
    return "" if text == EMPTY else text or None


def _visible(text: str) -> str:
    """Remove invisible characters, which make one name look like another, or like none."""
    return "".join(
        char for char in text if unicodedata.category(char) not in {"Cf", "Cs"} or char in _JOINERS
    )


def _number(
    values: Mapping[str, str | None], name: Field, limit: int, problems: list[Problem]
) -> int | None:
    value = values.get(name)
    if value is None or not value.strip():
        return None
    if value.strip() == EMPTY:
        return 0
    number = _whole(value)
    if number is None or not 1 <= number <= limit:
        problems.append(Problem(name, "not_a_number", None, {"limit": f"{limit:,}"}))
        return None
    return number


def _whole(text: str) -> int | None:
    """Read a whole number; "1 200", "1_200" and "1,200" are one too."""
    digits = re.sub(r"(?<=\d)[\s_,.'’](?=\d{3}(?!\d))", "", text.strip())
    return int(digits) if re.fullmatch(r"[0-9]{1,12}", digits) else None


def numbered(text: str) -> list[tuple[int, str]]:
    """Return the lines that are not blank with their numbers, which count from 1."""
    lines = [(n, _visible(line).strip()) for n, line in enumerate(text.splitlines(), 1)]
    return [(n, line) for n, line in lines if line]


_QUOTES: Final = str.maketrans({"“": '"', "”": '"', "„": '"'})
_CATEGORY: Final = re.compile(
    r"(?:\"(?P<quoted>[^\"]+)\"|(?P<name>[^:：]+?))"
    r"\s*(?:\((?P<severity>error|warning|praise)\))?\s*(?:[:：]\s*(?P<definition>.*))?",
    re.IGNORECASE,
)


def _categories(text: str | None, problems: list[Problem]) -> tuple[NewCategory, ...] | None:
    """Read lines `Name: definition` or `Name (warning): definition`; a name may be quoted."""
    if text is None or not text.strip():
        return None
    if text.strip() == EMPTY:
        return ()
    found: dict[str, NewCategory] = {}
    for line, said in numbered(text):
        category, code, values = _category(said)
        if category is None:
            problems.append(Problem(Field.CATEGORIES, code, line, values))
        elif category.name.casefold() in found:
            twice = {"name": category.name}
            problems.append(Problem(Field.CATEGORIES, "named_twice", line, twice))
        else:
            found[category.name.casefold()] = category
    if len(found) > CATEGORIES_LIMIT:
        problems.append(
            Problem(
                Field.CATEGORIES, "too_many", None, {"n": len(found), "limit": CATEGORIES_LIMIT}
            )
        )
    return tuple(found.values())


def _category(said: str) -> tuple[NewCategory | None, str, Mapping[str, object]]:
    match = _CATEGORY.fullmatch(said.translate(_QUOTES))
    name = "" if match is None else " ".join((match["quoted"] or match["name"]).split())
    if match is None or not name:
        return None, "category_unnamed", {}
    definition = (match["definition"] or "").strip()
    if len(name) > CATEGORY_LIMIT:
        return None, "name_too_long", {"length": len(name), "limit": CATEGORY_LIMIT}
    if len(definition) > DEFINITION_LIMIT:
        return None, "definition_too_long", {"length": len(definition), "limit": DEFINITION_LIMIT}
    severity = Severity((match["severity"] or Severity.ERROR).lower())
    return NewCategory(name=name, definition=definition or None, severity=severity), "", {}


_TYPOGRAPHY: Final = str.maketrans({"“": '"', "”": '"', "„": '"', "，": ","})
_BATCH_PART: Final = re.compile(
    r"(?:due\s*:?\s*(?P<due>\S+)|(?P<day>\d{4}-\S+)"
    r"|(?:priority\s*:?|p)\s*(?P<priority>\d+)|(?:size\s*:?\s*)?(?P<size>[\d\s_.'’]+)(?:\s*tasks?)?)",
    re.IGNORECASE,
)


def _batches(text: str | None, problems: list[Problem]) -> tuple[NewBatch, ...] | None:
    """Read lines `name, size, due 2026-12-01, priority 1`; all but the name may be missing."""
    if text is None or not text.strip():
        return None
    if text.strip() == EMPTY:
        return ()
    found: dict[str, NewBatch] = {}
    lines = numbered(text)
    if len(lines) > BATCHES_LIMIT:
        values = {"n": len(lines), "limit": BATCHES_LIMIT}
        problems.append(Problem(Field.BATCHES, "too_many", None, values))
        return None
    for line, said in lines:
        try:
            batch = read_batch(said)
        except BadInput as error:
            problems.append(Problem(Field.BATCHES, error.code, line, error.fields))
            continue
        if batch.name in found:
            twice = {"name": batch.name}
            problems.append(Problem(Field.BATCHES, "named_twice", line, twice))
        found[batch.name] = batch
    return tuple(found.values())


def read_batch(said: str) -> NewBatch:
    """Read one line about a batch; a name with a comma stands in quotes.

    Raises BadInput: `batch_unnamed`, `name_too_long` (length, limit), `batch_part` (part),
    `batch_number` (part), `said_twice` (part), or what `bot.clock.parse_date` raises.
    """
    cells = next(csv.reader([said.translate(_TYPOGRAPHY)], skipinitialspace=True), [])
    name, *parts = [" ".join(cell.split()) for cell in cells] or [""]
    if not name:
        raise BadInput("batch_unnamed")
    if len(name) > BATCH_LIMIT:
        raise BadInput("name_too_long", length=len(name), limit=BATCH_LIMIT)
    size: int | None = None
    due: date | None = None
    priority: int | None = None
    for part in filter(None, parts):
        match = _BATCH_PART.fullmatch(part)
        if match is None:
            raise BadInput("batch_part", part=part[:40])
        if match["due"] or match["day"]:
            due = _once(due, clock.parse_date(match["due"] or match["day"]), part)
        elif match["priority"]:
            priority = _once(priority, _ranged(match["priority"], PRIORITY_LIMIT, part), part)
        else:
            size = _once(size, _ranged(match["size"], SIZE_LIMIT, part), part)
    return NewBatch(name=name, size=size, due=due, priority=priority)


def _once(before: _Value | None, value: _Value, part: str) -> _Value:
    if before is not None:
        raise BadInput("said_twice", part=part[:40])
    return value


def _ranged(text: str, limit: int, part: str) -> int:
    number = _whole(text)
    if number is None or not 1 <= number <= limit:
        raise BadInput("batch_number", part=part[:40], limit=f"{limit:,}")
    return number


def category_lines(
    categories: Iterable[Category], limit: int = 3000
) -> tuple[list[str], frozenset[int]]:
    """Write categories as the lines that `read_form` reads, and tell which ones are among them.

    Where they would not fit into `limit` characters definitions are left out, then categories.
    A name that would not be read as it stands is left out too.
    """
    known = list(categories)
    full = [(each.category_id, _category_line(each, each.definition)) for each in known]
    if sum(len(line) + 1 for _, line in full) > limit:
        full = [(each.category_id, _category_line(each, None)) for each in known]
    names = {each.category_id: each.name for each in known}
    readable = [(key, line) for key, line in full if _reads_as_category(line, names[key])]
    return _that_fit(readable, limit)


def batch_lines(batches: Iterable[Batch], limit: int = 3000) -> tuple[list[str], frozenset[int]]:
    """Write batches as the lines that `read_form` reads, and tell which ones are among them."""
    lines = [(batch, _batch_line(batch)) for batch in batches]
    readable = [(each.batch_id, line) for each, line in lines if _reads_as_batch(line, each.name)]
    return _that_fit(readable, limit)


def _category_line(category: Category, definition: str | None) -> str:
    name = category.name
    if re.search(r"[:：]|\((error|warning|praise)\)$", name, re.IGNORECASE):
        name = f'"{name}"'
    severity = "" if category.severity is Severity.ERROR else f" ({category.severity.value})"
    said = f": {' '.join(definition.split())}" if definition else ""
    return f"{name}{severity}{said}"


def _reads_as_category(line: str, name: str) -> bool:
    category, _, _ = _category(line)
    return "\n" not in line and category is not None and category.name == name


def _batch_line(batch: Batch) -> str:
    parts = [f'"{batch.name}"' if "," in batch.name else batch.name]
    if batch.size is not None:
        parts.append(str(batch.size))
    if batch.due is not None:
        parts.append(f"due {batch.due.isoformat()}")
    if batch.priority is not None:
        parts.append(f"priority {batch.priority}")
    return ", ".join(parts)


def _reads_as_batch(line: str, name: str) -> bool:
    try:
        return "\n" not in line and read_batch(line).name == name
    except BadInput:
        return False


def _that_fit(lines: Iterable[tuple[int, str]], limit: int) -> tuple[list[str], frozenset[int]]:
    kept: list[str] = []
    keys: set[int] = set()
    used = 0
    for key, line in lines:
        used += len(line) + 1
        if used > limit:
            break
        kept.append(line)
        keys.add(key)
    return kept, frozenset(keys)
