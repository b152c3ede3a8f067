"""A claim that differs from its cell is a doubt to look at; one of another scope is none."""

from __future__ import annotations

import pytest

from nlp.pipeline.claims import find_differences


def claim(relation: str, **more: object) -> dict[str, object]:
    return {
        "relation": relation, "text": "61件", "value": 61.0, "cells": "3|3.7|总计",
        "cell_value": 62.0, "page": 1, "start": 10, "end": 13, **more,
    }  # fmt: skip


@pytest.mark.parametrize("relation", ["agree", "scope", "not_comparable", "none"])
def test_only_a_difference_is_told(relation: str) -> None:
    assert find_differences([claim(relation)], {}) == []


def test_a_difference_names_both_values_and_both_places() -> None:
    (found,) = find_differences([claim("differ")], {"3|3.7|总计": 3})
    assert (found.code, found.severity) == ("claim_differs", "warning")
    for words in ("第 1 页", "“61件”", "3|3.7|总计（第 3 页）", "62", "请对照原文"):
        assert words in found.message
    assert (found.page, found.start, found.end) == (1, 10, 13)


def test_a_sum_of_cells_names_them_all() -> None:
    row = claim("differ", cells="3|1|总计 + 3|2|总计", page=None, cell_value=None)
    (found,) = find_differences([row], {})
    assert "3|1|总计、3|2|总计" in found.message
    assert "为 缺" in found.message
