"""The coding round of researchers: sheets out, sheets compared, a model trained, judged."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from nlp.library import load_result
from nlp.pipeline.explore import save_table
from nlp.render.coding_sheet import Guide, SheetTheme, write_coding_sheet
from nlp.resources import find_resource
from nlp.themes import (
    Codebook,
    LabelError,
    ThemeModel,
    load_codebook,
    load_labels,
    load_model,
    save_model,
    train_themes,
)
from nlp.themes.agreement import Agreement, compare_codings
from nlp.themes.assess import FOLDS, evaluate_themes
from nlp.themes.card import write_card
from nlp.themes.coded import read_coded
from nlp.themes.labels import Label, hash_labels
from nlp.themes.report import format_evaluation
from nlp.themes.sheet import SIZE, choose_statements
from nlp.themes.sources import LabelSet, join_labels, read_labels
from nlp.themes.suspects import find_suspects

_COMMAND = re.compile(r"^python -m nlp\.themes .*$", re.MULTILINE)
_OWN_LIMITS = (
    "- 这是用自己的标注训练的模型；上表是在这些标注上的交叉验证，"
    "同一措辞不跨折，但同一机关可能跨折。",
    "- 用于别的机关、年代之前，请用没有参加训练的标注评价（nianbao themes evaluate）。",
    "- 编码表按模型把握大小选条，不是随机样本，不能用来估计主题占比。",
)
SHIPPED_LABELS = "corpus/labels/statements.csv"


def write_sheet(
    result: Path | str,
    out: Path | str,
    *,
    size: int = SIZE,
    coders: int = 1,
    seed: int = 0,
    codebook: Path | str | None = None,
) -> tuple[Path, ...]:
    """Write coding sheets from a result.

    Parameters
    ----------
    result : Path or str
        Folder that ``build`` wrote.
    out : Path or str
        The xlsx to write; for two coders its name gets ``_A`` and ``_B``.
    size : int
        Statements at most.
    coders : {1, 2}
        Two coders get the same statements, the second in another (seeded) order, so that
        weariness does not fall on the same ones.
    seed : int
        Of the choice between equals and of the second order.
    codebook : Path or str, optional
        Themes of the sheet; default the ones that ship.

    Returns
    -------
    tuple of Path
        The files written; the same input gives the same bytes.

    Raises
    ------
    ValueError
        If the result has no statements, or a number is out of range.
    """
    if coders not in (1, 2):
        raise ValueError(f"--coders 应为 1 或 2，实为 {coders}")
    target = _check_name(Path(out), ".xlsx")
    frames, _ = load_result(result)
    book = load_codebook(codebook)
    rows = choose_statements(frames, size=size, seed=seed)
    if coders == 1:
        _refuse_filled(target, book)
        _write_sheet_file(target, rows, make_guide(book))
        return (target,)
    shuffled = rows.sample(frac=1, random_state=seed + 1).reset_index(drop=True)
    targets = tuple(target.with_name(f"{target.stem}_{c}{target.suffix}") for c in "AB")
    for path in targets:
        _refuse_filled(path, book)
    for path, part, coder in zip(targets, (rows, shuffled), "AB", strict=True):
        guide = make_guide(book, (f"这是编码员 {coder} 的编码表；两份表的陈述相同，次序不同。",))
        _write_sheet_file(path, part, guide)
    return targets


def agree_sheets(
    first: Path | str,
    second: Path | str,
    *,
    out: Path | str | None = None,
    codebook: Path | str | None = None,
) -> Agreement:
    """Compare two coders' sheets.

    Parameters
    ----------
    first, second : Path or str
        Filled sheets of the same statements.
    out : Path or str, optional
        An xlsx with the agreement per theme, the disputes, and a coding sheet where what
        both agree on is filled in and the disputes wait (first) to be settled; ``train``
        takes it when they are.
    codebook : Path or str, optional
        The codebook that the sheets were made with.

    Raises
    ------
    LabelError
        If a sheet cannot be read, or the two have too little in common.
    """
    book = load_codebook(codebook)
    names = (Path(first).name, Path(second).name)
    agreement = compare_codings(
        read_coded(first, book), read_coded(second, book), book, names=names
    )
    if out is not None:
        target = _check_name(Path(out), ".xlsx")
        tables = {"一致性": agreement.to_table(book), "争议": agreement.list_disputes(book)}
        remarks = (
            "本表由两份编码表合成：一致的已填好，争议排在最前，备注里是两人的编码。"
            "裁定后填好黄色格子，即可用 nianbao themes train 训练；没有裁定的不参加训练。",
        )
        guide = make_guide(book, remarks)
        _write_sheet_file(target, agreement.settled, guide, tables)
    return agreement


def train_model(
    labels: Sequence[Path | str],
    out: Path | str,
    *,
    with_shipped: bool = False,
    codebook: Path | str | None = None,
    seed: int = 0,
    folds: int = FOLDS,
) -> ThemeModel:
    """Train a theme model on one's own labels, the shipped ones, or both; and save it.

    Parameters
    ----------
    labels : sequence of Path or str
        CSV, filled coding sheets (xlsx) or JSONL; see ``read_labels``.
    out : Path or str
        Folder of the model; it gets ``themes.skops``, ``card.json`` and ``card.md``.
    with_shipped : bool
        Add the labels that ship; their themes must all be in the codebook.
    codebook : Path or str, optional
        Own themes; default the ones that ship.
    seed : int
        The same labels, codebook, seed and folds give the same bytes.
    folds : int
        Of the cross-validation that sets thresholds and calibration; fewer are faster.

    Raises
    ------
    LabelError
        If labels cannot be read, or are too few for the themes of the codebook.
    """
    book = load_codebook(codebook)
    sets = [_load_shipped(book)] if with_shipped else []
    sets += [read_labels(path, book) for path in labels]
    if not sets:
        raise LabelError("没有标注：请给出标注文件，或加上 --with-shipped")
    joined = join_labels(sets)
    _check_enough(joined, book)
    model = train_themes(joined, book, seed, folds=folds)
    sources = [
        {"name": s.name, "labels": len(s.labels), "labels_sha256": hash_labels(s.labels)}
        for s in sets
    ]
    model = replace(model, card={**model.card, "sources": sources})
    save_model(model, out)
    _describe_own(write_card(out, book), sets, codebook)
    return load_model(out)


def evaluate_labels(
    labels: Path | str,
    *,
    model: Path | str | None = None,
    out: Path | str | None = None,
    codebook: Path | str | None = None,
    seed: int = 0,
    folds: int = FOLDS,
    cross_validate: bool | None = None,
    jobs: int = 1,
) -> dict[str, Any]:
    """Evaluate a model on labels; see ``nlp.themes.assess.evaluate_themes``.

    With ``out``, a folder, the result is written there as ``evaluation.json`` and
    ``evaluation.md``.
    """
    book = load_codebook(codebook)
    found = read_labels(labels, book)
    tagger = load_model(model)
    result = evaluate_themes(
        found,
        book,
        tagger,
        seed=seed,
        folds=folds,
        cross_validate=cross_validate,
        trained_on=_find_training(tagger, book),
        jobs=jobs,
    )
    if out is not None:
        folder = Path(out)
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(result, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        (folder / "evaluation.json").write_bytes(text.encode())
        (folder / "evaluation.md").write_bytes(format_evaluation(result, book).encode())
    return result


def list_suspects(
    labels: Path | str,
    out: Path | str | None = None,
    *,
    codebook: Path | str | None = None,
    seed: int = 0,
    folds: int = FOLDS,
) -> pd.DataFrame:
    """List the labels that are probably wrong; see ``nlp.themes.suspects.find_suspects``.

    With ``out`` (.csv, .xlsx or .json) the list is written there.
    """
    book = load_codebook(codebook)
    table = find_suspects(read_labels(labels, book), book, seed=seed, folds=folds)
    if out is not None:
        save_table(table, out, title="可疑标注")
    return table


def make_guide(codebook: Codebook, remarks: Sequence[str] = ()) -> Guide:
    """Make the guide of a coding sheet from a codebook."""
    return Guide(
        title=codebook.title,
        unit=codebook.unit,
        themes=[
            SheetTheme(t.id, t.name, t.definition, t.code_when, t.do_not_code_when)
            for t in codebook.themes
        ],
        rules=codebook.rules,
        remarks=tuple(remarks),
    )


def name_themes(codebook: Path | str | None = None) -> dict[str, str]:
    """Give the Chinese names of the themes by id, in the codebook's order."""
    return {theme.id: theme.name for theme in load_codebook(codebook).themes}


