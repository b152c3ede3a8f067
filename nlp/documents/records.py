"""The records that steps hand to each other.

A step takes what the step before it made and returns something new; nothing is
changed in place.  ``Pages`` is what a reader makes of a file, ``AnnualReport`` is what
``structure`` makes of the pages, and the small records below it (cells, checks,
statements, tags, indicators) are the rows of the tidy frames in ``nlp.frames``.

Offsets are always half-open character ranges into ``AnnualReport.text``;
``text[start:end]`` is exactly what is shown.  Boxes are ``(x0, top, x1, bottom)`` in
PDF points with the origin in the page's upper left corner.  Pages count from 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Box = tuple[float, float, float, float]
FileKind = Literal["pdf", "html", "docx", "text", "markdown", "image"]
Severity = Literal["error", "warning", "info"]
Edition = Literal["2021", "2019", "narrative"]
Role = Literal["problem", "measure"]
CellState = Literal[
    "number",  # a number other than zero
    "zero",  # a printed 0
    "blank",  # an empty cell of a table that is there
    "slash",  # "/" or "\\"
    "dash",  # "-", "—", "_"
    "none",  # the word 无
    "absent",  # the row or the whole table is not in the file
    "unreadable",  # something is printed, but what or where it belongs is in doubt
]
CheckResult = Literal["pass", "fail", "not_assessable"]
Doubt = Literal["ours", "theirs"]
Bound = Literal["exact", "about", "over", "under", "range"]
ClaimForm = Literal["digits", "chinese", "words"]
ClaimKind = Literal["count", "amount", "share", "points", "ratio", "duration"]
ClaimScope = Literal["whole", "office", "own", "other", "unstated"]
ClaimTime = Literal["year", "cumulative", "earlier", "rate", "change"]
ClaimStatus = Literal["reported", "planned", "rule"]
Relation = Literal["agree", "differ", "scope", "not_comparable", "none"]


class ReadError(ValueError):
    """A file that cannot be read as a report.

    Parameters
    ----------
    code : str
        Stable English key: ``empty``, ``encrypted``, ``damaged``, ``scan``,
        ``unsupported``, ``not_a_report``, ``too_large``, ``timeout``.
    file : str
        Name of the file, as the user knows it.
    expected, found, advice : str
        What was expected, what came, and what to do, in Chinese.
    """

    def __init__(self, code: str, file: str, *, expected: str, found: str, advice: str) -> None:
        self.code = code
        self.file = file
        self.expected = expected
        self.found = found
        self.advice = advice
        super().__init__(f"{file}：应为{expected}；实为{found}。{advice}")

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions cross process boundaries in a batch; keyword-only arguments need this.
        return (
            _rebuild_read_error,
            (self.code, self.file, self.expected, self.found, self.advice),
        )


def _rebuild_read_error(code: str, file: str, expected: str, found: str, advice: str) -> ReadError:
    return ReadError(code, file, expected=expected, found=found, advice=advice)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a researcher should know about one report (never an exception).

    ``code`` is a stable English key, ``message`` is Chinese; ``start``/``end`` point into
    the report's text where there is a place to point to.
    """

    code: str
    severity: Severity
    message: str
    page: int | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line as the reader found it, before any cleaning.

    ``number`` counts the page's lines (PDF) or the file's lines (text) from 1; ``size``
    is the usual font size in points where the file tells.  ``closes_paragraph`` is True
    where the source itself says that a paragraph ends here (HTML, Word); None where only
    the look of the page can tell (PDF, text).
    """

    text: str
    page: int
    number: int
    box: Box | None = None
    size: float | None = None
    closes_paragraph: bool | None = None


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell of a ruled grid; ``row`` and ``column`` count from 0, spans are ≥ 1."""

    row: int
    column: int
    text: str
    page: int
    box: Box | None = None
    rowspan: int = 1
    colspan: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table of one page (parts of a table cut by a page break are still apart)."""

    page: int
    number: int
    rows: int
    columns: int
    cells: tuple[GridCell, ...]
    box: Box | None = None


Block = Line | Grid


@dataclass(frozen=True, slots=True)
class Page:
    """Lines and grids of one page in reading order; text inside a grid is not repeated."""

    number: int
    blocks: tuple[Block, ...]
    width: float | None = None
    height: float | None = None


@dataclass(frozen=True, slots=True)
class Pages:
    """What a reader made of one file.

    ``name`` is the file's name, ``sha256`` the hash of its bytes, ``reader`` the library
    and version that read it, ``metadata`` what the file says of itself (title, producer …).
    ``fallback`` says (in Chinese) why the reference reader read it and not the fast one;
    ``second`` has the raw texts of statutory cells, by key, as a second route of the same
    reader sees them: by the places of words alone, without ruling lines.
    """

    name: str
    kind: FileKind
    sha256: str
    reader: str
    pages: tuple[Page, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    fallback: str = ""
    second: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Segment:
    """The stretch of ``AnnualReport.text`` that one printed line (or grid) gave."""

    start: int
    end: int
    page: int
    line: int
    box: Box | None = None


ParagraphKind = Literal["title", "heading", "subheading", "prose", "table", "note"]


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


Level = Literal["national", "province", "city", "county", "township"]
IssuerKind = Literal["government", "department", "other"]


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


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of a statutory table.

    ``key`` is ``section|row|column`` with the form's own row numbers
    (``3|3.4.1|自然人``).  ``value`` is None unless a number was read; blank, slash, dash
    and 无 count as 0 only where the form's arithmetic confirms it.  ``candidates`` are
    the raw texts that may belong here when ``state`` is ``unreadable``.
    """

    key: str
    section: str
    row: str
    column: str
    raw: str | None
    value: int | float | None
    unit: str | None
    state: CellState
    page: int | None = None
    box: Box | None = None
    line: int | None = None
    candidates: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one rule of the form's arithmetic for one row, column or pair.

    ``doubt`` is set on a fail only: ``ours`` where the extraction may be wrong,
    ``theirs`` where the cells were read unambiguously, so that it is printed so.
    """

    id: str
    name: str
    formula: str
    severity: Severity
    source: str
    subject: str
    result: CheckResult
    doubt: Doubt | None
    left: float | None
    right: float | None
    cells: tuple[str, ...]
    reason: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One problem or measure of section 五; ``text`` is ``report.text[start:end]``."""

    role: Role
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class StatementSplit:
    """The statements of one text in order, and ``pairs`` of indices (problem, measure)."""

    statements: tuple[Statement, ...]
    pairs: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class ThemeTags:
    """The themes of one statement.

    ``scores`` has a calibrated probability for every theme of the codebook; ``themes``
    are those at or above their threshold, ``primary`` the first of them; ``abstain`` is
    True where the model is not sure enough for the tag to be used unread.
    """

    themes: tuple[str, ...]
    primary: str
    scores: Mapping[str, float]
    abstain: bool


