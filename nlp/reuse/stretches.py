"""Matched wordings → matched stretches of texts, in offsets of the texts as given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nlp.reuse.align import COVERED_A, END_A, END_B, ORDERED, PARTS, START_A, START_B
from nlp.reuse.compiled import compiled
from nlp.reuse.match import Matches
from nlp.reuse.phrases import Codes, encode

KINDS = ("exact", "masked", "edited", "reordered", "partial")
_EXACT, _MASKED, _EDITED, _REORDERED, _PARTIAL = range(5)
# Neighbouring matches with no more characters than this between them are one passage.
BETWEEN = 40
# So many units are looked at at a time.
_SPELLED = 100_000


class Stretches(NamedTuple):
    """Matched stretches of texts ``a`` and ``b`` (their numbers, a < b), one array a column."""

    a: NDArray[np.int32]
    b: NDArray[np.int32]
    a_start: NDArray[np.int32]
    a_end: NDArray[np.int32]
    b_start: NDArray[np.int32]
    b_end: NDArray[np.int32]
    scores: NDArray[np.float64]
    weights: NDArray[np.int64]
    kinds: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class _Columns:
    """Pairs of units: who, and the range of masked characters in each."""

    texts_a: NDArray[np.int32]
    texts_b: NDArray[np.int32]
    starts_a: NDArray[np.int64]
    ends_a: NDArray[np.int64]
    starts_b: NDArray[np.int64]
    ends_b: NDArray[np.int64]
    scores: NDArray[np.float64]
    weights: NDArray[np.int64]
    kinds: NDArray[np.uint8]


@compiled
def _pair_copies(
    pointers: NDArray[np.int64], copies: NDArray[np.int64], out: NDArray[np.int64]
) -> int:
    made = 0
    for w in range(len(pointers) - 1):
        for i in range(pointers[w], pointers[w + 1]):
            for j in range(i + 1, pointers[w + 1]):
                out[made, 0] = copies[i]
                out[made, 1] = copies[j]
                made += 1
    return made


@compiled
def _hash_spellings(
    raw: Codes,
    heads: NDArray[np.int64],
    texts: NDArray[np.int64],
    starts: NDArray[np.int32],
    ends: NDArray[np.int32],
    out: NDArray[np.uint64],
) -> None:
    for n in range(len(starts)):
        h = np.uint64(1469598103934665603)
        for i in range(heads[texts[n]] + starts[n], heads[texts[n]] + ends[n]):
            h = (h ^ np.uint64(raw[i])) * np.uint64(1099511628211)
            h ^= h >> np.uint64(29)
        out[n] = h


def _spell(m: Matches, texts: Sequence[str], units: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Give a hash of what each unit (in order) looks like as given, marks and names and all."""
    starts = m.masked.starts[m.units.starts[units]]
    ends = m.masked.ends[m.units.ends[units] - 1]
    owners = m.units.texts[units]
    out = np.zeros(len(units), dtype=np.uint64)
    for low in range(0, len(units), _SPELLED):
        part = slice(low, low + _SPELLED)
        held, places = np.unique(owners[part], return_inverse=True)
        raws = [texts[t] for t in held.tolist()]
        heads = np.cumsum([0, *map(len, raws)], dtype=np.int64)
        raw = encode("".join(raws))
        _hash_spellings(raw, heads, places, starts[part], ends[part], out[part])
    return out


