"""Answers that are sent: in the thread of a mention, in a direct message, or shared in a channel.

ids: question_id; shared (True for a private answer that its asker shows in a channel).
"""

from bot.dispatch.kind import Desk, Drop, Kind, Rendered
from bot.rules.outbox import Delivery
from bot.rules.questions import ANSWER
from bot.views import questions as views


async def render(desk: Desk, delivery: Delivery) -> Rendered:
    """Return the answer as it stands."""
    question_id = int(str(delivery.ids["question_id"]))
    told = await desk.services.questions.answer(delivery.workspace_id, question_id)
    if told is None:
        return Drop("question_gone")
    return views.answer(desk.words, told, shared=bool(delivery.ids.get("shared")))


KINDS = (Kind(name=ANSWER, render=render),)
