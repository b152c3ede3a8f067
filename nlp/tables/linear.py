"""Printed rows of the statutory tables from text that has them line by line.

One cell a line, several cells a line, pipes, spaces, labels broken over lines and around
their values: all become label fragments and runs of values, and the form's rows are then
found by their labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from nlp.documents import AnnualReport, Paragraph
from nlp.form import Column, fold_label
from nlp.tables.align import PrintedRow, RawValue
from nlp.tables.values import is_value_text, parse_value

# 规章000, （七）总计11, 规章///: values glued between labels.  A digit that an ordinal's
# mark follows (1.属于…) belongs to the label behind it; 增/减 holds a single stroke.
_GLUED = re.compile(
    r"(?<=[\u4e00-\u9fff）)”》])"
    r"(?P<digits>\d[\d.]*(?:万元|元|件)|(?:[\d/／—○+\-]|无(?=[\d/／—无]))[\d.,/／—无○+\-]*?|减\d+)"
    r"(?=$|\d[.、．][\u4e00-\u9fff]|(?<![/／—无])[（(\u4e00-\u9fff]|(?<=[\d/／—无]{2})[（(\u4e00-\u9fff])"
)
_SIGNS = re.compile(r"[/／—无○]|[^/／—无○]+")
_NOT_GLUED = re.compile(r"^(?:年|项|月|号|日)")
_REQUESTS_BEGIN = re.compile(r"申请人情况|勾稽关系|本年新收政府信息公开")
_REQUESTS_END = re.compile(r"结转下一?年度")
_REVIEW = re.compile(r"复议|诉讼")
# 结 alone begins the vertical header 结果维持.
_REVIEW_BEGIN = re.compile(r"行政复议|行政诉讼|^结果?|^结\s")
_SECTIONS = {"二": "2", "三": "3", "四": "4"}
# So many characters of a column's name tell it from the others.
_HEAD = 2
# Columns of numbers that some tables have and the form has not; 合计 may stand for 总计.
_FOREIGN_HEADS = frozenset({"序号", "编号", "年度", "年份"})
_SUMS = frozenset({"合计", "小计"})
_PIPES = re.compile(r"[|｜]")
# Cells of one number or none that a line must have for its pipes to part all cells …
_RULED = 4
# … and numbers that one cell may hold; more of them are columns parted by spaces.
_CROWDED = 3
_PAGE_NUMBER = re.compile(r"[-—–－ ]*\d{1,3}[-—–－ ]*|第 *\d+ *页.*|\d{1,3} */ *\d{1,3}")


@dataclass(frozen=True, slots=True)
class Token:
    """A label fragment or a value, the line it stands on and the table of its section."""

    text: str
    is_value: bool
    page: int
    line: int
    box: tuple[float, float, float, float] | None
    table: str = ""


def table_paragraphs(report: AnnualReport) -> list[Paragraph]:
    """Give the paragraphs that are lines of a table without rules.

    A foreign column's head that stands right above them, alone in its line, is one of them.
    """
    gridded = {(block.start, block.end) for block in report.tables}
    lined = [p.kind == "table" and (p.start, p.end) not in gridded for p in report.paragraphs]
    return [
        p
        for p, own, below in zip(report.paragraphs, lined, [*lined[1:], False], strict=True)
        if own or (below and report.text[p.start : p.end].strip() in _FOREIGN_HEADS)
    ]


def tokenize(report: AnnualReport, paragraphs: Sequence[Paragraph]) -> list[Token]:
    """Split table lines into label fragments and values.

    White space parts cells, and so do pipes; between two pipes an empty cell is a value
    with the text ``""``.
    """
    places = {segment.start: segment for segment in report.segments}
    tokens: list[Token] = []
    # True while a cell that a pipe has to close is open (``0`` on one line, ``|`` below).
    open_cell = False
    leads = _rows_begin_with_pipe(report, paragraphs)
    ruled = _rows_are_lines(report, paragraphs)
    closed = False
    for paragraph in paragraphs:
        segment = places.get(paragraph.start)
        line = segment.line if segment else 0
        box = segment.box if segment else None
        table = _SECTIONS.get(paragraph.section or "", "")
        for text in report.text[paragraph.start : paragraph.end].split("\n"):
            if closed and not open_cell and _PAGE_NUMBER.fullmatch(text.strip()):
                continue  # outside of every cell
            pieces, open_cell = _split_line(text, open_cell, leads)
            closed = ruled and (closed if not text.strip() else bool(_PIPES.search(text)))
            for piece, is_value in pieces:
                tokens.append(Token(piece, is_value, paragraph.page, line, box, table))
    return tokens


def _rows_are_lines(report: AnnualReport, paragraphs: Sequence[Paragraph]) -> bool:
    """Tell whether rows stand in lines of their own, with pipes between the cells."""
    rows = (
        line
        for p in paragraphs
        for line in report.text[p.start : p.end].split("\n")
        if len(_PIPES.findall(line)) > _RULED
    )
    return len(list(islice(rows, _CROWDED))) == _CROWDED


def _rows_begin_with_pipe(report: AnnualReport, paragraphs: Sequence[Paragraph]) -> bool:
    """Tell whether rows are written ``| a | b |``; else a pipe in front is an empty cell."""
    rows = [
        text
        for p in paragraphs
        if len(_PIPES.findall(text := report.text[p.start : p.end].strip())) > 1
    ]
    return all(_PIPES.match(row) for row in rows)


def _split_line(text: str, open_cell: bool, leads: bool) -> tuple[list[tuple[str, bool]], bool]:
    text = text.strip()
    if not _PIPES.search(text):
        pieces = list(_split_words(text))
        return pieces, bool(pieces)
    parts = _PIPES.split(text)
    if not parts[0].strip() and (open_cell or (leads and len(parts) > 2)):
        # The pipe closes the cell of the line above, or opens the row.
        parts = parts[1:]
        if len(parts) == 1 and not parts[0].strip():
            return [], False
    closed = not parts[-1].strip()
    if closed:
        parts = parts[:-1]
    found: list[tuple[str, bool]] = []
    # Where pipes part the cells, two numbers between two pipes are one cell's, and no column more.
    ruled = sum(not part.strip() or is_value_text(part) for part in parts) >= _RULED
    for part in parts:
        words = list(_split_words(part.strip())) if part.strip() else [("", True)]
        if ruled and 1 < len(words) <= _CROWDED and all(is_value for _, is_value in words):
            words = [(part.strip(), True)]
        found.extend(words)
    return found, not closed


def _split_words(text: str) -> Iterator[tuple[str, bool]]:
    for piece in text.split():
        if parse_value(piece).state != "unreadable":
            yield piece, True
            continue
        start = 0
        for match in _GLUED.finditer(piece):
            if _NOT_GLUED.match(piece[match.end() :]) or match.start() < start:
                continue
            yield piece[start : match.start()], False
            for sign in _SIGNS.findall(match.group("digits")):
                yield sign, True
            start = match.end()
        if start < len(piece):
            yield piece[start:], False


def split_tables(tokens: Sequence[Token]) -> dict[str, list[Token]]:
    """Divide the stream of tokens into tables two, three and four."""
    tables: dict[str, list[Token]] = {"2": [], "3": [], "4": []}
    current = "2"
    ending = False
    for token in tokens:
        if token.table > current:
            current, ending = token.table, False
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
    """Group tokens into printed rows: label fragments and the values that follow them.

    The last row may have no values: it holds what is left of a label printed around them.
    """
    rows: list[PrintedRow] = []
    labels: list[str] = []
    values: list[RawValue] = []

    def close() -> None:
        nonlocal labels, values
        page = values[0].page if values else tokens[-1].page
        rows.append(PrintedRow(tuple(labels), tuple(values), False, page, wraps=True))
        labels, values = [], []

    for token in tokens:
        if token.is_value:
            values.append(RawValue(token.text, token.page, token.box, token.line))
            continue
        if values:
            close()
        labels.append(token.text)
    if labels or values:
        close()
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


def find_foreign_head(heads: Sequence[str]) -> str:
    """Find the head of a column of numbers that the form does not have (序号); else ``""``.

    Examples
    --------
    >>> find_foreign_head(["序号", "行政复议"]), find_foreign_head(["总计"])
    ('序号', '')
    """
    words = [fold_label(head) for head in heads]
    foreign = _FOREIGN_HEADS | (_SUMS if "总计" in words else set())
    return next((word for word in words if word in foreign), "")


def printed_order(header: Sequence[str], columns: Sequence[Column]) -> tuple[int, ...] | None:
    """Tell the order in which a header prints the columns, from left to right.

    Parameters
    ----------
    header : sequence of str
        The header's fragments; words may be cut over several of them.
    columns : sequence of Column

    Returns
    -------
    tuple of int or None
        The form's order where the header does not tell; None where two columns are seen
        in another order, but not all of them can be placed.
    """
    joined = fold_label("".join(header))
    places: dict[int, int] = {}
    for index, column in enumerate(columns):
        # 企业 for 商业企业 is part of other words; 其他 is a column's own name.
        names = [label for label in column.labels if len(label) > 2 or label == column.key]
        at = max((joined.rfind(label) for label in names), default=-1)
        if at < 0 and len(column.key) > _HEAD:
            # Names broken over lines stand head beside head: 科研 社会 法律 / 机构 公益 服务.
            at = joined.rfind(column.key[:_HEAD])
        if at >= 0:
            places[index] = at
    seen = sorted(places, key=lambda index: places[index])
    if len(set(places.values())) < len(places) or seen == sorted(seen):
        return tuple(range(len(columns)))
    return tuple(seen) if len(seen) == len(columns) else None