def _same_wording(m: Matches, texts: Sequence[str]) -> _Columns:
    """Pair the units of each wording with each other."""
    counts = np.diff(m.collapsed.pointers)
    pairs = np.empty((int((counts * (counts - 1) // 2).sum()), 2), dtype=np.int64)
    _pair_copies(m.collapsed.pointers, m.collapsed.units, pairs)
    a, b = pairs[:, 0], pairs[:, 1]
    again = np.sort(m.collapsed.units[np.repeat(counts > 1, counts)])
    spelled = np.zeros(len(m.units), dtype=np.uint64)
    spelled[again] = _spell(m, texts, again)
    kinds = np.where(spelled[a] == spelled[b], _EXACT, _MASKED).astype(np.uint8)
    return _Columns(
        m.units.texts[a].astype(np.int32), m.units.texts[b].astype(np.int32),
        m.units.starts[a], m.units.ends[a], m.units.starts[b], m.units.ends[b],
        np.ones(len(a)), m.totals[a], kinds,
    )  # fmt: skip


def _like_wordings(m: Matches) -> _Columns:
    """Pair the units of wordings that match."""
    wa, wb = m.pairs[:, 0].astype(np.int64), m.pairs[:, 1].astype(np.int64)
    count_a = np.diff(m.collapsed.pointers)[wa]
    count_b = np.diff(m.collapsed.pointers)[wb]
    size = count_a * count_b
    edge = np.repeat(np.arange(len(wa)), size)
    within = np.arange(len(edge)) - np.repeat(np.cumsum(size) - size, size)
    a = m.collapsed.units[m.collapsed.pointers[wa][edge] + within // count_b[edge]]
    b = m.collapsed.units[m.collapsed.pointers[wb][edge] + within % count_b[edge]]
    heavier = np.maximum(m.totals[m.collapsed.first[wa]], m.totals[m.collapsed.first[wb]])
    kinds = np.where(2 * m.rows[:, COVERED_A] < heavier, _PARTIAL, _EDITED).astype(np.uint8)
    kinds[(m.rows[:, PARTS] > 1) & (m.rows[:, ORDERED] == 0)] = _REORDERED
    rows = m.rows[edge]
    return _Columns(
        m.units.texts[a].astype(np.int32), m.units.texts[b].astype(np.int32),
        m.units.starts[a] + rows[:, START_A], m.units.starts[a] + rows[:, END_A],
        m.units.starts[b] + rows[:, START_B], m.units.starts[b] + rows[:, END_B],
        m.scores[edge], rows[:, COVERED_A].astype(np.int64), kinds[edge],
    )  # fmt: skip


def list_stretches(m: Matches, texts: Sequence[str]) -> Stretches:
    """Give all matched stretches, neighbours joined, in order of texts and places."""
    columns = [_same_wording(m, texts), _like_wordings(m)]
    # Of a text with itself nothing is told.
    kept = [c.texts_a != c.texts_b for c in columns]

    def whole(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(c, name)[k] for c, k in zip(columns, kept, strict=True)])

    text_a, text_b = whole("texts_a"), whole("texts_b")
    turn = text_a > text_b
    low, high = np.where(turn, text_b, text_a), np.where(turn, text_a, text_b)
    order = _order_pairs(low, high, len(texts))
    turn = turn[order]

    def places(side: str, other: str) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Give starts and ends in the text as given, of one side or where turned the other."""
        starts = np.where(turn, whole(f"starts_{other}")[order], whole(f"starts_{side}")[order])
        ends = np.where(turn, whole(f"ends_{other}")[order], whole(f"ends_{side}")[order])
        return m.masked.starts[starts], m.masked.ends[ends - 1]

    a_start, a_end = places("a", "b")
    b_start, b_end = places("b", "a")
    found = Stretches(
        low[order], high[order], a_start, a_end, b_start, b_end,
        whole("scores")[order], whole("weights")[order], whole("kinds")[order],
    )  # fmt: skip
    made = _join_neighbours(*found)
    cut: Iterable[Any] = (column[:made] for column in found)
    return Stretches(*cut)


def _order_pairs(low: NDArray[np.int32], high: NDArray[np.int32], texts: int) -> NDArray[np.int64]:
    """Give the order of (low, high); where it fits, in one number each, which is quicker."""
    bits = max(1, (len(low) - 1).bit_length())
    if 2 * texts.bit_length() + bits > 63:
        return np.lexsort((high, low)).astype(np.int64)
    ranked = ((low.astype(np.int64) * texts + high) << bits) | np.arange(len(low))
    ranked.sort()
    order: NDArray[np.int64] = ranked & ((1 << bits) - 1)
    return order


@compiled
def _swap(
    i: int,
    j: int,
    a_start: NDArray[np.int32],
    a_end: NDArray[np.int32],
    b_start: NDArray[np.int32],
    b_end: NDArray[np.int32],
    scores: NDArray[np.float64],
    weights: NDArray[np.int64],
    kinds: NDArray[np.uint8],
) -> None:
    a_start[i], a_start[j] = a_start[j], a_start[i]
    a_end[i], a_end[j] = a_end[j], a_end[i]
    b_start[i], b_start[j] = b_start[j], b_start[i]
    b_end[i], b_end[j] = b_end[j], b_end[i]
    scores[i], scores[j] = scores[j], scores[i]
    weights[i], weights[j] = weights[j], weights[i]
    kinds[i], kinds[j] = kinds[j], kinds[i]


@compiled
def _sort_group(
    first: int,
    last: int,
    a_start: NDArray[np.int32],
    a_end: NDArray[np.int32],
    b_start: NDArray[np.int32],
    b_end: NDArray[np.int32],
    scores: NDArray[np.float64],
    weights: NDArray[np.int64],
    kinds: NDArray[np.uint8],
) -> None:
    for i in range(first + 1, last):
        j = i
        while j > first and (a_start[j], b_start[j], a_end[j], b_end[j]) < (
            a_start[j - 1], b_start[j - 1], a_end[j - 1], b_end[j - 1]
        ):  # fmt: skip
            _swap(j, j - 1, a_start, a_end, b_start, b_end, scores, weights, kinds)
            j -= 1


@compiled
def _join_neighbours(
    a: NDArray[np.int32],
    b: NDArray[np.int32],
    a_start: NDArray[np.int32],
    a_end: NDArray[np.int32],
    b_start: NDArray[np.int32],
    b_end: NDArray[np.int32],
    scores: NDArray[np.float64],
    weights: NDArray[np.int64],
    kinds: NDArray[np.uint8],
) -> int:
    """Join, in place, stretches of two texts that lie near each other on both sides."""
    made = 0
    i = 0
    while i < len(a):
        last = i + 1
        while last < len(a) and a[last] == a[i] and b[last] == b[i]:
            last += 1
        if last - i > 1:
            _sort_group(i, last, a_start, a_end, b_start, b_end, scores, weights, kinds)
        first = made
        for s in range(i, last):
            p = first
            while p < made and not (
                a_start[s] - a_end[p] <= BETWEEN
                and b_start[s] - b_end[p] <= BETWEEN
                and b_start[p] - b_end[s] <= BETWEEN
            ):
                p += 1
            if p == made:
                made += 1
                if p != s:
                    a[p], b[p] = a[s], b[s]
                    a_start[p], a_end[p] = a_start[s], a_end[s]
                    b_start[p], b_end[p] = b_start[s], b_end[s]
                    scores[p], weights[p], kinds[p] = scores[s], weights[s], kinds[s]
                continue
            kind = kinds[p]
            if kind != kinds[s]:
                both = max(kind, kinds[s])
                kind = np.uint8(_MASKED if both == _MASKED else _EDITED)
            if b_start[s] < b_start[p]:
                kind = np.uint8(_REORDERED)
            elif kind == _EXACT and a_start[s] - a_end[p] != b_start[s] - b_end[p]:
                kind = np.uint8(_EDITED)
            weight = weights[p] + weights[s]
            scores[p] = (scores[p] * weights[p] + scores[s] * weights[s]) / max(1, weight)
            weights[p] = weight
            kinds[p] = kind
            a_end[p] = max(a_end[p], a_end[s])
            b_start[p] = min(b_start[p], b_start[s])
            b_end[p] = max(b_end[p], b_end[s])
        if made - first > 1:
            _sort_group(first, made, a_start, a_end, b_start, b_end, scores, weights, kinds)
        i = last
    return made
