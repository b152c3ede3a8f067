"""Table three: its printed rows from ruled grids, page breaks joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nlp.documents import GridCell
from nlp.form import Form, fold_label, label_likeness, strip_ordinal
from nlp.tables.align import INNER_ORDINAL, PrintedRow, RawValue
from nlp.tables.columns import (
    Header,
    column_of,
    empty_columns,
    end_of_labels,
    find_header,
    in_form_order,
    place_values,
)
from nlp.tables.rows import GridRow, flat, raw_value
from nlp.tables.values import parse_value

# A cut label is joined where the whole is at least this near to a label of the form.
_JOINED_LIKENESS = 0.75
# A label under this likeness to any of the form's is not a row's own label.
_FOREIGN_LIKENESS = 0.5
# Rows that prove that a column is empty by design and not by chance.
_ENOUGH_ROWS = 5


def request_rows(parts: Sequence[Sequence[GridRow]], form: Form) -> list[PrintedRow]:
    """Printed rows of table three, page breaks joined.

    Returns
    -------
    list of PrintedRow
        Rows that hold values (or that fail to); header rows are left out.
    """
    width = len(form.applicants)
    header: Header | None = None
    known_columns: int | None = None
    printed: list[PrintedRow] = []
    for index, part in enumerate(parts):
        if not part:
            continue
        found = find_header(_header_rows(part, form), form.applicants)
        grid = part[0].grid
        if found:
            header, known_columns = found, grid.columns
        elif header and grid.columns != known_columns and not grid.cells[0].box:
            # Without boxes columns are counted, so they only carry over to an equal grid.
            header = Header(None, header.order)
        empty = empty_columns(part)
        data = [row for row in part if row.cells and not _is_header(row, form)]
        label_end = end_of_labels(data)
        rows: list[PrintedRow] = []
        for row in data:
            label_cells, values, placed = place_values(row, header, width, empty, label_end)
            texts = tuple(flat(c) for c in label_cells if c.text.strip())
            if not texts and not any(v.text.strip() for v in values):
                continue
            note = ""
            if not placed and len(values) == width:
                note = "栏名的次序与格式不同，无法确定各数在哪一栏"
            found_values = tuple(map(raw_value, values))
            if placed and _reaches_down(row, values, found_values):
                placed, note = False, "有一个数的单元格从上一行合并下来，无法确定它是否也是本行的"
            rows.append(PrintedRow(texts, found_values, placed, row.grid.page, note))
        rows = _drop_constant_blank(rows, header, width)
        if index and printed and rows:
            rows = _join_cut_row(printed, rows, form)
        printed.extend(rows)
    return printed


def _reaches_down(row: GridRow, cells: Sequence[GridCell], values: Sequence[RawValue]) -> bool:
    """Tell whether a number of the row above is merged into a row whose sum it breaks."""
    numbers = _numbers(values)
    merged = any(
        number and cell.row != row.number for cell, number in zip(cells, numbers, strict=True)
    )
    return merged and sum(numbers[:-1]) != numbers[-1]


def _drop_constant_blank(
    rows: list[PrintedRow], header: Header | None, width: int
) -> list[PrintedRow]:
    """Take out the one cell that is empty in all rows, where each has one cell too many."""
    order = header.order if header else tuple(range(width))
    valued = [row for row in rows if row.values]
    if len(valued) < _ENOUGH_ROWS or any(len(row.values) != width + 1 for row in valued):
        return rows
    blank = [at for at in range(width + 1) if not any(r.values[at].text.strip() for r in valued)]
    if len(blank) != 1 or order is None:
        return rows
    at = blank[0]
    # A column of the form may be blank as well, beside one that the form does not have.
    filled = [
        numbers
        for row in valued
        if any(numbers := _numbers((*row.values[:at], *row.values[at + 1 :])))
    ]
    if filled and 2 * sum(sum(n[:-1]) == n[-1] for n in filled) <= len(filled):
        return rows
    return [
        replace(
            row,
            values=in_form_order((*row.values[:at], *row.values[at + 1 :]), order),
            placed=True,
        )
        if row.values
        else row
        for row in rows
    ]


def _numbers(values: Sequence[RawValue]) -> list[float]:
    return [float(parse_value(value.text).value or 0) for value in values]


def _header_rows(part: Sequence[GridRow], form: Form) -> list[GridRow]:
    """Rows above the first row that has a value or a row's label."""
    head: list[GridRow] = []
    for row in part:
        if not _is_header(row, form):
            texts = [flat(c) for c in row.own() if c.text.strip()]
            if _has_values(row) or _best_likeness(texts, form) >= _JOINED_LIKENESS:
                break
        head.append(row)
    return head if any(_is_header(row, form) for row in head) else []


def _has_values(row: GridRow) -> bool:
    return any(parse_value(c.text).state in ("number", "zero") for c in row.own())


