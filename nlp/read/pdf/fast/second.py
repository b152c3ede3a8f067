"""A second route to the statutory cells, by the places of words alone.

The grid says where a number stands by the ruling lines around it; this route does not look
at them.  It finds the form's labels in the order in which the page prints its characters,
and gives a number to the row whose label is beside it and to the column whose label is
above it.  Where it finds a row's label and all the columns, its word on that row can be
laid beside the grid's; table two, whose arithmetic proves nothing, is accepted only so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from nlp.form import Column, Form, Row, fold_label, load_form
from nlp.read.pdf.fast.page import Mark

# A label further on than this (folded characters) belongs to something else.
_WINDOW = 320
# What may be printed in a cell; a word with anything else is no value.
_VALUE = frozenset("0123456789.,-+/\\—–－_减无万元")
_TOUCHING = 0.35
_SAME_LINE = 0.5


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a label is printed: its page, and the box around its characters."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def x(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def y(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(slots=True)
class _Word:
    """A run of touching characters that may be a value, and where it stands."""

    text: str
    page: int
    x: float
    y: float
    at: int


@cache
def _fold(char: str) -> str:
    return fold_label(char)


class _Stream:
    """The characters of all pages as they are printed, folded as labels are."""

    def __init__(self, pages: Sequence[Sequence[Mark]]) -> None:
        self.marks: list[tuple[int, Mark]] = []
        owners: list[int] = []
        parts: list[str] = []
        for number, marks in enumerate(pages, 1):
            for mark in marks:
                folded = _fold(mark[4])
                if folded:
                    parts.append(folded)
                    owners.extend([len(self.marks)] * len(folded))
                self.marks.append((number, mark))
        self.text = "".join(parts)
        self._owners = owners
        self.used: set[int] = set()

    def find(self, labels: Iterable[str], start: int, stop: int) -> tuple[int, int] | None:
        """Find the first of some labels between two places of the text."""
        best: tuple[int, int] | None = None
        for label in labels:
            at = self.text.find(label, start, stop) if label else -1
            if at >= 0 and (best is None or (at, -len(label)) < (best[0], best[0] - best[1])):
                best = at, at + len(label)
        return best

    def place(self, found: tuple[int, int]) -> _Place | None:
        """Give the box of a stretch of the text; None where a page break cuts it."""
        marks = [self.marks[k] for k in dict.fromkeys(self._owners[found[0] : found[1]])]
        if len({page for page, _ in marks}) != 1:
            return None
        self.used.update(self._owners[found[0] : found[1]])
        own = [mark for _, mark in marks]
        return _Place(
            marks[0][0],
            min(m[1] for m in own),
            min(m[0] - m[3] / 2 for m in own),
            max(m[2] for m in own),
            max(m[0] + m[3] / 2 for m in own),
        )

    def words(self) -> list[_Word]:
        """Give the runs that may be values, in the order in which they are printed."""
        words: list[_Word] = []
        run: list[Mark] = []
        page = first = 0

        def close() -> None:
            if run and all(m[4] in _VALUE for m in run):
                x = (run[0][1] + run[-1][2]) / 2
                words.append(_Word("".join(m[4] for m in run), page, x, run[0][0], first))

        for index, (number, mark) in enumerate(self.marks):
            y, x0, _, size, char, _, _ = mark
            if char == " ":
                continue
            follows = (
                bool(run)
                and number == page
                and abs(y - run[-1][0]) < _SAME_LINE * size
                and -0.5 * size < x0 - run[-1][2] < _TOUCHING * size
            )
            if not follows:
                close()
                run, page, first = [], number, index
            run.append(mark)
        close()
        return words


def read_second(pages: Sequence[Sequence[Mark]]) -> dict[str, str]:
    """Read the cells of the statutory tables by the places of words.

    Parameters
    ----------
    pages : sequence of sequence of Mark
        The marks of each page, in the order of its content stream.

    Returns
    -------
    dict of str to str
        Raw text by cell key, "" where nothing is printed; whole rows only, and only those
        whose labels and columns were all found.
    """
    stream = _Stream(pages)
    made = {"2019": "本年新制作数量", "2021": "本年制发件数"}
    edition = "2019" if stream.text.find(made["2019"]) >= 0 else "2021"
    form = load_form("2019" if edition == "2019" else "2021")
    rows = [*_table_two(stream, form), *_table_three(stream, form)]
    words = [word for word in stream.words() if word.at not in stream.used]
    found: dict[str, str] = {}
    for own in _with_bands(rows):
        found.update(_read_row(own, words))
    found.update(_table_four(stream, form, words))
    return found


@dataclass(slots=True)
class _FoundRow:
    """A row's label, its columns by cell key, and the stretch of the page that is its own."""

    place: _Place
    columns: list[tuple[str, _Place]]
    edge: bool = False
    top: float = 0.0
    bottom: float = 0.0


def _table_two(stream: _Stream, form: Form) -> list[_FoundRow]:
    rows: list[_FoundRow] = []
    at = max(stream.text.find("主动公开政府信息情况"), 0)
    for block in form.blocks:
        columns: list[tuple[Column, _Place]] = []
        head = at
        for column in block.columns:
            found = stream.find(column.labels, head, head + _WINDOW)
            place = stream.place(found) if found else None
            if found is None or place is None:
                break
            columns.append((column, place))
            head = found[1]
        if len(columns) < len(block.columns):
            continue
        ordered = all(a.x < b.x for (_, a), (_, b) in pairwise(columns))
        at = head
        rows.append(_FoundRow(columns[0][1], [], edge=True))
        for row in block.rows:
            found = stream.find(row.labels, at, at + _WINDOW)
            place = stream.place(found) if found else None
            if found is None or place is None:
                continue
            at = found[1]
            keys = [(f"2|{row.no}|{column.key}", spot) for column, spot in columns]
            rows.append(_FoundRow(place, keys if ordered else []))
    return rows


