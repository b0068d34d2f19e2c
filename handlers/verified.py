"""Kept answers: their verifier looks at one again, confirms, changes or drops it."""

from bot.container import Container
from bot.rules.escalations import ANSWER_FIELD
from bot.rules.verified import ReviewForm
from bot.views import verified as views
from handlers import fields
from handlers.doors import Doors
from handlers.guard import Answer
from handlers.requests import Click, Form


def register(doors: Doors) -> None:
    """Register the line's button and the form behind it."""
    doors.click(views.LOOK, look)
    doors.form(views.FORM, review)


async def look(click: Click, container: Container) -> None:
    """Open the form of a kept answer."""
    about = views.AboutVerified.decode(click.value)
    note = await container.services.verified.read(click.caller, about.verified_id)
    await click.reply.open(views.form(click.words, note))


async def review(form: Form, container: Container) -> Answer:
    """Save what the verifier says of it."""
    about = views.AboutVerified.decode(form.metadata)
    # A peer sends nothing for words that were left as they stood.
    typed = fields.text(form.values.get(ANSWER_FIELD))
    before = await container.services.verified.read(form.caller, about.verified_id)
    filled = ReviewForm(
        verified_id=about.verified_id,
        text=typed or before.verified.answer,
        drop=fields.text(form.values.get(views.WHAT_FIELD)) == views.DROP,
    )
    note = await container.services.verified.review(form.caller, filled, form.key)
    return Answer(update=views.saved(form.words, note))
