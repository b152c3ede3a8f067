"""A small result made by hand, and a codebook of three themes with labels, all fictional."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pandas as pd
import pytest

from nlp.documents import FRAMES, make_frame
from nlp.library import write_result
from nlp.segment import segment

# issuer, level, kind, province, year, statements (role, text, theme, sure, pairs)
REPORTS = [
    ("临岚县人民政府", "county", "government", "澜江省", 2021, [
        ("problem", "工作人员业务培训不够", "training", True, ""),
        ("problem", "政策解读形式单一", "policy_interpretation", True, ""),
        ("measure", "组织业务培训2次", "training", True, ""),
    ]),
    ("临岚县人民政府", "county", "government", "澜江省", 2022, [
        ("problem", "工作人员业务培训还不够", "training", True, ""),
        ("problem", "=HYPERLINK(1)公开不及时", "proactive_disclosure", True, ""),
        ("measure", "组织业务培训30次", "training", False, ""),
    ]),
    ("临岚县民政局", "county", "department", "澜江省", 2021, [
        ("problem", "公开不及时", "proactive_disclosure", False, ""),
        ("measure", "组织业务培训2次。", "training", True, ""),
    ]),
    ("临岚县民政局", "county", "department", "澜江省", 2022, [
        ("problem", "信息更新不够及时", "proactive_disclosure", True, "2"),
        ("measure", "落实栏目专人负责更新", "platform_newmedia", True, "1"),
    ]),
    ("砚湖省水务厅", "province", "department", "砚湖省", 2022, [
        ("problem", "公开不及时。", "proactive_disclosure", True, ""),
        ("measure", "细化重点领域公开内容", "key_sector_disclosure", True, ""),
    ]),
    ("砚湖省教育厅", "province", "department", "砚湖省", 2022, []),
]  # fmt: skip


def make_frames() -> dict[str, pd.DataFrame]:
    rows: dict[str, list[dict[str, object]]] = {name: [] for name in FRAMES}
    for number, (issuer, level, kind, province, year, statements) in enumerate(REPORTS):
        report = f"{number:012d}"
        text = f"{issuer}{year}年度报告。"
        spans = []
        for _, words, *_rest in statements:
            spans.append((len(text), len(text) + len(words)))
            text += words + "。下一句是说明。"
        rows["reports"].append(
            {"report_id": report, "file": f"{number}.txt", "sha256": report, "file_kind": "text",
             "reader": "text", "title": f"{issuer}年报", "issuer": issuer, "year": year,
             "level": level, "kind": kind, "province": province, "edition": "2021", "text": text}
        )  # fmt: skip
        if statements or number != 5:
            rows["sections"].append({"report_id": report, "section": "五", "text": text})
        at = 0
        for order, part in enumerate(text.split("。")[:-1], 1):
            end = at + len(part) + 1
            rows["sentences"].append(
                {"report_id": report, "section": "五" if order > 1 else None, "sentence": order,
                 "start": at, "end": end, "page": 1, "text": text[at:end],
                 "words": " ".join(w.text for w in segment(text[at:end])), "word_count": 1}
            )  # fmt: skip
            at = end
        for order, ((role, words, theme, sure, answers), (start, end)) in enumerate(
            zip(statements, spans, strict=True), 1
        ):
            rows["statements"].append(
                {"report_id": report, "statement": order, "role": role, "start": start,
                 "end": end, "page": 1, "text": words, "primary": theme, "themes": theme,
                 "abstain": not sure, "answers": answers or None,
                 "words": " ".join(w.text for w in segment(words))}
            )  # fmt: skip
            rows["themes"].append(
                {"report_id": report, "statement": order, "theme": theme, "label": theme,
                 "probability": 0.95 if sure else 0.55, "assigned": True, "primary": True}
            )  # fmt: skip
    return {name: make_frame(name, rows[name]) for name in FRAMES}


@pytest.fixture(scope="session")
def frames() -> dict[str, pd.DataFrame]:
    return make_frames()


@pytest.fixture(scope="session")
def result(frames: dict[str, pd.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "result"
    write_result(frames, {"model": {"sha256": "ab" * 32}}, folder)
    return folder


CODEBOOK = """
version = "own"
title = "三个主题"
unit = "一条陈述"
[[themes]]
id = "staff"
name = "人员"
definition = "人"
code_when = "说到人"
cues = ["人员|培训"]
[[themes]]
id = "web"
name = "网站"
definition = "网"
code_when = "说到网站"
cues = ["网站|栏目"]
[[themes]]
id = "rest"
name = "其他"
fallback = true
definition = "余下的"
code_when = "都不是"
cues = ["经费"]
"""
_PARTS = {
    "staff": ["加强{}人员培训", "{}人员配备不足", "{}人员业务不熟", "开展{}培训"],
    "web": ["{}网站更新慢", "优化{}网站栏目", "{}栏目空白", "{}网站打不开"],
    "rest": ["{}经费紧张", "争取{}经费支持", "{}车辆不够"],
}
_PLACES = "东 西 南 北 中 上 下 左 右 前 后 内 外 高 低 新 老 大 小 长".split()


@pytest.fixture(scope="session")
def own_codebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "codebook.toml"
    path.write_text(CODEBOOK, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def own_labels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Label 120 statements; ten in a hundred are labelled against their words."""
    rng = random.Random(1)
    path = tmp_path_factory.mktemp("labels") / "labels.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow("id family role level era themes primary text issuer".split())
        for number in range(120):
            theme = rng.choice(list(_PARTS))
            text = rng.choice(_PARTS[theme]).format("".join(rng.sample(_PLACES, 3)))
            given = rng.choice(list(_PARTS)) if rng.random() < 0.1 else theme
            role = rng.choice(["problem", "measure"])
            row = [f"T{number:03d}", f"F{number:03d}", role, "county", "2021", given, given, text]
            writer.writerow([*row, f"机关{number % 30}"])
    return path
