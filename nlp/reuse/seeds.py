"""Units → candidates: which units share enough rare seeds to be worth aligning.

Seeds are the hashes of short runs of characters, thinned by winnowing; a table of seeds
takes the place of comparing all pairs.  A seed that very many different units hold says
nothing of copying and would cost most, so each unit looks at a bounded number of holders.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nlp.reuse.compiled import compiled
from nlp.reuse.phrases import Codes


@compiled
def hash_units(
    codes: Codes, unit_start: NDArray[np.int64], unit_end: NDArray[np.int64]
) -> NDArray[np.uint64]:
    """Give one 64-bit hash a unit: equal for exact copies after masking."""
    out = np.zeros(len(unit_start), dtype=np.uint64)
    for u in range(len(unit_start)):
        h = np.uint64(1469598103934665603)
        for i in range(unit_start[u], unit_end[u]):
            h = (h ^ np.uint64(codes[i])) * np.uint64(1099511628211)
            h ^= h >> np.uint64(29)
        out[u] = h
    return out


@compiled
def winnow(
    codes: Codes,
    weights: NDArray[np.uint8],
    unit_start: NDArray[np.int64],
    unit_end: NDArray[np.int64],
    size: int,
    window: int,
    least: int,
    seed_hash: NDArray[np.uint64],
    seed_unit: NDArray[np.int32],
) -> int:
    """Fill in the seeds of all units and give their number.

    A seed needs ``least`` of weight: runs of stock wording or of slots alone are none.
    """
    made = 0
    for u in range(len(unit_start)):
        first = unit_start[u]
        count = unit_end[u] - first - size + 1
        last = -1
        for w in range(max(1, count - window + 1)):
            best = np.uint64(0xFFFFFFFFFFFFFFFF)
            where = -1
            for p in range(w, min(w + window, count)):
                h = np.uint64(1469598103934665603)
                weight = 0
                for i in range(first + p, first + p + size):
                    h = (h ^ np.uint64(codes[i])) * np.uint64(1099511628211)
                    weight += weights[i]
                if weight < least:
                    continue
                h ^= h >> np.uint64(31)
                h *= np.uint64(0x9E3779B97F4A7C15)
                h ^= h >> np.uint64(33)
                if h < best:
                    best = h
                    where = p
            if where >= 0 and where != last:
                seed_hash[made] = best
                seed_unit[made] = u
                made += 1
                last = where
    return made


@compiled
def list_candidates(
    bucket_of: NDArray[np.int32],
    seeds_of: NDArray[np.int64],
    bucket_start: NDArray[np.int64],
    holders: NDArray[np.int32],
    ranks: NDArray[np.int32],
    units: int,
    near: int,
    hosts: int,
    out: NDArray[np.int32],
) -> int:
    """List (earlier unit, later unit) for alignment, at most ``hosts`` a unit.

    ``bucket_of[seeds_of[u]:seeds_of[u + 1]]`` are the buckets of unit u's seeds, ``ranks``
    its place in each.  Of a bucket, a unit looks at the ``near`` holders before it and at
    the first ``near``; shared seeds count by their rarity.
    """
    score = np.zeros(units, dtype=np.float32)
    touched = np.zeros(units, dtype=np.int32)
    made = 0
    for u in range(units):
        n = 0
        for s in range(seeds_of[u], seeds_of[u + 1]):
            b = bucket_of[s]
            size = bucket_start[b + 1] - bucket_start[b]
            if size < 2:
                continue
            gain = np.float32(1.0 / (1.0 + 0.15 * np.log2(size)))
            rank = ranks[s]
            base = bucket_start[b]
            low = max(0, rank - near)
            for r in range(low, rank):
                v = holders[base + r]
                if v == u:
                    continue
                if score[v] == 0:
                    touched[n] = v
                    n += 1
                score[v] += gain
            for r in range(min(near, low)):
                v = holders[base + r]
                if v == u:
                    continue
                if score[v] == 0:
                    touched[n] = v
                    n += 1
                score[v] += gain
        # The best hosts, the earlier one first where scores are equal.
        for _ in range(min(hosts, n)):
            best = -1
            for t in range(n):
                v = touched[t]
                if score[v] > 0 and (
                    best < 0 or score[v] > score[best] or (score[v] == score[best] and v < best)
                ):
                    best = v
            if best < 0:
                break
            out[made, 0] = best
            out[made, 1] = u
            made += 1
            score[best] = -1
        for t in range(n):
            score[touched[t]] = 0
    return made
