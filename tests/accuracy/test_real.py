"""Real reports with hand-made truth; skipped where their folder is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp import ReportResult, build
from tests.accuracy.measure import Score, load_truth, measure

SHARED = Path(__file__).parents[2].parent / "shared"
TRUTHS = [*sorted(SHARED.glob("reports/*.truth.json")), *sorted(SHARED.glob("seeds/*.truth.json"))]
pytestmark = pytest.mark.skipif(not TRUTHS, reason="real reports are not here")


@pytest.fixture(scope="module")
def read() -> tuple[Score, dict[str, ReportResult], dict[str, dict]]:
    score, results, truths = Score(), {}, {}
    for path in TRUTHS:
        truth = load_truth(path)
        truths[truth["file"]] = truth
        results[truth["file"]] = measure(path.parent / truth["file"], truth, score)
    return score, results, truths


def test_every_cell_is_right(read: tuple) -> None:
    score, _, _ = read
    assert score.cells == 772
    assert score.cells_right == score.cells, score.notes


def test_facts_sections_and_prose_are_right(read: tuple) -> None:
    score, _, _ = read
    assert score.facts_right == score.facts, score.notes
    assert score.sections_right == score.sections, score.notes
    assert score.character_errors <= 0.001 * score.characters, score.notes


def test_published_errors_are_theirs_and_nothing_else_fails(read: tuple) -> None:
    _, results, truths = read
    for file, truth in truths.items():
        failed = [c for c in results[file].checks if c.result == "fail"]
        expected = truth.get("arithmetic_violations", [])
        assert len(failed) == len(expected), (file, [c.reason for c in failed])
        assert all(c.doubt == "theirs" for c in failed)
        for violation in expected:
            left, right = violation.split(": ")[1].split(" != ")
            assert any((c.left, c.right) == (float(left), float(right)) for c in failed)


def test_the_misprinted_row_label_is_noted(read: tuple) -> None:
    _, results, truths = read
    for file, truth in truths.items():
        misprinted = any("行标签" in error for error in truth["published_errors"])
        noted = any(f.code == "row_label_differs" for f in results[file].findings)
        assert noted == misprinted, file


def test_statements_slice_back_and_both_roles_are_there(read: tuple) -> None:
    _, results, _ = read
    for file, result in results.items():
        assert {s.role for s in result.split.statements} == {"problem", "measure"}, file
        for statement in result.split.statements:
            assert result.report.text[statement.start : statement.end] == statement.text


def test_an_issuer_named_with_and_without_its_city_is_one(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("hzq2023.pdf", "hzq2024.pdf"):
        (folder / name).write_bytes((SHARED / "reports" / name).read_bytes())
    frames = build(folder).frames
    assert frames["reports"]["issuer"].nunique() == 1
    told = frames["findings"][frames["findings"]["code"] == "issuer_united"]
    assert len(told) == 1
    # What is said across the years now finds the other year.
    assert (frames["follow"]["to_year"] > frames["follow"]["year"]).any()
