"""What a reader makes of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nlp.documents.records.kinds import Box, FileKind, Severity


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
