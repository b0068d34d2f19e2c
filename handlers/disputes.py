"""Disputes: appealing, withdrawing, deciding, and looking again at what cites the same rule."""

from collections.abc import Mapping

from bot.container import Container
from bot.rules.disputes import QUESTION_FIELD, Appeal, ReviewState, Ruling
from bot.rules.findings import FINDINGS_FIELD, REASON_FIELD
from bot.rules.rulings import RulingForm, field_of
from bot.views import disputes as views
from bot.views import findings as finding_views
from bot.views import rulings
from handlers.doors import Doors
from handlers.fields import text
from handlers.guard import Answer
from handlers.requests import Click, Form

Values = Mapping[str, str | list[str] | None]


def register(doors: Doors) -> None:
    """Register the buttons and forms of disputes."""
    doors.click(finding_views.DISPUTE, open_form)
    doors.form(views.FORM, appeal)
    doors.click(views.AGAIN, open_again)
    doors.form(views.AGAIN_FORM, appeal_again)
    doors.click(views.WITHDRAW, withdraw)
    doors.click(views.SHOW, show)
    doors.click(rulings.OPEN, read)
    doors.form(rulings.FORM, decide)
    doors.click(rulings.REVIEWS, reviews)
    doors.click(rulings.KEEP, keep)
    doors.click(rulings.TAKE_BACK, take_back)


async def open_form(click: Click, container: Container) -> None:
    """Open the form of an appeal."""
    about = finding_views.About.decode(click.value)
    opening = await container.services.disputes.opening(click.caller, about.audit_id)
    await click.reply.open(views.form(click.words, opening))


def _appeal(audit_id: int, values: Values) -> Appeal:
    chosen = values.get(FINDINGS_FIELD)
    question = text(values.get(QUESTION_FIELD))
    return Appeal(
        audit_id=audit_id,
        finding_ids=tuple(int(value) for value in chosen) if isinstance(chosen, list) else (),
        reason=text(values.get(REASON_FIELD)),
        question_id=int(question) if question else None,
    )


async def appeal(form: Form, container: Container) -> Answer:
    """Take an appeal to those who decide, and give its contributor a receipt."""
    about = finding_views.About.decode(form.metadata)
    filled = _appeal(about.audit_id, form.values)
    case = await container.services.disputes.open(form.caller, filled, form.key)
    return Answer(update=views.receipt(form.words, case))


async def open_again(click: Click, container: Container) -> None:
    """Open the form of a second opinion."""
    about = views.AboutCase.decode(click.value)
    opening = await container.services.disputes.reopening(click.caller, about.dispute_id)
    await click.reply.open(views.form(click.words, opening))


async def appeal_again(form: Form, container: Container) -> Answer:
    """Take a ruling to somebody else, and give its contributor a receipt."""
    about = views.AboutCase.decode(form.metadata)
    filled = _appeal(0, form.values)
    case = await container.services.disputes.reopen(form.caller, about.dispute_id, filled, form.key)
    return Answer(update=views.receipt(form.words, case))


async def withdraw(click: Click, container: Container) -> None:
    """Take an appeal back, and show it where it was clicked."""
    about = views.AboutCase.decode(click.value)
    case = await container.services.disputes.withdraw(click.caller, about.dispute_id)
    message = views.mine(click.words, case, container.clock.now(), here=about.here)
    await click.reply.replace(message)


async def show(click: Click, container: Container) -> None:
    """Show a case: to its contributor with what they can do, to others what was decided."""
    about = views.AboutCase.decode(click.value)
    case = await container.services.disputes.read(click.caller, [about.dispute_id])
    if case.contributor.user_id == click.caller.user_id:
        message = views.mine(click.words, case, container.clock.now(), here=False)
        await click.reply.privately(message)
        return
    await click.reply.open(rulings.shown(click.words, case))


async def read(click: Click, container: Container) -> None:
    """Open the form of a decision, or show the case to whoever does not decide it."""
    about = rulings.AboutDispute.decode(click.value)
    case = await container.services.disputes.read(click.caller, about.dispute_ids)
    if not case.may_decide:
        await click.reply.open(rulings.shown(click.words, case))
        return
    asks = container.suggests
    offer = await container.services.sections.of_case(case.feedback, asks=asks)
    await click.reply.open(rulings.decide(click.words, case, offer))


async def decide(form: Form, container: Container) -> Answer:
    """Keep what was decided, and say what follows."""
    deciding = rulings.Deciding.decode(form.metadata)
    filled = [
        _ruling(form.values, position, key)
        for position, key in enumerate(deciding.dispute_ids, start=1)
    ]
    done = await container.services.disputes.decide(form.caller, filled, form.key)
    return Answer(update=rulings.decided(form.words, done))


def _ruling(values: Values, position: int, dispute_id: int) -> RulingForm:
    chosen = text(values.get(field_of(position, "ruling")))
    return RulingForm(
        position=position,
        dispute_id=dispute_id,
        ruling=Ruling(chosen) if chosen else None,
        reason=text(values.get(field_of(position, "reason"))),
        section=text(values.get(field_of(position, "section"))),
    )


async def reviews(click: Click, container: Container) -> None:
    """Show a manager what cites the rule that was overturned."""
    about = rulings.AboutReviews.decode(click.value)
    found = await container.services.disputes.reviews(
        click.caller, about.dispute_id, about.squad_id
    )
    await click.reply.privately(rulings.reviews(click.words, found))


async def keep(click: Click, container: Container) -> None:
    """Keep a finding, and show what is left."""
    await _settle(click, container, ReviewState.KEPT)


async def take_back(click: Click, container: Container) -> None:
    """Withdraw a finding, and show what is left."""
    await _settle(click, container, ReviewState.WITHDRAWN)


async def _settle(click: Click, container: Container, state: ReviewState) -> None:
    about = rulings.AboutReview.decode(click.value)
    found = await container.services.disputes.review(click.caller, about.review_id, state)
    await click.reply.replace(rulings.reviews(click.words, found))
