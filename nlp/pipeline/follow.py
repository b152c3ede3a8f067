"""What became of problems and measures: links within and between reports, as frames."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from nlp.documents import Statement, ThemeTags
from nlp.follow import (
    Link,
    Passage,
    ThreadStep,
    YearReport,
    find_done,
    find_restated,
    make_threads,
)
from nlp.pipeline.single import ReportResult
from nlp.statements import Answer, pair_answers

Row = dict[str, Any]
# Where a report tells of what was done: everything but the problems and plans of 五.
TELLING = frozenset({"一", "二", "三", "四", "六", "另"})


def make_year_report(result: ReportResult, tags: Sequence[ThemeTags]) -> YearReport:
    """Bring a report into the form in which its years are followed."""
    text = result.report.text
    return YearReport(
        report_id=result.report_id,
        issuer=result.report.issuer.name or "",
        year=result.report.year or 0,
        statements=tuple(
            Passage(s.start, s.end, s.text, s.role, round_scores(t), number)
            for number, (s, t) in enumerate(zip(result.split.statements, tags, strict=True), 1)
        ),
        sentences=tuple(
            Passage(s.start, s.end, text[s.start : s.end])
            for s in result.sentences
            if s.section in TELLING
        ),
        pairs=result.split.pairs,
    )


def round_scores(tags: ThemeTags) -> dict[str, float]:
    """Give the probabilities as the frame ``themes`` has them, so that both give one answer."""
    return {theme: round(float(value), 4) for theme, value in tags.scores.items()}


def find_answers(report: YearReport) -> tuple[Answer, ...]:
    """Find which measure of a report answers which of its problems."""
    statements = [Statement(s.role or "problem", s.start, s.end, s.text) for s in report.statements]
    return pair_answers(statements, report.pairs, [s.scores or {} for s in report.statements])


def list_follow_rows(
    results: Sequence[ReportResult], tags: Sequence[Sequence[ThemeTags]]
) -> dict[str, list[Row]]:
    """Give the rows of ``follow`` and ``threads`` for reports and their tags."""
    return follow_reports([make_year_report(r, t) for r, t in zip(results, tags, strict=True)])


def follow_reports(reports: Sequence[YearReport]) -> dict[str, list[Row]]:
    """Give the rows of ``follow`` and ``threads``.

    Two reports are of consecutive years where issuer and year are known, and only one
    report of the issuer is there for each of the two years.
    """
    rows: dict[str, list[Row]] = {"follow": [], "threads": []}
    answers = {r.report_id: link_answers(r) for r in reports}
    chains, single = _chain(reports)
    for report in single:
        rows["follow"].extend(_link_rows(report, report, answers[report.report_id]))
    for chain in chains:
        restated: list[tuple[Link, ...]] = []
        done: list[tuple[Link, ...]] = []
        for report, later in zip(chain, [*chain[1:], None], strict=True):
            rows["follow"].extend(_link_rows(report, report, answers[report.report_id]))
            follows = later is not None and later.year == report.year + 1
            restated.append(find_restated(report, later) if follows and later else ())
            done.append(find_done(report, later) if follows and later else ())
            if later is not None:
                rows["follow"].extend(_link_rows(report, later, (*restated[-1], *done[-1])))
        steps = make_threads(chain, [answers[r.report_id] for r in chain], restated, done)
        rows["threads"].extend(_thread_row(chain, step) for step in steps)
    return rows


def link_answers(report: YearReport) -> tuple[Link, ...]:
    """Give the pairs of problem and measure of a report as links."""
    return tuple(
        Link("answer", a.problem, a.measure, a.score, a.wording, a.state)
        for a in find_answers(report)
    )


def _chain(reports: Sequence[YearReport]) -> tuple[list[list[YearReport]], list[YearReport]]:
    """Chains of one issuer's reports by year; and reports that belong to none."""
    by_issuer: dict[str, dict[int, list[YearReport]]] = defaultdict(lambda: defaultdict(list))
    single = []
    for report in reports:
        if report.issuer and report.year:
            by_issuer[report.issuer][report.year].append(report)
        else:
            single.append(report)
    chains = []
    for years in by_issuer.values():
        chains.append([years[y][0] for y in sorted(years) if len(years[y]) == 1])
        single.extend(r for same in years.values() if len(same) > 1 for r in same)
    return [chain for chain in chains if chain], single


def _link_rows(report: YearReport, later: YearReport, links: Sequence[Link]) -> list[Row]:
    rows = []
    for link in links:
        source = report.statements[link.source]
        told = link.kind == "done"
        target = later.sentences[link.target] if told else later.statements[link.target]
        rows.append(
            {
                "link": link.kind,
                "issuer": report.issuer or None,
                "report_id": report.report_id,
                "year": report.year or None,
                "statement": source.number,
                "text": source.text,
                "to_report_id": later.report_id,
                "to_year": later.year or None,
                "to_statement": None if told else target.number,
                "start": target.start,
                "end": target.end,
                "to_text": target.text,
                "score": link.score,
                "wording": link.wording,
                "state": link.state,
            }
        )
    return rows


def _thread_row(chain: Sequence[YearReport], step: ThreadStep) -> Row:
    report = chain[step.report]
    return {
        "issuer": report.issuer,
        "thread": step.thread,
        "step": step.step,
        "year": step.year,
        "role": step.role,
        "report_id": report.report_id,
        "statement": None if step.role == "report" else step.passage.number,
        "start": step.passage.start,
        "end": step.passage.end,
        "text": step.passage.text,
        "score": step.score,
        "years": step.years,
    }
