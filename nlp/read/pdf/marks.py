"""What a page draws, whichever library read it: glyphs, rules and fills."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal, NamedTuple

from nlp.documents import Box
from nlp.read.characters import fold_radicals

# Word's widest border is 6 pt; a filled bar over 4 pt is a background, not a rule.
MAX_RULE_WIDTH = 4.0
# Symbol fonts print bullets from the private use area: legible, but not letters.
_SYMBOL_FONTS = ("wingdings", "symbol", "webdings", "zapfdingbats")
UNMAPPED = "\ufffd"

# A dense page of text draws 5 000 things; only detailed maps draw more than this.
MAX_DRAWN = 60_000

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


class Rule(NamedTuple):
    """A straight rule: ``at`` is its y (horizontal) or x (vertical)."""

    horizontal: bool
    at: float
    start: float
    end: float


@dataclass(slots=True)
class Fill:
    """A filled area or a picture; ``order`` counts what is drawn."""

    box: Box
    order: int
    white: bool


def legible(text: str, font: str) -> str:
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
    return fold_radicals("".join(out))
