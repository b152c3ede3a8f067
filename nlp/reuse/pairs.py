"""Texts → pairs that share wording, with offsets into both texts as given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nlp.reuse.align import (
    BEST,
    COVERED_A,
    COVERED_B,
    END_A,
    END_B,
    ORDERED,
    PARTS,
    START_A,
    START_B,
    align_pairs,
)  # fmt: skip
from nlp.reuse.candidates import Collapsed, collapse_copies, find_candidates, weigh_units
from nlp.reuse.families import join_families
from nlp.reuse.formulae import paint_formulae
from nlp.reuse.mask import MaskedTexts, mask_texts
from nlp.reuse.units import Units, cut_units
from nlp.reuse.wording import FULL, STOCK_WEIGHT, weigh_characters

Kind = Literal["exact", "masked", "edited", "reordered", "partial"]


@dataclass(frozen=True, slots=True)
class Source:
    """A text to compare: a clause, a sentence, a passage or a whole report."""

    id: str
    text: str
    issuer: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two stretches that share their wording; ``a`` sorts before ``b``.

    ``score`` is the share of the shorter stretch's weight that is found in the other, 0 to
    1.  ``text[a_start:a_end]`` of source ``a`` is the stretch to the letter.
    """

    a: str
    b: str
    score: float
    a_start: int
    a_end: int
    b_start: int
    b_end: int
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What counts as shared wording; weights are in full characters.

    Parameters
    ----------
    lightest : float
        Texts with less in them are not compared, unless they are the same.
    share, shared, penalty : float
        Two texts are a pair where at least ``share`` of the lighter one's weight is found
        in the other, and ``shared`` remains of it after taking off ``penalty`` times the
        weight that is not found …
    stretch : float
        … or where one alignment alone scores this much (a copied clause).
    block : float
        Alignments that score less are chance.
    family_share, family_stretch : float
        What suffices between two texts of one family.
    formula_texts, formula_share : int, float
        A phrase is a formula from this many texts, and from this share of them.
    seed, window, seed_weight : int, int, float
        Length of seeds, winnowing window, and the weight a seed needs.
    near, hosts : int
        How many holders of a seed, and how many candidates, a text is compared with.
    """

    lightest: float = 5.0
    share: float = 0.5
    shared: float = 5.0
    penalty: float = 0.6
    stretch: float = 8.0
    block: float = 3.0
    family_share: float = 0.35
    family_stretch: float = 6.0
    seed: int = 4
    window: int = 3
    seed_weight: float = 2.0
    formula_texts: int = 6
    formula_share: float = 0.0002
    near: int = 24
    hosts: int = 12


DEFAULT = Settings()


@dataclass(frozen=True, slots=True)
class Matches:
    """Wordings that match: rows of (wording, wording) and of alignment figures."""

    masked: MaskedTexts
    units: Units
    weights: NDArray[np.uint8]
    totals: NDArray[np.int64]
    collapsed: Collapsed
    pairs: NDArray[np.int32]
    rows: NDArray[np.int64]
    scores: NDArray[np.float64]
    families: NDArray[np.int64]


def match_wordings(
    texts: Sequence[str],
    *,
    issuers: Iterable[str] = (),
    names: Iterable[str] = (),
    settings: Settings = DEFAULT,
) -> Matches:
    """Find which wordings of many texts are copies of each other.

    Time grows nearly in proportion to the texts: no step looks at all pairs.
    """
    masked = mask_texts(texts, issuers=issuers, names=names)
    weights = weigh_characters(masked)
    units = cut_units(masked)
    totals = weigh_units(weights, units)
    least = round(settings.lightest * FULL)
    collapsed = collapse_copies(masked, units, totals, least)
    starts, ends = units.starts[collapsed.first], units.ends[collapsed.first]
    common = paint_formulae(
        masked.codes,
        starts,
        ends,
        least=settings.formula_texts,
        share=settings.formula_share,
    )
    weights[common] = np.minimum(weights[common], STOCK_WEIGHT)
    totals = weigh_units(weights, units)
    candidates = find_candidates(
        masked, weights, starts, ends,
        size=settings.seed, window=settings.window, least=round(settings.seed_weight * FULL),
        near=settings.near, hosts=settings.hosts,
    )  # fmt: skip
    block = round(settings.block * FULL)
    weight = totals[collapsed.first]

    def judge(pairs: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        rows = align_pairs(masked.codes, weights, starts, ends, pairs, block, 2 * block)
        if not len(pairs):
            return rows, np.zeros(0)
        return rows, _score(rows, weight[pairs[:, 0]], weight[pairs[:, 1]])

    rows, scores = judge(candidates)
    good = _accept(rows, scores, settings)
    candidates, rows, scores = candidates[good], rows[good], scores[good]
    families, missing = join_families(len(collapsed), candidates, scores)
    if len(missing):
        more, extra = judge(missing)
        good = _accept_kin(more, extra, settings)
        candidates = np.concatenate([candidates, missing[good]])
        rows = np.concatenate([rows, more[good]])
        scores = np.concatenate([scores, extra[good]])
    order = np.lexsort((candidates[:, 1], candidates[:, 0]))
    return Matches(
        masked, units, weights, totals, collapsed,
        candidates[order], rows[order], scores[order], families,
    )  # fmt: skip


def _score(
    rows: NDArray[np.int64], total_a: NDArray[np.int64], total_b: NDArray[np.int64]
) -> NDArray[np.float64]:
    share_a = rows[:, COVERED_A] / np.maximum(total_a, 1)
    share_b = rows[:, COVERED_B] / np.maximum(total_b, 1)
    score: NDArray[np.float64] = np.minimum(1.0, np.maximum(share_a, share_b))
    return score


def _accept(
    rows: NDArray[np.int64], scores: NDArray[np.float64], settings: Settings
) -> NDArray[np.bool_]:
    covered = np.minimum(rows[:, COVERED_A], rows[:, COVERED_B])
    missing = covered / np.maximum(scores, 0.01) - covered
    left = covered - settings.penalty * missing
    whole = (scores >= settings.share) & (left >= settings.shared * FULL)
    good: NDArray[np.bool_] = whole | (rows[:, BEST] >= settings.stretch * FULL)
    return good


def _accept_kin(
    rows: NDArray[np.int64], scores: NDArray[np.float64], settings: Settings
) -> NDArray[np.bool_]:
    covered = np.minimum(rows[:, COVERED_A], rows[:, COVERED_B])
    whole = (scores >= settings.family_share) & (covered >= settings.shared * FULL)
    good: NDArray[np.bool_] = whole | (rows[:, BEST] >= settings.family_stretch * FULL)
    return good


@dataclass(frozen=True, slots=True)
class _Stretch:
    """One matched pair of units, in offsets of the texts as given."""

    a_start: int
    a_end: int
    b_start: int
    b_end: int
    score: float
    weight: int
    kind: Kind


def _raw(masked: MaskedTexts, unit_start: int, start: int, end: int) -> tuple[int, int]:
    return int(masked.starts[unit_start + start]), int(masked.ends[unit_start + end - 1])


def _stretches(m: Matches, texts: Sequence[str]) -> Iterator[tuple[int, int, _Stretch]]:
    """Give (text, text, stretch) of every pair of matching units, the lower text first."""
    units, masked = m.units, m.masked
    for w in range(len(m.collapsed)):
        copies = m.collapsed.copies(w)
        for u, v in combinations(copies.tolist(), 2):
            if units.texts[u] == units.texts[v]:
                continue
            a = _raw(masked, units.starts[u], 0, int(units.ends[u] - units.starts[u]))
            b = _raw(masked, units.starts[v], 0, int(units.ends[v] - units.starts[v]))
            ta, tb = int(units.texts[u]), int(units.texts[v])
            same = texts[ta][slice(*a)] == texts[tb][slice(*b)]
            yield ta, tb, _Stretch(*a, *b, 1.0, int(m.totals[u]), "exact" if same else "masked")
    for (wa, wb), row, score in zip(
        m.pairs.tolist(), m.rows.tolist(), m.scores.tolist(), strict=True
    ):
        heavier = max(m.totals[m.collapsed.first[wa]], m.totals[m.collapsed.first[wb]])
        kind: Kind = (
            "reordered"
            if row[PARTS] > 1 and not row[ORDERED]
            else "partial"
            if row[COVERED_A] < 0.5 * heavier
            else "edited"
        )
        for u in m.collapsed.copies(wa).tolist():
            for v in m.collapsed.copies(wb).tolist():
                ta, tb = int(units.texts[u]), int(units.texts[v])
                if ta == tb:
                    continue
                a = _raw(masked, units.starts[u], row[START_A], row[END_A])
                b = _raw(masked, units.starts[v], row[START_B], row[END_B])
                if ta > tb:
                    ta, tb, a, b = tb, ta, b, a
                yield ta, tb, _Stretch(*a, *b, score, row[COVERED_A], kind)


# Neighbouring matches with no more than this between them are one passage.
_BETWEEN = 40


def _chain(stretches: list[_Stretch]) -> list[_Stretch]:
    """Join stretches of one pair of texts that lie near each other on both sides."""
    passages: list[_Stretch] = []
    for s in sorted(stretches, key=lambda s: (s.a_start, s.b_start)):
        for n, p in enumerate(passages):
            near_a = s.a_start - p.a_end <= _BETWEEN
            near_b = max(s.b_start - p.b_end, p.b_start - s.b_end) <= _BETWEEN
            if near_a and near_b:
                passages[n] = _join(p, s)
                break
        else:
            passages.append(s)
    return passages


def _join(p: _Stretch, s: _Stretch) -> _Stretch:
    weight = p.weight + s.weight
    kinds = {p.kind, s.kind}
    kind: Kind = (
        p.kind if len(kinds) == 1 else "masked" if kinds == {"exact", "masked"} else "edited"
    )
    if s.b_start < p.b_start:
        kind = "reordered"
    elif kind == "exact" and (s.a_start - p.a_end) != (s.b_start - p.b_end):
        kind = "edited"
    return _Stretch(
        min(p.a_start, s.a_start),
        max(p.a_end, s.a_end),
        min(p.b_start, s.b_start),
        max(p.b_end, s.b_end),
        (p.score * p.weight + s.score * s.weight) / max(1, weight),
        weight,
        kind,
    )


def find_pairs(
    sources: Iterable[Source], *, names: Iterable[str] = (), settings: Settings = DEFAULT
) -> list[Pair]:
    """Find which texts share wording that is more than form or formula.

    Parameters
    ----------
    sources : iterable of Source
        In any order: the result is the same.  Their issuers' names are masked.
    names : iterable of str
        Further names to mask.
    settings : Settings

    Returns
    -------
    list of Pair
        Sorted by ``a``, ``b`` and place; two long texts may share several passages.

    Raises
    ------
    ValueError
        If two texts have the same id.

    Examples
    --------
    >>> a = Source("1", "对重点任务梳理形成台账，逐条明确牵头科室。", "白芷县教育局")
    >>> b = Source("2", "今年，我局对重点任务梳理形成台账，逐条明确牵头股室。", "松涧县水利局")
    >>> [(p.a, p.b, p.kind, b.text[p.b_start:p.b_end]) for p in find_pairs([b, a])]
    [('1', '2', 'edited', '对重点任务梳理形成台账，逐条明确牵头股室')]
    """
    ordered = sorted(sources, key=lambda s: s.id)
    for x, y in pairwise(ordered):
        if x.id == y.id:
            raise ValueError(f"编号应各不相同；{x.id} 出现了不止一次，请改后再试")
    texts = [s.text for s in ordered]
    matches = match_wordings(
        texts, issuers=(s.issuer for s in ordered if s.issuer), names=names, settings=settings
    )
    grouped: dict[tuple[int, int], list[_Stretch]] = {}
    for a, b, stretch in _stretches(matches, texts):
        grouped.setdefault((a, b), []).append(stretch)
    pairs: list[Pair] = []
    for (a, b), stretches in sorted(grouped.items()):
        for s in _chain(stretches) if len(stretches) > 1 else stretches:
            pairs.append(
                Pair(
                    ordered[a].id, ordered[b].id, round(min(1.0, s.score), 4),
                    s.a_start, s.a_end, s.b_start, s.b_end, s.kind,
                )
            )  # fmt: skip
    return pairs
