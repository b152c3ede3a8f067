"""One file → everything that the steps find in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from nlp.documents import (
    AnnualReport,
    Cell,
    Check,
    Finding,
    Pages,
    ReadError,
    Statement,
    StatementSplit,
)
from nlp.pipeline.proof import find_doubt
from nlp.read import read
from nlp.read.pdf import read_pdf
from nlp.segment import Segmenter, split_sentences
from nlp.statements import split_statements
from nlp.structure import structure_report
from nlp.tables import TableReading, read_tables
from nlp.verify import confirm_scanned, verify_report

_SPECIFIC = re.compile(r"\d+(?:\.\d+)?|《[^》]{2,60}》")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the prose with its words (marks left out of the count)."""

    section: str | None
    start: int
    end: int
    words: tuple[str, ...]
    word_count: int


@dataclass(frozen=True, slots=True)
class ReportResult:
    """What the steps found in one report, before years are compared and themes tagged.

    ``statement_words`` has the words of each statement, in the order of ``split``.
    """

    report: AnnualReport
    cells: tuple[Cell, ...]
    checks: tuple[Check, ...]
    split: StatementSplit
    statement_words: tuple[tuple[str, ...], ...]
    sentences: tuple[Sentence, ...]
    findings: tuple[Finding, ...]

    @property
    def report_id(self) -> str:
        """The first 12 digits of the file's SHA-256."""
        return self.report.sha256[:12]


Issuers = Mapping[str, Mapping[str, str]]


@cache
def _segmenter() -> Segmenter:
    return Segmenter()


def read_report(
    path: Path | str,
    *,
    name: str | None = None,
    issuers: Issuers | None = None,
    ocr: bool = False,
) -> ReportResult:
    """Read one file, and everything that its text and tables tell on their own.

    Parameters
    ----------
    path : path
        PDF, HTML, DOCX or text; told by content.
    name : str, optional
        What the file is called in the result; default its file name.
    issuers : mapping, optional
        Attributes of issuers that the user knows better than the division data.
    ocr : bool
        Recognise scans and pictures (extra ``ocr``); only cells that the form's sums
        confirm are then taken as read.

    Raises
    ------
    ReadError
        When the file cannot be read as a report; says why and what to do.
    """
    pages = read(path, name=name, ocr=ocr)
    report, tables, checks = _read_tables(pages, issuers)
    if pages.kind == "pdf" and not pages.fallback and pages.reader.startswith("pdfium"):
        doubt = find_doubt(report, tables.cells, checks, pages.second)
        if doubt:
            data = Path(path).read_bytes()
            again = read_pdf(data, pages.name, pages.sha256, reference=True)
            pages = replace(again, fallback=doubt)
            report, tables, checks = _read_tables(pages, issuers)
    split = split_section_five(
        report.text, [(s.start, s.end) for s in report.sections if s.no == "五"]
    )
    segmenter = _segmenter()
    return ReportResult(
        report=report,
        cells=tables.cells,
        checks=tuple(checks),
        split=split,
        statement_words=tuple(
            tuple(w.text for w in segmenter.segment(s.text)) for s in split.statements
        ),
        sentences=tuple(_find_sentences(report, segmenter)),
        findings=(
            *report.findings,
            *_reader_findings(pages),
            *tables.findings,
            *_statement_findings(report, split),
        ),
    )


def _read_tables(
    pages: Pages, issuers: Issuers | None
) -> tuple[AnnualReport, TableReading, list[Check]]:
    report = structure_report(pages, issuers=issuers)
    tables = read_tables(report)
    if any(finding.code == "ocr" for finding in pages.findings):
        tables = replace(tables, cells=confirm_scanned(tables.cells, edition=report.edition))
    bodies: dict[str, str] = {}
    for section in report.sections:
        body = report.text[section.body : section.end]
        bodies[section.no] = bodies.get(section.no, "") + body
    checks = verify_report(tables.cells, edition=report.edition, sections=bodies)
    return report, tables, [] if report.edition == "narrative" else checks


def _reader_findings(pages: Pages) -> list[Finding]:
    if not pages.fallback:
        return []
    message = f"快速读取未能自证（{pages.fallback}），本报告由 {pages.reader} 读取"
    return [Finding("read_by_reference", "info", message)]


def split_section_five(text: str, ranges: Sequence[tuple[int, int]]) -> StatementSplit:
    """Split section 五, which may stand in several ranges of a report's text.

    Headings belong to it: 存在的问题 and 改进措施 say which part is which.
    """
    if not ranges:
        return StatementSplit((), ())
    pieces = [text[start:end] for start, end in ranges]
    split = split_statements("\n".join(pieces))
    kept: dict[int, Statement] = {}
    for index, statement in enumerate(split.statements):
        offset = 0
        for (start, _), piece in zip(ranges, pieces, strict=True):
            if offset <= statement.start and statement.end <= offset + len(piece):
                begin = start + statement.start - offset
                end = start + statement.end - offset
                kept[index] = Statement(statement.role, begin, end, text[begin:end])
                break
            offset += len(piece) + 1
    numbers = {index: number for number, index in enumerate(kept)}
    pairs = tuple((numbers[a], numbers[b]) for a, b in split.pairs if a in numbers and b in numbers)
    return StatementSplit(tuple(kept.values()), pairs)


def _statement_findings(report: AnnualReport, split: StatementSplit) -> list[Finding]:
    section = next((s for s in report.sections if s.no == "五"), None)
    if section is None or split.statements:
        return []
    body = report.text[section.body : section.end].strip()
    if len(body) < 12:
        message = f"第五部分只写“{body}”，没有问题和措施" if body else "第五部分没有内容"
        return [Finding("statements_none", "info", message, section.page, section.start)]
    return [
        Finding(
            "statements_unread",
            "warning",
            "第五部分有文字，但没有分出问题或措施，请人工查看",
            section.page,
            section.start,
            section.end,
        )
    ]


def _find_sentences(report: AnnualReport, segmenter: Segmenter) -> list[Sentence]:
    found: list[Sentence] = []
    for paragraph in report.paragraphs:
        if paragraph.kind != "prose":
            continue
        for start, end in split_sentences(report.text, paragraph.start, paragraph.end):
            words = segmenter.segment(report.text[start:end])
            plain = tuple(w.text for w in words)
            count = sum(not w.is_mark for w in words)
            if count:
                found.append(Sentence(paragraph.section, start, end, plain, count))
    return found


def count_specifics(report: AnnualReport) -> tuple[int, int]:
    """Numbers, dates and named acts in the prose, and the characters of the prose."""
    specifics = characters = 0
    for paragraph in report.paragraphs:
        if paragraph.kind == "prose":
            text = report.text[paragraph.start : paragraph.end]
            specifics += len(_SPECIFIC.findall(text))
            characters += len(text)
    return specifics, characters


__all__ = ["Issuers", "ReadError", "ReportResult", "Sentence", "count_specifics", "read_report"]
