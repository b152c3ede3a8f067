"""The corrections CSV: its columns, reading it, and writing it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

FILE_NAME = "corrections.csv"
# Column, and the Chinese headings that mean the same.
COLUMNS = {
    "report": ("report", "报告", "report_id", "报告编号", "file", "文件"),
    "what": ("what", "对象"),
    "key": ("key", "键"),
    "field": ("field", "字段"),
    "old": ("old", "原值"),
    "new": ("new", "新值"),
    "who": ("who", "谁"),
    "when": ("when", "何时", "日期"),
    "why": ("why", "为什么", "理由"),
}
_WHAT = {"单元格": "cell", "陈述": "statement", "主题": "tag", "报告": "report"}
_ROLES = {"问题": "problem", "措施": "measure"}
FIELDS = {
    "cell": ("value",),
    "statement": ("role", "span", "add", "delete"),
    "tag": ("themes", "primary"),
    "report": (
        "issuer", "year", "level", "kind", "province", "city", "county", "township", "region_code"
    ),
}  # fmt: skip
_SPAN = re.compile(r"(\d+)\s*[-–—:]\s*(\d+)")


@dataclass(frozen=True, slots=True)
class Correction:
    """One row of the sheet; ``problem`` says (in Chinese) why a row cannot be understood.

    Attributes
    ----------
    line : int
        Line of the file, the heading being line 1.
    report : str
        Id of the report, or name of its file.
    what, field : str
        ``cell`` value; ``statement`` role, span, add or delete; ``tag`` themes or primary;
        ``report`` issuer, year, level, kind, province, city, county, township, region_code.
    key : str
        Cell key (``3|3.1|总计``); for statements and tags the number, or ``start-end`` in the
        report's text; empty for a report.
    old, new : str
        What stands there now (a guard: a correction is applied only where it fits), and what
        should.
    who, when, why : str
    """

    line: int
    report: str
    what: str
    key: str
    field: str
    old: str
    new: str
    who: str
    when: str
    why: str
    problem: str = ""


def read_span(text: str) -> tuple[int, int] | None:
    """Read ``start-end``; None where something else stands.

    Examples
    --------
    >>> read_span("120-134"), read_span("3")
    ((120, 134), None)
    """
    match = _SPAN.fullmatch(text.strip())
    return (int(match[1]), int(match[2])) if match else None


def read_corrections(path: Path | str) -> list[Correction]:
    """Read a corrections CSV (UTF-8); rows that cannot be understood say why.

    Raises
    ------
    ValueError
        If the heading lacks a column, or the file is not UTF-8.
    """
    path = Path(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            lines = list(csv.reader(stream))
    except UnicodeDecodeError as error:
        raise ValueError(f"{path.name}：应为 UTF-8 编码的 CSV") from error
    header = [h.strip() for h in lines[0]] if lines else []
    places = {
        key: next((n for n, h in enumerate(header) if h in names), None)
        for key, names in COLUMNS.items()
    }
    missing = [key for key, place in places.items() if place is None]
    if missing:
        raise ValueError(
            f"{path.name} 第 1 行：缺少列 {'、'.join(missing)}；"
            f"应有 {'、'.join(COLUMNS)}；实为 {header}"
        )
    found = []
    for number, line in enumerate(lines[1:], 2):
        if not any(map(str.strip, line)):
            continue
        cells = {
            key: line[place].strip() if place is not None and place < len(line) else ""
            for key, place in places.items()
        }
        # An apostrophe before a formula sign is what a spreadsheet needs, not a part of the text.
        cells = {k: v[1:] if re.match(r"'[=+\-@]", v) else v for k, v in cells.items()}
        cells["what"] = _WHAT.get(cells["what"], cells["what"].lower())
        if cells["what"] == "cell":
            cells["field"] = cells["field"] or "value"
        if cells["field"] in ("role", "add"):
            cells["new"] = _ROLES.get(cells["new"], cells["new"])
            cells["old"] = _ROLES.get(cells["old"], cells["old"])
        row = Correction(number, **cells)
        found.append(replace(row, problem=find_problem(row)))
    return found


def find_problem(row: Correction) -> str:
    """Say what is wrong with a row in itself, and what was expected; empty if nothing is."""
    if not row.report:
        return "report 应为报告编号或文件名；实为空"
    if row.what not in FIELDS:
        return f"what 应为 {'、'.join(FIELDS)} 之一；实为“{row.what}”"
    if row.field not in FIELDS[row.what]:
        return f"{row.what} 的 field 应为 {'、'.join(FIELDS[row.what])} 之一；实为“{row.field}”"
    if not row.who or not row.why:
        return "who 和 why 应写明是谁、为什么更正；有一项为空"
    if row.what == "cell" and row.key.count("|") != 2:
        return f"单元格的 key 应为“部分|行|列”，如 3|3.1|总计；实为“{row.key}”"
    if row.what in ("statement", "tag"):
        span = read_span(row.key)
        if span is None and not row.key.isdecimal():
            return f"key 应为陈述序号，或“起点-终点”；实为“{row.key}”"
        if row.field == "add" and span is None:
            return f"增加陈述时 key 应为“起点-终点”；实为“{row.key}”"
        if row.field in ("role", "add") and row.new not in ("problem", "measure"):
            return f"new 应为 problem（问题）或 measure（措施）；实为“{row.new}”"
        if row.field == "span" and read_span(row.new) is None:
            return f"new 应为“起点-终点”；实为“{row.new}”"
        if row.what == "tag" and not row.new:
            return "new 应为主题编号；实为空"
    if row.field == "year" and not re.fullmatch(r"(?:19|20)\d\d", row.new):
        return f"new 应为四位数的年度；实为“{row.new}”"
    return ""


def write_corrections(rows: Iterable[Correction]) -> bytes:
    """Give the bytes of a corrections CSV in utf-8-sig, safe to open in a spreadsheet."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        values = [getattr(row, key) for key in COLUMNS]
        writer.writerow(["'" + v if v.startswith(("=", "+", "-", "@")) else v for v in values])
    return b"\xef\xbb\xbf" + stream.getvalue().encode()
