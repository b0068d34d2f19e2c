"""English sentences of the log of edge cases."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "command.log.what": "Log edge cases with their rulings, and read them.",
    "command.log.usage": "/log edge [TASK]",
    "command.log.example": "/log edge T-1042",
    "command.log.help": (
        "`/log edge [TASK] [in PROJECT]` opens the form; with a task it begins with what its latest"
        " finding says.\n`/log edges [in PROJECT]` shows the latest cases. Everybody can read"
        " them, and `/ask` finds them."
    ),
    "edge.form.title": "Edge case",
    "edge.form.project": "Project {project}",
    "edge.form.case": "The case, as somebody would ask about it",
    "edge.form.ruling": "The ruling",
    "edge.form.section": "The guideline section it belongs to",
    "edge.form.examples": "Examples",
    "edge.form.task": "Task",
    "edge.saved": "Logged for {project}. `/ask` finds it from now on.",
    "edge.list.title": "The latest edge cases",
    "edge.list.none": "No edge case is logged yet. Those who answer questions log one with"
    " `/log edge`.",
    "edge.list.item": "*{title}*\n{ruling}",
    "edge.list.facts": "{project} · {day} · {name}",
    "edge.list.section": "section {section}",
    "edge.list.task": "task {task}",
    "edge.document.title": "Edge cases",
    "edge.document.by": "Ruled on {day} by {name}",
    "edge.document.version": "guidelines {version}",
    "edge.document.examples": "Examples:",
    "edge.which": "Which project is the case from? Please name it, as in `/log edge in {example}`.",
    "error.log_arguments": "`/log edge [TASK]` logs a case, `/log edges` shows the latest ones.",
}
