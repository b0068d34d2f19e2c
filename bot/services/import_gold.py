"""Gold answers go in: new, revised or unchanged; a file that contradicts itself is told so."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from hashlib import blake2b
from typing import Final, Protocol

from bot.rules.imports import Destination, Pace
from bot.rules.intake import GoldRow, Reason, Rejected, SubmissionRow, Tally
from bot.services.import_writing import Writer, persistently
from bot.store import gold
from bot.store.database import Database

REMEMBERED: Final = 200_000
"""Tasks of one file whose answer is remembered, to notice when it gives them another one."""


class _Submissions(Protocol):
    """What takes the submissions of a file."""

    async def take(self, records: Sequence[SubmissionRow], /) -> None: ...


@dataclass(slots=True)
class _Sorted:
    """What some answers are, seen against what is stored."""

    new: dict[str, str] = field(default_factory=dict)
    revised: list[tuple[gold.KeptGold, str]] = field(default_factory=list)
    unchanged: int = 0


class GoldImport:
    """Takes gold answers one after the other, and keeps the tally; a dry one only looks.

    Within one file the first answer to a task counts, and another one later is refused: taking
    both would revise the answer anew with every import.
    """

    def __init__(
        self,
        database: Database,
        destination: Destination,
        tally: Tally,
        now: datetime,
        *,
        dry: bool,
    ) -> None:
        self._database = database
        self._destination = destination
        self._tally = tally
        self._now = now
        self._dry = dry
        self._writer = Writer(database, Pace(size=200))
        self._seen: dict[bytes, tuple[int, bytes]] = {}
        self.taken = 0

    async def take(self, rows: Sequence[GoldRow]) -> None:
        """Import some answers."""
        self.taken += len(rows)
        first = [row for row in rows if self._is_first(row)]
        for some in self._writer.pace.slices(first):
            labels = {row.task: row.label for row in some}
            found = await persistently(partial(self._store, labels))
            self._tally.new += len(found.new)
            self._tally.revised += len(found.revised)
            # An answer beyond those remembered may stand twice in one piece.
            self._tally.unchanged += found.unchanged + len(some) - len(labels)

    def _is_first(self, row: GoldRow) -> bool:
        """Tell whether the file says this for the first time; count or refuse what it repeats."""
        task, said = _digest(row.task), _digest(row.label)
        number, before = self._seen.get(task, (0, b""))
        if not number:
            if len(self._seen) < REMEMBERED:
                self._seen[task] = (row.row, said)
            return True
        if before == said:
            self._tally.unchanged += 1
        else:
            fields = {"first": number}
            self._tally.reject([Rejected(row.row, "label", Reason.CONFLICTING_GOLD, fields)])
        return False

    async def _store(self, labels: dict[str, str]) -> _Sorted:
        there = self._destination
        if there.project_id is None:
            return _Sorted(new=labels)
        async with self._database.read() as connection:
            known = await gold.find(connection, there.workspace_id, there.project_id, labels)
        found = _Sorted()
        for task, label in labels.items():
            kept = known.get(task)
            if kept is None:
                found.new[task] = label
            elif kept.label == label:
                found.unchanged += 1
            else:
                found.revised.append((kept, label))
        if not self._dry and (found.new or found.revised):
            async with self._writer.turn(len(found.new) + len(found.revised)) as tx:
                await gold.add(tx, there.workspace_id, there.project_id, found.new, self._now)
                await gold.revise(tx, there.workspace_id, found.revised, self._now)
        return found


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=16).digest()


class WorkImport:
    """Takes what an export holds, and hands submissions and gold answers to whom they belong."""

    def __init__(self, submissions: _Submissions, answers: GoldImport) -> None:
        self._submissions = submissions
        self.answers = answers

    async def take(self, records: Sequence[SubmissionRow | GoldRow]) -> None:
        """Import some records, the submissions first."""
        answers = [each for each in records if isinstance(each, GoldRow)]
        work = [each for each in records if isinstance(each, SubmissionRow)]
        if work:
            await self._submissions.take(work)
        if answers:
            await self.answers.take(answers)
