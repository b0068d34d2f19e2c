"""What the sample squad works on and how its people do: labels, guideline, taxonomy, notes, habits.

All of it is invented. The work: shoppers' reviews of an outdoor store get one main intent and the
words that prove it. The story of the six weeks: version 1.3 of the guideline moved the rule about
returns that are asked for without the word "return", and nobody saw it until 1.3.1 put it back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.demo.workspace import AUDITOR, CONTRIBUTORS, MANAGER
from bot.rules.audits import Severity

INTENTS: Final = {
    "praise": 0.29,
    "complaint": 0.19,
    "delivery_issue": 0.15,
    "return_request": 0.15,
    "question": 0.12,
    "feature_request": 0.06,
    "other": 0.04,
}
"""Main intents and how often shoppers have them; they sum to one."""

OLD_VERSION: Final = "1.2"
UNCLEAR_VERSION: Final = "1.3"
MENDED_VERSION: Final = "1.3.1"
OLD_FROM_WEEK: Final = -9
UNCLEAR_FROM_WEEK: Final = 3
MENDED_FROM_WEEK: Final = 5
UNCLEAR_MISS_RATE: Final = 0.45
"""How often version 1.3 made people miss a return request, whatever their skill."""

MISSED_RETURN: Final = "Missed return request"
DELIVERY_MIXED: Final = "Delivery mistaken for product"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorKind:
    """One category of the error taxonomy, with what auditors write under it.

    `weight` is its share among mistakes of skill; `only` names the intent that it needs, and
    `labelled` what the reviewer then chose instead.
    """

    name: str
    definition: str
    section: str
    notes: tuple[str, ...]
    severity: Severity = Severity.ERROR
    weight: float = 1.0
    only: str | None = None
    labelled: str | None = None


ERROR_KINDS: Final = (
    ErrorKind(
        name="Wrong main intent",
        definition="The label names an intent that the review does not have, or not mainly.",
        section="2.1 Choosing the main intent",
        weight=3.0,
        notes=(
            "The thanks at the start are a courtesy; most of the review asks how to wash it.",
            "Three of four sentences are about the broken zip, so the complaint leads.",
            "“Would buy again” outweighs the remark about the colour here.",
            "The main intent is what the shopper wants done, not what comes first.",
        ),
    ),
    ErrorKind(
        name="Missed second intent",
        definition="A second intent takes up a sentence of its own and was left out.",
        section="2.2 When there are two",
        weight=2.0,
        notes=(
            "The last sentence asks about half sizes; that is a question of its own.",
            "The wish for a longer strap is a second intent, even in brackets.",
            "After the praise comes a late parcel; both belong in the label.",
        ),
    ),
    ErrorKind(
        name="Sarcasm read literally",
        definition="Praise that means its opposite was labelled as praise.",
        section="2.4 Irony and sarcasm",
        notes=(
            "“Great, a tent that lets the rain in” is a complaint.",
            "Five stars and “perfect for feeding moths”: the words decide, not the stars.",
            "The row of rolling-eyes emoji turns this round.",
        ),
        only="complaint",
        labelled="praise",
    ),
    ErrorKind(
        name=DELIVERY_MIXED,
        definition="A problem of parcel, courier or date was labelled as one of the product.",
        section="3.1 Delivery or product",
        weight=2.0,
        notes=(
            "The jacket is fine; the box arrived open. That is delivery.",
            "“Came a week after the trip” is about the courier.",
            "A wrong item in the parcel counts as delivery under 3.1.",
            "The scratch is said to come from the packaging, so delivery leads.",
        ),
        only="delivery_issue",
        labelled="complaint",
    ),
    ErrorKind(
        name=MISSED_RETURN,
        definition="The shopper wants to send the item back, in whatever words.",
        section="3.2 Returns without the word",
        weight=1.0,
        notes=(
            "“How do I get rid of these boots and see my money again” asks for a return.",
            "Wanting a smaller size in exchange is a return request too.",
            "“Tell me where to post it” can only mean sending it back.",
            "The refund is asked for in the second line; 3.2 applies without the word.",
            "An offer to bring it to the shop is a return request.",
        ),
        only="return_request",
        labelled="complaint",
    ),
    ErrorKind(
        name="Personal data not flagged",
        definition="The review names a person, a phone number or an address and has no flag.",
        section="5.1 Personal data",
        notes=(
            "The courier's full name is in line two; please set the flag.",
            "An order number with a street address needs the flag.",
            "The phone number at the end was not flagged.",
        ),
    ),
)

WARNING_KINDS: Final = (
    ErrorKind(
        name="Evidence span off",
        definition="The marked words prove the intent, but too many or too few of them.",
        section="4.1 Marking the evidence",
        severity=Severity.WARNING,
        weight=2.0,
        notes=(
            "Half of the marked words would do: “zip broke on day two”.",
            "The span stops before “refund”, which carries the proof.",
            "Marking the whole paragraph makes the evidence hard to use.",
        ),
    ),
    ErrorKind(
        name="Language flag wrong",
        definition="The review's language was flagged wrongly or mixed languages were missed.",
        section="4.3 Language",
        severity=Severity.WARNING,
        notes=(
            "Taglish counts as mixed, even with one English sentence only.",
            "Polish with English product names is still Polish.",
        ),
    ),
)

PRAISE_NOTES: Final = (
    "Two intents in one long sentence, both found, with short evidence. Nicely done.",
    "A hard sarcastic one, read rightly.",
    "The flag for personal data was set although the name was only in the signature.",
)

WARNING_RATE: Final = 0.05
PRAISE_RATE: Final = 0.02
OPEN_BATCHES_AHEAD: Final = 2
BATCH_SIZE: Final = 1650


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """How one contributor works.

    `joined_week` counts from the first week of the sample; `seconds` is the median time of a task
    once practised; the error rate falls from `first_errors` to `later_errors` with a time constant
    of `learning_days` days since joining. `away` are (week, first weekday, days) of time off.
    """

    person: str
    seconds: float
    first_errors: float
    later_errors: float
    learning_days: float = 15.0
    joined_week: int = -20
    away: tuple[tuple[int, int, int], ...] = ()


HABITS: Final = {
    habit.person: habit
    for habit in (
        Habit(person="U0AMINA", seconds=395, first_errors=0.10, later_errors=0.018),
        Habit(person="U0BRIAN", seconds=430, first_errors=0.10, later_errors=0.030),
        Habit(
            person="U0WANJIRU",
            seconds=455,
            first_errors=0.10,
            later_errors=0.022,
            away=((2, 2, 3),),
        ),
        Habit(person="U0JERICHO", seconds=375, first_errors=0.12, later_errors=0.048),
        Habit(person="U0MARICEL", seconds=420, first_errors=0.10, later_errors=0.025),
        Habit(
            person="U0PAOLO", seconds=440, first_errors=0.10, later_errors=0.032, away=((4, 0, 5),)
        ),
        # Away next week as well, so that somebody's absence lies ahead.
        Habit(
            person="U0OKSANA",
            seconds=405,
            first_errors=0.10,
            later_errors=0.020,
            away=((1, 4, 1), (7, 0, 3)),
        ),
        # Joined while the sample runs: the learning curve is there to be seen.
        Habit(
            person="U0KACPER",
            seconds=480,
            first_errors=0.17,
            later_errors=0.040,
            learning_days=9.0,
            joined_week=2,
        ),
    )
}

RISK_INTENTS: Final = frozenset({"return_request", "complaint"})
RISK_AUDITOR: Final = AUDITOR.id
CHOSEN_AUDITOR: Final = MANAGER.id
NEWCOMER: Final = next(person.id for person in CONTRIBUTORS if HABITS[person.id].joined_week >= 0)
