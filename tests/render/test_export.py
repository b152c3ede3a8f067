"""Exports are opened again by independent readers: same values, labels intact, nothing run."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pyreadstat
import pytest

from nlp.documents import FRAMES
from nlp.render.citation import write_citation
from nlp.render.export_statistics import list_codes, make_names
from nlp.render.exports import FORMATS, export_tables
from tests.render.sample_frames import make_sample

HOSTILE = '=HYPERLINK("http://x","点")'
MANIFEST: dict[str, Any] = {"version": "9.9", "counts": {"reports": 6}, "inputs": ["甲'乙.pdf"]}
# Frames with all kinds of columns, among them codes, flags, long and empty texts.
USED = ("reports", "cells", "checks", "statements", "themes", "indicators", "findings", "skipped")


@pytest.fixture(scope="module")
def frames() -> dict[str, pd.DataFrame]:
    made = make_sample(6, hostile=HOSTILE)
    made["reports"].loc[0, "title"] = "=1+1"
    made["reports"].loc[1, "text"] = "长文" * 20_000
    made["reports"].loc[2, "title"] = "零\0字节"
    return {name: made[name] for name in USED}


@pytest.fixture(scope="module")
def written(
    frames: dict[str, pd.DataFrame], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    folders = {}
    tables = [(FRAMES[name], frame) for name, frame in frames.items()]
    for kind in FORMATS:
        folders[kind] = tmp_path_factory.mktemp(kind)
        assert export_tables(tables, MANIFEST, folders[kind], kind)
    return folders


def expected(column: Any, series: pd.Series, *, cut: int | None = None) -> list[Any]:
    """What a statistics program should hold: codes and flags as numbers, no missing texts."""
    codes = list_codes(column.key) if column.kind == "text" else {}
    values: list[Any] = []
    for value in series:
        missing = value is None or pd.isna(value)
        if codes and set(series.dropna()) <= set(codes):
            values.append(None if missing else float(codes[value]))
        elif column.kind == "text":
            text = "" if missing else str(value).replace("\0", "\ufffd")
            values.append(text if cut is None else text.encode()[:cut].decode("utf-8", "ignore"))
        else:
            values.append(None if missing else float(value))
    return values


def found(series: pd.Series) -> list[Any]:
    return [None if isinstance(v, float) and pd.isna(v) else v for v in series.tolist()]


@pytest.mark.parametrize("name", USED)
def test_stata_gives_the_values_and_labels_back(
    name: str, frames: dict[str, pd.DataFrame], written: dict[str, Path]
) -> None:
    path = written["dta"] / f"{name}.dta"
    data = pd.read_stata(path, convert_categoricals=False)
    spec = FRAMES[name]
    names = make_names([c.key for c in spec.columns])
    with pd.io.stata.StataReader(path) as reader:
        labels = reader.variable_labels()
        values = reader.value_labels()
        assert reader.data_label == write_citation(MANIFEST)[:80]
    for column in spec.columns:
        key = names[column.key]
        assert labels[key] == column.label
        assert found(data[key]) == expected(column, frames[name][column.key]), column.key
    if name == "statements":
        assert values["role"] == {1: "问题", 2: "措施"}


@pytest.mark.parametrize("name", USED)
def test_spss_gives_the_values_and_labels_back(
    name: str, frames: dict[str, pd.DataFrame], written: dict[str, Path]
) -> None:
    data, about = pyreadstat.read_sav(str(written["sav"] / f"{name}.sav"))
    spec = FRAMES[name]
    names = make_names([c.key for c in spec.columns])
    assert about.column_names_to_labels == {names[c.key]: c.label for c in spec.columns}
    # Notes are lines of 80 bytes, whose blanks at the end are not kept.
    notes = "".join(about.notes).replace(" ", "")
    assert notes.startswith(write_citation(MANIFEST).replace(" ", ""))
    for column in spec.columns:
        if column.key == "text" and name == "reports":
            texts = data["text"].tolist()
            assert texts[1].endswith("……〔已截短，全文见 Parquet 表〕")
            assert "长文" * 1000 in texts[1]
            continue
        wanted = expected(column, frames[name][column.key])
        # SPSS keeps texts at a fixed width and takes blanks at the end for filling.
        wanted = [w.rstrip(" ") if isinstance(w, str) else w for w in wanted]
        assert found(data[names[column.key]]) == wanted, column.key
    if name == "reports":
        assert about.variable_value_labels["level"][4.0] == "县级"


def test_statistics_files_are_the_same_bytes_again(
    frames: dict[str, pd.DataFrame], written: dict[str, Path], tmp_path: Path
) -> None:
    tables = [(FRAMES[name], frame) for name, frame in frames.items()]
    for kind in ("dta", "sav", "parquet", "csv", "xlsx"):
        for path in export_tables(tables, MANIFEST, tmp_path / kind, kind):
            assert path.read_bytes() == (written[kind] / path.name).read_bytes(), path.name


def test_duckdb_has_the_frames_views_and_comments(
    frames: dict[str, pd.DataFrame], written: dict[str, Path]
) -> None:
    with duckdb.connect(str(written["duckdb"] / "nianbao.duckdb"), read_only=True) as base:
        for name, frame in frames.items():
            rows = base.execute(f'SELECT * FROM "{name}"').fetchall()
            wanted = [
                tuple(None if pd.isna(v) else v for v in row)
                for row in frame.itertuples(index=False, name=None)
            ]
            assert rows == wanted, name
        (wrong,) = base.execute("SELECT count(*) FROM printed_errors").fetchone() or (None,)
        checks = frames["checks"]
        assert wrong == ((checks["result"] == "fail") & (checks["doubt"] == "theirs")).sum() > 0
        views = base.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
        for (view,) in views:
            base.execute(f"SELECT * FROM {view} LIMIT 3").fetchall()
        assert len(views) == 6
        comment = base.execute(
            "SELECT comment FROM duckdb_columns()"
            " WHERE table_name = 'cells' AND column_name = 'raw'"
        ).fetchone()
        assert comment == ("原文：单元格里印的字",)
        about = dict(base.execute("SELECT item, content FROM about").fetchall())
    assert about["引用格式"] == write_citation(MANIFEST)
    assert about["输入文件 · 1"] == "甲'乙.pdf"


def test_parquet_columns_carry_their_labels(
    frames: dict[str, pd.DataFrame], written: dict[str, Path]
) -> None:
    for name, frame in frames.items():
        table = pq.read_table(written["parquet"] / f"{name}.parquet")
        pd.testing.assert_frame_equal(table.to_pandas(), frame, check_dtype=False)
        for column in FRAMES[name].columns:
            assert table.schema.field(column.key).metadata[b"label"].decode() == column.label
        assert json.loads(table.schema.metadata[b"manifest"]) == MANIFEST
        assert table.schema.metadata[b"citation"].decode() == write_citation(MANIFEST)


def test_spreadsheets_run_nothing_and_hold_the_values(
    frames: dict[str, pd.DataFrame], written: dict[str, Path]
) -> None:
    book = openpyxl.load_workbook(written["xlsx"] / "nianbao.xlsx")
    hostile = 0
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate)
                hostile += isinstance(cell.value, str) and cell.value.startswith("'=")
    assert hostile
    place = [c.value for c in book["报告"][2]].index("title")
    assert book["报告"][3][place].value == "'=1+1"
    shown = [c.value for c in book["说明与引用"]["B"] if c.value]
    assert write_citation(MANIFEST) in shown
    for path in written["csv"].glob("*.csv"):
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for line in csv.reader(stream):
                for cell in line:
                    plain = cell.lstrip("+-").replace(".", "", 1).replace("e-", "").isdigit()
                    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")) or plain, cell
    with (written["csv"] / "cells.csv").open(encoding="utf-8-sig", newline="") as stream:
        values = [row["value"] for row in csv.DictReader(stream)]
    wanted = frames["cells"]["value"]
    assert [float(v) if v else None for v in values] == [None if pd.isna(v) else v for v in wanted]
    assert json.loads((written["csv"] / "manifest.json").read_text(encoding="utf-8")) == MANIFEST


@pytest.mark.parametrize(
    ("keys", "names"),
    [
        (["year", "level"], ["year", "level"]),
        (["占比", "a b"], ["v1", "a_b"]),  # no letters; a blank
        (["if", "str5", "BY"], ["if_", "str5_", "BY_"]),  # words of Stata and SPSS
        (["x" * 40, "x" * 41], ["x" * 32, "x" * 30 + "_2"]),  # too long, and then the same
        (["Year", "year"], ["Year", "year_2"]),  # SPSS does not tell capitals apart
    ],
)
def test_names_fit_both_programs(keys: list[str], names: list[str]) -> None:
    assert list(make_names(keys).values()) == names


def test_an_unknown_format_and_a_file_as_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="应为 xlsx"):
        export_tables([], {}, tmp_path, "rds")
    (tmp_path / "文件").write_text("x", encoding="utf-8")
    with pytest.raises(FileExistsError, match="应为文件夹"):
        export_tables([], {}, tmp_path / "文件", "csv")


def test_a_failing_export_leaves_what_was_there(
    frames: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    tables = [(FRAMES["skipped"], frames["skipped"])]
    export_tables(tables, MANIFEST, tmp_path, "csv")
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    broken = [*tables, (FRAMES["cells"], frames["skipped"])]
    with pytest.raises(KeyError):
        export_tables(broken, MANIFEST, tmp_path, "csv")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before
