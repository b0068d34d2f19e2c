"""Comments page by page: each on one page, under its question and theme."""

from typing import Any

from bot.rules.pulse_themes import Theme, Themes
from bot.views import catalogue
from bot.views.pulse_results import PAGE, AboutComments, comments

WORDS = catalogue.load().of(None)


def made(key: str, text: str, *sizes: int) -> Themes:
    themes = tuple(
        Theme(
            f"theme {n}" if n < len(sizes) - 1 else "", tuple(f"{key}{n}-{m}" for m in range(size))
        )
        for n, size in enumerate(sizes)
    )
    return Themes(key=key, text=text, by_model=False, themes=themes)


def told(view: Any) -> str:
    return str(view["blocks"])


def test_every_comment_is_on_one_page_and_the_way_on_leads_through_all() -> None:
    found = [made("comment", "", 30, 25, 6), made("own", "What <!channel> is *missing*?", 50)]
    first, seen = 0, []
    for _ in range(10):
        view = comments(WORDS, found, AboutComments(poll_id=7, first=first))
        assert len(view["blocks"]) <= 100
        said = told(view)
        seen += [
            text
            for each in found
            for theme in each.themes
            for text in theme.comments
            if f"{text}'" in said
        ]
        buttons = {
            each["action_id"]: each["value"]
            for block in view["blocks"]
            if block["type"] == "actions"
            for each in block["elements"]
        }
        assert (f"{PAGE}:back" in buttons) is (first > 0)
        if f"{PAGE}:on" not in buttons:
            break
        first = AboutComments.decode(buttons[f"{PAGE}:on"]).first
    assert len(seen) == 111
    assert len(set(seen)) == 111


def test_a_heading_stands_again_where_its_theme_goes_on() -> None:
    found = [made("comment", "", 30, 25), made("own", "What is missing?", 5)]
    second = told(comments(WORDS, found, AboutComments(poll_id=7, first=40)))
    assert "Other* · 25 comments" in second
    assert "theme 0" not in second
    assert "What is missing?" in second


def test_few_comments_have_no_heading_and_no_pages() -> None:
    view = comments(WORDS, [made("comment", "", 4)], AboutComments(poll_id=7))
    assert [block["type"] for block in view["blocks"]] == ["section"] * 4
