"""Dialects, headers, ragged rows, and quotes that were never closed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import IntakeError
from bot.intake.files import examine
from bot.intake.layouts import LAYOUTS, match, normalised
from bot.intake.tables import MAX_CELL, CsvTable, Row
from bot.rules.intake import FileKind, Reason, Rejected

LAYOUT = LAYOUTS[FileKind.SUBMISSIONS]
HEAD = "task,contributor,submitted_at,label\n"


def table(text: str) -> CsvTable:
    return CsvTable(examine(text.encode(), "work.csv"), LAYOUT)


def rows(text: str) -> list[Row]:
    return list(table(text).rows())


def good(text: str) -> list[tuple[int, list[str]]]:
    return [(row, cells) for row, cells in rows(text) if not isinstance(cells, Rejected)]


def bad(text: str) -> list[tuple[int, Reason]]:
    return [(row, cells.reason) for row, cells in rows(text) if isinstance(cells, Rejected)]


def refused(text: str) -> IntakeError:
    with pytest.raises(IntakeError) as caught:
        table(text)
    return caught.value


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_delimiter_and_line_end(delimiter: str, end: str) -> None:
    lines = [delimiter.join(line) for line in (["task", "Worker", "submitted_at"], ["1", "a", "t"])]
    text = end.join(lines) + end
    assert rows(text) == [(2, ["1", "a", "t"])]
    assert table(text).shape.delimiter == delimiter


def test_the_delimiter_is_the_one_that_makes_columns_of_the_header() -> None:
    text = 'task;contributor;submitted_at;"label, final";x,y,z\n1;a;t;l;q\n'
    assert table(text).shape.delimiter == ";"


def test_excel_says_its_delimiter_in_a_line_of_its_own() -> None:
    assert rows("sep=|\ntask|contributor|submitted_at\n1|a|t\n") == [(3, ["1", "a", "t"])]


@pytest.mark.parametrize(
    "heading",
    ["task", "Task", " TASK ", "Task ID", "task-id", "taskId", "ｔａｓｋ", "task_id\u00a0", "item"],
)
def test_headings_match_whatever_their_spelling(heading: str) -> None:
    assert match(LAYOUT, [heading]).positions == {"task": 0}


def test_an_own_name_wins_over_aliases_and_earlier_aliases_over_later_ones() -> None:
    found = match(LAYOUT, ["user", "worker", "contributor", "created_at", "submit_time"])
    assert found.positions == {"contributor": 2, "submitted_at": 4}
    assert found.ignored == ("user", "worker", "created_at")


def test_no_heading_means_two_columns_of_a_layout() -> None:
    for layout in LAYOUTS.values():
        meanings = {}
        for column, aliases in layout.names.items():
            for spelling in map(normalised, (column, *aliases)):
                assert meanings.setdefault(spelling, column) == column


def test_missing_columns_are_named_together_with_what_is_there() -> None:
    error = refused("Worker,when,label\n1,2,3\n")
    assert error.code == "columns_missing"
    assert error.fields["missing"] == ["task", "submitted_at"]
    assert error.fields["found"] == ["Worker", "when", "label"]


def test_what_is_found_is_told_cut_short() -> None:
    error = refused(",".join(f"column {n} {'x' * 90}" for n in range(200)) + "\n")
    assert len(error.fields["found"]) == 30
    assert max(map(len, error.fields["found"])) == 40


def test_two_columns_of_the_same_name_cannot_be_told_apart() -> None:
    error = refused("task,contributor,submitted_at,Task\n1,a,t,2\n")
    assert (error.code, error.fields["column"]) == ("column_twice", "task")


def test_other_columns_may_have_the_same_name() -> None:
    assert rows("task,contributor,submitted_at,x,x\n1,a,t,p,q\n") == [
        (2, ["1", "a", "t", "p", "q"])
    ]


@pytest.mark.parametrize("text", ["\n", " \n\r\n", ",,,\n;;\n"])
def test_blanks_are_no_header(text: str) -> None:
    assert refused(text).code == "file_without_header"


def test_a_header_alone_has_no_rows() -> None:
    assert rows(HEAD) == []
    assert rows(HEAD.strip()) == []


def test_blank_rows_count_as_rows_and_are_left_out() -> None:
    text = f"\n,,,\n{HEAD}1,a,t,x\n\n,,,\n   \n2,a,t,x\n"
    assert good(text) == [(4, ["1", "a", "t", "x"]), (8, ["2", "a", "t", "x"])]
    assert bad(text) == []


def test_a_quoted_line_break_is_one_row() -> None:
    text = HEAD + '1,a,t,"one\ntwo\r\nthree"\n2,a,t,x\n'
    assert rows(text) == [(2, ["1", "a", "t", "one\ntwo\r\nthree"]), (3, ["2", "a", "t", "x"])]


def test_a_header_may_hold_line_breaks() -> None:
    assert rows('"task\nid",contributor,submitted_at\n1,a,t\n') == [(2, ["1", "a", "t"])]


def test_quotes_and_delimiters_inside_quotes() -> None:
    assert rows(HEAD + '1,a,t,"say ""a, b"""\n') == [(2, ["1", "a", "t", 'say "a, b"'])]
    assert rows(HEAD + '1, "a, b" ,t,5" pipe\n') == [(2, ["1", "a, b ", "t", '5" pipe'])]


