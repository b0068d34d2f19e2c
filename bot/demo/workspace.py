"""The sample workspace as data: ten people, three channels, one app, and the local Slack's config.

Everybody here is invented. Ids are fixed, those of the direct messages too: local-slack forgets
its channels when it ends and would number new ones afresh, while Muster remembers where it wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from bot.rules.people import Role

TEAM_ID: Final = "T0HARBOUR"
TEAM_NAME: Final = "Harbour Lane Data"
APP_ID: Final = "A0MUSTER"
BOT_USER_ID: Final = "U0MUSTER"
BOT_NAME: Final = "Muster"

# They open nothing: local-slack takes whatever token it is given.
BOT_TOKEN: Final = "xoxb-local-demo"  # noqa: S105
APP_TOKEN: Final = "xapp-local-demo"  # noqa: S105
SIGNING_SECRET: Final = "local-demo"  # noqa: S105

SQUAD_NAME: Final = "Kestrel"
SQUAD_ZONE: Final = "Africa/Nairobi"
PROJECT_NAME: Final = "Review intents"
LINK_TEMPLATE: Final = "https://tool.example.com/tasks/{task}"
QUALITY_TARGET: Final = 0.95
AUDITS_PER_WEEK: Final = 8
PLANNED_PER_DAY: Final = 330
HOLIDAY_COUNTRY: Final = "KE"
ACCEPTANCE_CRITERIA: Final = (
    "At least 95 % of randomly audited reviews accepted, with no label that contradicts "
    "section 2; every review that names a person is flagged under section 5."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPerson:
    """Somebody of the sample workspace; `zone` is an IANA name, `country` an ISO 3166 code."""

    id: str
    handle: str
    name: str
    zone: str
    country: str
    role: Role

    @property
    def email(self) -> str:
        """An address below a domain that is reserved for examples."""
        return f"{self.handle}@harbourlane.example"

    @property
    def direct_id(self) -> str:
        """The id of this person's direct message with the bot."""
        return f"D{self.id[1:]}"


@dataclass(frozen=True, slots=True)
class DemoChannel:
    """A channel in which everybody of the squad is a member."""

    id: str
    name: str
    topic: str


def _person(
    handle: str, name: str, zone: str, country: str, role: Role = Role.CONTRIBUTOR
) -> DemoPerson:
    return DemoPerson(
        id=f"U0{handle.upper()}", handle=handle, name=name, zone=zone, country=country, role=role
    )


MANAGER: Final = _person("nadia", "Nadia Haddad", "Europe/Warsaw", "PL", Role.MANAGER)
"""Also the workspace's owner. local-slack shows nobody as admin, so the demo says it to Muster."""

AUDITOR: Final = _person("tomasz", "Tomasz Lewicki", "Europe/Warsaw", "PL", Role.AUDITOR)

CONTRIBUTORS: Final = (
    _person("amina", "Amina Otieno", "Africa/Nairobi", "KE"),
    _person("brian", "Brian Kiprotich", "Africa/Nairobi", "KE"),
    _person("wanjiru", "Wanjiru Kamau", "Africa/Nairobi", "KE"),
    _person("jericho", "Jericho Santos", "Asia/Manila", "PH"),
    _person("maricel", "Maricel Dizon", "Asia/Manila", "PH"),
    _person("paolo", "Paolo Reyes", "Asia/Manila", "PH"),
    _person("oksana", "Oksana Bondar", "Europe/Warsaw", "PL"),
    _person("kacper", "Kacper Nowak", "Europe/Warsaw", "PL"),
)

PEOPLE: Final = (MANAGER, AUDITOR, *CONTRIBUTORS)

TAGS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "returns": ("U0AMINA", "U0JERICHO", "U0OKSANA"),
        "delivery": ("U0BRIAN", "U0MARICEL", "U0KACPER"),
        "mentor": ("U0WANJIRU",),
    }
)
"""What contributors know best, and who shows newcomers around: tag -> user ids."""

TEAM_CHANNEL: Final = DemoChannel("C0TEAM", "kestrel-team", "Daily sync 10:00 Nairobi time")
QUESTIONS_CHANNEL: Final = DemoChannel("C0ASK", "kestrel-questions", "Guideline questions")
DIGEST_CHANNEL: Final = DemoChannel("C0DIGEST", "kestrel-digest", "Quality, once a day")
CHANNELS: Final = (TEAM_CHANNEL, QUESTIONS_CHANNEL, DIGEST_CHANNEL)


def local_slack_config() -> dict[str, Any]:
    """Return the config of a local Slack with this workspace and the app in Socket Mode.

    The manager comes first, because the browser page acts as the first person until told otherwise.
    """
    everybody = [person.id for person in PEOPLE] + [BOT_USER_ID]
    return {
        "workspace": {"name": TEAM_NAME, "domain": "harbour-lane", "teamId": TEAM_ID},
        "apps": [
            {
                "appId": APP_ID,
                "botUserId": BOT_USER_ID,
                "botName": BOT_NAME,
                "botToken": BOT_TOKEN,
                "appToken": APP_TOKEN,
                "signingSecret": SIGNING_SECRET,
                "mode": "socket",
            }
        ],
        "users": [_user(person) for person in PEOPLE],
        "channels": [_channel(channel, everybody) for channel in CHANNELS]
        + [_direct(person) for person in PEOPLE],
    }


def _user(person: DemoPerson) -> dict[str, str]:
    return {
        "id": person.id,
        "name": person.handle,
        "real_name": person.name,
        "email": person.email,
        "tz": person.zone,
    }


def _channel(channel: DemoChannel, members: list[str]) -> dict[str, Any]:
    return {"id": channel.id, "name": channel.name, "topic": channel.topic, "members": members}


def _direct(person: DemoPerson) -> dict[str, Any]:
    return {
        "id": person.direct_id,
        "name": f"dm-{person.id}",
        "is_channel": False,
        "is_im": True,
        "is_private": True,
        "members": [person.id, BOT_USER_ID],
    }
