"""Rules, areas and pictures of a page by PDFium, and the page's own frame."""

from __future__ import annotations

import ctypes
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import hypot
from typing import Any

from nlp.documents import Box
from nlp.read.pdf import marks
from nlp.read.pdf.fast.library import handles, pdfium, read_matrices, read_values, same
from nlp.read.pdf.marks import MAX_RULE_WIDTH, Rule

_TEXT, _PATH, _IMAGE, _FORM = 1, 2, 3, 5
_USUAL = frozenset((_TEXT, _PATH))
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
    """Bars and areas of a page before white ones are judged: box, white?, drawing order.

    ``objects`` has the addresses of all objects in drawing order, ``lost`` those of text
    that has no character.
    """

    bars: list[tuple[Box, bool, int]] = field(default_factory=list)
    fills: list[tuple[Box, bool, int]] = field(default_factory=list)
    images: list[Box] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    objects: list[int] = field(default_factory=list)
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


def walk_page(page: int, frame: Frame, texts: Container[int] = ()) -> Paths:
    """Collect what a page draws besides characters.

    Parameters
    ----------
    page : int
        Handle of PDFium.
    frame : Frame
    texts : container of int
        Addresses of objects that are known to be text: most of a page.

    Raises
    ------
    DeclinedError
        Where it draws too much, or nests its drawings too deeply.
    """
    paths = Paths()
    count = pdfium().FPDFPage_CountObjects(page)
    if count > marks.MAX_DRAWN:
        raise DeclinedError("页面图形过多")
    (own,) = handles([page])
    objects = list(map(pdfium().FPDFPage_GetObject, same(own), range(count)))
    _walk(objects, texts, _SAME, frame, paths, 0)
    return paths


def list_rules(paths: Paths) -> list[Rule]:
    """Give the rules that can be seen: white ones only on a coloured ground."""
    rules: list[Rule] = []
    for (x0, top, x1, bottom), white, order in paths.bars:
        x, y = (x0 + x1) / 2, (top + bottom) / 2
        if white and not dark_under(paths.fills, x, y, order):
            continue
        width, height = x1 - x0, bottom - top
        longer, shorter = (width, height) if width >= height else (height, width)
        if longer <= 1.5:
            # A dot of a dotted border is part of a rule either way.
            rules.append(Rule(True, y, x0, x1))
            rules.append(Rule(False, x, top, bottom))
        elif longer <= 4 * shorter:
            continue
        elif height > width:
            rules.append(Rule(False, x, top, bottom))
        else:
            rules.append(Rule(True, y, x0, x1))
    return rules


def dark_under(
    fills: Sequence[tuple[Box, bool, int]], x: float, y: float, order: int | None
) -> bool:
    """Whether the uppermost area at a point, drawn before ``order``, is not white."""
    for (x0, top, x1, bottom), white, drawn in reversed(fills):
        if (order is None or drawn < order) and x0 <= x <= x1 and top <= y <= bottom:
            return not white
    return False


def _walk(
    objects: list[int],
    texts: Container[int],
    matrix: Matrix,
    frame: Frame,
    into: Paths,
    depth: int,
) -> None:
    library = pdfium()
    into.drawn += len(objects)
    if into.drawn > marks.MAX_DRAWN:
        raise DeclinedError("页面图形过多")
    first = len(into.objects)
    into.objects += objects
    places = [k for k, thing in enumerate(objects) if thing not in texts]
    things = handles([objects[k] for k in places])
    kinds = list(map(library.FPDFPageObj_GetType, things))
    if depth == 0:
        into.lost = [objects[k] for k, kind in zip(places, kinds, strict=True) if kind == _TEXT]
    drawn = [n for n, kind in enumerate(kinds) if kind == _PATH]
    _read_paths([things[n] for n in drawn], [first + places[n] for n in drawn], matrix, frame, into)
    for k, kind, thing in zip(places, kinds, things, strict=True):
        if kind in _USUAL:
            continue
        if kind == _FORM:
            if depth >= _DEPTH:
                raise DeclinedError("图形嵌套过深")
            form = objects[k]
            count = library.FPDFFormObj_CountObjects(form)
            inner = list(map(library.FPDFFormObj_GetObject, same(form), range(count)))
            inside = _times(_matrix_of(thing), matrix)
            _walk(inner, texts, inside, frame, into, depth + 1)
            continue
        bounds, _ = read_values(library.FPDFPageObj_GetBounds, [thing], 4)
        box = frame.show(*_moved([column[0] for column in bounds], matrix))
        width, height = box[2] - box[0], box[3] - box[1]
        if kind == _IMAGE and min(width, height) <= 2 and max(width, height) > 8:
            # Some converters draw hairlines as one-pixel pictures.
            into.bars.append((box, False, first + k))
            continue
        if kind == _IMAGE:
            into.images.append(box)
        into.fills.append((box, False, first + k))


