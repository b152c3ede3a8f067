"""Keyword in context: every place of a word, with the words on both sides."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from nlp.lexicon.words import Units

WINDOW = 8
_SEAM = "\x1f"
COLUMNS = (
    "report_id", "issuer", "year", "section", "unit", "left", "node", "right", "start", "end",
    "page",
)  # fmt: skip


def compile_node(word: str) -> re.Pattern[str]:
    """Turn a word into a pattern over words joined by a seam.

    The word may be one word of the segmentation or several in a row (政策解读 finds both
    ``政策解读`` and ``政策 解读``), but never part of a word; ``*`` stands for any characters
    within a word (``解读*``), a space for a border between words.

    Raises
    ------
    ValueError
        If the word is empty or nothing but ``*``.

    Examples
    --------
    >>> [m.group("node") for m in compile_node("政策解读").finditer("\\x1f政策\\x1f解读\\x1f")]
    ['政策\\x1f解读']
    >>> compile_node("解读").search("\\x1f解读会\\x1f") is None
    True
    """
    parts = word.split()
    if not parts or not "".join(parts).strip("*"):
        raise ValueError(f"要查的词不能为空或只有 *；实为 {word!r}")
    patterns = []
    for part in parts:
        pieces = [f"[^{_SEAM}]*" if char == "*" else re.escape(char) for char in part]
        # Between two characters there may be a border between words; beside * there is none.
        joined = pieces[0]
        for before, char, piece in zip(part, part[1:], pieces[1:], strict=False):
            joined += ("" if "*" in (before, char) else f"{_SEAM}?") + piece
        patterns.append(joined)
    # The seam after the node is only looked at: it may be the seam before the next one.
    return re.compile(f"{_SEAM}(?P<node>{_SEAM.join(patterns)})(?={_SEAM})", re.IGNORECASE)


def find_spans(words: Sequence[str], pattern: re.Pattern[str]) -> list[tuple[int, int]]:
    """Find where a node stands: half-open ranges of word numbers.

    Examples
    --------
    >>> find_spans(["加强", "政策", "解读"], compile_node("政策解读"))
    [(1, 3)]
    """
    joined = _SEAM + _SEAM.join(words) + _SEAM
    spans = []
    for match in pattern.finditer(joined):
        first = joined.count(_SEAM, 0, match.start("node")) - 1
        spans.append((first, first + match["node"].count(_SEAM) + 1))
    return spans


def find_kwic(units: Units, word: str, *, window: int = WINDOW) -> pd.DataFrame:
    """List every place of a word with its context.

    Parameters
    ----------
    units : Units
        See ``gather_units`` and ``filter_units``.
    word : str
        A word, several words in a row, or a pattern with ``*`` (see `compile_node`).
    window : int
        Words (marks count) on either side, within the same unit.

    Returns
    -------
    DataFrame
        One row a place: issuer, year, section, number of the unit, ``left``, ``node``,
        ``right`` as they stand in the text, and ``start``, ``end`` of the node in the
        report's text.
    """
    if window < 1:
        raise ValueError(f"--window 应至少为 1，实为 {window}")
    pattern = compile_node(word)
    number = "sentence" if units.kind == "sentences" else "statement"
    rows = []
    records = units.rows.to_dict("records")
    for record, words in zip(records, units.words, strict=True):
        spans = find_spans(words, pattern)
        if not spans:
            continue
        text = str(record["text"])
        places = locate_words(text, words)
        for first, stop in spans:
            start, end = places[first][0], places[stop - 1][1]
            left = places[max(0, first - window)][0]
            right = places[min(len(words), stop + window) - 1][1]
            rows.append(
                {
                    **{key: record[key] for key in ("report_id", "issuer", "year", "section")},
                    "unit": record[number],
                    "left": text[left:start],
                    "node": text[start:end],
                    "right": text[end:right],
                    "start": int(record["start"]) + start,
                    "end": int(record["start"]) + end,
                    "page": record["page"],
                }
            )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def locate_words(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Give the place of each word in the text that it was cut from.

    Raises
    ------
    ValueError
        If the words are not those of the text.

    Examples
    --------
    >>> locate_words("公开 不及时", ["公开", "不", "及时"])
    [(0, 2), (3, 4), (4, 6)]
    """
    places = []
    at = 0
    for word in words:
        start = text.find(word, at)
        if start < 0:
            raise ValueError(f"分词与文字不合：“{word}”不在“{text[at : at + 20]}…”里")
        at = start + len(word)
        places.append((start, at))
    return places
