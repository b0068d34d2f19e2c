"""What can keep the demo from starting; each code has its sentence in the catalogue."""

from __future__ import annotations

from bot.errors import UserError


class DemoError(UserError):
    """The demo cannot start, or go on, as asked.

    Codes: `demo_platform` (platform, version), `demo_npm_missing`, `demo_npm_failed` (reason),
    `demo_npm_skipped` (package), `demo_npm_slow` (seconds), `demo_port_taken` (port),
    `demo_slack_ended` (last, log), `demo_slack_silent` (seconds, log), `demo_slack_gone` (log),
    `demo_folder_foreign` (folder), `demo_folder_unusable` (folder, reason), `demo_folder_damaged`
    (folder), `demo_already_running` (folder), `demo_rows_rejected` (file, n, first).
    """