@dataclass(frozen=True, slots=True)
class Indicator:
    """A rate or count from the cells; rates carry a Wilson 95 % interval.

    ``value`` is None with a ``reason`` where the denominator is zero or a cell is missing.
    ``small`` marks denominators under 30.
    """

    id: str
    name: str
    group: str
    formula: str
    value: float | None
    numerator: float | None
    denominator: float | None
    low: float | None
    high: float | None
    small: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One number stated in prose; ``text`` is ``report.text[start:end]``.

    ``value`` is in plain units (万 and 亿 multiplied out, 万元 turned into 元); of a range it
    is the lower end, ``high`` the upper.  ``part_of`` is the index of the claim that this
    one breaks down.  ``relation`` says how it stands to the sum of ``cells`` of the
    statutory tables, ``cell_value``; ``cells`` is empty where it speaks of none.
    """

    section: str | None
    start: int
    end: int
    text: str
    value: float
    high: float | None
    bound: Bound
    form: ClaimForm
    kind: ClaimKind
    unit: str | None
    object: str = ""
    action: str = ""
    channel: str = ""
    topic: str = "other"
    subject: str = ""
    scope: ClaimScope = "unstated"
    time: ClaimTime = "year"
    year: int | None = None
    status: ClaimStatus = "reported"
    part_of: int | None = None
    relation: Relation = "none"
    cells: tuple[str, ...] = ()
    cell_value: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ClaimCheck:
    """One sum, rate or growth among the claims of a report, worked out again.

    ``claims`` are indices; those of the year before stand in ``earlier``.
    """

    id: Literal["sum", "shares", "rate", "growth"]
    result: CheckResult
    claims: tuple[int, ...]
    left: float | None
    right: float | None
    start: int
    end: int
    reason: str
    earlier: tuple[int, ...] = ()
