"""The evaluation as a page of Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nlp.themes.codebook import Codebook

_MODES = {
    "grouped_cross_validation": "分组交叉验证（标注就是训练用的标注；每折重新训练，"
    "同一机关、同一措辞不跨折）",
    "new_labels": "在模型没有见过的标注上直接评价",
}
_SLICES = {"by_role": "按问题与措施", "by_level": "按层级", "by_era": "按年代"}
WORDS: Mapping[str, str] = {
    "problem": "问题",
    "measure": "措施",
    "national": "国家",
    "province": "省级",
    "city": "地市级",
    "county": "县级",
    "township": "乡级",
    "department": "部门",
    "narrative": "叙述体（2008—2018）",
    "2019": "2019 年格式",
    "2021": "2021 年格式",
    "unknown": "未注明",
}
_MOST_PAIRS = 15


def format_evaluation(result: Mapping[str, Any], codebook: Codebook) -> str:
    """Write the result of ``evaluate_themes`` as Markdown, in Chinese."""
    scores = result["scores"]
    source = "机关" if result["source_is"] == "issuer" else "措辞族"
    lines = [
        "# 主题分类评价",
        "",
        f"- 标注：{result['labels']}，{result['count']} 条，来自 {result['sources']} 个{source}；"
        f"另有 {result['left_out']} 条未编码或不可编码，不计",
        f"- 做法：{_MODES[result['mode']]}"
        + (f"，{result['folds']} 折" if result["folds"] else ""),
        f"- 区间：按{source}整群重抽 {result['resamples']} 次的 95% 百分位区间，"
        f"种子 {result['seed']}",
        f"- 标注 SHA-256 `{result['labels_sha256']}`",
        f"- 模型 SHA-256 `{result['model_sha256']}`",
        f"- 编码手册 SHA-256 `{result['codebook_sha256']}`",
        "",
        "## 总的结果",
        "",
        f"宏平均取 {scores['themes_counted']} 个主题（不含“其他”；既未出现也未标出的主题不计）。",
        "",
        "| 做法 | 宏平均 F1 | 95% 区间 | 微平均 F1 | 95% 区间 |",
        "|---|---|---|---|---|",
        f"| 本模型 | {_n(scores['macro_f1'])} | {_b(scores['macro_f1_bounds'])} | "
        f"{_n(scores['micro_f1'])} | {_b(scores['micro_f1_bounds'])} |",
    ]
    others = {
        "对照：只用线索词典": result["baselines"]["cues"],
        "对照：一律标最常见主题": result["baselines"]["most_frequent"],
    }
    if "naive_split" in result:
        others["本模型，随机分折（同一措辞可在两边，有泄漏，仅作对照）"] = result["naive_split"]
    for name, part in others.items():
        lines.append(f"| {name} | {_n(part['macro_f1'])} | | {_n(part['micro_f1'])} | |")
    lines += [
        "",
        f"主要主题一致率 {_p(result['primary_accuracy'])}；"
        f"全部主题完全一致率 {_p(result['exact_match'])}。",
        *_write_seen(result.get("seen_before")),
        "",
        "## 各主题",
        "",
        "| 主题 | 精确率 | 召回率 | F1 | F1 的 95% 区间 | 标注 | 标出 |",
        "|---|---|---|---|---|---|---|",
    ]
    for theme, part in scores["themes"].items():
        lines.append(
            f"| {codebook.name_of(theme)} | {_n(part['precision'])} {_b(part['precision_bounds'])} "
            f"| {_n(part['recall'])} {_b(part['recall_bounds'])} | {_n(part['f1'])} "
            f"| {_b(part['f1_bounds'])} | {part['support']} | {part['predicted']} |"
        )
    lines += _write_confusions(result["confusions"], codebook)
    lines += _write_calibration(result["calibration"])
    share = result["abstention"]
    lines += [
        "",
        "## 存疑",
        "",
        f"模型对 {_p(share['share'])} 的陈述没有把握（存疑）；其余陈述的宏平均 F1 为 "
        f"{_n(share['macro_f1_sure'])}（全部为 {_n(share['macro_f1_all'])}），"
        f"微平均 F1 为 {_n(share['micro_f1_sure'])}（全部为 {_n(share['micro_f1_all'])}）。",
    ]
    for key, title in _SLICES.items():
        lines += [
            "",
            f"## {title}",
            "",
            "| | 条数 | 宏平均 F1 | 所含主题 | 微平均 F1 | 存疑 |",
            "|---|---|---|---|---|---|",
        ]
        for value, part in result[key].items():
            lines.append(
                f"| {WORDS.get(value, value)} | {part['count']} | {_n(part['macro_f1'])} | "
                f"{part['themes_counted']} | {_n(part['micro_f1'])} | {_p(part['abstained'])} |"
            )
    return "\n".join(lines) + "\n"


def _write_seen(seen: Mapping[str, Any] | None) -> list[str]:
    if seen is None or not seen["count"]:
        return []
    return [
        "",
        f"其中 {seen['count']} 条的文字在训练标注里出现过；去掉它们，宏平均 F1 为 "
        f"{_n(seen['macro_f1_without'])}，微平均 F1 为 {_n(seen['micro_f1_without'])}。",
    ]


def _write_confusions(confusions: Mapping[str, Any], codebook: Codebook) -> list[str]:
    numbers = range(1, len(confusions["themes"]) + 1)
    lines = [
        "",
        "## 主题之间的混淆",
        "",
        "主要主题：行是标注，列是模型（列号与行号的主题相同）。",
        "",
        "| | " + " | ".join(map(str, numbers)) + " |",
        "|---" * (len(confusions["themes"]) + 1) + "|",
    ]
    for number, theme, row in zip(
        numbers, confusions["themes"], confusions["primary"], strict=True
    ):
        cells = " | ".join(str(value) if value else "·" for value in row)
        lines.append(f"| {number} {codebook.name_of(theme)} | {cells} |")
    if confusions["missed_for"]:
        lines += ["", "同一条里漏标一个、错标另一个的（最多的在前）：", ""]
        lines += ["| 漏标 | 错标 | 条数 |", "|---|---|---|"]
        for pair in confusions["missed_for"][:_MOST_PAIRS]:
            missed, added = codebook.name_of(pair["missed"]), codebook.name_of(pair["added"])
            lines.append(f"| {missed} | {added} | {pair['count']} |")
    return lines


def _write_calibration(calibration: Mapping[str, Any]) -> list[str]:
    lines = [
        "",
        "## 概率的校准",
        "",
        f"期望校准误差（ECE）{_n(calibration['ece'])}（全部“陈述×主题”，十个等宽区间）；"
        f"各主题 ECE 的平均 {_n(calibration['ece_themes_mean'])}；"
        f"只看概率在 0.05—0.95 之间的 {_n(calibration['ece_uncertain'])}；"
        f"Brier 分数 {_n(calibration['brier'])}。",
        "",
        "| 概率 | 个数 | 平均概率 | 实际比例 |",
        "|---|---|---|---|",
    ]
    for row in calibration["table"]:
        lines.append(
            f"| {row['low']:.1f}—{row['high']:.1f} | {row['count']} | {_n(row['mean'])} | "
            f"{_n(row['observed'])} |"
        )
    return lines


def _n(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"


def _p(value: float | None) -> str:
    return "—" if value is None else f"{value:.1%}"


def _b(bounds: list[float] | None) -> str:
    return "—" if bounds is None else f"[{bounds[0]:.3f}, {bounds[1]:.3f}]"
