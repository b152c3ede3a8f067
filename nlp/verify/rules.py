"""Load the checks from ``nlp/form/checks.toml`` and spell them out for one report's form."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from nlp.documents import Edition, Severity
from nlp.form import APPLICANTS, Form, load_form

EARLIER = "earlier:"
FormEdition = Literal["2021", "2019"]
RuleKind = Literal["equal", "at_most", "cells", "section"]
_FIELD = re.compile(r"\{(\w+)\}")
_SECTION_NAMES = {"2": "表二", "3": "表三", "4": "表四"}


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One entry of ``checks.toml``; see the head of that file for the fields."""

    id: str
    name: str
    kind: RuleKind
    scope: Literal["report", "years"]
    severity: Severity
    formula: str
    source: str
    editions: tuple[str, ...]
    fallback_for: str | None
    subject: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Equation:
    """A rule for one row, column or group: signed cells on the left and on the right."""

    rule: Rule
    subject: str
    left: tuple[tuple[int, str], ...]
    right: tuple[tuple[int, str], ...]
    keys: tuple[str, ...]
    # Quantities that may be below zero (本年增/减) say nothing about an unknown cell.
    signed: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """What decides how the rules are spelled out: the form, and how 其他处理 is printed."""

    edition: FormEdition
    single_other: bool


@cache
def load_rules() -> tuple[Rule, ...]:
    """Load every check, in the order of the file.

    Examples
    --------
    >>> [rule.id for rule in load_rules()][:4]
    ['t3_balance', 't3_total', 't3_row', 't4_sum']
    """
    return tuple(
        Rule(
            item["id"],
            item["name"],
            item["kind"],
            item["scope"],
            item["severity"],
            item["formula"],
            item["source"],
            tuple(item.get("editions", ("2021", "2019"))),
            item.get("fallback_for"),
            item.get("subject", ""),
            item,
        )
        for item in _data()["checks"]
    )


@cache
def _data() -> dict[str, Any]:
    path = Path(__file__).parents[1] / "form" / "checks.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def load_version() -> str:
    """Give the version of the checks, for the manifest of a run."""
    return str(_data()["version"])


@cache
def load_doubt_words() -> tuple[str, ...]:
    """Give the words in a cell's note that mean that its reader was not sure."""
    return tuple(_data()["doubt_words"])


@cache
def source_of(rule: Rule, edition: str) -> str:
    """Give a rule's source with the document that prescribes the form in that edition."""
    document = _data()["sources"].get(f"form_{edition}")
    named = rule.source.startswith(("《", "子项", "通行"))
    return rule.source if document is None or named else f"{document}，{rule.source}"


@cache
def cell_name(key: str) -> str:
    """Name a cell for a reader: 表三·（四）无法提供/1.本机关不掌握相关政府信息·自然人.

    Examples
    --------
    >>> cell_name("4|数值|复议.总计")
    '表四·行政复议·总计'
    """
    if key.startswith(EARLIER):
        return f"上一年{cell_name(key.removeprefix(EARLIER))}"
    section, row, column = key.split("|", 2)
    table = _SECTION_NAMES.get(section, section)
    if section == "4":
        group, _, result = column.partition(".")
        return f"{table}·{_group_label(group)}·{result}"
    return f"{table}·{row_name(section, row)}·{column}"


@cache
def row_name(section: str, row: str) -> str:
    """Give the name of a row for messages."""
    short: dict[str, str] = _data()["short_labels"]
    if section == "3" and row in short:
        return short[row]
    return load_form("2021").row_label(section, row)


def _group_label(group: str) -> str:
    return next((g.label for g in load_form("2021").review_groups if g.key == group), group)


