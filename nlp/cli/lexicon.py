"""``nianbao kwic``, ``keyness``, ``collocations``: dictionary coding over a result's words."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    import pandas as pd

ResultArgument = Annotated[Path, typer.Argument(help="nianbao build 的结果文件夹。")]
UnitOption = Annotated[
    str, typer.Option("--unit", help="sentences 各部分的句子，或 statements 第五部分的陈述。")
]
WhereOption = Annotated[
    list[str] | None,
    typer.Option(
        "--where", "-w", help="条件 列=值，可重复；如 year=2019-2021、level=county、section=五。"
    ),
]
OutOption = Annotated[
    Path | None, typer.Option("--out", "-o", help="写出的文件（.csv、.xlsx 或 .json）。")
]
JsonFlag = Annotated[bool, typer.Option("--json", help="输出 JSON，供程序使用。")]
_SHOWN = 40


def add_commands(app: typer.Typer) -> None:
    """Add the commands to ``nianbao``."""
    app.command("kwic")(kwic)
    app.command("keyness")(keyness)
    app.command("collocations")(collocations)


def kwic(
    word: Annotated[str, typer.Argument(help="词，或连着的几个词；* 代表词内任意字。")],
    result: ResultArgument,
    window: Annotated[int, typer.Option("--window", min=1, help="左右各多少个词。")] = 8,
    unit: UnitOption = "sentences",
    where: WhereOption = None,
    out: OutOption = None,
    as_json: JsonFlag = False,
) -> None:
    """列出一个词的每一处上下文（KWIC），附机关、年度、部分和位置。"""
    import pandas as pd

    from nlp.pipeline.explore import list_kwic

    table = _run(lambda: list_kwic(word, result, unit=unit, where=where or (), window=window))
    if _save(table, out, as_json, "上下文"):
        return
    console = Console()
    # A Chinese character is two columns wide; the source takes what the contexts leave.
    room = max(8, (console.width - 36) // 4)
    shown = Table(box=None, pad_edge=False, show_header=False)
    shown.add_column(justify="right", no_wrap=True)
    shown.add_column(no_wrap=True)
    shown.add_column(no_wrap=True)
    node = max((cell_len(_flat(text)) for text in table["node"].head(_SHOWN)), default=0)
    rest = max(8, console.width - 4 * room - node - 8)
    shown.add_column(no_wrap=True, overflow="ellipsis", style="dim", max_width=rest)
    for row in table.head(_SHOWN).to_dict("records"):
        issuer = "" if pd.isna(row["issuer"]) else str(row["issuer"])
        year = "" if pd.isna(row["year"]) else int(row["year"])
        shown.add_row(
            escape(_flat(row["left"])[-room:]),
            f"[bold]{escape(_flat(row['node']))}[/bold]",
            escape(_flat(row["right"])[:room]),
            escape(f"{year} {issuer}"),
        )
    console.print(shown)
    _tell_rest(console, table, f"“{word}”共 {len(table)} 处，{table['report_id'].nunique()} 份报告")


def keyness(
    result: ResultArgument,
    target: Annotated[
        list[str], typer.Option("--target", "-t", help="目标组的条件 列=值，可重复（都要满足）。")
    ],
    reference: Annotated[
        list[str] | None,
        typer.Option("--reference", "-r", help="参照组的条件；缺省为目标组以外的全部。"),
    ] = None,
    unit: UnitOption = "sentences",
    where: WhereOption = None,
    min_count: Annotated[int, typer.Option("--min-count", min=1, help="两组合计至少几次。")] = 3,
    min_df: Annotated[int, typer.Option("--min-df", min=1, help="至少见于几份报告。")] = 1,
    out: OutOption = None,
    as_json: JsonFlag = False,
) -> None:
    """哪些词在一组报告里比另一组多：对数似然 G²、p、log ratio 和文档频率。"""
    from nlp.pipeline.explore import list_keyness

    table = _run(
        lambda: list_keyness(
            result,
            target,
            reference=reference or (),
            unit=unit,
            where=where or (),
            min_count=min_count,
            min_df=min_df,
        )
    )
    if not _save(table, out, as_json, "关键性"):
        headings = {
            "word": "词", "target": "目标", "reference": "参照", "target_df": "目标报告数",
            "reference_df": "参照报告数", "g2": "G²", "p": "p", "log_ratio": "log ratio",
        }  # fmt: skip
        _show(table, headings, "G² 高的在前；log ratio 正为目标组多、负为参照组多")


def collocations(
    word: Annotated[
        str,
        typer.Argument(
            help="词，或连着的几个词；* 代表词内任意字。省略（只给结果文件夹）则列出全部词对。"
        ),
    ],
    result: Annotated[
        Path | None, typer.Argument(help="nianbao build 的结果文件夹。", show_default=False)
    ] = None,
    window: Annotated[
        int | None,
        typer.Option("--window", min=1, help="左右各多少个词；缺省为 5，不给词时为 1（相邻）。"),
    ] = None,
    min_count: Annotated[int, typer.Option("--min-count", min=1, help="至少共现几次。")] = 3,
    unit: UnitOption = "sentences",
    where: WhereOption = None,
    out: OutOption = None,
    as_json: JsonFlag = False,
) -> None:
    """一个词的左右常与哪些词搭配，或（不给词）哪些词常连在一起：PMI、t 值、logDice、G²。"""
    from nlp.pipeline.explore import list_collocations, list_pairs

    headings = {
        "word": "词", "first": "前词", "second": "后词", "together": "共现", "left": "左",
        "right": "右", "df": "报告数", "frequency": "词频", "pmi": "PMI", "t_score": "t",
        "log_dice": "logDice", "g2": "G²",
    }  # fmt: skip
    kind, conditions = unit, where or ()
    if result is None:
        table = _run(
            lambda: list_pairs(
                word, unit=kind, where=conditions, window=window or 1, min_count=min_count
            )
        )
        remark = "G² 高的在前"
    else:
        table = _run(
            lambda: list_collocations(
                word, result, unit=kind, where=conditions, window=window or 5,
                min_count=min_count,
            )
        )  # fmt: skip
        remark = "logDice 高的在前"
    if not _save(table, out, as_json, "搭配"):
        _show(table, {k: v for k, v in headings.items() if k in table.columns}, remark)


def _run(function: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    try:
        return function()
    except (OSError, ValueError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error


def _save(table: pd.DataFrame, out: Path | None, as_json: bool, title: str) -> bool:
    from nlp.pipeline.explore import save_table, show_json

    if out is not None:

        def write() -> pd.DataFrame:
            save_table(table, out, title=title)
            return table

        _run(write)
        typer.echo(f"写出 {len(table)} 行：{out}", err=True)
    if as_json:
        sys.stdout.write(show_json(table) + "\n")
    return as_json or out is not None


def _show(table: pd.DataFrame, headings: dict[str, str], remark: str) -> None:
    console = Console()
    shown = Table()
    for key, heading in headings.items():
        shown.add_column(heading, justify="left" if key in ("word", "first", "second") else "right")
    for row in table.head(_SHOWN).to_dict("records"):
        shown.add_row(*(_cell(key, row[key]) for key in headings))
    console.print(shown)
    unit = "对" if "first" in headings else "词"
    _tell_rest(console, table, f"共 {len(table)} {unit}；{remark}")


def _tell_rest(console: Console, table: pd.DataFrame, text: str) -> None:
    rest = f"；这里只列前 {_SHOWN} 行，全部请用 -o 写出" if len(table) > _SHOWN else ""
    console.print(text + rest)


def _cell(key: str, value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2g}" if key == "p" else f"{value:.2f}"
    return escape(str(value))


def _flat(text: object) -> str:
    return " ".join(str(text).split())
