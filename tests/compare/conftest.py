"""A made-up result: two provinces of fictional bodies over some years, with known numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nlp.documents import FRAMES, make_frame
from nlp.intervals import wilson_interval

COUNTIES = tuple(f"{a}{b}县" for a in "松柏竹梅兰" for b in "溪岭原汀")
THEMES = (("training", "教育培训与队伍建设"), ("on_request", "依申请公开"), ("other", "其他"))


def share(indicator: str, name: str, top: float, bottom: float, group: str) -> dict[str, Any]:
    """An indicator as the frame has it; without a denominator it has no value."""
    if not bottom:
        return {"indicator": indicator, "name": name, "group": group, "numerator": top,
                "denominator": bottom, "reason": "分母为 0，不能计算"}  # fmt: skip
    low, high = wilson_interval(top, bottom)
    return {"indicator": indicator, "name": name, "group": group, "value": top / bottom,
            "numerator": top, "denominator": bottom, "low": low, "high": high}  # fmt: skip


def make_result(
    counties: int = 20, years: tuple[int, ...] = (2021, 2022, 2023), seed: int = 3
) -> dict[str, pd.DataFrame]:
    """Frames of governments and education bureaus of some counties, one report a year each."""
    rng = np.random.default_rng(seed)
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in FRAMES}
    for n in range(counties):
        province, city = ("青屏省", "云渡市") if n % 2 else ("赤岩省", "沙泉市")
        county = COUNTIES[n]
        for kind, name in (("government", f"{county}人民政府"), ("department", f"{county}教育局")):
            # A body that writes of requests refuses more: a real association to be found.
            writes = rng.random() < 0.5
            for year in years:
                where = {"province": province, "city": city, "county": county,
                         "region_code": f"99{n % 2}1{n:02}", "level": "county"}  # fmt: skip
                _add(rows, rng, name, kind, year, where, writes)
    return {name: make_frame(name, values) for name, values in rows.items()}


def _add(
    rows: dict[str, list[dict[str, Any]]],
    rng: np.random.Generator,
    issuer: str,
    kind: str,
    year: int,
    where: Mapping[str, str],
    writes: bool,
) -> None:
    sha = hashlib.sha256(f"{issuer}{year}".encode()).hexdigest()
    report = sha[:12]
    closed = int(rng.integers(20, 90))
    denied = int(rng.binomial(closed, 0.4 if writes else 0.2))
    opened = int(rng.binomial(closed - denied, 0.7))
    themes = ["training", "on_request"] if writes else ["training", "other"]
    statements = [("problem", t) for t in themes[: 1 + int(rng.integers(0, 2))] or themes[:1]]
    if writes and ("problem", "on_request") not in statements:
        statements.append(("problem", "on_request"))
    statements.append(("measure", "training"))
    rows["reports"].append(
        {**where, "report_id": report, "file": f"{issuer}{year}.pdf", "sha256": sha,
         "file_kind": "pdf", "reader": "test 1", "title": f"{issuer}{year}年度报告",
         "issuer": issuer, "year": year, "kind": kind,
         "edition": "2019" if year < 2021 else "2021", "problems": len(statements) - 1,
         "measures": 1, "sections_found": 6, "text": ""}
    )  # fmt: skip
    rows["sections"].append({"report_id": report, "section": "五", "title": "五、问题"})
    for number, (role, theme) in enumerate(statements, 1):
        rows["statements"].append(
            {"report_id": report, "statement": number, "role": role, "text": "文字",
             "themes": theme, "primary": theme, "abstain": number == 1,
             "answers": "2" if number == 1 else None}
        )  # fmt: skip
        rows["themes"] += [
            {"report_id": report, "statement": number, "theme": key, "label": label,
             "probability": 0.9, "assigned": key == theme, "primary": key == theme}
            for key, label in THEMES
        ]  # fmt: skip
    values = [
        {"indicator": "requests_received", "name": "申请量", "group": "demand",
         "value": closed, "numerator": closed},
        {"indicator": "requests_per_10k", "name": "每万人申请量", "group": "demand",
         "numerator": closed, "reason": "没有给出“常住人口（人）”"},
        share("disclosure_rate", "公开率", opened, closed, "outcome"),
        share("denial_rate", "不予公开率", denied, closed, "outcome"),
        share("unavailable_rate", "无法提供率", closed - opened - denied, closed, "outcome"),
        share("unprocessed_rate", "不予处理率", 0, closed, "outcome"),
        share("other_outcome_rate", "其他处理率", 0, closed, "outcome"),
        share("review_correction_rate", "复议纠错率", 0, 0, "disputes"),
    ]  # fmt: skip
    rows["indicators"] += [{"report_id": report, "formula": "x/y", **v} for v in values]
    for key, value in (("3|1|总计", closed), ("3|3.1|总计", opened), ("3|3.4.1|总计", 0)):
        rows["cells"].append(
            {"report_id": report, "key": key, "section": "3", "row": key.split("|")[1],
             "column": "总计", "value": value, "raw": str(value),
             "state": "number" if value else "zero"}
        )  # fmt: skip
    rows["checks"].append(
        {"report_id": report, "check_id": "t3_row", "name": "行之和", "result": "pass"}
    )


@pytest.fixture(scope="session")
def frames() -> dict[str, pd.DataFrame]:
    return make_result()
