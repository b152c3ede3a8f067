"""What the page of a result says of wording that is used again, where that was looked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from nlp.documents import FRAMES
from nlp.render.rows import list_records

CLASSES = ("mandated", "formula", "own", "peer", "new")
_FAMILIES = 40
_ISSUERS = 20


def sum_up_reuse(frames: Mapping[str, pd.DataFrame]) -> dict[str, Any] | None:
    """Sum up the frames of reuse; None where they hold nothing.

    Returns
    -------
    dict or None
        ``pooled`` and ``by_year`` (the five shares of all narrative text, by characters),
        ``families`` (those of most issuers), ``highest`` (reports that share most with other
        issuers), and counts.
    """
    shares = list_records(frames["reuse_shares"])
    if not shares:
        return None
    labels = {c.key: c.label for c in FRAMES["reuse_shares"].columns}
    families = frames["families"]
    across = families[(families["scope"] == "across").fillna(False).astype(bool)]
    known = [r for r in shares if r["peer"] is not None]
    years = sorted({r["year"] for r in known if r["year"] is not None})
    highest = sorted(
        (r for r in known if r["reason"] is None and r["peer"]),
        key=lambda r: (-r["peer"], r["report_id"]),
    )
    return {
        "reports": len(shares),
        "pooled": [(key, labels[key], _pool(known, key)) for key in CLASSES],
        "by_year": [
            (year, len(own), [_pool(own, key) for key in CLASSES])
            for year in years
            for own in [[r for r in known if r["year"] == year]]
        ],
        "labels": [labels[key] for key in CLASSES],
        "families": list_records(across.head(_FAMILIES)),
        "across": len(across),
        "own": len(families) - len(across),
        "highest": highest[:_ISSUERS],
        "residue": len(frames["residue"]),
        "sure": int(frames["residue"]["sure"].fillna(False).sum()),
    }


def _pool(rows: list[dict[str, Any]], key: str) -> float | None:
    """Pool a share by characters: a long report weighs more than a short one."""
    characters = sum(r["characters"] for r in rows)
    return sum(r[key] * r["characters"] for r in rows) / characters if characters else None


def list_mix(row: Mapping[str, Any] | None) -> list[Any]:
    """Give the shares of one report for its block of the page; empty where there are none."""
    if row is None or row["new"] is None:
        return []
    return [*(row[key] for key in CLASSES), row["closest_report"], row["closest_issuer"],
            row["closest_share"], row["residue"]]  # fmt: skip


def sort_shares(shares: pd.DataFrame) -> list[str]:
    """Give the ids of the reports in the order in which the page on reuse numbers them."""
    rows = list_records(shares[["report_id", "issuer", "year"]])
    rows.sort(
        key=lambda r: (r["issuer"] is None, r["issuer"] or "", r["year"] or 0, r["report_id"])
    )
    return [row["report_id"] for row in rows]
