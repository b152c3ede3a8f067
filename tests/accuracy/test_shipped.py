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


# Printed one cell a line with its blanks gone: which column a number stands in cannot be
# told from the file, so its cells must be marked, not guessed.
UNTOLD = "yanxi-town-2022.txt"


def test_every_cell_is_right_and_none_is_wrong(score: Score) -> None:
    assert score.cells > 8000
    assert score.cells_wrong == 0, score.notes
    marked = [note for note in score.notes if "|" in note.split(":")[0]]
    assert [note for note in marked if not note.startswith(UNTOLD)] == []
    assert len(marked) == score.cells_marked == 144


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
