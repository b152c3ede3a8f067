"""Matched wordings → matched stretches of texts, in offsets of the texts as given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nlp.reuse.align import COVERED_A, END_A, END_B, ORDERED, PARTS, START_A, START_B
from nlp.reuse.match import Matches

KINDS = ("exact", "masked", "edited", "reordered", "partial")
_EXACT, _MASKED, _EDITED, _REORDERED, _PARTIAL = range(5)
# Neighbouring matches with no more characters than this between them are one passage.
BETWEEN = 40


class Stretch(NamedTuple):
    """A stretch of text ``a`` and one of text ``b`` (numbers of texts) that match."""

    a: int
    b: int
    a_start: int
    a_end: int
    b_start: int
    b_end: int
    score: float
    weight: int
    kind: int


@dataclass(frozen=True, slots=True)
class _Columns:
    """Pairs of units: who, and the range of masked characters in each."""

    units_a: NDArray[np.int64]
    units_b: NDArray[np.int64]
    starts_a: NDArray[np.int64]
    ends_a: NDArray[np.int64]
    starts_b: NDArray[np.int64]
    ends_b: NDArray[np.int64]
    scores: NDArray[np.float64]
    weights: NDArray[np.int64]
    kinds: NDArray[np.int64]


def _same_wording(m: Matches, texts: Sequence[str]) -> _Columns:
    """Pair the units of each wording with each other."""
    first: list[NDArray[np.int64]] = []
    second: list[NDArray[np.int64]] = []
    counts = np.diff(m.collapsed.pointers)
    spelling = np.full(len(m.units), -1, dtype=np.int64)
    spellings: dict[str, int] = {}
    for w in np.flatnonzero(counts > 1).tolist():
        copies = m.collapsed.copies(w)
        i, j = np.triu_indices(len(copies), 1)
        first.append(copies[i])
        second.append(copies[j])
        for u in copies.tolist():
            start = m.masked.starts[m.units.starts[u]]
            end = m.masked.ends[m.units.ends[u] - 1]
            raw = texts[m.units.texts[u]][start:end]
            spelling[u] = spellings.setdefault(raw, len(spellings))
    none = [np.zeros(0, dtype=np.int64)]
    a, b = np.concatenate(first or none), np.concatenate(second or none)
    kinds = np.where(spelling[a] == spelling[b], _EXACT, _MASKED)
    return _Columns(
        a, b, m.units.starts[a], m.units.ends[a], m.units.starts[b], m.units.ends[b],
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
    kinds = np.where(2 * m.rows[:, COVERED_A] < heavier, _PARTIAL, _EDITED)
    kinds[(m.rows[:, PARTS] > 1) & (m.rows[:, ORDERED] == 0)] = _REORDERED
    rows = m.rows[edge]
    return _Columns(
        a, b,
        m.units.starts[a] + rows[:, START_A], m.units.starts[a] + rows[:, END_A],
        m.units.starts[b] + rows[:, START_B], m.units.starts[b] + rows[:, END_B],
        m.scores[edge], rows[:, COVERED_A], kinds[edge],
    )  # fmt: skip


def list_stretches(m: Matches, texts: Sequence[str]) -> list[list[Any]]:
    """Give all matched stretches, neighbours joined, in order of texts and places.

    Returns
    -------
    list of list
        The columns of ``Stretch``: very many rows are dear as objects.
    """
    columns = [_same_wording(m, texts), _like_wordings(m)]

    def whole(name: str) -> NDArray[np.int64]:
        return np.concatenate([getattr(c, name) for c in columns])

    text_a, text_b = m.units.texts[whole("units_a")], m.units.texts[whole("units_b")]
    turn = text_a > text_b
    a_start, a_end = m.masked.starts[whole("starts_a")], m.masked.ends[whole("ends_a") - 1]
    b_start, b_end = m.masked.starts[whole("starts_b")], m.masked.ends[whole("ends_b") - 1]
    figures = [
        np.where(turn, text_b, text_a), np.where(turn, text_a, text_b),
        np.where(turn, b_start, a_start), np.where(turn, b_end, a_end),
        np.where(turn, a_start, b_start), np.where(turn, a_end, b_end),
        np.concatenate([c.scores for c in columns]), whole("weights"), whole("kinds"),
    ]  # fmt: skip
    order = np.lexsort((figures[4], figures[2], figures[1], figures[0]))
    order = order[text_a[order] != text_b[order]]
    return _join_neighbours([f[order] for f in figures])


def _join_neighbours(figures: list[NDArray[Any]]) -> list[list[Any]]:
    """Join neighbours where two texts share several stretches; give the columns as lists."""
    a, b = figures[0], figures[1]
    again = np.zeros(len(a) + 1, dtype=bool)
    again[1:-1] = (a[1:] == a[:-1]) & (b[1:] == b[:-1])
    several = again[:-1] | again[1:]
    columns = [f[~several].tolist() for f in figures]
    rows = list(map(Stretch._make, zip(*(f[several].tolist() for f in figures), strict=True)))
    if not rows:
        return columns
    joined = [s for _, group in groupby(rows, key=lambda s: s[:2]) for s in _chain(list(group))]
    merged = sorted([*zip(*columns, strict=True), *map(tuple, joined)])
    return [list(column) for column in zip(*merged, strict=True)]


def _chain(stretches: list[Stretch]) -> list[Stretch]:
    """Join stretches of one pair of texts that lie near each other on both sides."""
    passages: list[Stretch] = []
    for s in stretches:
        for n, p in enumerate(passages):
            near_a = s.a_start - p.a_end <= BETWEEN
            near_b = max(s.b_start - p.b_end, p.b_start - s.b_end) <= BETWEEN
            if near_a and near_b:
                passages[n] = _join(p, s)
                break
        else:
            passages.append(s)
    return passages


def _join(p: Stretch, s: Stretch) -> Stretch:
    kinds = {p.kind, s.kind}
    kind = p.kind if len(kinds) == 1 else _MASKED if kinds == {_EXACT, _MASKED} else _EDITED
    if s.b_start < p.b_start:
        kind = _REORDERED
    elif kind == _EXACT and s.a_start - p.a_end != s.b_start - p.b_end:
        kind = _EDITED
    weight = p.weight + s.weight
    return Stretch(
        p.a, p.b,
        min(p.a_start, s.a_start), max(p.a_end, s.a_end),
        min(p.b_start, s.b_start), max(p.b_end, s.b_end),
        (p.score * p.weight + s.score * s.weight) / max(1, weight), weight, kind,
    )  # fmt: skip
