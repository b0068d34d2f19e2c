"""A project's error categories as a file's rows are held against them."""

from collections.abc import Iterable
from typing import Final

from bot.rules.audits import Severity
from bot.rules.intake import AuditRow, Reason, Rejected
from bot.rules.projects import CATEGORIES_LIMIT, Category, NewCategory

LISTED: Final = 20
"""Known categories that a rejected row names."""


class Taxonomy:
    """Categories by name, whatever their capitals; retired ones still name old findings."""

    def __init__(self, categories: Iterable[Category]) -> None:
        self._by_name: dict[str, Category] = {}
        self.added: list[str] = []
        self.refresh(categories)

    def refresh(self, categories: Iterable[Category]) -> None:
        """Take over what is stored now."""
        known = sorted(categories, key=lambda each: not each.retired)
        self._by_name = {each.name.casefold(): each for each in known}

    def get(self, name: str) -> Category | None:
        """Return the category of that name."""
        return self._by_name.get(name.casefold())

    def put(self, category: Category) -> None:
        """Take note of one that would be added, if there is room."""
        if self.get(category.name) is None and self.room:
            self._by_name[category.name.casefold()] = category
            self.added.append(category.name)

    @property
    def used(self) -> list[Category]:
        """The categories that are offered, in their order."""
        used = (each for each in self._by_name.values() if not each.retired)
        return sorted(used, key=lambda each: each.position)

    @property
    def room(self) -> int:
        """How many more a menu can hold."""
        return max(0, CATEGORIES_LIMIT - len(self.used))

    def as_given(self) -> list[NewCategory]:
        """Return those in use as if they were given anew."""
        return [
            NewCategory(
                name=each.name,
                definition=each.definition,
                severity=each.severity,
                section=each.section,
            )
            for each in self.used
        ]

    def covers(self, row: AuditRow) -> bool:
        """Tell whether a row's category is one of these, or it has none."""
        return row.category is None or self.get(row.category) is not None

    def refusal(self, row: AuditRow) -> Rejected:
        """Return the rejection of a row whose category is not here."""
        known = [each.name for each in self.used[:LISTED]]
        fields = {"value": row.category, "known": known}
        return Rejected(row.row, "category", Reason.UNKNOWN_CATEGORY, fields)


def new_category(name: str) -> Category:
    """Return a category as a dry run imagines it, with no key."""
    return Category(
        category_id=0,
        name=name,
        definition=None,
        severity=Severity.ERROR,
        section=None,
        position=CATEGORIES_LIMIT,
    )