def _matrix_of(thing: Any) -> Matrix:
    buffer = (ctypes.c_float * 6)()
    if not pdfium().FPDFPageObj_GetMatrix(thing, *handles([ctypes.addressof(buffer)])):
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


def _read_paths(
    paths: list[Any], orders: list[int], matrix: Matrix, frame: Frame, into: Paths
) -> None:
    """Note the areas and lines of paths, ``orders`` being their places in drawing order."""
    if not paths:
        return
    library = pdfium()
    (filled, stroked), _ = read_values(library.FPDFPath_GetDrawMode, paths, 2, ctypes.c_int)
    areas = [k for k, mode in enumerate(filled) if mode]
    white = [False] * len(paths)
    for k, own in zip(
        areas,
        whiteness(library.FPDFPageObj_GetFillColor, [paths[k] for k in areas]),
        strict=True,
    ):
        white[k] = own
    sizes = list(map(library.FPDFPath_CountSegments, paths))
    plain = [k for k, size in enumerate(sizes) if size <= 5 and filled[k] and not stroked[k]]
    bounds, _ = read_values(library.FPDFPageObj_GetBounds, [paths[k] for k in plain], 4)
    still = matrix is _SAME and frame.turn == 0
    left, high = frame.left, frame.high
    bars, fills = into.bars, into.fills
    for k, x0, y0, x1, y1 in zip(plain, *bounds, strict=True):
        if still:
            box = (x0 - left, high - y1, x1 - left, high - y0)
        else:
            box = frame.show(*_moved((x0, y0, x1, y1), matrix))
        # as _note_area
        thin = box[2] - box[0] <= MAX_RULE_WIDTH or box[3] - box[1] <= MAX_RULE_WIDTH
        (bars if thin else fills).append((box, white[k], orders[k]))
    simple = set(plain)
    rest = [k for k in range(len(paths)) if (filled[k] or stroked[k]) and k not in simple]
    if rest:
        traced = _Traced(
            [paths[k] for k in rest],
            [sizes[k] for k in rest],
            [bool(filled[k]) for k in rest],
            [bool(stroked[k]) for k in rest],
            [white[k] for k in rest],
            [orders[k] for k in rest],
        )
        _trace(traced, matrix, frame, into)


def whiteness(function: Any, things: list[Any]) -> list[bool]:
    """Say of each thing (``c_void_p``) whether it is painted white."""
    (red, green, blue, _), told = read_values(function, things, 4, ctypes.c_uint)
    # A colour that cannot be told (a pattern) is not white.
    if not red or max(red) < WHITE:
        return [False] * len(things)
    return [
        bool(t) and r >= WHITE and g >= WHITE and b >= WHITE
        for r, g, b, t in zip(red, green, blue, told, strict=True)
    ]


def _note_area(box: Box, white: bool, order: int, into: Paths) -> None:
    if min(box[2] - box[0], box[3] - box[1]) <= MAX_RULE_WIDTH:
        into.bars.append((box, white, order))
    else:
        into.fills.append((box, white, order))


@dataclass(slots=True)
class _Traced:
    """Paths to be followed point by point, as columns."""

    paths: list[Any]
    sizes: list[int]
    filled: list[bool]
    stroked: list[bool]
    white: list[bool]
    orders: list[int]


