"""Units → collapsed exact copies → pairs of units to align."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.reuse.mask import MaskedTexts
from nlp.reuse.seeds import (
    fill_buckets,
    hash_units,
    keep_shared,
    list_candidates,
    sort_hashes,
    winnow,
)
from nlp.reuse.units import Units
from nlp.reuse.workers import in_parts


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
    if not len(units):
        return np.zeros(0, dtype=np.int64)
    # Units follow each other without a gap.
    total: NDArray[np.int64] = np.add.reduceat(weights, units.starts, dtype=np.int64)
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
    units = len(starts)

    def list_seeds(first: int, last: int) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
        room = int((ends[first:last] - starts[first:last]).sum()) + 1
        hashes, owners = np.empty(room, dtype=np.uint64), np.empty(room, dtype=np.int32)
        made = winnow(
            masked.codes, weights, starts, ends, first, last, size, window, least, hashes, owners
        )
        return hashes[:made].copy(), owners[:made].copy()

    parts = in_parts(units, list_seeds)
    seed_hash = np.concatenate([p[0] for p in parts])
    seed_unit = np.concatenate([p[1] for p in parts])
    del parts
    kept = keep_shared(seed_hash, seed_unit)
    seed_hash, seed_unit = seed_hash[:kept].copy(), seed_unit[:kept].copy()
    if not kept:
        return np.zeros((0, 2), dtype=np.int32)
    ranked, bits = sort_hashes(seed_hash)
    del seed_hash
    bucket = np.empty(kept, dtype=np.int32)
    holders = np.empty(kept, dtype=np.int32)
    bucket_start = np.empty(kept + 1, dtype=np.int32)
    buckets = fill_buckets(ranked, bits, seed_unit, bucket, bucket_start, holders)
    del ranked
    bucket_start = bucket_start[: buckets + 1].copy()
    seeds_of = np.searchsorted(seed_unit, np.arange(units + 1)).astype(np.int64)

    def list_hosts(first: int, last: int) -> NDArray[np.int32]:
        out = np.empty(((last - first) * hosts + 1, 2), dtype=np.int32)
        score = np.zeros(last, dtype=np.float32)
        found = list_candidates(
            bucket, seeds_of, bucket_start, holders, first, last, near, hosts, score, out
        )
        return out[:found].copy()

    return np.concatenate(in_parts(units, list_hosts))
