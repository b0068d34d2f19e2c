"""`/audit` and what follows: the form, and what its contributor answers."""

from collections.abc import Mapping
from typing import Final

from bot.container import Container
from bot.errors import BadInput
from bot.rules import commands
from bot.rules.audits import Severity, Verdict
from bot.rules.findings import (
    MOST_FINDINGS,
    AuditForm,
    AuditSearch,
    FindingForm,
    Sheet,
    field_of,
)
from bot.views import audits as audit_views
from bot.views import commands as command_views
from bot.views import findings as finding_views
from handlers import sections, sittings, standing
from handlers.doors import Doors
from handlers.guard import Answer
from handlers.requests import Click, Command, Form

MINE: Final = "mine"
"""`/audit mine` is about one's own work; a task of that name is found as `"mine"`."""

Values = Mapping[str, str | list[str] | None]


def register(doors: Doors) -> None:
    """Register the command, its forms and the buttons of its messages."""
    doors.command("audit", audit, private=True)
    doors.click(audit_views.CHOOSE, choose)
    doors.click(audit_views.MORE, more_findings)
    doors.form(audit_views.FORM, record)
    doors.click(finding_views.READ, read)
    doors.click(finding_views.ACKNOWLEDGE, acknowledge)


async def audit(command: Command, container: Container) -> None:
    """Open the form for a task, or show what there is to choose from."""
    if not command.text:
        await command.reply.privately(command_views.usage(command.words, "audit"))
        return
    first, _, rest = command.text.strip().partition(" ")
    if command.text.strip().casefold() == MINE:
        await standing.mine(command, container)
        return
    if (run := sittings.WORDS.get(first.casefold())) is not None:
        await run(command, rest, container)
        return
    found = await container.services.audits.find(command.caller, _search(command))
    if isinstance(found, Sheet):
        offer = await sections.offer(container, command.caller, found.edition_id)
        await command.reply.open(audit_views.form(command.words, found, offer))
    else:
        await command.reply.privately(audit_views.choices(command.words, found))


def _search(command: Command) -> AuditSearch:
    people = commands.users(command.text)
    task = commands.unescape(commands.without_mentions(command.text)).strip().strip('"“”„')
    if len(people) > 1 or (not people and not task) or task.startswith("@"):
        raise BadInput("audit_arguments")
    return AuditSearch(task=task or None, user_id=next(iter(people), None), channel=command.channel)


async def choose(click: Click, container: Container) -> None:
    """Open the form for what was chosen from the list."""
    chosen = audit_views.Chosen.decode(click.value)
    sheet = await container.services.audits.sheet(click.caller, chosen.submission_id)
    offer = await sections.offer(container, click.caller, sheet.edition_id)
    await click.reply.open(audit_views.form(click.words, sheet, offer))


async def more_findings(click: Click, container: Container) -> None:
    """Give the open form room for one more finding; what was filled in stays."""
    state = audit_views.FormState.decode(click.metadata)
    if click.view_id is None:
        raise BadInput("old_button")
    if state.findings >= MOST_FINDINGS:
        raise BadInput("enough_findings", limit=MOST_FINDINGS)
    sheet = await container.services.audits.sheet(click.caller, state.submission_id)
    offer = await sections.offer(container, click.caller, sheet.edition_id)
    view = audit_views.form(click.words, sheet, offer, state.findings + 1)
    await click.reply.update(click.view_id, view, click.view_hash)


async def record(form: Form, container: Container) -> Answer:
    """Save the audit and say, in place of the form, who made the work and what is sent."""
    state = audit_views.FormState.decode(form.metadata)
    filled = AuditForm(
        submission_id=state.submission_id,
        # A peer sends nothing for what was left as preset.
        verdict=Verdict(_one(form.values, audit_views.VERDICT) or Verdict.ACCEPTED),
        findings=tuple(_finding(form.values, position) for position in range(state.findings)),
    )
    recorded = await container.services.audits.record(form.caller, filled, form.key)
    return Answer(update=audit_views.saved(form.words, recorded, container.clock.now()))


def _finding(values: Values, position: int) -> FindingForm:
    category = _one(values, field_of(position, "category"))
    severity = _one(values, field_of(position, "severity"))
    return FindingForm(
        category_id=int(category) if category else None,
        severity=Severity(severity) if severity else None,
        section=_one(values, field_of(position, "section")),
        note=_one(values, field_of(position, "note")),
    )


def _one(values: Values, field: str) -> str | None:
    value = values.get(field)
    return value if isinstance(value, str) else None


async def read(click: Click, container: Container) -> None:
    """Show the findings that a line of Today is about."""
    about = finding_views.About.decode(click.value)
    mine = await container.services.audits.own_feedback(click.caller, about.audit_id)
    await click.reply.privately(finding_views.feedback(click.words, mine, here=False))


async def acknowledge(click: Click, container: Container) -> None:
    """Write that the findings were read, and show it where it was clicked."""
    about = finding_views.About.decode(click.value)
    mine = await container.services.audits.acknowledge(
        click.caller, about.audit_id, in_place=about.here
    )
    await click.reply.replace(finding_views.feedback(click.words, mine, here=about.here))
