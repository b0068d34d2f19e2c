"""The two forms of a squad: making one, and all its settings in one place.

Text fields stand where Slack has richer elements, because these look the same everywhere; channels
are therefore given by link or id.
"""

from collections.abc import Sequence
from typing import Final

from bot.rules.payloads import Payload
from bot.rules.people import IndividualFigures, PersonRef
from bot.rules.squads import (
    DEFAULT_DAYS,
    DEFAULT_HOURS,
    NAME_LIMIT,
    ChannelUse,
    Squad,
)
from bot.views import blocks, squads
from bot.views.blocks import Block, View
from bot.views.words import Words

CREATE: Final = "squad.create"
SETTINGS: Final = "squad.settings"

NAME: Final = "name"
MANAGER: Final = "manager"
ZONE: Final = "zone"
DAYS: Final = "days"
HOURS: Final = "hours"
TARGET: Final = "target"
HOLIDAYS: Final = "holidays"
FIGURES: Final = "figures"
CHANNELS: Final = {use: f"{use.value}_channel" for use in ChannelUse}

PEOPLE_LISTED: Final = 100  # Slack's limit of a menu
_SHORT: Final = 100


class CreateForm(Payload):
    """What the form was opened with, for fields that come back empty when untouched."""

    zone: str


class SettingsForm(Payload):
    """Which squad's settings are edited; what comes back empty stays as it is."""

    squad_id: int


def default_hours() -> str:
    """Return the hours that a new squad's form starts with, as they are typed."""
    return _hours(*(f"{end:%H:%M}" for end in DEFAULT_HOURS))


def _hours(start: str, end: str) -> str:
    return f"{start}-{end}"


def days_field(words: Words, ticked: frozenset[int]) -> Block:
    """Return the boxes of the week's days."""
    options = [blocks.option(words(f"date.weekday.{day}"), str(day)) for day in range(7)]
    element: Block = {"type": "checkboxes", "action_id": DAYS, "options": options}
    chosen = [options[day] for day in sorted(ticked)]
    if chosen:
        element["initial_options"] = chosen
    # Also said in words, for where the ticks do not show.
    hint = words("squad.form.days_hint", days=squads.days(words, ticked))
    return blocks.field(words("squad.label.days"), element, block_id=DAYS, hint=hint)


def _text(
    words: Words,
    block_id: str,
    *,
    initial: str | None = None,
    hint: str | None = None,
    label: str | None = None,
    optional: bool = False,
    limit: int = _SHORT,
) -> Block:
    return blocks.field(
        label or words(f"squad.label.{block_id}"),
        blocks.text_input(block_id, initial=initial, max_length=limit),
        block_id=block_id,
        optional=optional,
        hint=hint,
    )


def _channel_fields(words: Words, squad: Squad | None) -> list[Block]:
    hint = words("squad.form.channel_hint")
    if squad is not None:
        hint = f"{hint} {words('squad.form.clear_hint')}"
    return [
        _text(
            words,
            CHANNELS[use],
            label=words(f"squad.label.{use.value}"),
            initial=squad.channel(use) if squad else None,
            # Said once, above the fields that it holds for.
            hint=hint if use is ChannelUse.TEAM else None,
            optional=True,
            limit=300,
        )
        for use in ChannelUse
    ]


def create(words: Words, zone: str, people: Sequence[PersonRef], me: int) -> View:
    """Return the form for a new squad, managed by the caller unless they choose somebody else."""
    # The caller first, so that a long list cannot leave them out.
    ordered = sorted(people, key=lambda person: person.person_id != me)[:PEOPLE_LISTED]
    options = [blocks.option(person.name, person.user_id or "") for person in ordered]
    shown = [
        _text(words, NAME, label=words("squad.form.name"), limit=NAME_LIMIT),
        _text(words, ZONE, initial=zone, hint=words("squad.form.zone_hint")),
        days_field(words, DEFAULT_DAYS),
        _text(words, HOURS, initial=default_hours(), hint=words("squad.form.hours_hint")),
        *_channel_fields(words, None),
    ]
    if options:
        manager = blocks.menu(MANAGER, options, placeholder=ordered[0].name, initial=options[0])
        field = blocks.field(
            words("squad.form.manager"),
            manager,
            block_id=MANAGER,
            hint=words("squad.form.manager_hint"),
        )
        shown.insert(1, field)
    return blocks.modal(
        words("squad.form.create"),
        CREATE,
        shown,
        submit=words("common.save"),
        close=words("common.cancel"),
        metadata=CreateForm(zone=zone).encode(),
    )


def settings(words: Words, squad: Squad) -> View:
    """Return the form with all settings of a squad."""
    place = " ".join(filter(None, (squad.country, squad.subdivision)))
    target = "" if squad.quality_target is None else f"{squad.quality_target * 100:g}%"
    start, end = (f"{moment:%H:%M}" for moment in (squad.work_start, squad.work_end))
    figures = [
        blocks.option(words(f"squad.figures.{each.value}"), each.value)
        for each in IndividualFigures
    ]
    now = list(IndividualFigures).index(squad.individual_figures)
    shown = words(f"squad.figures.{squad.individual_figures.value}")
    menu = blocks.menu(FIGURES, figures, placeholder=shown, initial=figures[now])
    return blocks.modal(
        words("squad.form.settings"),
        SETTINGS,
        [
            blocks.section(f"*{blocks.escape(squad.name)}*"),
            *_channel_fields(words, squad),
            _text(words, ZONE, initial=squad.zone, hint=words("squad.form.zone_hint")),
            days_field(words, squad.working_days),
            _text(words, HOURS, initial=_hours(start, end), hint=words("squad.form.hours_hint")),
            _text(
                words,
                HOLIDAYS,
                initial=place,
                hint=words("squad.form.holidays_hint"),
                optional=True,
            ),
            _text(
                words,
                TARGET,
                initial=target,
                hint=words("squad.form.target_hint"),
                optional=True,
            ),
            blocks.field(
                words("squad.label.figures"),
                menu,
                block_id=FIGURES,
                hint=words("squad.form.figures_hint"),
            ),
        ],
        submit=words("common.save"),
        close=words("common.cancel"),
        metadata=SettingsForm(squad_id=squad.id).encode(),
    )


def saved(words: Words, text: str) -> View:
    """Return what stands in place of a form that was saved; `text` is mrkdwn."""
    return blocks.modal(
        words("squad.form.settings"),
        "squad.saved",
        [blocks.section(text)],
        submit=None,
        close=words("common.close"),
    )
