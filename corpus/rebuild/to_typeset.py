"""PDF set with reportlab: our own page breaks, so that tables can be cut where real ones are.

A label may be cut in two by the page (``cut_label``), a group label too (``split_group``),
the table may lack its lower border at the break (``open_break``), the title may be drawn
twice to look bold (``fake_bold``).
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from .sources import Source
from .tables import Cell, Table

FONTS = {
    "zenhei": (Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"), 0),
    "uming": (Path("/usr/share/fonts/truetype/arphic/uming.ttc"), 0),
    "ukai": (Path("/usr/share/fonts/truetype/arphic/ukai.ttc"), 0),
}
_NO_START = "，。；：、！？）》”’】"
_NO_END = "（《“‘【"
_LATIN = "0123456789.%"


def missing_fonts() -> list[str]:
    """List the font files that are needed and are not on this machine."""
    return [str(path) for path, _ in FONTS.values() if not path.exists()]


def wrap_text(text: str, first: float, width: float, font: str, size: float) -> list[str]:
    """Break a text into lines: no closing mark begins a line, no number is cut."""
    lines, line, room = [], "", first
    for char in text:
        if stringWidth(line + char, font, size) <= room or char in _NO_START:
            line += char
            continue
        keep = ""
        while len(line) > 1 and (
            line[-1] in _NO_END or (line[-1] in _LATIN and (keep or char)[0] in _LATIN)
        ):
            line, keep = line[:-1], line[-1] + keep
        lines.append(line)
        line, room = keep + char, width
    return [*lines, line] if line else lines


@dataclass
class _Press:
    """The page being set."""

    canvas: Canvas
    source: Source
    total: int
    look: dict[str, Any]
    page: int = 0
    y: float = 0.0
    breaks: list[str] = field(default_factory=list)

    left = 74.0
    right = A4[0] - 74.0
    top = A4[1] - 76.0
    bottom = 74.0

    def new_page(self) -> None:
        if self.page:
            self.canvas.showPage()
        self.page += 1
        self.y = self.top
        footer, header = self.source.get("footer"), self.source.get("header")
        # Word processors put the footer first in the content stream; so do we.
        if footer:
            text = footer.replace("{n}", str(self.page)).replace("{N}", str(self.total))
            self.canvas.setFont(self.look["font"], 10)
            self.canvas.drawCentredString(A4[0] / 2, 40, text)
        if header:
            self.canvas.setFont(self.look["font"], 9)
            self.canvas.drawCentredString(A4[0] / 2, A4[1] - 46, header)
            self.canvas.line(self.left, A4[1] - 50, self.right, A4[1] - 50)

    def need(self, height: float) -> None:
        if self.y - height < self.bottom:
            self.new_page()

    def title(self) -> None:
        size = self.look["title_size"]
        for line in self.source.title_lines:
            self.need(size * 1.6)
            self.y -= size * 1.6
            self.canvas.setFont(self.look["heading_font"], size)
            self.canvas.drawCentredString(A4[0] / 2, self.y, line)
            if self.source.get("fake_bold"):
                self.canvas.drawCentredString(A4[0] / 2 + 0.35, self.y, line)
        self.y -= size

    def paragraph(self, text: str, font: str, *, lead: str = "") -> None:
        size, width = self.look["size"], self.right - self.left
        lines = wrap_text(lead + text, width - 2 * size, width, font, size)
        for number, line in enumerate(lines):
            self.need(self.look["leading"])
            self.y -= self.look["leading"]
            self.canvas.setFont(font, size)
            self.canvas.drawString(self.left + (0 if number else 2 * size), self.y, line)

    # -- tables ---------------------------------------------------------------------------

    def table(self, table: Table) -> None:
        size = self.look["table_size"]
        leading, pad = size * 1.25, self.look["pad"]
        edges = [self.left]
        for share in table.widths:
            edges.append(edges[-1] + share * (self.right - self.left))
        lines = {(c.row, c.column): self._cell_lines(c, edges, size) for c in table.cells if c.text}
        heights = []
        for row in range(table.rows):
            tallest = max(
                (
                    len(lines.get((c.row, c.column), [""]))
                    for c in table.row_cells(row)
                    if c.rowspan == 1
                ),
                default=1,
            )
            heights.append(tallest * leading + 2 * pad)
        self.y -= 6
        start = 0
        carried: dict[tuple[int, int], list[str]] = {}
        cut_top = 0.0
        while start < table.rows:
            end, used = start, 0.0
            room = self.y - self.bottom
            while end < table.rows:
                height = heights[end] - (cut_top if end == start else 0)
                if used + height > room:
                    break
                used += height
                end += 1
            part = 0.0
            if end < table.rows and self.source.get("cut_label"):
                labels = [
                    c
                    for c in table.row_cells(end)
                    if c.rowspan == 1 and len(lines.get((c.row, c.column), [])) > 1
                ]
                fits = int((room - used - pad) / leading)
                if labels and fits >= 1:
                    part = fits * leading + pad
                    if part >= heights[end]:
                        part = 0.0
            if end == start and not part:
                self.new_page()
                continue
            self._part(table, edges, heights, lines, carried, start, end, cut_top, part, leading)
            self.y -= used + part
            if end < table.rows or part:
                self.breaks.append(f"{table.name}: page {self.page} row {end} cut {part > 0}")
                self.new_page()
            start, cut_top = end, part
        self.y -= 8

    def _cell_lines(self, cell: Cell, edges: list[float], size: float) -> list[str]:
        narrow = cell.colspan == 1 and edges[cell.column + 1] - edges[cell.column] < 35
        if cell.role == "vertical" or (cell.role == "head" and narrow and self.look["upright"]):
            return list(cell.text)
        width = edges[cell.column + cell.colspan] - edges[cell.column] - 6
        return wrap_text(cell.text, width, width, self.look["font"], size)

    def _part(
        self, table: Table, edges: list[float], heights: list[float],
        lines: dict[tuple[int, int], list[str]], carried: dict[tuple[int, int], list[str]],
        start: int, end: int, cut_top: float, part: float, leading: float,
    ) -> None:  # fmt: skip
        """Draw rows start … end of a table on this page (and ``part`` points of row end)."""
        c, font, size = self.canvas, self.look["font"], self.look["table_size"]
        last = end + (1 if part else 0)
        tops = [self.y]
        for row in range(start, last):
            height = part if row == end else heights[row] - (cut_top if row == start else 0)
            tops.append(tops[-1] - height)
        for cell in table.cells:
            first, stop = max(cell.row, start), min(cell.row + cell.rowspan, last)
            if first >= stop:
                continue
            x0, x1 = edges[cell.column], edges[cell.column + cell.colspan]
            y1, y0 = tops[first - start], tops[stop - start]
            if self.look["fill"] and cell.role in ("head", "block"):
                c.setFillColor(HexColor(self.look["fill"]))
                c.rect(x0, y0, x1 - x0, y1 - y0, stroke=0, fill=1)
                c.setFillColor(HexColor("#000000"))
            c.setLineWidth(0.5)
            c.line(x0, y0, x0, y1)
            c.line(x1, y0, x1, y1)
            if cell.row >= start or not self.source.get("open_break"):
                c.line(x0, y1, x1, y1)
            broken = cell.row + cell.rowspan > last or (part and stop == last)
            if not (broken and self.source.get("open_break")):
                c.line(x0, y0, x1, y0)
            key = (cell.row, cell.column)
            todo = carried.pop(key) if key in carried else []
            if cell.row >= start and not (cell.row == start and cut_top):
                todo = lines.get(key, [])
            goes_on = cell.row + cell.rowspan > last or (part > 0 and stop == last)
            if goes_on and todo:
                fits = max(1, int((y1 - y0 - self.look["pad"]) / leading))
                if cell.role == "group" and self.source.get("split_group") and len(todo) > 1:
                    fits = min(fits, len(todo) - 1)
                carried[key] = todo[fits:]
                if not carried[key]:
                    del carried[key]
                todo = todo[:fits]
            block = len(todo) * leading
            y = (y1 + y0 + block) / 2 - size
            c.setFont(font, size)
            for line in todo:
                if cell.role in ("label", "corner"):
                    c.drawString(x0 + 3, y, line)
                else:
                    c.drawCentredString((x0 + x1) / 2, y, line)
                y -= leading


def build_typeset(source: Source) -> bytes:
    """Give the bytes of the PDF; the same every time."""
    total = 1
    for _ in range(2):
        data, total, breaks = _set(source, total)
    source.settings["_breaks"] = breaks
    return data


def _set(source: Source, total: int) -> tuple[bytes, int, list[str]]:
    look: dict[str, Any] = {
        "font": "zenhei",
        "heading_font": "zenhei",
        "size": 13,
        "leading": 24,
        "title_size": 19,
        "table_size": 9,
        "pad": 3,
        "fill": "#dce6f2",
        "upright": True,
    } | source.get("look", {})
    for name in {look["font"], look["heading_font"]}:
        path, index = FONTS[name]
        registerFont(TTFont(name, str(path), subfontIndex=index))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1, pageCompression=1)
    canvas.setTitle("".join(source.title_lines) or source.issuer["issuer"])
    canvas.setAuthor(source.issuer["issuer"])
    canvas.setSubject("虚构样例 fictional sample")
    canvas.setKeywords("虚构样例 fictional sample")
    press = _Press(canvas, source, total, look)
    press.new_page()
    press.title()
    glue = ""
    for block in source.blocks:
        if block.kind in source.tables:
            for table in source.tables[block.kind]:
                press.table(table)
        elif block.kind == "image":
            press.need(120)
            press.y -= 120
            canvas.rect(press.left, press.y, press.right - press.left, 110)
        elif block.kind == "heading" and block.glued:
            glue = block.text
        elif block.kind in ("heading", "sub"):
            press.need(2 * look["leading"])
            press.paragraph(block.text, look["heading_font"])
        else:
            press.paragraph(block.text, look["font"], lead=glue)
            glue = ""
    canvas.save()
    return buffer.getvalue(), press.page, press.breaks
