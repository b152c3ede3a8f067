"""Corrections applied to frames, each with what stood there before, so that it can be undone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from nlp.corrections.bench import (
    Applied,
    Bench,
    Frames,
    MisfitError,
    ReadValue,
    insert_row,
)
from nlp.corrections.cells import correct_cell, correct_report
from nlp.corrections.sheet import Correction
from nlp.corrections.statements import (
    add_statement,
    correct_statement,
    delete_statement,
    find_statement,
)
from nlp.corrections.tags import correct_tag


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a correction.

    ``status`` is ``applied``, ``same`` (it stands so already), ``unfit`` (it no longer fits)
    or ``invalid`` (the row cannot be understood); ``before`` has what to undo, as JSON.
    """

    correction: Correction
    report_id: str | None
    status: str
    reason: str
    before: str | None = None

    def row(self) -> dict[str, Any]:
        """Give the row of the frame ``corrections``."""
        given = self.correction
        return {
            "line": given.line,
            "report": given.report or "（空）",
            "report_id": self.report_id,
            "what": given.what or "（空）",
            "key": given.key or None,
            "field": given.field or None,
            "old": given.old or None,
            "new": given.new or None,
            "who": given.who or None,
            "when": given.when or None,
            "why": given.why or None,
            "status": self.status,
            "reason": self.reason or None,
            "before": self.before,
        }


def apply_corrections(
    frames: Mapping[str, pd.DataFrame], corrections: Iterable[Correction], read_value: ReadValue
) -> tuple[Frames, list[Outcome]]:
    """Apply corrections in their order.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Not changed; reports, cells, statements and themes are read.
    corrections : iterable of Correction
    read_value : callable
        Text of a cell → state, number, unit.

    Returns
    -------
    tuple of dict and list of Outcome
        New frames, and what became of each correction.  Checks, indicators and counts are
        still those from before: whoever calls works them out again.
    """
    bench = Bench(dict(frames), read_value)
    outcomes = []
    for row in corrections:
        report = bench.find_report(row.report)
        if row.problem:
            outcomes.append(Outcome(row, report, "invalid", row.problem))
        elif report is None:
            reason = f"结果里没有报告“{row.report}”（按编号、文件名都找不到，或同名不止一份）"
            outcomes.append(Outcome(row, None, "unfit", reason))
        else:
            try:
                status, reason, undo = _apply(bench, row, report)
            except MisfitError as error:
                outcomes.append(Outcome(row, report, "unfit", str(error)))
            else:
                before = json.dumps(undo, ensure_ascii=False, sort_keys=True) if undo else None
                outcomes.append(Outcome(row, report, status, reason, before))
    return bench.frames, outcomes


def undo_corrections(frames: Mapping[str, pd.DataFrame]) -> Frames:
    """Give the frames as they were before the corrections in their frame ``corrections``."""
    made = dict(frames)
    for text in reversed(made["corrections"]["before"].dropna().tolist()):
        for step in reversed(json.loads(text)):
            frame = made[step["frame"]]
            chosen = pd.Series(True, index=frame.index)
            for key, value in step["where"].items():
                chosen &= (frame[key] == value).fillna(False)
            if step["do"] == "put":
                frame = frame.copy()
                for key, value in step["values"].items():
                    frame.loc[chosen, key] = pd.NA if value is None else value
            elif step["do"] == "drop":
                frame = frame[~chosen]
            else:
                frame = insert_row(frame, step["values"], step["at"])
            made[step["frame"]] = frame
    return made


def _apply(bench: Bench, row: Correction, report: str) -> Applied:
    """Apply a row; give status, reason and the steps that undo it."""
    if row.what == "cell":
        return correct_cell(bench, row, report)
    if row.what == "report":
        return correct_report(bench, row, report)
    if row.field == "add":
        return add_statement(bench, row, report)
    place, moved = find_statement(bench, row, report)
    if row.what == "tag":
        found = correct_tag(bench, row, report, place)
    elif row.field == "delete":
        found = delete_statement(bench, row, report, place)
    else:
        found = correct_statement(bench, row, report, place)
    return found[0], "；".join(filter(None, (moved, found[1]))), found[2]
