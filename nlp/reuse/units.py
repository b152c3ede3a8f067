"""Masked texts → units: a short text whole, a long one sentence by sentence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.reuse.compiled import compiled
from nlp.reuse.mask import MaskedTexts
from nlp.reuse.scan import CLAUSE, SENTENCE

# A text up to this long is aligned whole, so that moved sentences are one finding; a
# longer one is cut at sentences, and at clauses where a sentence runs on beyond a cut.
WHOLE = 160
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Units:
    """Units as ranges of masked characters, and the text that each is of."""

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    texts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts)


@compiled
def _cut(
    breaks: NDArray[np.uint8],
    pointers: NDArray[np.int64],
    whole: int,
    longest: int,
    out: NDArray[np.int64],
) -> int:
    made = 0
    for t in range(len(pointers) - 1):
        start = pointers[t]
        stop = pointers[t + 1]
        if stop == start:
            continue
        if stop - start <= whole:
            out[made, 0] = start
            out[made, 1] = stop
            out[made, 2] = t
            made += 1
            continue
        clause = start
        i = start
        while i < stop:
            ends = breaks[i] == SENTENCE or i == stop - 1
            if not ends and i + 1 - start >= longest:
                ends = True
                if clause > start:
                    i = clause - 1
            if breaks[i] >= CLAUSE:
                clause = i + 1
            if ends:
                out[made, 0] = start
                out[made, 1] = i + 1
                out[made, 2] = t
                made += 1
                start = i + 1
                clause = start
            i += 1
    return made


def cut_units(masked: MaskedTexts, *, whole: int = WHOLE, longest: int = LONGEST) -> Units:
    """Cut masked texts into units; every masked character is in exactly one.

    Examples
    --------
    >>> from nlp.reuse.mask import mask_texts
    >>> units = cut_units(mask_texts(["公开及时。解读清楚。"]), whole=4)
    >>> list(zip(units.starts.tolist(), units.ends.tolist()))
    [(0, 4), (4, 8)]
    """
    out = np.zeros((len(masked.codes) + 1, 3), dtype=np.int64)
    made = _cut(masked.breaks, masked.pointers, whole, longest, out)
    rows = out[:made]
    return Units(rows[:, 0].copy(), rows[:, 1].copy(), rows[:, 2].copy())
