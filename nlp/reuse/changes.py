"""Two stretches that share wording → what is the same, what was filled in, what changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from rapidfuzz.distance import Indel

from nlp.reuse.mask import SLOTS, MaskedTexts, mask_texts

ChangeKind = Literal["same", "slot", "changed", "only_a", "only_b"]
# Fewer equal characters than this between two changes are chance, and part of the change.
_CHANCE = 2


class Change(NamedTuple):
    """``a[a_start:a_end]`` stands where ``b[b_start:b_end]`` stands.

    ``slot`` is a name, date or number that differs; ``only_a`` and ``only_b`` have nothing
    on the other side.  The changes of two texts cover both from end to end.
    """

    kind: ChangeKind
    a_start: int
    a_end: int
    b_start: int
    b_end: int


def list_changes(
    a: str, b: str, *, issuers: Iterable[str] = (), names: Iterable[str] = ()
) -> list[Change]:
    """Lay two stretches side by side, character by character.

    Marks and white space are folded for matching, so they count as the same.

    Examples
    --------
    >>> a, b = "2023年，我县公开12条", "2024年我县新增公开12条"
    >>> [(c.kind, a[c.a_start:c.a_end], b[c.b_start:c.b_end]) for c in list_changes(a, b)]
    [('slot', '2023年，', '2024年'), ('same', '我县', '我县'), ('only_b', '', '新增'),
     ('same', '公开12条', '公开12条')]
    """
    return list_all_changes([a, b], [(0, 1)], issuers=issuers, names=names)[0]


def list_all_changes(
    texts: Sequence[str],
    pairs: Iterable[tuple[int, int]],
    *,
    issuers: Iterable[str] = (),
    names: Iterable[str] = (),
) -> list[list[Change]]:
    """Lay many pairs of stretches side by side; the texts are masked only once.

    Examples
    --------
    >>> [len(c) for c in list_all_changes(["公开12条", "公开3条"], [(0, 1), (1, 1)])]
    [3, 1]
    """
    masked = mask_texts(texts, issuers=issuers, names=names)
    coded = {}
    result = []
    for a, b in pairs:
        for n in (a, b):
            if n not in coded:
                part = slice(masked.pointers[n], masked.pointers[n + 1])
                coded[n] = masked.codes[part].tolist()
        result.append(_compare(masked, texts, a, b, coded[a], coded[b]))
    return result


def _compare(
    masked: MaskedTexts, texts: Sequence[str], a: int, b: int, x: list[int], y: list[int]
) -> list[Change]:
    steps: list[tuple[ChangeKind, int, int, int, int]] = []
    starts_a = [*masked.starts[masked.pointers[a] : masked.pointers[a + 1]].tolist()]
    starts_b = [*masked.starts[masked.pointers[b] : masked.pointers[b + 1]].tolist()]
    ends_a = [*masked.ends[masked.pointers[a] : masked.pointers[a + 1]].tolist()]
    ends_b = [*masked.ends[masked.pointers[b] : masked.pointers[b + 1]].tolist()]
    for op in Indel.opcodes(x, y):
        i, j, k, n = op.src_start, op.src_end, op.dest_start, op.dest_end
        if op.tag == "delete":
            steps.append(("only_a", i, j, k, k))
        elif op.tag == "insert":
            steps.append(("only_b", i, i, k, n))
        else:
            for d in range(j - i):
                p, q = i + d, k + d
                kind: ChangeKind = "same"
                if chr(x[p]) in SLOTS:
                    raw_a = texts[a][starts_a[p] : ends_a[p]]
                    raw_b = texts[b][starts_b[q] : ends_b[q]]
                    kind = "same" if raw_a == raw_b else "slot"
                steps.append((kind, p, p + 1, q, q + 1))
    starts_a.append(len(texts[a]))
    starts_b.append(len(texts[b]))
    if starts_a[0] and x:
        starts_a[0] = 0
    if starts_b[0] and y:
        starts_b[0] = 0
    merged = _merge(steps)
    return [
        Change(kind, starts_a[i], starts_a[j], starts_b[k], starts_b[n])
        for kind, i, j, k, n in merged
    ]


def _merge(
    steps: list[tuple[ChangeKind, int, int, int, int]],
) -> list[tuple[ChangeKind, int, int, int, int]]:
    """Join neighbours of one kind; what is taken out and put in at one place is a change."""
    runs: list[tuple[ChangeKind, int, int, int, int]] = []
    for step in steps:
        if runs and runs[-1][0] == step[0]:
            runs[-1] = (step[0], runs[-1][1], step[2], runs[-1][3], step[4])
        else:
            runs.append(step)
    changed: list[tuple[ChangeKind, int, int, int, int]] = []
    for n, (kind, i, j, k, m) in enumerate(runs):
        chance = (
            kind == "same"
            and j - i < _CHANCE
            and 0 < n < len(runs) - 1
            and runs[n - 1][0] in ("only_a", "only_b")
            and runs[n + 1][0] in ("only_a", "only_b")
        )
        kind = "changed" if chance else kind
        loose = ("only_a", "only_b", "changed")
        if changed and kind in loose and changed[-1][0] in loose:
            before = changed[-1]
            both = before[1], j, before[3], m
            joined: ChangeKind = "changed" if both[0] < both[1] and both[2] < both[3] else before[0]
            changed[-1] = (joined, *both)
        else:
            changed.append((kind, i, j, k, m))
    return changed
