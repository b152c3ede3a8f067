"""Checks, indicators, follow-through and counts worked out again from the frames of a result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from nlp.documents import Cell, Check, Indicator, check_frame, make_frame
from nlp.indicators import compute_indicators
from nlp.pipeline.claims import DIFFERS, find_differences
from nlp.pipeline.refollow import plain_row, refollow, replace_rows, rows_by_report
from nlp.pipeline.rows import TWIN, check_row, indicator_row, list_finding, tell_twin
from nlp.segment import Segmenter
from nlp.verify import ReportCells, verify_report, verify_series

Frames = dict[str, pd.DataFrame]
_READ = ("number", "zero", "blank", "slash", "dash", "none")


def recompute(
    frames: Mapping[str, pd.DataFrame],
    reports: Collection[str],
    tagged: Collection[tuple[str, int]] = (),
) -> Frames:
    """Work out all that follows from cells, statements, tags and issuers of some reports again.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        The frames of a result; not changed.
    reports : collection of str
        Ids of the reports that were corrected.  Those of the same issuers are worked out
        with them, as years are checked against each other.
    tagged : collection of (str, int)
        Report and number of the statements whose themes a person gave.

    Returns
    -------
    dict of str to DataFrame
        All frames; new are checks, indicators, the findings and counts that rest on them,
        answers, follow and threads.  A frame that an older result lacks stays away.
    """
    made = dict(frames)
    table = made["reports"]
    touched = table["report_id"].isin(list(reports))
    issuers = set(table.loc[touched, "issuer"].dropna())
    chosen = touched | table["issuer"].isin(list(issuers))
    ids = table.loc[chosen, "report_id"].astype(str).tolist()
    about = {str(r["report_id"]): plain_row(r) for r in table[chosen].to_dict("records")}
    cells = {i: _cells(rows) for i, rows in rows_by_report(made["cells"], ids).items()}
    checks = _check(made, ids, about, cells)
    made["statements"] = _with_words(made["statements"])
    statements = rows_by_report(made["statements"], ids)
    indicators = {
        i: _indicators(made, i, about[i], cells[i], checks[i], statements[i]) for i in ids
    }
    made["checks"] = _replace(made["checks"], "checks", checks, check_row)
    made["indicators"] = _replace(made["indicators"], "indicators", indicators, indicator_row)
    if {"follow", "threads", "themes", "sentences"} <= made.keys():
        made |= refollow(made, about, tagged)
    if "claims" in made:
        made["findings"] = _find_again(made, about)
    made["reports"] = _count(made, ids, cells, checks, statements)
    return made


def _find_again(made: Frames, about: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Give the findings with those anew that rest on claims, issuers and years."""
    claims, cells = (rows_by_report(made[name], list(about)) for name in ("claims", "cells"))
    twins = Counter((row["issuer"], row["year"]) for row in about.values())
    findings = made["findings"]
    stale = findings["report_id"].isin(list(about)) & findings["code"].isin([DIFFERS, TWIN])
    rows = []
    for report, row in about.items():
        found = []
        if row["issuer"] and row["year"] and twins[row["issuer"], row["year"]] > 1:
            found.append(tell_twin(row["issuer"], int(row["year"])))
        found += find_differences(claims[report], {c["key"]: c["page"] for c in cells[report]})
        rows += [list_finding(report, finding) for finding in found]
    order = {i: n for n, i in enumerate(made["reports"]["report_id"].astype(str))}
    return replace_rows("findings", findings[~stale], (), rows, order)


def _cells(rows: list[dict[str, Any]]) -> list[Cell]:
    return [
        Cell(
            row["key"],
            row["section"],
            row["row"],
            row["column"],
            row["raw"],
            _number(row["value"]),
            row["unit"],
            row["state"],
            page=row["page"],
            line=row["line"],
            candidates=tuple(filter(None, (row["candidates"] or "").split("|"))),
            note=row["note"] or "",
        )
        for row in rows
    ]


def _number(value: float | None) -> int | float | None:
    return int(value) if value is not None and float(value).is_integer() else value


