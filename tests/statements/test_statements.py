"""Section 五 → problems and measures, by a table of layouts and by properties."""

from __future__ import annotations

import doctest
import importlib
import json
import pkgutil
import re
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import nlp.statements
from nlp.documents.records import StatementSplit
from nlp.statements import split_statements

HERE = Path(__file__).parent
REPORTS = Path(__file__).parents[3] / "shared" / "reports"
CASES = tomllib.loads((HERE / "cases.toml").read_text(encoding="utf-8"))["case"]
ROLES = {"P": "problem", "M": "measure"}


def parse(marked: str) -> tuple[str, list[tuple[str, int, int]]]:
    """Take the braces off a marked text; give the text and (role, start, end)."""
    text = ""
    spans = []
    open_spans: list[tuple[str, int]] = []
    at = 0
    while at < len(marked):
        if marked[at] == "{":
            open_spans.append((ROLES[marked[at + 1]], len(text)))
            at += 2
        elif marked[at] == "}":
            role, start = open_spans.pop()
            spans.append((role, start, len(text)))
            at += 1
        else:
            text += marked[at]
            at += 1
    assert not open_spans
    return text, sorted(spans, key=lambda s: (s[1], -s[2]))


def spans(split: StatementSplit) -> list[tuple[str, int, int]]:
    return [(s.role, s.start, s.end) for s in split.statements]


TEXTS = [parse(case["text"])[0] for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=[str(i + 1) for i in range(len(CASES))])
def test_layouts(case: dict[str, object]) -> None:
    text, expected = parse(str(case["text"]))
    split = split_statements(text)
    found = [(role, text[start:end]) for role, start, end in spans(split)]
    assert found == [(role, text[start:end]) for role, start, end in expected]
    assert spans(split) == expected


@pytest.mark.parametrize("case", [c for c in CASES if "pairs" in c])
def test_pairs(case: dict[str, object]) -> None:
    split = split_statements(parse(str(case["text"]))[0])
    order = {"problem": 0, "measure": 0}
    nth = []
    for statement in split.statements:
        order[statement.role] += 1
        nth.append(order[statement.role])
    assert [[nth[p], nth[m]] for p, m in split.pairs] == case["pairs"]


def test_the_table_is_large_and_varied() -> None:
    assert len(CASES) >= 80
    assert len(set(TEXTS)) == len(TEXTS)


def check_form(text: str, split: StatementSplit) -> None:
    """Hold what is true of every split, whatever the text."""
    measures = [s for s in split.statements if s.role == "measure"]
    before = None
    for statement in split.statements:
        assert 0 <= statement.start < statement.end <= len(text)
        assert text[statement.start : statement.end] == statement.text
        assert statement.text.strip() == statement.text
        if before is not None and statement.start < before:
            # Only a problem that is named inside a measure may overlap, and wholly.
            assert statement.role == "problem"
            assert any(m.start <= statement.start and statement.end <= m.end for m in measures)
        before = max(before or 0, statement.end)
    for problem, measure in split.pairs:
        assert split.statements[problem].role == "problem"
        assert split.statements[measure].role == "measure"
    assert len(set(split.pairs)) == len(split.pairs)


@pytest.mark.parametrize("text", TEXTS)
def test_form_of_the_table(text: str) -> None:
    check_form(text, split_statements(text))


# Scraps that make splitters stumble: markers, marks, turning phrases, page numbers.
SCRAPS = st.sampled_from(
    [
        "一是", "二是", "三是", "（一）", "（二）", "（）", "1.", "2.", "1、", "①", "首先",
        "其次要", "第一，", "一要", "五、存在的主要问题及改进情况", "存在的问题：", "改进措施：",
        "下一步，我局将", "针对上述问题，", "今后", "针对人员不足的实际，", "由于人手少，",
        "虽取得成绩，但", "公开不够及时", "解读形式单一", "加强培训", "完善制度", "等问题", "等",
        "无", "。", "；", "，", "、", "：", "\n", "\n- 3 -\n", "第 4 页", " ", "　　", "報(bào)",
        "力争再上新水平", "问题一：", "整改措施：", "希望上级多培训", "2023年将", "我县",
        "六、其他需要报告的事项", "“", "”", "《", "》",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(SCRAPS, max_size=25).map("".join))
def test_form_of_scraps(text: str) -> None:
    check_form(text, split_statements(text))


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=120))
def test_never_raises_on_any_text(text: str) -> None:
    check_form(text, split_statements(text))


