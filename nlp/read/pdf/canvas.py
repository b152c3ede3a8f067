"""What a page draws: visible glyphs, rules, fills and pictures, in drawing order.

pdfminer's own layout objects keep neither the text rendering mode nor the order of text
and fills, and both decide whether something can be seen; so a device of our own collects
what we need straight from the interpreter that pdfplumber uses.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Literal

from pdfminer.converter import PDFLayoutAnalyzer
from pdfminer.layout import LTChar
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.utils import apply_matrix_pt, apply_matrix_rect

from nlp.documents import Box

# Word's widest border is 6 pt; a filled bar over 4 pt is a background, not a rule.
MAX_RULE_WIDTH = 4.0
# Horizontal or vertical up to this slant over the whole length (points).
_SLANT = 1.0
_WHITE = 0.98
_PLAIN_SPACES = {"DeviceGray", "DeviceRGB", "DeviceCMYK", "CalGray", "CalRGB", "ICCBased"}
# Symbol fonts print bullets from the private use area: legible, but not letters.
_SYMBOL_FONTS = ("wingdings", "symbol", "webdings", "zapfdingbats")
UNMAPPED = "\ufffd"

Turn = Literal[0, 90, 180, 270]


@dataclass(frozen=True, slots=True)
class Glyph:
    """One drawn character; ``turn`` is the angle of its writing direction (90 = upwards).

    ``string`` numbers the show operator that drew it; ``tall`` marks vertical fonts.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    turn: Turn = 0
    tall: bool = False
    order: int = 0
    string: int = 0

    @property
    def x(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def y(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight rule: ``at`` is its y (horizontal) or x (vertical)."""

    horizontal: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Canvas:
    """A page as drawn, in points from the visible page's upper left corner."""

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[Rule, ...]
    images: tuple[Box, ...]
    curves: int = 0
    hidden: int = 0
    unmapped: int = 0
    turn: Turn = 0

    def place(self, box: Box) -> Box:
        """Give a box of the canvas in the coordinates of the page as it is shown."""
        placed = _turn_box(box, self.turn, self.width, self.height, back=True)
        x0, top, x1, bottom = (round(v, 2) for v in placed)
        return x0, top, x1, bottom


@dataclass(slots=True)
class _Fill:
    box: Box
    order: int
    white: bool


@dataclass(slots=True)
class _Drawn:
    glyphs: list[tuple[Glyph, bool, bool]] = field(default_factory=list)  # glyph, unseen, white
    rules: list[tuple[Rule, int, bool]] = field(default_factory=list)  # rule, order, white
    fills: list[_Fill] = field(default_factory=list)
    images: list[Box] = field(default_factory=list)
    curves: int = 0


class _Recorder(PDFLayoutAnalyzer):
    """A pdfminer device that notes what is drawn, with its order."""

    def __init__(self, resources: Any, height: float) -> None:
        super().__init__(resources, laparams=None)
        self.drawn = _Drawn()
        self._height = height
        self._order = 0
        self._string = 0
        self._render = 0

    def begin_figure(self, name: str, bbox: Any, matrix: Any) -> None:
        pass

    def end_figure(self, _: str) -> None:
        pass

    def begin_page(self, page: Any, ctm: Any) -> None:
        pass

    def end_page(self, page: Any) -> None:
        pass

    def _box(self, bbox: Any) -> Box:
        x0, y0, x1, y1 = bbox
        return (min(x0, x1), self._height - max(y0, y1), max(x0, x1), self._height - min(y0, y1))

    def render_image(self, name: str, stream: Any) -> None:
        self._order += 1
        box = self._box(apply_matrix_rect(self.ctm, (0, 0, 1, 1)))
        width, height = box[2] - box[0], box[3] - box[1]
        if min(width, height) <= 2 and max(width, height) > 8:
            # Some converters draw hairlines as one-pixel pictures.
            self._note_bar(box, white=False)
            return
        self.drawn.images.append(box)
        self.drawn.fills.append(_Fill(box, self._order, white=False))

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        self._string += 1
        self._render = textstate.render
        super().render_string(textstate, seq, ncs, graphicstate)

    def render_char(
        self,
        matrix: Any,
        font: Any,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        ncs: Any,
        graphicstate: Any,
    ) -> float:
        self._order += 1
        try:
            text = str(font.to_unichr(cid))
        except KeyError:  # pdfminer's PDFUnicodeNotDefined is one
            text = UNMAPPED
        item = LTChar(
            matrix,
            font,
            fontsize,
            scaling,
            rise,
            text,
            font.char_width(cid),
            font.char_disp(cid),
            ncs,
            graphicstate,
        )
        x0, top, x1, bottom = self._box(item.bbox)
        a, b = matrix[0], matrix[1]
        turn: Turn = (0 if a >= 0 else 180) if abs(a) >= abs(b) else (90 if b > 0 else 270)
        tall = bool(font.is_vertical())
        size = (x1 - x0) if tall != (turn in (90, 270)) else (bottom - top)
        text = _legible(text, str(item.fontname))
        colour, space = graphicstate.ncolor, graphicstate.ncs
        if self._render in (1, 5):
            colour, space = graphicstate.scolor, graphicstate.scs
        glyph = Glyph(text, x0, top, x1, bottom, size, turn, tall, self._order, self._string)
        unseen = self._render in (3, 7) or size < 0.5
        self.drawn.glyphs.append((glyph, unseen, _is_white(colour, space)))
        return float(item.adv)

    def paint_path(self, gstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Any) -> None:
        self._order += 1
        for part in _subpaths(path):
            self._paint_part(gstate, stroke, fill, part)

    def _paint_part(self, gstate: Any, stroke: bool, fill: bool, part: list[Any]) -> None:
        straight = all(op in "mlh" for op, *_ in part)
        points = []
        for _op, *xy in part:
            for x, y in zip(xy[0::2], xy[1::2], strict=False):
                px, py = apply_matrix_pt(self.ctm, (float(x), float(y)))
                points.append((px, self._height - py))
        if not points:
            return
        if not straight:
            self.drawn.curves += 1
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        box = (min(xs), min(ys), max(xs), max(ys))
        thin = min(box[2] - box[0], box[3] - box[1]) <= MAX_RULE_WIDTH
        fill_white = _is_white(gstate.ncolor, gstate.ncs)
        if fill and (straight or thin):
            if thin:
                self._note_bar(box, fill_white)
            else:
                self.drawn.fills.append(_Fill(box, self._order, fill_white))
        if not stroke or not straight:
            return
        same_colour = fill and not thin and gstate.scolor == gstate.ncolor
        if same_colour:
            # A highlight with an outline of its own colour: nothing is ruled.
            return
        white = _is_white(gstate.scolor, gstate.scs)
        if any(op == "h" for op, *_ in part):
            points.append(points[0])
        for (ax, ay), (bx, by) in pairwise(points):
            segment = (min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
            if gstate.linewidth > MAX_RULE_WIDTH:
                half = gstate.linewidth / 2
                x0, top, x1, bottom = segment
                if bottom - top <= _SLANT:
                    bar = (x0, top - half, x1, bottom + half)
                else:
                    bar = (x0 - half, top, x1 + half, bottom)
                self.drawn.fills.append(_Fill(bar, self._order, white))
            elif segment[3] - segment[1] <= _SLANT or segment[2] - segment[0] <= _SLANT:
                self._note_bar(segment, white)

    def _note_bar(self, box: Box, white: bool) -> None:
        x0, top, x1, bottom = box
        width, height = x1 - x0, bottom - top
        if max(width, height) > 4 * min(width, height) or max(width, height) <= 1.5:
            across = Rule(True, (top + bottom) / 2, x0, x1)
            down = Rule(False, (x0 + x1) / 2, top, bottom)
            # A dot of a dotted border is part of a rule either way.
            wanted = (
                [across, down]
                if max(width, height) <= 1.5
                else [across, down][height > width :][:1]
            )
            self.drawn.rules.extend((rule, self._order, white) for rule in wanted)


def draw_page(page: Any) -> Canvas:
    """Interpret one pdfplumber page.

    Parameters
    ----------
    page : pdfplumber.page.Page

    Returns
    -------
    Canvas
        Turned upright where most of the text runs up, down or upside down.
    """
    source = page.page_obj
    x0, y0, x1, y1 = source.mediabox
    media = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
    height = media[2] - media[0] if source.rotate in (90, 270) else media[3] - media[1]
    recorder = _Recorder(page.pdf.rsrcmgr, height)
    PDFPageInterpreter(page.pdf.rsrcmgr, recorder).process_page(source)
    return _see(recorder.drawn, _visible_box(source, media, height))


def _visible_box(source: Any, media: Box, height: float) -> Box:
    """The crop box (inside the media box) in displayed coordinates."""
    crop = source.cropbox or media
    x0, x1 = max(min(crop[0], crop[2]), media[0]), min(max(crop[0], crop[2]), media[2])
    y0, y1 = max(min(crop[1], crop[3]), media[1]), min(max(crop[1], crop[3]), media[3])
    if x1 - x0 < 10 or y1 - y0 < 10:
        x0, y0, x1, y1 = media
    mx0, my0, mx1, my1 = media
    turned = {
        90: (y0 - my0, mx1 - x1, y1 - my0, mx1 - x0),
        180: (mx1 - x1, my1 - y1, mx1 - x0, my1 - y0),
        270: (my1 - y1, x0 - mx0, my1 - y0, x1 - mx0),
    }.get(source.rotate, (x0 - mx0, y0 - my0, x1 - mx0, y1 - my0))
    left, low, right, high = turned
    return left, height - high, right, height - low


def _see(drawn: _Drawn, frame: Box) -> Canvas:
    width, height = frame[2] - frame[0], frame[3] - frame[1]
    fills = _FillIndex(drawn.fills)
    glyphs: list[Glyph] = []
    hidden = unmapped = 0
    for glyph, unseen, white in drawn.glyphs:
        if not (frame[0] <= glyph.x <= frame[2] and frame[1] <= glyph.y <= frame[3]):
            continue
        blank = not glyph.text.strip()
        if unseen or (white and not fills.dark_under(glyph.x, glyph.y, glyph.order)):
            hidden += not blank
            continue
        unmapped += glyph.text.count(UNMAPPED)
        glyphs.append(
            replace(
                glyph,
                x0=glyph.x0 - frame[0],
                x1=glyph.x1 - frame[0],
                top=glyph.top - frame[1],
                bottom=glyph.bottom - frame[1],
            )
        )
    rules = [
        _shift(rule, frame)
        for rule, order, white in drawn.rules
        if not white or fills.dark_under(*_middle(rule), order)
    ]
    images = [
        (b[0] - frame[0], b[1] - frame[1], b[2] - frame[0], b[3] - frame[1]) for b in drawn.images
    ]
    seen = drop_double_strikes(glyphs)
    turn = _page_turn(seen)
    canvas = Canvas(
        width, height, tuple(seen), tuple(rules), tuple(images), drawn.curves, hidden, unmapped
    )
    return _upright(canvas, turn) if turn else canvas


def _shift(rule: Rule, frame: Box) -> Rule:
    along, across = (frame[0], frame[1]) if rule.horizontal else (frame[1], frame[0])
    return Rule(rule.horizontal, rule.at - across, rule.start - along, rule.end - along)


def _middle(rule: Rule) -> tuple[float, float]:
    along = (rule.start + rule.end) / 2
    return (along, rule.at) if rule.horizontal else (rule.at, along)


class _FillIndex:
    """The fill last drawn under a point, found by horizontal bands."""

    _BAND = 20.0

    def __init__(self, fills: Iterable[_Fill]) -> None:
        self._bands: dict[int, list[_Fill]] = defaultdict(list)
        for fill in fills:
            low, high = int(fill.box[1] // self._BAND), int(fill.box[3] // self._BAND)
            for band in range(max(low, -100), min(high, 1000) + 1):
                self._bands[band].append(fill)

    def dark_under(self, x: float, y: float, order: int) -> bool:
        """Whether the uppermost fill at a point, drawn before ``order``, is not white."""
        for fill in reversed(self._bands.get(int(y // self._BAND), [])):
            x0, top, x1, bottom = fill.box
            if fill.order < order and x0 <= x <= x1 and top <= y <= bottom:
                return not fill.white
        return False


def drop_double_strikes(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Drop the copies that fake bold or a shadow prints on top of a character.

    A copy is the same text in the same size, off by less than 0.15 em and less than 0.35
    of the character's own width; the second 1 of 11 stands a whole width away.

    Examples
    --------
    >>> one = Glyph("1", 0, 0, 5, 10, 10)
    >>> bold = Glyph("1", 0.4, 0, 5.4, 10, 10)
    >>> eleven = Glyph("1", 5, 0, 10, 10, 10)
    >>> [g.x0 for g in drop_double_strikes([one, bold, eleven])]
    [0, 5]
    """
    kept: list[Glyph] = []
    nearby: dict[tuple[str, int, int], list[Glyph]] = defaultdict(list)
    cell = 4.0
    for glyph in glyphs:
        reach = min(0.15 * glyph.size, 0.35 * max(glyph.x1 - glyph.x0, glyph.bottom - glyph.top))
        if glyph.turn == 0 and not glyph.tall:
            across = min(reach, 0.35 * (glyph.x1 - glyph.x0))
        else:
            across = reach
        column, row = int(glyph.x0 // cell), int(glyph.top // cell)
        twin = any(
            abs(other.x0 - glyph.x0) <= across
            and abs(other.top - glyph.top) <= reach
            and abs(other.size - glyph.size) <= 0.15 * glyph.size
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for other in nearby[glyph.text, column + dx, row + dy]
        )
        nearby[glyph.text, column, row].append(glyph)
        if not twin or not glyph.text.strip():
            kept.append(glyph)
    return kept


def _page_turn(glyphs: Sequence[Glyph]) -> Turn:
    counts = Counter(g.turn for g in glyphs if g.text.strip())
    if not counts:
        return 0
    turn, count = counts.most_common(1)[0]
    return turn if count > 0.6 * counts.total() else 0


def _turn_box(box: Box, turn: Turn, width: float, height: float, *, back: bool = False) -> Box:
    """Turn a box so that text that ran at ``turn`` runs to the right (or back again).

    ``width`` and ``height`` are those of the page after turning.
    """
    x0, top, x1, bottom = box
    if turn == 180:
        return width - x1, height - bottom, width - x0, height - top
    if turn == 0:
        return box
    if (turn == 90) != back:
        # upwards → to the right; the page's left edge becomes its top
        other = width if not back else height
        return other - bottom, x0, other - top, x1
    other = height if not back else width
    return top, other - x1, bottom, other - x0


def _upright(canvas: Canvas, turn: Turn) -> Canvas:
    width, height = (
        (canvas.height, canvas.width) if turn in (90, 270) else (canvas.width, canvas.height)
    )

    def turned(box: Box) -> Box:
        return _turn_box(box, turn, width, height)

    glyphs = []
    for glyph in canvas.glyphs:
        x0, top, x1, bottom = turned((glyph.x0, glyph.top, glyph.x1, glyph.bottom))
        angle: Any = (glyph.turn - turn) % 360
        glyphs.append(replace(glyph, x0=x0, top=top, x1=x1, bottom=bottom, turn=angle))
    rules = []
    for rule in canvas.rules:
        box = (
            (rule.start, rule.at, rule.end, rule.at)
            if rule.horizontal
            else (rule.at, rule.start, rule.at, rule.end)
        )
        x0, top, x1, bottom = turned(box)
        flat = rule.horizontal == (turn == 180)
        rules.append(Rule(True, top, x0, x1) if flat else Rule(False, x0, top, bottom))
    return replace(
        canvas,
        width=width,
        height=height,
        glyphs=tuple(glyphs),
        rules=tuple(rules),
        images=tuple(turned(image) for image in canvas.images),
        turn=turn,
    )


def _subpaths(path: Sequence[Any]) -> Iterable[list[Any]]:
    part: list[Any] = []
    for step in path:
        if step[0] == "m" and part:
            yield part
            part = []
        part.append(step)
    if part and part[0][0] == "m":
        yield part


def _is_white(colour: Any, space: Any) -> bool:
    # In Separation and DeviceN spaces 1.0 is full ink, so only plain spaces can be judged.
    if getattr(space, "name", "") not in _PLAIN_SPACES:
        return False
    parts = colour if isinstance(colour, (tuple, list)) else (colour,)
    if not all(isinstance(p, (int, float)) and math.isfinite(p) for p in parts):
        return False
    if len(parts) == 4:
        return all(p <= 1 - _WHITE for p in parts)
    return len(parts) in (1, 3) and all(p >= _WHITE for p in parts)


def _legible(text: str, font: str) -> str:
    """Give what a reader can use of a glyph's text; U+FFFD where nothing is known."""
    out = []
    for char in text:
        category = unicodedata.category(char)
        if category == "Co":
            symbol = any(word in font.lower() for word in _SYMBOL_FONTS)
            out.append("•" if symbol else UNMAPPED)
        elif category in ("Cc", "Cs", "Cn"):
            out.append(" " if char in "\t\n\r" else UNMAPPED)
        elif category != "Cf":
            out.append(char)
    return "".join(out)
