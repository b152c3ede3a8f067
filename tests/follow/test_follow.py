"""Links between statements, on made-up ones: what is joined, and what is never forced."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.documents import Statement
from nlp.follow import (
    Passage,
    YearReport,
    find_done,
    find_restated,
    make_threads,
)
from nlp.likeness import compare_wording
from nlp.pipeline.follow import link_answers
from nlp.statements import pair_answers


def passages(*parts: tuple[str, str]) -> tuple[Passage, ...]:
    found, at = [], 0
    for role, text in parts:
        found.append(Passage(at, at + len(text), text, role))  # type: ignore[arg-type]
        at += len(text) + 1
    return tuple(found)


def statements(*parts: tuple[str, str]) -> list[Statement]:
    return [Statement(p.role, p.start, p.end, p.text) for p in passages(*parts)]  # type: ignore[arg-type]


def report(year: int, *parts: tuple[str, str], told: tuple[str, ...] = ()) -> YearReport:
    sentences = tuple(Passage(1000 + i * 200, 1100 + i * 200, t) for i, t in enumerate(told))
    return YearReport(str(year), "甲县乙局", year, passages(*parts), sentences)


def test_a_measure_of_another_matter_answers_nothing() -> None:
    found = pair_answers(
        statements(("problem", "老旧档案检索耗时较长"), ("measure", "开设方言广播节目"))
    )
    assert found == ()


def test_place_alone_pairs_nothing() -> None:
    parts = [("problem", f"甲{c}乙") for c in "子丑寅"] + [
        ("measure", f"天{c}地") for c in "卯辰巳"
    ]
    assert pair_answers(statements(*parts)) == ()


def test_crossed_lists_are_paired_by_content() -> None:
    parts = statements(
        ("problem", "政策解读形式单一"),
        ("problem", "申请答复文书不规范"),
        ("measure", "制定申请答复文书样式"),
        ("measure", "丰富政策解读形式"),
    )
    assert [(p.problem, p.measure) for p in pair_answers(parts)] == [(0, 3), (1, 2)]


def test_a_problem_inside_its_measure_is_answered_by_it() -> None:
    measure = Statement("measure", 0, 17, "针对栏目陈旧的情况，每周检查并更新")
    problem = Statement("problem", 2, 6, "栏目陈旧")
    (pair,) = pair_answers((measure, problem), [(1, 0)])
    assert (pair.problem, pair.measure, pair.state, pair.score) == (1, 0, "explicit", 1.0)


@pytest.mark.parametrize(
    ("then", "now", "state"),
    [
        ("信息更新不及时，3个栏目超期", "信息更新不及时，5个栏目超期", "same"),  # only a number
        ("解读材料群众看不懂", "解读材料群众看不懂，到达率也低", "same"),  # contained
        ("部分栏目更新不够及时", "栏目更新仍不够及时", "reworded"),
        ("公众号运营经验不足", "档案检索耗时较长", None),  # nothing in common
    ],
)
def test_problems_said_again(then: str, now: str, state: str | None) -> None:
    links = find_restated(report(2021, ("problem", then)), report(2022, ("problem", now)))
    assert [link.state for link in links] == ([state] if state else [])


def test_a_measure_is_no_problem_said_again() -> None:
    same = "每季度检查栏目更新情况"
    assert find_restated(report(2021, ("measure", same)), report(2022, ("problem", same))) == ()


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ("建成“一点通”查询平台，全年查询3万次。", "reported"),
        ("将继续建设“一点通”查询平台。", "mentioned"),  # still to come
        ("组织植树活动2次。", None),
    ],
)
def test_what_is_told_of_a_measure(told: str, state: str | None) -> None:
    then = report(2021, ("measure", "建设“一点通”查询平台，方便群众查询"))
    links = find_done(then, report(2022, told=(told,)))
    assert [link.state for link in links] == ([state] if state else [])


def test_a_sentence_of_every_year_tells_nothing_new() -> None:
    old = "建成“一点通”查询平台，全年查询3万次。"
    then = report(2021, ("measure", "建设“一点通”查询平台"), told=(old,))
    assert find_done(then, report(2022, told=(old.replace("3", "4"),))) == ()


def test_threads_go_on_over_years_and_stop_at_a_gap() -> None:
    problem, measure = ("problem", "栏目更新不及时"), ("measure", "每周检查栏目更新")
    years = [report(2020, problem, measure), report(2021, problem), report(2023, problem)]
    answers = [link_answers(y) for y in years]
    restated = [find_restated(years[0], years[1]), (), ()]
    steps = make_threads(years, answers, restated, [(), (), ()])
    assert [(s.thread, s.step, s.year, s.role, s.years) for s in steps] == [
        (1, 1, 2020, "problem", 2),
        (1, 2, 2020, "measure", 2),
        (1, 3, 2021, "problem", 2),
        (2, 1, 2023, "problem", 1),
    ]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_wording_is_symmetric_and_bounded(a: str, b: str) -> None:
    assert compare_wording(a, b) == compare_wording(b, a)
    assert 0 <= compare_wording(a, b) <= 1
    assert compare_wording(a, a) == 1
