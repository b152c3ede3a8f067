"""Table four where a page ends within it: its one row of numbers, or the heads above it."""

from __future__ import annotations

import pytest

from nlp.documents import Grid, GridCell
from nlp.form import load_form
from nlp.tables.align import RawValue
from nlp.tables.linear import Token
from nlp.tables.review import read_review
from nlp.tables.rows import iterate_rows
from nlp.tables.settle import place_totals

FORM = load_form("2021")
NAMES = list(FORM.results) * 3
ROW = [3, 0, 1, 0, 4, *[0] * 10]


def _grid(number: int, *rows: list[str]) -> Grid:
    cells = [
        GridCell(r, c, text, number, None)
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    ]
    return Grid(number, number, len(rows), 15, tuple(cells))


def _read(*grids: Grid) -> list[float | None]:
    parts = [list(iterate_rows(grid)) for grid in grids]
    return [cell.value for cell in read_review(parts, [], FORM)]


def test_numbers_on_both_sides_of_a_page_end_are_one_row() -> None:
    upper = [str(n) if at % 2 else "" for at, n in enumerate(ROW)]
    lower = ["" if at % 2 else str(n) for at, n in enumerate(ROW)]
    assert _read(_grid(1, NAMES, upper), _grid(2, lower)) == ROW


@pytest.mark.parametrize(
    ("at", "number"),
    [
        (0, "2"),  # a sum does not hold: not the halves of one row
        (1, "0"),  # a column has a number in both
    ],
)
def test_halves_that_do_not_fit_are_in_doubt(at: int, number: str) -> None:
    upper = [str(n) if at % 2 else "" for at, n in enumerate(ROW)]
    lower = ["" if at % 2 else str(n) for at, n in enumerate(ROW)]
    lower[at] = number
    assert _read(_grid(1, NAMES, upper), _grid(2, lower)) == [None] * 15


def test_heads_that_a_page_end_cut_are_no_numbers() -> None:
    upper = [name if name == "总计" else "" for name in NAMES]
    lower = ["" if name == "总计" else name for name in NAMES]
    assert _read(_grid(1, upper), _grid(2, lower, list(map(str, ROW)))) == ROW


def _values(*numbers: int) -> tuple[RawValue, ...]:
    return tuple(RawValue(str(number), 1) for number in numbers)


def test_a_lone_0_is_a_total_only_where_every_row_has_one() -> None:
    # 1, 3.1 and 3.7 tell numbers and their sum; in all other rows a 0 stands alone.
    rows = [row.no for row in FORM.requests]
    summed = dict.fromkeys(("1", "3.1", "3.7"), _values(5, 2, 7))
    short = {no: summed.get(no, _values(0)) for no in rows}
    assert place_totals({}, short, 7, FORM) == set(rows)
    # Where a row has nothing at all, totals of 0 are not printed, and a 0 stands elsewhere.
    del short["3.5.1"]
    assert place_totals({}, short, 7, FORM) == set(summed)


LINES = [
    # a doubled line and a lost blank move the numbers of two groups
    ("2 2 2 2 0 6 5 1 0 0 6 2 0 0 3", False, "unreadable"),
    # of one group: in doubt where other rows have lost blanks
    ("2 2 2 0 4 5 1 0 0 6 0 0 0 0 0", True, "unreadable"),
    # else it is the report's own error
    ("2 2 2 0 4 5 1 0 0 6 0 0 0 0 0", False, "number"),
    # all add up: nothing is in doubt
    ("2 2 0 0 4 5 1 0 0 6 0 0 0 0 0", True, "number"),
]


@pytest.mark.parametrize(("numbers", "lost", "state"), LINES)
def test_sums_that_fail_where_blanks_are_lost(numbers: str, lost: bool, state: str) -> None:
    words = ["行政复议", "行政诉讼", *NAMES, *numbers.split()]
    tokens = [Token(word, word.isdigit(), 1, at, None) for at, word in enumerate(words)]
    cells = read_review([], tokens, FORM, blanks_lost=lost)
    assert {cell.state for cell in cells} - {"zero"} == {state}
