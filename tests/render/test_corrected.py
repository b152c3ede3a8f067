"""Corrections and reuse in the page: what stood there, by whom, and nothing run from it."""

from __future__ import annotations

import base64
import json
import re
import zlib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from nlp.documents import make_frame
from nlp.render import ThemeEntry, write_page
from nlp.render.corrected import sum_up_corrections
from nlp.render.reuse_summary import sum_up_reuse
from tests.render.conftest import HOSTILE
from tests.render.sample_frames import MANIFEST


def make_corrections(report: str, key: str) -> pd.DataFrame:
    rows = [("applied", report, key, None), ("unfit", None, "3|9|总计", "没有这份报告")]
    return make_frame(
        "corrections",
        [
            {
                "line": n, "report": "甲.pdf", "report_id": found, "what": "cell", "key": cell,
                "field": "value", "old": "5", "new": "6", "who": "李四", "when": "2024-05-01",
                "why": HOSTILE, "status": status, "reason": reason,
            }
            for n, (status, found, cell, reason) in enumerate(rows, 2)
        ],
    )  # fmt: skip


def unpack(html: str, name: str) -> Any:
    data = re.search(rf'id="b-{re.escape(name)}">([^<]*)<', html)
    assert data
    return json.loads(zlib.decompress(base64.b64decode(data[1])))


def test_corrections_are_told_where_they_were_made(
    frames: dict[str, pd.DataFrame], theme_entries: tuple[ThemeEntry, ...], tmp_path: Path
) -> None:
    cell = frames["cells"].iloc[0]
    made = {**frames, "corrections": make_corrections(cell["report_id"], cell["key"])}
    write_page(made, MANIFEST, tmp_path / "x.html", themes=theme_entries)
    html = (tmp_path / "x.html").read_text("utf-8")
    block = unpack(html, f"r-{cell['report_id']}")
    assert block["corrections"] == [
        ["cell", "单元格", cell["key"], "value", "5", "6", "李四", "2024-05-01", HOSTILE]
    ]
    assert "人工更正" in html
    assert "<img src=x" not in html
    # What does not fit comes first, as somebody has to look at it.
    summary = sum_up_corrections(made["corrections"], frames["reports"])
    assert [row["status"] for row in summary["rows"]] == ["不再适用", "已用上"]
    assert summary["rows"][0]["link"] is None


def test_shares_are_pooled_by_characters(frames: dict[str, pd.DataFrame]) -> None:
    ids = frames["reports"]["report_id"].tolist()[:3]
    shares = dict.fromkeys(("formula", "own", "peer", "peer_any"), 0.0)
    rows = [
        {"report_id": i, "characters": size, "free": size, "mandated": part, "new": 1 - part,
         "year": 2022, **shares}
        for i, size, part in zip(ids, (100, 300), (1.0, 0.0), strict=False)
    ]  # fmt: skip
    rows.append({"report_id": ids[2], "characters": 0, "free": 0, "reason": "没有叙述文字"})
    names = ("families", "residue")
    made = {name: make_frame(name, ()) for name in names}
    found = sum_up_reuse({**made, "reuse_shares": make_frame("reuse_shares", rows)})
    assert found is not None
    assert {key: value for key, _, value in found["pooled"]}["mandated"] == pytest.approx(0.25)
    assert found["by_year"][0][:2] == (2022, 2)
    assert sum_up_reuse({**made, "reuse_shares": make_frame("reuse_shares", ())}) is None
