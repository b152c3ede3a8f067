"""One wording → where it occurs in many texts, to the letter or changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from nlp.reuse.mask import SLOTS, MaskedTexts, mask_texts
from nlp.reuse.pairs import Source
from nlp.reuse.units import cut_units

HitKind = Literal["exact", "slots", "edited", "partial"]
_GRAM = 3
# A sentence is looked at if it has at least this share of the runs of three characters that
# the wording has; one edit spoils three of them.
_LEAST_GRAMS = 0.2
# A part of a wording has at least this many characters besides slots.
_LEAST_PART = 8


class Hit(NamedTuple):
    """A place where a wording occurs.

    ``query[query_start:query_end]`` is what was looked for there, ``text[start:end]`` of
    the source what was found.  ``score`` is 1 − edits ÷ length of both (names, dates and
    numbers masked).  ``kind``: the same to the letter (marks and white space aside), the
    same but for slots, edited, or a part of the wording only.
    """

    id: str
    start: int
    end: int
    query_start: int
    query_end: int
    score: float
    kind: HitKind


def find_wording(
    query: str,
    sources: Iterable[Source],
    *,
    names: Iterable[str] = (),
    least: float = 0.7,
) -> list[Hit]:
    """Find where a wording occurs, formulae and mandated wording included.

    Parameters
    ----------
    query : str
        A clause up to several paragraphs; looked for sentence by sentence.
    sources : iterable of Source
    names : iterable of str
        Names to mask, besides those of the issuers.
    least : float
        Hits of a lower score are dropped, 0 to 1.

    Returns
    -------
    list of Hit
        In the order of the query's sentences, then by score and source.

    Raises
    ------
    ValueError
        If the query holds no characters, or ``least`` is not between 0 and 1.

    Examples
    --------
    >>> sources = [Source("1", "全年无事。2023年，我局公开信息12条。"), Source("2", "其他事项。")]
    >>> [(h.id, h.kind, sources[0].text[h.start:h.end])
    ...  for h in find_wording("2024年我局公开信息30条", sources)]
    [('1', 'slots', '2023年，我局公开信息12条')]
    """
    if not 0 < least <= 1:
        raise ValueError(f"相似度下限应大于 0、不超过 1；实为 {least}")
    ordered = sorted(sources, key=lambda s: s.id)
    issuers = sorted({s.issuer for s in ordered if s.issuer})
    # A line of the query is a question of its own, whatever it ends with.
    asking = query.replace("\n", "。")
    masked = mask_texts([*(s.text for s in ordered), asking], issuers=issuers, names=names)
    last = len(ordered)
    if masked.pointers[last] == masked.pointers[last + 1]:
        raise ValueError("要找的文字里没有可比对的字")
    units = cut_units(masked, whole=0)
    asked = units.texts == last
    hits: list[Hit] = []
    for first, stop in zip(units.starts[asked], units.ends[asked], strict=True):
        found = _find_sentence(
            ordered, query, masked, int(first), int(stop),
            units.starts[~asked], units.ends[~asked], units.texts[~asked], least,
        )  # fmt: skip
        hits.extend(sorted(found, key=lambda h: (-h.score, h.id, h.start)))
    return hits


def _grams(codes: NDArray[np.uint32]) -> NDArray[np.int64]:
    wide = codes.astype(np.int64)
    grams: NDArray[np.int64] = (wide[:-2] << 42) + (wide[1:-1] << 21) + wide[2:]
    return grams


def _find_sentence(
    ordered: Sequence[Source],
    query: str,
    masked: MaskedTexts,
    first: int,
    stop: int,
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    texts: NDArray[np.int64],
    least: float,
) -> Iterable[Hit]:
    wanted = masked.codes[first:stop]
    if stop - first < _GRAM:
        return
    has = np.isin(_grams(masked.codes), np.unique(_grams(wanted)))
    summed = np.concatenate([np.zeros(1, np.int64), np.cumsum(has, dtype=np.int64)])
    inside = np.maximum(np.minimum(ends - _GRAM + 1, len(has)), starts)
    number = summed[inside] - summed[np.minimum(starts, len(has))]
    shorter = np.minimum(stop - first, ends - starts) - _GRAM + 1
    asked = _text_of(wanted)
    for u in np.flatnonzero((number > 0) & (number >= _LEAST_GRAMS * shorter)).tolist():
        low, high = int(starts[u]), int(ends[u])
        there = _text_of(masked.codes[low:high])
        aligned = fuzz.partial_ratio_alignment(asked, there)
        if aligned is None:
            continue
        # What matches may be the whole wording inside a sentence, or a part of it.
        q1, q2 = first + aligned.src_start, first + aligned.src_end
        t1, t2 = low + aligned.dest_start, low + aligned.dest_end
        if len(asked) > len(there) and sum(c not in SLOTS for c in there) < _LEAST_PART:
            continue
        x, y = _text_of(masked.codes[q1:q2]), _text_of(masked.codes[t1:t2])
        score = round(Indel.normalized_similarity(x, y), 4)
        if score < least:
            continue
        part = q2 - q1 < 0.7 * (stop - first)
        start, end = int(masked.starts[t1]), int(masked.ends[t2 - 1])
        q_start, q_end = int(masked.starts[q1]), int(masked.ends[q2 - 1])
        source = ordered[int(texts[u])]
        kind: HitKind = "partial" if part else "edited" if x != y else "slots"
        if kind == "slots" and _raw(masked, source.text, t1, t2) == _raw(masked, query, q1, q2):
            kind = "exact"
        yield Hit(source.id, start, end, q_start, q_end, score, kind)


def _text_of(codes: NDArray[np.uint32]) -> str:
    return codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def _raw(masked: MaskedTexts, text: str, first: int, stop: int) -> list[str]:
    """Give slots as they are written and all else as it is folded."""
    return [
        text[masked.starts[i] : masked.ends[i]]
        if chr(masked.codes[i]) in SLOTS
        else chr(masked.codes[i])
        for i in range(first, stop)
    ]
