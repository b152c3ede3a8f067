"""Frames → one Excel workbook, or a folder of CSV files."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from nlp.documents import FRAMES, Column, FrameSpec
from nlp.labels import KIND_OF_COLUMN
from nlp.render.citation import list_manifest, write_citation
from nlp.render.sheet_rows import STYLES, SheetRows, fill_sheets, make_safe
from nlp.render.spreadsheet import neutralise, strip_forbidden

MAX_ROWS = 1_048_576  # of one Excel sheet
_HEADER_ROWS = 2
# Workbooks carry a date of making; a fixed one keeps the bytes the same for the same input.
_CREATED = datetime(2000, 1, 1)
_WIDTHS = {"integer": 9, "number": 11, "flag": 8, "text": 14}
_WIDE = {
    "text": 60, "title": 42, "file": 30, "reason": 42, "message": 46, "name": 26, "note": 26,
    "formula": 26, "row_label": 34, "source": 30, "cells": 30, "words": 40, "issuer": 24,
    "edition_evidence": 24, "themes": 26, "primary": 24, "theme": 24, "code": 24, "caveat": 60,
    "subject": 26, "check_id": 20, "indicator": 24, "label": 24, "key": 26,
}  # fmt: skip
# Texts that are read line by line get rows as high as they are; in other frames every row is
# one line high, or a single report would fill the screen.
_READ_IN_FULL = {
    "statements": ("text",),
    "checks": ("reason",),
    "findings": ("message",),
    "skipped": ("reason",),
    "indicators": ("reason",),
}


Tables = Sequence[tuple[FrameSpec, pd.DataFrame]]


def write_workbook(
    frames: Mapping[str, pd.DataFrame],
    manifest: Mapping[str, Any],
    path: Path | str,
    *,
    notes: Sequence[str] = (),
    more: Tables = (),
) -> None:
    """Write one workbook: a sheet a frame, a 字段说明 sheet and a 说明与引用 sheet.

    Row 1 of a frame's sheet has the Chinese labels and row 2 the English keys, so
    ``pandas.read_excel(path, sheet_name="报告", header=1)`` gives the frame back.  A frame
    of more rows than a sheet holds goes on in "单元格 2" and so on.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Frames by their key in ``nlp.documents.FRAMES``; those left out have no sheet.
    manifest : mapping
        The manifest of the result; shown as a list.
    path : Path or str
        Where to write.  The same frames and manifest give the same bytes.
    notes : sequence of str
        Shown first on the sheet 说明与引用, such as what the workbook leaves out.
    more : sequence of (FrameSpec, DataFrame)
        Tables that ``FRAMES`` does not list, with their columns; their sheets come first.

    Raises
    ------
    KeyError
        If ``frames`` holds a name that ``FRAMES`` does not list.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    path = Path(path)
    tables = [*(_Table(spec, partial(_give, f), len(f)) for spec, f in more), *_list_tables(frames)]
    sheets: dict[str, SheetRows] = {}
    with TemporaryDirectory() as folder:
        begun = Path(folder) / "begun.xlsx"
        with xlsxwriter.Workbook(str(begun), {**options, "tmpdir": folder}) as book:
            book.set_properties(
                {
                    "title": "政府信息公开工作年度报告提取结果",
                    "comments": "由 nianbao 生成；字段含义见“字段说明”",
                    "created": _CREATED,
                }
            )
            book.set_size(2400, 1500)
            styles = _Styles(book)
            _write_about(book, manifest, tables, styles, notes)
            _write_dictionary(book, [table.spec for table in tables], styles)
            for table in tables:
                sheets |= _begin_sheets(book, table, styles)
        fill_sheets(begun, path, sheets)


