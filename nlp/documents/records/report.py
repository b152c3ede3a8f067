"""What structure makes of the pages: one report, cleaned and divided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from nlp.documents.records.kinds import Box, Edition, FileKind, IssuerKind, Level, ParagraphKind
from nlp.documents.records.pages import Finding, Grid


@dataclass(frozen=True, slots=True)
class Segment:
    """The stretch of ``AnnualReport.text`` that one printed line (or grid) gave."""

    start: int
    end: int
    page: int
    line: int
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the cleaned text; ``section`` is 一 … 六, or None before section 一."""

    start: int
    end: int
    kind: ParagraphKind
    section: str | None
    page: int


@dataclass(frozen=True, slots=True)
class Section:
    """One of the six prescribed sections, or (no 另) another heading of a narrative report.

    ``[start, end)`` runs from the heading to the next heading; ``body`` is where the text
    after the heading begins.  A narrative report may have two sections 五 (问题, 改进).
    """

    no: str
    title: str
    start: int
    body: int
    end: int
    page: int


@dataclass(frozen=True, slots=True)
class YearCandidate:
    """A year that the report gives for itself, and where: title, preamble, period, body …"""

    year: int
    source: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Region:
    """Where an issuer is, from the division data set; None where it cannot be told."""

    code: str | None = None
    province: str | None = None
    city: str | None = None
    county: str | None = None
    township: str | None = None


@dataclass(frozen=True, slots=True)
class Issuer:
    """The body that published a report, as far as the report itself tells."""

    name: str | None
    level: Level | None
    kind: IssuerKind | None
    region: Region
    source: str = ""


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A grid of the report and the stretch of text that stands for it."""

    start: int
    end: int
    section: str | None
    grid: Grid


@dataclass(frozen=True, slots=True)
class AnnualReport:
    """One report, cleaned and divided into its prescribed sections.

    ``text`` is the whole report: paragraphs on one line each (hard-wrapped lines joined,
    page numbers removed), grids as one line a row with tabs between the cells, linear
    tables with their lines kept.
    """

    file: str
    sha256: str
    file_kind: FileKind
    reader: str
    pages: int
    text: str
    title: str | None
    issuer: Issuer
    year: int | None
    year_candidates: tuple[YearCandidate, ...]
    period: tuple[date, date] | None
    edition: Edition | None
    edition_evidence: str
    sections: tuple[Section, ...]
    paragraphs: tuple[Paragraph, ...]
    segments: tuple[Segment, ...]
    tables: tuple[TableBlock, ...]
    findings: tuple[Finding, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)

    def locate(self, start: int, end: int) -> tuple[Segment, ...]:
        """Give the printed lines that ``text[start:end]`` comes from, in order."""
        return tuple(s for s in self.segments if s.start < end and start < s.end)

    def page_of(self, start: int) -> int | None:
        """Give the page on which ``text[start]`` is printed."""
        for segment in self.segments:
            if segment.start <= start < segment.end:
                return segment.page
        return None
