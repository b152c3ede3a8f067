"""A researcher's own corrections: read from a CSV, applied to frames, and never lost silently."""

from nlp.corrections.apply import Outcome, apply_corrections, undo_corrections
from nlp.corrections.sheet import (
    COLUMNS,
    FILE_NAME,
    Correction,
    read_corrections,
    write_corrections,
)

__all__ = [
    "COLUMNS",
    "FILE_NAME",
    "Correction",
    "Outcome",
    "apply_corrections",
    "read_corrections",
    "undo_corrections",
    "write_corrections",
]
