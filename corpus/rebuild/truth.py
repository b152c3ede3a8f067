"""The truth of a report, from the same source as the report itself."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from . import form
from .claims import read_claims
from .sources import Source
from .tables import read_raw

NUMBERS = ("一", "二", "三", "四", "五", "六")


def expected_keys(source: Source) -> list[str]:
    """Give the keys of all cells that the report's form has (also of tables left out)."""
    settings = source.settings
    edition = settings.get("form", settings["edition"])
    if edition == "narrative":
        return []
    single = settings.get("single_other", edition == "2019")
    keys = [
        f"2|{label}|{key}"
        for _, columns, labels in form.SECTION2[edition]
        for label in labels
        for key, _ in columns
    ]
    rows = form.rows3(single_other=single)
    keys += [f"3|{number}|{key}" for number, _, _ in rows for key in form.COLUMNS3]
    return keys + [f"4|数值|{g}.{key}" for g in form.GROUPS4 for key in form.RESULTS4]


def _number(value: float | None) -> float:
    return 0 if value is None else value


def arithmetic_violations(cells: dict[str, Any], states: dict[str, str]) -> list[str]:
    """List the sums of the form that the printed numbers do not keep.

    Blank, "/", "-" and 无 count as 0; a row that is not printed counts as 0 in the sums
    of its column and is not tested itself; a table that is missing is not tested.
    """
    out = []
    have = {k for k in cells if states.get(k) != "absent"}
    rows = sorted({k.split("|")[1] for k in have if k.startswith("3|")})
    for key in form.COLUMNS3:
        column = {row: _number(cells[f"3|{row}|{key}"]) for row in rows}
        if "3.7" not in column:
            continue
        parts = sum(v for row, v in column.items() if row.startswith("3.") and row != "3.7")
        if parts != column["3.7"]:
            out.append(f"t3 {key} （七）: {parts} != {column['3.7']}")
        if {"1", "2", "4"} <= column.keys():
            left, right = column["1"] + column["2"], column["3.7"] + column["4"]
            if left != right:
                out.append(f"t3 {key} 一+二=三+四: {left} != {right}")
    for row in rows:
        values = [_number(cells[f"3|{row}|{key}"]) for key in form.COLUMNS3]
        if sum(values[:6]) != values[6]:
            out.append(f"t3 行{row} 总计: {sum(values[:6])} != {values[6]}")
    for group in form.GROUPS4:
        names = [f"4|数值|{group}.{key}" for key in form.RESULTS4]
        if have.issuperset(names):
            values = [_number(cells[name]) for name in names]
            if sum(values[:4]) != values[4]:
                out.append(f"t4 {group}: {sum(values[:4])} != {values[4]}")
    return out


