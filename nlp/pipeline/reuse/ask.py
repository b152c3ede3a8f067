"""Questions about wording: where does it occur, and what do two reports share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from nlp.library import load_result
from nlp.pipeline.reuse.sources import blank_out, gather_corpus
from nlp.pipeline.single import ReportResult, read_report
from nlp.render.reuse import write_sides
from nlp.render.tables import write_table_csv
from nlp.reuse import Source, compare_texts, find_pairs
from nlp.reuse.changes import list_changes
from nlp.reuse.lookup import find_wording
from nlp.reuse.painting import paint_texts

KINDS = {
    "exact": "一字不差",
    "slots": "只是填空不同",
    "masked": "只是填空不同",
    "edited": "有改动",
    "reordered": "次序不同",
    "partial": "只有一部分",
}


def find_in_result(
    query: str, result: Path | str, *, least: float = 0.7, limit: int | None = None
) -> list[dict[str, Any]]:
    """Find where a wording occurs in the narratives of a result.

    Parameters
    ----------
    query : str
        The wording: a clause up to several paragraphs.
    result : path
        Folder that ``nianbao build`` wrote.
    least : float
        Least similarity, 0 to 1.
    limit : int, optional
        Most hits to give.

    Returns
    -------
    list of dict
        ``report_id``, ``issuer``, ``year``, ``section``, ``page``, ``start``, ``end``,
        ``text``, ``score``, ``kind``, ``kind_name``, ``asked`` (the part of the query), and
        ``pieces``: the text in pieces ``(same | slot | changed | only_a | only_b, text)``.

    Raises
    ------
    FileNotFoundError
        If ``result`` is no result.
    ValueError
        If the query holds nothing to look for, or ``least`` is out of range.
    """
    frames, _ = load_result(result)
    corpus = gather_corpus({name: frames[name] for name in ("reports", "sentences")})
    hits = find_wording(query, corpus.sources, names=corpus.names, least=least)
    issuers = sorted({s.issuer for s in corpus.sources if s.issuer})
    source = {s.id: s for s in corpus.sources}
    rows = []
    for hit in hits[:limit]:
        where = corpus.sentences[hit.id]
        at = where.at(hit.start)
        text = corpus.texts[hit.id][hit.start : hit.end]
        asked = query[hit.query_start : hit.query_end]
        changes = list_changes(asked, text, issuers=issuers, names=corpus.names)
        rows.append(
            {
                "report_id": hit.id,
                "issuer": source[hit.id].issuer or None,
                "year": source[hit.id].year,
                "section": None if at is None else where.sections[at],
                "page": None if at is None else where.pages[at],
                "start": hit.start,
                "end": hit.end,
                "text": text,
                "score": hit.score,
                "kind": hit.kind,
                "kind_name": KINDS[hit.kind],
                "asked": asked,
                "pieces": [
                    (c.kind, text[c.b_start : c.b_end] or asked[c.a_start : c.a_end])
                    for c in changes
                ],
            }
        )
    return rows


def compare_reports(a: Path | str, b: Path | str, out: Path | str | None = None) -> dict[str, Any]:
    """Lay two reports side by side: what they share besides mandated wording and formulae.

    Parameters
    ----------
    a, b : path
        Two files.
    out : path, optional
        Where to write an HTML page.

    Returns
    -------
    dict
        ``a`` and ``b`` (``file``, ``label``, ``free`` and ``shared`` characters),
        ``likeness`` (four measures), ``passages`` in the order of ``a``, with offsets into
        both texts, kind, score and the pieces of both sides.

    Raises
    ------
    ReadError
        If a file cannot be read as a report.
    """
    one, two = read_report(a), read_report(b)
    sources = [
        Source(str(n), _narrative(r), r.report.issuer.name or "", r.report.year)
        for n, r in enumerate((one, two))
    ]
    issuers = sorted({s.issuer for s in sources if s.issuer})
    painted, shared = paint_texts(sources)
    passages = []
    for pair in sorted(find_pairs(sources), key=lambda p: (p.a_start, p.b_start)):
        left = one.report.text[pair.a_start : pair.a_end]
        right = two.report.text[pair.b_start : pair.b_end]
        changes = list_changes(left, right, issuers=issuers)
        passages.append(
            {
                **{k: getattr(pair, k) for k in ("a_start", "a_end", "b_start", "b_end")},
                "a_page": one.report.page_of(pair.a_start),
                "b_page": two.report.page_of(pair.b_start),
                "score": pair.score,
                "kind": pair.kind,
                "kind_name": KINDS[pair.kind],
                "a_pieces": [(c.kind, left[c.a_start : c.a_end]) for c in changes],
                "b_pieces": [(c.kind, right[c.b_start : c.b_end]) for c in changes],
            }
        )
    counts = (shared[0].shared_a, shared[0].shared_b) if shared else (0, 0)
    likeness = compare_texts(sources[0].text, sources[1].text, issuers=issuers)
    found = {
        "a": _describe(one, painted[0].free, counts[0]),
        "b": _describe(two, painted[1].free, counts[1]),
        "likeness": {k: getattr(likeness, k) for k in ("cosine", "jaccard", "edit", "simple")},
        "passages": passages,
    }
    if out is not None:
        write_sides(found, out)
    return found


def _narrative(result: ReportResult) -> str:
    starts = tuple(s.start for s in result.sentences)
    ends = tuple(s.end for s in result.sentences)
    return blank_out(result.report.text, starts, ends)


def _describe(result: ReportResult, free: int, shared: int) -> dict[str, Any]:
    report = result.report
    return {
        "file": report.file,
        "label": f"{report.issuer.name or '机关未识别'} {report.year or '年度未识别'}",
        "free": free,
        "shared": shared,
    }


def write_hits(hits: list[dict[str, Any]], path: Path | str) -> None:
    """Write hits as a CSV file with Chinese headings."""
    columns = {
        "issuer": "机关", "year": "年度", "section": "部分", "page": "页", "kind_name": "异同",
        "score": "相似度", "asked": "所找", "text": "原文", "report_id": "报告编号",
        "start": "起点", "end": "终点",
    }  # fmt: skip
    rows = [[hit[key] for key in columns] for hit in hits]
    write_table_csv(pd.DataFrame(rows, columns=list(columns.values()), dtype=object), path)
