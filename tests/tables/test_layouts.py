"""Every layout of the statutory tables: cells are right or marked, never wrong.

The tables are random but seeded; ``python -m tests.tables.fuzz 1000`` runs many more.
"""

from __future__ import annotations

from collections import Counter

import pytest

from tests.tables.fuzz import LAYOUTS, run_case
from tests.tables.rendered import run_rendered

# The least share of cells that must be right, in percent of all cells.  Where blank cells
# vanish from the text, most columns cannot be known; there the rest must be marked.
LEAST = {
    "grid": 90,
    "ragged": 90,
    "html": 80,
    "markdown": 85,
    "docx": 85,
    "unlabelled": 25,
    "cells": 35,
    "several": 35,
    "spaces": 35,
    "seed": 40,
    "pipes": 85,
    "bars": 80,
    "lone": 85,
    "glued": 15,
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_cell_is_wrong_and_most_are_right(layout: str) -> None:
    counts: Counter[str] = Counter()
    for seed in range(9000, 9012):
        tables, reading, verdict, kind = run_case(layout, seed)
        assert not verdict.wrong, (layout, seed, kind, verdict.wrong[:3])
        assert {cell.key for cell in reading.cells} >= {
            key for key in tables.expected() if not key.startswith("3|3.6")
        }
        counts += verdict.counts
    assert 100 * counts["right"] / sum(counts.values()) >= LEAST[layout], dict(counts)


@pytest.mark.parametrize("seed", range(3))
def test_pdfs_of_a_typesetting_library_are_read_without_error(seed: int) -> None:
    found = run_rendered("reportlab", seed)
    assert found is not None
    verdict, look, _ = found
    assert not verdict.wrong, (look, verdict.wrong[:3])
    assert 100 * verdict.right / sum(verdict.counts.values()) >= 90
