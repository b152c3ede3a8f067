"""Marks become printed lines and the text of cells: the reference layout, for plain pages.

What is written here for speed gives the same text as ``nlp.read.pdf.layout``; vertical and
turned characters are handed to that module itself.
"""

from __future__ import annotations

import statistics
from bisect import bisect_right
from collections.abc import Sequence

from nlp.read.pdf import layout
from nlp.read.pdf.fast.paths import DeclinedError
from nlp.read.pdf.fast.pieces import LOST, Inner, Mark, owner_of_last, split_marks, start_of_last
from nlp.read.pdf.lattice import Lattice
from nlp.read.pdf.marks import Glyph, Turn

# As in the reference layout: see there.
_SAME_LINE = 0.45
_TOUCHING = 0.12
_WORD_GAP = 0.2
_LOOSE_GAP = 0.5
_COLUMN_GAP = 0.9
# A space that opens no gap is a relic of text struck twice.
_SPACE_GAP = 0.1
# Neighbours overlap by more than this share of the narrower one only where something is
# printed over something else.
_OVERLAP = 0.5
# A character may stand over the edge of its cell by this much (em).
_OVER_EDGE = 0.15


def join_row(row: list[Mark], strict: bool = True) -> str:
    """Join the marks of one line from left to right.

    Parameters
    ----------
    row : list of Mark
        Is sorted in place.
    strict : bool
        Whether letters over each other may be a correction (digits always may).

    Raises
    ------
    DeclinedError
        Where different characters are printed over each other.

    Examples
    --------
    >>> row = [(5.0, 0.0, 10.0, 10.0, "规", 1, 0, ()), (5.0, 10.0, 20.0, 10.0, "章", 1, 0, ())]
    >>> join_row([*row, (5.0, 60.0, 65.0, 10.0, "0", 2, 0, ())])
    '规章  0'
    """
    if len(row) == 1:
        return row[0][4].strip()
    row.sort(key=_left)
    out: list[str] = []
    space = False
    end = last_size = last_start = 0.0
    last = ""
    inner: Inner = ()
    for _, x0, x1, size, char, _, _, own in row:
        if char == " ":
            if inner and x0 <= start_of_last(inner):
                return join_row(split_marks(row), strict)
            space = space or last != ""
            continue
        if last:
            gap = x0 - end
            if gap < -0.2 and (inner or own):
                # Something is printed in the middle of a piece: character by character.
                return join_row(split_marks(row), strict)
            if gap < -0.2 and gap < -_OVERLAP * min(x1 - x0, end - last_start):
                if char == last and x0 - last_start < 0.35 * (x1 - x0):
                    continue  # struck twice
                if strict or char.isascii() or last.isascii():
                    raise DeclinedError("有的字印在别的字上")
            gap /= max(min(size, last_size), 1.0)
            if gap > _COLUMN_GAP:
                out.append("  ")
            elif space:
                if gap > _SPACE_GAP:
                    out.append(" ")
            elif gap > _WORD_GAP and gap > (
                _WORD_GAP if _is_latin(last[-1]) and _is_latin(char[0]) else _LOOSE_GAP
            ):
                out.append(" ")
        out.append(char)
        last, last_size, last_start, end, space, inner = char, size, x0, x1, False, own
    return "".join(out)


def _left(mark: Mark) -> float:
    return mark[1]


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def split_rows(marks: list[Mark]) -> list[list[Mark]]:
    """Put flat marks into printed lines, from top to bottom."""
    rows: list[list[Mark]] = []
    row: list[Mark] = []
    middle = tallest = 0.0
    held = 0
    for mark in sorted(marks):
        y, size = mark[0], mark[3]
        count = len(mark[7][1]) if mark[7] else 1
        if row and y - middle < _SAME_LINE * (size if size > tallest else tallest):
            held += count
            middle += (y - middle) * count / held
            if size > tallest:
                tallest = size
            row.append(mark)
        else:
            row = [mark]
            rows.append(row)
            middle, tallest, held = y, size, count
    return rows


