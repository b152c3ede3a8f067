"""Pairs of reports → the tables between the years of one issuer and between issuers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nlp.documents import make_frame, make_frame_of_columns
from nlp.pipeline.reuse.sources import Corpus
from nlp.reuse.dyads import LikenessTable, measure_likeness
from nlp.reuse.painting import Painted, Shared
from nlp.reuse.relation import Relation, relate

# Up to this many pairs of reports (632 reports) every pair is a row: a regression needs
# those that share nothing as well.  Beyond it, only pairs that share wording are rows, and
# the two dear measures are taken of this many pairs that share most.
ALL_PAIRS = 200_000


def tabulate_years(
    corpus: Corpus, painted: Sequence[Painted], shared: Sequence[Shared]
) -> pd.DataFrame:
    """Make the frame ``reuse_years``: every two years of one issuer."""
    free = {p.id: p.free for p in painted}
    found = {(s.a, s.b): s for s in shared}
    by_issuer: dict[str, list[tuple[int, int]]] = {}
    for n, source in enumerate(corpus.sources):
        if source.issuer and source.year is not None:
            by_issuer.setdefault(source.issuer, []).append((source.year, n))
    pairs = []
    for issuer in sorted(by_issuer):
        reports = sorted(by_issuer[issuer], key=lambda r: (r[0], corpus.sources[r[1]].id))
        for later, (year, n) in enumerate(reports):
            before = [y for y, _ in reports[:later] if y < year]
            for earlier, k in reports[:later]:
                if earlier < year:
                    pairs.append((issuer, k, n, earlier == max(before)))
    likeness = _compare(corpus, np.array([(p[1], p[2]) for p in pairs], dtype=np.int64))
    rows: list[dict[str, Any]] = []
    for at, (issuer, k, n, nearest) in enumerate(pairs):
        a, b = corpus.sources[k], corpus.sources[n]
        both = found.get((min(a.id, b.id), max(a.id, b.id)))
        shared_a, shared_b = _sides(both, a.id)
        cosine = _known(likeness.cosine[at])
        rows.append(
            {
                "issuer": issuer,
                "report_a": a.id,
                "report_b": b.id,
                "year_a": a.year,
                "year_b": b.year,
                "year_gap": (b.year or 0) - (a.year or 0),
                "nearest": nearest,
                "free_a": free[a.id],
                "free_b": free[b.id],
                "shared_a": shared_a,
                "shared_b": shared_b,
                "share_a": _divide(shared_a, free[a.id]),
                "share_b": _divide(shared_b, free[b.id]),
                "passages": both.passages if both else 0,
                "longest": both.longest if both else 0,
                "cosine": cosine,
                "jaccard": _known(likeness.jaccard[at]),
                "edit": _known(likeness.edit[at]),
                "simple": _known(likeness.simple[at]),
                "modification": None if cosine is None else round(1 - cosine, 4),
            }
        )
    return make_frame("reuse_years", rows)


def tabulate_dyads(
    corpus: Corpus, painted: Sequence[Painted], shared: Sequence[Shared]
) -> tuple[pd.DataFrame, bool]:
    """Make the frame ``dyads``; say whether every pair of reports is in it."""
    sources = corpus.sources
    number = {s.id: n for n, s in enumerate(sources)}
    count = len(sources)
    every = count * (count - 1) // 2 <= ALL_PAIRS
    found = {number[s.a] * count + number[s.b]: s for s in shared}
    if every:
        first, second = np.triu_indices(count, 1)
    else:
        keys = np.array(sorted(found), dtype=np.int64)
        first, second = keys // max(1, count), keys % max(1, count)
    issuer = np.array([s.issuer for s in sources], dtype=object)
    strange = np.array(
        [not issuer[a] or issuer[a] != issuer[b] for a, b in zip(first, second, strict=True)],
        dtype=bool,
    )
    first, second = first[strange].astype(np.int64), second[strange].astype(np.int64)
    figures = np.zeros((len(first), 4), dtype=np.int64)
    for n, key in enumerate((first * count + second).tolist()):
        if key in found:
            s = found[key]
            figures[n] = s.shared_a, s.shared_b, s.passages, s.longest
    year = np.array([9999 if s.year is None else s.year for s in sources], dtype=np.int64)
    turn = year[first] > year[second]
    first, second = np.where(turn, second, first), np.where(turn, first, second)
    figures[turn] = figures[turn][:, [1, 0, 2, 3]]
    order = np.lexsort((second, first))
    first, second, figures = first[order], second[order], figures[order]
    most = None
    if len(first) > ALL_PAIRS:
        most = np.zeros(len(first), dtype=bool)
        weight = figures[:, 0] + figures[:, 1]
        most[np.argsort(-weight, kind="stable")[:ALL_PAIRS]] = True
    likeness = _compare(corpus, np.stack([first, second], axis=1), most)
    free = np.array([{p.id: p.free for p in painted}[s.id] for s in sources], dtype=np.int64)
    return _fill_dyads(corpus, first, second, figures, likeness, free), every


def _fill_dyads(
    corpus: Corpus,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    figures: NDArray[np.int64],
    likeness: LikenessTable,
    free: NDArray[np.int64],
) -> pd.DataFrame:
    sources = corpus.sources
    bodies = [corpus.bodies[s.id] for s in sources]

    @cache
    def relation(a: int, b: int) -> Relation:
        return relate(bodies[a], bodies[b])

    # Reports of one issuer stand to others alike, unless their regions were read differently.
    kinds = {body: n for n, body in reversed(list(enumerate(bodies)))}
    alike = [kinds[body] for body in bodies]
    ties = [
        relation(alike[a], alike[b]) for a, b in zip(first.tolist(), second.tolist(), strict=True)
    ]
    ids = np.array([s.id for s in sources], dtype=object)
    issuer = np.array([s.issuer or None for s in sources], dtype=object)
    year = np.array([np.nan if s.year is None else float(s.year) for s in sources])
    share = np.divide(
        figures[:, :2],
        np.stack([free[first], free[second]], axis=1),
        out=np.full((len(first), 2), np.nan),
        where=np.stack([free[first], free[second]], axis=1) > 0,
    )
    return make_frame_of_columns(
        "dyads",
        {
            "report_a": ids[first],
            "report_b": ids[second],
            "issuer_a": issuer[first],
            "issuer_b": issuer[second],
            "year_a": _integers(year[first]),
            "year_b": _integers(year[second]),
            "year_gap": _integers(year[second] - year[first]),
            "same_province": [t.same_province for t in ties],
            "same_city": [t.same_city for t in ties],
            "same_county": [t.same_county for t in ties],
            "same_system": [t.same_system for t in ties],
            "vertical": [t.vertical for t in ties],
            # As seen from the later report: ``superior`` says that report a's issuer is above.
            "tie": [_TURNED.get(t.tie, t.tie) for t in ties],
            "free_a": free[first],
            "free_b": free[second],
            "shared_a": figures[:, 0],
            "shared_b": figures[:, 1],
            "share_a": np.round(share[:, 0], 4),
            "share_b": np.round(share[:, 1], 4),
            "passages": figures[:, 2],
            "longest": figures[:, 3],
            "cosine": _numbers(likeness.cosine),
            "jaccard": _numbers(likeness.jaccard),
            "edit": _numbers(likeness.edit),
            "simple": _numbers(likeness.simple),
        },
    )


_TURNED = {"superior": "subordinate", "subordinate": "superior"}


def _integers(values: NDArray[np.float64]) -> pd.Series:
    return pd.Series(values).astype("Int64")


def _numbers(values: NDArray[np.float64]) -> pd.Series:
    return pd.Series(values).astype("Float64")


def _compare(
    corpus: Corpus, pairs: NDArray[np.int64], measured: NDArray[np.bool_] | None = None
) -> LikenessTable:
    if not len(pairs):
        nothing = np.zeros(0)
        return LikenessTable(nothing, nothing, nothing, nothing)
    return measure_likeness(
        [s.text for s in corpus.sources],
        pairs,
        issuers=sorted({s.issuer for s in corpus.sources if s.issuer}),
        names=corpus.names,
        measured=measured,
    )


def _sides(both: Shared | None, first: str) -> tuple[int, int]:
    if both is None:
        return 0, 0
    return (both.shared_a, both.shared_b) if both.a == first else (both.shared_b, both.shared_a)


def _divide(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
