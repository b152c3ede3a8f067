"""Rows of table three that have no numbers of their own: blank, absent, or their label is lost."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.documents import Cell
from nlp.form import Form, Row, fold_label, strip_ordinal
from nlp.tables.align import AlignedRow, PrintedRow
from nlp.tables.cells import blank_cell, doubtful_cell, make_cell
from nlp.tables.notes import wording


def unprinted_cells(
    no: str,
    columns: Sequence[str],
    printed: Sequence[PrintedRow],
    aligned: Sequence[AlignedRow],
    at: int,
) -> list[Cell]:
    """Cells of a row that has no values of its own: blank, absent, or in doubt."""
    before, after = _neighbours(aligned, at)
    start = before.at + 1 if before else 0
    stop = after.at if after else len(printed)
    # Rows in the gap that hold numbers under labels that could not be read.
    stray = [
        value
        for candidate in printed[start:stop]
        for value in candidate.values
        if value.text.strip() and (before or after)
    ]
    if stray and not _is_header_gap(printed[start:stop], before):
        note = "此处有行名无法辨认的数行，无法确定是否属于本行"
        return [doubtful_cell("三", no, column, stray, note) for column in columns]
    if _is_named(printed, aligned, at):
        page = after.printed.page if after and after.printed else None
        page = before.printed.page if before and before.printed else page
        return [blank_cell("三", no, column, page) for column in columns]
    return [make_cell("三", no, column, None, None) for column in columns]


def _neighbours(
    aligned: Sequence[AlignedRow], at: int
) -> tuple[AlignedRow | None, AlignedRow | None]:
    """The nearest rows before and behind that have values."""
    before = next((i for i in reversed(aligned[:at]) if i.printed is not None), None)
    after = next((i for i in aligned[at + 1 :] if i.printed is not None), None)
    return before, after


def _between(
    printed: Sequence[PrintedRow], before: AlignedRow | None, after: AlignedRow | None
) -> list[str]:
    """Words that stand between the values of one row and the label of another."""
    start = before.at + 1 if before else 0
    stop = after.at if after else len(printed)
    fragments = [f for candidate in printed[start:stop] for f in candidate.labels]
    if after is not None and after.printed is not None:
        fragments += after.printed.labels[: max(after.first, 0)]
    return fragments


def _is_named(printed: Sequence[PrintedRow], aligned: Sequence[AlignedRow], at: int) -> bool:
    """Tell whether a row without values has its label in print."""
    before, after = _neighbours(aligned, at)
    row = aligned[at].row
    if before is None and after is None and row.no not in ("1", "2"):
        return False
    return _holds_label(_between(printed, before, after), row)


def before_lost_labels(
    printed: Sequence[PrintedRow], aligned: Sequence[AlignedRow], form: Form
) -> set[str]:
    """Rows of a text whose numbers may be those of the next row, whose label is lost.

    So it is where blank rows leave their labels only: the label behind which the numbers then
    stand may be one of those.
    """
    named = [
        item.printed is None and _is_named(printed, aligned, at) for at, item in enumerate(aligned)
    ]
    if not any(named):
        return set()
    words = "".join(wording(form))
    found: set[str] = set()
    for at, item in enumerate(aligned[1:], 1):
        before, after = _neighbours(aligned, at)
        if item.printed is not None or named[at] or before is None or before.printed is None:
            continue
        place = next(i for i, own in enumerate(aligned) if own is before)
        if any(named[place + 1 : at]) or not before.printed.wraps:
            continue  # the label before the lost one has no numbers behind it
        # A label that cannot be read parts the numbers before it from the row that it names.
        if all(fold_label(f) in words for f in _between(printed, before, after)):
            found.add(before.row.no)
    return found


def _is_header_gap(rows: Sequence[PrintedRow], before: AlignedRow | None) -> bool:
    return before is None and all(len(row.values) < 2 for row in rows)


def _holds_label(fragments: Sequence[str], row: Row) -> bool:
    """Tell whether some run of fragments is a row's label, ordinal and all."""
    ordinal = fold_label(row.ordinal)
    for start in range(len(fragments)):
        joined = ""
        for fragment in fragments[start : start + 12]:
            joined += fragment
            if len(joined) > 80:
                break
            printed, words = strip_ordinal(joined)
            if fold_label(words) in row.labels and (
                fold_label(printed) == ordinal or len(row.label) > 3
            ):
                return True
    return False
