"""Rows written as text are those that xlsxwriter writes cell by cell."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import openpyxl
import pandas as pd
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.documents import FRAMES, make_frame
from nlp.render.sheet_rows import STYLES, SheetRows, count_lines, list_rows, make_safe
from nlp.render.workbook import write_workbook

TEXTS = st.text(
    st.characters(exclude_categories=("Cs",)) | st.sampled_from("=+-@<>&_x0D \r\n\t甲"), max_size=12
)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**6), 10**6)
CHECKS = st.fixed_dictionaries(
    {"name": TEXTS, "reason": st.none() | TEXTS.map(lambda text: text * 12)},
    optional={"left": NUMBERS, "right": NUMBERS, "page": st.integers(1, 99)},
)


def _make_checks(rows: list[dict[str, object]]) -> pd.DataFrame:
    known = {"report_id": "甲", "check_id": "c", "subject": "s", "formula": "f"}
    known |= {"result": "pass", "severity": "error", "cells": ""}
    return make_frame("checks", [{**known, **row} for row in rows])


def _write_by_cell(frame: pd.DataFrame, tall: dict[str, int]) -> str:
    """The rows as xlsxwriter makes them; its styles are numbered 1 and up in their order."""
    spec = FRAMES["checks"]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.xlsx"
        with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
            formats = {name: book.add_format({"indent": n}) for n, name in enumerate(STYLES, 1)}
            sheet = book.add_worksheet()
            for n, name in enumerate(STYLES):
                sheet.write_number(0, n, 0, formats[name])
            for row, record in enumerate(frame.to_dict("records"), 1):
                lines = [
                    count_lines(str(record[key]), width)
                    for key, width in tall.items()
                    if not pd.isna(record[key])
                ]
                sheet.set_row(row, 15 * max(lines, default=1))
                for n, column in enumerate(spec.columns):
                    value = record[column.key]
                    if pd.isna(value):
                        continue
                    if column.kind == "text":
                        text, risky = make_safe(str(value))
                        sheet.write_string(row, n, text, formats["quoted" if risky else "wrapped"])
                    else:
                        style = "integer" if column.kind == "integer" else "number"
                        sheet.write_number(row, n, float(value), formats[style])
        with ZipFile(path) as book:
            text = book.read("xl/worksheets/sheet1.xml").decode("utf-8")
    found = re.search('<row r="2".*(?=</sheetData>)', text, re.DOTALL)
    return found.group() if found else ""


@settings(deadline=None, max_examples=60)
@given(st.lists(CHECKS, max_size=6))
def test_rows_are_those_that_xlsxwriter_writes(rows: list[dict[str, object]]) -> None:
    frame = _make_checks(rows)
    tall = {"reason": 42}
    about = SheetRows(FRAMES["checks"], lambda: frame, 0, len(frame), 2, tall)
    styles = {name: str(n) for n, name in enumerate(STYLES, 1)}
    assert "".join(list_rows(frame, about, styles)) == _write_by_cell(frame, tall)


def test_a_text_that_looks_like_markup_is_a_text(tmp_path: Path) -> None:
    # xlsxwriter takes <r>…</r> for markup of its own and would write a broken sheet.
    said = "<r><t>甲</r>"
    frame = _make_checks([{"name": said}])
    write_workbook({"checks": frame}, {}, tmp_path / "x.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx")[FRAMES["checks"].title]
    assert sheet["C3"].value == said


def test_flags_and_numbers_without_end_are_written(tmp_path: Path) -> None:
    rows = [{"report_id": "r", "statement": 1, "theme": "t", "assigned": True, "primary": False}]
    frame = make_frame("themes", [{**rows[0], "probability": float("inf")}])
    write_workbook({"themes": frame}, {}, tmp_path / "x.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx")[FRAMES["themes"].title]
    head = [cell.value for cell in sheet[2]]
    row = dict(zip(head, (cell.value for cell in sheet[3]), strict=True))
    assert (row["assigned"], row["primary"], row["probability"]) == (True, False, "inf")
