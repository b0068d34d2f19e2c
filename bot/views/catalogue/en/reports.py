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
    "reports.other_origins": "Also audited, and kept out of the rates: {counts}.",
    "reports.origin.risk": "{n} as a risk",
    "reports.origin.chosen": "{n} chosen",
    "reports.origin.double": "{n} twice",
    "reports.origin.gold": "{n} gold tasks",
    "reports.origin.unknown": "{n} drawn in an unknown way",
}
