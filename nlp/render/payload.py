"""Frames → compact blocks of data that the page's script unpacks only when it needs them.

A page may hold thousands of reports.  What every list needs is one small index; a report's
text and cells are a block of their own, unpacked when the report is opened.  Blocks are
JSON, deflated, in base64: smaller than the text, and inert in HTML whatever the reports say.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from nlp.render import labels
from nlp.render.theme_summary import ThemeEntry

_LEVEL_ORDER = {level: number for number, level in enumerate(labels.LEVELS)}


def make_blocks(frames: Mapping[str, pd.DataFrame], themes: Sequence[ThemeEntry]) -> dict[str, Any]:
    """Make the blocks of a page as plain JSON values: index, checks, indicators, r-ID …"""
    reports = _sort_reports(frames["reports"])
    position = {row["report_id"]: number for number, row in enumerate(reports)}
    blocks: dict[str, Any] = {
        "index": _index(reports, frames, themes),
        "checks": _failed_checks(frames["checks"], position),
        "indicators": _indicators(frames["indicators"], position),
    }
    parts = {
        name: _by_report(frames[name])
        for name in ("sections", "statements", "findings", "cells", "checks", "themes")
    }
    for row in reports:
        key = row["report_id"]
        blocks[f"r-{key}"] = _report(row, {n: p.get(key, []) for n, p in parts.items()})
    return blocks


def pack(block: Any) -> str:
    """Pack a block for the page: JSON, deflated, base64.

    Examples
    --------
    >>> import zlib, base64
    >>> zlib.decompress(base64.b64decode(pack(["年报"]))).decode()
    '["年报"]'
    """
    text = json.dumps(block, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # A lone half of a pair cannot be UTF-8; it would stop the whole page.
    return b64encode(zlib.compress(text.encode("utf-8", "replace"), 9)).decode("ascii")


def list_texts(block: Any) -> Iterable[str]:
    """Give every text in a block, for the choice of the font's characters."""
    if isinstance(block, str):
        yield block
    elif isinstance(block, Mapping):
        for key, value in block.items():
            yield str(key)
            yield from list_texts(value)
    elif isinstance(block, (list, tuple)):
        for value in block:
            yield from list_texts(value)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain Python values, with None for what is missing."""
    plain = {
        str(key): [
            None if gone else _plain(value) for value, gone in zip(column.array, na, strict=True)
        ]
        for key, column in frame.items()
        for na in [column.isna().to_numpy()]
    }
    keys = list(plain)
    return [dict(zip(keys, values, strict=True)) for values in zip(*plain.values(), strict=True)]


def _plain(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    # 12.0 is printed as 12 and takes less room.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _by_report(frame: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    parts: dict[str, list[dict[str, Any]]] = {}
    for row in _records(frame):
        parts.setdefault(row["report_id"], []).append(row)
    return parts


def _sort_reports(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return sorted(
        _records(frame),
        key=lambda r: (
            _LEVEL_ORDER.get(r["level"], 9),
            r["province"] or "",
            r["city"] or "",
            r["county"] or "",
            r["issuer"] or r["title"] or r["file"],
            r["year"] or 0,
            r["file"],
        ),
    )


def _index(
    reports: Sequence[Mapping[str, Any]],
    frames: Mapping[str, pd.DataFrame],
    themes: Sequence[ThemeEntry],
) -> dict[str, Any]:
    tags = frames["themes"].loc[frames["themes"]["assigned"].fillna(False)]
    roles = frames["statements"][["report_id", "statement", "role"]]
    stated: dict[str, dict[str, list[str]]] = {}
    for row in _records(tags[["report_id", "statement", "theme"]].merge(roles)):
        by_role = stated.setdefault(row["report_id"], {})
        if row["theme"] not in by_role.setdefault(row["role"], []):
            by_role[row["role"]].append(row["theme"])
    doubtful = frames["statements"].loc[frames["statements"]["abstain"].fillna(False)]
    abstained = doubtful["report_id"].value_counts()
    rows = []
    for r in reports:
        own = stated.get(r["report_id"], {})
        place = "".join(filter(None, (r["province"], r["city"], r["county"], r["township"])))
        rows.append(
            [
                r["report_id"],
                r["issuer"] or r["title"] or r["file"],
                int(r["issuer"] is not None),
                *(r[k] for k in ("year", "level", "kind", "edition", "file")),
                place,
                *(r[k] or 0 for k in ("cells_read", "cells_doubtful", "cells_absent")),
                *(r[k] or 0 for k in ("checks_passed", "checks_failed", "checks_failed_theirs")),
                *(r[k] or 0 for k in ("problems", "measures", "findings")),
                own.get("problem", []),
                own.get("measure", []),
                int(abstained.get(r["report_id"], 0)),
            ]
        )
    words = {
        name.lower(): dict(getattr(labels, name))
        for name in ("LEVELS", "KINDS", "EDITIONS", "STATES", "DOUBTS", "SEVERITIES", "GROUPS")
    }
    return {
        "reports": rows,
        "themes": [[t.id, t.name, int(t.named)] for t in sorted(themes, key=lambda t: not t.named)],
        "words": words,
    }


def _failed_checks(frame: pd.DataFrame, position: Mapping[str, int]) -> list[list[Any]]:
    rows = [
        [
            position[r["report_id"]],
            *(r[k] for k in ("name", "subject", "formula", "left", "right")),
            r["doubt"] or "ours",
            *(r[k] for k in ("severity", "reason")),
            (r["cells"] or "").split(),
            r["page"],
        ]
        for r in _records(frame[frame["result"] == "fail"])
    ]
    return sorted(rows, key=lambda row: int(row[0]))


def _indicators(frame: pd.DataFrame, position: Mapping[str, int]) -> dict[str, Any]:
    names: dict[str, list[Any]] = {}
    rows = []
    for r in _records(frame):
        entry = names.setdefault(
            r["indicator"], [len(names), r["name"], r["group"], r["formula"], 0]
        )
        # 1: a share, with an interval; 2: a rate that may pass 100 %; 0: a count or a ratio.
        if r["low"] is not None:
            entry[4] = 1
        elif not entry[4] and r["name"].endswith(("率", "占比")):
            entry[4] = 2
        rows.append(
            [
                position[r["report_id"]],
                entry[0],
                *(_short(r[k]) for k in ("value", "numerator", "denominator", "low", "high")),
                int(bool(r["small"])),
                r["reason"],
            ]
        )
    rows.sort(key=lambda row: (row[1], row[0]))
    return {"names": [entry[1:] for entry in names.values()], "rows": rows}


def _short(value: Any) -> Any:
    return round(value, 6) if isinstance(value, float) else value


def _report(row: Mapping[str, Any], parts: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
    text = row["text"] or ""
    # JavaScript counts characters beyond U+FFFF twice; the frames count them once.
    wide = [number for number, char in enumerate(text) if ord(char) > 0xFFFF]

    def at(offset: int | None) -> int | None:
        return None if offset is None else offset + bisect_left(wide, offset)

    probabilities: dict[int, dict[str, float]] = {}
    for tag in parts["themes"]:
        if tag["assigned"]:
            probabilities.setdefault(tag["statement"], {})[tag["theme"]] = tag["probability"]
    meta = {k: v for k, v in row.items() if k != "text" and v is not None}
    return {
        "meta": meta,
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
                probabilities.get(s["statement"], {}),
            ]
            for s in parts["statements"]
        ],
        "findings": [
            [f["code"], f["severity"], f["message"], at(f["start"]), at(f["end"]), f["page"]]
            for f in parts["findings"]
        ],
        "cells": [
            [
                c["key"],
                *(c[k] for k in ("row_label", "raw", "value", "unit", "state", "page", "line")),
                (c["candidates"] or "").split("|") if c["candidates"] else [],
                c["note"],
            ]
            for c in parts["cells"]
        ],
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
    }
