"""Rules, areas and pictures of a page by PDFium, and the page's own frame."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import hypot
from typing import Any

from nlp.documents import Box
from nlp.read.pdf import marks
from nlp.read.pdf.fast.library import pdfium, read_floats, read_values, same
from nlp.read.pdf.marks import MAX_RULE_WIDTH, Rule

_TEXT, _PATH, _IMAGE, _FORM = 1, 2, 3, 5
# Forms within forms; a letterhead is one deep, a stamp two.
_DEPTH = 6
# Colours are 0–255; the reference reader calls 0.98 of full brightness white.
WHITE = 250
_SLANT = 1.0

Matrix = tuple[float, float, float, float, float, float]
_SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class DeclinedError(Exception):
    """The page has something that only the reference reader judges; says what (Chinese)."""


@dataclass(slots=True)
class Paths:
    """Bars and areas of a page before white ones are judged: box, white?, drawing order."""

    bars: list[tuple[Box, bool, int]] = field(default_factory=list)
    fills: list[tuple[Box, bool, int]] = field(default_factory=list)
    images: list[Box] = field(default_factory=list)
    texts: list[int] = field(default_factory=list)
    order: dict[int, int] = field(default_factory=dict)
    drawn: int = 0


class Frame:
    """From the page's own space to what is shown: cropped, and turned by /Rotate."""

    def __init__(self, page: int) -> None:
        library = pdfium()
        buffer = (ctypes.c_float * 4)()
        if not library.FPDF_GetPageBoundingBox(page, ctypes.addressof(buffer)):
            raise DeclinedError("页面没有边框")
        left, top, right, bottom = buffer
        self.turn = 90 * (library.FPDFPage_GetRotation(page) % 4)
        self.left, self.right = min(left, right), max(left, right)
        self.low, self.high = min(top, bottom), max(top, bottom)
        self.width, self.height = self.right - self.left, self.high - self.low
        if min(self.width, self.height) < 10:
            raise DeclinedError("页面边框太小")
        if self.turn in (90, 270):
            self.width, self.height = self.height, self.width

    def show(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """Give a box (``y`` upwards) as it is shown."""
        if self.turn == 0:
            return x0 - self.left, self.high - y1, x1 - self.left, self.high - y0
        if self.turn == 90:
            return y0 - self.low, x0 - self.left, y1 - self.low, x1 - self.left
        if self.turn == 180:
            return self.right - x1, y0 - self.low, self.right - x0, y1 - self.low
        return self.high - y1, self.right - x1, self.high - y0, self.right - x0


def walk_page(page: int, frame: Frame) -> Paths:
    """Collect what a page draws besides characters.

    Raises
    ------
    DeclinedError
        Where it draws too much, or nests its drawings too deeply.
    """
    paths = Paths()
    count = pdfium().FPDFPage_CountObjects(page)
    if count > marks.MAX_DRAWN:
        raise DeclinedError("页面图形过多")
    objects = list(map(pdfium().FPDFPage_GetObject, same(page), range(count)))
    _walk(objects, _SAME, frame, paths, 0)
    return paths


def list_rules(paths: Paths) -> list[Rule]:
    """Give the rules that can be seen: white ones only on a coloured ground."""
    rules: list[Rule] = []
    for box, white, order in paths.bars:
        middle = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        if not white or dark_under(paths.fills, *middle, order):
            rules.extend(_as_rules(box))
    return rules


def dark_under(
    fills: Sequence[tuple[Box, bool, int]], x: float, y: float, order: int | None
) -> bool:
    """Whether the uppermost area at a point, drawn before ``order``, is not white."""
    for (x0, top, x1, bottom), white, drawn in reversed(fills):
        if (order is None or drawn < order) and x0 <= x <= x1 and top <= y <= bottom:
            return not white
    return False


def _as_rules(box: Box) -> list[Rule]:
    x0, top, x1, bottom = box
    width, height = x1 - x0, bottom - top
    longer = max(width, height)
    if longer <= 1.5:
        # A dot of a dotted border is part of a rule either way.
        return [
            Rule(True, (top + bottom) / 2, x0, x1),
            Rule(False, (x0 + x1) / 2, top, bottom),
        ]
    if longer <= 4 * min(width, height):
        return []
    if height > width:
        return [Rule(False, (x0 + x1) / 2, top, bottom)]
    return [Rule(True, (top + bottom) / 2, x0, x1)]


def _walk(objects: list[int], matrix: Matrix, frame: Frame, into: Paths, depth: int) -> None:
    library = pdfium()
    kinds = list(map(library.FPDFPageObj_GetType, objects))
    into.drawn += len(objects)
    if into.drawn > marks.MAX_DRAWN:
        raise DeclinedError("页面图形过多")
    first = len(into.order)
    into.order.update(zip(objects, range(first, first + len(objects)), strict=True))
    _read_paths([o for o, kind in zip(objects, kinds, strict=True) if kind == _PATH],
                matrix, frame, into)  # fmt: skip
    if depth == 0:
        into.texts = [o for o, kind in zip(objects, kinds, strict=True) if kind == _TEXT]
    for thing, kind in zip(objects, kinds, strict=True):
        if kind in (_TEXT, _PATH):
            continue
        if kind == _FORM:
            if depth >= _DEPTH:
                raise DeclinedError("图形嵌套过深")
            count = library.FPDFFormObj_CountObjects(thing)
            inner = list(map(library.FPDFFormObj_GetObject, same(thing), range(count)))
            _walk(inner, _times(_matrix_of(thing), matrix), frame, into, depth + 1)
            continue
        bounds, _ = read_values(library.FPDFPageObj_GetBounds, [thing], 4)
        box = frame.show(*_moved(bounds, matrix))
        width, height = box[2] - box[0], box[3] - box[1]
        if kind == _IMAGE and min(width, height) <= 2 and max(width, height) > 8:
            # Some converters draw hairlines as one-pixel pictures.
            into.bars.append((box, False, into.order[thing]))
            continue
        if kind == _IMAGE:
            into.images.append(box)
        into.fills.append((box, False, into.order[thing]))


def _matrix_of(thing: int) -> Matrix:
    buffer = (ctypes.c_float * 6)()
    if not pdfium().FPDFPageObj_GetMatrix(thing, ctypes.addressof(buffer)):
        return _SAME
    a, b, c, d, e, f = buffer
    return a, b, c, d, e, f


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def _moved(box: Sequence[float], matrix: Matrix) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = box
    if matrix is _SAME:
        return x0, y0, x1, y1
    a, b, c, d, e, f = matrix
    xs = [a * x + c * y + e for x in (x0, x1) for y in (y0, y1)]
    ys = [b * x + d * y + f for x in (x0, x1) for y in (y0, y1)]
    return min(xs), min(ys), max(xs), max(ys)


def _read_paths(paths: list[int], matrix: Matrix, frame: Frame, into: Paths) -> None:
    if not paths:
        return
    library = pdfium()
    modes, _ = read_values(library.FPDFPath_GetDrawMode, paths, 2, ctypes.c_int)
    colours = whiteness(library.FPDFPageObj_GetFillColor, paths)
    sizes = list(map(library.FPDFPath_CountSegments, paths))
    plain = [k for k in range(len(paths)) if modes[2 * k] and not modes[2 * k + 1]]
    plain = [k for k in plain if sizes[k] <= 5]
    simple = set(plain)
    bounds, _ = read_values(library.FPDFPageObj_GetBounds, [paths[k] for k in plain], 4)
    for n, k in enumerate(plain):
        box = frame.show(*_moved(bounds[4 * n : 4 * n + 4], matrix))
        _note_area(box, colours[k], into.order[paths[k]], into)
    drawn = [k for k in range(len(paths)) if modes[2 * k] or modes[2 * k + 1]]
    complex_ = [k for k in drawn if k not in simple]
    if complex_:
        chosen = [paths[k] for k in complex_]
        stroked = [bool(modes[2 * k + 1]) for k in complex_]
        filled = [bool(modes[2 * k]) for k in complex_]
        lengths = [sizes[k] for k in complex_]
        _trace(chosen, lengths, filled, stroked, [colours[k] for k in complex_],
               matrix, frame, into)  # fmt: skip


def whiteness(function: Any, things: list[int]) -> list[bool]:
    """Say of each thing whether it is painted white."""
    values, told = read_values(function, things, 4, ctypes.c_uint)
    # A colour that cannot be told (a pattern) is not white.
    return [bool(told[k]) and min(values[4 * k : 4 * k + 3]) >= WHITE for k in range(len(things))]


def _note_area(box: Box, white: bool, order: int, into: Paths) -> None:
    if min(box[2] - box[0], box[3] - box[1]) <= MAX_RULE_WIDTH:
        into.bars.append((box, white, order))
    else:
        into.fills.append((box, white, order))


def _trace(
    paths: list[int],
    lengths: list[int],
    filled: list[bool],
    stroked: list[bool],
    fill_white: list[bool],
    matrix: Matrix,
    frame: Frame,
    into: Paths,
) -> None:
    """Follow paths of many parts and stroked ones, point by point."""
    library = pdfium()
    if sum(lengths) > marks.MAX_DRAWN:
        raise DeclinedError("页面图形过多")
    owners = [path for path, length in zip(paths, lengths, strict=True) for _ in range(length)]
    places = [k for length in lengths for k in range(length)]
    segments = list(map(library.FPDFPath_GetPathSegment, owners, places))
    kinds = list(map(library.FPDFPathSegment_GetType, segments))
    closes = list(map(library.FPDFPathSegment_GetClose, segments))
    points, _ = read_values(library.FPDFPathSegment_GetPoint, segments, 2)
    own = read_floats(library.FPDFPageObj_GetMatrix, paths, count=len(paths), width=6)
    widths, _ = read_values(library.FPDFPageObj_GetStrokeWidth, paths, 1)
    stroke_white = whiteness(library.FPDFPageObj_GetStrokeColor, paths)
    at = 0
    for n, length in enumerate(lengths):
        a, b, c, d, e, f = own[6 * n : 6 * n + 6]
        whole = _times((a, b, c, d, e, f), matrix)
        width = widths[n] * max(hypot(whole[0], whole[1]), hypot(whole[2], whole[3]))
        order = into.order[paths[n]]
        for part, straight in _parts(kinds, closes, points, at, length):
            shown = [frame.show(*_moved((x, y, x, y), whole))[:2] for x, y in part]
            xs, ys = [p[0] for p in shown], [p[1] for p in shown]
            box = (min(xs), min(ys), max(xs), max(ys))
            thin = min(box[2] - box[0], box[3] - box[1]) <= MAX_RULE_WIDTH
            if filled[n] and (straight or thin):
                _note_area(box, fill_white[n], order, into)
            # A highlight with an outline of its own colour: nothing is ruled.
            same_colour = filled[n] and not thin and fill_white[n] == stroke_white[n]
            if same_colour and _same_colour(paths[n]):
                continue
            if stroked[n] and straight:
                _stroke(shown, width, stroke_white[n], order, into)
        at += length


def _same_colour(path: int) -> bool:
    library = pdfium()
    fill, _ = read_values(library.FPDFPageObj_GetFillColor, [path], 4, ctypes.c_uint)
    stroke, _ = read_values(library.FPDFPageObj_GetStrokeColor, [path], 4, ctypes.c_uint)
    return fill[:3] == stroke[:3]


def _parts(
    kinds: list[int], closes: list[int], points: list[float], at: int, length: int
) -> list[tuple[list[tuple[float, float]], bool]]:
    """Cut a path into its parts; say of each whether all its segments are straight."""
    parts: list[tuple[list[tuple[float, float]], bool]] = []
    part: list[tuple[float, float]] = []
    straight = True
    for k in range(at, at + length):
        if kinds[k] == 2 and part:  # move
            parts.append((part, straight))
            part, straight = [], True
        straight = straight and kinds[k] != 1
        part.append((points[2 * k], points[2 * k + 1]))
        if closes[k] and part[0] != part[-1]:
            part.append(part[0])
    if part:
        parts.append((part, straight))
    return parts


def _stroke(
    points: list[tuple[float, float]], width: float, white: bool, order: int, into: Paths
) -> None:
    for (ax, ay), (bx, by) in pairwise(points):
        x0, top, x1, bottom = min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)
        if width > MAX_RULE_WIDTH:
            half = width / 2
            flat = bottom - top <= _SLANT
            bar = (
                (x0, top - half, x1, bottom + half) if flat else (x0 - half, top, x1 + half, bottom)
            )
            into.fills.append((bar, white, order))
        elif bottom - top <= _SLANT or x1 - x0 <= _SLANT:
            into.bars.append(((x0, top, x1, bottom), white, order))
