"""Who may do what, and who sees what: two tables that services read and a test holds as literals.

A setting of the squad (`individual_figures`) decides about figures of one person: `self+managers`
shows them to that person and the squad's managers, `self` to that person alone, `off` to nobody.
What a person's work was told in single cases (findings, disputes, attendance, quizzes) stays that
person's to see whatever the setting, for it was said to them; managers see it under
`self+managers` only, and whoever audited it or must decide on it sees that one case.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from bot.errors import NotAllowed
from bot.rules.people import Actor, IdentityKind, IndividualFigures, Role


class Act(StrEnum):
    """What a service may be asked to do in a squad."""

    MANAGE_SQUAD = "manage_squad"  # people, roles, channels, schedules, projects, go live
    RECORD_AUDIT = "record_audit"
    SPLIT_SITTING = "split_sitting"  # between auditors, who are told
    COACH = "coach"
    ANSWER_QUESTION = "answer_question"  # that the guidelines do not answer
    REPORT_BLOCKER = "report_blocker"  # that one cannot work oneself
    CLEAR_BLOCKER = "clear_blocker"  # of others, with their names
    READ_DISPUTE = "read_dispute"  # and whose findings wait to be read
    CANCEL_REWORK = "cancel_rework"  # and see whose tasks came back
    DECIDE_DISPUTE = "decide_dispute"  # that one is no part of
    IMPORT = "import"
    POST_DIGEST = "post_digest"
    RELEASE_PAGE = "release_page"  # to the client
    SEE_SQUAD_FIGURES = "see_squad_figures"
    SEE_PEOPLE_FIGURES = "see_people_figures"  # of everybody, as far as the squad's setting goes
    SEE_DELIVERIES = "see_deliveries"
    ANNOUNCE = "announce"  # and see by name who has got it
    RUN_SESSION = "run_session"  # plan, change and count sessions
    JOIN_MEETING = "join_meeting"  # read its agenda, add topics, take notes
    LEAD_MEETING = "lead_meeting"  # close others' topics, skip it; so does whoever's turn it is
    HOLD_ONE_ON_ONES = "hold_one_on_ones"  # with people of the squad, on one's own terms
    RUN_PULSE = "run_pulse"  # make, close and pause polls; what they say is another matter
    ADMINISTER = "administer"  # of the workspace: admins, managers, squads


MAY: Final[Mapping[Act, frozenset[Role]]] = {
    Act.MANAGE_SQUAD: frozenset({Role.MANAGER}),
    Act.RECORD_AUDIT: frozenset({Role.MANAGER, Role.AUDITOR}),
    Act.SPLIT_SITTING: frozenset({Role.MANAGER}),
    Act.COACH: frozenset({Role.MANAGER, Role.AUDITOR}),
    Act.ANSWER_QUESTION: frozenset({Role.MANAGER, Role.AUDITOR}),
    Act.REPORT_BLOCKER: frozenset({Role.MANAGER, Role.AUDITOR, Role.CONTRIBUTOR}),
    Act.CLEAR_BLOCKER: frozenset({Role.MANAGER}),
    Act.READ_DISPUTE: frozenset({Role.MANAGER}),
    Act.CANCEL_REWORK: frozenset({Role.MANAGER}),
    Act.DECIDE_DISPUTE: frozenset({Role.MANAGER, Role.AUDITOR}),
    Act.IMPORT: frozenset({Role.MANAGER}),
    Act.POST_DIGEST: frozenset({Role.MANAGER}),
    Act.RELEASE_PAGE: frozenset({Role.MANAGER}),
    Act.SEE_SQUAD_FIGURES: frozenset({Role.MANAGER, Role.AUDITOR, Role.DELIVERY}),
    Act.SEE_PEOPLE_FIGURES: frozenset({Role.MANAGER}),
    Act.SEE_DELIVERIES: frozenset({Role.MANAGER}),
    Act.ANNOUNCE: frozenset({Role.MANAGER}),
    Act.RUN_SESSION: frozenset({Role.MANAGER}),
    Act.JOIN_MEETING: frozenset({Role.MANAGER, Role.AUDITOR, Role.CONTRIBUTOR, Role.DELIVERY}),
    Act.LEAD_MEETING: frozenset({Role.MANAGER}),
    Act.HOLD_ONE_ON_ONES: frozenset({Role.MANAGER}),
    Act.RUN_PULSE: frozenset({Role.MANAGER}),
    Act.ADMINISTER: frozenset(),
}

# An admin arranges squads but does not thereby read or judge people's work.
ADMINS_MAY: Final[frozenset[Act]] = frozenset(
    {Act.MANAGE_SQUAD, Act.IMPORT, Act.POST_DIGEST, Act.SEE_DELIVERIES, Act.ADMINISTER}
)


class About(StrEnum):
    """What of one person somebody wants to see."""

    FIGURES = "figures"  # rates and counts over several pieces of work
    CASES = "cases"  # findings, disputes, attendance, quizzes, one by one


def may(actor: Actor, act: Act, squad_id: int | None) -> bool:
    """Tell whether `actor` may do `act` in the squad (None: in the workspace)."""
    if actor.is_admin and act in ADMINS_MAY:
        return True
    return squad_id is not None and bool(actor.roles_in(squad_id) & MAY[act])


def require(actor: Actor, act: Act, squad_id: int | None) -> None:
    """Raise NotAllowed("not_allowed_<act>") with the roles that can, unless `actor` may."""
    if not may(actor, act, squad_id):
        raise NotAllowed(f"not_allowed_{act.value}")


def may_hold(kind: IdentityKind, role: Role) -> bool:
    """Tell whether an identity may hold a role: guests and Slack Connect users never manage."""
    return kind is IdentityKind.MEMBER or (
        kind in {IdentityKind.GUEST, IdentityKind.EXTERNAL} and role is not Role.MANAGER
    )


def may_see_person(
    actor: Actor,
    person_id: int,
    *,
    squad_id: int,
    setting: IndividualFigures,
    about: About = About.FIGURES,
    concerned: bool = False,
) -> bool:
    """Tell whether `actor` may see something about one person's work in a squad.

    `concerned` means that the actor audited this very case or must decide on it; it opens no
    figures. Admins see nothing by being admins, and whoever left the squad sees only themselves.
    """
    if actor.person_id == person_id:
        return about is About.CASES or setting is not IndividualFigures.OFF
    roles = actor.roles_in(squad_id)
    if Role.MANAGER in roles and setting is IndividualFigures.SELF_AND_MANAGERS:
        return True
    return concerned and about is About.CASES and bool(roles & {Role.MANAGER, Role.AUDITOR})


def may_see_people(actor: Actor, squad_id: int) -> bool:
    """Tell whether `actor` may see where a squad's contributors stand, each by name."""
    shown = any(
        one.squad_id == squad_id and one.individual_figures is IndividualFigures.SELF_AND_MANAGERS
        for one in actor.memberships
    )
    return shown and may(actor, Act.SEE_PEOPLE_FIGURES, squad_id)


def may_see_squad(actor: Actor, squad_id: int, *, released: bool = False) -> bool:
    """Tell whether `actor` may see a squad's figures, which name nobody.

    A client sees what a manager has released and nothing else.
    """
    if may(actor, Act.SEE_SQUAD_FIGURES, squad_id):
        return True
    return released and Role.CLIENT in actor.roles_in(squad_id)
