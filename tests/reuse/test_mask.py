# ruff: noqa: E501 (a table of texts reads better unbroken)
"""Masking: what becomes a slot, what stays, and that offsets lead back to the letter."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.reuse import mask_texts
from nlp.reuse.mask import SLOTS

ISSUERS = ["云岫省砚阳市白芷县教育局"]

CASES = [
    # years, dates, periods
    ("2024年12月31日前完成", "｛年｝前完成"),
    ("二〇二三年度共有", "｛年｝共有"),
    ("本年度收到", "｛年｝收到"),
    ("****年收到", "｛年｝收到"),
    # numbers, Chinese ones before a measure word, approximations, shares
    ("公开１，２３４条", "公开｛数｝条"),
    ("培训三百余人次", "培训｛数｝人次"),
    ("答复率达99.5%", "答复率达｛数｝"),
    ("访问量4.2万余人次", "访问量｛数｝人次"),
    # words that only look like numbers stay
    ("三审三校，一体推进", "三审三校一体推进"),
    # document numbers
    ("按国办公开办函〔2021〕30号执行", "按国办公开办函｛文号｝执行"),
    # the issuer's names and short names, other bodies, places of the issuer
    ("白芷县教育局印发", "｛机关｝印发"),
    ("我局与县财政局会商", "｛机关｝与｛机关｝会商"),
    ("“白芷教育”公众号", "｛机关｝教育公众号"),
    ("县政府信息公开工作", "｛机关｝政府信息公开工作"),
    # words that only look like bodies stay
    ("激发全市场活力，覆盖本区域", "激发全市场活力覆盖本区域"),
    # traditional script, half-width marks, hard wraps
    ("公開內容不\n夠豐富,更新慢.", "公开内容不够丰富更新慢"),
    # markers of a list are none of the wording
    ("不足：一是解读少；二是更新慢", "不足解读少更新慢"),
    ("", ""),
    ("。、 \n", ""),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_what_is_masked(text: str, expected: str) -> None:
    assert mask_texts([text], issuers=ISSUERS).show(0) == expected


def test_titles_are_masked_on_request() -> None:
    assert mask_texts(["印发《公开指南》后"], titles=True).show(0) == "印发｛书名｝后"


def test_names_given_by_the_caller_are_masked() -> None:
    assert mask_texts(["青溪古镇设点"], names=["青溪古镇"]).show(0) == "｛机关｝设点"


ALPHABET = "公开我局县政府2024年月日12三条，。；：（）〔〕《》 \n\u3000開發一是白芷、教育%万余Ａb\ue001\u200b"


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(ALPHABET, max_size=40), max_size=5))
def test_offsets_slice_back(texts: list[str]) -> None:
    masked = mask_texts(texts, issuers=ISSUERS)
    assert len(masked) == len(texts)
    for t, text in enumerate(texts):
        last = 0
        for i in range(masked.pointers[t], masked.pointers[t + 1]):
            start, end = int(masked.starts[i]), int(masked.ends[i])
            assert last <= start < end <= len(text)
            last = end
            character = chr(masked.codes[i])
            if character not in SLOTS:
                assert end - start == 1
                assert mask_texts([text[start:end]]).show(0) in (character, "")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(ALPHABET, max_size=30), min_size=1, max_size=4))
def test_a_text_is_masked_alike_alone_and_among_others(texts: list[str]) -> None:
    together = mask_texts(texts, issuers=ISSUERS)
    for t, text in enumerate(texts):
        assert together.show(t) == mask_texts([text], issuers=ISSUERS).show(0)
