"""What is read from one report of each kind, down to offsets, boxes and reasons.

A change here is a change of results: look at the difference, then ``make golden``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import nlp

HERE = Path(__file__).parent
REPORTS = HERE.parents[1] / "corpus" / "reports"
FILES = [
    "baizhi-gov-2023.pdf",  # 2021 form, ruled PDF over page breaks, a sum printed wrong
    "lanxi-water-2020.html",  # 2019 form, web page with site chrome
    "lubai-township-2021.docx",  # 2021 form, Word
    "lubai-township-2023.txt",  # text with two rows of table three missing
    "yanyang-office-2017.html",  # narrative
]


def summarise(file: str) -> dict[str, Any]:
    """Everything but the themes, which change with each model and have tests of their own."""
    found = nlp.inspect_report(REPORTS / file)
    facts = ("title", "issuer", "year", "years", "period", "edition", "edition_evidence")
    return {
        **{key: found[key] for key in facts},
        "sections": [
            [s["no"], s["title"], s["start"], s["end"], s["page"]] for s in found["sections"]
        ],
        "cells": [
            [
                c["key"],
                c["state"],
                c["value"],
                c["page"],
                [round(x) for x in c["box"]] if c["box"] else c["line"],
                c["note"],
            ]
            for c in found["cells"]
        ],
        "checks": [
            [c["id"], c["subject"], c["result"], c["doubt"], c["reason"]]
            for c in found["checks"]
            if c["result"] != "pass"
        ],
        "statements": [[s["role"], s["start"], s["end"], s["text"]] for s in found["statements"]],
        "pairs": found["pairs"],
        "findings": [[f["code"], f["message"]] for f in found["findings"]],
    }


def write(value: dict[str, Any]) -> str:
    """One list item a line, so that a difference shows the item."""
    lines = []
    for key, item in value.items():
        if isinstance(item, list) and item:
            rows = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in item)
            lines.append(f' "{key}": [\n{rows}\n ]')
        else:
            lines.append(f' "{key}": {json.dumps(item, ensure_ascii=False)}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


@pytest.mark.parametrize("file", FILES)
def test_reads_as_before(file: str, rewrite_golden: bool) -> None:
    golden = HERE / f"{file}.json"
    text = write(summarise(file))
    if rewrite_golden:
        golden.write_text(text, encoding="utf-8", newline="\n")
    assert golden.read_text(encoding="utf-8") == text, "see the difference, then: make golden"


def test_the_switch_is_off(rewrite_golden: bool, request: pytest.FixtureRequest) -> None:
    assert rewrite_golden == ("--rewrite-golden" in request.config.invocation_params.args)


def test_every_golden_file_belongs_to_a_report() -> None:
    assert sorted(p.name for p in HERE.glob("*.json")) == sorted(f"{f}.json" for f in FILES)
