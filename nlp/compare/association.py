"""Themes beside numbers: rank correlation, risk and odds ratios, permutation tests by issuer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from nlp.compare import caveats
from nlp.compare.peers import IndicatorGrid, seed_for
from nlp.compare.statistics import (
    NOTHING,
    adjust_p_values,
    correlation_interval,
    odds_ratio,
    risk_ratio,
)
from nlp.compare.tables import SPECS, make_table

Floats = NDArray[np.float64]
# The numbers that themes are held against; counts of statements would be held against themselves.
_GROUPS = frozenset({"demand", "outcome", "flow", "disputes", "table2", "compliance"})
_ROLES = (("problem", "问题"), ("measure", "措施"))
# A theme has to be in, and missing from, the reports of at least so many issuers.
FEWEST_ON_A_SIDE = 5
# With fewer issuers to exchange, a permutation test cannot find anything.
FEWEST_MOVABLE = 5


@dataclass(frozen=True, slots=True)
class Shuffles:
    """Rearrangements of rows that keep each issuer's rows together, and among whom."""

    rows: NDArray[np.int64]
    within: str
    movable: int


def shuffle_issuers(
    issuers: NDArray[Any], years: NDArray[np.int64], rng: np.random.Generator, draws: int
) -> Shuffles:
    """Rearrange rows by exchanging whole issuers.

    Issuers are exchanged among those with reports of the same years, so that the years stay
    where they are; where that leaves fewer than half of the issuers to exchange, among those
    with as many reports.  An issuer's rows stay together and in the order of their years.

    Returns
    -------
    Shuffles
        ``rows`` of shape (draws, n): row numbers to take in the place of 0 … n − 1.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> found = shuffle_issuers(np.array(["a", "a", "b", "b"]), np.array([1, 2, 1, 2]), rng, 50)
    >>> {tuple(row) for row in found.rows.tolist()} == {(0, 1, 2, 3), (2, 3, 0, 1)}
    True
    """
    order = np.lexsort((years, issuers))
    blocks: dict[Any, list[int]] = {}
    for place in order.tolist():
        blocks.setdefault(issuers[place], []).append(place)

    def gather(by_year: bool) -> list[list[list[int]]]:
        strata: dict[Any, list[list[int]]] = {}
        for rows in blocks.values():
            key = tuple(years[rows].tolist()) if by_year else len(rows)
            strata.setdefault(key, []).append(rows)
        return list(strata.values())

    def count(strata: list[list[list[int]]]) -> int:
        return sum(len(s) for s in strata if len(s) > 1)

    strata, within = gather(True), "years"
    if 2 * count(strata) < len(blocks):
        strata, within = gather(False), "count"
    rows = np.tile(np.arange(len(issuers)), (draws, 1))
    for stratum in strata:
        if len(stratum) > 1:
            block = np.array(stratum)
            chosen = np.argsort(rng.random((draws, len(block))), axis=1)
            rows[:, block.ravel()] = block[chosen].reshape(draws, -1)
    return Shuffles(rows, within, count(strata))


def associate(
    grid: IndicatorGrid,
    themes: pd.DataFrame,
    names: dict[str, str],
    *,
    seed: int,
    permutations: int = 1999,
) -> pd.DataFrame:
    """Hold the share of every theme against every number.

    Parameters
    ----------
    grid : IndicatorGrid
    themes : DataFrame
        Row i is report i of the grid; columns (role, theme) with the share of the role's
        statements that have the theme, missing where there are no statements.
    names : dict
        Chinese names of the themes.
    seed : int
    permutations : int
        Random rearrangements for each test; the smallest p is 1/(permutations + 1).

    Returns
    -------
    DataFrame
        The table ``associations``: for each theme, role and number one row with Spearman's
        coefficient and one with the risk ratio and odds ratio of a number above the median.
        q-values are computed over all tests of the same method and role.
    """
    rows: list[dict[str, Any]] = []
    years = grid.table["year"].fillna(0).to_numpy(dtype=np.int64)
    for role, _ in _ROLES:
        ids = [str(key[1]) for key in themes.columns.tolist() if key[0] == role]
        if not ids:
            continue
        share = np.asarray(
            themes[role][ids].astype("Float64").to_numpy(dtype=float, na_value=np.nan), dtype=float
        )
        with_role = ~np.isnan(share).any(axis=1)
        for n, group in enumerate(grid.groups):
            if group not in _GROUPS:
                continue
            chosen = np.flatnonzero(with_role & ~np.isnan(grid.value[:, n]))
            tested = _Tested(grid, n, chosen, share[chosen], years[chosen], role)
            rng = seed_for(seed, "association", role, grid.ids[n])
            rows += tested.test(ids, names, rng, permutations)
    _add_q_values(rows)
    return make_table(SPECS["associations"], rows)


def _add_q_values(rows: list[dict[str, Any]]) -> None:
    """Adjust the p-values of each method and role together."""
    families: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        if "p_value" in row:
            families.setdefault((row["method"], row["role"]), []).append(row)
    for family in families.values():
        adjusted = adjust_p_values([row["p_value"] for row in family])
        for row, q_value in zip(family, adjusted.tolist(), strict=True):
            row["q_value"] = q_value


def _standard(matrix: Floats) -> Floats:
    """Centre columns and give them length 1; a constant column becomes 0."""
    centred = matrix - matrix.mean(axis=0)
    length = np.sqrt((centred**2).sum(axis=0))
    scaled: Floats = np.divide(centred, length, out=np.zeros_like(centred), where=length > 1e-9)
    return scaled


