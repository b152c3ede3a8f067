"""Raw characters → folded and masked ones, text by text, in one compiled pass.

A text is masked in place: every step only looks ahead and only makes the text shorter.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nlp.reuse.compiled import compiled
from nlp.reuse.naming import FIRST, LEAVE
from nlp.reuse.phrases import Codes, step
from nlp.reuse.rules import BEFORE, BMP, DROP, NAME, try_rule

CLAUSE, SENTENCE = 1, 2


@compiled
def _replace(
    codes: Codes,
    starts: NDArray[np.int32],
    ends: NDArray[np.int32],
    breaks: NDArray[np.uint8],
    w: int,
    i: int,
    j: int,
    slot: int,
) -> None:
    mark = breaks[i]
    for k in range(i + 1, j):
        mark = max(mark, breaks[k])
    codes[w] = slot
    starts[w] = starts[i]
    ends[w] = ends[j - 1]
    breaks[w] = mark


@compiled
def _mask_names(
    codes: Codes,
    starts: NDArray[np.int32],
    ends: NDArray[np.int32],
    breaks: NDArray[np.uint8],
    low: int,
    end: int,
    keys: NDArray[np.int64],
    nodes: NDArray[np.int32],
    marks: NDArray[np.uint8],
    roots: NDArray[np.int32],
) -> int:
    w = low
    i = low
    while i < end:
        best = i
        mark = 0
        node = roots[codes[i]] if codes[i] < BMP else 0
        j = i + 1
        while node:
            if marks[node]:
                best = j
                mark = int(marks[node])
            node = step(keys, nodes, node, codes[j]) if j < end else 0
            j += 1
        stop = i + 1 if mark == FIRST else best
        if mark and mark != LEAVE:
            _replace(codes, starts, ends, breaks, w, i, stop, NAME)
            w += 1
            i = stop
        best = max(best, i + 1) if mark == LEAVE or not mark else best
        while i < best:
            if w != i:
                codes[w] = codes[i]
                starts[w] = starts[i]
                ends[w] = ends[i]
                breaks[w] = breaks[i]
            w += 1
            i += 1
    return w


@compiled
def _apply_rule(
    rule: int,
    slot: int,
    codes: Codes,
    starts: NDArray[np.int32],
    ends: NDArray[np.int32],
    breaks: NDArray[np.uint8],
    low: int,
    end: int,
    classes: NDArray[np.uint16],
    rules: NDArray[np.uint16],
) -> int:
    bit = 1 << rule
    bound = rule == 6 or rule == 11  # must stand after a mark, which a match uses up
    w = low
    i = low
    used = -1
    before = True
    while i < end:
        c = codes[i]
        j = -1
        if c < BMP:
            if rules[c] & bit and (not bound or (before and i - 1 >= used)):
                j = try_rule(rule, codes, i, end, classes)
            before = (classes[c] & BEFORE) != 0
        else:
            before = False
        if j > i:
            last = codes[j - 1]
            before = last < BMP and (classes[last] & BEFORE) != 0
            _replace(codes, starts, ends, breaks, w, i, j, slot)
            used = j
            i = j
        else:
            if w != i:
                codes[w] = c
                starts[w] = starts[i]
                ends[w] = ends[i]
                breaks[w] = breaks[i]
            i += 1
        w += 1
    return w


@compiled
def scan_texts(
    raw: Codes,
    heads: NDArray[np.int64],
    fold: NDArray[np.uint32],
    kinds: NDArray[np.uint8],
    classes: NDArray[np.uint16],
    rules: NDArray[np.uint16],
    slots: Codes,
    titles: bool,
    keys_a: NDArray[np.int64],
    nodes_a: NDArray[np.int32],
    marks_a: NDArray[np.uint8],
    roots_a: NDArray[np.int32],
    keys_b: NDArray[np.int64],
    nodes_b: NDArray[np.int32],
    marks_b: NDArray[np.uint8],
    roots_b: NDArray[np.int32],
    codes: Codes,
    starts: NDArray[np.int32],
    ends: NDArray[np.int32],
    breaks: NDArray[np.uint8],
    pointers: NDArray[np.int64],
) -> int:
    low = 0
    for t in range(len(heads) - 1):
        pointers[t] = low
        end = low
        seen = 0
        for p in range(heads[t], heads[t + 1]):
            c = raw[p]
            f = fold[c]
            if f == DROP:
                # A line break is a clause's end at least: headings carry no mark.
                if c == 10 and end > low:
                    breaks[end - 1] = CLAUSE
                continue
            codes[end] = f
            starts[end] = p - heads[t]
            ends[end] = p - heads[t] + 1
            breaks[end] = 0
            if f < BMP:
                seen |= rules[f]
            end += 1
        end = _mask_names(codes, starts, ends, breaks, low, end, keys_a, nodes_a, marks_a, roots_a)
        end = _mask_names(codes, starts, ends, breaks, low, end, keys_b, nodes_b, marks_b, roots_b)
        for rule in range(len(slots)):
            if seen & (1 << rule) and (rule or titles):
                end = _apply_rule(
                    rule, slots[rule], codes, starts, ends, breaks, low, end, classes, rules
                )
        # Marks go; a mark belongs to the last character kept before it, the strongest counts.
        w = low
        for i in range(low, end):
            c = codes[i]
            kind = kinds[c]
            if kind:
                mark = breaks[i] if kind == 3 else max(kind, breaks[i])
                if w > low:
                    breaks[w - 1] = max(breaks[w - 1], mark)
            elif c == NAME and w > low and codes[w - 1] == NAME and breaks[w - 1] == 0:
                # 白芷县 + 教育局 written as two names is one slot.
                ends[w - 1] = ends[i]
                breaks[w - 1] = breaks[i]
            else:
                codes[w] = c
                starts[w] = starts[i]
                ends[w] = ends[i]
                breaks[w] = breaks[i]
                w += 1
        if w > low:
            breaks[w - 1] = SENTENCE
        low = w
    pointers[len(heads) - 1] = low
    return low
