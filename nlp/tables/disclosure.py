"""Table two: rows by label, columns by header, block by block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from nlp.documents import Cell, GridCell
from nlp.form import Form, Row, TableTwoBlock, fold_label, label_likeness
from nlp.tables.align import AlignedRow, PrintedRow, RawValue, align_rows
from nlp.tables.cells import doubtful_cell, foreign_column, make_cell, wrong_count
from nlp.tables.columns import Header, column_of, find_header
from nlp.tables.linear import Token, find_foreign_head, group_rows, printed_order, split_glued_zeros
from nlp.tables.repeated import conflicting_rows
from nlp.tables.rows import GridRow, center, flat, raw_value
from nlp.tables.values import parse_value

_ROW_LIKENESS = 0.75
_LOST_LABEL = "下一行的行名没有印出，无法确定各数是本行的还是下一行的"
_OTHER_ORDER = "栏名的次序与格式不同，按印出的栏名推定"


@dataclass(frozen=True, slots=True)
class _Found:
    """A row of table two: its values by column, or what was found in the row."""

    keyed: dict[str, RawValue] | None
    values: tuple[RawValue, ...]
    note: str = ""


def read_disclosure(
    parts: Sequence[Sequence[GridRow]], tokens: Sequence[Token], form: Form
) -> list[Cell]:
    """Cells of section two; a block's rows are found by label, its columns by header."""
    found = _from_grids(parts, form)
    rows = [row for block in form.blocks for row in block.rows]
    if len(found) < len(rows):
        for no, item in _from_tokens(tokens, form).items():
            found.setdefault(no, item)
    if not found:
        found = _by_count(tokens, form)
    cells: list[Cell] = []
    for block in form.blocks:
        for row in block.rows:
            own = found.get(row.no)
            for column in block.columns:
                if own is None:
                    cells.append(make_cell("二", row.no, column.key, None, None))
                elif own.keyed is not None:
                    raw = own.keyed[column.key]
                    cells.append(make_cell("二", row.no, column.key, raw, column.unit, own.note))
                else:
                    note = own.note or wrong_count(len(block.columns), len(own.values))
                    cells.append(doubtful_cell("二", row.no, column.key, own.values, note))
    return cells


def _from_grids(parts: Sequence[Sequence[GridRow]], form: Form) -> dict[str, _Found]:
    printed: dict[str, list[_Found]] = {}
    header: GridRow | None = None
    rows = _join_cut_rows([row for part in parts for row in part], form)
    for at, row in enumerate(rows):
        own = list(row.own())
        place = _find_row(own, form)
        if place is None:
            if _names_a_column(own, form):
                header = row
            continue
        block, form_row, label_at = place
        values = own[label_at + 1 :]
        lower = rows[at + 1] if at + 1 < len(rows) else None
        if lower is not None and lower.grid is not row.grid:
            values = _joined(values, lower)
        item = _place(values, block, header)
        printed.setdefault(form_row.no, []).append(item)
    return _settle_repeated(printed, form)


def _settle_repeated(printed: Mapping[str, Sequence[_Found]], form: Form) -> dict[str, _Found]:
    """One reading for each row; rows printed again with other numbers are in doubt.

    Where every row is blank in one of its printings, that one is the form without numbers.
    """
    most = max(map(len, printed.values()), default=0)
    empty = {
        turn
        for turn in range(most)
        if not any(any(_texts(items[turn])) for items in printed.values() if len(items) > turn)
    }
    names = {row.no: row.label for block in form.blocks for row in block.rows}
    found: dict[str, _Found] = {}
    for no, items in printed.items():
        filled = [item for turn, item in enumerate(items) if turn not in empty] or items[:1]
        if len({tuple(_texts(item)) for item in filled}) == 1:
            found[no] = filled[0]
            continue
        note = f"“{names[no]}”印了两次而数不同，无法确定哪一个为准"
        found[no] = _Found(None, tuple(value for item in filled for value in item.values), note)
    return found


def _join_cut_rows(rows: Sequence[GridRow], form: Form) -> list[GridRow]:
    """Join rows that a page break cut in two, label and all."""
    known = {label for block in form.blocks for row in block.rows for label in row.labels}
    joined: list[GridRow] = []
    for row in rows:
        upper = joined[-1] if joined else None
        if upper is None or upper.grid is row.grid:
            joined.append(row)
            continue
        above, below = upper.own(), row.own()
        fits = (
            len(above) == len(below) > 1
            and bool(below[0].text.strip())
            and fold_label(flat(above[0]) + flat(below[0])) in known
            and not any(
                a.text.strip() and b.text.strip() for a, b in zip(above[1:], below[1:], strict=True)
            )
        )
        if not fits:
            joined.append(row)
            continue
        label = replace(above[0], text=above[0].text + below[0].text)
        filled = any(cell.text.strip() for cell in below[1:])
        values = [replace(b, row=upper.number) for b in below[1:]] if filled else above[1:]
        joined[-1] = replace(upper, cells=(label, *values))
    return joined


def _texts(item: _Found) -> list[str]:
    return [value.text.strip() for value in item.values]


def _joined(values: list[GridCell], lower: GridRow) -> list[GridCell]:
    """Values that a page break left to the row's lower half, which has no label."""
    own = list(lower.own())
    below = own[len(own) - len(values) :]
    labels = own[: len(own) - len(values)]
    if any(cell.text.strip() for cell in (*values, *labels)):
        return values
    return below if all(parse_value(c.text).state != "unreadable" for c in below) else values


