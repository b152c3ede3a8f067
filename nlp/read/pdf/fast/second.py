"""A second route to the statutory cells, by the places of words alone.

The grid says where a number stands by the ruling lines around it; this route does not look
at them.  It finds the form's labels in the order in which the page prints its characters,
and gives a number to the row whose label is beside it and to the column whose label is
above it.  Where it finds a row's label and all the columns, its word on that row can be
laid beside the grid's; table two, whose arithmetic proves nothing, is accepted only so.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from nlp.form import Column, Form, Row, fold_label, load_form
from nlp.read.pdf.fast.page import Mark, split_marks

# A label further on than this (folded characters) belongs to something else.
_WINDOW = 320
# What may be printed in a cell; a word with anything else is no value.
_VALUE = frozenset("0123456789.,-+/\\—–－_减无万元")
_TOUCHING = 0.35
# How far above and below its label a row may reach (points): at a page's end or the table's,
# where a footer may follow, and where a row that was not found stands next to it.
_FAR, _NEAR = 8.0, 1.0
_SAME_LINE = 0.5


@dataclass(slots=True)
class _Place:
    """Where a label is printed: its page, the box around its characters, and its middle."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float
    x: float = field(init=False)
    y: float = field(init=False)

    def __post_init__(self) -> None:
        self.x, self.y = (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2


@dataclass(slots=True)
class _Word:
    """A run of touching characters that may be a value, and where it stands."""

    text: str
    page: int
    x: float
    y: float
    at: int


class _Folded(dict[str, str]):
    """What a character is in a label."""

    def __missing__(self, char: str) -> str:
        folded = self[char] = fold_label(char)
        return folded


_FOLDED = _Folded()


class _Stream:
    """The characters of all pages as they are printed, folded as labels are."""

    def __init__(self, pages: Sequence[Sequence[Mark]]) -> None:
        self._pages = pages
        self._starts: list[int] = []
        self._marks: list[Mark] = []
        for marks in pages:
            self._starts.append(len(self._marks))
            self._marks += split_marks(marks)
        parts = [_FOLDED[mark[4]] for mark in self._marks]
        self.text = "".join(parts)
        self._owners: list[int] = []
        if max(map(len, parts), default=0) <= 1:
            self._owners = [index for index, part in enumerate(parts) if part]
        else:
            for index, part in enumerate(parts):
                self._owners += [index] * len(part)
        self.used: set[int] = set()

    def _at(self, index: int) -> tuple[int, Mark]:
        return bisect_right(self._starts, index), self._marks[index]

    def find(self, labels: Iterable[str], start: int, stop: int) -> list[int] | None:
        """Find the first of some labels between two places of the text.

        Returns
        -------
        list of int or None
            The places of its characters: side by side, unless the lines of several labels
            are printed by turns.
        """
        labels = [label for label in labels if label]
        best: tuple[int, int] | None = None
        for label in labels:
            at = self.text.find(label, start, stop)
            if at >= 0 and (best is None or (at, -len(label)) < best):
                best = at, -len(label)
        if best is not None:
            return list(range(best[0], best[0] - best[1]))
        for label in labels:
            scattered = self._find_scattered(label, start, stop)
            if scattered:
                return scattered
        return None

    def _find_scattered(self, label: str, start: int, stop: int) -> list[int] | None:
        """Find a label whose lines have characters of other labels between them."""
        first = self.text.find(label[0], start, stop)
        while first >= 0:
            found = [first]
            for char in label[1:]:
                at = self.text.find(char, found[-1] + 1, min(found[-1] + 30, stop))
                while at >= 0 and not self._follows(found[-1], at, found[0]):
                    at = self.text.find(char, at + 1, min(found[-1] + 30, stop))
                if at < 0:
                    break
                found.append(at)
            if len(found) == len(label):
                return found
            first = self.text.find(label[0], first + 1, stop)
        return None

    def _follows(self, left: int, right: int, first: int) -> bool:
        """Whether a character stands right of another, or begins the line below it."""
        page, a = self._at(self._owners[left])
        other, b = self._at(self._owners[right])
        begin = self._marks[self._owners[first]]
        size = a[3]
        if page != other:
            return False
        if abs(b[0] - a[0]) < _SAME_LINE * size:
            return -0.5 * size < b[1] - a[2] < _TOUCHING * size
        across = b[1] - begin[1]
        return 0.8 * size < b[0] - a[0] < 2.2 * size and -0.6 * size < across < 2.2 * size

    def place(self, found: Sequence[int]) -> _Place | None:
        """Give the box around characters of the text; None where a page break cuts them."""
        own_marks = dict.fromkeys(self._owners[k] for k in found)
        indices = list(own_marks)
        page = bisect_right(self._starts, min(indices))
        if bisect_right(self._starts, max(indices)) != page:
            return None
        self.used.update(indices)
        own = [self._marks[k] for k in indices]
        return _Place(
            page,
            min([m[1] for m in own]),
            min([m[0] - m[3] / 2 for m in own]),
            max([m[2] for m in own]),
            max([m[0] + m[3] / 2 for m in own]),
        )

    def words(self) -> list[_Word]:
        """Give the runs that may be values, in the order in which they are printed."""
        words: list[_Word] = []
        text, clean = "", False
        page = first = 0
        y = left = right = 0.0
        for number, marks in enumerate(self._pages, 1):
            index = self._starts[number - 1]
            for my, x0, x1, size, chars, _, _, inner in marks:
                at = index
                index += len(inner) or 1
                if chars == " ":
                    continue
                gap = x0 - right
                if (
                    -0.5 * size < gap < _TOUCHING * size
                    and -_SAME_LINE * size < my - y < _SAME_LINE * size
                    and number == page
                ):
                    clean = clean and _VALUE.issuperset(chars)
                    text += chars if clean else ""
                else:
                    if clean:
                        words.append(_Word(text, page, (left + right) / 2, y, first))
                    clean = _VALUE.issuperset(chars)
                    text, page, first, left = chars, number, at, x0
                y, right = my, x1
        if clean:
            words.append(_Word(text, page, (left + right) / 2, y, first))
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
    lines: dict[int, list[_Word]] = {}
    for word in sorted(words, key=lambda word: word.y):
        lines.setdefault(word.page, []).append(word)
    heights = {page: [word.y for word in own] for page, own in lines.items()}
    header: list[_Place] = []
    for own in _with_bands(rows):
        page = own.place.page
        spots = [spot for _, spot in own.columns]
        if spots != header:
            header, table = spots, _Columns(spots)
        if page in lines:
            begin = bisect_left(heights[page], own.top)
            end = bisect_right(heights[page], own.bottom)
            found.update(_read_row(own, table, lines[page][begin:end]))
    found.update(_table_four(stream, form, words))
    return found


@dataclass(slots=True)
class _FoundRow:
    """A row's label, its columns by cell key, and the stretch of the page that is its own.

    ``edge`` marks a header, ``lonely`` a row above which the form has one that was not found.
    """

    place: _Place
    columns: list[tuple[str, _Place]]
    edge: bool = False
    lonely: bool = False
    top: float = 0.0
    bottom: float = 0.0


def _table_two(stream: _Stream, form: Form) -> list[_FoundRow]:
    rows: list[_FoundRow] = []
    at = max(stream.text.find("信息内容"), 0)
    for block in form.blocks:
        columns: list[tuple[Column, _Place]] = []
        head = at
        for column in block.columns:
            found = stream.find(column.labels, head, head + _WINDOW)
            place = stream.place(found) if found else None
            if found is None or place is None:
                break
            columns.append((column, place))
            head = found[-1] + 1
        if len(columns) < len(block.columns):
            continue
        ordered = all(a.x < b.x for (_, a), (_, b) in pairwise(columns))
        at = head
        rows.append(_FoundRow(columns[0][1], [], edge=True))
        missed = False
        for row in block.rows:
            found = stream.find(row.labels, at, at + _WINDOW)
            place = stream.place(found) if found else None
            if found is None or place is None:
                missed = True
                continue
            at = found[-1] + 1
            keys = [(f"2|{row.no}|{column.key}", spot) for column, spot in columns]
            rows.append(_FoundRow(place, keys if ordered else [], lonely=missed))
            missed = False
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
        at = max(at, found[0] + 1)
    if not all(a.x < b.x for (_, a), (_, b) in pairwise(columns)):
        return []
    rows = [_FoundRow(columns[0][1], [], edge=True)]
    missed = False
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
                missed = True
                continue
            at = found[-1] + 1
            keys = [(f"3|{chosen.no}|{column.key}", spot) for column, spot in columns]
            rows.append(_FoundRow(place, keys, lonely=missed))
            missed = False
    return rows


def _find_request(stream: _Stream, row: Row, at: int) -> list[int] | None:
    ordinal = fold_label(row.ordinal)
    found = stream.find([ordinal + label for label in row.labels], at, at + _WINDOW)
    if found is None and len(row.label) > 4:
        found = stream.find(row.labels, at, at + _WINDOW)
    return found


def _with_bands(rows: Sequence[_FoundRow]) -> list[_FoundRow]:
    """Give each row the stretch up to half the way to the labels above and below it."""
    for row in rows:
        row.top, row.bottom = row.place.top - _FAR, row.place.bottom + _FAR
    for upper, lower in pairwise(rows):
        if lower.lonely:
            upper.bottom = upper.place.bottom + _NEAR
        if upper.place.page == lower.place.page and upper.place.y < lower.place.y:
            middle = (upper.place.bottom + lower.place.top) / 2
            near = lower.lonely
            upper.bottom = min(upper.bottom, upper.place.bottom + _NEAR if near else middle)
            lower.top = max(lower.top, lower.place.top - _NEAR if near else middle)
    return [row for row in rows if not row.edge and row.columns]


def _read_row(row: _FoundRow, table: _Columns, words: Sequence[_Word]) -> dict[str, str]:
    texts: dict[str, str] = {key: "" for key, _ in row.columns}
    right = row.place.x1
    for word in words:
        if word.x < right:
            continue
        index = table.at(word.x)
        if index is None:
            return {}
        texts[row.columns[index][0]] += word.text
    # No value at all: perhaps a page's end has cut them from their label.
    return texts if any(texts.values()) else {}


class _Columns:
    """The columns of a table, to be asked which of them a value stands under."""

    def __init__(self, spots: Sequence[_Place]) -> None:
        self._xs = [spot.x for spot in spots]
        self._edges = [(spot.x0 - 2, spot.x1 + 2) for spot in spots]
        # Half the way to the next column is somebody else's; so is what is not under the label.
        self._reach = [
            min(
                [0.5 * abs(other.x - own.x) for other in spots if other is not own],
                default=own.x1 - own.x0,
            )
            for own in spots
        ]

    def at(self, x: float) -> int | None:
        """Give the column whose label is above; None beside or between all."""
        gaps = [abs(own - x) for own in self._xs]
        gap = min(gaps)
        nearest = gaps.index(gap)
        left, right = self._edges[nearest]
        return nearest if left <= x <= right or gap < 0.8 * self._reach[nearest] else None


def _table_four(stream: _Stream, form: Form, words: Sequence[_Word]) -> dict[str, str]:
    # The prose of the section may name the groups as well: the table is where all fits.
    after = stream.text.find("复议后起诉")
    while after >= 0:
        found = _table_four_at(stream, form, words, after)
        if found:
            return found
        after = stream.text.find("复议后起诉", after + 1)
    return {}


def _table_four_at(
    stream: _Stream, form: Form, words: Sequence[_Word], after: int
) -> dict[str, str]:
    direct = stream.text.rfind("未经复议直接起诉", 0, after)
    start = stream.text.rfind("行政复议", 0, direct) if direct >= 0 else -1
    if start < 0 or after - start > _WINDOW:
        return {}
    leaves: list[tuple[str, _Place]] = []
    for name in form.results:
        at = start
        for _ in form.review_groups:
            found = stream.find([fold_label(name)], at, after + _WINDOW)
            place = stream.place(found) if found else None
            if found is None or place is None:
                return {}
            leaves.append((name, place))
            at = found[0] + 1
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
    table = _Columns(spots)
    for word in _row_below(spots, words):
        index = table.at(word.x)
        if index is None:
            return {}
        texts[keys[index]] += word.text
    return texts if any(texts.values()) else {}


def _row_below(spots: Sequence[_Place], words: Sequence[_Word]) -> list[_Word]:
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
