"""What a researcher corrected, as the page tells it: by whom, when, why, and what stood there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from nlp.render.rows import list_records

WHAT: Mapping[str, str] = {
    "cell": "单元格",
    "statement": "陈述",
    "tag": "主题",
    "report": "报告信息",
}
STATUSES: Mapping[str, str] = {
    "applied": "已用上",
    "same": "现在就是这样",
    "unfit": "不再适用",
    "invalid": "写得不对",
}
# Rows that the page lists; all are in the workbook and the CSV.
_SHOWN = 300


def sum_up_corrections(
    corrections: pd.DataFrame, reports: pd.DataFrame, themes: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Sum up the corrections: how many of each status, and the rows in the order of the sheet.

    ``themes`` has the names of themes by their ids.

    Returns
    -------
    dict
        ``counts`` (status in words and how many), ``rows`` and ``more`` (rows left out);
        those that were not applied come first, as somebody has to look at them.
    """
    names = {
        str(row["report_id"]): f"{row['issuer'] or row['file']} {row['year'] or ''}".strip()
        for row in list_records(reports[["report_id", "issuer", "file", "year"]])
    }
    rows = list_records(corrections)
    counts = [(word, sum(r["status"] == s for r in rows)) for s, word in STATUSES.items()]
    ordered = sorted(rows, key=lambda row: row["status"] in ("applied", "same"))
    told = [
        {
            **row,
            "name": names.get(row["report_id"], row["report"]),
            "what": WHAT.get(row["what"], row["what"]),
            **{side: _name_themes(row, side, themes or {}) for side in ("old", "new")},
            "fits": row["status"] in ("applied", "same"),
            "status": STATUSES.get(row["status"], row["status"]),
            "link": _link(row) if row["report_id"] in names else None,
        }
        for row in ordered[:_SHOWN]
    ]
    return {
        "counts": [(word, n) for word, n in counts if n],
        "rows": told,
        "more": max(0, len(rows) - _SHOWN),
    }


def _name_themes(row: Mapping[str, Any], side: str, themes: Mapping[str, str]) -> str | None:
    value: str | None = row[side]
    if row["what"] != "tag" or value is None:
        return value
    return "、".join(themes.get(theme, theme) for theme in value.split())


def _link(row: Mapping[str, Any]) -> str:
    place = f"/c/{row['key']}" if row["what"] == "cell" and row["key"] else ""
    return f"#r/{row['report_id']}{place}"


def list_applied(rows: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """Give the corrections of one report that were applied, for its block of the page."""
    return [
        [
            row["what"],
            WHAT.get(row["what"], row["what"]),
            *(row[k] for k in ("key", "field", "old", "new", "who", "when", "why")),
        ]
        for row in rows
        if row["status"] == "applied"
    ]