def _trace(own: _Traced, matrix: Matrix, frame: Frame, into: Paths) -> None:
    """Follow paths of many parts and stroked ones, point by point."""
    library = pdfium()
    if sum(own.sizes) > marks.MAX_DRAWN:
        raise DeclinedError("页面图形过多")
    owners = [path for path, size in zip(own.paths, own.sizes, strict=True) for _ in range(size)]
    places = [k for size in own.sizes for k in range(size)]
    segments = handles(map(library.FPDFPath_GetPathSegment, owners, places))
    # Two points are the ends of a line.
    kinds = (
        [2, 0] * len(own.sizes)
        if set(own.sizes) == {2}
        else list(map(library.FPDFPathSegment_GetType, segments))
    )
    (xs, ys), _ = read_values(library.FPDFPathSegment_GetPoint, segments, 2)
    forms = read_matrices(own.paths)
    (widths,), _ = read_values(library.FPDFPageObj_GetStrokeWidth, own.paths, 1)
    stroke_white = whiteness(library.FPDFPageObj_GetStrokeColor, own.paths)
    still = matrix is _SAME and frame.turn == 0
    left, high = frame.left, frame.high
    at = 0
    for n, size in enumerate(own.sizes):
        order = own.orders[n]
        a, b, c, d, e, f = forms[6 * n : 6 * n + 6]
        if (
            size == 2
            and still
            and kinds[at : at + 2] == [2, 0]
            and not own.filled[n]
            and not (b or c)
        ):
            # One straight line: most of what is stroked.
            width = widths[n] * max(abs(a), abs(d))
            ax, bx = a * xs[at] + e - left, a * xs[at + 1] + e - left
            ay, by = high - (d * ys[at] + f), high - (d * ys[at + 1] + f)
            if bx < ax:
                ax, bx = bx, ax
            if by < ay:
                ay, by = by, ay
            if width <= MAX_RULE_WIDTH:
                if by - ay <= _SLANT or bx - ax <= _SLANT:
                    into.bars.append(((ax, ay, bx, by), stroke_white[n], order))
                at += 2
                continue
        whole = _times((a, b, c, d, e, f), matrix)
        width = widths[n] * max(hypot(whole[0], whole[1]), hypot(whole[2], whole[3]))
        for part, straight in _parts(segments, kinds, xs, ys, at, size):
            shown = [frame.show(*_moved((x, y, x, y), whole))[:2] for x, y in part]
            box = (
                min(p[0] for p in shown),
                min(p[1] for p in shown),
                max(p[0] for p in shown),
                max(p[1] for p in shown),
            )
            thin = min(box[2] - box[0], box[3] - box[1]) <= MAX_RULE_WIDTH
            if own.filled[n] and (straight or thin):
                _note_area(box, own.white[n], order, into)
            # A highlight with an outline of its own colour: nothing is ruled.
            same_colour = own.filled[n] and not thin and own.white[n] == stroke_white[n]
            if same_colour and _same_colour(own.paths[n]):
                continue
            if own.stroked[n] and straight:
                _stroke(shown, width, stroke_white[n], order, into)
        at += size


def _same_colour(path: Any) -> bool:
    library = pdfium()
    fill, _ = read_values(library.FPDFPageObj_GetFillColor, [path], 4, ctypes.c_uint)
    stroke, _ = read_values(library.FPDFPageObj_GetStrokeColor, [path], 4, ctypes.c_uint)
    return fill[:3] == stroke[:3]


def _parts(
    segments: list[Any], kinds: list[int], xs: list[float], ys: list[float], at: int, size: int
) -> list[tuple[list[tuple[float, float]], bool]]:
    """Cut a path into its parts; say of each whether all its segments are straight."""
    closes = pdfium().FPDFPathSegment_GetClose
    parts: list[tuple[list[tuple[float, float]], bool]] = []
    part: list[tuple[float, float]] = []
    straight = True
    for k in range(at, at + size):
        if kinds[k] == 2 and part:  # move
            parts.append((part, straight))
            part, straight = [], True
        straight = straight and kinds[k] != 1
        part.append((xs[k], ys[k]))
        if part[0] != part[-1] and closes(segments[k]):
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
