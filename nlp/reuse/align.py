"""Two units → what they share: chains of common runs, best first, in any order.

Common runs of two and more characters are chained into local alignments (as Smith and
Waterman would, but over runs, not over all cells); each alignment is the best one of what
earlier ones left, so moved clauses are found as well as edited ones.  Characters count by
their weight: stock wording little, slots next to nothing, all else fully; a difference
costs the same everywhere, so runs of stock wording do not carry an alignment.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nlp.reuse.compiled import compiled
from nlp.reuse.phrases import Codes
from nlp.reuse.workers import in_parts

# Weight units: a full character is 20 (see wording.py).
MISMATCH = 11
GAP = 9
BLOCKS = 6
# Columns of a result row.
COVERED_A, COVERED_B, BEST, START_A, END_A, START_B, END_B, PARTS, ORDERED = range(9)
COLUMNS = 9
_RUNS = 512
_TABLE = 1024


@compiled
def _hash_pair(first: int, second: int) -> int:
    return (first * 40503 + second * 2654435) & (_TABLE - 1)


@compiled
def _list_runs(
    codes: Codes,
    a0: int,
    a1: int,
    b0: int,
    b1: int,
    heads: NDArray[np.int32],
    links: NDArray[np.int32],
    runs: NDArray[np.int32],
) -> int:
    """List the longest common runs of two and more characters: (start in a, in b, length)."""
    for j in range(b1 - b0 - 1):
        heads[_hash_pair(codes[b0 + j], codes[b0 + j + 1])] = -1
    for i in range(a1 - a0 - 1):
        heads[_hash_pair(codes[a0 + i], codes[a0 + i + 1])] = -1
    for back in range(b1 - b0 - 1):
        j = b1 - b0 - 2 - back
        h = _hash_pair(codes[b0 + j], codes[b0 + j + 1])
        links[j] = heads[h]
        heads[h] = j
    found = 0
    for i in range(a1 - a0 - 1):
        x = codes[a0 + i]
        y = codes[a0 + i + 1]
        j = heads[_hash_pair(x, y)]
        while j >= 0:
            if (
                codes[b0 + j] == x
                and codes[b0 + j + 1] == y
                and not (i > 0 and j > 0 and codes[a0 + i - 1] == codes[b0 + j - 1])
            ):
                length = 2
                while (
                    a0 + i + length < a1
                    and b0 + j + length < b1
                    and codes[a0 + i + length] == codes[b0 + j + length]
                ):
                    length += 1
                if found < _RUNS:
                    runs[found, 0] = i
                    runs[found, 1] = j
                    runs[found, 2] = length
                    found += 1
            j = links[j]
    return found


@compiled
def _trim_runs(
    runs: NDArray[np.int32],
    count: int,
    used_a: NDArray[np.uint8],
    used_b: NDArray[np.uint8],
) -> int:
    """Keep of each run the longest part that no alignment has used."""
    kept = 0
    for r in range(count):
        best = 0
        best_at = 0
        length = 0
        for k in range(runs[r, 2]):
            if used_a[runs[r, 0] + k] or used_b[runs[r, 1] + k]:
                length = 0
                continue
            length += 1
            if length > best:
                best = length
                best_at = k + 1 - length
        if best >= 2:
            i = runs[r, 0] + best_at
            j = runs[r, 1] + best_at
            # Runs stay in the order of a: insertion, for a trimmed run may move on.
            at = kept
            while at > 0 and runs[at - 1, 0] > i:
                runs[at, 0] = runs[at - 1, 0]
                runs[at, 1] = runs[at - 1, 1]
                runs[at, 2] = runs[at - 1, 2]
                at -= 1
            runs[at, 0] = i
            runs[at, 1] = j
            runs[at, 2] = best
            kept += 1
    return kept


@compiled
def _chain_runs(
    runs: NDArray[np.int32],
    count: int,
    sums_a: NDArray[np.int32],
    sums_b: NDArray[np.int32],
    scores: NDArray[np.int32],
    back: NDArray[np.int32],
) -> int:
    """Give the last run of the best chain; ``back`` leads to the runs before it."""
    best = -1
    for r in range(count):
        i = runs[r, 0]
        j = runs[r, 1]
        length = runs[r, 2]
        own = min(sums_a[i + length] - sums_a[i], sums_b[j + length] - sums_b[j])
        score = own
        back[r] = -1
        for q in range(r):
            if scores[q] <= 0:
                continue
            gap_a = i - runs[q, 0] - runs[q, 2]
            gap_b = j - runs[q, 1] - runs[q, 2]
            cut = max(0, max(-gap_a, -gap_b))
            if cut >= length:
                continue
            gain = own
            if cut:
                gain = min(
                    sums_a[i + length] - sums_a[i + cut], sums_b[j + length] - sums_b[j + cut]
                )
            gap_a += cut
            gap_b += cut
            both = min(gap_a, gap_b)
            value = scores[q] + gain - both * MISMATCH - (max(gap_a, gap_b) - both) * GAP
            if value > score:
                score = value
                back[r] = q
        scores[r] = score
        if best < 0 or score > scores[best]:
            best = r
    return best


@compiled
def align_units(
    codes: Codes,
    weights: NDArray[np.uint8],
    a0: int,
    a1: int,
    b0: int,
    b1: int,
    least: int,
    bound: int,
    work: NDArray[np.int32],
    runs: NDArray[np.int32],
    used: NDArray[np.uint8],
    row: NDArray[np.int32],
) -> None:
    """Align one pair of units and fill in its result row.

    Alignments that score less than ``least`` are not kept; nothing is looked for where
    all common runs together weigh less than ``bound``.  ``work`` has five rows of room.
    """
    na = a1 - a0
    nb = b1 - b0
    for c in range(COLUMNS):
        row[c] = 0
    count = _list_runs(codes, a0, a1, b0, b1, work[0], work[1], runs)
    sums_a, sums_b, scores, back = work[1], work[2], work[3], work[4]
    used_a, used_b = used[0], used[1]
    sums_a[0] = 0
    for i in range(na):
        sums_a[i + 1] = sums_a[i] + weights[a0 + i]
        used_a[i] = 0
    sums_b[0] = 0
    for j in range(nb):
        sums_b[j + 1] = sums_b[j] + weights[b0 + j]
        used_b[j] = 0
    total = 0
    for r in range(count):
        total += sums_a[runs[r, 0] + runs[r, 2]] - sums_a[runs[r, 0]]
    if total < bound:
        return
    row[START_A] = na
    row[START_B] = nb
    ordered = 1
    for block in range(BLOCKS):
        if block:
            count = _trim_runs(runs, count, used_a, used_b)
        if count == 0:
            break
        r = _chain_runs(runs, count, sums_a, sums_b, scores, back)
        best = scores[r]
        if best < least:
            break
        end_a = runs[r, 0] + runs[r, 2]
        end_b = runs[r, 1] + runs[r, 2]
        next_a = end_a
        next_b = end_b
        # A passage begins and ends with wording that counts, not with mandated words.
        first_a = end_a
        first_b = end_b
        last_a = 0
        last_b = 0
        while r >= 0:
            i = runs[r, 0]
            j = runs[r, 1]
            length = runs[r, 2]
            # Between runs that are as far apart on both sides, lone characters may agree.
            if next_a - i - length == next_b - j - length:
                length = next_a - i
            q = back[r]
            cut = 0
            if q >= 0:
                cut = max(0, max(runs[q, 0] + runs[q, 2] - i, runs[q, 1] + runs[q, 2] - j))
            for k in range(cut, length):
                if codes[a0 + i + k] == codes[b0 + j + k]:
                    used_a[i + k] = 1
                    used_b[j + k] = 1
                    row[COVERED_A] += weights[a0 + i + k]
                    row[COVERED_B] += weights[b0 + j + k]
                    if weights[a0 + i + k] and weights[b0 + j + k]:
                        first_a = min(first_a, i + k)
                        first_b = min(first_b, j + k)
                        last_a = max(last_a, i + k + 1)
                        last_b = max(last_b, j + k + 1)
            next_a = i + cut
            next_b = j + cut
            r = q
        end_a = last_a
        end_b = last_b
        row[BEST] = max(row[BEST], best)
        row[PARTS] += 1
        if block and not (
            (first_a >= row[END_A] and first_b >= row[END_B])
            or (end_a <= row[START_A] and end_b <= row[START_B])
        ):
            ordered = 0
        row[START_A] = min(row[START_A], first_a)
        row[START_B] = min(row[START_B], first_b)
        row[END_A] = max(row[END_A], end_a)
        row[END_B] = max(row[END_B], end_b)
    row[ORDERED] = ordered
    if row[PARTS] == 0:
        row[START_A] = 0
        row[START_B] = 0


@compiled
def _align_part(
    codes: Codes,
    weights: NDArray[np.uint8],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    pairs: NDArray[np.int32],
    first: int,
    last: int,
    least: int,
    bound: int,
    out: NDArray[np.int32],
) -> None:
    longest = _TABLE
    for p in range(first, last):
        for side in range(2):
            u = pairs[p, side]
            longest = max(longest, end[u] - start[u])
    work = np.zeros((5, longest + 1), dtype=np.int32)
    runs = np.zeros((_RUNS, 3), dtype=np.int32)
    used = np.zeros((2, longest + 1), dtype=np.uint8)
    for p in range(first, last):
        a = pairs[p, 0]
        b = pairs[p, 1]
        align_units(
            codes, weights, start[a], end[a], start[b], end[b],
            least, bound, work, runs, used, out[p],
        )  # fmt: skip


def align_pairs(
    codes: Codes,
    weights: NDArray[np.uint8],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    pairs: NDArray[np.int32],
    least: int,
    bound: int,
) -> NDArray[np.int32]:
    """Align every pair of units; one result row a pair, zeros where nothing is kept."""
    out = np.zeros((len(pairs), COLUMNS), dtype=np.int32)
    in_parts(
        len(pairs),
        lambda first, last: _align_part(
            codes, weights, start, end, pairs, first, last, least, bound, out
        ),
    )
    return out
