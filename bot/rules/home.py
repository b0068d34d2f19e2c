"""The Home tab: what it shows of a person's day, and the intent that publishes it.

It is written at send time from what is true by then, so publishing it twice does no harm.
"""

from collections.abc import Iterable
from typing import Final

from bot.rules.budget import DeliveryClass
from bot.rules.outbox import Intent, Operation

TAB: Final = "home.tab"


def home_intents(person_ids: Iterable[int], cause: str) -> list[Intent]:
    """Return what publishes the Home tabs of people anew; at most once for each `cause`."""
    return [
        Intent(
            kind=TAB,
            delivery_class=DeliveryClass.ANSWER,
            operation=Operation.PUBLISH,
            person_id=person_id,
            dedupe_key=f"home:{person_id}:{cause}"[:200],
        )
        for person_id in dict.fromkeys(person_ids)
    ]
