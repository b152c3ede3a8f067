"""Statistics are held to published values and to scipy, an independent library."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from nlp.compare.statistics import (
    adjust_p_values,
    bootstrap_means,
    correlation_interval,
    difference,
    odds_ratio,
    rank_interval,
    risk_ratio,
)
from nlp.intervals import wilson_interval


@pytest.mark.parametrize(
    ("x1", "n1", "x2", "n2", "low", "high"),
    [
        # Newcombe 1998 (Statistics in Medicine 17:873), table II, method 10, signs turned.
        (48, 80, 56, 70, 0.0524, 0.3339),
        (3, 10, 9, 10, 0.1705, 0.8090),
        (5, 56, 0, 29, -0.1926, 0.0381),
        (0, 10, 0, 20, -0.2775, 0.1611),
    ],
)
def test_difference_of_shares_has_newcombes_interval(
    x1: int, n1: int, x2: int, n2: int, low: float, high: float
) -> None:
    found = difference(x1, n1, x2, n2)
    assert found.low == pytest.approx(low, abs=6e-5)
    assert found.high == pytest.approx(high, abs=6e-5)


@given(st.integers(1, 400), st.floats(0, 1))
def test_wilson_is_that_of_scipy(trials: int, part: float) -> None:
    successes = int(part * trials)
    theirs = scipy.stats.binomtest(successes, trials).proportion_ci(method="wilson")
    assert wilson_interval(successes, trials) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_ratios_of_a_known_table_are_those_of_scipy() -> None:
    # The aspirin trial: 189 of 11,034 and 104 of 11,037 had an infarction.
    theirs = scipy.stats.contingency.relative_risk(189, 11034, 104, 11037)
    limits = theirs.confidence_interval(0.95)
    assert risk_ratio(189, 10845, 104, 10933) == pytest.approx(
        (theirs.relative_risk, limits.low, limits.high)
    )
    found = scipy.stats.contingency.odds_ratio([[189, 10845], [104, 10933]], kind="sample")
    limits = found.confidence_interval(0.95)
    assert odds_ratio(189, 10845, 104, 10933) == pytest.approx(
        (found.statistic, limits.low, limits.high)
    )


def test_empty_cells_give_finite_intervals_and_no_events_give_none() -> None:
    assert np.isfinite(risk_ratio(0, 5, 3, 2)).all()
    assert np.isfinite(odds_ratio(0, 5, 3, 2)).all()
    assert np.isnan(risk_ratio(0, 5, 0, 5)).all()
    assert np.isnan(odds_ratio(5, 0, 5, 0)).all()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_q_values_are_those_of_scipy(p_values: list[float]) -> None:
    ours = adjust_p_values(p_values)
    assert ours == pytest.approx(scipy.stats.false_discovery_control(p_values), abs=1e-12)


def test_missing_p_values_do_not_count_as_tests() -> None:
    found = adjust_p_values([0.02, float("nan"), 0.04])
    assert found[0] == pytest.approx(0.04)
    assert np.isnan(found[1])


@pytest.mark.parametrize(
    ("rho", "n", "covered"),
    [(0.0, 30, 0.93), (0.5, 60, 0.93)],  # simulated coverage of the 95 % interval
)
def test_correlation_interval_covers(rho: float, n: int, covered: float) -> None:
    rng = np.random.default_rng(5)
    # Spearman's ρ of a bivariate normal with correlation r is 6/π · asin(r/2).
    r = 2 * np.sin(np.pi * rho / 6)
    hits = 0
    for _ in range(400):
        x = rng.normal(size=n)
        y = r * x + np.sqrt(1 - r * r) * rng.normal(size=n)
        found = correlation_interval(scipy.stats.spearmanr(x, y).statistic, n)
        hits += found.low <= rho <= found.high
    assert hits / 400 >= covered


def test_rank_intervals_hold_the_rank_and_are_wide_where_little_is_known() -> None:
    rng = np.random.default_rng(2)
    few, many = np.full(12, 30.0), np.full(12, 30_000.0)
    shares = np.arange(9, 21) / 30
    for size, widest in ((few, 12), (many, 2)):
        rank, low, high = rank_interval(np.round(shares * size), size, rng)
        assert rank.tolist() == list(range(12, 0, -1))
        assert ((low <= rank) & (rank <= high)).all()
        assert (high - low).max() <= widest
        if widest == 12:
            assert (high - low).min() >= 2


def test_equal_shares_share_a_rank() -> None:
    rng = np.random.default_rng(2)
    rank, _, _ = rank_interval(np.array([10.0, 20.0, 5.0]), np.array([20.0, 40.0, 50.0]), rng)
    assert rank.tolist() == [1, 1, 3]


def test_bootstrap_of_the_mean_is_near_that_of_scipy() -> None:
    values = np.random.default_rng(8).gamma(2, size=60)
    low, high = bootstrap_means(
        values[:, None], np.ones((60, 1)), np.random.default_rng(1), draws=4000
    )
    theirs = scipy.stats.bootstrap(
        (values,), np.mean, method="percentile", rng=np.random.default_rng(2)
    ).confidence_interval
    assert (low[0], high[0]) == pytest.approx((theirs.low, theirs.high), abs=0.04)
