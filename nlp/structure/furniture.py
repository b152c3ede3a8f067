"""Take off what belongs to the paper and not to the report.

Page numbers, running headers and footers stand in the middle of paragraphs and tables once
pages are put behind each other.  They are recognised by their shape and by where they
stand, never by their text alone: a bare "4" may be a cell.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

from nlp.documents import Block, Grid, Line, Page, Pages

_DECORATED = re.compile(
    r"^[\s\-—–―－─_~·•.]*[\-—–―－─~·•]\s*\d{1,4}\s*[\-—–―－─~·•][\s\-—–―－─_~·•.]*$"
    r"|^第\s*[\d一二三四五六七八九十]{1,4}\s*页(?:\s*[,，/／]?\s*共\s*[\d一二三四五六七八九十]{1,4}\s*页)?$"
    r"|^\d{1,4}\s*[/／]\s*\d{1,4}\s*页?$"
    r"|^[Pp]age\s*\d{1,4}(?:\s*of\s*\d{1,4})?$"
)
_FRACTION = re.compile(r"^\s*(\d{1,4})\s*[/／]\s*(\d{1,4})\s*$")
_BARE = re.compile(r"^\s*(\d{1,4})\s*$")
# A line among the first or last three of a page may be a running header or footer.
_EDGE_LINES = 3


def is_page_number(text: str) -> bool:
    """Tell whether a line is a decorated page number such as "- 3 -" or "第 3 页 共 6 页".

    Examples
    --------
    >>> is_page_number("—3—"), is_page_number("3"), is_page_number("-417")
    (True, False, False)
    """
    return bool(_DECORATED.match(unicodedata.normalize("NFKC", text).strip().replace("—", "-")))


def _edges(page: Page) -> Iterator[tuple[str, int, Line]]:
    """Give the outermost lines of a page as (edge, distance from it, line)."""
    blocks = [b for b in page.blocks if isinstance(b, Grid) or b.text.strip()]
    for edge, run in (("top", blocks), ("bottom", blocks[::-1])):
        for distance, block in enumerate(run[:_EDGE_LINES]):
            if isinstance(block, Grid):
                break
            yield edge, distance, block


def _bare_page_numbers(pages: Pages) -> set[tuple[int, int]]:
    """Find bare numbers at page edges that count up with the pages."""
    offsets: dict[tuple[str, int], list[tuple[int, Line]]] = defaultdict(list)
    for page in pages.pages:
        for edge, distance, line in _edges(page):
            match = _BARE.match(line.text)
            if match and distance == 0:
                offsets[edge, int(match.group(1)) - page.number].append((page.number, line))
    found: set[tuple[int, int]] = set()
    decorated = sum(
        is_page_number(block.text)
        for page in pages.pages
        for block in page.blocks
        if isinstance(block, Line)
    )
    if decorated >= 2:
        # The pages are numbered "- 3 -": a bare number at an edge is a cell.
        return found
    for lines in offsets.values():
        # Two pages in step prove numbering; a lone number might be a cell.
        if len(lines) >= 2:
            found.update((line.page, line.number) for _, line in lines)
    return found


def _running_lines(pages: Pages) -> set[tuple[int, int]]:
    """Find lines that stand at the same edge of at least three pages (or of all of two)."""
    if len(pages.pages) < 2:
        return set()
    seen: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for page in pages.pages:
        for edge, _, line in _edges(page):
            shape = re.sub(r"[\d\s]+", "", line.text)
            if 2 <= len(shape) <= 40:
                seen[edge, shape].append(line)
    needed = max(3, (len(pages.pages) + 1) // 2)
    if len(pages.pages) == 2:
        needed = 2
    found: set[tuple[int, int]] = set()
    for (_, shape), lines in seen.items():
        on_pages = {line.page for line in lines}
        if len(on_pages) >= needed and not shape.endswith(("。", "；")):
            # The first page keeps its copy: it may be the report's only title.
            found.update((line.page, line.number) for line in lines if line.page != 1)
    return found


def _fractions_in_tables(pages: Pages) -> set[tuple[int, int]]:
    """Find lines like "5 / 5" that are cells (5, a stroke, 5) and not page 5 of 5.

    Pages are numbered with one total and a number that grows; a lone one, or one that does
    not, is a row of a table.
    """
    seen: dict[str, list[tuple[int, tuple[int, int]]]] = defaultdict(list)
    for page in pages.pages:
        for block in page.blocks:
            match = _FRACTION.match(block.text) if isinstance(block, Line) else None
            if match and isinstance(block, Line):
                seen[match.group(2)].append((int(match.group(1)), (block.page, block.number)))
    cells: set[tuple[int, int]] = set()
    for found in seen.values():
        numbers = [number for number, _ in found]
        if len(numbers) < 2 or any(a >= b for a, b in pairwise(numbers)):
            cells.update(place for _, place in found)
    return cells


def drop_furniture(pages: Pages) -> list[Block]:
    """Give all blocks in reading order without page numbers and running headers.

    Lines that are blank are dropped as well; nothing else is changed.
    """
    dropped = _bare_page_numbers(pages) | _running_lines(pages)
    cells = _fractions_in_tables(pages)
    kept: list[Block] = []
    for page in pages.pages:
        edge_lines = {line.number for _, _, line in _edges(page)}
        for block in page.blocks:
            if isinstance(block, Line):
                if not block.text.strip() or (block.page, block.number) in dropped:
                    continue
                if (block.page, block.number) in cells:
                    kept.append(block)
                    continue
                if is_page_number(block.text) and (
                    pages.kind != "pdf" or block.number in edge_lines
                ):
                    continue
            kept.append(block)
    return kept


def common_sizes(lines: list[Line]) -> float | None:
    """Give the body's font size: the one that most characters are set in."""
    sizes: Counter[float] = Counter()
    for line in lines:
        if line.size:
            sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else None
