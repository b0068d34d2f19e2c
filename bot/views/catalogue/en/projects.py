"""Words of the project form; errors of its fields are shown as plain text."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "error.project_gone": "That project is no longer there. `/squad project` shows what is.",
    "error.project_exists": "There is a project called “{project}” already. Please choose another"
    " name, or change that one with `/squad project {project}`.",
    "error.project_elsewhere": "The project “{project}” belongs to another squad. One of its"
    " managers or an admin can change it, or share it with your squad by the same command there.",
    "error.form_problems": "Some of it cannot be read yet. Please look at the fields again.",
    "projects.form.title": "Project",
    "projects.form.title_new": "New project",
    "projects.form.about": "What squad *{squad}* works on.",
    "projects.form.keep": "A field that you leave empty keeps what it had; a single dash `-`"
    " empties it.",
    "projects.project_name.label": "Name",
    "projects.project_link.label": "Link to a task",
    "projects.project_link.hint": "{{task}} stands for the task; audits and feedback link to it.",
    "projects.link.example": "https://tool.example.com/tasks/{{task}}",
    "projects.set.label_new": "Error categories",
    "projects.set.label": "Add ready-made error categories",
    "projects.set.placeholder": "Choose a ready-made set",
    "projects.set.none_new": "None: I write my own below",
    "projects.set.none": "None",
    "projects.project_categories.label": "Your own error categories",
    "projects.project_categories.hint": "One a line, as “Name: definition”, or “Name (warning):"
    " definition” for what does not count as an error. A line you take away is retired: nobody can"
    " choose it any more, and old findings keep it.",
    "projects.project_categories.example": "Wrong label: The label is not the one in section 2",
    "projects.project_criteria.label": "Acceptance criteria",
    "projects.project_criteria.hint": "When is a task good enough, in the words your auditors use?",
    "projects.project_batches.label": "Batches",
    "projects.project_batches.hint": "One a line: name, size, due day, priority; all but the name"
    " may be left out. A line you take away leaves the plan; work done in it stays.",
    "projects.project_batches.example": "Reviews 07, 500, due 2026-12-01, priority 1",
    "projects.project_volume.label": "Planned tasks per working day",
    "projects.project_volume.hint": "Of all squads on this project together. The digest measures"
    " against it.",
    "projects.project_audits.label": "Audits per contributor and week",
    "projects.lines.unseen.one": "One more is not shown here and stays as it is.",
    "projects.lines.unseen.other": "{n} more are not shown here and stay as they are.",
    "projects.problem.at_line": "Line {line}: {sentence}",
    "projects.problem.name_missing": "The project needs a name.",
    "projects.problem.too_long": "That is {length} characters; {limit} is the most.",
    "projects.problem.link_too_long": "That address is too long.",
    "projects.problem.link_malformed": "This is not an address I can read; it has a space, a quote"
    " or a bracket in it.",
    "projects.problem.link_not_http": "Please give an address that begins with https:// or"
    " http://.",
    "projects.problem.link_without_task": "Please put {{task}} where the task's name goes, as in"
    " https://tool.example.com/tasks/{{task}}.",
    "projects.problem.not_a_number": "Please give a whole number from 1 to {limit}.",
    "projects.problem.too_many": "That makes {n}; {limit} is the most.",
    "projects.problem.category_unnamed": "I see no name before the colon.",
    "projects.problem.name_too_long": "The name has {length} characters; {limit} is the most.",
    "projects.problem.definition_too_long": "The definition has {length} characters; {limit} is"
    " the most.",
    "projects.problem.named_twice": "“{name}” is there twice.",
    "projects.problem.batch_unnamed": "I see no name before the first comma.",
    "projects.problem.batch_part": "I cannot read “{part}”; I know a size (500), a due day (due"
    " 2026-12-01) and a priority (priority 1).",
    "projects.problem.batch_number": "“{part}” is not a whole number from 1 to {limit}.",
    "projects.problem.said_twice": "“{part}” says once more what was said before.",
    "projects.problem.bad_date": "“{text}” is no day; please write it as 2026-12-01.",
    "projects.problem.date_out_of_range": "“{text}” is not between {first_year} and {last_year}.",
    "projects.saved.new": "*{project}* is ready, and {squad} works on it.",
    "projects.saved.changed": "*{project}* is saved for {squad}.",
    "projects.saved.has": "It has {categories} and {batches}.",
    "projects.saved.categories.one": "one error category",
    "projects.saved.categories.other": "{n} error categories",
    "projects.saved.batches.one": "one batch",
    "projects.saved.batches.other": "{n} batches",
    "projects.saved.retired.one": "One category is retired; its old findings keep it.",
    "projects.saved.retired.other": "{n} categories are retired; their old findings keep them.",
    "projects.saved.no_categories": "Without error categories an audit can only accept or reject;"
    " `/squad project` adds some.",
    "projects.saved.next": "Next: bring in work. Drop a CSV file into our direct messages, or run"
    " `muster import` in the shell.",
}
