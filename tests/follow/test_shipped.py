"""Pairs, repetitions and fulfilled plans of the shipped reports, beside what a reader finds."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from nlp.pipeline.follow import list_follow_rows
from nlp.themes import load_model
from tests.accuracy.measure import load_truth, read_once, squeeze

REPORTS = Path(__file__).parents[2] / "corpus" / "reports"
TRUTH = tomllib.loads((Path(__file__).parent / "truth.toml").read_text("utf-8"))


def f1(right: int, found: int, true: int) -> float:
    return 2 * right / max(1, found + true)


@pytest.fixture(scope="module")
def followed() -> tuple[list[dict[str, Any]], dict[str, list[dict[str, Any]]]]:
    truths = [load_truth(path) for path in sorted(REPORTS.glob("*.truth.json"))]
    results = [read_once(REPORTS / truth["file"]) for truth in truths]
    model = load_model()
    tags = [
        model.tag([s.text for s in r.split.statements], [s.role for s in r.split.statements])
        if r.split.statements
        else []
        for r in results
    ]
    by_id = {r.report_id: t for r, t in zip(results, truths, strict=True)}
    rows = list_follow_rows(results, tags)
    for row in rows["follow"]:
        row["truth"] = by_id[row["report_id"]]
    return truths, rows


def test_pairs_of_problem_and_measure(followed: Any) -> None:
    truths, rows = followed
    true = {
        (t["file"], squeeze(t["statements"][p]["text"]), squeeze(t["statements"][m]["text"]))
        for t in truths
        for p, m in t["pairs"]
    }
    found = {
        (row["truth"]["file"], squeeze(row["text"]), squeeze(row["to_text"]))
        for row in rows["follow"]
        if row["link"] == "answer"
    }
    assert len(true) > 130
    wrong = sorted(found - true) + sorted(true - found)
    assert f1(len(found & true), len(found), len(true)) >= 0.90, wrong


@pytest.mark.parametrize(("link", "floor"), [("restated", 0.95), ("done", 0.85)])
def test_what_the_year_after_says(followed: Any, link: str, floor: float) -> None:
    _, rows = followed
    found = [r for r in rows["follow"] if r["link"] == link and r["state"] != "theme"]
    right = 0
    for item in TRUTH[link]:
        right += any(
            row["issuer"] == item["issuer"]
            and row["year"] == item["year"]
            and row["text"].startswith(item["text"])
            and row["to_text"].startswith(item["later"])
            for row in found
        )
    said = [(r["issuer"], r["year"], r["text"], r["to_text"]) for r in found]
    assert f1(right, len(found), len(TRUTH[link])) >= floor, said


def test_threads_join_the_years_of_one_problem(followed: Any) -> None:
    _, rows = followed
    office = [r for r in rows["threads"] if r["issuer"] == "砚阳市人民政府办公室"]
    three = [r for r in office if r["years"] == 3]
    assert [r["year"] for r in three if r["role"] == "problem"] == [2016, 2017, 2018]
    assert {r["role"] for r in three} >= {"problem", "measure"}
    assert [r["step"] for r in three] == list(range(1, len(three) + 1))
    told = [r for r in rows["threads"] if r["role"] == "report"]
    assert any("开门沟通日" in r["text"] and r["year"] == 2023 for r in told)


def test_every_end_of_a_link_is_where_it_says(followed: Any) -> None:
    _, rows = followed
    assert all(0 <= r["score"] <= 1 and 0 <= r["wording"] <= 1 for r in rows["follow"])
    assert all(r["to_year"] - r["year"] == (r["link"] != "answer") for r in rows["follow"])
