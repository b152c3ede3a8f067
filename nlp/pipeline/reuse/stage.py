"""Frames of reports → the frames of reuse: shares, families, dyads, network, residue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from nlp.documents import REUSE_FRAMES, make_frame
from nlp.pipeline.reuse.leftovers import list_residue
from nlp.pipeline.reuse.sources import Corpus, gather_corpus
from nlp.pipeline.reuse.ties import ALL_PAIRS, tabulate_dyads, tabulate_years
from nlp.reuse import Family, Settings, find_families
from nlp.reuse.painting import CLASSES, Painted, Shared, paint_texts
from nlp.reuse.relation import Body, relate
from nlp.reuse.sensitivity import measure_cuts
from nlp.reuse.spread import Spread, fill_template, link_issuers, trace_family

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReuseNotes:
    """What a run of the stage says of itself, and the painted texts for the page.

    ``every_pair`` is False where the frame ``dyads`` has only pairs that share wording.
    """

    settings: Settings
    every_pair: bool
    painted: tuple[Painted, ...]

    def describe(self) -> dict[str, Any]:
        """Give the manifest's part on reuse."""
        return {
            "settings": asdict(self.settings),
            "dyads": "all" if self.every_pair else "sharing",
            "pairs_with_all_measures": ALL_PAIRS,
        }


def measure_reuse(
    frames: Mapping[str, pd.DataFrame], *, settings: Settings | None = None
) -> tuple[dict[str, pd.DataFrame], ReuseNotes]:
    """Find who uses whose words in a result.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        With ``reports`` and ``sentences``; the order of their rows makes no difference.
    settings : Settings, optional

    Returns
    -------
    frames : dict of str to DataFrame
        The frames of ``REUSE_FRAMES``.
    notes : ReuseNotes
    """
    chosen = settings or Settings()
    corpus = gather_corpus(frames)
    painted, shared = paint_texts(corpus.sources, names=corpus.names, settings=chosen)
    families = find_families(corpus.sources, names=corpus.names, settings=chosen)
    residue = list_residue(corpus)
    dyads, every = tabulate_dyads(corpus, painted, shared)
    cuts = measure_cuts(corpus.sources, names=corpus.names, settings=chosen)
    made = {
        "reuse_shares": make_frame("reuse_shares", _share_rows(corpus, painted, shared, residue)),
        "reuse_years": tabulate_years(corpus, painted, shared),
        "dyads": dyads,
        **_tabulate_families(corpus, families),
        "issuer_links": make_frame("issuer_links", _link_rows(corpus, families)),
        "residue": make_frame("residue", residue),
        "formula_cuts": make_frame("formula_cuts", map(asdict, cuts)),
    }
    return {name: made[name] for name in REUSE_FRAMES}, ReuseNotes(chosen, every, tuple(painted))


def _share_rows(
    corpus: Corpus, painted: Sequence[Painted], shared: Sequence[Shared], residue: Sequence[Row]
) -> list[Row]:
    source = {s.id: s for s in corpus.sources}
    left: dict[str, int] = {}
    for row in residue:
        left[row["report_id"]] = left.get(row["report_id"], 0) + 1
    years: dict[str, list[tuple[int, str]]] = {}
    for s in corpus.sources:
        if s.issuer and s.year is not None:
            years.setdefault(s.issuer, []).append((s.year, s.id))
    peers: dict[str, list[tuple[int, str]]] = {}
    for pair in shared:
        x, y = source[pair.a], source[pair.b]
        if not x.issuer or x.issuer != y.issuer:
            peers.setdefault(pair.a, []).append((-pair.shared_a, pair.b))
            peers.setdefault(pair.b, []).append((-pair.shared_b, pair.a))
    rows = []
    for p in painted:
        s = source[p.id]
        near = sorted(n for n in peers.get(p.id, []) if n[0] < 0)
        before = [y for y in years.get(s.issuer, []) if s.year is not None and y[0] < s.year]
        shares = dict.fromkeys((*CLASSES, "peer_any"))
        reason = None
        if p.characters:
            shares.update(_round_shares(p))
            if not s.issuer or s.year is None:
                reason = "机关或年度未识别：自我沿用和同行雷同分不开，慎用"
        else:
            reason = "没有叙述文字"
        rows.append(
            {
                "report_id": p.id,
                "issuer": s.issuer or None,
                "year": s.year,
                "characters": p.characters,
                "free": p.free,
                **shares,
                "own_report": max(before)[1] if before else None,
                "peer_reports": len(near),
                "closest_report": near[0][1] if near else None,
                "closest_issuer": (source[near[0][1]].issuer or None) if near else None,
                "closest_share": round(-near[0][0] / p.free, 4) if near and p.free else None,
                "residue": left.get(p.id, 0),
                "reason": reason,
            }
        )
    return rows


