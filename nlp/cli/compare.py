"""Commands that compare reports, export a result, and correct it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


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


def add_commands(app: typer.Typer) -> None:
    """Add ``compare`` and ``export`` to the command."""
    app.command()(compare)
    app.command()(export)
