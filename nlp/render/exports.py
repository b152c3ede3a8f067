"""Tables → files of other programs, each with its labels, the manifest and how to cite it."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from nlp.documents import Column, FrameSpec
from nlp.render.citation import list_manifest, write_citation
from nlp.render.export_database import write_database
from nlp.render.export_statistics import write_spss, write_stata
from nlp.render.workbook import Tables, list_fields, write_csv, write_workbook

FORMATS = ("xlsx", "csv", "parquet", "dta", "sav", "duckdb")
_FIELD_KEYS = ("table", "table_title", "field", "label", "kind", "required", "meaning")
_FIELD_LABELS = ("表", "表名", "字段", "中文名", "类型", "必有", "含义")


def export_tables(
    tables: Tables, manifest: Mapping[str, Any], out: Path | str, kind: str
) -> tuple[Path, ...]:
    """Write tables into a folder in the format of another program.

    Parameters
    ----------
    tables : sequence of (FrameSpec, DataFrame)
        Each with the list of its columns.
    manifest : mapping
        The manifest of the result.
    out : Path or str
        A folder; made if it is not there.  Files of the same names are replaced, each whole.
    kind : {"xlsx", "csv", "parquet", "dta", "sav", "duckdb"}
        xlsx and duckdb give one file, the others one a table.  All but xlsx have two tables
        more: ``about`` (citation and manifest) and ``fields`` (what each column is); xlsx has
        them as sheets.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    ValueError
        If the format is not known.
    ImportError
        If the library for the format is not installed; says what to install.
    """
    if kind not in FORMATS:
        raise ValueError(f"没有 {kind} 这种格式；应为 {'、'.join(FORMATS)} 之一")
    out = Path(out)
    if out.exists() and not out.is_dir():
        raise FileExistsError(f"{out} 是文件；-o 应为文件夹")
    out.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=".export-", dir=out))
    try:
        _write(tables, manifest, making, kind)
        written = []
        for path in sorted(p for p in making.iterdir() if p.is_file()):
            path.replace(out / path.name)
            written.append(out / path.name)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return tuple(written)


def _write(tables: Tables, manifest: Mapping[str, Any], folder: Path, kind: str) -> None:
    if kind == "xlsx":
        write_workbook({}, manifest, folder / "nianbao.xlsx", more=tables)
        return
    described = [*tables, describe_result(manifest), describe_fields(tables)]
    if kind == "csv":
        write_csv({}, folder, more=described)
        text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True, default=str)
        (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")
    elif kind == "parquet":
        for spec, frame in described:
            _write_parquet(spec, frame, manifest, folder / f"{spec.key}.parquet")
    elif kind == "dta":
        for spec, frame in described:
            write_stata(spec, frame, manifest, folder / f"{spec.key}.dta")
    elif kind == "sav":
        for spec, frame in described:
            write_spss(spec, frame, manifest, folder / f"{spec.key}.sav")
    else:
        write_database(described, manifest, folder / "nianbao.duckdb")


def describe_result(manifest: Mapping[str, Any]) -> tuple[FrameSpec, pd.DataFrame]:
    """Give the table ``about``: how to cite the result, and its manifest, a row an entry."""
    spec = FrameSpec(
        "about",
        "说明与引用",
        "一行是清单的一项；第一行是引用格式",
        (
            Column("item", "text", "项目", "清单的项目", True),
            Column("content", "text", "内容", "项目的内容"),
        ),
    )
    rows = [("引用格式", write_citation(manifest)), *list_manifest(manifest)]
    return spec, pd.DataFrame(rows, columns=["item", "content"]).astype("string")


def describe_fields(tables: Tables) -> tuple[FrameSpec, pd.DataFrame]:
    """Give the table ``fields``: what each column of each table is."""
    columns = tuple(
        Column(key, "text", label, label)
        for key, label in zip(_FIELD_KEYS, _FIELD_LABELS, strict=True)
    )
    rows = list_fields([spec for spec, _ in tables])
    frame = pd.DataFrame(rows, columns=list(_FIELD_KEYS)).astype("string")
    return FrameSpec("fields", "字段说明", "一行是一个字段", columns), frame


def _write_parquet(
    spec: FrameSpec, frame: pd.DataFrame, manifest: Mapping[str, Any], path: Path
) -> None:
    table = pa.Table.from_pandas(frame[[c.key for c in spec.columns]], preserve_index=False)
    fields = [
        table.schema.field(c.key).with_metadata({"label": c.label, "meaning": c.meaning})
        for c in spec.columns
    ]
    about = {
        "title": spec.title,
        "row_is": spec.row_is,
        "citation": write_citation(manifest),
        "manifest": json.dumps(manifest, ensure_ascii=False, sort_keys=True, default=str),
    }
    kept = table.schema.metadata or {}
    schema = pa.schema(fields, metadata={**kept, **{k: v.encode() for k, v in about.items()}})
    pq.write_table(table.cast(schema), path)
