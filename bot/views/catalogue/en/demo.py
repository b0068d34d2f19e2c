"""What the demo says when it cannot start, and what to do about it."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "error.demo_platform": (
        "The demo pins no local Slack for {platform}. Install local-slack {version} yourself so"
        " that `local-slack` is on the PATH, then start the demo again."
    ),
    "error.demo_npm_missing": (
        "The demo fetches a local Slack with npm and finds none. Install Node.js 20 or newer,"
        " which brings npm, then start the demo again."
    ),
    "error.demo_npm_failed": (
        "npm could not fetch the local Slack: {reason}. Check the connection and start the demo"
        " again."
    ),
    "error.demo_npm_skipped": (
        "npm finished without fetching {package}. Check that your registry has it, then start the"
        " demo again."
    ),
    "error.demo_npm_slow": (
        "npm was still fetching the local Slack after {seconds} seconds. Check the connection and"
        " start the demo again."
    ),
    "error.demo_port_taken": (
        "Port {port} is taken by another program. Start the demo with another one, for example"
        " `muster demo --slack-port 3738`."
    ),
    "error.demo_slack_ended": "The local Slack ended at once: {last}. Its log is {log}.",
    "error.demo_slack_silent": (
        "The local Slack did not answer within {seconds} seconds. Its log is {log}."
    ),
}
