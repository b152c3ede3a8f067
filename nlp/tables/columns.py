"""Find a table's columns by what their headers say, in whatever order they are printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from nlp.documents import GridCell
from nlp.form import Column, fold_label, label_likeness
from nlp.tables.align import RawValue
from nlp.tables.rows import GridRow, center, extent, flat
from nlp.tables.values import is_odd_number, is_value_text

COLUMN_LIKENESS = 0.75
# Edges of neighbours differ by less than this (points; columns are counted in ones).
_TOUCHING = 0.5


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns of a table are.

    Parameters
    ----------
    edges : tuple of (left, right), or None
        Extent of each of the form's columns in the form's order; None unless all were found.
    order : tuple of int, or None
        The form's columns from left to right as printed; None where the header says that
        the order is not the form's, but not wholly what it is.
    beyond : float or None
        Where columns begin, behind the form's last, that the form does not have (备注).
    """

    edges: tuple[tuple[float, float], ...] | None
    order: tuple[int, ...] | None
    beyond: float | None = None


def column_of(text: str, columns: Sequence[Column]) -> int | None:
    """Give the index of the column that a header cell names, or None."""
    folded = fold_label(text)
    if not folded:
        return None
    for index, column in enumerate(columns):
        if folded in column.labels:
            return index
    scores = [
        max((label_likeness(folded, label) for label in column.labels), default=0.0)
        for column in columns
    ]
    best = max(scores, default=0.0)
    if best < COLUMN_LIKENESS or scores.count(best) > 1:
        return None
    return scores.index(best)


def find_header(rows: Sequence[GridRow], columns: Sequence[Column]) -> Header | None:
    """Find the columns in header rows; None when not a single one is named there."""
    cells: dict[tuple[int, int, int], GridCell] = {}
    for row in rows:
        for cell in row.cells:
            cells[row.grid.number, cell.row, cell.column] = cell
    named: dict[int, GridCell] = {}
    twice: set[int] = set()
    for cell in cells.values():
        index = column_of(flat(cell), columns)
        if index is None:
            continue
        other = named.setdefault(index, cell)
        if extent(other) == extent(cell):
            continue
        # 合计 beside 总计: the form's own word is the column; else it is not known which.
        own = [c for c in (other, cell) if fold_label(flat(c)) == fold_label(columns[index].key)]
        if len(own) == 1:
            named[index] = own[0]
        else:
            twice.add(index)
    if not named:
        return None
    if _overlap(list(named.values())) or _gap(list(named.values()), len(columns)):
        # Spans that do not fit the grid: only the order in each of the header's rows is left.
        in_order = all(
            a < b
            for a, x in named.items()
            for b, y in named.items()
            if x.row == y.row and x.column < y.column
        )
        return Header(None, tuple(range(len(columns))) if in_order else None)
    printed = sorted(named, key=lambda index: center(named[index]))
    if len(named) == len(columns) and not twice:
        edges = tuple(extent(named[index]) for index in range(len(columns)))
        end = max(right for _, right in edges)
        if columns[-1].key == "总计" and printed[-1] != len(columns) - 1:
            return Header(None, None)  # the sum stands last; wrong spans have moved the heads
        behind = (extent(c)[0] for c in cells.values() if c.text.strip())
        beyond = min((left for left in behind if left >= end - _TOUCHING), default=None)
        return Header(edges, tuple(printed), beyond)
    known = printed == sorted(printed)
    return Header(None, tuple(range(len(columns))) if known else None)


def _overlap(cells: Sequence[GridCell]) -> bool:
    """Tell whether two cells stand over the same column (touching edges are none)."""
    spans = sorted(extent(cell) for cell in cells)
    return any(right > left + _TOUCHING for (_, right), (left, _) in pairwise(spans))


def _gap(cells: Sequence[GridCell], width: int) -> bool:
    """Tell whether heads that are all there leave a column of the grid without one.

    A wrong span in the rows above has then moved some of them over the labels.  Where ruling
    lines say where the heads are, they are where they are.
    """
    if len(cells) < width or any(cell.box is not None for cell in cells):
        return False
    spans = sorted(extent(cell) for cell in cells)
    return any(left - right > _TOUCHING for (_, right), (left, _) in pairwise(spans))


