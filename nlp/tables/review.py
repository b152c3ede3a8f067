"""Table four: one row of fifteen numbers under three groups of five results."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.documents import Cell, GridCell
from nlp.form import Form, fold_label
from nlp.tables.align import RawValue
from nlp.tables.cells import doubtful_cell, foreign_column, make_cell, wrong_count
from nlp.tables.linear import Token, find_foreign_head, split_glued_zeros
from nlp.tables.review_header import header_order
from nlp.tables.rows import GridRow, center, extent, flat, raw_value
from nlp.tables.settle import place_review
from nlp.tables.values import is_odd_number, is_value_text, parse_value

_A_GROUP = 5
_FIRST, _SECOND = "未经复议直接起诉", "复议后起诉"


def read_review(
    parts: Sequence[Sequence[GridRow]],
    tokens: Sequence[Token],
    form: Form,
    *,
    blanks_lost: bool = False,
) -> list[Cell]:
    """Cells of section four; ``blanks_lost`` where the lines leave no trace of blank cells."""
    columns = form.review_columns()
    row = form.review_row
    found = _from_grids(parts, form)
    if found is None or not any(value.text.strip() for value in found[0]):
        found = _from_tokens(tokens, form, blanks_lost) or found
    if found is None:
        return [make_cell("四", row, column, None, None) for column in columns]
    values, placed, note = found
    if placed:
        return [
            make_cell("四", row, column, value, None, note)
            for column, value in zip(columns, values, strict=True)
        ]
    size = len(form.results)
    places = place_review(values, size, len(columns))
    if places is not None:
        blank = RawValue("", values[0].page, None, values[0].line)
        told = "空白未印出，按勾稽关系确定在哪一栏"
        return [
            make_cell("四", row, column, values[places[at]] if at in places else blank, None, told)
            for at, column in enumerate(columns)
        ]
    note = note or wrong_count(len(columns), len(values), "本表")
    return [doubtful_cell("四", row, column, values, note) for column in columns]


_Reading = tuple[list[RawValue], bool, str]


def _from_grids(parts: Sequence[Sequence[GridRow]], form: Form) -> _Reading | None:
    rows = [row for part in parts for row in part]
    width = len(form.review_columns())
    data = [
        row
        for row in rows
        if row.own()
        and sum(is_value_text(c.text) for c in row.own()) >= 5
        and not any("复议" in flat(c) or "果" in c.text or "审" in c.text for c in row.own())
        # A page's end may leave 总计 alone of the heads above it.
        and not any(fold_label(flat(c)) in form.results for c in row.own())
    ]
    data = [row for row in data if any(c.text.strip() for c in row.own())] or data[:1]
    if not data:
        return None
    if len({tuple(c.text.strip() for c in row.own()) for row in data}) == 1:
        data = data[:1]
    cells = [c for c in data[0].own() if is_value_text(c.text)]
    note = ""
    if len(data) == 2 and (joined := _join_halves(data[0], data[1], form)):
        cells, data, note = joined, data[:1], "本行在分页处断开，按合计接上"
    odd = [c for c in data[0].own() if is_odd_number(c.text)]
    if len(odd) == 1 and len(cells) == width - 1:
        # One that cannot be read is in doubt alone.
        cells = sorted([*cells, *odd], key=center)
    order = _printed_order([r for r in rows if r not in data], form)
    values = [raw_value(c) for c in cells]
    if len(data) == 1 and len(cells) == width:
        if order is None:
            return values, False, "栏名的次序与格式不同，无法确定各数在哪一栏"
        arranged = list(values)
        for value, index in zip(values, order, strict=True):
            arranged[index] = value
        return arranged, True, note
    if len(data) == 1 and order == list(range(width)):
        leaves = _leaves(rows, form)
        hit = [[c for c in cells if a < center(c) < b] for a, b in leaves]
        if len(leaves) == width and all(len(group) == 1 for group in hit):
            return [raw_value(group[0]) for group in hit], True, ""
    return [raw_value(c) for r in data for c in r.own()], False, ""


def _join_halves(upper: GridRow, lower: GridRow, form: Form) -> list[GridCell]:
    """Cells of a row that a page's end cut, some numbers above it and some below.

    Only where no column has both, and the sums of all groups hold with what is joined.
    """
    above, below = upper.own(), lower.own()
    width = len(form.review_columns())
    if upper.grid is lower.grid or not len(above) == len(below) == width:
        return []
    if any(a.text.strip() and b.text.strip() for a, b in zip(above, below, strict=True)):
        return []
    cells = [b if b.text.strip() else a for a, b in zip(above, below, strict=True)]
    held = _sums_hold([raw_value(cell) for cell in cells], len(form.results))
    return cells if held else []


def _leaves(rows: Sequence[GridRow], form: Form) -> list[tuple[float, float]]:
    names = set(form.results)
    cells = {(r.grid.number, c.row, c.column): c for r in rows for c in r.cells}
    leaves = [cell for cell in cells.values() if fold_label(flat(cell)) in names]
    return [extent(cell) for cell in sorted(leaves, key=center)]


def _printed_order(rows: Sequence[GridRow], form: Form) -> list[int] | None:
    """Columns from left to right; None where the header contradicts the form's order."""
    size, width = len(form.results), len(form.review_columns())
    cells = {(r.grid.number, c.row, c.column): c for r in rows for c in r.cells}
    ordered = sorted(cells.values(), key=center)
    names = [fold_label(flat(c)) for c in ordered]
    starts = list(range(0, width, size))
    if _FIRST in names and _SECOND in names and names.index(_SECOND) < names.index(_FIRST):
        starts = [0, 2 * size, size]
    leaves = [name for name in names if name in form.results]
    if len(leaves) != width:
        # An incomplete header is no evidence against the form, unless it shows other orders.
        return list(range(width)) if starts == sorted(starts) else None
    order: list[int] = []
    for group, start in enumerate(starts):
        own = leaves[group * size : (group + 1) * size]
        if sorted(own) != sorted(form.results):
            return None
        order += [start + form.results.index(name) for name in own]
    return order


