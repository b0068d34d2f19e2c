"""Imports of files: what they would do and did, why a row stays out, why a file cannot be read."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "imports.kind.submissions.one": "1 submission row",
    "imports.kind.submissions.other": "{n} submission rows",
    "imports.kind.audits.one": "1 audit row",
    "imports.kind.audits.other": "{n} audit rows",
    "imports.kind.roster.one": "1 roster row",
    "imports.kind.roster.other": "{n} roster rows",
    "imports.kind.plan.one": "1 plan row",
    "imports.kind.plan.other": "{n} plan rows",
    "imports.kind.taxonomy.one": "1 taxonomy row",
    "imports.kind.taxonomy.other": "{n} taxonomy rows",
    "imports.kind.gold.one": "1 gold row",
    "imports.kind.gold.other": "{n} gold rows",
    "imports.gold.one": "1 of the rows is a gold answer and nobody's submission.",
    "imports.gold.other": "{n} of the rows are gold answers and nobody's submissions.",
    "imports.sections": "Guideline sections: {found} of {cited} that findings cite were found.",
    "imports.sections.missing": "Not in the guidelines: {names}.",
    "imports.format.csv": "CSV",
    "imports.format.jsonl": "JSON Lines",
    "imports.format.label-studio": "Label Studio",
    "imports.place": "{squad}, {project}",
    "imports.would": (
        "{rows} for {place}: {new} would be new, {revised} changed, {unchanged} unchanged,"
        " {rejected} left out."
    ),
    "imports.did": (
        "Imported {rows} into {place}: {new} new, {revised} changed, {unchanged} unchanged,"
        " {rejected} left out."
    ),
    "imports.repeated": (
        "This file is in {place} already: {new} new, {revised} changed, {unchanged} unchanged,"
        " {rejected} left out."
    ),
    "imports.running": "This file is being imported into {place} right now.",
    "imports.strangers.one": (
        "1 name in it is nobody I know in Slack; that person is kept as external until matched."
    ),
    "imports.strangers.other": (
        "{n} names in it are nobody I know in Slack; they are kept as external until matched."
    ),
    "imports.read": "Read as {format}, {encoding}.",
    "imports.assumed.one": "1 time had no offset and was read in {zone}.",
    "imports.assumed.other": "{n} times had no offset and were read in {zone}.",
    "imports.undecodable.one": "1 byte is no character in that encoding; its row was left out.",
    "imports.undecodable.other": (
        "{n} bytes are no characters in that encoding; their rows were left out."
    ),
    "imports.ignored": "Columns not used: {columns}.",
    "imports.sampling.all": "Counted as a full check: every submission was audited.",
    "imports.sampling.random": (
        "Counted as a random sample, weighted by how much of each contributor's week was audited."
    ),
    "imports.sampling.chosen": "Counted as chosen by hand, beside the quality score.",
    "imports.sampling.unknown": (
        "How they were picked is not known, so they stand beside the quality score."
    ),
    "imports.categories": "New error categories: {names}.",
    "imports.nothing_sent": "Nothing is sent to anybody by an import.",
    "imports.left_out": "Left out:",
    "imports.row": "Row {row}: {reason}",
    "imports.more_rows.one": "and 1 more row",
    "imports.more_rows.other": "and {n} more rows",
    "imports.ask_place": "*{name}* holds {what}. Where does it belong?",
    "imports.what.submissions": "submissions",
    "imports.what.audits": "audits",
    "imports.what.roster": "people",
    "imports.what.plan": "batches",
    "imports.what.taxonomy": "error categories",
    "imports.what.gold": "gold answers",
    "imports.choose_place": "Choose a squad and project",
    "imports.button": "Import",
    "imports.ask_sampling": "How was the audited work picked? That decides how it counts.",
    "imports.button.all": "Import: everything was audited",
    "imports.button.random": "Import: a random sample",
    "imports.button.chosen": "Import: chosen by hand",
    "imports.button.unknown": "Import: I do not know how they were picked",
    "imports.started": "Importing {name}. I will say here when it is done.",
    "imports.reason.empty": "this is needed and empty",
    "imports.reason.too_long": "{length} characters, {limit} at most",
    "imports.reason.control_character": "a line break or control character in it",
    "imports.reason.not_text": "bytes that are no characters",
    "imports.reason.not_a_time": "“{value}” is no time I can read; write 2026-03-04T05:06:07Z",
    "imports.reason.date_only": "“{value}” has no time of day",
    "imports.reason.not_a_date": "“{value}” is no date; write 2026-03-04",
    "imports.reason.too_early": "“{value}” is too long ago to be right",
    "imports.reason.in_future": "“{value}” lies in the future",
    "imports.reason.not_a_number": "“{value}” is no number that fits here",
    "imports.reason.negative": "“{value}” is below zero",
    "imports.reason.started_after": "it started at “{value}”, after it was submitted",
    "imports.reason.not_a_link": "“{value}” is no http or https address",
    "imports.reason.unknown_word": "“{value}” is not one of the words known here",
    "imports.reason.not_one_of": "“{value}” is not one of: {known}",
    "imports.reason.unknown_zone": "“{value}” is no time zone; perhaps {suggestion}",
    "imports.reason.not_a_slack_id": "“{value}” is no Slack user id such as U012AB3CD",
    "imports.reason.not_an_email": "“{value}” is no e-mail address",
    "imports.reason.nobody": "no name, Slack id or e-mail address",
    "imports.reason.too_few_cells": "{found} cells where the header has {expected}",
    "imports.reason.too_many_cells": "{found} cells where the header has {expected}",
    "imports.reason.unclosed_quote": "a quotation mark that is never closed",
    "imports.reason.not_json": "this line is not one JSON object",
    "imports.reason.not_a_task": "this is no task as Label Studio writes it",
    "imports.reason.not_annotated": "nobody has annotated this task yet",
    "imports.reason.no_time": (
        "the file says no time for this annotation; Label Studio's JSON export has it"
    ),
    "imports.reason.cancelled": "this annotation was skipped",
    "imports.reason.wrong_shape": "this is not written as Label Studio writes it",
    "imports.reason.conflicting_gold": "row {first} gives this task another answer",
    "imports.reason.conflicting_verdict": "row {first} gives the same audit the other verdict",
    "imports.reason.too_many_findings": "more than {limit} findings in one audit",
    "imports.reason.no_submission": "no submission of “{value}” by this contributor is stored",
    "imports.reason.several_submissions": "{n} submissions fit; state which one by submitted_at",
    "imports.reason.own_work": "nobody audits their own work",
    "imports.reason.other_squad": "this submission belongs to another squad",
    "imports.reason.other_work": "this id stands for other work already, of task “{task}”",
    "imports.reason.unknown_category": "“{value}” is not in the taxonomy ({known})",
    "imports.reason.stored_differently": "this audit is stored with the other verdict",
    "imports.reason.twice": "the same name as in row {first}",
    "imports.reason.too_many_categories": "a taxonomy holds {limit} categories at most",
    "imports.reason.conflicting_volume": "row {first} states another planned volume",
    "imports.reason.manager_by_admin": "only an admin makes managers (`/muster grant`)",
    "imports.reason.never_manager": "guests and people from other organisations never manage",
    "imports.reason.needs_second": "“{value}” takes a second person's confirmation",
    "imports.reason.too_many_tags": "more than {limit} tags for one person",
    "error.not_allowed_import": (
        "Importing files is for the squad's managers and admins. Please ask one of them."
    ),
    "error.import_unknown_squad": (
        "I know of no squad “{squad}” ({known}). Please check how it is written; with `--create`"
        " the import makes it."
    ),
    "error.import_unknown_project": (
        "The squad has no project “{project}” ({known}). Please check how it is written; with"
        " `--create` the import makes it."
    ),
    "error.file_missing": "There is no file called “{name}”.",
    "error.file_is_folder": "“{name}” is a folder; please name one file.",
    "error.file_not_regular": "“{name}” is no ordinary file that can be read twice.",
    "error.file_unreadable": "“{name}” cannot be opened. Nothing was changed.",
    "error.file_empty": "“{name}” is empty. Nothing was changed.",
    "error.file_damaged": "“{name}” is damaged or was cut short. Nothing was changed.",
    "error.file_undecodable": (
        "“{name}” is written in an encoding I do not know. Please save it as UTF-8."
        " Nothing was changed."
    ),
    "error.file_changed": (
        "“{name}” changed while I was reading it. Please import it again once it is complete."
    ),
    "error.file_without_header": (
        "“{name}” has no header row. The first row must name the columns. Nothing was changed."
    ),
    "error.file_not_json_lines": (
        "“{name}” has no JSON object on any of its first lines; JSON Lines has one a line."
        " Nothing was changed."
    ),
    "error.file_is_json_array": (
        "“{name}” is one JSON list, which I can take as submissions or gold from Label Studio only."
        " Please export JSON Lines (one object a line) or CSV. Nothing was changed."
    ),
    "error.file_json_broken": (
        "“{name}” breaks off or is no JSON after {after:,} whole tasks. Please export it again."
        " Nothing was changed."
    ),
    "error.file_item_too_long": (
        "A task in “{name}” is longer than {limit:,} characters. Nothing was changed."
    ),
    "error.file_not_label_studio": (
        "“{name}” is no export of Label Studio that I know: JSON, JSON-MIN, or CSV or TSV with the"
        " columns id, annotator, annotation_id and updated_at. Nothing was changed."
    ),
    "error.file_without_times": (
        "“{name}” is a Label Studio export without the times of the annotations, and work without a"
        " time belongs to no day. Please export it once more as JSON, which has them, or with the"
        " column updated_at. Nothing was changed."
    ),
    "error.file_too_large": (
        "“{name}” is larger than {limit:,} bytes unpacked. Please split it. Nothing was changed."
    ),
    "error.file_line_too_long": (
        "A line of “{name}” is longer than {limit:,} bytes. Nothing was changed."
    ),
    "error.file_not_text": (
        "“{name}” is not a text file (it looks like: {looks_like}). Please export it as CSV"
        " or JSON Lines. Nothing was changed."
    ),
    "error.file_binary": (
        "“{name}” is not a text file, and of no kind that I know. Please export it as CSV or JSON"
        " Lines. Nothing was changed."
    ),
    "error.columns_missing": (
        "“{name}” lacks the columns: {missing}. It has: {found}. Nothing was changed."
    ),
    "error.column_twice": (
        "“{name}” has the column {column} twice, and I cannot tell which is meant."
        " Nothing was changed."
    ),
    "error.kind_unknown": (
        "I cannot tell what “{name}” is about. It has the columns: {found}. Submissions need"
        " task, contributor and submitted_at; audits need task, contributor, auditor, audited_at"
        " and verdict; a roster name, email or slack_id; a plan batch; a taxonomy category; gold"
        " answers task and label and nothing else."
    ),
    "error.download_too_large": (
        "That file is larger than the {limit_mb} MB I take here. On the server"
        " `muster import` takes it, whatever its size."
    ),
    "error.download_failed": (
        "I could not fetch “{name}” from Slack. Please drop it here once more."
    ),
    "error.file_gone": "That file is no longer in Slack. Please drop it here once more.",
    "error.not_a_table": (
        "I can take CSV and JSON Lines files here: submissions, audits, a roster, a plan, a"
        " taxonomy or gold answers; and exports of Label Studio. “{name}” is none of these."
    ),
}
