"""English sentences about where people stand beside a squad's target."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "error.not_allowed_see_people_figures": (
        "Figures of single people are for that person and the managers of their squad. Your own"
        " are in `/audit mine`."
    ),
    "error.individual_figures_hidden": (
        "The squad {squad} shows figures of single people to no manager. `/squad settings` says"
        " so under “Figures about one person”."
    ),
    "error.no_work_of_own": (
        "You contribute to no squad whose work is audited, so there are no figures of yours."
    ),
    "standing.button": "People and target",
    "standing.title": "People and target",
    "standing.people": "*{squad}*, {span}",
    "standing.no_projects": "The squad works on no project yet.",
    "standing.nobody": "*{project}*\nNobody handed anything in or was audited in these weeks.",
    "standing.no_target": "*{project}*, without a target (`/squad target 95%` sets one)",
    "standing.target.one": "*{project}*, target {target}, one person compared",
    "standing.target.other": "*{project}*, target {target}, {n} people compared at once",
    "standing.rate": "{rate} accepted ({interval}), n = {n}",
    "standing.person.none": "• {name}: no random audits",
    "standing.person.no_target": "• {name}: {rate}",
    "standing.person.below": "• {name}: *below target*, {rate}",
    "standing.person.above": "• {name}: *above target*, {rate}",
    "standing.person.cannot_tell": "• {name}: cannot tell, {rate}",
    "standing.note": (
        "Random audits only, in the order of names. Below or above is said only where it holds"
        " with 95% confidence for everybody compared at once; the ranges shown are each person's"
        " own. Work differs: ask before you conclude."
    ),
    "standing.noted": "That you looked is noted, and each of them can see it.",
    "standing.more": "There is more than fits here.",
    "standing.mine": "Your last four weeks",
    "standing.mine.project": "*{project}* ({squad}), {span}",
    "standing.mine.off": "{squad} keeps no figures of single people.",
    "standing.mine.none": "No random audits of your work yet, so there is no rate.",
    "standing.mine.rate.one": (
        "One random audit, {accepted} accepted; too few to say more ({interval})."
    ),
    "standing.mine.rate.other": (
        "{n} random audits, {accepted} accepted: *{rate}* (95% interval {interval})."
    ),
    "standing.mine.below": "That is *below* the target of {target}, by more than chance explains.",
    "standing.mine.above": "That is *above* the target of {target}, by more than chance explains.",
    "standing.mine.cannot_tell": (
        "Whether that is above or below the target of {target} cannot be told yet."
    ),
    "standing.mine.alone": (
        "Nobody else's work had random audits here in these weeks, so the figures of {squad} are"
        " yours as well."
    ),
    "standing.mine.others.one": "One more audit was not drawn at random and counts in no rate.",
    "standing.mine.others.other": "{n} more audits were not drawn at random and count in no rate.",
    "standing.mine.top": "What was found most often:",
    "standing.mine.category": "• *{category}*: {n}",
    "standing.mine.section": "{line} · guideline {section}",
    "standing.mine.unread.one": "Findings of one audit wait to be read; your Home tab lists them.",
    "standing.mine.unread.other": (
        "Findings of {n} audits wait to be read; your Home tab lists them."
    ),
    "standing.mine.disputed.one": (
        "You dispute one finding. Until it is decided it is out of the score, which is provisional."
    ),
    "standing.mine.disputed.other": (
        "You dispute {n} findings. Until they are decided they are out of the score, which is"
        " provisional."
    ),
    "standing.mine.decided": "Your disputes that were decided in these weeks: {counts}.",
    "standing.decided.upheld.one": "one finding upheld",
    "standing.decided.upheld.other": "{n} findings upheld",
    "standing.decided.overturned.one": "one overturned",
    "standing.decided.overturned.other": "{n} overturned",
    "standing.decided.changed.one": "one weighed differently",
    "standing.decided.changed.other": "{n} weighed differently",
    "standing.mine.reworks.one": "One task waits for your fix",
    "standing.mine.reworks.other": "{n} tasks wait for your fix",
    "standing.mine.rework_due": "{line}, the first by {due} ({zone})",
    "standing.who.self+managers": (
        "You and the managers of your squad see these figures, and nobody else. Nobody is ranked."
    ),
    "standing.who.self": "Only you see these figures. Nobody is ranked.",
    "standing.who.off": "What is listed here only you and whoever deals with it can see.",
}
