"""Names of places in running text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from nlp.documents.records import Region
from nlp.structure.divisions import Chain, Division, Divisions, load_divisions

# A name before one of these belongs to a longer word: 扩大同|市场, 河北|区域.
_NOT_BEFORE = re.compile(
    r"(?<=市)(?:[场容值价面]|政(?![府协务])|民(?![政族]))|(?<=区)[域划间别]|(?<=旗)[下舰帜]|(?<=盟)友"
)
# These are words as much as names (全市城区, 市东区); alone they are no place.
_WORDS_TOO = frozenset(
    "城区|郊区|矿区|东区|西区|新城区|市中区|城中区|新市区|市南区|市北区|中原区".split("|")
)


def match_regions(text: str, *, year: int | None = None) -> list[tuple[int, int, Region]]:
    """Find the names of places in a text.

    Names that follow each other and lie in each other (江苏省淮安市洪泽区岔河镇) are one
    match.  Only full names are found (淮安市, also the usual 延边州 and 河南县), not 淮安.

    Parameters
    ----------
    text : str
    year : int, optional
        The year that the text speaks of; settles which of two former places is meant.

    Returns
    -------
    list of (start, end, Region)
        In order, not overlapping; ``text[start:end]`` is the name as printed.  The region
        holds what all places of that name have in common: 鼓楼区 alone has nothing in common.

    Examples
    --------
    >>> [(a, b, region.county) for a, b, region in match_regions("学习昆山市和鼓楼区的做法")]
    [(2, 5, '昆山市'), (6, 9, None)]
    """
    places = find_places(text, load_divisions(), year)
    return [(place.start, place.end, place.region) for place in places]


@dataclass(frozen=True, slots=True)
class Place:
    """The name of a place in a text, and the divisions that it can mean."""

    start: int
    end: int
    region: Region
    divisions: tuple[Division, ...]


def find_places(text: str, divisions: Divisions, year: int | None = None) -> list[Place]:
    """Find names of places, each with its region and the divisions that it can mean."""
    found: list[Place] = []
    for match in _first_characters().finditer(text):
        if found and match.start() < found[-1].end:
            continue
        chain = divisions.read_chain(text, match.start())
        if chain is None or not _stands_alone(text, chain):
            continue
        places = divisions.settle(chain.places, year)
        region = divisions.common_region(places)
        end = chain.end
        if len(places) == 1 and places[0].level == "county":
            township = divisions.township_at(text, end, places[0].code)
            if township is not None:
                region = replace(region, code=township[1], township=township[0])
                end += len(township[0])
        found.append(Place(chain.start, end, region, places))
    return found


@cache
def _first_characters() -> re.Pattern[str]:
    first = sorted({name[0] for name in load_divisions().by_name})
    return re.compile(f"[{''.join(first)}]")


def _stands_alone(text: str, chain: Chain) -> bool:
    if chain.names > 1:
        return True
    name = text[chain.start : chain.end]
    if _NOT_BEFORE.match(text, chain.end):
        return False
    # 省和县级, 受理县政府: a name of two characters stands at the beginning or not at all.
    if len(name) == 2 and not (
        re.match(r"(?:人民)?政府|县委|[^\u4e00-\u9fff]|$", text[chain.end :])
        and not re.match(r"[\u4e00-\u9fff]", text[max(0, chain.start - 1) : chain.start])
    ):
        return False
    return name not in _WORDS_TOO
