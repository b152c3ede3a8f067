"""Compose the stages of structure: blocks → text → headings → sections → facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from nlp.documents import (
    AnnualReport,
    Block,
    Finding,
    Grid,
    Line,
    Pages,
    Paragraph,
    ReadError,
    Section,
)
from nlp.structure.accept import refuse_other_documents
from nlp.structure.clean import clean_prose, fold_text, is_traditional, to_simplified
from nlp.structure.edition import judge_edition
from nlp.structure.furniture import drop_furniture
from nlp.structure.headings import HeadingCandidate, looks_like_heading, split_ordinal
from nlp.structure.issuer import describe_issuer
from nlp.structure.naming import find_issuer
from nlp.structure.outline import choose_headings, find_candidates
from nlp.structure.paragraphs import TextBuilder, build_text, measure_layout
from nlp.structure.sections import divide_sections, find_gaps, label_paragraphs, section_at
from nlp.structure.tablelines import find_table_lines, label_strength
from nlp.structure.title import TitleFound, find_title
from nlp.structure.years import find_period, find_years, vote_year

_SECTIONS = "一二三四五六"
_FULL_YEAR = (1, 1, 12, 31)


def structure_report(
    pages: Pages, *, issuers: Mapping[str, Mapping[str, str]] | None = None
) -> AnnualReport:
    """Structure the pages of one file as an annual report.

    Parameters
    ----------
    pages : Pages
        What a reader made of the file.
    issuers : mapping, optional
        Attributes of issuers that the user knows better than the division data
        (name → level, kind, province, city, county, township, region_code).

    Returns
    -------
    AnnualReport
        What cannot be told stays None; everything doubtful is a finding.

    Raises
    ------
    ReadError
        ``not_a_report`` when the file has neither a report's title nor its headings nor
        its tables; ``empty`` when it has no text at all.
    """
    blocks = _flatten_layout_grids(drop_furniture(pages))
    lines = [block for block in blocks if isinstance(block, Line)]
    sample = "".join(line.text for line in lines)
    if not blocks or not (sample.strip() or any(isinstance(b, Grid) for b in blocks)):
        raise ReadError(
            "empty",
            pages.name,
            expected="有文字的报告",
            found="没有任何文字的文件",
            advice="请检查文件是否完整；扫描件请先做文字识别（OCR）。",
        )
    traditional = is_traditional(sample)
    above = _lines_before_headings(blocks)
    metadata = {**pages.metadata, **_meta_tables(blocks)}
    title = find_title([fold_line(line, traditional=traditional) for line in above], metadata)
    title_lines = frozenset((x.page, x.number) for x in title.lines) if title else frozenset()
    builder = build_text(
        blocks,
        measure_layout(lines, kind=pages.kind),
        table_lines=find_table_lines(blocks),
        title_lines=title_lines,
        traditional=traditional,
    )
    text = builder.text
    headings = _find_headings(text, builder)
    refuse_other_documents(pages, text, title, headings, above)
    sections = divide_sections(text, headings, builder.segments)
    paragraphs = label_paragraphs(text, builder.paragraphs, sections, headings)
    opening = sections[0].start if sections else min(len(text), 600)
    preamble_start = max((p.end for p in paragraphs if p.kind == "title"), default=0)
    preamble = (min(preamble_start, opening), opening)
    body = (opening, _plans_start(text, sections, opening))
    period = find_period(text, preamble)
    years = find_years(_stated_title(title, text), text, preamble, body, period)
    year = vote_year(years)
    edition, evidence, conflict = judge_edition(
        text, [s.title for s in sections if s.no != "另"], year
    )
    name, source = find_issuer(
        title,
        text[slice(*preamble)],
        text[opening : opening + 800],
        _closing_lines(text, paragraphs),
        metadata,
    )
    issuer = describe_issuer(name, context=text[:opening], overrides=issuers, year=year)
    issuer = replace(issuer, source=source)
    findings = [
        *pages.findings,
        *find_gaps(sections, edition, years, year, conflict, title, issuer),
    ]
    if traditional:
        findings.append(
            Finding("traditional_script", "info", "原文为繁体字，正文已转为简体，原文字见各行")
        )
    if period and (period[0].month, period[0].day, period[1].month, period[1].day) != _FULL_YEAR:
        findings.append(
            Finding(
                "period_not_calendar_year",
                "info",
                f"统计期限不是完整年度：{period[0]} 至 {period[1]}",
                start=period[2],
                end=period[3],
            )
        )
    tables = tuple(
        replace(block, section=section_at(sections, block.start)) for block in builder.tables
    )
    return AnnualReport(
        file=pages.name,
        sha256=pages.sha256,
        file_kind=pages.kind,
        reader=pages.reader,
        pages=len(pages.pages),
        text=text,
        title=title.text if title else None,
        issuer=issuer,
        year=year,
        year_candidates=years,
        period=(period[0], period[1]) if period else None,
        edition=edition,
        edition_evidence=evidence,
        sections=sections,
        paragraphs=paragraphs,
        segments=tuple(builder.segments),
        tables=tables,
        findings=tuple(findings),
        metadata=dict(pages.metadata),
    )


def fold_line(line: Line, *, traditional: bool) -> Line:
    """Give a line in simplified characters where the report is in traditional ones."""
    return replace(line, text=to_simplified(line.text)) if traditional else line


def _stated_title(title: TitleFound | None, text: str) -> tuple[str, str, int] | None:
    if title is None:
        return None
    source = "metadata" if title.source.startswith("metadata") else "title"
    return title.text, source, text.find(title.text) if source == "title" else -1


def _flatten_layout_grids(blocks: Sequence[Block]) -> list[Block]:
    """Turn grids that hold prose (page frames, whole-report forms) into lines."""
    flat: list[Block] = []
    for block in blocks:
        if isinstance(block, Line):
            flat.append(block)
            continue
        texts = [cell.text for cell in block.cells if cell.text.strip()]
        prose = sum(len(text) for text in texts if "。" in text or len(text) > 120)
        labels = sum(label_strength(t.replace("\n", "")) >= 2 for t in texts)
        if texts and labels < 2 and prose > 0.6 * sum(map(len, texts)):
            number = block.number * 10_000
            for cell in sorted(block.cells, key=lambda c: (c.row, c.column)):
                for part in cell.text.split("\n"):
                    if part.strip():
                        number += 1
                        flat.append(Line(part, cell.page, number, cell.box, None, True))
        elif texts:
            flat.append(block)
    return flat


def _meta_tables(blocks: Sequence[Block]) -> dict[str, str]:
    """Read what a page says of itself in a small table: 标题, 索引号, 发布机构."""
    found: dict[str, str] = {}
    for block in blocks[:12]:
        if not isinstance(block, Grid) or len(block.cells) > 40:
            continue
        texts = [cell.text.strip() for cell in block.cells]
        if any(t.startswith(("索引号", "索 引 号", "发布机构", "标题")) for t in texts):
            for label, value in pairwise(texts):
                name = clean_prose(label).rstrip(":：")
                if value and name in ("标题", "名称", "信息名称", "发布机构", "发布单位"):
                    found.setdefault(name, value)
    return found


def _lines_before_headings(blocks: Sequence[Block]) -> list[Line]:
    """Give the lines among which a title can stand: those before the first heading."""
    before: list[Line] = []
    for block in blocks:
        if isinstance(block, Grid):
            if before:
                break
            continue
        text = clean_prose(block.text)
        style, _, _ = split_ordinal(text)
        if style == "cn" and looks_like_heading(text):
            break
        before.append(block)
        if len(before) == 40:
            break
    return before


def _find_headings(text: str, builder: TextBuilder) -> list[HeadingCandidate]:
    spans = [(p.start, p.end) for p in builder.paragraphs if p.kind not in ("table", "title")]
    candidates = find_candidates(text, spans)
    prescribed = {c.no for c in candidates}
    folded = fold_text(text)
    form = (
        len(prescribed & set(_SECTIONS)) >= 4
        and any(
            label in folded for label in ("收到和处理政府信息公开申请", "收到和处理信息公开申请")
        )
    ) or bool(builder.tables and "本年新收政府信息公开申请数量" in folded)
    return choose_headings(text, candidates, spans, form=form)


def _plans_start(text: str, sections: Sequence[Section], opening: int) -> int:
    """Where the talk of next year begins: section 五, or the last fifth of the text."""
    for section in sections:
        if section.no == "五":
            return max(section.start, opening)
    return max(opening, len(text) * 4 // 5)


def _closing_lines(text: str, paragraphs: Sequence[Paragraph]) -> list[str]:
    """Give the last short paragraphs, where a signature stands, the last one first."""
    last = [text[p.start : p.end] for p in paragraphs[-4:] if p.kind != "table"]
    return [line for line in reversed(last) if len(line) <= 40]