def in_form_order(values: Sequence[RawValue], order: Sequence[int]) -> tuple[RawValue, ...]:
    """Bring values from their printed order into the form's."""
    placed = list(values)
    for value, index in zip(values, order, strict=True):
        placed[index] = value
    return tuple(placed)


def place_values(
    row: GridRow,
    header: Header | None,
    width: int,
    empty: frozenset[int] = frozenset(),
    label_end: float | None = None,
) -> tuple[list[GridCell], list[GridCell], bool]:
    """Split a row into label cells and value cells; True when the values are placed.

    Position decides where the header is known and each column has exactly one cell; the
    count decides where the source gives spans that differ from row to row.  Placed values
    are in the form's order.
    """
    cells = list(row.cells)
    edges = header.edges if header else None
    if header and header.beyond is not None:
        limit = header.beyond - _TOUCHING
        cells = [cell for cell in cells if extent(cell)[0] < limit]
    if edges:
        hit: list[list[GridCell]] = [[] for _ in edges]
        labels: list[GridCell] = []
        # Without boxes a row that runs past the header has spans of its own.
        end = max((extent(c)[1] for c in cells if c.box is None), default=0.0)
        clean = end <= max(b for _, b in edges)
        leftmost = min(a for a, _ in edges)
        for cell in cells:
            left, right = extent(cell)
            inside = [i for i, (a, b) in enumerate(edges) if left < (a + b) / 2 < right]
            if len(inside) == 1:
                hit[inside[0]].append(cell)
            elif inside:
                clean = False
            elif center(cell) < leftmost:
                labels.append(cell)
            elif cell.text.strip():
                clean = False
        if clean and all(len(group) == 1 for group in hit):
            found = [group[0] for group in hit]
            odd = [cell for cell in found if not is_value_text(cell.text)]
            # One that cannot be read is in doubt alone, where the row has its label beside it.
            named = any(cell.text.strip() and not is_value_text(cell.text) for cell in labels)
            if not odd or (named and len(odd) == 1 and is_odd_number(odd[0].text)):
                return labels, found, True
    labels, values = _by_count(cells, width, None)
    if len(values) != width and empty:
        fewer = [c for c in cells if not (c.column in empty and c.colspan == 1)]
        labels, values = _by_count(fewer, width, None)
    if len(values) != width:
        labels, values = _by_count(cells, width, label_end)
    order = header.order if header else tuple(range(width))
    if len(values) != width or order is None:
        return labels, values, False
    arranged = list(values)
    for value, index in zip(values, order, strict=True):
        arranged[index] = value
    return labels, arranged, True


def _by_count(
    cells: list[GridCell], width: int, label_end: float | None
) -> tuple[list[GridCell], list[GridCell]]:
    """Split a row behind its last text; empty cells in excess belong to the labels."""
    last = max((i for i, c in enumerate(cells) if not is_value_text(c.text)), default=-1)
    values = cells[last + 1 :]
    extra = len(values) - width
    if extra > 0 and label_end is not None:
        behind = [c for c in values if extent(c)[0] >= label_end - 1e-6]
        ahead = values[: len(values) - len(behind)]
        if len(behind) == width and not any(c.text.strip() for c in ahead):
            values = behind
    return (cells[: len(cells) - len(values)] if values else cells), values


def empty_columns(rows: Sequence[GridRow]) -> frozenset[int]:
    """Find the columns of a grid in which nothing at all is printed (rules drawn twice)."""
    used: set[int] = set()
    narrow: set[int] = set()
    for row in rows:
        for cell in row.own():
            if cell.colspan == 1 and not cell.text.strip():
                narrow.add(cell.column)
            else:
                used.add(cell.column)
    return frozenset(narrow - used)


def end_of_labels(rows: Sequence[GridRow]) -> float | None:
    """Right edge of the rightmost label of the rows that hold values."""
    ends = [extent(cell)[1] for row in rows for cell in row.own() if not is_value_text(cell.text)]
    return max(ends, default=None)
