"""The statutory form as data: sections, rows, columns, label variants, mandated phrases.

One TOML file an edition; what is printed differently in real reports is listed there as a
variant, not handled by code.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from nlp.form.labels import edit_distance, fold_label, label_likeness, strip_ordinal

__all__ = [
    "APPLICANTS",
    "Column",
    "Form",
    "HeadingRule",
    "ResultGroup",
    "Row",
    "TableTwoBlock",
    "edit_distance",
    "fold_label",
    "label_likeness",
    "load_form",
    "load_heading_rules",
    "load_mandated",
    "strip_ordinal",
]

_FOLDER = Path(__file__).parent
FormEdition = Literal["2021", "2019"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key in cells, and every folded wording it is known by."""

    key: str
    labels: tuple[str, ...]
    unit: str | None = None
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; ``group`` is the label of the merged cell to its left, if any.

    ``alternative`` names the rows that this one stands instead of (a single 其他处理 row
    in a 2021 report, or three rows in a 2019 report).
    """

    no: str
    label: str
    ordinal: str
    group: str
    labels: tuple[str, ...]
    alternative: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableTwoBlock:
    """One clause of section two: its columns and rows."""

    clause: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ResultGroup:
    """One of the three groups of five columns of section four."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Form:
    """One edition of the form.

    ``requests`` lists the rows of section three in the order of the form (25 numeric rows
    in the 2021 form, 23 in the 2019 form); ``request_alternatives`` the rows that some
    reports print in their stead.
    """

    edition: FormEdition
    name: str
    blocks: tuple[TableTwoBlock, ...]
    applicants: tuple[Column, ...]
    requests: tuple[Row, ...]
    request_alternatives: tuple[Row, ...]
    review_row: str
    results: tuple[str, ...]
    review_groups: tuple[ResultGroup, ...]

    def review_columns(self) -> tuple[str, ...]:
        """Give the 15 column keys of section four in order: 复议.结果维持 …"""
        return tuple(f"{g.key}.{r}" for g in self.review_groups for r in self.results)

    def row_label(self, section: str, row: str) -> str:
        """Give the printed label of a row, with its group: （三）不予公开/1.属于国家秘密."""
        if section != "3":
            return row
        for candidate in self.requests + self.request_alternatives:
            if candidate.no == row:
                own = f"{candidate.ordinal}{'、' if row in '124' else ''}{candidate.label}"
                return f"{candidate.group}/{own}" if candidate.group else own
        return row


@dataclass(frozen=True, slots=True)
class HeadingRule:
    """A section of the form and the patterns that its headings match as a whole."""

    no: str
    title: str
    patterns: tuple[re.Pattern[str], ...]


def _folded(*labels: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fold_label(label) for label in labels))


def _column(data: Mapping[str, Any]) -> Column:
    key = data["key"]
    names = [data.get("label", key), key, *data.get("variants", ())]
    return Column(key, _folded(*names), data.get("unit"), data.get("signed", False))


def _request_row(data: Mapping[str, Any]) -> Row:
    alternative = tuple(data.get("instead_of", ()))
    if "replaces" in data:
        alternative = (data["replaces"],)
    return Row(
        data["no"],
        data["label"],
        data["ordinal"],
        data.get("group", ""),
        _folded(data["label"], *data.get("variants", ())),
        alternative,
    )


def _load(name: str) -> dict[str, Any]:
    with (_FOLDER / name).open("rb") as file:
        return tomllib.load(file)


@cache
def load_form(edition: FormEdition) -> Form:
    """Load an edition of the form.

    Examples
    --------
    >>> form = load_form("2021")
    >>> len(form.requests), len(form.review_columns())
    (25, 15)
    """
    data = _load(f"edition_{edition}.toml")
    rows = [_request_row(row) for row in data["section3"]["rows"]]
    return Form(
        edition,
        data["name"],
        tuple(
            TableTwoBlock(
                block["clause"],
                tuple(_column(column) for column in block["columns"]),
                tuple(
                    Row(r["key"], r["key"], "", "", _folded(r["key"], *r.get("variants", ())))
                    for r in block["rows"]
                ),
            )
            for block in data["section2"]
        ),
        tuple(_column(column) for column in data["section3"]["columns"]),
        tuple(row for row in rows if not row.alternative),
        tuple(row for row in rows if row.alternative),
        data["section4"]["row"],
        tuple(data["section4"]["results"]),
        tuple(ResultGroup(g["key"], g["label"]) for g in data["section4"]["groups"]),
    )


@cache
def load_heading_rules() -> tuple[HeadingRule, ...]:
    """Load the words by which section headings are known, in the order to try them."""
    return tuple(
        HeadingRule(rule["no"], rule["title"], tuple(re.compile(p) for p in rule["patterns"]))
        for rule in _load("headings.toml")["section"]
    )


@cache
def load_mandated() -> Mapping[str, Any]:
    """Load the wording that the form or the regulation obliges everyone to write."""
    phrases: Mapping[str, Any] = _load("mandated.toml")["phrases"]
    return phrases


APPLICANTS: tuple[str, ...] = (
    "自然人",
    "商业企业",
    "科研机构",
    "社会公益组织",
    "法律服务机构",
    "其他",
    "总计",
)