def test_ragged_rows_are_refused_unless_only_blanks_are_too_many() -> None:
    text = HEAD + "1,a,t\n2,a,t,x,,\n3,a,t,x, ,y\n"
    assert good(text) == [(3, ["2", "a", "t", "x"])]
    assert rows(text)[0] == (
        2,
        Rejected(2, None, Reason.TOO_FEW_CELLS, {"expected": 4, "found": 3}),
    )
    assert rows(text)[2] == (
        4,
        Rejected(4, None, Reason.TOO_MANY_CELLS, {"expected": 4, "found": 6}),
    )


def test_blanks_behind_the_header_do_not_widen_it() -> None:
    assert rows("task,contributor,submitted_at,,\n1,a,t,,\n2,a,t\n") == [
        (2, ["1", "a", "t"]),
        (3, ["2", "a", "t"]),
    ]


def test_a_quote_never_closed_costs_its_row_alone() -> None:
    text = HEAD + '1,a,t,"open\n2,a,t,x\n3,a,t,"closed"\n4,a,t,x\n'
    assert bad(text) == [(2, Reason.UNCLOSED_QUOTE)]
    assert [cells[0] for _, cells in good(text)] == ["2", "3", "4"]
    assert [row for row, _ in good(text)] == [3, 4, 5]


def test_a_quote_open_until_the_end_costs_its_row_alone() -> None:
    for end in ("", "\n"):
        text = HEAD + '1,a,t,x\n2,a,t,"open\n3,a,t,x' + end
        assert bad(text) == [(3, Reason.UNCLOSED_QUOTE)]
        assert [cells[0] for _, cells in good(text)] == ["1", "3"]
    assert bad(HEAD + '1,a,t,"cut o') == [(2, Reason.UNCLOSED_QUOTE)]


def test_ten_thousand_open_quotes_cost_ten_thousand_rows() -> None:
    text = HEAD + "".join(f'{n},a,t,"open\n{n},a,t,x\n' for n in range(10_000))
    assert len(bad(text)) == 10_000
    assert len(good(text)) == 10_000


def test_an_open_quote_before_a_long_file_costs_its_row_alone() -> None:
    text = HEAD + '1,a,t,"open\n' + "2,a,t,xxxxxxxxxxxxxxxx\n" * 20_000
    assert bad(text) == [(2, Reason.UNCLOSED_QUOTE)]
    assert len(good(text)) == 20_000


def test_a_cell_too_long_for_anybody_costs_its_row_alone() -> None:
    text = HEAD + f"1,a,t,{'x' * (MAX_CELL + 1)}\n2,a,t,x\n"
    assert rows(text)[0][1] == Rejected(2, None, Reason.TOO_LONG, {"limit": MAX_CELL})
    assert good(text) == [(3, ["2", "a", "t", "x"])]


def test_a_row_of_endless_lines_is_an_open_quote() -> None:
    text = HEAD + "1,a,t" + ',"\n"' * 30_000 + "\n2,a,t,x\n"
    assert good(text)[-1][1] == ["2", "a", "t", "x"]
    assert Reason.UNCLOSED_QUOTE in {reason for _, reason in bad(text)}


@given(
    st.lists(
        st.text(alphabet='ab,; \t"\r\n', max_size=12).map(lambda line: f"{line}\n"), max_size=40
    )
)
def test_counting_rows_counts_what_is_read(lines: list[str]) -> None:
    text = "task,contributor,submitted_at\n" + "".join(lines)
    found = table(text)
    assert found.count() == len(list(found.rows()))
