"""Families → who used the words first in these reports, who later, and how they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nlp.reuse.groups import Family, Member
from nlp.reuse.relation import Body, Tie, relate

_SLOT = re.compile(r"｛(机关|年|数|文号|书名|改动)｝")
# A filling that more than this share of the members has is taken for the template's own.
_USUAL = 0.5


@dataclass(frozen=True, slots=True)
class Use:
    """One passage of a family: ``tie`` says how the family's first user stands to its issuer."""

    member: Member
    first: bool
    tie: Tie


@dataclass(frozen=True, slots=True)
class Spread:
    """How a family spread over these reports.

    ``first`` is None where no member has a year.  ``tied`` are the other issuers that use
    the words in that same first year: which of them had them first cannot be told.
    ``ties`` counts, for each relation, the other issuers that use the words.  "First seen
    in these reports" is not "author".
    """

    first: Member | None
    tied: tuple[str, ...]
    uses: tuple[Use, ...]
    ties: Mapping[Tie, int]
    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Wording that one issuer used before another did, over all families.

    ``directed`` is False where both first used it in the same year.
    """

    earlier: str
    later: str
    directed: bool
    families: int
    passages: int
    characters: int
    first_year: int


def trace_family(family: Family, bodies: Mapping[str, Body]) -> Spread:
    """Order the uses of a family in time, and relate each to the first.

    Parameters
    ----------
    family : Family
    bodies : mapping of str to Body
        By id of the text that a member is in.

    Examples
    --------
    >>> from nlp.reuse import Source, find_families
    >>> said = "每季度由股室对照清单逐条自查并登记销号，共{}条。"
    >>> rows = [("白芷县教育局", 2022), ("松涧县教育局", 2021), ("石翎县教育局", 2021)]
    >>> sources = [Source(str(n), said.format(n), i, y) for n, (i, y) in enumerate(rows)]
    >>> spread = trace_family(find_families(sources)[0],
    ...                       {s.id: Body(s.issuer) for s in sources})
    >>> spread.first.issuer, spread.tied, dict(spread.ties)
    ('松涧县教育局', ('石翎县教育局',), {'same_system': 2})
    """
    ordered = sorted(
        family.members, key=lambda m: (m.year is None, m.year or 0, m.id, m.start, m.end)
    )
    first = ordered[0] if ordered[0].year is not None else None
    uses = []
    seen: dict[str, Tie] = {}
    tied = set()
    for member in ordered:
        tie: Tie = "unknown"
        if first is not None and member.issuer and first.issuer:
            tie = relate(bodies[member.id], bodies[first.id]).tie
            if member.issuer != first.issuer and member.year == first.year:
                tied.add(member.issuer)
        uses.append(Use(member, member is first, tie))
        if first is None or member.issuer != first.issuer:
            seen.setdefault(member.issuer, tie)
    counts: dict[Tie, int] = {}
    for tie in seen.values():
        counts[tie] = counts.get(tie, 0) + 1
    years = sorted({m.year for m in ordered if m.year is not None})
    return Spread(first, tuple(sorted(tied)), tuple(uses), counts, tuple(years))


def link_issuers(families: Iterable[Family]) -> list[Link]:
    """Sum up, for every two issuers, the wording that one used first and the other later.

    Each family gives a link from its first user in time to every other user; further
    users are not linked with each other, for nobody can tell from whom they had it.

    Examples
    --------
    >>> from nlp.reuse import Source, find_families
    >>> said = "每季度由股室对照清单逐条自查并登记销号，共{}条。"
    >>> rows = [("白芷县教育局", 2022), ("松涧县教育局", 2021)]
    >>> link_issuers(find_families(
    ...     Source(str(n), said.format(n), i, y) for n, (i, y) in enumerate(rows)))
    [Link(earlier='松涧县教育局', later='白芷县教育局', directed=True, families=1, passages=1,
          characters=23, first_year=2021)]
    """
    found: dict[tuple[str, str, bool], list[int]] = {}
    for family in families:
        dated = [m for m in family.members if m.year is not None and m.issuer]
        if not dated:
            continue
        first = min(dated, key=lambda m: (m.year or 0, m.id, m.start))
        year = first.year or 0
        users: dict[str, list[Member]] = {}
        for m in dated:
            users.setdefault(m.issuer, []).append(m)
        for issuer, members in users.items():
            if issuer == first.issuer:
                continue
            directed = min(m.year or 0 for m in members) > year
            ends = (first.issuer, issuer)
            pair = ends if directed else (min(ends), max(ends))
            row = found.setdefault((*pair, directed), [0, 0, 0, year])
            row[0] += 1
            row[1] += len(members)
            row[2] += sum(m.end - m.start for m in members)
            row[3] = min(row[3], year)
    links = [Link(*key, *values) for key, values in found.items()]
    return sorted(links, key=lambda k: (-k.families, -k.characters, k.earlier, k.later, k.directed))


def fill_template(family: Family) -> str:
    """Give the likely wording of a family: places that most fill in alike are filled.

    Names, years, numbers and document numbers stay slots.

    Examples
    --------
    >>> from nlp.reuse import Source, find_families
    >>> said = ["每季度由科室对照清单逐条自查并登记销号，共3条"] * 2
    >>> said += ["每季度由股室对照清单逐条自查并登记销号，共5条"]
    >>> family = find_families(Source(str(n), s, f"{n}县教育局", 2020)
    ...                        for n, s in enumerate(said))[0]
    >>> fill_template(family)
    '每季度由科室对照清单逐条自查并登记销号，共｛数｝条'
    """
    slots = iter(family.slots)
    total = len(family.members)

    def fill(match: re.Match[str]) -> str:
        slot = next(slots, None)
        if slot is None or slot.name != match.group(1) or slot.name != "改动" or not slot.values:
            return match.group()
        value, count = slot.values[0]
        return value if count > _USUAL * total else match.group()

    return _SLOT.sub(fill, family.template)
