"""English sentences about why a score moved."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "error.why_unknown": (
        "There were no random audits in these days, or none in the four weeks before, so I cannot"
        " say why quality moved."
    ),
    "why.title": "Why quality moved",
    "why.head": "*Against the four weeks before* ({before} accepted, n = {n}): {points} points.",
    "why.head.same": "*Against the four weeks before* ({before} accepted, n = {n}): no change.",
    "why.nothing": "No cause stands out; anything named here would be a guess.",
    "why.rest": "• Not explained: {points} points",
    "why.part": "• {what}: {points} points ({low} to {high})",
    "why.rate": "{what}: {now} rejected (n = {n}), before {before} (n = {n_before})",
    "why.rate.new": "{what}: {now} rejected (n = {n}), all work before {before} (n = {n_before})",
    "why.errors": "{what}: in {now} of audits (n = {n}), before {before} (n = {n_before})",
    "why.mix": "Other work than before, {what} above all: {now} of it, before {before}",
    "why.level.version": "guideline version {level}",
    "why.level.batch": "batch {level}",
    "why.level.category": "errors of *{level}*",
    "why.level.section": "errors against guideline section {level}",
    "why.level.tenure.first_month": "people in their first month",
    "why.level.tenure.first_quarter": "people in their second and third month",
    "why.level.tenure.later": "people who are longer here",
    "why.none.version": "work without a guideline version",
    "why.none.batch": "work without a batch",
    "why.none.category": "errors without a category",
    "why.none.section": "errors without a guideline section",
    "why.none.tenure": "people whose beginning is not known",
    "why.list.head": "*{project}*, {now} against {before}",
    "why.list.how": (
        "The parts add up to the change. Only those are named whose 95% interval, corrected for the"
        " {compared} that were compared, leaves out zero."
    ),
}
