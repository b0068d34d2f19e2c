"""What a sitting came to, in words, and the message that gives somebody their part of one."""

from typing import Final

from bot import clock
from bot.rules.payloads import Payload
from bot.rules.sittings import Certificate, Invitation, Progress, Sitting
from bot.views import arrival, blocks, figures
from bot.views.blocks import Block, Message
from bot.views.outbox import Line
from bot.views.words import Words

OPEN: Final = "sittings.open"


class Opening(Payload):
    """A button that begins a sitting, or goes on with it."""

    sitting_id: int


def parts(words: Words, certificate: Certificate) -> list[Block]:
    """Return what a sitting came to: drawn from what, done, left out and why, with what result."""
    done, sitting = certificate.progress, certificate.sitting
    lines = [words("sittings.certificate.done", n=done.audited, wanted=sitting.wanted)]
    if certificate.population is not None:
        lines.append(
            words.plural(
                "sittings.certificate.random",
                certificate.random,
                population=figures.number(certificate.population),
            )
        )
    if done.audited:
        lines.append(
            words(
                "sittings.certificate.rate",
                rate=figures.percent(words, done.rate.rate),
                interval=figures.interval(words, done.rate),
            )
        )
    if done.skipped:
        reasons = ", ".join(
            words(
                "sittings.certificate.reason", n=n, reason=words(f"sittings.because_{each.value}")
            )
            for each, n in sorted(done.skipped.items())
        )
        lines.append(words("sittings.certificate.skipped", reasons=reasons))
    if done.each is not None:
        lines.append(words("sittings.certificate.each", time=figures.time(words, done.each)))
    lines.append(_found(words, certificate))
    return [
        blocks.section("\n".join(lines)),
        blocks.context(_when(words, certificate), words("sittings.certificate.note")),
    ]


def _found(words: Words, certificate: Certificate) -> str:
    if not certificate.findings:
        return words("sittings.certificate.clean")
    return words.plural(
        "sittings.certificate.found", certificate.findings, people=certificate.contributors
    )


def _when(words: Words, certificate: Certificate) -> str:
    sitting, zone = certificate.sitting, certificate.zone
    project = blocks.escape(sitting.project)
    begun = arrival.moment(words, sitting.started_at, zone)
    ended = arrival.moment(words, sitting.ended_at or sitting.seen_at, zone)
    if begun == ended:  # within one minute
        return words("sittings.certificate.at", project=project, at=begun)
    return words("sittings.certificate.when", project=project, begun=begun, ended=ended)


def message(words: Words, certificate: Certificate) -> Message:
    """Return the certificate as a message that its auditor keeps."""
    title = words("sittings.certificate.title", project=blocks.escape(certificate.sitting.project))
    return blocks.message(title, [blocks.section(f"*{title}*"), *parts(words, certificate)])


def invitation(words: Words, invited: Invitation) -> Message:
    """Return the message to an auditor who was given a part, with the button that begins it."""
    title = _invited(words, invited)
    small = blocks.context(words("sittings.invitation.held"))
    button = blocks.actions(_begin(words, invited))
    return blocks.message(title, [blocks.section(title), button, small])


def invitation_line(words: Words, invited: Invitation) -> Line:
    """Return it as a line of Today."""
    return Line(_invited(words, invited), _begin(words, invited))


def on_home(words: Words, sitting: Sitting, done: Progress) -> Block:
    """Return a sitting under way, with the button that goes on with it."""
    text = words(
        "sittings.home",
        project=blocks.escape(sitting.project),
        done=done.done,
        total=done.total,
    )
    about = Opening(sitting_id=sitting.id).encode()
    return blocks.section(text, blocks.button(words("sittings.resume"), OPEN, about))


def _invited(words: Words, invited: Invitation) -> str:
    sitting = invited.sitting
    title = words.plural(
        "sittings.invitation.title",
        invited.progress.total,
        project=blocks.escape(sitting.project),
        name=blocks.mention(invited.by.user_id, invited.by.name),
    )
    if sitting.due_at is None:
        return title
    local = clock.to_local(sitting.due_at, invited.zone)
    return f"{title} {words('sittings.invitation.due', time=f'{local:%H:%M}')}"


def _begin(words: Words, invited: Invitation) -> Block:
    about = Opening(sitting_id=invited.sitting.id).encode()
    return blocks.button(words("sittings.begin"), OPEN, about, style="primary")
