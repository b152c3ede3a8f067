"""What is crowded into one cell, or stands outside of all, leaves the others where they are."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from nlp.documents import AnnualReport, Grid, GridCell, Paragraph
from nlp.form import load_form
from nlp.tables.columns import find_header, place_values
from nlp.tables.linear import _split_line, tokenize
from nlp.tables.rows import iterate_rows
from nlp.tables.values import is_odd_number

FORM = load_form("2021")


@pytest.mark.parametrize(
    ("line", "values"),
    [
        # Two numbers in the last cell: one value, that nobody can read.
        ("6.属于 | | | 136 | | | | 136 136 |", ["", "", "136", "", "", "", "136 136"]),
        # Thousands set off by a blank.
        ("办理 | 1 | 1 136 | 0 | 2 | 3 |", ["1", "1 136", "0", "2", "3"]),
        # Pipes round the label only: the numbers are parted by blanks.
        ("办理 | 1 2 3 4 5 6 21 |", ["1", "2", "3", "4", "5", "6", "21"]),
        # Pipes round groups of columns are not pipes round cells.
        ("办理 | 1 2 3 | 4 5 6 | 21 |", ["1", "2", "3", "4", "5", "6", "21"]),
    ],
)
def test_numbers_between_pipes(line: str, values: list[str]) -> None:
    pieces, _ = _split_line(line, False, False)
    assert [text for text, is_value in pieces if is_value] == values


ROWS = """一、新收 | | 7 | 48 | | | | 55 |
{}
二、结转 | | | 1 | | | | 1 |
三、办理 | | 7 | 49 | | | | 56 |"""


@pytest.mark.parametrize("line", ["3", "- 3 -", "— 12 —", "第 3 页 共 6 页", "3/6"])
def test_a_page_number_between_rows_with_pipes_is_in_no_cell(line: str) -> None:
    text = ROWS.format(line)
    [paragraph] = [Paragraph(0, len(text), "table", "三", 1)]
    report = SimpleNamespace(text=text, segments=(), tables=())
    values = [t.text for t in tokenize(cast(AnnualReport, report), [paragraph]) if t.is_value]
    assert values == [
        *["", "7", "48", "", "", "", "55"],
        *["", "", "1", "", "", "", "1"],
        *["", "7", "49", "", "", "", "56"],
    ]


def test_a_number_below_an_open_cell_is_its_value() -> None:
    text = ROWS.format("3 |").replace(" 55 |", "")
    [paragraph] = [Paragraph(0, len(text), "table", "三", 1)]
    report = SimpleNamespace(text=text, segments=(), tables=())
    values = [t.text for t in tokenize(cast(AnnualReport, report), [paragraph]) if t.is_value]
    assert values[:7] == ["", "7", "48", "", "", "", "3"]


ODD = ["3（含上年2）", "12 3", "约5", "5/5"]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("label", ["（一）予以公开", ""])
def test_one_cell_that_cannot_be_read_leaves_the_others_in_their_columns(
    odd: str, label: str
) -> None:
    # The head tells where each cell stands; without the row's label it may be the label itself.
    width = len(FORM.applicants)
    heads = [GridCell(0, at + 1, c.key, 1, None) for at, c in enumerate(FORM.applicants)]
    texts = [label, "7", odd, *["0"] * (width - 3), "9"]
    cells = [GridCell(1, at, text, 1, None) for at, text in enumerate(texts)]
    grid = Grid(1, 1, 2, width + 1, (*heads, *cells))
    head, row = iterate_rows(grid)
    labels, values, placed = place_values(row, find_header([head], FORM.applicants), width)
    assert placed is bool(label)
    if placed:
        assert [cell.text for cell in labels] == [label]
        assert [cell.text for cell in values] == texts[1:]


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        ("3①", True),
        ("(5)", True),
        ("3", False),  # a number
        ("", False),
        ("见附件", False),  # no digit: it may be a label
        ("1.属于国家秘密", False),
        ("第二十条第（一）项", False),
        ("3" * 13 + "①", False),
    ],
)
def test_numbers_with_a_note(text: str, odd: bool) -> None:
    assert is_odd_number(text) is odd
