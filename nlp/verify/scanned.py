"""Cells of a scan: only numbers that the form's sums confirm are taken as read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from nlp.documents import Cell, Edition
from nlp.verify.report import verify_report

_SUMS = frozenset({"t3_balance", "t3_total", "t3_row", "t4_sum"})
# In table three a cell stands in a row sum and in a column sum; both must hold.
_NEEDED = {"3": 2, "4": 1}
_UNREAD = frozenset({"absent", "unreadable"})
CONFIRMED = "扫描件识别，勾稽相符"
UNCONFIRMED = "扫描件识别，没有勾稽关系可以核对，请对照原图"
CONTRADICTED = "扫描件识别，与勾稽关系不符，请对照原图"


def confirm_scanned(cells: Sequence[Cell], *, edition: Edition | None) -> tuple[Cell, ...]:
    """Keep the cells of a scan that the form's sums confirm; doubt all others.

    A misread cell breaks the sums it stands in, so a cell of table three counts as read
    only where its row sum and a column sum hold and none of its sums fails, and a cell of
    table four where its sum holds.  Table two has no sums: its cells stay ``unreadable``
    with what was recognised as a candidate.

    Parameters
    ----------
    cells : sequence of Cell
        The cells as recognised.
    edition : {"2021", "2019", "narrative"} or None
        The form, as in :func:`nlp.verify.verify_report`.

    Returns
    -------
    tuple of Cell
        The same cells in the same order; every one that holds something has a note.

    Examples
    --------
    >>> row = [Cell(f"4|数值|复议.{c}", "4", "数值", f"复议.{c}", str(v), v, None, "number")
    ...        for c, v in [("结果维持", 3), ("结果纠正", 1), ("其他结果", 2),
    ...                     ("尚未审结", 1), ("总计", 7)]]
    >>> {c.state for c in confirm_scanned(row, edition="2021")}
    {'number'}
    >>> lone = Cell("2|规章|现行有效件数", "2", "规章", "现行有效件数", "8", 8, "件", "number")
    >>> doubted = confirm_scanned([lone], edition="2021")[0]
    >>> doubted.state, doubted.value, doubted.candidates
    ('unreadable', None, ('8',))
    """
    held: Counter[str] = Counter()
    broken: set[str] = set()
    for check in verify_report(cells, edition=edition):
        if check.id not in _SUMS:
            continue
        if check.result == "pass":
            held.update(set(check.cells))
        elif check.result == "fail":
            broken.update(check.cells)
    return tuple(_judge(cell, held[cell.key], cell.key in broken) for cell in cells)


def _judge(cell: Cell, held: int, broken: bool) -> Cell:
    if cell.state in _UNREAD:
        return cell
    needed = _NEEDED.get(cell.key.partition("|")[0])
    if needed is not None and held >= needed and not broken:
        return replace(cell, note=_joined(cell.note, CONFIRMED))
    return replace(
        cell,
        value=None,
        state="unreadable",
        candidates=cell.candidates or (cell.raw or "",),
        note=_joined(cell.note, CONTRADICTED if broken else UNCONFIRMED),
    )


def _joined(note: str, words: str) -> str:
    return f"{note}；{words}" if note else words
