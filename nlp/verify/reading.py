"""Read a cell for arithmetic: what it counts as, and whether it may be taken at its word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from nlp.documents import Cell

ReadingKind = Literal["printed", "empty", "absent", "unreadable"]
_EMPTY_STATES = frozenset({"blank", "slash", "dash", "none"})
# "1 2" may be 12 or two cells run together; thousands are set off by three digits.
_SPLIT_DIGITS = re.compile(r"\d\s+\d")
_THOUSANDS = re.compile(r"\s*[-+]?\d{1,3}(\s\d{3})+(\.\d+)?\D*")


@dataclass(frozen=True, slots=True)
class Reading:
    """A cell as the checks see it: ``value`` is 0 for an empty cell, None where unknown."""

    key: str
    value: int | float | None
    kind: ReadingKind
    doubtful: bool
    page: int | None


def read_cell(cell: Cell, doubt_words: Sequence[str] = ()) -> Reading:
    """Read one cell.

    Examples
    --------
    >>> from nlp.documents import Cell
    >>> read_cell(Cell("3|1|总计", "3", "1", "总计", "21", 21, None, "number")).value
    21
    >>> read_cell(Cell("3|1|总计", "3", "1", "总计", "/", None, None, "slash")).kind
    'empty'
    """
    kind: ReadingKind
    value: int | float | None = cell.value
    if cell.state == "absent":
        kind, value = "absent", None
    elif cell.state in _EMPTY_STATES:
        kind, value = "empty", 0
    elif cell.state == "unreadable" or value is None:
        # A value that the reader itself does not stand by is no value.
        kind, value = "unreadable", None
    else:
        kind = "printed"
    return Reading(cell.key, value, kind, _is_doubtful(cell, kind, doubt_words), cell.page)


def _is_doubtful(cell: Cell, kind: ReadingKind, doubt_words: Sequence[str]) -> bool:
    if kind == "unreadable" or cell.candidates:
        return True
    if cell.note and any(word in cell.note for word in doubt_words):
        return True
    raw = cell.raw
    return (
        raw is not None
        and _SPLIT_DIGITS.search(raw) is not None
        and _THOUSANDS.fullmatch(raw) is None
    )


def read_cells(
    cells: Iterable[Cell], doubt_words: Sequence[str] = (), prefix: str = ""
) -> dict[str, Reading]:
    """Read all cells of a report by key; of two cells with one key neither is trusted."""
    readings: dict[str, Reading] = {}
    for cell in cells:
        reading = read_cell(cell, doubt_words)
        key = prefix + cell.key
        known = readings.get(key)
        if known is not None:
            if known.kind == "absent":
                readings[key] = reading
            elif reading.kind != "absent" and reading.value != known.value:
                readings[key] = Reading(cell.key, None, "unreadable", True, known.page)
            continue
        readings[key] = reading
    return readings
