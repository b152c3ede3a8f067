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
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

NEAR_DUPLICATE = 0.6
_NOT_WORD = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"\d+")
# Rows compared at a time: few enough for their likeness to all others to fit in memory.
_BLOCK = 512


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

    The mean cosine between a text and all the others, over tf-idf of characters 1–3; with
    one text alone it is 0.  Cosines do not grow with length, so the longest text is not the
    most central one for being long.

    Examples
    --------
    >>> rated = rate_centrality(["公开不及时", "信息公开不够及时", "经费紧张"])
    >>> int(rated.argmin())
    2
    """
    if len(texts) < 2:
        return np.zeros(len(texts))
    framed = [f"\x02{mask_wording(text)}\x03" for text in texts]
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    features = vectorizer.fit_transform(framed)
    total = np.asarray(features.sum(axis=0)).ravel()
    # Each row has length 1, so its cosine with itself, 1, is taken out of the sum.
    mean = (np.asarray(features @ total).ravel() - 1) / (len(texts) - 1)
    return np.asarray(np.round(np.clip(mean, 0, 1), 9), dtype=np.float64)