@dataclass(frozen=True, slots=True)
class _Tested:
    """One number, and the shares of all themes in the reports that have it."""

    grid: IndicatorGrid
    n: int
    chosen: NDArray[np.int64]
    share: Floats
    years: NDArray[np.int64]
    role: str

    def test(
        self, ids: list[str], names: dict[str, str], rng: np.random.Generator, draws: int
    ) -> list[dict[str, Any]]:
        value = self.grid.value[self.chosen, self.n]
        issuers = self.grid.issuers[self.chosen]
        count = len(set(issuers))
        present = (self.share > 0).astype(float)
        median = float(np.median(value)) if len(value) else 0.0
        event = (value > median).astype(float)
        outcomes = {"spearman": "指标的值", "ratio": f"高于中位数 {median:.6g}"}
        p_values: dict[str, Floats] = {}
        rho = np.zeros(len(ids))
        within, movable = None, 0
        enough = count >= caveats.FEWEST_FOR_INTERVAL
        if enough:
            shuffles = shuffle_issuers(issuers, self.years, rng, draws)
            within, movable = shuffles.within, shuffles.movable
            ranks = _standard(rankdata(self.share, axis=0))
            ranked = _standard(rankdata(value)[:, None])[:, 0]
            rho = ranks.T @ ranked
            p_values["spearman"] = _permute(ranks, ranked, shuffles)
            flags, events = _standard(present), _standard(event[:, None])[:, 0]
            p_values["ratio"] = _permute(flags, events, shuffles)
        rows = []
        for t, theme in enumerate(ids):
            sides = (
                len(set(issuers[present[:, t] == 1])),
                len(set(issuers[present[:, t] == 0])),
            )
            reason = self._reason(count, sides, value, movable, enough)
            base = {
                "role": self.role,
                "theme": theme,
                "theme_name": names.get(theme, theme),
                "indicator": self.grid.ids[self.n],
                "name": self.grid.names[self.n],
                "reports": len(self.chosen),
                "issuers": count,
                "theme_reports": int(present[:, t].sum()),
            }
            for method in ("spearman", "ratio"):
                row = {**base, "method": method, "outcome": outcomes[method]}
                why = reason
                if not why and method == "ratio" and not 0 < event.sum() < len(event):
                    why = "没有高于中位数的报告"
                if why:
                    row |= {"reason": why, "caveat": "没有计算，见“未算原因”"}
                else:
                    row |= (
                        _correlate(rho[t], count)
                        if method == "spearman"
                        else _cross(present[:, t], event)
                    )
                    row |= {
                        "p_value": p_values[method][t],
                        "permutations": draws,
                        "permuted": within,
                        "movable": movable,
                        "caveat": self._caveat(count, within),
                    }
                rows.append(row)
        return rows

    def _reason(
        self, issuers: int, sides: tuple[int, int], value: Floats, movable: int, enough: bool
    ) -> str:
        if not enough:
            return f"只有 {issuers} 个机关，不足 {caveats.FEWEST_FOR_INTERVAL} 个"
        if len(np.unique(value)) < 2:
            return "指标的值全部相同"
        if min(sides) < FEWEST_ON_A_SIDE:
            return (
                f"写该主题的机关 {sides[0]} 个、没写的 {sides[1]} 个，"
                f"有一边不足 {FEWEST_ON_A_SIDE} 个"
            )
        if movable < FEWEST_MOVABLE:
            return f"能互换的机关只有 {movable} 个，不能作置换检验"
        return ""

    def _caveat(self, issuers: int, within: str | None) -> str:
        editions = self.grid.table["edition"].iloc[self.chosen].tolist()
        doubtful = int(self.grid.doubtful[self.chosen, self.n].sum())
        return caveats.join(
            caveats.few_units(issuers),
            caveats.ECOLOGICAL,
            caveats.SELF_REPORTED,
            caveats.NO_CAUSE,
            caveats.MULTIPLE,
            caveats.several_years(len(self.chosen), issuers),
            "各机关报告的年份不一，年度趋势没有排除" if within == "count" else "",
            caveats.mixed_editions(editions, self.grid.groups[self.n]),
            caveats.doubtful_values(doubtful),
        )


def _permute(columns: Floats, target: Floats, shuffles: Shuffles) -> Floats:
    """Give the two-sided permutation p of each column's correlation with the target."""
    seen = np.abs(columns.T @ target)
    drawn = np.abs(columns.T @ target[shuffles.rows].T)
    # The arrangement that was observed counts as one of those that could have been.
    hits = (drawn >= seen[:, None] - 1e-12).sum(axis=1)
    p_values: Floats = (1 + hits) / (1 + drawn.shape[1])
    return p_values


def _correlate(rho: float, issuers: int) -> dict[str, Any]:
    found = correlation_interval(float(min(1.0, max(-1.0, rho))), issuers)
    return {"rho": found.value, "low": found.low, "high": found.high}


def _cross(present: Floats, event: Floats) -> dict[str, Any]:
    a = float(((present == 1) & (event == 1)).sum())
    b = float(((present == 1) & (event == 0)).sum())
    c = float(((present == 0) & (event == 1)).sum())
    d = float(((present == 0) & (event == 0)).sum())
    risk = risk_ratio(a, b, c, d) if a + c else NOTHING
    odds = odds_ratio(a, b, c, d)
    return {
        "with_event": a,
        "with_none": b,
        "without_event": c,
        "without_none": d,
        "risk_ratio": risk.value,
        "risk_low": risk.low,
        "risk_high": risk.high,
        "odds_ratio": odds.value,
        "odds_low": odds.low,
        "odds_high": odds.high,
    }