def _place(values: Sequence[GridCell], block: TableTwoBlock, header: GridRow | None) -> _Found:
    raws = tuple(map(raw_value, values))
    known = find_header([header], block.columns) if header else None
    chosen = _choose_values(values, known, len(block.columns))
    if chosen is None:
        wrong_order = len(values) == len(block.columns)
        note = "栏名的次序与格式不同，无法确定各数在哪一栏" if wrong_order else ""
        return _Found(None, raws, note)
    pairs = zip(block.columns, chosen, strict=True)
    return _Found({column.key: raw_value(value) for column, value in pairs}, raws)


def _choose_values(
    values: Sequence[GridCell], header: Header | None, width: int
) -> list[GridCell] | None:
    order = header.order if header else tuple(range(width))
    if len(values) == width and order is not None:
        arranged = list(values)
        for value, index in zip(values, order, strict=True):
            arranged[index] = value
        return arranged
    if header and header.edges:
        hits = [[v for v in values if a < center(v) < b] for a, b in header.edges]
        if all(len(group) == 1 for group in hits):
            return [group[0] for group in hits]
    return None


def _names_a_column(cells: Sequence[GridCell], form: Form) -> bool:
    return any(
        column_of(flat(cell), block.columns) is not None for cell in cells for block in form.blocks
    )


def _find_row(cells: Sequence[GridCell], form: Form) -> tuple[TableTwoBlock, Row, int] | None:
    """Find the form's row that one of the cells names best."""
    best: tuple[float, TableTwoBlock, Row, int] | None = None
    for at, cell in enumerate(cells):
        folded = fold_label(flat(cell))
        if not folded:
            continue
        for block in form.blocks:
            for row in block.rows:
                likeness = max(label_likeness(folded, label) for label in row.labels)
                if likeness >= _ROW_LIKENESS and (best is None or likeness > best[0]):
                    best = (likeness, block, row, at)
    return best[1:] if best else None


def _from_tokens(tokens: Sequence[Token], form: Form) -> dict[str, _Found]:
    printed = group_rows(tokens)
    rows = [row for block in form.blocks for row in block.rows]
    blocks = {row.no: block for block in form.blocks for row in block.rows}
    found: dict[str, _Found] = {}
    _, aligned = align_rows(printed, rows)
    twice = conflicting_rows(printed, aligned)
    first = next((at for at, token in enumerate(tokens) if token.is_value), len(tokens))
    foreign = find_foreign_head([token.text for token in tokens[:first]])
    unsure = _before_lost_labels(printed, aligned, form)
    header: list[str] = []
    done = 0
    for item in aligned:
        if item.printed is None:
            continue
        block = blocks[item.row.no]
        # Labels between the row before and this row's own are the block's header.
        between = [f for row in printed[done : item.at] for f in row.labels]
        between += item.printed.labels[: item.first]
        header = between if any(between) else header
        done = item.at + 1
        columns = block.columns
        values = split_glued_zeros(item.printed.values, len(columns))
        if len(values) > len(columns):
            # Blocks of fewer columns are padded where one table holds all blocks.
            filled = tuple(v for v in values if v.text.strip())
            values = filled if len(filled) == len(columns) else values
        order = printed_order(header, columns)
        if item.row.no in twice or item.guess:
            note = item.doubt or f"“{item.row.label}”印了两次而数不同，无法确定哪一个为准"
            found[item.row.no] = _Found(None, twice.get(item.row.no, values), note)
            continue
        if item.row.no in unsure:
            found[item.row.no] = _Found(None, values, _LOST_LABEL)
            continue
        if foreign and len(values) == len(columns):
            found[item.row.no] = _Found(None, values, foreign_column(foreign))
            continue
        if len(values) != len(columns) or order is None:
            note = "" if order is not None else "栏名的次序与格式不同，无法确定各数在哪一栏"
            found[item.row.no] = _Found(None, values, item.doubt or note)
            continue
        note = item.doubt or (_OTHER_ORDER if list(order) != sorted(order) else "")
        keyed = {columns[at].key: value for at, value in zip(order, values, strict=True)}
        found[item.row.no] = _Found(keyed, values, note)
    return found


def _before_lost_labels(
    printed: Sequence[PrintedRow], aligned: Sequence[AlignedRow], form: Form
) -> set[str]:
    """Rows whose numbers may be those of the next row of their block, whose label is lost.

    So it is where a row without numbers leaves its label only.
    """
    words = {fold_label(fragment) for row in printed for fragment in row.labels}
    empty = {item.row.no for item in aligned if item.printed is None}
    named = {item.row.no for item in aligned if not words.isdisjoint(item.row.labels)}
    if not empty & named:
        return set()
    pairs = (pair for block in form.blocks for pair in pairwise(block.rows))
    return {one.no for one, two in pairs if one.no not in empty and two.no in empty - named}


def _by_count(tokens: Sequence[Token], form: Form) -> dict[str, _Found]:
    """Rows without any label: by count alone, where every number is the same 0."""
    values = [
        RawValue(t.text, t.page, t.box, t.line) for t in tokens if t.is_value and t.text.strip()
    ]
    wanted = sum(len(block.columns) * len(block.rows) for block in form.blocks)
    if not values:
        return {}
    sure = len(values) == wanted and all(parse_value(v.text).state == "zero" for v in values)
    found: dict[str, _Found] = {}
    rest = list(values)
    for block in form.blocks:
        for row in block.rows:
            if sure:
                own, rest = rest[: len(block.columns)], rest[len(block.columns) :]
                keyed = {c.key: v for c, v in zip(block.columns, own, strict=True)}
                found[row.no] = _Found(keyed, tuple(own), "行名缺失，全表皆为零")
            else:
                note = f"表二的行名缺失，印出 {len(values)} 个数，无法确定各属哪一行"
                found[row.no] = _Found(None, tuple(values), note)
    return found
