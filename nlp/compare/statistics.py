"""Statistics of small samples: intervals, ranks, tests; each says where its formula is from."""

from __future__ import annotations

from collections.abc import Sequence
from math import atanh, exp, log, sqrt, tanh
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nlp.intervals import Z, wilson_interval

Floats = NDArray[np.float64]


class Estimate(NamedTuple):
    """A value with its 95 % interval; all NaN where it cannot be computed."""

    value: float
    low: float
    high: float


NOTHING = Estimate(float("nan"), float("nan"), float("nan"))


def difference(x1: float, n1: float, x2: float, n2: float) -> Estimate:
    """Give the difference of two independent proportions, x2/n2 − x1/n1, with its interval.

    Newcombe's hybrid score interval: R. G. Newcombe, "Interval estimation for the difference
    between independent proportions", Statistics in Medicine 17 (1998) 873-890, method 10.

    Parameters
    ----------
    x1, n1, x2, n2 : float
        Counts and totals; 0 ≤ x ≤ n.  With a total of 0 everything is NaN.

    Examples
    --------
    >>> [round(v, 4) for v in difference(48, 80, 56, 70)]
    [0.2, 0.0524, 0.3339]
    """
    if n1 <= 0 or n2 <= 0:
        return NOTHING
    p1, p2 = x1 / n1, x2 / n2
    low1, high1 = wilson_interval(x1, n1)
    low2, high2 = wilson_interval(x2, n2)
    gap = p2 - p1
    return Estimate(
        gap,
        gap - sqrt((p2 - low2) ** 2 + (high1 - p1) ** 2),
        gap + sqrt((high2 - p2) ** 2 + (p1 - low1) ** 2),
    )


def correlation_interval(rho: float, n: int) -> Estimate:
    """Give Spearman's coefficient with the interval of Bonett and Wright.

    D. G. Bonett, T. A. Wright, "Sample size requirements for estimating Pearson, Kendall and
    Spearman correlations", Psychometrika 65 (2000) 23-28: Fisher's z with the standard error
    √((1 + ρ²/2)/(n − 3)).

    Parameters
    ----------
    rho : float
        The coefficient, −1 to 1.
    n : int
        Independent observations (issuers, not reports); under 4 there is no interval.

    Examples
    --------
    >>> [round(v, 3) for v in correlation_interval(0.5, 50)]
    [0.5, 0.241, 0.692]
    """
    if n < 4 or not np.isfinite(rho):
        return Estimate(rho, float("nan"), float("nan"))
    if abs(rho) >= 1:
        return Estimate(rho, rho, rho)
    half = Z * sqrt((1 + rho * rho / 2) / (n - 3))
    return Estimate(rho, tanh(atanh(rho) - half), tanh(atanh(rho) + half))


def risk_ratio(a: float, b: float, c: float, d: float) -> Estimate:
    """Give the risk ratio (a/(a+b)) / (c/(c+d)) with the interval of Katz and others.

    D. Katz, J. Baptista, S. P. Azen, M. C. Pike, Biometrics 34 (1978) 469-474.  With an empty
    cell, 0.5 is added to all four.

    Examples
    --------
    >>> [round(v, 2) for v in risk_ratio(189, 10845, 104, 10933)]  # aspirin and infarction
    [1.82, 1.43, 2.31]
    """
    if a + b <= 0 or c + d <= 0 or a + c <= 0:
        return NOTHING
    if min(a, b, c, d) == 0:
        a, b, c, d = a + 0.5, b + 0.5, c + 0.5, d + 0.5
    value = (a / (a + b)) / (c / (c + d))
    half = Z * sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))
    return Estimate(value, exp(log(value) - half), exp(log(value) + half))


def odds_ratio(a: float, b: float, c: float, d: float) -> Estimate:
    """Give the odds ratio ad/bc with Woolf's interval; an empty cell adds 0.5 to all four.

    B. Woolf, Annals of Human Genetics 19 (1955) 251-253; J. B. S. Haldane, same journal 20
    (1956) 309-311.

    Examples
    --------
    >>> [round(v, 2) for v in odds_ratio(189, 10845, 104, 10933)]
    [1.83, 1.44, 2.33]
    """
    if a + b <= 0 or c + d <= 0 or a + c <= 0 or b + d <= 0:
        return NOTHING
    if min(a, b, c, d) == 0:
        a, b, c, d = a + 0.5, b + 0.5, c + 0.5, d + 0.5
    value = a * d / (b * c)
    half = Z * sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    return Estimate(value, exp(log(value) - half), exp(log(value) + half))


