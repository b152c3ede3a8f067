"""Level, kind and region of an issuer, from its name and the division data set.

Nothing is guessed.  A name of a place counts only where the data set has it; a name that
it has more than once (鼓楼区) counts only where the rest of the name, or the context that
is passed in, settles which is meant.  Where the data set does not help, the words still
tell the level if they can mean one thing only: a 县 is a county, a 镇 is a township, but
a 市 may be a prefecture or a county-level city.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from nlp.documents.records import Issuer, IssuerKind, Level, Region
from nlp.structure.divisions import REFERENCE_DATE, Division, Divisions, load_divisions, words
from nlp.structure.divisions.overrides import Overrides, apply_override, read_overrides
from nlp.structure.divisions.places import Place, find_places, match_regions

__all__ = ["describe_issuer", "match_regions", "override_issuer", "read_overrides"]

_DATA = f"区划数据（{REFERENCE_DATE}）"
_BY_CONTEXT = "，据标题或引言"
_BY_WORD = "层级据名称用字"
_NOT_LISTED = "；地名不在区划数据中"
_EITHER = "市可为地级或县级，未能确定"
_NO_LEVEL = "；开发区等不是一级行政区划，层级不定"


@dataclass(frozen=True, slots=True)
class _Found:
    """What a name tells: level and region, the rest that names the organ, and the grounds."""

    level: Level | None
    region: Region
    organ: str
    source: str


def describe_issuer(
    name: str | None,
    *,
    context: str = "",
    overrides: Overrides | None = None,
    year: int | None = None,
) -> Issuer:
    """Tell the level, kind and region of an issuer.

    Parameters
    ----------
    name : str or None
        The issuer as the report names it.
    context : str
        Title, preamble or address of the report: settles names that are not unique, and
        names without a place (县科技局), where it names one place that fits.
    overrides : mapping, optional
        Issuer name → attributes that a user knows better: ``level``, ``kind``,
        ``region_code``, ``province``, ``city``, ``county``, ``township``.  Empty ones are
        left as found.
    year : int, optional
        The report's year: settles names that moved or changed their level over the years
        (巢湖市 was a prefecture until 2011).

    Returns
    -------
    Issuer
        ``region.code`` is the code of the lowest place that the data set has: nine digits
        for a township, otherwise six.  ``source`` says in Chinese what the answer rests on.
        A municipality (北京市) is a province, its districts are counties; ``kind`` is
        ``government`` for a people's government, the committee of a zone, a subdistrict
        office, or a bare name of a place (the summary report of that place).

    Raises
    ------
    ValueError
        If an override has a level or kind that there is not.

    Examples
    --------
    >>> issuer = describe_issuer("洪泽区教育体育局")
    >>> issuer.level, issuer.kind, issuer.region.city
    ('county', 'department', '淮安市')
    >>> describe_issuer("鼓楼区人民政府").region.province is None
    True
    >>> describe_issuer("鼓楼区人民政府", context="徐州市鼓楼区人民政府").region.city
    '徐州市'
    """
    return override_issuer(_describe(name, context, year), overrides or {})


def override_issuer(issuer: Issuer, overrides: Overrides) -> Issuer:
    """Give the issuer with what a user knows better of the issuer of this name, if anything.

    Examples
    --------
    >>> from nlp.documents import Region
    >>> issuer = Issuer("青梧县档案馆", None, None, Region())
    >>> override_issuer(issuer, {"青梧县档案馆": {"level": "county"}}).level
    'county'
    """
    plain = _fold(issuer.name or "")
    for key, attributes in overrides.items():
        if plain and _fold(key) == plain:
            return apply_override(issuer, attributes)
    return issuer


def _describe(name: str | None, context: str, year: int | None) -> Issuer:
    plain = _fold(name or "")
    if not plain:
        return Issuer(name, None, None, Region(), "没有写明机关")
    organ = plain.removeprefix("中华人民共和国")
    if organ in _national_organs():
        kind: IssuerKind = "department"
        if organ == "国务院":
            kind = "government"
        elif organ.startswith("最高人民"):
            kind = "other"
        return Issuer(name, "national", kind, Region(), "国务院机构名录")
    vertical = words.VERTICAL.match(plain)
    rest = plain[vertical.end() :] if vertical else re.sub("^(?:中共|中国共产党)", "", plain)
    found = _Reader(load_divisions(), _fold(context), year).read(rest)
    if vertical and not rest.endswith("税务局"):
        found = replace(found, level=None)
    return Issuer(name, found.level, _tell_kind(found.organ, plain), found.region, found.source)


def _fold(text: str) -> str:
    """Drop white space and bring full-width letters and brackets to one form."""
    folded = unicodedata.normalize("NFKC", text)
    return re.sub(r"\s+", "", folded).replace("(", "（").replace(")", "）")


@cache
def _national_organs() -> frozenset[str]:
    path = Path(__file__).parent / "divisions" / "national_organs.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _tell_kind(organ: str, name: str) -> IssuerKind | None:
    if words.PARTY.search(name):
        return "other"
    if words.LIAISON.search(name):
        return "department"
    if words.ZONE_COMMITTEE.search(name) or words.GOVERNMENT.search(name):
        return "government"
    if words.SCENIC_COMMITTEE.search(name):
        return None  # some are organs of government, some are institutions
    if not organ or re.fullmatch(rf"{words.COMMITTEE}|.*{words.ZONE}", organ):
        return "government"
    if words.OTHER.search(name):
        return "other"
    return "department" if words.DEPARTMENT.search(name) else None


def _common_level(places: Sequence[Division]) -> Level | None:
    levels = {place.level for place in places}
    return levels.pop() if len(levels) == 1 else None


def _only(places: Iterable[Place]) -> Place | None:
    """Give the one place that all mentions mean, or None."""
    found = list(places)
    return found[0] if len({place.region for place in found}) == 1 else None


class _Reader:
    """Reads one name, with the data set, the context and the year at hand."""

    def __init__(self, divisions: Divisions, context: str, year: int | None) -> None:
        self.divisions = divisions
        self.context = context
        self.year = year

    def read(self, name: str) -> _Found:
        if re.match(r"(?:新疆生产建设)?兵团|第?[一二三四五六七八九十]{1,3}师(?!范|大|傅)", name):
            return self._read_corps(name)
        places, rest, short = self._read_places(name)
        if not places:
            return self._read_unlisted(name, (), Region())
        source = _DATA
        if len(places) > 1:
            settled = self._settle(places, name[: len(name) - len(rest)])
            if len(settled) < len(places):
                source += _BY_CONTEXT
            places = settled
        if len(places) > 1:
            source += f"：同名 {len(places)} 处，未能确定"
        region = self.divisions.common_region(places)
        level = _common_level(places)
        if level != "province" and (township := self._find_township(rest, places)) is not None:
            return self._read_township(township, rest, places, region, source)
        if words.is_zone(rest) and not re.match("人民政府|政府", rest):
            return _Found(None, region, rest, source + _NO_LEVEL)
        if short and not words.HALL.match(rest):
            return _Found(None, region, rest, source + "；派驻机构的层级未能确定")
        branch = words.BRANCH.match(rest)
        if branch is not None:
            return self._read_branch(branch["place"], places, region, rest, source)
        if words.find_suffixes(rest, listed=True):
            return self._read_unlisted(rest, places, region)
        return _Found(level, region, rest, source)

    def _mentions(self) -> list[Place]:
        """Give the places that the context names and that can mean one thing only."""
        found = find_places(self.context, self.divisions, self.year)
        return [place for place in found if len(place.divisions) == 1]

    # -- names that the data set has ----------------------------------------------------

    def _read_places(self, name: str) -> tuple[tuple[Division, ...], str, bool]:
        """Read the listed places at the beginning: candidates, rest, whether a short name."""
        divisions = self.divisions
        chain = divisions.read_chain(name)
        if chain is not None:
            rest = name[chain.end :]
            return divisions.settle(chain.places, self.year), rest, False
        for end, found in divisions.shorts_at(name, 0):
            rest = name[end:]
            inner = divisions.read_chain(rest)
            if inner is not None and (inside := divisions.within(inner.places, found)):
                return divisions.settle(inside, self.year), rest[inner.end :], False
            if any(place.level == "province" for place in found):
                # 河北雄安新区 is not in 天津市河北区; 吉林 may still be the city.
                found = tuple(place for place in found if place.level != "county")
            if words.HALL.match(rest):
                found = tuple(place for place in found if place.level == "province")
            elif all(place.level == "county" for place in found) or not (
                re.match(rf"[\u4e00-\u9fff]{{0,10}}{words.ZONE}", rest)
                or words.AFTER_SHORT.search(rest)
            ):
                continue
            if found:
                return divisions.settle(found, self.year), rest, True
        return (), name, False

    def _settle(self, places: Sequence[Division], printed: str) -> tuple[Division, ...]:
        """Keep the candidates that the context speaks for; all if it does not settle."""
        codes = {place.code for place in places}
        mentions = self._mentions()
        # 南京市鼓楼区 in the context, for 鼓楼区 in the name
        exact = {
            mention.divisions[0].code
            for mention in mentions
            if mention.divisions[0].code in codes
            and printed in self.context[mention.start : mention.end]
        }
        if len(exact) == 1:
            return tuple(place for place in places if place.code in exact)
        for level in ("city", "province"):
            above = [m.divisions[0] for m in mentions if m.divisions[0].level == level]
            left = self.divisions.within(places, above)
            if left:
                agreed = {(place.province, level == "province" or place.city) for place in left}
                return tuple(left) if len(agreed) == 1 else tuple(places)
        return tuple(places)

    def _find_township(self, rest: str, places: Sequence[Division]) -> str | None:
        """Find the township at the beginning of what follows a listed place."""
        if len(places) == 1:
            listed = self.divisions.township_at(rest, 0, places[0].code)
            if listed is not None:
                return listed[0]
        match = words.TOWNSHIP.match(rest)
        return match["name"] if match and match["name"] not in words.NOT_A_PLACE else None

    def _read_township(
        self, township: str, rest: str, places: Sequence[Division], region: Region, source: str
    ) -> _Found:
        code = None
        if len(places) == 1:
            code = self.divisions.townships(places[0].code).get(township)
        if code is None:
            source += "；乡镇名称据原文"
        region = replace(region, code=code or region.code, township=township)
        return _Found("township", region, rest[len(township) :], source)

    def _read_branch(
        self, name: str, places: Sequence[Division], region: Region, organ: str, source: str
    ) -> _Found:
        """Read 公安局|朝阳分局: a branch of its district, where that can be told."""
        rows = [
            row
            for full in (name, *(name + suffix for suffix in "区县市"))
            for row in self.divisions.within(self.divisions.by_name.get(full, ()), places)
            if row.level == "county"
        ]
        settled = self.divisions.settle(rows, self.year)
        if len(settled) == 1:
            return _Found("county", settled[0].region(), organ, source)
        return _Found(None, region, organ, source + "；分局的层级未能确定")

    def _read_corps(self, name: str) -> _Found:
        """Read the names of the Xinjiang corps, which has divisions and regiments of its own."""
        rest = re.sub(r"^(?:新疆生产建设)?兵团", "", name)
        region = Region(province="新疆维吾尔自治区")
        source = "新疆生产建设兵团（不在区划数据中）"
        division = re.match(r"第?[一二三四五六七八九十]{1,3}师", rest)
        if division is None:
            return _Found("province", region, rest, source)
        rest = rest[division.end() :]
        # A division that is also a city is a prefecture to the corps and a county to the law.
        level: Level | None = None if re.match(r"[\u4e00-\u9fff]{1,5}[团市]", rest) else "city"
        return _Found(level, region, rest, source)

    # -- names that it does not have ----------------------------------------------------

    def _read_unlisted(self, rest: str, places: Sequence[Division], region: Region) -> _Found:
        suffixes = words.find_suffixes(rest, listed=bool(places))
        if not suffixes:
            if words.is_zone(rest):
                return _Found(None, region, rest, "名称中没有区划数据里的地名" + _NO_LEVEL)
            return self._complete(rest)
        bare = re.match(r"[我本]?(自治区|街道|[省市州盟县区旗镇乡])", rest)
        if not places and bare is not None and suffixes[0].span() == bare.span(1):
            return self._read_bare(bare[1], rest[bare.end() :])
        last = next((m for m in suffixes if m[0] in words.TOWNSHIP_SUFFIXES), suffixes[-1])
        organ = rest[last.end() :]
        level = words.SUFFIX_LEVEL[last[0]]
        source = _BY_WORD + _NOT_LISTED
        if words.is_zone(organ):
            return _Found(None, region, organ, "地名不在区划数据中" + _NO_LEVEL)
        if level == "township":
            before = suffixes.index(last)
            begin = suffixes[before - 1].end() if before else 0
            return self._place_township(rest[begin : last.end()], organ, places, region, source)
        if last[0] == "市":
            cities = [m for m in suffixes if m[0] == "市"]
            if len(cities) > 1 or any(place.level == "city" for place in places):
                level = "county"  # a city in a city is a county-level city
            elif words.HAS_COUNTIES.search(self.context):
                level, source = "city", "引言说辖县区，为地级市" + _NOT_LISTED
            else:
                source = _EITHER + _NOT_LISTED
        return _Found(level, region, organ, source)

    def _place_township(
        self,
        township: str,
        organ: str,
        places: Sequence[Division],
        region: Region,
        source: str,
    ) -> _Found:
        """Find the county of a township that is named without it, by the context."""
        if places:
            return _Found("township", replace(region, township=township), organ, source)
        found = {}
        for mention in self._mentions():
            division = mention.divisions[0]
            if division.level == "county":
                code = self.divisions.townships(division.code).get(township)
                if code is not None:
                    found[code] = replace(division.region(), code=code, township=township)
        if len(found) == 1:
            return _Found("township", next(iter(found.values())), organ, _DATA + _BY_CONTEXT)
        return _Found("township", Region(), organ, source)

    def _read_bare(self, suffix: str, organ: str) -> _Found:
        """Read 县科技局, 镇人民政府: a level without a name, completed by the context."""
        level = words.SUFFIX_LEVEL[suffix]
        if suffix == "区" and organ.endswith("厅"):
            level = "province"  # 区财政厅 is that of an autonomous region
        source = (_EITHER if suffix == "市" else _BY_WORD) + "；名称中没有地名"
        mentions = self._mentions()
        if suffix in words.TOWNSHIP_SUFFIXES:
            fitting = [m for m in mentions if (m.region.township or "").endswith(suffix)]
        else:
            fitting = [
                m
                for m in mentions
                if m.region.township is None
                and m.divisions[0].name.endswith(suffix)
                and level in (None, m.divisions[0].level)
                # A city's bureau also speaks of the prefecture above: it must be its own name.
                and (suffix != "市" or self.context.startswith(organ[:2], m.end))
            ]
        place = _only(fitting)
        if place is not None:
            found = "township" if place.region.township else place.divisions[0].level
            return _Found(found, place.region, organ, _DATA + _BY_CONTEXT)
        if suffix == "市" and words.HAS_COUNTIES.search(self.context):
            level = "city"
        return _Found(level, Region(), organ, source)

    def _complete(self, organ: str) -> _Found:
        """Complete 教育体育局 where the context writes the same organ with its place."""
        place = _only(m for m in self._mentions() if self.context.startswith(organ, m.end))
        if place is not None and len(organ) >= 3:
            level: Level = "township" if place.region.township else place.divisions[0].level
            return _Found(level, place.region, organ, _DATA + _BY_CONTEXT)
        return _Found(None, Region(), organ, "名称中没有区划数据里的地名")