def _from_tokens(tokens: Sequence[Token], form: Form, blanks_lost: bool) -> _Reading | None:
    """Values of table four in order; its header has no digits to be mistaken for one."""
    runs = _runs(tokens)
    if len({tuple(value.text for value in run) for run in runs}) > 1:
        every = [value for run in runs for value in run]
        return every, False, "表四印了两次而数不同，无法确定哪一次为准"
    last_label = max((i for i, t in enumerate(tokens) if not t.is_value), default=-1)
    values = [RawValue(t.text, t.page, t.box, t.line) for t in tokens[last_label + 1 :]]
    width = len(form.review_columns())
    if not any(v.text.strip() for v in values):
        # Words after the numbers (a note), or blank cells only.
        every = [RawValue(t.text, t.page, t.box, t.line) for t in tokens if t.is_value]
        values = every if any(v.text.strip() for v in every) else values
    if not values:
        return None
    if len(values) > width and not any(v.text.strip() for v in values[: len(values) - width]):
        values = values[len(values) - width :]
    values = list(split_glued_zeros(values, width))
    header = "".join(t.text for t in tokens if not t.is_value)
    order = header_order(fold_label(header), form)
    if len(values) != width:
        return values, False, ""
    if order is None:
        return values, False, "栏名的次序与格式不同，无法确定各数在哪一栏"
    foreign = find_foreign_head([t.text for t in tokens if not t.is_value])
    if foreign:
        # As many numbers as the form has columns, with one that it has not: a blank is lost.
        return values, False, foreign_column(foreign)
    failed = _failed_groups(values, len(form.results))
    if failed and order and (blanks_lost or failed > 1):
        # The report's own error leaves one sum wrong; a doubled line where a blank is lost, more.
        return values, False, "勾稽关系不成立，而空白没有印出，无法确定各数在哪一栏"
    if not order:
        if not _sums_hold(values, len(form.results)):
            return values, False, "栏名缺失，勾稽关系不成立，无法确定各数在哪一栏"
        return values, True, ""
    arranged = list(values)
    for value, index in zip(values, order, strict=True):
        arranged[index] = value
    return arranged, True, ""


def _runs(tokens: Sequence[Token]) -> list[list[RawValue]]:
    """Runs of as many values as one group of columns has, or more, with labels between."""
    runs: list[list[RawValue]] = [[]]
    for token in tokens:
        if not token.is_value:
            runs.append([])
        elif token.text.strip():
            runs[-1].append(RawValue(token.text, token.page, token.box, token.line))
    return [run for run in runs if len(run) >= _A_GROUP]


def _sums_hold(values: Sequence[RawValue], size: int) -> bool:
    return not _failed_groups(values, size)


def _failed_groups(values: Sequence[RawValue], size: int) -> int:
    """How many groups of columns do not add up."""
    numbers = [parse_value(v.text).value or 0 for v in values]
    return sum(
        abs(sum(numbers[at : at + size - 1]) - numbers[at + size - 1]) > 1e-6
        for at in range(0, len(numbers), size)
    )
