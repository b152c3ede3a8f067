"""A pdfminer device that notes what a page draws, in drawing order.

pdfminer's own layout objects keep neither the text rendering mode nor the order of text
and fills, and both decide whether something can be seen; so this device collects what is
needed straight from the interpreter that pdfplumber uses.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from pdfminer.converter import PDFLayoutAnalyzer
from pdfminer.layout import LTChar
from pdfminer.pdffont import PDFUnicodeNotDefined
from pdfminer.utils import apply_matrix_pt, apply_matrix_rect

from nlp.documents import Box
from nlp.read.pdf import marks
from nlp.read.pdf.marks import MAX_RULE_WIDTH, UNMAPPED, Fill, Glyph, Rule, Turn, legible

__all__ = [
    "Drawn",
    "Fill",
    "Glyph",
    "PageTooComplexError",
    "Recorder",
    "Rule",
    "Turn",
]

# Horizontal or vertical up to this slant over the whole length (points).
_SLANT = 1.0
_WHITE = 0.98
# A letterhead, a stamp, a watermark in tiles: a page of a report has some hundred.
_MAX_FORMS = 1000
# Commands of all forms of a page; pdfminer takes seconds for a megabyte, and a page has a tenth.
MAX_FORM_BYTES = 4 * 2**20
_PLAIN_SPACES = {"DeviceGray", "DeviceRGB", "DeviceCMYK", "CalGray", "CalRGB", "ICCBased"}


@dataclass(slots=True)
class Drawn:
    """All that a page draws: glyphs with (unseen, white), rules with (order, white)."""

    glyphs: list[tuple[Glyph, bool, bool]] = field(default_factory=list)  # glyph, unseen, white
    rules: list[tuple[Rule, int, bool]] = field(default_factory=list)  # rule, order, white
    fills: list[Fill] = field(default_factory=list)
    images: list[Box] = field(default_factory=list)
    curves: int = 0
    lost: int = 0


class PageTooComplexError(Exception):
    """The page draws more than any page of a report; what came before is kept."""


class Recorder(PDFLayoutAnalyzer):
    """A pdfminer device that notes what is drawn, with its order."""

    def __init__(self, resources: Any, height: float) -> None:
        super().__init__(resources, laparams=None)
        self.drawn = Drawn()
        self._height = height
        self._order = 0
        self._string = 0
        self._render = 0
        self._forms = self._bytes = 0
        self._decoding: set[Any] = set()

    def _count(self) -> None:
        self._order += 1
        if self._order > marks.MAX_DRAWN:
            raise PageTooComplexError

    def begin_figure(self, name: str, bbox: Any, matrix: Any) -> None:
        # Forms that draw forms twice each double at every level, drawing nothing at all.
        self._forms += 1
        if self._forms > _MAX_FORMS:
            raise PageTooComplexError

    def count_bytes(self, size: int) -> None:
        """Count the commands of a form, each time that it is drawn."""
        self._bytes += size
        if self._bytes > MAX_FORM_BYTES:
            raise PageTooComplexError

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
        self._count()
        box = self._box(apply_matrix_rect(self.ctm, (0, 0, 1, 1)))
        width, height = box[2] - box[0], box[3] - box[1]
        if min(width, height) <= 2 and max(width, height) > 8:
            # Some converters draw hairlines as one-pixel pictures.
            self._note_bar(box, white=False)
            return
        self.drawn.images.append(box)
        self.drawn.fills.append(Fill(box, self._order, white=False))

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        self._string += 1
        self._render = textstate.render
        self._count_lost(textstate.font, seq)
        super().render_string(textstate, seq, ncs, graphicstate)

    def _count_lost(self, font: Any, seq: Any) -> None:
        """Count strings that a font with an unknown encoding swallows whole."""
        if font in self._decoding:
            return
        shown = [text for text in seq if isinstance(text, bytes) and text.strip()]
        if any(any(True for _ in font.decode(text)) for text in shown):
            self._decoding.add(font)
        else:
            self.drawn.lost += sum((len(text) + 1) // 2 for text in shown)

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
        self._count()
        try:
            text = str(font.to_unichr(cid))
        except (PDFUnicodeNotDefined, KeyError):
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
        text = legible(text, str(item.fontname))
        colour, space = graphicstate.ncolor, graphicstate.ncs
        if self._render in (1, 5):
            colour, space = graphicstate.scolor, graphicstate.scs
        glyph = Glyph(text, x0, top, x1, bottom, size, turn, tall, self._order, self._string)
        unseen = self._render in (3, 7) or size < 0.5
        self.drawn.glyphs.append((glyph, unseen, _is_white(colour, space)))
        return float(item.adv)

    def paint_path(self, gstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Any) -> None:
        self._count()
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
                self.drawn.fills.append(Fill(box, self._order, fill_white))
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
                self.drawn.fills.append(Fill(bar, self._order, white))
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
