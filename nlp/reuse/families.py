"""Pairs of wordings → families, split where the bridge between two groups is weak."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nlp.reuse.compiled import compiled

# Two groups of more than one wording join over one pair only if it is this alike; over
# several pairs any will do.  So a chain of ever less alike texts falls apart.
STRONG = 0.6
# Families of more wordings than this are not compared all with all.
_LARGEST = 300


@compiled
def _root(parent: NDArray[np.int32], w: int) -> int:
    while parent[w] != w:
        parent[w] = parent[parent[w]]
        w = parent[w]
    return int(w)


@compiled
def _find(keys: NDArray[np.int64], key: np.int64) -> int:
    """Give the place of a key in an open hash table, or the free place where it belongs."""
    mask = len(keys) - 1
    at = ((key * 0x9E3779B1) ^ (key >> 15)) & mask
    while keys[at] != -1 and keys[at] != key:
        at = (at + 1) & mask
    return int(at)


@compiled
def _join(
    pairs: NDArray[np.int32],
    scores: NDArray[np.float64],
    order: NDArray[np.int64],
    parent: NDArray[np.int32],
    waiting: NDArray[np.int64],
) -> None:
    size = np.ones(len(parent), dtype=np.int32)
    for n in order:
        a = _root(parent, pairs[n, 0])
        b = _root(parent, pairs[n, 1])
        if a == b:
            continue
        if a > b:
            a, b = b, a
        if scores[n] < STRONG and size[a] > 1 and size[b] > 1:
            key = np.int64(a) * np.int64(len(parent)) + np.int64(b)
            at = _find(waiting, key)
            if waiting[at] == -1:
                waiting[at] = key
                continue
        parent[b] = a
        size[a] += size[b]
    for w in range(len(parent)):
        parent[w] = _root(parent, w)


@compiled
def _list_missing(
    members: NDArray[np.int64],
    parent: NDArray[np.int32],
    pairs: NDArray[np.int32],
    known: NDArray[np.int64],
    out: NDArray[np.int32],
) -> int:
    """List the pairs of each group of members that are not known, or count them."""
    for n in range(len(pairs)):
        key = np.int64(pairs[n, 0]) * np.int64(len(parent)) + np.int64(pairs[n, 1])
        known[_find(known, key)] = key
    made = 0
    i = 0
    while i < len(members):
        j = i + 1
        while j < len(members) and parent[members[j]] == parent[members[i]]:
            j += 1
        if 2 < j - i <= _LARGEST:
            for x in range(i, j):
                for y in range(x + 1, j):
                    key = members[x] * np.int64(len(parent)) + members[y]
                    if known[_find(known, key)] == -1:
                        if made < len(out):
                            out[made, 0] = members[x]
                            out[made, 1] = members[y]
                        made += 1
        i = j
    return made


def join_families(
    wordings: int, pairs: NDArray[np.int32], scores: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Join wordings into families, and list the pairs inside them not yet compared.

    Pairs are taken from the most alike down.  A pair below ``STRONG`` only adds a wording
    that is alone, or joins groups that another pair joins as well.

    Returns
    -------
    families : array of int
        The family of each wording, named by its first wording.
    missing : array of int, shape (n, 2)
        Pairs (earlier, later) of one family that ``pairs`` does not hold.

    Examples
    --------
    >>> pairs = np.array([[0, 1], [1, 2]], dtype=np.int32)
    >>> families, missing = join_families(4, pairs, np.array([0.9, 0.8]))
    >>> families.tolist(), missing.tolist()
    ([0, 0, 0, 3], [[0, 2]])
    """
    room = 1 << max(4, (2 * len(pairs)).bit_length())
    parent = np.arange(wordings, dtype=np.int32)
    order = np.lexsort((pairs[:, 1], pairs[:, 0], -scores))
    _join(pairs, scores, order, parent, np.full(room, -1, dtype=np.int64))
    families = parent.astype(np.int64)
    members = np.unique(pairs).astype(np.int64)
    members = members[np.argsort(families[members], kind="stable")]
    known = np.full(room, -1, dtype=np.int64)
    missing = np.empty((len(pairs) + 1, 2), dtype=np.int32)
    made = _list_missing(members, parent, pairs, known, missing)
    if made > len(missing):
        missing = np.empty((made, 2), dtype=np.int32)
        _list_missing(members, parent, pairs, known, missing)
    return families, missing[:made].copy()
