"""A small slice of the rendered variants: every cell right, or marked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.read.variants import Variant, list_variants, read_variant, render_reportlab

SLICE = [v for v in list_variants() if v.producer == "reportlab" and v.font == "STSong-Light"][
    3:54:10
]


def test_the_variants_are_many() -> None:
    assert len(list_variants()) >= 300


@pytest.mark.parametrize("variant", SLICE, ids=lambda v: v.name)
def test_no_cell_is_wrong_without_a_mark(variant: Variant, tmp_path: Path) -> None:
    path = tmp_path / variant.name
    render_reportlab(variant, path)
    outcome = read_variant(variant, path)
    assert outcome.wrong == 0, outcome.notes
    assert outcome.right + outcome.marked == 200
    assert outcome.right >= 185, outcome.notes
