"""How like two reports are: in their themes, in their outcomes, in their very numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
# The five shares of the outcome of requests, which add up to 1.
_OUTCOMES = (
    "disclosure_rate", "denial_rate", "unavailable_rate", "unprocessed_rate", "other_outcome_rate"
)  # fmt: skip
# Pairs that are held side by side at once; each takes as many numbers as the form has cells.
_BLOCK = 20_000


def _numbers(table: pd.DataFrame, keys: Sequence[str]) -> Floats:
    found: Floats = table[list(keys)].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    return found


def compare_themes(table: pd.DataFrame, prefix: str, a: Numbers, b: Numbers) -> Floats:
    """Give the cosine of the counts of themes; NaN where a report has no statement.

    Parameters
    ----------
    table : DataFrame
        The wide table.
    prefix : str
        ``p_`` for problems, ``m_`` for measures.
    a, b : arrays of int, shape (n,)
        Places of the two reports of each pair.
    """
    keys = [k[:-2] for k in table.columns if k.startswith(prefix) and k.endswith("_s")]
    if not keys:
        return np.full(len(a), np.nan)
    counts = np.nan_to_num(_numbers(table, keys))
    length = np.sqrt((counts**2).sum(axis=1))
    product = length[a] * length[b]
    cosine: Floats = np.divide(
        (counts[a] * counts[b]).sum(axis=1),
        product,
        out=np.full(len(a), np.nan),
        where=product > 0,
    )
    return np.minimum(cosine, 1.0)


def compare_outcomes(table: pd.DataFrame, a: Numbers, b: Numbers) -> Floats:
    """Give the overlap of the five outcome shares: 1 − ½ Σ|difference|; NaN where one lacks."""
    if not set(_OUTCOMES) <= set(table.columns):
        return np.full(len(a), np.nan)
    shares = _numbers(table, _OUTCOMES)
    overlap: Floats = np.clip(1 - np.abs(shares[a] - shares[b]).sum(axis=1) / 2, 0, 1)
    return overlap


def compare_cells(
    frames: Mapping[str, pd.DataFrame], ids: Sequence[str], a: Numbers, b: Numbers
) -> tuple[Floats, Floats]:
    """Count cells that both reports have read with one not 0, and those that are equal.

    Two bodies with many equal numbers other than 0 are worth a look: figures get copied too.
    """
    both, same = np.zeros(len(a)), np.zeros(len(a))
    if "cells" not in frames or not len(frames["cells"]):
        return both, same
    cells = frames["cells"][["report_id", "key", "value", "state"]]
    cells = cells[cells["value"].notna() & (cells["state"] != "unreadable")]
    row = pd.Index(ids).get_indexer(pd.Index(cells["report_id"].astype(str)))
    column, keys = pd.factorize(cells["key"])
    here = row >= 0
    shape = (len(ids), len(keys))
    value = csr_matrix(
        (cells["value"].to_numpy(dtype=float)[here], (row[here], column[here])), shape=shape
    )
    known = csr_matrix((np.ones(int(here.sum())), (row[here], column[here])), shape=shape)
    for start in range(0, len(a), _BLOCK):
        part = slice(start, start + _BLOCK)
        x, y = value[a[part]].toarray(), value[b[part]].toarray()
        read = (known[a[part]].toarray() > 0) & (known[b[part]].toarray() > 0)
        counted = read & ((x != 0) | (y != 0))
        both[part] = counted.sum(axis=1)
        same[part] = (counted & (x == y)).sum(axis=1)
    return both, same