def _is_header(row: GridRow, form: Form) -> bool:
    """A header row names at least three of the applicants or says 申请人情况."""
    texts = [fold_label(flat(c)) for c in row.own() if c.text.strip()]
    joined = "".join(texts)
    if "申请人情况" in joined or "法人或其他组织" in joined:
        return True
    return len({column_of(text, form.applicants) for text in texts} - {None}) >= 3


def _best_likeness(fragments: Sequence[str], form: Form, behind: int = 0) -> float:
    """Likeness to any row; the label begins before the last ``behind`` characters."""
    best = 0.0
    for first in range(len(fragments)):
        joined = "".join(fragments[first:])
        inner = (match.start() for match in INNER_ORDINAL.finditer(joined))
        for start in (0, *(at for at in inner if at < len(joined) - behind)):
            folded = fold_label(strip_ordinal(joined[start:])[1])
            for row in form.requests + form.request_alternatives:
                best = max(best, *(label_likeness(folded, label) for label in row.labels))
    return best


def _join_cut_row(
    before: list[PrintedRow], after: list[PrintedRow], form: Form
) -> list[PrintedRow]:
    """Join the last row of a page with the first of the next where a row was cut in two."""
    upper, lower = before[-1], after[0]
    if not upper.labels:
        return after
    above = any(v.text.strip() for v in upper.values)
    below = any(v.text.strip() for v in lower.values)
    if above and below:
        merged = _join_cut_numbers(upper, lower, form)
        if merged is None:
            return after
        before[-1] = merged
        return after[1:]
    labels = upper.labels
    if lower.labels:
        joined = (*upper.labels[:-1], upper.labels[-1] + lower.labels[-1])
        apart = max(_best_likeness(upper.labels, form), _best_likeness(lower.labels, form))
        # （三）不予公 | 3.危及“三安 and 开 | 全一稳定”: every label cell may have been cut.
        whole = _best_likeness(joined, form, len(lower.labels[-1]))
        # （三）不予公开 | 1.属于国家秘密: a group's name alone is no row.
        grouped = above != below and _is_group(upper.labels[-1], form)
        lost = below and _best_likeness(lower.labels, form) < _FOREIGN_LIKENESS
        if whole < max(_JOINED_LIKENESS, apart) and not (lost or grouped):
            return after
        labels = joined
    elif above or not below:
        return after
    values = upper.values if above else lower.values
    page = upper.page if above else lower.page
    placed = upper.placed if above else lower.placed
    before[-1] = replace(upper, labels=labels, values=values, page=page, placed=placed)
    return after[1:]


def _is_group(text: str, form: Form) -> bool:
    """Tell whether a text is the name of a group of rows (（三）不予公开)."""
    folded = fold_label(strip_ordinal(text)[1])
    return any(
        row.group and fold_label(strip_ordinal(row.group)[1]) == folded for row in form.requests
    )


def _join_cut_numbers(upper: PrintedRow, lower: PrintedRow, form: Form) -> PrintedRow | None:
    """Join numbers that wrapped in a narrow cell just where the page ends: 3865 | 0.

    The second half has a label of its own only as the rest of the first; it has no value
    where the first has none, and not one in every column.  The row's total tells whether
    the halves belong together; where it does not, neither half is taken for the number.
    """
    width = len(form.applicants)
    if not len(upper.values) == len(lower.values) == width or not upper.placed:
        return None
    rest = lower.labels
    if len(rest) == 1 and any(_is_group(f + rest[0], form) for f in upper.labels[:-1]):
        rest = ()  # （三）不 and 予公开: what went on was the group's cell
    if rest:
        joined = (*upper.labels[:-1], upper.labels[-1] + rest[-1])
        whole, own = _best_likeness(joined, form), _best_likeness(rest, form)
        if own >= _FOREIGN_LIKENESS and whole <= max(own, _best_likeness(upper.labels, form)):
            return None  # a row of its own, with blanks
    filled = [at for at, value in enumerate(lower.values) if value.text.strip()]
    # Shorter numbers do not wrap: two rows with blanks may look like halves, and add up.
    if len(filled) == width or any(len(upper.values[at].text.strip()) < 3 for at in filled):
        return None
    values = tuple(
        replace(a, text=a.text.strip() + b.text.strip()) if b.text.strip() else a
        for a, b in zip(upper.values, lower.values, strict=True)
    )
    numbers = [parse_value(value.text).value or 0 for value in values]
    labels = upper.labels
    if rest:
        labels = (*labels[:-1], labels[-1] + rest[-1])
    if sum(numbers[:-1]) == numbers[-1]:
        note = "数字在分页处断开，按合计接上"
        return replace(upper, labels=labels, values=values, note=note)
    return replace(upper, labels=labels, placed=False, note="数字在分页处断开，无法确定")
