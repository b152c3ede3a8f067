"""The claims of the shipped reports, beside a truth made by reading them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nlp.pipeline.claims import read_claims
from tests.accuracy.measure import load_truth, read_once
from tests.claims.measure import ClaimScore, score_claims

REPORTS = Path(__file__).parents[2] / "corpus" / "reports"
LISTED = [
    truth
    for path in sorted(REPORTS.glob("*.truth.json"))
    if "claims" in (truth := load_truth(path))
]


@pytest.fixture(scope="module")
def score() -> ClaimScore:
    total = ClaimScore()
    for truth in LISTED:
        result = read_once(REPORTS / truth["file"])
        claims = read_claims(result.report, result.cells, result.split)
        for claim in claims:
            assert result.report.text[claim.start : claim.end] == claim.text
        score_claims(result.report, claims, truth, total)
    return total


def test_claims_are_found(score: ClaimScore) -> None:
    assert score.truth > 650
    assert score.f1 >= 0.95, "\n".join(score.notes)
    assert score.bounds >= 0.98 * score.right, "\n".join(score.notes)
    assert score.statuses >= 0.95 * score.right, "\n".join(score.notes)


def test_ties_are_right(score: ClaimScore) -> None:
    assert score.ties > 100
    assert score.tie_precision >= 0.97, "\n".join(score.notes)
    assert score.tie_recall >= 0.90, "\n".join(score.notes)


@pytest.mark.parametrize("truth", LISTED, ids=lambda t: t["file"])
def test_the_truth_agrees_with_its_own_tables(truth: dict[str, Any]) -> None:
    """What the truth calls agreement is agreement of the printed numbers."""
    for claim in truth["claims"]:
        if claim["relation"] not in ("agree", "differ"):
            continue
        values = [truth["cells"][key] or 0 for key in claim["cells"]]
        assert (sum(values) == claim["value"]) == (claim["relation"] == "agree"), claim
