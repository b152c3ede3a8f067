"""One page by PDFium: its characters, and what else is seen, as plain columns and tuples."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from functools import cache
from math import hypot

from nlp.documents import Box
from nlp.read.pdf import marks
from nlp.read.pdf.fast.library import pdfium, read_floats, read_values, same
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
# y of the middle, x0, x1, size, text, text object, turn (0, 90, 180, 270; -1: vertical font)
Mark = tuple[float, float, float, float, str, int, int]


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
    library = pdfium()
    lost = [thing for thing in paths.texts if thing not in owners]
    forms = read_floats(library.FPDFPageObj_GetMatrix, lost, count=len(lost), width=6)
    found: list[Mark] = []
    for x, low, d in zip(forms[4::6], forms[5::6], forms[3::6], strict=True):
        x, y = x - frame.left, frame.high - low - _MIDDLE * 10 * min(abs(d), 1.0)
        found.append((y, x, x, 1.0, " ", LOST, 0))
    return found


@cache
def _shown_text(code: int) -> str:
    """What a character is read as: "" for what prints nothing, a space for white space."""
    if code in _SPACES:
        return " "
    if code in _HYPHENS:
        return _HYPHENS[code]
    try:
        return legible(chr(code), "")
    except ValueError:
        return UNMAPPED


def _read_marks(text: int, frame: Frame, paths: Paths, sheet: Sheet) -> set[int]:
    """Note the characters that can be seen; tell which text objects have any."""
    library = pdfium()
    count = library.FPDFText_CountChars(text)
    if count <= 0:
        return set()
    if count > marks.MAX_DRAWN:
        raise DeclinedError("页面文字过多")
    every, page = range(count), same(text)
    texts = list(map(_shown_text, map(library.FPDFText_GetUnicode, page, every)))
    owners = list(map(library.FPDFText_GetTextObject, page, every))
    if any(map(library.FPDFText_HasUnicodeMapError, page, every)):
        raise DeclinedError("有的字没有 Unicode 对照")
    texts = _bullets(texts, owners)
    boxes = read_floats(library.FPDFText_GetLooseCharBox, page, every, count=count, width=4)
    forms = read_floats(library.FPDFText_GetMatrix, page, every, count=count, width=6)
    sizes = list(map(library.FPDFText_GetFontSize, page, every))
    unseen, white = _unseen(owners)
    special = bool(unseen or white)
    found = sheet.marks
    upright = frame.turn == 0
    dx, high = frame.left, frame.high
    width, height = sheet.width, sheet.height
    last, vertical, base = 0, False, 0.0
    for k, char, owner, size, x0, y1, x1, y0, a, b, c, d, e, f in zip(
        every, texts, owners, sizes, boxes[0::4], boxes[1::4], boxes[2::4], boxes[3::4],
        *(forms[n::6] for n in range(6)), strict=True,
    ):  # fmt: skip
        if not owner or not char:
            continue
        kind = 0
        if not b and not c and a > 0:
            size *= d if d > 0 else -d
            if owner == last and upright and not vertical and not special:
                # The next character of a plain string: most of a report.
                middle = (x0 + x1) / 2 - dx
                seen = 0 <= high - base <= height and 0 <= middle <= width and size >= 0.5
                if seen and x1 - x0 <= 3 * size + 1 and y1 - y0 <= 3 * size + 1:
                    found.append((high - base, x0 - dx, x1 - dx, size, char, owner, 0))
                    continue
        elif b or c:
            size *= hypot(c, d)
            kind = (0 if a >= 0 else 180) if abs(a) >= abs(b) else (90 if b > 0 else 270)
        else:
            size *= abs(d)
            kind = 180
        if owner != last:
            last, base = owner, f + _MIDDLE * size
            # The origin of a vertical glyph is above its middle, not at its left edge.
            vertical = kind == 0 and e - x0 > 0.25 * size and char != " "
            if upright and kind == 0 and x0 - e > 0.15 * size:
                # The string begins with a space that PDFium dropped.
                found.append((high - base, e - dx, e - dx, size, " ", owner, 0))
        if vertical or not (x1 - x0 <= 3 * size + 1 and y1 - y0 <= 3 * size + 1):
            x0, y0, x1, y1 = _tight(text, k)
            if vertical:
                kind = -1
        if upright:
            flat = kind == 0 and not b
            y, x0, x1 = high - (base if flat else (y0 + y1) / 2), x0 - dx, x1 - dx
        else:
            x0, top, x1, bottom = frame.show(x0, y0, x1, y1)
            y = (top + bottom) / 2
            if kind >= 0:
                kind = (kind - frame.turn) % 360
        if not (0 <= y <= height and 0 <= (x0 + x1) / 2 <= width):
            continue
        if size < 0.5 or (special and owner in unseen):
            sheet.hidden += char != " "
            continue
        if special and owner in white:
            middle = (x0 + x1) / 2
            if not dark_under(paths.fills, middle, y, paths.order.get(owner)):
                sheet.hidden += char != " "
                continue
        found.append((y, x0, x1, size, char, owner, kind))
    return set(owners)


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
    modes = list(map(library.FPDFTextObj_GetTextRenderMode, things))
    # A pattern has no colour to tell; alpha 0 paints nothing.
    fills, _ = read_values(library.FPDFPageObj_GetFillColor, things, 4, ctypes.c_uint)
    unseen, white = set(), set()
    for k, (thing, mode, red) in enumerate(zip(things, modes, fills[0::4], strict=True)):
        if mode in (0, 2) and red < WHITE:
            continue
        if mode in (3, 7):
            unseen.add(thing)
        elif mode in (1, 5):
            if whiteness(library.FPDFPageObj_GetStrokeColor, [thing])[0]:
                white.add(thing)
        elif min(fills[4 * k : 4 * k + 3]) >= WHITE:
            white.add(thing)
    return unseen, white
