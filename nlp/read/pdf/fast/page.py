"""One page by PDFium: its characters, and what else is seen, as plain columns and tuples."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import hypot
from typing import Any

from nlp.documents import Box
from nlp.read.pdf import marks
from nlp.read.pdf.fast.library import (
    handles,
    pdfium,
    read_floats,
    read_matrices,
    read_values,
    same,
)
from nlp.read.pdf.fast.paths import (
    WHITE,
    DeclinedError,
    Frame,
    Paths,
    dark_under,
    list_rules,
    walk_page,
    whiteness,
)
from nlp.read.pdf.marks import UNMAPPED, Rule, legible

# The middle of a line of characters above its baseline (em); boxes of fonts differ.
_MIDDLE = 0.36
# A space and a line end that PDFium adds between words have no box of their own.
_SPACES = frozenset((9, 10, 13, 32, 0xA0, 0x3000, *range(0x2000, 0x200B)))
# PDFium writes a hyphen at a line's end so.
_HYPHENS = {0x02: "-", 0xFFFE: "-"}

# The text object of what PDFium drops: a space, or a glyph without an outline.
LOST = 0
# Characters are taken together up to this distance (em, less than any space), and while they
# overlap by no more than this (points): in layout nothing tells them from single ones.
_JOINED, _OVERLAP = 0.09, 0.2
# y of the middle, x0, x1, size, text, text object, turn (0, 90, 180, 270; -1: vertical font),
# and, where several characters stand side by side, the mark of each.
Mark = tuple[float, float, float, float, str, int, int, tuple[Any, ...]]


@dataclass(slots=True)
class Sheet:
    """What is seen on a page, in points from the visible page's upper left corner.

    ``marks`` are in the order of the content stream, spaces among them; ``drawn`` counts
    what is drawn; ``patched`` tells of white areas, which may cover what was corrected.
    """

    width: float
    height: float
    marks: list[Mark] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    images: list[Box] = field(default_factory=list)
    hidden: int = 0
    drawn: int = 0
    patched: bool = False


def split_marks(marks: Iterable[Mark]) -> list[Mark]:
    """Give the mark of each single character.

    Examples
    --------
    >>> one, two = (5.0, 0.0, 9.0, 10.0, "1", 7, 0, ()), (5.0, 9.0, 18.0, 10.0, "件", 7, 0, ())
    >>> split_marks([(5.0, 0.0, 18.0, 10.0, "1件", 7, 0, (one, two)), two]) == [one, two, two]
    True
    """
    single: list[Mark] = []
    for mark in marks:
        single.extend(mark[7]) if mark[7] else single.append(mark)
    return single


def see_page(page: int, text: int) -> Sheet:
    """Read what a page shows.

    Parameters
    ----------
    page, text : int
        Handles of PDFium: the page and its text page.

    Raises
    ------
    DeclinedError
        Where the page has what only the reference reader judges.
    """
    frame = Frame(page)
    paths = walk_page(page, frame)
    sheet = Sheet(frame.width, frame.height, images=paths.images, drawn=paths.drawn)
    sheet.rules = list_rules(paths)
    sheet.patched = any(white for _, white, _ in paths.fills)
    owners = _read_marks(text, frame, paths, sheet)
    if frame.turn == 0:
        sheet.marks += _lost_spaces(paths, owners, frame)
    return sheet


def _lost_spaces(paths: Paths, owners: set[int], frame: Frame) -> list[Mark]:
    """Find the strings that PDFium drops, most of them spaces.

    Others are text struck twice (there the line has no gap, and a space without a gap is
    nothing) and glyphs without an outline, whatever they stand for.
    """
    lost = [thing for thing in paths.texts if thing not in owners]
    forms = read_matrices(handles(lost))
    found: list[Mark] = []
    for x, low, d in zip(forms[4::6], forms[5::6], forms[3::6], strict=True):
        x, y = x - frame.left, frame.high - low - _MIDDLE * 10 * min(abs(d), 1.0)
        found.append((y, x, x, 1.0, " ", LOST, 0, ()))
    return found


class _Shown(dict[str, str]):
    """What a character is read as: "" for what prints nothing, a space for white space."""

    def __missing__(self, char: str) -> str:
        code = ord(char)
        shown = " " if code in _SPACES else _HYPHENS.get(code) or legible(char, "")
        self[char] = shown
        return shown


_SHOWN = _Shown()


def _read_texts(text: int, page: Any, count: int) -> list[str]:
    """Read what each character of a page is."""
    library = pdfium()
    buffer = (ctypes.c_uint16 * (2 * count + 2))()
    written = library.FPDFText_GetText(text, 0, count, ctypes.addressof(buffer))
    whole = bytes(buffer)[: 2 * max(written - 1, 0)].decode("utf-16-le", errors="surrogatepass")
    if written != count + 1 or len(whole) != count:
        # The text as a whole leaves out what has no Unicode value.
        codes = map(library.FPDFText_GetUnicode, same(page), range(count))
        whole = "".join(chr(code) if code < 0x110000 else UNMAPPED for code in codes)
    return list(map(_SHOWN.__getitem__, whole))


def _read_marks(text: int, frame: Frame, paths: Paths, sheet: Sheet) -> set[int]:
    """Note the characters that can be seen; tell which text objects have any."""
    library = pdfium()
    count = library.FPDFText_CountChars(text)
    if count <= 0:
        return set()
    if count > marks.MAX_DRAWN:
        raise DeclinedError("页面文字过多")
    (page,) = handles([text])
    every = range(count)
    if any(map(library.FPDFText_HasUnicodeMapError, same(page), every)):
        raise DeclinedError("有的字没有 Unicode 对照")
    texts = _read_texts(text, page, count)
    owners = list(map(library.FPDFText_GetTextObject, same(page), every))
    texts = _bullets(texts, owners)
    boxes = read_floats(library.FPDFText_GetLooseCharBox, page, every, 4)
    heads, last = [], 0
    for k, owner in enumerate(owners):
        if owner and owner != last and texts[k]:
            heads.append(k)
            last = owner
    # Size and matrix are the text object's, whichever of its characters is asked.
    forms = read_floats(library.FPDFText_GetMatrix, page, heads, 6)
    sizes = map(library.FPDFText_GetFontSize, same(page), heads)
    strings = zip(sizes, *(forms[n::6] for n in range(6)), strict=True)
    unseen, white = _unseen(owners)
    odd = unseen | white
    order = {thing: n for n, thing in enumerate(paths.objects)} if white else {}
    found = sheet.marks
    upright = frame.turn == 0
    dx, high = frame.left, frame.high
    width, height = sheet.width, sheet.height
    row: list[Mark] = []
    row_y = row_size = start = end = room = 0.0
    last, kind, vertical, plain = 0, 0, False, False
    size = base = y = reach = b = 0.0
    for k, char, owner, x0, y1, x1, y0 in zip(
        every, texts, owners, boxes[0::4], boxes[1::4], boxes[2::4], boxes[3::4], strict=True
    ):
        if not owner or not char:
            continue
        if owner != last:
            last = owner
            size, a, b, c, d, e, f = next(strings)
            if b or c or a <= 0:
                size, kind = _turned(size, a, b, c, d)
            else:
                size, kind = size * abs(d), 0
            base = f + _MIDDLE * size
            # The origin of a vertical glyph is above its middle, not at its left edge.
            vertical = kind == 0 and e - x0 > 0.25 * size and char != " "
            if upright and kind == 0 and x0 - e > 0.15 * size:
                # The string begins with a space that PDFium dropped.
                _end_row(row, found)
                found.append((high - base, e - dx, e - dx, size, " ", owner, 0, ()))
            y, reach = high - base, 3 * size + 1
            plain = upright and kind == 0 and not b and not vertical and owner not in odd
            plain = plain and 0 <= y <= height and size >= 0.5
        if plain and x1 - x0 <= reach and y1 - y0 <= reach:
            # Most of a report.
            x0 -= dx
            x1 -= dx
            if not 0 <= (x0 + x1) / 2 <= width:
                continue
            if char == " ":
                _end_row(row, found)
                found.append((y, x0, x1, size, " ", owner, 0, ()))
                continue
            if not (
                row
                and y == row_y
                and size == row_size
                and -_OVERLAP <= x0 - end <= room
                and start <= x0
                and end <= x1
            ):
                _end_row(row, found)
                row_y, row_size = y, size
                room = _JOINED * size if size >= 1 else -1.0
            row.append((y, x0, x1, size, char, owner, 0, ()))
            start, end = x0, x1
            continue
        if vertical or not (x1 - x0 <= reach and y1 - y0 <= reach):
            x0, y0, x1, y1 = _tight(text, k)
        turn = -1 if vertical else kind
        if upright:
            flat = turn == 0 and not b
            middle, x0, x1 = high - (base if flat else (y0 + y1) / 2), x0 - dx, x1 - dx
        else:
            x0, top, x1, bottom = frame.show(x0, y0, x1, y1)
            middle = (top + bottom) / 2
            if turn >= 0:
                turn = (turn - frame.turn) % 360
        if not (0 <= middle <= height and 0 <= (x0 + x1) / 2 <= width):
            continue
        if size < 0.5 or owner in unseen:
            sheet.hidden += char != " "
            continue
        if owner in white and not dark_under(paths.fills, (x0 + x1) / 2, middle, order.get(owner)):
            sheet.hidden += char != " "
            continue
        _end_row(row, found)
        found.append((middle, x0, x1, size, char, owner, turn, ()))
    _end_row(row, found)
    return set(owners)


def _turned(size: float, a: float, b: float, c: float, d: float) -> tuple[float, int]:
    """Give the size in which a text matrix shows a font, and the writing direction."""
    if not b and not c:
        return size * abs(d), 0 if a > 0 else 180
    if abs(a) >= abs(b):
        return size * hypot(c, d), 0 if a >= 0 else 180
    return size * hypot(c, d), 90 if b > 0 else 270


def _end_row(row: list[Mark], found: list[Mark]) -> None:
    """Note characters that stand side by side as one mark."""
    if len(row) > 1:
        y, x0, _, size, _, owner, _, _ = row[0]
        text = "".join([mark[4] for mark in row])
        found.append((y, x0, row[-1][2], size, text, owner, 0, tuple(row)))
    else:
        found += row
    row.clear()


def _tight(text: int, at: int) -> tuple[float, float, float, float]:
    buffer = (ctypes.c_double * 4)()
    start = ctypes.addressof(buffer)
    pdfium().FPDFText_GetCharBox(text, at, start, start + 8, start + 16, start + 24)
    left, right, bottom, top = buffer
    return left, bottom, right, top


def _bullets(texts: list[str], owners: list[int]) -> list[str]:
    """Read the private characters of symbol fonts as bullets; decline any other."""
    if UNMAPPED not in texts:
        return texts
    library = pdfium()
    known: dict[int, str] = {}
    out = list(texts)
    for k, char in enumerate(texts):
        if char != UNMAPPED:
            continue
        if owners[k] not in known:
            buffer = ctypes.create_string_buffer(256)
            font = library.FPDFTextObj_GetFont(owners[k]) if owners[k] else 0
            if font:
                library.FPDFFont_GetBaseFontName(font, ctypes.addressof(buffer), 256)
            known[owners[k]] = buffer.value.decode("utf-8", errors="replace")
        out[k] = legible("\ue000", known[owners[k]])
        if out[k] == UNMAPPED:
            raise DeclinedError("有的字没有 Unicode 对照")
    return out


def _unseen(owners: list[int]) -> tuple[set[int], set[int]]:
    """Text objects that are not painted at all, and those painted white."""
    library = pdfium()
    things = [thing for thing in dict.fromkeys(owners) if thing]
    own = handles(things)
    modes = list(map(library.FPDFTextObj_GetTextRenderMode, own))
    # A pattern has no colour to tell; alpha 0 paints nothing.
    (red, green, blue, _), _ = read_values(library.FPDFPageObj_GetFillColor, own, 4, ctypes.c_uint)
    unseen: set[int] = set()
    white: set[int] = set()
    if {0, 2}.issuperset(modes) and max(red, default=0) < WHITE:
        return unseen, white
    for k, (thing, mode) in enumerate(zip(things, modes, strict=True)):
        if mode in (3, 7):
            unseen.add(thing)
        elif mode in (1, 5):
            if whiteness(library.FPDFPageObj_GetStrokeColor, [own[k]])[0]:
                white.add(thing)
        elif min(red[k], green[k], blue[k]) >= WHITE:
            white.add(thing)
    return unseen, white
