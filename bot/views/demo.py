"""What the demo says in the shell: what it does, which time it plays at, and what to try."""

from dataclasses import asdict, dataclass
from datetime import datetime

from bot.views import dates
from bot.views.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Tour:
    """What the five things to try name: an address, people, places and a task to audit.

    `task` is None when everything that may be audited has been.
    """

    url: str
    folder: str
    squad: str
    manager: str
    auditor: str
    contributor: str
    team_channel: str
    digest_channel: str
    questions_channel: str
    new_work: str
    task: str | None


def moved_clock(words: Words, local: datetime, zone: str, *, asked: bool, speed: float) -> str:
    """Say at which time of the squad's zone the demo plays, where that is not the real one.

    `asked` says that it was asked for; else it is so that people are at work.
    """
    key = "demo.clock.asked" if asked else "demo.clock"
    said = words(key, day=dates.day(words, local.date()), time=f"{local:%H:%M}", zone=zone)
    if speed == 1.0:
        return said
    return f"{said} {words('demo.speed', speed=f'{speed:g}', minutes=f'{24 * 60 / speed:.0f}')}"


def tour(words: Words, about: Tour) -> str:
    """Return the address and five things to try, as lines of text."""
    audit = "demo.try.audit" if about.task is not None else "demo.try.audit_any"
    keys = (audit, "demo.try.findings", "demo.try.digest", "demo.try.ask", "demo.try.file")
    return "\n".join(
        [
            "",
            words("demo.ready", squad=about.squad),
            f"    {about.url}",
            "",
            words("demo.try"),
            *(f" {n}. {words(key, **asdict(about))}" for n, key in enumerate(keys, start=1)),
            "",
            words("demo.end", folder=about.folder),
        ]
    )
