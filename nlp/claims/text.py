"""Claims of a bare text, without a report around it."""

from __future__ import annotations

from nlp.claims.find import find_claims
from nlp.documents import AnnualReport, Claim, Issuer, Paragraph, Region


def claims_of_text(text: str, *, section: str = "一", year: int | None = None) -> list[Claim]:
    """Find the claims of a text, a line a paragraph; nothing is tied.

    Examples
    --------
    >>> [(c.text, c.value, c.bound) for c in claims_of_text("全年推送近300条。")]
    [('近300条', 300.0, 'under')]
    """
    paragraphs = []
    at = 0
    for line in text.splitlines(keepends=True):
        bare = line.rstrip("\r\n")
        if bare:
            paragraphs.append(Paragraph(at, at + len(bare), "prose", section, 1))
        at += len(line)
    report = AnnualReport(
        file="", sha256="", file_kind="text", reader="", pages=1, text=text, title=None,
        issuer=Issuer(None, None, None, Region()), year=year, year_candidates=(), period=None,
        edition=None, edition_evidence="", sections=(), paragraphs=tuple(paragraphs),
        segments=(), tables=(), findings=(),
    )  # fmt: skip
    return find_claims(report)
