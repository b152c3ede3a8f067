"""Divide the text at its headings and say of each paragraph where it belongs."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

from nlp.documents import Edition, Finding, Issuer, Paragraph, Section, Segment, YearCandidate
from nlp.structure.headings import HeadingCandidate, ordinal_value, split_ordinal
from nlp.structure.title import TitleFound
from nlp.structure.years import disagree

_NAMES = {
    "一": "总体情况",
    "二": "主动公开政府信息情况",
    "三": "收到和处理政府信息公开申请情况",
    "四": "政府信息公开行政复议、行政诉讼情况",
    "五": "存在的主要问题及改进情况",
    "六": "其他需要报告的事项",
}
_NOTE = re.compile(
    r"^(?:索引号|发布日期|发布时间|发布机构|信息来源|来源|时间|浏览|点击|字体|打印|分享|责任编辑|编辑|作者)"
)
_JUNK = "。：:；;，,、 \n"


def divide_sections(
    text: str, headings: Sequence[HeadingCandidate], segments: Sequence[Segment]
) -> tuple[Section, ...]:
    """Make a section of each heading, up to the next heading.

    Narrative reports may have two headings for section 五 (问题, 改进措施): two sections of
    the same number.
    """
    pages = {segment.start: segment.page for segment in segments}
    starts = sorted(pages)
    sections: list[Section] = []
    for index, heading in enumerate(headings):
        following = headings[index + 1].start if index + 1 < len(headings) else len(text)
        at = bisect_right(starts, heading.start) - 1
        page = pages[starts[at]] if at >= 0 else 1
        title = text[heading.start : heading.end].strip()
        body = heading.end
        while body < following and text[body] in _JUNK:
            body += 1
        sections.append(Section(heading.no, title, heading.start, body, following, page))
    return tuple(sections)


def section_at(sections: Sequence[Section], position: int) -> str | None:
    """Give the number of the section that a position is in, None before the first."""
    at = bisect_right(sections, position, key=lambda section: section.start) - 1
    return sections[at].no if at >= 0 and position < sections[at].end else None


def label_paragraphs(
    text: str,
    paragraphs: Sequence[Paragraph],
    sections: Sequence[Section],
    headings: Sequence[HeadingCandidate],
) -> tuple[Paragraph, ...]:
    """Give each paragraph its section and kind; run-in headings become their own."""
    cuts = sorted(
        {position for h in headings for position in (h.start, h.end)}
        | {section.body for section in sections}
    )
    starts = {h.start for h in headings}
    labelled: list[Paragraph] = []
    titled = min((p.start for p in paragraphs if p.kind == "title"), default=0)
    for paragraph in paragraphs:
        inner = cuts[bisect_right(cuts, paragraph.start) : bisect_left(cuts, paragraph.end)]
        edges = [paragraph.start, *inner, paragraph.end]
        for start, end in pairwise(edges):
            if not text[start:end].strip(_JUNK):
                continue
            kind = paragraph.kind
            if start in starts:
                kind = "heading"
            elif kind == "prose":
                style, _, _ = split_ordinal(text[start:end])
                if (
                    style in ("paren", "cn", "digit")
                    and end - start <= 30
                    and "，" not in text[start:end]
                ):
                    kind = "subheading"
                elif _NOTE.match(text[start:end]) and end - start < 80:
                    kind = "note"
                elif end <= titled and end - start <= 40 and "。" not in text[start:end]:
                    # A letterhead or a running header above the title is no preamble.
                    kind = "note"
            labelled.append(
                Paragraph(start, end, kind, section_at(sections, start), paragraph.page)
            )
    return tuple(labelled)


def find_gaps(
    sections: Sequence[Section],
    edition: Edition | None,
    years: Sequence[YearCandidate],
    year: int | None,
    conflict: str | None,
    title: TitleFound | None,
    issuer: Issuer,
) -> list[Finding]:
    """List what the report lacks or contradicts itself in."""
    findings: list[Finding] = []
    found = {section.no for section in sections}
    if edition != "narrative":
        findings.extend(
            Finding("section_missing", "warning", f"没有找到第{no}部分“{name}”")
            for no, name in _NAMES.items()
            if no not in found
        )
    elif "五" not in found:
        findings.append(
            Finding("section_missing", "warning", "没有找到“存在的问题及改进”一类的部分")
        )
    for section in sections:
        value = ordinal_value(split_ordinal(section.title)[1])
        expected = "一二三四五六另七八九十"[value - 1 : value] if value else section.no
        if edition != "narrative" and section.no != expected:
            findings.append(
                Finding(
                    "ordinal_unexpected",
                    "info",
                    f"第{section.no}部分的标题印为“{section.title}”，序号与格式不一致",
                    section.page,
                    section.start,
                    section.body,
                )
            )
    if title is None:
        findings.append(Finding("title_missing", "warning", "没有找到报告标题"))
    if issuer.name is None:
        findings.append(Finding("issuer_missing", "warning", "报告没有写明发布机关"))
    if year is None:
        findings.append(Finding("year_missing", "warning", "没有找到报告年度"))
    elif disagree(years, year):
        places = "，".join(f"{_SOURCES[c.source]} {c.year}" for c in years)
        findings.append(
            Finding("year_conflict", "warning", f"各处所写年度不一致：{places}；取 {year}")
        )
    if conflict:
        findings.append(Finding("edition_conflict", "warning", f"格式版本存疑：{conflict}"))
    return findings


_SOURCES = {
    "title": "标题",
    "preamble": "引言",
    "period": "统计期限",
    "body": "正文",
    "metadata": "网页信息",
}
