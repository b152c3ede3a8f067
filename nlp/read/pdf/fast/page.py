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
from nlp.read.pdf.fast.pieces import LOST, Columns, Mark
from nlp.read.pdf.marks import UNMAPPED, Rule, legible

# The middle of a line of characters above its baseline (em); boxes of fonts differ.
_MIDDLE = 0.36
# A space and a line end that PDFium adds between words have no box of their own.
_SPACES = frozenset((9, 10, 13, 32, 0xA0, 0x3000, *range(0x2000, 0x200B)))
# PDFium writes a hyphen at a line's end so.
_HYPHENS = {0x02: "-", 0xFFFE: "-"}

# Characters are taken together up to this distance (em, less than any space), and while they
# overlap by no more than this (points): in layout nothing tells them from single ones.
_JOINED, _OVERLAP = 0.09, 0.2
# A text object begins where another ends up to this distance (of its height): less than a space.
_SLIM = 0.05
# The height of no line.
_NOWHERE = float("-inf")


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
    found = _read_characters(text)
    paths = walk_page(page, frame, found.things)
    sheet = Sheet(frame.width, frame.height, images=paths.images, drawn=paths.drawn)
    sheet.rules = list_rules(paths)
    sheet.patched = any(white for _, white, _ in paths.fills)
    if found.texts:
        _note_marks(found, frame, paths, sheet)
    if frame.turn == 0 and paths.lost:
        sheet.marks += _lost_spaces(paths, frame)
    return sheet


def _lost_spaces(paths: Paths, frame: Frame) -> list[Mark]:
    """Find the strings that PDFium drops, most of them spaces.

    Others are text struck twice (there the line has no gap, and a space without a gap is
    nothing) and glyphs without an outline, whatever they stand for.
    """
    forms = read_matrices(handles(paths.lost))
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


@dataclass(slots=True)
class _Characters:
    """The characters of a page in the order of its content stream, as columns.

    ``things`` has the text objects that have any; ``text`` and ``page`` are the text page's
    handle, as a number and as the functions without argument types take it.
    """

    text: int
    page: Any = None
    texts: list[str] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    things: dict[int, None] = field(default_factory=dict)


def _read_characters(text: int) -> _Characters:
    """Read what each character is, and whose."""
    library = pdfium()
    count = library.FPDFText_CountChars(text)
    if count <= 0:
        return _Characters(text)
    if count > marks.MAX_DRAWN:
        raise DeclinedError("页面文字过多")
    (page,) = handles([text])
    every = range(count)
    if any(map(library.FPDFText_HasUnicodeMapError, same(page), every)):
        raise DeclinedError("有的字没有 Unicode 对照")
    texts = _read_texts(text, page, count)
    owners = list(map(library.FPDFText_GetTextObject, same(page), every))
    return _Characters(text, page, _bullets(texts, owners), owners, dict.fromkeys(owners))


