"""Similarities → a heat map whose rows are ordered by cluster, as one inline drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.cluster.hierarchy import leaves_list, linkage, optimal_leaf_ordering
from scipy.spatial.distance import squareform

# More rows than this cannot be read on a page: reports give way to issuers, and of these
# the ones that share most are drawn.
MOST_ROWS = 110
LEVELS = (0.02, 0.05, 0.1, 0.2, 0.35, 0.6)
_CELL = 11


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Rows in the order of clusters, and the matrix of what they share (0 to 1)."""

    unit: str
    labels: tuple[str, ...]
    matrix: NDArray[np.float64]
    left_out: int


def make_heat_map(reports: pd.DataFrame, pairs: pd.DataFrame) -> HeatMap:
    """Order reports (or, if they are many, issuers) so that those that share stand together.

    Parameters
    ----------
    reports : DataFrame
        With ``report_id``, ``issuer``, ``year`` and ``free``.
    pairs : DataFrame
        ``report_a``, ``report_b``, and the free characters of each that the other has too:
        ``shared_a``, ``shared_b``.  May have millions of rows.

    Notes
    -----
    Average linkage on 1 − share, leaves ordered by scipy's optimal leaf ordering.
    """
    many = len(reports) > MOST_ROWS
    issuers = reports["issuer"].astype(object).where(reports["issuer"].notna(), "机关未识别")
    keys = issuers if many else reports["report_id"].astype(object)
    names = dict(zip(keys, keys, strict=True))
    if not many:
        years = ["年度未识别" if pd.isna(year) else year for year in reports["year"]]
        names = {k: f"{i} {y}" for k, i, y in zip(keys, issuers, years, strict=True)}
    order = sorted(names)
    shares = _share_pairs(reports, keys, order, pairs)
    total = np.zeros(len(order))
    for end in ("x", "y"):
        np.add.at(total, shares[end].to_numpy(), shares["value"].to_numpy())
    sums: list[float] = np.round(total, 9).tolist()
    ranked = sorted(range(len(order)), key=lambda n: (-sums[n], n))
    chosen = np.sort(np.array(ranked[:MOST_ROWS], dtype=np.int64))
    at = np.full(len(order), -1)
    at[chosen] = np.arange(len(chosen))
    matrix = np.eye(len(chosen))
    x, y = at[shares["x"].to_numpy()], at[shares["y"].to_numpy()]
    both = (x >= 0) & (y >= 0)
    value = shares["value"].to_numpy()[both]
    matrix[x[both], y[both]] = matrix[y[both], x[both]] = value
    place = _order(matrix)
    return HeatMap(
        "机关" if many else "报告",
        tuple(names[order[chosen[n]]] for n in place),
        matrix[np.ix_(place, place)],
        len(order) - len(chosen),
    )


def _share_pairs(
    reports: pd.DataFrame, keys: pd.Series, order: Sequence[str], pairs: pd.DataFrame
) -> pd.DataFrame:
    """Give ``x``, ``y`` (places in ``order``, x < y) and what the two share at most."""
    code = pd.Index(order).get_indexer(pd.Index(keys))
    place = pd.Index(reports["report_id"])
    free = reports["free"].to_numpy(dtype=np.int64)
    a, b = place.get_indexer(pairs["report_a"]), place.get_indexer(pairs["report_b"])
    both = (pairs["shared_a"] + pairs["shared_b"]).to_numpy(dtype=np.int64)
    size = free[a] + free[b]
    used = (code[a] != code[b]) & (size > 0)
    ends = np.stack([code[a], code[b]])[:, used].astype(np.int64)
    # Of two issuers the largest share of any two of their reports counts.
    found = pd.DataFrame(
        {
            "x": ends.min(axis=0),
            "y": ends.max(axis=0),
            "value": np.minimum(1.0, both[used] / size[used]),
        }
    )
    return found.groupby(["x", "y"], as_index=False).agg({"value": "max"})


def _order(matrix: NDArray[np.float64]) -> list[int]:
    if len(matrix) < 3:
        return list(range(len(matrix)))
    distance = squareform(np.round(1 - matrix, 6), checks=False)
    tree = optimal_leaf_ordering(linkage(distance, "average"), distance)
    order: list[int] = leaves_list(tree).tolist()
    return order


def draw_heat_map(heat: HeatMap) -> dict[str, Any]:
    """Give the drawing's parts: one path for each level of shading, and its size."""
    level = np.searchsorted(LEVELS, heat.matrix, side="right")
    paths = []
    for k in range(1, len(LEVELS) + 1):
        steps = [
            f"M{x * _CELL} {y * _CELL}h{_CELL}v{_CELL}h-{_CELL}z"
            for y, x in np.argwhere((level == k) & ~np.eye(len(level), dtype=bool)).tolist()
        ]
        paths.append((k, "".join(steps)))
    diagonal = "".join(
        f"M{n * _CELL} {n * _CELL}h{_CELL}v{_CELL}h-{_CELL}z" for n in range(len(heat.labels))
    )
    bounds = [0.0, *LEVELS, 1.0]
    return {
        "unit": heat.unit,
        "left_out": heat.left_out,
        "cell": _CELL,
        "size": _CELL * len(heat.labels),
        "labels": list(heat.labels),
        "paths": paths,
        "diagonal": diagonal,
        "levels": [
            (k, f"{100 * bounds[k]:.0f}%—{100 * bounds[k + 1]:.0f}%")
            for k in range(len(LEVELS) + 1)
        ],
    }