def write_csv(
    frames: Mapping[str, pd.DataFrame],
    folder: Path | str,
    *,
    chinese_header: bool = False,
    more: Tables = (),
) -> tuple[Path, ...]:
    """Write every frame as CSV in utf-8-sig, which Excel opens without garbling.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Frames by their key.
    folder : Path or str
        Where to write; made if it is not there.
    chinese_header : bool, default False
        Put the Chinese labels in a first row, above the English keys.
    more : sequence of (FrameSpec, DataFrame)
        Tables that ``FRAMES`` does not list, with their columns.

    Returns
    -------
    tuple of Path
        The files written, and last ``字段说明.csv``.

    Notes
    -----
    A text that a spreadsheet may take for a formula gets an apostrophe before it; numbers
    of number columns stay as they are.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    tables = [*more, *_in_order(frames)]
    for spec, frame in tables:
        target = folder / f"{spec.key}.csv"
        columns = [_csv_values(frame[c.key], c) for c in spec.columns]
        header = [[c.label for c in spec.columns]] if chinese_header else []
        header.append([c.key for c in spec.columns])
        _write_csv_file(target, header, list(zip(*columns, strict=True)))
        written.append(target)
    target = folder / "字段说明.csv"
    fields = list_fields([spec for spec, _ in tables])
    _write_csv_file(target, [list(_DICTIONARY_HEADER)], fields)
    return (*written, target)


_DICTIONARY_HEADER = ("表", "表名", "字段", "中文名", "类型", "必有", "含义")


def list_fields(specs: Iterable[FrameSpec]) -> list[tuple[str, ...]]:
    """Give a row for every column of the tables, for the 字段说明 sheet."""
    return [
        (
            spec.key,
            spec.title,
            column.key,
            column.label,
            KIND_OF_COLUMN[column.kind],
            "是" if column.required else "",
            column.meaning,
        )
        for spec in specs
        for column in spec.columns
    ]


@dataclass(frozen=True, slots=True)
class _Table:
    """A frame of a workbook, loaded when it is its turn."""

    spec: FrameSpec
    load: Callable[[], pd.DataFrame]
    rows: int


def _give(frame: pd.DataFrame) -> pd.DataFrame:
    return frame


def _list_tables(frames: Mapping[str, pd.DataFrame]) -> list[_Table]:
    _refuse_unknown(frames)
    # Frames on disk know how many rows they have without being loaded.
    count = getattr(frames, "count_rows", None) or (lambda name: len(frames[name]))
    return [
        _Table(spec, partial(frames.__getitem__, name), count(name))
        for name, spec in FRAMES.items()
        if name in frames
    ]


def _refuse_unknown(frames: Mapping[str, pd.DataFrame]) -> None:
    unknown = sorted(set(frames) - set(FRAMES))
    if unknown:
        raise KeyError(f"没有这些表：{unknown}；可用的表见 nlp/documents/frames")


def _in_order(frames: Mapping[str, pd.DataFrame]) -> list[tuple[FrameSpec, pd.DataFrame]]:
    _refuse_unknown(frames)
    return [(spec, frames[name]) for name, spec in FRAMES.items() if name in frames]


class _Styles:
    """The formats of one workbook (xlsxwriter binds formats to their workbook)."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        base = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top"}
        head = {**base, "bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF"}
        self.label: Format = book.add_format({**head, "text_wrap": True, "valign": "vcenter"})
        self.key: Format = book.add_format(
            {**base, "font_color": "#44566B", "bg_color": "#E8EEF4", "font_name": "Consolas"}
        )
        self.text: Format = book.add_format(base)
        self.wrapped: Format = book.add_format({**base, "text_wrap": True, "indent": 1})
        self.quoted: Format = book.add_format({**base, "quote_prefix": True, "text_wrap": True})
        self.integer: Format = book.add_format({**base, "num_format": "0"})
        self.number: Format = book.add_format({**base, "num_format": "General"})
        self.title: Format = book.add_format({**base, "bold": True, "font_size": 16})
        self.part: Format = book.add_format(
            {**base, "bold": True, "font_size": 12, "font_color": "#1F4E79", "bottom": 1}
        )


def _write_string(
    sheet: Worksheet, row: int, column: int, text: str, style: Format, quoted: Format
) -> None:
    safe, risky = make_safe(text)
    sheet.write_string(row, column, safe, quoted if risky else style)


