"""Commands about wording that is used again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def add_commands(app: typer.Typer) -> None:
    """Add ``reuse pairs`` to the command."""
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
