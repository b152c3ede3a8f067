"""The rows of the tidy frames: cells, checks, statements, tags, indicators and claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

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
    Relation,
    Role,
    Severity,
)


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
    True where the model is not sure enough for the tag to be used unread.  ``evidence`` has
    the words that spoke for each theme given, the heaviest first, where they were asked for.
    """

    themes: tuple[str, ...]
    primary: str
    scores: Mapping[str, float]
    abstain: bool
    evidence: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


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
