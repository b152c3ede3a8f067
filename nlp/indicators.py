"""Rates and counts from the cells of a report, each with what it was computed from.

The formulas are data (``nlp/form/indicators.toml``).  A rate without a sound denominator
has no value and says why; it is never 0 or 100 %.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from nlp.documents import Cell, Check, Edition, Indicator
from nlp.form import load_form
from nlp.intervals import wilson_interval

# Below this a rate says little; the same limit as in users' own practice of not ranking.
_SMALL = 30
_TERM = re.compile(r"([+-]?)\s*([^\s+-]+)")
_FIELD = re.compile(r"\{(\w+)\}")
_EMPTY_STATES = frozenset({"blank", "slash", "dash", "none"})
# Quotation marks inside quotation marks: “危及‘三安全一稳定’”.
_INNER = str.maketrans("“”", "‘’")
_ROW_SETS = {"denial": "3.3.", "unavailable": "3.4.", "unprocessed": "3.5."}

Kind = Literal["count", "proportion", "ratio", "complete"]


@dataclass(frozen=True, slots=True)
class _Term:
    sign: int
    label: str
    # The cells that the symbol sums; empty where the form has no such column.
    keys: tuple[str, ...]
    given: str | None


@dataclass(frozen=True, slots=True)
class _Definition:
    id: str
    name: str
    group: str
    kind: Kind
    formula: str
    scale: int
    numerator: tuple[_Term, ...]
    denominator: tuple[_Term, ...]


def compute_indicators(
    cells: Sequence[Cell],
    *,
    edition: Edition | None,
    checks: Iterable[Check] = (),
    sections_found: int | None = None,
    population: float | None = None,
    narrative: Mapping[str, float] | None = None,
) -> list[Indicator]:
    """Compute every indicator of one report.

    Parameters
    ----------
    cells : sequence of Cell
        The cells of sections 二, 三 and 四.
    edition : {"2021", "2019", "narrative"} or None
        The form; of a report of unknown edition the 2021 form's cells are looked for.
    checks : iterable of Check
        The report's checks.  An empty cell counts as 0 only where a sum that holds
        confirms it; an indicator that uses a cell of a sum that does not hold says so.
    sections_found : int, optional
        How many of the six prescribed sections the report has.
    population : float, optional
        Resident population at year's end, for 每万人申请量.
    narrative : mapping, optional
        Numbers from section 五 and the prose: ``problems``, ``measures``, ``answered``
        (problems with a measure of the same theme), ``specifics`` (numbers, dates, named
        acts and 《》titles), ``characters``.

    Returns
    -------
    list of Indicator
        In the order of the groups in ``indicators.toml``.  ``small`` marks rates with a
        denominator under 30.

    Examples
    --------
    >>> def cell(key, value):
    ...     section, row, column = key.split("|")
    ...     return Cell(key, section, row, column, str(value), value, None, "number")
    >>> found = compute_indicators(
    ...     [cell("3|3.1|总计", 50), cell("3|3.2|总计", 9), cell("3|3.7|总计", 95)],
    ...     edition="2021")
    >>> rate = next(i for i in found if i.id == "disclosure_rate")
    >>> rate.numerator, rate.denominator, round(rate.value, 3), round(rate.low, 3)
    (59, 95, 0.621, 0.521)
    """
    by_key = {cell.key: cell for cell in cells}
    checks = tuple(checks)
    sums = frozenset(_data()["arithmetic_checks"])
    confirmed: set[str] = set()
    broken: dict[str, list[Check]] = {}
    passed = theirs = ours = 0
    for check in checks:
        if check.id not in sums:
            continue
        if check.result == "pass":
            passed += 1
            confirmed.update(check.cells)
        elif check.result == "fail":
            theirs += check.doubt != "ours"
            ours += check.doubt == "ours"
            for key in check.cells:
                broken.setdefault(key, []).append(check)
    given: dict[str, float | None] = dict(narrative or {})
    given |= {
        "population": population,
        "sections_found": sections_found,
        "sections_prescribed": _data()["sections_prescribed"],
        "checks_passed": passed if checks else None,
        "checks_judged": passed + theirs if checks else None,
    }
    reader = _Reader(by_key, confirmed, broken, given, edition)
    single_other = _has_single_other(by_key, edition)
    found = [_compute(d, reader) for d in _definitions(edition == "2019", single_other)]
    if ours:
        found = [_mark_doubtful_checks(i, ours) for i in found]
    return found


def load_version() -> str:
    """Give the version of the definitions, for the manifest of a run."""
    return str(_data()["version"])


@dataclass(frozen=True, slots=True)
class _Reader:
    cells: Mapping[str, Cell]
    confirmed: set[str]
    broken: Mapping[str, list[Check]]
    given: Mapping[str, float | None]
    edition: Edition | None
    # What a term was read as: the same sums are the parts of many indicators.
    known: dict[_Term, tuple[float | None, str]] = field(default_factory=dict)

    def add_up(self, terms: tuple[_Term, ...]) -> tuple[float | None, str]:
        """Give the sum of the terms, or None and why there is none."""
        total: float = 0
        for term in terms:
            found = self.known.get(term)
            if found is None:
                found = self.known[term] = self._read(term)
            value, reason = found
            if value is None:
                return None, reason
            total += term.sign * value
        return total, ""

    def _read(self, term: _Term) -> tuple[float | None, str]:
        if term.given is not None:
            value = self.given.get(term.given)
            return value, "" if value is not None else f"没有给出“{term.label}”"
        if self.edition == "narrative":
            return None, "叙述体报告没有法定表格"
        if not term.keys:
            return None, f"2019 年格式没有“{term.label}”这一列"
        total: float = 0
        for key in term.keys:
            cell = self.cells.get(key)
            if cell is None or cell.state == "absent":
                return None, f"“{term.label}”有单元格（{key}）在文件里没有"
            if cell.state in _EMPTY_STATES:
                # The reader sets 0 where all sums hold with it; else a check may confirm it.
                if cell.value is None and key not in self.confirmed:
                    return None, f"“{term.label}”有单元格（{key}）为空白，没有勾稽式能确认它是 0"
            elif cell.state == "unreadable" or cell.value is None or cell.candidates:
                return None, f"“{term.label}”有单元格（{key}）读取存疑"
            else:
                total += cell.value
        return total, ""

    def warn(self, definition: _Definition) -> str:
        """Name the failing sums that the cells of an indicator take part in."""
        subjects: dict[str, None] = {}
        for term in definition.numerator + definition.denominator:
            for key in term.keys:
                for check in self.broken.get(key, ()):
                    whose = "原文如此" if check.doubt == "theirs" else "读取存疑"
                    subjects[f"{check.subject}（{whose}）"] = None
        return f"所用单元格涉及不符的勾稽式：{'、'.join(subjects)}" if subjects else ""


def _compute(definition: _Definition, reader: _Reader) -> Indicator:
    numerator, reason = reader.add_up(definition.numerator)
    denominator: float | None = None
    if definition.kind != "count":
        denominator, why = reader.add_up(definition.denominator)
        reason = reason or why
    value, low, high = None, None, None
    if not reason:
        assert numerator is not None
        if definition.kind == "count":
            value = float(numerator)
        else:
            assert denominator is not None
            reason = _unsound(definition, numerator, denominator)
            if not reason:
                value = definition.scale * numerator / denominator
                if definition.kind == "proportion":
                    low, high = wilson_interval(numerator, denominator)
    is_rate = definition.kind in ("proportion", "ratio")
    return Indicator(
        definition.id,
        definition.name,
        definition.group,
        definition.formula,
        value,
        numerator,
        denominator,
        low,
        high,
        is_rate and denominator is not None and denominator < _SMALL,
        "；".join(filter(None, (reason, reader.warn(definition)))),
    )


def _unsound(definition: _Definition, numerator: float, denominator: float) -> str:
    if denominator == 0:
        return "分母为 0，不能计算"
    if denominator < 0:
        return "分母为负数，所用各数自相矛盾"
    if definition.kind in ("proportion", "complete") and not 0 <= numerator <= denominator:
        return "分子不在 0 与分母之间，所用各数自相矛盾"
    return ""


def _mark_doubtful_checks(indicator: Indicator, ours: int) -> Indicator:
    if indicator.id != "check_pass_rate":
        return indicator
    words = f"另有 {ours} 个勾稽式因读取存疑未计入"
    return replace(indicator, reason="；".join(filter(None, (indicator.reason, words))))


def _has_single_other(cells: Mapping[str, Cell], edition: Edition | None) -> bool:
    """Tell whether 其他处理 is printed in one row: that row is there and the three are not."""

    def is_there(row: str) -> bool:
        cell = cells.get(f"3|{row}|总计")
        return cell is not None and cell.state != "absent"

    if any(is_there(row) for row in ("3.6.1", "3.6.2", "3.6.3")):
        return False
    return is_there("3.6") or edition == "2019"


@cache
def _data() -> dict[str, Any]:
    path = Path(__file__).parent / "form" / "indicators.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def _row_sets(single_other: bool) -> dict[str, tuple[str, ...]]:
    rows = [row.no for row in load_form("2021").requests]
    sets = {
        name: tuple(row for row in rows if row.startswith(prefix))
        for name, prefix in _ROW_SETS.items()
    }
    sets["other"] = ("3.6",) if single_other else ("3.6.1", "3.6.2", "3.6.3")
    return sets


@cache
def _definitions(form_2019: bool, single_other: bool) -> tuple[_Definition, ...]:
    data = _data()
    sets = _row_sets(single_other)
    symbols = dict(data["symbols"])
    entries = [*_reason_entries(data, sets, symbols), *data["indicators"]]
    order = list(data["groups"])
    entries.sort(key=lambda entry: order.index(entry["group"]))

    def terms(expression: str) -> tuple[_Term, ...]:
        parsed = []
        for sign, name in _TERM.findall(expression):
            symbol = symbols[name]
            patterns = symbol.get("cells", [])
            if form_2019:
                patterns = symbol.get("cells_2019", patterns)
            keys = tuple(key for pattern in patterns for key in _expand(pattern, sets))
            parsed.append(
                _Term(-1 if sign == "-" else 1, symbol["label"], keys, symbol.get("given"))
            )
        return tuple(parsed)

    return tuple(
        _Definition(
            entry["id"],
            entry["name"],
            entry["group"],
            entry["kind"],
            _write_formula(entry, symbols),
            entry.get("scale", 1),
            terms(entry["numerator"]),
            terms(entry.get("denominator", "")),
        )
        for entry in entries
    )


def _reason_entries(
    data: Mapping[str, Any], sets: Mapping[str, tuple[str, ...]], symbols: dict[str, Any]
) -> list[dict[str, Any]]:
    """Spell out one indicator, and its symbol, for each reason."""
    labels = {row.no: row.label for row in load_form("2021").requests}
    entries = []
    for template in data["reasons"]:
        for n, row in enumerate(sets[template["rows"]], start=1):
            symbol = template["symbol"].replace("{n}", str(n))
            symbols[symbol] = {"label": labels[row], "cells": [f"3|{row}|总计"]}
            entries.append(
                {
                    "id": template["id"].replace("{n}", str(n)),
                    "name": template["name"].replace("{row}", labels[row].translate(_INNER)),
                    "group": template["group"],
                    "kind": "proportion",
                    "numerator": symbol,
                    "denominator": template["denominator"],
                }
            )
    return entries


def _expand(pattern: str, sets: Mapping[str, tuple[str, ...]]) -> list[str]:
    field = _FIELD.search(pattern)
    if field is None:
        return [pattern]
    return [pattern[: field.start()] + row + pattern[field.end() :] for row in sets[field[1]]]


def _write_formula(entry: Mapping[str, Any], symbols: Mapping[str, Any]) -> str:
    """Write a formula for readers, with every symbol explained."""
    sides = [entry["numerator"], *([entry["denominator"]] if "denominator" in entry else [])]
    written = []
    for side in sides:
        text = side.replace(" + ", "＋").replace(" - ", "－")
        several = len(_TERM.findall(side)) > 1 and len(sides) > 1
        written.append(f"（{text}）" if several else text)
    scale = f"{entry['scale']}×" if "scale" in entry else ""
    names = dict.fromkeys(name for side in sides for _, name in _TERM.findall(side))
    meanings = "，".join(f"{name}＝{symbols[name]['label']}" for name in names)
    totals = any(
        key.startswith("3|") and key.endswith("|总计")
        for name in names
        for key in symbols[name].get("cells", ())
    )
    column = "（表三取总计列，另有写明的除外）" if totals else ""
    note = f"。{entry['meaning']}" if "meaning" in entry else ""
    return f"{scale}{' / '.join(written)}；{meanings}{column}{note}"
