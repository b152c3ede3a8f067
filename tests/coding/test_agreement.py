"""Agreement figures against published examples; disputes found, settled and trained on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from nlp.pipeline.coding import agree_sheets, write_sheet
from nlp.themes import LabelError, load_codebook
from nlp.themes.agreement import compare_codings, measure_agreement
from nlp.themes.coded import CodedRow, read_coded
from nlp.themes.sources import read_labels

# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section A: α = 0.095.
MEG = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
OWEN = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]


def test_alpha_is_that_of_krippendorffs_example() -> None:
    percent, _, alpha = measure_agreement(MEG, OWEN)
    assert percent == 0.6
    assert alpha == pytest.approx(0.095, abs=5e-4)


def test_kappa_is_that_of_the_textbook_table() -> None:
    # 50 items: both yes 20, only the first 5, only the second 10, both no 15: κ = 0.40.
    first = [1] * 20 + [1] * 5 + [0] * 10 + [0] * 15
    second = [1] * 20 + [0] * 5 + [1] * 10 + [0] * 15
    percent, kappa, _ = measure_agreement(first, second)
    assert percent == 0.7
    assert kappa == pytest.approx(0.4)


def test_without_variation_there_is_no_coefficient() -> None:
    assert measure_agreement([0, 0], [0, 0]) == (1.0, None, None)


def row(name: str, *themes: str, unusable: bool = False, text: str = "甲") -> CodedRow:
    return CodedRow(
        line=3, id=name, role="问题", text=text, themes=themes,
        primary=themes[0] if themes else None, unusable=unusable, note="", issuer="某局",
        year="2021", level="department", era="2021", before="", after="",
    )  # fmt: skip


CODEBOOK = load_codebook()


def test_disputes_are_exactly_the_differences() -> None:
    first = [
        row("1", "training"),
        row("2", "training", "on_request"),
        row("3", "on_request", "training"),
        row("4", unusable=True),
        row("5"),
        row("6", "other"),
    ]
    second = [
        row("6", "other"),
        row("2", "training"),
        row("1", "training"),
        row("3", "training", "on_request"),
        row("4", "other"),
        row("5", "other"),
    ]
    found = compare_codings(first, second, CODEBOOK)
    assert (found.count, found.one_sided) == (5, 1)
    assert {d.first.id: d.codes for d in found.disputes} == {
        "2": ("on_request",),
        "3": ("primary",),
        "4": ("unusable",),
    }
    measures = {m.code: m for m in found.measures}
    assert measures["primary"].count == 4  # the unusable one is out
    assert measures["primary"].percent == 0.75
    assert (measures["on_request"].first, measures["on_request"].second) == (2, 1)
    assert measures["policy_interpretation"].alpha is None
    assert found.settled["id"].tolist()[:3] == ["2", "3", "4"]
    assert found.settled["primary"].isna().tolist() == [True, True, True, False, False]


def test_other_sheets_are_refused() -> None:
    with pytest.raises(LabelError, match="不是同一次制的"):
        compare_codings([row("1", "other")], [row("2", "other")], CODEBOOK)
    changed = replace(row("1", "other"), text="乙")
    with pytest.raises(LabelError, match="文字不同"):
        compare_codings([row("1", "other")], [changed], CODEBOOK)
    with pytest.raises(LabelError, match="只有 0 条"):
        compare_codings([row("1")], [row("1")], CODEBOOK)


def test_a_round_through_the_sheets(result: Path, tmp_path: Path) -> None:
    first, second = write_sheet(result, tmp_path / "表.xlsx", size=8, coders=2)
    for path, late in ((first, "政策解读"), (second, "依申请公开")):
        book = openpyxl.load_workbook(path)
        sheet = book["编码"]
        column = {cell.value: cell.column for cell in sheet[1]}
        ids = sorted(sheet.cell(n, column["id"]).value for n in range(3, sheet.max_row + 1))
        for n in range(3, sheet.max_row + 1):
            name = sheet.cell(n, column["id"]).value
            sheet.cell(n, column["primary"], late if name == ids[0] else "教育培训与队伍建设")
        book.save(path)
    out = tmp_path / "裁定.xlsx"
    agreement = agree_sheets(first, second, out=out)
    assert len(agreement.disputes) == 1
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["一致性", "争议", "编码", "定义"]
    assert book["争议"].max_row == 2
    rows = read_coded(out, CODEBOOK)
    assert rows[0].id == agreement.disputes[0].first.id and not rows[0].is_coded
    assert "政策解读" in rows[0].note and "依申请公开" in rows[0].note
    labels = read_labels(out, CODEBOOK)
    assert (len(labels.labels), labels.left_out) == (agreement.count - 1, 1)
    again = agree_sheets(first, second, out=tmp_path / "again.xlsx")
    assert again.to_json() == agreement.to_json()
    assert (tmp_path / "again.xlsx").read_bytes() == out.read_bytes()
