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
    first_unit: int,
    last_unit: int,
    size: int,
    window: int,
    least: int,
    seed_hash: NDArray[np.uint64],
    seed_unit: NDArray[np.int32],
) -> int:
    """Fill in the seeds of units ``[first_unit, last_unit)`` and give their number.

    A seed needs ``least`` of weight: runs of stock wording or of slots alone are none.
    """
    none = np.uint64(0xFFFFFFFFFFFFFFFF)
    made = 0
    longest = 1
    for u in range(first_unit, last_unit):
        longest = max(longest, unit_end[u] - unit_start[u])
    hashes = np.empty(longest, dtype=np.uint64)
    for u in range(first_unit, last_unit):
        first = unit_start[u]
        count = unit_end[u] - first - size + 1
        for p in range(count):
            h = np.uint64(1469598103934665603)
            weight = 0
            for i in range(first + p, first + p + size):
                h = (h ^ np.uint64(codes[i])) * np.uint64(1099511628211)
                weight += weights[i]
            h ^= h >> np.uint64(31)
            h *= np.uint64(0x9E3779B97F4A7C15)
            h ^= h >> np.uint64(33)
            hashes[p] = h if weight >= least else none
        last = -1
        for w in range(max(1, count - window + 1)):
            best = none
            where = -1
            for p in range(w, min(w + window, count)):
                if hashes[p] < best:
                    best = hashes[p]
                    where = p
            if where >= 0 and where != last:
                seed_hash[made] = best
                seed_unit[made] = u
                made += 1
                last = where
    return made


@compiled
def keep_shared(seed_hash: NDArray[np.uint64], seed_unit: NDArray[np.int32]) -> int:
    """Move the seeds that others hold as well to the front; give their number.

    Most seeds stand alone and would only burden the sorting.  Some of these may stay:
    seeds are counted in cells of a table.
    """
    bits = 16
    while (1 << bits) < 4 * len(seed_hash) and bits < 27:
        bits += 1
    mask = np.uint64((1 << bits) - 1)
    seen = np.zeros(1 << bits, dtype=np.uint8)
    for s in range(len(seed_hash)):
        cell = seed_hash[s] & mask
        if seen[cell] < 2:
            seen[cell] += 1
    kept = 0
    for s in range(len(seed_hash)):
        if seen[seed_hash[s] & mask] > 1:
            seed_hash[kept] = seed_hash[s]
            seed_unit[kept] = seed_unit[s]
            kept += 1
    return kept


def sort_hashes(hashes: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], int]:
    """Sort hashes with their places: one number each, the place in the lowest bits.

    Returns
    -------
    ranked : array of uint64
        ``ranked & (2 ** bits - 1)`` is the place, what is above it the hash's upper part;
        equal hashes stand in the order of their places.  Sorting numbers is several times
        faster than sorting places by numbers, and the few hashes that only agree in their
        upper part bring candidates that are looked at in vain.
    bits : int
    """
    bits = max(1, (len(hashes) - 1).bit_length())
    ranked = hashes & ~np.uint64((1 << bits) - 1)
    ranked |= np.arange(len(hashes), dtype=np.uint64)
    ranked.sort()
    return ranked, bits


@compiled
def fill_buckets(
    ranked: NDArray[np.uint64],
    bits: int,
    seed_unit: NDArray[np.int32],
    bucket: NDArray[np.int32],
    starts: NDArray[np.int32],
    holders: NDArray[np.int32],
) -> int:
    """Put seeds that are the same in one bucket; give the number of buckets.

    A seed that stands alone is in bucket -1.
    """
    mask = np.uint64((1 << bits) - 1)
    made = 0
    filled = 0
    i = 0
    while i < len(ranked):
        h = ranked[i] & ~mask
        j = i + 1
        while j < len(ranked) and ranked[j] & ~mask == h:
            j += 1
        if j - i == 1:
            bucket[np.int64(ranked[i] & mask)] = -1
        else:
            starts[made] = filled
            for k in range(i, j):
                s = np.int64(ranked[k] & mask)
                bucket[s] = made
                holders[filled] = seed_unit[s]
                filled += 1
            made += 1
        i = j
    starts[made] = filled
    return made


@compiled
def list_candidates(
    bucket_of: NDArray[np.int32],
    seeds_of: NDArray[np.int64],
    bucket_start: NDArray[np.int32],
    holders: NDArray[np.int32],
    first: int,
    last: int,
    near: int,
    hosts: int,
    score: NDArray[np.float32],
    out: NDArray[np.int32],
) -> int:
    """List (earlier unit, later unit) for alignment, at most ``hosts`` for each later one.

    ``bucket_of[seeds_of[u]:seeds_of[u + 1]]`` are the buckets of unit u's seeds.  Of a
    bucket, a unit looks at the ``near`` holders before it and at the first ``near``;
    shared seeds count by their rarity.  ``score`` is room for a number a unit, all 0.
    """
    touched = np.zeros(len(score), dtype=np.int32)
    gains = np.zeros(1024, dtype=np.float32)
    for size in range(1, len(gains)):
        gains[size] = 1.0 / (1.0 + 0.15 * np.log2(size))
    made = 0
    for u in range(first, last):
        n = 0
        for s in range(seeds_of[u], seeds_of[u + 1]):
            b = bucket_of[s]
            if b < 0:
                continue
            base = bucket_start[b]
            size = bucket_start[b + 1] - base
            gain = gains[min(size, len(gains) - 1)]
            # Holders stand in order: halve the way to this unit.
            low = base
            high = bucket_start[b + 1]
            while low < high:
                middle = (low + high) // 2
                if holders[middle] < u:
                    low = middle + 1
                else:
                    high = middle
            begin = max(base, low - near)
            for r in range(begin, low):
                v = holders[r]
                if score[v] == 0:
                    touched[n] = v
                    n += 1
                score[v] += gain
            for r in range(base, min(base + near, begin)):
                v = holders[r]
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
