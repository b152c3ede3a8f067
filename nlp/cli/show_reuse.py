"""Print what was found about wording, on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    import pandas as pd

# Changed characters are marked by brackets as well, for terminals without colour.
_STYLES = {
    "same": ("", "", ""),
    "slot": ("", "", "yellow"),
    "changed": ("[", "]", "bold red"),
    "only_a": ("-[", "]", "dim"),
    "only_b": ("+[", "]", "cyan"),
}


def make_line(pieces: Sequence[tuple[str, str]]) -> Text:
    """Give pieces of a text as one line, changes in brackets and colour."""
    line = Text()
    for kind, text in pieces:
        before, after, style = _STYLES[kind]
        if text:
            line.append(f"{before}{text}{after}", style=style)
    return line


def show_hits(hits: Sequence[Mapping[str, Any]], console: Console) -> None:
    """Print where a wording occurs."""
    table = Table(show_edge=False, pad_edge=False, show_lines=True)
    for name in ("报告", "部分", "异同", "原文（[改动] +[多出] -[没有]）"):
        table.add_column(name)
    for hit in hits:
        page = f" 第 {hit['page']} 页" if hit["page"] else ""
        table.add_row(
            Text(f"{hit['issuer'] or '机关未识别'} {hit['year'] or '年度未识别'}"),
            Text((hit["section"] or "引言") + page),
            Text(f"{hit['kind_name']} {hit['score']:.2f}"),
            make_line(hit["pieces"]),
        )
    console.print(table)
    reports = {hit["report_id"] for hit in hits}
    issuers = {hit["issuer"] for hit in hits if hit["issuer"]}
    console.print(f"{len(hits)} 处，{len(reports)} 份报告，{len(issuers)} 个机关。")
    dated = [hit for hit in hits if hit["year"] is not None and hit["kind"] != "partial"]
    if dated:
        year = min(hit["year"] for hit in dated)
        first = sorted({hit["issuer"] or "机关未识别" for hit in dated if hit["year"] == year})
        console.print(
            f"在本结果中最早见于 {year} 年度：{'、'.join(first)}（不等于作者）。", soft_wrap=True
        )


def show_sides(found: Mapping[str, Any], console: Console) -> None:
    """Print two reports side by side."""
    for name, side in (("甲", found["a"]), ("乙", found["b"])):
        share = f"，占 {side['shared'] / side['free']:.1%}" if side["free"] else ""
        console.print(
            f"{name} {side['label']}（{side['file']}）：自由文字 {side['free']} 字，"
            f"两份共有 {side['shared']} 字{share}",
            soft_wrap=True,
            markup=False,
        )
    names = {"cosine": "余弦", "jaccard": "Jaccard", "edit": "编辑相似", "simple": "逐句相似"}
    values = found["likeness"]
    console.print(
        "　".join(
            f"{label} {'—' if values[k] is None else format(values[k], '.3f')}"
            for k, label in names.items()
        )
    )
    if not found["passages"]:
        console.print("没有找到规定用语和套话以外的共同文字。")
        return
    table = Table(show_edge=False, pad_edge=False, show_lines=True)
    for name in ("甲", "乙", "异同"):
        table.add_column(name, ratio=None if name == "异同" else 1)
    for p in found["passages"]:
        table.add_row(
            make_line(p["a_pieces"]),
            make_line(p["b_pieces"]),
            Text(f"{p['kind_name']} {p['score']:.2f}"),
        )
    console.print(table)


def show_reuse(frames: Mapping[str, pd.DataFrame], out: str, console: Console) -> None:
    """Print what the study of a whole result found, and where it was written."""
    families = frames["families"]
    across = families[families["scope"] == "across"]
    shares = frames["reuse_shares"].dropna(subset=["new"])
    weight = shares["characters"].astype(float)
    parts = []
    for key, name in (
        ("mandated", "规定用语"), ("formula", "套话"), ("own", "沿用自己"),
        ("peer", "与他机关雷同"), ("new", "新写"),
    ):  # fmt: skip
        total = float((shares[key].astype(float) * weight).sum() / max(1.0, weight.sum()))
        parts.append(f"{name} {total:.1%}")
    console.print("全部文字：" + "，".join(parts) + "。", soft_wrap=True)
    console.print(
        f"跨机关的文段家族 {len(across)} 个，"
        f"只在一个机关各年之间的 {len(families) - len(across)} 个；"
        f"疑似残留 {len(frames['residue'])} 处。",
        soft_wrap=True,
    )
    for row in across.head(5).to_dict("records"):
        console.print(
            f"  · {row['issuers']} 个机关：{row['wording']}（{row['first_note']}）",
            soft_wrap=True,
            markup=False,
        )
    console.print(f"网页　 {out}/reuse.html", soft_wrap=True, markup=False)
    console.print(f"工作簿 {out}/reuse.xlsx", soft_wrap=True, markup=False)
