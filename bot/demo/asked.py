"""The sample's guidelines, and what its people asked: answered by them, by a person, not yet."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bot.container import Container
from bot.demo import story, workspace
from bot.rules.escalations import AnswerForm, EscalationForm
from bot.rules.guidelines import GuidelinesRequest
from bot.rules.people import Caller
from bot.rules.questions import Ask, AskedVia, Place, Told
from bot.rules.squads import Where

BASE_URL: Final = "https://guide.example.com/reviews"
NOW: Final = "guidelines"
BEFORE: Final = "guidelines_before"
"""Folders beside this file; the second holds the pages that differed in the version before."""

INTERIM_RULE: Final = "Skip the review with the reason “open question” and go on with the next one."


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleQuestion:
    """What somebody asks; `answer` is a person's where the guidelines are silent.

    `document` is the page that answers, None where none does. `task` is what it was about.
    """

    asker: str
    text: str
    document: str | None = None
    answer: str | None = None
    keep: bool = False
    edge: bool = False
    task: str | None = None
    named: bool = False


QUESTIONS: Final = (
    SampleQuestion(
        asker="U0AMINA",
        text="Is wanting a smaller size in exchange a return request?",
        document="03-borders.md",
    ),
    SampleQuestion(
        asker="U0JERICHO",
        text="The parcel came late but the tent is fine, complaint or delivery issue?",
        document="labels/delivery_issue.md",
    ),
    SampleQuestion(
        asker="U0KACPER",
        text="Do I flag a courier's full name as personal data?",
        document="05-flags.md",
    ),
    SampleQuestion(
        asker="U0MARICEL",
        text="Does one English sentence make a Tagalog review mixed?",
        document="04-evidence.md",
    ),
    SampleQuestion(
        asker="U0OKSANA",
        text="Are emoji part of the evidence span?",
        document="04-evidence.md",
    ),
    SampleQuestion(
        asker="U0BRIAN",
        text="How do I label sarcastic praise with five stars?",
        document="02-intent.md",
    ),
    SampleQuestion(
        asker="U0PAOLO",
        text="Which label for a recalled climbing harness with a safety notice?",
        answer=(
            "complaint. A recall is a fault of the product, whoever announced it. If the shopper"
            " asks where to send the harness, return_request comes first."
        ),
        keep=True,
        edge=True,
        task="RV-000412",
        named=True,
    ),
    SampleQuestion(
        asker="U0WANJIRU",
        text="Do rental contracts and subscriptions for tents count as purchases?",
        task="RV-000977",
    ),
)
"""The last one waits for an answer when the demo starts."""


async def load_guidelines(container: Container) -> None:
    """Import the sample's guidelines: the version before, then the one that counts."""
    here = resources.files("bot.demo")
    with resources.as_file(here) as folder, TemporaryDirectory() as made:
        before = Path(made) / NOW
        shutil.copytree(folder / NOW, before)
        shutil.copytree(folder / BEFORE, before, dirs_exist_ok=True)
        await _import(container, before, story.UNCLEAR_VERSION)
        await _import(container, folder / NOW, story.MENDED_VERSION)


async def _import(container: Container, source: Path, version: str) -> None:
    request = GuidelinesRequest(project=workspace.PROJECT_NAME, version=version, base_url=BASE_URL)
    await container.services.guidelines.import_at_shell(request, source)


async def ask_questions(container: Container) -> None:
    """Ask what the sample's people ask; the manager answers what the guidelines do not."""
    services = container.services
    manager = Caller(workspace.TEAM_ID, workspace.MANAGER.id)
    where = Where(named=workspace.SQUAD_NAME)
    await services.duty.set_terms(manager, where, None, INTERIM_RULE)
    for each in QUESTIONS:
        caller = Caller(workspace.TEAM_ID, each.asker)
        place = Place(workspace.TEAM_CHANNEL.id, None, None)
        told = await services.questions.ask(
            caller, Ask(text=each.text, via=AskedVia.COMMAND, place=place), key=None
        )
        if each.document is None and isinstance(told, Told):
            await _take_to_a_person(container, caller, manager, told, each)


async def _take_to_a_person(
    container: Container, caller: Caller, manager: Caller, told: Told, asked: SampleQuestion
) -> None:
    form = EscalationForm(question_id=told.question_id, task=asked.task, named=asked.named)
    done = await container.services.escalations.ask(caller, form, key=None)
    if asked.answer is not None:
        answer = AnswerForm(
            escalation_id=done.escalation_id,
            text=asked.answer,
            section="3 Borders between labels › 3.1 Delivery or product",
            keep=asked.keep,
            edge=asked.edge,
        )
        await container.services.duty.answer(manager, answer, key=None)
