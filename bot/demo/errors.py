"""What can keep the demo from starting; each code has its sentence in the catalogue."""

from __future__ import annotations

from bot.errors import UserError


class DemoError(UserError):
    """The demo cannot start as asked.

    Codes: `demo_platform` (platform, version), `demo_npm_missing`, `demo_npm_failed` (reason),
    `demo_npm_skipped` (package), `demo_npm_slow` (seconds), `demo_port_taken` (port),
    `demo_slack_ended` (last, log), `demo_slack_silent` (seconds, log).
    """
