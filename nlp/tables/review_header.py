"""The order of table four's fifteen columns, from a header that is text without positions.

Names are printed whole, two characters a line or one (结 结 其 尚 总 / 果 果 他 未 计 / …),
line by line over all columns or column by column.  The header is compared with what the form
would print in each of these ways, in its own order and with two columns or the two groups
exchanged.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations

from nlp.form import Form, edit_distance, fold_label

_GROUP_NAMES = ("行政复议", "行政诉讼", "未经复议直接起诉", "复议后起诉")
_FIRST, _SECOND = "未经复议直接起诉", "复议后起诉"
# A misprinted or doubled word or two; a header further off than this says nothing.
_NOISE = 12
_CHUNKS = (9, 1, 2)


def header_order(printed: str, form: Form) -> tuple[int, ...] | None:
    """Tell in which order a header prints the columns of table four.

    Parameters
    ----------
    printed : str
        The header's text, folded, line after line.
    form : Form

    Returns
    -------
    tuple of int or None
        The form's column for each printed one; empty where the header names no column; None
        where its order is not the form's and cannot be told, or may be either.

    Examples
    --------
    >>> from nlp.form import load_form
    >>> form = load_form("2021")
    >>> names = "结果维持结果纠正其他结果尚未审结总计"
    >>> header_order("行政复议行政诉讼" + names * 3, form) == tuple(range(15))
    True
    >>> other = "结果纠正结果维持其他结果尚未审结总计"
    >>> header_order("行政复议行政诉讼" + names + other + names, form)[5:7]
    (6, 5)
    >>> header_order("", form)
    ()
    """
    first, second = printed.find(_FIRST), printed.find(_SECOND)
    swapped = 0 <= second < first
    words = printed
    for name in _GROUP_NAMES[2:] + _GROUP_NAMES[:2]:
        words = words.replace(name, "")
    if not words:
        return None if swapped else ()
    size, width = len(form.results), len(form.review_columns())
    canonical = tuple(range(width))
    names = tuple(fold_label(name) for name in form.results)
    groups = (*range(size), *range(2 * size, width), *range(size, 2 * size))
    ours = groups if swapped else canonical
    if any(words == text for text in _spell(names, canonical)):
        return ours
    distances = {
        order: min(edit_distance(words, text, _NOISE) for text in _spell(names, order))
        for order in (canonical, *_exchanged(size, width))
    }
    least = min(distances.values())
    nearest = [order for order, distance in distances.items() if distance == least]
    if least > _NOISE or len(nearest) > 1 or swapped:
        return None if least <= _NOISE or swapped else canonical
    return nearest[0] if least == 0 or nearest[0] == canonical else None


@lru_cache(maxsize=256)
def _spell(names: tuple[str, ...], order: tuple[int, ...]) -> tuple[str, ...]:
    """Spell the header in each way of breaking names over lines."""
    spelt = []
    for chunk in _CHUNKS:
        spelt.append("".join(_by_lines([names[at % len(names)] for at in order], chunk)))
        if chunk < max(map(len, names)):
            # 行政复议 in its own lines, then the two groups of 行政诉讼.
            own, rest = order[: len(names)], order[len(names) :]
            parts = (_by_lines([names[at % len(names)] for at in p], chunk) for p in (own, rest))
            spelt.append("".join("".join(part) for part in parts))
    return tuple(spelt)


def _by_lines(names: list[str], chunk: int) -> Iterator[str]:
    for start in range(0, max(map(len, names)), chunk):
        for name in names:
            yield name[start : start + chunk]


@lru_cache(maxsize=4)
def _exchanged(size: int, width: int) -> tuple[tuple[int, ...], ...]:
    """The form's order with two columns exchanged, in one group or in all."""
    found = []
    for a, b in combinations(range(size), 2):
        for starts in [(start,) for start in range(0, width, size)] + [
            tuple(range(0, width, size))
        ]:
            order = list(range(width))
            for start in starts:
                order[start + a], order[start + b] = order[start + b], order[start + a]
            found.append(tuple(order))
    return tuple(found)
