"""Marks: what the fast reader keeps of characters, alone or several side by side.

A page has some eight hundred characters, and nearly all of them only ever travel with their
neighbours.  So characters side by side are one mark, which knows where its characters can be
looked up; those of a mark that something cuts in two are made when they are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

# The text object of what PDFium drops: a space, or a glyph without an outline.
LOST = 0
# What each character of a page is, its text object, its loose box (four numbers each, one
# after the other), and the left edge of the visible page.
Columns = tuple[Sequence[str], Sequence[int], Sequence[float], float]
# Where the characters of a mark stand in the columns; nothing where it is only one.
Inner = tuple[()] | tuple[Columns, list[int]]
# y of the middle, x0, x1, size, text, text object, turn (0, 90, 180, 270; -1: vertical font),
# and, where several characters stand side by side, where they are.
Mark = tuple[float, float, float, float, str, int, int, Inner]


def split_marks(marks: Iterable[Mark]) -> list[Mark]:
    """Give the mark of each single character.

    Examples
    --------
    >>> columns = ["1", "件"], [7, 7], [0.0, 9.0, 9.0, 1.0, 9.0, 9.0, 18.0, 1.0], 0.0
    >>> split_marks([(5.0, 0.0, 18.0, 10.0, "1件", 7, 0, (columns, [0, 1]))])
    [(5.0, 0.0, 9.0, 10.0, '1', 7, 0, ()), (5.0, 9.0, 18.0, 10.0, '件', 7, 0, ())]
    """
    single: list[Mark] = []
    for mark in marks:
        if not mark[7]:
            single.append(mark)
            continue
        y, size = mark[0], mark[3]
        (texts, owners, boxes, left), places = mark[7]
        single += [
            (y, boxes[4 * k] - left, boxes[4 * k + 2] - left, size, texts[k], owners[k], 0, ())
            for k in places
        ]
    return single


def count_characters(marks: Iterable[Mark]) -> int:
    """Count the characters of marks, spaces left out."""
    return sum([len(mark[7][1]) if mark[7] else 1 for mark in marks if mark[4] != " "])


def start_of_last(inner: tuple[Columns, list[int]]) -> float:
    """Give the left edge of the last character of a mark."""
    (_, _, boxes, left), places = inner
    return boxes[4 * places[-1]] - left


def owner_of_last(inner: tuple[Columns, list[int]]) -> int:
    """Give the text object of the last character of a mark."""
    (_, owners, _, _), places = inner
    return owners[places[-1]]
