"""Plain tables (counts, rates, lists) → sheets of a workbook, CSV and JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from nlp.render.spreadsheet import (
    clip,
    is_plain_number,
    neutralise,
    starts_formula,
    strip_forbidden,
)

# Workbooks carry a date of making; a fixed one keeps the bytes the same for the same input.
CREATED = datetime(2000, 1, 1)
FONT = "Microsoft YaHei"
_MOST_LINES = 14
_WIDEST, _NARROWEST = 60.0, 8.0


class TableStyles:
    """The formats of tables in one workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        base = {"font_name": FONT, "font_size": 10, "valign": "top", "text_wrap": True}
        line = {"border": 1, "border_color": "#D5DCE4"}
        self.head: Format = book.add_format(
            {**base, **line, "bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF",
             "valign": "vcenter"}
        )  # fmt: skip
        self.text: Format = book.add_format({**base, **line})
        self.number: Format = book.add_format({**base, **line, "num_format": "0.000"})
        self.percent: Format = book.add_format({**base, **line, "num_format": "0.0%"})
        self.plain: Format = book.add_format(base)


def write_tables(
    tables: Mapping[str, pd.DataFrame],
    path: Path | str,
    *,
    title: str,
    percent: Sequence[str] = (),
    remarks: Sequence[str] = (),
) -> None:
    """Write tables into one workbook, a sheet each; the same tables give the same bytes.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        By the title of the sheet; column names are the headings.
    path : Path or str
        Where to write the xlsx.
    title : str
        Title of the document.
    percent : sequence of str
        Columns whose numbers are shown as per cent.
    remarks : sequence of str
        Lines of a first sheet 说明; none, no such sheet.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": title, "created": CREATED})
        book.set_size(2400, 1500)
        styles = TableStyles(book)
        if remarks:
            sheet = book.add_worksheet("说明")
            sheet.set_column(0, 0, 110)
            sheet.hide_gridlines(2)
            for number, line in enumerate([title, *remarks]):
                put_value(sheet, number, 0, line, styles.plain)
                sheet.set_row(number, 15 * count_lines(line, 110) + 3)
        for name, table in tables.items():
            write_table_sheet(book.add_worksheet(name), table, styles, percent=percent)


def write_table_sheet(
    sheet: Worksheet, table: pd.DataFrame, styles: TableStyles, *, percent: Sequence[str] = ()
) -> None:
    """Write one table, its columns as wide as their words up to a line's length."""
    sheet.hide_gridlines(2)
    sheet.freeze_panes(1, 1)
    widths = []
    for place, label in enumerate(table.columns):
        cells = [show_text(value) for value in table[label].head(500)]
        longest = max((_width_of(cell) for cell in cells), default=0)
        longest = max(longest, _width_of(str(label)))
        widths.append(min(_WIDEST, max(_NARROWEST, longest * 1.1 + 2)))
        sheet.set_column(place, place, widths[-1])
        sheet.write_string(0, place, str(label), styles.head)
    numbers = [styles.percent if str(c) in percent else styles.number for c in table.columns]
    for number, row in enumerate(table.itertuples(index=False, name=None), 1):
        lines = 1
        for place, value in enumerate(row):
            whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
            style = styles.text if whole and numbers[place] is styles.number else numbers[place]
            put_value(sheet, number, place, value, styles.text, style)
            if isinstance(value, str):
                lines = max(lines, count_lines(value, widths[place]))
        sheet.set_row(number, 15 * lines + 3)
    if len(table):
        sheet.autofilter(0, 0, len(table), len(table.columns) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def write_table_csv(table: pd.DataFrame, path: Path | str) -> None:
    """Write one table as CSV in utf-8-sig, texts safe from being run as formulas."""
    with Path(path).open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(table.columns)
        for row in table.itertuples(index=False, name=None):
            writer.writerow([_csv_value(value) for value in row])


def write_table_json(table: pd.DataFrame) -> str:
    """Give one table as a JSON list of objects; missing values are null."""
    rows = [
        {str(key): _plain(value) for key, value in row.items()} for row in table.to_dict("records")
    ]
    return json.dumps(rows, ensure_ascii=False)


def put_value(
    sheet: Worksheet,
    row: int,
    column: int,
    value: Any,
    style: Format,
    number_style: Format | None = None,
) -> None:
    """Write a number as a number and all else as text that no spreadsheet runs."""
    value = _plain(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(row, column, value, number_style or style)
        return
    text = clip(strip_forbidden(show_text(value)))
    if not text:
        sheet.write_blank(row, column, None, style)
        return
    if starts_formula(text) and not is_plain_number(text):
        text = neutralise(text)
    sheet.write_string(row, column, text, style)


def show_text(value: Any) -> str:
    """Give a value as text; a missing one is empty."""
    return "" if value is None or (not isinstance(value, str) and pd.isna(value)) else str(value)


def count_lines(text: str, width: float, size: int = 10) -> int:
    """Guess how many lines a wrapped cell needs; a Chinese character is two digits wide."""
    room = max(1, int(width * 10 / (size * 1.08)))
    lines = sum(max(1, -(-_width_of(part) // room)) for part in text.split("\n") or [""])
    return min(_MOST_LINES, lines)


def _width_of(text: str) -> int:
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


def _plain(value: Any) -> Any:
    """Give numpy and pandas scalars as Python's own, missing ones as None."""
    if value is None or isinstance(value, str):
        return value
    if pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value


def _csv_value(value: Any) -> str:
    value = _plain(value)
    if value is None:
        return ""
    if isinstance(value, str):
        return neutralise(strip_forbidden(value))
    return repr(value)
