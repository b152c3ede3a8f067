"""Labelled statements: reading them and holding them to the codebook."""

from __future__ import annotations

import csv
import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from nlp.documents.records import Role
from nlp.themes.codebook import Codebook

LabelLevel = Literal["province", "city", "county", "township", "department"]
Era = Literal["narrative", "2019", "2021"]
COLUMNS = ("id", "family", "role", "level", "era", "themes", "primary", "text")
_NOT_WORD = re.compile(r"[\W_]+")


class LabelError(ValueError):
    """Labels that cannot be trained on; the Chinese message names the row and the column."""


@dataclass(frozen=True, slots=True)
class Label:
    """One labelled statement.

    ``themes`` has the primary theme first.  ``family`` joins variants of one wording, so
    that an evaluation never tests on a variant of what it was trained on.
    """

    id: str
    family: str
    role: Role
    level: LabelLevel
    era: Era
    themes: tuple[str, ...]
    text: str

    @property
    def primary(self) -> str:
        """The theme that the statement is mainly about."""
        return self.themes[0]


def load_labels(path: str | Path, codebook: Codebook) -> tuple[Label, ...]:
    """Read labelled statements from a CSV file and check every row against the codebook.

    Parameters
    ----------
    path : str or Path
        UTF-8 (with or without BOM), columns ``id, family, role, level, era, themes,
        primary, text``; several themes are joined by ``;``.
    codebook : Codebook
        Defines the theme ids that may occur.

    Raises
    ------
    LabelError
        If a column is missing or a row breaks a rule; all faults are listed, up to ten.
    """
    file = Path(path)
    try:
        with file.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
            if missing:
                raise LabelError(
                    f"{file.name} 缺少列 {'、'.join(missing)}；应有 {'、'.join(COLUMNS)}"
                )
            rows = [(reader.line_num, row) for row in reader]
    except FileNotFoundError:
        raise LabelError(f"找不到标注文件 {file.name}，请检查路径") from None
    except UnicodeDecodeError:
        raise LabelError(f"{file.name} 不是 UTF-8 编码，请另存为 UTF-8 CSV 后再试") from None
    labels: list[Label] = []
    faults: list[str] = []
    for line, row in rows:
        fault = _find_fault(row, codebook)
        if fault is not None:
            faults.append(f"第 {line} 行（{row.get('id') or '无编号'}）：{fault}")
            continue
        themes = [theme.strip() for theme in row["themes"].split(";")]
        primary = row["primary"].strip()
        labels.append(
            Label(
                id=row["id"].strip(),
                family=row["family"].strip(),
                role=cast(Role, row["role"].strip()),
                level=cast(LabelLevel, row["level"].strip()),
                era=cast(Era, row["era"].strip()),
                themes=(primary, *(theme for theme in themes if theme != primary)),
                text=row["text"],
            )
        )
    faults += find_conflicts(labels)
    if faults:
        more = f"\n……共 {len(faults)} 处" if len(faults) > 10 else ""
        raise LabelError(f"{file.name} 有误：\n" + "\n".join(faults[:10]) + more)
    if not labels:
        raise LabelError(f"{file.name} 没有任何标注")
    return tuple(labels)


def _find_fault(row: dict[str, str], codebook: Codebook) -> str | None:
    if any(row.get(column) is None for column in COLUMNS):
        return "列数不足"
    if not row["id"].strip() or not row["family"].strip():
        return "id 与 family 不能为空"
    choices = {"role": get_args(Role), "level": get_args(LabelLevel), "era": get_args(Era)}
    for column, allowed in choices.items():
        if row[column].strip() not in allowed:
            return f"{column} 应为 {'、'.join(allowed)} 之一，实为 {row[column]!r}"
    themes = [theme.strip() for theme in row["themes"].split(";")]
    unknown = [theme for theme in themes if theme not in codebook.ids]
    if unknown:
        return f"编码手册中没有主题 {'、'.join(unknown)}"
    if len(set(themes)) != len(themes):
        return "themes 有重复"
    if row["primary"].strip() not in themes:
        return f"primary {row['primary']!r} 不在 themes 之中"
    if codebook.fallback in themes and len(themes) > 1:
        return f"{codebook.fallback} 只能单独使用"
    if not row["text"].strip():
        return "text 为空"
    return None


def find_conflicts(labels: Sequence[Label]) -> list[str]:
    """List ids used twice, and the same wording in two families (it would leak)."""
    faults: list[str] = []
    ids: dict[str, int] = {}
    families: dict[str, Label] = {}
    for label in labels:
        ids[label.id] = ids.get(label.id, 0) + 1
        key = _NOT_WORD.sub("", unicodedata.normalize("NFKC", label.text))
        other = families.setdefault(key, label)
        if other.family != label.family:
            faults.append(f"{other.id} 与 {label.id} 文字相同，却属于两个 family")
    faults += [f"编号 {name} 用了 {count} 次" for name, count in ids.items() if count > 1]
    return faults


def hash_labels(labels: Sequence[Label]) -> str:
    """Hash what the labels say, independent of the file's line ends and quoting."""
    digest = hashlib.sha256()
    for label in labels:
        fields = (
            label.id,
            label.family,
            label.role,
            label.level,
            label.era,
            ";".join(label.themes),
            label.text,
        )
        digest.update("\x1f".join(fields).encode() + b"\x1e")
    return digest.hexdigest()
