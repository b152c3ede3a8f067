"""Measures: shares add up and go the right way; likeness; what a copy leaves behind."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.reuse import Source, compare_texts, find_residue, measure_shares

A = "每季度由股室对照清单逐条自查并登记销号，抽查结果在例会上点名。"
B = "村口大喇叭傍晚播报惠农补贴发放名单，老人凭号牌到窗口核对。"
C = "图书馆二楼辟出查阅角，备有老花镜和放大镜，周末照常开放。"
FORMAL = "本报告所列数据的统计期限自2023年1月1日起至2023年12月31日止。"
STOCK = "进一步加强组织领导，不断提高政府信息公开工作水平。"
OWN, OTHER = "白芷县教育局", "松涧县水务局"


def shares(*rows: tuple[str, str, int]) -> list:  # type: ignore[type-arg]
    return measure_shares(Source(str(n), t, i, y) for n, (t, i, y) in enumerate(rows))


def test_what_comes_from_the_own_last_year_is_own() -> None:
    first, second = shares((A + B, OWN, 2022), (A + C, OWN, 2023))
    assert first.own == 0 and first.peer == 0 and first.new == 1
    assert second.own == pytest.approx(len(A) / len(A + C), abs=0.04)
    assert second.peer == 0


def test_what_comes_from_others_is_peer_for_both() -> None:
    first, second = shares((A + B, OWN, 2022), (A + C, OTHER, 2023))
    assert first.peer > 0.4 and second.peer > 0.4
    assert first.own == second.own == 0


def test_own_text_that_others_have_too_counts_once() -> None:
    rows = shares((A, OWN, 2022), (A, OWN, 2023), (A, OTHER, 2023))
    assert rows[1].own == 1 and rows[1].peer == 0 and rows[1].peer_any == 1


def test_the_form_is_mandated_and_stock_wording_is_formula() -> None:
    (row,) = shares((FORMAL + STOCK, OWN, 2023))
    assert row.mandated > 0.2
    assert row.formula > 0.4
    assert row.own == row.peer == 0


def test_an_empty_report_has_no_shares() -> None:
    (row,) = shares(("。", OWN, 2023))
    assert (row.characters, row.new) == (0, None)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from([A, B, C, FORMAL, STOCK]), min_size=1, max_size=4).map(
                "".join
            ),
            st.sampled_from([OWN, OTHER]),
            st.integers(2020, 2023),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_the_shares_add_to_one(rows: list[tuple[str, str, int]]) -> None:
    for row in shares(*rows):
        parts = [row.mandated, row.formula, row.own, row.peer, row.new]
        assert all(-1e-9 <= p <= 1 for p in parts)
        assert sum(parts) == pytest.approx(1, abs=1e-3)


def test_more_copying_means_less_that_is_new() -> None:
    news = [shares((A + B + C, OTHER, 2022), (text, OWN, 2023))[1].new
            for text in ("照旧。" + A, A + B, A + B + C)]  # fmt: skip
    assert news == sorted(news, reverse=True)


@settings(max_examples=60, deadline=None)
@given(st.text(A + B, max_size=40), st.text(A + C, max_size=40))
def test_likeness_is_symmetric_and_bounded(a: str, b: str) -> None:
    one, two = compare_texts(a, b), compare_texts(b, a)
    assert (one.cosine, one.jaccard, one.edit) == (two.cosine, two.jaccard, two.edit)
    for value in (one.cosine, one.jaccard, one.edit, one.simple):
        assert value is None or 0 <= value <= 1
    itself = compare_texts(a, a)
    assert itself.cosine is None or (itself.edit, itself.simple) == (1, 1)


RESIDUE = [
    # another body's name in own-voice text
    ("2023年，松涧县水务局公开信息12条。", [("foreign_name", "松涧县水务局")]),
    # a place alone
    ("松涧县各乡镇公开栏已更新。", [("foreign_name", "松涧县")]),
    # named as a model or a partner: no residue
    ("组织赴松涧县学习公开经验，并与松涧县水务局座谈。", []),
    # its own names
    ("白芷县教育局公开信息12条。", []),
    # unfilled template
    ("****年公开信息XX条，完成（具体名称）项目。",
     [("placeholder", "****"), ("placeholder", "XX"), ("placeholder", "（具体名称）")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), RESIDUE)
def test_what_a_copy_left_behind(text: str, expected: list[tuple[str, str]]) -> None:
    found = find_residue(Source("1", text, OWN, 2023), [OWN, OTHER])
    assert [(r.kind, r.text) for r in found] == expected
    assert all(text[r.start : r.end] == r.text for r in found)
