"""Setting one-on-ones up: the form of a manager's terms, the plan they make, and the receipt."""

from collections.abc import Sequence
from datetime import time
from itertools import groupby
from typing import Final

from bot import clock
from bot.rules.oneonone_terms import (
    LENGTHS,
    LINK_LIMIT,
    PEOPLE_LIMIT,
    WEEKS,
    Draft,
    Fits,
    Place,
    Setup,
    Terms,
    make_terms,
)
from bot.rules.oneonones import Home
from bot.rules.payloads import Payload
from bot.views import blocks, dates
from bot.views.blocks import Block, View
from bot.views.oneonones import names
from bot.views.words import Words

FORM: Final = "oneonone.setup_form"
PLAN: Final = "oneonone.plan_form"

EVERY: Final = "oneonone_every"
MINUTES: Final = "oneonone_minutes"
DAYS: Final = "oneonone_days"
HOURS: Final = "oneonone_hours"
LINK: Final = "oneonone_link"
PEOPLE: Final = "oneonone_people"

PLACES_SHOWN: Final = 100


class PlanFor(Payload):
    """What the form of terms belongs to."""

    squad_id: int
    zone: str


class PlanIt(Payload):
    """Terms as they were shown with their plan; people by key, empty for the rest."""

    squad_id: int
    every: int
    minutes: int
    days: list[int]
    start: time
    end: time
    zone: str
    link: str | None = None
    people: list[int] = []  # noqa: RUF012 - pydantic copies it for each

    def terms(self) -> Terms:
        """Return the terms, checked again. Raises BadInput as `make_terms`."""
        return make_terms(
            every_weeks=self.every,
            days=self.days,
            hours=(self.start, self.end),
            zone=clock.zone(self.zone),
            minutes=self.minutes,
            link=self.link,
        )


def form(words: Words, setup: Setup) -> View:
    """Return the form of a manager's terms, as they are or as they are usual."""
    terms = setup.terms
    squad = blocks.escape(setup.squad)
    weeks = [_weeks(words, each) for each in WEEKS]
    lengths = [_length(words, each) for each in LENGTHS]
    parts = [
        blocks.section(words("oneonones.form.intro", squad=squad, zone=terms.zone)),
        _menu(words, EVERY, "every", weeks, _weeks(words, terms.every_weeks)),
        _menu(words, MINUTES, "minutes", lengths, _length(words, terms.minutes)),
        _days(words, terms),
        _within(words, terms),
        blocks.field(
            words("oneonones.form.link"),
            blocks.text_input(LINK, initial=terms.link, max_length=LINK_LIMIT),
            block_id=LINK,
            optional=True,
        ),
        _people(words, setup.named),
    ]
    return blocks.modal(
        words("oneonones.form.title"),
        FORM,
        parts,
        submit=words("oneonones.form.submit"),
        close=words("common.cancel"),
        metadata=PlanFor(squad_id=setup.squad_id, zone=terms.zone).encode(),
    )


def _menu(words: Words, name: str, key: str, options: Sequence[Block], initial: Block) -> Block:
    label = words(f"oneonones.form.{key}")
    return blocks.field(
        label, blocks.menu(name, options, placeholder=label, initial=initial), block_id=name
    )


def _weeks(words: Words, n: int) -> Block:
    return blocks.option(words.plural("oneonones.form.every", n), str(n))


def _length(words: Words, n: int) -> Block:
    return blocks.option(words("oneonones.form.minutes.option", n=n), str(n))


def _days(words: Words, terms: Terms) -> Block:
    options = [blocks.option(words(f"date.weekday.{day}"), str(day)) for day in range(7)]
    boxes: Block = {
        "type": "checkboxes",
        "action_id": DAYS,
        "options": options,
        "initial_options": [options[day] for day in sorted(terms.days)],
    }
    return blocks.field(words("oneonones.form.days"), boxes, block_id=DAYS)


def _within(words: Words, terms: Terms) -> Block:
    start, end = terms.hours
    typed = blocks.text_input(HOURS, initial=f"{start:%H:%M}-{end:%H:%M}", max_length=20)
    hint = words("oneonones.form.hours.hint")
    return blocks.field(words("oneonones.form.hours"), typed, block_id=HOURS, hint=hint)


