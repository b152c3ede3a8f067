"""Find many fixed phrases in long arrays of code points: names, mandated wording, formulae."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.reuse.compiled import compiled
from nlp.reuse.workers import in_parts

Codes = NDArray[np.uint32]
# Phrases are shorter than this.
LONGEST = 256
# So many texts are looked through at a time.
_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class PhraseTable:
    """A trie in arrays: ``keys`` is an open hash table of (node, character).

    ``roots`` gives the node of each first character (up to U+FFFF), 0 where no phrase
    begins so: most characters need no look at the table.
    """

    keys: NDArray[np.int64]
    nodes: NDArray[np.int32]
    marks: NDArray[np.uint8]
    roots: NDArray[np.int32]

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
def step(keys: NDArray[np.int64], nodes: NDArray[np.int32], node: int, code: int) -> int:
    """Give the node that a character leads to, 0 if no phrase goes on so."""
    at = _slot(keys, np.int64(node) * 0x200000 + np.int64(code))
    return int(nodes[at]) if keys[at] != -1 else 0


@compiled
def _insert(
    keys: NDArray[np.int64],
    nodes: NDArray[np.int32],
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
    >>> paint_phrases(encode("要进一步加强公开"), table).tolist()
    [0, 1, 1, 1, 1, 1, 0, 0]
    """
    found = [(codes, mark) for codes, mark in phrases if len(codes)]
    total = sum(len(codes) for codes, _ in found)
    size = 1 << max(4, (2 * total + 1).bit_length())
    keys = np.full(size, -1, dtype=np.int64)
    nodes = np.zeros(size, dtype=np.int32)
    marks = np.zeros(total + 1, dtype=np.uint8)
    roots = np.zeros(0x10000, dtype=np.int32)
    if not found:
        return PhraseTable(keys, nodes, marks[:1], roots)
    made = _insert(
        keys,
        nodes,
        marks,
        np.concatenate([codes for codes, _ in found]),
        np.cumsum([len(codes) for codes, _ in found], dtype=np.int64),
        np.array([mark for _, mark in found], dtype=np.uint8),
    )
    for codes, _ in found:
        if codes[0] < len(roots):
            roots[codes[0]] = step(keys, nodes, 0, int(codes[0]))
    return PhraseTable(keys, nodes, marks[:made], roots)


@compiled
def _paint(
    codes: Codes,
    keys: NDArray[np.int64],
    nodes: NDArray[np.int32],
    marks: NDArray[np.uint8],
    roots: NDArray[np.int32],
    first: int,
    last: int,
    out: NDArray[np.uint8],
) -> None:
    n = len(codes)
    # Phrases that begin a little before the part asked for reach into it.
    for i in range(max(0, first - LONGEST), last):
        node = roots[codes[i]] if codes[i] < len(roots) else 0
        j = i + 1
        while node:
            mark = int(marks[node])
            if mark:
                for p in range(max(i, first), min(j, last)):
                    out[p] = max(out[p], mark)
            node = step(keys, nodes, node, codes[j]) if j < n else 0
            j += 1


@compiled
def _longest(
    codes: Codes,
    keys: NDArray[np.int64],
    nodes: NDArray[np.int32],
    marks: NDArray[np.uint8],
    roots: NDArray[np.int32],
    out: NDArray[np.int64],
) -> int:
    made = 0
    i = 0
    while i < len(codes):
        node = roots[codes[i]] if codes[i] < len(roots) else 0
        best = 0
        j = i + 1
        while node:
            if marks[node]:
                best = j
            node = step(keys, nodes, node, codes[j]) if j < len(codes) else 0
            j += 1
        if best:
            out[made, 0] = i
            out[made, 1] = best
            made += 1
        i = max(best, i + 1)
    return made


def find_phrases(texts: Sequence[str], phrases: Iterable[str]) -> Iterator[tuple[int, int, int]]:
    """Give (text, start, end) of the leftmost longest phrases in texts, to the letter.

    Examples
    --------
    >>> list(find_phrases(["我县", "白芷县和松涧县"], ["白芷县", "松涧县"]))
    [(1, 0, 3), (1, 4, 7)]
    """
    table = build_table((encode(phrase), 1) for phrase in phrases)
    for first in range(0, len(texts), _AT_ONCE):
        part = texts[first : first + _AT_ONCE]
        # A line break between the texts is in no phrase.
        codes = encode("\n".join(part))
        found = np.empty((len(codes), 2), dtype=np.int64)
        found = found[: _longest(codes, table.keys, table.nodes, table.marks, table.roots, found)]
        heads = np.cumsum([0, *(len(text) + 1 for text in part)])
        owners = np.searchsorted(heads, found[:, 0], side="right") - 1
        places = found - heads[owners][:, None]
        for owner, (start, end) in zip(owners.tolist(), places.tolist(), strict=True):
            yield first + owner, start, end


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
        in_parts(
            len(codes),
            lambda first, last: _paint(
                codes, table.keys, table.nodes, table.marks, table.roots, first, last, out
            ),
        )
    return out
