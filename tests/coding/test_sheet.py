"""Coding sheets: what is chosen, what opens safely, what comes back as it was filled in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.pipeline.coding import write_sheet
from nlp.themes import LabelError, load_codebook
from nlp.themes.coded import read_coded
from nlp.themes.likeness import Wordings, collapse_duplicates, mask_wording
from nlp.themes.sheet import choose_statements, measure_doubt, rank_statements
from nlp.themes.sources import read_labels


@pytest.fixture
def sheet(result: Path, tmp_path: Path) -> Path:
    (path,) = write_sheet(result, tmp_path / "表.xlsx", size=20)
    return path


def fill(path: Path, values: dict[tuple[int, str], object]) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book["编码"]
    column = {cell.value: cell.column for cell in sheet[1]}
    for (row, key), value in values.items():
        sheet.cell(row, column[key]).value = value
    book.save(path)


def test_near_duplicates_are_one_row_that_says_how_many_it_stands_for(frames) -> None:
    rows = choose_statements(frames, size=50)
    texts = [mask_wording(text) for text in rows["text"]]
    assert len(texts) == len(set(texts))
    trained = rows[rows["text"].str.startswith("组织业务培训")]
    assert trained["alike"].tolist() == [3]  # 2次, 30次, 2次。
    assert rows["alike"].sum() == len(frames["statements"])


def test_the_most_doubtful_comes_first_and_lanes_alternate(frames) -> None:
    rows = choose_statements(frames, size=4)
    doubt = measure_doubt(frames["themes"], frames["statements"])
    most = frames["statements"].loc[int(np.argmax(doubt)), "text"]
    assert mask_wording(rows["text"][0]) in {mask_wording(most), "公开不及时", "组织业务培训0次"}
    assert rows["reason"].tolist()[:2] == ["把握最小", "最有代表性"]


def test_context_and_ids_point_back(frames) -> None:
    rows = choose_statements(frames, size=50).set_index("id")
    row = rows.loc["000000000003-001"]
    assert row["before"].endswith("年度报告。")
    assert row["after"].startswith("。下一句")
    assert (row["level"], row["era"], row["year"]) == ("department", "2021", 2022)


def test_same_input_same_bytes_and_two_coders_get_the_same_statements(result, tmp_path) -> None:
    for name in "ab":
        write_sheet(result, tmp_path / f"{name}.xlsx", size=5, coders=2, seed=3)
    assert (tmp_path / "a_A.xlsx").read_bytes() == (tmp_path / "b_A.xlsx").read_bytes()
    codebook = load_codebook()
    ids = [[r.id for r in read_coded(tmp_path / f"a_{c}.xlsx", codebook)] for c in "AB"]
    assert ids[0] != ids[1]
    assert sorted(ids[0]) == sorted(ids[1])


def test_drop_downs_cover_every_open_cell_and_formulas_are_text(sheet: Path) -> None:
    book = openpyxl.load_workbook(sheet)
    coding = book["编码"]
    keys = {cell.value: cell.column_letter for cell in coding[1]}
    assert coding.row_dimensions[1].hidden
    lists = {str(v.sqref).split(":")[0].rstrip("0123456789"): v for v in
             coding.data_validations.dataValidation}  # fmt: skip
    codebook = load_codebook()
    assert keys["primary"] in lists
    assert all(keys[f"theme:{theme}"] in lists for theme in codebook.ids)
    source = lists[keys["primary"]].formula1.replace("$", "").removeprefix("定义!")
    listed = [cell.value for (cell,) in book["定义"][source]]
    assert listed == [theme.name for theme in codebook.themes]
    cells = [cell for row in coding.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert any(str(cell.value).startswith("'=HYPERLINK") for cell in cells)


def test_a_filled_sheet_reads_back_with_the_text_as_it_was(sheet: Path, tmp_path: Path) -> None:
    fill(
        sheet,
        {
            (3, "primary"): "教育培训与队伍建设",
            (3, "theme:platform_newmedia"): 1,
            (4, "theme:on_request"): "1",  # a single mark needs no primary
            (5, "unusable"): "√",
        },
    )
    rows = read_coded(sheet, load_codebook())
    assert rows[0].themes == ("training", "platform_newmedia")
    assert rows[1].primary == "on_request"
    assert rows[2].unusable and not rows[2].is_coded
    assert any(row.text.startswith("=HYPERLINK(1)") for row in rows)
    labels = read_labels(sheet, load_codebook())
    assert [label.themes for label in labels.labels] == [rows[0].themes, rows[1].themes]
    assert labels.left_out == len(rows) - 2
    assert labels.issuers[0] == rows[0].issuer


# What a coder may do wrong → what the message says.
SLIPS = [
    ({(3, "theme:training"): 1, (3, "theme:on_request"): 1}, "没有选主要主题"),
    ({(3, "primary"): "培训"}, "不在编码手册中"),
    ({(3, "theme:training"): "可能"}, "应为 1 或空白"),
    ({(3, "primary"): "其他", (3, "theme:training"): 1}, "只能单独使用"),
    ({(4, "id"): None}, "编号被删去"),
    ({(1, "text"): "陈述"}, "缺少 text"),
    ({(1, "theme:training"): "theme:mine"}, "与编码手册的主题不同"),
]


@pytest.mark.parametrize(("values", "words"), SLIPS)
def test_slips_are_named_with_their_row(sheet: Path, values, words: str) -> None:
    fill(sheet, values)
    with pytest.raises(LabelError, match=words):
        read_coded(sheet, load_codebook())


def test_a_filled_sheet_is_never_written_over(result: Path, sheet: Path) -> None:
    write_sheet(result, sheet, size=20)  # still empty
    fill(sheet, {(3, "primary"): "政策解读"})
    before = sheet.read_bytes()
    with pytest.raises(ValueError, match="已存在"):
        write_sheet(result, sheet, size=20)
    assert sheet.read_bytes() == before


def test_what_is_no_sheet_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.xlsx"
    file.write_bytes(b"no zip")
    with pytest.raises(LabelError, match="打不开"):
        read_coded(file, load_codebook())


texts = st.lists(st.text("公开不及时培训解读，。12", max_size=8), max_size=12)


@settings(max_examples=60, deadline=None)
@given(texts)
def test_leaders_lead_themselves_and_are_like_their_groups(found: list[str]) -> None:
    leaders = collapse_duplicates(found)
    wordings = Wordings(found)
    for row, leader in enumerate(leaders):
        assert leader <= row and leaders[leader] == leader
        assert wordings.is_alike(int(leader), row)
        assert row in wordings.find_alike(row)


@settings(max_examples=40, deadline=None)
@given(texts, st.integers(1, 12))
def test_ranking_takes_no_row_twice_and_stands_for_all_when_large(found, size: int) -> None:
    doubt = np.linspace(0, 1, len(found))
    ranked = rank_statements(found, doubt, size=size)
    rows = [row for row, _, _ in ranked]
    assert len(rows) == len(set(rows)) <= size
    if size >= len(found):
        assert sum(alike for _, _, alike in ranked) == len(found)
