"""Where guidelines leave people without an answer: questions gathered by section, without names."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from bot.rules.questions import ANSWERED, Outcome

WEEKLY: Final = "questions.weekly"
"""The kind of the managers' weekly line."""

WINDOW: Final = timedelta(days=28)
"""What a list of gaps looks back on: long enough for a question to be asked twice."""

WEEK: Final = timedelta(days=7)

REPEATED: Final = 2
"""So many who ask the same make it a repeated question."""

SHOWN: Final = 8
LISTED: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class GapQuestion:
    """A question as gaps see it: nobody's. `section` is the heading path that came nearest.

    `missing` is what those said who found the answer not helpful. `escalated` says that a person
    was asked, `open` that they have not answered yet.
    """

    question_id: int
    text: str
    section: str | None
    outcome: Outcome
    asked_at: datetime
    unhelpful: bool = False
    missing: tuple[str, ...] = ()
    escalated: bool = False
    open: bool = False

    @property
    def unanswered(self) -> bool:
        """Whether the asker was given nothing to go by."""
        return self.outcome not in ANSWERED

    @property
    def without_person(self) -> bool:
        """Whether it was answered without a person having been asked."""
        return not self.unanswered and not self.escalated


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Questions about one section, or about one thing where no section is near.

    `title` is the section, or the first of the questions. A question may count as more than one of
    `unanswered`, `unhelpful` and `repeated`.
    """

    section: str | None
    title: str
    questions: tuple[GapQuestion, ...]
    unanswered: int
    unhelpful: int
    repeated: int
    open: int

    @property
    def key(self) -> str:
        """A short name of the gap that a button can carry."""
        named = self.section if self.section is not None else f"?{self.title}"
        return blake2b(named.encode(), digest_size=8).hexdigest()

    @property
    def weight(self) -> int:
        """How many questions say that something is missing here."""
        return self.unanswered + self.unhelpful + self.repeated


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """What a squad's people asked since an instant, and where the guidelines fell short.

    `without_person` of the `asked` were answered without anybody having been asked. `reviews`
    counts verified answers that wait for their verifier.
    """

    squad: str
    since: datetime
    asked: int
    without_person: int
    gaps: tuple[Gap, ...]
    reviews: int = 0


def gather(
    questions: Sequence[GapQuestion], alike: Sequence[Sequence[int]], about: Sequence[Sequence[int]]
) -> tuple[Gap, ...]:
    """Return the gaps, heaviest first; sections where nothing is missing are left out.

    `alike` are groups of positions that ask the same, `about` looser ones that are about the same;
    the latter hold together what no section is near.
    """
    repeated = {position for group in alike if len(group) >= REPEATED for position in group}
    gaps = [
        _gap(section, [questions[position] for position in positions], repeated, positions)
        for section, positions in _groups(questions, about).items()
    ]
    found = [gap for gap in gaps if gap.weight]
    return tuple(sorted(found, key=lambda gap: (-gap.weight, gap.title)))


def _groups(
    questions: Sequence[GapQuestion], about: Sequence[Sequence[int]]
) -> Mapping[str | int, list[int]]:
    groups: dict[str | int, list[int]] = defaultdict(list)
    topic = {position: number for number, group in enumerate(about) for position in group}
    for position, question in enumerate(questions):
        near = question.section
        groups[near if near is not None else topic.get(position, -1 - position)].append(position)
    return groups


def _gap(
    section: str | int,
    questions: Sequence[GapQuestion],
    repeated: Iterable[int],
    positions: Sequence[int],
) -> Gap:
    named = section if isinstance(section, str) else None
    again = set(repeated)
    return Gap(
        section=named,
        title=named if named is not None else questions[0].text,
        questions=tuple(questions),
        unanswered=sum(each.unanswered for each in questions),
        unhelpful=sum(each.unhelpful for each in questions),
        repeated=sum(position in again for position in positions),
        open=sum(each.open for each in questions),
    )