def print_lines(marks: list[Mark], strict: bool = True) -> list[layout.PrintedLine]:
    """Put marks into printed lines; see :func:`nlp.read.pdf.layout.print_lines`."""
    flat = [mark for mark in marks if mark[6] in (0, 180)]
    lines = []
    for row in split_rows(flat):
        seen = [mark for mark in row if mark[4] != " "]
        if not seen:
            continue
        text = join_row(row, strict)
        half = max(mark[3] for mark in seen) / 2
        box = (
            min(mark[1] for mark in seen),
            min(mark[0] for mark in seen) - half,
            max(mark[2] for mark in seen),
            max(mark[0] for mark in seen) + half,
        )
        sizes = {mark[3] for mark in seen}
        size = sizes.pop()
        if sizes:
            size = statistics.median_low([mark[3] for mark in split_marks(seen)])
        lines.append(layout.PrintedLine(text, box, round(size, 2)))
    if len(flat) < len(marks):
        tall = [as_glyph(mark) for mark in marks if mark[6] not in (0, 180)]
        lines += layout.print_lines(tall)
    return sorted(lines, key=lambda line: (line.box[1], line.box[0]))


def as_glyph(mark: Mark) -> Glyph:
    """Give the mark of one character as the reference layout knows it."""
    y, x0, x1, size, char, owner, kind, _ = mark
    turn: Turn = 90 if kind == 90 else 180 if kind == 180 else 270 if kind == 270 else 0
    # the tight box of a comma is no measure of its place
    half = (x1 - x0) / 2 if kind in (0, 180) else size / 2
    x = (x0 + x1) / 2
    tall = kind == -1
    return Glyph(char, x - half, y - size / 2, x + half, y + size / 2, size, turn, tall, 0, owner)


def cell_text(marks: list[Mark], strict: bool = True) -> str:
    """Give the text of a cell, a newline between its printed lines."""
    if len(marks) == 1:
        return marks[0][4].strip()
    if any(mark[6] for mark in marks):
        return layout.cell_text([as_glyph(mark) for mark in split_marks(marks)])
    first = marks[0][0]
    if all(mark[0] == first for mark in marks):
        return join_row(marks, strict)
    parts = [part for row in split_rows(marks) if (part := join_row(row, strict))]
    if len(parts) >= 3 and all(len(part) == 1 and not part.isascii() for part in parts):
        return "".join(parts)  # a vertical label set one character a line
    return "\n".join(parts)


def fill_lattice(lattice: Lattice, marks: Sequence[Mark], strict: bool = True) -> list[str]:
    """Put each mark into the cell where its middle is.

    Returns
    -------
    list of str
        The text of each of ``lattice.cells``.

    Raises
    ------
    DeclinedError
        Where characters stand on a rule, or one printed run is cut by one: which cell
        they belong to is for the reference reader to judge.
    """
    xs, ys = lattice.xs, lattice.ys
    inner_x, inner_y = xs[1:-1], ys[1:-1]
    owner = [[0] * (len(xs) - 1) for _ in range(len(ys) - 1)]
    edges = []
    for index, cell in enumerate(lattice.cells):
        columns = range(cell.column, cell.column + cell.colspan)
        for row in range(cell.row, cell.row + cell.rowspan):
            for column in columns:
                owner[row][column] = index
        edges.append((xs[cell.column], xs[cell.column + cell.colspan]))
    inside: list[list[Mark]] = [[] for _ in lattice.cells]
    last_cell = last_thing = -1
    last_end = last_y = 0.0
    todo = list(reversed(marks))
    while todo:
        mark = todo.pop()
        y, x0, x1, size, char, thing, kind, inner = mark
        home = owner[bisect_right(inner_y, y)][bisect_right(inner_x, (x0 + x1) / 2)]
        if char == " ":
            inside[home].append(mark)
            continue
        left, right = edges[home]
        if inner and not (left <= x0 and x1 <= right):
            todo.extend(reversed(split_marks([mark])))
            continue
        if left - x0 > _OVER_EDGE * size or x1 - right > _OVER_EDGE * size:
            # A mark of punctuation may hang over; it goes with the character before it.
            follows = abs(y - last_y) < _SAME_LINE * size and abs(x0 - last_end) < _WORD_GAP * size
            if char.isalnum() or not follows:
                raise DeclinedError("表格中有字压在格线上")
            home = last_cell
        inside[home].append(mark)
        if (
            home != last_cell
            and thing == last_thing
            and kind == 0
            and abs(y - last_y) < _SAME_LINE * size
            and abs(x0 - last_end) <= _TOUCHING * size
        ):
            raise DeclinedError("表格中有相连的字跨过格线")
        last_cell, last_end, last_y = home, x1, y
        last_thing = owner_of_last(inner) if inner else thing
    if any(held and all(m[5] == LOST for m in held) for held in inside):
        raise DeclinedError("表格中有空格或看不见的字")
    return [cell_text(held, strict) if held else "" for held in inside]
