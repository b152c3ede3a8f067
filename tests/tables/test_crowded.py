"""Two numbers between two pipes stand in one cell; the cells beside them stay where they are."""

from __future__ import annotations

import pytest

from nlp.tables.linear import _split_line


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
