"""The command ``nianbao``: parse, call one function, print.

Exit codes: 0 done; 1 nothing could be read, or the one file asked for could not;
2 the call is wrong (unknown option, missing input, output folder in use).
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from nlp.cli.bar import show_progress
from nlp.cli.compare import add_commands as add_compare_commands
from nlp.cli.compare import show_corrections
from nlp.cli.lexicon import add_commands as add_lexicon_commands
from nlp.cli.reuse import add_commands as add_reuse_commands
from nlp.cli.show import show_build, show_report
from nlp.cli.themes import add_commands as add_theme_commands

app = typer.Typer(
    name="nianbao",
    help="读取政府信息公开工作年度报告，逐格核对，整理成可比较的数据。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
themes = typer.Typer(help="第五部分各条陈述的主题。", no_args_is_help=True)
app.add_typer(themes, name="themes")
add_theme_commands(themes)
add_lexicon_commands(app)
add_compare_commands(app)
add_reuse_commands(app)

JsonFlag = Annotated[bool, typer.Option("--json", help="输出 JSON，供程序使用。")]


def _fail(message: str, code: int) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(code)


@app.command()
def build(
    inputs: Annotated[list[Path], typer.Argument(help="文件夹（含子文件夹）或文件。")],
    out: Annotated[Path, typer.Option("--out", "-o", help="放结果的文件夹。")],
    csv: Annotated[bool, typer.Option("--csv", help="另写 CSV（Excel 可直接打开）。")] = False,
    issuers: Annotated[
        Path | None,
        typer.Option(help="机关属性表（CSV），优先于区划数据。"),
    ] = None,
    codebook: Annotated[Path | None, typer.Option(help="主题编码表（TOML）。")] = None,
    model: Annotated[Path | None, typer.Option(help="主题模型文件夹。")] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=0, help="进程数；0 为全部核。")] = 0,
    scheduler: Annotated[
        str | None,
        typer.Option(help="Dask 调度器地址（tcp://…），用集群做；需要附加组件 cluster。"),
    ] = None,
    time_limit: Annotated[
        float, typer.Option("--time-limit", min=0, help="每个文件至多多少秒；0 为不限。")
    ] = 180,
    memory_limit: Annotated[
        int, typer.Option("--memory-limit", min=0, help="每个文件至多多少 MB 内存；0 为不限。")
    ] = 2048,
    ocr: Annotated[
        bool,
        typer.Option("--ocr", help="识别扫描件和图片（每页数秒）；需要附加组件 ocr。"),
    ] = False,
    corrections: Annotated[
        Path | None,
        typer.Option(help="更正表（CSV）；结果文件夹里的 corrections.csv 总会用上。"),
    ] = None,
    reuse: Annotated[
        bool,
        typer.Option("--reuse", help="另找套话与沿用，网页加上这一部分和专页 reuse.html。"),
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """读一批报告，写出数据表（Parquet）、工作簿（xlsx）和网页；再次运行只读新增和改动的文件。"""
    from nlp.pipeline import build as build_result

    console = Console(stderr=as_json)
    with show_progress() as progress:
        try:
            result = build_result(
                inputs,
                out,
                csv=csv,
                issuers=issuers,
                codebook=codebook,
                model=model,
                # one process more than one core: a process of its own can be ended
                jobs=jobs or max(2, os.cpu_count() or 1),
                scheduler=scheduler,
                time_limit=time_limit or None,
                memory_limit=memory_limit * 2**20 or None,
                ocr=ocr,
                corrections=corrections,
                reuse=reuse,
                progress=progress,
            )
        except (OSError, ValueError, ModuleNotFoundError) as error:
            raise _fail(str(error), 2) from error
        except KeyboardInterrupt as error:
            raise _fail("已中断；读过的文件都已存入资料库，再次运行会接着做", 130) from error
    show_build(result, console)
    if "corrections" in result.manifest:
        show_corrections(result.frames["corrections"])
    if as_json:
        sys.stdout.write(json.dumps(result.manifest, ensure_ascii=False, sort_keys=True) + "\n")
    if not result.manifest["counts"]["reports"]:
        raise typer.Exit(1)


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="一份报告。")],
    as_json: JsonFlag = False,
    model: Annotated[Path | None, typer.Option(help="主题模型文件夹。")] = None,
    ocr: Annotated[
        bool, typer.Option("--ocr", help="识别扫描件和图片；需要附加组件 ocr。")
    ] = False,
) -> None:
    """读一份报告，列出各部分、单元格、勾稽、问题与措施和提示。"""
    from nlp.documents import ReadError
    from nlp.pipeline import inspect_report

    try:
        found = inspect_report(file, model=model, ocr=ocr)
    except ReadError as error:
        raise _fail(str(error), 1) from error
    except OSError as error:
        raise _fail(f"{file}：打不开（{error.strerror or error}）", 2) from error
    if as_json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    else:
        show_report(found, Console())


@app.command()
def statements(
    file: Annotated[Path, typer.Argument(help='每行一个 JSON：{"id", "text"}。')],
    out: Annotated[Path, typer.Option("--out", "-o", help="写出的 JSONL。")],
) -> None:
    """把第五部分文字分成问题与措施，位置指向所给文字。"""
    from nlp.pipeline import split_file

    _run_lines(split_file, file, out)


@themes.command("tag")
def tag(
    file: Annotated[Path, typer.Argument(help='每行一个 JSON：{"id", "role", "text"}。')],
    out: Annotated[Path, typer.Option("--out", "-o", help="写出的 JSONL。")],
    model: Annotated[Path | None, typer.Option(help="主题模型文件夹。")] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="每个主题附上起作用的词及其位置、权重（evidence）。")
    ] = False,
) -> None:
    """给问题与措施标主题，附概率，把握不足的标为存疑。"""
    from nlp.pipeline import tag_file

    _run_lines(lambda a, b: tag_file(a, b, model=model, explain=explain), file, out)


def _run_lines(function, file: Path, out: Path) -> None:  # type: ignore[no-untyped-def]
    try:
        count = function(file, out)
    except (OSError, ValueError) as error:
        raise _fail(str(error), 2) from error
    typer.echo(f"写出 {count} 行：{out}", err=True)
