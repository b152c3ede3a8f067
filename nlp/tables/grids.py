"""Printed rows of the statutory tables from ruled grids.

Parts of a table that a page break cut apart are put behind each other; a row whose label
was cut in two is joined again where the halves make a known label.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from nlp.documents import Grid, GridCell
from nlp.form import Form, fold_label, label_likeness, strip_ordinal
from nlp.tables.align import PrintedRow, RawValue
from nlp.tables.values import is_value_text, parse_value

_COLUMN_LIKENESS = 0.8


@dataclass(frozen=True, slots=True)
class GridRow:
    """The cells that cover one row of a grid, from left to right."""

    grid: Grid
    number: int
    cells: tuple[GridCell, ...]

    def own(self) -> tuple[GridCell, ...]:
        """Cells that begin in this row (merged cells from above are left out)."""
        return tuple(cell for cell in self.cells if cell.row == self.number)


def _flat(cell: GridCell) -> str:
    return "".join(part.strip() for part in cell.text.split("\n"))


def iterate_rows(grid: Grid) -> Iterator[GridRow]:
    """Give the rows of a grid, merged cells in each row that they cover."""
    by_row: dict[int, list[GridCell]] = {row: [] for row in range(grid.rows)}
    for cell in grid.cells:
        for row in range(cell.row, min(cell.row + cell.rowspan, grid.rows)):
            by_row[row].append(cell)
    for row in range(grid.rows):
        yield GridRow(grid, row, tuple(sorted(by_row[row], key=lambda c: c.column)))


def name_tables(grids: Sequence[Grid], form: Form) -> dict[str, list[list[GridRow]]]:
    """Say of every grid row which table it belongs to: 2, 3 or 4.

    Returns
    -------
    dict
        ``{"2": parts, "3": parts, "4": parts}``; a part is the rows that one grid gives to
        a table, so that page breaks stay visible.
    """
    words = {
        "2": {label for b in form.blocks for r in b.rows for label in r.labels}
        | {label for b in form.blocks for c in b.columns for label in c.labels}
        | {fold_label(b.clause) for b in form.blocks}
        | {"信息内容"},
        "3": {label for r in form.requests for label in r.labels if len(label) > 2}
        | {label for r in form.request_alternatives for label in r.labels if len(label) > 2}
        | {fold_label(strip_ordinal(r.group)[1]) for r in form.requests if r.group}
        | {
            "自然人",
            "商业企业",
            "科研机构",
            "申请人情况",
            "法人或其他组织",
            "总计",
            "本年度办理结果",
        },
        "4": {
            "行政复议",
            "行政诉讼",
            "未经复议直接起诉",
            "复议后起诉",
            "结果维持",
            "结果纠正",
            "尚未审结",
        },
    }
    parts: dict[str, list[list[GridRow]]] = {"2": [], "3": [], "4": []}
    current = ""
    for grid in grids:
        fresh = True
        for row in iterate_rows(grid):
            hits = dict.fromkeys(words, 0)
            for cell in row.own():
                folded = fold_label(strip_ordinal(_flat(cell))[1])
                if not folded:
                    continue
                for table, known in words.items():
                    if folded in known or any(
                        len(folded) > 5 and label_likeness(folded, k) >= 0.75 for k in known
                    ):
                        hits[table] += len(folded)
            best = max(hits, key=lambda table: hits[table])
            named = best if hits[best] >= 2 else ""
            # 总计 stands in tables three and four alike, 其他 in three only.
            if current == "4" and named == "3" and hits["3"] <= 2:
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


def _center(cell: GridCell) -> float:
    return (cell.box[0] + cell.box[2]) / 2 if cell.box else cell.column + cell.colspan / 2


def _extent(cell: GridCell) -> tuple[float, float]:
    if cell.box:
        return cell.box[0], cell.box[2]
    return float(cell.column), float(cell.column + cell.colspan)


def _raw(cell: GridCell) -> RawValue:
    return RawValue(cell.text, cell.page, cell.box)


def find_columns(
    rows: Sequence[GridRow], labels: Sequence[Sequence[str]]
) -> list[tuple[float, float]] | None:
    """Find the left and right edges of each labelled column in header rows.

    ``labels`` has the folded wordings of each column, in order; None when not all are there
    in order.
    """
    cells: dict[tuple[int, int], GridCell] = {}
    for row in rows:
        for cell in row.cells:
            cells[cell.row, cell.column] = cell
    ordered = sorted(cells.values(), key=lambda c: (_center(c), c.row))
    found: list[tuple[float, float]] = []
    for wordings in labels:
        fits = [
            cell
            for cell in ordered
            if (not found or _center(cell) > found[-1][1] - 0.01)
            and any(label_likeness(fold_label(cell.text), w) >= _COLUMN_LIKENESS for w in wordings)
        ]
        if not fits:
            return None
        found.append(_extent(fits[0]))
    return found


def _place(
    row: GridRow, columns: Sequence[tuple[float, float]] | None, width: int
) -> tuple[list[GridCell], list[GridCell], bool]:
    """Split a row into label cells and value cells; True when the values are placed.

    Position decides where the header is known and each column has exactly one cell; the
    count decides where the source gives spans that differ from row to row.
    """
    cells = list(row.cells)
    if columns:
        hit: list[list[GridCell]] = [[] for _ in columns]
        labels: list[GridCell] = []
        clean = True
        for cell in cells:
            left, right = _extent(cell)
            inside = [i for i, (a, b) in enumerate(columns) if left < (a + b) / 2 < right]
            if not inside:
                if _center(cell) < columns[0][0]:
                    labels.append(cell)
                elif cell.text.strip():
                    clean = False
            elif len(inside) == 1:
                hit[inside[0]].append(cell)
            else:
                clean = False
        if clean and all(len(group) == 1 and is_value_text(group[0].text) for group in hit):
            return labels, [group[0] for group in hit], True
    last = max((i for i, c in enumerate(cells) if not is_value_text(c.text)), default=-1)
    values = cells[last + 1 :]
    extra = len(values) - width
    if extra > 0 and all(not c.text.strip() for c in values[:extra]) and last >= 0:
        values = values[extra:]
    return cells[: len(cells) - len(values)], values, len(values) == width


def request_rows(parts: Sequence[Sequence[GridRow]], form: Form) -> list[PrintedRow]:
    """Printed rows of table three, page breaks joined.

    Returns
    -------
    list of PrintedRow
        Rows that hold values (or that fail to); header rows are left out.
    """
    labels = [column.labels for column in form.applicants]
    columns: list[tuple[float, float]] | None = None
    printed: list[PrintedRow] = []
    known_columns: int | None = None
    for index, part in enumerate(parts):
        header = [row for row in part if not _has_values(row)]
        found = find_columns(header, labels)
        if found:
            columns, known_columns = found, part[0].grid.columns
        elif columns and part and not part[0].grid.cells[0].box:
            # Without boxes columns are counted, so they only carry over to an equal grid.
            columns = columns if part[0].grid.columns == known_columns else None
        rows: list[PrintedRow] = []
        for row in part:
            if not row.cells or _is_header(row, form):
                continue
            label_cells, values, placed = _place(row, columns, len(labels))
            texts = tuple(_flat(c) for c in label_cells if c.text.strip())
            if not texts and not any(v.text.strip() for v in values):
                continue
            rows.append(PrintedRow(texts, tuple(map(_raw, values)), placed, row.grid.page))
        if index and printed and rows:
            rows = _join_cut_row(printed, rows, form)
        printed.extend(rows)
    return printed


def _has_values(row: GridRow) -> bool:
    return any(parse_value(c.text).state in ("number", "zero") for c in row.own())


def _is_header(row: GridRow, form: Form) -> bool:
    """A header row names at least three of the applicants or says 申请人情况."""
    folded = [fold_label(_flat(c)) for c in row.own()]
    named = sum(
        any(label_likeness(text, w) >= _COLUMN_LIKENESS for w in column.labels)
        for text in folded
        for column in form.applicants
    )
    joined = "".join(folded)
    return named >= 3 or "申请人情况" in joined or "法人或其他组织" in joined


def _best_likeness(fragments: Sequence[str], form: Form) -> float:
    best = 0.0
    for first in range(len(fragments)):
        folded = fold_label(strip_ordinal("".join(fragments[first:]))[1])
        for row in form.requests + form.request_alternatives:
            best = max(best, *(label_likeness(folded, label) for label in row.labels))
    return best


def _join_cut_row(
    before: list[PrintedRow], after: list[PrintedRow], form: Form
) -> list[PrintedRow]:
    """Join the last row of a page with the first of the next where a row was cut in two."""
    upper, lower = before[-1], after[0]
    if not upper.labels or not lower.labels or len(upper.values) != len(lower.values):
        return after
    filled = [
        (bool(a.text.strip()), bool(b.text.strip()))
        for a, b in zip(upper.values, lower.values, strict=True)
    ]
    if any(a and b for a, b in filled) or not any(a or b for a, b in filled):
        return after
    joined = (*upper.labels[:-1], upper.labels[-1] + lower.labels[-1])
    apart = max(_best_likeness(upper.labels, form), _best_likeness(lower.labels, form))
    if _best_likeness(joined, form) < max(0.8, apart):
        return after
    values = tuple(
        a if a.text.strip() else b for a, b in zip(upper.values, lower.values, strict=True)
    )
    before[-1] = replace(upper, labels=joined, values=values)
    return after[1:]


def disclosure_rows(
    parts: Sequence[Sequence[GridRow]], form: Form
) -> list[tuple[int, PrintedRow, dict[str, RawValue] | None]]:
    """Printed rows of table two: index of the form's block, the row, its values by column.

    The values are None where they could not be placed under the header's columns.
    """
    result: list[tuple[int, PrintedRow, dict[str, RawValue] | None]] = []
    header: GridRow | None = None
    for row in (row for part in parts for row in part):
        texts = [_flat(cell) for cell in row.own()]
        found = _find_block(texts, form)
        if found is None:
            if any(
                label_likeness(fold_label(t), w) >= _COLUMN_LIKENESS
                for t in texts
                for b in form.blocks
                for c in b.columns
                for w in c.labels
            ):
                header = row
            continue
        block_index, label_at = found
        block = form.blocks[block_index]
        cells = list(row.own())
        values = cells[label_at + 1 :]
        columns = find_columns([header], [c.labels for c in block.columns]) if header else None
        placed: dict[str, RawValue] | None = None
        if len(values) == len(block.columns):
            placed = {c.key: _raw(v) for c, v in zip(block.columns, values, strict=True)}
        elif columns:
            by_position = {
                column.key: [v for v in values if a < _center(v) < b]
                for column, (a, b) in zip(block.columns, columns, strict=True)
            }
            if all(len(group) == 1 for group in by_position.values()):
                placed = {key: _raw(group[0]) for key, group in by_position.items()}
        printed = PrintedRow(
            (texts[label_at],), tuple(map(_raw, values)), placed is not None, row.grid.page
        )
        result.append((block_index, printed, placed))
    return result


def _find_block(texts: Sequence[str], form: Form) -> tuple[int, int] | None:
    for at, text in enumerate(texts):
        folded = fold_label(text)
        for index, block in enumerate(form.blocks):
            if any(label_likeness(folded, label) >= 0.8 for r in block.rows for label in r.labels):
                return index, at
    return None


def review_values(
    parts: Sequence[Sequence[GridRow]], form: Form
) -> tuple[list[RawValue], bool] | None:
    """Values of table four: the fifteen in order and True, or what was found and False.

    None when the table has no data row.
    """
    rows = [row for part in parts for row in part]
    width = len(form.review_columns())
    data = [
        row
        for row in rows
        if row.own()
        and sum(is_value_text(c.text) for c in row.own()) >= 5
        and not any("复议" in c.text or "果" in c.text for c in row.own())
    ]
    data = [row for row in data if any(c.text.strip() for c in row.own())] or data[:1]
    if not data:
        return None
    row = data[0]
    cells = [c for c in row.own() if is_value_text(c.text)]
    if len(cells) == width and len(data) == 1:
        return [_raw(c) for c in cells], True
    leaves = _review_leaves([r for r in rows if r not in data], form)
    if leaves and len(data) == 1:
        hit = [[c for c in cells if a < _center(c) < b] for a, b in leaves]
        if all(len(group) == 1 for group in hit):
            return [_raw(group[0]) for group in hit], True
    return [_raw(c) for r in data for c in r.own()], False


def _review_leaves(rows: Sequence[GridRow], form: Form) -> list[tuple[float, float]] | None:
    """Edges of the fifteen leaf columns of table four, from its header."""
    cells = {(row.grid.page, cell.row, cell.column): cell for row in rows for cell in row.cells}
    names = set(form.results)
    leaves = sorted(
        (cell for cell in cells.values() if fold_label(cell.text) in names), key=_center
    )
    if len(leaves) != len(form.review_columns()):
        return None
    expected = form.results * len(form.review_groups)
    if any(fold_label(c.text) != name for c, name in zip(leaves, expected, strict=True)):
        return None
    edges = [_extent(cell) for cell in leaves]
    if any(a[1] > b[0] + 2 for a, b in pairwise(edges)):
        return None
    return edges
