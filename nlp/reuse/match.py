"""Texts → wordings that are copies of each other, and the families they form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.reuse.align import (
    BEST,
    COVERED_A,
    COVERED_B,
    END_A,
    END_B,
    PARTS,
    START_A,
    START_B,
    align_pairs,
)
from nlp.reuse.candidates import Collapsed, collapse_copies, find_candidates, weigh_units
from nlp.reuse.compiled import compiled
from nlp.reuse.families import join_families
from nlp.reuse.formulae import LONGEST as LONGEST_FORMULA
from nlp.reuse.formulae import paint_formulae
from nlp.reuse.mask import MaskedTexts, mask_texts
from nlp.reuse.units import Units, cut_units
from nlp.reuse.wording import FULL, STOCK_WEIGHT, weigh_characters


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
        … or where one alignment alone scores this much (a copied clause) …
    clause : float
        … or this much, if it is a whole clause, or several, in both texts, and longer
        than formulae are.
    block, bound : float
        Alignments that score less than ``block`` are chance; texts whose shared pairs of
        characters weigh less than ``bound`` are not aligned at all.
    family_share, family_stretch : float
        What suffices between two texts of one family.
    formula_texts, formula_share : int, float
        A phrase is a formula from this many texts, and from this share of them.
    seed, window, seed_weight : int, int, float
        Length of seeds, winnowing window, and the weight a seed needs.
    near, hosts : int
        How many holders of a seed, and how many candidates, a text is compared with.
    """

    lightest: float = 6.0
    share: float = 0.5
    shared: float = 6.0
    penalty: float = 0.6
    stretch: float = 8.1
    clause: float = 6.5
    block: float = 3.0
    bound: float = 6.5
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
    rows: NDArray[np.int32]
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

    def judge(pairs: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        rows = align_pairs(
            masked.codes, weights, starts, ends, pairs, block, round(settings.bound * FULL)
        )
        if not len(pairs):
            return rows, np.zeros(0)
        return rows, _score(rows, weight[pairs[:, 0]], weight[pairs[:, 1]])

    rows, scores = judge(candidates)
    good = _accept(rows, scores, settings)
    # Formulae are clauses too, of up to 11 characters.
    long = np.minimum(rows[:, END_A] - rows[:, START_A], rows[:, END_B] - rows[:, START_B])
    near = np.flatnonzero(
        ~good & (rows[:, BEST] >= settings.clause * FULL) & (long >= LONGEST_FORMULA)
    )
    good[near] = _are_clauses(masked.breaks, weights, starts, ends, candidates[near], rows[near])
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


@compiled
def _is_clause(
    breaks: NDArray[np.uint8],
    weights: NDArray[np.uint8],
    start: int,
    end: int,
    first: int,
    last: int,
) -> bool:
    """Say whether nothing that weighs stands between a stretch and its clauses' borders."""
    while first > start and breaks[first - 1] == 0:
        first -= 1
        if weights[first]:
            return False
    while last < end and breaks[last - 1] == 0:
        if weights[last]:
            return False
        last += 1
    return True


@compiled
def _are_clauses(
    breaks: NDArray[np.uint8],
    weights: NDArray[np.uint8],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    pairs: NDArray[np.int32],
    rows: NDArray[np.int32],
) -> NDArray[np.bool_]:
    """Say of each pair whether its one stretch is made of whole clauses on both sides."""
    out = np.zeros(len(pairs), dtype=np.bool_)
    for p in range(len(pairs)):
        a = pairs[p, 0]
        b = pairs[p, 1]
        out[p] = (
            rows[p, PARTS] == 1
            and _is_clause(
                breaks, weights, starts[a], ends[a],
                starts[a] + rows[p, START_A], starts[a] + rows[p, END_A],
            )
            and _is_clause(
                breaks, weights, starts[b], ends[b],
                starts[b] + rows[p, START_B], starts[b] + rows[p, END_B],
            )
        )  # fmt: skip
    return out


def _score(
    rows: NDArray[np.int32], total_a: NDArray[np.int64], total_b: NDArray[np.int64]
) -> NDArray[np.float64]:
    share_a = rows[:, COVERED_A] / np.maximum(total_a, 1)
    share_b = rows[:, COVERED_B] / np.maximum(total_b, 1)
    score: NDArray[np.float64] = np.minimum(1.0, np.maximum(share_a, share_b))
    return score


def _accept(
    rows: NDArray[np.int32], scores: NDArray[np.float64], settings: Settings
) -> NDArray[np.bool_]:
    covered = np.minimum(rows[:, COVERED_A], rows[:, COVERED_B])
    missing = covered / np.maximum(scores, 0.01) - covered
    left = covered - settings.penalty * missing
    whole = (scores >= settings.share) & (left >= settings.shared * FULL)
    good: NDArray[np.bool_] = whole | (rows[:, BEST] >= settings.stretch * FULL)
    return good


def _accept_kin(
    rows: NDArray[np.int32], scores: NDArray[np.float64], settings: Settings
) -> NDArray[np.bool_]:
    covered = np.minimum(rows[:, COVERED_A], rows[:, COVERED_B])
    whole = (scores >= settings.family_share) & (covered >= settings.shared * FULL)
    good: NDArray[np.bool_] = whole | (rows[:, BEST] >= settings.family_stretch * FULL)
    return good
