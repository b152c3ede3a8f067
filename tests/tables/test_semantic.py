"""Tables changed in known ways: nothing is taken for a number that is not printed there."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from nlp.form import load_form
from nlp.tables.align import PrintedRow, RawValue, align_rows
from nlp.tables.columns import column_of
from nlp.tables.review_header import header_order
from nlp.tables.values import parse_value
from tests.benchmarks.fuzz import layouts, semantic

FORM = load_form("2021")
SOURCES = {
    kind: [
        s
        for s in semantic.load_sources()
        if s.get("edition") in ("2019", "2021")
        and "table3" in s.tables
        and s.settings["format"] == kind
    ]
    for kind in ("html", "text", "docx")
}


@pytest.mark.parametrize("kind", ["html", "text"])
@pytest.mark.parametrize("change", sorted({c.__name__ for c in layouts.GRID}))
def test_no_silent_wrong_cell(
    change: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(semantic, "GRID", (getattr(layouts, change),))
    rng = random.Random(f"{change}/{kind}")
    case = semantic.build(rng, SOURCES[kind], kind)
    path = tmp_path / f"case{semantic.SUFFIX[kind]}"
    try:
        path.write_bytes(semantic.render(rng, case, kind))
    except (IndexError, KeyError):
        pytest.skip("this text cannot print the changed table")
    counts, wrong = semantic.judge(case, path)
    assert not wrong
    assert sum(counts.values()) > 100


def _row(*labels: str, values: str = "", wraps: bool = True) -> PrintedRow:
    raws = tuple(RawValue(text, 1) for text in values.split())
    return PrintedRow(labels, raws, False, 1, wraps=wraps)


ALIGNED = [
    # The first label's values have vanished: the numbers behind both are the second row's.
    (
        [_row("二、上年结转政府信息公开申请数量", "（一）予以公巳开", values="7 2 0 0 0 0 9")],
        {"3.1"},
    ),
    # What follows the numbers is the next row's own label, not the rest of this one.
    (
        [
            _row("一、本年新收政府信息公开申请数量", values="1 0 0 0 0 0 1"),
            _row("（七息总计", values="5 0 0 0 0 0 5"),
            _row("四、结转下年度继续办理"),
        ],
        {"1"},
    ),
    # A label whose rest stands behind the numbers is still one label.
    (
        [_row("2.没有现成信息需要", values="3 0 0 0 0 0 3"), _row("另行制作")],
        {"3.4.2"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("printed", "wanted"), ALIGNED)
def test_labels_end_where_the_numbers_begin(printed: list[PrintedRow], wanted: set[str]) -> None:
    _, aligned = align_rows(printed, FORM.requests)
    assert {item.row.no for item in aligned if item.printed is not None} == wanted


def test_a_label_as_near_to_two_rows_is_a_guess() -> None:
    # The two first rows, printed over one another.
    label = "上一年、结本转年新收政府信息公开申请数量"
    _, aligned = align_rows([_row(label, values="2 0 0 0 0 0 2")], FORM.requests)
    assert [item.guess for item in aligned if item.printed is not None] == ["rival"]


NUMBERS = [
    ("3①", None),  # a note's mark, not 31
    ("3²", None),
    ("１２", 12),  # full width
    ("1 136", 1136),  # thousands set off by a blank
    ("11 36", None),
    ("约3", None),
    ("1O", None),
]


@pytest.mark.parametrize(("text", "value"), NUMBERS)
def test_what_stands_beside_a_number_is_not_part_of_it(text: str, value: int | None) -> None:
    assert parse_value(text).value == value


NAMES = "结果维持结果纠正其他结果尚未审结总计"
BY_LINES = "结结其尚总" * 3 + "果果他未计" * 3 + "维纠结审" * 3 + "持正果结" * 3
EXCHANGED = "结结其尚总" * 3 + "果果他未计" * 3 + "纠维结审" + "维纠结审" * 2
EXCHANGED += "正持果结" + "持正果结" * 2
HEADERS = [
    ("行政复议行政诉讼" + NAMES * 3, tuple(range(15))),  # column by column
    ("行政复议行政诉讼未经复议直接起诉复议后起诉" + BY_LINES, tuple(range(15))),  # line by line
    ("行政复议行政诉讼" + EXCHANGED, (1, 0, *range(2, 15))),  # two columns exchanged
    ("行政复议行政诉讼" + NAMES.replace("纠", "斜") + NAMES * 2, tuple(range(15))),  # misprint
    ("复议后起诉未经复议直接起诉", None),  # the groups exchanged, no names
    ("行政复议行政诉讼", ()),  # no names at all
]


@pytest.mark.parametrize(("printed", "order"), HEADERS)
def test_order_of_table_four(printed: str, order: tuple[int, ...] | None) -> None:
    assert header_order(printed, FORM) == order


def test_the_same_column_may_be_named_twice() -> None:
    assert column_of("合计", FORM.applicants) == column_of("总计", FORM.applicants)
