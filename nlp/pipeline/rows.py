"""The rows that one report gives to each frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nlp.documents import Cell, Check, Claim, Finding, Indicator, ThemeTags
from nlp.form import load_form
from nlp.pipeline.single import ReportResult
from nlp.statements import Answer

Row = dict[str, Any]
# The code of the finding that an issuer has more than one report of a year.
TWIN = "same_issuer_year"
_READ = frozenset({"number", "zero", "blank", "slash", "dash", "none"})


@dataclass(frozen=True, slots=True)
class FullResult:
    """A report with all that needs other reports or the model as well."""

    single: ReportResult
    checks: tuple[Check, ...]
    tags: tuple[ThemeTags, ...]
    answers: tuple[Answer, ...]
    claims: tuple[Claim, ...]
    indicators: tuple[Indicator, ...]
    findings: tuple[Finding, ...]


def list_rows(full: FullResult, theme_names: Mapping[str, str]) -> dict[str, list[Row]]:
    """Give the rows of one report for every frame but ``skipped``."""
    single = full.single
    report_id = single.report_id
    return {
        "reports": [_report_row(full)],
        "sections": _section_rows(single),
        "sentences": _sentence_rows(single),
        "cells": [_cell_row(report_id, cell, single.report.edition) for cell in single.cells],
        "checks": [check_row(report_id, check) for check in full.checks],
        "statements": _statement_rows(full),
        "themes": _theme_rows(full, theme_names),
        "indicators": [indicator_row(report_id, item) for item in full.indicators],
        "findings": [list_finding(report_id, finding) for finding in full.findings],
    }


def list_finding(report_id: str, finding: Finding) -> Row:
    """Give the row of one finding."""
    return {
        "report_id": report_id,
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "start": finding.start,
        "end": finding.end,
        "page": finding.page,
    }


def tell_twin(issuer: str, year: int) -> Finding:
    """Give the finding that an issuer has more than one report of a year."""
    message = f"输入里不止一份 {issuer} {year} 年度的报告，请确认以哪一份为准"
    return Finding(TWIN, "warning", message)


def _report_row(full: FullResult) -> Row:
    single = full.single
    report = single.report
    region = report.issuer.region
    failed = [check for check in full.checks if check.result == "fail"]
    roles = [statement.role for statement in single.split.statements]
    return {
        "report_id": single.report_id,
        "file": report.file,
        "sha256": report.sha256,
        "file_kind": report.file_kind,
        "reader": report.reader,
        "pages": report.pages,
        "title": report.title,
        "issuer": report.issuer.name,
        "year": report.year,
        "year_conflict": any(finding.code == "year_conflict" for finding in full.findings),
        "period_start": report.period[0].isoformat() if report.period else None,
        "period_end": report.period[1].isoformat() if report.period else None,
        "level": report.issuer.level,
        "kind": report.issuer.kind,
        "region_code": region.code,
        "province": region.province,
        "city": region.city,
        "county": region.county,
        "township": region.township,
        "edition": report.edition,
        "edition_evidence": report.edition_evidence,
        "characters": len(report.text),
        "sections_found": len({s.no for s in report.sections if s.no in "一二三四五六"}),
        "cells_read": sum(cell.state in _READ for cell in single.cells),
        "cells_doubtful": sum(cell.state == "unreadable" for cell in single.cells),
        "cells_absent": sum(cell.state == "absent" for cell in single.cells),
        "checks_passed": sum(check.result == "pass" for check in full.checks),
        "checks_failed": len(failed),
        "checks_failed_theirs": sum(check.doubt == "theirs" for check in failed),
        "problems": roles.count("problem"),
        "measures": roles.count("measure"),
        "findings": len(full.findings),
        "text": report.text,
    }


def _section_rows(single: ReportResult) -> list[Row]:
    text = single.report.text
    return [
        {
            "report_id": single.report_id,
            "section": section.no,
            "title": section.title,
            "start": section.start,
            "end": section.end,
            "page": section.page,
            "body_start": section.body,
            "characters": len(text[section.body : section.end].rstrip("\n")),
            "text": text[section.body : section.end].rstrip("\n"),
        }
        for section in single.report.sections
    ]


def _sentence_rows(single: ReportResult) -> list[Row]:
    report = single.report
    return [
        {
            "report_id": single.report_id,
            "section": sentence.section,
            "sentence": number,
            "start": sentence.start,
            "end": sentence.end,
            "page": report.page_of(sentence.start),
            "text": report.text[sentence.start : sentence.end],
            "words": " ".join(sentence.words),
            "word_count": sentence.word_count,
        }
        for number, sentence in enumerate(single.sentences, 1)
    ]


def _cell_row(report_id: str, cell: Cell, edition: str | None) -> Row:
    form = load_form("2019" if edition == "2019" else "2021")
    x0, top, x1, bottom = cell.box or (None, None, None, None)
    return {
        "report_id": report_id,
        "key": cell.key,
        "section": cell.section,
        "row": cell.row,
        "row_label": form.row_label(cell.key[0], cell.row),
        "column": cell.column,
        "raw": cell.raw,
        "value": cell.value,
        "unit": cell.unit,
        "state": cell.state,
        "page": cell.page,
        "x0": x0,
        "top": top,
        "x1": x1,
        "bottom": bottom,
        "line": cell.line,
        "candidates": "|".join(cell.candidates) or None,
        "note": cell.note or None,
    }


def check_row(report_id: str, check: Check) -> Row:
    """Give one row of the frame ``checks``."""
    return {
        "report_id": report_id,
        "check_id": check.id,
        "name": check.name,
        "subject": check.subject,
        "formula": check.formula,
        "left": check.left,
        "right": check.right,
        "result": check.result,
        "doubt": check.doubt,
        "severity": check.severity,
        "reason": check.reason,
        "cells": " ".join(check.cells),
        "page": check.page,
        "source": check.source,
    }


def _statement_rows(full: FullResult) -> list[Row]:
    single = full.single
    answers: dict[int, list[int]] = {}
    for pair in full.answers:
        answers.setdefault(pair.problem, []).append(pair.measure + 1)
        answers.setdefault(pair.measure, []).append(pair.problem + 1)
    rows: list[Row] = []
    for index, (statement, tags, words) in enumerate(
        zip(single.split.statements, full.tags, single.statement_words, strict=True)
    ):
        rows.append(
            {
                "report_id": single.report_id,
                "statement": index + 1,
                "role": statement.role,
                "start": statement.start,
                "end": statement.end,
                "page": single.report.page_of(statement.start),
                "text": statement.text,
                "primary": tags.primary,
                "themes": " ".join(tags.themes),
                "abstain": tags.abstain,
                "answers": " ".join(map(str, sorted(answers.get(index, ())))) or None,
                "words": " ".join(words),
            }
        )
    return rows


def _theme_rows(full: FullResult, names: Mapping[str, str]) -> list[Row]:
    rows: list[Row] = []
    for number, tags in enumerate(full.tags, 1):
        for theme, probability in tags.scores.items():
            rows.append(
                {
                    "report_id": full.single.report_id,
                    "statement": number,
                    "theme": theme,
                    "label": names.get(theme, theme),
                    "probability": round(float(probability), 4),
                    "assigned": theme in tags.themes,
                    "primary": theme == tags.primary,
                    "evidence": "；".join(tags.evidence.get(theme, ())) or None,
                }
            )
    return rows


def indicator_row(report_id: str, item: Indicator) -> Row:
    """Give one row of the frame ``indicators``."""
    return {
        "report_id": report_id,
        "indicator": item.id,
        "name": item.name,
        "group": item.group,
        "formula": item.formula,
        "value": item.value,
        "numerator": item.numerator,
        "denominator": item.denominator,
        "low": item.low,
        "high": item.high,
        "small": item.small,
        "reason": item.reason or None,
    }


def count_answered(full_tags: Sequence[ThemeTags], roles: Sequence[str]) -> int:
    """Count problems that a measure of the same theme answers."""
    measures = {
        theme
        for tags, role in zip(full_tags, roles, strict=True)
        if role == "measure"
        for theme in tags.themes
        if theme != "other"
    }
    return sum(
        role == "problem" and bool(measures & set(tags.themes))
        for tags, role in zip(full_tags, roles, strict=True)
    )
