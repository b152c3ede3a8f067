"""Similarities → a heat map whose rows are ordered by cluster, as one inline drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
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


def make_heat_map(
    reports: Sequence[dict[str, Any]], pairs: Sequence[tuple[str, str, int, int]]
) -> HeatMap:
    """Order reports (or, if they are many, issuers) so that those that share stand together.

    Parameters
    ----------
    reports : sequence of dict
        With ``report_id``, ``issuer``, ``year`` and ``free``.
    pairs : sequence of (report, report, shared, shared)
        Free characters of each that the other has too.

    Notes
    -----
    Average linkage on 1 − share, leaves ordered by scipy's optimal leaf ordering.
    """
    many = len(reports) > MOST_ROWS
    key = {
        r["report_id"]: (r["issuer"] or "机关未识别") if many else r["report_id"] for r in reports
    }
    names = {
        key[r["report_id"]]: key[r["report_id"]]
        if many
        else f"{r['issuer'] or '机关未识别'} {r['year'] or '年度未识别'}"
        for r in reports
    }
    free: dict[str, int] = {}
    for r in reports:
        free[key[r["report_id"]]] = free.get(key[r["report_id"]], 0) + r["free"]
    # Of two issuers the largest share of any two of their reports counts.
    size = {r["report_id"]: r["free"] for r in reports}
    shares: dict[tuple[str, str], float] = {}
    total: dict[str, float] = dict.fromkeys(sorted(names), 0.0)
    for a, b, shared_a, shared_b in pairs:
        x, y = key[a], key[b]
        if x == y or size[a] + size[b] == 0:
            continue
        value = min(1.0, (shared_a + shared_b) / (size[a] + size[b]))
        pair = (min(x, y), max(x, y))
        shares[pair] = max(shares.get(pair, 0.0), value)
    for (x, y), value in shares.items():
        total[x] += value
        total[y] += value
    chosen = sorted(sorted(total, key=lambda n: (-total[n], n))[:MOST_ROWS])
    at = {name: n for n, name in enumerate(chosen)}
    matrix = np.eye(len(chosen))
    for (x, y), value in shares.items():
        if x in at and y in at:
            matrix[at[x], at[y]] = matrix[at[y], at[x]] = value
    order = _order(matrix)
    return HeatMap(
        "机关" if many else "报告",
        tuple(names[chosen[n]] for n in order),
        matrix[np.ix_(order, order)],
        len(total) - len(chosen),
    )


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
