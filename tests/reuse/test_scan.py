# ruff: noqa: E501 (a table of texts reads better unbroken)
"""The compiled masking rules say what the regular expressions of ``mask_reference.py`` say."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mask_reference import mask_by_patterns

from nlp.reuse import mask_texts
from nlp.reuse.naming import split_issuer
from nlp.reuse.workers import using_workers

ISSUERS = ["白芷县教育局", "青蘅区人民政府汀兰街道办事处"]
NAMES = [name for issuer in ISSUERS for name in split_issuer(issuer)]

# Each is one rule at its edges: what it takes in, and where it must stop.
EDGES = """
〔2024〕12号 [2019]第3号 〔2024〕号 （2020】5号 〔1899〕1号 2024年度 2024年3月5日 2024-3-5 2024.03.15日 2024/1
20**年 2***年 ****年 **-5 1*年12月份 2024年123月 2O24年 19年 二〇二四年 二零二四年度 一九九年 3月5日 12月份 123月 5月123日
本年度 今年 去一年 近年来 近一年来 本年度来 当年龄 上年轻 下年。 一是 第二是要 十二是 一二三是 （三）是 （12） （1234） 四、
5.查 5.6 12、3 12、条 ⑥查 （十二） （一二三四） 1,234.5余万% 3，，条 3.条 12％ 30‰ 5余 2万余 3亿 二十余次 三个方面 三个 两几件
一次性 一件事 二人一组 百两篇 三两个环节 百分之三十点五 百分之 青溪县人民政府 青溪县各 汀兰街道办事处政府 青山街道全 我溪县政府
天青溪镇政府 溪县政府 青溪乡局 《条例》 《》 《甲《乙》 我局 全县 县政府信息 我市场 白芷县 白芷县教育局 白芷 教育局 汀兰街道
""".split()


def same(texts: list[str], titles: bool = False) -> None:
    masked = mask_texts(texts, issuers=ISSUERS, titles=titles)
    codes, starts, ends, breaks, pointers = mask_by_patterns(texts, NAMES, titles)
    shown = [masked.show(i) for i in range(len(texts))]
    assert masked.codes.tolist() == codes.tolist(), (texts, shown)
    assert masked.starts.tolist() == starts.tolist()
    assert masked.ends.tolist() == ends.tolist()
    assert masked.breaks.tolist() == breaks.tolist()
    assert masked.pointers.tolist() == pointers.tolist()


@pytest.mark.parametrize("edge", EDGES)
def test_a_rule_ends_where_its_pattern_ends(edge: str) -> None:
    same([edge, f"。{edge}", f"对{edge}开", f"{edge}{edge}，", f"、{edge}\n{edge}"])
    same([edge, f"。{edge}", f"对{edge}开"], titles=True)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.lists(
            st.one_of(
                st.sampled_from(EDGES),
                st.sampled_from(list("，。、：“（）; \n\u3000是年月日号县各公開A①")),
            )
        ).map("".join),
        min_size=1,
        max_size=4,
    ),
    st.booleans(),
)
def test_any_mixture_is_masked_alike(texts: list[str], titles: bool) -> None:
    same(texts, titles)


CHARACTERS = sorted({c for edge in EDGES for c in edge} | set("，。：“ \n"))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(st.sampled_from(CHARACTERS), max_size=12), min_size=1, max_size=6))
def test_any_characters_are_masked_alike(texts: list[str]) -> None:
    same(texts)


def test_threads_and_chunks_change_nothing() -> None:
    texts = [f"{edge}，{n}" for n in range(2000) for edge in EDGES]
    with using_workers(1):
        one = mask_texts(texts, issuers=ISSUERS)
    with using_workers(3):
        three = mask_texts(texts, issuers=ISSUERS)
    assert one.codes.tobytes() == three.codes.tobytes()
    assert one.starts.tobytes() == three.starts.tobytes()
    assert one.pointers.tolist() == three.pointers.tolist()
