"""The shipped reports are read as their truth says (fictional, made with the project)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.accuracy.measure import Score, load_truth, measure

REPORTS = Path(__file__).parents[2] / "corpus" / "reports"


@pytest.fixture(scope="module")
def score() -> Score:
    total = Score()
    for path in sorted(REPORTS.glob("*.truth.json")):
        truth = load_truth(path)
        measure(REPORTS / truth["file"], truth, total)
    return total


def test_every_cell_is_right_or_as_it_is_printed(score: Score) -> None:
    assert score.cells > 8000
    assert score.cells_right == score.cells, score.notes


def test_every_section_and_fact_is_right(score: Score) -> None:
    assert score.sections > 280
    assert score.sections_right == score.sections, score.notes
    assert score.facts_right == score.facts, score.notes


def test_the_prose_is_kept_to_the_character(score: Score) -> None:
    assert score.characters > 30_000
    assert score.character_errors / score.characters <= 0.001, score.notes


def test_statements_are_found_span_for_span(score: Score) -> None:
    assert score.spans > 250
    assert score.span_f1 >= 0.98, score.notes