def _people(words: Words, named: Sequence[str]) -> Block:
    select: Block = {
        "type": "multi_users_select",
        "action_id": PEOPLE,
        "max_selected_items": PEOPLE_LIMIT,
    }
    if named:
        select["initial_users"] = list(named)
    return blocks.field(
        words("oneonones.form.people"),
        select,
        block_id=PEOPLE,
        optional=True,
        hint=words("oneonones.form.people.hint"),
    )


# The plan.


def plan(words: Words, draft: Draft) -> View:
    """Return the plan before it is stored: whether the hours suffice, and who meets when."""
    terms = draft.terms
    parts = [blocks.section(text) for text in _fits(words, draft)]
    parts += _places(words, draft)
    metadata = PlanIt(
        squad_id=draft.squad_id,
        every=terms.every_weeks,
        minutes=terms.minutes,
        days=sorted(terms.days),
        start=terms.hours[0],
        end=terms.hours[1],
        zone=terms.zone,
        link=terms.link,
        people=list(draft.named),
    )
    return blocks.modal(
        words("oneonones.plan.title"),
        PLAN,
        parts,
        submit=words("oneonones.plan.submit"),
        close=words("common.cancel"),
        metadata=metadata.encode(),
    )


def _fits(words: Words, draft: Draft) -> list[str]:
    fits = draft.fits
    found = [_numbers(words, draft, fits)]
    for key, people in (
        ("crowded", fits.crowded),
        ("without", fits.without),
        ("twice", fits.twice),
        ("left", draft.left),
    ):
        if people:
            found.append(words.plural(f"oneonones.plan.{key}", len(people), names=names(people)))
    by_manager = sorted(draft.taken, key=lambda each: each[1].name)
    for manager, pairs in groupby(by_manager, key=lambda each: each[1]):
        those = names([each[0] for each in pairs])
        name = blocks.escape(manager.name)
        found.append(words("oneonones.plan.taken", manager=name, names=those))
    return found


def _numbers(words: Words, draft: Draft, fits: Fits) -> str:
    if not fits.people:
        return words("oneonones.plan.nobody")
    return words.plural(
        "oneonones.plan.fits",
        fits.people,
        every=words.plural("oneonones.form.every", draft.terms.every_weeks),
        needed=_hours(fits.needed),
        held=_hours(fits.held),
    )


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.1f}".removesuffix(".0")


def _places(words: Words, draft: Draft) -> list[Block]:
    """Return who meets when, week by week of the round."""
    shown = [each for each in draft.places if each.home is not None][:PLACES_SHOWN]
    parts: list[Block] = []
    every = draft.terms.every_weeks
    for week, those in groupby(shown, key=lambda each: each.home.week if each.home else 0):
        title = words("oneonones.plan.every_week")
        if every > 1:
            title = words("oneonones.plan.week", n=week + 1, of=every)
        lines = [_line(words, each, each.home) for each in those if each.home is not None]
        parts.append(blocks.section("\n".join([title, *lines])))
    placed = sum(each.home is not None for each in draft.places)
    if placed > len(shown):
        parts.append(blocks.context(words.plural("oneonones.plan.more", placed - len(shown))))
    if any(each.home is not None and not each.new for each in draft.places):
        parts.append(blocks.context(words("oneonones.plan.stays")))
    return parts


def _line(words: Words, place: Place, home: Home) -> str:
    said = {
        "weekday": words(f"date.weekday.{home.day}"),
        "time": f"{home.at:%H:%M}",
        "name": blocks.escape(blocks.clip(place.person.name, 40)),
    }
    if place.first is None or not place.new:
        return words("oneonones.plan.place", **said)
    first = dates.day(words, place.first.date())
    return words("oneonones.plan.place.first", **said, first=first)


def done(words: Words, draft: Draft) -> View:
    """Return the receipt."""
    placed = sum(each.home is not None for each in draft.places)
    said = words.plural("oneonones.done", placed)
    parts = [blocks.section(said), blocks.context(words("oneonones.done.told"))]
    return blocks.modal(
        words("oneonones.form.title"),
        "oneonone.planned",
        parts,
        submit=None,
        close=words("common.close"),
    )
