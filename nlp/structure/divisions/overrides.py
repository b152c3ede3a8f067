"""What a user knows better: issuers' attributes from a table of one's own."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import get_args

from nlp.documents.records import Issuer, IssuerKind, Level
from nlp.structure.divisions import load_divisions

Overrides = Mapping[str, Mapping[str, str]]

_LABELS = {
    "发布机关": "issuer",
    "层级": "level",
    "机关类别": "kind",
    "区划代码": "region_code",
    "code": "region_code",
    "省": "province",
    "市": "city",
    "县": "county",
    "乡镇": "township",
}
_ATTRIBUTES = ("level", "kind", "region_code", "province", "city", "county", "township")


def read_overrides(path: str | Path) -> dict[str, dict[str, str]]:
    """Read a user's table of issuers: CSV in UTF-8, one row an issuer.

    The columns are 发布机关 and any of 层级, 机关类别, 区划代码, 省, 市, 县, 乡镇 (or their
    English keys issuer, level, kind, region_code, province, city, county, township).

    Returns
    -------
    dict
        Issuer name → attributes, as ``describe_issuer(overrides=…)`` takes them.

    Raises
    ------
    ValueError
        If there is no column 发布机关, a level or kind that there is not, or the file is
        not UTF-8.
    """
    path = Path(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns = [_LABELS.get(name.strip(), name.strip()) for name in reader.fieldnames or ()]
            reader.fieldnames = columns
            rows = list(reader)
    except UnicodeDecodeError as error:
        raise ValueError(f"{path.name}：应为 UTF-8 编码的 CSV；请另存为 UTF-8 后再用") from error
    if "issuer" not in columns:
        found = "、".join(columns) or "空文件"
        raise ValueError(f"{path.name}：应有“发布机关”一列；实有 {found}。请在首行写列名")
    table = {}
    for number, row in enumerate(rows, 2):
        name = (row["issuer"] or "").strip()
        attributes = {key: (row.get(key) or "").strip() for key in _ATTRIBUTES}
        try:
            _check(name, attributes)
        except ValueError as error:
            raise ValueError(f"{path.name} 第 {number} 行：{error}") from error
        if name:
            table[name] = {key: value for key, value in attributes.items() if value}
    return table


def apply_override(issuer: Issuer, attributes: Mapping[str, str]) -> Issuer:
    """Give the issuer with the user's attributes in place of those that were found."""
    given = {_LABELS.get(key, key): value for key, value in attributes.items() if value}
    _check(issuer.name or "", given)
    region = issuer.region
    place = load_divisions().current.get(given.get("region_code", ""))
    if place is not None:
        region = place.region()
    region = replace(
        region,
        code=given.get("region_code", region.code),
        province=given.get("province", region.province),
        city=given.get("city", region.city),
        county=given.get("county", region.county),
        township=given.get("township", region.township),
    )
    level: Level | None = given.get("level", issuer.level)  # type: ignore[assignment]
    kind: IssuerKind | None = given.get("kind", issuer.kind)  # type: ignore[assignment]
    return Issuer(issuer.name, level, kind, region, "用户指定")


def _check(name: str, attributes: Mapping[str, str]) -> None:
    for key, allowed in (("level", get_args(Level)), ("kind", get_args(IssuerKind))):
        value = attributes.get(key)
        if value and value not in allowed:
            raise ValueError(f"“{name}”的 {key} 应为 {'、'.join(allowed)} 之一；实为“{value}”")
