"""Precision, recall and F1 from counts; bootstrap bounds; confusions; calibration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.themes.codebook import Codebook

BINS = 10
_TAIL = 2.5  # per cent outside a bound, on either side


@dataclass(frozen=True, slots=True)
class Counts:
    """Right, wrong and missed decisions, each statements × themes (0/1)."""

    hit: NDArray[np.int64]
    wrong: NDArray[np.int64]
    missed: NDArray[np.int64]


def count_hits(truth: NDArray[np.bool_], chosen: NDArray[np.bool_]) -> Counts:
    """Compare decisions with labels (both statements × themes)."""
    return Counts(
        (truth & chosen).astype(np.int64),
        (~truth & chosen).astype(np.int64),
        (truth & ~chosen).astype(np.int64),
    )


def score_counts(counts: Counts, codebook: Codebook) -> dict[str, Any]:
    """Score decisions.

    Returns
    -------
    dict
        ``macro_f1``: mean F1 = 2·hit / (2·hit + wrong + missed) over the themes that occur
        or are predicted, the fallback left out; ``micro_f1``: the same ratio of the sums;
        ``themes_counted``; ``themes``: precision, recall, F1 and support (None where the
        denominator is 0).  All in [0, 1], rounded to 4 places.
    """
    hit, wrong, missed = (part.sum(axis=0) for part in (counts.hit, counts.wrong, counts.missed))
    themes: dict[str, Any] = {}
    for place, theme in enumerate(codebook.ids):
        h, w, m = int(hit[place]), int(wrong[place]), int(missed[place])
        themes[theme] = {
            "precision": _ratio(h, h + w),
            "recall": _ratio(h, h + m),
            "f1": _ratio(2 * h, 2 * h + w + m),
            "support": h + m,
            "predicted": h + w,
        }
    macro, micro, used = _mean_f1(hit[None], wrong[None], missed[None], codebook)
    return {
        "macro_f1": _round(macro[0]),
        "micro_f1": _round(micro[0]),
        "themes_counted": int(used[0]),
        "themes": themes,
    }


def bound_scores(
    counts: Counts,
    sources: Sequence[str],
    codebook: Codebook,
    *,
    seed: int,
    resamples: int,
) -> dict[str, Any]:
    """Score decisions, with bounds from resampling whole sources.

    Statements of one issuer are alike, so issuers, not statements, are drawn with
    replacement (cluster bootstrap; Field & Welsh 2007, J. R. Stat. Soc. B 69:369); the
    bounds are the 2.5 and 97.5 percentiles.  They do not cover the uncertainty of training.
    """
    names, place = np.unique(np.asarray(sources), return_inverse=True)
    sums = [np.zeros((len(names), part.shape[1])) for part in (counts.hit,) * 3]
    for total, part in zip(sums, (counts.hit, counts.wrong, counts.missed), strict=True):
        np.add.at(total, place, part)
    rng = np.random.default_rng(seed)
    weights = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=resamples)
    hit, wrong, missed = (weights @ total for total in sums)
    macro, micro, _ = _mean_f1(hit, wrong, missed, codebook)
    scores = score_counts(counts, codebook)
    with np.errstate(invalid="ignore", divide="ignore"):
        drawn = {
            "precision": hit / (hit + wrong),
            "recall": hit / (hit + missed),
            "f1": 2 * hit / (2 * hit + wrong + missed),
        }
    scores["macro_f1_bounds"] = _bounds(macro)
    scores["micro_f1_bounds"] = _bounds(micro)
    for column, theme in enumerate(codebook.ids):
        for name, values in drawn.items():
            scores["themes"][theme][f"{name}_bounds"] = _bounds(values[:, column])
    return scores


def list_confusions(
    truth: NDArray[np.bool_],
    chosen: NDArray[np.bool_],
    primary: NDArray[np.int64],
    primary_found: NDArray[np.int64],
    codebook: Codebook,
) -> dict[str, Any]:
    """Tell which themes are taken for which.

    Returns
    -------
    dict
        ``primary``: matrix of labelled (rows) × tagged (columns) primary themes in the
        codebook's order; ``missed_for``: for pairs of themes, in how many statements the
        first was missed while the second was wrongly added, most first.
    """
    size = len(codebook.ids)
    matrix = np.zeros((size, size), dtype=np.int64)
    np.add.at(matrix, (primary, primary_found), 1)
    pairs = (truth & ~chosen).astype(np.int64).T @ (~truth & chosen).astype(np.int64)
    listed = [
        {"missed": codebook.ids[a], "added": codebook.ids[b], "count": int(pairs[a, b])}
        for a in range(size)
        for b in range(size)
        if pairs[a, b]
    ]
    listed.sort(key=lambda pair: (-int(str(pair["count"])), pair["missed"], pair["added"]))
    return {"themes": list(codebook.ids), "primary": matrix.tolist(), "missed_for": listed}


def measure_calibration(
    truth: NDArray[np.bool_], scores: NDArray[np.float64], codebook: Codebook
) -> dict[str, Any]:
    """Compare probabilities with what was found.

    Returns
    -------
    dict
        ``table``: ten bins of equal width with count, mean probability and observed share,
        over all statement–theme pairs; ``ece``: Σ (n_bin/n)·|observed − mean| over these
        bins (Guo et al. 2017, ICML 70:1321); ``ece_by_theme``; ``ece_themes_mean``, which
        the many sure zeros of other themes flatter less; ``ece_uncertain``: over the pairs
        with a probability from 0.05 to 0.95, which they do not flatter at all.
    """
    table, ece = _bin(truth.ravel(), scores.ravel())
    by_theme = {
        theme: _bin(truth[:, place], scores[:, place])[1]
        for place, theme in enumerate(codebook.ids)
    }
    open_pairs = (scores >= 0.05) & (scores <= 0.95)
    return {
        "table": table,
        "ece": ece,
        "ece_themes_mean": _round(np.mean([float(value or 0) for value in by_theme.values()])),
        "ece_uncertain": _bin(truth[open_pairs], scores[open_pairs])[1],
        "ece_by_theme": by_theme,
        "brier": _round(np.mean((scores - truth) ** 2)),
    }


def _bin(
    truth: NDArray[np.bool_], scores: NDArray[np.float64]
) -> tuple[list[dict[str, Any]], float | None]:
    places = np.minimum((scores * BINS).astype(np.int64), BINS - 1)
    table: list[dict[str, Any]] = []
    gap = 0.0
    for place in range(BINS):
        here = places == place
        count = int(here.sum())
        row: dict[str, Any] = {"low": place / BINS, "high": (place + 1) / BINS, "count": count}
        if count:
            mean, observed = float(scores[here].mean()), float(truth[here].mean())
            row |= {"mean": round(mean, 4), "observed": round(observed, 4)}
            gap += count * abs(observed - mean)
        else:
            row |= {"mean": None, "observed": None}
        table.append(row)
    return table, round(gap / len(scores), 4) if len(scores) else None


def _mean_f1(
    hit: NDArray[Any], wrong: NDArray[Any], missed: NDArray[Any], codebook: Codebook
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Macro and micro F1 of draws × themes, and how many themes the macro is over."""
    kept = [n for n, theme in enumerate(codebook.ids) if theme != codebook.fallback]
    hit, wrong, missed = (np.asarray(part, float)[:, kept] for part in (hit, wrong, missed))
    total = 2 * hit + wrong + missed
    used = (total > 0).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        each = np.where(total > 0, 2 * hit / total, 0.0)
        macro = each.sum(axis=1) / used
        micro = 2 * hit.sum(axis=1) / total.sum(axis=1)
    return macro, micro, used


def _bounds(values: NDArray[np.float64]) -> list[float] | None:
    known = values[~np.isnan(values)]
    # A theme that is missing from most resamples has no interval to speak of.
    if len(known) < len(values) / 2:
        return None
    low, high = np.percentile(known, [_TAIL, 100 - _TAIL])
    return [round(float(low), 4), round(float(high), 4)]


def _ratio(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _round(value: Any) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)
