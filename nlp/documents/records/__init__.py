"""The records that steps hand to each other.

A step takes what the step before it made and returns something new; nothing is
changed in place.  ``Pages`` is what a reader makes of a file, ``AnnualReport`` is what
``structure`` makes of the pages, and the small records below it (cells, checks,
statements, tags, indicators) are the rows of the tidy frames in ``nlp.frames``.

Offsets are always half-open character ranges into ``AnnualReport.text``;
``text[start:end]`` is exactly what is shown.  Boxes are ``(x0, top, x1, bottom)`` in
PDF points with the origin in the page's upper left corner.  Pages count from 1.
"""

from nlp.documents.records.evidence import (
    Cell,
    Check,
    Claim,
    ClaimCheck,
    Indicator,
    Statement,
    StatementSplit,
    ThemeTags,
)
from nlp.documents.records.kinds import (
    Bound,
    Box,
    CellState,
    CheckResult,
    ClaimForm,
    ClaimKind,
    ClaimScope,
    ClaimStatus,
    ClaimTime,
    Doubt,
    Edition,
    FileKind,
    IssuerKind,
    Level,
    ParagraphKind,
    Relation,
    Role,
    Severity,
)
from nlp.documents.records.pages import (
    Block,
    Finding,
    Grid,
    GridCell,
    Line,
    Page,
    Pages,
    ReadError,
)
from nlp.documents.records.report import (
    AnnualReport,
    Issuer,
    Paragraph,
    Region,
    Section,
    Segment,
    TableBlock,
    YearCandidate,
)

__all__ = [
    "AnnualReport",
    "Block",
    "Bound",
    "Box",
    "Cell",
    "CellState",
    "Check",
    "CheckResult",
    "Claim",
    "ClaimCheck",
    "ClaimForm",
    "ClaimKind",
    "ClaimScope",
    "ClaimStatus",
    "ClaimTime",
    "Doubt",
    "Edition",
    "FileKind",
    "Finding",
    "Grid",
    "GridCell",
    "Indicator",
    "Issuer",
    "IssuerKind",
    "Level",
    "Line",
    "Page",
    "Pages",
    "Paragraph",
    "ParagraphKind",
    "ReadError",
    "Region",
    "Relation",
    "Role",
    "Section",
    "Segment",
    "Severity",
    "Statement",
    "StatementSplit",
    "TableBlock",
    "ThemeTags",
    "YearCandidate",
]
