"""The interval of a share, which indicators, themes and comparisons give alike."""

from __future__ import annotations

from math import sqrt

# The 97.5 % quantile of the standard normal distribution, for two-sided 95 % intervals.
Z = 1.959963984540054


def wilson_interval(successes: float, trials: float, z: float = Z) -> tuple[float, float]:
    """Give the Wilson score interval of a proportion (without continuity correction).

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical
    inference", JASA 22 (1927) 209-212.

    Parameters
    ----------
    successes, trials : float
        0 ≤ successes ≤ trials, trials > 0.
    z : float
        Normal quantile; the default gives a 95 % interval.

    Returns
    -------
    tuple of float
        Lower and upper limit, with 0 ≤ low ≤ successes/trials ≤ high ≤ 1.

    Raises
    ------
    ValueError
        If successes is not between 0 and trials, or trials is not above 0.

    Examples
    --------
    >>> [round(limit, 4) for limit in wilson_interval(81, 263)]
    [0.2553, 0.3662]
    """
    if trials <= 0 or not 0 <= successes <= trials:
        raise ValueError(f"应有 0 ≤ 分子 ≤ 分母且分母 > 0；实为分子 {successes}、分母 {trials}")
    share = successes / trials
    spread = z * z / trials
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * sqrt(share * (1 - share) / trials + spread / (4 * trials))
    # At 0 and at 1 the limit is exact; rounding must not push it past the share.
    return min(max(middle - half, 0.0), share), max(min(middle + half, 1.0), share)
