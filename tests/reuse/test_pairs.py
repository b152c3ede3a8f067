# ruff: noqa: E501 (a table of texts reads better unbroken)
"""Pairs: what is a copy and what is not, and what must hold for any input."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from generate import make_sentences, true_pairs
from held_out import make_held_out
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.pipeline.reuse import pair_file
from nlp.reuse import Source, find_pairs

ROOT = Path(__file__).parents[2]
SEEDS = ROOT.parent / "shared" / "seeds"

COPIES = [
    # to the letter
    ("masked", "每月由股室长带队抽查十个栏目，逐条登记销号。", "每月由股室长带队抽查二十个栏目，逐条登记销号。"),
    # names and years of others
    ("masked", "2023年，我县在集市设流动窗口，现场代办查询。", "2024年，我区在集市设流动窗口，现场代办查询。"),
    # words changed
    ("edited", "凡未附解读稿的文件一律退回补正，审签时一并核对。", "凡没有附解读稿的材料一律退回补充，审签时一并核对。"),
    # a word put in
    ("edited", "把村务公开栏搬上手机，外出村民也能随时查看。", "把村务公开栏完整搬上手机，外出村民在外地也能随时查看。"),
    # clauses moved
    ("reordered", "邀请老人试用触摸屏，请听障群众试看手语视频，按反馈改版。",
     "请听障群众试看手语视频，邀请老人试用触摸屏，按反馈改版。"),
    # one clause of several
    ("partial", "信件由值班人员当日拆封登记，疑难件送法律顾问出具意见，办结后装订归档。",
     "我局新建档案室两间，疑难件送法律顾问出具意见，全年接待来访群众，并更新了指示牌和桌椅。"),
]  # fmt: skip

LOOK_ALIKES = [
    # stock wording on both sides, nothing else
    ("进一步加强组织领导，不断提高政府信息公开工作水平。", "进一步加强组织领导，切实提高政府信息公开工作水平。"),
    ("认真贯彻落实《条例》要求，加大主动公开力度，保障公众知情权。",
     "认真贯彻落实上级部署，加大主动公开力度，回应社会关切。"),
    # one topic, written twice
    ("全年举办业务培训三期，参训一百二十人次，讲解条例要点。", "组织股室负责人集中学习两次，邀请市里老师解读新规。"),
    ("政策解读形式单一，图解和视频偏少。", "解读多为文字照搬，群众看不懂，形式不够丰富。"),
    ("公众号推送间隔长，有时一个月没有新内容。", "公众号粉丝少，推送的阅读量一直上不去。"),
    # what the form asks for
    ("本机关2023年未收取信息处理费，无其他需要报告的事项。", "本机关2024年未收取信息处理费，无其他需要报告的事项。"),
    ("全年新收政府信息公开申请12件，上年结转1件，办结13件。", "全年新收政府信息公开申请45件，上年结转3件，办结40件。"),
    # frames of section five
    ("在政府信息公开工作中存在的主要问题是：一是专栏少。", "在政府信息公开工作中存在的主要问题是：一是人手紧。"),
    ("下一步，我局将采取以下措施加强政府信息公开工作：一是增设窗口。",
     "下一步，我局将采取以下措施加强政府信息公开工作：一是招聘专员。"),
]  # fmt: skip


def sources(*texts: str) -> list[Source]:
    names = ["白芷县教育局", "松涧县水务局"]
    return [Source(str(n), t, names[n % 2], 2023) for n, t in enumerate(texts)]


@pytest.mark.parametrize(("kind", "a", "b"), COPIES)
def test_copies_are_found_with_their_kind(kind: str, a: str, b: str) -> None:
    pairs = find_pairs(sources(a, b))
    assert [(p.a, p.b, p.kind) for p in pairs] == [("0", "1", kind)]


@pytest.mark.parametrize(("a", "b"), LOOK_ALIKES)
def test_look_alikes_are_not_copies(a: str, b: str) -> None:
    assert find_pairs(sources(a, b)) == []


def test_the_stretch_of_a_partial_copy_is_that_clause() -> None:
    _, a, b = COPIES[-1]
    (pair,) = find_pairs(sources(a, b))
    assert a[pair.a_start : pair.a_end] == "疑难件送法律顾问出具意见"
    assert b[pair.b_start : pair.b_end] == "疑难件送法律顾问出具意见"


def test_an_id_must_be_unique() -> None:
    with pytest.raises(ValueError, match="编号应各不相同；1 出现了不止一次"):
        find_pairs([Source("1", "甲"), Source("1", "乙")])


def test_nothing_in_nothing_out() -> None:
    assert find_pairs([]) == []
    assert find_pairs(sources("", "。")) == []


SENTENCES = [s for _, a, b in COPIES for s in (a, b)] + [s for pair in LOOK_ALIKES for s in pair]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(SENTENCES), min_size=2, max_size=9), st.randoms())
def test_order_of_input_makes_no_difference(texts: list[str], chance: random.Random) -> None:
    given_sources = sources(*texts)
    shuffled = given_sources[:]
    chance.shuffle(shuffled)
    assert find_pairs(shuffled) == find_pairs(given_sources)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(SENTENCES), min_size=2, max_size=6))
def test_offsets_lie_in_the_texts_and_pairs_are_sorted(texts: list[str]) -> None:
    pairs = find_pairs(sources("".join(texts), *texts))
    every = ["".join(texts), *texts]
    for p in pairs:
        assert p.a < p.b
        assert 0 <= p.a_start < p.a_end <= len(every[int(p.a)])
        assert 0 <= p.b_start < p.b_end <= len(every[int(p.b)])
        assert 0 < p.score <= 1
    assert pairs == sorted(pairs, key=lambda p: (p.a, p.b, p.a_start, p.b_start))


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(COPIES), st.integers(0, 9999))
def test_a_copy_of_one_side_pairs_with_the_other(case: tuple[str, str, str], n: int) -> None:
    _, a, b = case
    found = {(p.a, p.b) for p in find_pairs(sources(a, b, b, f"{n}份无关的话。"))}
    assert found == {("0", "1"), ("0", "2"), ("1", "2")}


def test_a_long_report_gives_each_passage_its_own_place() -> None:
    fill = [f"第{'甲乙丙丁戊己庚辛'[i]}处窗口由{w}轮值，备有茶水与纸笔。" for i, w in
            enumerate("门卫 厨师 园丁 司机 电工 木匠 画师 琴师".split())]  # fmt: skip
    first, second = COPIES[0][1], COPIES[2][1]
    a = "".join([*fill[:2], first, *fill, second])
    b = (
        second
        + "操场东侧新栽了三棵梧桐，西侧改建为自行车棚，北门外的旧墙也已粉刷一新。" * 2
        + first
    )
    passages = {a[p.a_start : p.a_end].rstrip("。") for p in find_pairs(sources(a, b))}
    assert {first.rstrip("。"), second.rstrip("。")} <= passages


@pytest.mark.parametrize("seed", [3, 4])
def test_held_out_sets_reach_the_floor(seed: int) -> None:
    lines = make_held_out(seed)
    precision, recall = _measure(lines)
    assert precision >= 0.97
    assert recall >= 0.97


def test_planted_reuse_reaches_the_floor() -> None:
    precision, recall = _measure(make_sentences(60))
    assert precision >= 0.99
    assert recall >= 0.97


def _measure(lines: list) -> tuple[float, float]:  # type: ignore[type-arg]
    truth = {(a, b): manner for a, b, manner in true_pairs(lines)}
    unclear = {pair for pair, manner in truth.items() if manner == "unclear"}
    found = {(p.a, p.b) for p in find_pairs(Source(s.id, s.text, s.issuer, s.year) for s in lines)}
    found -= unclear
    hit = found & (truth.keys() - unclear)
    return len(hit) / len(found), len(hit) / (len(truth) - len(unclear))


def test_a_file_gives_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    rows = [
        json.dumps({"id": str(n), "text": t, "issuer": "白芷县教育局", "year": 2023})
        for n, t in enumerate(SENTENCES)
    ]
    results = []
    for lines in (rows, rows[::-1]):
        source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
        source.write_text("\n".join(lines), encoding="utf-8")
        count = pair_file(source, target)
        results.append(target.read_bytes())
        assert count == len(results[-1].splitlines())
    assert results[0] == results[1]
    first = json.loads(results[0].splitlines()[0])
    assert list(first) == "a b score a_start a_end b_start b_end kind".split()


def test_a_bad_year_is_named(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"id": "1", "text": "甲", "year": "去年"}', encoding="utf-8")
    with pytest.raises(ValueError, match="第 1 行：year 应为年份或 null；实为 '去年'"):
        pair_file(source, tmp_path / "out.jsonl")
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the two seeds are not here")
def test_the_seeds_share_two_sentences_and_no_form() -> None:
    texts = [p.read_text(encoding="utf-8") for p in sorted(SEEDS.glob("*.txt"))]
    pairs = find_pairs(
        [
            Source("0", texts[0], "巨鹿县人民政府办公室", 2024),
            Source("1", texts[1], "巨鹿县官亭镇人民政府", 2023),
        ]
    )
    shared = ["".join(texts[0][p.a_start : p.a_end].split()) for p in pairs]
    assert any("对政务公开工作重点任务梳理形成台账，细化实化责任分工" in s for s in shared)
    assert any("加强对政务新媒体发布监管" in s for s in shared)
    for form in ("勾稽关系", "存在的主要问题是", "将采取以下措施", "行政规范性文件0"):
        assert not any(form in s for s in shared)
