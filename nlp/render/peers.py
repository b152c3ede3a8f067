"""Indicators → one block an indicator, and what is usual among the peers of a report.

Peers are the other issuers of the same level and kind in the same year.  Rates that rest on
cells in doubt are left out of what is usual.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from nlp.render.rows import iterate_rows

# Indicators that the page of an issuer sets beside its peers; the rest are one list each.
SHOWN = (
    "requests_received",
    "disclosure_rate",
    "denial_rate",
    "unavailable_rate",
    "unprocessed_rate",
    "completion_rate",
    "carry_over_rate",
    "dispute_rate",
    "correction_rate",
    "check_pass_rate",
    "problem_count",
    "measure_count",
    "answer_rate",
)
# Fewer peers than this say nothing of what is usual.
FEWEST = 5
_FIELDS = ("value", "numerator", "denominator", "low", "high")


def index_indicators(frame: pd.DataFrame) -> list[list[Any]]:
    """List the indicators in the frame's order: id, name, group, formula, kind.

    Kind 1 is a share, with an interval; 2 a rate that may pass 100 %; 0 a count or a ratio.
    """
    if frame.empty:
        return []
    intervals = frame.loc[frame["low"].notna(), "indicator"].unique()
    first = frame.drop_duplicates("indicator")
    rows = []
    for key, name, group, formula in iterate_rows(first, ["indicator", "name", "group", "formula"]):
        kind = 1 if key in set(intervals) else 2 if name.endswith(("率", "占比")) else 0
        rows.append([key, name, group, formula, kind])
    return rows


def collect_values(frame: pd.DataFrame, position: Mapping[str, int]) -> list[list[Any]]:
    """Give the rows of one indicator: report, value, parts, interval, small, reason."""
    rows = [
        [position[report], *(shorten(v) for v in values), int(bool(small)), reason]
        for report, *values, small, reason in iterate_rows(
            frame, ["report_id", *_FIELDS, "small", "reason"]
        )
        if report in position
    ]
    return sorted(rows, key=lambda row: row[0])


def shorten(value: Any) -> Any:
    """Round a number to six decimals, more than a page shows."""
    return round(value, 6) if isinstance(value, float) else value


def name_peers(row: Mapping[str, Any]) -> str | None:
    """Name the group of a report's peers; None where level, kind or year is not known."""
    parts = (row["level"], row["kind"], row["year"])
    return None if any(part is None for part in parts) else "|".join(map(str, parts))


def sum_up_peers(
    indicators: pd.DataFrame, reports: Sequence[Mapping[str, Any]]
) -> dict[str, dict[str, list[Any]]]:
    """Say what is usual: group → indicator → n, quartiles, and sums of the parts.

    ``n`` counts reports, one an issuer and year (of several the first), that have a value
    without doubt.  Groups of fewer than ``FEWEST`` are left out.
    """
    groups, seen = {}, set()
    for row in reports:
        group = name_peers(row)
        owner = (group, row["issuer"] or row["report_id"])
        if group is not None and owner not in seen:
            seen.add(owner)
            groups[row["report_id"]] = group
    sound = indicators[
        indicators["value"].notna()
        & indicators["reason"].isna()
        & indicators["indicator"].isin(SHOWN)
        & indicators["report_id"].isin(groups)
    ]
    found: dict[str, dict[str, list[Any]]] = {}
    keyed = sound.assign(peers=sound["report_id"].map(groups))
    for (peers, indicator), rows in keyed.groupby(["peers", "indicator"], sort=True):
        values = rows["value"].to_numpy(dtype=float)
        if len(values) < FEWEST:
            continue
        quartiles = [shorten(float(q)) for q in np.percentile(values, (25, 50, 75))]
        paired = rows[rows["denominator"].notna()]
        sums = [shorten(float(paired[k].sum())) for k in ("numerator", "denominator")]
        found.setdefault(str(peers), {})[str(indicator)] = [len(values), *quartiles, *sums]
    return found
