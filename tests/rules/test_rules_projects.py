"""The lines of the project form: what can be read, what cannot and where, and the way back."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.rules.audits import Severity
from bot.rules.project_input import (
    batch_lines,
    category_lines,
    check_link_template,
    read_batch,
    read_form,
)
from bot.rules.projects import (
    BATCHES_LIMIT,
    CATEGORIES_LIMIT,
    Batch,
    Category,
    Field,
    NewBatch,
    NewCategory,
    ProjectForm,
    UnreadableForm,
)


def read(creating: bool = False, **values: str | None) -> ProjectForm:
    """Read a form; fields by the last word of their id."""
    return read_form(
        {f"project_{name}": value for name, value in values.items()}, creating=creating
    )


def problems(**values: str | None) -> list[tuple[Field, str, int | None]]:
    """The problems of an unreadable form."""
    with pytest.raises(UnreadableForm) as caught:
        read(**values)
    return [(one.field, one.code, one.line) for one in caught.value.problems]


@pytest.mark.parametrize(
    "template",
    [
        "https://tool/tasks/{task}",
        "http://localhost:8080/?id={task}",
        "https://tool.example/#/{task}/view",
        "https://tool.example/a{task}?b={task}",
    ],
)
def test_a_template_with_a_place_for_the_task_is_good(template: str) -> None:
    assert check_link_template(template) is None


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ("javascript:alert('{task}')", "link_malformed"),
        ("javascript:alert({task})", "link_not_http"),
        ("ftp://tool/{task}", "link_not_http"),
        ("tool.example/{task}", "link_not_http"),
        ("https:///{task}", "link_not_http"),
        ("https://user@tool/{task}", "link_not_http"),
        ("https://{task}.evil.example/", "link_without_task"),
        ("https://{task}.evil.example/{task}", "link_without_task"),
        ("https://tool.example/tasks", "link_without_task"),
        ("https://tool.example/{Task}", "link_without_task"),
        ("https://tool.example/ {task}", "link_malformed"),
        ("https://tool.example/{task}|x", "link_malformed"),
        ("<https://tool.example/{task}>", "link_malformed"),
        ("https://[::1/{task}", "link_malformed"),
        ("https://tool.example/{task}" + "x" * 2000, "link_too_long"),
    ],
)
def test_another_template_is_refused_with_its_reason(template: str, code: str) -> None:
    assert check_link_template(template) == code


def test_what_is_left_empty_keeps_and_a_dash_empties() -> None:
    assert read(name="  ", link=None, criteria=" ", volume="") == ProjectForm()
    emptied = read(link="-", criteria=" - ", volume="-", audits="-", categories="-", batches="-")
    assert emptied == ProjectForm(
        link_template="",
        acceptance_criteria="",
        planned_volume=0,
        audits_per_week=0,
        categories=(),
        batches=(),
    )


def test_a_new_project_needs_a_name_that_can_be_seen() -> None:
    for name in (None, "", "-", "\u200b\u2060"):
        with pytest.raises(UnreadableForm) as caught:
            read(creating=True, name=name)
        assert caught.value.problems[0].code == "name_missing"
    assert read(creating=True, name=" Boxes\u200b  of\tcars ").name == "Boxes of cars"


@pytest.mark.parametrize(
    ("typed", "number"), [("330", 330), ("1 200", 1200), ("1,200", 1200), ("12_000", 12000)]
)
def test_numbers_are_read_as_people_write_them(typed: str, number: int) -> None:
    assert read(volume=typed).planned_volume == number


@pytest.mark.parametrize("typed", ["0", "-3", "1.5", "many", "9" * 11, "١٢"])
def test_other_numbers_are_refused(typed: str) -> None:
    assert problems(volume=typed, audits=typed) == [
        (Field.VOLUME, "not_a_number", None),
        (Field.AUDITS, "not_a_number", None),
    ]


def test_categories_are_read_with_severity_definition_and_quotes() -> None:
    lines = "Wrong label: not section 2\n\nSlow (warning)\n“A: b” (praise): neat\n错误：定义"
    assert read(categories=lines).categories == (
        NewCategory(name="Wrong label", definition="not section 2"),
        NewCategory(name="Slow", severity=Severity.WARNING),
        NewCategory(name="A: b", definition="neat", severity=Severity.PRAISE),
        NewCategory(name="错误", definition="定义"),
    )


def test_every_bad_line_is_named() -> None:
    found = problems(
        categories=f": no name\nGood\ngood: again\n{'x' * 76}: long\nD: {'y' * 2001}",
        batches=f"A, soon\n, 500\nB, due 2026-02-30\nB2, 0\nC, 1, 2\nD, 5\nD, 6\n{'z' * 121}, 1",
        link="nowhere",
    )
    assert found == [
        (Field.LINK, "link_not_http", None),
        (Field.CATEGORIES, "category_unnamed", 1),
        (Field.CATEGORIES, "named_twice", 3),
        (Field.CATEGORIES, "name_too_long", 4),
        (Field.CATEGORIES, "definition_too_long", 5),
        (Field.BATCHES, "batch_part", 1),
        (Field.BATCHES, "batch_unnamed", 2),
        (Field.BATCHES, "bad_date", 3),
        (Field.BATCHES, "batch_number", 4),
        (Field.BATCHES, "said_twice", 5),
        (Field.BATCHES, "named_twice", 7),
        (Field.BATCHES, "name_too_long", 8),
    ]


def test_too_many_lines_are_refused() -> None:
    many = "\n".join(f"C{n}" for n in range(CATEGORIES_LIMIT + 1))
    assert problems(categories=many) == [(Field.CATEGORIES, "too_many", None)]
    many = "\n".join(f"B{n}" for n in range(BATCHES_LIMIT + 1))
    assert problems(batches=many) == [(Field.BATCHES, "too_many", None)]


def test_ten_thousand_characters_are_refused_everywhere() -> None:
    text = "x" * 10_000
    found = problems(name=text, link=text, criteria=text, categories=text, batches=text)
    assert {field for field, _, _ in found} == {
        Field.NAME,
        Field.LINK,
        Field.CRITERIA,
        Field.CATEGORIES,
        Field.BATCHES,
    }


@pytest.mark.parametrize(
    "line",
    [
        "Reviews 07, 500, due 2026-12-01, priority 1",
        "Reviews 07, priority 1, 500 tasks, 2026-12-01",
        "Reviews 07, p1, size: 500, due: 2026-12-01",
        "“Reviews 07”, 500, , due 2026-12-01,priority: 1",
    ],
)
def test_a_batch_is_read_in_any_order(line: str) -> None:
    assert read_batch(line) == NewBatch(
        name="Reviews 07", size=500, due=date(2026, 12, 1), priority=1
    )


def test_a_batch_may_have_a_comma_in_its_name_and_no_more_than_that() -> None:
    assert read_batch('"Cars, night"') == NewBatch(name="Cars, night")
    with pytest.raises(BadInput, match="batch_part"):
        read_batch("Cars, night")


NAMES = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp")), min_size=1, max_size=75
).map(lambda text: " ".join(text.split()))


@given(
    st.lists(
        st.tuples(NAMES, st.sampled_from(list(Severity)), st.none() | NAMES),
        max_size=8,
        unique_by=lambda one: one[0].casefold(),
    )
)
def test_what_the_form_shows_of_categories_reads_back_as_it_was(
    made: list[tuple[str, Severity, str | None]],
) -> None:
    categories = [
        Category(
            category_id=n, name=name, definition=said, severity=severity, section=None, position=n
        )
        for n, (name, severity, said) in enumerate(made)
    ]
    lines, shown = category_lines(categories)
    back = read(categories="\n".join(lines)).categories if lines else ()
    assert [(one.name, one.severity) for one in back or ()] == [
        (one.name, one.severity) for one in categories if one.category_id in shown
    ]


@given(
    st.lists(
        st.tuples(
            NAMES,
            st.none() | st.integers(1, 10_000),
            st.none() | st.dates(date(2020, 1, 1), date(2037, 12, 31)),
            st.none() | st.integers(1, 99),
        ),
        max_size=8,
        unique_by=lambda one: one[0],
    )
)
def test_what_the_form_shows_of_batches_reads_back_as_it_was(
    made: list[tuple[str, int | None, date | None, int | None]],
) -> None:
    batches = [
        Batch(batch_id=n, name=name, size=size, due=due, priority=priority)
        for n, (name, size, due, priority) in enumerate(made)
    ]
    lines, shown = batch_lines(batches)
    back = read(batches="\n".join(lines)).batches if lines else ()
    assert list(back or ()) == [
        NewBatch(name=one.name, size=one.size, due=one.due, priority=one.priority)
        for one in batches
        if one.batch_id in shown
    ]


def test_what_does_not_fit_is_not_shown_and_definitions_go_first() -> None:
    categories = [
        Category(
            category_id=n,
            name=f"Category {n:02d}",
            definition="x" * 200,
            severity=Severity.ERROR,
            section=None,
            position=n,
        )
        for n in range(60)
    ]
    lines, shown = category_lines(categories)
    assert len(shown) == 60
    assert lines[0] == "Category 00"
    lines, shown = category_lines(categories, limit=120)
    assert shown == frozenset(range(10))
    assert sum(len(line) + 1 for line in lines) <= 120
