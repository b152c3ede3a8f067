"""Common phrases of the texts at hand: formulae, told from copies by their surroundings.

A phrase that many texts hold is a formula if these have nothing else in common; the inside
of a passage that was copied many times stands among the same words every time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nlp.reuse.compiled import compiled
from nlp.reuse.phrases import Codes
from nlp.reuse.seeds import sort_hashes
from nlp.reuse.workers import in_parts

# Formulae of these reports have 6 to 11 characters; what agrees over more is no formula.
LONGEST = 12
# More characters than this are sampled: a phrase that is common is common in the sample.
SAMPLE = 3_000_000
_LOOK = 32


@compiled
def _hash(codes: Codes, first: int, size: int) -> np.uint64:
    h = np.uint64(1469598103934665603)
    for i in range(first, first + size):
        h = (h ^ np.uint64(codes[i])) * np.uint64(1099511628211)
        h ^= h >> np.uint64(32)
    return h * np.uint64(0x9E3779B97F4A7C15)


@compiled
def _collect(
    codes: Codes,
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    stride: int,
    size: int,
    hashes: NDArray[np.uint64],
    places: NDArray[np.int32],
    units: NDArray[np.int32],
) -> int:
    made = 0
    for u in range(0, len(starts), stride):
        for p in range(starts[u], ends[u] - size + 1):
            hashes[made] = _hash(codes, p, size)
            places[made] = p
            units[made] = u
            made += 1
    return made


@compiled
def _related(
    codes: Codes,
    size: int,
    place_a: int,
    start_a: int,
    end_a: int,
    place_b: int,
    start_b: int,
    end_b: int,
    table: NDArray[np.int32],
    stamp: int,
) -> bool:
    """Say whether two units share more than the phrase around two places that are alike."""
    left = 0
    while (
        place_a - left > start_a
        and place_b - left > start_b
        and codes[place_a - left - 1] == codes[place_b - left - 1]
    ):
        left += 1
    right = size
    while (
        place_a + right < end_a
        and place_b + right < end_b
        and codes[place_a + right] == codes[place_b + right]
    ):
        right += 1
    if left + right > LONGEST:
        return True
    width = len(table) - 1
    count_a = 0
    for i in range(start_a, end_a - 1):
        if place_a - left - 1 <= i < place_a + right:
            continue
        table[(codes[i] * np.uint32(40503) + codes[i + 1] * np.uint32(2654435)) & width] = stamp
        count_a += 1
    count_b = 0
    shared = 0
    for i in range(start_b, end_b - 1):
        if place_b - left - 1 <= i < place_b + right:
            continue
        count_b += 1
        if (
            table[(codes[i] * np.uint32(40503) + codes[i + 1] * np.uint32(2654435)) & width]
            == stamp
        ):
            shared += 1
    fewer = min(count_a, count_b)
    return fewer > 0 and shared >= 3 and shared >= 0.3 * fewer


@compiled
def _list_common(ranked: NDArray[np.uint64], bits: int, least: int, out: NDArray[np.int64]) -> int:
    """List (first, last) of the phrases that at least so many places hold."""
    mask = np.uint64((1 << bits) - 1)
    made = 0
    i = 0
    while i < len(ranked):
        h = ranked[i] & ~mask
        j = i + 1
        while j < len(ranked) and ranked[j] & ~mask == h:
            j += 1
        if j - i >= least:
            out[made, 0] = i
            out[made, 1] = j
            made += 1
        i = j
    return made


@compiled
def _select(
    codes: Codes,
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    size: int,
    places: NDArray[np.int32],
    units: NDArray[np.int32],
    ranked: NDArray[np.uint64],
    bits: int,
    common: NDArray[np.int64],
    first: int,
    last: int,
    related: float,
    chosen: NDArray[np.bool_],
) -> None:
    """Choose the phrases whose holders have little else in common."""
    mask = np.uint64((1 << bits) - 1)
    table = np.zeros(1024, dtype=np.int32)
    stamp = 0
    for c in range(first, last):
        i = common[c, 0]
        count = common[c, 1] - i
        pairs = 0
        alike = 0
        for k in range(_LOOK):
            # Spread over the holders; each is looked at with one some way on.
            x = i + k * count // _LOOK if count > _LOOK else i + k % count
            y = i + (x - i + 1 + k * count // (2 * _LOOK)) % count
            a = np.int64(ranked[x] & mask)
            b = np.int64(ranked[y] & mask)
            u = units[a]
            v = units[b]
            if u == v:
                continue
            stamp += 1
            pairs += 1
            if _related(
                codes, size, places[a], starts[u], ends[u],
                places[b], starts[v], ends[v], table, stamp,
            ):  # fmt: skip
                alike += 1
            # Whatever the rest is, it will be too many.
            if alike > related * _LOOK:
                break
        chosen[c] = pairs > 0 and alike <= related * pairs


@compiled
def _paint(
    codes: Codes,
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    size: int,
    table: NDArray[np.uint64],
    mask: int,
    first: int,
    last: int,
    out: NDArray[np.bool_],
) -> None:
    for u in range(first, last):
        for p in range(starts[u], ends[u] - size + 1):
            h = _hash(codes, p, size)
            at = np.int64(h & np.uint64(mask))
            while table[at] != 0 and table[at] != h:
                at = (at + 1) & mask
            if table[at] == h:
                for i in range(p, p + size):
                    out[i] = True


@compiled
def _fill(table: NDArray[np.uint64], mask: int, hashes: NDArray[np.uint64]) -> None:
    for n in range(len(hashes)):
        at = np.int64(hashes[n] & np.uint64(mask))
        while table[at] != 0 and table[at] != hashes[n]:
            at = (at + 1) & mask
        table[at] = hashes[n]


def paint_formulae(
    codes: Codes,
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    *,
    size: int = 4,
    least: int = 6,
    share: float = 0.0002,
    related: float = 0.3,
) -> NDArray[np.bool_]:
    """Say of each character whether it is in a phrase that is common to these units.

    Parameters
    ----------
    codes, starts, ends
        Masked characters, and the units (one of each wording) in them.
    size : int
        Phrases are unions of runs of this many characters.
    least, share : int, float
        A run is common from this many units, and from this share of them.
    related : float
        … of which at most this share of looked-at pairs agree in more than the phrase.
    """
    painted = np.zeros(len(codes), dtype=bool)
    length = int((ends - starts).sum())
    if not length:
        return painted
    stride = max(1, -(-length // SAMPLE))
    room = int((ends - starts)[::stride].sum()) + 1
    hashes = np.empty(room, dtype=np.uint64)
    places = np.empty(room, dtype=np.int32)
    units = np.empty(room, dtype=np.int32)
    made = _collect(codes, starts, ends, stride, size, hashes, places, units)
    hashes = hashes[:made]
    enough = max(least, round(share * len(starts) / stride))
    ranked, bits = sort_hashes(hashes)
    ranges = np.empty((made // max(1, enough) + 1, 2), dtype=np.int64)
    ranges = ranges[: _list_common(ranked, bits, enough, ranges)]
    chosen = np.zeros(len(ranges), dtype=bool)
    in_parts(
        len(ranges),
        lambda first, last: _select(
            codes, starts, ends, size, places, units, ranked, bits, ranges, first, last,
            related, chosen,
        ),
        small=500,
    )  # fmt: skip
    mask = np.uint64((1 << bits) - 1)
    formulae = hashes[(ranked[ranges[chosen, 0]] & mask).astype(np.int64)]
    room = 1 << max(4, (4 * len(formulae) + 1).bit_length())
    table = np.zeros(room, dtype=np.uint64)
    _fill(table, room - 1, formulae)
    in_parts(
        len(starts),
        lambda first, last: _paint(
            codes, starts, ends, size, table, room - 1, first, last, painted
        ),
    )
    return painted
