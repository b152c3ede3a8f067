"""Follow-through worked out again from the frames of a result."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from nlp.documents import check_frame, make_frame
from nlp.follow import Passage, YearReport
from nlp.pipeline.follow import TELLING, find_answers, follow_reports
from nlp.pipeline.single import split_section_five

Frames = dict[str, pd.DataFrame]
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def refollow(
    frames: Mapping[str, pd.DataFrame],
    about: Mapping[str, Mapping[str, Any]],
    tagged: Collection[tuple[str, int]],
) -> Frames:
    """Work out answers, links and threads of some reports again.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        The frames of a result; not changed.
    about : mapping
        The rows of ``reports`` to work out, by id: all of the issuers concerned.
    tagged : collection of (str, int)
        Report and number of the statements whose themes a person gave: those themes count
        whole, and what the model thought of them does not.

    Returns
    -------
    dict of str to DataFrame
        ``statements``, ``follow`` and ``threads``.
    """
    ids = list(about)
    rows = {
        name: rows_by_report(frames[name], ids)
        for name in ("statements", "themes", "sentences", "sections")
    }
    reports = [
        _make_year_report(row, {name: found[i] for name, found in rows.items()}, tagged)
        for i, row in about.items()
    ]
    made = follow_reports(reports)
    order = {i: n for n, i in enumerate(frames["reports"]["report_id"].astype(str))}
    return {
        "statements": _put_answers(frames["statements"], reports),
        **{
            name: replace_rows(name, frames[name], ids, made[name], order)
            for name in ("follow", "threads")
        },
    }


def replace_rows(
    name: str,
    frame: pd.DataFrame,
    reports: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    order: Mapping[str, int],
) -> pd.DataFrame:
    """Put new rows in the place of those of some reports, all in the order of the reports."""
    kept = frame[~frame["report_id"].isin(list(reports))]
    joined = pd.concat([kept, make_frame(name, rows)], ignore_index=True)
    place = joined["report_id"].astype(str).map(order)
    return check_frame(name, joined.iloc[place.argsort(kind="stable")].reset_index(drop=True))


def rows_by_report(
    frame: pd.DataFrame, reports: Collection[str]
) -> dict[str, list[dict[str, Any]]]:
    """Give the rows of some reports by report, missing values as None."""
    rows: dict[str, list[dict[str, Any]]] = {i: [] for i in reports}
    for row in frame[frame["report_id"].isin(list(reports))].to_dict("records"):
        rows[str(row["report_id"])].append(plain_row(row))
    return rows


def plain_row(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Give a row of a frame as a dict, missing values as None.

    Examples
    --------
    >>> plain_row({"value": float("nan"), "text": "无"})
    {'value': None, 'text': '无'}
    """
    return {str(k): None if not isinstance(v, str) and pd.isna(v) else v for k, v in row.items()}


def _make_year_report(
    row: Mapping[str, Any], rows: Rows, tagged: Collection[tuple[str, int]]
) -> YearReport:
    report, text = str(row["report_id"]), row["text"] or ""
    scores: dict[int, dict[str, float]] = {}
    for tag in rows["themes"]:
        number = int(tag["statement"])
        by_hand = (report, number) in tagged
        value = float(tag["assigned"]) if by_hand else tag["probability"]
        if pd.notna(value):
            scores.setdefault(number, {})[str(tag["theme"])] = float(value)
    statements = rows["statements"]
    # What the text itself pairs, by places: the statements may have been corrected since.
    split = split_section_five(
        text, [(int(s["start"]), int(s["end"])) for s in rows["sections"] if s["section"] == "五"]
    )
    place = {(s["role"], s["start"], s["end"]): n for n, s in enumerate(statements)}
    known = [place.get((s.role, s.start, s.end)) for s in split.statements]
    pairs = [(known[p], known[m]) for p, m in split.pairs]
    return YearReport(
        report_id=report,
        issuer=row["issuer"] or "",
        year=int(row["year"] or 0),
        statements=tuple(
            Passage(
                int(s["start"]), int(s["end"]), str(s["text"]), s["role"],
                scores.get(int(s["statement"]), {}), int(s["statement"]),
            )
            for s in statements
        ),
        sentences=tuple(
            Passage(int(s["start"]), int(s["end"]), str(s["text"]))
            for s in rows["sentences"]
            if s["section"] in TELLING
        ),
        pairs=tuple((p, m) for p, m in pairs if p is not None and m is not None),
    )  # fmt: skip


def _put_answers(statements: pd.DataFrame, reports: Sequence[YearReport]) -> pd.DataFrame:
    answers: dict[tuple[str, int], set[int]] = {}
    for report in reports:
        for pair in find_answers(report):
            problem, measure = (report.statements[n].number for n in (pair.problem, pair.measure))
            if problem is not None and measure is not None:
                answers.setdefault((report.report_id, problem), set()).add(measure)
                answers.setdefault((report.report_id, measure), set()).add(problem)
    ids = {report.report_id for report in reports}
    keys = zip(statements["report_id"], statements["statement"], statements["answers"], strict=True)
    made = statements.copy()
    made["answers"] = pd.array(
        [
            (" ".join(map(str, sorted(answers.get((i, int(n)), ())))) or pd.NA) if i in ids else old
            for i, n, old in keys
        ],
        dtype="string",
    )
    return made
