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
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nlp.lexicon.kwic import compile_node, find_spans
from nlp.lexicon.words import Units, is_word

WINDOW = 5
MIN_COUNT = 3
COLUMNS = (
    "word", "together", "left", "right", "df", "frequency", "expected", "pmi", "t_score",
    "log_dice",
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
