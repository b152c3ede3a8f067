"""The way itself: one file → its rows, many files → frames; the one place where steps meet."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nlp.pipeline.batch import BuildResult, build
    from nlp.pipeline.completing import complete_report, tag_results
    from nlp.pipeline.inspect import inspect_report
    from nlp.pipeline.lines import split_file, tag_file
    from nlp.pipeline.rows import FullResult, list_rows
    from nlp.pipeline.single import ReportResult, read_report

__all__ = [
    "BuildResult",
    "FullResult",
    "ReportResult",
    "build",
    "complete_report",
    "inspect_report",
    "list_rows",
    "read_report",
    "split_file",
    "tag_file",
    "tag_results",
]

# A process that only reads files needs no classifier, and one that tags needs no reader.
_HOMES = {
    "BuildResult": "batch",
    "FullResult": "rows",
    "ReportResult": "single",
    "build": "batch",
    "complete_report": "completing",
    "inspect_report": "inspect",
    "list_rows": "rows",
    "read_report": "single",
    "split_file": "lines",
    "tag_file": "lines",
    "tag_results": "completing",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
