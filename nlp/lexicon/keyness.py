"""Which words are more frequent here than there: log-likelihood and log ratio.

For a word that occurs ``a`` times among the ``c`` words of the target and ``b`` times among
the ``d`` words of the reference,

- G² = 2 Σ O·ln(O/E) over the four cells (a, b, c−a, d−b), where E is row sum × column sum /
  total (Dunning 1993, Computational Linguistics 19:61; ``lr`` of quanteda's
  ``textstat_keyness``).  p is that of χ² with one degree of freedom;
- log ratio = log2((a/c) / (b/d)), 1 meaning twice as frequent (Hardie 2014); a zero count
  is taken as 0.5;
- q is p after Benjamini & Hochberg (1995, J. R. Stat. Soc. B 57:289) over all words
  compared.

Words of a report are not drawn independently, so p says less than it seems: read it with
the document frequencies, which tell whether many reports or a few carry a word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from scipy.special import xlogy

from nlp.lexicon.words import Units, is_word

MIN_COUNT = 3
COLUMNS = (
    "word", "target", "reference", "target_rate", "reference_rate", "target_df", "reference_df",
    "g2", "p", "q", "log_ratio", "direction",
)  # fmt: skip
_PER = 10_000


def log_likelihood(
    a: NDArray[np.float64],
    b: NDArray[np.float64],
    c: float | NDArray[np.float64],
    d: float | NDArray[np.float64],
) -> NDArray[np.float64]:
    """Give G² of 2 × 2 tables; 0 where both shares are the same.

    Parameters
    ----------
    a, b : array
        Counts of the word in target and reference.
    c, d : float or array
        All words of target and reference.

    Examples
    --------
    Dunning's (1993) first example, *the swiss*, whose −2 log λ is printed as 270.72:

    >>> table = np.array([[110, 2442], [111, 29114]])
    >>> a, b = np.array([110.0]), np.array([111.0])
    >>> float(log_likelihood(a, b, 110 + 2442, 111 + 29114)[0].round(2))
    270.72
    """
    total = np.asarray(c, dtype=float) + d
    word, rest = a + b, total - (a + b)
    observed = [a, b, c - a, d - b]
    expected = [c * word / total, d * word / total, c * rest / total, d * rest / total]
    parts = [xlogy(o, o) - xlogy(o, e) for o, e in zip(observed, expected, strict=True)]
    return np.asarray(np.maximum(0.0, 2 * sum(parts)), dtype=np.float64)


def log_ratio(
    a: NDArray[np.float64], b: NDArray[np.float64], c: float, d: float
) -> NDArray[np.float64]:
    """Give the binary logarithm of the ratio of relative frequencies.

    Examples
    --------
    >>> log_ratio(np.array([40.0, 0.0]), np.array([10.0, 8.0]), 1000, 1000).tolist()
    [2.0, -4.0]
    """
    first = np.where(a == 0, 0.5, a) / c
    second = np.where(b == 0, 0.5, b) / d
    return np.asarray(np.log2(first / second), dtype=np.float64)


def compare_words(
    target: Units, reference: Units, *, min_count: int = MIN_COUNT, min_df: int = 1
) -> pd.DataFrame:
    """Compare the words of two groups of units.

    Parameters
    ----------
    target, reference : Units
        Two groups without a unit in common.
    min_count : int
        Words with fewer occurrences in both groups together are left out of the table (but
        count among all words).
    min_df : int
        Words in fewer reports of the group where they are more frequent are left out.

    Returns
    -------
    DataFrame
        A row a word, the highest G² first: counts, rates per 10,000 words, document
        frequencies (in reports), G², p, q, log ratio, and the group with the higher rate.

    Raises
    ------
    ValueError
        If a group has no words.
    """
    counts = [_count(group) for group in (target, reference)]
    totals = [sum(count.values()) for count, _ in counts]
    for name, total in zip(("目标组", "参照组"), totals, strict=True):
        if total == 0:
            raise ValueError(f"{name}没有词；请放宽条件")
    (found, found_df), (other, other_df) = counts
    words = sorted(word for word in found.keys() | other.keys() if found[word] + other[word] > 0)
    words = [word for word in words if found[word] + other[word] >= min_count]
    a = np.array([found[word] for word in words], dtype=float)
    b = np.array([other[word] for word in words], dtype=float)
    c, d = (float(total) for total in totals)
    g2 = log_likelihood(a, b, c, d)
    p = stats.chi2.sf(g2, 1)
    over = a / c >= b / d
    table = pd.DataFrame(
        {
            "word": words,
            "target": a.astype(int),
            "reference": b.astype(int),
            "target_rate": np.round(a / c * _PER, 3),
            "reference_rate": np.round(b / d * _PER, 3),
            "target_df": [found_df[word] for word in words],
            "reference_df": [other_df[word] for word in words],
            "g2": np.round(g2, 4),
            "p": p,
            "q": stats.false_discovery_control(p) if len(p) else p,
            "log_ratio": np.round(log_ratio(a, b, c, d), 4),
            "direction": np.where(over, "target", "reference"),
        },
        columns=list(COLUMNS),
    )
    carried = np.where(over, table["target_df"], table["reference_df"])
    table = table[carried >= min_df]
    table = table.sort_values(["g2", "word"], ascending=[False, True], kind="stable")
    return table.reset_index(drop=True)


def _count(units: Units) -> tuple[Counter[str], Counter[str]]:
    """Count words, and the reports that have each."""
    count: Counter[str] = Counter()
    seen: set[tuple[str, str]] = set()
    for report, words in zip(units.rows["report_id"].astype(str), units.words, strict=True):
        kept = list(_words_of(words))
        count.update(kept)
        seen.update((report, word) for word in kept)
    return count, Counter(word for _, word in seen)


def _words_of(words: Iterable[str]) -> Iterable[str]:
    return (word for word in words if is_word(word))
