"""Rules become lattices: which rules belong together, and which cells they enclose."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from nlp.documents import Box
from nlp.read.pdf.marks import Rule

# Double rules, and borders of neighbouring cells drawn apart, are one rule up to this
# distance; a row or column thinner than this could hold no legible text.
_SAME_RULE = 3.5
# Pieces of one rule (dashes, cell borders) are joined over gaps up to this.
_JOIN_GAP = 3.0
# Rules that miss each other by this much still touch.
_TOUCH = 3.0
# Shorter rules are underlines, ticks and dashes.
_MIN_LENGTH = 6.0
# A side of a lattice square is ruled when at least this share of it is drawn.
_RULED_SHARE = 0.5
_BY_PLACE, _BY_START = itemgetter(1, 2), itemgetter(2)
# Beyond this a page is a drawing (a map, a chart), not a form.
MAX_RULES = 3000


class LatticeCell(NamedTuple):
    """A rectangle of the lattice; ``row`` and ``column`` from 0."""

    row: int
    column: int
    rowspan: int
    colspan: int


@dataclass(frozen=True, slots=True)
class Lattice:
    """A ruled table: grid lines ``xs``, ``ys`` and the cells between them."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[LatticeCell, ...]

    @property
    def box(self) -> Box:
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def cell_box(self, cell: LatticeCell) -> Box:
        """Give the box of a cell on the canvas."""
        return (
            self.xs[cell.column],
            self.ys[cell.row],
            self.xs[cell.column + cell.colspan],
            self.ys[cell.row + cell.rowspan],
        )


def find_lattices(rules: Sequence[Rule]) -> list[Lattice]:
    """Find the ruled tables among a page's rules.

    Rules that cross or touch belong together.  A table whose outer rule is missing on one
    side (a table cut by a page break, or printed without side rules) is closed where its
    other rules end.  Frames with one cell, and boxes with a single column, hold text in
    lines and are left out.

    Examples
    --------
    >>> across = [Rule(True, y, 0, 100) for y in (0, 20, 40)]
    >>> down = [Rule(False, x, 0, 60) for x in (0, 50, 100)]
    >>> lattice, = find_lattices(across + down)
    >>> lattice.ys, len(lattice.cells)  # closed below, where the page ended
    ((0, 20, 40, 60), 6)
    """
    across = _join([r for r in rules if r.horizontal])
    down = _join([r for r in rules if not r.horizontal])
    if len(across) + len(down) > MAX_RULES:
        return []
    lattices = []
    for horizontals, verticals in _components(across, down):
        lattice = _lattice(horizontals, verticals)
        if lattice is not None and len(lattice.cells) > 1:
            columns = {cell.column for cell in lattice.cells}
            if len(columns) > 1:
                lattices.append(lattice)
    return sorted(lattices, key=lambda lattice: (lattice.box[1], lattice.box[0]))


def _join(rules: Iterable[Rule]) -> list[Rule]:
    """Join collinear pieces (also rules drawn twice) and drop what stays short."""
    joined: list[Rule] = []
    lines: list[list[Rule]] = []
    first = float("-inf")
    for rule in sorted(rules, key=_BY_PLACE):
        if rule[1] - first <= 1.5:
            lines[-1].append(rule)
        else:
            first = rule[1]
            lines.append([rule])
    for line in lines:
        if len(line) > 1:
            line.sort(key=_BY_START)
        current = [line[0]]
        reach = line[0][3]
        for rule in line[1:]:
            _, _, start, end = rule
            if start <= reach + _JOIN_GAP:
                current.append(rule)
                if end > reach:
                    reach = end
            else:
                joined.append(_whole(current, reach))
                current, reach = [rule], end
        joined.append(_whole(current, reach))
    return [rule for rule in joined if rule.end - rule.start >= _MIN_LENGTH]


def _whole(pieces: list[Rule], reach: float) -> Rule:
    if len(pieces) == 1:
        return pieces[0]
    longest = max(pieces, key=lambda r: r[3] - r[2])
    return Rule(longest.horizontal, longest.at, pieces[0].start, reach)


