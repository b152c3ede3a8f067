"""Pairs of texts → the similarity measures of the literature, for many pairs at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist
from scipy.sparse import csr_matrix

from nlp.reuse.mask import MaskedTexts, mask_texts

# Rows of one block of the product of all texts with all texts.
_BLOCK = 256
# Characters are below 2²¹, so a pair of them fits into one number.
_SHIFT = 21


@dataclass(frozen=True, slots=True)
class LikenessTable:
    """The four measures of pairs of texts, 0 to 1; NaN where a text is empty.

    ``cosine``, ``jaccard``, ``edit`` and ``simple`` are those of ``compare_texts``.
    """

    cosine: NDArray[np.float64]
    jaccard: NDArray[np.float64]
    edit: NDArray[np.float64]
    simple: NDArray[np.float64]


def measure_likeness(
    texts: Sequence[str],
    pairs: NDArray[np.int64],
    *,
    issuers: Iterable[str] = (),
    names: Iterable[str] = (),
    measured: NDArray[np.bool_] | None = None,
) -> LikenessTable:
    """Compare pairs of texts by cosine, Jaccard, minimum edit and simple difference.

    Parameters
    ----------
    texts : sequence of str
        As given; names, dates and numbers are masked.
    pairs : array of int, shape (n, 2)
        Numbers of texts.
    issuers, names : iterable of str
        Names to mask.
    measured : array of bool, shape (n,), optional
        Pairs for which ``edit`` and ``simple`` are worth their time (about 0.3 ms a pair);
        the others are NaN there.  Default: all.

    Returns
    -------
    LikenessTable

    Examples
    --------
    >>> table = measure_likeness(["2023年公开12条", "2024年公开30条"], np.array([[0, 1]]))
    >>> table.cosine.tolist(), table.edit.tolist()
    ([1.0], [1.0])
    """
    masked = mask_texts(texts, issuers=issuers, names=names)
    shown = [masked.show(i) for i in range(len(texts))]
    counts = _count_pairs(shown)
    cosine, jaccard = _compare_counts(counts, pairs)
    lengths = np.array([len(s) for s in shown])
    full = (lengths[pairs] >= 2).all(axis=1) if len(pairs) else np.zeros(0, dtype=bool)
    cosine[~full] = np.nan
    jaccard[~full] = np.nan
    chosen = np.flatnonzero(full if measured is None else full & measured)
    edit = np.full(len(pairs), np.nan)
    simple = np.full(len(pairs), np.nan)
    if len(chosen):
        first = [shown[i] for i in pairs[chosen, 0]]
        second = [shown[i] for i in pairs[chosen, 1]]
        scores = cpdist(first, second, scorer=Indel.normalized_similarity, dtype=np.float64)
        edit[chosen] = np.round(scores, 4)
        simple[chosen] = _compare_clauses(masked, pairs[chosen])
    return LikenessTable(np.round(cosine, 4), np.round(jaccard, 4), edit, simple)


def _count_pairs(shown: Sequence[str]) -> csr_matrix:
    """Count the pairs of neighbouring characters of each text."""
    keys, rows = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for n, text in enumerate(shown):
        codes = np.frombuffer(text.encode("utf-32-le"), dtype="<u4").astype(np.int64)
        if len(codes) >= 2:
            keys.append((codes[:-1] << _SHIFT) + codes[1:])
            rows.append(np.full(len(codes) - 1, n))
    known, column = np.unique(np.concatenate(keys), return_inverse=True)
    row = np.concatenate(rows)
    shape = (len(shown), max(1, len(known)))
    matrix = csr_matrix((np.ones(len(row)), (row, column)), shape=shape)
    matrix.sum_duplicates()
    return matrix


def _compare_counts(
    counts: csr_matrix, pairs: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    cosine, jaccard = np.zeros(len(pairs)), np.zeros(len(pairs))
    if not len(pairs):
        return cosine, jaccard
    present = counts.copy()
    present.data[:] = 1
    norm = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1)).ravel())
    kinds = np.asarray(present.sum(axis=1)).ravel()
    turned, there = counts.T.tocsr(), present.T.tocsr()
    order = np.argsort(pairs[:, 0], kind="stable")
    block = pairs[order, 0] // _BLOCK
    for b in np.unique(block).tolist():
        at = order[np.searchsorted(block, b) : np.searchsorted(block, b + 1)]
        x, y = pairs[at, 0] - b * _BLOCK, pairs[at, 1]
        rows = slice(b * _BLOCK, (b + 1) * _BLOCK)
        dot = (counts[rows] @ turned).toarray()[x, y]
        both = (present[rows] @ there).toarray()[x, y]
        cosine[at] = dot / np.maximum(norm[x + b * _BLOCK] * norm[y], 1e-12)
        jaccard[at] = both / np.maximum(kinds[x + b * _BLOCK] + kinds[y] - both, 1)
    return np.minimum(cosine, 1.0), jaccard


def _compare_clauses(masked: MaskedTexts, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    """Give the share of characters in clauses that a line-by-line comparison leaves alone."""
    known: dict[bytes, int] = {}
    clauses: dict[int, tuple[list[int], list[int], frozenset[int]]] = {}
    for n in np.unique(pairs).tolist():
        part = slice(masked.pointers[n], masked.pointers[n + 1])
        codes = masked.codes[part]
        ends = [*(np.flatnonzero(masked.breaks[part]) + 1).tolist(), len(codes)]
        numbers, sizes, start = [], [], 0
        for end in ends:
            if end > start:
                numbers.append(known.setdefault(codes[start:end].tobytes(), len(known)))
                sizes.append(end - start)
            start = end
        clauses[n] = numbers, sizes, frozenset(numbers)
    scores = np.zeros(len(pairs))
    nothing: list[int] = []
    matcher = SequenceMatcher(None, nothing, nothing, autojunk=False)
    before = -1
    for k in np.argsort(pairs[:, 1], kind="stable").tolist():
        a, b = pairs[k].tolist()
        (x, sizes_x, set_x), (y, sizes_y, set_y) = clauses[a], clauses[b]
        if set_x.isdisjoint(set_y):
            continue
        if b != before:
            matcher.set_seq2(y)  # what is looked up is kept between calls
            before = b
        matcher.set_seq1(x)
        same = sum(
            sum(sizes_x[block.a : block.a + block.size]) for block in matcher.get_matching_blocks()
        )
        scores[k] = round(2 * same / (sum(sizes_x) + sum(sizes_y)), 4)
    return scores