def _note_marks(own: _Characters, frame: Frame, paths: Paths, sheet: Sheet) -> None:
    """Note the characters that can be seen."""
    library = pdfium()
    texts, owners, page = own.texts, own.owners, own.page
    every = range(len(texts))
    boxes = read_floats(library.FPDFText_GetLooseCharBox, page, every, 4)
    unseen, white = _unseen(own.things)
    odd = unseen | white
    heads, followers = _heads(own, boxes, bool(odd))
    # Size and matrix are the text object's, whichever of its characters is asked.
    forms = read_floats(library.FPDFText_GetMatrix, page, heads, 6)
    sizes = map(library.FPDFText_GetFontSize, same(page), heads)
    strings = zip(sizes, *(forms[n::6] for n in range(6)), strict=True)
    order = {thing: n for n, thing in enumerate(paths.objects)} if white else {}
    found = sheet.marks
    upright = frame.turn == 0
    dx, high = frame.left, frame.high
    width, height = sheet.width, sheet.height
    # The middle of a character is on the page where twice its place is between these.
    first, end_of_page = 2 * dx, 2 * (dx + width)
    columns: Columns = (texts, owners, boxes, dx)
    row: list[int] = []
    row_y, row_size = _NOWHERE, 0.0
    start = end = room = 0.0
    last, kind, vertical, plain = 0, 0, False, False
    size = base = y = reach = b = 0.0
    for k, char, owner, x0, y1, x1, y0 in zip(
        every, texts, owners, boxes[0::4], boxes[1::4], boxes[2::4], boxes[3::4], strict=True
    ):
        if not owner or not char:
            continue
        if owner != last and k in followers:
            last = owner
        elif owner != last:
            last = owner
            size, a, b, c, d, e, f = next(strings)
            if b or c or a <= 0:
                size, kind = _turned(size, a, b, c, d)
            else:
                size, kind = size * (d if d > 0 else -d), 0
            base = f + _MIDDLE * size
            # The origin of a vertical glyph is above its middle, not at its left edge.
            vertical = kind == 0 and e - x0 > 0.25 * size and char != " "
            y, reach = high - base, 3 * size + 1
            plain = False
            if upright and kind == 0:
                if x0 - e > 0.15 * size:
                    # The string begins with a space that PDFium dropped.
                    if row:
                        _end_row(columns, row, row_y, row_size, found)
                        row, row_y = [], _NOWHERE
                    found.append((high - base, e - dx, e - dx, size, " ", owner, 0, ()))
                plain = not (b or vertical or owner in odd) and 0 <= y <= height and size >= 0.5
        if plain and x1 - x0 <= reach and y1 - y0 <= reach:
            # Most of a report.
            if (
                y == row_y
                and -_OVERLAP <= x0 - end <= room
                and start <= x0
                and end <= x1
                and size == row_size
                and char != " "
                and x0 + x1 <= end_of_page
            ):
                row.append(k)
                start, end = x0, x1
                continue
            if not first <= x0 + x1 <= end_of_page:
                continue
            if row:
                _end_row(columns, row, row_y, row_size, found)
            if char == " ":
                found.append((y, x0 - dx, x1 - dx, size, " ", owner, 0, ()))
                row, row_y = [], _NOWHERE
                continue
            row, row_y, row_size, start, end = [k], y, size, x0, x1
            room = _JOINED * size if size >= 1 else -1.0
            continue
        if vertical or not (x1 - x0 <= reach and y1 - y0 <= reach):
            x0, y0, x1, y1 = _tight(own.text, k)
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
        if row:
            _end_row(columns, row, row_y, row_size, found)
            row, row_y = [], _NOWHERE
        found.append((middle, x0, x1, size, char, owner, turn, ()))
    if row:
        _end_row(columns, row, row_y, row_size, found)


def _heads(own: _Characters, boxes: list[float], each: bool) -> tuple[list[int], set[int]]:
    """Tell which characters begin a text object, and which of them only go on with a line.

    Many writers make a text object of every character.  One whose box has the height of the
    box before it, to the last bit, and begins where that one ends, is of its font, size and
    line: it need not be asked for them, unless ``each`` is to be.
    """
    heads: list[int] = []
    followers: set[int] = set()
    last = 0
    end = top = bottom = _NOWHERE
    for k, owner, char, x0, y1, x1, y0 in zip(
        range(len(boxes)), own.owners, own.texts, boxes[0::4], boxes[1::4], boxes[2::4],
        boxes[3::4], strict=False,
    ):  # fmt: skip
        if not owner or not char:
            continue
        if owner != last:
            last = owner
            if (
                y1 == top
                and y0 == bottom
                and not each
                and -_OVERLAP <= x0 - end <= _SLIM * (y1 - y0)
            ):
                followers.add(k)
            else:
                heads.append(k)
        end, top, bottom = x1, y1, y0
    return heads, followers


def _turned(size: float, a: float, b: float, c: float, d: float) -> tuple[float, int]:
    """Give the size in which a text matrix shows a font, and the writing direction."""
    if not b and not c:
        return size * abs(d), 0 if a > 0 else 180
    if abs(a) >= abs(b):
        return size * hypot(c, d), 0 if a >= 0 else 180
    return size * hypot(c, d), 90 if b > 0 else 270


def _end_row(columns: Columns, row: list[int], y: float, size: float, found: list[Mark]) -> None:
    """Note characters that stand side by side as one mark."""
    texts, owners, boxes, left = columns
    first = row[0]
    x0 = boxes[4 * first] - left
    if len(row) > 1:
        text = "".join([texts[k] for k in row])
        x1 = boxes[4 * row[-1] + 2] - left
        found.append((y, x0, x1, size, text, owners[first], 0, (columns, row)))
    else:
        found.append((y, x0, boxes[4 * first + 2] - left, size, texts[first], owners[first], 0, ()))


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


def _unseen(owners: Iterable[int]) -> tuple[set[int], set[int]]:
    """Text objects that are not painted at all, and those painted white."""
    library = pdfium()
    things = [thing for thing in owners if thing]
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
