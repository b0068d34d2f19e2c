"""English sentences of the lists behind a digest's numbers."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "figure_lists.button.categories": "By category",
    "figure_lists.button.why": "Why it moved",
    "figure_lists.button.dates": "All dates",
    "figure_lists.button.draws": "What was not audited",
    "figure_lists.button.tasks": "Tasks",
    "figure_lists.categories.title": "Errors by category",
    "figure_lists.cases.title": "Tasks with this error",
    "figure_lists.head": "*{project}*, {span}, random audits",
    "figure_lists.no_errors": "None of the {n} audits found an error.",
    "figure_lists.category": (
        "*{category}:* {errors}, in {share} of audits (95% interval {interval}, n = {n})"
    ),
    "figure_lists.section": "Guideline section: {section}",
    "figure_lists.case": "{task}, audited {day}",
    "figure_lists.case.of": "{case}, by {name}",
    "figure_lists.no_cases": "There is no such error in these days any more.",
    "figure_lists.withheld": (
        "Fewer than three people made this error, so its tasks are theirs and their managers' to"
        " see. Please go by the example in the guidelines."
    ),
    "figure_lists.withheld.example": (
        "Fewer than three people made this error, so its tasks are theirs and their managers' to"
        " see. The guidelines say, in {section}:"
    ),
    "figure_lists.draws.title": "Random draws",
    "figure_lists.draws.head": "*{project}*, drawn {span}",
    "figure_lists.draws.counts": (
        "*{audited} of {drawn}* drawn tasks audited · {skipped} skipped · {open} waiting ·"
        " {expired} given up, for nobody came to them within four weeks"
    ),
    "figure_lists.draws.task": "{task}, skipped {day}: {reason}",
    "figure_lists.draws.more.one": "One more was skipped.",
    "figure_lists.draws.more.other": "{n} more were skipped.",
    "figure_lists.draws.note": (
        "The score takes it that what is missing is like the rest. If one reason stands out, look"
        " there first."
    ),
}
