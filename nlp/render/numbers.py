"""Cells → the few numbers of each report that the charts of requests and disputes add up.

The page adds them up for whichever reports the reader has chosen.  A number that was not
read, or that a failed check puts in doubt as ours, is None and leaves the report out of the
sums that need it; it is never taken for 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from nlp.form import load_form
from nlp.render.rows import iterate_rows

_REVIEWS = ("复议", "直接起诉", "复议后起诉")
_RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
# What is printed as nothing counts as none: the form asks for 0 and many leave it out.
_READ = frozenset({"number", "zero"})
_EMPTY = frozenset({"blank", "slash", "dash", "none"})


def list_keys() -> tuple[str, ...]:
    """Give the keys of the cells, the total column of table 3 and the whole of table 4."""
    rows = [
        f"3|{row.no}|总计" for edition in ("2021", "2019") for row in load_form(edition).requests
    ]
    reviews = [f"4|数值|{group}.{result}" for group in _REVIEWS for result in _RESULTS]
    return tuple(dict.fromkeys([*rows, *reviews]))


def list_reasons() -> list[list[str]]:
    """Give the rows of 不予公开, 无法提供 and 不予处理: key, group and label of each."""
    wanted = ("3.3.", "3.4.", "3.5.")
    return [
        [f"3|{row.no}|总计", row.group, row.label]
        for row in load_form("2021").requests
        if row.no.startswith(wanted)
    ]


def collect_numbers(
    frames: Mapping[str, pd.DataFrame], position: Mapping[str, int]
) -> dict[str, Any]:
    """Collect the numbers: ``rows[report][k]`` is the value of ``keys[k]``, or None.

    A cell that is printed empty (blank, a stroke, 无) is None where any number of the same
    table was read, unless ``value`` says what it stands for; so is one that is in doubt.
    """
    keys = list_keys()
    place = {key: number for number, key in enumerate(keys)}
    cells = frames["cells"]
    chosen = cells[cells["key"].isin(keys)]
    rows: list[list[Any]] = [[None] * len(keys) for _ in position]
    for report, key, state, value in iterate_rows(chosen, ["report_id", "key", "state", "value"]):
        if report in position and (state in _READ or (state in _EMPTY and value is not None)):
            rows[position[report]][place[key]] = value
    doubtful = _find_doubtful(frames["checks"])
    for report, key in doubtful:
        if report in position and key in place:
            rows[position[report]][place[key]] = None
    return {"keys": list(keys), "rows": rows, "reasons": list_reasons()}


def _find_doubtful(checks: pd.DataFrame) -> set[tuple[str, str]]:
    """Cells of failed checks in which our reading is in doubt."""
    failed = checks[(checks["result"] == "fail") & (checks["doubt"].fillna("ours") == "ours")]
    return {
        (report, key)
        for report, cells in iterate_rows(failed, ["report_id", "cells"])
        for key in (cells or "").split()
    }
