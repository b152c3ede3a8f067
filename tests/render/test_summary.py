"""What the overview and the theme summary count, on frames small enough to count by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from nlp.documents import FRAMES, make_frame
from nlp.intervals import wilson_interval
from nlp.render import typeface
from nlp.render.citation import list_manifest, write_citation
from nlp.render.summary import summarise
from nlp.render.theme_summary import Share, ThemeEntry, summarise_themes
from nlp.render.typeface import cut_typeface, list_covered

REPORT = {"file": "a.pdf", "sha256": "0", "file_kind": "pdf", "reader": "x"}


def build(**rows: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    return {name: make_frame(name, rows.get(name, ())) for name in FRAMES}


def tagged(report: str, number: int, role: str, theme: str, *, abstain: bool, answers: str = ""):
    statement = {
        "report_id": report,
        "statement": number,
        "role": role,
        "text": f"{report}{theme}第{number}条陈述的文字",
        "primary": theme,
        "themes": theme,
        "abstain": abstain,
        "answers": answers,
    }
    tag = {"report_id": report, "statement": number, "theme": theme, "assigned": True}
    return statement, {**tag, "primary": True, "probability": 0.9}


@pytest.fixture
def corpus() -> dict[str, pd.DataFrame]:
    """Three issuers with four reports; 丙 has no section 五 and says nothing about themes."""
    pairs = [
        tagged("a1", 1, "problem", "training", abstain=False),
        tagged("a1", 2, "measure", "training", abstain=False),
        tagged("a2", 1, "problem", "training", abstain=True),
        tagged("b1", 1, "problem", "training", abstain=True),
        tagged("b1", 2, "problem", "on_request", abstain=False, answers="3"),
        tagged("b1", 3, "measure", "other", abstain=False, answers="2"),
    ]
    reports = [
        {**REPORT, "report_id": "a1", "issuer": "甲县", "year": 2022, "level": "county"},
        {**REPORT, "report_id": "a2", "issuer": "甲县", "year": 2023, "level": "county"},
        {**REPORT, "report_id": "b1", "issuer": "乙市", "year": 2023, "level": "city"},
        {**REPORT, "report_id": "c1", "issuer": "丙镇", "year": None, "level": None},
    ]
    sections = [{"report_id": r, "section": "五"} for r in ("a1", "a2", "b1")]
    sections.append({"report_id": "c1", "section": "一"})
    return build(
        reports=reports,
        sections=sections,
        statements=[s for s, _ in pairs],
        themes=[t for _, t in pairs],
    )


def test_abstained_tags_are_counted_apart(corpus: dict[str, pd.DataFrame]) -> None:
    training = summarise_themes(corpus, [ThemeEntry("training", "教育培训", named=True)])[0]
    # 甲 states it for sure in 2022; 乙 only in a doubtful tag; 丙 has no section 五.
    assert training.problem_issuers == Share(1, 1, 2)
    assert training.problem_reports == Share(1, 2, 3)
    assert training.answered_issuers == Share(1, 0, 1)
    assert dict(training.by_year) == {"2022": Share(1, 0, 1), "2023": Share(0, 2, 2)}
    assert dict(training.by_level) == {"地市级": Share(0, 1, 1), "县级": Share(1, 1, 2)}
    # A doubtful tag is never shown as typical.
    assert [e.report_id for e in training.typical_problems] == ["a1"]


def test_a_problem_is_answered_by_the_measure_paired_with_it(
    corpus: dict[str, pd.DataFrame],
) -> None:
    by_id = {s.theme.id: s for s in summarise_themes(corpus, [ThemeEntry("training", "教育培训")])}
    assert by_id["on_request"].answered_reports == Share(1, 0, 1)  # its measure is of "other"
    assert set(by_id) == {"training", "on_request", "other"}  # themes of the frames are kept


def test_a_doubtful_measure_answers_doubtfully() -> None:
    pairs = [
        tagged("a1", 1, "problem", "training", abstain=False),
        tagged("a1", 2, "measure", "training", abstain=True),
    ]
    frames = build(
        reports=[{**REPORT, "report_id": "a1", "issuer": "甲县"}],
        sections=[{"report_id": "a1", "section": "五"}],
        statements=[s for s, _ in pairs],
        themes=[t for _, t in pairs],
    )
    assert summarise_themes(frames, ())[0].answered_issuers == Share(0, 1, 1)


def test_named_themes_come_first(corpus: dict[str, pd.DataFrame]) -> None:
    themes = [ThemeEntry("other", "其他"), ThemeEntry("training", "教育培训", named=True)]
    assert [s.theme.id for s in summarise_themes(corpus, themes)][:2] == ["training", "other"]


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),  # nothing out of ten is not known to be nothing
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (1, 29, 0.0061, 0.1718),
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, table I: 0.2553 to 0.3662
    ],
)
def test_wilson_interval(count: int, total: int, low: float, high: float) -> None:
    assert wilson_interval(count, total) == pytest.approx((low, high), abs=5e-5)


def test_a_share_of_nothing_has_no_value() -> None:
    assert (Share(0, 0, 0).value, Share(0, 0, 0).interval) == (None, None)


def test_overview_counts_what_the_frames_hold(frames: dict[str, pd.DataFrame]) -> None:
    seen = summarise(frames)
    assert seen.reports == 48
    assert seen.issuers == frames["reports"]["issuer"].nunique()
    assert sum(n for *_, n in seen.cells) == len(frames["cells"])
    assert sum(n for *_, n in seen.checks) == len(frames["checks"])
    assert seen.problems + seen.measures == len(frames["statements"])
    assert sum(total for *_, total in seen.by_level_and_year.rows) == 48
    assert sum(n for _, n in seen.editions) == 48
    assert (
        sum(n for *_, n in seen.reasons) == (frames["checks"]["result"] == "not_assessable").sum()
    )


def test_a_fail_that_does_not_say_whose_doubt_is_held_to_be_ours() -> None:
    check = {"report_id": "r", "check_id": "x", "name": "规则", "result": "fail"}
    seen = summarise(build(checks=[check]))
    assert {key: n for key, _, n in seen.checks} == {"pass": 0, "theirs": 0, "ours": 1, "na": 0}


def test_manifest_is_listed_whole() -> None:
    rows = dict(list_manifest({"version": "1", "model": {"sha256": "ab", "ok": True, "x": None}}))
    assert rows == {
        "版本": "1",
        "主题模型 · SHA-256": "ab",
        "主题模型 · ok": "是",
        "主题模型 · x": "—",
    }


def test_citation_changes_with_the_manifest() -> None:
    assert write_citation({"version": "1"}) != write_citation({"version": "1", "seed": 2})


def test_font_is_cut_to_the_text_whatever_its_order() -> None:
    face = cut_typeface(["政府", "信息公开"])
    assert face.missing == ()
    typeface._cut.cache_clear()
    assert face.woff2 == cut_typeface(["公开信息", "政府"]).woff2
    assert len(face.woff2) < 6_000


def test_font_covers_what_reports_are_written_in() -> None:
    covered = list_covered()
    gb2312 = {
        ord(char)
        for row in range(0xB0, 0xF8)
        for cell in range(0xA1, 0xFF)
        for char in bytes((row, cell)).decode("gb2312", "ignore")
    }
    assert len(gb2312) == 6763
    assert gb2312 <= covered
    assert set(map(ord, "“”‘’（）《》〔〕、，。；：？！—…·①⑳㈠０９Ａ｜≠−→鄄垟埇")) <= covered
    assert set(map(ord, "資訊公開條例辦理總計")) <= covered  # traditional script
