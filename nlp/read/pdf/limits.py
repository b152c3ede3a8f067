"""What both PDF readers hold a page to."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.documents import Box

# The longest real report (a province's, with annexes) has under 60 pages.
MAX_PAGES = 500
# A page with fewer characters than this and a large picture is a scan with a page number.
SCAN_CHARACTERS = 20


def has_large_picture(
    images: Sequence[Box], middles: Sequence[tuple[float, float]], width: float
) -> bool:
    """Whether a picture may stand where a table would.

    A watermark or letterhead has text printed over it; a pictured table has not.

    Parameters
    ----------
    images : sequence of Box
        The pictures of a page.
    middles : sequence of (x, y)
        The middles of its characters.
    width : float
        Of the page, in points.

    Examples
    --------
    >>> has_large_picture([(50, 100, 500, 300)], [(60.0, 50.0)], 595)
    True
    """
    for x0, top, x1, bottom in images:
        if x1 - x0 < 0.4 * width or bottom - top < 60:
            continue
        if sum(x0 <= x <= x1 and top <= y <= bottom for x, y in middles) < 10:
            return True
    return False
