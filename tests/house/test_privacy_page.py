"""docs/privacy.md names every column that holds a text or points to a person, and no other."""

import re

from sqlalchemy import JSON, Column, String, Text

from bot.rules.retention import DataKind
from models import Base
from tests.house.walk import ROOT

PAGE = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([a-z_]+\.[a-z_]+)`", PAGE))
FREE = 48
"""Shorter columns hold codes, channels and places; test_store_columns.py looks after them."""


def telling(column: Column[object]) -> bool:
    """Tell whether a column may hold somebody's words, or says whom a row is about."""
    if any(key.column.table.name == "people" for key in column.foreign_keys):
        return True
    kind = column.type
    if isinstance(kind, Text | JSON):
        return True
    return isinstance(kind, String) and (kind.length is None or kind.length >= FREE)


def real() -> set[str]:
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if telling(column)
    }


def test_every_telling_column_is_on_the_page() -> None:
    assert sorted(real() - NAMED) == []


def test_the_page_names_no_column_that_is_gone() -> None:
    every = {f"{t.name}.{c.name}" for t in Base.metadata.sorted_tables for c in t.columns}
    assert sorted(NAMED - every) == []


def test_every_term_is_on_the_page() -> None:
    assert [kind.value for kind in DataKind if f"`{kind.value}`" not in PAGE] == []
