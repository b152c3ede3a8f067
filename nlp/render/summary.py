"""What the overview of a page says, computed from the frames before anything is drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from nlp.labels import EDITIONS, LEVELS, SEVERITIES, SKIPPED, UNKNOWN


@dataclass(frozen=True, slots=True)
class Crosstab:
    """Counts of reports by level (rows) and year (columns)."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...], int], ...]
    totals: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RuleSummary:
    """How one rule came out over all reports."""

    name: str
    formula: str
    source: str
    passed: int
    theirs: int
    ours: int
    not_assessable: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The numbers of the overview; counts of files, cells, checks and findings."""

    reports: int
    issuers: int
    unknown_issuers: int
    years: tuple[str, ...]
    by_level_and_year: Crosstab
    editions: tuple[tuple[str, int], ...]
    cells: tuple[tuple[str, str, int], ...]
    checks: tuple[tuple[str, str, int], ...]
    problems: int
    measures: int
    doubtful_statements: int
    findings: tuple[tuple[str, str, int, str], ...]
    skipped: tuple[tuple[str, str, str], ...]
    rules: tuple[RuleSummary, ...]
    reasons: tuple[tuple[str, str, int], ...]


def summarise(frames: Mapping[str, pd.DataFrame]) -> Overview:
    """Sum up a result: how much there is, how much was read, and how sure it is."""
    reports, checks, statements = frames["reports"], frames["checks"], frames["statements"]
    doubt = _doubt(checks)
    return Overview(
        reports=len(reports),
        issuers=int(reports["issuer"].nunique()),
        unknown_issuers=int(reports["issuer"].isna().sum()),
        years=tuple(str(y) for y in sorted(reports["year"].dropna().unique())),
        by_level_and_year=_cross(reports),
        editions=_count(reports["edition"], EDITIONS),
        cells=_count_cells(frames["cells"]),
        checks=(
            ("pass", "通过", int((checks["result"] == "pass").sum())),
            ("theirs", "不符 · 原文如此", int((doubt == "theirs").sum())),
            ("ours", "不符 · 读取存疑", int((doubt == "ours").sum())),
            ("na", "无法判断", int((checks["result"] == "not_assessable").sum())),
        ),
        problems=int((statements["role"] == "problem").sum()),
        measures=int((statements["role"] == "measure").sum()),
        doubtful_statements=int(statements["abstain"].fillna(False).sum()),
        findings=_count_findings(frames["findings"]),
        skipped=tuple(
            (str(row["file"]), SKIPPED.get(row["code"], str(row["code"])), str(row["reason"]))
            for row in frames["skipped"].to_dict("records")
        ),
        rules=_summarise_rules(checks, doubt),
        reasons=_count_reasons(checks),
    )


def _doubt(checks: pd.DataFrame) -> pd.Series:
    """Whose the doubt is on each fail; a fail that does not say is held to be ours."""
    failed = checks["result"] == "fail"
    return checks["doubt"].fillna("ours").where(failed, other="")


def _sure(flags: pd.Series) -> pd.Series:
    """Plain truth values; a comparison with a missing value is not true."""
    return flags.fillna(False).astype(bool)


def _count(values: pd.Series, words: Mapping[str, str]) -> tuple[tuple[str, int], ...]:
    counted = values.value_counts()
    known = [(word, int(counted[code])) for code, word in words.items() if code in counted.index]
    other = [(str(c), int(n)) for c, n in sorted(counted.items()) if c not in words]
    missing = int(values.isna().sum())
    return (*known, *other, *([(UNKNOWN, missing)] if missing else []))


def _cross(reports: pd.DataFrame) -> Crosstab:
    years = sorted(reports["year"].dropna().unique())
    columns = [(str(y), _sure(reports["year"] == y)) for y in years]
    if reports["year"].isna().any():
        columns.append((UNKNOWN, reports["year"].isna()))
    levels = [(word, _sure(reports["level"] == code)) for code, word in LEVELS.items()]
    levels.append((UNKNOWN, reports["level"].isna()))
    rows = []
    for word, chosen in levels:
        counts = tuple(int((chosen & column).sum()) for _, column in columns)
        if sum(counts):
            rows.append((word, counts, sum(counts)))
    return Crosstab(
        tuple(label for label, _ in columns),
        tuple(rows),
        tuple(int(column.sum()) for _, column in columns),
    )


def _count_cells(cells: pd.DataFrame) -> tuple[tuple[str, str, int], ...]:
    state = cells["state"]
    read = state.isin(["number", "zero"])
    marks = state.isin(["blank", "slash", "dash", "none"])
    return (
        ("read", "读出的数", int(read.sum())),
        ("mark", "空白、斜线、横线或“无”", int(marks.sum())),
        ("doubtful", "存疑", int((state == "unreadable").sum())),
        ("absent", "文件里没有", int((state == "absent").sum())),
    )


def _count_findings(findings: pd.DataFrame) -> tuple[tuple[str, str, int, str], ...]:
    """Severity, code, how often, and one message as an example; the gravest first."""
    order = {code: number for number, code in enumerate(SEVERITIES)}
    kinds = list(zip(findings["severity"].astype(str), findings["code"].astype(str), strict=True))
    examples: dict[tuple[str, str], str] = {}
    for kind, message in zip(kinds, findings["message"].astype(str), strict=True):
        examples.setdefault(kind, message)
    rows = sorted(
        Counter(kinds).items(), key=lambda row: (order.get(row[0][0], 9), -row[1], row[0][1])
    )
    return tuple(
        (SEVERITIES.get(severity, severity), code, n, examples[severity, code])
        for (severity, code), n in rows
    )


def _summarise_rules(checks: pd.DataFrame, doubt: pd.Series) -> tuple[RuleSummary, ...]:
    rules = []
    for _, rows in checks.groupby("check_id", sort=False):
        first = rows.iloc[0]
        own = doubt[rows.index]
        rules.append(
            RuleSummary(
                str(first["name"]),
                "" if pd.isna(first["formula"]) else str(first["formula"]),
                "" if pd.isna(first["source"]) else str(first["source"]),
                int((rows["result"] == "pass").sum()),
                int((own == "theirs").sum()),
                int((own == "ours").sum()),
                int((rows["result"] == "not_assessable").sum()),
            )
        )
    return tuple(rules)


def _count_reasons(checks: pd.DataFrame) -> tuple[tuple[str, str, int], ...]:
    rows = checks[checks["result"] == "not_assessable"]
    reasons = rows["reason"].fillna("未说明").astype(str)
    counted = Counter(zip(rows["name"].astype(str), reasons, strict=True))
    ordered = sorted(counted.items(), key=lambda row: (-row[1], row[0]))
    return tuple((name, reason, n) for (name, reason), n in ordered)
