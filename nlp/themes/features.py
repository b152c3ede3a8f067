"""Text → features: one spelling of a statement, its characters, and the codebook's cues."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

import numpy as np
import opencc
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from nlp.documents.records import Role

_SPACE = re.compile(r"[\s\u200b-\u200f\ufeff\xad]+")
_PUNCTUATION = str.maketrans(
    {
        **dict(zip(",;:!?()~", "，；：！？（）～", strict=True)),
        **dict.fromkeys("“”‘’「」『』\"'＂＇`´〝〞", '"'),
        "．": ".",
        "｡": "。",
        "､": "、",
        "﹐": "，",
    }
)
_FULL_STOP = re.compile(r"(?<!\d)\.|\.(?!\d)")
# A statement arrives with or without the mark that closed it; neither tells a theme.
_EDGE = "，。；、：！？…—-·*•"
# The head clause decides the primary theme (codebook, rule `primary`).
_CLAUSE_END = re.compile(r"[，。；：！？]")


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def normalize_text(text: str) -> str:
    """Give a statement one spelling: simplified, full-width marks, no white space.

    Wrapped lines, half-width punctuation and traditional script then make no difference
    to the tags.  The result is for features only; it has no offsets into the original.

    Examples
    --------
    >>> normalize_text("公開內容不 夠\\n豐富,更新慢.")
    '公开内容不够丰富，更新慢'
    """
    folded = _SPACE.sub("", unicodedata.normalize("NFKC", text)).translate(_PUNCTUATION)
    folded = _FULL_STOP.sub("。", folded).strip(_EDGE)
    return folded if folded.isascii() else str(_converter().convert(folded))


def head_clause(normalized: str) -> str:
    """Give the first clause of a normalized statement.

    A very short opening (加强培训, 一方面) carries on into the next clause.

    Examples
    --------
    >>> head_clause("进一步丰富公开内容，创新公开形式")
    '进一步丰富公开内容'
    """
    for match in _CLAUSE_END.finditer(normalized):
        if match.start() >= 4:
            return normalized[: match.start()]
    return normalized


class CueMatcher:
    """Finds which cues of the codebook occur in each text (0/1 per cue).

    All texts of a batch are searched as one long string, one pass a cue, because starting
    the regex engine costs more than running it over a short statement.
    """

    def __init__(self, cues: Sequence[str]) -> None:
        self.cues = tuple(cues)
        self._patterns = tuple(re.compile(cue) for cue in self.cues)

    def transform(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Give a matrix of texts × cues."""
        # Normalized texts hold no white space, so a line feed can part them; it also stops
        # negated character classes, which would otherwise run into the next statement.
        starts = np.zeros(len(texts) + 1, dtype=np.int64)
        starts[1:] = np.cumsum([len(text) + 1 for text in texts])
        joined = "\n".join(texts)
        rows: list[NDArray[np.int64]] = []
        columns: list[NDArray[np.int64]] = []
        for column, pattern in enumerate(self._patterns):
            found = np.fromiter((m.start() for m in pattern.finditer(joined)), dtype=np.int64)
            hits = np.unique(np.searchsorted(starts, found, side="right") - 1)
            rows.append(hits)
            columns.append(np.full(len(hits), column, dtype=np.int64))
        row = np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64)
        column_index = np.concatenate(columns) if columns else np.zeros(0, dtype=np.int64)
        values = np.ones(len(row), dtype=np.float32)
        return sparse.csr_matrix(
            (values, (row, column_index)), shape=(len(texts), len(self._patterns))
        )


# How much a cue or the role weighs beside the tf-idf of the characters (each row of which
# has length 1): chosen by grouped cross-validation, flat between 0.3 and 1.
CUE_WEIGHT = 0.5
ROLE_WEIGHT = 0.3
NGRAMS = (1, 4)


def build_vectorizer() -> TfidfVectorizer:
    """Give the untrained vectorizer of characters."""
    return TfidfVectorizer(
        analyzer="char",
        ngram_range=NGRAMS,
        lowercase=True,
        sublinear_tf=True,
        min_df=2,
        dtype=np.float32,
    )


def stack_features(
    vectorizer: TfidfVectorizer,
    cues: CueMatcher,
    texts: Sequence[str],
    roles: Sequence[Role | None],
) -> sparse.csr_matrix:
    """Give the features of normalized texts: characters, cues, role (problem, measure)."""
    role = np.zeros((len(texts), 2), dtype=np.float32)
    for row, name in enumerate(roles):
        if name is not None:
            role[row, 0 if name == "problem" else 1] = ROLE_WEIGHT
    parts = [
        vectorizer.transform(texts),
        cues.transform(texts) * np.float32(CUE_WEIGHT),
        sparse.csr_matrix(role),
    ]
    return sparse.csr_matrix(sparse.hstack(parts, format="csr"))
