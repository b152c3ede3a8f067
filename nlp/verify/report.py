"""All checks of one report: its own arithmetic, the cells alone, and two of its sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from nlp.documents import Cell, Check, Edition
from nlp.verify.arithmetic import Outcome, evaluate
from nlp.verify.reading import Reading, read_cells
from nlp.verify.rules import (
    FormEdition,
    Layout,
    Rule,
    cell_name,
    form_edition,
    load_doubt_words,
    load_rules,
    source_of,
    spell_out,
)
from nlp.verify.single import TABLES, check_cells, check_section, plain_check
from nlp.verify.suspects import find_suspects


def verify_report(
    cells: Sequence[Cell],
    *,
    edition: Edition | None,
    sections: Mapping[str, str] | None = None,
) -> list[Check]:
    """Put one report to every check that its edition of the form allows.

    Parameters
    ----------
    cells : sequence of Cell
        The cells of sections 二, 三 and 四; a cell that is not given counts as absent.
    edition : {"2021", "2019", "narrative"} or None
        The form; a report of unknown edition is held to the 2021 form.
    sections : mapping of str to str, optional
        The body of each section (without its heading) by number 一 … 六.

    Returns
    -------
    list of Check
        In the order of ``checks.toml``.  Where the file has nothing of a table, a rule
        gives a single ``not_assessable`` for that table.

    Examples
    --------
    >>> row = [Cell(f"4|数值|复议.{c}", "4", "数值", f"复议.{c}", str(v), v, None, "number")
    ...        for c, v in [("结果维持", 3), ("结果纠正", 1), ("其他结果", 2),
    ...                     ("尚未审结", 1), ("总计", 6)]]
    >>> failed = [c for c in verify_report(row, edition="2021") if c.result == "fail"]
    >>> failed[0].reason
    '表四·行政复议：四项之和 7 ≠ 总计 6；原文如此'
    """
    readings = read_cells(cells, load_doubt_words())
    layout = find_layout(readings, edition)
    missing = _missing_tables(readings)
    rules = [r for r in load_rules() if r.scope == "report" and layout.edition in r.editions]
    outcomes: dict[str, list[Outcome]] = {}
    checks: dict[str, list[Check]] = {}
    for rule in rules:
        if rule.kind == "section":
            checks[rule.id] = [check_section(rule, readings, sections or {}, layout.edition)]
            continue
        if rule.kind == "cells":
            checks[rule.id] = check_cells(rule, readings, layout, missing)
            continue
        equations = spell_out(rule, layout)
        table = equations[0].keys[0].partition("|")[0]
        if table in missing:
            checks[rule.id] = [_missing_check(rule, table, layout.edition, edition)]
        else:
            outcomes[rule.id] = [evaluate(equation, readings) for equation in equations]
    located = locate([o for found in outcomes.values() for o in found], readings)
    for rule_id, found in outcomes.items():
        checks[rule_id] = [make_check(located.get(id(o), o), layout.edition) for o in found]
    return [check for rule in rules for check in checks[rule.id]]


def find_layout(readings: Mapping[str, Reading], edition: Edition | None) -> Layout:
    """Tell how the report prints 其他处理: in one row (2019 form, and some later reports)."""
    form = form_edition(edition)

    def is_there(rows: tuple[str, ...], *, read: bool) -> bool:
        kinds = {"printed", "unreadable"} if read else {"printed", "unreadable", "empty"}
        return any(
            key.split("|")[1] in rows and reading.kind in kinds
            for key, reading in readings.items()
            if key.startswith("3|3.6")
        )

    parts, single = ("3.6.1", "3.6.2", "3.6.3"), ("3.6",)
    for read in (True, False):
        if is_there(parts, read=read):
            return Layout(form, False)
        if is_there(single, read=read):
            return Layout(form, True)
    return Layout(form, form == "2019")


def locate(outcomes: Sequence[Outcome], readings: Mapping[str, Reading]) -> dict[int, Outcome]:
    """Add the suspect cell to the reasons of the failing sums; keyed by ``id(outcome)``."""
    located = {}
    for group, key in find_suspects(outcomes, readings):
        name = cell_name(key)
        if len(group) > 1:
            words = f"；若只有一格有误，当在“{name}”（它使 {len(group)} 处合计同时不符）"
        else:
            words = (
                f"；若只有一格有误，当在“{name}”（改动其余任何一格，都须改成负数或使别的合计不符）"
            )
        for outcome in group:
            located[id(outcome)] = replace(outcome, reason=outcome.reason + words)
    return located


def make_check(outcome: Outcome, edition: FormEdition) -> Check:
    """Turn an outcome into the shared record."""
    equation = outcome.equation
    rule = equation.rule
    return Check(
        rule.id,
        rule.name,
        rule.formula,
        rule.severity,
        source_of(rule, edition),
        equation.subject,
        outcome.result,
        outcome.doubt,
        outcome.left,
        outcome.right,
        equation.keys,
        outcome.reason,
        outcome.page,
    )


def _missing_tables(readings: Mapping[str, Reading]) -> frozenset[str]:
    there = {key.partition("|")[0] for key, reading in readings.items() if reading.kind != "absent"}
    return frozenset(TABLES) - there


def _missing_check(rule: Rule, table: str, form: FormEdition, edition: Edition | None) -> Check:
    name = TABLES[table]
    if edition == "narrative":
        reason = f"叙述体报告没有法定的{name}，不作此项检查"
    else:
        reason = f"文件里没有{name}的数据（没有表格，或表格是图片），无法判断"
    return plain_check(rule, form, name, "not_assessable", reason)
