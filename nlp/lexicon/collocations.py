"""Which words stand near a word more often than chance would put them there.

With O the times a collocate stands in a window around the node, W the number of words in
all these windows, f the frequency of the collocate and N that of all words,

- E = W·f / N, what chance would give;
- PMI = log2(O / E) (Church & Hanks 1990, Computational Linguistics 16:22; ``MI`` with the
  window taken into account as in Brezina, McEnery & Wattam 2015, Int. J. Corpus Linguistics
  20:139): favours rare words;
- t = (O − E) / √O (Church et al. 1991): favours frequent words; from about 2 on, O is more
  than chance;
- logDice = 14 + log2(2·O / (n + f)), n being the node's frequency (Rychlý 2008, RASLAN):
  at most 14 for a collocate seen once beside every node, and comparable between corpora.

Without a node (`find_pairs`), pairs of words in order are counted over the windows: O of a
pair among W pairs, of which n have its first word first and f its second word second.  Then
E = n·f / W, PMI, t and logDice are as above, and G² is Dunning's (see ``keyness``).
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nlp.lexicon.keyness import log_likelihood
from nlp.lexicon.kwic import compile_node, find_spans
from nlp.lexicon.words import Units, is_word

WINDOW = 5
MIN_COUNT = 3
COLUMNS = (
    "word", "together", "left", "right", "df", "frequency", "expected", "pmi", "t_score",
    "log_dice",
)  # fmt: skip

PAIR_COLUMNS = (
    "first", "second", "together", "df", "first_count", "second_count", "expected", "pmi",
    "t_score", "log_dice", "g2",
)  # fmt: skip


def pointwise_information(
    together: NDArray[np.float64], expected: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Give PMI = log2(O / E) in bits; 0 is chance.

    Examples
    --------
    >>> pointwise_information(np.array([8.0]), np.array([2.0])).tolist()
    [2.0]
    """
    return np.asarray(np.log2(together / expected), dtype=np.float64)


