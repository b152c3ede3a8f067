"""Words of a result: a concordance, keyness, collocations, as tables on disk or in hand."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nlp.lexicon import (
    Units,
    compare_words,
    filter_units,
    find_collocations,
    find_kwic,
    find_pairs,
    gather_units,
)
from nlp.lexicon.words import Kind, match_condition
from nlp.library import load_result
from nlp.render.tables import write_table_csv, write_table_json, write_tables

HEADINGS = {
    "report_id": "报告编号", "issuer": "机关", "year": "年度", "section": "部分", "unit": "序号",
    "left": "左", "node": "词", "right": "右", "start": "起点", "end": "终点", "page": "页",
}  # fmt: skip


def load_units(result: Path | str, *, unit: str = "sentences", where: Sequence[str] = ()) -> Units:
    """Load the units of a result that meet the conditions; see ``nlp.lexicon``."""
    frames, _ = load_result(result)
    return filter_units(gather_units(frames, cast(Kind, unit)), where)


def list_kwic(
    word: str,
    result: Path | str,
    *,
    unit: str = "sentences",
    where: Sequence[str] = (),
    window: int = 8,
) -> pd.DataFrame:
    """List the places of a word in a result with their contexts."""
    return find_kwic(load_units(result, unit=unit, where=where), word, window=window)


def list_collocations(
    word: str,
    result: Path | str,
    *,
    unit: str = "sentences",
    where: Sequence[str] = (),
    window: int = 5,
    min_count: int = 3,
) -> pd.DataFrame:
    """List the collocates of a word in a result."""
    units = load_units(result, unit=unit, where=where)
    return find_collocations(units, word, window=window, min_count=min_count)


def list_pairs(
    result: Path | str,
    *,
    unit: str = "sentences",
    where: Sequence[str] = (),
    window: int = 1,
    min_count: int = 3,
) -> pd.DataFrame:
    """List the pairs of words of a result that stand together more often than chance."""
    units = load_units(result, unit=unit, where=where)
    return find_pairs(units, window=window, min_count=min_count)


def list_keyness(
    result: Path | str,
    target: Sequence[str],
    *,
    reference: Sequence[str] = (),
    unit: str = "sentences",
    where: Sequence[str] = (),
    min_count: int = 3,
    min_df: int = 1,
) -> pd.DataFrame:
    """Compare the words of the units that meet ``target`` with others.

    Parameters
    ----------
    result : Path or str
        Folder that ``build`` wrote.
    target : sequence of str
        Conditions of the target (all must hold), as ``filter_units`` takes them.
    reference : sequence of str
        Conditions of the reference; default all units that are not in the target.
    unit, where, min_count, min_df
        Unit of text, conditions on both groups, and the least counts.

    Raises
    ------
    ValueError
        If a condition is wrong, no target is given, or the groups share units.
    """
    if not target:
        raise ValueError("请用 --target 给出目标组的条件，例如 --target level=county")
    units = load_units(result, unit=unit, where=where)
    chosen = _match_all(units, target)
    others = _match_all(units, reference) if reference else ~chosen
    if (chosen & others).any():
        raise ValueError("目标组与参照组有相同的文字；请把两组条件写得互不重叠")
    return compare_words(units.keep(chosen), units.keep(others), min_count=min_count, min_df=min_df)


def save_table(table: pd.DataFrame, path: Path | str, *, title: str) -> None:
    """Write a table as .csv, .json or .xlsx, by the file's name; whole or not at all.

    Raises
    ------
    ValueError
        If the name ends otherwise.
    """
    target = Path(path)
    kind = target.suffix.lower()
    if kind not in (".csv", ".json", ".xlsx"):
        raise ValueError(f"输出文件应以 .csv、.json 或 .xlsx 结尾，实为 {target.name}")
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=kind, dir=target.parent)
    os.close(handle)
    try:
        if kind == ".csv":
            write_table_csv(table, name)
        elif kind == ".json":
            Path(name).write_bytes((write_table_json(table) + "\n").encode())
        else:
            write_tables({title: table}, name, title=title)
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def show_json(table: pd.DataFrame) -> str:
    """Give a table as one line of JSON, a list of objects."""
    return write_table_json(table)


def _match_all(units: Units, conditions: Sequence[str]) -> NDArray[np.bool_]:
    mask = match_condition(units, conditions[0])
    for condition in conditions[1:]:
        mask = mask & match_condition(units, condition)
    return mask
