"""English sentences of guidelines: importing them, asking them, and what stands in the way."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "error.guidelines_missing": "There is no file or folder at {path}.",
    "error.guidelines_no_files": (
        "{path} holds no guidelines: Muster reads Markdown (.md), HTML (.html) and text (.txt)."
    ),
    "error.guidelines_unreadable": (
        "None of the {n} files can be read ({documents}). They must be text, saved as UTF-8."
    ),
    "error.guidelines_project": (
        "There is no project called “{project}” here. Add --create to make it."
    ),
    "error.guidelines_none": (
        "No guidelines are loaded for {project} yet. Whoever runs Muster loads them with"
        " `muster import guidelines FOLDER --project NAME --version V`."
    ),
    "error.guidelines_unnamed": (
        "Please name the project and the version, for example `--project Reviews --version 2.1`."
    ),
    "error.guidelines_version_taken": (
        "Version {version} is loaded already, with other content. Please give this one a name of"
        " its own; the old one stays."
    ),
    "error.guidelines_batch": (
        'Line {line} is not a question. Each line is JSON like {{"id": "q1", "question": "…"}}.'
    ),
    "error.guidelines_batch_missing": "The file {path} cannot be read.",
    "error.guidelines_ask_what": (
        "Please give a question, or a file of questions with --batch, and not both."
    ),
    "error.not_on_project": (
        "The guidelines of {project} are for the squads that work on it. A manager of such a squad"
        " adds you with `/squad add @you`."
    ),
    "guidelines.import.fresh": (
        "{project}: version {version} is loaded, {passages} passages from {documents} documents."
    ),
    "guidelines.import.same": (
        "{project}: version {version} is loaded already with this content; nothing changed."
    ),
    "guidelines.import.changes": (
        "Against version {before}: {changed} sections changed, {added} new, {removed} removed."
    ),
    "guidelines.import.no_changes": "Against version {before} no section changed.",
    "guidelines.loaded.title": "Guidelines that `/ask` answers from",
    "guidelines.loaded.none": (
        "*{project}*: none yet. Whoever runs Muster loads them with"
        " `muster import guidelines FOLDER --project NAME --version V`."
    ),
    "guidelines.loaded.version": (
        "*{project}*: version {version}, {passages} passages from {documents} documents, loaded on"
        " {day}."
    ),
    "guidelines.loaded.before.one": "One version before it is kept.",
    "guidelines.loaded.before.other": "{n} versions before it are kept.",
    "guidelines.loaded.kept": "Verified answers: {verified}. Edge cases: {edge_cases}.",
    "guidelines.change.added": "+ {document}: {section}",
    "guidelines.change.changed": "~ {document}: {section}",
    "guidelines.change.removed": "- {document}: {section}",
    "guidelines.import.findings": (
        "{n} open findings cite a section that changed or is gone; their auditors may want to look."
    ),
    "guidelines.import.verified": (
        "{n} verified answers rest on a section that changed or is gone; their verifiers are asked"
        " in their next Today whether they still hold."
    ),
    "guidelines.import.unread": "Left out: {document} ({why}).",
    "guidelines.unread.too_large": "larger than {limit} MB; cut it into several files",
    "guidelines.unread.not_text": "not text; save it as UTF-8",
    "guidelines.unread.unreadable": "cannot be opened or makes no sense as what its name says",
    "guidelines.unread.empty": "no text in it",
    "guidelines.unread.too_many_passages": "more than {limit} passages together; load a part of it",
    "guidelines.ask.sure": "The guidelines (version {version}) answer this:",
    "guidelines.ask.unsure": "These passages of the guidelines (version {version}) may answer it:",
    "guidelines.ask.none": (
        "The guidelines (version {version}) do not seem to answer this. What comes nearest:"
    ),
    "guidelines.ask.nothing": "The guidelines (version {version}) say nothing about this.",
}
