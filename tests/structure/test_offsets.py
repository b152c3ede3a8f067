"""What must hold for every input: offsets, order, nothing lost, no error but ReadError."""

from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.documents import AnnualReport, Grid, GridCell, Line, Page, Pages, ReadError
from nlp.read import read_bytes
from nlp.structure import structure_report
from nlp.structure.clean import display_width

HEADS = [
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
]
TITLE = "云岫县水务局2023年政府信息公开工作年度报告"
PROSE = [
    "2023年，我局在门户网站设置供水服务、水质监测和停水通知三个栏目，全年公开水质信息1248条，办理网上留言365件，按时办结率达到99.5%。",
    "（一）主动公开情况。通过http://water.yunxiu.example/public/index.html公开信息，咨询邮箱为gongkai@water.example，欢迎监督。",
    "（二）依申请公开情况。全年受理申请12件，其中网络申请7件，信函申请5件，均在法定期限内答复，没有收取费用。",
    "各科室按照职责分工收集整理信息，办公室统一审核后发布，做到谁公开谁负责，重要信息须经分管领导签字同意。",
]


def make_pages(lines: list[str], kind: str = "text") -> Pages:
    blocks = tuple(Line(text, 1, number) for number, text in enumerate(lines, 1))
    return Pages("x.txt", kind, "0" * 64, "test", (Page(1, blocks),))  # type: ignore[arg-type]


def assert_sound(report: AnnualReport) -> None:
    text = report.text
    for item in (*report.segments, *report.paragraphs, *report.sections, *report.tables):
        assert 0 <= item.start <= item.end <= len(text)
    for one, two in zip(report.paragraphs, report.paragraphs[1:], strict=False):
        assert one.end <= two.start
    for left, right in zip(report.segments, report.segments[1:], strict=False):
        assert left.end <= right.start
    for first, second in zip(report.sections, report.sections[1:], strict=False):
        assert first.start < first.end <= second.start
    for section in report.sections:
        assert section.start <= section.body <= section.end
        assert text[section.start :].startswith(section.title[:2])
    # Every letter of the text is in a paragraph and in a segment.
    for parts in (report.paragraphs, report.segments):
        covered = "".join(text[p.start : p.end] for p in parts)
        assert re.sub(r"[\W_]", "", covered) == re.sub(r"[\W_]", "", text)
    for finding in report.findings:
        assert finding.start is None or 0 <= finding.start <= (finding.end or 0) <= len(text)


_TOKENS = st.one_of(
    st.sampled_from(
        [
            *HEADS,
            *PROSE,
            TITLE,
            "概述",
            "依申请公开",
            "0 0 0",
            "| 规章 | 0 |",
            "- 3 -",
            "2023年",
            "二〇一二年一月一日至十二月三十一日",
            "20211月1日至13月45日",
            "(一)",
            "㈠",
            "《",
            "　　",
            "本年制发件数",
            "公開",
            "⼀",
            "\u200b",
        ]
    ),
    st.text(max_size=12),
)
_LINES = st.lists(st.lists(_TOKENS, max_size=4).map("".join), max_size=14)


@settings(max_examples=150, deadline=None)
@given(_LINES, st.sampled_from(["text", "html", "pdf", "docx", "markdown"]))
def test_any_lines_give_a_sound_report_or_a_read_error(lines: list[str], kind: str) -> None:
    with contextlib.suppress(ReadError):
        assert_sound(structure_report(make_pages([TITLE, *lines], kind)))


@settings(max_examples=60, deadline=None)
@given(_LINES, st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.text(max_size=9))))
def test_any_grid_gives_a_sound_report_or_a_read_error(
    lines: list[str], cells: list[tuple[int, int, str]]
) -> None:
    grid = Grid(1, 1, 4, 4, tuple(GridCell(r, c, text, 1) for r, c, text in cells))
    blocks = (*(Line(text, 1, n) for n, text in enumerate([TITLE, *lines], 1)), grid)
    pages = Pages("x.pdf", "pdf", "0" * 64, "test", (Page(1, blocks),))
    with contextlib.suppress(ReadError):
        assert_sound(structure_report(pages))


