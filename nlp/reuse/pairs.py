"""Texts → pairs that share wording, with offsets into both texts as given."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from nlp.reuse.match import DEFAULT, Settings, match_wordings
from nlp.reuse.stretches import KINDS, list_stretches


class Source(NamedTuple):
    """A text to compare: a clause, a sentence, a passage or a whole report."""

    id: str
    text: str
    issuer: str = ""
    year: int | None = None


class Pair(NamedTuple):
    """Two stretches that share their wording; ``a`` sorts before ``b``.

    ``score`` is the share of the lighter text's (in a long text: sentence's) weight that is
    found in the other, 0 to 1.  ``text[a_start:a_end]`` of source ``a`` is the stretch to
    the letter.  ``kind`` is exact, masked (the same but for names, dates and numbers),
    edited, reordered, or partial (less than half of the heavier one).
    """

    a: str
    b: str
    score: float
    a_start: int
    a_end: int
    b_start: int
    b_end: int
    kind: str


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
    >>> b = Source("2", "今年，我局对重点任务梳理形成台账，逐条明确牵头人员。", "松涧县水利局")
    >>> [(p.a, p.b, p.kind, b.text[p.b_start:p.b_end]) for p in find_pairs([b, a])]
    [('1', '2', 'edited', '对重点任务梳理形成台账，逐条明确牵头')]
    """
    ordered = sorted(sources, key=lambda s: s.id)
    for x, y in pairwise(ordered):
        if x.id == y.id:
            raise ValueError(f"编号应各不相同；{x.id} 出现了不止一次，请改后再试")
    texts = [s.text for s in ordered]
    matches = match_wordings(
        texts, issuers=(s.issuer for s in ordered if s.issuer), names=names, settings=settings
    )
    a, b, a_start, a_end, b_start, b_end, scores, _, kinds = list_stretches(matches, texts)
    ids = [s.id for s in ordered]
    return list(
        map(
            Pair, map(ids.__getitem__, a), map(ids.__getitem__, b),
            [round(min(1.0, score), 4) for score in scores],
            a_start, a_end, b_start, b_end, map(KINDS.__getitem__, kinds),
        )
    )  # fmt: skip
