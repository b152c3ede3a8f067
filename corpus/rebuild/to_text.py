"""Plain text: as a PDF extractor leaves it, one cell a line, pipe rows, spaces, or Markdown."""

from __future__ import annotations

from collections.abc import Callable

from .sources import Source
from .tables import Table

_NO_START = "，。；：、！？）》”’"


def build_text(source: Source) -> str:
    """Give the text of the report in the report's ``linear`` style."""
    return _STYLES[source.get("linear", "extracted")](source)


def _wrap(text: str, width: int) -> list[str]:
    lines = []
    while len(text) > width:
        cut = width
        while cut < len(text) and text[cut] in _NO_START:
            cut += 1
        # An extractor keeps a number whole.
        while cut > 1 and cut < len(text) and text[cut].isdigit() and text[cut - 1].isdigit():
            cut -= 1
        lines.append(text[:cut])
        text = text[cut:]
    return [*lines, text] if text else lines


# -- as an extractor leaves it ---------------------------------------------------------------


def _extracted(source: Source) -> str:
    """Blank line between all lines, tables over lines, vertical heads, page breaks anywhere."""
    lines: list[str] = list(source.title_lines)
    width = source.get("wrap", 28)
    glue = ""
    for block in source.blocks:
        if block.kind in source.tables:
            for table in source.tables[block.kind]:
                lines += _LINEAR[table.name](source, table)
        elif block.kind == "image":
            continue
        elif block.kind == "heading" and block.glued:
            glue = block.text
        else:
            text = _spaced(glue + block.text) if source.get("spaced") else glue + block.text
            glue = ""
            first = _wrap(text, width - 2)[:1]
            lines += first + _wrap(text[len(first[0]) :], width)
    return _paginate(source, lines)


def _paginate(source: Source, lines: list[str]) -> str:
    per_page, footer = source.get("page_lines", 30), source.get("footer")
    header = source.get("header")
    breaks = set(source.get("breaks", []))
    pages: list[list[str]] = [[]]
    for line in lines:
        if len(pages[-1]) >= per_page or (line in breaks and pages[-1]):
            pages.append([])
        pages[-1].append(line)
    out = []
    for number, page in enumerate(pages, 1):
        shown = [header, *page] if header and number > 1 else list(page)
        if footer:
            shown.append(footer.replace("{n}", str(number)).replace("{N}", str(len(pages))))
        out.append("\n\n".join(shown))
    return "\n\n\n\n".join(out) + "\n"


def _spaced(text: str) -> str:
    """Put spaces around numbers, as extractors of justified text do."""
    out = []
    for before, char in zip(" " + text, text, strict=False):
        if char.isdigit() and before not in " 0123456789.-:（" and not before.isascii():
            out.append(" ")
        out.append(char)
    return "".join(out)


def _linear2(source: Source, table: Table) -> list[str]:
    return [" ".join(c.text for c in table.row_cells(r)).strip() for r in range(table.rows)]


def _linear3(source: Source, table: Table) -> list[str]:
    """Walk a grid as an extractor does: header cells over lines, numbers after the label."""
    by_role = {(c.row, c.column): c for c in table.cells}
    lines = [*_wrap(by_role[0, 0].text, 20), by_role[0, 3].text]
    lines += [*_split_label(by_role[1, 3].text, 2), by_role[1, 4].text]
    heads = [_split_label(by_role[2, c].text, 2) for c in range(4, 9)]
    if source.get("heads", "cells") == "rows":
        # 商业 科研 社会 … on one line, 企业 机构 公益 … on the next.
        lines.append(by_role[1, 9].text)
        for level in range(max(map(len, heads))):
            lines.append(" ".join(h[level] for h in heads if level < len(h)))
    else:
        first, *rest = heads
        lines += [by_role[1, 9].text + first[0], *first[1:]]
        lines += [piece for head in rest for piece in head]
    width = source.get("label_wrap", 15)
    for row in range(3, table.rows):
        cells = table.row_cells(row)
        numbers = " ".join(c.text for c in cells if c.role == "number").strip()
        labels = [c for c in cells if c.role != "number"]
        for cell in labels[:-1]:
            if cell.role == "vertical":
                lines += _split_label(cell.text, 3)
            else:
                lines += _split_label(cell.text, source.get("group_wrap", 4))
        pieces = _wrap(labels[-1].text, width)
        if len(pieces) == 1:
            lines.append(f"{pieces[0]} {numbers}".strip())
        elif source.get("numbers", "after") == "after":
            lines += [*pieces, numbers]
        else:
            # The numbers stand at the middle line of the label.
            middle = (len(pieces) - 1) // 2
            pieces[middle] += f" {numbers}"
            lines += pieces
    return lines


