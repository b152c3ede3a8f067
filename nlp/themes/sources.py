"""Labels from wherever they were made: our CSV, a coding sheet, JSON lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from nlp.documents.records import Role
from nlp.themes.codebook import Codebook
from nlp.themes.coded import read_coded
from nlp.themes.labels import COLUMNS, Era, Label, LabelError, LabelLevel, load_labels
from nlp.themes.likeness import collapse_duplicates

UNKNOWN = "unknown"
_ROLES: Mapping[str, Role] = {
    "problem": "problem",
    "measure": "measure",
    "问题": "problem",
    "措施": "measure",
}


@dataclass(frozen=True, slots=True)
class LabelSet:
    """Labelled statements with the issuer of each (empty where it is not known).

    ``left_out`` counts rows that were not coded, or marked as no statement.
    """

    name: str
    labels: tuple[Label, ...]
    issuers: tuple[str, ...]
    left_out: int = 0

    def group_sources(self) -> tuple[str, ...]:
        """Give each label the name of its source, for intervals: issuer, else family."""
        return tuple(
            issuer or label.family for issuer, label in zip(self.issuers, self.labels, strict=True)
        )

    def group_splits(self) -> tuple[str, ...]:
        """Give each label a group that may not be split between training and test.

        Labels of one issuer and labels of one wording family stay together.  Where that
        would join most of the labels into one group (a sentence that everyone uses),
        wording alone decides, since it is what leaks.
        """
        families = [label.family for label in self.labels]
        if not any(self.issuers):
            return tuple(families)
        names = [f"f:{family}" for family in families]
        nodes = {name: n for n, name in enumerate(dict.fromkeys(names))}
        rows, columns = [], []
        for issuer, name in zip(self.issuers, names, strict=True):
            if issuer:
                rows.append(nodes[name])
                columns.append(nodes.setdefault(f"i:{issuer}", len(nodes)))
        links = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(nodes), len(nodes)))
        part = connected_components(links, directed=False)[1]
        groups = [f"g{part[nodes[name]]}" for name in names]
        largest = max(groups.count(group) for group in set(groups))
        return tuple(families) if largest > len(groups) / 2 else tuple(groups)


def read_labels(path: str | Path, codebook: Codebook) -> LabelSet:
    """Read labels from a CSV, a filled coding sheet (xlsx) or JSON lines.

    Parameters
    ----------
    path : str or Path
        A CSV as ``load_labels`` takes it; or a CSV or JSONL with at least ``role, text`` and
        ``themes`` or ``primary`` (themes by id or Chinese name, several joined by ``;`` or as
        a list), and where known ``id, family, level, era, issuer``; or an xlsx made by
        ``nianbao themes sheet`` and filled in.
    codebook : Codebook
        Defines the themes that may occur.

    Raises
    ------
    LabelError
        If the file is missing, has no labels, or a row breaks a rule; the Chinese message
        names the rows.

    Notes
    -----
    Where no family is given, near-duplicates (`collapse_duplicates`) make the families.
    """
    file = Path(path)
    if not file.is_file():
        raise LabelError(f"找不到标注文件 {file.name}，请检查路径")
    kind = file.suffix.lower()
    if kind == ".xlsx":
        return _read_sheet(file, codebook)
    if kind == ".jsonl":
        return _make_set(file.name, _read_lines(file), codebook)
    if kind == ".csv":
        rows = list(_read_csv(file))
        if rows and all(column in rows[0][1] for column in COLUMNS):
            labels = load_labels(file, codebook)
            issuers = tuple(str(row.get("issuer") or "").strip() for _, row in rows)
            return LabelSet(file.name, labels, issuers)
        return _make_set(file.name, rows, codebook)
    raise LabelError(f"{file.name}：标注文件应为 .csv、.xlsx（编码表）或 .jsonl")


def join_labels(sets: Sequence[LabelSet]) -> tuple[Label, ...]:
    """Join label sets for training: ids and families of the later sets get a prefix.

    A wording that an earlier set has as well belongs to the earlier one's family, so that
    folds keep the two together; coded differently, both stay.

    Examples
    --------
    >>> one = Label("1", "F1", "problem", "county", "2021", ("training",), "培训不够")
    >>> both = join_labels([LabelSet("甲", (one,), ("",)), LabelSet("乙", (one,), ("",))])
    >>> [(label.id, label.family) for label in both]
    [('1', 'F1'), ('2:1', 'F1')]
    """
    joined: list[Label] = []
    for number, part in enumerate(sets, 1):
        prefix = "" if number == 1 else f"{number}:"
        joined += [
            Label(
                prefix + label.id,
                prefix + label.family,
                label.role,
                label.level,
                label.era,
                label.themes,
                label.text,
            )
            for label in part.labels
        ]
    if len(sets) < 2:
        return tuple(joined)
    leaders = collapse_duplicates([label.text for label in joined])
    adopted: dict[str, str] = {}
    for label, leader in zip(joined, leaders, strict=True):
        if joined[leader].family != label.family:
            adopted.setdefault(label.family, joined[leader].family)
    return tuple(
        Label(
            label.id,
            _follow(adopted, label.family),
            label.role,
            label.level,
            label.era,
            label.themes,
            label.text,
        )
        for label in joined
    )


def _follow(adopted: Mapping[str, str], family: str) -> str:
    seen = {family}
    while family in adopted and adopted[family] not in seen:
        family = adopted[family]
        seen.add(family)
    return family


def _read_csv(file: Path) -> Iterable[tuple[int, dict[str, Any]]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            for row in reader:
                yield reader.line_num, dict(row)
    except UnicodeDecodeError:
        raise LabelError(f"{file.name} 不是 UTF-8 编码，请另存为 UTF-8 CSV 后再试") from None


def _read_lines(file: Path) -> list[tuple[int, dict[str, Any]]]:
    rows = []
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError:
        raise LabelError(f"{file.name} 不是 UTF-8 编码，请另存为 UTF-8 后再试") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            row = None
        if not isinstance(row, dict):
            raise LabelError(f"{file.name} 第 {number} 行：应为一个 JSON 对象")
        rows.append((number, row))
    return rows


def _read_sheet(file: Path, codebook: Codebook) -> LabelSet:
    coded = read_coded(file, codebook)
    rows = [
        (
            row.line,
            {
                "id": row.id,
                "role": row.role,
                "text": row.text,
                "themes": list(row.themes),
                "primary": row.primary,
                "level": row.level,
                "era": row.era,
                "issuer": row.issuer,
            },
        )
        for row in coded
        if row.is_coded
    ]
    found = _make_set(file.name, rows, codebook)
    return LabelSet(found.name, found.labels, found.issuers, len(coded) - len(rows))


def _make_set(
    name: str, rows: Iterable[tuple[int, Mapping[str, Any]]], codebook: Codebook
) -> LabelSet:
    labels: list[Label] = []
    issuers: list[str] = []
    faults: list[str] = []
    seen: set[str] = set()
    for line, row in rows:
        try:
            label = _make_label(row, line, codebook)
            if label.id in seen:
                raise LabelError(f"编号 {label.id} 用了不止一次")
        except LabelError as error:
            faults.append(f"第 {line} 行（{row.get('id') or '无编号'}）：{error}")
            continue
        seen.add(label.id)
        labels.append(label)
        issuers.append(_word(row.get("issuer")))
    if faults:
        more = f"\n……共 {len(faults)} 处" if len(faults) > 10 else ""
        raise LabelError(f"{name} 有误：\n" + "\n".join(faults[:10]) + more)
    if not labels:
        raise LabelError(f"{name} 没有任何标注；编码表须先填写“主要主题”再用")
    return LabelSet(name, _fill_families(labels), tuple(issuers))


def _fill_families(labels: Sequence[Label]) -> tuple[Label, ...]:
    leaders = collapse_duplicates([label.text for label in labels])
    return tuple(
        label
        if label.family
        else Label(
            label.id,
            f"W{leader + 1:05d}",
            label.role,
            label.level,
            label.era,
            label.themes,
            label.text,
        )
        for label, leader in zip(labels, leaders, strict=True)
    )


def _make_label(row: Mapping[str, Any], line: int, codebook: Codebook) -> Label:
    role = _ROLES.get(_word(row.get("role")))
    if role is None:
        raise LabelError(f"role 应为 problem 或 measure，实为 {row.get('role')!r}")
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        raise LabelError("text 为空")
    names = {theme.name: theme.id for theme in codebook.themes}
    raw = row.get("themes")
    parts = raw if isinstance(raw, list | tuple) else _word(raw).replace("；", ";").split(";")
    themes = [names.get(word, word) for word in map(_word, parts) if word]
    primary = names.get(_word(row.get("primary")), _word(row.get("primary")))
    if not primary:
        if not themes:
            raise LabelError("没有主题；应有 themes 或 primary")
        primary = themes[0]
    themes = list(dict.fromkeys([primary, *themes]))
    unknown = [theme for theme in themes if theme not in codebook.ids]
    if unknown:
        raise LabelError(f"编码手册中没有主题 {'、'.join(unknown)}")
    if codebook.fallback in themes and len(themes) > 1:
        raise LabelError(f"{codebook.name_of(str(codebook.fallback))} 只能单独使用")
    return Label(
        id=_word(row.get("id")) or f"L{line:05d}",
        family=_word(row.get("family")),
        role=role,
        level=cast(LabelLevel, _word(row.get("level")) or UNKNOWN),
        era=cast(Era, _word(row.get("era")) or UNKNOWN),
        themes=tuple(themes),
        text=text,
    )


def _word(value: Any) -> str:
    return "" if value is None else str(value).strip()
