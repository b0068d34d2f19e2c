"""Both tables of the product as literals: who may do what, and who sees what."""

import pytest

from bot.errors import NotAllowed
from bot.rules import roles
from bot.rules.people import (
    Actor,
    IdentityKind,
    IndividualFigures,
    Membership,
    Role,
    SquadState,
    Status,
)
from bot.rules.roles import About, Act

SQUAD, OTHER = 1, 2
ME, SOMEBODY = 10, 11
EVERYBODY = ("admin", "manager", "auditor", "contributor", "delivery", "client", "nobody")

# Who may do what in their own squad; nobody may do any of it in somebody else's, but the admin.
MAY = {
    "manage_squad": {"admin", "manager"},
    "record_audit": {"manager", "auditor"},
    "split_sitting": {"manager"},
    "coach": {"manager", "auditor"},
    "answer_question": {"manager", "auditor"},
    "report_blocker": {"manager", "auditor", "contributor"},
    "clear_blocker": {"manager"},
    "read_dispute": {"manager"},
    "cancel_rework": {"manager"},
    "decide_dispute": {"manager", "auditor"},
    "import": {"admin", "manager"},
    "post_digest": {"admin", "manager"},
    "release_page": {"manager"},
    "see_squad_figures": {"manager", "auditor", "delivery"},
    "see_people_figures": {"manager"},
    "see_deliveries": {"admin", "manager"},
    "announce": {"manager"},
    "run_session": {"manager"},
    "join_meeting": {"manager", "auditor", "contributor", "delivery"},
    "lead_meeting": {"manager"},
    "hold_one_on_ones": {"manager"},
    "run_pulse": {"manager"},
    "administer": {"admin"},
}

# Who sees what about a person: rows as in the product's table, columns the squad's setting.
FIGURES = {
    "self+managers": {"the person", "manager"},
    "self": {"the person"},
    "off": set(),
}
CASES = {
    "self+managers": {"the person", "manager"},
    "self": {"the person"},
    "off": {"the person"},
}
CASES_THEY_AUDITED_OR_DECIDE = {
    "self+managers": {"the person", "manager", "auditor"},
    "self": {"the person", "manager", "auditor"},
    "off": {"the person", "manager", "auditor"},
}


def actor(who: str, *, squad_id: int = SQUAD, status: Status = Status.ACTIVE) -> Actor:
    held = frozenset({Role(who)}) if who in set(Role) else frozenset()
    membership = Membership(
        squad_id=squad_id, squad="Kestrel", state=SquadState.LIVE, status=status, roles=held
    )
    return Actor(
        workspace_id=1,
        person_id=ME,
        user_id="U1",
        name="Ada",
        kind=IdentityKind.MEMBER,
        locale=None,
        zone=None,
        is_admin=who == "admin",
        slack_admin=False,
        memberships=(membership,) if held else (),
    )


def test_the_table_names_every_act_and_everybody() -> None:
    assert set(MAY) == set(Act)
    assert {role.value for role in Role} | {"admin", "nobody"} == set(EVERYBODY)


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("who", EVERYBODY)
def test_who_may_do_what(who: str, act: Act) -> None:
    allowed = who in MAY[act]
    assert roles.may(actor(who), act, SQUAD) is allowed
    if allowed:
        roles.require(actor(who), act, SQUAD)
        return
    with pytest.raises(NotAllowed) as refused:
        roles.require(actor(who), act, SQUAD)
    assert refused.value.code == f"not_allowed_{act.value}"


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("who", EVERYBODY)
def test_nobody_but_the_admin_acts_in_another_squad(who: str, act: Act) -> None:
    assert roles.may(actor(who), act, OTHER) is (who == "admin" and who in MAY[act])


@pytest.mark.parametrize("status", [Status.PAUSED, Status.OFFBOARDED])
def test_whoever_is_paused_or_gone_has_no_role(status: Status) -> None:
    assert not roles.may(actor("manager", status=status), Act.MANAGE_SQUAD, SQUAD)


def seen(
    table: dict[str, set[str]], setting: IndividualFigures, about: About, *, concerned: bool
) -> None:
    """Compare one column of the table with the rule, for everybody."""
    allowed = table[setting.value]

    def sees(who: str, person_id: int, squad_id: int = SQUAD) -> bool:
        return roles.may_see_person(
            actor(who, squad_id=squad_id),
            person_id,
            squad_id=SQUAD,
            setting=setting,
            about=about,
            concerned=concerned,
        )

    for who in EVERYBODY:
        assert sees(who, ME) is ("the person" in allowed), who
        assert sees(who, SOMEBODY) is (who in allowed), who
        assert not sees(who, SOMEBODY, squad_id=OTHER), who


@pytest.mark.parametrize("setting", list(IndividualFigures))
def test_who_sees_a_persons_figures(setting: IndividualFigures) -> None:
    seen(FIGURES, setting, About.FIGURES, concerned=False)
    seen(FIGURES, setting, About.FIGURES, concerned=True)


@pytest.mark.parametrize("setting", list(IndividualFigures))
def test_who_sees_a_persons_findings_and_disputes(setting: IndividualFigures) -> None:
    seen(CASES, setting, About.CASES, concerned=False)
    seen(CASES_THEY_AUDITED_OR_DECIDE, setting, About.CASES, concerned=True)


@pytest.mark.parametrize(
    ("who", "figures", "released"),
    [
        ("manager", True, True),
        ("auditor", True, True),
        ("delivery", True, True),
        ("client", False, True),
        ("contributor", False, False),
        ("admin", False, False),
        ("nobody", False, False),
    ],
)
def test_who_sees_a_squads_figures(who: str, figures: bool, released: bool) -> None:
    assert roles.may_see_squad(actor(who), SQUAD) is figures
    assert roles.may_see_squad(actor(who), SQUAD, released=True) is released
    assert not roles.may_see_squad(actor(who), OTHER, released=True)


@pytest.mark.parametrize(
    ("kind", "manages", "contributes"),
    [
        (IdentityKind.MEMBER, True, True),
        (IdentityKind.GUEST, False, True),
        (IdentityKind.EXTERNAL, False, True),
        (IdentityKind.BOT, False, False),
    ],
)
def test_what_a_kind_of_user_may_be(kind: IdentityKind, manages: bool, contributes: bool) -> None:
    assert roles.may_hold(kind, Role.MANAGER) is manages
    assert roles.may_hold(kind, Role.CONTRIBUTOR) is contributes
    assert roles.may_hold(kind, Role.AUDITOR) is contributes