def _table_three(stream: _Stream, form: Form) -> list[_FoundRow]:
    begin = stream.text.find("自然人")
    if begin < 0:
        return []
    stop = stream.text.find("本年新收政府信息公开申请数量", begin)
    stop = stop if 0 <= stop < begin + _WINDOW else begin + _WINDOW
    columns: list[tuple[Column, _Place]] = []
    at = begin
    for column in form.applicants:
        # 总计 is printed before the five kinds of bodies where it spans both header rows;
        # 其他 is also the end of 法人或其他组织.
        found = stream.find(column.labels, begin if column.key == "总计" else at, stop)
        place = stream.place(found) if found else None
        if found is None or place is None:
            return []
        columns.append((column, place))
        at = max(at, found[1])
    if not all(a.x < b.x for (_, a), (_, b) in pairwise(columns)):
        return []
    rows = [_FoundRow(columns[0][1], [], edge=True)]
    single = stream.text.find("不再处理其政府信息公开申请", at) < 0
    for row in form.requests:
        others = [row]
        if row.no == "3.6.1" and single:
            others = list(form.request_alternatives)
        elif row.no.startswith("3.6.") and single:
            continue
        for chosen in others:
            found = _find_request(stream, chosen, at)
            place = stream.place(found) if found else None
            if found is None or place is None:
                continue
            at = found[1]
            keys = [(f"3|{chosen.no}|{column.key}", spot) for column, spot in columns]
            rows.append(_FoundRow(place, keys))
    return rows


def _find_request(stream: _Stream, row: Row, at: int) -> tuple[int, int] | None:
    ordinal = fold_label(row.ordinal)
    found = stream.find([ordinal + label for label in row.labels], at, at + _WINDOW)
    if found is None and len(row.label) > 4:
        found = stream.find(row.labels, at, at + _WINDOW)
    return found


def _with_bands(rows: Sequence[_FoundRow]) -> list[_FoundRow]:
    """Give each row the stretch up to half the way to the labels above and below it."""
    for row in rows:
        row.top, row.bottom = row.place.top - row.place.bottom + row.place.y, float("inf")
        row.top = row.place.top - 30
        row.bottom = row.place.bottom + 30
    for upper, lower in pairwise(rows):
        if upper.place.page == lower.place.page and upper.place.y < lower.place.y:
            middle = (upper.place.bottom + lower.place.top) / 2
            upper.bottom, lower.top = min(upper.bottom, middle), max(lower.top, middle)
    return [row for row in rows if not row.edge and row.columns]


def _read_row(row: _FoundRow, words: Sequence[_Word]) -> dict[str, str]:
    spots = [spot for _, spot in row.columns]
    texts: dict[str, str] = {key: "" for key, _ in row.columns}
    right = row.place.x1
    for word in words:
        if word.page != row.place.page or not row.top <= word.y <= row.bottom or word.x < right:
            continue
        index = _column_at(word.x, spots)
        if index is None:
            return {}
        texts[row.columns[index][0]] += word.text
    return texts


def _column_at(x: float, spots: Sequence[_Place]) -> int | None:
    """Give the column whose label is above; None beside or between all."""
    nearest = min(range(len(spots)), key=lambda k: abs(spots[k].x - x))
    own = spots[nearest]
    gaps = [abs(other.x - own.x) for other in spots if other is not own]
    # Half the way to the next column is somebody else's; so is what is not under the label.
    reach = min([0.5 * gap for gap in gaps], default=own.x1 - own.x0)
    inside = own.x0 - 2 <= x <= own.x1 + 2
    return nearest if inside or abs(x - own.x) < 0.8 * reach else None


def _table_four(stream: _Stream, form: Form, words: Sequence[_Word]) -> dict[str, str]:
    second = stream.text.rfind("复议后起诉")
    first = stream.text.rfind("未经复议直接起诉", 0, second) if second >= 0 else -1
    start = stream.text.rfind("行政复议", 0, first) if first >= 0 else -1
    if start < 0:
        return {}
    leaves: list[tuple[str, _Place]] = []
    stop = second + _WINDOW
    for name in form.results:
        at = start
        for _ in form.review_groups:
            found = stream.find([fold_label(name)], at, stop)
            place = stream.place(found) if found else None
            if found is None or place is None:
                return {}
            leaves.append((name, place))
            at = found[1]
    leaves.sort(key=lambda leaf: leaf[1].x)
    size = len(form.results)
    order = [name for name, _ in leaves]
    if order != list(form.results) * len(form.review_groups):
        return {}
    direct = stream.place((first, first + 8))
    after = stream.place((second, second + 5))
    if direct is None or after is None or not direct.x < after.x:
        return {}
    if not leaves[size][1].x < direct.x < leaves[2 * size][1].x < after.x:
        return {}
    spots = [place for _, place in leaves]
    keys = [f"4|{form.review_row}|{column}" for column in form.review_columns()]
    texts = dict.fromkeys(keys, "")
    page, low = spots[0].page, max(spot.bottom for spot in spots)
    below = [w for w in words if w.page == page and w.y > low and w.x > spots[0].x0 - 40]
    if not below:
        return {}
    line = min(word.y for word in below)
    for word in below:
        if word.y - line > 40:
            continue
        index = _column_at(word.x, spots)
        if index is None:
            return {}
        texts[keys[index]] += word.text
    return texts
