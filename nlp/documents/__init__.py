"""What the steps hand to each other: frozen records, and the columns of every frame."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from nlp.documents.records import (
    AnnualReport,
    Block,
    Bound,
    Box,
    Cell,
    CellState,
    Check,
    CheckResult,
    Claim,
    ClaimCheck,
    ClaimForm,
    ClaimKind,
    ClaimScope,
    ClaimStatus,
    ClaimTime,
    Doubt,
    Edition,
    FileKind,
    Finding,
    Grid,
    GridCell,
    Indicator,
    Issuer,
    IssuerKind,
    Level,
    Line,
    Page,
    Pages,
    Paragraph,
    ParagraphKind,
    ReadError,
    Region,
    Relation,
    Role,
    Section,
    Segment,
    Severity,
    Statement,
    StatementSplit,
    TableBlock,
    ThemeTags,
    YearCandidate,
)

if TYPE_CHECKING:
    from nlp.documents.frames import (
        FRAMES,
        REUSE_FRAMES,
        Column,
        FrameSpec,
        check_frame,
        frame_schema,
        make_frame,
        make_frame_of_columns,
        make_table,
    )

__all__ = [
    "FRAMES",
    "REUSE_FRAMES",
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
    "Column",
    "Doubt",
    "Edition",
    "FileKind",
    "Finding",
    "FrameSpec",
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
    "check_frame",
    "frame_schema",
    "make_frame",
    "make_frame_of_columns",
    "make_table",
]

# Imported when first asked for: a process that only reads does without pandas, which takes a
# hundred megabytes.
_FRAME_NAMES = frozenset(
    (
        "FRAMES",
        "REUSE_FRAMES",
        "Column",
        "FrameSpec",
        "check_frame",
        "frame_schema",
        "make_frame",
        "make_frame_of_columns",
        "make_table",
    )
)


def __getattr__(name: str) -> Any:
    if name not in _FRAME_NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module("nlp.documents.frames"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
