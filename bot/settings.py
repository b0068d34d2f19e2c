"""The environment, read once by app.py: every setting is checked and named before anything starts.

Values come from the environment, then from the file `.env`; a secret is never printed, not even
when it is malformed.
"""

import difflib
import logging
import os
import re
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from dotenv import dotenv_values
from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError

ENV_FILE: Final = Path(".env")
PREFIX: Final = "MUSTER_"

LEASE_MARGIN_SECONDS: Final = 5.0
"""Beyond the HTTP timeout: whoever loses the lease has heard from its last request by then."""

_DATABASE_DRIVERS: Final[Mapping[str, str]] = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


def _token(value: SecretStr, prefix: str, where: str) -> SecretStr:
    """Check a Slack token's prefix; an empty one is unset, `load_settings` says if it is needed."""
    text = value.get_secret_value().strip()
    if text and (not text.startswith(prefix) or len(text) == len(prefix) or " " in text):
        message = f"it must be one word that starts with {prefix} (Slack shows it under {where})"
        raise ValueError(message)
    return SecretStr(text)


_bot_token = partial(_token, prefix="xoxb-", where="OAuth & Permissions")
_app_token = partial(_token, prefix="xapp-", where="Basic Information, App-Level Tokens")


def _signing_secret(value: SecretStr) -> SecretStr:
    text = value.get_secret_value().strip()
    if text.startswith(("xoxb-", "xapp-")):
        message = "it holds a token (Slack shows the secret under Basic Information)"
        raise ValueError(message)
    if " " in text:
        message = "it must be one word"
        raise ValueError(message)
    return SecretStr(text)


def _api_url(value: str) -> str:
    if not value.startswith(("https://", "http://")):
        message = "it must start with https:// (or http:// for a local Slack)"
        raise ValueError(message)
    return value if value.endswith("/") else f"{value}/"


def _base_url(value: str) -> str:
    return _api_url(value) if value else ""


def _database_url(value: SecretStr) -> SecretStr:
    """Name the driver in a database address; the address may hold a password, so it stays secret.

    SQLite must be a file: the writing and the reading engine each open it for themselves, and two
    databases in memory would share nothing.
    """
    scheme, separator, rest = value.get_secret_value().strip().partition("://")
    driver = _DATABASE_DRIVERS.get(scheme)
    if not separator or driver is None:
        message = "it must start with sqlite:/// or postgresql://"
        raise ValueError(message)
    if driver.startswith("sqlite"):
        path = rest.removeprefix("/").partition("?")[0]
        if not rest.startswith("/") or not path or path == ":memory:":
            message = "it names no file, and SQLite needs one after three slashes"
            raise ValueError(message)
    return SecretStr(f"{driver}://{rest}")


def _pulse_key(value: SecretStr) -> SecretStr:
    text = value.get_secret_value().strip()
    if text and len(text) < 32:  # a shorter one could be found by trying all
        message = "it must be random and at least 32 characters long"
        raise ValueError(message)
    return SecretStr(text)


def _command_prefix(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9_-]{0,20}", value):
        message = "only small letters, digits, - and _ may stand there, at most 20 of them"
        raise ValueError(message)
    return value


