"""Families: planted ones come out whole, with members, first user and template."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from nlp.reuse import Source, find_families
from nlp.reuse.families import join_families

REPORTS = Path(__file__).parents[2] / "corpus" / "reports"


@pytest.fixture(scope="module")
def truths() -> list[dict]:  # type: ignore[type-arg]
    return [json.loads(p.read_text(encoding="utf-8")) for p in sorted(REPORTS.glob("*.truth.json"))]


@pytest.fixture(scope="module")
def families(truths: list[dict]) -> list:  # type: ignore[type-arg]
    return find_families(
        Source(
            t["file"],
            "\n".join(p for s in t["narrative"] for p in s["paragraphs"]),
            t["issuer"] or "",
            t["year"],
        )
        for t in truths
    )


def planted(truths: list[dict]) -> dict[str, list[tuple[str, int, str]]]:  # type: ignore[type-arg]
    found: dict[str, list[tuple[str, int, str]]] = {}
    for t in truths:
        for r in t["reuse"]:
            if r["kind"] == "peer":
                found.setdefault(r["family"], []).append((t["file"], t["year"], r["text"]))
    return found


def test_every_planted_family_comes_out_with_its_members_and_first_user(
    truths: list[dict],
    families: list,  # type: ignore[type-arg]
) -> None:
    texts = {
        t["file"]: "\n".join(p for s in t["narrative"] for p in s["paragraphs"]) for t in truths
    }
    for name, members in planted(truths).items():
        files = {file for file, _, _ in members}
        best = max(families, key=lambda f: -len({m.id for m in f.members} ^ files))
        assert {m.id for m in best.members} == files, name
        assert best.first.year == min(year for _, year, _ in members), name
        for m in best.members:
            text = next(text for file, _, text in members if file == m.id)
            passage = texts[m.id][m.start : m.end]
            # The planted words lie in the member's passage, or make up most of it.
            assert re.sub(r"\W", "", passage)[:8] in re.sub(r"\W", "", text) or any(
                clause in passage for clause in re.split(r"[，。；]", text) if len(clause) >= 8
            ), (name, m.id)


def test_the_template_keeps_what_is_fixed_and_lists_what_differs(families: list) -> None:  # type: ignore[type-arg]
    family = next(f for f in families if "集中授课" in f.template)
    assert "采取集中授课、跟班学习、案例讨论相结合的方式" in family.template
    numbers = next(slot for slot in family.slots if slot.name == "数")
    assert {"两", "四"} <= {value for value, _ in numbers.values}


def test_a_weak_bridge_does_not_join_two_families() -> None:
    # 0-1-2 and 3-4-5 are alike among themselves; one weak pair lies between them.
    pairs = np.array([[0, 1], [1, 2], [2, 3], [3, 4], [4, 5]], dtype=np.int32)
    scores = np.array([0.9, 0.9, 0.4, 0.9, 0.9])
    families, missing = join_families(6, pairs, scores)
    assert families.tolist() == [0, 0, 0, 3, 3, 3]
    assert missing.tolist() == [[0, 2], [3, 5]]


def test_two_weak_pairs_between_two_groups_join_them() -> None:
    pairs = np.array([[0, 1], [1, 2], [0, 3], [2, 3]], dtype=np.int32)
    families, _ = join_families(4, pairs, np.array([0.9, 0.4, 0.4, 0.9]))
    assert families.tolist() == [0, 0, 0, 0]
