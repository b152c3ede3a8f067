"""``nianbao themes …``: evaluate, hand out coding sheets, compare them, train, sum up."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

# Commands import what they run inside themselves: --help need not wait for scikit-learn.

JsonFlag = Annotated[bool, typer.Option("--json", help="输出 JSON，供程序使用。")]
CodebookOption = Annotated[
    Path | None, typer.Option("--codebook", help="主题编码表（TOML），缺省为随附的。")
]
SeedOption = Annotated[int, typer.Option("--seed", help="随机种子；同样的输入和种子结果相同。")]
ModelOption = Annotated[Path | None, typer.Option("--model", help="主题模型文件夹，缺省为随附的。")]

_SHOWN = 40


def add_commands(app: typer.Typer) -> None:
    """Add the commands to the group ``nianbao themes``."""
    app.command("evaluate")(evaluate)
    app.command("sheet")(sheet)
    app.command("agree")(agree)
    app.command("train")(train)
    app.command("suspects")(suspects)
    app.command("summary")(summary)


def evaluate(
    labels: Annotated[Path, typer.Argument(help="标注：CSV、填好的编码表（xlsx）或 JSONL。")],
    model: ModelOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="放评价报告（Markdown 与 JSON）的文件夹。")
    ] = None,
    codebook: CodebookOption = None,
    folds: Annotated[int, typer.Option("--folds", min=2, help="交叉验证的折数。")] = 5,
    cv: Annotated[
        bool | None,
        typer.Option(
            "--cv/--no-cv", help="是否交叉验证；缺省时，标注就是模型的训练标注才交叉验证。"
        ),
    ] = None,
    seed: SeedOption = 0,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=0, help="进程数；0 为全部核。")] = 0,
    as_json: JsonFlag = False,
) -> None:
    """评价主题标注：各主题的精确率、召回率、F1 与区间，连同对照、混淆、校准和泄漏对比。"""
    from nlp.pipeline.coding import evaluate_labels

    result = _run(
        lambda: evaluate_labels(
            labels,
            model=model,
            out=out,
            codebook=codebook,
            seed=seed,
            folds=folds,
            cross_validate=cv,
            jobs=jobs or os.cpu_count() or 1,
        )
    )
    if as_json:
        sys.stdout.write(json.dumps(result, ensure_ascii=False, sort_keys=True) + "\n")
        return
    _show_evaluation(result, Console())
    if out is not None:
        typer.echo(f"评价报告：{out / 'evaluation.md'}", err=True)


def sheet(
    result: Annotated[Path, typer.Argument(help="nianbao build 的结果文件夹。")],
    out: Annotated[Path, typer.Option("--out", "-o", help="写出的编码表（.xlsx）。")],
    size: Annotated[int, typer.Option("--size", "-n", min=1, help="至多多少条陈述。")] = 200,
    coders: Annotated[
        int, typer.Option("--coders", min=1, max=2, help="编码员人数；2 则写出 _A、_B 两份。")
    ] = 1,
    codebook: CodebookOption = None,
    seed: SeedOption = 0,
) -> None:
    """从结果中选出最值得人工编码的陈述，写成带下拉列表的编码表。"""
    from nlp.pipeline.coding import write_sheet

    written = _run(
        lambda: write_sheet(result, out, size=size, coders=coders, seed=seed, codebook=codebook)
    )
    for path in written:
        typer.echo(f"编码表：{path}", err=True)


def agree(
    first: Annotated[Path, typer.Argument(help="编码员一填好的编码表。")],
    second: Annotated[Path, typer.Argument(help="编码员二填好的编码表。")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="写出一致性、争议与待裁定的编码表（.xlsx）。")
    ] = None,
    codebook: CodebookOption = None,
    as_json: JsonFlag = False,
) -> None:
    """比较两人的编码：一致率、Cohen κ、Krippendorff α，列出争议。"""
    from nlp.pipeline.coding import agree_sheets

    agreement = _run(lambda: agree_sheets(first, second, out=out, codebook=codebook))
    if as_json:
        sys.stdout.write(json.dumps(agreement.to_json(), ensure_ascii=False) + "\n")
        return
    console = Console()
    table = Table(title=f"两人都编了 {agreement.count} 条", title_justify="left")
    names = _theme_names(codebook)
    for heading in ("编码", "甲", "乙", "一致率", "κ", "α", "说明"):
        table.add_column(heading, justify="left" if heading in ("编码", "说明") else "right")
    for m in agreement.measures:
        table.add_row(
            names.get(m.code, m.code),
            "" if m.first is None else str(m.first),
            "" if m.second is None else str(m.second),
            f"{m.percent:.1%}",
            _n(m.kappa),
            _n(m.alpha),
            m.reason,
        )
    console.print(table)
    console.print(f"争议 {len(agreement.disputes)} 条；只有一人编了的 {agreement.one_sided} 条未计")
    if out is not None:
        typer.echo(f"争议与待裁定的编码表：{out}", err=True)


def train(
    labels: Annotated[
        list[Path] | None, typer.Argument(help="标注：CSV、填好的编码表（xlsx）或 JSONL。")
    ] = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="放模型的文件夹。")] = Path("model"),
    codebook: CodebookOption = None,
    with_shipped: Annotated[
        bool, typer.Option("--with-shipped", help="与随附的标注合在一起训练。")
    ] = False,
    seed: SeedOption = 0,
) -> None:
    """用自己的标注（可与随附的合用）训练主题模型；改编码手册即可用自己的主题。"""
    from nlp.pipeline.coding import train_model

    model = _run(
        lambda: train_model(
            labels or [], out, with_shipped=with_shipped, codebook=codebook, seed=seed
        )
    )
    check: Any = model.card["cross_validation"]
    typer.echo(
        f"用 {model.card['labels']} 条标注训练；分组交叉验证宏平均 F1 {check['macro_f1']:.3f}。"
        f"模型：{out}（用 --model 指定）",
        err=True,
    )


def suspects(
    labels: Annotated[Path, typer.Argument(help="标注：CSV、填好的编码表（xlsx）或 JSONL。")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="写出的文件（.csv、.xlsx 或 .json）。")
    ] = None,
    codebook: CodebookOption = None,
    folds: Annotated[int, typer.Option("--folds", min=2, help="交叉验证的折数。")] = 5,
    seed: SeedOption = 0,
    as_json: JsonFlag = False,
) -> None:
    """找出多半标错的标注，供人重看；需要附加组件 labels（cleanlab）。"""
    from nlp.pipeline.coding import list_suspects

    found = _run(lambda: list_suspects(labels, out, codebook=codebook, seed=seed, folds=folds))
    if as_json:
        rows = found.to_dict("records")
        sys.stdout.write(json.dumps(rows, ensure_ascii=False) + "\n")
        return
    if out is not None:
        typer.echo(f"可疑标注 {len(found)} 条：{out}", err=True)
        return
    table = Table(title=f"可疑标注 {len(found)} 条，最可疑的在前", title_justify="left")
    for heading in ("编号", "已标", "或许漏标", "或许错标", "陈述"):
        table.add_column(heading)
    for row in found.head(_SHOWN).to_dict("records"):
        keys = ("id", "themes", "perhaps_missing", "perhaps_wrong", "text")
        table.add_row(*(escape(str(row[key])) for key in keys))
    console = Console()
    console.print(table)
    if len(found) > _SHOWN:
        console.print(f"这里只列前 {_SHOWN} 条，全部请用 -o 写出")


def summary(
    result: Annotated[Path, typer.Argument(help="nianbao build 的结果文件夹。")],
    out: Annotated[Path, typer.Option("--out", "-o", help="写出的 .docx、.xlsx 或 .html。")],
    codebook: CodebookOption = None,
) -> None:
    """汇总主题：占比与区间、有无对应措施、与上年相同的问题、典型陈述。"""
    from nlp.pipeline.theme_summary import summarise_result

    digest = _run(lambda: summarise_result(result, out, codebook=codebook))
    typer.echo(f"汇总 {digest.reports} 份报告、{digest.statements} 条陈述：{out}", err=True)


def _run(function: Any) -> Any:
    try:
        return function()
    except (OSError, ValueError, ImportError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error


def _theme_names(codebook: Path | None) -> dict[str, str]:
    from nlp.pipeline.coding import name_themes

    return {"primary": "主要主题", "unusable": "不是陈述", **name_themes(codebook)}


def _show_evaluation(result: dict[str, Any], console: Console) -> None:
    scores = result["scores"]
    way = "分组交叉验证" if result["mode"] == "grouped_cross_validation" else "新标注"
    table = Table(title=f"{result['labels']}：{result['count']} 条，{way}", title_justify="left")
    for heading in ("主题", "精确率", "召回率", "F1", "95% 区间", "条数"):
        table.add_column(heading, justify="left" if heading == "主题" else "right")
    for theme, part in scores["themes"].items():
        table.add_row(
            theme,
            _n(part["precision"]),
            _n(part["recall"]),
            _n(part["f1"]),
            _b(part["f1_bounds"]),
            str(part["support"]),
        )
    console.print(table)
    lines = Table("做法", "宏平均 F1", "95% 区间", "微平均 F1", "95% 区间")
    lines.add_row(
        "本模型",
        _n(scores["macro_f1"]),
        _b(scores["macro_f1_bounds"]),
        _n(scores["micro_f1"]),
        _b(scores["micro_f1_bounds"]),
    )
    others = {
        "只用线索词典": result["baselines"]["cues"],
        "一律标最常见主题": result["baselines"]["most_frequent"],
        "随机分折（有泄漏）": result.get("naive_split"),
    }
    for name, part in others.items():
        if part is not None:
            lines.add_row(name, _n(part["macro_f1"]), "", _n(part["micro_f1"]), "")
    console.print(lines)
    share, calibration = result["abstention"], result["calibration"]
    console.print(
        f"ECE {_n(calibration['ece'])}；存疑 {share['share']:.1%}，"
        f"其余的宏平均 F1 {_n(share['macro_f1_sure'])}；"
        f"主要主题一致率 {result['primary_accuracy']:.1%}"
    )


def _n(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"


def _b(bounds: list[float] | None) -> str:
    return "—" if bounds is None else f"{bounds[0]:.3f}–{bounds[1]:.3f}"