class Settings(BaseSettings):
    """All settings; each field's description and example is what a person reads when it is wrong.

    Seconds are floats unless said otherwise. Secrets that are not set are empty, so that a
    command which does not need them runs without.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        populate_by_name=True,
        validate_default=True,
    )

    slack_bot_token: Annotated[SecretStr, AfterValidator(_bot_token)] = Field(
        default=SecretStr(""),
        validation_alias="SLACK_BOT_TOKEN",
        description="the bot token of your Slack app, from OAuth & Permissions",
        examples=["xoxb-…"],
    )
    slack_app_token: Annotated[SecretStr, AfterValidator(_app_token)] = Field(
        default=SecretStr(""),
        validation_alias="SLACK_APP_TOKEN",
        description="the app-level token (scope connections:write) that Socket Mode connects with",
        examples=["xapp-…"],
    )
    slack_signing_secret: Annotated[SecretStr, AfterValidator(_signing_secret)] = Field(
        default=SecretStr(""),
        validation_alias="SLACK_SIGNING_SECRET",
        description="the signing secret of your Slack app, by which signed HTTP is checked",
        examples=["8f742231b10e8888abcd99yyyzzz85a5"],
    )
    slack_api_url: Annotated[str, AfterValidator(_api_url)] = Field(
        default="https://slack.com/api/",
        validation_alias="SLACK_API_URL",
        description="where the Slack Web API is; another address for a local Slack",
        examples=["https://slack.com/api/"],
    )
    database_url: Annotated[SecretStr, AfterValidator(_database_url)] = Field(
        default=SecretStr("sqlite:///muster.db"),
        validation_alias="DATABASE_URL",
        description="the database: an SQLite file, or PostgreSQL for several processes",
        examples=["postgresql://muster:password@db.example.org/muster"],
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO",
        description="how much is logged; the libraries never log below INFO",
        examples=["INFO"],
    )
    log_format: Literal["json", "console"] = Field(
        default="json",
        description="one JSON object a line, or lines for a person at a terminal",
        examples=["console"],
    )
    posts_per_second: float = Field(
        default=1.0,
        gt=0,
        le=50,
        description="how many messages a second a workspace is sent (Slack advises 1)",
        examples=["1.0"],
    )
    settle_seconds: float = Field(
        default=30.0,
        ge=0,
        le=600,
        description="how long after an unanswered post the channel's history is believed",
        examples=["30"],
    )
    http_timeout_seconds: float = Field(
        default=15.0,
        gt=0,
        le=120,
        description="how long a request to Slack may take",
        examples=["15"],
    )
    lease_seconds: float = Field(
        default=60.0,
        gt=0,
        le=600,
        description="how long a process that stopped responding keeps the right to send",
        examples=["60"],
    )
    tick_seconds: float = Field(
        default=5.0,
        ge=0.1,
        le=60,
        description="how often the clock asks what is due",
        examples=["5"],
    )
    command_prefix: Annotated[str, AfterValidator(_command_prefix)] = Field(
        default="",
        description="what stands before each command's name, as in the manifest (/ops-audit)",
        examples=["ops-"],
    )
    health_port: int = Field(
        default=0,
        ge=0,
        le=65535,
        description="the port where run and clock answer /healthz, /readyz and /metrics; 0 is none",
        examples=["8080"],
    )
    clock_offset_seconds: int = Field(
        default=0,
        description="how far the demo's clock is ahead of the real one; leave it at 0 elsewhere",
        examples=["0"],
    )

    pulse_key: Annotated[SecretStr, AfterValidator(_pulse_key)] = Field(
        default=SecretStr(""),
        description="what makes the tokens of anonymous polls; keep it out of every backup",
        examples=["(the output of: openssl rand -hex 32)"],
    )
    openai_api_key: SecretStr = Field(
        default=SecretStr(""),
        validation_alias="OPENAI_API_KEY",
        description="the key of the server that puts answers into words, if MUSTER_MODEL is set",
        examples=["sk-…"],
    )
    openai_base_url: Annotated[str, AfterValidator(_base_url)] = Field(
        default="",
        validation_alias="OPENAI_BASE_URL",
        description="where that server is, if it is not OpenAI's",
        examples=["http://localhost:11434/v1"],
    )
    model: str = Field(
        default="",
        description="the language model that puts answers into words; empty is none",
        examples=["gpt-5-mini"],
    )
    model_timeout_seconds: float = Field(
        default=20.0,
        ge=1,
        le=120,
        description="how long an answer's words are waited for; its passages stand meanwhile",
        examples=["20"],
    )
    model_price_in: float = Field(
        default=0.0,
        ge=0,
        description="what a million tokens sent cost, in your currency; 0 is unknown",
        examples=["0.25"],
    )
    model_price_out: float = Field(
        default=0.0,
        ge=0,
        description="what a million tokens received cost, in your currency; 0 is unknown",
        examples=["2.00"],
    )

    @model_validator(mode="after")
    def _model_has_a_server(self) -> Self:
        if self.model and not (self.openai_api_key.get_secret_value() or self.openai_base_url):
            message = (
                "MUSTER_MODEL names a model but neither OPENAI_API_KEY nor OPENAI_BASE_URL says"
                " where to ask it; set one of them, or leave MUSTER_MODEL empty"
            )
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _lease_outlives_a_request(self) -> Self:
        if self.lease_seconds < self.http_timeout_seconds + LEASE_MARGIN_SECONDS:
            message = (
                "MUSTER_LEASE_SECONDS must exceed MUSTER_HTTP_TIMEOUT_SECONDS by at least "
                f"{LEASE_MARGIN_SECONDS:g}, otherwise two processes could send at once"
            )
            raise ValueError(message)
        return self


def variable(field: str) -> str:
    """Name the environment variable of a field: `log_level` is `MUSTER_LOG_LEVEL`."""
    alias = Settings.model_fields[field].validation_alias
    return alias if isinstance(alias, str) else f"{PREFIX}{field.upper()}"


def variables() -> dict[str, str]:
    """Return every environment variable that is read, with its field's name."""
    return {variable(field): field for field in Settings.model_fields}


