"""Tables without rules: heads and labels that are not the form's own, or are misprinted."""

from __future__ import annotations

from collections import Counter

import pytest

from nlp.form import load_form
from nlp.tables.align import PrintedRow, RawValue, align_rows, choose_rows, mark_strays
from nlp.tables.disclosure import read_disclosure
from nlp.tables.linear import Token, find_foreign_head
from nlp.tables.missing import before_lost_labels
from nlp.tables.notes import wording
from nlp.tables.reading import _column_order
from nlp.tables.review import read_review

FORM = load_form("2021")
NAMES = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")


def _tokens(*words: str) -> list[Token]:
    return [Token(word, word.isdigit(), 1, at, None) for at, word in enumerate(words)]


HEADS = [
    (["序号", "行政复议"], "序号"),
    (["结果维持", "总计", "合计"], "合计"),  # beside the form's own sum
    (["自然人", "合计"], ""),  # in its place
    (["自然人", "备注"], ""),  # no column of numbers
    (["三、序号"], ""),
]


@pytest.mark.parametrize(("heads", "found"), HEADS)
def test_heads_of_numbers_that_the_form_does_not_have(heads: list[str], found: str) -> None:
    assert find_foreign_head(heads) == found


# 序号 1; 维持 1, 纠正 1, 其他 0, 尚未审结 blank, 总计 3: the first five are as good a sum.
LOST_BLANK = "1 1 1 0 3 0 0 0 0 0 0 0 0 0 0".split()


@pytest.mark.parametrize(("before", "state"), [([], "number"), (["序号"], "unreadable")])
def test_one_number_too_many_and_one_blank_lost(before: list[str], state: str) -> None:
    heads = [*before, "行政复议", "行政诉讼", *NAMES * 3]
    cells = read_review([], _tokens(*heads, *LOST_BLANK), FORM)
    states = Counter(cell.state for cell in cells)
    assert states[state] == (4 if state == "number" else 15)


def test_table_two_with_a_column_of_numbers_that_the_form_does_not_have() -> None:
    block = FORM.blocks[0]
    heads = ["信息内容", *(column.key for column in block.columns)]
    rows = [word for row in block.rows for word in (row.label, "4", "2", "1")]
    plain = read_disclosure([], _tokens(*heads, *rows), FORM)
    own = {row.no for row in block.rows}
    assert {c.state for c in plain if c.row in own} == {"number"}
    other = read_disclosure([], _tokens("序号", *heads, *rows), FORM)
    assert {c.state for c in other if c.row in own} == {"unreadable"}


def _row(*labels: str, values: str = "") -> PrintedRow:
    raws = tuple(RawValue(text, 1) for text in values.split())
    return PrintedRow(labels, raws, False, 1, wraps=True)


STRAYS = [
    # Misprinted past knowing, but it stands before the numbers: their own label.
    (("2.重复申请", "3巳.其他"), "7 7", frozenset()),
    # The head of a page between a label and its numbers.
    (("2.重复申请", "云岭县2024年政府信息公开工作年度报告"), "7 7", frozenset({1})),
    # Before a label, or without numbers behind it, anything foreign is stray.
    (("云岭县水利局文件", "2.重复申请"), "7 7", frozenset({0})),
    (("2.重复申请", "云岭县水利局文件"), "", frozenset({1})),
]


@pytest.mark.parametrize(("labels", "values", "strays"), STRAYS)
def test_what_stands_before_numbers_is_their_label(
    labels: tuple[str, ...], values: str, strays: frozenset[int]
) -> None:
    assert mark_strays([_row(*labels, values=values)], wording(FORM))[0].strays == strays


HEADERS = [
    # The group's head misprinted, and so is the column that its words could be taken for.
    ("自然人 法人其他组织 总计 商业企业 科研机构 社会公益组织 法律服务机构 其未他", True),
    ("自然人 法人或其它组织 总计 商业企业 科研机构 社会公益组织 法律服务机构 其他", True),
    # cut over two lines
    ("自然人 法人 或其他 组织 总计 商业企业 科研机构 社会公益组织 法律服务机构 其他", True),
    # two columns that did change places
    ("自然人 法人或其他组织 总计 科研机构 商业企业 社会公益组织 法律服务机构 其他", False),
]


@pytest.mark.parametrize(("heads", "same"), HEADERS)
def test_the_other_organisations_are_no_column(heads: str, same: bool) -> None:
    first = _row(*heads.split(), "一、本年新收政府信息公开申请数量", values="9 0 0 0 0 0 9")
    _, aligned = align_rows([first], FORM.requests)
    order = _column_order([first], aligned, FORM)
    assert (order == tuple(range(7))) is same


LOST = [
    # （六）3. has lost its label; that of a blank row stands before its numbers.
    (["（七）总计"], True),
    # its label stands, but cannot be read: what is before it is the row's own
    (["㐀㐁㐂㐃", "（七）总计"], False),
    # its label stands, the row is blank
    (["3.其他", "（七）总计"], False),
]


@pytest.mark.parametrize(("labels", "lost"), LOST)
def test_numbers_before_a_lost_label_may_be_its_own(labels: list[str], lost: bool) -> None:
    second = "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"
    printed = [
        # a blank row leaves its label only
        _row("3.要求提供公开出版物", "4.无正当理由大量反复申请", values="1 2 3 0 0 0 6"),
        _row(second, values="12 7 0 0 0 0 19"),
        _row(*labels, values="13 9 3 0 0 0 25"),
    ]
    aligned = choose_rows(printed, FORM.requests, FORM.request_alternatives)
    assert ("3.6.2" in before_lost_labels(printed, aligned, FORM)) is lost


def test_where_no_row_is_blank_a_missing_one_is_only_missing() -> None:
    printed = [
        _row("4.无正当理由大量反复申请", values="1 2 3 0 0 0 6"),
        _row("（七）总计", values="1 2 3 0 0 0 6"),
    ]
    aligned = choose_rows(printed, FORM.requests, FORM.request_alternatives)
    assert before_lost_labels(printed, aligned, FORM) == set()


@pytest.mark.parametrize(("blank", "state"), [(True, "unreadable"), (False, "number")])
def test_table_two_before_a_lost_label(blank: bool, state: str) -> None:
    # 行政强制 has lost its label; 行政许可 is blank, or not
    numbers = [] if blank else ["5"]
    words = ["行政许可", *numbers, "信息内容", "本年处理决定数量", "行政处罚", "7"]
    cells = read_disclosure([], _tokens("信息内容", "本年处理决定数量", *words), FORM)
    assert {c.state for c in cells if c.row == "行政处罚"} == {state}
