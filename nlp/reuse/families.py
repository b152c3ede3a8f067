"""Pairs of wordings → families, split where the bridge between two groups is weak."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Two groups of more than one wording join over one pair only if it is this alike; over
# several pairs any will do.  So a chain of ever less alike texts falls apart.
STRONG = 0.6
# Families of more wordings than this are not compared all with all.
_LARGEST = 300


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
    parent = list(range(wordings))
    size = [1] * wordings

    def root(w: int) -> int:
        while parent[w] != w:
            parent[w] = parent[parent[w]]
            w = parent[w]
        return w

    waiting: dict[tuple[int, int], int] = {}
    order = np.lexsort((pairs[:, 1], pairs[:, 0], -scores))
    for n in order.tolist():
        a, b = root(int(pairs[n, 0])), root(int(pairs[n, 1]))
        if a == b:
            continue
        a, b = min(a, b), max(a, b)
        if scores[n] < STRONG and size[a] > 1 and size[b] > 1:
            waiting[a, b] = waiting.get((a, b), 0) + 1
            if waiting[a, b] < 2:
                continue
        parent[b] = a
        size[a] += size[b]
    families = np.array([root(w) for w in range(wordings)], dtype=np.int64)
    members: dict[int, list[int]] = {}
    for w in np.unique(pairs).tolist():
        members.setdefault(int(families[w]), []).append(int(w))
    known = set(map(tuple, pairs.tolist()))
    missing = [
        (a, b)
        for group in members.values()
        if 2 < len(group) <= _LARGEST
        for i, a in enumerate(group)
        for b in group[i + 1 :]
        if (a, b) not in known
    ]
    return families, np.array(missing, dtype=np.int32).reshape(-1, 2)
