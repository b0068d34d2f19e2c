"""What a contributor reads of an audit and answers."""

from typing import Final

from bot.rules.audits import FindingState
from bot.rules.findings import Feedback, StoredFinding
from bot.rules.guidelines import Cited
from bot.rules.payloads import Payload
from bot.views import arrival, blocks, reworks
from bot.views.blocks import Block, Message
from bot.views.outbox import Line
from bot.views.words import Words

READ: Final = "audits.read"
ACKNOWLEDGE: Final = "audits.acknowledge"
DISPUTE: Final = "audits.dispute"

_NOTE_SHOWN: Final = 2000
_DECIDED: Final = frozenset(
    {FindingState.DISPUTED, FindingState.UPHELD, FindingState.OVERTURNED, FindingState.LATE}
)


class About(Payload):
    """The audit that a button is about; `here` says that it stands in the message about it."""

    audit_id: int
    here: bool = False


def feedback(words: Words, mine: Feedback, *, here: bool = True) -> Message:
    """Return the message about an audit as it stands: its findings, and what to do with them."""
    title = _title(mine)
    task = blocks.escape(mine.task)
    shown = words(title, task=blocks.link(mine.link, mine.task) if mine.link else task)
    small = words(
        "audits.feedback.place",
        project=blocks.escape(mine.project),
        at=arrival.moment(words, mine.audited_at, mine.zone),
    )
    parts = [blocks.section(f"*{shown}*"), blocks.context(small)]
    if mine.is_current:
        for finding in mine.live:
            parts += _finding(words, finding, mine.cited.get(finding.section or ""))
        # What can be done stays, however much there is to read.
        parts = [
            *blocks.fit(parts, words("audits.feedback.more")),
            *(reworks.note(words, mine.rework, mine.zone) if mine.rework else ()),
            *_answers(words, mine, here=here),
        ]
    return blocks.message(words(title, task=task), parts)


def _title(mine: Feedback) -> str:
    """Return the key of the sentence that says what kind of news it is."""
    if not mine.is_current:
        return "audits.feedback.superseded"
    if not mine.live:
        return "audits.feedback.taken_back"
    if mine.corrects:
        return "audits.feedback.corrected"
    if mine.is_praise:
        return "audits.feedback.praise"
    return f"audits.feedback.{mine.verdict.value}"


def _finding(words: Words, finding: StoredFinding, cited: Cited | None) -> list[Block]:
    parts = what(words, finding, cited)
    if finding.state in _DECIDED:
        parts.append(blocks.context(words(f"audits.state.{finding.state.value}")))
    return parts


def what(words: Words, finding: StoredFinding, cited: Cited | None) -> list[Block]:
    """Return what is wrong, and the section that says so, quoted if it stands in the guidelines."""
    lines = [_headline(words, finding)]
    if finding.note:
        lines.append(blocks.quote(finding.note, _NOTE_SHOWN))
    parts = [blocks.section("\n".join(lines))]
    if cited is not None:
        name = blocks.link(cited.url, cited.section) if cited.url else blocks.escape(cited.section)
        rule = words("audits.feedback.section", section=name)
        parts.append(blocks.section(f"{rule}\n{blocks.quote(cited.excerpt)}"))
    elif finding.section:
        section = blocks.escape(finding.section)
        parts.append(blocks.context(words("audits.feedback.section", section=section)))
    return parts


def _headline(words: Words, finding: StoredFinding) -> str:
    category = blocks.escape(finding.category or words("audits.feedback.uncategorised"))
    severity = words(f"audits.severity.{finding.severity.value}")
    return words("audits.feedback.finding", category=category, severity=severity)


def _answers(words: Words, mine: Feedback, *, here: bool) -> list[Block]:
    about = About(audit_id=mine.audit_id, here=here).encode()
    parts: list[Block] = []
    buttons = []
    if mine.is_open:
        label = words("audits.feedback.thanks" if mine.is_praise else "audits.feedback.acknowledge")
        buttons.append(blocks.button(label, ACKNOWLEDGE, about, style="primary"))
    if mine.disputable:
        buttons.append(blocks.button(words("audits.feedback.dispute"), DISPUTE, about))
    if buttons:
        parts.append(blocks.actions(*buttons))
    if mine.is_open and mine.disputable:
        parts.append(blocks.context(words("audits.feedback.how")))
    if mine.live and not mine.is_open:
        done = "audits.feedback.thanked" if mine.is_praise else "audits.feedback.acknowledged"
        if any(one.state is FindingState.ACKNOWLEDGED for one in mine.live):
            parts.append(blocks.context(words(done)))
    return parts


def feedback_line(words: Words, mine: Feedback) -> Line:
    """Return the message as a line of Today, for whom the day's messages are used up."""
    key = "feedback"
    if not mine.live:
        key = "taken_back"
    elif mine.is_praise:
        key = "praise"
    return _line(words, mine, key)


def reminder_line(words: Words, mine: Feedback) -> Line:
    """Return the line that reminds of findings not acknowledged yet."""
    return _line(words, mine, "reminder")


def _line(words: Words, mine: Feedback, key: str) -> Line:
    about = About(audit_id=mine.audit_id).encode()
    done = not mine.is_current or (bool(mine.live) and not mine.is_open)
    return Line(
        words(f"audits.line.{key}", task=blocks.escape(mine.task)),
        blocks.button(words("audits.line.read"), READ, about),
        done=done,
    )


def alone(line: Line) -> Message:
    """Return the line as a message of its own."""
    button = [blocks.actions(line.button)] if line.button else []
    return blocks.message(line.text, [blocks.section(line.text), *button])
