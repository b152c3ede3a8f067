"""Parts of the reference that are written from the program itself, so that they never differ.

A page names a part in a comment of its own line, ``<!-- generated: frames -->``; the comment is
replaced by Markdown before the page is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from sphinx.application import Sphinx

_MARK = re.compile(r"^<!-- generated: ([a-z]+) -->$", re.M)
_FENCE = re.compile(r"(^```.*?^```$)", re.M | re.S)
_CHINESE = "\u3001-\u303f\u3400-\u9fff\uff01-\uff60\u2018-\u201d"
# A line break inside a Chinese sentence is no space.
_BREAK = re.compile(rf"(?<=[{_CHINESE}])\n(?=[{_CHINESE}])")
_KINDS = {"text": "文字", "integer": "整数", "number": "数", "flag": "是否"}


def escape(text: object) -> str:
    """Make a text safe inside a cell of a Markdown table."""
    plain = re.sub(r"\s+", " ", str(text)).strip()
    return re.sub(r"([\\|*_<>\[\]`$])", r"\\\1", plain)


def table(head: list[str], rows: list[list[object]]) -> list[str]:
    return [
        "| " + " | ".join(head) + " |",
        "|" + "---|" * len(head),
        *("| " + " | ".join(map(escape, row)) + " |" for row in rows),
        "",
    ]


def _list_specs(specs: Any) -> list[str]:
    lines = []
    for spec in specs:
        lines += [f"### {spec.title} `{spec.key}`", "", f"{escape(spec.row_is)}。", ""]
        lines += table(
            ["列", "中文名", "类型", "含义"],
            [[c.key, c.label, _KINDS[c.kind], c.meaning] for c in spec.columns],
        )
    return lines


def list_frames() -> list[str]:
    from nlp.documents import FRAMES

    return _list_specs(FRAMES.values())


def list_comparison() -> list[str]:
    from nlp.compare.tables import SPECS

    return _list_specs(SPECS.values())


def list_commands() -> list[str]:
    """Write every command with its arguments and options, as ``--help`` has them."""
    from typer.main import get_command

    from nlp.cli import app

    def walk(command: Any, name: str) -> Iterator[str]:
        inner = getattr(command, "commands", None)
        if inner:
            for key in sorted(inner):
                yield from walk(inner[key], f"{name} {key}")
            return
        arguments = [p for p in command.params if p.param_type_name == "argument"]
        options = [p for p in command.params if p.param_type_name == "option"]
        shown = " ".join(str(p.metavar or p.name).upper() for p in arguments)
        yield f"### `{name}`"
        yield ""
        yield escape(command.help or "")
        yield ""
        yield f"    {name} {shown} [选项]"
        yield ""
        rows: list[list[object]] = []
        for p in arguments:
            rows.append([str(p.name).upper(), "", getattr(p, "help", "") or ""])
        for p in options:
            if "--help" not in p.opts:
                flag = getattr(p, "is_flag", False)
                default = p.default if not callable(p.default) else None
                plain = default in (None, "", False, ()) or flag or p.required
                rows.append(
                    [
                        "、".join(p.opts) + ("（必给）" if p.required else ""),
                        "" if plain else default,
                        p.help or "",
                    ]
                )
        yield from table(["参数", "缺省", "作用"], rows)

    return list(walk(get_command(app), "nianbao"))


def list_form() -> list[str]:
    """Write the rows and columns of the statutory tables, by edition."""
    from nlp.form import load_form

    lines = []
    for edition in ("2021", "2019"):
        form = load_form(edition)  # type: ignore[arg-type]
        lines += [f"### {edition} 格式（{escape(form.name)}）", "", "表二：", ""]
        lines += table(
            ["条款", "行", "列"],
            [
                [
                    block.clause,
                    "、".join(r.no for r in block.rows),
                    "、".join(c.key for c in block.columns),
                ]
                for block in form.blocks
            ],
        )
        columns = "、".join(column.key for column in form.applicants)
        lines += [f"表三，每行七个数：{columns}。", ""]
        lines += table(
            ["行号", "行名", "总计格的键"],
            [[r.no, form.row_label("3", r.no), f"3|{r.no}|总计"] for r in form.requests],
        )
        groups = "、".join(f"{group.key}（{group.label}）" for group in form.review_groups)
        lines += [f"表四，一行十五个数：{escape(groups)}，各有{'、'.join(form.results)}。", ""]
    return lines


def list_checks() -> list[str]:
    from nlp.verify import load_rules

    return table(
        ["检查号", "规则", "公式", "程度", "出处"],
        [[r.id, r.name, r.formula, r.severity, r.source] for r in load_rules()],
    )


def list_indicators() -> list[str]:
    from nlp import compute_indicators

    found = compute_indicators([], edition="2021")
    return table(
        ["指标号", "指标", "类别", "公式"], [[i.id, i.name, i.group, i.formula] for i in found]
    )


def list_themes() -> list[str]:
    from nlp import load_codebook

    return table(
        ["编号", "主题", "定义", "何时编码"],
        [[t.id, t.name, t.definition, t.code_when] for t in load_codebook().themes],
    )


PARTS: dict[str, Callable[[], list[str]]] = {
    "frames": list_frames,
    "comparison": list_comparison,
    "commands": list_commands,
    "form": list_form,
    "checks": list_checks,
    "indicators": list_indicators,
    "themes": list_themes,
}


def fill_in(app: Sphinx, page: str, source: list[str]) -> None:
    """Replace the comments that name a part (an unknown one stops the build); join lines."""
    text = _MARK.sub(lambda m: "\n".join(PARTS[m[1]]()), source[0])
    pieces = _FENCE.split(text)
    pieces[::2] = [_BREAK.sub("", piece) for piece in pieces[::2]]
    source[0] = "".join(pieces)


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("source-read", fill_in)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
