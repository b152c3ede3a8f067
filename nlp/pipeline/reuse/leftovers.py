"""Reports → names and blanks that a copy left behind, as rows and as findings."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any

import pandas as pd

from nlp.documents import Finding
from nlp.pipeline.reuse.sources import Corpus
from nlp.reuse import find_residue
from nlp.reuse.naming import split_issuer
from nlp.reuse.relation import Body, Tie, relate

# Bodies that a report has reason to name in its own voice.
_NEAR: frozenset[Tie] = frozenset({"same_issuer", "superior", "subordinate", "same_county"})


def list_residue(corpus: Corpus) -> list[dict[str, Any]]:
    """Give the rows of the frame ``residue``.

    Names of bodies above, below and beside the issuer (in its own county) are no residue.
    Where the relation cannot be told, the row is marked as not sure.
    """
    bodies: dict[str, Body] = {}
    for source in corpus.sources:
        if source.issuer:
            bodies.setdefault(source.issuer, corpus.bodies[source.id])
    # Issuers by the first three characters of their names: nearly all others drop out.
    starts: dict[str, set[str]] = defaultdict(set)
    for issuer in bodies:
        for name in split_issuer(issuer):
            if len(name) >= 3:
                starts[name[:3]].add(issuer)

    @cache
    def tie(mine: str, other: str) -> Tie:
        return relate(bodies[mine], bodies[other]).tie

    rows: list[dict[str, Any]] = []
    for source in corpus.sources:
        text = source.text
        held = {text[i : i + 3] for i in range(len(text) - 2)}
        named = sorted({issuer for start in held & starts.keys() for issuer in starts[start]})
        others = [i for i in named if i != source.issuer]
        if not source.issuer:
            others = []
        near = [i for i in others if tie(source.issuer, i) in _NEAR]
        strange = [i for i in others if i not in near]
        related = {name for issuer in near for name in split_issuer(issuer)}
        for found in find_residue(source, strange, related=related):
            owners = [i for i in strange if found.text in split_issuer(i)]
            sure = found.kind == "placeholder" or all(
                tie(source.issuer, i) != "unknown" for i in owners
            )
            where = corpus.sentences[source.id]
            at = where.at(found.start)
            context = (
                corpus.texts[source.id][where.starts[at] : where.ends[at]]
                if at is not None
                else found.text
            )
            rows.append(
                {
                    "report_id": source.id,
                    "issuer": source.issuer or None,
                    "year": source.year,
                    "kind": found.kind,
                    "named": "；".join(owners) or None,
                    "sure": sure,
                    "start": found.start,
                    "end": found.end,
                    "page": where.pages[at] if at is not None else None,
                    "text": found.text,
                    "context": context,
                }
            )
    return rows


def find_leftovers(residue: pd.DataFrame) -> dict[str, list[Finding]]:
    """Give the findings of each report that has rows in the frame ``residue``."""
    findings: dict[str, list[Finding]] = {}
    plain = residue.astype(object).where(residue.notna(), None)
    for row in plain.to_dict("records"):
        if row["kind"] == "placeholder":
            message = f"正文里有没填的空白“{row['text']}”，疑为套用模板时遗漏，请核对"
        else:
            whose = f"（{row['named']}）" if row["named"] and row["named"] != row["text"] else ""
            message = (
                f"正文里出现别的机关或地方的名字“{row['text']}”{whose}，疑为套用时忘改，请核对"
            )
            if not row["sure"]:
                message += "；该机关与本机关的关系不明"
        severity = "warning" if row["sure"] else "info"
        code = "placeholder_left" if row["kind"] == "placeholder" else "foreign_name_left"
        findings.setdefault(row["report_id"], []).append(
            Finding(code, severity, message, row["page"], row["start"], row["end"])  # type: ignore[arg-type]
        )
    return findings
