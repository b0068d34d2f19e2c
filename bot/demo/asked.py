"""What the sample's people asked: answered by the guidelines, by a person, or not yet.

All their questions stand in `sample-questions.json`; the demo starts with some of them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources
from typing import Final

from bot.container import Container
from bot.demo import workspace
from bot.rules.escalations import AnswerForm, EscalationForm
from bot.rules.people import Caller
from bot.rules.questions import Ask, AskedVia, Place, Told
from bot.rules.squads import Where

INTERIM_RULE: Final = "Skip the review with the reason “open question” and go on with the next one."

ASKED: Final = (
    "exchange",
    "late-parcel",
    "courier-name",
    "tagalog",
    "emoji-span",
    "irony-stars",
    "harness",
    "rental",
)
"""The questions that are asked while the demo is filled, by id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleQuestion:
    """What somebody asks, and what becomes of it.

    `day` counts from the sample's first day, and `asker` is a contributor who works on it. `page`
    and `section` (its heading) are where the newest guidelines answer; both are None where they are
    silent. Then `answer` is the manager's and `answer_section` the heading path that it belongs to;
    `waits` says that it was not given yet. `keep` and `edge` make it a verified answer and an edge
    case, `task` is what it was about, and `named` that the asker's name is shown. `same_as` is the
    id of an earlier question that asks the same.
    """

    id: str
    day: int
    asker: str
    text: str
    page: str | None
    section: str | None
    same_as: str | None = None
    answer: str | None = None
    answer_section: str | None = None
    waits: bool = False
    keep: bool = False
    edge: bool = False
    task: str | None = None
    named: bool = False


def sample_questions() -> dict[str, SampleQuestion]:
    """Return all questions by id, in the order in which they were asked."""
    text = resources.files("bot.demo").joinpath("sample-questions.json").read_text(encoding="utf-8")
    return {each["id"]: SampleQuestion(**each) for each in json.loads(text)}


async def ask_questions(container: Container) -> None:
    """Ask what the sample's people ask; the manager answers what the guidelines do not."""
    services = container.services
    manager = Caller(workspace.TEAM_ID, workspace.MANAGER.id)
    where = Where(named=workspace.SQUAD_NAME)
    await services.duty.set_terms(manager, where, None, INTERIM_RULE)
    known = sample_questions()
    for each in (known[question_id] for question_id in ASKED):
        caller = Caller(workspace.TEAM_ID, each.asker)
        place = Place(workspace.TEAM_CHANNEL.id, None, None)
        told = await services.questions.ask(
            caller, Ask(text=each.text, via=AskedVia.COMMAND, place=place), key=None
        )
        if each.page is None and isinstance(told, Told):
            await _take_to_a_person(container, caller, manager, told, each)


async def _take_to_a_person(
    container: Container, caller: Caller, manager: Caller, told: Told, asked: SampleQuestion
) -> None:
    form = EscalationForm(question_id=told.question_id, task=asked.task, named=asked.named)
    done = await container.services.escalations.ask(caller, form, key=None)
    if asked.answer is not None and not asked.waits:
        answer = AnswerForm(
            escalation_id=done.escalation_id,
            text=asked.answer,
            section=asked.answer_section,
            keep=asked.keep,
            edge=asked.edge,
        )
        await container.services.duty.answer(manager, answer, key=None)