def _round_shares(p: Painted) -> dict[str, float]:
    """Round the shares so that the five still add to 1: the last one takes what is left."""
    rounded = [round(count / p.characters, 4) for count in p.counts[:4]]
    new = max(0.0, round(1 - sum(rounded), 4))
    return dict(
        zip(
            (*CLASSES, "peer_any"),
            (*rounded, new, round(p.peer_any / p.characters, 4)),
            strict=True,
        )
    )


def _tabulate_families(corpus: Corpus, families: Sequence[Family]) -> dict[str, pd.DataFrame]:
    width = max(4, len(str(len(families))))
    rows: list[Row] = []
    passages: list[Row] = []
    slots: list[Row] = []
    for n, family in enumerate(families, 1):
        key = f"F{n:0{width}}"
        spread = trace_family(family, corpus.bodies)
        rows.append(_family_row(key, family, spread))
        passages.extend(_passage_rows(key, corpus, spread))
        slots.extend(
            {"family": key, "slot": k, "name": slot.name, "value": value, "passages": count}
            for k, slot in enumerate(family.slots, 1)
            for value, count in slot.values
        )
    return {
        "families": make_frame("families", rows),
        "passages": make_frame("passages", passages),
        "family_slots": make_frame("family_slots", slots),
    }


def _family_row(key: str, family: Family, spread: Spread) -> Row:
    first = spread.first
    later = list(
        dict.fromkeys(
            use.member.issuer
            for use in spread.uses
            if use.member.issuer
            and (first is None or use.member.issuer != first.issuer)
            and use.member.issuer not in spread.tied
        )
    )
    return {
        "family": key,
        "scope": "across" if family.issuers > 1 or _has_unknown(family) else "own",
        "template": " ".join(family.template.split()),
        "wording": " ".join(fill_template(family).split()),
        "issuers": family.issuers,
        "reports": len({m.id for m in family.members}),
        "passages": len(family.members),
        "first_note": describe_first(spread),
        "first_issuer": (first.issuer or None) if first else None,
        "first_year": first.year if first else None,
        "first_report": first.id if first else None,
        "first_tied": "；".join(spread.tied) or None,
        "last_year": spread.years[-1] if spread.years else None,
        "later_issuers": "；".join(later) or None,
        **{
            tie: spread.ties.get(tie, 0)
            for tie in (
                "superior", "subordinate", "same_county", "same_system", "far", "unknown",
            )
        },
    }  # fmt: skip


def _has_unknown(family: Family) -> bool:
    return any(not m.issuer for m in family.members)


def describe_first(spread: Spread) -> str:
    """Say in words where a family was first seen, and what that does not mean."""
    if spread.first is None:
        return "各处年度都不明，先后无从判断"
    issuer = spread.first.issuer or "机关未识别的报告"
    where = f"在本语料中最早见于 {issuer} {spread.first.year} 年度报告"
    if spread.tied:
        where += f"，同年另有 {len(spread.tied)} 个机关使用，先后无从判断"
    return where


def _passage_rows(key: str, corpus: Corpus, spread: Spread) -> list[Row]:
    rows = []
    for order, use in enumerate(spread.uses, 1):
        m = use.member
        where = corpus.sentences[m.id]
        at = where.at(m.start)
        rows.append(
            {
                "family": key,
                "report_id": m.id,
                "issuer": m.issuer or None,
                "year": m.year,
                "order": order,
                "first": use.first,
                "tie": use.tie,
                "section": None if at is None else where.sections[at],
                "start": m.start,
                "end": m.end,
                "page": None if at is None else where.pages[at],
                "text": corpus.texts[m.id][m.start : m.end],
            }
        )
    return rows


def _link_rows(corpus: Corpus, families: Sequence[Family]) -> list[Row]:
    bodies: dict[str, Body] = {}
    for source in corpus.sources:
        if source.issuer:
            bodies.setdefault(source.issuer, corpus.bodies[source.id])
    return [
        {
            **asdict(link),
            # ``superior``: the one that had the words first is above the other.
            "tie": relate(bodies[link.later], bodies[link.earlier]).tie,
        }
        for link in link_issuers(families)
    ]
