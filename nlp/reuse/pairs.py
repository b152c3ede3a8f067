"""Texts → pairs that share wording, with offsets into both texts as given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple, overload

import numpy as np

from nlp.reuse.match import DEFAULT, Settings, match_wordings
from nlp.reuse.stretches import KINDS, Stretches, list_stretches
from nlp.reuse.workers import using_workers

# Rows made at a time.
_ROWS = 10_000


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


class Pairs(Sequence[Pair]):
    """Pairs in columns; a row becomes a ``Pair`` when it is asked for.

    Millions of rows as objects would take longer to make than to find.  ``ids`` are the
    sources' in order; ``columns.a`` and ``columns.b`` are places in it.
    """

    __slots__ = ("columns", "ids")

    def __init__(self, ids: Sequence[str], columns: Stretches) -> None:
        self.ids = ids
        self.columns = columns

    def __len__(self) -> int:
        return len(self.columns.a)

    @overload
    def __getitem__(self, index: int) -> Pair: ...

    @overload
    def __getitem__(self, index: slice) -> list[Pair]: ...

    def __getitem__(self, index: int | slice) -> Pair | list[Pair]:
        if isinstance(index, slice):
            return list(self._rows(index))
        at = range(len(self))[index]
        return next(self._rows(slice(at, at + 1)))

    def __iter__(self) -> Iterator[Pair]:
        for first in range(0, len(self), _ROWS):
            yield from self._rows(slice(first, first + _ROWS))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(self) != len(other):
            return False
        return all(x == y for x, y in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Pairs({len(self)})"

    def _rows(self, part: slice) -> Iterator[Pair]:
        c = self.columns
        return map(
            Pair._make,
            zip(
                map(self.ids.__getitem__, c.a[part].tolist()),
                map(self.ids.__getitem__, c.b[part].tolist()),
                np.round(np.minimum(1.0, c.scores[part]), 4).tolist(),
                c.a_start[part].tolist(), c.a_end[part].tolist(),
                c.b_start[part].tolist(), c.b_end[part].tolist(),
                map(KINDS.__getitem__, c.kinds[part].tolist()),
                strict=True,
            ),
        )  # fmt: skip


def find_pairs(
    sources: Iterable[Source],
    *,
    names: Iterable[str] = (),
    settings: Settings = DEFAULT,
    workers: int | None = None,
) -> Pairs:
    """Find which texts share wording that is more than form or formula.

    Parameters
    ----------
    sources : iterable of Source
        In any order: the result is the same.  Their issuers' names are masked.
    names : iterable of str
        Further names to mask.
    settings : Settings
    workers : int, optional
        Threads to use, by default as many as this machine has cores.  The result is the
        same for any number.

    Returns
    -------
    Pairs
        A sequence of ``Pair``, sorted by ``a``, ``b`` and place; two long texts may share
        several passages.

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
    ordered = sorted(sources, key=itemgetter(0))
    ids = [s.id for s in ordered]
    for x, y in pairwise(ids):
        if x == y:
            raise ValueError(f"编号应各不相同；{x} 出现了不止一次，请改后再试")
    texts = [s.text for s in ordered]
    issuers = {s.issuer for s in ordered if s.issuer}
    del ordered
    with using_workers(workers):
        matches = match_wordings(texts, issuers=issuers, names=names, settings=settings)
        return Pairs(ids, list_stretches(matches, texts))
