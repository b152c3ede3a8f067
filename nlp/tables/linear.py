"""Printed rows of the statutory tables from text that has them line by line.

One cell a line, several cells a line, pipes, spaces, labels broken over lines and around
their values: all become label fragments and runs of values, and the form's rows are then
found by their labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nlp.documents import AnnualReport, Paragraph
from nlp.tables.align import PrintedRow, RawValue
from nlp.tables.values import parse_value

_SPLIT = re.compile(r"[|\t]|\s+")
# 规章000, （七）总计11: digits glued to the end of a label.
_GLUED = re.compile(r"^(?P<label>.*[\u4e00-\u9fff）)”])(?P<digits>[\d.]+)$")
_REQUESTS_BEGIN = re.compile(r"申请人情况|勾稽关系|本年新收政府信息公开")
_REQUESTS_END = re.compile(r"结转下一?年度")
_REVIEW = re.compile(r"复议|诉讼")
# 结 alone begins the vertical header 结果维持.
_REVIEW_BEGIN = re.compile(r"行政复议|行政诉讼|^结果?|^结\s")


@dataclass(frozen=True, slots=True)
class Token:
    """A label fragment or a value, and the line it stands on."""

    text: str
    is_value: bool
    page: int
    line: int
    box: tuple[float, float, float, float] | None


def table_paragraphs(report: AnnualReport) -> list[Paragraph]:
    """Give the paragraphs that are lines of a table without rules."""
    gridded = {(block.start, block.end) for block in report.tables}
    return [p for p in report.paragraphs if p.kind == "table" and (p.start, p.end) not in gridded]


def tokenize(report: AnnualReport, paragraphs: Iterable[Paragraph]) -> list[Token]:
    """Split table lines into label fragments and values."""
    places = {segment.start: segment for segment in report.segments}
    tokens: list[Token] = []
    for paragraph in paragraphs:
        segment = places.get(paragraph.start)
        line = segment.line if segment else 0
        box = segment.box if segment else None
        text = report.text[paragraph.start : paragraph.end]
        for piece in _SPLIT.split(text):
            if not piece:
                continue
            state = parse_value(piece).state
            glued = _GLUED.match(piece) if state == "unreadable" else None
            parts = [(piece, state != "unreadable")]
            if glued:
                parts = [(glued.group("label"), False), (glued.group("digits"), True)]
            tokens.extend(Token(t, v, paragraph.page, line, box) for t, v in parts)
    return tokens


def split_tables(tokens: Sequence[Token]) -> dict[str, list[Token]]:
    """Divide the stream of tokens into tables two, three and four."""
    tables: dict[str, list[Token]] = {"2": [], "3": [], "4": []}
    current = "2"
    ending = False
    for token in tokens:
        if current == "2" and not token.is_value and _REQUESTS_BEGIN.search(token.text):
            current = "3"
        opens_review = _REVIEW_BEGIN if ending else _REVIEW
        if current == ("3" if ending else "2") and not token.is_value:
            current = "4" if opens_review.search(token.text) else current
        if current == "3" and _REQUESTS_END.search(token.text):
            ending = True
        tables[current].append(token)
    return tables


def group_rows(tokens: Sequence[Token]) -> list[PrintedRow]:
    """Group tokens into printed rows: label fragments and the values that follow them."""
    rows: list[PrintedRow] = []
    labels: list[str] = []
    values: list[RawValue] = []
    for token in tokens:
        if token.is_value:
            values.append(RawValue(token.text, token.page, token.box, token.line))
            continue
        if values:
            rows.append(PrintedRow(tuple(labels), tuple(values), False, values[0].page))
            labels, values = [], []
        labels.append(token.text)
    if values:
        rows.append(PrintedRow(tuple(labels), tuple(values), False, values[0].page))
    return rows


def split_glued_zeros(values: Sequence[RawValue], width: int) -> tuple[RawValue, ...]:
    """Split 000 into three zeros where that gives exactly the width of the table."""
    if len(values) >= width:
        return tuple(values)
    pieces: list[RawValue] = []
    for value in values:
        if re.fullmatch(r"0{2,}", value.text):
            pieces.extend(RawValue("0", value.page, value.box, value.line) for _ in value.text)
        else:
            pieces.append(value)
    return tuple(pieces) if len(pieces) == width else tuple(values)


def review_tokens(tokens: Sequence[Token]) -> list[RawValue]:
    """Values of table four in order; its header has no digits to be mistaken for one."""
    return [RawValue(t.text, t.page, t.box, t.line) for t in tokens if t.is_value]
