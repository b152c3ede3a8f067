"""Rows of the form that are printed more than once."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.tables.align import AlignedRow, PrintedRow, RawValue, align_rows


def conflicting_rows(
    printed: Sequence[PrintedRow], aligned: Sequence[AlignedRow]
) -> dict[str, tuple[RawValue, ...]]:
    """Rows whose label is printed a second time with other numbers."""
    used = {item.at for item in aligned if item.at >= 0}
    spare = [row for at, row in enumerate(printed) if at not in used and row.values]
    found: dict[str, tuple[RawValue, ...]] = {}
    for row in spare:
        if not row.labels or not any(v.text.strip() for v in row.values):
            continue
        _, matches = align_rows([row], [item.row for item in aligned])
        for item, match in zip(aligned, matches, strict=True):
            if match.printed is None or item.printed is None or match.likeness < 0.9:
                continue
            texts = [v.text.strip() for v in item.printed.values]
            if texts != [v.text.strip() for v in row.values]:
                found[item.row.no] = (*item.printed.values, *row.values)
    return found
