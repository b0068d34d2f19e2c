"""Tables of the shell lose nothing, however narrow the terminal is."""

import pytest

from bot.cli import tables

COLUMNS = ("of", "accepted", "95% interval", "n", "errors", "errors per audit", "turnaround")
ROW = ("escalations.overdue", "93.3%", "79.6% to 98.1%", "1 234 (worth 988)", "1", "0.10", "2.07 h")


def shown(capsys: pytest.CaptureFixture[str]) -> str:
    made = tables.table(COLUMNS, title="Kestrel", figures=True)
    made.add_row(*ROW)
    tables.show(made)
    return capsys.readouterr().out


@pytest.mark.parametrize("width", [66, 80, 200])
def test_a_terminal_folds_and_cuts_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    text = shown(capsys)
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= width
    letters = sorted("".join((*COLUMNS, *ROW, "Kestrel")).replace(" ", ""))
    assert sorted(text.replace(" ", "").replace("\n", "").replace("─", "")) == letters
    for header in COLUMNS:  # their words stay whole
        assert all(word in text.split() for word in header.split())


def test_a_pipe_gets_a_line_for_a_row(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    line = shown(capsys).splitlines()[4]
    assert all(cell in line for cell in ROW)
