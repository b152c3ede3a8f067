"""Frames → the texts to compare: the narrative of each report at its own offsets."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from nlp.pipeline.reuse.pairs import find_places
from nlp.reuse import Source
from nlp.reuse.relation import Body


@dataclass(frozen=True, slots=True)
class Sentences:
    """Where the sentences of one report stand, with section and page."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sections: tuple[str | None, ...]
    pages: tuple[int | None, ...]

    def at(self, offset: int) -> int | None:
        """Give the number of the sentence that holds an offset, or begins next after it."""
        n = bisect_right(self.starts, offset) - 1
        if n >= 0 and offset < self.ends[n]:
            return n
        return n + 1 if n + 1 < len(self.starts) else None


@dataclass(frozen=True, slots=True)
class Corpus:
    """The narrative of every report, sorted by id, and what is known of the issuers.

    ``sources[n].text`` is as long as the report's text, so offsets are the same in both;
    what is no narrative (titles, headings, tables) is blank.
    """

    sources: tuple[Source, ...]
    names: tuple[str, ...]
    bodies: Mapping[str, Body]
    sentences: Mapping[str, Sentences]
    texts: Mapping[str, str]


def _plain(value: object) -> str | None:
    return None if pd.isna(value) else str(value)  # type: ignore[call-overload]


def blank_out(text: str, starts: tuple[int, ...], ends: tuple[int, ...]) -> str:
    """Keep some stretches of a text and blank the rest, at the same length.

    Examples
    --------
    >>> blank_out("一、概况\\n公开及时。", (5,), (10,))
    '。\\n\\n\\n\\n公开及时。'
    """
    parts: list[str] = []
    reached = 0
    for start, end in zip(starts, ends, strict=True):
        if start > reached:
            # What is left out ends a sentence, and is no wording of its own.
            parts.append("。" + "\n" * (start - reached - 1))
        parts.append(text[start:end])
        reached = end
    if reached < len(text):
        parts.append("。" + "\n" * (len(text) - reached - 1))
    return "".join(parts)


def gather_corpus(frames: Mapping[str, pd.DataFrame]) -> Corpus:
    """Take the narratives and the issuers from the frames of a result."""
    kept = frames["sentences"].sort_values(["report_id", "start"], kind="stable")
    sentences = {}
    for report, part in kept.groupby("report_id", sort=True):
        sentences[str(report)] = Sentences(
            tuple(part["start"].astype(int)),
            tuple(part["end"].astype(int)),
            tuple(map(_plain, part["section"])),
            tuple(None if pd.isna(p) else int(p) for p in part["page"]),
        )
    nothing = Sentences((), (), (), ())
    sources, bodies, texts = [], {}, {}
    for row in frames["reports"].sort_values("report_id", kind="stable").to_dict("records"):
        report = str(row["report_id"])
        where = sentences.setdefault(report, nothing)
        texts[report] = _plain(row["text"]) or ""
        issuer = _plain(row["issuer"]) or ""
        year = None if pd.isna(row["year"]) else int(row["year"])
        narrative = blank_out(texts[report], where.starts, where.ends)
        sources.append(Source(report, narrative, issuer, year))
        places = ("level", "kind", "province", "city", "county", "township")
        bodies[report] = Body(issuer, *(_plain(row[p]) for p in places))
    names = tuple(sorted(find_places(sources)))
    return Corpus(tuple(sources), names, bodies, sentences, texts)
