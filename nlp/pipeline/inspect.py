"""One report as one JSON-able object, for ``nianbao check``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nlp.pipeline.completing import complete_report, tag_results
from nlp.pipeline.single import read_report
from nlp.themes import load_codebook, load_model


def inspect_report(
    path: Path | str, *, model: Path | str | None = None, ocr: bool = False
) -> dict[str, Any]:
    """Read one report and give all that was found as one object.

    Parameters
    ----------
    path : path
        One report.
    model : path, optional
        Folder of a theme model; default the one that ships.
    ocr : bool
        Recognise scans and pictures (extra ``ocr``).

    Returns
    -------
    dict
        ``title, issuer, year, edition, sections, cells, checks, statements, pairs,
        findings`` and the report's ``text``, into which every offset points.  A cell's
        key is ``section|row|column``.

    Raises
    ------
    ReadError
        When the file cannot be read as a report.
    """
    single = read_report(path, ocr=ocr)
    tagger = load_model(model) if model else load_model()
    (tags,) = tag_results([single], tagger)
    full = complete_report(single, tags)
    report = single.report
    names = {theme.id: theme.name for theme in load_codebook().themes}
    region = report.issuer.region
    return {
        "file": report.file,
        "sha256": report.sha256,
        "reader": report.reader,
        "title": report.title,
        "issuer": report.issuer.name,
        "year": report.year,
        "years": [{"year": c.year, "source": c.source} for c in report.year_candidates],
        "period": [day.isoformat() for day in report.period] if report.period else None,
        "level": report.issuer.level,
        "kind": report.issuer.kind,
        "region": {
            key: getattr(region, key) for key in ("code", "province", "city", "county", "township")
        },
        "edition": report.edition,
        "edition_evidence": report.edition_evidence,
        "sections": [
            {
                "no": s.no,
                "title": s.title,
                "start": s.start,
                "end": s.end,
                "body": s.body,
                "page": s.page,
            }
            for s in report.sections
        ],
        "cells": [
            {
                "key": c.key,
                "value": c.value,
                "state": c.state,
                "raw": c.raw,
                "unit": c.unit,
                "page": c.page,
                "box": list(c.box) if c.box else None,
                "line": c.line,
                "candidates": list(c.candidates),
                "note": c.note,
            }
            for c in single.cells
        ],
        "checks": [
            {
                "id": c.id,
                "name": c.name,
                "subject": c.subject,
                "result": c.result,
                "doubt": c.doubt,
                "left": c.left,
                "right": c.right,
                "reason": c.reason,
                "where": {"cells": list(c.cells), "page": c.page},
            }
            for c in full.checks
        ],
        "statements": [
            {
                "role": s.role,
                "start": s.start,
                "end": s.end,
                "text": s.text,
                "themes": list(t.themes),
                "theme_names": [names.get(theme, theme) for theme in t.themes],
                "primary": t.primary,
                "abstain": t.abstain,
                "evidence": {theme: list(words) for theme, words in t.evidence.items()},
            }
            for s, t in zip(single.split.statements, tags, strict=True)
        ],
        "pairs": [[pair.problem, pair.measure] for pair in full.answers],
        "findings": [
            {
                "code": f.code,
                "severity": f.severity,
                "message": f.message,
                "page": f.page,
                "start": f.start,
                "end": f.end,
            }
            for f in full.findings
        ],
        "text": report.text,
    }
