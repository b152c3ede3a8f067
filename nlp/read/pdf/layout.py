"""Glyphs become printed lines, and the text of cells."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nlp.documents import Box
from nlp.read.pdf.lattice import Lattice, LatticeCell
from nlp.read.pdf.marks import Glyph

# Glyphs are on one printed line when their middles differ by less than this share of
# the taller one; neighbouring lines of a report stand at least one em apart.
_SAME_LINE = 0.45
# Gaps in em: closer than _TOUCHING is one run of characters; Latin words without a
# space glyph stand further apart than _WORD_GAP, anything else apart from justified text
# than _LOOSE_GAP; a column gap is wider than _COLUMN_GAP.
_TOUCHING = 0.12
_WORD_GAP = 0.2
_LOOSE_GAP = 0.5
_COLUMN_GAP = 0.9


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """Glyphs of one printed line, their text and the box around what can be seen."""

    text: str
    box: Box
    size: float


def print_lines(glyphs: Iterable[Glyph]) -> list[PrintedLine]:
    """Put glyphs into printed lines, from top to bottom.

    Characters keep the order in which they stand, never that of the content stream.
    Between words further apart than about one em two spaces are left, so that the
    columns of a table without rules can still be told apart.
    """
    flat = [g for g in glyphs if not _is_tall(g)]
    tall = [g for g in glyphs if _is_tall(g)]
    lines = [_printed(row, join_glyphs(row)) for row in _rows(flat)]
    lines += [_printed(column, _stack(column)) for column in _columns(tall)]
    return sorted(
        (line for line in lines if line is not None), key=lambda line: (line.box[1], line.box[0])
    )


def cell_text(glyphs: Sequence[Glyph]) -> str:
    """Give the text of a cell, a newline between its printed lines.

    A vertical label (a vertical font, or turned characters) is one line a column, the
    columns from right to left.
    """
    tall = [g for g in glyphs if _is_tall(g)]
    flat = [g for g in glyphs if not _is_tall(g)]
    visible = sum(bool(g.text.strip()) for g in glyphs)
    if tall and 2 * sum(bool(g.text.strip()) for g in tall) >= visible:
        # Latin letters and digits in a vertical label keep their place in the column.
        parts = [_stack(column) for column in _columns(glyphs)]
    else:
        parts = [join_glyphs(row) for row in _rows(flat)]
        if _is_stacked(parts):
            return "".join(parts)
        parts += [_stack(column) for column in _columns(tall)]
    return "\n".join(part for part in parts if part)


def _is_stacked(parts: Sequence[str]) -> bool:
    """A vertical label set one character a line; digits may be a wrapped number instead."""
    seen = [part for part in parts if part]
    return len(seen) >= 3 and all(len(part) == 1 and not part.isascii() for part in seen)


def join_glyphs(row: Sequence[Glyph]) -> str:
    """Join the glyphs of one line from left to right.

    Examples
    --------
    >>> word = [Glyph("规", 0, 0, 10, 10, 10), Glyph("章", 10, 0, 20, 10, 10)]
    >>> join_glyphs([*word, Glyph("0", 60, 0, 65, 10, 10)])
    '规章  0'
    """
    out: list[str] = []
    last: Glyph | None = None
    space = False
    for glyph in sorted(row, key=lambda g: (g.x0, g.order)):
        if not glyph.text.strip():
            space = space or last is not None
            continue
        if last is not None:
            gap = (glyph.x0 - last.x1) / max(min(glyph.size, last.size), 1.0)
            if gap > _COLUMN_GAP:
                out.append("  ")
            elif (space and gap > -0.2) or gap > (
                _WORD_GAP if _is_latin(last.text[-1]) and _is_latin(glyph.text[0]) else _LOOSE_GAP
            ):
                out.append(" ")
        out.append(glyph.text)
        last, space = glyph, False
    return "".join(out)


@dataclass(frozen=True, slots=True)
class FilledLattice:
    """A lattice with the text of its cells, and runs that crossed a rule."""

    lattice: Lattice
    texts: dict[LatticeCell, str]
    crossing: tuple[str, ...]


def fill_lattice(lattice: Lattice, glyphs: Sequence[Glyph]) -> FilledLattice:
    """Put each glyph into the cell where it is printed.

    A run of touching characters that was drawn in one go is never cut in two by a rule
    (a number too wide for its cell would become two wrong numbers): it goes where most
    of it is, and is named in ``crossing``.
    """
    owner = _CellFinder(lattice)
    inside: dict[LatticeCell, list[Glyph]] = {}
    crossing: list[str] = []
    for run in _runs(glyphs):
        cells = [owner.at(g.x, g.y) for g in run]
        for part in _split_run(run, cells, lattice):
            weights: dict[LatticeCell, float] = {}
            for index in part:
                cell, glyph = cells[index], run[index]
                if cell is not None:
                    weights[cell] = weights.get(cell, 0.0) + glyph.x1 - glyph.x0 + 0.01
            if not weights:
                continue
            home = max(weights, key=lambda c: weights[c])
            members = [run[index] for index in part]
            inside.setdefault(home, []).extend(members)
            if len(weights) > 1:
                crossing.append("".join(g.text for g in members))
    texts = {cell: cell_text(inside.get(cell, [])) for cell in lattice.cells}
    return FilledLattice(lattice, texts, tuple(crossing))


class _CellFinder:
    def __init__(self, lattice: Lattice) -> None:
        self._lattice = lattice
        self._owner = {
            (cell.row + i, cell.column + k): cell
            for cell in lattice.cells
            for i in range(cell.rowspan)
            for k in range(cell.colspan)
        }

    def at(self, x: float, y: float) -> LatticeCell | None:
        xs, ys = self._lattice.xs, self._lattice.ys
        column = sum(x >= line for line in xs[1:-1])
        row = sum(y >= line for line in ys[1:-1])
        return self._owner.get((row, column))


def _runs(glyphs: Sequence[Glyph]) -> Iterable[list[Glyph]]:
    flat = [g for g in glyphs if not _is_tall(g)]
    for glyph in glyphs:
        if _is_tall(glyph):
            yield [glyph]
    for row in _rows(flat):
        run: list[Glyph] = []
        for glyph in sorted(row, key=lambda g: (g.x0, g.order)):
            if not glyph.text.strip():
                continue
            if run and glyph.x0 - run[-1].x1 > _TOUCHING * glyph.size:
                yield run
                run = []
            run.append(glyph)
        if run:
            yield run


def _split_run(
    run: list[Glyph], cells: list[LatticeCell | None], lattice: Lattice
) -> list[list[int]]:
    """Cut a run where the cell changes, unless the cut would go through a printed word."""
    parts: list[list[int]] = [[0]]
    for index in range(1, len(run)):
        left, right = run[index - 1], run[index]
        if cells[index] == cells[index - 1]:
            parts[-1].append(index)
            continue
        straddles = any(
            line - g.x0 > 0.15 * g.size and g.x1 - line > 0.15 * g.size
            for line in lattice.xs[1:-1]
            for g in (left, right)
        )
        if left.string == right.string or straddles:
            parts[-1].append(index)
        else:
            parts.append([index])
    return parts


def _is_tall(glyph: Glyph) -> bool:
    return glyph.tall or glyph.turn in (90, 270)


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _rows(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    rows: list[list[Glyph]] = []
    middle = tallest = 0.0
    for glyph in sorted(glyphs, key=lambda g: (g.y, g.x0, g.order)):
        height = glyph.bottom - glyph.top
        if rows and glyph.y - middle < _SAME_LINE * max(height, tallest):
            row = rows[-1]
            middle = (middle * len(row) + glyph.y) / (len(row) + 1)
            tallest = max(tallest, height)
            row.append(glyph)
        else:
            rows.append([glyph])
            middle, tallest = glyph.y, height
    return rows


def _columns(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    columns: list[list[Glyph]] = []
    middle = widest = 0.0
    for glyph in sorted(glyphs, key=lambda g: (-g.x, g.y, g.order)):
        width = glyph.x1 - glyph.x0
        if columns and middle - glyph.x < 0.5 * max(width, widest):
            columns[-1].append(glyph)
            widest = max(widest, width)
        else:
            columns.append([glyph])
            middle, widest = glyph.x, width
    if sum(g.turn == 90 for g in glyphs) * 2 > len(columns) and any(g.turn == 90 for g in glyphs):
        # Turned to run upwards: the columns follow each other from left to right.
        columns.reverse()
    return columns


def _stack(column: Sequence[Glyph]) -> str:
    upwards = sum(g.turn == 90 for g in column) * 2 > len(column)
    ordered = sorted(column, key=lambda g: (-g.y if upwards else g.y, g.x0, g.order))
    return "".join(g.text for g in ordered if g.text.strip())


def _printed(glyphs: Sequence[Glyph], text: str) -> PrintedLine | None:
    seen = [g for g in glyphs if g.text.strip()]
    if not seen or not text:
        return None
    box = (
        min(g.x0 for g in seen),
        min(g.top for g in seen),
        max(g.x1 for g in seen),
        max(g.bottom for g in seen),
    )
    return PrintedLine(text, box, round(statistics.median(g.size for g in seen), 2))
