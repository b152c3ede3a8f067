"""Find many fixed phrases in long arrays of code points: names, mandated wording, formulae."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.reuse.compiled import compiled

Codes = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class PhraseTable:
    """A trie in two arrays: ``keys`` is an open hash table of (node, character)."""

    keys: NDArray[np.int64]
    nodes: NDArray[np.int64]
    marks: NDArray[np.uint8]

    @property
    def empty(self) -> bool:
        """Say whether the table has no phrase at all."""
        return len(self.marks) <= 1


def encode(text: str) -> Codes:
    """Give the code points of a text.

    Examples
    --------
    >>> encode("公开").tolist()
    [20844, 24320]
    """
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


@compiled
def _slot(keys: NDArray[np.int64], key: np.int64) -> int:
    size = len(keys)
    at = (key * 0x9E3779B1 ^ (key >> 17)) & (size - 1)
    while keys[at] != -1 and keys[at] != key:
        at = (at + 1) & (size - 1)
    return int(at)


@compiled
def _insert(
    keys: NDArray[np.int64],
    nodes: NDArray[np.int64],
    marks: NDArray[np.uint8],
    codes: Codes,
    ends: NDArray[np.int64],
    classes: NDArray[np.uint8],
) -> int:
    made = 1
    start = 0
    for n in range(len(ends)):
        node = 0
        for i in range(start, ends[n]):
            key = np.int64(node * 0x200000 + codes[i])
            at = _slot(keys, key)
            if keys[at] == -1:
                keys[at] = key
                nodes[at] = made
                made += 1
            node = int(nodes[at])
        marks[node] = max(marks[node], classes[n])
        start = ends[n]
    return made


def build_table(phrases: Iterable[tuple[Codes, int]]) -> PhraseTable:
    """Build the table of phrases; each carries a class from 1 to 255 (the highest wins).

    Examples
    --------
    >>> table = build_table([(encode("进一步加强"), 1)])
    >>> longest_matches(encode("要进一步加强公开"), table)[0].tolist()
    [[1, 6, 1]]
    """
    found = [(codes, mark) for codes, mark in phrases if len(codes)]
    total = sum(len(codes) for codes, _ in found)
    size = 1 << max(4, (2 * total + 1).bit_length())
    keys = np.full(size, -1, dtype=np.int64)
    nodes = np.zeros(size, dtype=np.int64)
    marks = np.zeros(total + 1, dtype=np.uint8)
    if not found:
        return PhraseTable(keys, nodes, marks[:1])
    made = _insert(
        keys,
        nodes,
        marks,
        np.concatenate([codes for codes, _ in found]),
        np.cumsum([len(codes) for codes, _ in found], dtype=np.int64),
        np.array([mark for _, mark in found], dtype=np.uint8),
    )
    return PhraseTable(keys, nodes, marks[:made])


@compiled
def _longest(
    codes: Codes,
    keys: NDArray[np.int64],
    nodes: NDArray[np.int64],
    marks: NDArray[np.uint8],
    out: NDArray[np.int64],
) -> int:
    found = 0
    i = 0
    n = len(codes)
    while i < n:
        node = 0
        best = 0
        mark = 0
        j = i
        while j < n:
            key = np.int64(node * 0x200000 + codes[j])
            at = _slot(keys, key)
            if keys[at] == -1:
                break
            node = int(nodes[at])
            j += 1
            if marks[node]:
                best = j
                mark = int(marks[node])
        if best:
            if found < len(out):
                out[found, 0] = i
                out[found, 1] = best
                out[found, 2] = mark
            found += 1
            i = best
        else:
            i += 1
    return found


@compiled
def _paint(
    codes: Codes,
    keys: NDArray[np.int64],
    nodes: NDArray[np.int64],
    marks: NDArray[np.uint8],
    out: NDArray[np.uint8],
) -> None:
    n = len(codes)
    for i in range(n):
        node = 0
        j = i
        while j < n:
            key = np.int64(node * 0x200000 + codes[j])
            at = _slot(keys, key)
            if keys[at] == -1:
                break
            node = int(nodes[at])
            j += 1
            mark = int(marks[node])
            if mark:
                for p in range(i, j):
                    out[p] = max(out[p], mark)


def longest_matches(codes: Codes, table: PhraseTable) -> tuple[NDArray[np.int64], int]:
    """Give (start, end, class) of the leftmost longest phrases, and how many there are."""
    if table.empty:
        return np.zeros((0, 3), dtype=np.int64), 0
    out = np.zeros((max(16, len(codes) // 2 + 1), 3), dtype=np.int64)
    found = _longest(codes, table.keys, table.nodes, table.marks, out)
    return out[:found], found


def paint_phrases(codes: Codes, table: PhraseTable) -> NDArray[np.uint8]:
    """Give the class of the highest phrase over each character, 0 where there is none.

    Examples
    --------
    >>> table = build_table([(encode("加强公开"), 1), (encode("公开工作"), 2)])
    >>> paint_phrases(encode("要加强公开工作"), table).tolist()
    [0, 1, 1, 2, 2, 2, 2]
    """
    out = np.zeros(len(codes), dtype=np.uint8)
    if not table.empty:
        _paint(codes, table.keys, table.nodes, table.marks, out)
    return out