@settings(max_examples=60, deadline=None)
@given(_LINES)
def test_no_letter_is_lost_and_none_is_added(lines: list[str]) -> None:
    kept = [TITLE, HEADS[0], *[line for line in lines if line in PROSE], *HEADS[1:], PROSE[3]]
    report = structure_report(make_pages(kept, "html"))
    assert re.sub(r"\s", "", report.text) == re.sub(r"\s", "", "".join(kept))


def wrap(paragraphs: list[str], width: int, indent: str) -> str:
    """Wrap as an editor does: full-width characters take two columns."""
    lines = []
    for paragraph in paragraphs:
        line = "" if paragraph in (TITLE, *HEADS) else indent
        for char in paragraph:
            if display_width(line + char) > 2 * width:
                lines.append(line)
                line = ""
            line += char
        lines.append(line)
    return "\n".join(lines)


@pytest.mark.parametrize("indent", ["　　", "    "])
@pytest.mark.parametrize("width", [28, 33, 40])
def test_wrapping_at_another_width_gives_the_same_paragraphs(width: int, indent: str) -> None:
    paragraphs = [TITLE, HEADS[0], *PROSE, *HEADS[1:], PROSE[3]]
    report = structure_report(read_bytes(wrap(paragraphs, width, indent).encode(), "x.txt"))
    assert [report.text[p.start : p.end] for p in report.paragraphs] == paragraphs


JOINED = [
    # a number, an address and a mail address over two lines: nothing is put between
    ("全年公开信息12", "48条。", "1248条"),
    ("见http://water.yunxiu.example/pub", "lic/index.html。", "example/public/index.html"),
    ("咨询邮箱gongkai@water.exam", "ple，欢迎来信。", "gongkai@water.example"),
    # two Latin words keep their space
    ("系统采用Open Government", "Platform建设。", "Government Platform"),
    # Chinese never gets one
    ("推进公开工", "作。", "公开工作"),
]


@pytest.mark.parametrize(("first", "second", "expected"), JOINED)
def test_wrapped_lines_are_joined(first: str, second: str, expected: str) -> None:
    # Lines of one width, as a hard-wrapped text has them.
    filler = "各科室按照职责分工收集整理信息办公室统一审核后发布做到谁公开谁"
    start = filler[: max(0, 32 - display_width(first) // 2)] + first
    lines = [TITLE, HEADS[0], "　　" + filler, filler + "责", start, second, *HEADS[1:]]
    report = structure_report(make_pages(lines))
    assert expected in report.text


def test_page_numbers_and_running_headers_are_not_in_the_text() -> None:
    pages = []
    for number in (1, 2, 3):
        top = Line("云岫县水务局年报", number, 1)
        body = [HEADS[2 * number - 2], PROSE[0], HEADS[2 * number - 1], PROSE[3]]
        rows = [Line(text, number, n) for n, text in enumerate(body, 2)]
        rows.append(Line(f"- {number} -", number, 9))
        pages.append(Page(number, (top, *([Line(TITLE, 1, 0)] if number == 1 else []), *rows)))
    report = structure_report(Pages("x.pdf", "pdf", "0" * 64, "test", tuple(pages)))
    assert "- 2 -" not in report.text
    assert report.text.count("云岫县水务局年报") <= 1
    assert "".join(s.no for s in report.sections) == "一二三四五六"


def test_a_long_text_is_structured_in_time_linear_in_its_length() -> None:
    # Quadratic steps took a minute and a half for this; linear ones take seconds.
    report = structure_report(make_pages([TITLE, *(HEADS + PROSE) * 400, "一、" * 50_000]))
    assert_sound(report)
