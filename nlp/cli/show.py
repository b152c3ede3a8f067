"""Print results for people, on a terminal."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from nlp.labels import DOUBTS, RESULTS, ROLES, SEVERITIES

if TYPE_CHECKING:
    from nlp.pipeline import BuildResult

_LISTED = 50  # lines of a list; a crawl may have thousands of files that are no reports


def show_build(result: BuildResult, console: Console) -> None:
    """Print what a build made, what failed, and where to look."""
    counts, totals, changes = result.manifest["counts"], result.totals, result.changes
    theirs = totals["checks_failed_theirs"]
    if changes.known:
        console.print(
            f"资料库里已有 {changes.known} 个文件的读取结果，这次只读了 {changes.read} 个。"
        )
    console.print(
        f"读成 {counts['reports']} 份报告，{totals['issuers']} 个机关；"
        f"单元格 {totals['cells_read']} 个已读、"
        f"{totals['cells_doubtful']} 个存疑、"
        f"{totals['cells_absent']} 个缺失；"
        f"勾稽不符 {theirs} 处为原文如此、{totals['checks_failed'] - theirs} 处读取存疑；"
        f"问题与措施 {counts['statements']} 条。",
        soft_wrap=True,
    )
    _list(result.frames["skipped"]["reason"].tolist(), "跳过 {} 个文件：", console)
    removed = "以前读过、这次没有找到 {} 个文件，结果里已不含它们："
    _list(list(changes.removed), removed, console)
    for note in result.manifest["left_out"]:
        console.print(escape(note), soft_wrap=True)
    if result.out is not None:
        console.print(f"工作簿 {escape(str(result.out / 'nianbao.xlsx'))}", soft_wrap=True)
        if "reuse" in result.manifest and (result.out / "reuse.html").exists():
            console.print(f"套话　 {escape(str(result.out / 'reuse.html'))}", soft_wrap=True)
        console.print(f"网页　 {escape(str(result.out / 'index.html'))}", soft_wrap=True)


def _list(lines: list[str], heading: str, console: Console) -> None:
    if lines:
        console.print(heading.format(len(lines)))
        for line in lines[:_LISTED]:
            console.print(f"  · {escape(line)}", soft_wrap=True)
        if len(lines) > _LISTED:
            console.print(f"  · ……其余 {len(lines) - _LISTED} 个见 manifest.json")


def show_report(found: dict[str, Any], console: Console) -> None:
    """Print the findings of one report."""
    console.print(f"[bold]{escape(found['title'] or '（没有标题）')}[/bold]")
    console.print(
        f"机关 {escape(found['issuer'] or '不明')}　年度 {found['year'] or '不明'}　"
        f"格式 {found['edition'] or '不明'}　读取器 {escape(found['reader'])}",
        soft_wrap=True,
    )
    titles = "；".join(s["title"] for s in found["sections"])
    console.print("部分 " + escape(titles or "没有找到"), soft_wrap=True)
    states = Counter(cell["state"] for cell in found["cells"])
    read = sum(states.values()) - states["unreadable"] - states["absent"]
    console.print(f"单元格 {read} 个已读，{states['unreadable']} 个存疑，{states['absent']} 个缺失")
    results = Counter(check["result"] for check in found["checks"])
    console.print(
        "勾稽 "
        + "，".join(f"{RESULTS[k]} {results[k]}" for k in ("pass", "fail", "not_assessable"))
    )
    for check in found["checks"]:
        if check["result"] == "fail":
            where = f"（第 {check['where']['page']} 页）" if check["where"]["page"] else ""
            console.print(
                f"  [red]不符[/red] {escape(check['reason'])}{where} "
                f"[dim]{DOUBTS.get(check['doubt'], '')}[/dim]",
                soft_wrap=True,
            )
    for cell in found["cells"]:
        if cell["state"] == "unreadable":
            console.print(
                f"  [yellow]存疑[/yellow] {escape(cell['key'])}：{escape(cell['note'])}",
                soft_wrap=True,
            )
    if found["statements"]:
        table = Table(show_edge=False, pad_edge=False)
        for name in ("", "位置", "文字", "主题"):
            table.add_column(name, overflow="fold")  # nothing of a statement is cut off
        for statement in found["statements"]:
            sure = "？" if statement["abstain"] else ""
            table.add_row(
                ROLES[statement["role"]],
                f"{statement['start']}:{statement['end']}",
                escape(statement["text"]),
                escape("、".join(statement["theme_names"]) + sure),
            )
        console.print(table)
        if any(statement["abstain"] for statement in found["statements"]):
            console.print("  主题后带“？”的存疑，请人工核对")
    for finding in found["findings"]:
        console.print(
            f"  {SEVERITIES[finding['severity']]} {escape(finding['message'])}", soft_wrap=True
        )
