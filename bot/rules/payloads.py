"""What buttons and forms carry: typed, versioned, and short enough for Slack by construction.

Buttons live for years in people's channels. A payload therefore says its version, and one that
this code cannot read raises BadInput("old_button") rather than doing something near it.
"""

import json
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import BadInput

# docs.slack.dev/reference/block-kit: a button's value, and a view's private_metadata (3,000).
VALUE_LIMIT = 2000


class Payload(BaseModel):
    """Base of all payloads; ids only, for they are hints and permissions are checked again."""

    # There are a hundred of them, and hardly any process meets half: each is built when it is met.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    version: ClassVar[int] = 1

    def encode(self) -> str:
        """Return compact JSON. Raises ValueError if Slack would refuse its length."""
        fields: dict[str, Any] = {"v": self.version, **self.model_dump(mode="json")}
        text = json.dumps(fields, separators=(",", ":"), ensure_ascii=False)
        if len(text) > VALUE_LIMIT:
            raise ValueError(f"{type(self).__name__} is {len(text)} characters long")
        return text

    @classmethod
    def decode(cls, text: str | None) -> Self:
        """Read what `encode` wrote. Raises BadInput("old_button") for anything else."""
        try:
            fields = json.loads(text or "")
            if not isinstance(fields, dict) or fields.pop("v", None) != cls.version:
                raise BadInput("old_button")
            return cls.model_validate(fields)
        except (ValueError, ValidationError) as error:
            raise BadInput("old_button") from error


class Nothing(Payload):
    """A button that needs to say no more than its action id."""
