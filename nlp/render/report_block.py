"""One report as a block of the page: its text, and everything that was extracted from it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from nlp.render.corrected import list_applied
from nlp.render.reuse_summary import list_mix
from nlp.render.rows import ByReport

# A theme that was not assigned is named beside a doubtful tag from this probability on.
_NEAR = 0.1
_MOST_NEAR = 3
# Reports whose rows are Python values at the same time; more saves no time.
_PIECE = 100
_PARTS = ("sections", "statements", "findings", "cells", "checks", "claims", "claim_checks",
          "corrections", "reuse_shares")  # fmt: skip


def make_report_blocks(
    reports: Sequence[Mapping[str, Any]],
    frames: Mapping[str, pd.DataFrame],
    pictures: Mapping[str, Sequence[Any]],
    painted: Mapping[str, str],
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Make the blocks one after another; ``reports`` are rows without the text.

    ``pictures`` says for each report which pages of its tables were cut out (see
    ``nlp.render.pictures``), ``painted`` where its text is shown painted by reuse.
    """
    parts = {name: ByReport(frames[name]) for name in _PARTS}
    parts["themes"] = ByReport(frames["themes"].loc[_is_shown(frames["themes"])])
    texts = frames["reports"].set_index("report_id")["text"]
    for begin in range(0, len(reports), _PIECE):
        piece = reports[begin : begin + _PIECE]
        keys = [row["report_id"] for row in piece]
        rows = {name: part.fetch(keys) for name, part in parts.items()}
        for row in piece:
            key = row["report_id"]
            text = texts[key]
            own = {name: found.get(key, []) for name, found in rows.items()}
            block = _report(row, "" if pd.isna(text) else str(text), own)
            block["pictures"] = list(pictures.get(key, ()))
            block["painted"] = painted.get(key)
            yield f"r-{key}", block


def _is_shown(themes: pd.DataFrame) -> pd.Series:
    """What was assigned, or nearly; the rest of the frame is nine tenths of it."""
    near = (themes["probability"] >= _NEAR).fillna(False)
    return themes["assigned"].fillna(False).astype(bool) | near.astype(bool)


class _Offsets:
    """JavaScript counts characters beyond U+FFFF twice; the frames count them once."""

    def __init__(self, text: str) -> None:
        self._wide = [number for number, char in enumerate(text) if ord(char) > 0xFFFF]

    def __call__(self, offset: int | None) -> int | None:
        return None if offset is None else offset + bisect_left(self._wide, offset)


def _report(
    row: Mapping[str, Any], text: str, parts: Mapping[str, list[dict[str, Any]]]
) -> dict[str, Any]:
    at = _Offsets(text)
    tags: dict[int, list[Mapping[str, Any]]] = {}
    for tag in parts["themes"]:
        tags.setdefault(tag["statement"], []).append(tag)
    return {
        "meta": {k: v for k, v in row.items() if k != "text" and v is not None},
        "text": text,
        "sections": [
            [s["section"], at(s["start"]), at(s["body_start"]), at(s["end"]), s["page"]]
            for s in parts["sections"]
        ],
        "statements": [
            [
                s["statement"],
                s["role"],
                at(s["start"]),
                at(s["end"]),
                s["page"],
                s["primary"],
                (s["themes"] or "").split(),
                int(bool(s["abstain"])),
                (s["answers"] or "").split(),
                *_explain(tags.get(s["statement"], ()), bool(s["abstain"])),
            ]
            for s in parts["statements"]
        ],
        "findings": [
            [f["code"], f["severity"], f["message"], at(f["start"]), at(f["end"]), f["page"]]
            for f in parts["findings"]
        ],
        "cells": [_cell(c) for c in parts["cells"]],
        "checks": [
            [
                c["result"],
                *(c[k] for k in ("name", "subject", "formula", "left", "right", "doubt")),
                *(c[k] for k in ("severity", "reason")),
                (c["cells"] or "").split(),
                c["page"],
            ]
            for c in parts["checks"]
            if c["result"] != "pass"
        ],
        "claims": [
            [
                c["claim"],
                at(c["start"]),
                at(c["end"]),
                c["page"],
                *(c[k] for k in ("value", "high", "bound", "kind", "unit", "object", "scope")),
                *(c[k] for k in ("time", "status", "relation")),
                c["cells"].split(" + ") if c["cells"] else [],
                c["cell_value"],
                c["reason"],
            ]
            for c in parts["claims"]
        ],
        "corrections": list_applied(parts["corrections"]),
        "reuse": list_mix(next(iter(parts["reuse_shares"]), None)),
        "sums": [
            [c["check"], c["claims"], c["left"], c["right"], c["reason"], c["page"]]
            for c in parts["claim_checks"]
            if c["result"] == "fail"
        ],
    }


def _explain(
    tags: Sequence[Mapping[str, Any]], abstain: bool
) -> tuple[dict[str, Any], dict[str, str], list[list[Any]]]:
    """Why a statement has its themes: probabilities, words, and in doubt what else it may be.

    Words are joined by ；; the last is filled for a doubtful statement only.
    """
    given = [tag for tag in tags if tag["assigned"]]
    near = sorted(
        (tag for tag in tags if not tag["assigned"] and abstain),
        key=lambda tag: (-tag["probability"], tag["theme"]),
    )
    return (
        {tag["theme"]: tag["probability"] for tag in given},
        # A result of an earlier version has no words.
        {tag["theme"]: tag["evidence"] for tag in given if tag.get("evidence")},
        [[tag["theme"], tag["probability"]] for tag in near[:_MOST_NEAR]],
    )


def _cell(cell: Mapping[str, Any]) -> list[Any]:
    box = [cell[side] for side in ("x0", "top", "x1", "bottom")]
    return [
        cell["key"],
        *(cell[k] for k in ("row_label", "raw", "value", "unit", "state", "page", "line")),
        cell["candidates"].split("|") if cell["candidates"] else [],
        cell["note"],
        [] if None in box else [round(side) for side in box],
    ]
