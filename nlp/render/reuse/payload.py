"""Frames of reuse → blocks that the page's script unpacks when they are looked at."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from nlp.render.reuse_summary import sort_shares

# Families of one block: enough to compress well, few enough to unpack at once.
BLOCK = 40
# Rows of the page's tables of pairs; the workbook has them all.
MOST_PAIRS = 600
_KINDS = {"mandated": 0, "formula": 1, "own": 2, "peer": 3, "new": 4}
_CHANGES = {"same": 0, "slot": 1, "changed": 2, "only_a": 3, "only_b": 4}

Spans = Mapping[str, Sequence[tuple[int, int, str, str | None, bool | None]]]
Changes = Mapping[tuple[str, int], Sequence[tuple[str, int, int, int, int]]]


def make_reuse_blocks(
    frames: Mapping[str, pd.DataFrame], spans: Spans, changes: Changes, painted: Collection[str]
) -> dict[str, Any]:
    """Make the blocks as plain JSON values: index, families, f-0 …, r-ID …, tables.

    ``painted`` are the reports whose text the page holds; the others are in the index alone.
    """
    position = {report: n for n, report in enumerate(sort_shares(frames["reuse_shares"]))}
    reports = sorted(list_records(frames["reuse_shares"]), key=lambda r: position[r["report_id"]])
    texts = dict(zip(frames["reports"]["report_id"], frames["reports"]["text"], strict=True))
    blocks: dict[str, Any] = {
        "index": [
            [
                r["report_id"],
                *(r[k] for k in ("issuer", "year", "characters", "free")),
                *(r[k] for k in ("mandated", "formula", "own", "peer", "new", "peer_any")),
                *(position.get(r[k]) for k in ("own_report", "closest_report")),
                *(r[k] for k in ("closest_share", "peer_reports", "residue", "reason")),
            ]
            for r in reports
        ],
        "years": [
            [
                position[r["report_a"]],
                position[r["report_b"]],
                int(r["nearest"]),
                *(r[k] for k in ("shared_a", "shared_b", "share_a", "share_b", "longest")),
                *(r[k] for k in ("cosine", "jaccard", "edit", "simple")),
            ]
            for r in list_records(frames["reuse_years"])
        ],
        "dyads": _dyads(frames["dyads"], position),
    }
    blocks.update(_families(frames, position, changes))
    for report, n in position.items():
        if report not in painted:
            continue
        blocks[f"r-{n}"] = _report(
            texts[report] if pd.notna(texts[report]) else "", spans.get(report, ()), position
        )
    return blocks


def list_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Give rows as plain Python values, with None for what is missing."""
    plain = {
        str(key): [
            None if gone else (value.item() if hasattr(value, "item") else value)
            for value, gone in zip(column.array, column.isna().to_numpy(), strict=True)
        ]
        for key, column in frame.items()
    }
    keys = list(plain)
    return [dict(zip(keys, values, strict=True)) for values in zip(*plain.values(), strict=True)]


def list_texts(block: Any) -> Iterator[str]:
    """Give every text in a block, for the choice of the font's characters."""
    if isinstance(block, str):
        yield block
    elif isinstance(block, Mapping):
        for key, value in block.items():
            yield str(key)
            yield from list_texts(value)
    elif isinstance(block, list | tuple):
        for value in block:
            yield from list_texts(value)


def _dyads(frame: pd.DataFrame, position: Mapping[str, int]) -> list[list[Any]]:
    shared = frame["shared_a"] + frame["shared_b"]
    most = (
        frame[shared > 0]
        # Of a frame without a row, a longer column would make rows of nothing.
        .assign(_all=shared[shared > 0])
        .sort_values(["_all", "report_a", "report_b"], ascending=[False, True, True], kind="stable")
    )
    return [
        [
            position[r["report_a"]],
            position[r["report_b"]],
            r["tie"],
            *(r[k] for k in ("shared_a", "shared_b", "share_a", "share_b", "longest")),
            *(r[k] for k in ("cosine", "jaccard", "edit", "simple")),
        ]
        for r in list_records(most.head(MOST_PAIRS).drop(columns="_all"))
    ]


def _families(
    frames: Mapping[str, pd.DataFrame], position: Mapping[str, int], changes: Changes
) -> dict[str, Any]:
    slots: dict[str, dict[int, list[Any]]] = {}
    for r in list_records(frames["family_slots"]):
        own = slots.setdefault(r["family"], {}).setdefault(r["slot"], [r["name"], []])
        own[1].append([r["value"], r["passages"]])
    passages: dict[str, list[Any]] = {}
    for r in list_records(frames["passages"]):
        passages.setdefault(r["family"], []).append(
            [
                position[r["report_id"]],
                r["tie"],
                r["section"],
                r["page"],
                r["text"],
                [
                    [_CHANGES[c[0]], *(c[k] for k in range(1, 5))]
                    for c in changes.get((r["family"], r["order"]), ())
                ],
                r["start"],
            ]
        )
    index = []
    blocks: dict[str, Any] = {}
    for n, r in enumerate(list_records(frames["families"])):
        key = r["family"]
        index.append(
            [
                key,
                int(r["scope"] == "across"),
                r["wording"],
                *(r[k] for k in ("issuers", "reports", "passages", "first_issuer")),
                *(r[k] for k in ("first_year", "last_year")),
                [
                    r[k]
                    for k in (
                        "superior",
                        "subordinate",
                        "same_county",
                        "same_system",
                        "far",
                        "unknown",
                    )
                ],
            ]
        )
        block = blocks.setdefault(f"f-{n // BLOCK}", [])
        block.append(
            [
                r["template"],
                r["first_note"],
                r["first_tied"],
                [slots.get(key, {})[k] for k in sorted(slots.get(key, {}))],
                passages.get(key, []),
            ]
        )
    return {"families": index, **blocks}


def _report(
    text: str,
    spans: Sequence[tuple[int, int, str, str | None, bool | None]],
    position: Mapping[str, int],
) -> list[Any]:
    # JavaScript counts characters beyond U+FFFF twice; the frames count them once.
    wide = [n for n, char in enumerate(text) if ord(char) > 0xFFFF]

    def at(offset: int) -> int:
        return offset + bisect_left(wide, offset)

    return [
        text,
        [
            [
                at(start),
                at(end),
                _KINDS[kind],
                None if other is None else position[other],
                None if earlier is None else int(earlier),
            ]
            for start, end, kind, other, earlier in spans
        ],
    ]
