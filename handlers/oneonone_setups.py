"""The form in which a manager sets one-on-ones up, and the plan that is looked at before."""

from bot import clock
from bot.container import Container
from bot.errors import BadInput, UserError
from bot.rules import squad_input
from bot.rules.oneonone_terms import LINK_LIMIT, PEOPLE_LIMIT, Terms, make_terms
from bot.rules.squads import Where
from bot.views import oneonone_setups as views
from bot.views.oneonones import SETUP, SetupIn
from handlers.doors import Doors
from handlers.fields import Fields, checked, text
from handlers.guard import Answer
from handlers.requests import Click, Form

_FIELD_OF = {
    "oneonone_weeks": views.EVERY,
    "oneonone_days": views.DAYS,
    "oneonone_minutes": views.MINUTES,
    "oneonone_hours": views.HOURS,
    "oneonone_short": views.HOURS,
}


def register(doors: Doors) -> None:
    """Register the button and the two forms."""
    doors.click(SETUP, ask)
    doors.form(views.FORM, draw_up)
    doors.form(views.PLAN, plan_it)


async def ask(click: Click, container: Container) -> None:
    """Open the form."""
    wanted = SetupIn.decode(click.value)
    where = Where(squad_id=wanted.squad_id)
    setup = await container.services.oneonone_setups.start(click.caller, where)
    await click.reply.open(views.form(click.words, setup))


async def draw_up(form: Form, container: Container) -> Answer:
    """Show the plan that the terms make; nothing is stored yet."""
    about = views.PlanFor.decode(form.metadata)
    terms, errors = _terms(form, about.zone)
    if terms is None:
        return Answer(errors=errors)
    people = form.values.get(views.PEOPLE)
    named = people if isinstance(people, list) else []
    if len(named) > PEOPLE_LIMIT:
        raise BadInput("oneonone_people", limit=PEOPLE_LIMIT, field=views.PEOPLE)
    draft = await checked(
        views.PEOPLE,
        container.services.oneonone_setups.draft(form.caller, about.squad_id, terms, named),
    )
    return Answer(update=views.plan(form.words, draft))


def _terms(form: Form, zone: str) -> tuple[Terms | None, dict[str, str]]:
    """Read the terms; each field that cannot be read says so."""
    fields = Fields(form.words)
    hours = fields.read(views.HOURS, squad_input.hours, text(form.values.get(views.HOURS)))
    link = fields.read(views.LINK, _link, text(form.values.get(views.LINK)))
    if hours is None or fields.errors:
        return None, fields.errors
    days = form.values.get(views.DAYS)
    try:
        return (
            make_terms(
                every_weeks=_number(text(form.values.get(views.EVERY))),
                days=[_number(each) for each in days] if isinstance(days, list) else [],
                hours=hours,
                zone=clock.zone(zone),
                minutes=_number(text(form.values.get(views.MINUTES))),
                link=link,
            ),
            {},
        )
    except UserError as error:
        error.fields.setdefault("field", _FIELD_OF.get(error.code, views.DAYS))
        raise


def _link(typed: str) -> str | None:
    if not typed.strip():
        return None
    found = squad_input.link(typed)
    if found is not None and len(found) > LINK_LIMIT:
        raise BadInput("text_too_long", length=len(found), limit=LINK_LIMIT)
    return found


def _number(typed: str) -> int:
    return int(typed) if typed.isdecimal() else -1


async def plan_it(form: Form, container: Container) -> Answer:
    """Store the terms and the plan."""
    wanted = views.PlanIt.decode(form.metadata)
    draft = await container.services.oneonone_setups.store(
        form.caller, wanted.squad_id, wanted.terms(), wanted.people, form.key
    )
    return Answer(update=views.done(form.words, draft))
