"""Rows of ruled grids, and which statutory table each of them belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nlp.documents import Grid, GridCell
from nlp.form import Form, fold_label, label_likeness, load_form, strip_ordinal
from nlp.tables.align import RawValue
from nlp.tables.values import is_value_text


@dataclass(frozen=True, slots=True)
class GridRow:
    """The cells that cover one row of a grid, from left to right."""

    grid: Grid
    number: int
    cells: tuple[GridCell, ...]

    def own(self) -> tuple[GridCell, ...]:
        """Cells that begin in this row (merged cells from above are left out)."""
        return tuple(cell for cell in self.cells if cell.row == self.number)


def flat(cell: GridCell) -> str:
    """Give a cell's text on one line."""
    return "".join(part.strip() for part in cell.text.split("\n"))


def center(cell: GridCell) -> float:
    """Middle of a cell from left to right, in points or in columns."""
    return (cell.box[0] + cell.box[2]) / 2 if cell.box else cell.column + cell.colspan / 2


def extent(cell: GridCell) -> tuple[float, float]:
    """Left and right edge of a cell, in points or in columns."""
    if cell.box:
        return cell.box[0], cell.box[2]
    return float(cell.column), float(cell.column + cell.colspan)


def raw_value(cell: GridCell) -> RawValue:
    """Give a cell's text with its place."""
    return RawValue(cell.text, cell.page, cell.box)


def iterate_rows(grid: Grid) -> Iterator[GridRow]:
    """Give the rows of a grid, merged cells in each row that they cover."""
    by_row: dict[int, list[GridCell]] = {row: [] for row in range(grid.rows)}
    for cell in grid.cells:
        for row in range(cell.row, min(cell.row + cell.rowspan, grid.rows)):
            by_row[row].append(cell)
    for row in range(grid.rows):
        yield GridRow(grid, row, tuple(sorted(by_row[row], key=lambda c: c.column)))


@lru_cache(maxsize=4)
def _known_words(edition: str) -> dict[str, frozenset[str]]:
    form = load_form("2019" if edition == "2019" else "2021")
    requests = form.requests + form.request_alternatives
    return {
        "2": frozenset(
            {label for b in form.blocks for r in b.rows for label in r.labels}
            | {label for b in form.blocks for c in b.columns for label in c.labels}
            | {fold_label(b.clause) for b in form.blocks}
            | {"信息内容"}
        ),
        "3": frozenset(
            {label for r in requests for label in r.labels if len(label) > 2}
            | {fold_label(strip_ordinal(r.group)[1]) for r in requests if r.group}
            | {label for c in form.applicants for label in c.labels if label != "其他"}
            | {"申请人情况", "法人或其他组织", "本年度办理结果"}
        ),
        "4": frozenset(
            {"行政复议", "行政诉讼", "未经复议直接起诉", "复议后起诉"}
            | {fold_label(name) for name in form.results if name not in ("总计", "其他结果")}
        ),
    }


@lru_cache(maxsize=65536)
def _tables_of(folded: str, edition: str) -> str:
    """Give the tables whose wording a folded text is: "", "2", "34" …"""
    return "".join(
        table
        for table, known in _known_words(edition).items()
        if folded in known
        or (len(folded) > 5 and any(label_likeness(folded, k) >= 0.75 for k in known))
    )


def name_tables(grids: Sequence[Grid], form: Form) -> dict[str, list[list[GridRow]]]:
    """Say of every grid row which table it belongs to: 2, 3 or 4.

    Returns
    -------
    dict
        ``{"2": parts, "3": parts, "4": parts}``; a part is the rows that one grid gives to
        a table, so that page breaks stay visible.
    """
    parts: dict[str, list[list[GridRow]]] = {"2": [], "3": [], "4": []}
    current = ""
    for grid in grids:
        fresh = True
        for row in iterate_rows(grid):
            hits = {"2": 0, "3": 0, "4": 0}
            for cell in row.own():
                folded = fold_label(strip_ordinal(flat(cell))[1])
                if folded:
                    for table in _tables_of(folded, form.edition):
                        hits[table] += len(folded)
            best = max(hits, key=lambda table: hits[table])
            named = best if hits[best] >= 2 else ""
            # 总计 stands in tables three and four alike.
            if current == "4" and named == "3" and hits["3"] <= 6:
                named = "4"
            if named and named != current:
                current, fresh = named, True
            if not current:
                continue
            if fresh:
                parts[current].append([])
                fresh = False
            parts[current][-1].append(row)
        # A grid without any label of ours (another table) does not inherit across grids,
        # unless it holds only numbers: the data row of table four on a new page.
        if not any(is_value_text(cell.text) for cell in grid.cells):
            current = current if current in ("3", "4") else ""
    return parts
