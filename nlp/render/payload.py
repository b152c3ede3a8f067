"""Frames → compact blocks of data that the page's script unpacks only when it needs them.

A page may hold thousands of reports.  What every list needs is one small index; a report's
text and cells are a block of their own, unpacked when the report is opened; so are an
issuer's years and the values of one indicator.  Blocks are JSON, deflated, in base64:
smaller than the text, and inert in HTML whatever the reports say.  They are made one after
another, so that a page of thousands of reports needs the memory of a hundred.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from nlp import labels
from nlp.render.issuer_block import list_issuers, make_issuer_blocks
from nlp.render.numbers import collect_numbers
from nlp.render.peers import SHOWN, collect_values, index_indicators, sum_up_peers
from nlp.render.report_block import make_report_blocks
from nlp.render.reuse_summary import sort_shares
from nlp.render.rows import iterate_rows, list_records
from nlp.render.spreadsheet import strip_forbidden
from nlp.render.theme_summary import ThemeEntry

_LEVEL_ORDER = {level: number for number, level in enumerate(labels.LEVELS)}
_WORDS = ("LEVELS", "KINDS", "EDITIONS", "STATES", "DOUBTS", "SEVERITIES", "GROUPS")


def make_blocks(
    frames: Mapping[str, pd.DataFrame],
    themes: Sequence[ThemeEntry],
    pictures: Mapping[str, Sequence[Any]] | None = None,
    reuse_page: str | None = None,
) -> Iterator[tuple[str, Any]]:
    """Make the blocks of a page, one after another, as names and plain JSON values.

    They are ``index``, ``checks``, ``numbers``, ``indicators`` (which there are, and what is
    usual among peers), ``n-0`` … (the values of one indicator), ``i-0`` … (one issuer) and
    ``r-ID`` (one report).
    """
    reports = sort_reports(frames["reports"])
    position = {row["report_id"]: number for number, row in enumerate(reports)}
    yield "index", _index(reports, frames, themes)
    yield "checks", _failed_checks(frames["checks"], position)
    yield "numbers", collect_numbers(frames, position)
    indicators = frames["indicators"]
    listed = index_indicators(indicators)
    yield (
        "indicators",
        {"names": listed, "shown": SHOWN, "peers": sum_up_peers(indicators, reports)},
    )
    values = {str(key): rows for key, rows in indicators.groupby("indicator", sort=False)}
    for number, (key, *_) in enumerate(listed):
        yield f"n-{number}", collect_values(values.pop(key), position)
    yield from make_issuer_blocks(reports, frames)
    painted = {}
    if reuse_page is not None:
        order = sort_shares(frames["reuse_shares"])
        painted = {report: f"{reuse_page}#r/{number}" for number, report in enumerate(order)}
    yield from make_report_blocks(reports, frames, pictures or {}, painted)


def pack(block: Any, *, seen: set[str] | None = None) -> str:
    """Pack a block for the page: JSON, deflated, base64.

    The characters of its texts are added to ``seen``, for the choice of the font's.

    Examples
    --------
    >>> import zlib, base64
    >>> zlib.decompress(base64.b64decode(pack(["年报"]))).decode()
    '["年报"]'
    """
    text = _dump(block)
    # Control characters are escaped; others that no page may hold stand as they are.
    if "\\u" in text or strip_forbidden(text) != text:
        text = _dump(_clean(block))
    if seen is not None:
        seen.update(text)
    # A lone half of a pair cannot be UTF-8; it would stop the whole page.
    return b64encode(zlib.compress(text.encode("utf-8", "replace"), 6)).decode("ascii")


def _dump(block: Any) -> str:
    return json.dumps(block, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _clean(block: Any) -> Any:
    if isinstance(block, str):
        return strip_forbidden(block)
    if isinstance(block, Mapping):
        return {key: _clean(value) for key, value in block.items()}
    if isinstance(block, (list, tuple)):
        return [_clean(value) for value in block]
    return block


def sort_reports(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the reports, without their texts, in the page's order: level, place, issuer, year."""
    return sorted(
        list_records(frame.drop(columns="text")),
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
    known = [t.id for t in sorted(themes, key=lambda t: not t.named)]
    assigned = frames["themes"].loc[frames["themes"]["assigned"].fillna(False)]
    extra = sorted(set(assigned["theme"].dropna()) - set(known))
    number = {theme: k for k, theme in enumerate([*known, *extra])}
    stated = _collect_themes(assigned, frames["statements"], number)
    doubtful = frames["statements"].loc[frames["statements"]["abstain"].fillna(False)]
    abstained = doubtful["report_id"].value_counts()
    sections = frames["sections"]
    base = set(sections.loc[sections["section"] == "五", "report_id"])
    base |= set(frames["statements"]["report_id"])
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
                own.get(("problem", False), []),
                own.get(("measure", False), []),
                own.get(("problem", True), []),
                own.get(("measure", True), []),
                int(abstained.get(r["report_id"], 0)),
                int(r["report_id"] in base),
            ]
        )
    names = {t.id: t for t in themes}
    return {
        "reports": rows,
        "themes": [
            [key, names[key].name if key in names else key, int(key in names and names[key].named)]
            for key in number
        ],
        "issuers": list_issuers(reports),
        "words": {name.lower(): dict(getattr(labels, name)) for name in _WORDS},
    }


def _collect_themes(
    assigned: pd.DataFrame, statements: pd.DataFrame, number: Mapping[str, int]
) -> dict[str, dict[tuple[str, bool], list[int]]]:
    """Report → (role, doubtful) → themes; doubtful ones are stated in abstained tags alone."""
    keys = ["report_id", "statement"]
    tags = assigned[[*keys, "theme"]].merge(statements[[*keys, "role", "abstain"]], on=keys)
    found: dict[str, dict[tuple[str, bool], set[int]]] = {}
    for report, theme, role, abstain in iterate_rows(
        tags, ["report_id", "theme", "role", "abstain"]
    ):
        by_role = found.setdefault(report, {})
        by_role.setdefault((role, bool(abstain)), set()).add(number[theme])
    return {
        report: {
            (role, doubt): sorted(own - by_role.get((role, False), set()) if doubt else own)
            for (role, doubt), own in by_role.items()
        }
        for report, by_role in found.items()
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
        for r in list_records(frame[frame["result"] == "fail"])
    ]
    return sorted(rows, key=lambda row: int(row[0]))
