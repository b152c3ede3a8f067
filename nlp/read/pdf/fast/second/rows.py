"""Rows of tables two and three by the places of their labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from nlp.form import Column, Form, Row, fold_label
from nlp.read.pdf.fast.second.columns import Columns
from nlp.read.pdf.fast.second.stream import Place, Stream, Word

# A label further on than this (folded characters) belongs to something else.
WINDOW = 320
# How far above and below its label a row may reach (points): at a page's end or the table's,
# where a footer may follow, and where a row that was not found stands next to it.
_FAR, _NEAR = 8.0, 1.0


@dataclass(slots=True)
class FoundRow:
    """A row's label, its columns by cell key, and the stretch of the page that is its own.

    ``edge`` marks a header, ``lonely`` a row above which the form has one that was not found.
    """

    place: Place
    columns: list[tuple[str, Place]]
    edge: bool = False
    lonely: bool = False
    top: float = 0.0
    bottom: float = 0.0


def find_table_two(stream: Stream, form: Form) -> list[FoundRow]:
    """Find the rows of table two, each with the columns of its own block."""
    rows: list[FoundRow] = []
    at = max(stream.text.find("信息内容"), 0)
    for block in form.blocks:
        columns: list[tuple[Column, Place]] = []
        head = at
        for column in block.columns:
            located = stream.locate(column.labels, head, head + WINDOW)
            if located is None:
                break
            columns.append((column, located[1]))
            head = located[0][-1] + 1
        if len(columns) < len(block.columns):
            continue
        ordered = all(a.x < b.x for (_, a), (_, b) in pairwise(columns))
        at = head
        rows.append(FoundRow(columns[0][1], [], edge=True))
        missed = False
        for row in block.rows:
            located = stream.locate(row.labels, at, at + WINDOW)
            if located is None:
                missed = True
                continue
            found, place = located
            at = found[-1] + 1
            keys = [(f"2|{row.no}|{column.key}", spot) for column, spot in columns]
            rows.append(FoundRow(place, keys if ordered else [], lonely=missed))
            missed = False
    return rows


def find_table_three(stream: Stream, form: Form) -> list[FoundRow]:
    """Find the rows of table three; none where a column was not found."""
    begin = stream.text.find("自然人")
    if begin < 0:
        return []
    stop = stream.text.find("本年新收政府信息公开申请数量", begin)
    stop = stop if 0 <= stop < begin + WINDOW else begin + WINDOW
    columns: list[tuple[Column, Place]] = []
    at = begin
    for column in form.applicants:
        # 总计 is printed before the five kinds of bodies where it spans both header rows;
        # 其他 is also the end of 法人或其他组织.
        located = stream.locate(column.labels, begin if column.key == "总计" else at, stop)
        if located is None:
            return []
        columns.append((column, located[1]))
        at = max(at, located[0][0] + 1)
    if not all(a.x < b.x for (_, a), (_, b) in pairwise(columns)):
        return []
    rows = [FoundRow(columns[0][1], [], edge=True)]
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
            rows.append(FoundRow(place, keys, lonely=missed))
            missed = False
    return rows


def _find_request(stream: Stream, row: Row, at: int) -> list[int] | None:
    ordinal = fold_label(row.ordinal)
    found = stream.find([ordinal + label for label in row.labels], at, at + WINDOW)
    if found is None and len(row.label) > 4:
        found = stream.find(row.labels, at, at + WINDOW)
    return found


def with_bands(rows: Sequence[FoundRow]) -> list[FoundRow]:
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


def read_row(row: FoundRow, table: Columns, words: Sequence[Word]) -> dict[str, str]:
    """Give the raw text of a row by cell key; nothing where a value stands under no column."""
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
