"""English sentences of `/digest` and of the digests themselves."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "command.digest.usage": "/digest now [squad] | client [from to]",
    "command.digest.example": "/digest now",
    "command.digest.what": (
        "Post the quality digest, today so far included, to its channel, or draft a page for the"
        " client."
    ),
    "error.not_allowed_post_digest": (
        "Posting a digest is for the managers of the squad. Please ask one of them."
    ),
    "error.not_allowed_see_squad_figures": (
        "The figures of a squad are for its managers, auditors and delivery team."
    ),
    "error.no_digest_channel": (
        "The squad {squad} has no digest channel yet. A manager sets one with"
        " `/squad channels digest #channel`, and invites me there."
    ),
    "digests.posting": "The digest of {squad} is on its way to {channel}.",
    "digests.title": "{squad}: quality digest",
    "digests.title.weekly": "{squad}: weekly quality digest",
    "digests.span": "{span}, the last {n} working days",
    "digests.span.so_far": "{span}, the last {n} working days with today so far",
    "digests.span.weekly": "The week {span}",
    "digests.quiet": "*{squad}:* nothing was handed in or audited since {day}. Nothing to report.",
    "digests.quiet.weekly": (
        "*{squad}:* nothing was handed in or audited in the week {span}. Nothing to report."
    ),
    "digests.fallback": "{squad}, quality: {projects}",
    "digests.fallback.project": "{project} {rate} of {n} audits accepted",
    "digests.fallback.unaudited": "{project} without random audits",
    "digests.questions": "{n} asked",
    "digests.questions.alone": "{n} answered at once",
    "digests.questions.in_time": "{n} answered by people in time",
    "digests.questions.late": "{n} answered by people late",
    "digests.questions.waiting": "{n} still waiting for a person",
    "digests.questions.line": "*Questions:* {told}",
    "digests.quality": "*{rate}* accepted (95% interval {interval}, n = {n} random audits)",
    "digests.quality.below": "{quality}, *below* the target of {target}.",
    "digests.quality.above": "{quality}, *above* the target of {target}.",
    "digests.quality.cannot_tell": (
        "{quality}. Whether that is above or below the target of {target} cannot be told yet."
    ),
    "digests.quality.no_target": "{quality}.",
    "digests.quality.unknown": "No random audits, so quality is not known.",
    "digests.move.up": "▲ Up {points} points (interval {low} to {high}) from {before}.",
    "digests.move.down": "▼ Down {points} points (interval {low} to {high}) from {before}.",
    "digests.move.cannot_tell": "No evident change from {before} ({rate}, n = {n}).",
    "digests.signal.all.worse": (
        "⚠ *{day}:* {rate} of {n} audits rejected. Around {center} is usual, and chance alone"
        " hardly gives more than {high}."
    ),
    "digests.signal.all.better": (
        "✓ *{day}:* only {rate} of {n} audits rejected. Around {center} is usual, and chance alone"
        " hardly gives less than {low}."
    ),
    "digests.signal.category.worse": (
        "⚠ *{day}:* {category} in {rate} of {n} audits. Around {center} is usual, and chance alone"
        " hardly gives more than {high}."
    ),
    "digests.signal.category.better": (
        "✓ *{day}:* {category} in only {rate} of {n} audits. Around {center} is usual, and chance"
        " alone hardly gives less than {low}."
    ),
    "digests.before.daily": "the 10 working days before",
    "digests.before.weekly": "the week before",
    "digests.top": "*Most frequent errors*",
    "digests.top.line": "• *{category}*: {errors}, in {share} of audits ({interval})",
    "digests.top.section": "{line} · guideline {section}",
    "digests.volume": "*Handed in:* {n}",
    "digests.volume.plan": "{volume}; {done} of {planned} planned ({share}) up to {day}",
    "digests.volume.plan.shared": (
        "{volume}; all {squads} squads {done} of {planned} planned ({share}) up to {day}"
    ),
    "digests.coverage": "*Random audits:* {done} of {planned} planned up to {day}",
    "digests.risks": "*Risks:* {told}",
    "digests.risks.audits": (
        "{faulty} of {n} tasks that were picked where errors are likely were not accepted (they are"
        " not in the score)."
    ),
    "digests.risks.top": "Found there: {categories}.",
    "digests.risks.category": "{category} ({n})",
    "digests.risks.batches.one": "The date of {batches} is at risk.",
    "digests.risks.batches.other": "The dates of {n} batches are at risk: {batches}.",
    "digests.coaching.early": (
        "*Coaching:* {n} people were coached on *{category}* in the last 24 weeks; whether it helps"
        " cannot be told yet."
    ),
    "digests.coaching.better": (
        "*Coaching* on *{category}*: fewer such errors than without it. {change}; {n} coached"
        " people against {others} others."
    ),
    "digests.coaching.worse": (
        "*Coaching* on *{category}*: more such errors than without it. {change}; {n} coached"
        " people against {others} others."
    ),
    "digests.coaching.cannot_tell": (
        "*Coaching* on *{category}*: cannot be told from chance. {change}; {n} coached people"
        " against {others} others."
    ),
    "digests.rarely_met.one": "One-on-ones: {n} person has missed two in a row.",
    "digests.rarely_met.other": "One-on-ones: {n} people have missed two in a row.",
    "digests.lost": (
        "{time} of working time lost to: {counts}. Plans are smaller by what contributors lost of"
        " theirs."
    ),
    "digests.time": "*Time per item:* {spread}",
    "digests.turnaround": "*From handing in to audit:* {spread}",
    "digests.job.queued": "The digest of {slot} waits in the outbox and leaves when the bot runs.",
    "digests.job.over": "The digest of {slot} was there before; nothing was queued.",
    "digests.job.no_channel": (
        "The squad has no digest channel, so there is none for {slot}. A manager sets one with"
        " `/squad channels digest #channel`."
    ),
    "digests.job.gone": "The squad is archived.",
    "digests.job.chart": "Chart: {alt}",
    "digests.more": "There are more projects than fit here.",
    "digests.chart.title": "Quality trend",
    "digests.chart.comment": "*{project}:* quality over {n} working days, day by day",
    "digests.chart.filename": "quality-{day}.png",
}
