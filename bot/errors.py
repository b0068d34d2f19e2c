"""The exception tree; whoever raises picks the leaf, whoever catches picks the branch.

    MusterError
    ├── UserError            a person asked for what cannot be done; the catalogue has the sentence
    │   ├── BadInput         what was typed, or is in a file, cannot be read
    │   ├── NotAllowed       the person's roles do not suffice; says who can
    │   ├── NotFound         no such person, task, squad, ...
    │   ├── Conflict         it can be read, but does not fit what is stored
    │   └── IntakeError      a file cannot be read at all; nothing was changed
    ├── SettingsError        the environment is missing something; said before anything starts
    ├── StoreError           the database cannot be used as it is
    └── DrawingError         a chart was not drawn; the message goes without it

A `UserError` carries a code and fields; its sentence is the catalogue's `error.<code>`.
"""


class MusterError(Exception):
    """The root of everything that Muster raises on purpose."""


class UserError(MusterError):
    """Something that the person in front of Slack (or the shell) can understand and mend."""

    def __init__(self, code: str, **fields: object) -> None:
        super().__init__(code, fields)
        self.code = code
        self.fields = fields

    def __str__(self) -> str:
        """Return the code and the names of its fields; never their values (they may be private)."""
        return f"{self.code}({', '.join(sorted(self.fields))})"


class BadInput(UserError):
    """What was typed, or is in a file, cannot be read."""


class NotAllowed(UserError):
    """The person's roles do not suffice."""


class NotFound(UserError):
    """What was named does not exist, or not for this person."""


class Conflict(UserError):
    """It can be read, but does not fit what is stored."""


class IntakeError(UserError):
    """A file cannot be read at all; nothing was changed."""


class SettingsError(MusterError):
    """The environment is missing something, or has it in a wrong form."""


class StoreError(MusterError):
    """The database cannot be used as it is."""


class DrawingError(MusterError):
    """A chart was not drawn; what it belongs to goes without it."""
