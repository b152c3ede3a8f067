"""Spans that do not fit the grid: heads over the labels, a number merged into the next row."""

from __future__ import annotations

from nlp.documents import Grid, GridCell
from nlp.form import load_form
from nlp.tables.align import PrintedRow, RawValue, align_rows
from nlp.tables.columns import find_header
from nlp.tables.repeated import conflicting_rows
from nlp.tables.requests import _reaches_down
from nlp.tables.rows import GridRow, raw_value

HEADS = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]


def make_row(cells: list[GridCell], number: int = 0) -> GridRow:
    return GridRow(Grid(1, 0, 4, 10, tuple(cells)), number, tuple(cells))


def test_heads_that_slid_over_the_labels_keep_the_form_s_order() -> None:
    # The corner spans two rows in the place of three: the third row begins too far left.
    upper = [GridCell(1, 3, HEADS[0], 1, None, 2), GridCell(1, 9, HEADS[6], 1, None, 2)]
    places = [0, 1, 2, 4, 5]
    lower = [GridCell(2, at, text, 1) for at, text in zip(places, HEADS[1:6], strict=True)]
    found = find_header([make_row(upper, 1), make_row(lower, 2)], load_form("2021").applicants)
    assert found is not None
    assert found.edges is None and found.order == tuple(range(7))
    # Exchanged within their row, they say that the order is another, but not which.
    swapped = [
        GridCell(2, at, text, 1)
        for at, text in zip(places, [HEADS[2], HEADS[1], *HEADS[3:6]], strict=True)
    ]
    found = find_header([make_row(upper, 1), make_row(swapped, 2)], load_form("2021").applicants)
    assert found is not None and found.order is None


def test_a_number_merged_into_the_row_below_is_that_row_s_only_where_the_sum_says_so() -> None:
    def reaches(total: str) -> bool:
        cells = [GridCell(4, 3, "7", 1, None, 2), *(GridCell(5, n, "", 1) for n in range(4, 9))]
        cells.append(GridCell(5, 9, total, 1))
        return _reaches_down(make_row(cells, 5), cells, [raw_value(cell) for cell in cells])

    assert reaches("") and reaches("3")
    assert not reaches("7")


def test_last_year_s_table_that_lacks_its_first_row_is_a_table_all_the_same() -> None:
    rows = load_form("2021").requests
    wanted = rows[:8]

    def printed(offset: int, start: int) -> list[PrintedRow]:
        return [
            PrintedRow((row.label,), tuple(RawValue(str(offset + n), 1) for n in range(7)), True, 1)
            for row in wanted[start:]
        ]

    both = [*printed(0, 0), *printed(10, 1)]
    found = conflicting_rows(both, align_rows(both, rows)[1])
    assert {row.no for row in wanted[1:]} <= set(found)
