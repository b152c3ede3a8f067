"""Table four by the places of its labels: one row of values under three lines of headers."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.form import Form, fold_label
from nlp.read.pdf.fast.second.columns import Columns
from nlp.read.pdf.fast.second.rows import WINDOW
from nlp.read.pdf.fast.second.stream import Place, Stream, Word


def read_table_four(stream: Stream, form: Form, words: Sequence[Word]) -> dict[str, str]:
    """Give the raw text of table four by cell key; nothing where a label was not found."""
    # The prose of the section may name the groups as well: the table is where all fits.
    after = stream.text.find("复议后起诉")
    while after >= 0:
        found = _table_four_at(stream, form, words, after)
        if found:
            return found
        after = stream.text.find("复议后起诉", after + 1)
    return {}


def _table_four_at(stream: Stream, form: Form, words: Sequence[Word], after: int) -> dict[str, str]:
    direct = stream.text.rfind("未经复议直接起诉", 0, after)
    start = stream.text.rfind("行政复议", 0, direct) if direct >= 0 else -1
    if start < 0 or after - start > WINDOW:
        return {}
    leaves: list[tuple[str, Place]] = []
    for name in form.results:
        at = start
        for _ in form.review_groups:
            located = stream.locate([fold_label(name)], at, after + WINDOW)
            if located is None:
                return {}
            leaves.append((name, located[1]))
            at = located[0][0] + 1
    leaves.sort(key=lambda leaf: leaf[1].x)
    size = len(form.results)
    if [name for name, _ in leaves] != list(form.results) * len(form.review_groups):
        return {}
    first = stream.place(range(direct, direct + 8))
    second = stream.place(range(after, after + 5))
    if first is None or second is None or first.page != second.page:
        return {}
    if not leaves[size][1].x < first.x < leaves[2 * size][1].x < second.x:
        return {}
    spots = [place for _, place in leaves]
    keys = [f"4|{form.review_row}|{column}" for column in form.review_columns()]
    texts = dict.fromkeys(keys, "")
    table = Columns(spots)
    for word in _row_below(spots, words):
        index = table.at(word.x)
        if index is None:
            return {}
        texts[keys[index]] += word.text
    return texts if any(texts.values()) else {}


def _row_below(spots: Sequence[Place], words: Sequence[Word]) -> list[Word]:
    """Give the values under a header: on its page, or first on the next."""
    page, low = spots[0].page, max(spot.bottom for spot in spots)
    left, right = spots[0].x0 - 20, spots[-1].x1 + 20
    for number, top in ((page, low), (page + 1, 0.0)):
        own = [w for w in words if w.page == number and w.y > top and left < w.x < right]
        for line in sorted({word.y for word in own}):
            if sum(abs(word.y - line) < 6 for word in own) >= 5:
                # Numbers that wrap in a narrow cell begin above the others, and end below.
                near = [word for word in own if line - 15 <= word.y <= line + 30]
                return sorted(near, key=lambda word: word.y)
    return []
