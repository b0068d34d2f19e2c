"""Lines of announcements and sessions: however long their words, no date or link is cut in two."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.rules.announcements import Announcement
from bot.rules.announcements import Own as OwnAnnouncement
from bot.rules.announcements import Sheet as AnnouncementSheet
from bot.rules.people import PersonRef
from bot.rules.sessions import Own, Rsvp, Sheet
from bot.views import announcements, blocks, catalogue, sessions
from bot.views.outbox import LINE_CHARACTERS, Line
from tests.rules.test_rules_sessions import NOW, SESSION

WORDS = catalogue.load().of(None)
AUTHOR = PersonRef(person_id=1, name="Mia & Co")
LONG = ["&" * 150, "<!here>" * 21, "a b " * 37]
LINKS = [None, "https://a.example/x", "https://a.example/" + "y" * 2000]


def whole(line: Line) -> None:
    """Every `<` that the line opens is closed in what Today shows of it."""
    shown = blocks.clip(line.text, LINE_CHARACTERS)
    assert re.sub(r"<[^<>]*>", "", shown).count("<") == 0
    assert "<!date^" in shown


@pytest.mark.parametrize("title", LONG)
@pytest.mark.parametrize("link", LINKS)
def test_a_sessions_lines_are_whole(title: str, link: str | None) -> None:
    session = replace(SESSION, title=title, link=link)
    sheet = Sheet(session=session, squad="Kestrel", zone="UTC", coming=1, not_coming=0, questions=1)
    own = Own(sheet=sheet, invited=True, answer=Rsvp.YES, taken=False)
    for line in (
        sessions.day_line(WORDS, own, NOW),
        sessions.moved_line(WORDS, own, NOW),
        sessions.cancelled_line(WORDS, own),
        sessions.soon_line(WORDS, own, NOW),
    ):
        whole(line)


@pytest.mark.parametrize("text", [*LONG, "x" * 3000, "&" * 3000, "word & " * 428])
def test_an_announcements_line_and_post_are_whole(text: str) -> None:
    announcement = Announcement(
        id=1,
        workspace_id=1,
        author_id=1,
        text=text,
        reply_by=NOW + timedelta(days=2),
        version_id=None,
        created_at=NOW,
        edited_at=None,
        withdrawn_at=None,
        next_at=None,
        posts={1: None},
    )
    sheet = AnnouncementSheet(
        announcement=announcement, author=AUTHOR, squads=("Kestrel",), zone="UTC", asked=3, got=1
    )
    whole(announcements.line(WORDS, OwnAnnouncement(sheet=sheet, asked=True, receipt=None)))
    shown = announcements.post(WORDS, sheet)["blocks"]
    parts = [block["text"]["text"] for block in shown if block["type"] == "section"]
    assert max(map(len, parts)) <= blocks.SECTION_TEXT
    said = "".join(parts)
    assert said.count("&amp;") == text.count("&") + 1, "the author's own, and every one of the text"
    assert "Mia &amp; Co" in said
    assert announcements.count_line(WORDS, sheet).text.startswith("Your announcement: one of 3")