def flat(split: StatementSplit) -> list[tuple[str, str]]:
    """Give the statements without line breaks and page numbers."""
    return [(s.role, re.sub(r"\s+", "", s.text).replace("-12-", "")) for s in split.statements]


# Paragraphs on one line, no headings of their own line: what a reader gives after joining.
CLEAN = [t for t in TEXTS if "\n" not in t.strip() and len(t) > 60]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(CLEAN), st.integers(min_value=18, max_value=45), st.booleans())
def test_wrapping_changes_nothing(text: str, width: int, paged: bool) -> None:
    text = re.sub(r"\s+", "", text)
    lines = [text[i : i + width] for i in range(0, len(text), width)]
    # Where a line is full and a sentence ends with it, only the other lines can tell.
    assume(not any(line[-1] in "。；：！" for line in lines[:-1]))
    # A marker that the wrap cuts in two is another matter.
    assume(not any(re.search(r"[一二三四五（(\d\n]$", line) for line in lines))
    assume(not any(re.match(r"[是、.．）)一二三四五六\d]", line) for line in lines))
    if paged and len(lines) > 2:
        lines.insert(2, "- 12 -")
    wrapped = "\n".join(lines)
    assert flat(split_statements(wrapped)) == flat(split_statements(text))


@given(st.sampled_from(CLEAN))
@settings(max_examples=20, deadline=None)
def test_blank_lines_between_all_lines_change_nothing(text: str) -> None:
    text = re.sub(r"\s+", "", text)
    lines = [text[i : i + 30] for i in range(0, len(text), 30)]
    one, two = "\n".join(lines), "\n\n".join(lines)
    assert flat(split_statements(one)) == flat(split_statements(two))


@pytest.mark.parametrize(
    "unit",
    [
        "一是公开不够及时；二是解读不够深入。下一步，我局将加强培训。",
        "公开不够及时，",
        "公开不够。",
        "公开不及时、",
        "但不够",
        "一是",
        "（一）1.①首先",
        "针对存在的问题，",
        "\n",
        "1",
    ],
)
def test_time_grows_with_the_text_and_not_faster(unit: str) -> None:
    def measure(size: int) -> float:
        text = (unit * (size // len(unit) + 1))[:size]
        start = time.perf_counter()
        split_statements(text)
        return time.perf_counter() - start

    measure(2_000)
    small, large = measure(10_000), measure(80_000)
    # Eight times the text may take eight times as long; a quadratic step would take 64.
    assert large < 24 * max(small, 0.02)


def test_roles_of_the_table_are_right() -> None:
    right = total = 0
    for case in CASES:
        text, expected = parse(str(case["text"]))
        roles = {(s.start, s.end): s.role for s in split_statements(text).statements}
        for role, start, end in expected:
            total += 1
            right += roles.get((start, end)) == role
    assert right == total
    assert total > 220


@pytest.mark.parametrize(
    "name", [m.name for m in pkgutil.iter_modules(nlp.statements.__path__, "nlp.statements.")]
)
def test_examples_in_the_docstrings(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_the_example_of_the_package() -> None:
    result = doctest.testmod(nlp.statements)
    assert result.attempted and not result.failed


@pytest.mark.skipif(not REPORTS.exists(), reason="the real reports are not here")
@pytest.mark.parametrize(("name", "problems", "measures"), [("hzq2023", 3, 3), ("hzq2024", 5, 3)])
def test_real_reports(name: str, problems: int, measures: int) -> None:
    truth = json.loads((REPORTS / f"{name}.truth.json").read_text(encoding="utf-8"))
    text = "\n".join(
        p for part in truth["narrative"] if part["section"] == "五" for p in part["paragraphs"]
    )
    split = split_statements(text)
    check_form(text, split)
    roles = [s.role for s in split.statements]
    assert (roles.count("problem"), roles.count("measure")) == (problems, measures)
