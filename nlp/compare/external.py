"""Tables from elsewhere (population, GDP) joined by region code and year."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from nlp.compare.tables import SPECS, make_table
from nlp.compare.wide import Wide
from nlp.documents import Column, FrameSpec

_REGION = ("region_code", "区划代码", "行政区划代码")
_YEAR = ("year", "年度", "年份")
# Names that mean the resident population, in persons; with one of these 每万人申请量 is computed.
_POPULATION = ("population", "常住人口", "常住人口（人）", "年末常住人口")
_PER_10K = "requests_per_10k"


@dataclass(frozen=True, slots=True)
class External:
    """A table from elsewhere: its file name, columns, and values by region code and year."""

    file: str
    columns: tuple[Column, ...]
    rows: dict[tuple[str, int], tuple[int, dict[str, float | None]]]


def read_external(path: Path | str) -> External:
    """Read a CSV of numbers by region and year.

    The file is UTF-8 with one header line: ``region_code`` (or 区划代码; six or nine digits, as
    text), ``year`` (or 年度), and any columns of numbers.  Names of columns may be Chinese.  A
    column ``population`` (or 常住人口, persons) also gives 每万人申请量.  A row a region and
    year; empty cells are missing values.

    Raises
    ------
    ValueError
        Names the line where something else stands.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "人口.csv"
    >>> _ = file.write_text("区划代码,年度,常住人口\\n990101,2023,412000\\n", encoding="utf-8")
    >>> read_external(file).rows
    {('990101', 2023): (2, {'population': 412000.0})}
    """
    path = Path(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            lines = list(csv.reader(stream))
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{path.name}：应为 UTF-8 编码的 CSV；请在 Excel 里另存为“CSV UTF-8”"
        ) from error
    header = [name.strip() for name in lines[0]] if lines else []
    region = next((n for n, h in enumerate(header) if h in _REGION), None)
    year = next((n for n, h in enumerate(header) if h in _YEAR), None)
    if region is None or year is None or len(header) < 3:
        raise ValueError(
            f"{path.name}：第 1 行应有 region_code（区划代码）、year（年度）和至少一列数；"
            f"实为 {header}"
        )
    wanted = {n: _name_column(h, n) for n, h in enumerate(header) if n not in (region, year)}
    keys = [c.key for c in wanted.values()]
    if len(set(keys)) < len(keys):
        raise ValueError(f"{path.name}：列名有重复：{header}")
    rows: dict[tuple[str, int], tuple[int, dict[str, float | None]]] = {}
    for number, line in enumerate(lines[1:], 2):
        if not any(map(str.strip, line)):
            continue
        if len(line) != len(header):
            raise ValueError(
                f"{path.name} 第 {number} 行：应有 {len(header)} 格；实有 {len(line)} 格"
            )
        code, when = line[region].strip(), line[year].strip()
        if not re.fullmatch(r"\d{6}|\d{9}|\d{12}", code):
            raise ValueError(
                f"{path.name} 第 {number} 行：区划代码应为 6 位或 9 位数字；实为 {code!r}"
            )
        if not re.fullmatch(r"(?:19|20)\d\d", when):
            raise ValueError(f"{path.name} 第 {number} 行：年度应为四位数；实为 {when!r}")
        key = (code, int(when))
        if key in rows:
            raise ValueError(
                f"{path.name} 第 {number} 行：{code} {when} 年与第 {rows[key][0]} 行重复"
            )
        values = {c.key: _number(line[n], path.name, number) for n, c in wanted.items()}
        rows[key] = (number, values)
    return External(path.name, tuple(wanted.values()), rows)


def _name_column(name: str, place: int) -> Column:
    if name in _POPULATION:
        return Column("population", "number", "常住人口", "外部数据：常住人口（人）")
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,24}", name)
    key = f"x_{name.lower()}" if plain else f"x_column_{place + 1}"
    return Column(key, "number", name or f"第 {place + 1} 列", f"外部数据：{name}")


def _number(text: str, file: str, line: int) -> float | None:
    plain = text.strip().replace(",", "").replace("，", "")
    if not plain:
        return None
    try:
        value = float(plain)
    except ValueError:
        raise ValueError(f"{file} 第 {line} 行：应为数或空；实为 {text!r}") from None
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError(f"{file} 第 {line} 行：应为数或空；实为 {text!r}")
    return value


def join_external(wide: Wide, external: External) -> tuple[Wide, pd.DataFrame]:
    """Join an external table to the wide table; give also what did not match.

    Returns
    -------
    tuple of Wide and DataFrame
        The wide table with the new columns (missing where nothing matched), and the table
        ``unmatched`` with a row for every report and every external row without a partner.
    """
    table = wide.table.copy()
    found: list[dict[str, float | None]] = []
    missing: list[dict[str, Any]] = []
    used: set[tuple[str, int]] = set()
    years = {year for _, year in external.rows}
    codes = {code for code, _ in external.rows}
    about = table[["report_id", "issuer", "region_code", "year"]].to_dict("records")
    for row in about:
        code = None if pd.isna(row["region_code"]) else str(row["region_code"])
        year = None if pd.isna(row["year"]) else int(row["year"])
        values = external.rows.get((code, year)) if code and year else None
        if values is not None:
            used.add((str(code), int(year or 0)))
            found.append(values[1])
            continue
        found.append({})
        if code is None:
            reason = "报告的区划代码不明，不能匹配；可用 build --issuers 补上"
        elif year is None:
            reason = "报告的年度不明，不能匹配"
        elif code not in codes:
            reason = "外部数据里没有这个区划代码"
        else:
            reason = (
                f"外部数据里没有该地 {year} 年的行" if year in years else f"外部数据没有 {year} 年"
            )
        missing.append(
            {"side": "report", "report_id": row["report_id"], "issuer": row["issuer"],
             "region_code": code, "year": year, "reason": reason}
        )  # fmt: skip
    for key, (line, _) in external.rows.items():
        if key not in used:
            missing.append(
                {"side": "external", "region_code": key[0], "year": key[1], "line": line,
                 "reason": "没有该地该年的报告"}
            )  # fmt: skip
    added = list(external.columns)
    for column in external.columns:
        values_of = [v.get(column.key) for v in found]
        table[column.key] = pd.Series(values_of, dtype="Float64", index=table.index)
    keys = dict(wide.keys)
    spec_columns = list(wide.spec.columns)
    if "population" in table and "requests_received" in keys:
        name = keys.get(_PER_10K, _PER_10K)
        people = table["population"].where(table["population"] > 0)
        table[name] = (10_000 * table[keys["requests_received"]] / people).astype("Float64")
        keys[_PER_10K] = name
        if name not in {c.key for c in spec_columns}:
            added.append(Column(name, "number", "每万人申请量", "10000×本年新收÷常住人口"))
    spec = FrameSpec(wide.spec.key, wide.spec.title, wide.spec.row_is, (*spec_columns, *added))
    table = table[[c.key for c in spec.columns]]
    return Wide(spec, table, keys), make_table(SPECS["unmatched"], missing)