def adjust_p_values(p_values: Sequence[float] | Floats) -> Floats:
    """Give Benjamini–Hochberg q-values; NaN stays NaN and does not count as a test.

    Y. Benjamini, Y. Hochberg, Journal of the Royal Statistical Society B 57 (1995) 289-300.

    Returns
    -------
    array of float, same length
        The smallest false discovery rate at which each test is still found, ≤ 1.

    Examples
    --------
    >>> adjust_p_values([0.01, 0.04, 0.03, 0.005]).tolist()
    [0.02, 0.04, 0.04, 0.02]
    """
    given = np.asarray(p_values, dtype=float)
    adjusted = np.full(len(given), np.nan)
    known = np.flatnonzero(~np.isnan(given))
    if len(known):
        order = known[np.argsort(-given[known], kind="stable")]
        size = len(known)
        steps = given[order] * size / np.arange(size, 0, -1)
        adjusted[order] = np.minimum(np.minimum.accumulate(steps), 1.0)
    return adjusted


def rank_interval(
    successes: Floats, trials: Floats, rng: np.random.Generator, *, draws: int = 2000
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Rank proportions, the highest first, with a 95 % interval of each rank.

    Ranks say more than the data do unless their uncertainty is shown (H. Goldstein, D. J.
    Spiegelhalter, Journal of the Royal Statistical Society A 159 (1996) 385-443).  Each
    proportion is drawn from its Jeffreys posterior Beta(x + ½, n − x + ½); the interval holds
    the middle 95 % of the ranks that come of the draws.

    Parameters
    ----------
    successes, trials : array of float, shape (k,)
    rng : numpy Generator
    draws : int
        Draws from each posterior; memory is draws × k numbers.

    Returns
    -------
    tuple of three arrays of int, shape (k,)
        Rank (equal proportions share the better rank), lowest and highest rank number;
        the interval always holds the rank.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> rank, best, worst = rank_interval(np.array([5.0, 90.0]), np.array([100.0, 100.0]), rng)
    >>> rank.tolist(), best.tolist(), worst.tolist()
    ([2, 1], [2, 1], [2, 1])
    """
    share = successes / trials
    rank = 1 + (share[None, :] > share[:, None] + 1e-12).sum(axis=1)
    drawn = rng.beta(successes + 0.5, trials - successes + 0.5, size=(draws, len(share)))
    ranks = np.argsort(np.argsort(-drawn, axis=1), axis=1) + 1
    low, high = np.percentile(ranks, [2.5, 97.5], axis=0, method="nearest").astype(np.int64)
    return rank, np.minimum(low, rank), np.maximum(high, rank)


def bootstrap_means(
    numerators: Floats, denominators: Floats, rng: np.random.Generator, *, draws: int = 1000
) -> tuple[Floats, Floats]:
    """Give percentile intervals of ratios of sums, units (rows) drawn with replacement.

    With denominators of 1 (0 where a value is missing) the ratio is the plain mean.

    Parameters
    ----------
    numerators, denominators : array of float, shape (units, columns)
        No NaN.
    draws : int

    Returns
    -------
    tuple of two arrays of float, shape (columns,)
        The 2.5 and 97.5 percentiles; NaN where a denominator is 0 in every draw.

    Examples
    --------
    >>> values = np.array([[1.0], [1.0], [1.0]])
    >>> low, high = bootstrap_means(values, np.ones((3, 1)), np.random.default_rng(1))
    >>> low.tolist(), high.tolist()
    ([1.0], [1.0])
    """
    units = len(numerators)
    counts = rng.multinomial(units, np.full(units, 1 / units), size=draws).astype(float)
    top, bottom = counts @ numerators, counts @ denominators
    ratio = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0)
    low = np.full(top.shape[1], np.nan)
    high = low.copy()
    found = ~np.isnan(ratio).all(axis=0)
    if found.any():
        low[found], high[found] = np.nanpercentile(ratio[:, found], [2.5, 97.5], axis=0)
    return low, high
