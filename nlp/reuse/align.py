"""Two units → what they share: local alignments, best first, in any order.

Each alignment is the best one (Smith and Waterman) of what earlier ones left, so moved
clauses are found as well as edited ones.  Characters count by their weight: stock wording
little, slots next to nothing, all else fully; a difference costs the same everywhere, so
runs of stock wording do not carry an alignment.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nlp.reuse.compiled import compiled
from nlp.reuse.phrases import Codes

# Weight units: a full character is 20 (see weights.py).
MISMATCH = 13
GAP = 10
BLOCKS = 6
# Columns of a result row.
COVERED_A, COVERED_B, BEST, START_A, END_A, START_B, END_B, PARTS, ORDERED, RUN = range(10)
COLUMNS = 10


@compiled
def shared_bigrams(
    codes: Codes, weights: NDArray[np.uint8], a0: int, a1: int, b0: int, b1: int,
    table: NDArray[np.int32], stamp: int,
) -> int:  # fmt: skip
    """Give the weight of characters in pairs of characters that both have (a quick bound)."""
    size = len(table) - 1
    for i in range(a0, a1 - 1):
        table[(codes[i] * np.uint32(40503) + codes[i + 1] * np.uint32(2654435)) & size] = stamp
    total = 0
    last = -1
    for j in range(b0, b1 - 1):
        if table[(codes[j] * np.uint32(40503) + codes[j + 1] * np.uint32(2654435)) & size] == stamp:
            if last != j:
                total += weights[j]
            total += weights[j + 1]
            last = j + 1
    return total


@compiled
def align_units(
    codes: Codes,
    weights: NDArray[np.uint8],
    a0: int,
    a1: int,
    b0: int,
    b1: int,
    least: int,
    table: NDArray[np.int32],
    steps: NDArray[np.uint8],
    used_a: NDArray[np.int32],
    used_b: NDArray[np.uint8],
    row: NDArray[np.int64],
) -> None:
    """Align one pair of units and fill in its result row.

    ``used_a[i]`` becomes 1 + the position in b that character i of a is matched with.
    Alignments that score less than ``least`` are not kept.
    """
    na = a1 - a0
    nb = b1 - b0
    for i in range(na):
        used_a[i] = 0
    for j in range(nb):
        used_b[j] = 0
    for c in range(COLUMNS):
        row[c] = 0
    row[START_A] = na
    row[START_B] = nb
    last_a = -1
    last_b = -1
    ordered = 1
    for block in range(BLOCKS):
        for j in range(nb + 1):
            table[j] = 0
        best = 0
        best_i = 0
        best_j = 0
        for i in range(1, na + 1):
            diagonal = 0
            free = used_a[i - 1] == 0
            code = codes[a0 + i - 1]
            weight = int(weights[a0 + i - 1])
            base = i * (nb + 1)
            left = 0
            for j in range(1, nb + 1):
                up = int(table[j])
                if free and used_b[j - 1] == 0:
                    if codes[b0 + j - 1] == code:
                        value = diagonal + min(weight, int(weights[b0 + j - 1]))
                    else:
                        value = diagonal - MISMATCH
                    step = 1
                else:
                    value = -1
                    step = 0
                if up - GAP > value:
                    value = up - GAP
                    step = 2
                if left - GAP > value:
                    value = left - GAP
                    step = 3
                if value <= 0:
                    value = 0
                    step = 0
                diagonal = up
                table[j] = value
                left = value
                steps[base + j] = step
                if value > best:
                    best = value
                    best_i = i
                    best_j = j
        if best < least:
            break
        i = best_i
        j = best_j
        end_a = i
        end_b = j
        first_a = i
        first_b = j
        run = 0
        while i > 0 and j > 0:
            step = steps[i * (nb + 1) + j]
            if step == 0:
                break
            if step == 1:
                i -= 1
                j -= 1
                if codes[a0 + i] == codes[b0 + j]:
                    used_a[i] = j + 1
                    used_b[j] = 1
                    row[COVERED_A] += weights[a0 + i]
                    row[COVERED_B] += min(weights[a0 + i], weights[b0 + j])
                    run += weights[a0 + i]
                    row[RUN] = max(row[RUN], run)
                    first_a = i
                    first_b = j
                else:
                    run = 0
            elif step == 2:
                i -= 1
                run = 0
            else:
                j -= 1
                run = 0
        row[BEST] = max(row[BEST], best)
        row[PARTS] += 1
        if block and not (
            (first_a >= last_a and first_b >= last_b)
            or (end_a <= row[START_A] and end_b <= row[START_B])
        ):
            ordered = 0
        row[START_A] = min(row[START_A], first_a)
        row[START_B] = min(row[START_B], first_b)
        row[END_A] = max(row[END_A], end_a)
        row[END_B] = max(row[END_B], end_b)
        last_a = row[END_A]
        last_b = row[END_B]
        # What is left cannot hold another alignment.
        rest = 0
        for i in range(na):
            if used_a[i] == 0:
                rest += weights[a0 + i]
        if rest < least:
            break
        rest = 0
        for j in range(nb):
            if used_b[j] == 0:
                rest += weights[b0 + j]
        if rest < least:
            break
    row[ORDERED] = ordered


@compiled
def align_pairs(
    codes: Codes,
    weights: NDArray[np.uint8],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    pairs: NDArray[np.int32],
    least: int,
    bound: int,
) -> NDArray[np.int64]:
    """Align every pair of units; one result row a pair, zeros where a bound rules it out."""
    longest = 1
    for u in range(len(start)):
        longest = max(longest, end[u] - start[u])
    table = np.zeros(longest + 2, dtype=np.int32)
    steps = np.zeros((longest + 1) * (longest + 1), dtype=np.uint8)
    used_a = np.zeros(longest + 1, dtype=np.int32)
    used_b = np.zeros(longest + 1, dtype=np.uint8)
    marks = np.zeros(1024, dtype=np.int32)
    out = np.zeros((len(pairs), COLUMNS), dtype=np.int64)
    for p in range(len(pairs)):
        a = pairs[p, 0]
        b = pairs[p, 1]
        if shared_bigrams(codes, weights, start[a], end[a], start[b], end[b], marks, p + 1) < bound:
            continue
        align_units(
            codes, weights, start[a], end[a], start[b], end[b],
            least, table, steps, used_a, used_b, out[p],
        )  # fmt: skip
    return out
