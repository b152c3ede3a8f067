"""Change over the years: each issuer against itself, and groups of the same issuers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from nlp.compare import caveats
from nlp.compare.peers import SMALL, IndicatorGrid, list_groups, seed_for
from nlp.compare.statistics import bootstrap_means, difference
from nlp.compare.tables import SPECS, make_table

GROUPINGS: tuple[tuple[str, ...], ...] = (("year",), ("year", "level", "kind"))


def pair_years(table: pd.DataFrame) -> list[tuple[int, int]]:
    """Pair each report with its issuer's report of the year before, where each is the only one.

    Returns
    -------
    list of (int, int)
        Places of the earlier and the later report in ``table``.
    """
    places: dict[tuple[str, int], list[int]] = {}
    for place, (issuer, year) in enumerate(zip(table["issuer"], table["year"], strict=True)):
        if pd.notna(issuer) and pd.notna(year):
            places.setdefault((str(issuer), int(year)), []).append(place)
    return [
        (places[issuer, year - 1][0], own[0])
        for (issuer, year), own in places.items()
        if len(own) == 1 and len(places.get((issuer, year - 1), ())) == 1
    ]


def list_changes(grid: IndicatorGrid) -> pd.DataFrame:
    """List the change of every indicator from one year of an issuer to the next.

    Returns
    -------
    DataFrame
        The table ``changes``.  Differences of shares have Newcombe's interval; counts are
        complete counts and have none.
    """
    rows: list[dict[str, Any]] = []
    table = grid.table
    keys = ("issuer", "report_id", "year", "edition")
    issuers, ids, years, editions = (table[key].tolist() for key in keys)
    for before, after in pair_years(table):
        old, new = editions[before], editions[after]
        # Two editions that are not known may be two different ones.
        changed = pd.isna(old) or pd.isna(new) or old != new
        for n, indicator in enumerate(grid.ids):
            was, now = grid.value[before, n], grid.value[after, n]
            if np.isnan(was) or np.isnan(now):
                continue
            low = high = None
            few = False
            if grid.is_share[n]:
                sides = [(grid.numerator[p, n], grid.denominator[p, n]) for p in (before, after)]
                found = difference(*sides[0], *sides[1])
                low, high = found.low, found.high
                few = min(sides[0][1], sides[1][1]) < SMALL
            doubtful = int(grid.doubtful[before, n]) + int(grid.doubtful[after, n])
            rows.append(
                {
                    "issuer": issuers[after],
                    "report_id": ids[after],
                    "before_report_id": ids[before],
                    "year": years[after],
                    "indicator": indicator,
                    "name": grid.names[n],
                    "before": was,
                    "after": now,
                    "difference": now - was,
                    "low": low,
                    "high": high,
                    "relative": (now - was) / was if was > 0 else None,
                    "edition_changed": bool(changed),
                    "caveat": _caveat(grid, n, few, bool(changed), (old, new), doubtful),
                }
            )
    return make_table(SPECS["changes"], rows)


def _caveat(
    grid: IndicatorGrid,
    n: int,
    few: bool,
    changed: bool,
    editions: tuple[object, object],
    doubtful: int,
) -> str:
    return caveats.join(
        f"有一年分母小于 {SMALL}，变化多半是偶然" if few else "",
        "两年同属一个机关，区间按两个独立样本计算，是近似" if grid.is_share[n] else "",
        "" if grid.is_share[n] else "全数统计，没有抽样误差；仍有偶然波动，差异大小请结合基数看",
        caveats.mixed_editions(editions, grid.groups[n]) if changed else "",
        caveats.doubtful_values(doubtful),
    )


def summarise_changes(grid: IndicatorGrid, *, seed: int, draws: int = 1000) -> pd.DataFrame:
    """Summarise the changes of groups; only issuers that have a value in both years count.

    Returns
    -------
    DataFrame
        The table ``group_changes``: numbers of issuers that rose and fell, mean difference
        with a bootstrap interval (issuers drawn), median difference.
    """
    pairs = pair_years(grid.table)
    if not pairs:
        return make_table(SPECS["group_changes"], [])
    before = np.array([b for b, _ in pairs])
    after = np.array([a for _, a in pairs])
    later = grid.table.iloc[after].reset_index(drop=True)
    rows: list[dict[str, Any]] = []
    for group, places in list_groups(later, GROUPINGS):
        if len(places) < 2:
            continue
        was, now = grid.value[before[places]], grid.value[after[places]]
        gap = now - was
        there = ~np.isnan(gap)
        rng = seed_for(seed, "change", *group.values())
        lows, highs = bootstrap_means(
            np.where(there, gap, 0.0), there.astype(float), rng, draws=draws
        )
        editions = [*grid.table["edition"].iloc[before[places]], *later["edition"].iloc[places]]
        for n, indicator in enumerate(grid.ids):
            known = there[:, n]
            issuers = int(known.sum())
            if issuers < 2:
                continue
            enough = issuers >= caveats.FEWEST_FOR_INTERVAL
            moves = gap[known, n]
            rows.append(
                {
                    **group,
                    "indicator": indicator,
                    "name": grid.names[n],
                    "issuers": issuers,
                    "up": int((moves > 1e-12).sum()),
                    "down": int((moves < -1e-12).sum()),
                    "same": int((np.abs(moves) <= 1e-12).sum()),
                    "mean_before": was[known, n].mean(),
                    "mean_after": now[known, n].mean(),
                    "mean_difference": moves.mean(),
                    "low": lows[n] if enough else None,
                    "high": highs[n] if enough else None,
                    "median_difference": float(np.median(moves)),
                    "caveat": caveats.join(
                        caveats.few_units(issuers),
                        "只算两年都有值的机关，不代表全部" if issuers < len(places) else "",
                        caveats.mixed_editions(editions, grid.groups[n]),
                    ),
                }
            )
    return make_table(SPECS["group_changes"], rows)
