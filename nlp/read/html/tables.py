"""HTML tables: data or layout, and spans laid out on a grid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml import etree

from nlp.documents import Grid, GridCell

# A cell with more text than this holds prose: the longest label of the form has 60.
_PROSE = 200
# A table with this many numbers is one even where a note runs long in one of its cells.
_NUMBERS = 6
_NUMBER = re.compile(r"[\s\u00a0]*[-+]?\d[\d.,]*[\s\u00a0]*")
# More columns or rows than any form has; a hostile colspan must not fill the memory.
_MAX_COLUMNS = 200
_MAX_CELLS = 50_000
_SPACE = re.compile(r"[ \t\r\n\x0b\x0c]+")
_CELL_BREAKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section"}
_ZERO_HEIGHT = re.compile(r"(?:^|;)\s*height\s*:\s*0(?:px|pt)?\s*(?:;|$)", re.I)
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)


def own_rows(table: Any) -> Iterator[Any]:
    """Yield a table's own rows (not those of tables inside its cells)."""
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("tbody", "thead", "tfoot"):
            for row in child:
                if row.tag == "tr":
                    yield row


def own_cells(row: Any) -> Iterator[Any]:
    """Yield a row's shown cells."""
    for cell in row:
        if cell.tag in ("td", "th") and not _HIDDEN.search(cell.get("style") or ""):
            yield cell


def is_data_table(table: Any) -> bool:
    """Whether a table holds data: two columns or more, no table inside, no prose cell.

    A table of a single cell inside is only that cell's frame (an editor's way to set a width).
    """
    if not all(map(_is_frame, table.iterdescendants("table"))):
        return False
    columns = numbers = 0
    filled = prose = False
    for row in own_rows(table):
        width = cells = 0
        for cell in own_cells(row):
            text = "".join(cell.itertext())
            width += _span(cell.get("colspan"), _MAX_COLUMNS)
            cells += 1
            filled = filled or bool(text.strip())
            prose = prose or len(text.strip()) > _PROSE
            numbers += _NUMBER.fullmatch(text) is not None
        # One cell that claims a wide span is still a single column.
        columns = max(columns, 1 if cells == 1 else width)
    return columns >= 2 and filled and (not prose or numbers >= _NUMBERS)


def _is_frame(table: Any) -> bool:
    """Whether a table is one cell without a table of its own."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    return len(list(islice((cell for row in own_rows(table) for cell in own_cells(row)), 2))) == 1


def table_grid(table: Any, number: int) -> Grid:
    """Lay a data table out on a grid; an empty cell is a cell with the text ``""``.

    Examples
    --------
    >>> from lxml import html
    >>> rows = "<tr><td rowspan=2>规章<td>0<td>&nbsp;<tr><td colspan=2>5"
    >>> table = html.fromstring(f"<table>{rows}</table>")
    >>> [(c.row, c.column, c.rowspan, c.colspan, c.text) for c in table_grid(table, 1).cells]
    [(0, 0, 2, 1, '规章'), (0, 1, 1, 1, '0'), (0, 2, 1, 1, ''), (1, 1, 1, 2, '5')]
    """
    rows = [row for row in own_rows(table) if not _is_filler(row)]
    taken: set[tuple[int, int]] = set()
    cells: list[GridCell] = []
    for r, row in enumerate(rows):
        column = 0
        for cell in own_cells(row):
            while (r, column) in taken:
                column += 1
            if column >= _MAX_COLUMNS or len(cells) >= _MAX_CELLS:
                break
            colspan = min(_span(cell.get("colspan"), _MAX_COLUMNS), _MAX_COLUMNS - column)
            down = cell.get("rowspan")
            left = len(rows) - r
            rowspan = left if (down or "").strip() == "0" else min(_span(down, 10_000), left)
            # A colspan that runs into a cell from above is cut where that one stands.
            while colspan > 1 and any((r, column + k) in taken for k in range(colspan)):
                colspan -= 1
            taken.update((r + i, column + k) for i in range(rowspan) for k in range(colspan))
            cells.append(GridCell(r, column, cell_text(cell), 1, None, rowspan, colspan))
            column += colspan
    return Grid(
        page=1,
        number=number,
        rows=len(rows),
        columns=max((c.column + c.colspan for c in cells), default=0),
        cells=tuple(cells),
    )


def cell_text(cell: Any) -> str:
    """Give a cell's text, a newline where the source breaks the line."""
    parts: list[str] = []
    walker = etree.iterwalk(cell, events=("start", "end"))
    for event, element in walker:
        if event == "start":
            if not isinstance(element.tag, str) or element.tag in ("script", "style"):
                walker.skip_subtree()
                continue
            if element.tag in _CELL_BREAKS:
                parts.append("\x0b")
            parts.append(element.text or "")
        else:
            if element.tag in _CELL_BREAKS:
                parts.append("\x0b")
            if element is not cell:
                parts.append(element.tail or "")
    lines = ("".join(parts)).split("\x0b")
    shown = (join_source_lines(line).strip() for line in lines)
    return "\n".join(line for line in shown if line)


def join_source_lines(text: str) -> str:
    """Collapse source white space; between Chinese characters it is none at all."""
    text = re.sub(r"(?<=[\u2e80-\u9fff\uff00-\uffef\u3000-\u303f])[ \t]*[\r\n]+[ \t\r\n]*"
                  r"(?=[\u2e80-\u9fff\uff00-\uffef\u3000-\u303f])", "", text)  # fmt: skip
    return _SPACE.sub(" ", text).replace("\u00a0", " ")


def _span(value: str | None, most: int) -> int:
    match = re.match(r"\s*(\d{1,6})", value or "")
    return min(max(int(match.group(1)), 1), most) if match else 1


def _is_filler(row: Any) -> bool:
    """Word writes a row without height or text only to set the columns' widths."""
    style, height = row.get("style") or "", (row.get("height") or "").strip()
    if _HIDDEN.search(style):
        return True
    if height not in ("0", "0px") and not _ZERO_HEIGHT.search(style):
        return False
    return not any(text.strip() for text in row.itertext())
