"""What app.py offers to the shell: the openers and paths that a sub-command may ask for."""

from pathlib import Path
from typing import Protocol


class Program(Protocol):
    """The assembled program, seen from the shell; app.py has the only real one."""

    @property
    def manifest_path(self) -> Path:
        """The Slack app's manifest, a YAML file."""
