"""Commands about wording that is used again."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from nlp.cli.show_reuse import show_hits, show_reuse, show_sides


def add_commands(app: typer.Typer) -> None:
    """Add ``reuse pairs``, ``find``, ``compare`` and ``report`` to the command."""
    reuse = typer.Typer(help="文字的沿用与雷同。", no_args_is_help=True)
    app.add_typer(reuse, name="reuse")

    @reuse.callback()
    def group() -> None:
        """文字的沿用与雷同。"""

    @reuse.command("pairs")
    def pairs(
        file: Annotated[
            Path, typer.Argument(help='每行一个 JSON：{"id", "text", "issuer", "year"}。')
        ],
        out: Annotated[Path, typer.Option("--out", "-o", help="写出的 JSONL。")],
    ) -> None:
        """找出一批文字里互相沿用的段落，给出两边的起止位置、相似度和改动方式。"""
        # The matching code is compiled on first use; other commands need not wait for it.
        from nlp.pipeline.reuse import pair_file

        try:
            count = pair_file(file, out)
        except (OSError, ValueError) as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(2) from error
        typer.echo(f"写出 {count} 行：{out}", err=True)

    @reuse.command("find")
    def find(
        text: Annotated[str, typer.Argument(help="要找的文字，或存有文字的文件（UTF-8）。")],
        result: Annotated[Path, typer.Argument(help="build 写出的结果文件夹。")],
        least: Annotated[float, typer.Option("--least", help="相似度下限，0—1。")] = 0.7,
        limit: Annotated[
            int, typer.Option("--limit", "-n", min=0, help="最多几处；0 为全部。")
        ] = 0,
        out: Annotated[Path | None, typer.Option("--out", "-o", help="另写 CSV。")] = None,
        as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。")] = False,
    ) -> None:
        """一段文字在哪些报告里出现，哪里改了；规定用语和套话也照样找。"""
        from nlp.pipeline.reuse.ask import find_in_result, write_hits

        try:
            query = _read_query(text)
            hits = find_in_result(query, result, least=least, limit=limit or None)
            if out is not None:
                write_hits(hits, out)
        except (OSError, ValueError) as error:
            raise _fail(str(error), 2) from error
        if as_json:
            sys.stdout.write(json.dumps(hits, ensure_ascii=False) + "\n")
        elif hits:
            show_hits(hits, Console())
        if not hits:
            raise _fail("没有找到；可以把 --least 调低，或只找其中一句", 1)

    @reuse.command("compare")
    def compare(
        a: Annotated[Path, typer.Argument(help="一份报告。")],
        b: Annotated[Path, typer.Argument(help="另一份报告。")],
        out: Annotated[Path | None, typer.Option("--out", "-o", help="另写 HTML。")] = None,
        as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。")] = False,
    ) -> None:
        """两份报告并排，列出规定用语和套话以外的共同文字，标出改动。"""
        from nlp.documents import ReadError
        from nlp.pipeline.reuse.ask import compare_reports

        try:
            found = compare_reports(a, b, out)
        except ReadError as error:
            raise _fail(str(error), 1) from error
        except OSError as error:
            raise _fail(f"{error.filename or a}：打不开（{error.strerror or error}）", 2) from error
        if as_json:
            sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
        else:
            show_sides(found, Console())
        if out is not None:
            typer.echo(f"写出 {out}", err=True)

    @reuse.command("report")
    def report(
        result: Annotated[Path, typer.Argument(help="build 写出的结果文件夹。")],
        out: Annotated[Path, typer.Option("--out", "-o", help="放结果的文件夹。")],
    ) -> None:
        """谁用了谁的话：文字构成、文段家族、机关之间、残留，写出网页、工作簿和数据表。"""
        from nlp.pipeline.reuse.publish import report_reuse

        try:
            frames = report_reuse(result, out).frames
        except (OSError, ValueError) as error:
            raise _fail(str(error), 2) from error
        if frames["reuse_shares"].empty:
            raise _fail("结果里没有报告", 1)
        show_reuse(frames, str(out), Console())


def _read_query(text: str) -> str:
    """Take the argument for a file if there is one of that name."""
    try:
        is_file = Path(text).is_file()
    except (OSError, ValueError):  # too long, or no name at all
        is_file = False
    if not is_file:
        return text
    try:
        return Path(text).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{text} 不是 UTF-8 文本；请另存为 UTF-8 后再试") from None


def _fail(message: str, code: int) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(code)
