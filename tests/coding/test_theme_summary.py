"""The summary counts reports by hand, keeps doubt apart, and writes what opens."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import openpyxl
import pandas as pd
import pytest

from nlp.pipeline.theme_summary import summarise_result
from nlp.themes import load_codebook
from nlp.themes.digest import digest_themes, pick_central


@pytest.fixture(scope="module")
def digest(frames):
    return digest_themes(frames, load_codebook())


def one(table: pd.DataFrame, **where: object) -> pd.Series:
    for key, value in where.items():
        table = table[table[key] == value]
    assert len(table) == 1
    return table.iloc[0]


def test_reports_without_section_five_are_no_denominator(digest) -> None:
    assert digest.reports == 5
    assert set(digest.overall["报告数"]) == {5}


def test_shares_by_hand_with_doubt_apart(digest) -> None:
    late = one(digest.overall, 主题="主动公开的及时与规范", 角色="问题")
    assert (late["提到"], late["存疑"]) == (3, 1)
    assert late["占比"] == 0.6
    # Wilson (1927) for 3 of 5.
    assert (round(late["下限"], 4), round(late["上限"], 4)) == (0.2307, 0.8824)
    assert late["小样本"] == "是"
    county = one(digest.by_level, 主题="教育培训与队伍建设", 角色="问题", 层级="县级")
    assert (county["报告数"], county["提到"]) == (4, 2)
    assert digest.by_cell["报告数"].groupby(
        [digest.by_cell["主题"], digest.by_cell["角色"]]
    ).sum().eq(5).all()  # fmt: skip


def test_answers_by_theme_by_pair_and_by_doubtful_measure(digest) -> None:
    staff = one(digest.answered, 主题="教育培训与队伍建设")
    # 2021 has a sure measure of the theme; 2022 a doubtful one only.
    columns = ["提出问题的报告", "有同主题措施", "措施存疑", "未见措施"]
    assert staff[columns].tolist() == [2, 1, 1, 0]
    late = one(digest.answered, 主题="主动公开的及时与规范")
    # One is paired with a measure of another theme by the report itself.
    assert late[columns].tolist() == [3, 1, 0, 2]
    assert len(digest.unanswered) == 4


def test_repeated_needs_the_year_before_and_a_sure_tag(digest) -> None:
    staff = one(digest.repeated, 主题="教育培训与队伍建设")
    assert staff[["可比的机关年度", "上年也提出", "上年存疑"]].tolist() == [1, 1, 0]
    late = one(digest.repeated, 主题="主动公开的及时与规范")
    # 民政局 stated it the year before in a doubtful tag only; 水务厅 has no year before.
    assert late[["可比的机关年度", "上年也提出", "上年存疑"]].tolist() == [2, 0, 1]
    again = one(digest.carried_over, 主题="教育培训与队伍建设")
    assert (again["上年的话"], again["本年的话"]) == (
        "工作人员业务培训不够",
        "工作人员业务培训还不够",
    )
    assert again["措辞几乎相同"] == "是"


def test_the_prototype_is_central_not_longest_nor_most_copied() -> None:
    copied = [f"印发工作要点{n}份" for n in range(5)]
    varied = ["加强业务培训", "组织业务培训工作", "开展业务培训活动", "定期业务培训"]
    longest = "加强业务培训，完善制度，更新网站，强化考核，做好解读，回应关切，拓宽渠道，规范目录"
    ((place, alike), *_) = pick_central([*copied, *varied, longest])
    assert "业务培训" in varied[place - 5] and alike == 1


def test_doubtful_statements_are_no_prototypes(digest) -> None:
    shown = set(digest.prototypes["陈述"])
    assert "组织业务培训30次" not in shown
    per_theme = digest.prototypes.groupby(["主题", "角色"])["机关"]
    assert per_theme.nunique().eq(per_theme.size()).all()


@pytest.mark.parametrize("kind", ["docx", "xlsx", "html"])
def test_same_result_same_bytes(result: Path, tmp_path: Path, kind: str) -> None:
    for name in "ab":
        summarise_result(result, tmp_path / f"{name}.{kind}")
    assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()


def test_the_document_and_the_workbook_hold_the_tables(result: Path, tmp_path: Path) -> None:
    summarise_result(result, tmp_path / "s.docx")
    document = docx.Document(str(tmp_path / "s.docx"))
    assert [t.rows[0].cells[0].text for t in document.tables] == ["主题"] * 8
    named = {row.cells[0].text for row in document.tables[0].rows[1:]} - {""}
    assert named == {"教育培训与队伍建设", "政策解读", "重点领域信息公开"}
    assert zipfile.ZipFile(tmp_path / "s.docx").testzip() is None
    summarise_result(result, tmp_path / "s.xlsx")
    book = openpyxl.load_workbook(tmp_path / "s.xlsx")
    assert book.sheetnames[:2] == ["说明", "各主题占比"]
    assert not [c for s in book for r in s.iter_rows() for c in r if c.data_type == "f"]


def test_the_page_escapes_what_reports_say(frames, tmp_path: Path) -> None:
    from nlp.library import write_result

    changed = dict(frames)
    changed["statements"] = frames["statements"].assign(
        text=frames["statements"]["text"].str.replace("公开", "<script>公开")
    )
    write_result(changed, {}, tmp_path / "r")
    summarise_result(tmp_path / "r", tmp_path / "s.html")
    page = (tmp_path / "s.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;公开" in page and "<script" not in page
    assert "http" not in page.replace('http-equiv="Content-Security-Policy"', "")


def test_wrong_names_and_empty_results_are_refused(result: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="结尾"):
        summarise_result(result, tmp_path / "s.pdf")
    with pytest.raises(FileNotFoundError, match=r"manifest\.json"):
        summarise_result(tmp_path, tmp_path / "s.docx")
