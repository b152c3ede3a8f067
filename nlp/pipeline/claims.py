"""The claims of reports: found, tied, and checked within a report and against the year before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from nlp.claims import check_claims, check_growth, find_claims
from nlp.documents import AnnualReport, Cell, Claim, ClaimCheck, Finding, StatementSplit
from nlp.pipeline.single import ReportResult

Row = dict[str, Any]
# The code of the finding that a claim and its cells say different things.
DIFFERS = "claim_differs"


def read_claims(
    report: AnnualReport, cells: Sequence[Cell], split: StatementSplit
) -> tuple[Claim, ...]:
    """Find the numbers stated in the prose of a report and tie them to its cells."""
    return tuple(find_claims(report, cells, split.statements))


def claim_rows(result: ReportResult, claims: Sequence[Claim]) -> list[Row]:
    """Give the rows of the frame ``claims`` of one report."""
    report = result.report
    return [
        {
            "report_id": result.report_id,
            "claim": number,
            "section": claim.section,
            "start": claim.start,
            "end": claim.end,
            "page": report.page_of(claim.start),
            "text": claim.text,
            "value": claim.value,
            "high": claim.high,
            "bound": claim.bound,
            "form": claim.form,
            "kind": claim.kind,
            "unit": claim.unit,
            "object": claim.object or None,
            "action": claim.action or None,
            "channel": claim.channel or None,
            "topic": claim.topic,
            "subject": claim.subject or None,
            "scope": claim.scope,
            "time": claim.time,
            "year": claim.year,
            "status": claim.status,
            "part_of": None if claim.part_of is None else claim.part_of + 1,
            "relation": claim.relation,
            "cells": " + ".join(claim.cells) or None,
            "cell_value": claim.cell_value,
            "reason": claim.reason or None,
        }
        for number, claim in enumerate(claims, 1)
    ]


def find_differences(
    claims: Iterable[Mapping[str, Any]], pages: Mapping[str, int | None]
) -> list[Finding]:
    """Find the claims that differ from the cells that they speak of.

    Parameters
    ----------
    claims : iterable of mapping
        Rows of the frame ``claims`` of one report.
    pages : mapping of str to int
        The page of each of its cells.

    Returns
    -------
    list of Finding
        ``claim_differs``, each a doubt and not an error: the two may count different things,
        and the tie may be ours.  Claims of another scope (全市 against 本机关) give none.
    """
    found = []
    for claim in claims:
        if claim["relation"] != "differ":
            continue
        keys = (claim["cells"] or "").split(" + ")
        where = "、".join(f"{key}（第 {pages[key]} 页）" if pages.get(key) else key for key in keys)
        value = "缺" if claim["cell_value"] is None else f"{claim['cell_value']:.12g}"
        page = f"第 {claim['page']} 页" if claim["page"] else ""
        message = (
            f"正文{page}写“{claim['text']}”（{claim['value']:.12g}），表格 {where} 为 {value}，"
            "两处不一致；也可能是口径不同或对应有误，请对照原文核对"
        )
        found.append(
            Finding(DIFFERS, "warning", message, claim["page"], claim["start"], claim["end"])
        )
    return found


def list_claim_rows(
    results: Iterable[ReportResult], known: Sequence[Sequence[Claim]] | None = None
) -> dict[str, list[Row]]:
    """Give the rows of ``claims`` and ``claim_checks`` for reports, years side by side.

    ``known`` has the claims of each report, where they were read already.
    """
    rows: dict[str, list[Row]] = {"claims": [], "claim_checks": []}
    reports = list(results)
    read = known or [read_claims(r.report, r.cells, r.split) for r in reports]
    found = {r.report_id: claims for r, claims in zip(reports, read, strict=True)}
    for result, before in _pair_years(reports):
        claims = found[result.report_id]
        rows["claims"].extend(claim_rows(result, claims))
        checks = check_claims(claims, result.report.text)
        if before is not None:
            earlier = found[before.report_id]
            checks += check_growth(claims, result.report.text, earlier, before.report.text)
        rows["claim_checks"].extend(_check_row(result, check) for check in checks)
    return rows


def _pair_years(
    reports: Sequence[ReportResult],
) -> list[tuple[ReportResult, ReportResult | None]]:
    """Pair each report with the one of the year before, where there is exactly one."""
    by_year: dict[tuple[str, int], list[ReportResult]] = defaultdict(list)
    for result in reports:
        name, year = result.report.issuer.name, result.report.year
        if name and year:
            by_year[name, year].append(result)
    paired: list[tuple[ReportResult, ReportResult | None]] = []
    for result in reports:
        name, year = result.report.issuer.name, result.report.year
        before = by_year.get((name, year - 1), []) if name and year else []
        paired.append((result, before[0] if len(before) == 1 else None))
    return paired


def _check_row(result: ReportResult, check: ClaimCheck) -> Row:
    own = [str(index + 1) for index in check.claims]
    return {
        "report_id": result.report_id,
        "check": check.id,
        "result": check.result,
        "claims": " ".join([*own, *(f"上年:{index + 1}" for index in check.earlier)]),
        "left": check.left,
        "right": check.right,
        "start": check.start,
        "end": check.end,
        "page": result.report.page_of(check.start),
        "reason": check.reason,
    }
