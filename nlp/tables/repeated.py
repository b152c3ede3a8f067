"""Rows and tables of the form that are printed more than once."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.form import Row, fold_label, label_likeness, strip_ordinal
from nlp.tables.align import AlignedRow, PrintedRow, RawValue, align_rows

# Fewer rows than this are no table of their own.
_A_TABLE = 5
_SAME_LABEL = 0.9


def conflicting_rows(
    printed: Sequence[PrintedRow], aligned: Sequence[AlignedRow]
) -> dict[str, tuple[RawValue, ...]]:
    """Rows that are printed a second time with other numbers.

    Parameters
    ----------
    printed : sequence of PrintedRow
    aligned : sequence of AlignedRow
        The form's rows and those of ``printed`` that were taken for them.

    Returns
    -------
    dict
        Row number → the values of all its printings; where a whole table stands twice (that
        of the year before beside this year's), every row that is not the same in both.
    """
    rows = [item.row for item in aligned]
    tables = _tables(printed, rows)
    found: dict[str, tuple[RawValue, ...]] = {}
    if len(tables) > 1:
        for row in rows:
            own = [table.get(row.no) for table in tables]
            if len({tuple(v.text.strip() for v in values or ()) for values in own}) > 1:
                found[row.no] = tuple(value for values in own for value in values or ())
        return found
    used = {item.at for item in aligned if item.at >= 0}
    for at, spare in enumerate(printed):
        if at in used or not spare.labels or not any(v.text.strip() for v in spare.values):
            continue
        _, matches = align_rows([spare], rows)
        for item, match in zip(aligned, matches, strict=True):
            if match.printed is None or item.printed is None or match.likeness < _SAME_LABEL:
                continue
            texts = [v.text.strip() for v in item.printed.values]
            if texts != [v.text.strip() for v in spare.values]:
                found[item.row.no] = (*item.printed.values, *spare.values)
    return found


def _tables(
    printed: Sequence[PrintedRow], rows: Sequence[Row]
) -> list[dict[str, tuple[RawValue, ...]]]:
    """Values by row of each table; a new one begins where the first row is printed again.

    One of them may lack its first row, and begins with the second.  A form without a number
    (a template) is none.
    """
    first = [_is_row(row, rows[0]) for row in printed]
    second = [len(rows) > 1 and _is_row(row, rows[1]) for row in printed]
    starts = [
        at for at in range(len(printed)) if first[at] or (second[at] and not (at and first[at - 1]))
    ]
    if len(starts) < 2:
        return []
    parts = [printed[a:b] for a, b in zip(starts, [*starts[1:], len(printed)], strict=True)]
    tables = []
    for part in parts:
        matches = align_rows(part, rows)[1]
        own = {m.row.no: m.printed.values for m in matches if m.printed is not None}
        filled = any(value.text.strip() for values in own.values() for value in values)
        if len(own) >= _A_TABLE and filled:
            tables.append(own)
    return tables


def _is_row(row: PrintedRow, wanted: Row) -> bool:
    joined = ""
    for fragment in reversed(row.labels):
        joined = fragment + joined
        folded = fold_label(strip_ordinal(joined)[1])
        if any(label_likeness(folded, label) >= _SAME_LABEL for label in wanted.labels):
            return bool(row.values)
        if len(joined) > len(wanted.label) + len(wanted.ordinal) + _A_TABLE:
            return False
    return False
