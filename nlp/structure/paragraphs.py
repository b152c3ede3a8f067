"""Join printed lines into paragraphs and the report's text.

Chinese lines are joined without spaces.  Whether a line begins a paragraph is told by the
source where it knows (HTML, Word), by geometry in PDFs (indent, short line before, gap,
size), and by line widths in plain text.  Every printed line leaves a ``Segment`` so that any
offset can be traced to page, line and box.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from nlp.documents import Block, Grid, Line, Paragraph, ParagraphKind, Segment, TableBlock
from nlp.structure.clean import clean_line, clean_prose, display_width, to_simplified
from nlp.structure.headings import looks_like_heading

_TERMINAL = tuple("。！？!?；;：:”）)…")
_SENTENCE_END = tuple("。！？!?")
_MARKER = re.compile(
    r"^\s*(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[、.．](?!\d)"
    r"|[（(]\d{1,2}[)）]|[①-⑳]|第[一二三四五六七八九十]部分)"
)
_INDENT = re.compile("^(?:\u3000{2}|[ \u00a0]{3,8}(?=\\S)|\u2003{1,2})")
# A text source is hard-wrapped when this share of its long lines ends without a full stop.
_WRAPPED_SHARE = 0.4
_LONG_LINE = 36


@dataclass(slots=True)
class TextBuilder:
    """Collects the text with its paragraphs, segments and table blocks."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    paragraphs: list[Paragraph] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    tables: list[TableBlock] = field(default_factory=list)

    def write(self, text: str) -> tuple[int, int]:
        start = self.length
        self.parts.append(text)
        self.length += len(text)
        return start, self.length

    @property
    def text(self) -> str:
        return "".join(self.parts)


@dataclass(frozen=True, slots=True)
class Layout:
    """What the body of the report looks like, measured over all its lines."""

    wrapped: bool
    full_width: int
    left: float
    right: float
    em: float


