"""Decisions about squads: how people begin, what one manager may do alone, what is left to do."""

from datetime import UTC, datetime, time

import pytest

from bot.rules.people import IndividualFigures, Role, SquadState, Status
from bot.rules.squads import (
    ChannelUse,
    Squad,
    SquadChanges,
    SquadFacts,
    Step,
    checklist,
    first_status,
    may_change_status,
)


def squad(state: SquadState = SquadState.REHEARSAL, digest: str | None = None) -> Squad:
    return Squad(
        id=1,
        workspace_id=1,
        name="Kestrel",
        state=state,
        individual_figures=IndividualFigures.SELF_AND_MANAGERS,
        language="en",
        zone="UTC",
        working_days=frozenset({0}),
        work_start=time(9),
        work_end=time(18),
        created_at=datetime(2026, 3, 1, tzinfo=UTC),
        team_channel="C1",
        digest_channel=digest,
    )


@pytest.mark.parametrize(
    ("state", "roles", "status"),
    [
        (SquadState.REHEARSAL, {Role.CONTRIBUTOR}, Status.ACTIVE),
        (SquadState.LIVE, {Role.CONTRIBUTOR}, Status.ONBOARDING),
        (SquadState.LIVE, {Role.AUDITOR}, Status.ACTIVE),
        (SquadState.LIVE, {Role.CONTRIBUTOR, Role.AUDITOR}, Status.ACTIVE),
    ],
)
def test_how_people_begin(state: SquadState, roles: set[Role], status: Status) -> None:
    assert first_status(state, frozenset(roles)) is status


def test_one_manager_alone_moves_people_between_three_statuses() -> None:
    alone = {Status.ONBOARDING, Status.ACTIVE, Status.PAUSED}
    for current in Status:
        for wanted in Status:
            assert may_change_status(current, wanted) is ({current, wanted} <= alone)


def facts(**given: int) -> SquadFacts:
    values = {
        "managers": 0, "contributors": 0, "projects": 0, "guidelines": 0, "submissions": 0,
        "audits": 0, "schedules": 2, **given,
    }  # fmt: skip
    return SquadFacts(
        managers=values["managers"],
        contributors=values["contributors"],
        projects=values["projects"],
        guidelines=bool(values["guidelines"]),
        submissions=bool(values["submissions"]),
        audits=bool(values["audits"]),
        schedules=values["schedules"],
    )


def test_the_checklist_names_the_next_step() -> None:
    assert checklist(squad(), facts(managers=1)).following is Step.PEOPLE
    staffed = {"managers": 1, "contributors": 3}
    assert checklist(squad(), facts(**staffed)).following is Step.PROJECT
    assert checklist(squad(), facts(**staffed, projects=1)).following is Step.GUIDELINES
    ruled = {**staffed, "projects": 1, "guidelines": 1}
    assert checklist(squad(), facts(**ruled)).following is Step.IMPORT
    worked = {**ruled, "submissions": 1, "audits": 1}
    assert checklist(squad(), facts(**worked)).following is Step.SCHEDULE
    assert checklist(squad(digest="C2"), facts(**worked)).following is Step.GO_LIVE
    done = checklist(squad(SquadState.LIVE, digest="C2"), facts(**worked))
    assert done.done
    assert done.following is None


def test_which_changes_move_planned_occurrences() -> None:
    assert SquadChanges(fields={"zone": "UTC"}).moves_schedules
    assert SquadChanges(fields={"quality_target": 0.9, "country": None}).moves_schedules
    assert not SquadChanges(fields={"quality_target": 0.9}).moves_schedules


def test_a_squads_channels() -> None:
    assert squad(digest="C2").channels == {"C1", "C2"}
    assert squad(digest="C2").channel(ChannelUse.DIGEST) == "C2"
    assert squad().channel(ChannelUse.QUESTIONS) is None
