"""English sentences of quality reports, on the shell and where they are refused."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "error.not_allowed_see_person": (
        "Figures about one person are for that person and the managers of their squad."
    ),
    "error.individual_figures_off": (
        "The squad {squad} keeps no figures by person. Leave out `--by contributor`, or ask a"
        " manager of the squad about its setting."
    ),
    "reports.title": "{squad} · {project} · {span}",
    "reports.nobody": "Nothing was handed in or audited on these days.",
    "reports.no_errors": "No audit of these days found an error.",
    "reports.all": "all",
    "reports.without_category": "(no category)",
    "reports.effective": "{n} (worth {effective})",
    "reports.column.key": "of",
    "reports.column.key.category": "error category",
    "reports.column.key.contributor": "contributor",
    "reports.column.project": "project",
    "reports.column.squads": "squads",
    "reports.column.planned": "planned a working day",
    "reports.portfolio.note": (
        "One line per project over all its squads. Rates are of random audits, n of them; days are"
        " each squad's own. Cost per item is not kept, so there is none."
    ),
    "reports.portfolio.none": "No squad works on a project yet.",
    "reports.column.rate": "accepted",
    "reports.column.rate.category": "free of it",
    "reports.column.interval": "95% interval",
    "reports.column.n": "n",
    "reports.column.errors": "errors",
    "reports.column.errors_per_audit": "errors per audit",
    "reports.column.submissions": "handed in",
    "reports.column.time_per_item": "time per item",
    "reports.column.turnaround": "turnaround",
    "reports.note": (
        "Rates and errors are of random audits, n of them. Times are medians. Turnaround is the"
        " time from handing in to the first audit."
    ),
    "reports.other_origins": (
        "Also audited, not drawn at random and so not in the score, and no word on all the work:"
    ),
    "reports.origin.risk": "  as a risk: {rate} accepted ({interval}), n = {n}",
    "reports.origin.chosen": "  chosen: {rate} accepted ({interval}), n = {n}",
    "reports.origin.followup": "  after coaching: {rate} accepted ({interval}), n = {n}",
    "reports.origin.double": "  a second time: {rate} accepted ({interval}), n = {n}",
    "reports.origin.gold": "  gold tasks: {rate} accepted ({interval}), n = {n}",
    "reports.origin.unknown": "  drawn in an unknown way: {rate} accepted ({interval}), n = {n}",
    "reports.column.standing": "target",
    "reports.standing.below": "below",
    "reports.standing.above": "above",
    "reports.standing.cannot_tell": "cannot tell",
    "reports.standing.note": (
        "Below or above the target is said only where it holds with 95% confidence for everybody"
        " compared at once; the intervals shown are each person's own. Nobody is ranked."
    ),
    "reports.coverage": (
        "Random draws made on these days: {audited} of {drawn} audited, {skipped} skipped, {open}"
        " open."
    ),
    "reports.coverage.expired": " Given up after four weeks: {n}.",
    "reports.coverage.reasons": " Skipped: {reasons}.",
    "reports.skip_no_access": "{n} without access",
    "reports.skip_changed": "{n} changed since",
    "reports.skip_own_work": "{n} own work",
    "reports.skip_unclear": "{n} unclear in the guidelines",
    "reports.skip_other": "{n} for another reason",
    "reports.provisional.one": (
        "The score is provisional: one error is disputed, and out of it until that is decided."
    ),
    "reports.provisional.other": (
        "The score is provisional: {n} errors are disputed, and out of it until that is decided."
    ),
    "reports.disputes": (
        "Disputes of findings: {opened} opened, {withdrawn} withdrawn; {upheld} upheld,"
        " {overturned} overturned, {changed} weighed differently ({late} of these late); {overdue}"
        " overdue now."
    ),
    "reports.first_pass": "Accepted at first sight: {rate} ({interval}), n = {n}.",
    "reports.rework": (
        "Rework: {opened} tasks went back, {fixed} were fixed, in {spread} of working time."
    ),
    "reports.second_try": "Accepted at the second try: {rate} ({interval}), n = {n}.",
    "reports.feedback": (
        "From audit to feedback: {spread}, n = {n}; {untold} audits with findings not told yet."
    ),
    "reports.ruling": "From dispute to ruling: {spread} of the deciders' working time, n = {n}.",
    "reports.answer": "From question to a person's answer: {spread}, n = {n}, {late} late.",
}
