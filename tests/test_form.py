"""The form as data: counts and labels that the regulation fixes, and label matching."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.form import (
    edit_distance,
    fold_label,
    label_likeness,
    load_form,
    load_heading_rules,
    load_mandated,
    strip_ordinal,
)


@pytest.mark.parametrize(
    ("edition", "requests", "disclosure"),
    [("2021", 25, 10), ("2019", 23, 22)],  # numeric rows of table three, cells of table two
)
def test_an_edition_has_the_rows_and_columns_of_the_form(
    edition: str, requests: int, disclosure: int
) -> None:
    form = load_form(edition)  # type: ignore[arg-type]
    assert len(form.requests) == requests
    assert len(form.applicants) == 7
    assert len(form.review_columns()) == 15
    assert sum(len(b.columns) * len(b.rows) for b in form.blocks) == disclosure


def test_a_single_row_may_stand_instead_of_three() -> None:
    (row,) = load_form("2021").request_alternatives
    assert row.no == "3.6" and row.alternative == ("3.6.1", "3.6.2", "3.6.3")


@pytest.mark.parametrize("edition", ["2021", "2019"])
def test_no_two_rows_or_columns_share_a_wording(edition: str) -> None:
    form = load_form(edition)  # type: ignore[arg-type]
    labels = [label for row in form.requests for label in row.labels]
    assert len(labels) == len(set(labels))
    columns = [label for column in form.applicants for label in column.labels]
    assert len(columns) == len(set(columns))


def test_every_section_has_a_rule_that_matches_its_own_title() -> None:
    titles = {rule.no: rule for rule in load_heading_rules()}
    assert set("一二三四五六") <= set(titles)
    for no in "一二三四五六":
        folded = fold_label(titles[no].title)
        assert any(p.fullmatch(folded) for p in titles[no].patterns), no


def test_mandated_wording_names_the_five_parts_of_section_one() -> None:
    assert len(load_mandated()["section1_subheads"]) == 5


@pytest.mark.parametrize(
    ("text", "ordinal", "rest"),
    [
        ("1.属于国家秘密", "1.", "属于国家秘密"),
        ("1、属于国家秘密", "1、", "属于国家秘密"),  # another mark
        ("(三)不予公开", "(三)", "不予公开"),  # half-width brackets
        ("㈢不予公开", "㈢", "不予公开"),  # one character for all
        ("二、上年结转", "二、", "上年结转"),
        ("3.5 万元", "", "3.5 万元"),  # a number is no ordinal
        ("三安全一稳定", "", "三安全一稳定"),  # a word that begins with a numeral
    ],
)
def test_ordinals_are_told_from_words(text: str, ordinal: str, rest: str) -> None:
    assert strip_ordinal(text) == (ordinal, rest)


@pytest.mark.parametrize(
    ("printed", "label", "low", "high"),
    [
        ("其他法律行政法规禁止公开", "其他法律行政法规禁止公开", 1.0, 1.0),
        ("其他法律行政止公开", "其他法律行政法规禁止公开", 0.7, 0.99),  # three characters lost
        ("现行有效件", "现行有效件数", 0.85, 0.95),  # cut
        ("行政处罚", "行政强制", 0.0, 0.55),  # neighbours of the same length
        ("", "规章", 0.0, 0.0),
    ],
)
def test_likeness_tells_misprints_from_neighbours(
    printed: str, label: str, low: float, high: float
) -> None:
    assert low <= label_likeness(printed, label) <= high


WORDS = st.text(alphabet="公开信息申请政府数量", max_size=8)


@given(WORDS, WORDS)
def test_edit_distance_is_a_metric_and_keeps_its_limit(a: str, b: str) -> None:
    full = edit_distance(a, b, 99)
    assert full == edit_distance(b, a, 99)
    assert (full == 0) == (a == b)
    assert full <= max(len(a), len(b))
    for limit in range(4):
        assert edit_distance(a, b, limit) == min(full, limit + 1)


@given(st.text(max_size=20))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold_label(fold_label(text)) == fold_label(text)
