"""English sentences of the sampler, on the shell."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "error.nothing_to_sample": (
        "{squad} is not live, so nothing is drawn from its work by itself. Name a week with"
        " `--week 2026-W11` to draw from it all the same."
    ),
    "error.bad_week": "`{week}` is no week. Write it as in 2026-W11.",
    "draws.week": "{week}: {drawn} drawn, {frames} frames.",
    "draws.week.dry": "{week}: {drawn} would be drawn, {frames} frames. Nothing was stored.",
    "draws.changed": ("{n} frames could not be drawn further: a re-import changed what they hold."),
    "draws.title": "{squad} · {project} · {week}",
    "draws.nothing": "Nothing was drawn from {week}.",
    "draws.column.contributor": "contributor",
    "draws.column.cut": "cut (UTC)",
    "draws.column.seed": "seed",
    "draws.column.size": "handed in",
    "draws.column.prefix": "drawn",
    "draws.column.probability": "probability",
    "draws.column.audited": "audited",
    "draws.column.skipped": "skipped",
    "draws.column.open": "open",
    "draws.column.expired": "given up",
    "draws.column.again": "drawn again",
    "draws.again.same": "the same",
    "draws.again.different": "NOT the same",
    "draws.again.changed": "work changed",
    "draws.order": "{contributor}, {cut}: {tasks}",
    "draws.note": (
        "Of what a person handed in up to a cut, the first ones of an order that the seed gives are"
        " drawn, so each piece has the probability drawn / handed in. With the seed anybody gets"
        " the same draws again."
    ),
}
