"""Links between issuers → a drawing: issuers on a circle by place, links across it."""

from __future__ import annotations

from collections.abc import Mapping
from math import cos, pi, sin
from typing import Any

import pandas as pd

from nlp.render.rows import list_records

# More than this cannot be read; the links of most families are drawn.
MOST_ISSUERS = 48
MOST_LINKS = 160
_RADIUS = 250
_ROOM = 210  # for the names around


def draw_network(links: pd.DataFrame, places: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """Lay out the network; the same links give the same drawing.

    Parameters
    ----------
    links : DataFrame
        The frame ``issuer_links``.
    places : mapping of str to tuple of str
        What to order each issuer by: neighbours in place stand beside each other.
    """
    ends = pd.concat([links.set_index(end)["families"] for end in ("earlier", "later")])
    weight: dict[str, int] = ends.groupby(level=0).sum().to_dict()
    kept = sorted(weight, key=lambda n: (-weight[n], n))[:MOST_ISSUERS]
    shown = list_records(links[links["earlier"].isin(kept) & links["later"].isin(kept)])
    shown = sorted(
        shown, key=lambda k: (-k["families"], -k["characters"], k["earlier"], k["later"])
    )[:MOST_LINKS]
    used = {end for k in shown for end in (k["earlier"], k["later"])}
    issuers = sorted(used, key=lambda n: (places.get(n, ()), n))
    centre = _RADIUS + _ROOM
    at: dict[str, tuple[float, float]] = {}
    nodes = []
    for n, issuer in enumerate(issuers):
        angle = 2 * pi * n / max(1, len(issuers)) - pi / 2
        x, y = centre + _RADIUS * cos(angle), centre + _RADIUS * sin(angle)
        at[issuer] = x, y
        turned = cos(angle) < -1e-9
        degrees = angle * 180 / pi + (180 if turned else 0)
        nodes.append(
            {
                "name": issuer,
                "x": round(x, 1),
                "y": round(y, 1),
                "size": round(min(9.0, 2.5 + 0.8 * weight[issuer] ** 0.5), 1),
                "turn": round(degrees, 1),
                "end": turned,
            }
        )
    edges = []
    for link in shown:
        (x1, y1), (x2, y2) = at[link["earlier"]], at[link["later"]]
        # Curves bend towards the middle, so that links do not run along the circle.
        bend_x, bend_y = (
            centre + (x1 + x2 - 2 * centre) * 0.12,
            centre + (y1 + y2 - 2 * centre) * 0.12,
        )
        length = max(1e-6, ((x2 - bend_x) ** 2 + (y2 - bend_y) ** 2) ** 0.5)
        x2, y2 = x2 - (x2 - bend_x) * 9 / length, y2 - (y2 - bend_y) * 9 / length
        arrow = "从" if link["directed"] else "同年，先后不明："
        between = " 到 " if link["directed"] else " 与 "
        ends = f"{arrow}{link['earlier']}{between}{link['later']}"
        edges.append(
            {
                "d": f"M{x1:.1f} {y1:.1f}Q{bend_x:.1f} {bend_y:.1f} {x2:.1f} {y2:.1f}",
                "width": round(min(5.0, 0.9 + 0.6 * (link["families"] - 1)), 2),
                "directed": bool(link["directed"]),
                "title": f"{ends}：{link['families']} 个家族",
            }
        )
    return {
        "nodes": nodes,
        "edges": edges,
        "size": 2 * centre,
        "left_out": len(links) - len(shown),
        "issuers_left_out": len(weight) - len(issuers),
    }
