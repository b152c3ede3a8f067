"""Walking a Word body: paragraphs to lines, tables to grids, in order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from nlp.documents import Block, Finding, Grid, GridCell, Line
from nlp.read.characters import clean_characters
from nlp.read.word.markup import (
    MAX_COLUMNS,
    MC,
    columns_before,
    font_size,
    is_on,
    row_cells,
    run_text,
    shown_choice,
    shown_runs,
    style_sizes,
    table_rows,
    text_boxes,
    toc_styles,
)
from nlp.read.word.numbering import Numbering, W

# A cell with more text than this holds prose: the longest label of the form has 60.
_PROSE = 200
# A table with this many numbers is one even where a note runs long in one of its cells.
_NUMBERS = 6
_NUMBER = re.compile(r"\s*[-+]?\d[\d.,]*\s*")
_TABLE_HEADING = re.compile(
    r"主动公开|收到和处理|行政复议|行政诉讼|依申请|附[件表]|统计表|如下[:：]?$"
)


class Body:
    """Walks the body and gathers blocks; one object a document."""

    def __init__(self, numbering: Any, styles: Any) -> None:
        self._numbering = Numbering(numbering, styles)
        self._sizes = style_sizes(styles)
        self._toc_styles = toc_styles(styles)
        self.blocks: list[Block] = []
        self.pictures = 0
        self._lines = 0
        self._grids = 0
        self._hidden = 0
        self._pictures_after: list[str] = []

    def walk(self, container: Any) -> None:
        """Read a body, a cell or a content control: its paragraphs and tables."""
        for child in container:
            if child.tag == f"{W}p":
                self._paragraph(child)
            elif child.tag == f"{W}tbl":
                self._table(child)
            elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml",
                               f"{W}smartTag", f"{W}moveTo"):  # fmt: skip
                self.walk(child)
            elif child.tag == f"{MC}AlternateContent":
                self.walk(shown_choice(child))

    def findings(self) -> Iterator[Finding]:
        """Give what a researcher should know about the file."""
        if self._hidden:
            yield Finding("hidden_text", "info", f"有 {self._hidden} 个隐藏的字，未读取。", 1)
        for heading in self._pictures_after:
            yield Finding(
                "image_in_place_of_table",
                "warning",
                f"“{heading}”之下是一幅图片；若其中是表格，未能读取，其单元格记为缺失而不是零。",
                1,
            )

    def _paragraph(self, paragraph: Any) -> None:
        if self._style_of(paragraph) in self._toc_styles:
            return
        text, size = self._text(paragraph)
        ordinal = self._numbering.ordinal(paragraph) if text.strip() else ""
        for line in (ordinal + text.lstrip()).split("\n"):
            shown = line.strip()
            if shown:
                self._lines += 1
                self.blocks.append(Line(shown, 1, self._lines, None, size, closes_paragraph=True))
        if self._has_picture(paragraph):
            self._note_picture()
        for box in text_boxes(paragraph):
            self.walk(box)

    def _style_of(self, paragraph: Any) -> str:
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        return style.get(f"{W}val", "") if style is not None else ""

    def _text(self, paragraph: Any) -> tuple[str, float | None]:
        """The paragraph's shown text (newlines at line breaks) and usual font size."""
        parts: list[str] = []
        sizes: Counter[float] = Counter()
        style_size = self._sizes.get(self._style_of(paragraph), self._sizes.get(""))
        for run in shown_runs(paragraph):
            properties = run.find(f"{W}rPr")
            text = "".join(run_text(run))
            if properties is not None and is_on(properties.find(f"{W}vanish")):
                self._hidden += len(text.strip())
                continue
            parts.append(text)
            size = font_size(properties) if properties is not None else None
            size = size if size is not None else style_size
            if size is not None and text.strip():
                sizes[size] += len(text.strip())
        text = clean_characters("".join(parts)).replace("\u00a0", " ")
        return text, sizes.most_common(1)[0][0] if sizes else None

    def _has_picture(self, paragraph: Any) -> bool:
        for element in paragraph.iter():
            name = str(element.tag).rpartition("}")[2]
            if name in ("blip", "imagedata"):
                return True
        return False

    def _note_picture(self) -> None:
        self.pictures += 1
        last = self.blocks[-1] if self.blocks else None
        if (
            isinstance(last, Line)
            and len(last.text) <= 40
            and _TABLE_HEADING.search(last.text)
            and last.text not in self._pictures_after
        ):
            self._pictures_after.append(last.text)

    def _table(self, table: Any) -> None:
        if self._is_layout(table):
            for row in table_rows(table):
                for cell, _span, _merge in row_cells(row):
                    self.walk(cell)
            return
        self._grids += 1
        self.blocks.append(self._grid(table))

    def _is_layout(self, table: Any) -> bool:
        """One column, a table inside, or prose: what the table holds is text."""
        columns = numbers = 0
        prose = False
        rows = list(table_rows(table))
        for row in rows:
            cells = list(row_cells(row))
            columns = max(columns, 1 if len(cells) == 1 else sum(span for _, span, _ in cells))
            for cell, _span, _merge in cells:
                if cell.find(f".//{W}tbl") is not None:
                    return True
                text = "".join(t.text or "" for t in cell.iter(f"{W}t"))
                prose = prose or len(text) > _PROSE
                numbers += _NUMBER.fullmatch(text) is not None
        return columns < 2 or (prose and numbers < _NUMBERS)

    def _grid(self, table: Any) -> Grid:
        open_cells: dict[int, int] = {}  # grid column -> index of the cell that goes on down
        found: list[GridCell] = []
        rows = 0
        width = 0
        for row in table_rows(table):
            column = columns_before(row)
            seen: set[int] = set()
            for cell, span, merge in row_cells(row):
                span = max(min(span, MAX_COLUMNS - column), 1)
                above = open_cells.get(column)
                if merge == "continue" and above is not None and found[above].colspan == span:
                    old = found[above]
                    extra = self._cell_text(cell)
                    text = f"{old.text}\n{extra}" if extra and old.text else old.text or extra
                    found[above] = GridCell(
                        old.row, old.column, text, 1, None, rows - old.row + 1, old.colspan
                    )
                    seen.add(column)
                else:
                    found.append(GridCell(rows, column, self._cell_text(cell), 1, None, 1, span))
                    if merge:
                        open_cells[column] = len(found) - 1
                        seen.add(column)
                column += span
            open_cells = {c: i for c, i in open_cells.items() if c in seen}
            width = max(width, column)
            rows += 1
        return Grid(1, self._grids, rows, width, tuple(found))

    def _cell_text(self, cell: Any) -> str:
        lines: list[str] = []
        for paragraph in cell.iter(f"{W}p"):
            if any(a.tag == f"{MC}Fallback" for a in paragraph.iterancestors()):
                continue
            text, _ = self._text(paragraph)
            text = text.strip()
            if text:
                lines.append(self._numbering.ordinal(paragraph) + text)
            if self._has_picture(paragraph):
                self.pictures += 1
        return "\n".join(lines)
