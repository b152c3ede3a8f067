"""Text and Markdown: encodings, page breaks, pipes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.documents import Grid, Line, Pages, ReadError
from nlp.read import read_bytes

REPORT = "云岭县2024年政府信息公开工作年度报告\n一、总体情况\n　　本年度公开信息12条。\n"


def read_text(text: str, encoding: str = "utf-8", name: str = "测试.txt") -> Pages:
    return read_bytes(text.encode(encoding), name)


def lines(pages: Pages) -> list[list[tuple[int, str]]]:
    return [[(b.number, b.text) for b in p.blocks if isinstance(b, Line)] for p in pages.pages]


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"],
)
def test_encodings(encoding: str) -> None:
    pages = read_text(REPORT, encoding)
    assert lines(pages) == [
        [
            (1, "云岭县2024年政府信息公开工作年度报告"),
            (2, "一、总体情况"),
            (3, "　　本年度公开信息12条。"),  # the indent is kept
        ]
    ]
    assert pages.kind == "text" and not pages.findings
    assert all(b.closes_paragraph is None for b in pages.pages[0].blocks if isinstance(b, Line))


def test_big5_and_traditional_characters_are_left_as_they_are() -> None:
    text = "雲嶺縣2019年政府信息公開工作年度報告\n一、總體情況\n主動公開檔案三百件。"
    pages = read_text(text, "big5hkscs")
    assert [t for _, t in lines(pages)[0]] == text.split("\n")


def test_bytes_that_cannot_be_decoded_are_shown_as_lost() -> None:
    data = (REPORT * 20).encode() + b"\xff\xfe\xff" + "尾\n".encode()
    pages = read_bytes(data, "测试.txt")
    assert [finding.code for finding in pages.findings] == ["undecodable_text"]
    assert "\ufffd" in lines(pages)[0][-1][1]


def test_unknown_encodings_are_refused() -> None:
    with pytest.raises(ReadError) as caught:
        read_bytes(bytes(range(128, 256)) * 400, "测试.txt")
    assert caught.value.code in ("damaged", "unsupported")
    assert "另存" in caught.value.advice


def test_invisible_characters_and_radicals() -> None:
    data = "一、总\x00体\u200b情况\r\n⾏政许可\ufeff 0\r".encode() + b"\xed\xa0\x80x"
    assert [t for _, t in lines(read_bytes(data, "a.txt"))[0]][:2] == ["一、总体情况", "行政许可 0"]


def test_form_feeds_are_page_breaks_and_numbers_are_the_files() -> None:
    assert lines(read_text("甲\n\n乙\x0c丙\n丁\n\x0c\n戊\n")) == [
        [(1, "甲"), (3, "乙")],
        [(3, "丙"), (4, "丁")],
        [(6, "戊")],
    ]


def test_runs_of_blank_lines_break_pages_only_in_double_spaced_text() -> None:
    double = "\n\n".join("一二三四五六") + "\n\n\n\n" + "\n\n".join("七八九")
    assert [len(page) for page in lines(read_text(double))] == [6, 3]
    single = "\n".join("一二三四五六") + "\n\n\n\n" + "\n".join("七八九")
    assert [len(page) for page in lines(read_text(single))] == [9]


def test_pipe_garbage_is_collapsed_and_blank_cells_are_not() -> None:
    garbage = "|" * 400 + "一、总体情况" + "| " * 300 + "\n" + "|" * 500 + "\n"
    row = "合计 | | | | | | | |\n" + "|" * 16 + "\n|\n0 |"
    pages = read_text(garbage + row)
    assert [t for _, t in lines(pages)[0]] == [
        "|一、总体情况|",
        "合计 | | | | | | | |",
        "|" * 16,
        "|",
        "0 |",
    ]
    assert [finding.code for finding in pages.findings] == ["pipe_garbage"]


def test_markdown_tables_are_grids_and_headings_lose_their_marks() -> None:
    text = """# 云岭县2024年年度报告

## 一、总体情况 ##
**主动公开**方面，做到\\*三个及时\\*，
效果好。

| 信息内容 | 本年<br>制发 | 现行 |
|:---|---:|---|
| 规章 | 0 |  |
| 甲\\|乙 | 3 | 5 |

- 其他
"""
    pages = read_text(text, name="a.md")
    assert pages.kind == "markdown"
    shown = [(b.text, b.closes_paragraph) for b in pages.pages[0].blocks if isinstance(b, Line)]
    assert shown == [
        ("云岭县2024年年度报告", True),
        ("一、总体情况", True),
        ("主动公开方面，做到*三个及时*，", None),
        ("效果好。", True),
        ("其他", True),
    ]
    (grid,) = [b for b in pages.pages[0].blocks if isinstance(b, Grid)]
    assert [[c.text for c in grid.cells if c.row == r] for r in range(grid.rows)] == [
        ["信息内容", "本年\n制发", "现行"],
        ["规章", "0", ""],
        ["甲|乙", "3", "5"],
    ]


def test_html_table_inside_markdown_is_a_grid() -> None:
    text = """# 年度报告
二、主动公开
<table><tr><td rowspan="2">规章</td><td>0</td></tr>
<tr><td></td></tr></table>
六、其他
"""
    pages = read_text(text)
    kinds = [type(b).__name__ for b in pages.pages[0].blocks]
    assert kinds == ["Line", "Line", "Grid", "Line"]
    grid = pages.pages[0].blocks[2]
    assert isinstance(grid, Grid)
    assert [(c.row, c.column, c.rowspan, c.text) for c in grid.cells] == [
        (0, 0, 2, "规章"),
        (0, 1, 1, "0"),
        (1, 1, 1, ""),
    ]


def test_a_text_with_pipes_is_not_markdown() -> None:
    pages = read_text("规章 | 0 | 0 | 0 |\n行政许可 | 7\n")
    assert pages.kind == "text" and len(lines(pages)[0]) == 2


def test_blank_text_is_empty() -> None:
    with pytest.raises(ReadError) as caught:
        read_text(" \n\u3000\u3000\n\x0c")
    assert caught.value.code == "empty"


@given(
    st.text(alphabet=st.sampled_from("一二三|｜# -0123\n\r\x0c\u3000 　是、。<>&"), max_size=200)
)
def test_no_visible_character_is_lost(text: str) -> None:
    """Lines hold the file's characters in order (Markdown and pages aside, which have rules)."""
    try:
        pages = read_text(text)
    except ReadError as error:
        assert error.code == "empty" and not text.strip("\ufeff \n\r\x0c\u3000\t")
        return
    if pages.kind == "text":
        shown = "".join(t for page in lines(pages) for _, t in page)
        assert "".join(shown.split()) == "".join(text.split())
        numbers = [n for page in lines(pages) for n, _ in page]
        assert numbers == sorted(numbers)