def _split_label(text: str, width: int) -> list[str]:
    return [text[i : i + width] for i in range(0, len(text), width)]


def _linear4(source: Source, table: Table) -> list[str]:
    """Give the heads printed vertically (one character a line), then the fifteen numbers."""
    by_place = {(c.row, c.column): c for c in table.cells}
    lines = ["行政复议 行政诉讼"]
    if source.get("heads", "cells") == "rows":
        # Line by line over all fifteen columns: 结 结 其 尚 总 结 结 …
        names = [by_place[1, c].text for c in range(5)]
        lines.append("未经复议直接起诉 复议后起诉")
        for level in range(4):
            row = [n[level] for n in names * 3 if level < len(n)]
            lines.append(" ".join(row))
    else:
        for c in range(5):
            lines += list(by_place[1, c].text)
        lines.append("未经复议直接起诉 复议后起诉")
        for c in range(5, 15):
            lines += list(by_place[2, c].text)
    return [*lines, " ".join(by_place[3, c].text for c in range(15)).strip()]


_LINEAR = {"table2": _linear2, "table3": _linear3, "table4": _linear4}


# -- copied from web pages -------------------------------------------------------------------


def _cells(source: Source) -> str:
    """One cell a line; blank cells vanish."""
    return _plain(source, lambda t: [c.text for r in range(t.rows) for c in t.row_cells(r)])


def _pipes(source: Source) -> str:
    """One row a line, cells closed by a bar; spans leave empty cells."""

    def rows(table: Table) -> list[str]:
        out = []
        for row in range(table.rows):
            pieces = []
            for cell in table.row_cells(row):
                pieces.append(f"{cell.text} |" + " |" * (cell.colspan - 1))
            out.append(" ".join(pieces))
        return out

    return _plain(source, rows)


def _bars(source: Source) -> str:
    """One cell a line with a bar after it."""
    return _plain(source, lambda t: [f"{c.text} |" for r in range(t.rows) for c in t.row_cells(r)])


def _spaces(source: Source) -> str:
    """One row a line, cells parted by spaces, the vertical label in front of its first row."""
    return _plain(
        source, lambda t: ["  ".join(c.text for c in t.row_cells(r)) for r in range(t.rows)]
    )


def _glued(source: Source) -> str:
    """Labels glued to their numbers in section 二 (规章000), spaces in the other tables."""

    def rows(table: Table) -> list[str]:
        gap = "" if table.name == "table2" else " "
        return [gap.join(c.text for c in table.row_cells(r)) for r in range(table.rows)]

    return _plain(source, rows)


def _plain(source: Source, linear: Callable[[Table], list[str]]) -> str:
    lines = list(source.title_lines)
    glue = ""
    indent = source.get("indent", "　　")
    whole: list[str] = []
    for block in source.blocks:
        if block.kind in source.tables:
            for table in source.tables[block.kind]:
                lines += [line for line in linear(table) if line.strip()]
        elif block.kind == "image":
            lines.append(block.text)
        elif source.get("one_paragraph"):
            whole.append(block.text)
        elif block.kind == "heading" and block.glued:
            glue = block.text
        else:
            lines.append(indent + glue + block.text)
            glue = ""
    if whole:
        lines.append(indent + "".join(whole))
    return "\n".join(lines) + "\n"


def _markdown(source: Source) -> str:
    lines = [f"# {''.join(source.title_lines)}", ""] if source.title_lines else []
    for block in source.blocks:
        if block.kind in source.tables:
            for table in source.tables[block.kind]:
                lines += [*_pipe_table(table), ""]
        elif block.kind == "image":
            lines += [f"![]({block.text})", ""]
        elif block.kind == "heading":
            lines += [f"## {block.text}", ""]
        elif block.kind == "sub":
            lines += [f"**{block.text}**", ""]
        else:
            lines += [block.text, ""]
    return "\n".join(lines)


def _pipe_table(table: Table) -> list[str]:
    """Write a full rectangle of cells; a span repeats nothing, it leaves cells empty."""
    grid = [[""] * table.columns for _ in range(table.rows)]
    for cell in table.cells:
        grid[cell.row][cell.column] = cell.text.replace("|", "\\|")
    rows = [f"| {' | '.join(row)} |" for row in grid]
    return [rows[0], "|" + " --- |" * table.columns, *rows[1:]]


_STYLES = {
    "extracted": _extracted,
    "cells": _cells,
    "pipes": _pipes,
    "bars": _bars,
    "spaces": _spaces,
    "glued": _glued,
    "markdown": _markdown,
}
