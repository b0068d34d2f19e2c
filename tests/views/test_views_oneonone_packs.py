"""A manager's busiest day fits Slack's limits, and a pack says nothing it was not given."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.rules.action_items import ActionItem, ActionSource
from bot.rules.coaching_effects import Change, Effect, OfCategory, OfSquad, Share, Verdict
from bot.rules.numbers import Spread, difference, rate
from bot.rules.oneonone_notes import Category, Sheet
from bot.rules.oneonone_packs import (
    AuditorPack,
    CoachedOn,
    Day,
    DayEnd,
    Ended,
    LeadPack,
    Notes,
    Pack,
    ProjectPack,
    Topped,
)
from bot.rules.oneonones import Action, Home, MeetingState, OneOnOne, Pair, Seat, Topic
from bot.rules.people import IndividualFigures, PersonRef
from bot.rules.quality import Standing
from bot.rules.standing import OwnCases, OwnCategory
from bot.views import (
    catalogue,
    coaching_effects,
    oneonone_lists,
    oneonone_notes,
    oneonone_packs,
    oneonones,
)
from tests.fakes.slack.blocks import validate_message_blocks, validate_view
from tests.harness import MORNING

WORDS = catalogue.load().of(None)
MIA = PersonRef(person_id=1, name="Mia", user_id="U0MIA")
LONG = "<!channel> " * 300
URL = "https://guidelines.example/" + "x" * 200


def meeting(n: int, state: MeetingState = MeetingState.PLANNED) -> OneOnOne:
    start = MORNING + timedelta(minutes=20 * n)
    return OneOnOne(
        one_on_one_id=n,
        pair_id=n,
        squad_id=1 + n % 5,
        manager_id=1,
        person_id=n + 2,
        slot="2026-W11",
        starts_at=start,
        ends_at=start + timedelta(minutes=20),
        revision=0,
        state=state,
    )


def project() -> ProjectPack:
    top = OwnCategory(category="C" * 75, errors=1234, section=LONG[:300])
    return ProjectPack(
        project_id=1,
        project="P" * 200,
        cases=OwnCases(unread=3, disputed=2, upheld=1, overturned=4, changed=1, reworks=2),
        score=rate(40, 50),
        change=difference(rate(40, 50), rate(99, 100)),
        before_n=100,
        target=0.95,
        standing=Standing.BELOW,
        top=(Topped(top, URL), Topped(top), Topped(replace(top, section=None))),
    )


def pack(n: int) -> Pack:
    person = PersonRef(person_id=n + 2, name="N" * 75, user_id=f"U0{n}")
    action = ActionItem(
        id=n,
        workspace_id=1,
        squad_id=1,
        owner=person,
        text=LONG[:500],
        source=ActionSource.ONE_ON_ONE,
        source_id=n,
        private=True,
        created_by=1,
        created_at=MORNING,
        due=date(2026, 3, 13),
    )
    topic = Topic(
        topic_id=n,
        pair_id=n,
        author_id=n + 2,
        text=LONG[:1000],
        shared=True,
        created_at=MORNING,
    )
    change = Change(verdict=Verdict.CANNOT_TELL, before=Share(8, 40), after=Share(2, 30))
    on = CoachedOn(category="C" * 75, project="P" * 200, at=MORNING, change=change)
    notes = Notes(one_on_one_id=n, starts_at=MORNING, shared=LONG, own=LONG, revision=2)
    return Pack(
        meeting=meeting(n),
        person=person,
        manager=MIA,
        squad="S" * 80,
        setting=IndividualFigures.SELF_AND_MANAGERS,
        zone="Asia/Kolkata",
        manages=True,
        projects=(project(),) * 4,
        auditor=AuditorPack(
            audits=90,
            disputed=10,
            overturned=4,
            doubled=12,
            alike=9,
            feedback=Spread(3600, 7200, 30),
        ),
        lead=LeadPack(rulings=Spread(3600, 7200, 3), answers=Spread(60, 90, 3)),
        topics=(topic,) * 50,
        actions=(action,) * 40,
        notes=(notes,) * 3,
        coached=(on,) * 6,
    )


@pytest.mark.parametrize("n", [1, 5, 20, 60])
def test_a_day_fits_one_message_and_shortens_what_it_says_of_each(n: int) -> None:
    day = Day(day=MORNING.date(), zone="Asia/Kolkata", packs=tuple(map(pack, range(n))))
    message = oneonone_packs.day(WORDS, day)
    assert validate_message_blocks(message["blocks"]) == []
    opened = str(message["blocks"]).count(oneonone_packs.OPEN)
    assert opened == n if n <= 20 else 20 <= opened < n
    assert ("There is more" in str(message)) == (opened < n)
    assert "<!channel>" not in str(message)
    assert validate_view(oneonone_packs.shown_day(WORDS, day)) == []


def test_a_whole_pack_fits_one_window() -> None:
    view = oneonone_packs.pack(WORDS, pack(1))
    assert validate_view(view) == []
    assert "<!channel>" not in str(view)
    for part in ("40.0% (4 of n = 10)", "75.0% (9 of n = 12)", "40 more", "Cannot tell yet"):
        assert part in str(view), part


def opens(view: object, action_id: str) -> int:
    return str(view).count(f"'action_id': '{action_id}'")


def test_everything_that_a_pack_cuts_short_is_one_click_away() -> None:
    whole = pack(1)
    view = oneonone_packs.pack(WORDS, whole)
    # Topics and actions; notes of three meetings, and of this one.
    assert opens(view, oneonone_lists.LIST) == 2
    assert opens(view, oneonone_packs.NOTES) == 4
    short = replace(
        whole,
        topics=(replace(whole.topics[0], text="pay"),) * oneonone_packs.LISTED,
        actions=(replace(whole.actions[0], text="ask"),),
        notes=(replace(whole.notes[0], shared="fine", own=None),),
    )
    view = oneonone_packs.pack(WORDS, short)
    assert opens(view, oneonone_lists.LIST) == 0
    assert opens(view, oneonone_packs.NOTES) == 1
    on = replace(whole.coached[0], category="K" * 75)
    many = replace(short, coached=(on,) * 24)
    view = oneonone_packs.pack(WORDS, many)
    assert validate_view(view) == []
    assert str(view).count("• " + "K" * 59) == len(many.coached)


def listed(topics: int, actions: int) -> Seat:
    found = pack(1)
    pair = Pair(
        pair_id=1,
        squad_id=1,
        manager_id=1,
        person_id=3,
        every_weeks=2,
        minutes=30,
        zone="UTC",
        home=Home(0, 1, MORNING.time()),
    )
    one = found.actions[0]
    action = Action(action_id=1, owner=one.owner, text=one.text, due=one.due)
    return Seat(
        pair=pair,
        squad="S" * 80,
        other=found.person,
        manages=True,
        upcoming=(),
        topics=tuple(replace(found.topics[0], text=f"T{n}. {LONG[:900]}") for n in range(topics)),
        actions=tuple(replace(action, text=f"A{n}. {LONG[:400]}") for n in range(actions)),
    )


@pytest.mark.parametrize(("topics", "actions"), [(100, 40), (3, 25), (0, 1), (10, 0), (0, 0)])
def test_a_list_shows_each_once_on_pages_that_fit(topics: int, actions: int) -> None:
    seat, back = listed(topics, actions), oneonone_packs.open_button(WORDS, 1)
    about = oneonone_lists.Listed(pair_id=1, one_on_one_id=1)
    seen: list[str] = []
    for offset in range(0, max(topics + actions, 1), oneonone_lists.PAGE):
        view = oneonone_lists.window(WORDS, seat, about.model_copy(update={"offset": offset}), back)
        assert validate_view(view) == []
        assert "<!channel>" not in str(view)
        assert opens(view, oneonone_lists.EARLIER) == (offset > 0)
        more = offset + oneonone_lists.PAGE < topics + actions
        assert opens(view, oneonone_lists.LATER) == more
        seen += re.findall(r"\b([TA]\d+)\. ", str(view))
    assert seen == [f"T{n}" for n in range(topics)] + [f"A{n}" for n in range(actions)]
    # What is gone meanwhile is the first page.
    view = oneonone_lists.window(WORDS, seat, about.model_copy(update={"offset": 900}), back)
    assert opens(view, oneonone_lists.EARLIER) == 0


@pytest.mark.parametrize(("topics", "actions", "shown"), [(8, 3, 0), (9, 3, 1), (9, 11, 2)])
def test_a_page_leads_to_all_that_it_cuts_short(topics: int, actions: int, shown: int) -> None:
    seat = listed(topics, actions)
    for short in (seat, replace(seat, actions=tuple(replace(e, text="x") for e in seat.actions))):
        view = oneonones.page_view(WORDS, short, "UTC")
        assert validate_view(view) == []
    assert opens(view, oneonone_lists.LIST) == shown
    message = oneonones.page(WORDS, [seat], "UTC")
    assert validate_message_blocks(message["blocks"]) == []


def test_what_a_manager_may_not_see_of_single_cases_is_not_counted() -> None:
    hidden = replace(project(), score=None, change=None, top=())
    private = replace(pack(1), setting=IndividualFigures.SELF, projects=(hidden,))
    day = Day(day=MORNING.date(), zone="UTC", packs=(private,))
    for shown in (oneonone_packs.day(WORDS, day), oneonone_packs.pack(WORDS, private)):
        assert "dispute" not in str(shown)
        assert "to mend" not in str(shown)
    own = replace(private, manages=False, projects=(project(),))
    assert "2 disputes are open" in str(oneonone_packs.pack(WORDS, own))


@pytest.mark.parametrize("n", [1, 20, 60])
def test_the_days_end_fits_one_message(n: int) -> None:
    states = [MeetingState.PLANNED, MeetingState.HAPPENED, MeetingState.MISSED]
    ended = tuple(
        Ended(
            meeting=meeting(i, MeetingState.PLANNED if n > 20 else states[i % 3]),
            person=pack(i).person,
            squad="S" * 80,
            noted=bool(i % 2),
            offered=MORNING if i % 2 else None,
        )
        for i in range(n)
    )
    end = DayEnd(day=MORNING.date(), zone="UTC", meetings=ended)
    message = oneonone_notes.day_end(WORDS, end)
    assert validate_message_blocks(message["blocks"]) == []
    assert ("There are more" in str(message)) == (n > 20)
    assert validate_view(oneonone_notes.shown_day_end(WORDS, end)) == []


def test_the_notes_of_two_fit_one_form() -> None:
    sheet = Sheet(
        meeting=meeting(1),
        person=MIA,
        zone="UTC",
        manages=True,
        shared=LONG[:3000],
        own=LONG[:3000],
        revision=7,
        categories=tuple(Category(1, i, "P" * 200, "C" * 75, i) for i in range(150)),
        coached=(1, 3),
        clash=LONG * 2,
    )
    view = oneonone_notes.form(WORDS, sheet, {"mine": LONG[:3000], "theirs": LONG[:3000]})
    assert validate_view(view) == []
    assert "initial_option" in str(view)
    theirs = oneonone_notes.form(WORDS, replace(sheet, manages=False, own=""))
    assert validate_view(theirs) == []
    for part in ("Your own notes", "Coached on", "will do"):
        assert part not in str(theirs)


def test_few_coached_people_have_no_figures() -> None:
    shares = {"before": Share(80, 400), "after": Share(20, 300)}
    told = Change(verdict=Verdict.BETTER, value=-0.1, low=-0.15, high=-0.05, **shares)
    plain = Change(verdict=Verdict.CANNOT_TELL, **shares)
    many = Effect(pooled=told, coached=20, others=40, people={})
    few = Effect(pooled=plain, coached=3, others=40, people={})
    found = tuple(OfCategory(project="P", category="C", effect=one) for one in (many, few))
    view = coaching_effects.squad(WORDS, OfSquad(squad="S", found=found))
    assert validate_view(view) == []
    first, second = (str(block) for block in view["blocks"][1:3])
    for part in ("Fewer such errors", "20.0% (n = 400)", "−10.0 points", "40 others"):
        assert part in first, part
    assert "it takes 8 coached people" in second
    assert "n = 400" not in second