def _describe_own(card: Path, sets: Sequence[LabelSet], codebook: Path | str | None) -> None:
    """Put the true command and limits into the card, which is written for the shipped model."""
    words = ["nianbao themes train", *(part.name for part in sets if part.name != SHIPPED_LABELS)]
    words += ["--with-shipped"] * any(part.name == SHIPPED_LABELS for part in sets)
    words += [f"--codebook {Path(codebook).name}"] if codebook is not None else []
    text = card.read_text(encoding="utf-8").partition("## 限度")[0]
    text = _COMMAND.sub(lambda _: " ".join([*words, "-o", card.parent.name]), text)
    lines = [f"- {part.name}：{len(part.labels)} 条" for part in sets]
    own = ["## 限度", "", *_OWN_LIMITS, "", "## 标注来源", "", *lines, ""]
    card.write_bytes((text + "\n".join(own)).encode())


def _load_shipped(codebook: Codebook) -> LabelSet:
    try:
        file = find_resource(SHIPPED_LABELS)
    except FileNotFoundError:
        raise LabelError(
            "随附的标注只在源码目录里（corpus/labels）；请在源码目录中运行，或去掉 --with-shipped"
        ) from None
    try:
        labels = load_labels(file, codebook)
    except LabelError as error:
        raise LabelError(
            f"随附的标注与这份编码手册的主题不合，不能合用；请去掉 --with-shipped。{error}"
        ) from None
    return LabelSet("corpus/labels/statements.csv", labels, ("",) * len(labels))


