"""A row of an audit, roster, plan or taxonomy becomes its record.

Each raises `CellError` with the first thing that is wrong. The words of other tools for verdicts,
severities and roles are understood in any case.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, TypeVar

from bot.intake.cells import (
    CellError,
    day,
    free_text,
    name_text,
    refusal,
    several,
    whole_number,
    word,
    zone,
)
from bot.intake.kinds import LIMITS, Context, Kind
from bot.rules.audits import Severity, Verdict
from bot.rules.intake import AuditRow, FileKind, PlanRow, Reason, RosterRow, TaxonomyRow
from bot.rules.people import Role, Status

LARGEST_COUNT: Final = 2_000_000_000
_LOWEST_PRIORITY: Final = 9

_ACCEPTED: Final = "accepted accept accepts pass passed ok okay yes y true 1 correct approved good"
_REJECTED: Final = "rejected reject rejects fail failed no n false 0 incorrect wrong bad declined"
_ERROR: Final = "error errors err major critical high blocker serious severe fatal"
_WARNING: Final = "warning warnings warn minor low medium info notice"
_CONTRIBUTOR: Final = "contributor annotator labeler labeller worker"
_AUDITOR: Final = "auditor reviewer qa"
_MANAGER: Final = "manager lead squad_lead team_lead"

Word = TypeVar("Word")


def _meanings(spoken: Mapping[Word, str]) -> Mapping[str, Word]:
    return MappingProxyType(
        {text: meaning for meaning, texts in spoken.items() for text in texts.split()}
    )


VERDICTS: Final = _meanings({Verdict.ACCEPTED: _ACCEPTED, Verdict.REJECTED: _REJECTED})
SEVERITIES: Final = _meanings(
    {Severity.ERROR: _ERROR, Severity.WARNING: _WARNING, Severity.PRAISE: "praise kudos positive"}
)
ROLES: Final = _meanings(
    {
        Role.CONTRIBUTOR: _CONTRIBUTOR,
        Role.AUDITOR: _AUDITOR,
        Role.MANAGER: _MANAGER,
        Role.DELIVERY: "delivery",
        Role.CLIENT: "client",
    }
)
STATUSES: Final = _meanings({status: status.value for status in Status})
PRIORITIES: Final = _meanings({1: "urgent highest", 2: "high", 3: "normal medium", 4: "low"})

_SLACK_ID: Final = re.compile(r"<@([UW][A-Z0-9]{2,30})(?:\|[^>]*)?>|([UW][A-Z0-9]{2,30})")
_EMAIL: Final = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
_COUNTRY: Final = re.compile(r"[A-Za-z]{2}")


class _Cells:
    """The cells of one row by name, for kinds whose files are short."""

    def __init__(self, names: Sequence[str], values: Sequence[str]) -> None:
        self._values = dict(zip(names, values, strict=True))

    def __getitem__(self, column: str) -> str:
        return self._values[column]

    def needed(self, column: str) -> str:
        """Return a name that has to be there."""
        value = self.optional(column)
        if value is None:
            raise CellError(column, Reason.EMPTY)
        return value

    def optional(self, column: str) -> str | None:
        """Return a name, or None."""
        value = self._values[column]
        return name_text(value, column, LIMITS[column]) if value else None

    def prose(self, column: str) -> str | None:
        """Return text of several lines, or None."""
        value = self._values[column]
        return free_text(value, column, LIMITS[column]) or None if value else None

    def given(self, column: str) -> str:
        """Return the raw cell that has to be there."""
        if not self._values[column]:
            raise CellError(column, Reason.EMPTY)
        return self._values[column]


_AUDIT_COLUMNS: Final = (
    "task",
    "contributor",
    "auditor",
    "audited_at",
    "verdict",
    "submitted_at",
    "category",
    "severity",
    "section",
    "note",
)


def _audits(context: Context) -> Callable[[int, list[str]], AuditRow]:
    """Return the reader of audits."""
    pick, instants = context.pick(_AUDIT_COLUMNS), context.instants

    def read(row: int, cells: list[str]) -> AuditRow:
        of = _Cells(_AUDIT_COLUMNS, pick(cells))
        submitted, severity = of["submitted_at"], of["severity"]
        return AuditRow(
            row=row,
            task=of.needed("task"),
            contributor=of.needed("contributor"),
            auditor=of.needed("auditor"),
            audited_at=instants.read(of.given("audited_at"), "audited_at"),
            verdict=word(of.given("verdict"), "verdict", VERDICTS),
            submitted_at=instants.read(submitted, "submitted_at") if submitted else None,
            category=of.optional("category"),
            severity=word(severity, "severity", SEVERITIES) if severity else None,
            section=of.optional("section"),
            note=of.prose("note"),
        )

    return read


_ROSTER_COLUMNS: Final = (
    "name",
    "slack_id",
    "email",
    "roles",
    "status",
    "tags",
    "zone",
    "country",
    "subdivision",
)


def _roster(context: Context) -> Callable[[int, list[str]], RosterRow]:
    """Return the reader of rosters."""
    pick = context.pick(_ROSTER_COLUMNS)

    def read(row: int, cells: list[str]) -> RosterRow:
        of = _Cells(_ROSTER_COLUMNS, pick(cells))
        if not (of["name"] or of["slack_id"] or of["email"]):
            raise CellError(None, Reason.NOBODY)
        country, subdivision = _place(of["country"], of.optional("subdivision"))
        return RosterRow(
            row=row,
            name=of.optional("name"),
            slack_id=_slack_id(of["slack_id"]) if of["slack_id"] else None,
            email=_email(of["email"]) if of["email"] else None,
            roles=several(of["roles"], _role),
            status=word(of["status"], "status", STATUSES) if of["status"] else None,
            tags=several(of["tags"], lambda tag: name_text(tag, "tags", LIMITS["tags"])),
            zone=zone(of["zone"], "zone") if of["zone"] else None,
            country=country,
            subdivision=subdivision,
        )

    return read


def _role(text: str) -> Role:
    spoken = re.sub(r"[\s-]+", "_", text)
    singular = spoken[:-1] if spoken.casefold().endswith("s") else spoken
    try:
        return word(singular, "roles", ROLES)
    except CellError:
        raise refusal("roles", Reason.UNKNOWN_WORD, text) from None


def _slack_id(text: str) -> str:
    found = _SLACK_ID.fullmatch(text)
    if found is None:
        raise refusal("slack_id", Reason.NOT_A_SLACK_ID, text)
    return str(found[1] or found[2])


def _email(text: str) -> str:
    if not _EMAIL.fullmatch(text):
        raise refusal("email", Reason.NOT_AN_EMAIL, text)
    return name_text(text.casefold(), "email", LIMITS["email"])


def _place(country: str, subdivision: str | None) -> tuple[str | None, str | None]:
    """Read `DE` and `BY`, or `DE` and `DE-BY`."""
    if country and not _COUNTRY.fullmatch(country):
        raise refusal("country", Reason.UNKNOWN_WORD, country)
    upper = country.upper() or None
    part = subdivision.upper() if subdivision else None
    if part and upper:
        part = part.removeprefix(f"{upper}-")
    return upper, part


_PLAN_COLUMNS: Final = ("batch", "size", "due", "priority", "planned_volume")


def _plan(context: Context) -> Callable[[int, list[str]], PlanRow]:
    """Return the reader of plans."""
    pick = context.pick(_PLAN_COLUMNS)

    def read(row: int, cells: list[str]) -> PlanRow:
        of = _Cells(_PLAN_COLUMNS, pick(cells))
        volume = of["planned_volume"]
        return PlanRow(
            row=row,
            batch=of.needed("batch"),
            size=whole_number(of["size"], "size", LARGEST_COUNT) if of["size"] else None,
            due=day(of["due"], "due") if of["due"] else None,
            priority=_priority(of["priority"]) if of["priority"] else None,
            planned_volume=(
                whole_number(volume, "planned_volume", LARGEST_COUNT) if volume else None
            ),
        )

    return read


def _priority(text: str) -> int:
    named = PRIORITIES.get(text.casefold())
    number = named or whole_number(text, "priority", _LOWEST_PRIORITY)
    if not number:
        raise refusal("priority", Reason.NOT_A_NUMBER, text)
    return number


_TAXONOMY_COLUMNS: Final = ("category", "definition", "severity", "section")


def _taxonomy(context: Context) -> Callable[[int, list[str]], TaxonomyRow]:
    """Return the reader of taxonomies."""
    pick = context.pick(_TAXONOMY_COLUMNS)

    def read(row: int, cells: list[str]) -> TaxonomyRow:
        of = _Cells(_TAXONOMY_COLUMNS, pick(cells))
        severity = of["severity"]
        return TaxonomyRow(
            row=row,
            category=of.needed("category"),
            definition=of.prose("definition"),
            severity=word(severity, "severity", SEVERITIES) if severity else Severity.ERROR,
            section=of.optional("section"),
        )

    return read


AUDITS: Final = Kind(FileKind.AUDITS, _audits)
ROSTER: Final = Kind(FileKind.ROSTER, _roster)
PLAN: Final = Kind(FileKind.PLAN, _plan)
TAXONOMY: Final = Kind(FileKind.TAXONOMY, _taxonomy)