def measure_layout(lines: Sequence[Line], *, kind: str) -> Layout:
    """Measure margins and line widths of the body text."""
    widths = sorted(display_width(clean_prose(line.text)) for line in lines)
    long = [line for line in lines if display_width(clean_prose(line.text)) >= _LONG_LINE]
    open_ended = sum(not line.text.rstrip().endswith(_TERMINAL) for line in long)
    wrapped = bool(long) and open_ended / len(long) >= _WRAPPED_SHARE
    if kind in ("pdf", "image"):
        wrapped = True
    upper = [w for w in widths if w >= _LONG_LINE] or widths or [0]
    full = upper[min(len(upper) - 1, int(len(upper) * 0.8))]
    boxed = [line for line in lines if line.box and display_width(line.text) >= _LONG_LINE]
    left = right = em = 0.0
    if boxed:
        boxes = [line.box for line in boxed if line.box]
        sizes = [line.size or (b[3] - b[1]) for line, b in zip(boxed, boxes, strict=True)]
        em = sorted(sizes)[len(sizes) // 2]
        lefts = Counter(round(b[0] / 2) * 2 for b in boxes)
        common = [x for x, n in lefts.items() if n >= max(2, 0.08 * len(boxes))]
        left = float(min(common, default=min(lefts)))
        rights = sorted(b[2] for b in boxes)
        right = rights[int(len(rights) * 0.8)]
    return Layout(wrapped, full, left, right, em)


def _starts_by_geometry(previous: Line, line: Line, layout: Layout) -> bool:
    if not (previous.box and line.box and layout.em):
        return _starts_by_width(previous, line, layout)
    em = layout.em
    if previous.size and line.size and abs(previous.size - line.size) > 0.15 * em:
        return True
    if previous.page == line.page and line.box[1] - previous.box[3] > 1.9 * em:
        return True
    if line.box[0] > layout.left + 1.2 * em:
        # Indented: a new paragraph, unless the whole block is set in (centred titles).
        return True
    short = layout.right - previous.box[2] - 0.5 * em * _unbreakable(line.text)
    if previous.text.rstrip().endswith(_SENTENCE_END):
        return short > 1.6 * em
    if previous.text.rstrip().endswith(_TERMINAL):
        return short > 2.6 * em
    return short > 4 * em


def _starts_by_width(previous: Line, line: Line, layout: Layout) -> bool:
    if _INDENT.match(line.text):
        return True
    if not layout.wrapped:
        return True
    before = clean_prose(previous.text)
    missing = layout.full_width - display_width(before) - _unbreakable(line.text)
    ends = before.endswith(_SENTENCE_END)
    if _MARKER.match(line.text) and before.endswith(_TERMINAL):
        return True
    if ends:
        return missing >= 6
    if before.endswith(_TERMINAL):
        return missing >= 8
    return missing >= 16


def starts_paragraph(previous: Line, line: Line, layout: Layout) -> bool:
    """Tell whether ``line`` begins a paragraph after ``previous``."""
    if looks_like_heading(clean_prose(line.text)) or looks_like_heading(clean_prose(previous.text)):
        return True
    if previous.closes_paragraph is not None and not layout.wrapped:
        return previous.closes_paragraph
    if previous.closes_paragraph and previous.text.rstrip().endswith(_SENTENCE_END):
        return True
    if line.box and previous.box:
        return _starts_by_geometry(previous, line, layout)
    return _starts_by_width(previous, line, layout)


_LAST_TOKEN = re.compile(r"[!-~]+$")
_FIRST_TOKEN = re.compile(r"^[!-~]+")


def _needs_space(left: str, right: str) -> bool:
    """Two Latin words that a line break parted need a space; Chinese never does.

    An address or a mail address that is broken over two lines gets none.
    """
    if not (left[-1:].isascii() and left[-1:].isalpha()):
        return False
    if not (right[:1].isascii() and right[:1].isalpha()):
        return False
    before, after = _LAST_TOKEN.search(left[-200:]), _FIRST_TOKEN.match(right)
    tokens = (before.group() if before else "") + " " + (after.group() if after else "")
    return not re.search(r"[/@_]|www|[A-Za-z0-9]\.[A-Za-z0-9]", tokens)


def _unbreakable(text: str) -> int:
    """Width of the Latin word or address that a line begins with: it moves as a whole."""
    first = _FIRST_TOKEN.match(text.lstrip())
    return len(first.group()) if first else 0


def _grid_rows(grid: Grid) -> list[str]:
    rows: dict[int, list[tuple[int, str]]] = {}
    for cell in grid.cells:
        text = "".join(clean_line(part) for part in cell.text.split("\n"))
        rows.setdefault(cell.row, []).append((cell.column, text))
    return ["\t".join(text for _, text in sorted(rows[row])) for row in sorted(rows)]


def build_text(
    blocks: Sequence[Block | list[Line]],
    layout: Layout,
    *,
    table_lines: frozenset[tuple[int, int]],
    title_lines: frozenset[tuple[int, int]],
    traditional: bool,
) -> TextBuilder:
    """Write the report's text from its blocks.

    Parameters
    ----------
    blocks : sequence of Line or Grid
        In reading order, furniture removed.
    table_lines, title_lines : frozenset of (page, number)
        Lines that belong to a linear table (kept one a line), and to the title.
    traditional : bool
        Whether to fold traditional characters back.
    """
    builder = TextBuilder()
    fold = to_simplified if traditional else str
    previous: Line | None = None
    pieces: list[tuple[str, Line]] = []

    def flush(kind: ParagraphKind = "prose") -> None:
        nonlocal pieces, previous
        if pieces:
            start = builder.length
            before = ""
            for text, line in pieces:
                if _needs_space(before, text):
                    builder.write(" ")
                begin, end = builder.write(text)
                builder.segments.append(Segment(begin, end, line.page, line.number, line.box))
                before = text
            builder.paragraphs.append(
                Paragraph(start, builder.length, kind, None, pieces[0][1].page)
            )
            builder.write("\n")
        pieces, previous = [], None

    kind: ParagraphKind = "prose"
    for block in blocks:
        if isinstance(block, Grid):
            flush(kind)
            start = builder.length
            begin, end = builder.write("\n".join(map(fold, _grid_rows(block))))
            builder.segments.append(Segment(begin, end, block.page, block.number, block.box))
            builder.paragraphs.append(Paragraph(start, end, "table", None, block.page))
            builder.tables.append(TableBlock(start, end, None, block))
            builder.write("\n")
            continue
        assert isinstance(block, Line)
        place = (block.page, block.number)
        if place in table_lines:
            flush(kind)
            pieces = [(fold(clean_line(block.text)), block)]
            flush("table")
            continue
        new_kind: ParagraphKind = "title" if place in title_lines else "prose"
        text = fold(clean_prose(block.text))
        if not text:
            continue
        together = new_kind == "title" == kind and previous is not None
        if (
            previous is not None
            and not together
            and (new_kind != kind or starts_paragraph(previous, block, layout))
        ):
            flush(kind)
        kind = new_kind
        pieces.append((text, block))
        previous = block
    flush(kind)
    return builder
