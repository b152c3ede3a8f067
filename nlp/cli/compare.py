"""Commands that compare reports, export a result, and correct it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import pandas as pd


def _stop(error: Exception) -> typer.Exit:
    typer.echo(str(error), err=True)
    return typer.Exit(2)


def compare(
    result: Annotated[Path, typer.Argument(help="nianbao build 的输出文件夹。")],
    out: Annotated[Path, typer.Option("--out", "-o", help="放表的文件夹。")],
    external: Annotated[
        list[Path] | None,
        typer.Option(help="外部数据（CSV：区划代码、年度和各列数，如常住人口），可给几个。"),
    ] = None,
    reuse: Annotated[
        Path | None,
        typer.Option(help="reuse report 的输出文件夹；build 时用了 --reuse 的不必给。"),
    ] = None,
    seed: Annotated[int, typer.Option(help="抽取、自助法和置换所用的种子。")] = 1,
    max_pairs: Annotated[int, typer.Option(min=1, help="报告对最多取多少。")] = 100_000,
    permutations: Annotated[int, typer.Option(min=99, help="每项检验的置换次数。")] = 1999,
    kinds: Annotated[
        list[str] | None,
        typer.Option("--format", help="另写 dta、sav、parquet 或 duckdb，可给几个。"),
    ] = None,
) -> None:
    """比较各份报告：总表、报告对、同类概况、名次、逐年变化、主题与数字，写成 xlsx 和 csv。"""
    from nlp.pipeline.compare import compare as run
    from nlp.pipeline.compare import write_comparison

    try:
        found = run(
            result,
            external=external or (),
            reuse=reuse,
            seed=seed,
            max_pairs=max_pairs,
            permutations=permutations,
        )
        write_comparison(found, out, kinds=kinds or ())
    except (OSError, ValueError, ImportError) as error:
        raise _stop(error) from error
    tests = int(found.associations["p_value"].notna().sum())
    kept = int((found.associations["q_value"] < 0.05).sum())
    typer.echo(
        f"报告 {len(found.reports)} 份，报告对 {len(found.pairs)} 对；"
        f"名次 {int(found.ranks['ranked'].sum())} 个；"
        f"主题与数字检验 {tests} 项，校正后 q 值小于 0.05 的 {kept} 项。"
    )
    if len(found.unmatched):
        sides = found.unmatched["side"].value_counts()
        typer.echo(
            f"外部数据没有匹配：报告 {sides.get('report', 0)} 份，"
            f"外部 {sides.get('external', 0)} 行；见“外部表未匹配”。"
        )
    typer.echo(f"工作簿 {out / 'compare.xlsx'}\n数据表 {out / 'csv'}")


def export(
    result: Annotated[Path, typer.Argument(help="nianbao build 的输出文件夹。")],
    out: Annotated[Path, typer.Option("--out", "-o", help="放文件的文件夹。")],
    kind: Annotated[str, typer.Option("--format", help="xlsx、csv、parquet、dta、sav 或 duckdb。")],
) -> None:
    """把结果的各表和报告总表写成别的软件的文件，带中文标签、引用格式和清单。"""
    from nlp.pipeline.export import export_result

    try:
        written = export_result(result, out, kind=kind)
    except (OSError, ValueError, ImportError) as error:
        raise _stop(error) from error
    typer.echo(f"写出 {len(written)} 个文件：{out}")


def correct(
    result: Annotated[Path, typer.Argument(help="nianbao build 的输出文件夹。")],
    report: Annotated[str, typer.Option(help="报告编号或文件名；不给则只重新应用更正表。")] = "",
    what: Annotated[
        str, typer.Option(help="cell 单元格、statement 陈述、tag 主题、report 报告。")
    ] = "cell",
    key: Annotated[
        str, typer.Option(help="单元格的键，如 3|3.1|总计；陈述的序号或起点-终点。")
    ] = "",
    field: Annotated[
        str,
        typer.Option(
            help="cell: value；statement: role、span、add、delete；tag: themes、primary。"
        ),
    ] = "",
    old: Annotated[str, typer.Option(help="现在读出的；对不上就不更正。")] = "",
    new: Annotated[str, typer.Option(help="应当是的。")] = "",
    who: Annotated[str, typer.Option(help="谁更正的。")] = "",
    why: Annotated[str, typer.Option(help="为什么。")] = "",
    when: Annotated[str, typer.Option(help="日期；默认今天。")] = "",
    inputs: Annotated[
        list[Path] | None, typer.Option(help="原来读的文件夹，网页里的表格图片要用。")
    ] = None,
) -> None:
    """更正读错的单元格、陈述、主题或机关：记入结果里的 corrections.csv，再重新核对。"""
    from nlp.pipeline.corrections import Correction, correct_result

    add = []
    if report:
        field = field or ("value" if what == "cell" else "")
        day = when or date.today().isoformat()
        add = [Correction(0, report, what, key, field, old, new, who, day, why)]
    try:
        found = correct_result(result, add=add, inputs=inputs or ())
    except (OSError, ValueError) as error:
        raise _stop(error) from error
    show_corrections(found)
    if add and found["status"].iloc[-1] != "applied":
        raise typer.Exit(1)


def show_corrections(found: pd.DataFrame) -> None:
    """Print what became of the corrections, and those that do not fit."""
    counts = found["status"].value_counts()
    typer.echo(
        f"更正 {len(found)} 条：已用 {counts.get('applied', 0)}，"
        f"现在就是这样 {counts.get('same', 0)}，"
        f"不再适用 {counts.get('unfit', 0)}，写得不对 {counts.get('invalid', 0)}。",
        err=True,
    )
    for row in found[found["status"].isin(["unfit", "invalid"])].to_dict("records"):
        typer.echo(f"  第 {row['line']} 行（{row['report']}）：{row['reason']}", err=True)


def add_commands(app: typer.Typer) -> None:
    """Add ``compare``, ``export`` and ``correct`` to the command."""
    app.command()(compare)
    app.command()(export)
    app.command()(correct)
