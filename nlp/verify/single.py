"""Checks that are no sums: properties of cells taken alone, and of two sections' text."""

from __future__ import annotations

import re
from collections.abc import Mapping

from nlp.documents import Check, CheckResult, Doubt
from nlp.verify.arithmetic import show
from nlp.verify.reading import Reading
from nlp.verify.rules import (
    FormEdition,
    Layout,
    Rule,
    amount_keys,
    cell_name,
    expected_keys,
    signed_keys,
    source_of,
)

TABLES = {"2": "表二", "3": "表三", "4": "表四"}
# Section 五 shorter than this says nothing about problems or measures.
_SUBSTANCE = 10
_NOTHING = re.compile(
    r"(本(年度?|机关|部门|单位|级|局|镇|乡|街道)){0,2}"
    r"(无|暂无|没有|暂没有)(其他|其它)?(需要|需|应)?(报告|说明)?的?(事项|情况|内容|问题)?"
)
_NOT_A_WORD = re.compile(r"[\W_]+")


def plain_check(
    rule: Rule,
    form: FormEdition,
    subject: str,
    result: CheckResult,
    reason: str,
    *,
    doubt: Doubt | None = None,
    left: float | None = None,
    right: float | None = None,
    keys: tuple[str, ...] = (),
    page: int | None = None,
) -> Check:
    """Make the record of a check that is not an equation."""
    return Check(
        rule.id,
        rule.name,
        rule.formula,
        rule.severity,
        source_of(rule, form),
        subject,
        result,
        doubt,
        left,
        right,
        keys,
        reason,
        page,
    )


def check_cells(
    rule: Rule, readings: Mapping[str, Reading], layout: Layout, missing: frozenset[str]
) -> list[Check]:
    """Check each cell alone: one fail for each cell that fails, else one pass for all."""
    sections = tuple(s for s in rule.data["sections"] if s not in missing)
    subject = "、".join(TABLES[s] for s in sections or rule.data["sections"])
    expected = expected_keys(layout)
    exempt = amount_keys(layout.edition) if rule.data["property"] == "whole" else frozenset()
    if rule.data["property"] == "nonnegative":
        exempt = signed_keys(layout.edition)
    keys = tuple(key for s in sections for key in expected[s] if key not in exempt)
    read = [readings[key] for key in keys if key in readings and readings[key].kind == "printed"]
    fails = []
    for reading in read:
        value = reading.value
        assert value is not None
        if rule.data["property"] == "nonnegative" and value >= 0:
            continue
        if rule.data["property"] == "whole" and value == int(value):
            continue
        wrong = "为负数" if rule.data["property"] == "nonnegative" else "不是整数"
        doubt: Doubt = "ours" if reading.doubtful else "theirs"
        end = "原文如此" if doubt == "theirs" else "读取存疑，请对照原件核实"
        name = cell_name(reading.key)
        fails.append(
            plain_check(
                rule,
                layout.edition,
                name,
                "fail",
                f"{name}：{show(value)} {wrong}；{end}",
                doubt=doubt,
                left=value,
                keys=(reading.key,),
                page=reading.page,
            )
        )
    if fails:
        return fails
    if not read:
        reason = f"{subject}没有读出的数，无法判断"
        return [plain_check(rule, layout.edition, subject, "not_assessable", reason)]
    unread = sum(1 for key in keys if key in readings and readings[key].kind == "unreadable")
    reason = f"另有 {unread} 格读取存疑，未查" if unread else ""
    page = next((reading.page for reading in read if reading.page), None)
    return [plain_check(rule, layout.edition, subject, "pass", reason, keys=keys, page=page)]


def check_section(
    rule: Rule,
    readings: Mapping[str, Reading],
    sections: Mapping[str, str],
    form: FormEdition,
) -> Check:
    """Check a property of one section's text."""
    no = rule.data["section"]
    text = sections.get(no)
    if text is None:
        reason = f"没有找到第{no}部分的文字，无法判断"
        return plain_check(rule, form, rule.subject, "not_assessable", reason)
    if rule.data["property"] == "fee":
        return _check_fee(rule, readings, text, form)
    return _check_substance(rule, text, form)


def _check_substance(rule: Rule, text: str, form: FormEdition) -> Check:
    words = _NOT_A_WORD.sub("", text)
    size = float(len(words))
    if not words:
        # An empty section may be a picture that the reader could not read.
        reason = f"{rule.subject}标题之下没有文字；可能原文空缺，也可能文字未能读出"
        return plain_check(
            rule, form, rule.subject, "fail", reason, doubt="ours", left=0, right=_SUBSTANCE
        )
    if _NOTHING.fullmatch(words):
        reason = f"{rule.subject}只写“{words}”；原文如此"
    elif len(words) < _SUBSTANCE:
        reason = f"{rule.subject}只有 {len(words)} 个字，不足 {_SUBSTANCE} 个字；原文如此"
    else:
        return plain_check(rule, form, rule.subject, "pass", "", left=size, right=float(_SUBSTANCE))
    return plain_check(
        rule,
        form,
        rule.subject,
        "fail",
        reason,
        doubt="theirs",
        left=size,
        right=float(_SUBSTANCE),
    )


def _check_fee(rule: Rule, readings: Mapping[str, Reading], text: str, form: FormEdition) -> Check:
    key = rule.data["cell"]
    reading = readings.get(key)
    name = cell_name(key)
    if reading is None or reading.kind != "printed" or reading.value is None:
        reason = f"“{name}”没有读出的数，无法判断"
        return plain_check(rule, form, rule.subject, "not_assessable", reason, keys=(key,))
    words = _NOT_A_WORD.sub("", text)
    contradicts = reading.value > 0 and _NOTHING.fullmatch(words) is not None
    if not contradicts:
        return plain_check(
            rule, form, rule.subject, "pass", "", left=reading.value, keys=(key,), page=reading.page
        )
    doubt: Doubt = "ours" if reading.doubtful else "theirs"
    reason = (
        f"{name}为 {show(reading.value)}，而第六部分只写“{words}”；"
        "其中不一定有信息处理费，请核对是否漏报"
    )
    return plain_check(
        rule,
        form,
        rule.subject,
        "fail",
        reason,
        doubt=doubt,
        left=reading.value,
        keys=(key,),
        page=reading.page,
    )
