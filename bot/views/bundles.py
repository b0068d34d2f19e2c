"""One message with all that a sitting found in a contributor's work."""

from typing import Final

from bot.rules.audits import FindingState
from bot.rules.findings import Feedback, StoredFinding
from bot.rules.guidelines import Cited
from bot.rules.payloads import Payload
from bot.rules.sittings import Bundle
from bot.views import blocks, findings, reworks
from bot.views.blocks import Block, Message
from bot.views.outbox import Line
from bot.views.words import Words

ACKNOWLEDGE: Final = "sittings.acknowledge"
READ: Final = "sittings.read"

SHOWN: Final = 10
"""Tasks told in detail; of the others there is a line, with a button."""
LINES: Final = 12
_NOTE_SHOWN: Final = 280
_QUOTE_SHOWN: Final = 220
_TASK_SHOWN: Final = 100


class OfBundle(Payload):
    """The findings that a button is about; `here` says that it stands in the message of them."""

    sitting_id: int
    window: int
    here: bool = False


def message(words: Words, bundle: Bundle, *, here: bool = True) -> Message:
    """Return a contributor's findings as they stand, each task with what can be done about it."""
    current = bundle.current
    title = words.plural("sittings.bundle.title", len(current) or len(bundle.feedbacks))
    if not current:
        title = words("sittings.bundle.nothing")
    detailed, rest = current[:SHOWN], current[SHOWN:]
    parts = [blocks.section(f"*{title}*")]
    for each in detailed:
        parts += _task(words, each)
    parts += [_line(words, each) for each in rest[:LINES]]
    if len(rest) > LINES:
        parts.append(blocks.context(words("sittings.bundle.more", n=len(rest) - LINES)))
    parts = blocks.fit(parts, words("sittings.bundle.cut"))
    about = OfBundle(sitting_id=bundle.sitting_id, window=bundle.window, here=here).encode()
    if bundle.is_open:
        button = blocks.button(
            words("sittings.bundle.acknowledge"), ACKNOWLEDGE, about, style="primary"
        )
        parts += [blocks.actions(button), blocks.context(words("audits.feedback.how"))]
    elif current:
        parts.append(blocks.context(words("audits.feedback.acknowledged")))
    return blocks.message(title, parts)


def _task(words: Words, mine: Feedback) -> list[Block]:
    """Return one task in a block or two: what was found, and its way back or its dispute."""
    task = blocks.link(mine.link, mine.task) if mine.link else blocks.escape(mine.task)
    lines = [words(f"sittings.bundle.{mine.verdict.value}", task=task)]
    for each in mine.live:
        lines += _finding(words, each, mine.cited.get(each.section or ""))
    button = None
    if mine.disputable:
        about = findings.About(audit_id=mine.audit_id).encode()
        button = blocks.button(words("audits.feedback.dispute"), findings.DISPUTE, about)
    parts = [blocks.section("\n".join(lines), button)]
    if mine.rework is not None:
        parts += reworks.note(words, mine.rework, mine.zone)
    return parts


def _finding(words: Words, finding: StoredFinding, cited: Cited | None) -> list[str]:
    category = blocks.escape(finding.category or words("audits.feedback.uncategorised"))
    severity = words(f"audits.severity.{finding.severity.value}")
    lines = [words("audits.feedback.finding", category=category, severity=severity)]
    if finding.note:
        lines.append(blocks.quote(finding.note, _NOTE_SHOWN))
    if cited is not None:
        name = blocks.link(cited.url, cited.section) if cited.url else blocks.escape(cited.section)
        lines.append(words("audits.feedback.section", section=name))
        lines.append(blocks.quote(cited.excerpt, _QUOTE_SHOWN))
    elif finding.section:
        lines.append(words("audits.feedback.section", section=blocks.escape(finding.section)))
    if finding.state is FindingState.DISPUTED:
        lines.append(words("sittings.bundle.disputed"))
    return lines


def _line(words: Words, mine: Feedback) -> Block:
    text = words(
        f"sittings.bundle.{mine.verdict.value}",
        task=blocks.escape(blocks.clip(mine.task, _TASK_SHOWN)),
    )
    about = findings.About(audit_id=mine.audit_id).encode()
    return blocks.section(text, blocks.button(words("audits.line.read"), findings.READ, about))


def line(words: Words, bundle: Bundle, *, reminds: bool = False) -> Line:
    """Return it as a line of Today, ticked off once all of it was acknowledged."""
    about = OfBundle(sitting_id=bundle.sitting_id, window=bundle.window).encode()
    key = "sittings.bundle.remind" if reminds else "sittings.bundle.line"
    return Line(
        words.plural(key, len(bundle.current) or len(bundle.feedbacks)),
        blocks.button(words("audits.line.read"), READ, about),
        done=not bundle.is_open,
    )
