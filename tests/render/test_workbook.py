"""The workbook and the CSV files hold the frames, and nothing in them can run."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import nlp.render.workbook
from nlp.documents import FRAMES, make_frame
from nlp.render import write_csv, write_workbook
from nlp.render.spreadsheet import (
    CLIPPED,
    MAX_CHARACTERS,
    clip,
    is_plain_number,
    neutralise,
    starts_formula,
    strip_forbidden,
)
from tests.render.sample_frames import MANIFEST


def expected_cell(value: Any) -> Any:
    """What a cell of a frame must be in the workbook."""
    if value is None or value is pd.NA:
        return None
    if isinstance(value, str):
        risky = starts_formula(value) and not is_plain_number(value)
        return clip(neutralise(value) if risky else value)
    # Excel keeps sixteen digits of a number.
    return pytest.approx(value, rel=1e-15) if isinstance(value, float) else value


def test_every_frame_comes_back_equal(
    workbook: Path, hostile_frames: dict[str, pd.DataFrame]
) -> None:
    book = openpyxl.load_workbook(workbook, read_only=True)
    for name, frame in hostile_frames.items():
        spec = FRAMES[name]
        rows = list(book[spec.title].iter_rows(values_only=True))
        assert list(rows[0]) == [c.label for c in spec.columns]
        assert list(rows[1]) == [c.key for c in spec.columns]
        wanted = [
            [expected_cell(v) for v in row]
            for row in frame.astype(object).where(frame.notna(), None).itertuples(index=False)
        ]
        assert [list(row) for row in rows[2:]] == wanted, name


def test_pandas_reads_it_with_the_second_row_as_header(
    workbook: Path, hostile_frames: dict[str, pd.DataFrame]
) -> None:
    cells = pd.read_excel(workbook, sheet_name="单元格", header=1)
    assert list(cells.columns) == list(hostile_frames["cells"].columns)
    assert cells["value"].sum() == pytest.approx(hostile_frames["cells"]["value"].sum())
    assert cells["value"].isna().sum() == hostile_frames["cells"]["value"].isna().sum()


def test_nothing_in_the_workbook_is_a_formula_or_a_link(workbook: Path) -> None:
    for sheet in openpyxl.load_workbook(workbook):
        assert not sheet._hyperlinks
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", cell.coordinate
                if isinstance(cell.value, str) and starts_formula(cell.value):
                    assert is_plain_number(cell.value), cell.value
                    assert cell.quotePrefix


def test_sheets_are_ready_to_read(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    assert book.sheetnames[:2] == ["说明与引用", "字段说明"]
    assert book.sheetnames[2:] == [spec.title for spec in FRAMES.values()]
    for spec in FRAMES.values():
        sheet = book[spec.title]
        assert sheet.freeze_panes == "B3"
        assert sheet.auto_filter.ref.startswith("A2:")


def test_the_dictionary_lists_every_column(workbook: Path) -> None:
    rows = list(openpyxl.load_workbook(workbook)["字段说明"].iter_rows(min_row=2, values_only=True))
    wanted = [(s.key, c.key, c.label, c.meaning) for s in FRAMES.values() for c in s.columns]
    assert [(row[0], row[2], row[3], row[6]) for row in rows] == wanted


def test_the_first_sheet_says_how_to_cite_and_what_was_run(workbook: Path) -> None:
    sheet = openpyxl.load_workbook(workbook)["说明与引用"]
    text = "\n".join(f"{a}={b}" for a, b in sheet.iter_rows(max_col=2, values_only=True) if a or b)
    assert "nianbao 0.1.0. 政府信息公开工作年度报告提取结果" in text
    assert "主题模型 · SHA-256=" + "ab" * 32 in text
    assert "参数 · workers=2" in text


def test_same_frames_same_bytes(
    tmp_path: Path, workbook: Path, hostile_frames: dict[str, pd.DataFrame]
) -> None:
    again = tmp_path / "again.xlsx"
    write_workbook(hostile_frames, MANIFEST, again)
    assert again.read_bytes() == workbook.read_bytes()


def test_a_long_frame_goes_on_in_a_second_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nlp.render.workbook, "MAX_ROWS", 5)  # two header rows and three of data
    rows = [{"file": f"{n}.pdf", "code": "empty", "reason": "空"} for n in range(7)]
    path = tmp_path / "long.xlsx"
    write_workbook({"skipped": make_frame("skipped", rows)}, {}, path)
    book = openpyxl.load_workbook(path)
    titles = ["跳过的文件", "跳过的文件 2", "跳过的文件 3"]
    assert book.sheetnames[2:] == titles
    files = [row[0] for t in titles for row in book[t].iter_rows(min_row=3, values_only=True)]
    assert files == [f"{n}.pdf" for n in range(7)]


def test_a_frame_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="没有这些表"):
        write_workbook({"extra": pd.DataFrame()}, {}, tmp_path / "x.xlsx")


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+86", "'+86"),
        ("-", "'-"),  # a printed dash; CSV has no other way to keep it a text
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("＝1＋1", "'＝1＋1"),  # full-width signs also start a formula in Chinese Excel
        ("减4", "减4"),
        ("", ""),
        ("'=1", "'=1"),
    ],
)
def test_neutralise(text: str, safe: str) -> None:
    assert neutralise(text) == safe


def test_a_text_beyond_the_limit_is_clipped_and_says_so() -> None:
    assert clip("字" * MAX_CHARACTERS) == "字" * MAX_CHARACTERS
    clipped = clip("字" * (MAX_CHARACTERS + 1))
    assert len(clipped) == MAX_CHARACTERS
    assert clipped.endswith(CLIPPED)
    # Excel counts UTF-16 units, so 20,000 rare characters are already too many.
    rare = clip("𠮷" * 20_000)
    assert len(rare.encode("utf-16-le")) // 2 <= MAX_CHARACTERS
    assert rare.endswith(CLIPPED)


def test_characters_that_xml_cannot_hold_are_replaced(tmp_path: Path) -> None:
    assert strip_forbidden("a\x00b\x0bc\ud800d\n") == "a\ufffdb\ufffdc\ufffdd\n"
    path = tmp_path / "x.xlsx"
    rows = [{"file": "a\x01.pdf", "code": "empty", "reason": "坏\x0c字"}]
    write_workbook({"skipped": make_frame("skipped", rows)}, {}, path)
    assert openpyxl.load_workbook(path)["跳过的文件"]["C3"].value == "坏\ufffd字"


def test_csv_opens_in_excel_and_reads_back(
    tmp_path: Path, hostile_frames: dict[str, pd.DataFrame]
) -> None:
    written = write_csv(hostile_frames, tmp_path)
    assert [p.name for p in written] == [*(f"{n}.csv" for n in FRAMES), "字段说明.csv"]
    for path in written:
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.reader(stream):
                for cell in row:
                    if starts_formula(cell):
                        float(cell)  # only numbers of number columns may begin with a sign
    cells = pd.read_csv(tmp_path / "cells.csv", dtype={"value": "Float64"})
    pd.testing.assert_series_equal(cells["value"], hostile_frames["cells"]["value"])
    flags = pd.read_csv(tmp_path / "statements.csv")["abstain"]
    assert list(flags) == list(hostile_frames["statements"]["abstain"])


def test_csv_may_have_chinese_labels_above(
    tmp_path: Path, hostile_frames: dict[str, pd.DataFrame]
) -> None:
    write_csv({"skipped": hostile_frames["skipped"]}, tmp_path, chinese_header=True)
    lines = (tmp_path / "skipped.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[:2] == ["文件,代号,原因,文件哈希", "file,code,reason,sha256"]


def test_negative_numbers_stay_numbers(tmp_path: Path) -> None:
    row = {"report_id": "r", "key": "2|行政许可|本年增/减", "section": "2", "row": "行政许可"}
    row |= {"column": "本年增/减", "raw": "-417", "state": "number"}
    frame = make_frame("cells", [{**row, "value": -417.0}])
    write_csv({"cells": frame}, tmp_path)
    line = (tmp_path / "cells.csv").read_text(encoding="utf-8-sig").splitlines()[1]
    assert ",'-417,-417," in line
    write_workbook({"cells": frame}, {}, tmp_path / "x.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx")["单元格"]
    assert (sheet["G3"].value, sheet["H3"].value) == ("-417", -417)
