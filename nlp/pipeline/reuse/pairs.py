"""A file of texts → a file of the pairs that share wording."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from nlp.pipeline.lines import read_lines, write_lines
from nlp.reuse import Settings, Source, find_pairs
from nlp.reuse.phrases import find_phrases
from nlp.structure import match_regions
from nlp.structure.divisions import load_divisions

# What may belong to the name of a place after that of its county.
_AFTER = 20


def _read_sources(path: Path) -> Iterator[Source]:
    for number, row in enumerate(read_lines(path, ("id", "text")), start=1):
        year = row.get("year")
        try:
            year = int(year) if year not in (None, "") else None
        except (TypeError, ValueError):
            raise ValueError(f"第 {number} 行：year 应为年份或 null；实为 {year!r}") from None
        issuer = row.get("issuer")
        yield Source(str(row["id"]), str(row["text"]), "" if issuer is None else str(issuer), year)


def find_places(sources: Sequence[Source]) -> set[str]:
    """Give the names of places that the texts speak of, as the division data know them.

    Only the surroundings of names are read, each once: reading every sentence would take
    longer than all that follows.
    """
    texts = [source.text for source in sources]
    windows: set[tuple[str, int]] = set()
    text, low, high = -1, 0, 0

    def close() -> None:
        if text >= 0:
            first = max(0, low - 1)
            windows.add((texts[text][first : high + _AFTER], high - first))

    for owner, start, end in find_phrases(texts, load_divisions().by_name):
        if owner == text and start <= high:
            high = end
            continue
        close()
        text, low, high = owner, start, end
    close()
    # What begins after the names found has a window of its own; here it may be cut short.
    return {
        window[start:end]
        for window, limit in windows
        for start, end, _ in match_regions(window)
        if start < limit
    }


def pair_file(source: Path, target: Path, *, settings: Settings | None = None) -> int:
    """Write the pairs of a file of texts; give their number.

    Parameters
    ----------
    source : Path
        JSON lines with ``id`` and ``text`` (a clause up to a whole report), and where known
        ``issuer`` and ``year``.
    target : Path
        JSON lines ``a``, ``b``, ``score``, ``a_start``, ``a_end``, ``b_start``, ``b_end``,
        ``kind``; offsets into the texts as given.  Written whole or not at all, and the
        same bytes whatever the order of the lines of ``source``.

    Raises
    ------
    ValueError
        If a line is not JSON, lacks a field, or an id comes twice.
    """
    sources = list(_read_sources(source))
    pairs = find_pairs(sources, names=find_places(sources), settings=settings or Settings())

    def rows() -> Iterator[dict[str, Any]]:
        for pair in pairs:
            yield pair._asdict()

    return write_lines(target, rows())