def t_score(together: NDArray[np.float64], expected: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give t = (O − E) / √O.

    Examples
    --------
    >>> t_score(np.array([16.0]), np.array([4.0])).tolist()
    [3.0]
    """
    return np.asarray((together - expected) / np.sqrt(together), dtype=np.float64)


def log_dice(
    together: NDArray[np.float64], node: float, frequency: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Give logDice = 14 + log2(2·O / (n + f)).

    Examples
    --------
    A word that stands beside every node and nowhere else has 14; one of half that, 13.

    >>> log_dice(np.array([10.0, 10.0]), 10, np.array([10.0, 30.0])).tolist()
    [14.0, 13.0]
    """
    return np.asarray(14 + np.log2(2 * together / (node + frequency)), dtype=np.float64)


def find_collocations(
    units: Units, word: str, *, window: int = WINDOW, min_count: int = MIN_COUNT
) -> pd.DataFrame:
    """Find the collocates of a word.

    Parameters
    ----------
    units : Units
        See ``gather_units`` and ``filter_units``.
    word : str
        The node: a word, several in a row, or a pattern with ``*`` (see ``compile_node``).
    window : int
        Words on either side, within the same unit; marks and bare numbers do not count.
    min_count : int
        Collocates seen fewer times in the window are left out.

    Returns
    -------
    DataFrame
        A row a collocate, the highest logDice first: ``together`` (``left`` + ``right``),
        ``df`` (reports where they stand together), ``frequency``, ``expected``, PMI, t-score,
        logDice.

    Raises
    ------
    ValueError
        If the word does not occur, or a number is out of range.
    """
    if window < 1 or min_count < 1:
        raise ValueError("--window 与 --min-count 应至少为 1")
    pattern = compile_node(word)
    frequency: Counter[str] = Counter()
    sides: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    reports: set[tuple[str, str]] = set()
    nodes = positions = 0
    for report, tokens in zip(units.rows["report_id"].astype(str), units.words, strict=True):
        # Marks go first, so that a window is of words.
        words = [token for token in tokens if is_word(token)]
        frequency.update(words)
        for first, stop in find_spans(words, pattern):
            nodes += 1
            parts = (words[max(0, first - window) : first], words[stop : stop + window])
            for side, part in zip(sides, parts, strict=True):
                positions += len(part)
                side.update(part)
                reports.update((report, near) for near in part)
    if not nodes:
        raise ValueError(f"“{word}”没有出现；可换一种写法，或用 * 代表任意字")
    df = Counter(near for _, near in reports)
    left, right = sides
    near = sorted(w for w in left.keys() | right.keys() if left[w] + right[w] >= min_count)
    together = np.array([left[w] + right[w] for w in near], dtype=float)
    counts = np.array([frequency[w] for w in near], dtype=float)
    expected = positions * counts / sum(frequency.values())
    table = pd.DataFrame(
        {
            "word": near,
            "together": together.astype(int),
            "left": [left[w] for w in near],
            "right": [right[w] for w in near],
            "df": [df[w] for w in near],
            "frequency": counts.astype(int),
            "expected": np.round(expected, 4),
            "pmi": np.round(pointwise_information(together, expected), 4),
            "t_score": np.round(t_score(together, expected), 4),
            "log_dice": np.round(log_dice(together, nodes, counts), 4),
        },
        columns=list(COLUMNS),
    )
    table = table.sort_values(["log_dice", "word"], ascending=[False, True], kind="stable")
    return table.reset_index(drop=True)


def find_pairs(units: Units, *, window: int = 1, min_count: int = MIN_COUNT) -> pd.DataFrame:
    """Find the pairs of words that stand together more often than chance, without a node.

    Parameters
    ----------
    units : Units
        See ``gather_units`` and ``filter_units``.
    window : int
        How many words after the first the second may stand; 1 is neighbours.
    min_count : int
        Pairs seen fewer times are left out of the table (but count among all pairs).

    Returns
    -------
    DataFrame
        A row a pair, the highest G² first: ``together``, ``df`` (reports with the pair),
        ``first_count`` and ``second_count`` (pairs with the word in that place),
        ``expected``, PMI, t-score, logDice, G².  Pairs that chance alone would bring together
        as often or more often are left out.

    Raises
    ------
    ValueError
        If a number is out of range, or no unit has two words.
    """
    if window < 1 or min_count < 1:
        raise ValueError("--window 与 --min-count 应至少为 1")
    pairs: Counter[tuple[str, str]] = Counter()
    reports: set[tuple[str, tuple[str, str]]] = set()
    for report, tokens in zip(units.rows["report_id"].astype(str), units.words, strict=True):
        words = [token for token in tokens if is_word(token)]
        here = [
            (first, second)
            for place, first in enumerate(words)
            for second in words[place + 1 : place + 1 + window]
        ]
        pairs.update(here)
        reports.update((report, pair) for pair in here)
    if not pairs:
        raise ValueError("没有成对的词；请放宽条件")
    firsts: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    for (first, second), count in pairs.items():
        firsts[first] += count
        seconds[second] += count
    df = Counter(pair for _, pair in reports)
    kept = sorted(pair for pair, count in pairs.items() if count >= min_count)
    together = np.array([pairs[pair] for pair in kept], dtype=float)
    left = np.array([firsts[first] for first, _ in kept], dtype=float)
    right = np.array([seconds[second] for _, second in kept], dtype=float)
    every = float(sum(pairs.values()))
    expected = left * right / every
    table = pd.DataFrame(
        {
            "first": [first for first, _ in kept],
            "second": [second for _, second in kept],
            "together": together.astype(int),
            "df": [df[pair] for pair in kept],
            "first_count": left.astype(int),
            "second_count": right.astype(int),
            "expected": np.round(expected, 4),
            "pmi": np.round(pointwise_information(together, expected), 4),
            "t_score": np.round(t_score(together, expected), 4),
            "log_dice": np.round(14 + np.log2(2 * together / (left + right)), 4),
            "g2": np.round(log_likelihood(together, right - together, left, every - left), 4),
        },
        columns=list(PAIR_COLUMNS),
    )
    order = ["g2", "first", "second"]
    table = table.sort_values(order, ascending=[False, True, True], kind="stable")
    attracted: pd.DataFrame = table[table["together"] > table["expected"]]
    return attracted.reset_index(drop=True)
