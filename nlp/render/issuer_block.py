"""One issuer as a block of the page: its years side by side, and what became of its problems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from nlp.render.peers import SHOWN, collect_values, name_peers
from nlp.render.rows import iterate_rows

_STEP = ("thread", "step", "year", "role", "report_id", "statement", "text", "score", "years")
_CLAIM = (
    "report_id",
    "claim",
    "page",
    "text",
    "value",
    "relation",
    "cells",
    "cell_value",
    "reason",
)
_PLACE = ("province", "city", "county", "township")


def list_issuers(reports: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """List the issuers that are known: name and the positions of their reports by year."""
    found: dict[str, list[int]] = {}
    for number, row in enumerate(reports):
        if row["issuer"]:
            found.setdefault(row["issuer"], []).append(number)
    return [[name, numbers] for name, numbers in found.items()]


def make_issuer_blocks(
    reports: Sequence[Mapping[str, Any]],
    frames: Mapping[str, pd.DataFrame],
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Make a block an issuer: ``i-0``, ``i-1`` … in the order of ``list_issuers``."""
    position = {row["report_id"]: number for number, row in enumerate(reports)}
    names = {row["report_id"]: row["issuer"] for row in reports}
    shown = frames["indicators"][frames["indicators"]["indicator"].isin(SHOWN)]
    values: dict[str, dict[str, list[Any]]] = {}
    for key, rows in shown.groupby("indicator", sort=False):
        for entry in collect_values(rows, position):
            owner = names[reports[entry[0]]["report_id"]]
            if owner:
                values.setdefault(owner, {}).setdefault(str(key), []).append(entry)
    threads: dict[str, list[list[Any]]] = {}
    for issuer, *step in iterate_rows(frames["threads"], ("issuer", *_STEP)):
        if step[4] in position:
            threads.setdefault(issuer, []).append([*step[:4], position[step[4]], *step[5:]])
    spoken = frames["claims"]["relation"].isin(["differ", "scope"])
    claims: dict[str, list[list[Any]]] = {}
    for report, *claim in iterate_rows(frames["claims"][spoken], _CLAIM):
        owner = names.get(report)
        if owner:
            claims.setdefault(owner, []).append([position[report], *claim])
    for number, (name, own) in enumerate(list_issuers(reports)):
        reported = [reports[k] for k in own]
        yield (
            f"i-{number}",
            {
                "peers": [name_peers(row) for row in reported],
                "places": sorted({_place(row) for row in reported} - {""}),
                "values": values.get(name, {}),
                "threads": threads.get(name, []),
                "claims": claims.get(name, []),
            },
        )


def _place(row: Mapping[str, Any]) -> str:
    return "".join(filter(None, (row[key] for key in _PLACE)))
