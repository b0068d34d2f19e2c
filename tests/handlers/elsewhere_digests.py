"""What the buttons and forms of digests, client pages and Today carry, about somebody else."""

from datetime import date, timedelta
from typing import Any

from bot.rules.client_pages import BODY_FIELD
from bot.rules.snoozing import Snooze
from bot.views import client_pages, figure_lists, today
from models import ClientPage, VerifiedAnswer
from tests.harness import MORNING
from tests.scenes import Scene

DAY = date(2026, 3, 9)


async def page(scene: Scene, squad_id: int, person_id: int, body: str) -> int:
    """Draft a page of a squad."""
    given = {"squad_id": squad_id, "drafted_by": person_id, "body": body}
    return await scene.insert(
        ClientPage, **given, first_day=DAY, last_day=DAY, state="draft", drafted_at=MORNING
    )


async def kept(scene: Scene, squad_id: int, project_id: int, person_id: int, text: str) -> int:
    """Put in a verified answer; returns its key."""
    at = MORNING - timedelta(days=1)
    return await scene.insert(
        VerifiedAnswer,
        project_id=project_id,
        squad_id=squad_id,
        question=text,
        answer=text,
        verifier_id=person_id,
        state="used",
        verified_at=at,
        expires_at=at + timedelta(days=90),
        created_at=at,
    )


def buttons(of: Any) -> dict[str, str]:
    """Every button: what it carries."""
    ours: dict[str, Any] = {"squad_id": of.squad_id, "project_id": of.project_id}
    days: dict[str, Any] = {"first": DAY, "last": DAY}
    shown = figure_lists.AboutFigures(**ours, **days).encode()
    category = figure_lists.AboutCategory(**ours, **days, category_id=of.category_id)
    return {
        figure_lists.CATEGORIES: shown,
        figure_lists.WHY: shown,
        figure_lists.DATES: shown,
        figure_lists.DRAWS: shown,
        figure_lists.CASES: category.encode(),
        today.LINE: today.OfLine(delivery_id=10**9, choice=Snooze.TOMORROW).encode(),
        today.REST: today.OfToday(carrier_id=10**9).encode(),
        client_pages.OPEN: client_pages.AboutPage(page_id=of.page_id).encode(),
        client_pages.DISCARD: client_pages.AboutPage(page_id=of.page_id).encode(),
    }


def forms(of: Any) -> dict[str, tuple[str, dict[str, Any]]]:
    """Every form: what it says in secret, and what is typed."""
    about = client_pages.AboutPage(page_id=of.page_id).encode()
    return {client_pages.FORM: (about, {BODY_FIELD: "words"})}
