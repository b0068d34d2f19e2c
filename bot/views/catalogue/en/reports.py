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
    "reports.title": "{squad}, {project}: quality from {first} to {last}",
    "reports.title.category": "{squad}, {project}: quality by error category, {first} to {last}",
    "reports.title.contributor": "{squad}, {project}: quality by contributor, {first} to {last}",
    "reports.all": "all",
    "reports.without_category": "(no category)",
    "reports.unknown": "–",
    "reports.column.key": "",
    "reports.column.rate": "accepted",
    "reports.column.rate.category": "free of it",
    "reports.column.interval": "95% interval",
    "reports.column.n": "n",
    "reports.column.errors": "errors",
    "reports.column.errors_per_audit": "per audit",
    "reports.column.submissions": "handed in",
    "reports.column.time_per_item": "time per item",
    "reports.column.turnaround": "turnaround",
    "reports.interval": "{low} to {high}",
    "reports.spread": "{median} (90%: {p90})",
    "reports.note": (
        "Rates are of random audits; n counts them. Median and 90% beside times; turnaround is"
        " the time from handing in to the first audit."
    ),
    "reports.effective": "{n} (worth {effective})",
    "reports.other_origins": "Also audited, outside the rates: {counts}.",
    "reports.origin.random": "random {n}",
    "reports.origin.risk": "risk {n}",
    "reports.origin.chosen": "chosen {n}",
    "reports.origin.double": "double {n}",
    "reports.origin.gold": "gold {n}",
    "reports.origin.unknown": "unknown {n}",
}
