"""Texts → what every stretch of them is, and what every two of them share, in one go.

The classes are those of ``measures``: mandated, formula, own, peer, new.  Here they keep
their places, and what is reused also knows one text that has it as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nlp.reuse.compiled import compiled
from nlp.reuse.formulae import paint_formulae
from nlp.reuse.match import DEFAULT, Matches, Settings, match_wordings
from nlp.reuse.pairs import Source
from nlp.reuse.scan import SENTENCE
from nlp.reuse.stretches import list_stretches
from nlp.reuse.wording import classify_characters

CharacterClass = Literal["mandated", "formula", "own", "peer", "new"]
CLASSES: tuple[CharacterClass, ...] = ("mandated", "formula", "own", "peer", "new")
_MANDATED_CLASS, _FORMULA_CLASS, _OWN_CLASS, _PEER_CLASS, _NEW_CLASS = range(5)
_STOCK, _MANDATED = 2, 3


@dataclass(frozen=True, slots=True)
class Span:
    """``text[start:end]`` of one text, all of one class.

    ``other`` is the id of a text that has the wording too: for ``own`` the issuer's nearest
    earlier report, for ``peer`` the earliest report of another issuer.  ``earlier`` says
    whether that one is of an earlier year (None where a year is unknown).
    """

    start: int
    end: int
    kind: CharacterClass
    other: str | None = None
    earlier: bool | None = None


@dataclass(frozen=True, slots=True)
class Shared:
    """What two texts share: characters of ``a`` found in ``b``, and of ``b`` found in ``a``.

    Only free characters count: neither mandated wording nor formulae.
    """

    a: str
    b: str
    shared_a: int
    shared_b: int
    passages: int
    longest: int


@dataclass(frozen=True, slots=True)
class Painted:
    """One text in spans; ``characters`` are those that count (no white space, no marks).

    ``counts`` are the characters of each class in the order of ``CLASSES``; ``free`` are
    those that are neither mandated nor formula, ``peer_any`` the free ones that another
    issuer has too, whether or not they are also the issuer's own.
    """

    id: str
    characters: int
    free: int
    counts: tuple[int, int, int, int, int]
    peer_any: int
    spans: tuple[Span, ...]


@compiled
def _lay(
    order: NDArray[np.int64],
    low: NDArray[np.int64],
    high: NDArray[np.int64],
    values: NDArray[np.int64],
    out: NDArray[np.int64],
) -> None:
    for k in range(len(order)):
        n = order[k]
        for i in range(low[n], high[n]):
            out[i] = values[n]


@compiled
def _measure_cover(
    order: NDArray[np.int64],
    group: NDArray[np.int64],
    low: NDArray[np.int64],
    high: NDArray[np.int64],
    summed: NDArray[np.int64],
    shared: NDArray[np.int64],
    longest: NDArray[np.int64],
) -> None:
    """Sum up, for each group, the free characters that its ranges (sorted) cover."""
    last = -1
    reach = 0
    for k in range(len(order)):
        n = order[k]
        g = group[n]
        if g != last:
            last = g
            reach = low[n]
        start = max(low[n], reach)
        if high[n] > start:
            shared[g] += summed[high[n]] - summed[start]
            reach = high[n]
        longest[g] = max(longest[g], summed[high[n]] - summed[low[n]])


def paint_texts(
    sources: Iterable[Source], *, names: Iterable[str] = (), settings: Settings = DEFAULT
) -> tuple[list[Painted], list[Shared]]:
    """Class every stretch of every text, and measure what every two texts share.

    Parameters
    ----------
    sources : iterable of Source
        Whole reports, or their narrative parts, with issuer and year.
    names : iterable of str
        Further names to mask.
    settings : Settings

    Returns
    -------
    painted : list of Painted
        Sorted by id; the counts are those behind ``measure_shares``.
    shared : list of Shared
        One for every two texts that share free characters, sorted; ``a`` before ``b``.

    Examples
    --------
    >>> text = "每季度由股室对照清单逐条自查并登记销号，抽查结果在例会上点名。"
    >>> painted, shared = paint_texts([
    ...     Source("1", text, "白芷县教育局", 2022),
    ...     Source("2", text + "新设夜间查询窗口受理村民来信。", "白芷县教育局", 2023)])
    >>> [(s.kind, s.other) for s in painted[1].spans]
    [('own', '1'), ('new', None)]
    >>> (shared[0].shared_a, shared[0].shared_b)
    (29, 29)
    """
    ordered = sorted(sources, key=lambda s: s.id)
    texts = [s.text for s in ordered]
    issuers = sorted({s.issuer for s in ordered if s.issuer})
    m = match_wordings(texts, issuers=issuers, names=names, settings=settings)
    masked = m.masked
    classes = classify_characters(masked)
    common = paint_formulae(
        masked.codes,
        m.units.starts[m.collapsed.first],
        m.units.ends[m.collapsed.first],
        least=settings.formula_texts,
        share=settings.formula_share,
    )
    mandated = classes == _MANDATED
    formula = ~mandated & ((classes == _STOCK) | common)
    free = ~mandated & ~formula

    columns = list_stretches(m, texts)
    text_a, text_b, a_start, a_end, b_start, b_end = (
        np.array(c, dtype=np.int64) for c in columns[:6]
    )
    low_a, high_a = _find_places(m, text_a, a_start, a_end)
    low_b, high_b = _find_places(m, text_b, b_start, b_end)
    own, peer = _find_origins(ordered, m, text_a, text_b, low_a, high_a, low_b, high_b)
    shared = _list_shared(
        [s.id for s in ordered], free, text_a, text_b, low_a, high_a, low_b, high_b
    )

    kinds = np.full(len(masked.codes), _NEW_CLASS, dtype=np.int64)
    kinds[peer >= 0] = _PEER_CLASS
    kinds[own >= 0] = _OWN_CLASS
    kinds[formula] = _FORMULA_CLASS
    kinds[mandated] = _MANDATED_CLASS
    others = np.where(kinds == _OWN_CLASS, own, np.where(kinds == _PEER_CLASS, peer, -1))
    painted = []
    for t, source in enumerate(ordered):
        part = slice(int(masked.pointers[t]), int(masked.pointers[t + 1]))
        counts = np.bincount(kinds[part], minlength=5).tolist()
        painted.append(
            Painted(
                source.id,
                part.stop - part.start,
                int(free[part].sum()),
                (counts[0], counts[1], counts[2], counts[3], counts[4]),
                int((free[part] & (peer[part] >= 0)).sum()),
                tuple(_cut_spans(ordered, t, m, part, kinds[part], others[part])),
            )
        )
    return painted, shared


def _find_places(
    m: Matches, text: NDArray[np.int64], start: NDArray[np.int64], end: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Turn ranges of texts into ranges of masked characters."""
    lengths = np.diff(m.masked.pointers)
    document = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)
    key = (document << 32) + m.masked.starts
    low = np.searchsorted(key, (text << 32) + start)
    high = np.searchsorted(key, (text << 32) + end)
    return low.astype(np.int64), high.astype(np.int64)


