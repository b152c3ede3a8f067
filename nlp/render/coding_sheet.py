"""Coding sheets: statements in rows, themes in columns, drop-down lists, definitions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from nlp.labels import ROLES
from nlp.render.tables import (
    CREATED,
    FONT,
    TableStyles,
    count_lines,
    put_value,
    show_text,
    write_table_sheet,
)

_HEADER_ROWS = 2
# Key, Chinese label, width of the columns on the left of the themes and on their right.
_LEFT = (
    ("id", "编号", 18),
    ("issuer", "机关", 16),
    ("year", "年度", 6),
    ("role", "角色", 6),
    ("before", "前文", 24),
    ("text", "陈述（编码这一栏）", 44),
    ("after", "后文", 24),
    ("primary", "主要主题", 17),
)
_RIGHT = (
    ("unusable", "不是陈述", 6),
    ("note", "备注", 26),
    ("level", "层级", 11),
    ("era", "年代", 10),
    ("alike", "同类条数", 8),
    ("reason", "入选理由", 11),
)
_THEME_WIDTH = 5.5
# Carried along for training and evaluation; coders should not be swayed by them.
_FOR_PROGRAMS = {"level", "era"}
_NUMBERS = {"year", "alike"}
_FREE = {"primary", "unusable", "note"}
_RULES_TITLE = "争议规则"


@dataclass(frozen=True, slots=True)
class SheetTheme:
    """A theme as the coder reads it."""

    id: str
    name: str
    definition: str
    code_when: str
    do_not_code_when: str


@dataclass(frozen=True, slots=True)
class Guide:
    """What stands on the definitions sheet: themes, rules, and remarks on this sheet."""

    title: str
    unit: str
    themes: Sequence[SheetTheme]
    rules: Mapping[str, str]
    remarks: Sequence[str] = field(default_factory=tuple)


def write_coding_sheet(
    rows: pd.DataFrame,
    guide: Guide,
    path: Path | str,
    *,
    tables: Mapping[str, pd.DataFrame] | None = None,
) -> None:
    """Write a coding sheet; the same rows and guide give the same bytes.

    Parameters
    ----------
    rows : DataFrame
        One row a statement; the columns that ``choose_statements`` gives, and where a
        coding is there already ``primary`` (theme id or missing), ``themes`` (ids joined by
        spaces), ``unusable`` (flag) and ``note``.
    guide : Guide
        Themes and rules for the 定义 sheet and the drop-down lists.
    path : Path or str
        Where to write the xlsx.
    tables : mapping of str to DataFrame, optional
        Further sheets by title, shown before the coding, as they are.

    Notes
    -----
    Cells other than the coder's are locked (without a password, so that a researcher may
    unlock them).  Text that a spreadsheet might run as a formula gets an apostrophe.
    """
    with xlsxwriter.Workbook(
        str(path),
        {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    ) as book:
        book.set_properties({"title": "主题编码表", "created": CREATED})
        book.set_size(2400, 1500)
        styles, table_styles = _Styles(book), TableStyles(book)
        for title, table in (tables or {}).items():
            write_table_sheet(book.add_worksheet(title), table, table_styles)
        coding = book.add_worksheet("编码")
        _write_guide(book.add_worksheet("定义"), guide, styles)
        _write_coding(coding, rows, guide, styles)
        if not tables:
            coding.activate()


class _Styles:
    def __init__(self, book: xlsxwriter.Workbook) -> None:
        base = {"font_name": FONT, "font_size": 10, "valign": "top", "text_wrap": True}
        line = {"border": 1, "border_color": "#D5DCE4"}
        head = {**base, **line, "bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF"}
        self.head: Format = book.add_format({**head, "valign": "vcenter", "align": "center"})
        self.tall: Format = book.add_format(
            {**head, "valign": "vcenter", "align": "center", "font_size": 9}
        )
        self.key: Format = book.add_format(
            {**line, "font_name": "Consolas", "font_size": 8, "font_color": "#6B7B8C",
             "bg_color": "#E8EEF4"}
        )  # fmt: skip
        self.text: Format = book.add_format({**base, **line})
        self.strong: Format = book.add_format({**base, **line, "font_size": 11, "bold": True})
        self.quiet: Format = book.add_format({**base, **line, "font_color": "#6B7B8C"})
        self.free: Format = book.add_format(
            {**base, **line, "bg_color": "#FFF9E5", "locked": False}
        )
        self.mark: Format = book.add_format(
            {**base, **line, "bg_color": "#FFF9E5", "locked": False, "align": "center"}
        )
        self.title: Format = book.add_format({**base, "text_wrap": False, "bold": True,
                                              "font_size": 15})  # fmt: skip
        self.plain: Format = book.add_format(base)


def _write_coding(sheet: Worksheet, rows: pd.DataFrame, guide: Guide, styles: _Styles) -> None:
    themes = [(f"theme:{t.id}", t.name, _THEME_WIDTH) for t in guide.themes]
    columns = [*_LEFT, *themes, *_RIGHT]
    places = {key: place for place, (key, _, _) in enumerate(columns)}
    for place, (key, label, width) in enumerate(columns):
        sheet.set_column(place, place, width, None, {"hidden": key in _FOR_PROGRAMS})
        style = styles.tall if key.startswith("theme:") else styles.head
        sheet.write_string(0, place, key, styles.key)
        sheet.write_string(1, place, label, style)
    # The keys are for programs that read the sheet; they must not be in the coder's way.
    sheet.set_row(0, None, None, {"hidden": True})
    sheet.set_row(1, 78)
    sheet.freeze_panes(_HEADER_ROWS, places["text"] + 1)
    last = _HEADER_ROWS + len(rows) - 1
    for number, row in enumerate(rows.to_dict("records"), _HEADER_ROWS):
        _write_row(sheet, number, {str(k): v for k, v in row.items()}, columns, guide, styles)
    if len(rows):
        _restrict(sheet, places, last, guide)
        sheet.autofilter(1, 0, last, len(columns) - 1)
    sheet.protect(
        "",
        {
            "format_cells": True,
            "format_columns": True,
            "format_rows": True,
            "sort": True,
            "autofilter": True,
        },
    )
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)


def _write_row(
    sheet: Worksheet,
    number: int,
    row: dict[str, Any],
    columns: Sequence[tuple[str, str, float]],
    guide: Guide,
    styles: _Styles,
) -> None:
    names = {theme.id: theme.name for theme in guide.themes}
    marked = set(show_text(row.get("themes")).split())
    lines = 1
    for place, (key, _, width) in enumerate(columns):
        if key.startswith("theme:"):
            on = key.removeprefix("theme:") in marked
            put_value(sheet, number, place, 1 if on else "", styles.mark)
        elif key == "unusable":
            on = show_text(row.get(key)) == "True"
            put_value(sheet, number, place, 1 if on else "", styles.mark)
        elif key == "primary":
            given = show_text(row.get(key))
            put_value(sheet, number, place, names.get(given, given), styles.free)
        else:
            value = show_text(row.get(key))
            if key in _NUMBERS and value.isdecimal():
                put_value(sheet, number, place, int(value), styles.text)
                continue
            if key == "role":
                value = ROLES.get(value, value)
            style = (
                styles.strong
                if key == "text"
                else styles.free
                if key in _FREE
                else styles.text
                if key in ("issuer", "year", "role")
                else styles.quiet
            )
            put_value(sheet, number, place, value, style)
            lines = max(lines, count_lines(value, width, 11 if key == "text" else 10))
    sheet.set_row(number, 15 * lines + 3)


def _restrict(sheet: Worksheet, places: Mapping[str, int], last: int, guide: Guide) -> None:
    """Put the drop-down lists on: names of themes, and 1 or blank."""
    first = _HEADER_ROWS
    count = len(guide.themes)
    sheet.data_validation(
        first,
        places["primary"],
        last,
        places["primary"],
        {
            "validate": "list",
            # A reference, since a list written out may not be longer than 255 characters.
            "source": f"=定义!$B${_THEMES_AT + 1}:$B${_THEMES_AT + count}",
            "error_title": "主要主题",
            "error_message": "请从下拉列表中选一个主题",
        },
    )
    marks = [key for key in places if key.startswith("theme:") or key == "unusable"]
    for key in marks:
        sheet.data_validation(
            first,
            places[key],
            last,
            places[key],
            {
                "validate": "list",
                "source": ["1"],
                "error_title": "标记",
                "error_message": "说到这个主题填 1，否则留空",
            },
        )


_THEMES_AT = 4  # rows of the 定义 sheet above its first theme
_HOW_TO = (
    "逐条编码“编码”表里黄色的格子：先从下拉列表选“主要主题”，再在说到的其他主题下填 1"
    "（主要主题那一格可不填）。前文、后文只供理解，不编码。",
    "切分有误、根本不是问题或措施的，在“不是陈述”下填 1，其余留空；拿不准的写在备注里。",
    "两人编码时请各自独立完成，不要商量；编完用 nianbao themes agree 比较，再一起裁定争议。",
    "各条按“模型把握最小”与“最有代表性”交替排列，措辞相近的只取一条（同类条数是它所代表的"
    "条数），因此这份样本不能用来估计主题占比。",
)


def _write_guide(sheet: Worksheet, guide: Guide, styles: _Styles) -> None:
    for place, width in enumerate((24, 22, 44, 52, 52)):
        sheet.set_column(place, place, width)
    sheet.hide_gridlines(2)
    put_value(sheet, 0, 0, guide.title or "编码手册", styles.title)
    sheet.merge_range(1, 0, 1, 4, "", styles.plain)
    put_value(sheet, 1, 0, guide.unit, styles.plain)
    sheet.set_row(1, 34)
    for place, label in enumerate(("编号", "主题", "定义", "何时编码", "何时不编")):
        sheet.write_string(_THEMES_AT - 1, place, label, styles.head)
    for number, theme in enumerate(guide.themes, _THEMES_AT):
        values = (theme.id, theme.name, theme.definition, theme.code_when, theme.do_not_code_when)
        for place, value in enumerate(values):
            put_value(sheet, number, place, value, styles.quiet if place == 0 else styles.text)
        lines = max(count_lines(value, 44) for value in values[2:])
        sheet.set_row(number, 15 * lines + 3)
    number = _THEMES_AT + len(guide.themes) + 1
    for title, texts in (
        ("怎样编码", [*_HOW_TO, *guide.remarks]),
        (_RULES_TITLE, list(guide.rules.values())),
    ):
        if not texts:
            continue
        put_value(sheet, number, 0, title, styles.title)
        number += 1
        for order, text in enumerate(texts, 1):
            sheet.merge_range(number, 0, number, 4, "", styles.plain)
            put_value(sheet, number, 0, f"{order}. {text}", styles.plain)
            sheet.set_row(number, 15 * count_lines(text, 180) + 3)
            number += 1
        number += 1
    sheet.freeze_panes(_THEMES_AT, 2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