def _find_training(model: ThemeModel, codebook: Codebook) -> Sequence[Label]:
    """Give the shipped labels where the model was trained on them and they are at hand."""
    try:
        shipped = _load_shipped(codebook).labels
    except LabelError:
        return ()
    digest = hash_labels(shipped)
    sources = model.card.get("sources")
    parts = sources if isinstance(sources, list) else []
    known = {model.card.get("labels_sha256")}
    known |= {part.get("labels_sha256") for part in parts if isinstance(part, Mapping)}
    return shipped if digest in known else ()


def _check_enough(labels: Sequence[Label], codebook: Codebook) -> None:
    lines = []
    for theme in codebook.themes:
        families = {label.family for label in labels if theme.id in label.themes}
        if len(families) < _LEAST:
            lines.append(f"“{theme.name}”（{theme.id}）{len(families)} 种措辞")
    if lines:
        raise LabelError(
            f"每个主题至少要有 {_LEAST} 种不同措辞的标注，这些还不够：{'；'.join(lines)}。"
            "请补标，或加上 --with-shipped 与随附标注合用，或从编码手册中去掉这些主题"
        )


# Wordings a theme; with fewer, folds without the theme cannot be avoided.
_LEAST = 2


def _check_name(path: Path, suffix: str) -> Path:
    if path.suffix.lower() != suffix:
        raise ValueError(f"输出文件应以 {suffix} 结尾，实为 {path.name}")
    return path


def _refuse_filled(path: Path, codebook: Codebook) -> None:
    """Never write over a sheet in which somebody has coded something."""
    if not path.exists():
        return
    try:
        empty = not any(
            row.themes or row.unusable or row.note for row in read_coded(path, codebook)
        )
    except LabelError:
        empty = False
    if not empty:
        raise ValueError(f"{path.name} 已存在，里面可能有填好的编码；请另选文件名，或先移走它")


def _write_sheet_file(
    path: Path, rows: pd.DataFrame, guide: Guide, tables: Mapping[str, pd.DataFrame] | None = None
) -> None:
    _write_whole(path, lambda target: write_coding_sheet(rows, guide, target, tables=tables))


def _write_whole(path: Path, write: Any) -> None:
    """Write beside the target first: a sheet half filled in is not to be lost to a failure."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    try:
        write(Path(name))
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
