"""A scanned report as a whole: pictures → ruled tables cell by cell, and prose by lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlp.documents import (
    Block,
    Box,
    FileKind,
    Finding,
    Grid,
    GridCell,
    Line,
    Page,
    Pages,
    ReadError,
)
from nlp.read.pdf.lattice import Lattice, find_lattices
from nlp.read.pdf.marks import Rule
from nlp.read.scan.picture import Grey, Mask, Picture, open_pictures
from nlp.read.scan.recogniser import Recogniser, load_recogniser

# Points; the narrowest statutory table fills a third of the page.
_TABLE_WIDTH, _TABLE_HEIGHT = 100.0, 15.0
DOUBT = "\ufffd"
# Readings of numbers below this score are in doubt even when they agree.
_SURE = 0.75
_SECOND_SCALE, _THIRD_SCALE = 1.6, 0.8
# Letters that a recogniser puts for digits; only where all the rest are digits.
_LIKE_DIGITS = str.maketrans(
    {"O": "0", "o": "0", "〇": "0", "D": "0", "l": "1", "I": "1", "|": "1"}
)
_NUMBER_LIKE = re.compile(r"[\d,.，OoDlI|〇\s]+")
_NIL = re.compile(r"[/\\\-—–_一无]+")
# Smaller specks are dust: a full stop at 9 points has 12 dark pixels at 200 dpi.
_SPECK = 8


@dataclass(frozen=True, slots=True)
class _Crop:
    """One line of print inside one cell; ``order`` counts the lines of the cell."""

    cell: int
    order: int
    grey: Grey


def read_scan(data: bytes, name: str, digest: str, *, kind: FileKind = "pdf") -> Pages:
    """Read a scan by character recognition.

    Numbers in table cells are recognised twice at different sizes; where the readings
    differ or the recogniser is unsure, the cell's text ends in ``�``.

    Raises
    ------
    ReadError
        ``scan`` where the extra ``ocr`` is not installed or nothing was recognised,
        ``damaged``, ``too_large``.
    """
    recogniser = load_recogniser(name)
    pages = []
    slants = []
    for number, picture in enumerate(open_pictures(data, name), 1):
        pages.append(_read_page(picture, number, recogniser))
        if picture.slant:
            slants.append(f"第 {number} 页 {picture.slant:+.2f}°")
    if not any(page.blocks for page in pages):
        raise ReadError(
            "scan",
            name,
            expected="看得清文字的扫描件",
            found="没有识别出任何文字的图像",
            advice="请按 200–300 dpi 重新扫描，或改用网站上的文字版。",
        )
    findings = [
        Finding(
            "ocr",
            "warning",
            "本报告由扫描件识别而来：正文可能有错字；表格中只有经勾稽关系核对的数字才采用，"
            "其余标为“读不准”，请对照原图。",
        )
    ]
    if slants:
        findings.append(
            Finding("deskewed", "info", f"扫描件有倾斜，已扶正后识别：{'；'.join(slants)}。")
        )
    return Pages(
        name=name,
        kind=kind,
        sha256=digest,
        reader=recogniser.name,
        pages=tuple(pages),
        findings=tuple(findings),
    )


def _read_page(picture: Picture, number: int, recogniser: Recogniser) -> Page:
    unit = picture.points
    # The lattice finder measures in points.
    rules = [Rule(r.horizontal, r.at * unit, r.start * unit, r.end * unit) for r in picture.rules]
    # Strokes of large characters can enclose boxes too, but no table is that small.
    lattices = [
        lattice
        for lattice in find_lattices(rules)
        if lattice.box[2] - lattice.box[0] >= _TABLE_WIDTH
        and lattice.box[3] - lattice.box[1] >= _TABLE_HEIGHT
    ]
    placed: list[tuple[float, float, Block]] = []
    rest = picture.grey.copy()
    for index, lattice in enumerate(lattices, 1):
        grid = _read_grid(picture, lattice, number, index, recogniser)
        left, upper, right, lower = (round(v / unit) for v in lattice.box)
        rest[max(0, upper - 4) : lower + 5, max(0, left - 4) : right + 5] = 255
        if any(cell.text for cell in grid.cells):
            placed.append((lattice.box[1], lattice.box[0], grid))
    for order, (text, box) in enumerate(_read_prose(rest, recogniser), 1):
        x0, top, x1, bottom = (round(v * unit, 2) for v in box)
        size = round(0.8 * (bottom - top), 2)
        line = Line(text, number, order, (x0, top, x1, bottom), size)
        placed.append(((top + bottom) / 2, x0, line))
    placed.sort(key=lambda item: item[:2])
    height, width = picture.grey.shape
    return Page(
        number, tuple(b for _, _, b in placed), round(width * unit, 2), round(height * unit, 2)
    )


def _read_prose(
    grey: Grey, recogniser: Recogniser
) -> list[tuple[str, tuple[float, float, float, float]]]:
    boxes = recogniser.find_lines(grey)
    texts = recogniser.read_lines([grey[t:b, x0:x1] for x0, t, x1, b in boxes])
    pieces = [(box, text) for box, (text, _) in zip(boxes, texts, strict=True) if text]
    rows: list[list[tuple[tuple[int, int, int, int], str]]] = []
    for box, text in pieces:
        middle = (box[1] + box[3]) / 2
        if rows:
            first = rows[-1][0][0]
            if first[1] < middle < first[3] and box[1] < (first[1] + first[3]) / 2 < box[3]:
                rows[-1].append((box, text))
                continue
        rows.append([(box, text)])
    lines = []
    for row in rows:
        row.sort(key=lambda piece: piece[0][0])
        lines.append(
            (
                "  ".join(text for _, text in row),
                (
                    float(min(b[0] for b, _ in row)),
                    float(min(b[1] for b, _ in row)),
                    float(max(b[2] for b, _ in row)),
                    float(max(b[3] for b, _ in row)),
                ),
            )
        )
    return lines


def _read_grid(
    picture: Picture, lattice: Lattice, page: int, index: int, recogniser: Recogniser
) -> Grid:
    crops: list[_Crop] = []
    for number, cell in enumerate(lattice.cells):
        x0, top, x1, bottom = (round(v / picture.points) for v in lattice.cell_box(cell))
        # The rule itself is not ink any more, but its blurred edge may be.
        inside = slice(max(0, top + 3), max(0, bottom - 2)), slice(max(0, x0 + 3), max(0, x1 - 2))
        for order, grey in enumerate(split_lines(picture.grey[inside], picture.ink[inside])):
            crops.append(_Crop(number, order, grey))
    texts = _read_cells(crops, recogniser)
    cells = tuple(
        GridCell(
            row=cell.row,
            column=cell.column,
            text=texts.get(number, ""),
            page=page,
            box=_rounded(lattice.cell_box(cell)),
            rowspan=cell.rowspan,
            colspan=cell.colspan,
        )
        for number, cell in enumerate(lattice.cells)
    )
    return Grid(
        page=page,
        number=index,
        rows=len(lattice.ys) - 1,
        columns=len(lattice.xs) - 1,
        cells=cells,
        box=_rounded(lattice.box),
    )


def _rounded(box: Box) -> Box:
    x0, top, x1, bottom = (round(v, 2) for v in box)
    return x0, top, x1, bottom


def _read_cells(crops: Sequence[_Crop], recogniser: Recogniser) -> dict[int, str]:
    first = recogniser.read_lines([crop.grey for crop in crops])
    doubtful = [i for i, (text, _) in enumerate(first) if _may_be_number(text)]
    again = recogniser.read_lines([crops[i].grey for i in doubtful], scale=_SECOND_SCALE)
    readings = {i: [first[i], other] for i, other in zip(doubtful, again, strict=True)}
    open_ones = [i for i in doubtful if agree(readings[i]).endswith(DOUBT)]
    third = recogniser.read_lines([crops[i].grey for i in open_ones], scale=_THIRD_SCALE)
    for i, other in zip(open_ones, third, strict=True):
        readings[i].append(other)
    parts: dict[int, list[str]] = {}
    for i, (crop, (text, _)) in enumerate(zip(crops, first, strict=True)):
        if i in readings:
            text = agree(readings[i])
        elif not text:
            # Ink that gives no text must not pass for a blank.
            text = DOUBT
        parts.setdefault(crop.cell, []).append(text)
    return {cell: _join(lines) for cell, lines in parts.items()}


def _may_be_number(text: str) -> bool:
    return not text or bool(_NUMBER_LIKE.fullmatch(text)) or bool(_NIL.fullmatch(text))


def agree(readings: Sequence[tuple[str, float]]) -> str:
    """Settle two or three readings of one short line; ``�`` marks what stays in doubt.

    Two readings that are the same, one of them sure, settle it.

    Examples
    --------
    >>> agree([("O", 0.9), ("0", 0.99)]), agree([("8", 0.9), ("3", 0.9)]), agree([("", 0), ("", 0)])
    ('0', '8�', '�')
    >>> agree([("8", 0.9), ("3", 0.9), ("8", 0.7)])
    '8'
    """
    best: dict[str, list[float]] = {}
    for text, score in readings:
        plain = text.translate(_LIKE_DIGITS) if _NUMBER_LIKE.fullmatch(text) else text
        if plain:
            best.setdefault(plain, []).append(score)
    for text, scores in best.items():
        if len(scores) >= 2 and max(scores) >= _SURE:
            return text
    return f"{next(iter(best), '')}{DOUBT}"


def _join(lines: Sequence[str]) -> str:
    if len(lines) >= 3 and all(len(line) == 1 and not line.isascii() for line in lines):
        return "".join(lines)  # a vertical label, one character a line
    return "\n".join(line for line in lines if line)


def split_lines(grey: Grey, ink: Mask) -> list[Grey]:
    """Cut the inside of a cell into its lines of print; none where there is no ink.

    Characters made of strokes with paper between them (二, 三) stay whole: pieces are
    joined while together they are no taller than they are wide, or than a line is.

    Examples
    --------
    >>> ink = np.zeros((60, 40), dtype=bool)
    >>> ink[5:25, 5:35] = ink[35:55, 5:35] = True
    >>> [crop.shape for crop in split_lines(np.full((60, 40), 255, np.uint8), ink)]
    [(22, 32), (22, 32)]
    """
    if ink.size == 0 or int(ink.sum()) < _SPECK:
        return []
    bands = _bands(np.asarray(ink.any(axis=1)))
    columns = np.nonzero(ink.any(axis=0))[0]
    width = int(columns[-1] - columns[0] + 1)
    height = float(max(bottom - top for top, bottom in bands))
    # In a narrow column a line of print is about as tall as the ink is wide.
    whole = max(height, min(width, 1.3 * height + 8))
    joined = [bands[0]]
    for top, bottom in bands[1:]:
        last_top, last_bottom = joined[-1]
        near = top - last_bottom <= 0.45 * whole
        if (
            near
            and bottom - last_top <= 1.15 * whole
            and (bottom - top < 0.6 * whole or last_bottom - last_top < 0.6 * whole)
        ):
            joined[-1] = (last_top, bottom)
        else:
            joined.append((top, bottom))
    crops = []
    for top, bottom in joined:
        part = ink[top:bottom]
        if int(part.sum()) < _SPECK:
            continue
        used = np.nonzero(part.any(axis=0))[0]
        left, right = int(used[0]), int(used[-1]) + 1
        crops.append(
            grey[max(0, top - 1) : bottom + 1, max(0, left - 1) : right + 1],
        )
    return crops


def _bands(rows: Mask) -> list[tuple[int, int]]:
    edges = np.diff(np.concatenate(([0], rows.astype(np.int8), [0])))
    starts, ends = np.nonzero(edges == 1)[0], np.nonzero(edges == -1)[0]
    return [(int(a), int(b)) for a, b in zip(starts, ends, strict=True)]


__all__ = ["agree", "read_scan", "split_lines"]