@cache
def _sets(layout: Layout) -> dict[str, tuple[str, ...]]:
    form = load_form(layout.edition)
    requests = _request_rows(form, layout.single_other)
    groups = tuple(group.key for group in form.review_groups)
    return {
        "applicants": APPLICANTS[:-1],
        "applicants_all": APPLICANTS,
        "requests": requests,
        "results": tuple(r for r in requests if r.startswith("3.") and r != "3.7"),
        "groups": groups,
        "outcomes": tuple(r for r in form.results if r != "总计"),
        "closed": tuple(r for r in form.results if r not in ("总计", "尚未审结")),
        "files": tuple(row.no for row in form.blocks[0].rows),
        "items": tuple(
            row.no
            for block in form.blocks
            if any(column.signed for column in block.columns)
            for row in block.rows
        ),
        "review_row": (form.review_row,),
    }


def _request_rows(form: Form, single_other: bool) -> tuple[str, ...]:
    rows = [row.no for row in form.requests if not row.no.startswith("3.6")]
    at = rows.index("3.7")
    rows[at:at] = ["3.6"] if single_other else ["3.6.1", "3.6.2", "3.6.3"]
    return tuple(rows)


@cache
def signed_keys(edition: FormEdition) -> frozenset[str]:
    """Give the cells of section two that may be negative (本年增/减)."""
    return _section_two(edition, lambda column: bool(column.signed))


@cache
def amount_keys(edition: FormEdition) -> frozenset[str]:
    """Give the cells of section two that are sums of money, so need not be whole."""
    return _section_two(edition, lambda column: "金额" in column.key)


def _section_two(edition: FormEdition, wanted: Any) -> frozenset[str]:
    return frozenset(
        f"2|{row.no}|{column.key}"
        for block in load_form(edition).blocks
        for column in block.columns
        if wanted(column)
        for row in block.rows
    )


@cache
def expected_keys(layout: Layout) -> dict[str, tuple[str, ...]]:
    """Give the keys of the cells that a report should have, by section, in form order."""
    form = load_form(layout.edition)
    return {
        "2": tuple(
            f"2|{row.no}|{column.key}"
            for block in form.blocks
            for row in block.rows
            for column in block.columns
        ),
        "3": tuple(
            f"3|{row}|{column}" for row in _sets(layout)["requests"] for column in APPLICANTS
        ),
        "4": tuple(f"4|{form.review_row}|{column}" for column in form.review_columns()),
    }


@cache
def spell_out(rule: Rule, layout: Layout) -> tuple[Equation, ...]:
    """Spell a rule out into its equations, one for each member of ``each``."""
    sets = _sets(layout)
    members = sets[rule.data["each"]] if "each" in rule.data else ("",)
    return tuple(_equation(rule, member, sets) for member in members)


def _equation(rule: Rule, member: str, sets: Mapping[str, tuple[str, ...]]) -> Equation:
    left = _terms(rule.data["left"], member, sets)
    right = _terms(rule.data["right"], member, sets)
    name = member
    if rule.data.get("each") == "requests":
        name = row_name("3", member)
    elif rule.data.get("each") == "groups":
        name = _group_label(member)
    keys = tuple(key for _, key in left + right)
    return Equation(
        rule,
        rule.subject.replace("{each}", name),
        left,
        right,
        keys,
        any("本年增/减" in key for key in keys),
    )


def _terms(
    patterns: list[str], member: str, sets: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[int, str], ...]:
    terms: list[tuple[int, str]] = []
    for pattern in patterns:
        sign = -1 if pattern.startswith("-") else 1
        for key in _expand(pattern.removeprefix("-").replace("{each}", member), sets):
            terms.append((sign, key))
    return tuple(terms)


def _expand(pattern: str, sets: Mapping[str, tuple[str, ...]]) -> list[str]:
    field = _FIELD.search(pattern)
    if field is None:
        return [pattern]
    return [
        key
        for member in sets[field[1]]
        for key in _expand(pattern[: field.start()] + member + pattern[field.end() :], sets)
    ]


def form_edition(edition: Edition | None) -> FormEdition:
    """Give the form whose tables are expected; a report of unknown edition gets the newest."""
    return "2019" if edition == "2019" else "2021"
