"""Questions that a person answers, from the asker's side: ask a person, join, withdraw."""

from bot.container import Container
from bot.rules.escalations import NAMED_FIELD, TASK_FIELD, EscalationForm
from bot.views import escalations as views
from handlers import fields
from handlers.doors import Doors
from handlers.guard import Answer
from handlers.requests import Click, Form


def register(doors: Doors) -> None:
    """Register the button, the form, and what stands under a question that waits."""
    doors.click(views.OPEN, open_form)
    doors.form(views.FORM, ask)
    doors.click(views.JOIN, join)
    doors.click(views.WITHDRAW, withdraw)


async def open_form(click: Click, container: Container) -> None:
    """Open the form in which a question is taken to a person."""
    about = views.AboutAsked.decode(click.value)
    sheet = await container.services.escalations.asking(click.caller, about.question_id)
    await click.reply.open(views.form(click.words, sheet))


async def ask(form: Form, container: Container) -> Answer:
    """Take the question to those who answer, and say who that is and when."""
    about = views.AboutAsked.decode(form.metadata)
    named = form.values.get(NAMED_FIELD)
    filled = EscalationForm(
        question_id=about.question_id,
        task=fields.text(form.values.get(TASK_FIELD)) or None,
        named=isinstance(named, list) and views.NAMED in named,
    )
    done = await container.services.escalations.ask(form.caller, filled, form.key)
    return Answer(update=views.receipt(form.words, done, container.clock.now()))


async def join(click: Click, container: Container) -> None:
    """Let the asker wait for the answer to an open question."""
    chosen = views.Joining.decode(click.value)
    done = await container.services.escalations.join(
        click.caller, chosen.question_id, chosen.escalation_id
    )
    receipt = views.receipt(click.words, done, container.clock.now())
    if click.view_id is None:
        await click.reply.open(receipt)
    else:
        await click.reply.update(click.view_id, receipt, click.view_hash)


async def withdraw(click: Click, container: Container) -> None:
    """Let the asker wait no longer."""
    about = views.AboutAsked.decode(click.value)
    await container.services.escalations.withdraw(click.caller, about.question_id)
    await click.reply.privately(views.withdrawn(click.words))
