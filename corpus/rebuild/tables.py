"""The printed tables: raw text of every cell, and grids with spans for the renderers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import form

_NUMBER = re.compile(r"([+\-－减增]?)(\d{1,3}(?:[,，]\d{3})+|\d+)(\.\d+)?(万元|元|件|项)?")
_BLANKS = {"": "blank", "/": "slash", "-": "dash", "—": "dash", "_": "dash", "无": "none"}
# Columns that the one page-wide grid of section 二 has (a label and three numbers).
_WIDE = 4


@dataclass(frozen=True)
class Cell:
    """One printed cell; ``role`` is label, head, block, corner, vertical, group or number."""

    text: str
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    role: str = "label"


@dataclass(frozen=True)
class Table:
    """A ruled table: ``widths`` are shares of the page width, ``heads`` the header rows."""

    name: str
    cells: tuple[Cell, ...]
    rows: int
    columns: int
    widths: tuple[float, ...]
    heads: int

    def row_cells(self, row: int) -> list[Cell]:
        """Give the cells that begin in a row, from left to right."""
        return sorted((c for c in self.cells if c.row == row), key=lambda c: c.column)


def read_raw(raw: str) -> tuple[int | float | None, str, str | None]:
    """Give value, state and unit of a printed cell.

    >>> read_raw("减4"), read_raw("240万元"), read_raw("/")
    ((-4, 'number', None), (240, 'number', '万元'), (None, 'slash', None))
    """
    if raw in _BLANKS:
        return None, _BLANKS[raw], None
    match = _NUMBER.fullmatch(raw)
    if not match:
        raise ValueError(f"not a cell: {raw!r}")
    digits = re.sub("[,，]", "", match[2])
    value: int | float = float(digits + match[3]) if match[3] else int(digits)
    if match[1] in "-－减" and match[1]:
        value = -value
    return value, "number" if value else "zero", match[4]


def raw_cells(report: Mapping[str, Any]) -> dict[str, str]:
    """Give the printed text of every cell of the report's tables by key.

    Totals and row 一 follow from the given rows (so that they add up), then zeros are
    printed as the report's ``zero`` says, then ``raw`` overrides single cells.
    """
    edition = report.get("form", report["edition"])
    zero: Mapping[str, str] = report.get("zero", {})
    cells: dict[str, str] = {}
    if "t2" in report:
        given = [row.split() for row in report["t2"].split(";")]
        rows = [
            (label, [key for key, _ in columns])
            for _, columns, labels in form.SECTION2[edition]
            for label in labels
        ]
        if [len(g) for g in given] != [len(k) for _, k in rows]:
            raise ValueError(f"{report['name']}: t2 does not fit the {edition} form")
        for (label, keys), values in zip(rows, given, strict=True):
            for key, value in zip(keys, values, strict=True):
                printed = {"_": "", "0": zero.get("t2", "0")}.get(value, value)
                cells[f"2|{label}|{key}"] = printed
    if "t3" in report:
        cells.update(_raw3(report, edition, zero))
    if "t4" in report:
        for group, values in zip(form.GROUPS4, report["t4"].split(";"), strict=True):
            numbers = [int(v) for v in values.split()]
            for key, number in zip(form.RESULTS4, [*numbers, sum(numbers)], strict=True):
                printed = str(number) if number else zero.get("t4", "0")
                cells[f"4|数值|{group}.{key}"] = printed
    for key, raw in report.get("raw", {}).items():
        if key not in cells:
            raise KeyError(f"{report['name']}: no such cell {key}")
        cells[key] = raw
    return {k: v for k, v in cells.items() if k.split("|")[1] not in report.get("drop", ())}


def _raw3(report: Mapping[str, Any], edition: str, zero: Mapping[str, str]) -> dict[str, str]:
    single = report.get("single_other", edition == "2019")
    numbers = [number for number, _, _ in form.rows3(single_other=single)]
    grid = {number: [0] * 6 for number in numbers}
    for number, values in report["t3"].items():
        grid[number] = [int(v) for v in str(values).split()]
        grid[number] += [0] * (6 - len(grid[number]))
    for column in range(6):
        outcomes = sum(grid[n][column] for n in numbers if n not in ("1", "2", "3.7", "4"))
        grid["3.7"][column] = outcomes
        grid["1"][column] = outcomes + grid["4"][column] - grid["2"][column]
        if grid["1"][column] < 0:
            raise ValueError(f"{report['name']}: more carried over than handled")
    cells = {}
    for number in numbers:
        for key, value in zip(form.COLUMNS3, [*grid[number], sum(grid[number])], strict=True):
            total = key == "总计" or number == "3.7"
            printed = zero.get("t3_totals" if total and "t3_totals" in zero else "t3", "0")
            cells[f"3|{number}|{key}"] = str(value) if value else printed
    return cells


def build_tables(report: Mapping[str, Any], cells: Mapping[str, str]) -> dict[str, list[Table]]:
    """Give the grids of table2, table3 and table4 (section 二 may print a grid a block)."""
    labels: Mapping[str, str] = report.get("labels", {})
    edition = report.get("form", report["edition"])
    tables: dict[str, list[Table]] = {}
    if "t2" in report:
        tables["table2"] = _table2(edition, cells, labels, apart=report.get("t2_apart", False))
    if "t3" in report:
        single = report.get("single_other", edition == "2019")
        rows = [r for r in form.rows3(single_other=single) if r[0] not in report.get("drop", ())]
        tables["table3"] = [_table3(rows, cells, labels)]
    if "t4" in report:
        tables["table4"] = [_table4(cells, labels)]
    return tables


def _table2(
    edition: str, cells: Mapping[str, str], labels: Mapping[str, str], *, apart: bool
) -> list[Table]:
    pieces: list[list[Cell]] = [[]]
    row = 0
    for clause, columns, names in form.SECTION2[edition]:
        if apart and pieces[-1]:
            pieces.append([])
            row = 0
        here = pieces[-1]
        here.append(Cell(labels.get(clause, clause), row, 0, colspan=_WIDE, role="block"))
        spans = {1: (3,), 2: (1, 2), 3: (1, 1, 1)}[len(columns)]
        here.append(Cell("信息内容", row + 1, 0, role="head"))
        at = 1
        for (_, printed), span in zip(columns, spans, strict=True):
            # A variant may be for one clause only: "clause/label".
            text = labels.get(f"{clause}/{printed}", labels.get(printed, printed))
            here.append(Cell(text, row + 1, at, colspan=span, role="head"))
            at += span
        row += 2
        for name in names:
            here.append(Cell(labels.get(name, name), row, 0))
            at = 1
            for (key, _), span in zip(columns, spans, strict=True):
                text = cells[f"2|{name}|{key}"]
                here.append(Cell(text, row, at, colspan=span, role="number"))
                at += span
            row += 1
    return [
        Table("table2", tuple(p), max(c.row for c in p) + 1, _WIDE, (0.31, 0.23, 0.23, 0.23), 0)
        for p in pieces
    ]


def _table3(
    rows: list[tuple[str, str, str]], cells: Mapping[str, str], labels: Mapping[str, str]
) -> Table:
    out = [
        Cell(labels.get("corner", form.CORNER3), 0, 0, rowspan=3, colspan=3, role="corner"),
        Cell("申请人情况", 0, 3, colspan=7, role="head"),
        Cell(labels.get("自然人", "自然人"), 1, 3, rowspan=2, role="head"),
        Cell("法人或其他组织", 1, 4, colspan=5, role="head"),
        Cell("总计", 1, 9, rowspan=2, role="head"),
    ]
    out += [Cell(labels.get(k, k), 2, 4 + i, role="head") for i, k in enumerate(form.COLUMNS3[1:6])]
    results = [r for r in rows if r[0].startswith("3")]
    seen: set[str] = set()
    for at, (number, group, label) in enumerate(rows, 3):
        text = labels.get(number, label)
        if not number.startswith("3"):
            out.append(Cell(text, at, 0, colspan=3))
        else:
            if number == results[0][0]:
                name = labels.get("3", form.RESULT3)
                out.append(Cell(name, at, 0, rowspan=len(results), role="vertical"))
            if not group:
                out.append(Cell(text, at, 1, colspan=2))
            else:
                if group not in seen:
                    seen.add(group)
                    span = sum(1 for r in rows if r[1] == group)
                    name = labels.get(group, group)
                    out.append(Cell(name, at, 1, rowspan=span, role="group"))
                out.append(Cell(text, at, 2))
        for column, key in enumerate(form.COLUMNS3, 3):
            out.append(Cell(cells[f"3|{number}|{key}"], at, column, role="number"))
    widths = (0.06, 0.11, 0.27, *[0.08] * 7)
    return Table("table3", tuple(out), len(rows) + 3, 10, widths, 3)


def _table4(cells: Mapping[str, str], labels: Mapping[str, str]) -> Table:
    out = [
        Cell("行政复议", 0, 0, colspan=5, role="head"),
        Cell("行政诉讼", 0, 5, colspan=10, role="head"),
        Cell("未经复议直接起诉", 1, 5, colspan=5, role="head"),
        Cell("复议后起诉", 1, 10, colspan=5, role="head"),
    ]
    for group, name in enumerate(form.GROUPS4):
        for i, key in enumerate(form.RESULTS4):
            column = 5 * group + i
            text = labels.get(key, key)
            span = 1 if group else 2
            out.append(Cell(text, 2 if group else 1, column, rowspan=span, role="head"))
            out.append(Cell(cells[f"4|数值|{name}.{key}"], 3, column, role="number"))
    return Table("table4", tuple(out), 4, 15, (1 / 15,) * 15, 3)