def load_settings(require: Iterable[str] = (), env_file: Path | None = ENV_FILE) -> Settings:
    """Read and check the environment and `env_file`, where the environment wins.

    `require` names the variables that must be set for what is about to start. A variable that
    looks like a misspelt one of ours is logged as a warning.

    Raises:
        SettingsError: something is missing or malformed; the message names all of it at once.
    """
    given = _given(env_file)
    doubts = _doubts(given)
    problems = _missing(require, given) + _traps(require)
    settings = None
    try:
        settings = Settings(_env_file=env_file)
    except ValidationError as error:
        problems += [
            _malformed(".".join(map(str, each["loc"])), each["msg"]) for each in error.errors()
        ]
    if problems or settings is None:
        raise SettingsError(_report(problems, doubts))
    for doubt in doubts:
        logging.getLogger(__name__).warning("%s", doubt)
    return settings


def _given(env_file: Path | None) -> dict[str, str]:
    """Return what is set and not empty, by upper-case name."""
    found: dict[str, str | None] = {}
    if env_file is not None and env_file.is_file():
        try:
            found.update(dotenv_values(env_file, encoding="utf-8"))
        except UnicodeDecodeError as error:
            message = f"{env_file} cannot be read: it is not UTF-8 text. Save it as UTF-8."
            raise SettingsError(message) from error
    found.update(os.environ)
    return {name.upper(): value for name, value in found.items() if value}


def _missing(require: Iterable[str], given: Mapping[str, str]) -> list[str]:
    known = variables()
    return [
        f"{name} is missing. It is {_about(known[name])}"
        for name in require
        if not given.get(name, "").strip()
        and Settings.model_fields[known[name]].default == SecretStr("")
    ]


def _malformed(place: str, complaint: str) -> str:
    """Say what is wrong with one variable; `place` is pydantic's, empty for a rule over several."""
    complaint = complaint.removeprefix("Value error, ").removesuffix(".")
    if not place:
        return f"{complaint}."
    known = variables()
    field = known.get(place, place)
    complaint = complaint[:1].lower() + complaint[1:]
    return f"{variable(field)} is malformed: {complaint}. It is {_about(field)}"


def _traps(require: Iterable[str]) -> list[str]:
    """Refuse what makes Bolt ignore the bot token without an error and sign in by OAuth instead."""
    pair = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")
    if "SLACK_BOT_TOKEN" not in set(require) or not all(name in os.environ for name in pair):
        return []
    problem = (
        "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET are both set. With them Slack's library ignores "
        "SLACK_BOT_TOKEN. Unset them, for example: unset SLACK_CLIENT_ID SLACK_CLIENT_SECRET"
    )
    return [problem]


def _near(rest: str, known: Iterable[str]) -> list[str]:
    """Return the setting of ours that is meant; what all of them begin with says nothing."""
    ours = {name.removeprefix(PREFIX): name for name in known}
    return [ours[each] for each in difflib.get_close_matches(rest, ours, n=1, cutoff=0.6)]


def _doubts(given: Mapping[str, str]) -> list[str]:
    """Return a sentence for each variable that is none of ours and was probably meant to be.

    Everything under MUSTER_ is doubted; elsewhere only what is within a letter or two of a name,
    since other programs have SLACK_ variables of their own.
    """
    known = variables()
    doubts = []
    for name in sorted(set(given) - set(known)):
        ours = name.startswith(PREFIX)
        near = _near(name.removeprefix(PREFIX), known) if ours else []
        near = near or difflib.get_close_matches(name, known, n=1, cutoff=0.92)
        if near and (ours or near[0] not in given):
            doubts.append(f"{name} is not a setting of Muster. Did you mean {near[0]}?")
        elif ours:
            doubts.append(f"{name} is not a setting of Muster and has no effect.")
    return doubts


def _about(field: str) -> str:
    info = Settings.model_fields[field]
    example = (info.examples or [""])[0]
    return f"{info.description}. Example: {variable(field)}={example}"


def _report(problems: list[str], doubts: list[str]) -> str:
    count = "1 setting needs" if len(problems) == 1 else f"{len(problems)} settings need"
    lines = [f"{count} attention before Muster can start:"]
    lines += [f"  - {problem}" for problem in problems]
    lines += [f"  - {doubt}" for doubt in doubts]
    lines.append("Set them in the environment or in the file .env; .env.example lists them all.")
    return "\n".join(lines)
