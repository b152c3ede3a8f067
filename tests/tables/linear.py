"""Print tables as text, in the ways in which reports come out of PDFs and web pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from tests.tables.grids import CORNER, HEADINGS, INTRODUCTION
from tests.tables.synthetic import LabelledRow, Tables

RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")


@dataclass
class Style:
    """How text is laid out.

    ``layout``: cells (one a line), several, spaces, seed (wrapped labels as in text drawn
    from PDFs), pipes, bars (``cell |`` a line), lone (a line of its own for each pipe),
    glued.  ``header`` of table four: plain, vertical, columns.
    """

    layout: str = "cells"
    header: str = "plain"
    keep_blanks: bool = False
    leading: bool = False
    spans: bool = False
    pages: int = 0  # a page break after about so many lines
    running: bool = False
    labels: bool = True
    wrapped: bool = False  # labels printed around their values
    double: bool = False  # blank lines between all lines
    requests_header: bool = True


class Printer:
    """Collects lines."""

    def __init__(self, style: Style, rng: Random) -> None:
        self.style, self.rng = style, rng
        self.lines: list[str] = []

    def row(self, label: Sequence[str], values: Sequence[str], wide: int = 1) -> None:
        """Print one row of a table."""
        style, rng = self.style, self.rng
        shown = [v for v in values if style.keep_blanks or v.strip(" \u00a0")]
        label = [part for part in label if part]
        layout = style.layout
        if layout == "cells":
            self.lines += [*label, *shown]
        elif layout == "several":
            cells = [*label, *shown]
            while cells:
                take = rng.randint(1, 5)
                self.lines.append(" ".join(cells[:take]))
                cells = cells[take:]
        elif layout in ("spaces", "seed"):
            self._wrapped(label, shown)
        elif layout == "pipes":
            cells = [*label, *values]
            if style.spans and label:
                cells = [label[0], *[""] * (wide - 1), *label[1:], *values]
            line = " | ".join(cells) + " |"
            self.lines.append(("| " if style.leading else "") + line)
        elif layout == "bars":
            self.lines += [f"{cell} |" for cell in [*label, *values]]
        elif layout == "lone":
            for cell in [*label, *values]:
                self.lines += [cell, "|"] if cell.strip() else ["|"]
        elif layout == "glued":
            self.lines.append("".join([*label, *shown]))

    def _wrapped(self, label: Sequence[str], shown: Sequence[str]) -> None:
        style, rng = self.style, self.rng
        values = " ".join(shown)
        if style.layout == "spaces" or not label:
            self.lines.append(" ".join([*label, values]).strip())
            return
        *groups, own = label
        for group in groups:
            self.lines += [group[i : i + 3] for i in range(0, len(group), 3)]
        step = rng.randint(12, 16)
        pieces = [own[i : i + step] for i in range(0, len(own), step)]
        if len(pieces) == 1:
            self.lines.append(f"{own} {values}".strip())
        elif style.wrapped:
            half = (len(pieces) + 1) // 2
            self.lines += [*pieces[:half], values, *pieces[half:]]
        else:
            self.lines += [*pieces, values]


def _block(printer: Printer, tables: Tables, index: int) -> None:
    block = tables.blocks[index]
    if printer.style.labels:
        printer.row([block.clause], [])
        printer.row(["信息内容", *block.columns], [])
    for row in block.rows:
        label = [row.label] if printer.style.labels else []
        printer.row(label, [c.text for c in row.cells])


def _requests_header(printer: Printer, tables: Tables) -> None:
    names = [tables.applicants[i] for i in tables.order]
    style = printer.style
    if not style.labels or not style.requests_header:
        return
    if style.layout == "seed":
        for text in (CORNER[:20], CORNER[20:], "申请人情况", "自 然", "人", "法人或其他组织"):
            printer.lines.append(text)
        printer.lines += ["总计商业", "企业", "科研", "机构", "社 会", "公 益", "组织"]
        printer.lines += ["法 律", "服 务", "机构", "其他"]
        return
    printer.row([CORNER, "申请人情况"], [])
    printer.row([names[0], "法人或其他组织", names[6]], [])
    printer.row(names[1:6], [])


def _review_header(printer: Printer) -> None:
    style = printer.style
    if not style.labels:
        return
    if style.header == "vertical":
        printer.lines += ["行政复议 行政诉讼"]
        printer.lines += [" ".join(r[i] for r in RESULTS[:4]) + (" 总" if i == 1 else
                          " 计" if i == 2 else "") for i in range(4)]  # fmt: skip
        printer.lines += ["未经复议直接起诉 复议后起诉"]
        for i in range(4):
            line = [r[i] for r in RESULTS[:4]] + (["总"] if i == 1 else ["计"] if i == 2 else [])
            printer.lines.append(" ".join(line * 2))
        return
    if style.header == "columns":
        printer.lines += ["行政复议 行政诉讼"]
        for at in range(3):
            if at == 1:
                printer.lines += ["未经复议直接起诉 复议后起诉"]
            printer.lines += [ch for name in RESULTS for ch in name]
        return
    printer.row(["行政复议", "行政诉讼"], [])
    printer.row([*RESULTS, "未经复议直接起诉", "复议后起诉"], [])
    printer.row([*RESULTS, *RESULTS], [])


def _requests(printer: Printer, tables: Tables) -> None:
    _requests_header(printer, tables)
    group, opened = "", False
    for row in tables.requests:
        label: list[str] = []
        if row.no.startswith("3.") and not opened:
            label.append("三、本年度办理结果")
            opened = True
        if row.group and row.group != group:
            label.append(row.group)
        group = row.group
        label.append(row.label)
        if not printer.style.labels:
            label = []
        wide = 3 if not row.no.startswith("3.") else 2 if not row.group else 1
        printer.row(label, [row.cells[i].text for i in tables.order], wide)


def table_rows(rows: Sequence[LabelledRow]) -> list[list[str]]:
    """Texts of the rows' cells."""
    return [[cell.text for cell in row.cells] for row in rows]


def as_text(tables: Tables, style: Style, rng: Random) -> bytes:
    """The report as a text file."""
    printer = Printer(style, rng)
    lines = printer.lines
    lines += [tables.title, "", HEADINGS["一"], INTRODUCTION * 3, HEADINGS["二"]]
    for index in range(len(tables.blocks)):
        _block(printer, tables, index)
    lines.append(HEADINGS["三"])
    _requests(printer, tables)
    lines.append(HEADINGS["四"])
    _review_header(printer)
    printer.row([], [c.text for c in tables.review])
    for name in "五六":
        lines += [HEADINGS[name], "无。"]
    if style.pages:
        lines = _paginate(lines, style)
    return ("\n\n" if style.double else "\n").join(lines).encode()


def _paginate(lines: Sequence[str], style: Style) -> list[str]:
    """Page numbers, running headers and form feeds between the lines."""
    out: list[str] = []
    page = 1
    for at, line in enumerate(lines):
        if at and at % style.pages == 0:
            out.append(f"- {page} -")
            page += 1
            out.append("\x0c" + ("测试县人民政府信息公开年报" if style.running else line))
            if not style.running:
                continue
        out.append(line)
    return out