def year_violations(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """List the disagreements of two consecutive years of one issuer."""
    out = []
    was, has = before["cells"], now["cells"]
    if before["edition"] == now["edition"] == "2021":
        for label in ("规章", "行政规范性文件"):
            keys = [f"2|{label}|{k}" for k in ("现行有效件数", "本年制发件数", "本年废止件数")]
            if None not in [was.get(keys[0]), *(has.get(k) for k in keys)]:
                valid = was[keys[0]] + has[keys[1]] - has[keys[2]]
                if valid != has[keys[0]]:
                    out.append(f"{label} 现行有效: {valid} != {has[keys[0]]}")
    left, right = was.get("3|4|总计"), has.get("3|2|总计")
    if left is not None and right is not None and left != right:
        out.append(f"结转: {left} != {right}")
    return out


def build_truth(source: Source) -> dict[str, Any]:
    """Give the truth of one report (without what other years say)."""
    issuer, settings = source.issuer, source.settings
    cells: dict[str, Any] = {}
    states: dict[str, str] = {}
    units: dict[str, str] = {}
    raws: dict[str, str] = {}
    for key in expected_keys(source):
        if key not in source.cells:
            cells[key], states[key] = None, "absent"
            continue
        raw = source.cells[key]
        value, state, unit = read_raw(raw)
        cells[key] = value
        if state not in ("number", "zero"):
            states[key] = state
        if unit:
            units[key] = unit
        if raw != str(value):
            raws[key] = raw
    narrative: dict[str, list[str]] = defaultdict(list)
    statements, reuse = _marked(source)
    for block in source.blocks:
        if block.kind in ("para", "sub"):
            narrative[block.section].append(block.text)
    prose = [(b.section, b.text) for b in source.blocks if b.kind in ("para", "sub")]
    claims = read_claims(source.name, prose)
    listed = {} if claims is None else {"claims": claims}
    title = settings.get("clean_title", "".join(source.title_lines))
    return {
        "file": source.file,
        "fictional": True,
        "title": title or None,
        "issuer": settings.get("issuer", issuer["issuer"]),
        "year": settings["year"],
        "level": issuer["level"],
        "kind": issuer["kind"],
        "region": issuer["region"],
        "edition": settings["edition"],
        "form": settings.get("form", settings["edition"]),
        "format": settings["format"],
        "sections": [
            {"no": b.section, "title": b.text.rstrip("。")}
            for b in source.blocks
            if b.kind == "heading"
        ],
        "narrative": [{"section": s, "paragraphs": p} for s, p in narrative.items()],
        "cells": cells,
        "states": states,
        "units": units,
        "raw": raws,
        "statements": statements,
        "pairs": _pairs(statements),
        "reuse": reuse,
        **listed,
        "planted_errors": settings.get("planted", []),
        "arithmetic_violations": arithmetic_violations(cells, states),
        "cross_year_violations": [],
        "form_warnings": _form_warnings(cells, narrative),
        "year_conflict": settings.get("year_conflict", False),
        "layout_notes": settings.get("notes", []),
    }


def _form_warnings(cells: dict[str, Any], narrative: dict[str, list[str]]) -> list[str]:
    """Give the warnings that need no sums: a fee against 无, a section 五 without substance."""
    out = []
    fee = cells.get("2|行政事业性收费|本年收费金额（万元）")
    six = "".join(narrative.get("六", [])).strip("。")
    if fee and six in ("无", "暂无", "无其他需要报告的事项"):
        out.append("s6_fee")
    five = "".join(narrative.get("五", []))
    if "五" in narrative and len(five) < 10:
        out.append("s5_substance")
    return out


def _marked(source: Source) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    statements: list[dict[str, Any]] = []
    reuse: list[dict[str, Any]] = []
    problems: list[int] = []
    wanted: list[tuple[int, tuple[int, ...]]] = []
    for block in source.blocks:
        for span in block.spans:
            text = block.text[span.start : span.end]
            if span.kind == "r":
                family, manner = span.words
                kind = "self" if "." in family else "peer"
                reuse.append(
                    {"family": family, "kind": kind, "manner": manner, "section": block.section}
                    | {"text": text}
                )
                continue
            themes = [form.THEMES[word] for word in span.words]
            if not themes:
                raise ValueError(f"{source.name}: no theme: {text}")
            role = "problem" if span.kind == "p" else "measure"
            if role == "problem":
                problems.append(len(statements))
            else:
                wanted.append((len(statements), span.answers))
            statements.append(
                {"role": role, "text": text, "themes": themes, "primary": themes[0]}
                | {"section": block.section, "pair": None, "answers": []}
            )
    for measure, answers in wanted:
        for number in answers:
            problem = problems[number - 1]
            statements[measure]["answers"].append(problem)
            if statements[problem]["pair"] is None:
                statements[problem]["pair"] = measure
        if answers:
            statements[measure]["pair"] = statements[measure]["answers"][0]
    return statements, reuse


def _pairs(statements: list[dict[str, Any]]) -> list[list[int]]:
    return sorted(
        [problem, measure]
        for measure, statement in enumerate(statements)
        for problem in statement.pop("answers")
    )


def build_truths(sources: list[Source]) -> dict[str, dict[str, Any]]:
    """Give the truths of all reports by name, with what consecutive years say together."""
    truths = {source.name: build_truth(source) for source in sources}
    by_issuer: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
    for source in sources:
        by_issuer[source.issuer["slug"]][source.settings["year"]] = truths[source.name]
    for years in by_issuer.values():
        for year, truth in years.items():
            if year - 1 in years:
                truth["cross_year_violations"] = year_violations(years[year - 1], truth)
    # A passage that only one report uses is no family.
    count: dict[str, int] = defaultdict(int)
    for truth in truths.values():
        for family in {entry["family"] for entry in truth["reuse"]}:
            count[family] += 1
    for truth in truths.values():
        truth["reuse"] = [entry for entry in truth["reuse"] if count[entry["family"]] > 1]
    return truths


def write_json(truth: dict[str, Any]) -> str:
    """Give the truth as JSON text, one cell a line."""
    return json.dumps(truth, ensure_ascii=False, indent=1) + "\n"
