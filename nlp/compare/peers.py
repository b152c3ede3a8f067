"""Reports beside their like: what is usual in a group, and who stands where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd

from nlp.compare import caveats
from nlp.compare.statistics import bootstrap_means, rank_interval
from nlp.compare.tables import SPECS, make_table
from nlp.compare.wide import is_doubtful

# The ways in which reports are put together; each with the year, as definitions change.
GROUPINGS: tuple[tuple[str, ...], ...] = (
    ("year",),
    ("year", "level", "kind"),
    ("year", "level", "kind", "province"),
    ("year", "level", "kind", "province", "city"),
    ("year", "system"),
)
RANKINGS: tuple[tuple[str, ...], ...] = (
    ("year", "level", "kind"),
    ("year", "level", "kind", "province"),
    ("year", "system"),
)
# Rates with a smaller denominator are not ranked; the limit that indicators call small.
SMALL = 30
# Groups with fewer rates than this are not ranked.
FEWEST_TO_RANK = 10
# Shares of a total that everyone reports; reasons for refusal have too few cases to rank.
_RANKED_GROUPS = frozenset({"demand", "outcome", "flow", "disputes"})
_FIELDS = ("value", "numerator", "denominator", "low")


def seed_for(seed: int, *names: object) -> np.random.Generator:
    """Give a generator that depends on the seed and a name, not on the order of calls."""
    return np.random.default_rng([seed, crc32("|".join(map(str, names)).encode())])


class IndicatorGrid:
    """The indicators as matrices: a row a report (by ``table``'s order), a column an indicator."""

    def __init__(self, table: pd.DataFrame, indicators: pd.DataFrame) -> None:
        self.table = table.reset_index(drop=True)
        about = indicators.drop_duplicates("indicator").set_index("indicator")
        self.ids = [str(i) for i in about.index]
        self.names = [str(n) for n in about["name"]]
        self.groups = [None if pd.isna(g) else str(g) for g in about["group"]]
        order = self.table["report_id"]

        def matrix(frame: pd.DataFrame, field: str) -> np.ndarray[Any, np.dtype[np.float64]]:
            wide = frame.pivot(index="report_id", columns="indicator", values=field)
            wide = wide.reindex(index=order, columns=about.index)
            return wide.astype("Float64").to_numpy(dtype=float, na_value=np.nan)

        self.value, self.numerator, self.denominator, low = (
            matrix(indicators, field) for field in _FIELDS
        )
        doubtful = is_doubtful(indicators).astype(float)
        marked = indicators[["report_id", "indicator"]].assign(doubtful=doubtful)
        self.doubtful = matrix(marked, "doubtful") == 1
        self.is_share = ~np.isnan(low).all(axis=0)
        self.has_denominator = ~np.isnan(self.denominator).all(axis=0)
        # 每百件 is 100 times the quotient; the factor is seen in the values.
        with np.errstate(divide="ignore", invalid="ignore"):
            factor = self.value * self.denominator / self.numerator
        factor[~np.isfinite(factor)] = np.nan
        known = ~np.isnan(factor).all(axis=0)
        self.scale = np.ones(len(self.ids))
        if known.any():
            self.scale[known] = np.round(np.nanmedian(factor[:, known], axis=0))
        issuers = self.table["issuer"].fillna("").astype(str)
        self.issuers = issuers.where(issuers != "", self.table["report_id"].astype(str)).to_numpy()


def list_groups(
    table: pd.DataFrame, groupings: Sequence[tuple[str, ...]]
) -> Iterator[tuple[dict[str, Any], np.ndarray[Any, np.dtype[np.int64]]]]:
    """Give each group of reports: what it is grouped by, and the places of its rows."""
    for fields in groupings:
        for values, places in table.groupby(list(fields), sort=True, dropna=True).indices.items():
            given = values if isinstance(values, tuple) else (values,)
            named = dict(zip(fields, given, strict=True))
            yield {"group_by": "+".join(fields), **named}, np.asarray(places)


def summarise_peers(grid: IndicatorGrid, *, seed: int, draws: int = 1000) -> pd.DataFrame:
    """Summarise every indicator in every group of at least two reports.

    Parameters
    ----------
    grid : IndicatorGrid
    seed : int
        Of the bootstrap; each group has numbers of its own, whatever else is in the result.
    draws : int
        Bootstrap draws.

    Returns
    -------
    DataFrame
        The table ``peers``.  Issuers, not reports, are drawn; with fewer than ten issuers
        there is no interval.  Means are unweighted; the pooled value is the sum of the
        numerators over the sum of the denominators.
    """
    rows: list[dict[str, Any]] = []
    for group, places in list_groups(grid.table, GROUPINGS):
        if len(places) < 2:
            continue
        rows += _summarise(grid, group, places, seed_for(seed, *group.values()), draws)
    return make_table(SPECS["peers"], rows)


def _summarise(
    grid: IndicatorGrid,
    group: Mapping[str, Any],
    places: np.ndarray[Any, np.dtype[np.int64]],
    rng: np.random.Generator,
    draws: int,
) -> list[dict[str, Any]]:
    value = grid.value[places]
    there = ~np.isnan(value)
    top, bottom = np.where(there, value, 0.0), there.astype(float)
    both = there & ~np.isnan(grid.numerator[places]) & ~np.isnan(grid.denominator[places])
    upper = np.where(both, grid.numerator[places] * grid.scale, 0.0)
    lower = np.where(both, grid.denominator[places], 0.0)
    _, unit = np.unique(grid.issuers[places], return_inverse=True)
    units = int(unit.max()) + 1

    def by_issuer(
        matrix: np.ndarray[Any, np.dtype[np.float64]],
    ) -> np.ndarray[Any, np.dtype[np.float64]]:
        summed = np.zeros((units, matrix.shape[1]))
        np.add.at(summed, unit, matrix)
        return summed

    mean_low, mean_high = bootstrap_means(by_issuer(top), by_issuer(bottom), rng, draws=draws)
    pool_low, pool_high = bootstrap_means(by_issuer(upper), by_issuer(lower), rng, draws=draws)
    editions = grid.table["edition"].iloc[places].tolist()
    rows = []
    for n, indicator in enumerate(grid.ids):
        known = value[there[:, n], n]
        if not len(known):
            continue
        issuers = len(np.unique(unit[there[:, n]]))
        doubtful = int(grid.doubtful[places, n].sum())
        enough = issuers >= caveats.FEWEST_FOR_INTERVAL
        base = float(lower[:, n].sum())
        q1, median, q3 = np.percentile(known, [25, 50, 75])
        if grid.has_denominator[n]:
            pooled = float(upper[:, n].sum()) / base if base > 0 else None
            pooled_low = pool_low[n] if enough and base > 0 else None
            pooled_high = pool_high[n] if enough and base > 0 else None
        else:
            pooled, pooled_low, pooled_high = float(known.sum()), None, None
        rows.append(
            {
                **group,
                "indicator": indicator,
                "name": grid.names[n],
                "reports": len(places),
                "issuers": issuers,
                "with_value": len(known),
                "doubtful": doubtful,
                "mean": float(known.mean()),
                "mean_low": mean_low[n] if enough else None,
                "mean_high": mean_high[n] if enough else None,
                "median": median,
                "q1": q1,
                "q3": q3,
                "minimum": known.min(),
                "maximum": known.max(),
                "pooled": pooled,
                "pooled_low": pooled_low,
                "pooled_high": pooled_high,
                "caveat": caveats.join(
                    caveats.few_units(issuers),
                    caveats.UNWEIGHTED if grid.has_denominator[n] else "",
                    caveats.several_years(len(known), issuers),
                    caveats.mixed_editions(editions, grid.groups[n]),
                    caveats.doubtful_values(doubtful),
                ),
            }
        )
    return rows


def rank_peers(grid: IndicatorGrid, *, seed: int, draws: int = 2000) -> pd.DataFrame:
    """Rank the shares of each group, the highest first, each rank with its interval.

    Ranked are shares with a denominator of at least 30 that no failing sum puts in doubt, in
    groups of at least ten such; the others stand in the table without a rank, and why.

    Returns
    -------
    DataFrame
        The table ``ranks``.
    """
    rows: list[dict[str, Any]] = []
    for group, places in list_groups(grid.table, RANKINGS):
        if len(places) < 2:
            continue
        for n, indicator in enumerate(grid.ids):
            if grid.is_share[n] and grid.groups[n] in _RANKED_GROUPS:
                rng = seed_for(seed, "rank", *group.values(), indicator)
                rows += _rank(grid, group, places, n, rng, draws)
    return make_table(SPECS["ranks"], rows)


def _rank(
    grid: IndicatorGrid,
    group: Mapping[str, Any],
    places: np.ndarray[Any, np.dtype[np.int64]],
    n: int,
    rng: np.random.Generator,
    draws: int,
) -> list[dict[str, Any]]:
    places = places[~np.isnan(grid.value[places, n])]
    x, size = grid.numerator[places, n], grid.denominator[places, n]
    small, doubtful = size < SMALL, grid.doubtful[places, n]
    chosen = np.flatnonzero(~small & ~doubtful)
    enough = len(chosen) >= FEWEST_TO_RANK
    ranks: dict[int, tuple[int, int, int]] = {}
    if enough:
        found = rank_interval(x[chosen], size[chosen], rng, draws=draws)
        ranks = {
            int(place): (int(rank), int(low), int(high))
            for place, rank, low, high in zip(chosen, *found, strict=True)
        }
    of = len(chosen) if enough else 0
    table = grid.table
    editions = table["edition"].iloc[places].tolist()
    mixed = caveats.mixed_editions(editions, grid.groups[n])
    ids, issuers = (table[key].iloc[places].tolist() for key in ("report_id", "issuer"))
    rows = []
    for at, place in enumerate(places):
        rank, low, high = ranks.get(at, (None, None, None))
        if rank is not None:
            caveat = caveats.join(caveats.OVERLAP, mixed)
        else:
            caveat = "不参加排名：" + caveats.join(
                f"分母 {size[at]:g} 小于 {SMALL}" if small[at] else "",
                "所用单元格涉及不符的勾稽式" if doubtful[at] else "",
                f"组内可排名的报告只有 {len(chosen)} 份，不足 {FEWEST_TO_RANK} 份"
                if not enough
                else "",
            )
        rows.append(
            {
                **group,
                "indicator": grid.ids[n],
                "name": grid.names[n],
                "report_id": ids[at],
                "issuer": issuers[at],
                "value": grid.value[place, n],
                "numerator": x[at],
                "denominator": size[at],
                "ranked": rank is not None,
                "rank": rank,
                "rank_low": low,
                "rank_high": high,
                "of": of,
                "caveat": caveat,
            }
        )
    return rows