def _begin_sheets(
    book: xlsxwriter.Workbook, table: _Table, styles: _Styles
) -> dict[str, SheetRows]:
    """Make the sheets of a frame up to its rows; say what comes into each."""
    room = MAX_ROWS - _HEADER_ROWS
    sheets = {}
    for part in range(max(1, -(-table.rows // room))):
        title = table.spec.title if part == 0 else f"{table.spec.title} {part + 1}"
        begin, end = part * room, min(table.rows, (part + 1) * room)
        sheet = book.add_worksheet(title)
        widths = _begin_sheet(sheet, table.spec, end - begin, styles)
        tall = {key: widths[key] for key in _READ_IN_FULL.get(table.spec.key, ())}
        name = f"xl/worksheets/sheet{len(book.worksheets())}.xml"
        sheets[name] = SheetRows(table.spec, table.load, begin, end, _HEADER_ROWS + 1, tall)
    return sheets


def _begin_sheet(sheet: Worksheet, spec: FrameSpec, rows: int, styles: _Styles) -> dict[str, int]:
    widths = [
        _WIDE.get(c.key, _WIDTHS["text"]) if c.kind == "text" else _WIDTHS[c.kind]
        for c in spec.columns
    ]
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    sheet.freeze_panes(_HEADER_ROWS, 1)
    sheet.autofilter(1, 0, rows + 1, len(spec.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(8)  # A3: a frame has many columns
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)
    sheet.set_row(0, 20)
    for index, column in enumerate(spec.columns):
        sheet.write_string(0, index, column.label, styles.label)
    for index, column in enumerate(spec.columns):
        sheet.write_string(1, index, column.key, styles.key)
    for index, style in enumerate(STYLES):
        sheet.write_number(_HEADER_ROWS, index, 0, getattr(styles, style))
    return {column.key: width for column, width in zip(spec.columns, widths, strict=True)}


def _write_dictionary(
    book: xlsxwriter.Workbook, specs: Sequence[FrameSpec], styles: _Styles
) -> None:
    sheet = book.add_worksheet("字段说明")
    for index, width in enumerate((14, 14, 22, 16, 9, 7, 90)):
        sheet.set_column(index, index, width)
    rows = list_fields(specs)
    sheet.freeze_panes(1, 4)
    sheet.autofilter(0, 0, len(rows), len(_DICTIONARY_HEADER) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for index, label in enumerate(_DICTIONARY_HEADER):
        sheet.write_string(0, index, label, styles.label)
    for number, row in enumerate(rows, 1):
        for index, text in enumerate(row):
            _write_string(sheet, number, index, text, styles.wrapped, styles.quoted)


def _write_about(
    book: xlsxwriter.Workbook,
    manifest: Mapping[str, Any],
    tables: Sequence[_Table],
    styles: _Styles,
    notes: Sequence[str],
) -> None:
    sheet = book.add_worksheet("说明与引用")
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 110)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    lines: list[tuple[str, str] | str] = [
        *(["没有放进来的"] if notes else []),
        *(("注意", note) for note in notes),
        "引用",
        ("建议的引用格式", write_citation(manifest)),
        "怎样读这些表",
        (
            "表头",
            "第一行是中文名，第二行是英文键；pandas.read_excel(文件, sheet_name=表名, header=1)",
        ),
        (
            "空格",
            "空的单元格表示没有值（NA），不是 0；0、空白、“/”、“-”、无 的区别见 单元格 表的 状态",
        ),
        ("存疑", "状态 unreadable、疑在 ours、存疑 TRUE 的行请对照原文核对后再用"),
        (
            "单引号",
            "以 = + - @ 开头的文字按文字写入，不会当作公式；其中不是数字的在前面加了一个单引号",
        ),
        "各表",
        *((t.spec.title, f"{t.spec.key}：{t.spec.row_is}；共 {t.rows} 行") for t in tables),
        "清单（manifest）",
        *list_manifest(manifest),
    ]
    sheet.write_string(0, 0, "政府信息公开工作年度报告 · 提取结果", styles.title)
    for number, line in enumerate(lines, 2):
        if isinstance(line, str):
            sheet.write_string(number, 0, line, styles.part)
            sheet.write_blank(number, 1, None, styles.part)
        else:
            for index, text in enumerate(line):
                _write_string(sheet, number, index, text, styles.wrapped, styles.quoted)


def _csv_values(series: pd.Series, column: Column) -> list[str]:
    missing = series.isna().to_numpy()
    values = series.array
    return ["" if missing[i] else _csv_value(values[i], column.kind) for i in range(len(series))]


def _csv_value(value: Any, kind: str) -> str:
    if kind == "text":
        return neutralise(strip_forbidden(str(value)))
    if kind == "flag":
        return "TRUE" if value else "FALSE"
    if kind == "integer":
        return str(int(value))
    return repr(int(value)) if float(value).is_integer() else repr(float(value))


def _write_csv_file(
    target: Path, header: Sequence[Sequence[str]], rows: Sequence[Sequence[str]]
) -> None:
    with target.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerows(header)
        writer.writerows(rows)
