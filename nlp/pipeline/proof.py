"""Whether what the fast PDF reader read proves itself, or must be read again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from nlp.documents import AnnualReport, Cell, Check

# Rules of the form's own arithmetic; the others compare what may well differ.
_SUMS = frozenset({"t3_balance", "t3_total", "t3_row", "t4_sum"})
_SPACE = re.compile(r"\s+")
# A dash or a minus is drawn with one of several characters; fonts map them as they like.
_FOLDED = str.maketrans("—–－−，．＋", "----,.+")
# Share of table three's cells that the second route must have seen too: sums hold as well
# where two columns are swapped, so the columns must be found a second time.
_SEEN_SHARE = 0.5


def find_doubt(
    report: AnnualReport,
    cells: Sequence[Cell],
    checks: Sequence[Check],
    second: Mapping[str, str],
) -> str:
    """Say why the reading of a report is not proved; "" where it is.

    Every cell must stand in a ruled grid under the form's labels; what a second route (by
    the places of words, without ruling lines) read of it must be the same; all sums of
    tables three and four hold, or the second route read each of their numbers too; and
    tables two and four were read twice in whole, since sums prove neither the rows and
    columns of the one nor the columns of the other.

    Parameters
    ----------
    report : AnnualReport
        The report as structured from the fast reader's pages.
    cells, checks
        What was read of its tables, and the outcome of the form's arithmetic.
    second : mapping of str to str
        ``Pages.second``: raw texts by cell key.

    Returns
    -------
    str
        A short reason in Chinese.
    """
    if report.edition == "narrative":
        return ""
    if report.edition is None or not cells:
        return "认不出表格的版本"
    for cell in cells:
        if cell.state == "absent":
            return f"表格缺行或缺表（{cell.key}）"
        if cell.state == "unreadable":
            return f"有读不准的单元格（{cell.key}）"
        if cell.box is None:
            return f"有的数不在格线围成的表里（{cell.key}）"
        if cell.key in second and _plain(cell.raw) != _plain(second[cell.key]):
            return f"按格线与按位置两种读法不同（{cell.key}）"
        if cell.key not in second and cell.section in ("二", "四"):
            return f"未能用第二种读法核对（{cell.key}）"
    own = [cell for cell in cells if cell.section == "三"]
    if sum(cell.key in second for cell in own) < _SEEN_SHARE * len(own):
        return "表三的栏未能用第二种读法核对"
    blank = {cell.key for cell in cells if cell.state == "blank"}
    for check in checks:
        if check.id not in _SUMS or check.result == "pass" or blank.issuperset(check.cells):
            continue
        if check.doubt == "ours" or not all(key in second for key in check.cells):
            return f"勾稽关系不成立或不能核对（{check.subject}）"
    return ""


def _plain(text: str | None) -> str:
    return _SPACE.sub("", text or "").translate(_FOLDED)