def _components(across: list[Rule], down: list[Rule]) -> Iterable[tuple[list[Rule], list[Rule]]]:
    parent = list(range(len(across) + len(down)))

    def find(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    reaches = [
        (v.at, v.start - _TOUCH, v.end + _TOUCH, j) for j, v in enumerate(down, start=len(across))
    ]
    for i, (_, y, start, end) in enumerate(across):
        start, end = start - _TOUCH, end + _TOUCH
        for x, top, bottom, j in reaches:
            if start <= x <= end and top <= y <= bottom:
                parent[find(j)] = find(i)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, rule in enumerate(across + down):
        group = groups.setdefault(find(i), ([], []))
        group[0 if rule.horizontal else 1].append(rule)
    return [
        g for g in groups.values() if len(g[0]) >= 1 and len(g[1]) >= 1 and sum(map(len, g)) > 2
    ]


def _cluster(values: Iterable[float]) -> list[float]:
    clusters: list[list[float]] = []
    for value in sorted(values):
        if clusters and value - clusters[-1][0] <= _SAME_RULE:
            clusters[-1].append(value)
        else:
            clusters.append([value])
    return [(c[0] + c[-1]) / 2 if len(c) > 1 else c[0] for c in clusters]


def _lattice(across: list[Rule], down: list[Rule]) -> Lattice | None:
    xs = _close(_cluster(v.at for v in down), across)
    ys = _close(_cluster(h.at for h in across), down)
    if len(xs) < 2 or len(ys) < 2:
        return None
    walls_down = _walls(down, xs, ys)
    walls_across = _walls(across, ys, xs)
    rows, columns = len(ys) - 1, len(xs) - 1
    region = [[-1] * columns for _ in range(rows)]
    cells: list[LatticeCell] = []
    for row in range(rows):
        for column in range(columns):
            if region[row][column] >= 0:
                continue
            if (
                walls_across[row][column]
                and walls_across[row + 1][column]
                and walls_down[column][row]
                and walls_down[column + 1][row]
            ):
                cells.append(LatticeCell(row, column, 1, 1))
            else:
                squares = _flood(row, column, region, walls_across, walls_down)
                cells.extend(_rectangles(squares))
    return Lattice(tuple(xs), tuple(ys), tuple(sorted(cells, key=lambda c: (c.row, c.column))))


def _close(at: list[float], crossing: list[Rule]) -> list[float]:
    """Add the outer lines that are not drawn: where two or more crossing rules end."""
    low = sorted(rule.start for rule in crossing)
    high = sorted((rule.end for rule in crossing), reverse=True)
    closed = list(at)
    if len(low) >= 2 and low[1] - low[0] <= _TOUCH and closed[0] - low[0] > 2 * _TOUCH:
        closed.insert(0, low[0])
    if len(high) >= 2 and high[0] - high[1] <= _TOUCH and high[0] - closed[-1] > 2 * _TOUCH:
        closed.append(high[0])
    return closed


def _walls(rules: list[Rule], at: list[float], along: list[float]) -> list[list[bool]]:
    """``walls[k][j]``: is line ``at[k]`` ruled between ``along[j]`` and ``along[j + 1]``?"""
    nearest: list[list[tuple[float, float]]] = [[] for _ in at]
    for rule in rules:
        k = bisect_left(at, rule.at)
        if k == len(at) or (k and rule.at - at[k - 1] <= at[k] - rule.at):
            k -= 1
        if abs(at[k] - rule.at) <= _SAME_RULE:
            nearest[k].append((rule.start, rule.end))
    walls = []
    sides = list(pairwise(along))
    for k, mine in enumerate(nearest):
        mine.sort()
        outer = k in (0, len(at) - 1)
        if outer or (len(mine) == 1 and mine[0][0] <= along[0] and mine[0][1] >= along[-1]):
            walls.append([True] * len(sides))
            continue
        walls.append([_is_ruled(mine, a, b) for a, b in sides])
    return walls


def _is_ruled(pieces: list[tuple[float, float]], low: float, high: float) -> bool:
    """Whether enough is drawn between ``low`` and ``high``: mostly all of it, or nothing."""
    for start, end in pieces:
        if start <= low and high <= end:
            return True
    return _covered(pieces, low, high) >= _RULED_SHARE * (high - low)


def _covered(pieces: list[tuple[float, float]], low: float, high: float) -> float:
    """Length between ``low`` and ``high`` that sorted pieces cover."""
    total, reach = 0.0, low
    for start, end in pieces:
        start, end = max(start, reach), min(end, high)
        if end > start:
            total += end - start
            reach = end
    return total


def _flood(
    row: int,
    column: int,
    region: list[list[int]],
    walls_across: list[list[bool]],
    walls_down: list[list[bool]],
) -> set[tuple[int, int]]:
    rows, columns = len(region), len(region[0])
    squares: set[tuple[int, int]] = set()
    todo = [(row, column)]
    while todo:
        r, c = todo.pop()
        if (r, c) in squares:
            continue
        squares.add((r, c))
        region[r][c] = 1
        if r + 1 < rows and not walls_across[r + 1][c]:
            todo.append((r + 1, c))
        if r > 0 and not walls_across[r][c]:
            todo.append((r - 1, c))
        if c + 1 < columns and not walls_down[c + 1][r]:
            todo.append((r, c + 1))
        if c > 0 and not walls_down[c][r]:
            todo.append((r, c - 1))
    return squares


def _rectangles(squares: set[tuple[int, int]]) -> Iterable[LatticeCell]:
    """Cut a region into rectangles, from the upper left (one, unless a rule is broken)."""
    if len(squares) == 1:
        ((row, column),) = squares
        yield LatticeCell(row, column, 1, 1)
        return
    left = set(squares)
    while left:
        row, column = min(left)
        width = 1
        while (row, column + width) in left:
            width += 1
        height = 1
        while all((row + height, column + k) in left for k in range(width)):
            height += 1
        left -= {(row + i, column + k) for i in range(height) for k in range(width)}
        yield LatticeCell(row, column, height, width)
