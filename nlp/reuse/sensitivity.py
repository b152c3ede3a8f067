"""How the shares move with the cut above which a phrase is a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from nlp.reuse.match import DEFAULT, Settings
from nlp.reuse.painting import paint_texts
from nlp.reuse.pairs import Source

# No phrase is as common as this: only the listed stock wording is formula.
_NEVER = 1 << 40
CUTS = (3, 6, 12, 24, None)


@dataclass(frozen=True, slots=True)
class CutShares:
    """Shares of all characters together at one cut; the five add to 1.

    ``cut`` is the number of different wordings that a phrase must occur in to be a formula
    (None: only the listed stock wording is); ``pairs`` are the pairs of texts that share
    free wording.
    """

    cut: int | None
    default: bool
    mandated: float
    formula: float
    own: float
    peer: float
    new: float
    pairs: int


def measure_cuts(
    sources: Sequence[Source],
    *,
    names: Iterable[str] = (),
    settings: Settings = DEFAULT,
    cuts: Sequence[int | None] = CUTS,
) -> list[CutShares]:
    """Measure the shares at several cuts; costs one run of the matching for each.

    Examples
    --------
    >>> text = "每季度由股室对照清单逐条自查并登记销号，抽查结果在例会上点名。"
    >>> sources = [Source("1", text, "甲局", 2022), Source("2", text, "乙局", 2022)]
    >>> [(c.cut, c.peer) for c in measure_cuts(sources, cuts=(6, None))]
    [(6, 1.0), (None, 1.0)]
    """
    known = list(names)
    table = []
    for cut in cuts:
        least = _NEVER if cut is None else cut
        painted, shared = paint_texts(
            sources, names=known, settings=replace(settings, formula_texts=least)
        )
        total = max(1, sum(p.characters for p in painted))
        shares = [round(sum(p.counts[k] for p in painted) / total, 4) for k in range(5)]
        table.append(
            CutShares(
                cut,
                cut == settings.formula_texts,
                shares[0],
                shares[1],
                shares[2],
                shares[3],
                shares[4],
                len(shared),
            )
        )
    return table
