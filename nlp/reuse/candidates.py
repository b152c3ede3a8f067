"""Units → collapsed exact copies → pairs of units to align."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.reuse.mask import MaskedTexts
from nlp.reuse.seeds import hash_units, list_candidates, winnow
from nlp.reuse.units import Units


@dataclass(frozen=True, slots=True)
class Collapsed:
    """Units that are the same after masking, as one *wording* each.

    ``wording[u]`` is the wording of unit ``u`` (-1 for a unit with too little in it), and
    ``first[w]`` the first unit of wording ``w``; ``units[pointers[w]:pointers[w + 1]]``
    are all its units in order.
    """

    wording: NDArray[np.int64]
    first: NDArray[np.int64]
    units: NDArray[np.int64]
    pointers: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.first)

    def copies(self, wording: int) -> NDArray[np.int64]:
        """Give the units of a wording."""
        return self.units[self.pointers[wording] : self.pointers[wording + 1]]


def weigh_units(weights: NDArray[np.uint8], units: Units) -> NDArray[np.int64]:
    """Give the sum of the weights of each unit's characters."""
    sums = np.concatenate([np.zeros(1, np.int64), np.cumsum(weights, dtype=np.int64)])
    total: NDArray[np.int64] = sums[units.ends] - sums[units.starts]
    return total


def collapse_copies(
    masked: MaskedTexts, units: Units, totals: NDArray[np.int64], least: int
) -> Collapsed:
    """Collapse units that are the same after masking; leave out those lighter than ``least``."""
    kept = np.flatnonzero(totals >= least)
    hashes = hash_units(masked.codes, units.starts[kept], units.ends[kept])
    _, first, inverse = np.unique(hashes, return_index=True, return_inverse=True)
    # Wordings count in the order of their first units, not of their hashes.
    order = np.argsort(first, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    labels = rank[inverse]
    wording = np.full(len(units), -1, dtype=np.int64)
    wording[kept] = labels
    by_wording = np.argsort(labels, kind="stable")
    pointers = np.searchsorted(labels[by_wording], np.arange(len(order) + 1))
    return Collapsed(wording, kept[first[order]], kept[by_wording], pointers.astype(np.int64))


def find_candidates(
    masked: MaskedTexts,
    weights: NDArray[np.uint8],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    *,
    size: int,
    window: int,
    least: int,
    near: int,
    hosts: int,
) -> NDArray[np.int32]:
    """Give (earlier, later) units that share rare seeds, one row a pair, in order."""
    room = int((ends - starts).sum()) + 1
    seed_hash = np.empty(room, dtype=np.uint64)
    seed_unit = np.empty(room, dtype=np.int32)
    made = winnow(masked.codes, weights, starts, ends, size, window, least, seed_hash, seed_unit)
    seed_hash, seed_unit = seed_hash[:made], seed_unit[:made]
    order = np.argsort(seed_hash, kind="stable")
    ordered = seed_hash[order]
    new = np.ones(made, dtype=bool)
    new[1:] = ordered[1:] != ordered[:-1]
    bucket_start = np.append(np.flatnonzero(new), made).astype(np.int64)
    bucket_sorted = np.cumsum(new) - 1
    bucket = np.empty(made, dtype=np.int32)
    bucket[order] = bucket_sorted
    ranks = np.empty(made, dtype=np.int32)
    ranks[order] = np.arange(made) - bucket_start[bucket_sorted]
    seeds_of = np.searchsorted(seed_unit, np.arange(len(starts) + 1)).astype(np.int64)
    out = np.empty((len(starts) * hosts + 1, 2), dtype=np.int32)
    found = list_candidates(
        bucket, seeds_of, bucket_start, seed_unit[order], ranks, len(starts), near, hosts, out
    )
    return out[:found]
