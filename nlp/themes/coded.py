"""A filled coding sheet, row by row: what a coder decided."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from nlp.themes.codebook import Codebook
from nlp.themes.labels import LabelError

SHEET = "编码"
# Row 1, hidden, has the English keys; row 2 the Chinese labels.
KEY_ROW = 1
HEADER_ROWS = 2
NEEDED = ("id", "role", "text", "primary")
_MARKS = {"1", "1.0", "是", "√", "✓", "x", "X", "y", "Y", "true", "True", "TRUE"}
_BLANKS = {"", "0", "0.0", "否", "false", "False", "FALSE"}


@dataclass(frozen=True, slots=True)
class CodedRow:
    """One statement of a coding sheet; ``themes`` has the primary theme first.

    ``unusable`` rows were marked by the coder as no statement; a row that is neither
    unusable nor has a primary theme is not coded (yet).
    """

    line: int
    id: str
    role: str
    text: str
    themes: tuple[str, ...]
    primary: str | None
    unusable: bool
    note: str
    issuer: str
    year: str
    level: str
    era: str
    before: str
    after: str

    @property
    def is_coded(self) -> bool:
        """Whether the coder gave the statement its themes."""
        return self.primary is not None and not self.unusable


def read_coded(path: str | Path, codebook: Codebook) -> tuple[CodedRow, ...]:
    """Read a coding sheet as a coder filled it in.

    Parameters
    ----------
    path : str or Path
        An xlsx made by ``nianbao themes sheet``.  Themes are marked by 1 (是, √ and x count
        too); the primary theme is given by its name or id.
    codebook : Codebook
        The themes that the sheet may have.

    Returns
    -------
    tuple of CodedRow
        In the order of the sheet.  The primary theme counts as marked whether or not its
        column is; where one theme alone is marked and no primary given, it is the primary.

    Raises
    ------
    LabelError
        If the file is no coding sheet, was made for other themes, or a row cannot be
        understood; the message names the rows, up to ten.
    """
    file = Path(path)
    rows = _read_rows(file)
    keys = [str(value).strip() if value is not None else "" for value in rows[KEY_ROW - 1]]
    missing = [key for key in NEEDED if key not in keys]
    if missing:
        raise LabelError(
            f"{file.name} 的“{SHEET}”表第 {KEY_ROW} 行缺少 {'、'.join(missing)}；"
            "请不要删改编码表的前两行（第 1 行是隐藏的）"
        )
    marked = [key.removeprefix("theme:") for key in keys if key.startswith("theme:")]
    strange = sorted(set(marked) - set(codebook.ids))
    absent = [theme for theme in codebook.ids if theme not in marked]
    if strange or absent:
        words = []
        if strange:
            words.append(f"编码手册中没有 {'、'.join(strange)}")
        if absent:
            words.append(f"编码表中没有 {'、'.join(absent)}")
        raise LabelError(
            f"{file.name} 与编码手册的主题不同：{'；'.join(words)}。"
            "请用 --codebook 指定制表时的编码手册"
        )
    coded: list[CodedRow] = []
    faults: list[str] = []
    for line, values in enumerate(rows[HEADER_ROWS:], HEADER_ROWS + 1):
        cells = {key: _text(value) for key, value in zip(keys, values, strict=False) if key}
        if not cells.get("id"):
            if any(cells.get(key) for key in ("text", "primary")):
                faults.append(f"第 {line} 行：编号被删去了")
            continue
        try:
            coded.append(_read_row(cells, line, codebook))
        except LabelError as error:
            faults.append(f"第 {line} 行（{cells['id']}）：{error}")
    ids = [row.id for row in coded]
    faults += [f"编号 {name} 用了不止一次" for name in sorted({i for i in ids if ids.count(i) > 1})]
    if faults:
        more = f"\n……共 {len(faults)} 处" if len(faults) > 10 else ""
        raise LabelError(f"{file.name} 有误：\n" + "\n".join(faults[:10]) + more)
    if not coded:
        raise LabelError(f"{file.name} 的“{SHEET}”表没有陈述")
    return tuple(coded)


def _read_rows(file: Path) -> Sequence[tuple[Any, ...]]:
    try:
        # Not read-only: some programs write a wrong size of the sheet, which that mode trusts.
        book = openpyxl.load_workbook(file, data_only=True)
    except FileNotFoundError:
        raise LabelError(f"找不到编码表 {file.name}，请检查路径") from None
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise LabelError(f"{file.name} 打不开：应为 nianbao themes sheet 写出的 xlsx") from error
    try:
        if SHEET not in book.sheetnames:
            raise LabelError(
                f"{file.name} 里没有“{SHEET}”表；应为 nianbao themes sheet 写出的 xlsx"
            )
        rows = list(book[SHEET].iter_rows(values_only=True))
    finally:
        book.close()
    if len(rows) <= HEADER_ROWS:
        raise LabelError(f"{file.name} 的“{SHEET}”表是空的")
    return rows


def _read_row(cells: dict[str, str], line: int, codebook: Codebook) -> CodedRow:
    names = {theme.name: theme.id for theme in codebook.themes}
    marked = [theme for theme in codebook.ids if _is_marked(cells.get(f"theme:{theme}", ""))]
    given = cells.get("primary", "")
    primary: str | None = names.get(given, given) or None
    if primary is not None and primary not in codebook.ids:
        raise LabelError(f"主要主题“{given}”不在编码手册中；请从下拉列表中选")
    unusable = _is_marked(cells.get("unusable", ""))
    if primary is None and marked and not unusable:
        if len(marked) > 1:
            raise LabelError("标了几个主题，却没有选主要主题")
        primary = marked[0]
    themes = list(dict.fromkeys([*([primary] if primary else []), *marked]))
    if codebook.fallback in themes and len(themes) > 1:
        raise LabelError(f"“{codebook.name_of(str(codebook.fallback))}”只能单独使用")
    return CodedRow(
        line=line,
        id=cells["id"],
        role=cells.get("role", ""),
        text=_unguard(cells.get("text", "")),
        themes=tuple(themes),
        primary=primary,
        unusable=unusable,
        note=_unguard(cells.get("note", "")),
        issuer=_unguard(cells.get("issuer", "")),
        year=cells.get("year", ""),
        level=cells.get("level", ""),
        era=cells.get("era", ""),
        before=_unguard(cells.get("before", "")),
        after=_unguard(cells.get("after", "")),
    )


def _is_marked(value: str) -> bool:
    if value in _MARKS:
        return True
    if value in _BLANKS:
        return False
    raise LabelError(f"主题格里应为 1 或空白，实为“{value}”")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _unguard(text: str) -> str:
    """Take the apostrophe off that kept a text from being run as a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in "=+-@＝＋－＠" else text
