"""When a message will be read, in words, on the reader's own wall clock."""

from datetime import datetime

from bot import clock
from bot.rules.arrival import Arrival, Reach
from bot.views import dates
from bot.views.words import Words


def moment(words: Words, at: datetime, zone: str) -> str:
    """Return an instant on a wall clock, as in `Thu 24 Dec 2026 14:03`."""
    local = clock.to_local(at, zone)
    return f"{dates.day(words, local.date())} {local:%H:%M}"


def token(words: Words, at: datetime, zone: str) -> str:
    """Return an instant that Slack shows on each reader's own clock; `zone` is for the fallback.

    docs.slack.dev/messaging/formatting-message-text, "Date formatting".
    """
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{moment(words, at, zone)}>"


def sentence(words: Words, arrival: Arrival, name: str, now: datetime) -> str:
    """Say when `name` (inert already) reads what was just written for them."""
    if arrival.reach is not Reach.LATER or arrival.when is None:
        return words(f"arrival.{arrival.reach.value}", name=name)
    local = clock.to_local(arrival.when, arrival.zone)
    values = {"name": name, "time": f"{local:%H:%M}"}
    days = (local.date() - clock.local_day(now, arrival.zone)).days
    if days == 0:
        return words("arrival.today", **values)
    return words("arrival.later", day=dates.day(words, local.date()), **values)
