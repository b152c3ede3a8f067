"""Compare printed labels with the form's labels.

Printed labels are split by line breaks, spaced out, cut, misprinted by a character or two,
written with half-width brackets or other ordinals; ``fold_label`` takes all of that away
and ``label_likeness`` says how near what is left comes to a label of the form.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ORDINAL = re.compile(
    r"^\s*(?:[（(]\s*[一二三四五六七八九十\d]+\s*[)）]|[一二三四五六七八九十]+\s*[、.．,，]|"
    r"\d{1,2}\s*[.．、,，](?!\d)|[①-⑳㈠-㈩])\s*"
)
_DROPPED = re.compile(r"[\s\W_]+")


def strip_ordinal(text: str) -> tuple[str, str]:
    """Split a label into its leading ordinal (``""`` if none) and the rest.

    Examples
    --------
    >>> strip_ordinal("（三）不予公开")
    ('（三）', '不予公开')
    >>> strip_ordinal("不予公开")
    ('', '不予公开')
    """
    match = _ORDINAL.match(text)
    if not match:
        return "", text
    return match.group().strip(), text[match.end() :]


@lru_cache(maxsize=65536)
def fold_label(text: str) -> str:
    """Reduce a label to its letters, digits and Chinese characters (NFKC, no punctuation).

    Examples
    --------
    >>> fold_label("3.危及“三安全 一稳定”")
    '3危及三安全一稳定'
    """
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text))


def edit_distance(a: str, b: str, limit: int) -> int:
    """Levenshtein distance of two strings, or ``limit + 1`` as soon as it is exceeded.

    Examples
    --------
    >>> edit_distance("处理决定数量", "处理绝对数量", 3)
    2
    """
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, right in enumerate(b, 1):
            previous, row[j] = (
                row[j],
                min(row[j] + 1, row[j - 1] + 1, previous + (left != right)),
            )
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


@lru_cache(maxsize=262144)
def label_likeness(printed: str, label: str) -> float:
    """Likeness in [0, 1] of two folded labels: 1 the same, 0 nothing in common.

    A cut label (a prefix of four characters or more) scores 0.9; otherwise the share of
    characters that need no edit.
    """
    if not printed or not label:
        return 0.0
    if printed == label:
        return 1.0
    shorter, longer = sorted((printed, label), key=len)
    if len(shorter) >= 4 and longer.startswith(shorter):
        return 0.9
    longest = len(longer)
    limit = max(1, longest // 2)
    # A character that the other label lacks costs an edit: most pairs end here, and a text
    # of another length by far (all of a page run together into one cell) even sooner.
    if longest - len(shorter) > limit:
        return 0.0
    if sum(char not in shorter for char in longer) > limit:
        return 0.0
    distance = edit_distance(printed, label, limit)
    return 0.0 if distance > limit else 1.0 - distance / longest
