"""Fills an empty store with the sample squad, through the services that a person would use.

In the order in which a team would do it: connect, name an admin, make the squad with its channels
and people, describe the project, import the history, note time off, load the guidelines, go live,
set up one-on-ones, ask, draw what is to be audited. What is imported speaks to nobody; going live
sends each member the one welcome, and a question that nobody has answered yet waits in its channel.
"""

from __future__ import annotations

from datetime import time
from typing import Final

from bot import clock
from bot.container import Container
from bot.demo import workspace
from bot.demo.asked import ask_questions
from bot.demo.editions import load_guidelines
from bot.demo.errors import DemoError
from bot.demo.files import SampleFiles, write
from bot.demo.folder import DemoFolder
from bot.demo.sample import SampleWork, sample_work
from bot.errors import UserError
from bot.rules.findings import AuditSearch, Choices
from bot.rules.frames import weeks_until
from bot.rules.imports import ImportRequest
from bot.rules.oneonone_terms import Terms
from bot.rules.people import Caller, Profile
from bot.rules.projects import NewBatch, NewCategory, ProjectForm
from bot.rules.squads import ChannelUse, Squad, SquadChanges, SquadDraft, Sync, Where
from bot.rules.timeoff import Plan
from bot.slack.gateway import Gateway

_SYNC: Final = Sync(
    id=0, name="Daily sync", local_time=time(10), link="https://meet.example.com/kestrel"
)
# Mornings of the manager's, which all of the squad share: they are afternoons in Manila.
_ONE_ON_ONES: Final = Terms(
    every_weeks=2,
    days=frozenset(range(5)),
    hours=(time(9), time(12)),
    zone=workspace.MANAGER.zone,
    minutes=30,
    link="https://meet.example.com/one-on-one",
)
_MANAGER: Final = Caller(workspace.TEAM_ID, workspace.MANAGER.id)


async def seed(container: Container, gateway: Gateway, folder: DemoFolder) -> SampleFiles:
    """Make the sample squad as it stands at the container's now; return the files it came from.

    Raises DemoError("demo_rows_rejected") if a row of the sample was not taken.
    """
    work = sample_work(container.clock.now())
    files = write(work, folder.samples)
    profiles = await _meet(container, gateway)
    squad = await _make_squad(container, profiles)
    await _make_project(container, squad, work)
    await _import(container, squad, files)
    await _note_time_off(container, work)
    await load_guidelines(container, work.first_day)
    await container.services.squads.go_live(_MANAGER, Where(squad_id=squad.id))
    await container.services.oneonone_setups.store(_MANAGER, squad.id, _ONE_ON_ONES, [], key=None)
    await ask_questions(container)
    await _draw(container)
    return files


async def _meet(container: Container, gateway: Gateway) -> dict[str, Profile]:
    """Connect the workspace, meet its people, and make the manager admin, as the shell would."""
    services = container.services
    workspace_id = await services.installations.connect(await gateway.auth_test())
    profiles = {profile.user_id: profile async for page in gateway.users_list() for profile in page}
    for profile in profiles.values():
        await services.people.meet(workspace.TEAM_ID, profile)
    for person in workspace.PEOPLE:
        # Opening a direct message has a pace of its own, for which nobody is to wait here.
        await services.outbox.keep_dm(workspace_id, person.id, person.direct_id)
    await services.workspaces.operator_add(workspace.MANAGER.id)
    return profiles


async def _make_squad(container: Container, profiles: dict[str, Profile]) -> Squad:
    services = container.services
    draft = SquadDraft(
        name=workspace.SQUAD_NAME,
        zone=workspace.SQUAD_ZONE,
        channels={
            ChannelUse.TEAM: workspace.TEAM_CHANNEL.id,
            ChannelUse.QUESTIONS: workspace.QUESTIONS_CHANNEL.id,
            ChannelUse.DIGEST: workspace.DIGEST_CHANNEL.id,
        },
    )
    manager = profiles[workspace.MANAGER.id]
    squad = await services.squads.create(_MANAGER, draft, manager, key=None)
    where = Where(squad_id=squad.id)
    for person in (workspace.AUDITOR, *workspace.CONTRIBUTORS):
        roles = frozenset({person.role})
        await services.members.add(_MANAGER, where, [profiles[person.id]], roles, key=None)
    changes = {"country": workspace.HOLIDAY_COUNTRY, "quality_target": workspace.QUALITY_TARGET}
    await services.squads.change(_MANAGER, where, SquadChanges(fields=changes))
    await services.syncs.put(_MANAGER, where, _SYNC)
    return squad


async def _make_project(container: Container, squad: Squad, work: SampleWork) -> None:
    form = ProjectForm(
        name=workspace.PROJECT_NAME,
        link_template=workspace.LINK_TEMPLATE,
        acceptance_criteria=workspace.ACCEPTANCE_CRITERIA,
        planned_volume=workspace.PLANNED_PER_DAY,
        audits_per_week=workspace.AUDITS_PER_WEEK,
        categories=tuple(
            NewCategory(
                name=row.category,
                definition=row.definition,
                severity=row.severity,
                section=row.section,
            )
            for row in work.taxonomy
        ),
        batches=tuple(
            NewBatch(name=row.batch, size=row.size, due=row.due, priority=row.priority)
            for row in work.plan
        ),
    )
    await container.services.projects.setup(_MANAGER, squad.id, None, form, key=None)


async def _import(container: Container, squad: Squad, files: SampleFiles) -> None:
    for file in files.imported:
        request = ImportRequest(kind=file.kind, squad=squad.id, sampling=file.sampling)
        done = await container.services.imports.run(_MANAGER, request, file.path)
        if done.report.rejected:
            first, n = done.report.rejected[0].row, done.report.rejected_count
            raise DemoError("demo_rows_rejected", file=file.path.name, n=n, first=first)


async def _note_time_off(container: Container, work: SampleWork) -> None:
    """Everybody notes the days that are still to come; the past ones show in the work alone."""
    zones = {person.id: person.zone for person in workspace.PEOPLE}
    for away in work.time_off:
        today = clock.local_day(container.clock.now(), zones[away.slack_id])
        if away.days.last >= today:
            plan = Plan(first=away.days.first, last=away.days.last)
            caller = Caller(workspace.TEAM_ID, away.slack_id)
            await container.services.timeoff.note(caller, plan, key=None)


async def _draw(container: Container) -> None:
    """Draw from the latest week with work, as the shell would: history draws nothing by itself.

    One week is enough, for what was audited in the others counts as it was drawn there.
    """
    for week in reversed(weeks_until(container.clock.now(), workspace.SQUAD_ZONE)):
        drawn = await container.services.sampling.at_shell(
            workspace.SQUAD_NAME, workspace.PROJECT_NAME, week, dry=False
        )
        if any(each.drawn for each in drawn):
            break


async def task_to_audit(container: Container) -> str | None:
    """Return the latest task of the first contributor that nobody has audited; None without one."""
    auditor = Caller(workspace.TEAM_ID, workspace.AUDITOR.id)
    search = AuditSearch(user_id=workspace.CONTRIBUTORS[0].id)
    try:
        found = await container.services.audits.find(auditor, search)
    except UserError:  # whoever played with the squad may have taken the auditor's role away
        return None
    works = found.works if isinstance(found, Choices) else (found.work,)
    return works[0].task
