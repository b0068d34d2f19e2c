"""What can become of one call to Slack, told apart by what may have happened at the other end."""

from dataclasses import dataclass

from bot.errors import MusterError


@dataclass(frozen=True, slots=True)
class Sent:
    """Slack took it; `ts` is a message's, or the id of a view, else empty."""

    channel: str = ""
    ts: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """Slack said no and will say no again; `reason` is its error code."""

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Limited:
    """Slack asks for patience; nothing happened. Seconds."""

    retry_after_s: float


@dataclass(frozen=True, slots=True)
class NotSent:
    """No connection was made, so nothing happened."""

    why: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have happened or not: a timeout, a dropped connection, an error of Slack's own."""

    why: str


Failure = Refused | Limited | NotSent | Unknown
Outcome = Sent | Failure


class SlackFailed(MusterError):
    """A call did not do what was asked; `outcome` says what may have happened."""

    def __init__(self, method: str, outcome: Failure) -> None:
        super().__init__(method, outcome)
        self.method = method
        self.outcome = outcome

    def __str__(self) -> str:
        """Return the method and what came of it, as in `auth.test: invalid_auth`."""
        match self.outcome:
            case Refused(reason=reason):
                return f"{self.method}: {reason}"
            case Limited(retry_after_s=seconds):
                return f"{self.method}: Slack asks to wait {seconds:g} seconds"
            case NotSent(why=why):
                return f"{self.method}: no connection ({why})"
            case Unknown(why=why):
                return f"{self.method}: no clear answer ({why})"

    @property
    def reason(self) -> str:
        """Slack's error code where Slack said no, else what kind of failure it was."""
        if isinstance(self.outcome, Refused):
            return self.outcome.reason
        return type(self.outcome).__name__.lower()
