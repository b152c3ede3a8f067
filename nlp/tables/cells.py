"""Make cells of printed values, and of values whose place is in doubt."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.documents import Cell
from nlp.tables.align import RawValue
from nlp.tables.values import parse_value

NUMBERS = {"二": "2", "三": "3", "四": "4"}
_MOST_CANDIDATES = 20


def make_cell(
    section: str, row: str, column: str, raw: RawValue | None, unit: str | None, note: str = ""
) -> Cell:
    """Make the cell of one printed value; ``absent`` where nothing is printed."""
    key = f"{NUMBERS[section]}|{row}|{column}"
    if raw is None:
        return Cell(key, section, row, column, None, None, None, "absent", note=note)
    parsed = parse_value(raw.text)
    return Cell(
        key,
        section,
        row,
        column,
        raw.text,
        parsed.value,
        parsed.unit or (unit if parsed.value is not None else None),
        parsed.state,
        raw.page,
        raw.box,
        raw.line,
        (raw.text,) if parsed.state == "unreadable" else (),
        "；".join(filter(None, (note, parsed.note))),
    )


def blank_cell(section: str, row: str, column: str, page: int | None) -> Cell:
    """Make a cell of a row whose label is printed without any value."""
    key = f"{NUMBERS[section]}|{row}|{column}"
    return Cell(key, section, row, column, "", None, None, "blank", page)


def doubtful_cell(
    section: str, row: str, column: str, values: Sequence[RawValue], note: str
) -> Cell:
    """Make a cell whose value is printed somewhere in the row, but not beyond doubt here."""
    first = values[0] if values else None
    found = dict.fromkeys(v.text.strip() for v in values)
    return Cell(
        f"{NUMBERS[section]}|{row}|{column}",
        section,
        row,
        column,
        None,
        None,
        None,
        "unreadable",
        first.page if first else None,
        None,
        first.line if first else None,
        tuple(found)[:_MOST_CANDIDATES],
        note,
    )


def wrong_count(wanted: int, found: int, what: str = "本行") -> str:
    """Say that a row or table has too many or too few values to tell their columns."""
    return f"{what}应有 {wanted} 个数，印出 {found} 个，无法确定各在哪一栏"


def foreign_column(head: str) -> str:
    """Say that a column which the form does not have leaves too few numbers for the others."""
    return f"另有“{head}”一栏，印出的数少一个，无法确定各在哪一栏"
