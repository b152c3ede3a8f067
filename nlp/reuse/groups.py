"""Texts → families of passages: members, first user, and the template they share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import Indel

from nlp.reuse.mask import SLOTS
from nlp.reuse.match import DEFAULT, Matches, Settings, match_wordings
from nlp.reuse.pairs import Source

# A character of the template is fixed if at least this share of the wordings has it.
_FIXED = 0.75


@dataclass(frozen=True, slots=True)
class Member:
    """One passage of a family: ``text[start:end]`` of the source, to the letter."""

    id: str
    issuer: str
    year: int | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Slot:
    """A place of the template that members fill in differently.

    ``values`` are the texts seen, most frequent first, each with its number of members.
    """

    name: str
    values: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Family:
    """Passages that say the same thing.

    ``template`` is the fixed text with ｛…｝ where members differ, in the order of
    ``slots``.  ``first`` is the first user *in these sources* by year, then id — not the
    author; several members may share its year.
    """

    members: tuple[Member, ...]
    first: Member
    issuers: int
    template: str
    slots: tuple[Slot, ...]


def find_families(
    sources: Iterable[Source], *, names: Iterable[str] = (), settings: Settings = DEFAULT
) -> list[Family]:
    """Find the families of passages in many texts.

    A text that holds a part of a passage is a member with that part's sentence.

    Returns
    -------
    list of Family
        The most widely used first (issuers, then members), then by the first member.

    Examples
    --------
    >>> said = "每季度由股室对照清单逐条自查并登记销号，共{}条。"
    >>> sources = [Source(str(n), said.format(n), f"{p}县教育局", 2020 + n)
    ...            for n, p in enumerate(["白芷", "松涧", "石翎"])]
    >>> family = find_families(sources)[0]
    >>> family.issuers, family.first.year, family.template
    (3, 2020, '每季度由股室对照清单逐条自查并登记销号，共｛数｝条')
    >>> [slot.values for slot in family.slots]
    [(('0', 1), ('1', 1), ('2', 1))]
    """
    ordered = sorted(sources, key=lambda s: s.id)
    texts = [s.text for s in ordered]
    issuers = sorted({s.issuer for s in ordered if s.issuer})
    m = match_wordings(texts, issuers=issuers, names=names, settings=settings)
    groups: dict[int, list[int]] = {}
    for w in range(len(m.collapsed)):
        groups.setdefault(int(m.families[w]), []).append(w)
    families = []
    for wordings in groups.values():
        units = np.sort(np.concatenate([m.collapsed.copies(w) for w in wordings]))
        if len(set(m.units.texts[units].tolist())) > 1:
            families.append(_describe(m, ordered, wordings, units.tolist()))
    families.sort(key=lambda f: (-f.issuers, -len(f.members), f.members[0].id, f.members[0].start))
    return families


def _describe(
    m: Matches, ordered: Sequence[Source], wordings: Sequence[int], units: Sequence[int]
) -> Family:
    members = []
    for u in units:
        source = ordered[m.units.texts[u]]
        start = int(m.masked.starts[m.units.starts[u]])
        end = int(m.masked.ends[m.units.ends[u] - 1])
        members.append(Member(source.id, source.issuer, source.year, start, end))
    first = min(members, key=lambda x: (x.year is None, x.year or 0, x.id, x.start))
    template, slots = _make_template(m, [s.text for s in ordered], wordings, units)
    issuers = len({x.issuer for x in members if x.issuer})
    return Family(tuple(members), first, issuers, template, slots)


def _codes(m: Matches, unit: int) -> list[int]:
    codes: list[int] = m.masked.codes[m.units.starts[unit] : m.units.ends[unit]].tolist()
    return codes


def _make_template(
    m: Matches, texts: Sequence[str], wordings: Sequence[int], units: Sequence[int]
) -> tuple[str, tuple[Slot, ...]]:
    """Lay all members along the most typical wording; what most share is fixed."""
    counts = {w: len(m.collapsed.copies(w)) for w in wordings}
    sample = sorted(wordings, key=lambda w: (-counts[w], w))[:20]
    coded = {w: _codes(m, int(m.collapsed.first[w])) for w in sample}

    def likeness(w: int) -> float:
        return sum(counts[v] * Indel.normalized_similarity(coded[w], coded[v]) for v in sample)

    centre = max(sample, key=lambda w: (likeness(w), len(coded[w]), -w))
    base_unit = int(m.collapsed.first[centre])
    base = coded[centre]
    held = np.zeros(len(base))
    fillings: list[dict[int, str]] = []
    for u in units:
        start = int(m.units.starts[u])
        filled: dict[int, str] = {}
        raw = texts[m.units.texts[u]]
        for op in Indel.opcodes(base, _codes(m, u)):
            if op.tag == "equal":
                held[op.src_start : op.src_end] += 1
                for k in range(op.src_end - op.src_start):
                    at = start + op.dest_start + k
                    filled[op.src_start + k] = raw[m.masked.starts[at] : m.masked.ends[at]]
            elif op.tag == "insert":
                low, high = start + op.dest_start, start + op.dest_end
                key = -1 - op.src_start
                filled[key] = raw[m.masked.starts[low] : m.masked.ends[high - 1]]
        fillings.append(filled)
    fixed = held >= _FIXED * len(units)
    raw = texts[m.units.texts[base_unit]]
    first = int(m.units.starts[base_unit])
    parts: list[str] = []
    slots: list[Slot] = []
    i = 0
    while i < len(base):
        slot = SLOTS.get(chr(base[i]))
        if fixed[i] and slot is None:
            stop = int(m.masked.starts[first + i + 1]) if i + 1 < len(base) else None
            end = int(m.masked.ends[first + i]) if stop is None else stop
            parts.append(raw[m.masked.starts[first + i] : end])
            i += 1
            continue
        j = i + 1
        if slot is None:
            while j < len(base) and not fixed[j] and chr(base[j]) not in SLOTS:
                j += 1
        values: dict[str, int] = {}
        for filled in fillings:
            value = "".join(filled.get(-1 - k, "") + filled.get(k, "") for k in range(i, j)) + (
                "" if slot else filled.get(-1 - j, "")
            )
            if value:
                values[value] = values.get(value, 0) + 1
        name = slot or "改动"
        parts.append(f"｛{name}｝")
        slots.append(Slot(name, tuple(sorted(values.items(), key=lambda v: (-v[1], v[0])))))
        if j < len(base):
            # Marks that stand after the slot in the typical wording stay in sight.
            gap = raw[m.masked.ends[first + j - 1] : m.masked.starts[first + j]]
            parts.append(gap)
        i = j
    return "".join(parts), tuple(slots)
