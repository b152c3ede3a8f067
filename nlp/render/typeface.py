"""The font of the pages: cut to the characters that a page shows, and put inside it.

A page must show Chinese on a machine without a Chinese font and must not ask the network
for one.  The shipped face (see ``fonts/README.md``) is therefore cut down to the page's own
characters and embedded; installed fonts come first in the style sheet, because they are
hinted for their screen, and this one catches what they lack.
"""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "Nianbao Sans SC"
_FONT = Path(__file__).parent / "fonts" / "NianbaoSansSC-Regular.woff2"


@dataclass(frozen=True, slots=True)
class Typeface:
    """A font cut to size: the ``woff2`` bytes, and the characters that it cannot show."""

    woff2: bytes
    missing: tuple[str, ...]

    @property
    def data_url(self) -> str:
        """Give the font as a ``data:`` address for a style sheet."""
        return "data:font/woff2;base64," + b64encode(self.woff2).decode("ascii")


@cache
def list_covered() -> frozenset[int]:
    """Give the code points that the shipped font shows."""
    with TTFont(_FONT, lazy=True) as font:
        return frozenset(font.getBestCmap())


def cut_typeface(texts: Iterable[str]) -> Typeface:
    """Cut the shipped font to the characters of some texts.

    Parameters
    ----------
    texts : iterable of str
        Everything that the page may show, in any order.

    Returns
    -------
    Typeface
        The same characters give the same bytes, whatever their order.

    Examples
    --------
    >>> face = cut_typeface(["年报", "一𠮷"])
    >>> face.missing
    ('𠮷',)
    >>> face.woff2[:4]
    b'wOF2'
    """
    wanted = {char for text in texts for char in text}
    covered = list_covered()
    shown = {ord(char) for char in wanted} & covered
    missing = sorted(c for c in wanted if ord(c) not in covered and c.isprintable())
    return Typeface(_cut(frozenset(shown | {0x20, 0x3F, 0x4E00})), tuple(missing))


# A cut takes seconds and is asked for again when a result is made again after a small change.
@lru_cache(maxsize=4)
def _cut(shown: frozenset[int]) -> bytes:
    options = subset.Options()
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 13, 14]  # the licence asks that copyright and licence stay in
    options.layout_features = []
    # The box around all glyphs stays that of the whole font: no line is set by it, and to
    # measure it anew every outline would be drawn.
    font = TTFont(_FONT, recalcTimestamp=False, recalcBBoxes=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=shown)
    cutter.subset(font)
    font.flavor = "woff2"
    buffer = io.BytesIO()
    font.save(buffer, reorderTables=True)
    return buffer.getvalue()
