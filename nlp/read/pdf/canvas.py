"""What can be seen of what a page draws: glyphs, rules and pictures, turned upright."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pdfminer.pdfinterp import LITERAL_FORM, PDFPageInterpreter
from pdfminer.pdftypes import PDFStream
from pdfminer.utils import MATRIX_IDENTITY

from nlp.documents import Box
from nlp.read.pdf.device import Drawn, PageTooComplexError, Recorder
from nlp.read.pdf.marks import UNMAPPED, Fill, Glyph, Rule, Turn

# No more characters than this stand within some points of each other on any page.
_CROWD = 500


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
    cut: bool = False

    def place(self, box: Box) -> Box:
        """Give a box of the canvas in the coordinates of the page as it is shown."""
        placed = _turn_box(box, self.turn, self.width, self.height, back=True)
        x0, top, x1, bottom = (round(v, 2) for v in placed)
        return x0, top, x1, bottom


class _Interpreter(PDFPageInterpreter):
    """Interprets a page, and bounds what its forms hold as the page itself is bounded."""

    def render_contents(self, resources: Any, streams: Any, ctm: Any = MATRIX_IDENTITY) -> None:
        for stream in streams:
            drawn = isinstance(stream, PDFStream) and stream.get("Subtype") is LITERAL_FORM
            if drawn and isinstance(self.device, Recorder):
                self.device.count_bytes(len(stream.get_data()))
        super().render_contents(resources, streams, ctm)


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
    recorder = Recorder(page.pdf.rsrcmgr, height)
    cut = False
    try:
        _Interpreter(page.pdf.rsrcmgr, recorder).process_page(source)
    except PageTooComplexError:
        cut = True
    return replace(_see(recorder.drawn, _visible_box(source, media, height)), cut=cut)


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


def _see(drawn: Drawn, frame: Box) -> Canvas:
    width, height = frame[2] - frame[0], frame[3] - frame[1]
    fills = _FillIndex(drawn.fills)
    glyphs: list[Glyph] = []
    hidden, unmapped = 0, drawn.lost
    replaced = _painted_over(drawn, fills)
    for glyph, unseen, white in drawn.glyphs:
        if not (frame[0] <= glyph.x <= frame[2] and frame[1] <= glyph.y <= frame[3]):
            continue
        blank = not glyph.text.strip()
        if (
            unseen
            or glyph.order in replaced
            or (white and not fills.dark_under(glyph.x, glyph.y, glyph.order))
        ):
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


def _painted_over(drawn: Drawn, fills: _FillIndex) -> set[int]:
    """Find characters under a white patch with other characters printed on it.

    An editor corrects a printed PDF that way.  A white patch alone is no proof: a clipping
    path, which is not followed here, may keep it off the text.
    """
    cell = 6.0
    places: dict[tuple[int, int], list[Glyph]] = defaultdict(list)
    for glyph, unseen, _ in drawn.glyphs:
        if not unseen and glyph.text.strip():
            places[int(glyph.x // cell), int(glyph.y // cell)].append(glyph)
    found: set[int] = set()
    for (column, row), glyphs in places.items():
        near = [
            other
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for other in places.get((column + dx, row + dy), ())
        ]
        for glyph in glyphs:
            patched = fills.white_after(glyph)
            if patched is None:
                continue
            for other in near[:_CROWD]:
                if (
                    other.order > patched
                    and abs(other.x - glyph.x) < 0.5 * glyph.size
                    and abs(other.y - glyph.y) < 0.3 * glyph.size
                ):
                    found.add(glyph.order)
                    break
    return found


def _shift(rule: Rule, frame: Box) -> Rule:
    along, across = (frame[0], frame[1]) if rule.horizontal else (frame[1], frame[0])
    return Rule(rule.horizontal, rule.at - across, rule.start - along, rule.end - along)


def _middle(rule: Rule) -> tuple[float, float]:
    along = (rule.start + rule.end) / 2
    return (along, rule.at) if rule.horizontal else (rule.at, along)


class _FillIndex:
    """The fill last drawn under a point, found by horizontal bands."""

    _BAND = 20.0

    def __init__(self, fills: Iterable[Fill]) -> None:
        self._bands: dict[int, list[Fill]] = defaultdict(list)
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

    def white_after(self, lower: Glyph) -> int | None:
        """When a white fill was first drawn over a character; None where none was."""
        return min(
            (
                fill.order
                for fill in self._bands.get(int(lower.y // self._BAND), [])
                if fill.white
                and fill.order > lower.order
                and fill.box[0] <= lower.x <= fill.box[2]
                and fill.box[1] <= lower.y <= fill.box[3]
            ),
            default=None,
        )


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
        if len(nearby[glyph.text, column, row]) < _CROWD:
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
