"""Questions that a person answers: the post, what reminds of it, what is passed on, the answer.

ids: escalation_id; of the answer: question_id.
"""

from bot.dispatch.kind import Desk, Drop, Kind, MakeLine, Render, Rendered
from bot.rules import escalations as rules
from bot.rules.escalations import Case, EscalationState
from bot.rules.outbox import Delivery, Operation
from bot.rules.snoozing import Topic
from bot.views import duty, escalations
from bot.views.outbox import Line

GONE = "escalation_gone"
CLOSED = "escalation_closed"


async def _case(desk: Desk, delivery: Delivery) -> Case | None:
    escalation_id = int(str(delivery.ids["escalation_id"]))
    return await desk.services.escalations.case(delivery.workspace_id, escalation_id)


async def post(desk: Desk, delivery: Delivery) -> Rendered:
    """Return the post as it stands; one that waits no more is not posted, but is changed."""
    case = await _case(desk, delivery)
    if case is None:
        return Drop(GONE)
    if delivery.operation is Operation.POST and not case.stored.waits:
        return Drop(CLOSED)
    return duty.post(desk.words, case)


async def passed(desk: Desk, delivery: Delivery) -> Rendered:
    """Return what was passed on, unless it was answered meanwhile."""
    case = await _case(desk, delivery)
    if case is None or not case.stored.waits:
        return Drop(CLOSED)
    return duty.passed(desk.words, case)


def line(key: str, *, only_passed: bool = False) -> MakeLine:
    """Return what makes a line of Today; dropped once nobody waits."""

    async def make(desk: Desk, delivery: Delivery) -> Line | Drop:
        case = await _case(desk, delivery)
        if case is None:
            return Drop(GONE)
        if only_passed and case.stored.state is not EscalationState.PASSED:
            return Drop(CLOSED)
        if not case.stored.waits and delivery.carrier_id is None:
            return Drop(CLOSED)
        return duty.line(desk.words, case, key)

    return make


def alone(key: str) -> Render:
    """Return what makes a reminder a message of its own."""

    async def render(desk: Desk, delivery: Delivery) -> Rendered:
        case = await _case(desk, delivery)
        if case is None or not case.stored.waits:
            return Drop(CLOSED)
        return duty.alone(desk.words, case, key)

    return render


async def answer(desk: Desk, delivery: Delivery) -> Rendered:
    """Return a person's answer to one who asked."""
    question_id = int(str(delivery.ids["question_id"]))
    told = await desk.services.questions.answer(delivery.workspace_id, question_id)
    if told is None or told.human is None or told.human.state is not EscalationState.ANSWERED:
        return Drop(GONE)
    return escalations.answer(desk.words, told)


KINDS = (
    Kind(name=rules.POST, render=post),
    Kind(name=rules.ASKED, render=alone("asked"), line=line("asked"), topic=Topic.WAITING),
    Kind(
        name=rules.HALF, render=alone("half"), line=line("half"), topic=Topic.WAITING, snoozes=True
    ),
    Kind(
        name=rules.OVERDUE,
        render=alone("overdue"),
        line=line("overdue"),
        topic=Topic.WAITING,
        snoozes=True,
    ),
    Kind(name=rules.PASSED, render=passed, line=line("passed"), topic=Topic.WAITING),
    Kind(
        name=rules.PASSED_OVERDUE,
        render=alone("passed_late"),
        line=line("passed_late", only_passed=True),
        topic=Topic.WAITING,
    ),
    Kind(name=rules.ANSWER, render=answer),
)