def _check(
    frames: Frames,
    ids: list[str],
    about: Mapping[str, Mapping[str, Any]],
    cells: Mapping[str, list[Cell]],
) -> dict[str, list[Check]]:
    bodies: dict[str, dict[str, str]] = {i: {} for i in ids}
    for i, rows in rows_by_report(frames["sections"], ids).items():
        for row in rows:
            bodies[i][row["section"]] = bodies[i].get(row["section"], "") + (row["text"] or "")
    formal = [i for i in ids if about[i]["edition"] != "narrative"]
    across = verify_series(
        ReportCells(i, about[i]["issuer"], about[i]["year"], about[i]["edition"], cells[i])
        for i in formal
    )
    checks: dict[str, list[Check]] = {i: [] for i in ids}
    for i in formal:
        own = verify_report(cells[i], edition=about[i]["edition"], sections=bodies[i])
        checks[i] = [*own, *across.get(i, ())]
    return checks


def _with_words(statements: pd.DataFrame) -> pd.DataFrame:
    """Segment the statements that were added or cut anew."""
    lacking = statements["words"].isna()
    if not lacking.any():
        return statements
    segmenter = Segmenter()
    made = statements.copy()
    made.loc[lacking, "words"] = [
        " ".join(w.text for w in segmenter.segment(str(text)))
        for text in statements.loc[lacking, "text"]
    ]
    return made


def _indicators(
    frames: Frames,
    report: str,
    about: Mapping[str, Any],
    cells: list[Cell],
    checks: list[Check],
    statements: list[dict[str, Any]],
) -> list[Indicator]:
    before = frames["indicators"]
    prose = before[(before["report_id"] == report) & (before["indicator"] == "specificity")]
    narrative: dict[str, float] = {
        "problems": sum(s["role"] == "problem" for s in statements),
        "measures": sum(s["role"] == "measure" for s in statements),
        "answered": _count_answered(statements),
    }
    for key, side in (("specifics", "numerator"), ("characters", "denominator")):
        if len(prose) and pd.notna(prose[side].iloc[0]):
            narrative[key] = float(prose[side].iloc[0])
    return compute_indicators(
        cells,
        edition=about["edition"],
        checks=checks,
        sections_found=about["sections_found"],
        narrative={k: int(v) if float(v).is_integer() else v for k, v in narrative.items()},
    )


def _count_answered(statements: list[dict[str, Any]]) -> int:
    """Count problems that a measure of the same theme answers."""
    measures = {
        theme
        for s in statements
        if s["role"] == "measure"
        for theme in (s["themes"] or "").split()
        if theme != "other"
    }
    return sum(
        s["role"] == "problem" and bool(measures & set((s["themes"] or "").split()))
        for s in statements
    )


def _replace(frame: pd.DataFrame, name: str, found: Mapping[str, list[Any]], row: Any) -> Any:
    """Put new rows in the place of a report's old ones; the order of the reports stays."""
    new = make_frame(name, [row(i, item) for i, items in found.items() for item in items])
    order = {i: n for n, i in enumerate(dict.fromkeys(frame["report_id"].astype(str)))}
    kept = frame[~frame["report_id"].isin(list(found))]
    joined = pd.concat([kept, new], ignore_index=True)
    place = joined["report_id"].astype(str).map(lambda i: order.get(i, len(order)))
    return check_frame(name, joined.iloc[place.argsort(kind="stable")].reset_index(drop=True))


def _count(
    frames: Frames,
    ids: list[str],
    cells: Mapping[str, list[Cell]],
    checks: Mapping[str, list[Check]],
    statements: Mapping[str, list[dict[str, Any]]],
) -> pd.DataFrame:
    made = frames["reports"].copy()
    findings = frames["findings"]["report_id"].value_counts()
    for i in ids:
        mine = made["report_id"] == i
        states = [c.state for c in cells[i]]
        failed = [c for c in checks[i] if c.result == "fail"]
        roles = [s["role"] for s in statements[i]]
        for key, number in {
            "cells_read": sum(s in _READ for s in states),
            "cells_doubtful": states.count("unreadable"),
            "cells_absent": states.count("absent"),
            "checks_passed": sum(c.result == "pass" for c in checks[i]),
            "checks_failed": len(failed),
            "checks_failed_theirs": sum(c.doubt == "theirs" for c in failed),
            "problems": roles.count("problem"),
            "measures": roles.count("measure"),
            "findings": int(findings.get(i, 0)),
        }.items():
            made.loc[mine, key] = number
    return made