def _find_origins(
    ordered: Sequence[Source],
    m: Matches,
    text_a: NDArray[np.int64],
    text_b: NDArray[np.int64],
    low_a: NDArray[np.int64],
    high_a: NDArray[np.int64],
    low_b: NDArray[np.int64],
    high_b: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Say of each masked character which text has it: of the own issuer, of another one."""
    by_name = {name: n for n, name in enumerate(sorted({s.issuer for s in ordered if s.issuer}))}
    issuer = np.array([by_name.get(s.issuer, -1) for s in ordered], dtype=np.int64)
    year = np.array([-1 if s.year is None else s.year for s in ordered], dtype=np.int64)
    age = sorted(
        range(len(ordered)),
        key=lambda t: (ordered[t].year is None, ordered[t].year or 0, ordered[t].id),
    )
    rank = np.empty(len(ordered), dtype=np.int64)
    rank[age] = np.arange(len(ordered))
    own = np.full(len(m.masked.codes), -1, dtype=np.int64)
    peer = own.copy()
    if not len(text_a):
        return own, peer
    same = (issuer[text_a] == issuer[text_b]) & (issuer[text_a] >= 0)
    dated = same & (year[text_a] >= 0) & (year[text_b] >= 0)
    for mine, other, low, high in (
        (text_a, text_b, low_a, high_a),
        (text_b, text_a, low_b, high_b),
    ):
        later = np.flatnonzero(dated & (year[mine] > year[other]))
        # What is laid last stays: the nearest earlier year, and the earliest other issuer.
        _lay(later[np.argsort(rank[other[later]], kind="stable")], low, high, other, own)
    strange = np.flatnonzero(~same)
    mine = np.concatenate([text_a[strange], text_b[strange]])
    other = np.concatenate([text_b[strange], text_a[strange]])
    low = np.concatenate([low_a[strange], low_b[strange]])
    high = np.concatenate([high_a[strange], high_b[strange]])
    _lay(np.argsort(-rank[other], kind="stable"), low, high, other, peer)
    return own, peer


def _list_shared(
    ids: Sequence[str],
    free: NDArray[np.bool_],
    text_a: NDArray[np.int64],
    text_b: NDArray[np.int64],
    low_a: NDArray[np.int64],
    high_a: NDArray[np.int64],
    low_b: NDArray[np.int64],
    high_b: NDArray[np.int64],
) -> list[Shared]:
    if not len(text_a):
        return []
    summed = np.concatenate([np.zeros(1, np.int64), np.cumsum(free, dtype=np.int64)])
    pair = text_a * len(ids) + text_b
    known, group = np.unique(pair, return_inverse=True)
    group = group.astype(np.int64)
    passages = np.bincount(group, minlength=len(known))
    sides = []
    longest = np.zeros(len(known), dtype=np.int64)
    for low, high in ((low_a, high_a), (low_b, high_b)):
        covered = np.zeros(len(known), dtype=np.int64)
        order = np.lexsort((high, low, group))
        _measure_cover(order, group, low, high, summed, covered, longest)
        sides.append(covered)
    return [
        Shared(ids[p // len(ids)], ids[p % len(ids)], a, b, n, top)
        for p, a, b, n, top in zip(
            known.tolist(),
            sides[0].tolist(),
            sides[1].tolist(),
            passages.tolist(),
            longest.tolist(),
            strict=True,
        )
        if a or b
    ]


def _cut_spans(
    ordered: Sequence[Source],
    text: int,
    m: Matches,
    part: slice,
    kinds: NDArray[np.int64],
    others: NDArray[np.int64],
) -> Iterable[Span]:
    """Join neighbouring characters of one class and origin."""
    if not len(kinds):
        return
    starts, stops = m.masked.starts[part], m.masked.ends[part]
    # A span ends with its sentence: what stands between two (a table) is none of it.
    ended = m.masked.breaks[part][:-1] == SENTENCE
    changed = (kinds[1:] != kinds[:-1]) | (others[1:] != others[:-1]) | ended
    cut = np.flatnonzero(changed) + 1
    begins = [0, *cut.tolist()]
    ends = [*cut.tolist(), len(kinds)]
    mine = ordered[text].year
    for begin, end in zip(begins, ends, strict=True):
        other = int(others[begin])
        name, earlier = None, None
        if other >= 0:
            name = ordered[other].id
            theirs = ordered[other].year
            earlier = None if mine is None or theirs is None else theirs < mine
        yield Span(
            int(starts[begin]), int(stops[end - 1]), CLASSES[int(kinds[begin])], name, earlier
        )
