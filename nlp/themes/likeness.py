"""Which statements say the same in nearly the same words, and which stand for the others.

Two statements are near-duplicates when the Jaccard index of their sets of character pairs,
digits masked and marks left out, is at least 0.6: the limit that also makes the wording
families of ``corpus/labels``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer

NEAR_DUPLICATE = 0.6
_NOT_WORD = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"\d+")
# Rows compared at a time: few enough for their likeness to all others to fit in memory.
_BLOCK = 128
_SAMPLE = 2000


def mask_wording(text: str) -> str:
    """Give the wording of a statement alone: no marks, every number 0.

    Examples
    --------
    >>> mask_wording("开展培训 12 次，参训 300 人。")
    '开展培训0次参训0人'
    """
    return _DIGITS.sub("0", _NOT_WORD.sub("", unicodedata.normalize("NFKC", text)))


class Wordings:
    """The character pairs of many texts, for asking which texts are alike.

    Parameters
    ----------
    texts : sequence of str
        Any number of texts; memory grows with their total length.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        # A text of one character has no pair; the frame gives every text at least one.
        framed = [f"\x02{mask_wording(text)}\x03" for text in texts]
        if framed:
            vectorizer = CountVectorizer(
                analyzer="char", ngram_range=(2, 2), binary=True, dtype=np.float32, lowercase=False
            )
            self._pairs = sparse.csr_matrix(vectorizer.fit_transform(framed))
        else:
            self._pairs = sparse.csr_matrix((0, 1), dtype=np.float32)
        self._sizes = np.asarray(self._pairs.sum(axis=1)).ravel()
        self._turned = sparse.csr_matrix(self._pairs.T)

    def find_alike(self, row: int, threshold: float = NEAR_DUPLICATE) -> NDArray[np.int64]:
        """Give the rows alike to one row (itself among them), in order."""
        return np.flatnonzero(self._compare(row, row + 1)[0] >= threshold)

    def rate_centrality(self) -> NDArray[np.float64]:
        """Give every row its mean likeness to the others; see `rate_centrality`."""
        count = len(self._sizes)
        others = np.unique(np.linspace(0, count - 1, min(count, _SAMPLE)).astype(np.int64))
        turned = sparse.csr_matrix(self._pairs[others].T)
        mean = np.zeros(count)
        for start in range(0, count, _BLOCK):
            stop = min(start + _BLOCK, count)
            common = (self._pairs[start:stop] @ turned).toarray()
            union = self._sizes[start:stop, None] + self._sizes[others][None, :] - common
            mean[start:stop] = (common / union).sum(axis=1)
        # A row that is among the others is not compared with itself.
        own = np.isin(np.arange(count), others)
        return np.asarray(np.round((mean - own) / (len(others) - own), 9), dtype=np.float64)

    def compare(self, first: int, second: int) -> float:
        """Give the Jaccard index of two rows, in [0, 1]."""
        common = float((self._pairs[[first]] @ self._turned[:, [second]]).toarray()[0, 0])
        return common / float(self._sizes[first] + self._sizes[second] - common)

    def is_alike(self, first: int, second: int, threshold: float = NEAR_DUPLICATE) -> bool:
        """Tell whether two rows are near-duplicates."""
        return self.compare(first, second) >= threshold

    def collapse(self, threshold: float = NEAR_DUPLICATE) -> NDArray[np.int64]:
        """Give every row the number of the first row that it is alike to.

        The first row not yet taken leads a group and takes the free rows alike to it, so a
        chain of small changes does not join texts that differ.
        """
        count = len(self._sizes)
        leader = np.full(count, -1, dtype=np.int64)
        for start in range(0, count, _BLOCK):
            alike = self._compare(start, min(start + _BLOCK, count)) >= threshold
            for row in range(start, start + len(alike)):
                if leader[row] < 0:
                    leader[alike[row - start] & (leader < 0)] = row
        return leader

    def _compare(self, start: int, stop: int) -> NDArray[np.float32]:
        common = (self._pairs[start:stop] @ self._turned).toarray()
        union = self._sizes[start:stop, None] + self._sizes[None, :] - common
        return np.asarray(common / union, dtype=np.float32)


def collapse_duplicates(
    texts: Sequence[str], threshold: float = NEAR_DUPLICATE
) -> NDArray[np.int64]:
    """Group near-duplicates: for every text the index of its group's first text.

    Examples
    --------
    >>> texts = ["开展业务培训2次", "开展业务培训30次。", "网站栏目更新不及时"]
    >>> collapse_duplicates(texts).tolist()
    [0, 0, 2]
    """
    return Wordings(texts).collapse(threshold)


def rate_centrality(texts: Sequence[str]) -> NDArray[np.float64]:
    """Rate how much each text is like the others, in [0, 1].

    The mean Jaccard index of character pairs between a text and all others (of more than
    2,000 texts, 2,000 spread evenly over them).  What a text says beyond the others counts
    against it, so a long text that says everything at once is not central, as it would be
    by cosine.  One text alone has 0.

    Examples
    --------
    >>> texts = ["公开不及时", "信息公开不及时", "经费紧张", "公开不及时，经费紧张，人手少"]
    >>> rate_centrality(texts).round(3).tolist()
    [0.304, 0.264, 0.067, 0.264]
    """
    if len(texts) < 2:
        return np.zeros(len(texts))
    return Wordings(texts).rate_centrality()
