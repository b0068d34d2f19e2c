"""What the demo says when it starts, what there is to try, and why it cannot start."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "demo.fetching": "Fetching the local Slack with npm. This happens once; it is about 100 MB.",
    "demo.seeding": "Writing six weeks of a sample squad's work.",
    "demo.clock": (
        "Muster writes to people in their working hours only, so the demo's clock is moved ahead:"
        " for Muster it is {day}, {time} in {zone}."
    ),
    "demo.clock.asked": "For Muster it is {day}, {time} in {zone}.",
    "demo.speed": "Its clock runs {speed} times as fast: a day takes {minutes} minutes.",
    "demo.ready": "Muster runs against a local Slack, with the sample squad {squad}. Open",
    "demo.try": "“Act as” at the top right makes you another person. Five things to try:",
    "demo.try.audit": (
        "As {auditor}, the auditor, type  /audit {task}  in #{team_channel}. Choose Reject, fill in"
        " one finding with a note, and save."
    ),
    "demo.try.audit_any": (
        "As {auditor}, type  /audit  in #{team_channel}: it says how to name the work to audit."
    ),
    "demo.try.findings": (
        "As {contributor}, whose work it is, open the direct message named {contributor}: the"
        " finding is there, to acknowledge or dispute."
    ),
    "demo.try.digest": (
        "As {manager}, the manager, type  /digest now  in #{team_channel}; then look into"
        " #{digest_channel}: the squad's quality, with a chart."
    ),
    "demo.try.ask": (
        "As {contributor}, type  /ask Is an exchange a return request?  in #{team_channel}, then"
        " something the guideline cannot know, and press Ask a person. As {manager}, answer it in"
        " #{questions_channel}, and look at both Home tabs under Apps."
    ),
    "demo.try.file": (
        "As {manager}, open the direct message named {manager} and drop the file {new_work} into"
        " it: Muster says what is in it before anything is imported."
    ),
    "demo.end": (
        "Ctrl-C ends both. The data stays in {folder} and the next start goes on from there;"
        " --reset begins anew."
    ),
    "demo.ended": "Muster and the local Slack have ended.",
    "error.demo_at_past": (
        "The demo's clock was at {now} already and cannot go back. Name a later time, or begin anew"
        " with `--reset`."
    ),
    "error.demo_slack_gone": (
        "The local Slack ended by itself, so Muster ended too. Its log is {log}."
    ),
    "error.demo_folder_foreign": (
        "{folder} holds something else than a demo. Name an empty folder, or a new one, with"
        " `--data`."
    ),
    "error.demo_folder_unusable": (
        "{folder} cannot be used for the demo's data: {reason}. Name another folder with `--data`."
    ),
    "error.demo_folder_damaged": (
        "The demo's notes in {folder} cannot be read. `muster demo --reset` begins anew."
    ),
    "error.demo_already_running": (
        "Another demo is running with {folder}. End it, or name another folder with `--data` and"
        " another port with `--slack-port`."
    ),
    "error.demo_rows_rejected": (
        "The sample file {file} was not taken whole: {n} rows stayed out, the first of them row"
        " {first}. Please report this."
    ),
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
